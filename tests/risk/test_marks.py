"""Every rung of the mark: where a value comes from, and that none comes out of nothing."""

from dataclasses import replace
from datetime import date, datetime
from math import exp, nan

import numpy as np
import pytest

from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Chain, MarketSnapshot, Quote
from alvh_tui.risk.marks import LegMark, Rung
from tests.risk import plain
from tests.risk.worlds import (
    AT,
    RATE,
    VIX_DAY,
    YEAR_END,
    chain_of,
    holding,
    index_forward,
    market_of,
    quoted,
    smooth_chain,
    smooth_vol,
    valued,
)

PUT = Contract("SPXW", YEAR_END, "P", 6400.0)
WING = Contract("SPXW", YEAR_END, "P", 6000.0)
FORWARD = index_forward(YEAR_END)
YEARS = plain.years(AT, settlement_instant("SPXW", YEAR_END))
DISCOUNT = exp(-RATE * YEARS)

BROKEN = {
    "zero both sides": ({"bid": 0.0, "ask": 0.0}, "no two-sided quote"),
    "crossed": ({"bid": 40.0, "ask": 39.0}, "its quote is crossed"),
    "bid alone": ({"bid": 39.0, "ask": nan}, "no two-sided quote"),
    "ask alone": ({"bid": nan, "ask": 41.0}, "no two-sided quote"),
    "nothing": ({"bid": nan, "ask": nan}, "no two-sided quote"),
    "absurdly wide": ({"bid": 1.0, "ask": 80.0}, "its quote is too wide to mean anything"),
    "no bid under a dear ask": ({"bid": 0.0, "ask": 41.0}, "its quote is too wide to mean anything"),
    "a negative bid": ({"bid": -1.0, "ask": 41.0}, "no two-sided quote"),
}


def mark_of(contract: Contract, market: MarketSnapshot, at: datetime | None = None) -> LegMark:
    return valued(holding(contract), market, at).marks[contract]


def lonely(**columns: float) -> MarketSnapshot:
    """A market that quotes the one strike alone: no forward of its own, no smile."""
    chain = chain_of("SPXW", YEAR_END, FORWARD, {6400.0: 0.18})
    return market_of([quoted(chain, 6400.0, "P", **columns)])


def stamped(chain: Chain, when: datetime) -> Chain:
    told = np.full(len(chain.strikes), when.timestamp())
    return replace(chain, call_time=told, put_time=told)


def test_a_sane_quote_is_worth_its_mid_and_tells_its_own_vol() -> None:
    mark = mark_of(PUT, market_of([quoted(smooth_chain(), 6400.0, "P", bid=40.0, ask=41.0)]))
    assert (mark.value, mark.rung, mark.reason) == (40.5, Rung.MID, "")
    assert (mark.bid, mark.ask) == (40.0, 41.0)
    assert mark.vol_origin == "mid"
    own = plain.black_vol(40.5, FORWARD, DISCOUNT, YEARS, 6400.0, "P")
    assert mark.vol == pytest.approx(own, abs=1e-6)
    assert abs(own - smooth_vol(6400.0, FORWARD)) > 0.003


def test_a_wing_without_a_bid_is_worth_half_its_ask() -> None:
    mark = mark_of(WING, market_of([quoted(smooth_chain(), 6000.0, "P", bid=0.0, ask=0.10)]))
    assert mark.rung is Rung.MID
    assert mark.value == pytest.approx(0.05)
    assert mark.reason == "no bid: half the ask"
    assert mark.vol_origin == "smile"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_quote_is_replaced_by_the_smile(name: str) -> None:
    columns, why = BROKEN[name]
    mark = mark_of(PUT, market_of([quoted(smooth_chain(), 6400.0, "P", last=44.0, **columns)]))
    vol = smooth_vol(6400.0, FORWARD)
    assert (mark.rung, mark.reason, mark.vol_origin) == (Rung.MODEL, why, "smile")
    assert mark.vol == pytest.approx(vol, abs=5e-4)
    assert mark.value == pytest.approx(plain.black(FORWARD, DISCOUNT, YEARS, 6400.0, vol, "P"), abs=0.25)


@pytest.mark.parametrize("name", BROKEN)
def test_without_a_smile_the_last_trade_of_the_session_counts(name: str) -> None:
    columns, why = BROKEN[name]
    mark = mark_of(PUT, lonely(last=44.0, **columns))
    assert (mark.value, mark.rung, mark.reason, mark.vol_origin) == (44.0, Rung.LAST, why, "last")


@pytest.mark.parametrize("name", BROKEN)
def test_without_smile_and_last_there_is_no_value(name: str) -> None:
    columns, why = BROKEN[name]
    valuation = valued(holding(PUT), lonely(**columns))
    mark, greeks = valuation.marks[PUT], valuation.greeks[PUT]
    assert (mark.value, mark.rung, mark.reason) == (None, Rung.NONE, why)
    assert (mark.vol, mark.vol_origin) == (None, "")
    assert (greeks.delta, greeks.gamma, greeks.vega, greeks.theta, greeks.rho) == (None,) * 5


