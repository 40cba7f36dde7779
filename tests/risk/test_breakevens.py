"""Every kind of breakeven, now and ahead, against the zeros of a P&L written independently."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

import pytest

from alvh_tui.book.model import Adjustment, Condor, Hedge
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.risk.breakevens import (
    KINDS,
    TODAY_KINDS,
    BreakevenKind,
    Breakevens,
    BreakevenTable,
    find_breakevens,
    hedge_shares,
    units_of,
)
from alvh_tui.risk.positions import figure_position
from tests.risk import plain
from tests.risk.plain import PlainLeg, plain_pnl
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    index_forward,
    leg,
    market_of,
    valued,
    vix_calls,
)

PM, AM = settlement_instant("SPXW", YEAR_END), settlement_instant("VIX", VIX_DAY)
TO_EXPIRY = plain.years(AT, PM)
VIX_FORWARD, VIX_VOL = 19.35, 0.9
AHEAD = {1: date(2026, 11, 23), 5: date(2026, 11, 30), 10: date(2026, 12, 7)}
"""Thanksgiving lies between."""


def spx_vol(strike: float) -> float:
    return 0.165 - 9e-5 * (strike - 6800.0)


MARKET = market_of(
    [
        chain_of(
            "SPXW", YEAR_END, index_forward(YEAR_END), {float(k): spx_vol(k) for k in range(6000, 7525, 25)}
        ),
        chain_of("VIX", VIX_DAY, VIX_FORWARD, dict.fromkeys([float(k) for k in range(14, 41)], VIX_VOL)),
    ]
)


def spx(quantity: float, right: str, strike: float) -> PlainLeg:
    return PlainLeg(quantity, right, strike, spx_vol(strike), PM)


def on_vix(quantity: float, strike: float) -> PlainLeg:
    return PlainLeg(quantity, "C", strike, VIX_VOL, AM, vix_forward=VIX_FORWARD)


@dataclass(frozen=True)
class Case:
    condor: Condor
    hedge: Hedge | None
    legs: tuple[PlainLeg, ...]
    """The condor's, as held now."""
    cash: float
    hedge_legs: tuple[PlainLeg, ...] = ()
    hedge_cash: float = 0.0

    def table(self) -> BreakevenTable:
        book = book_of(self.condor, *([self.hedge] if self.hedge else []))
        valuation = valued(book, MARKET)
        figures = {held.id: figure_position(held, valuation) for held in book.positions}
        return find_breakevens(units_of(book, hedge_shares(book, figures)), valuation)["dec-31"]

    def expected(self, kind: BreakevenKind, ahead: float) -> tuple[float | None, float | None]:
        hedged = kind in ("expiry_hedged", "today_hedged")
        legs = (*self.legs, *self.hedge_legs) if hedged else self.legs
        paid = self.hedge_cash if hedged or kind == "expiry_hedge_cost" else 0.0
        path = kind in ("expiry_hedged", "today_path", "today_hedged")
        return plain.profit_zone(plain_pnl(legs, self.cash + paid, ahead, on_path=path))


