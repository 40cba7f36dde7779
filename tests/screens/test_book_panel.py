from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Book
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.screens.panels import book
from alvh_tui.screens.panels.columns import COLUMNS
from alvh_tui.screens.panels.hedges import UNIT
from alvh_tui.screens.rows import Opens, Role, Row, Sheet
from alvh_tui.why.figure import Figure
from alvh_tui.why.known import known
from tests.screens.panels_worlds import (
    NAMES,
    book_of,
    empty,
    judged,
    look,
    market_of,
    sample,
    shown,
    unpriced,
)


def panel(name: str, width: int = 118, **changes: Any) -> Sheet:
    return book.sheet(shown(sample(name)), look(width, **changes))


def row_of(sheet: Sheet, key: str) -> Row:
    return next(row for row in sheet.rows if row.key == key)


def keys(sheet: Sheet) -> list[str]:
    return [row.key for row in sheet.rows]


def titles(sheet: Sheet) -> list[str]:
    return sheet.rows[0].text.split()


def told(sheet: Sheet) -> str:
    return "\n".join(row.text for row in sheet.rows)


def test_condors_in_the_order_of_the_file_then_hedges_then_the_total() -> None:
    found = keys(panel("tested"))
    assert found == ["book head", "front", "front bar", "early", "early bar", UNIT, "(total)", "(total) 0"]
    assert panel("tested").head == 1


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_those_of_the_assessment(name: str) -> None:
    sheet = panel(name, 200)
    for held in sample(name).positions[:2]:
        row = row_of(sheet, held.figures.position.id)
        written = {span.figure.name: span.text for span in row.spans if span.figure}
        figures = held.figures
        assert written["pnl"].replace(",", "").replace("−", "-") == f"{figures.pnl:+.0f}"
        assert written["mark"] == f"{figures.mark:.2f}"
        assert written["margin"].replace(",", "") == f"{figures.margin:.0f}"


def test_columns_go_by_width_and_the_most_important_stay() -> None:
    assert {"P&L", "cr", "days", "cushion"} <= set(titles(panel("tested", 60)))
    some, more, most = (set(titles(panel("tested", width))) for width in (72, 118, 200))
    assert some < more < most
    assert {"P&L", "mark", "Δ", "Γ", "Θ", "V", "ΔP", "ΔC", "pts", "moves", "margin", "P(win)"} <= most


def test_the_user_chooses_columns_and_their_order() -> None:
    sheet = panel("tested", 118, columns=("days", "pnl", "no-such-column", "gamma"))
    assert titles(sheet) == ["days", "P&L", "Γ"]
    assert "vega" not in [figure.name for figure in row_of(sheet, "front").figures]
    words = row_of(sheet, "(total) 0").text
    assert "Δ −90.1" in words
    narrow = panel("tested", 61, columns=tuple(COLUMNS))
    assert titles(narrow)[0] == "P&L"


def test_below_sixty_columns_a_condor_is_one_line() -> None:
    sheet = panel("tested", 40, selected="front")
    assert titles(sheet) == ["%cr", "Δs", "pts", "days", "cush%"]
    assert keys(sheet)[1:3] == ["front", "early"]
    row = row_of(sheet, "front")
    assert row.text.split() == ["◀front", "−63", "−0.58", "−115", "28", "pm", "−26"]


def test_the_condor_in_question_is_marked() -> None:
    sheet = panel("tested", 118, selected="early")
    assert row_of(sheet, "early").text.endswith("◀")
    assert "◀" not in row_of(sheet, "front").text


def test_a_condor_folds_out_to_its_legs_strikes_rising() -> None:
    folded, out = panel("tested"), panel("tested", unfolded=frozenset({"front"}))
    assert row_of(folded, "front").text.startswith("▸ front ×5")
    assert row_of(out, "front").text.startswith("▾ front ×5")
    legs = [row for row in out.rows if row.key.startswith("front SPXW")]
    assert [row.text.split()[:2] for row in legs] == [
        ["+3", "6450P"], ["−3", "6500P"], ["−5", "7000C"], ["+5", "7050C"],
    ]  # fmt: skip
    assert "SPXW 2026-12-18" in row_of(out, "front legs").text
    assert "208.35  mid" in legs[0].text
    assert legs[0].opens == Opens("position", "front")
    assert Figure("leg", "mark", "front", "SPXW261218P06450000") in legs[0].figures


def test_hedges_fold_out_to_units_and_those_to_legs() -> None:
    folded = panel("tested")
    assert row_of(folded, UNIT).folds == UNIT
    assert "L2-calls" not in keys(folded)
    out = panel("tested", unfolded=frozenset({UNIT, "SE-diagonal"}))
    assert [key for key in keys(out) if key in {h.id for h in sample("tested").book.hedges}] == [
        hedge.id for hedge in sample("tested").book.hedges
    ]
    hedge = row_of(out, "SE-diagonal")
    assert hedge.folds == "SE-diagonal"
    assert hedge.text.split()[:5] == ["▾", "SE-diagonal", "×1", "+38", "SE"]
    assert "SE-diagonal VIX270217C00025000" in keys(out)


