"""The book's sums against hand calculations, and what they say when a leg is missing."""

from dataclasses import replace
from datetime import date
from math import exp, log, sqrt

import pytest

from alvh_tui.book.model import Adjustment, Book, Hedge, Leg
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.risk.positions import figure_position
from alvh_tui.risk.totals import Totals, add_up
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
    valued,
    vix_calls,
)

YEARS = plain.years(AT, settlement_instant("SPXW", YEAR_END))
VIX_YEARS = plain.years(AT, settlement_instant("VIX", VIX_DAY))
DAYS, VIX_DAYS = 365.0 * YEARS, 365.0 * VIX_YEARS


def totals_of(book: Book, market: MarketSnapshot | None = None) -> Totals:
    valuation = valued(book, market or golden_market())
    return add_up([figure_position(held, valuation) for held in book.positions], valuation)


def vega(strike: float) -> float:
    """Dollars per vol point of one contract."""
    forward, vol = index_forward(YEAR_END), CONDOR_VOLS[strike]
    s = vol * sqrt(YEARS)
    d1 = log(forward / strike) / s + s / 2.0
    return 100.0 * 0.01 * exp(-RATE * YEARS) * forward * plain.bell(d1) * sqrt(YEARS)


def call_delta(strike: float = 25.0, vol: float = 0.9037399391) -> float:
    s = vol * sqrt(VIX_YEARS)
    return exp(-RATE * VIX_YEARS) * plain.normal(log(19.35 / strike) / s + s / 2.0)


HEDGE_DOLLARS = 30 * 100.0 * call_delta() * 0.75 / (1.0 + VIX_DAYS / 65.0)
CONDOR_DOLLARS = 10 * (vega(6350) - vega(6400) - vega(7100) + vega(7150)) * sqrt(30.0 / DAYS)


def test_coverage_is_the_hedges_gain_over_the_condors_loss_per_point_of_vix() -> None:
    found = totals_of(book_of(condor(17.5), vix_calls(30)))
    assert found.hedge_vix_dollars == pytest.approx(HEDGE_DOLLARS, rel=1e-6)
    assert found.condors_vix_dollars == pytest.approx(CONDOR_DOLLARS, rel=1e-6)
    assert CONDOR_DOLLARS < -1000.0
    assert found.vega_coverage == pytest.approx(HEDGE_DOLLARS / -CONDOR_DOLLARS, rel=1e-6)


def test_vix_calls_take_delta_off_a_book_that_is_long_the_index() -> None:
    put_hurt = condor(17.5, strikes=(6700.0, 6750.0, 7100.0, 7150.0))
    vols = dict.fromkeys((6700.0, 6750.0, 6800.0, 6850.0, 7100.0, 7150.0), 0.16)
    golden = golden_market()
    chain = chain_of("SPXW", YEAR_END, index_forward(YEAR_END), vols)
    market = replace(golden, chains={**golden.chains, ("SPXW", YEAR_END): chain})
    found = totals_of(book_of(put_hurt, vix_calls(30)), market)
    assert found.spx_delta is not None
    assert found.spx_delta > 0.0
    per_point = HEDGE_DOLLARS * 1.6 * 100.0 / SPOT
    assert found.spx_delta_hedged == pytest.approx(found.spx_delta - per_point, rel=1e-6)


def test_greeks_of_vix_are_never_added_to_those_of_spx() -> None:
    bare, hedged = totals_of(book_of(condor(17.5))), totals_of(book_of(condor(17.5), vix_calls(30)))
    for name in ("spx_delta", "gamma", "vega", "theta"):
        assert getattr(bare, name) == getattr(hedged, name)
    assert bare.hedge_vix_dollars == 0.0
    assert bare.vega_coverage == 0.0
    assert bare.spx_delta_hedged == bare.spx_delta


def test_net_theta_is_what_condors_earn_less_what_hedges_burn() -> None:
    book = book_of(condor(17.5), vix_calls(30))
    valuation = valued(book, golden_market())
    parts = [figure_position(held, valuation).greeks for held in book.positions]
    found = totals_of(book)
    assert parts[0] is not None
    assert parts[1] is not None
    assert parts[0].theta > 0.0 > parts[1].theta
    assert found.net_theta == pytest.approx(parts[0].theta + parts[1].theta)
    assert found.theta == parts[0].theta


