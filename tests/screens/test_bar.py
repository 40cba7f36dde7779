"""The bar that shows where the index stands between a condor's strikes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.screens.panels.bar import BREAKEVEN, INDEX, STRIKE, WING, bar_of
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.why.figure import Figure
from tests.screens.panels_worlds import book_of, judged, market_of, sample, shown


def bar(name: str, spot: float | None, width: int = 70, place: int = 0) -> tuple[Span, ...]:
    market = market_of(name)
    quotes = {**market.quotes, "^SPX": replace(market.quotes["^SPX"], last=spot)}
    if spot is None:
        market, quotes = replace(market, chains={}), {}
    assessment = judged(book_of(name), replace(market, quotes=quotes))
    return bar_of(assessment.positions[place], shown(assessment), width)


def text(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def test_a_bar_goes_from_wing_to_wing() -> None:
    assert text(bar("calm", 6800.0)) == (
        " 6425P├───◆┼6475P───────────────────┃────────────────7075C┼◆───┤7125C"
    )


@given(st.floats(6425.0, 7125.0), st.integers(24, 160))
def test_the_index_stands_where_it_belongs(spot: float, width: int) -> None:
    drawn = text(bar("calm", spot, width))
    assert width_of(drawn) <= width
    inside = drawn[drawn.index("├") + 1 : drawn.index("┤")]
    share = (spot - 6425.0) / 700.0
    assert abs(inside.index(INDEX) - share * (len(inside) - 1)) <= 0.51


def test_short_strikes_and_breakevens_lie_between() -> None:
    drawn = text(bar("calm", 6800.0, 118))
    assert drawn.count(STRIKE) == drawn.count(BREAKEVEN) == 2
    put, index, call = drawn.index(STRIKE), drawn.index(INDEX), drawn.rindex(STRIKE)
    assert drawn.index(BREAKEVEN) < put < index < call < drawn.rindex(BREAKEVEN)


@pytest.mark.parametrize("spot", [6470.0, 6480.0, 6490.0, 6500.0, 6510.0, 6520.0])
def test_a_short_strike_keeps_its_name_when_the_index_is_upon_it(spot: float) -> None:
    drawn = text(bar("tested", spot, 90))
    assert "6500P" in drawn
    assert INDEX in drawn


@pytest.mark.parametrize(("spot", "begins", "ends"), [(6350.0, "┃◂ 100 ", "C"), (7120.0, " 6450P", " 70 ▸┃")])
def test_beyond_the_wings_an_arrow_tells_the_distance(spot: float, begins: str, ends: str) -> None:
    spans = bar("tested", spot)
    drawn = text(spans)
    assert drawn.startswith(begins)
    assert drawn.endswith(ends)
    assert INDEX not in drawn[drawn.index("├") : drawn.index("┤")]
    assert width_of(drawn) <= 70


def test_further_wings_are_ticks() -> None:
    drawn = text(bar("broken_wing", 6650.0, 118, place=1))
    assert drawn.count(WING) == 1
    assert drawn.strip().startswith("6050P")


def test_without_an_index_the_strikes_are_shown_all_the_same() -> None:
    drawn = text(bar("calm", None))
    assert "6475P" in drawn
    assert INDEX not in drawn


def test_no_room_no_bar() -> None:
    assert bar("calm", 6800.0, 23) == ()
    assert bar("tested", 4200.0, 24) == ()


def test_its_pieces_can_be_asked_why() -> None:
    figures = {span.figure for span in bar("calm", 6800.0)} - {None}
    assert figures >= {
        Figure("market", "spx"),
        Figure("short", "distance", "first", "6475P"),
        Figure("short", "distance", "first", "7075C"),
        Figure("breakeven", "expiry", "first", "", "lower"),
        Figure("breakeven", "expiry", "first", "", "upper"),
    }
    roles = {span.text: span.role for span in bar("calm", 6800.0)}
    assert roles[INDEX] is Role.INDEX


def test_sides_have_their_own_looks() -> None:
    spans = bar_of(sample("calm").positions[0], shown(sample("calm")), 100)
    looks = {span.role for span in spans if "6475P" in span.text}
    assert looks == {Role.LOWER}
