"""The book somewhere else: today's corner is today's P&L, the last day is the payoff, and nothing jumps."""

from dataclasses import replace
from datetime import timedelta
from math import exp

import numpy as np
import pytest

from alvh_tui.book.model import Condor, Hedge, Leg
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Quote
from alvh_tui.risk.positions import figure_position
from alvh_tui.risk.scenarios import payoff_curve, spot_vix_grid
from tests.risk import plain
from tests.risk.plain import PlainLeg, plain_pnl
from tests.risk.worlds import (
    AT,
    CONDOR_VOLS,
    DIVIDENDS,
    RATE,
    SPOT,
    VIX,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    index_forward,
    valued,
    vix_calls,
)

PM, AM = settlement_instant("SPXW", YEAR_END), settlement_instant("VIX", VIX_DAY)
CONDOR, HEDGE = condor(17.5), vix_calls(30)
VALUATION = valued(book_of(CONDOR, HEDGE), golden_market())
LEGS = tuple(
    PlainLeg(quantity, right, strike, CONDOR_VOLS[strike], PM)
    for quantity, right, strike in zip((10, -10, -10, 10), "PPCC", CONDOR_VOLS, strict=True)
)
CALLS = PlainLeg(30, "C", 25.0, 0.9037399391, AM, vix_forward=19.35)


def current(*positions: Condor | Hedge) -> float:
    pnls = [figure_position(held, VALUATION).pnl for held in positions]
    return sum(pnl for pnl in pnls if pnl is not None)


def test_the_grid_where_the_market_stands_is_the_pnl_of_today() -> None:
    grid = spot_vix_grid(
        [CONDOR, HEDGE], VALUATION, np.array([6700.0, SPOT]), np.array([15.0, VIX, 30.0]), AT
    )
    assert grid.pnl.shape == (2, 3)
    assert grid.pnl[1, 1] == pytest.approx(current(CONDOR, HEDGE), abs=1e-3)


@pytest.mark.parametrize(("spot", "vix"), [(6300.0, 30.0), (7000.0, 12.0), (6800.0, 45.0), (6500.0, VIX)])
def test_every_cell_is_a_full_revaluation(spot: float, vix: float) -> None:
    when = AT + timedelta(days=7)
    grid = spot_vix_grid([CONDOR, HEDGE], VALUATION, np.array([spot]), np.array([vix]), when)
    ahead = plain.years(AT, when)
    expected = 17_500.0 - 3_450.0
    for held in (*LEGS, CALLS):
        expected += 100.0 * held.quantity * held.worth(spot, vix - VIX, ahead)
    assert grid.pnl[0, 0] == pytest.approx(expected, abs=0.01)


def test_the_curve_at_expiry_is_the_payoff() -> None:
    spots = np.linspace(6000.0, 7500.0, 61)
    for on_path in (False, True):
        curve = payoff_curve([CONDOR], [], VALUATION, PM, spots, on_path=on_path)
        for spot, found in zip(spots, curve.condors, strict=True):
            put = min(max(6400.0 - spot, 0.0), 50.0)
            call = min(max(spot - 7100.0, 0.0), 50.0)
            assert found == pytest.approx(1000.0 * (17.5 - put - call), abs=1e-6)
        assert np.array_equal(curve.condors, curve.with_hedges)


@pytest.mark.parametrize("on_path", [False, True])
@pytest.mark.parametrize("days", [0, 10])
def test_a_curve_is_the_pnl_at_every_level(on_path: bool, days: int) -> None:
    spots, when = np.linspace(5500.0, 7600.0, 22), AT + timedelta(days=days)
    curve = payoff_curve([CONDOR], [HEDGE], VALUATION, when, spots, on_path=on_path)
    ahead = plain.years(AT, when)
    bare = plain_pnl(LEGS, 17_500.0, ahead, on_path=on_path)
    full = plain_pnl((*LEGS, CALLS), 17_500.0 - 3_450.0, ahead, on_path=on_path)
    assert curve.condors == pytest.approx([bare(spot) for spot in spots], abs=0.01)
    assert curve.with_hedges == pytest.approx([full(spot) for spot in spots], abs=0.01)
    assert (curve.when, curve.on_path) == (when, on_path)