def test_a_put_spread_stands_on_spx_and_covers_no_vix() -> None:
    spread = Hedge(
        id="L2",
        legs=(leg(5, "SPXW", YEAR_END, "P", 6500.0), leg(-5, "SPXW", YEAR_END, "P", 6400.0)),
        credit=-10.0,
        opened=date(2026, 11, 17),
        layer="L2",
    )
    found, bare = totals_of(book_of(condor(17.5), spread)), totals_of(book_of(condor(17.5)))
    assert found.hedge_vix_dollars == 0.0
    assert found.spx_delta is not None
    assert bare.spx_delta is not None
    assert found.spx_delta < bare.spx_delta
    assert found.vega != bare.vega


def test_xsp_is_added_in_points_of_spx() -> None:
    strikes = (635.0, 640.0, 710.0, 715.0)
    vols = {k: CONDOR_VOLS.get(10.0 * k, 0.16) for k in (*strikes, 650.0, 680.0, 700.0)}
    golden = golden_market()
    chains = {
        **golden.chains,
        ("XSP", YEAR_END): chain_of("XSP", YEAR_END, index_forward(YEAR_END) / 10.0, vols),
    }
    tenth = condor(1.75, lots=100, strikes=strikes, root="XSP", name="xsp")
    small = totals_of(book_of(tenth), replace(golden, chains=chains))
    large = totals_of(book_of(condor(17.5)))
    for name in ("pnl", "spx_delta", "gamma", "vega", "theta", "condors_vix_dollars"):
        assert getattr(small, name) == pytest.approx(getattr(large, name), rel=1e-4)


def test_a_future_moves_by_its_share_of_vix() -> None:
    future = replace(vix_calls(2), legs=(Leg(Contract("VX", VIX_DAY), 2),), credit=-19.0)
    found = totals_of(book_of(condor(17.5), future))
    assert found.hedge_vix_dollars == pytest.approx(2 * 1000.0 * 0.75 / (1.0 + VIX_DAYS / 65.0))
    assert found.unbounded == ("L1: not options of one settlement: no bound without a model",)
    assert found.margin == pytest.approx(32_500.0)
    assert found.complete


def test_only_premium_can_be_lost_to_an_expiry() -> None:
    future = replace(vix_calls(2, name="vx"), legs=(Leg(Contract("VX", VIX_DAY), 2),), credit=-19.0)
    shares = replace(vix_calls(100, name="vxx"), legs=(Leg(Contract("VXX"), 100),), credit=-50.0)
    found = totals_of(book_of(condor(17.5), vix_calls(30), future, shares))
    assert found.hedge_cost == pytest.approx(3_450.0)
    assert found.hedge_cost_pct_credit == pytest.approx(3_450.0 / 17_500.0)


@pytest.mark.parametrize(("root", "times"), [("VXX", 1.0), ("UVXY", 1.5), ("SVXY", -0.5)])
def test_a_note_follows_the_thirty_day_forward(root: str, times: float) -> None:
    shares = replace(vix_calls(100), legs=(Leg(Contract(root), 100),), credit=-50.0)
    golden = golden_market()
    market = replace(golden, quotes={**golden.quotes, root: Quote(root, last=50.0)})
    found = totals_of(book_of(condor(17.5), shares), market)
    share_of_forward = 0.75 / (1.0 + 30.0 / 65.0)
    assert found.hedge_vix_dollars == pytest.approx(100 * times * 50.0 * share_of_forward / 19.35, rel=1e-6)


def test_an_expired_future_hedges_nothing() -> None:
    gone = replace(vix_calls(2), legs=(Leg(Contract("VX", date(2026, 11, 18)), 2),), credit=-19.0)
    assert totals_of(book_of(condor(17.5), gone)).hedge_vix_dollars == 0.0


def test_costs_credits_and_bounds_add_up() -> None:
    found = totals_of(book_of(condor(17.5), condor(10.0, lots=5, name="b"), vix_calls(30)))
    assert (found.credit, found.hedge_cost) == pytest.approx((22_500.0, 3_450.0))
    assert found.hedge_cost_pct_credit == pytest.approx(3_450.0 / 22_500.0)
    assert found.max_loss == pytest.approx(32_500.0 + 20_000.0)
    assert found.margin == pytest.approx(52_500.0)
    assert (found.complete, found.missing, found.unbounded) == (True, (), ())