@pytest.mark.parametrize("last", [0.0, -1.0, nan])
def test_a_last_trade_at_no_price_is_none(last: float) -> None:
    assert mark_of(PUT, lonely(bid=0.0, ask=0.0, last=last)).rung is Rung.NONE


def test_a_strike_the_chain_lacks_is_priced_on_the_smile() -> None:
    unlisted = Contract("SPXW", YEAR_END, "P", 6410.0)
    mark = mark_of(unlisted, market_of([smooth_chain()]))
    right = plain.black(FORWARD, DISCOUNT, YEARS, 6410.0, smooth_vol(6410.0, FORWARD), "P")
    assert (mark.rung, mark.reason, mark.bid, mark.ask, mark.quote_time) == (
        Rung.MODEL,
        "not quoted",
        None,
        None,
        None,
    )
    assert mark.value == pytest.approx(right, abs=0.25)


def test_a_chain_that_is_not_there_gives_no_value() -> None:
    other_week = Contract("SPXW", date(2026, 12, 24), "P", 6400.0)
    mark = mark_of(other_week, market_of([smooth_chain()]))
    assert (mark.value, mark.rung, mark.reason) == (None, Rung.NONE, "not quoted")


YESTERDAY = datetime(2026, 11, 19, 16, 0, tzinfo=NEW_YORK)


def test_a_quote_of_an_earlier_session_is_no_mark() -> None:
    columns = {"bid": 60.0, "ask": 60.4, "last": 60.2, "time": YESTERDAY.timestamp()}
    among_fresh = mark_of(PUT, market_of([quoted(smooth_chain(), 6400.0, "P", **columns)]))
    assert (among_fresh.rung, among_fresh.reason) == (Rung.MODEL, "its quote is from an earlier session")
    assert among_fresh.vol == pytest.approx(smooth_vol(6400.0, FORWARD), abs=5e-4)
    alone = mark_of(PUT, lonely(**columns))
    assert (alone.value, alone.rung, alone.reason) == (
        None,
        Rung.NONE,
        "its quote is from an earlier session",
    )


def test_a_whole_chain_of_yesterday_prices_nothing_today() -> None:
    valuation = valued(holding(PUT), market_of([stamped(smooth_chain(), YESTERDAY)]))
    market = valuation.markets["SPXW", YEAR_END]
    assert (market.origin, market.smile) == ("carry", None)
    assert valuation.marks[PUT].rung is Rung.NONE


@pytest.mark.parametrize(
    ("taken", "current"),
    [
        (datetime(2026, 11, 19, 18, 0, tzinfo=NEW_YORK), True),
        (datetime(2026, 11, 20, 8, 0, tzinfo=NEW_YORK), True),
        (datetime(2026, 11, 20, 9, 45, tzinfo=NEW_YORK), False),
        (datetime(2026, 11, 21, 12, 0, tzinfo=NEW_YORK), False),
    ],
)
def test_the_session_goes_on_until_the_next_one_opens(taken: datetime, current: bool) -> None:
    market = replace(market_of([stamped(smooth_chain(at=taken), YESTERDAY)]), time=taken)
    assert (mark_of(PUT, market).rung is Rung.MID) is current


def test_a_declared_delay_counts_before_the_session_does() -> None:
    taken = datetime(2026, 11, 20, 9, 40, tzinfo=NEW_YORK)
    market = replace(market_of([stamped(smooth_chain(at=taken), YESTERDAY)]), time=taken)
    assert mark_of(PUT, market).rung is Rung.NONE
    late = replace(market, delay=AT - AT.replace(minute=15))
    assert mark_of(PUT, late).rung is Rung.MID


MONTHLY = date(2026, 12, 18)


def test_an_am_series_past_its_last_trading_day_awaits_settlement_with_time_value() -> None:
    morning = datetime(2026, 12, 18, 8, 0, tzinfo=NEW_YORK)
    at_the_money = Contract("SPX", MONTHLY, "P", 6800.0)
    chain = stamped(smooth_chain(MONTHLY, "SPX", at=morning), datetime(2026, 12, 17, 16, 10, tzinfo=NEW_YORK))
    valuation = valued(holding(at_the_money), replace(market_of([chain]), time=morning))
    mark, greeks = valuation.marks[at_the_money], valuation.greeks[at_the_money]
    assert mark.reason == "awaiting settlement"
    assert mark.value is not None
    assert mark.value > 5.0
    assert greeks.gamma is not None
    assert greeks.gamma > 0.0


def test_an_am_series_still_trading_awaits_nothing() -> None:
    before = datetime(2026, 12, 17, 16, 10, tzinfo=NEW_YORK)
    contract = Contract("SPX", MONTHLY, "P", 6800.0)
    assert mark_of(contract, market_of([smooth_chain(MONTHLY, "SPX", at=before)], at=before)).reason == ""
    after = datetime(2026, 12, 17, 16, 20, tzinfo=NEW_YORK)
    shut = mark_of(contract, market_of([smooth_chain(MONTHLY, "SPX", at=after)], at=after))
    assert shut.reason == "awaiting settlement"


