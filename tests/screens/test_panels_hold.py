"""What strip, attention, book and the position's page keep to whatever they are shown."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.assess import Assessment
from alvh_tui.screens.pages import position
from alvh_tui.screens.panels import attention, book, strip
from alvh_tui.screens.rows import Sheet, Span
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.why.derive import derive, value_of
from tests.screens.panels_worlds import (
    HOSTILE,
    NAMES,
    empty,
    judged,
    look,
    market_of,
    renamed,
    sample,
    shown,
    too_wide,
    unpriced,
)
from tests.why.worlds import reason_unknown

PANELS: dict[str, Builder] = {"strip": strip.sheet, "attention": attention.sheet, "book": book.sheet}


def all_sheets(view: Shown, how: Look) -> Iterator[Sheet]:
    yield from (build(view, how) for build in PANELS.values())
    yield attention.sheet(view, replace(how, height=40))
    yield book.sheet(view, replace(how, mode="strikes"))
    yield book.sheet(view, replace(how, unfolded=frozenset(book.units(view)), ages=True))
    if view.assessment is not None:
        for held in view.assessment.positions:
            yield position.sheet_for(held.figures.position.id)(view, how)


def figures_on(sheet: Sheet) -> Iterator[Span]:
    return (span for row in sheet.rows for span in row.spans if span.figure is not None)


@pytest.mark.parametrize("width", [20, 27, 40, 59, 60, 74, 80, 118, 200])
@pytest.mark.parametrize("name", NAMES)
def test_no_row_is_wider_than_the_panel(name: str, width: int) -> None:
    for assessment in (sample(name), unpriced(name)):
        for sheet in all_sheets(shown(assessment), look(width)):
            assert too_wide(sheet, width) == []


@settings(max_examples=25)
@given(
    st.integers(20, 200),
    st.sampled_from(NAMES),
    st.sampled_from(HOSTILE),
    st.booleans(),
    st.integers(1, 15),
)
def test_hostile_names_never_widen_a_row(
    width: int, name: str, hostile: str, private: bool, height: int
) -> None:
    view = shown(renamed(name, hostile), error=f"failed: {hostile}")
    how = look(width, height, private=private, filter=hostile[:3])
    for sheet in all_sheets(view, how):
        assert too_wide(sheet, width) == []
        assert all(character.isprintable() for row in sheet.rows for character in row.text)


@pytest.mark.parametrize("assessment", [None, empty()], ids=["no market yet", "no positions"])
@pytest.mark.parametrize("width", [20, 40, 118])
def test_with_nothing_to_show_something_is_said(assessment: Assessment | None, width: int) -> None:
    view = shown(assessment)
    for name in ("strip", "book"):
        sheet = PANELS[name](view, look(width))
        assert too_wide(sheet, width) == []
        assert "".join(row.text for row in sheet.rows).strip()


WRITTEN = re.compile(r"[+−]?[\d,]+(?:\.\d+)?(?: %)?")


def number_in(text: str) -> tuple[float, float] | None:
    """A figure as it is written, and half of its last digit."""
    if not WRITTEN.fullmatch(text):
        return None
    plain = text.removesuffix(" %").replace("−", "-").replace(",", "")
    share = 0.01 if text.endswith("%") else 1.0
    return float(plain) * share, 0.51 * 10.0 ** -len(plain.partition(".")[2]) * share


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_say_why_and_says_the_same_number(name: str) -> None:
    assessment, count = sample(name), 0
    for sheet in all_sheets(shown(assessment), look(220)):
        for span in figures_on(sheet):
            figure = span.figure
            assert figure is not None
            assert derive(figure, assessment) is not None
            written, value = number_in(span.text), value_of(figure, assessment)
            costs = figure.name == "credit" and (value or 0.0) < 0.0
            if written is not None and value is not None and not costs:
                count += 1
                assert written[0] == pytest.approx(value, abs=written[1])
    assert count > 300


@pytest.mark.parametrize("name", NAMES)
def test_every_dash_has_its_reason(name: str) -> None:
    assessment = unpriced(name)
    dashes = [
        span.figure
        for sheet in all_sheets(shown(assessment), look(220))
        for span in figures_on(sheet)
        if span.text.strip() == "—"
    ]
    assert dashes
    unexplained = {figure for figure in dashes if figure and not reason_unknown(figure, assessment)}
    assert unexplained == set()


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_told_apart_and_stay_themselves_in_the_next_market(name: str) -> None:
    market = market_of(name)
    moved = replace(market.quotes["^SPX"], last=(market.quotes["^SPX"].last or 0.0) * 1.002)
    later = judged(sample(name).book, replace(market, quotes={**market.quotes, "^SPX": moved}))
    view, after = shown(sample(name)), shown(later)
    unfolded = frozenset(book.units(view))
    for how in (look(118, unfolded=unfolded), look(118, mode="strikes"), look(40)):
        keys = [row.key for row in book.sheet(view, how).rows]
        assert len(set(keys)) == len(keys)
        assert keys == [row.key for row in book.sheet(after, how).rows]
    for held in sample(name).positions:
        page = position.sheet_for(held.figures.position.id)
        keys = [row.key for row in page(view, look(118)).rows]
        assert len(set(keys)) == len(keys)


def test_columns_keep_their_widths_when_figures_shrink() -> None:
    """In the same panel: what was wide enough for a large figure stays so."""
    how, view, market = look(118), shown(sample("tested")), market_of("tested")
    before = book.sheet(view, how).rows[0].text
    crashed = {"^SPX": replace(market.quotes["^SPX"], last=4200.0)}
    during = (
        book.sheet(shown(judged(sample("tested").book, replace(market, quotes=crashed))), how).rows[0].text
    )
    assert during != before
    assert book.sheet(view, how).rows[0].text == during


@pytest.mark.parametrize("name", NAMES)
def test_amounts_are_nowhere_when_they_are_hidden(name: str) -> None:
    """Dollars and counts of the book: every one the open sheets show is gone from the private ones."""
    assessment, view = sample(name), shown(sample(name))
    unfolded = frozenset(book.units(view))
    how = look(200, private=True, unfolded=unfolded)
    text = "\n".join(row.text for sheet in all_sheets(view, how) for row in sheet.rows)
    for held in assessment.positions:
        figures = held.figures
        amounts = [figures.pnl, figures.value, figures.position.cash, figures.margin, figures.max_loss]
        for amount in amounts:
            if amount is not None and abs(amount) >= 1000.0:
                assert f"{abs(amount):,.0f}" not in text
        assert f"{figures.position.id} ×{figures.position.contracts}" not in text


def test_a_tick_of_the_clock_changes_ages_and_countdowns_alone() -> None:
    view, how = shown(sample("tested")), look(120)
    assert view.assessment is not None
    start = view.assessment.at
    for build in (attention.sheet, book.sheet):
        first = build(view, replace(how, now=start))
        assert build(view, replace(how, now=start + timedelta(seconds=1))) == first
    now, then = (
        strip.sheet(view, replace(how, now=start + timedelta(seconds=seconds))).rows[0] for seconds in (2, 3)
    )
    changed = [(a.text, b.text) for a, b in zip(now.spans, then.spans, strict=True) if a.text != b.text]
    assert changed == [("2s", "3s"), (" · next 16s ", " · next 15s ")]


@pytest.mark.parametrize("name", NAMES)
def test_unknown_is_a_dash_and_never_a_nought(name: str) -> None:
    assessment = unpriced(name)
    view = shown(assessment)
    sheet = book.sheet(view, look(118, unfolded=frozenset(book.units(view))))
    lost = {held.figures.position.id for held in assessment.positions if held.figures.pnl is None}
    told = {s.figure.about: s.text for s in figures_on(sheet) if s.figure and s.figure.name == "pnl"}
    assert lost
    assert {about: text for about, text in told.items() if about in lost} == dict.fromkeys(lost, "—")