def test_a_sum_without_a_leg_is_of_the_rest_and_names_it() -> None:
    unquoted = replace(
        condor(17.5, name="gone"),
        legs=tuple(
            replace(held, contract=replace(held.contract, expiry=date(2026, 12, 24)))
            for held in condor(17.5).legs
        ),
    )
    whole = totals_of(book_of(condor(17.5), vix_calls(30)))
    found = totals_of(book_of(condor(17.5), unquoted, vix_calls(30)))
    assert not found.complete
    assert len(found.missing) == 4
    assert found.missing[0] == "gone: SPXW 2026-12-24 6350P: no mark (not quoted)"
    assert (found.pnl, found.vega, found.vega_coverage) == (whole.pnl, whole.vega, whole.vega_coverage)
    assert found.max_loss == pytest.approx(65_000.0)


def test_what_is_wholly_unknown_is_none_and_not_zero() -> None:
    found = totals_of(book_of(condor(17.5), vix_calls(30)), market_of([]))
    for name in ("pnl", "spx_delta", "gamma", "vega", "theta", "net_theta", "vega_coverage"):
        assert getattr(found, name) is None
    assert found.max_loss == pytest.approx(32_500.0)
    assert not found.complete


def test_an_empty_book_adds_up_to_nothing() -> None:
    found = totals_of(book_of())
    assert (found.pnl, found.spx_delta, found.hedge_cost, found.margin) == (0.0, 0.0, 0.0, 0.0)
    assert (found.vega_coverage, found.hedge_cost_pct_credit) == (None, None)
    assert found.complete


def test_what_is_over_ties_no_margin_and_brings_no_credit_to_spend() -> None:
    closing = Adjustment(
        date(2026, 11, 19), tuple(Leg(held.contract, -held.quantity) for held in condor(17.5).legs), -6.0, 10
    )
    closed = replace(condor(17.5, name="closed"), adjustments=(closing,))
    settled = condor(17.5, expiry=date(2026, 11, 18), name="settled")
    found, alone = totals_of(book_of(condor(17.5), closed, settled)), totals_of(book_of(condor(17.5)))
    assert (found.margin, found.max_loss, found.credit) == (alone.margin, alone.max_loss, alone.credit)
    assert alone.pnl is not None
    assert found.pnl == pytest.approx(alone.pnl + 11_500.0)
    assert found.unbounded == ()


def test_a_fund_on_the_index_stands_in_its_delta() -> None:
    spy = Hedge("spy", (Leg(Contract("SPY"), -100),), credit=680.0, opened=date(2026, 11, 17), layer="L2")
    market = golden_market()
    market = replace(market, quotes={**market.quotes, "SPY": Quote("SPY", 679.9, 680.1, 680.0)})
    with_fund, without = (totals_of(book_of(condor(17.5), *held), market) for held in ((spy,), ()))
    assert with_fund.spx_delta is not None
    assert without.spx_delta is not None
    assert with_fund.spx_delta - without.spx_delta == pytest.approx(-100.0 * 680.0 / SPOT)


@pytest.mark.parametrize(
    ("quote", "value", "rung"),
    [
        (Quote("VX270120", 19.4, 19.5, 18.9), 19.45, "mid"),
        (Quote("VX270120", None, None, 18.9), 19.35, "model"),
        (Quote("VX270120", 19.5, 19.4, 18.9), 19.35, "model"),
    ],
)
def test_a_future_without_a_sane_quote_is_worth_the_parity_forward(
    quote: Quote, value: float, rung: str
) -> None:
    market = golden_market()
    market = replace(market, quotes={**market.quotes, quote.symbol: quote})
    future = Hedge("vx", (Leg(Contract("VX", VIX_DAY), 1),), credit=-19.0, opened=date(2026, 11, 17))
    mark = valued(book_of(future), market).marks[future.legs[0].contract]
    assert mark.value == pytest.approx(value, abs=1e-6)
    assert mark.rung.value == rung


def test_a_future_alone_is_worth_its_last_trade() -> None:
    market = market_of([])
    market = replace(market, quotes={**market.quotes, "VX270120": Quote("VX270120", last=18.9)})
    future = Hedge("vx", (Leg(Contract("VX", VIX_DAY), 1),), credit=-19.0, opened=date(2026, 11, 17))
    mark = valued(book_of(future), market).marks[future.legs[0].contract]
    assert (mark.value, mark.rung.value) == (18.9, "last")
