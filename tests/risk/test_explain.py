"""Why the P&L moved: the parts are the Greeks times the moves, and with the residual they are the total."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from alvh_tui.book.model import Adjustment, Condor, Hedge, Leg
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.risk.explain import Explained, explain_leg, explain_position
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    closes,
    condor,
    golden_market,
    leg,
    market_of,
    valued,
    vix_calls,
)

MONDAY = AT + timedelta(days=3)
STRIKES = (16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 25.0, 30.0)


def vix_market(forward: float, vol: float, at: datetime = AT) -> MarketSnapshot:
    return market_of([chain_of("VIX", VIX_DAY, forward, dict.fromkeys(STRIKES, vol), at)], at=at)


def explained(position: Condor | Hedge, before: MarketSnapshot, after: MarketSnapshot) -> Explained | None:
    book = book_of(position)
    return explain_position(position, valued(book, before), valued(book, after))


def parts_of(found: Explained) -> float:
    return found.delta + found.gamma + found.vega + found.theta + found.residual


def test_vix_calls_are_explained_on_their_own_forward() -> None:
    position, before, after = vix_calls(30), vix_market(19.35, 0.90), vix_market(20.15, 0.93, MONDAY)
    book = book_of(position)
    start, end = valued(book, before), valued(book, after)
    contract = position.legs[0].contract
    greeks = start.greeks[contract]
    found = explain_position(position, start, end)
    assert found is not None
    assert greeks.delta is not None
    assert greeks.gamma is not None
    assert greeks.vega is not None
    assert greeks.theta is not None
    assert found.delta == pytest.approx(3_000.0 * greeks.delta * 0.8, rel=1e-6)
    assert found.gamma == pytest.approx(1_500.0 * greeks.gamma * 0.64, rel=1e-5)
    assert found.vega == pytest.approx(3_000.0 * greeks.vega * 3.0, rel=1e-5)
    assert found.theta == pytest.approx(3_000.0 * greeks.theta * 3.0, rel=1e-6)
    values = [valuation.marks[contract].value for valuation in (start, end)]
    assert values[0] is not None
    assert values[1] is not None
    assert found.total == pytest.approx(3_000.0 * (values[1] - values[0]), rel=1e-9)
    assert parts_of(found) == pytest.approx(found.total, abs=1e-9)
    assert abs(found.residual) < 0.1 * abs(found.total)


def test_a_future_is_all_delta() -> None:
    future = replace(vix_calls(2), legs=(Leg(Contract("VX", VIX_DAY), 2),))
    found = explained(future, vix_market(19.35, 0.9), vix_market(20.15, 0.9, MONDAY))
    assert found is not None
    assert found.delta == pytest.approx(1_600.0, abs=1e-3)
    assert (found.gamma, found.vega, found.theta) == (0.0, 0.0, 0.0)
    assert found.residual == pytest.approx(0.0, abs=1e-3)


def test_shares_are_all_delta() -> None:
    shares = replace(vix_calls(100), legs=(Leg(Contract("VXX"), 100),))
    markets = [
        replace(market_of([], at=at), quotes={"VXX": Quote("VXX", last=level)})
        for at, level in ((AT, 50.0), (MONDAY, 53.0))
    ]
    found = explained(shares, *markets)
    assert found is not None
    assert (found.delta, found.total, found.residual) == pytest.approx((300.0, 300.0, 0.0))


def test_a_condor_is_explained_on_the_index() -> None:
    found = explained(condor(17.5), golden_market(), golden_market(MONDAY, 6750.0, 1.0))
    assert found is not None
    assert found.theta > 0.0 > found.vega
    assert found.gamma < 0.0
    assert parts_of(found) == pytest.approx(found.total, abs=1e-9)


def test_nothing_moving_leaves_nothing_to_explain() -> None:
    found = explained(condor(17.5), golden_market(), golden_market())
    assert found is not None
    assert (found.delta, found.gamma, found.vega, found.theta, found.residual, found.total) == (0.0,) * 6


def test_a_leg_without_a_price_before_cannot_be_explained() -> None:
    market = golden_market()
    bare = replace(market, chains={})
    assert explained(condor(17.5), bare, market) is None
    assert explained(condor(17.5), market, bare) is None


def test_a_leg_that_was_not_looked_at_before_cannot_be_explained() -> None:
    before, after = (
        valued(book_of(vix_calls(1)), golden_market()),
        valued(book_of(condor(17.5)), golden_market(MONDAY)),
    )
    assert explain_leg(condor(17.5).legs[0], before, after) is None


@pytest.mark.parametrize(("opened", "known"), [(date(2026, 11, 20), True), (date(2026, 11, 23), False)])
def test_what_was_traded_in_between_has_no_day_to_explain(opened: date, known: bool) -> None:
    markets = golden_market(), golden_market(MONDAY)
    assert (explained(replace(condor(17.5), opened=opened), *markets) is not None) is known
    roll = Adjustment(
        on=opened,
        legs=(leg(10, "SPXW", YEAR_END, "C", 7100.0), leg(-10, "SPXW", YEAR_END, "C", 7050.0)),
        credit=2.5,
        contracts=10,
    )
    assert (explained(replace(condor(17.5), adjustments=(roll,)), *markets) is not None) is known


def test_the_day_it_settles_is_explained_too() -> None:
    friday = AT.date()
    vols = dict.fromkeys((6700.0, 6750.0, 6780.0, 6800.0, 6820.0, 6850.0, 6900.0), 0.16)
    before = market_of([chain_of("SPXW", friday, 6800.0, vols)])
    put = replace(vix_calls(1), legs=(leg(-1, "SPXW", friday, "P", 6800.0),))
    evening = AT.replace(hour=18)
    after = replace(market_of([], 6790.0, at=evening), history=closes(spx={friday: 6790.0}))
    found = explained(put, before, after)
    start = valued(book_of(put), before).marks[put.legs[0].contract].value
    assert found is not None
    assert start is not None
    assert found.total == pytest.approx(-100.0 * (10.0 - start))
    assert found.vega == 0.0
    assert parts_of(found) == pytest.approx(found.total)