def test_everything_that_folds_is_named() -> None:
    view = shown(sample("calm"))
    assert book.units(view) == ("first", "second", "L1-spread", UNIT)
    assert book.units(shown(None)) == book.units(shown(empty())) == ()


def test_enter_folds_and_o_opens() -> None:
    row = row_of(panel("calm"), "first")
    assert (row.folds, row.opens) == ("first", Opens("position", "first"))
    bar = row_of(panel("calm"), "first bar")
    assert (bar.folds, bar.opens) == ("first", Opens("position", "first"))


def test_sums_stand_in_their_columns_and_in_words() -> None:
    sheet = panel("tested")
    total = row_of(sheet, "(total)").text
    assert total.split() == ["total", "−2,504", "−90.1", "−0.053", "+127", "−257"]
    for title, figure in (("Δ", "−90.1"), ("Θ", "+127"), ("P&L", "−2,504")):
        head = sheet.rows[0].text
        assert head.index(title) + len(title) == total.index(figure) + len(figure)
    assert row_of(sheet, "(total) 0").text.strip().split("   ") == [
        "hedged Δ −93.6", "vix$ +150", "cover 50 %", "cost 19 %",
    ]  # fmt: skip


def test_an_incomplete_sum_says_so() -> None:
    market = market_of("calm")
    chains = {key: chain for key, chain in market.chains.items() if key[0] != "VIX"}
    view = shown(judged(book_of("calm"), replace(market, chains=chains)))
    sheet = book.sheet(view, look(118))
    assert "~ incomplete: 8 of 10 legs priced" in told(sheet)
    total = row_of(sheet, "(total)")
    assert "+3,170~" in total.text
    assert Role.DOUBT in {span.role for span in total.spans if span.figure == Figure("total", "pnl")}
    assert "~" not in told(panel("calm"))


def test_stale_figures_are_dimmed_and_marked() -> None:
    calm = sample("calm")

    def first_alone(figure: Figure, assessment: Assessment) -> bool:
        return figure.about == "first" and known(assessment) is not None

    sheet = book.sheet(shown(calm, doubts=first_alone), look(118))
    row = row_of(sheet, "first")
    assert "+1,820~" in row.text
    assert all(span.role is Role.DOUBT for span in row.spans if span.figure and span.text.strip("×▸ first4"))
    assert "~" not in row_of(sheet, "second").text


def test_ages_and_sources_on_demand() -> None:
    sheet = panel("tested", 118, ages=True)
    assert "oldest quote" in sheet.rows[0].text
    assert "0 s, mid" in row_of(sheet, "front").text
    later = sample("tested").at.replace(minute=42)
    assert "12 min, mid" in row_of(panel("tested", 118, ages=True, now=later), "front").text


@pytest.mark.parametrize(
    ("words", "kept"),
    [("front", ["front"]), ("SPXW 2026-12-18", ["front"]), ("l2", [UNIT]), ("fall speeding", []), ("", None)],
)
def test_a_filter_goes_by_name_series_and_notes(words: str, kept: list[str] | None) -> None:
    sheet = panel("tested", filter=words)
    units = [row.key for row in sheet.rows if row.folds and not row.key.endswith("bar")]
    assert units == (["front", "early", UNIT] if kept is None else kept)
    if kept:
        assert sheet.note.startswith(f"/{words}")
        assert row_of(sheet, "(total)").text.startswith("all ")
    if kept == []:
        assert f"Nothing held has {words} in it." in told(sheet)


def test_every_short_strike_on_a_line_of_its_own() -> None:
    sheet = panel("tested", 118, mode="strikes")
    assert sheet.title == "short strikes"
    assert [row.key for row in sheet.rows[1:]] == ["front 6500P", "front 7000C", "early 6200P", "early 7000C"]
    assert sheet.rows[1].text.split() == [
        "front", "×5", "6500P", "−0.58", "−115", "−1.8", "%", "−0.2", "60", "%", "100", "%",
    ]  # fmt: skip
    assert not sheet.rows[2].text.startswith("front")


def test_an_empty_book_says_how_to_fill_it() -> None:
    text = " ".join(told(book.sheet(shown(empty()), look(60))).split())
    assert "Nothing is held. Write a [[condor]] or a [[hedge]] into mine.toml" in text


def at(day: int, clock: int) -> datetime:
    return datetime(2026, 12, day, clock, 0, tzinfo=NEW_YORK)


def only(name: str, condor: str) -> Book:
    whole = book_of(name)
    return replace(whole, condors=tuple(c for c in whole.condors if c.id == condor), hedges=())


