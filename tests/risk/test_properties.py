"""What holds for every condor, at expiry and before."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.book.model import Condor
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.instruments.contract import Right
from alvh_tui.risk.breakevens import EXPIRY_KINDS, KINDS, find_breakevens, hedge_shares, units_of
from alvh_tui.risk.curves import pnl
from alvh_tui.risk.payoff import Payoff, payoff_of
from alvh_tui.risk.positions import figure_position
from alvh_tui.risk.scenarios import payoff_curve
from tests.risk import plain
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    leg,
    market_of,
    smooth_chain,
    valued,
    vix_calls,
)

STRIKES = st.lists(st.integers(121, 149), min_size=4, max_size=4, unique=True).map(sorted)
PM = settlement_instant("SPXW", YEAR_END)


@st.composite
def condors(draw: st.DrawFn) -> Condor:
    """Any four strikes, any number of lots, any credit up to the wider wing."""
    first, second, third, fourth = (50.0 * k for k in draw(STRIKES))
    widest = max(second - first, fourth - third)
    credit = round(draw(st.floats(0.05, 0.95)) * widest, 2)
    return condor(credit, draw(st.integers(1, 20)), (first, second, third, fourth))


def bounds_of(held: Condor) -> tuple[float, float]:
    first, second, third, fourth = (part.contract.strike or 0.0 for part in held.legs)
    dollars = 100.0 * held.contracts
    return (held.credit - max(second - first, fourth - third)) * dollars, held.credit * dollars


def by_hand(held: Condor, level: float) -> float:
    total = held.credit * 100.0 * held.contracts
    for part in held.legs:
        strike = part.contract.strike or 0.0
        gap = level - strike if part.contract.right == "C" else strike - level
        total += part.quantity * 100.0 * max(gap, 0.0)
    return total


@given(condors())
def test_at_expiry_a_condor_stays_within_its_bounds(held: Condor) -> None:
    payoff = payoff_of(held.legs, held.cash)
    assert payoff is not None
    worst, best = bounds_of(held)
    assert payoff.worst == pytest.approx(worst)
    assert payoff.best == pytest.approx(best)
    for level in np.arange(5500.0, 8000.0, 37.5):
        assert payoff.at(level) == pytest.approx(by_hand(held, level), abs=1e-6)
        assert worst - 1e-6 <= payoff.at(level) <= best + 1e-6


@given(condors(), st.floats(5800.0, 7600.0))
def test_exact_breakevens_agree_with_a_scan(held: Condor, spot: float) -> None:
    payoff = payoff_of(held.legs, held.cash)
    assert payoff is not None
    levels = np.arange(5500.0, 8000.0, 5.0)
    edges = [
        level
        for level, following in pairwise(levels)
        if (by_hand(held, level) >= 0.0) != (by_hand(held, following) >= 0.0)
    ]
    low, high = payoff.breakevens(spot)
    for found, scanned in ((low, edges[0]), (high, edges[-1])):
        if found is None:
            assert by_hand(held, 5000.0 if found is low else 8500.0) >= 0.0
        else:
            assert found == pytest.approx(scanned, abs=5.001)
            assert by_hand(held, found) == pytest.approx(0.0, abs=1e-6)


ANY_LEG = st.tuples(
    st.integers(-5, 5).filter(bool), st.sampled_from(("C", "P")), st.integers(60, 75).map(lambda k: 100.0 * k)
)


@given(
    st.lists(ANY_LEG, min_size=1, max_size=6, unique_by=lambda row: row[1:]),
    st.integers(-1200, 1200).map(lambda n: 50.0 * n + 25.0),
    st.integers(5500, 8000),
)
def test_of_several_zones_the_nearest_to_the_index_counts(
    rows: list[tuple[int, Right, float]], cash: float, spot: int
) -> None:
    legs = [leg(quantity, "SPXW", YEAR_END, right, strike) for quantity, right, strike in rows]
    payoff = payoff_of(legs, cash)
    assert payoff is not None
    low, high = payoff.breakevens(float(spot))
    levels = np.arange(0.0, 12_000.0, 20.0)
    gains = np.array([payoff.at(level) for level in levels]) >= 0.0
    for level in (low, high):
        assert level is None or payoff.at(level) == pytest.approx(0.0, abs=1e-4)
    inside = (levels >= (-1.0 if low is None else low)) & (levels <= (1e9 if high is None else high))
    if low is None and high is None:
        assert gains.all() or not gains.any()
    else:
        assert gains[inside].all()
        away = max((low or 0.0) - spot, spot - (1e9 if high is None else high), 0.0)
        assert away <= np.min(np.abs(levels[gains] - spot), initial=1e9) + 1e-6


def test_a_payoff_knows_no_level_below_nothing() -> None:
    bought = payoff_of([leg(1, "SPXW", YEAR_END, "P", 6000.0)], -1000.0)
    assert isinstance(bought, Payoff)
    assert bought.best == pytest.approx(599_000.0)
    assert bought.worst == pytest.approx(-1000.0)


@settings(max_examples=30)
@given(
    condors(),
    st.floats(0.05, 0.8),
    st.integers(0, 41),
    st.booleans(),
    st.floats(10.0, 60.0),
)
def test_without_interest_the_model_stays_within_the_payoffs_bounds(
    held: Condor, vol: float, days: int, on_path: bool, vix: float
) -> None:
    strikes = {float(k): vol for k in range(6000, 7500, 50)}
    chain = chain_of("SPXW", YEAR_END, 6800.0, strikes, rate=0.0)
    market = replace(market_of([chain], vix=vix), risk_free=0.0)
    valuation = valued(book_of(held), market)
    worst, best = bounds_of(held)
    spots = np.linspace(4000.0, 9000.0, 101)
    when = AT + (PM - AT) * (days / 41.0)
    values = payoff_curve([held], [], valuation, when, spots, on_path=on_path).condors
    assert np.isfinite(values).all()
    slack = 1e-6 * 100.0 * held.contracts * 9000.0
    assert values.min() >= worst - slack
    assert values.max() <= best + slack


CHAINS = [
    smooth_chain(strikes=tuple(range(6000, 7500, 50)), width=0.0),
    chain_of("VIX", VIX_DAY, 19.35, dict.fromkeys((16.0, 18.0, 19.0, 20.0, 22.0, 25.0, 30.0), 0.9)),
]


@settings(max_examples=40)
@given(condors(), st.integers(0, 60), st.sampled_from((22.0, 25.0, 30.0)), st.floats(6200.0, 7300.0))
def test_breakevens_are_roots_of_the_pnl(held: Condor, lots: int, strike: float, spot: float) -> None:
    """At each the P&L is nothing, a little inside it is a gain, a little outside a loss."""
    hedges = [vix_calls(lots, strike, 0.8)] if lots else []
    book = book_of(held, *hedges)
    valuation = valued(book, market_of(CHAINS, spot))
    figures = {p.id: figure_position(p, valuation) for p in book.positions}
    unit = units_of(book, hedge_shares(book, figures))[0]
    table = find_breakevens([unit], valuation)["dec-31"]
    dollars = 100.0 * held.contracts
    for kind in KINDS:
        found = table.kinds[kind]
        ahead = plain.years(AT, PM) if kind in EXPIRY_KINDS else 0.0
        curve = unit.on(valuation).curve(kind, ahead)
        for level, step in ((found.low, 0.01), (found.high, -0.01)):
            if level is not None:
                outside, at_it, inside = pnl(
                    valuation.legs, curve, np.array([level - step, level, level + step])
                )
                assert abs(at_it) < 1e-4 * dollars
                assert outside < at_it < inside or abs(inside - outside) < 1e-4 * dollars
