"""One position's figures against plain arithmetic: P&L, credit, bounds, margin, short strikes and odds."""

from dataclasses import replace
from datetime import date, datetime
from math import exp, log, sqrt

import pytest

from alvh_tui.book.model import Adjustment, Condor, Hedge, Leg
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.risk.positions import PositionFigures, figure_position
from tests.risk import plain
from tests.risk.worlds import (
    AT,
    CONDOR_VOLS,
    RATE,
    SPOT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    index_forward,
    leg,
    market_of,
    quoted,
    smooth_chain,
    smooth_vol,
    valued,
    vix_calls,
)

FORWARD = index_forward(YEAR_END)
YEARS = plain.years(AT, settlement_instant("SPXW", YEAR_END))
DISCOUNT = exp(-RATE * YEARS)


def figures_of(
    position: Condor | Hedge, market: MarketSnapshot | None = None, at: datetime | None = None
) -> PositionFigures:
    return figure_position(position, valued(book_of(position), market or golden_market(), at))


def worth(strike: float, right: str) -> float:
    return plain.black(FORWARD, DISCOUNT, YEARS, strike, CONDOR_VOLS[strike], right)


TO_CLOSE = worth(6400, "P") - worth(6350, "P") + worth(7100, "C") - worth(7150, "C")


def adjusted(position: Condor, legs: tuple[Leg, ...], credit: float, contracts: int) -> Condor:
    return replace(
        position,
        adjustments=(Adjustment(on=date(2026, 11, 18), legs=legs, credit=credit, contracts=contracts),),
    )


def test_the_pnl_is_what_came_in_less_what_closing_costs() -> None:
    found = figures_of(condor(17.5, lots=5))
    assert found.mark == pytest.approx(TO_CLOSE, rel=1e-9)
    assert found.value == pytest.approx(-500.0 * TO_CLOSE, rel=1e-9)
    assert found.pnl == pytest.approx(500.0 * (17.5 - TO_CLOSE), rel=1e-9)
    assert found.pnl_pct_credit == pytest.approx((17.5 - TO_CLOSE) / 17.5, rel=1e-9)
    assert found.credit == pytest.approx(17.5)
    assert found.dte == 41


def test_fees_are_told_but_not_in_the_pnl() -> None:
    assert figures_of(replace(condor(17.5), fees=260.0)).pnl == figures_of(condor(17.5)).pnl


def test_a_roll_moves_the_credit() -> None:
    legs = (leg(10, "SPXW", YEAR_END, "C", 7100.0), leg(-10, "SPXW", YEAR_END, "C", 7050.0))
    found = figures_of(adjusted(condor(17.5), legs, 2.85, 10))
    assert found.credit == pytest.approx(20.35)
    assert found.max_profit == pytest.approx(20_350.0)
    assert found.max_loss == pytest.approx((100.0 - 20.35) * 1000.0)
    assert found.margin == found.max_loss