def test_a_series_that_trades_no_more_awaits_its_settlement() -> None:
    """SPX of the third Friday stops the evening before."""
    evening = judged(only("broken_wing", "tails"), market_of("broken_wing"), at(17, 20))
    sheet = book.sheet(shown(evening), look(118))
    assert "awaits" in row_of(sheet, "tails").text
    assert "awaits settlement" in row_of(sheet, "tails bar").text
    before = judged(only("broken_wing", "tails"), market_of("broken_wing"), at(17, 12))
    assert "1 am" in row_of(book.sheet(shown(before), look(118)), "tails").text


def test_settled_and_closed_positions_are_said_as_such() -> None:
    later = judged(only("tested", "early"), market_of("tested"), at(14, 12))
    sheet = book.sheet(shown(later), look(118))
    assert "settled" in row_of(sheet, "early").text
    assert "settled" in row_of(sheet, "early bar").text
    condor = only("tested", "early").condors[0]
    undone = tuple(replace(leg, quantity=-leg.quantity) for leg in condor.legs)
    closing = replace(book_of("tested").condors[0].adjustments[0], legs=undone, credit=-3.0, contracts=2)
    closed = replace(condor, adjustments=(closing,))
    bare = judged(replace(only("tested", "early"), condors=(closed,)), market_of("tested"))
    assert "closed" in row_of(book.sheet(shown(bare), look(118)), "early").text


def test_a_book_of_hedges_alone_and_one_that_nobody_prices() -> None:
    hedges = replace(book_of("tested"), condors=())
    sheet = book.sheet(shown(judged(hedges, market_of("tested"))), look(80))
    assert keys(sheet)[0] == UNIT
    assert sheet.head == 0
    assert "—" in told(book.sheet(shown(unpriced("tested")), look(118)))


# more than there is room for


def crowd(condors: int = 9) -> Assessment:
    whole = book_of("calm")
    held = tuple(replace(whole.condors[0], id=f"condor-{nth}") for nth in range(condors))
    hedges = tuple(replace(hedge, protects=()) for hedge in whole.hedges)
    return judged(replace(whole, condors=held, hedges=hedges), market_of("calm"))


def of_crowd(height: int, **changes: Any) -> Sheet:
    return book.sheet(shown(crowd()), look(71, height, **{"selected": "condor-3", **changes}))


def bars(sheet: Sheet) -> list[str]:
    return [key for key in keys(sheet) if key.endswith(" bar")]


def test_a_book_that_fits_keeps_its_bars_and_its_total_at_the_end() -> None:
    whole = of_crowd(40)
    assert len(bars(whole)) == 9
    assert whole.head == 1
    assert whole.lines == len(whole.rows)
    assert of_crowd(len(whole.rows)) == whole


def test_bars_are_left_off_before_anything_must_scroll_but_for_the_selected() -> None:
    sheet = of_crowd(15)
    assert bars(sheet) == ["condor-3 bar"]
    assert len(sheet.rows) == 15
    assert sheet.head == 1
    assert keys(sheet)[-1].startswith("(total)")
    assert sheet.lines == len(of_crowd(40).rows), "it asks for the room all of it needs"


def test_where_it_must_scroll_the_total_stays_on_top() -> None:
    sheet = of_crowd(13)
    assert bars(sheet) == ["condor-3 bar"]
    assert keys(sheet)[:2] == ["book head", "(total)"]
    assert all(key.startswith("(total)") for key in keys(sheet)[1 : sheet.head])
    assert sheet.head == 3
    assert sorted(keys(sheet)) == sorted(keys(of_crowd(15)))
    assert of_crowd(1).head == 1


def test_folding_out_neither_drops_bars_nor_moves_the_total() -> None:
    whole = of_crowd(40)
    out = of_crowd(len(whole.rows), unfolded=frozenset({"condor-0", UNIT}))
    assert len(out.rows) > len(whole.rows)
    assert len(bars(out)) == 9
    assert out.head == 1


@pytest.mark.parametrize("width", [60, 71, 90, 118, 160])
@pytest.mark.parametrize("name", NAMES)
def test_folding_out_leaves_the_columns_where_they_are(name: str, width: int) -> None:
    view = shown(sample(name))
    everything = frozenset(book.units(view))
    folded, out = (book.sheet(view, look(width, unfolded=some)) for some in (frozenset(), everything))
    assert folded.rows[0] == out.rows[0]
    for held in view.assessment.book.condors if view.assessment else ():
        assert row_of(folded, held.id).text[1:] == row_of(out, held.id).text[1:]


@pytest.mark.parametrize("words", ["front", "no such thing"])
@pytest.mark.parametrize("mode", book.MODES)
def test_with_a_filter_it_asks_for_as_much_room_as_without(words: str, mode: str) -> None:
    whole, found = panel("tested", mode=mode), panel("tested", mode=mode, filter=words)
    assert len(found.rows) < len(whole.rows)
    assert found.lines == len(whole.rows)
