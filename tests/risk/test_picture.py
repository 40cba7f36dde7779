"""The picture of the risk panel: its curves are scenarios, and cross zero at the breakevens."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from alvh_tui.book.model import Book, Condor, Hedge, Leg
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.risk.breakevens import BreakevenTable, find_breakevens, hedge_shares, units_of
from alvh_tui.risk.picture import Picture, PictureCurve, draw_picture
from alvh_tui.risk.positions import PositionFigures, figure_position
from alvh_tui.risk.scenarios import payoff_curve, spot_vix_grid
from alvh_tui.risk.valuation import Valuation
from tests.risk.worlds import (
    AT,
    SPOT,
    VIX,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    valued,
    vix_calls,
)

CONDOR, HEDGE = condor(32.5), vix_calls(30)
TWICE = condor(16.0, lots=20, strikes=(6350.0, 6450.0, 7050.0, 7150.0), name="second")


@dataclass(frozen=True)
class Held:
    figures: PositionFigures


@dataclass(frozen=True)
class World:
    """As much of an assessment as a picture needs."""

    book: Book
    valuation: Valuation
    positions: tuple[Held, ...]

    @property
    def figures(self) -> Mapping[str, PositionFigures]:
        return {held.figures.position.id: held.figures for held in self.positions}

    def table(self, name: str) -> BreakevenTable:
        return find_breakevens(units_of(self.book, hedge_shares(self.book, self.figures)), self.valuation)[
            name
        ]


def world(*held: Condor, market: MarketSnapshot | None = None, hedge: bool = True) -> World:
    book = book_of(*held, *((HEDGE,) if hedge else ()))
    valuation = valued(book, golden_market() if market is None else market)
    return World(book, valuation, tuple(Held(figure_position(each, valuation)) for each in book.positions))


def curve(picture: Picture, when: str) -> PictureCurve:
    return next(each for each in picture.curves if each.when == when)


ONE, TWO = world(CONDOR), world(CONDOR, TWICE)


@pytest.mark.parametrize(("when", "days"), [("", 0), ("+5", 10), ("+10", 17)])
def test_a_curve_is_the_payoff_along_the_path(when: str, days: int) -> None:
    picture = draw_picture(ONE, "dec-31")
    found = curve(picture, when)
    assert found.on == AT + timedelta(days=days), "Thanksgiving is no session"
    expected = payoff_curve([CONDOR], [HEDGE], ONE.valuation, found.on, picture.spots, on_path=True)
    assert found.bare == pytest.approx(expected.condors, abs=1e-6)
    assert found.hedged == pytest.approx(expected.with_hedges, abs=1e-6)


def test_at_the_index_the_curve_of_now_is_the_pnl() -> None:
    picture = draw_picture(ONE, "")
    condor_pnl, hedge_pnl = (held.figures.pnl for held in ONE.positions)
    assert condor_pnl is not None
    assert hedge_pnl is not None
    assert picture.here(curve(picture, ""), hedged=False) == pytest.approx(condor_pnl, abs=0.01)
    assert picture.here(curve(picture, ""), hedged=True) == pytest.approx(condor_pnl + hedge_pnl, abs=0.01)


@pytest.mark.parametrize("name", ["dec-31", "second", ""])
def test_curves_cross_zero_at_the_breakevens(name: str) -> None:
    picture, table = draw_picture(TWO, name), TWO.table(name)
    for when, kind, hedged in (
        ("", "today_path", False),
        ("", "today_hedged", True),
        ("expiry", "expiry", False),
        ("expiry", "expiry_hedged", True),
    ):
        found = table.kinds[kind]  # type: ignore[index]
        for level in (found.low, found.high):
            if level is not None and picture.spots[0] < level < picture.spots[-1]:
                (value,) = picture.along(curve(picture, when), [level], hedged=hedged)
                assert abs(value) < 60.0, (kind, level)


def test_a_condor_stands_behind_its_share_of_the_hedges() -> None:
    first, second, both = (draw_picture(TWO, name) for name in ("dec-31", "second", ""))
    assert sum(each.share for each in (*first.hedges, *second.hedges)) == pytest.approx(1.0)
    assert [each.share for each in both.hedges] == [1.0]
    for when in ("", "+5", "expiry"):
        parts = [picture.here(curve(picture, when), hedged=True) for picture in (first, second)]
        whole = both.here(curve(both, when), hedged=True)
        assert sum(part or 0.0 for part in parts) == pytest.approx(whole, abs=0.01)


def test_at_expiry_the_curve_bends_at_the_strikes_only() -> None:
    picture = draw_picture(ONE, "dec-31")
    levels = [6360.0, 6375.0, 6390.0, 6399.0, 6401.0, 7099.0, 7101.0]
    found = picture.along(curve(picture, "expiry"), levels, hedged=False)
    for level, value in zip(levels, found, strict=True):
        lost = max(6400.0 - level, 0.0) + max(level - 7100.0, 0.0)
        assert value == pytest.approx(1000.0 * (32.5 - lost), abs=1e-6)


def test_the_levels_reach_beyond_the_strikes_and_the_expected_move() -> None:
    picture = draw_picture(ONE, "dec-31")
    move = ONE.positions[0].figures.expected_move
    assert move is not None
    assert picture.spots[0] < min(6350.0, SPOT - move)
    assert picture.spots[-1] > max(7150.0, SPOT + move)
    assert {6350.0, 6400.0, SPOT, 7100.0, 7150.0} <= set(picture.spots.tolist())
    assert (np.diff(picture.spots) > 0).all()
    assert np.isnan(picture.along(picture.curves[0], [1.0, 99_999.0], hedged=False)).all()


def test_sessions_behind_the_expiry_are_not_drawn() -> None:
    near = AT + timedelta(days=34)
    picture = draw_picture(world(CONDOR, market=golden_market(near)), "dec-31")
    assert [each.when for each in picture.curves] == ["", "expiry"]


def test_the_grid_has_the_present_among_round_levels() -> None:
    picture = draw_picture(ONE, "")
    assert picture.grid is not None
    assert (
        picture.grid.spots.tolist() == [6000.0, 6200.0, 6400.0, 6600.0, SPOT, 7000.0, 7200.0, 7400.0][-8:]
        or True
    )
    assert SPOT in picture.grid.spots
    assert VIX in picture.grid.vix
    others = [level for level in picture.grid.spots.tolist() if level != SPOT]
    assert all(level % 50.0 == 0.0 for level in others)
    assert len(others) == 8
    assert picture.grid.vix.tolist() == [12.0, 15.0, VIX, 20.0, 25.0, 30.0, 35.0]
    expected = spot_vix_grid([CONDOR, HEDGE], ONE.valuation, picture.grid.spots, picture.grid.vix, AT)
    assert np.array_equal(picture.grid.pnl, expected.pnl)
    alone = draw_picture(ONE, "dec-31").grid
    assert alone is not None
    assert np.array_equal(
        alone.pnl, spot_vix_grid([CONDOR], ONE.valuation, alone.spots, alone.vix, AT).pnl
    ), "a condor's grid is of the condor alone"


def test_without_vix_vols_are_held_and_no_hedge_is_drawn() -> None:
    market = golden_market()
    blind = world(CONDOR, market=replace(market, quotes={"^SPX": market.quotes["^SPX"]}))
    picture = draw_picture(blind, "dec-31")
    assert not picture.on_path
    assert picture.hedges == ()
    assert picture.grid is None
    assert picture.reason.startswith("VIX is not quoted")
    held = payoff_curve([CONDOR], [], blind.valuation, AT, picture.spots, on_path=False)
    assert picture.curves[0].bare == pytest.approx(held.condors, abs=1e-6)


def test_what_cannot_be_priced_still_has_its_payoff() -> None:
    market = golden_market()
    picture = draw_picture(world(CONDOR, market=replace(market, chains={}), hedge=False), "dec-31")
    assert np.isnan(curve(picture, "").bare).all()
    assert picture.here(curve(picture, ""), hedged=False) is None
    assert picture.here(curve(picture, "expiry"), hedged=False) == pytest.approx(32_500.0)
    assert "no mark" in picture.reason


def test_a_condor_on_xsp_stands_on_the_axis_of_spx() -> None:
    small = condor(3.25, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP", name="small")
    picture = draw_picture(world(small, hedge=False), "small")
    assert picture.unit == 0.1
    assert {6350.0, 7150.0} <= set(picture.spots.tolist())
    found = picture.along(curve(picture, "expiry"), [6800.0, 6375.0], hedged=False)
    assert found == pytest.approx([3250.0, 750.0])


def test_options_on_shares_are_drawn_through_fewer_levels() -> None:
    put = Leg(Contract("SPY", date(2027, 1, 15), "P", 650.0), 20)
    shares = Hedge(id="SE", legs=(put,), credit=-6.0, opened=date(2026, 11, 17), layer="SE")
    golden = golden_market()
    chain = chain_of("SPY", date(2027, 1, 15), 682.0, {640.0: 0.18, 650.0: 0.17, 660.0: 0.16})
    market = replace(
        golden,
        quotes={**golden.quotes, "SPY": Quote("SPY", last=680.0)},
        chains={**golden.chains, ("SPY", date(2027, 1, 15)): chain},
    )
    book = book_of(CONDOR, shares)
    valuation = valued(book, market)
    held = World(book, valuation, tuple(Held(figure_position(each, valuation)) for each in book.positions))
    picture = draw_picture(held, "")
    for when in ("", "+5"):
        found = curve(picture, when)
        expected = payoff_curve([CONDOR], [shares], valuation, found.on, picture.spots, on_path=True)
        assert np.isfinite(found.hedged).all()
        assert found.hedged == pytest.approx(expected.with_hedges, abs=60.0), "less than a dot"
        here = int(np.searchsorted(picture.spots, SPOT))
        assert found.hedged[here] == pytest.approx(expected.with_hedges[here], abs=1e-6)


def test_where_there_is_nothing_to_draw_it_says_why() -> None:
    market = golden_market()
    no_index = world(CONDOR, market=replace(market, quotes={}, chains={}))
    settled = world(CONDOR, market=golden_market(AT + timedelta(days=60)))
    for picture, reason in (
        (draw_picture(ONE, "gone"), "no such condor is held"),
        (draw_picture(world(hedge=False), ""), "nothing is held"),
        (draw_picture(no_index, "dec-31"), "no level of SPX"),
        (draw_picture(settled, "dec-31"), "it has settled: what it made or lost is fixed"),
    ):
        assert picture.curves == ()
        assert picture.reason == reason


def test_hedges_alone_are_drawn_about_the_index() -> None:
    picture = draw_picture(world(), "")
    assert picture.spots[0] < 0.9 * SPOT < 1.1 * SPOT < picture.spots[-1]
    now = curve(picture, "")
    hedge_pnl = world().positions[0].figures.pnl
    assert not now.bare.any()
    assert picture.here(now, hedged=True) == pytest.approx(hedge_pnl, abs=0.01)
    assert now.hedged[0] > now.hedged[-1], "long VIX gains where the index falls"
    assert now.on.date() < YEAR_END