def test_a_part_bought_back_leaves_its_result_in_the_credit() -> None:
    bought = tuple(Leg(held.contract, -held.quantity // 10 * 4) for held in condor(17.5).legs)
    found = figures_of(adjusted(condor(17.5), bought, -21.0, 4))
    assert found.position.contracts == 6
    assert found.credit == pytest.approx((17_500.0 - 8_400.0) / 600.0)
    assert found.pnl == pytest.approx(9_100.0 - 600.0 * TO_CLOSE)
    assert found.pnl_pct_credit == pytest.approx((9_100.0 - 600.0 * TO_CLOSE) / 9_100.0)
    assert found.max_profit == pytest.approx(9_100.0)
    assert found.max_loss == pytest.approx(30_000.0 - 9_100.0)


def test_what_is_closed_keeps_its_result_and_nothing_else() -> None:
    gone = tuple(Leg(held.contract, -held.quantity) for held in condor(17.5).legs)
    found = figures_of(adjusted(condor(17.5), gone, -6.0, 10))
    assert (found.legs, found.pnl, found.value) == ((), 11_500.0, 0.0)
    assert (found.mark, found.credit, found.max_loss, found.dte) == (None,) * 4
    assert found.margin == 0.0
    assert found.bounds_note == "nothing is held"


@pytest.mark.parametrize(
    ("strikes", "widest"),
    [
        ((6350.0, 6400.0, 7100.0, 7150.0), 50.0),
        ((6250.0, 6400.0, 7100.0, 7150.0), 150.0),
        ((6350.0, 6400.0, 7100.0, 7300.0), 200.0),
    ],
)
def test_margin_is_the_wider_side_less_the_credit(
    strikes: tuple[float, float, float, float], widest: float
) -> None:
    found = figures_of(condor(17.5, strikes=strikes), market_of([smooth_chain()]))
    assert found.max_profit == pytest.approx(17_500.0)
    assert found.max_loss == found.margin == pytest.approx((widest - 17.5) * 1000.0)


@pytest.mark.parametrize("closed", ["P", "C"])
def test_one_side_left_over_is_bounded_by_itself(closed: str) -> None:
    gone = tuple(
        Leg(held.contract, -held.quantity) for held in condor(17.5).legs if held.contract.right == closed
    )
    found = figures_of(adjusted(condor(17.5), gone, -6.5, 10))
    assert found.credit == pytest.approx(11.0)
    assert found.max_profit == pytest.approx(11_000.0)
    assert found.max_loss == pytest.approx(39_000.0)
    assert len(found.shorts) == 1


def test_more_credit_than_width_cannot_lose() -> None:
    found = figures_of(condor(60.0))
    assert found.max_loss == found.margin == 0.0
    assert found.max_profit == pytest.approx(60_000.0)


def test_a_call_spread_wins_its_width_less_the_debit() -> None:
    spread = replace(
        vix_calls(6, debit=0.93),
        legs=(leg(6, "VIX", VIX_DAY, "C", 22.0), leg(-6, "VIX", VIX_DAY, "C", 30.0)),
    )
    found = figures_of(spread)
    assert found.max_profit == pytest.approx((8.0 - 0.93) * 600.0)
    assert found.max_loss == pytest.approx(0.93 * 600.0)
    assert found.margin == 0.0
    assert found.credit == pytest.approx(-0.93)
    assert found.pnl_pct_credit is None
    assert found.shorts == ()


def test_bought_calls_have_no_upper_bound_and_need_no_margin() -> None:
    found = figures_of(vix_calls(30, debit=0.95))
    assert (found.max_profit, found.bounds_note) == (None, "no upper bound")
    assert found.max_loss == pytest.approx(2_850.0)
    assert found.margin == 0.0
    assert found.mark == pytest.approx(1.15, abs=1e-8)
    assert found.pnl == pytest.approx(600.0, abs=1e-4)


def test_a_sold_call_spread_needs_its_width_less_what_it_brought() -> None:
    sold = replace(
        vix_calls(6),
        legs=(leg(-6, "VIX", VIX_DAY, "C", 22.0), leg(6, "VIX", VIX_DAY, "C", 30.0)),
        credit=0.93,
    )
    assert figures_of(sold).margin == pytest.approx((8.0 - 0.93) * 600.0)


def test_a_naked_short_call_has_no_bound_and_no_known_margin() -> None:
    naked = replace(vix_calls(6), legs=(leg(-6, "VIX", VIX_DAY, "C", 25.0),), credit=1.15)
    found = figures_of(naked)
    assert (found.max_loss, found.margin, found.bounds_note) == (None, None, "the loss has no bound")


def test_a_diagonal_and_a_future_have_no_bound_without_a_model() -> None:
    later = date(2027, 3, 17)
    diagonal = replace(
        vix_calls(4), legs=(leg(4, "VIX", later, "C", 25.0), leg(-4, "VIX", VIX_DAY, "C", 22.0))
    )
    future = replace(vix_calls(1), legs=(Leg(Contract("VX", VIX_DAY), 1),))
    for held in (diagonal, future):
        found = figures_of(held)
        assert (found.max_profit, found.max_loss, found.margin) == (None, None, None)
        assert found.bounds_note == "not options of one settlement: no bound without a model"


def test_am_and_pm_legs_of_one_friday_settle_apart() -> None:
    friday = date(2026, 12, 18)
    sides = (*condor(17.5, expiry=friday).legs[:2], *condor(17.5, expiry=friday, root="SPX").legs[2:])
    found = figures_of(replace(condor(17.5), legs=sides), market_of([]))
    assert (found.max_profit, found.max_loss, found.margin) == (None, None, None)


def test_one_leg_without_a_mark_leaves_value_and_greeks_unknown() -> None:
    market = market_of([chain_of("SPXW", YEAR_END, FORWARD, {k: CONDOR_VOLS[k] for k in (6350.0, 7100.0)})])
    found = figures_of(condor(17.5), market)
    assert (found.value, found.mark, found.pnl, found.pnl_pct_credit, found.greeks) == (None,) * 5
    assert found.max_loss == pytest.approx(32_500.0)
    assert found.missing == (
        "SPXW 2026-12-31 6400P: no mark (not quoted)",
        "SPXW 2026-12-31 7150C: no mark (not quoted)",
    )


def touch(strike: float, vol: float) -> float:
    """Chance of touching by reflection, written out."""
    s = vol * sqrt(YEARS)
    drift = log(FORWARD / SPOT) - s * s / 2.0
    toward = 1.0 if strike > SPOT else -1.0
    away, pull = abs(log(strike / SPOT)), toward * drift
    return plain.normal((pull - away) / s) + exp(2.0 * pull * away / s**2) * plain.normal((-pull - away) / s)


def d2(strike: float, vol: float) -> float:
    s = vol * sqrt(YEARS)
    return log(FORWARD / strike) / s - s / 2.0


def test_short_strikes_tell_distance_and_odds() -> None:
    found = figures_of(condor(17.5), market_of([smooth_chain(width=0.0)]))
    put, call = found.shorts
    assert (put.strike, put.right, put.quantity) == (6400.0, "P", -10)
    assert (call.strike, call.right, call.quantity) == (7100.0, "C", -10)
    move = FORWARD * smooth_vol(FORWARD, FORWARD) * sqrt(YEARS)
    assert found.expected_move == pytest.approx(move, rel=1e-3)
    for short, gap, sign in ((put, 400.0, -1.0), (call, 300.0, 1.0)):
        vol = smooth_vol(short.strike, FORWARD)
        assert short.distance == pytest.approx(gap)
        assert short.distance_pct == pytest.approx(gap / SPOT)
        assert short.distance_moves == pytest.approx(gap / move, rel=1e-3)
        assert short.p_beyond == pytest.approx(plain.normal(sign * d2(short.strike, vol)), abs=1e-6)
        assert short.p_touch == pytest.approx(touch(short.strike, vol), abs=1e-6)
        d1 = d2(short.strike, vol) + vol * sqrt(YEARS)
        delta = sign * DISCOUNT * FORWARD / SPOT * plain.normal(sign * d1)
        assert short.delta == pytest.approx(delta, abs=1e-6)


def test_a_breached_short_strike_counts_as_touched() -> None:
    found = figures_of(condor(17.5), golden_market(spot=6380.0))
    put, call = found.shorts
    assert put.distance == pytest.approx(-20.0)
    assert put.distance_moves is not None
    assert put.distance_moves < 0.0
    assert put.p_touch == 1.0
    assert put.p_beyond is not None
    assert 0.4 < put.p_beyond < 0.7
    assert call.p_touch is not None
    assert call.p_touch < 0.1


def test_the_chance_of_profit_lies_between_the_breakevens() -> None:
    found = figures_of(condor(17.5), market_of([smooth_chain(width=0.0)]))
    low, high = 6382.5, 7117.5
    below = plain.normal(-d2(low, smooth_vol(low, FORWARD)))
    above = plain.normal(d2(high, smooth_vol(high, FORWARD)))
    assert found.p_profit == pytest.approx(1.0 - below - above, abs=1e-4)


def test_a_condor_that_cannot_win_or_cannot_lose_says_so() -> None:
    market = market_of([smooth_chain()])
    assert figures_of(condor(60.0), market).p_profit == 1.0
    assert figures_of(condor(-5.0), market).p_profit == 0.0


def test_the_expected_move_without_a_smile_reads_the_legs_of_that_expiry() -> None:
    """Two strikes make no smile: the vol at the forward lies on the line between theirs."""
    vols = {6400.0: 0.20, 7100.0: 0.13}
    chain = chain_of("SPXW", YEAR_END, FORWARD, vols)
    far = chain_of("SPXW", date(2027, 1, 15), index_forward(date(2027, 1, 15)), {6400.0: 0.9})
    legs = (
        leg(-10, "SPXW", YEAR_END, "P", 6400.0),
        leg(-10, "SPXW", YEAR_END, "C", 7100.0),
        leg(10, "SPXW", date(2027, 1, 15), "P", 6400.0),
    )
    found = figures_of(replace(condor(17.5), legs=legs), market_of([chain, far]))
    carried = SPOT * exp(RATE * YEARS)
    assert found.expected_move is not None
    assert found.expected_move / (carried * sqrt(YEARS)) == pytest.approx(
        0.20 + (carried - 6400.0) / 700.0 * (0.13 - 0.20), abs=5e-3
    )


def test_without_a_forward_there_are_no_odds() -> None:
    market = replace(market_of([]), quotes={"^VIX": Quote("^VIX", last=17.0)})
    found = figures_of(condor(17.5), market)
    assert found.expected_move is None
    assert found.p_profit is None
    for short in found.shorts:
        assert (short.distance, short.distance_pct, short.p_beyond, short.p_touch) == (None,) * 4


def test_days_to_expiry_are_counted_in_new_york() -> None:
    late = datetime(2026, 12, 30, 23, 0, tzinfo=NEW_YORK)
    assert figures_of(condor(17.5), golden_market(late), late).dte == 1


def test_a_quote_put_in_moves_only_its_own_leg() -> None:
    """Guards the sign of each leg: a dearer short put costs the holder money."""
    market = golden_market()
    chain = market.chains["SPXW", YEAR_END]
    fair = worth(6400, "P")
    dearer = quoted(chain, 6400.0, "P", bid=fair + 1.0, ask=fair + 1.0)
    moved = figures_of(condor(17.5), replace(market, chains={**market.chains, ("SPXW", YEAR_END): dearer}))
    before = figures_of(condor(17.5), market)
    assert moved.pnl is not None
    assert before.pnl is not None
    assert moved.pnl - before.pnl == pytest.approx(-1_000.0, abs=1e-6)