@pytest.mark.parametrize("days", [0, 20, 40, 41])
def test_curves_do_not_jump(days: int) -> None:
    spots = np.arange(6000.0, 7400.0, 0.5)
    when = min(AT + timedelta(days=days), PM)
    curve = payoff_curve([CONDOR], [HEDGE], VALUATION, when, spots, on_path=True)
    steepest = 10 * 100.0 + 30 * 100.0 * 1.6 / 68.0
    for values in (curve.condors, curve.with_hedges):
        assert np.isfinite(values).all()
        assert np.abs(np.diff(values)).max() < 0.5 * steepest * 1.05


def test_time_alone_carries_the_curve_to_its_payoff() -> None:
    spots = np.array([6600.0, 6800.0, 6950.0])
    nearly = payoff_curve([CONDOR], [], VALUATION, PM - timedelta(minutes=1), spots, on_path=False)
    there = payoff_curve([CONDOR], [], VALUATION, PM, spots, on_path=False)
    assert nearly.condors == pytest.approx(there.condors, abs=1.0)


def test_a_vol_moved_down_stops_at_two_points_and_one_below_stays() -> None:
    vols = {6350.0: 0.06, 6400.0: 0.06, 6750.0: 0.05, 6800.0: 0.05, 6850.0: 0.015, 7100.0: 0.05, 7150.0: 0.05}
    golden = golden_market()
    chain = chain_of("SPXW", YEAR_END, index_forward(YEAR_END), vols)
    near = condor(5.0, strikes=(6750.0, 6800.0, 6850.0, 7150.0))
    valuation = valued(book_of(near), replace(golden, chains={("SPXW", YEAR_END): chain}))
    grid = spot_vix_grid([near], valuation, np.array([SPOT]), np.array([10.0]), AT)
    rows = zip((10, -10, -10, 10), "PPCC", (6750.0, 6800.0, 6850.0, 7150.0), strict=True)
    expected = 5_000.0
    for quantity, right, strike in rows:
        leg = PlainLeg(quantity, right, strike, min(vols[strike], 0.02), PM)
        expected += 100.0 * quantity * leg.worth(SPOT, 0.0, 0.0)
    assert grid.pnl[0, 0] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("root", "moved"),
    [
        ("VXX", 0.75 / (1.0 + 30.0 / 65.0) * 5.0 / 19.35),
        ("UVXY", 1.5 * 0.75 / (1.0 + 30.0 / 65.0) * 5.0 / 19.35),
        ("SVXY", -0.5 * 0.75 / (1.0 + 30.0 / 65.0) * 5.0 / 19.35),
        ("SPY", -0.10),
        ("XLF", 0.0),
    ],
)
def test_shares_move_with_what_they_follow(root: str, moved: float) -> None:
    shares = replace(vix_calls(100, name=root), legs=(Leg(Contract(root), 100),), credit=-40.0)
    golden = golden_market()
    market = replace(golden, quotes={**golden.quotes, root: Quote(root, last=50.0)})
    valuation = valued(book_of(shares), market)
    grid = spot_vix_grid([shares], valuation, np.array([0.9 * SPOT]), np.array([VIX + 5.0]), AT)
    assert grid.pnl[0, 0] == pytest.approx(100.0 * (50.0 * (1.0 + moved) - 40.0), abs=1e-6)


def test_an_hour_after_the_quotes_everything_is_an_hour_older() -> None:
    """Vols are solved at the moment of the quotes, prices and Greeks at the moment of the assessment."""
    later = AT + timedelta(days=2)
    valuation = valued(book_of(CONDOR), golden_market(), later)
    left = plain.years(later, PM)
    for row, (strike, vol) in enumerate(CONDOR_VOLS.items()):
        assert valuation.legs.forward[row] == pytest.approx(SPOT * exp((RATE - DIVIDENDS) * left), abs=1e-6)
        assert valuation.legs.vol[row] == pytest.approx(vol, abs=1e-9)
        aged = plain.black(
            SPOT * exp((RATE - DIVIDENDS) * left), exp(-RATE * left), left, strike, vol, "PPCC"[row]
        )
        assert valuation.legs.values([row], SPOT)[0] == pytest.approx(aged, abs=1e-5)


def test_without_vix_a_grid_is_unknown() -> None:
    market = golden_market()
    blind = replace(market, quotes={"^SPX": market.quotes["^SPX"]})
    valuation = valued(book_of(CONDOR), blind)
    grid = spot_vix_grid([CONDOR], valuation, np.array([SPOT]), np.array([20.0]), AT)
    assert np.isnan(grid.pnl).all()
