"""A leg past its settlement has no time value: what the closes settle it on, or nothing known."""

from dataclasses import replace
from datetime import date, datetime
from math import nan

import pytest

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.risk.marks import LegMark, Rung
from alvh_tui.risk.valuation import Valuation
from tests.risk.worlds import AT, closes, holding, market_of, smooth_chain, valued

EXPIRED = date(2026, 11, 20)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=NEW_YORK)
CLOSES = {date(2026, 11, 19): 6700.0, EXPIRED: 6795.0, date(2026, 11, 23): 6950.0}


def monday(closing: dict[date, float] = CLOSES) -> MarketSnapshot:
    return replace(market_of([], at=MONDAY), history=closes(spx=closing))


def valuation_of(contract: Contract, market: MarketSnapshot, at: datetime = MONDAY) -> Valuation:
    return valued(holding(contract), market, at)


def mark_of(contract: Contract, market: MarketSnapshot, at: datetime = MONDAY) -> LegMark:
    return valuation_of(contract, market, at).marks[contract]


@pytest.mark.parametrize(
    ("root", "right", "strike", "worth"),
    [
        ("SPXW", "P", 6800.0, 5.0),
        ("SPXW", "P", 6795.0, 0.0),
        ("SPXW", "C", 6750.0, 45.0),
        ("SPXW", "C", 6800.0, 0.0),
        ("XSP", "P", 680.0, 0.5),
        ("XSP", "C", 678.0, 1.5),
    ],
)
def test_a_pm_series_is_settled_on_the_close_of_its_day(
    root: str, right: str, strike: float, worth: float
) -> None:
    contract = Contract(root, EXPIRED, "P" if right == "P" else "C", strike)
    valuation = valuation_of(contract, monday())
    mark, greeks = valuation.marks[contract], valuation.greeks[contract]
    assert mark.rung is Rung.SETTLED
    assert mark.value == pytest.approx(worth, abs=1e-9)
    assert mark.reason.startswith("expired 2026-11-20, settled on the close of ")
    assert (mark.bid, mark.ask, mark.vol) == (None, None, None)
    assert (greeks.delta, greeks.gamma, greeks.vega, greeks.theta, greeks.rho) == (0.0,) * 5
    assert valuation.legs.values([0], 6000.0)[0] == pytest.approx(worth, abs=1e-9)


@pytest.mark.parametrize(
    "contract",
    [
        Contract("SPX", EXPIRED, "P", 6800.0),
        Contract("VIX", date(2026, 11, 18), "C", 18.0),
        Contract("VX", date(2026, 11, 18)),
    ],
)
def test_what_settles_on_an_opening_print_is_unknown(contract: Contract) -> None:
    market = replace(
        market_of([], at=MONDAY), history=closes(spx=CLOSES, vix={EXPIRED: 17.0, date(2026, 11, 18): 21.0})
    )
    valuation = valuation_of(contract, market)
    mark = valuation.marks[contract]
    assert (mark.value, mark.rung) == (None, Rung.NONE)
    assert "its settlement value is not in this market" in mark.reason
    assert valuation.greeks[contract].delta == 0.0
    market_then = valuation.market_of(contract)
    assert market_then is not None
    assert market_then.forward is None


@pytest.mark.parametrize("closing", [{date(2026, 11, 19): 6700.0}, {**CLOSES, EXPIRED: nan}])
def test_without_that_close_it_is_unknown(closing: dict[date, float]) -> None:
    mark = mark_of(Contract("SPXW", EXPIRED, "P", 6800.0), monday(closing))
    assert (mark.value, mark.rung) == (None, Rung.NONE)
    assert mark.reason == "expired 2026-11-20; no close of that day to settle it on"


def test_a_quote_left_over_from_its_last_day_settles_nothing() -> None:
    market = replace(monday(), chains={("SPXW", EXPIRED): smooth_chain(EXPIRED, at=AT)})
    assert mark_of(Contract("SPXW", EXPIRED, "P", 6800.0), market).value == pytest.approx(5.0)


def test_the_close_is_not_known_before_the_bell() -> None:
    contract = Contract("SPXW", EXPIRED, "P", 6800.0)
    friday = replace(market_of([], at=AT), history=closes(spx=CLOSES))
    assert mark_of(contract, friday, AT).rung is Rung.NONE
    assert mark_of(contract, friday, AT.replace(hour=16, minute=0)).rung is Rung.SETTLED
