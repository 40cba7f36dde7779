"""What the panels and pages of the method keep to whatever they are shown."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.alerts.alert import Alert, key_of
from alvh_tui.alerts.state import Told
from alvh_tui.assess import Assessment
from alvh_tui.method.attention import Severity
from alvh_tui.method.catalog import catalog
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.pages import derivation, entry, layer, problems, report, rule, signal
from alvh_tui.screens.panels import journal, layers, signals
from alvh_tui.screens.rows import Row, Sheet
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.toml.problem import Problem
from alvh_tui.toml.problem import Severity as ProblemSeverity
from alvh_tui.why.derive import derive
from alvh_tui.why.figure import Figure
from tests.memory.worlds import at
from tests.screens.method_worlds import told, without_history
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

PANELS: dict[str, Builder] = {"layers": layers.sheet, "signals": signals.sheet, "journal": journal.sheet}
ALERTS = tuple(
    Alert(severity, f"told {words}", words, words, words, at(), key_of(words, words))
    for severity, words in zip(3 * tuple(Severity), HOSTILE, strict=False)
)
PROBLEMS = tuple(
    Problem(f"{words}.toml", nth, f"condor[{nth}].{words}", f"is {words}", f"expected {words}", severity)
    for nth, (words, severity) in enumerate(zip(HOSTILE, 4 * tuple(ProblemSeverity), strict=False))
)


def seen(assessment: Assessment | None) -> Shown:
    made = shown(assessment, entries=told().entries, alerts=ALERTS[:3], report=told().report)
    silent = (Told(ALERTS[3], "muted"), Told(ALERTS[4], "snoozed", at("12:30")))
    return replace(made, frame=replace(made.frame, problems=PROBLEMS), silenced=silent, memory="a full disk")


def pages(view: Shown) -> Iterator[Builder]:
    yield from (layer.sheet_for(name) for name in ("L1", "L2", "L3", "SE", "L9"))
    yield from (signal.sheet_for(name) for name in ("vix.rsi", "macro.valuation", "macd.vix", "none"))
    yield from (rule.sheet_for(name) for name in ("shrink", "carry", "L1.zone", "condor.irr", "none"))
    yield from (entry.sheet_for(str(e.seq)) for e in (*view.entries[:9], *view.entries[-3:]))
    yield problems.sheet_for()
    yield report.sheet


def derivations(view: Shown, how: Look) -> Iterator[Sheet]:
    if view.assessment is None:
        return
    for figure in (
        Figure("layer", "to_add", "L1"),
        Figure("yardstick", "vega coverage", "L1"),
        Figure("signal", "reading", "vix.rsi"),
        Figure("total", "pnl"),
        Figure("layer", "trigger", "L2"),
    ):
        found = derive(figure, view.assessment)
        if found is not None:
            yield derivation.sheet(found, view, how)


def all_sheets(view: Shown, how: Look) -> Iterator[Sheet]:
    yield from (build(view, how) for build in PANELS.values())
    yield from (build(view, how) for build in pages(view))
    yield from derivations(view, how)


@pytest.mark.parametrize("width", [20, 27, 44, 60, 76, 80, 118, 200])
@pytest.mark.parametrize("name", NAMES)
def test_no_row_is_wider_than_the_panel(name: str, width: int) -> None:
    for assessment in (sample(name), unpriced(name), without_history(name)):
        for sheet in all_sheets(seen(assessment), look(width)):
            assert too_wide(sheet, width) == []


@settings(max_examples=25)
@given(
    st.integers(20, 200),
    st.integers(1, 50),
    st.sampled_from(NAMES),
    st.sampled_from(HOSTILE),
    st.booleans(),
    st.sampled_from(("braille", "blocks", "ascii")),
)
def test_hostile_texts_never_widen_a_row_nor_reach_the_terminal(
    width: int, height: int, name: str, hostile: str, private: bool, charts: str
) -> None:
    view = seen(renamed(name, hostile))
    for words in ("", hostile[:3]):
        how = look(width, height, private=private, charts=charts, filter=words)
        for sheet in all_sheets(view, how):
            assert too_wide(sheet, width) == []
            assert all(row.text.isprintable() for row in sheet.rows)


@pytest.mark.parametrize("assessment", [None, empty()], ids=["no market yet", "no positions"])
@pytest.mark.parametrize("width", [20, 44, 118])
def test_with_nothing_to_show_something_is_said(assessment: Assessment | None, width: int) -> None:
    view = shown(assessment)
    for build in (*PANELS.values(), *pages(view)):
        sheet = build(view, look(width))
        assert too_wide(sheet, width) == []
        assert "".join(row.text for row in sheet.rows).strip()


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_say_why(name: str) -> None:
    for assessment in (sample(name), without_history(name)):
        figures = {
            figure
            for sheet in all_sheets(seen(assessment), look(160, 60))
            for row in sheet.rows
            for figure in row.figures
        }
        assert len(figures) > 50
        assert [figure for figure in figures if derive(figure, assessment) is None] == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_told_apart_and_stay_themselves_in_the_next_market(name: str) -> None:
    market = market_of(name)
    moved = replace(market.quotes["^SPX"], last=(market.quotes["^SPX"].last or 0.0) * 1.0005)
    later = judged(sample(name).book, replace(market, quotes={**market.quotes, "^SPX": moved}))
    for how in (look(44, 18), look(80, 20), look(160, 50)):
        for before, after in zip(
            all_sheets(seen(sample(name)), how), all_sheets(seen(later), how), strict=True
        ):
            keys = [row.key for row in before.rows]
            assert len(set(keys)) == len(keys)
            assert keys == [row.key for row in after.rows]


@pytest.mark.parametrize("name", NAMES)
def test_private_hides_dollars_and_contracts(name: str) -> None:
    for sheet in all_sheets(seen(sample(name)), look(160, 60, private=True)):
        for row in sheet.rows:
            before = row.text.split(" $")[:-1]
            assert all(part.endswith(HIDDEN) or not part[-1:].isdigit() for part in before), row.text
            assert not _counts(row), row.text


def _counts(row: Row) -> bool:
    """A number in a figure that says how many contracts there are."""
    counts = {"held", "target", "to_add"}
    return any(
        span.figure is not None
        and span.figure.kind == "layer"
        and span.figure.name in counts
        and any(map(str.isdigit, span.text))
        for span in row.spans
    )


def test_every_rule_of_the_method_has_a_page() -> None:
    view = seen(sample("tested"))
    for name, rules_own in catalog().items():
        text = "\n".join(row.text for row in rule.sheet_for(name)(view, look(118)).rows)
        assert rules_own.sentence.split()[0] in text
        assert all(setting.key in text for setting in rules_own.settings())
