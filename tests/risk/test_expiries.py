"""One forward for each expiry and root: parity first, then a future, then carry; VIX never on its spot."""

from dataclasses import replace
from datetime import date, datetime
from math import exp, log

import numpy as np
import pytest

from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Quote
from alvh_tui.risk.expiries import risk_free_rate
from alvh_tui.risk.valuation import value_book
from tests.risk import plain
from tests.risk.worlds import (
    AT,
    METHOD_LINK,
    RATE,
    SPOT,
    VIX_DAY,
    YEAR_END,
    chain_of,
    closes,
    holding,
    index_forward,
    market_of,
    quoted,
    smooth_chain,
    valued,
    without,
)

FRIDAY = date(2026, 12, 18)
PUT = Contract("SPXW", YEAR_END, "P", 6400.0)
VIX_CALL = Contract("VIX", VIX_DAY, "C", 25.0)
VIX_VOLS = dict.fromkeys((15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 25.0, 30.0), 0.9)


def years_to(root: str, expiry: date, at: datetime = AT) -> float:
    return plain.years(at, settlement_instant(root, expiry))


def test_parity_finds_the_forward_under_dirty_quotes() -> None:
    chain = smooth_chain(width=0.8)
    for strike in (6600.0, 6750.0):
        call = float(chain.call_bid[np.searchsorted(chain.strikes, strike)])
        chain = quoted(chain, strike, "C", bid=call + 60.0, ask=call + 60.8)
    chain = quoted(chain, 6700.0, "P", bid=0.0, ask=0.0)
    market = valued(holding(PUT), market_of([chain])).markets["SPXW", YEAR_END]
    assert market.origin == "parity"
    assert market.forward == pytest.approx(index_forward(YEAR_END), abs=0.05)
    assert market.discount == pytest.approx(exp(-RATE * years_to("SPXW", YEAR_END)), rel=1e-4)
    assert market.strikes_used > 15
    assert market.residual == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("spot", [6500.0, 6800.0, 7200.0])
def test_the_index_never_enters_a_parity_forward(spot: float) -> None:
    market = valued(holding(PUT), market_of([smooth_chain()], spot)).markets["SPXW", YEAR_END]
    assert market.forward == pytest.approx(index_forward(YEAR_END), abs=0.01)


def test_too_few_pairs_are_carried_at_what_the_other_expiries_grow_by() -> None:
    two_strikes = smooth_chain(strikes=(6775, 6825))
    book = holding(PUT, Contract("SPXW", FRIDAY, "P", 6400.0))
    markets = valued(book, market_of([two_strikes, smooth_chain(FRIDAY)])).markets
    assert markets["SPXW", FRIDAY].origin == "parity"
    assert markets["SPXW", YEAR_END].origin == "carry"
    assert markets["SPXW", YEAR_END].forward == pytest.approx(index_forward(YEAR_END), abs=0.05)
    alone = valued(holding(PUT), market_of([two_strikes])).markets["SPXW", YEAR_END]
    assert alone.origin == "carry"
    assert alone.forward == pytest.approx(SPOT * exp(RATE * years_to("SPXW", YEAR_END)), abs=1e-6)


def test_without_index_and_parity_there_is_no_forward() -> None:
    market = replace(market_of([]), quotes={})
    found = valued(holding(PUT), market).markets["SPXW", YEAR_END]
    assert (found.forward, found.origin) == (None, None)
    assert found.reason == "no parity in its chain and no level of its underlying"


def test_an_index_that_is_not_quoted_is_taken_from_the_nearest_forward() -> None:
    book = holding(PUT, Contract("SPXW", FRIDAY, "P", 6400.0))
    market = replace(market_of([smooth_chain(), smooth_chain(FRIDAY)]), quotes={})
    found = valued(book, market)
    years = years_to("SPXW", FRIDAY)
    assert found.spot_origin == "SPXW 2026-12-18 forward"
    assert found.spot == pytest.approx(index_forward(FRIDAY) * exp(-RATE * years), abs=0.05)