LEGS = (spx(10, "P", 6350), spx(-10, "P", 6400), spx(-10, "C", 7100), spx(10, "C", 7150))
PUT_SPREAD = Hedge(
    id="L2",
    legs=(leg(5, "SPXW", YEAR_END, "P", 6300.0), leg(-5, "SPXW", YEAR_END, "P", 6100.0)),
    credit=-7.5,
    opened=date(2026, 11, 17),
    layer="L2",
)
CALL_SPREAD = replace(
    vix_calls(12, 22.0, 0.93),
    legs=(leg(12, "VIX", VIX_DAY, "C", 22.0), leg(-12, "VIX", VIX_DAY, "C", 32.0)),
)
ROLLED = replace(
    condor(17.5),
    adjustments=(
        Adjustment(
            on=date(2026, 11, 18),
            legs=(
                leg(10, "SPXW", YEAR_END, "C", 7100.0),
                leg(-10, "SPXW", YEAR_END, "C", 7150.0),
                leg(-10, "SPXW", YEAR_END, "C", 7050.0),
                leg(10, "SPXW", YEAR_END, "C", 7100.0),
            ),
            credit=2.85,
            contracts=10,
        ),
    ),
)
PARTLY_CLOSED = replace(
    condor(17.5),
    adjustments=(
        Adjustment(
            on=date(2026, 11, 18),
            legs=(
                leg(-4, "SPXW", YEAR_END, "P", 6350.0),
                leg(4, "SPXW", YEAR_END, "P", 6400.0),
                leg(4, "SPXW", YEAR_END, "C", 7100.0),
                leg(-4, "SPXW", YEAR_END, "C", 7150.0),
            ),
            credit=-21.0,
            contracts=4,
        ),
    ),
)
CASES = {
    "VIX calls": Case(condor(17.5), vix_calls(30), LEGS, 17_500.0, (on_vix(30, 25),), -3_450.0),
    "a VIX call spread": Case(
        condor(17.5), CALL_SPREAD, LEGS, 17_500.0, (on_vix(12, 22), on_vix(-12, 32)), -1_116.0
    ),
    "an SPX put spread": Case(
        condor(17.5), PUT_SPREAD, LEGS, 17_500.0, (spx(5, "P", 6300), spx(-5, "P", 6100)), -3_750.0
    ),
    "unequal wings": Case(
        condor(22.0, strikes=(6250.0, 6400.0, 7100.0, 7150.0)),
        vix_calls(20),
        (spx(10, "P", 6250), *LEGS[1:]),
        22_000.0,
        (on_vix(20, 25),),
        -2_300.0,
    ),
    "the calls rolled down": Case(
        ROLLED,
        vix_calls(20),
        (*LEGS[:2], spx(-10, "C", 7050), spx(10, "C", 7100)),
        20_350.0,
        (on_vix(20, 25),),
        -2_300.0,
    ),
    "partly closed": Case(
        PARTLY_CLOSED,
        vix_calls(10),
        tuple(replace(held, quantity=0.6 * held.quantity) for held in LEGS),
        9_100.0,
        (on_vix(10, 25),),
        -1_150.0,
    ),
    "unhedged": Case(condor(17.5), None, LEGS, 17_500.0),
}


def agree(found: Breakevens, expected: tuple[float | None, float | None]) -> None:
    for level, wanted, note in zip(
        (found.low, found.high), expected, (found.low_note, found.high_note), strict=True
    ):
        if wanted is None:
            assert level is None
            assert note
        else:
            assert level == pytest.approx(wanted, abs=2e-4)
            assert note == ""


@pytest.mark.parametrize("name", CASES)
def test_all_kinds_are_the_zeros_of_the_pnl(name: str) -> None:
    case, table = CASES[name], CASES[name].table()
    for kind in KINDS:
        ahead = 0.0 if kind in TODAY_KINDS else TO_EXPIRY
        agree(table.kinds[kind], case.expected(kind, ahead))


@pytest.mark.parametrize("name", ["VIX calls", "an SPX put spread"])
def test_the_same_some_sessions_ahead(name: str) -> None:
    case = CASES[name]
    projected = {projection.sessions: projection for projection in case.table().projections}
    assert sorted(projected) == [1, 5, 10]
    for sessions, on in AHEAD.items():
        assert projected[sessions].on == on
        ahead = plain.years(AT, datetime.combine(on, time(15, 30), NEW_YORK))
        for kind in TODAY_KINDS:
            agree(projected[sessions].kinds[kind], case.expected(kind, ahead))


def test_at_expiry_they_are_strikes_less_credit() -> None:
    expiry = {name: case.table().kinds for name, case in CASES.items()}
    plainly = expiry["VIX calls"]["expiry"]
    assert (plainly.low, plainly.high) == pytest.approx((6382.5, 7117.5))
    charged = expiry["VIX calls"]["expiry_hedge_cost"]
    assert (charged.low, charged.high) == pytest.approx((6385.95, 7114.05))
    rolled = expiry["the calls rolled down"]["expiry"]
    assert (rolled.low, rolled.high) == pytest.approx((6379.65, 7070.35))
    partly = expiry["partly closed"]["expiry"]
    assert (partly.low, partly.high) == pytest.approx((6400.0 - 9100 / 600, 7100.0 + 9100 / 600))


def test_the_worlds_disagree_enough_to_tell_the_kinds_apart() -> None:
    kinds = CASES["VIX calls"].table().kinds
    lows = [kinds[kind].low for kind in KINDS]
    assert None not in lows
    assert len({round(low or 0.0) for low in lows}) == 6