def test_a_vix_future_takes_its_quote_or_the_forward_of_its_settlement_day() -> None:
    future = Contract("VX", VIX_DAY)
    chain = chain_of("VIX", VIX_DAY, 19.35, dict.fromkeys((16.0, 18.0, 19.0, 20.0, 22.0, 25.0), 0.9))
    market = market_of([chain])
    model = mark_of(future, market)
    assert (model.rung, model.reason) == (Rung.MODEL, "not quoted")
    assert model.value == pytest.approx(19.35, abs=1e-6)
    quote = Quote(future.symbol, bid=19.40, ask=19.50)
    own = mark_of(future, replace(market, quotes={**market.quotes, future.symbol: quote}))
    assert own.rung is Rung.MID
    assert own.value == pytest.approx(19.45)


def test_shares_are_worth_their_mid_then_their_last_then_nothing() -> None:
    shares = Contract("VXX")
    bare = market_of([])
    assert mark_of(shares, bare).rung is Rung.NONE
    for quote, rung, value in (
        (Quote("VXX", bid=50.0, ask=50.2, last=49.0), Rung.MID, 50.1),
        (Quote("VXX", last=49.0), Rung.LAST, 49.0),
    ):
        mark = mark_of(shares, replace(bare, quotes={**bare.quotes, "VXX": quote}))
        assert mark.rung is rung
        assert mark.value == pytest.approx(value)


def test_a_leg_in_the_money_takes_its_vol_from_the_smile_and_from_itself_where_there_is_none() -> None:
    deep = Contract("SPXW", YEAR_END, "P", 7200.0)
    fair = plain.black(FORWARD, DISCOUNT, YEARS, 7200.0, smooth_vol(7200.0, FORWARD), "P")
    dear = {"bid": fair + 2.0, "ask": fair + 2.4}
    on_smile = mark_of(deep, market_of([quoted(smooth_chain(), 7200.0, "P", **dear)]))
    assert (on_smile.rung, on_smile.vol_origin) == (Rung.MID, "smile")
    assert on_smile.value == pytest.approx(fair + 2.2)
    assert on_smile.vol == pytest.approx(smooth_vol(7200.0, FORWARD), abs=5e-4)
    alone = market_of([chain_of("SPXW", YEAR_END, FORWARD, {7200.0: 0.14})])
    forward = 6800.0 * exp(RATE * YEARS)
    own = mark_of(deep, alone)
    assert own.value is not None
    assert own.vol_origin == "mid"
    assert own.vol == pytest.approx(
        plain.black_vol(own.value, forward, DISCOUNT, YEARS, 7200.0, "P"), abs=1e-6
    )


VIX_CHAIN = chain_of("VIX", VIX_DAY, 19.35, {float(k): 0.9 + 0.01 * (k - 19) for k in range(15, 31)})


def test_a_vix_leg_that_tells_its_own_vol_needs_no_smile_and_others_get_one() -> None:
    out, within = Contract("VIX", VIX_DAY, "C", 25.0), Contract("VIX", VIX_DAY, "C", 17.0)
    alone = valued(holding(out), market_of([VIX_CHAIN]))
    assert alone.markets["VIX", VIX_DAY].smile is None
    assert alone.marks[out].vol == pytest.approx(0.96, abs=1e-6)
    both = valued(holding(out, within), market_of([VIX_CHAIN]))
    assert both.marks[within].vol_origin == "smile"
    assert both.marks[within].vol == pytest.approx(0.88, abs=2e-3)
    assert both.marks[out].vol == alone.marks[out].vol


def test_a_broken_vix_quote_is_replaced_by_the_smile() -> None:
    leg = Contract("VIX", VIX_DAY, "C", 25.0)
    mark = mark_of(leg, market_of([quoted(VIX_CHAIN, 25.0, "C", bid=2.0, ask=1.0)]))
    years = plain.years(AT, settlement_instant("VIX", VIX_DAY))
    fair = plain.black(19.35, exp(-RATE * years), years, 25.0, 0.96, "C")
    assert (mark.rung, mark.vol_origin) == (Rung.MODEL, "smile")
    assert mark.value == pytest.approx(fair, abs=0.01)


def test_an_american_option_without_a_quote_has_no_value() -> None:
    option = Contract("VXX", YEAR_END, "C", 55.0)
    market = market_of([])
    market = replace(market, quotes={**market.quotes, "VXX": Quote("VXX", last=50.0)})
    assert mark_of(option, market).rung is Rung.NONE
    quote = Quote(option.symbol, bid=3.0, ask=3.2)
    mark = mark_of(option, replace(market, quotes={**market.quotes, option.symbol: quote}))
    assert (mark.rung, mark.vol_origin) == (Rung.MID, "mid")
    assert mark.value == pytest.approx(3.1)
    assert mark.vol == pytest.approx(
        plain.black_vol(3.1, 50.0 * exp(RATE * YEARS), DISCOUNT, YEARS, 55.0, "C"), abs=2e-3
    )