def test_nobody_bids_for_an_index_its_last_level_counts() -> None:
    market = market_of([smooth_chain()])
    quotes = {**market.quotes, "^SPX": Quote("^SPX", bid=6600.0, ask=6700.0, last=SPOT)}
    assert valued(holding(PUT), replace(market, quotes=quotes)).spot == SPOT


def test_am_and_pm_series_of_one_friday_have_two_forwards() -> None:
    at_open, at_close = index_forward(FRIDAY, "SPX"), index_forward(FRIDAY, "SPXW")
    book = holding(Contract("SPX", FRIDAY, "P", 6400.0), Contract("SPXW", FRIDAY, "P", 6400.0))
    chains = [smooth_chain(FRIDAY, "SPX", forward=at_open - 3.0), smooth_chain(FRIDAY, "SPXW")]
    found = valued(book, market_of(chains)).markets
    assert found["SPX", FRIDAY].forward == pytest.approx(at_open - 3.0, abs=0.01)
    assert found["SPXW", FRIDAY].forward == pytest.approx(at_close, abs=0.01)
    hours = (found["SPXW", FRIDAY].years - found["SPX", FRIDAY].years) * 365.0 * 24.0
    assert hours == pytest.approx(6.5)


@pytest.mark.parametrize("spot_vix", [12.0, 17.2, 40.0])
def test_vix_options_stand_on_the_forward_of_their_own_expiry(spot_vix: float) -> None:
    market = market_of([chain_of("VIX", VIX_DAY, 19.35, VIX_VOLS)], vix=spot_vix)
    valuation = valued(holding(VIX_CALL), market)
    assert valuation.markets["VIX", VIX_DAY].forward == pytest.approx(19.35, abs=1e-6)
    assert valuation.marks[VIX_CALL].vol == pytest.approx(0.9, abs=1e-6)


def test_without_parity_and_future_vix_options_are_unknown_whatever_spot_says() -> None:
    valuation = valued(holding(VIX_CALL), market_of([chain_of("VIX", VIX_DAY, 19.35, {25.0: 0.9})]))
    market = valuation.markets["VIX", VIX_DAY]
    assert (market.forward, market.origin) == (None, None)
    assert market.reason == "no VIX forward: too few two-sided quotes for parity and no VX future"
    assert valuation.marks[VIX_CALL].value is not None
    assert valuation.marks[VIX_CALL].vol is None
    assert valuation.greeks[VIX_CALL].delta is None


@pytest.mark.parametrize("future", ["VX", "VXM"])
def test_a_quoted_future_stands_in_for_parity(future: str) -> None:
    symbol = Contract(future, VIX_DAY).symbol
    market = market_of([chain_of("VIX", VIX_DAY, 19.35, {25.0: 0.9})])
    fresh = Quote(symbol, bid=19.30, ask=19.40)
    found = valued(holding(VIX_CALL), replace(market, quotes={**market.quotes, symbol: fresh}))
    assert found.markets["VIX", VIX_DAY].origin == "quote"
    assert found.markets["VIX", VIX_DAY].forward == pytest.approx(19.35)
    assert found.marks[VIX_CALL].vol == pytest.approx(0.9, abs=1e-6)
    yesterday = replace(fresh, time=datetime(2026, 11, 19, 16, 0, tzinfo=NEW_YORK))
    stale = valued(holding(VIX_CALL), replace(market, quotes={**market.quotes, symbol: yesterday}))
    assert stale.markets["VIX", VIX_DAY].forward is None
    untraded = valued(
        holding(VIX_CALL), replace(market, quotes={**market.quotes, symbol: Quote(symbol, last=0.0)})
    )
    assert untraded.markets["VIX", VIX_DAY].forward is None


@pytest.mark.parametrize(
    ("future", "options", "day"),
    [("VX", "VIX", VIX_DAY), ("VXM", "VIX", VIX_DAY), ("VX", "VIXW", date(2026, 12, 2))],
)
def test_a_future_is_worth_the_parity_forward_of_its_settlement(future: str, options: str, day: date) -> None:
    held = Contract(future, day)
    valuation = valued(holding(held), market_of([chain_of(options, day, 18.45, VIX_VOLS)]))
    market = valuation.markets[future, day]
    assert market.origin == "parity"
    assert market.forward == pytest.approx(18.45, abs=1e-6)
    assert valuation.marks[held].value == pytest.approx(18.45, abs=1e-6)


def test_the_vix_curve_is_known_where_it_is_quoted_though_nobody_holds_it() -> None:
    chains = [smooth_chain(), smooth_chain(FRIDAY), chain_of("VIX", VIX_DAY, 19.35, VIX_VOLS)]
    markets = valued(holding(PUT), market_of(chains)).markets
    assert markets["VIX", VIX_DAY].forward == pytest.approx(19.35, abs=1e-6)
    assert markets["VIX", VIX_DAY].smile is None
    assert markets["SPXW", YEAR_END].smile is not None
    assert ("SPXW", FRIDAY) not in markets


def test_quotes_of_yesterday_bend_neither_forward_nor_smile() -> None:
    fresh = smooth_chain()
    stale = np.arange(len(fresh.strikes)) % 2 == 1
    yesterday = datetime(2026, 11, 19, 16, 0, tzinfo=NEW_YORK).timestamp()
    moved = {
        "call_bid": lambda c: np.where(stale, c + 30.0, c),
        "call_ask": lambda c: np.where(stale, c + 30.0, c),
        "call_time": lambda c: np.where(stale, yesterday, AT.timestamp()),
        "put_time": lambda c: np.where(stale, yesterday, AT.timestamp()),
    }
    market = valued(holding(PUT), market_of([without(fresh, **moved)])).markets["SPXW", YEAR_END]
    clean = valued(holding(PUT), market_of([fresh])).markets["SPXW", YEAR_END]
    assert market.forward == pytest.approx(index_forward(YEAR_END), abs=0.01)
    assert market.smile is not None
    assert clean.smile is not None
    assert market.smile.atm == pytest.approx(clean.smile.atm, abs=1e-4)


DAYS = (date(2026, 11, 18), date(2026, 11, 19))
BILL = Quote("^IRX", last=3.9, prev_close=3.8)


def test_the_rate_is_the_markets_own_first() -> None:
    market = market_of([])
    with_bill = replace(market, quotes={"^IRX": BILL})
    assert risk_free_rate(with_bill, 0.03).value == RATE
    assert risk_free_rate(with_bill, 0.03).origin == "market"


def test_then_the_bill_then_the_history_then_the_rules() -> None:
    history = closes(dgs10=dict.fromkeys(DAYS, 4.6), t10y3m=dict.fromkeys(DAYS, 0.5))
    market = replace(market_of([]), risk_free=None, history=history)
    with_bill = risk_free_rate(replace(market, quotes={"^IRX": BILL}), 0.03)
    assert with_bill.value == pytest.approx(log(1.039))
    before_the_open = replace(BILL, last=None)
    assert risk_free_rate(replace(market, quotes={"^IRX": before_the_open}), 0.03).value == pytest.approx(
        log(1.038)
    )
    from_history = risk_free_rate(market, 0.03)
    assert from_history.value == pytest.approx(log(1.041))
    assert "10-year" in from_history.origin
    from_rules = risk_free_rate(replace(market, history=None), 0.03)
    assert (from_rules.value, from_rules.origin) == (0.03, "rules")


def test_a_rate_of_tomorrow_is_not_known_today() -> None:
    tomorrow = date(2026, 11, 23)
    history = closes(
        dgs10={**dict.fromkeys(DAYS, 4.6), tomorrow: 9.0}, t10y3m={**dict.fromkeys(DAYS, 0.5), tomorrow: 0.5}
    )
    market = replace(market_of([]), risk_free=None, history=history)
    assert value_book(holding(PUT), market, AT, METHOD_LINK, 0.03).rate.value == pytest.approx(log(1.041))


def test_the_rate_discounts_where_the_strikes_do_not() -> None:
    narrow = smooth_chain(strikes=(6700, 6725, 6750, 6775, 6800, 6825, 6850))
    market = replace(market_of([narrow]), risk_free=0.03)
    found = valued(holding(PUT), market).markets["SPXW", YEAR_END]
    assert found.discount == pytest.approx(exp(-0.03 * years_to("SPXW", YEAR_END)), abs=1e-12)
