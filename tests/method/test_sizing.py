"""How many contracts each layer asks for: every yardstick against plain arithmetic; what must always hold."""

from dataclasses import replace
from datetime import date
from math import ceil, exp, floor, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alvh_tui.book.model import Account, Adjustment, Book, Hedge, Leg
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Event, Quote
from alvh_tui.method.book_view import LayerView
from alvh_tui.method.l2_scale import l2_scale
from alvh_tui.risk.migration import Migration
from tests.method.books import (
    AT_ONCE,
    ROOMY,
    VIX_VOL,
    VX,
    condor_value,
    condor_vix_dollars,
    judged,
    measured_in,
    option_on_spx,
    vix_call,
    vix_dollars,
    years_to,
)
from tests.method.worlds import ZONES
from tests.risk.plain import beta_tenor, black
from tests.risk.worlds import (
    RATE,
    SPOT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    leg,
    vix_calls,
    without,
)

CREDIT = 8.35
MAX_LOSS = 10 * 100 * (50.0 - CREDIT)
PREMIUM = 100.0 * vix_call(25.0)


def contracts_for(low: float, high: float, whole: float, per_contract: float) -> tuple[int, int]:
    """The fewest that reach the low end, the most within the high one; by counting."""
    least = next(n for n in range(10_000) if n * per_contract >= low * whole)
    most = max(n for n in range(10_000) if n * per_contract <= high * whole)
    return least, max(least, most)


def test_vega_coverage_is_the_hedges_slope_over_the_condors() -> None:
    found = judged(book_of(condor(CREDIT), vix_calls(30)), golden_market(), ROOMY)
    lost = -10 * condor_vix_dollars()
    yardstick = measured_in(found, "L1", "vega coverage")
    assert yardstick.reading == pytest.approx(30 * vix_dollars(25.0) / lost, rel=1e-4)
    assert (yardstick.least, yardstick.most) == contracts_for(0.40, 0.60, lost, vix_dollars(25.0))
    assert yardstick.note == ""


def test_exposure_share_is_the_gain_at_the_shock_over_the_largest_loss() -> None:
    found = judged(book_of(condor(CREDIT), vix_calls(30)), golden_market(), ROOMY)
    gain = 100.0 * (vix_call(25.0, 10.0) - vix_call(25.0))
    yardstick = measured_in(found, "L1", "exposure share")
    assert yardstick.reading == pytest.approx(30 * gain / MAX_LOSS, rel=1e-4)
    assert (yardstick.least, yardstick.most) == contracts_for(0.10, 0.15, MAX_LOSS, gain)


def test_exposure_by_notional_counts_xsp_as_a_tenth() -> None:
    notional = {**ROOMY, "sizing.exposure-share.exposure": "index-notional"}
    market = golden_market()
    tenths = {k / 10.0: 0.18 for k in (6350.0, 6400.0, 6600.0, 6800.0, 7000.0, 7100.0, 7150.0)}
    small = condor(0.8, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP")
    xsp = chain_of("XSP", YEAR_END, 682.1, tenths)
    market = replace(market, chains={**market.chains, ("XSP", YEAR_END): xsp})
    gain = 30 * 100.0 * (vix_call(25.0, 10.0) - vix_call(25.0))
    for held, index in ((condor(CREDIT), SPOT), (small, SPOT / 10.0)):
        found = judged(book_of(held, vix_calls(30)), market, notional)
        reading = measured_in(found, "L1", "exposure share").reading
        assert reading == pytest.approx(gain / (10 * 100 * index), rel=1e-4)


@pytest.mark.parametrize(
    ("changes", "binding", "target"),
    [
        (ROOMY, "vega coverage", (44, 64)),
        ({**ROOMY, "sizing.vega-coverage.low": 0.1}, "exposure share", None),
        ({**ROOMY, "sizing.hedge-cost.limit": 0.33}, "hedge cost", (23, 23)),
        ({**ROOMY, "sizing.risk-cap.limit": 0.01}, "risk cap", (21, 21)),
        ({**ROOMY, "sizing.risk-cap.limit": 0.025}, "vega coverage", (44, 54)),
        ({**ROOMY, "sizing.carry.least_net_theta": 200.0}, "carry", None),
    ],
)
def test_the_largest_demand_is_the_target_and_the_tightest_cap_cuts_it(
    changes: dict[str, float], binding: str, target: tuple[int, int] | None
) -> None:
    """Golden figures: a call costs 115 dollars, the credit is 8,350 and net liquidation value 250,000."""
    found = judged(book_of(condor(CREDIT)), golden_market(), changes)
    sizing = found.layers["L1"].sizing
    assert sizing.instrument is not None
    assert sizing.instrument.name == "VIX 2027-01-20 25C"
    assert not sizing.instrument.held
    assert sizing.binding == binding
    assert sizing.target is not None
    if target is not None:
        assert sizing.target == target
    assert sizing.target[1] <= min(
        y.most for y in sizing.yardsticks if y.least is None and y.most is not None
    )


def test_the_caps_by_hand() -> None:
    book = book_of(condor(CREDIT), vix_calls(5, debit=1.15))
    found = judged(book, golden_market())
    paid, room_by_credit, room_by_worth = 575.0, 0.33 * 8350.0, 0.03 * 250_000.0
    risk, cost = measured_in(found, "L1", "risk cap"), measured_in(found, "L1", "hedge cost")
    assert risk.reading == pytest.approx(paid / 250_000.0)
    assert risk.most == 5 + floor((room_by_worth - paid) / PREMIUM)
    assert cost.reading == pytest.approx(paid / 8350.0)
    assert cost.most == 5 + floor((room_by_credit - paid) / PREMIUM)
    assert measured_in(found, "L2", "risk cap").reading == 0.0
    assert measured_in(found, "L2", "hedge cost").reading == pytest.approx(paid / 8350.0)


def test_premium_that_is_paid_keeps_from_adding_and_asks_for_no_selling() -> None:
    found = judged(book_of(condor(CREDIT), vix_calls(30, debit=4.0)), golden_market())
    sizing = found.layers["L1"].sizing
    assert measured_in(found, "L1", "hedge cost").most == 30
    assert measured_in(found, "L1", "risk cap").most == 30
    assert sizing.target == (30, 30)
    assert found.layers["L1"].holding == "covered"


def thetas() -> tuple[float, float]:
    """A day's decay of ten condors and of one call, as a derivative."""
    step = 1e-6
    calls = [vix_call_ahead(ahead) for ahead in (0.0, step)]
    # A condor's theta is at an unmoved index: its forward rolls down with the days.
    condors = [10.0 * condor_value(ahead=ahead) for ahead in (0.0, step)]
    return (condors[1] - condors[0]) / step / 365.0, 100.0 * (calls[1] - calls[0]) / step / 365.0


def vix_call_ahead(ahead: float) -> float:
    time = years_to("VIX") - ahead
    return black(VX, exp(-RATE * time), time, 25.0, VIX_VOL, "C")


def test_carry_sets_hedge_theta_against_condor_theta() -> None:
    earned, one = thetas()
    found = judged(book_of(condor(CREDIT), vix_calls(20)), golden_market(), ROOMY)
    carry = measured_in(found, "L1", "carry")
    assert carry.reading == pytest.approx(-20 * one / earned, rel=1e-3)
    assert carry.high == 1.0
    assert carry.most == floor(earned / -one)
    assert "over-hedged" not in carry.note


def test_a_book_that_no_longer_earns_theta_is_over_hedged() -> None:
    earned, one = thetas()
    affordable = floor(earned / -one)
    found = judged(book_of(condor(CREDIT), vix_calls(affordable + 8)), golden_market(), ROOMY)
    layer = found.layers["L1"]
    assert measured_in(found, "L1", "carry").note.startswith("over-hedged")
    assert (layer.sizing.cap, layer.sizing.cap_by) == (affordable, "carry")
    assert (layer.holding, layer.action) == ("over", "trim")
    assert [item.text for item in found.attention if item.rule == "carry"] == [
        f"{affordable + 8} held, 8 more than carry allows",
        measured_in(found, "L1", "carry").note,
    ]


@pytest.mark.parametrize("hedges", [(), (vix_calls(12),)])
def test_condors_that_earn_no_theta_themselves_forbid_no_hedge(hedges: tuple[Hedge, ...]) -> None:
    """Long the inner strikes: theta is paid whatever is hedged."""
    reverse = replace(
        condor(CREDIT), legs=tuple(Leg(own.contract, -own.quantity) for own in condor(CREDIT).legs)
    )
    found = judged(book_of(reverse, *hedges), golden_market(), {**ROOMY, **AT_ONCE})
    carry = measured_in(found, "L1", "carry")
    assert (carry.reading, carry.most) == (None, None)
    assert "the condors alone earn too little, so no hedge is to blame" in carry.note
    first = found.layers["L1"]
    assert (first.sizing.binding, first.action) == ("vega coverage", "add")


def test_a_vega_positive_book_is_told_that_the_layer_adds() -> None:
    reverse = replace(
        condor(CREDIT), legs=tuple(Leg(own.contract, -own.quantity) for own in condor(CREDIT).legs)
    )
    yardstick = measured_in(judged(book_of(reverse, vix_calls(12)), golden_market()), "L1", "vega coverage")
    assert yardstick.reading == pytest.approx(12 * vix_dollars(25.0) / (-10 * condor_vix_dollars()), rel=1e-4)
    assert "adds to their vega" in yardstick.note


def test_quick_ratio_takes_the_hedges_at_their_bid() -> None:
    market = golden_market()
    wide = chain_of(
        "VIX", VIX_DAY, 19.35, dict.fromkeys((17.0, 19.0, 20.0, 22.0, 25.0), 0.9037399391), width=0.2
    )
    market = replace(market, chains={**market.chains, ("VIX", VIX_DAY): wide})
    held = book_of(condor(CREDIT), vix_calls(12))
    ratio = measured_in(judged(held, market), "L1", "quick ratio")
    bid = vix_call(25.0) - 0.1
    assert ratio.reading == pytest.approx((120_000.0 + 12 * 100 * bid) / MAX_LOSS)
    assert (ratio.low, ratio.high) == (1.0, None)
    gone = without(wide, call_bid=lambda bids: np.full_like(bids, np.nan))
    nobody = replace(market, chains={**market.chains, ("VIX", VIX_DAY): gone})
    assert measured_in(judged(held, nobody), "L1", "quick ratio").reading is None


def test_required_return_is_the_rate_and_beta_times_the_premium() -> None:
    book = book_of(condor(CREDIT))
    found = judged(book, golden_market())
    step = 1e-6
    delta = 10 * (condor_value(fall=-step) - condor_value(fall=step)) / (2 * step * SPOT)
    beta = delta * SPOT / MAX_LOSS
    yardstick = measured_in(found, "L1", "required return")
    assert yardstick.low == pytest.approx(RATE + 0.05 * beta, rel=1e-4)
    years_at_entry = (YEAR_END - date(2026, 11, 16)).days / 365.0
    assert yardstick.reading == pytest.approx(10 * 100 * CREDIT / MAX_LOSS / years_at_entry)


def test_what_the_account_does_not_say_is_unknown_and_bounds_nothing() -> None:
    book = replace(book_of(condor(CREDIT)), account=Account())
    found = judged(book, golden_market())
    for name in ("risk cap", "quick ratio"):
        yardstick = measured_in(found, "L1", name)
        assert (yardstick.reading, yardstick.most) == (None, None)
        assert "not in the file" in yardstick.note
    assert found.layers["L1"].sizing.binding == "hedge cost"


def test_shocks_are_full_revaluations() -> None:
    found = judged(book_of(condor(CREDIT), vix_calls(30)), golden_market())
    shocks = found.layers["L1"].sizing.shocks
    assert [shock.vix_points for shock in shocks] == [1.0, 5.0, 10.0, 20.0]
    for shock in shocks:
        gain = 30 * 100.0 * (vix_call(25.0, shock.vix_points) - vix_call(25.0))
        lost = 10 * (condor_value() - condor_value(shock.vix_points))
        assert shock.gain == pytest.approx(gain, rel=1e-4)
        assert shock.coverage == pytest.approx(gain / lost, rel=1e-4)
    assert shocks[-1].coverage > shocks[0].coverage  # type: ignore[operator]


PUT_SPREAD = Hedge(
    id="puts",
    legs=(leg(2, "SPXW", YEAR_END, "P", 6400.0), leg(-2, "SPXW", YEAR_END, "P", 6350.0)),
    credit=-6.5,
    opened=date(2026, 11, 18),
    layer="L2",
)


def gain_on_path(strike: float) -> float:
    return 100.0 * (vix_call(strike, 1.0) - vix_call(strike))


def put_spread_on_path() -> float:
    """One spread, VIX a point up and the index down by what goes with it."""
    moved, fall = sqrt(30.0 / (365.0 * years_to("SPXW"))), 1.0 / 160.0
    return 100.0 * (
        option_on_spx(6400.0, "P", moved, fall)
        - option_on_spx(6350.0, "P", moved, fall)
        - option_on_spx(6400.0, "P")
        + option_on_spx(6350.0, "P")
    )


def test_layer_two_is_scaled_by_the_initial_hedge_puts_on_spx_counted() -> None:
    first = vix_calls(30)
    found = judged(book_of(condor(CREDIT), first, PUT_SPREAD), golden_market(), ROOMY)
    scale = measured_in(found, "L2", "L2 scale")
    whole, one = 30 * gain_on_path(25.0), put_spread_on_path()
    assert scale.reading == pytest.approx(2 * one / whole, rel=1e-4)
    assert (scale.low, scale.high) == (1.0, 1.0)
    assert scale.least == scale.most == ceil(whole / one)
    sizing = found.layers["L2"].sizing
    assert sizing.instrument is not None
    assert sizing.instrument.held
    assert sizing.instrument.name == "SPXW 2026-12-31 6400P/6350P"


@pytest.mark.parametrize("held", [(), (PUT_SPREAD,)])
def test_layer_two_without_a_layer_one_is_scaled_by_what_that_should_be(held: tuple[Hedge, ...]) -> None:
    found = judged(book_of(condor(CREDIT), *held), golden_market(), ROOMY)
    scale, sizing = measured_in(found, "L2", "L2 scale"), found.layers["L2"].sizing
    whole, one = -0.40 * 10 * condor_vix_dollars(), put_spread_on_path() if held else gain_on_path(25.0)
    assert scale.reading == pytest.approx(2 * one / whole if held else 0.0, rel=1e-3)
    assert sizing.instrument is not None
    assert sizing.instrument.name == ("SPXW 2026-12-31 6400P/6350P" if held else "VIX 2027-01-20 25C")
    assert (sizing.target, sizing.binding) == ((ceil(whole / one), ceil(whole / one)), "L2 scale")
    assert scale.note.startswith("of what layer 1 should be; ")
    both = judged(book_of(condor(CREDIT), vix_calls(30), *held), golden_market(), ROOMY)
    assert measured_in(both, "L2", "L2 scale").note.startswith("of the initial hedge; ")


def test_what_layer_one_should_be_is_unknown_with_a_condor_that_has_no_vega() -> None:
    other = condor(7.0, strikes=(6300.0, 6350.0, 7200.0, 7250.0), expiry=date(2027, 1, 15), name="jan")
    sizing = judged(book_of(condor(CREDIT), other, PUT_SPREAD), golden_market()).layers["L2"]
    assert (sizing.sizing.target, sizing.holding) == (None, None)
    assert sizing.sizing.note == "L2 scale: a condor has no vega"
    assert sizing.sizing.unmeasured == ("L2 scale",)


def test_a_hedge_that_does_not_gain_with_vix_is_not_called_unpriced() -> None:
    short = Hedge(id="vx", legs=(Leg(Contract("VX", VIX_DAY), -1),), credit=19.0, opened=date(2026, 11, 17))
    sizing = judged(book_of(condor(CREDIT), short), golden_market()).layers["L1"].sizing
    assert (sizing.target, sizing.instrument) == (None, None)
    assert (
        sizing.note == "what is held does not gain when VIX rises, so there is nothing to count the layer in"
    )
    blind = Hedge(
        id="blind",
        legs=(leg(3, "VIX", date(2027, 2, 17), "C", 25.0),),
        credit=-1.0,
        opened=date(2026, 11, 17),
    )
    sizing = judged(book_of(condor(CREDIT), blind), golden_market()).layers["L1"].sizing
    assert sizing.note == "what is held could not be priced, so there is nothing to count the layer in"


def migration(*cushion: float | None) -> dict[str, Migration]:
    unknown = (None, None)
    return {"dec": Migration((), unknown, unknown, None, "", (cushion[0], cushion[1]))}


MEETING = Event(date(2026, 12, 16), "FOMC")


@pytest.mark.parametrize(
    ("day", "cushion", "scale"),
    [
        (date(2026, 12, 8), (0.1, 1.0), 1.0),  # six sessions before
        (date(2026, 12, 9), (1.0, 1.2), 0.5),  # five: inside, nothing used up
        (date(2026, 12, 9), (0.6, 1.2), 0.9),
        (date(2026, 12, 16), (0.6, 0.25), 1.25),  # the day itself, the nearer side
        (date(2026, 12, 14), (-0.4, 1.0), 1.5),  # beyond the breakeven
        (date(2026, 12, 14), (None, 0.7), 0.8),
        (date(2026, 12, 14), (None, None), None),
        (date(2026, 12, 17), (0.1, 0.1), 1.0),  # the day after, the next one in January
        (date(2029, 6, 1), (1.0, 1.0), None),  # no date is known
    ],
)
def test_the_second_layer_grows_as_the_cushion_goes_inside_an_fomc_window(
    day: date, cushion: tuple[float | None, float | None], scale: float | None
) -> None:
    found = l2_scale(day, [MEETING], migration(*cushion), ZONES)
    assert found.value == pytest.approx(scale)
    assert ("unknown" in found.because or "no date" in found.because) == (scale is None)


def test_a_meeting_too_far_off_means_that_one_before_it_is_missing() -> None:
    near, far = Event(date(2029, 8, 3), "FOMC"), Event(date(2029, 8, 4), "FOMC")  # 63 and 64 days off
    assert l2_scale(date(2029, 6, 1), [near], migration(1.0, 1.0), ZONES).value == 1.0
    assert l2_scale(date(2029, 6, 1), [far], migration(1.0, 1.0), ZONES).value is None


def test_nothing_held_and_no_vix_chain() -> None:
    market = golden_market()
    market = replace(market, chains={key: chain for key, chain in market.chains.items() if key[0] == "SPXW"})
    for layer in judged(book_of(condor(CREDIT)), market).layers.values():
        assert layer.sizing.target is None
        assert layer.holding == "none"
        if layer.sizing.layer != "L3":
            assert "no VIX call of the chain" in layer.sizing.note


def test_a_chain_without_two_sided_quotes_is_no_ruler() -> None:
    """The settlement nearest to the layer's days has none, the next one has."""
    market = golden_market()
    near = chain_of("VIX", date(2026, 12, 16), 18.6, dict.fromkeys((17.0, 20.0, 25.0), 0.9))
    dead = without(near, call_bid=lambda bids: 0.0 * bids)
    market = replace(market, chains={**market.chains, ("VIX", date(2026, 12, 16)): dead})
    sizing = judged(book_of(condor(CREDIT)), market).layers["L1"].sizing
    assert sizing.instrument is not None
    assert sizing.instrument.name == "VIX 2027-01-20 25C"


@pytest.mark.parametrize("hedges", [(), (vix_calls(6),)])
def test_without_a_condor_nothing_is_called_for(hedges: tuple[Hedge, ...]) -> None:
    closing = Adjustment(
        date(2026, 11, 18), tuple(Leg(own.contract, -own.quantity) for own in condor(CREDIT).legs), -4.0, 10
    )
    closed = replace(condor(CREDIT), adjustments=(closing,))
    for book in (book_of(*hedges), book_of(closed, *hedges)):
        found = judged(book, golden_market(), {"layers.L1.confirmations": 0})
        first = found.layers["L1"]
        assert first.state is not None
        assert first.state.trigger == "triggered"
        assert first.sizing.target == (0, 0)
        assert first.holding == ("over" if hedges else "none")
        assert first.action == ("trim" if hedges else "none")
        assert [item.text for item in found.attention if item.position == "L1"][:1] == (
            ["6 held; no condor is held that it could protect"] if hedges else []
        )


def test_one_unpriced_condor_makes_the_measures_unknown_and_not_smaller() -> None:
    """Two condors, no market for the second one's expiry and no level to carry a forward from."""
    market = golden_market()
    other = condor(7.0, strikes=(6300.0, 6350.0, 7200.0, 7250.0), expiry=date(2027, 1, 15), name="jan")
    found = judged(book_of(condor(CREDIT), other, vix_calls(10)), market)
    for name in ("vega coverage", "carry"):
        assert measured_in(found, "L1", name).reading is None
    assert measured_in(found, "L1", "exposure share").reading is not None
    first = found.layers["L1"]
    assert first.sizing.unmeasured == ("vega coverage",)
    assert first.holding in (None, "partial")
    assert "vega coverage: a condor has no vega" in first.sizing.note


def test_two_condors_add_up() -> None:
    other = condor(CREDIT, lots=5, name="second")
    found = judged(book_of(condor(CREDIT), other, vix_calls(30)), golden_market(), ROOMY)
    reading = measured_in(found, "L1", "vega coverage").reading
    assert reading == pytest.approx(30 * vix_dollars(25.0) / (-15 * condor_vix_dollars()), rel=1e-4)


def test_several_instruments_in_a_layer_are_counted_together_and_added_in_the_first() -> None:
    spread = Hedge(
        id="spread",
        legs=(leg(8, "VIX", VIX_DAY, "C", 20.0), leg(-8, "VIX", VIX_DAY, "C", 30.0)),
        credit=-2.0,
        opened=date(2026, 11, 17),
    )
    found = judged(book_of(condor(CREDIT), vix_calls(10), spread), golden_market(), ROOMY)
    sizing = found.layers["L1"].sizing
    have = 10 * vix_dollars(25.0) + 8 * (vix_dollars(20.0) - vix_dollars(30.0))
    assert sizing.held == 18
    assert sizing.instrument is not None
    assert sizing.instrument.name == "VIX 2027-01-20 25C"
    coverage = measured_in(found, "L1", "vega coverage")
    assert coverage.least == 18 + ceil((-4 * condor_vix_dollars() - have) / vix_dollars(25.0))


def test_what_has_expired_is_held_no_more() -> None:
    over = Hedge(
        id="over",
        legs=(leg(50, "VIX", date(2026, 11, 18), "C", 20.0),),
        credit=-1.0,
        opened=date(2026, 10, 20),
    )
    found = judged(book_of(condor(CREDIT), over), golden_market(), ROOMY)
    first = found.layers["L1"]
    assert (first.sizing.held, first.holding, first.days_left) == (0, "none", None)
    assert first.sizing.target == (44, 64)
    assert measured_in(found, "L1", "risk cap").reading == 0.0
    assert measured_in(found, "L1", "hedge cost").reading == pytest.approx(5000.0 / 8350.0)


def test_a_future_costs_no_premium_and_brings_no_cash() -> None:
    future = Hedge(id="vx", legs=(Leg(Contract("VX", VIX_DAY), 1),), credit=-19.0, opened=date(2026, 11, 17))
    market = golden_market()
    market = replace(market, quotes={**market.quotes, "VX270120": Quote("VX270120", bid=19.3, ask=19.4)})
    found = judged(book_of(condor(CREDIT), future), market)
    for name, whole in (("risk cap", 0.0), ("hedge cost", 0.0), ("quick ratio", 120_000.0 / MAX_LOSS)):
        yardstick = measured_in(found, "L1", name)
        assert yardstick.reading == pytest.approx(whole)
        assert yardstick.most is None
    coverage = measured_in(found, "L1", "vega coverage").reading
    slope = 1000.0 * beta_tenor(365.0 * years_to("VIX"))
    assert coverage == pytest.approx(slope / (-10 * condor_vix_dollars()), rel=1e-3)


def test_a_debit_of_the_condors_leaves_the_cost_cap_unknown() -> None:
    yardstick = measured_in(judged(book_of(condor(-1.0)), golden_market()), "L1", "hedge cost")
    assert (yardstick.reading, yardstick.most) == (None, None)


@given(
    low=st.floats(0.0, 2.0),
    width=st.floats(0.0, 1.0),
    whole=st.floats(0.0, 5000.0),
    held=st.integers(0, 60),
    per_contract=st.floats(1.0, 400.0),
)
def test_a_band_holds_the_fewest_contracts_that_reach_it(
    low: float, width: float, whole: float, held: int, per_contract: float
) -> None:
    view = _Counted(held)
    least, most = LayerView.band(view, low, low + width, whole, held * per_contract, per_contract)  # type: ignore[arg-type]
    assert least is not None
    assert most is not None
    slack = 1e-6 * per_contract
    assert least * per_contract >= low * whole - slack
    assert least == 0 or (least - 1) * per_contract < low * whole + slack
    assert 0 <= least <= most
    assert most == least or most * per_contract <= (low + width) * whole + slack
    assert (most + 1) * per_contract > (low + width) * whole - slack


class _Counted:
    """As much of a layer as its arithmetic needs."""

    def __init__(self, contracts: int) -> None:
        self.contracts = contracts


@hypothesis_settings(max_examples=25)
@given(
    lots=st.integers(1, 30),
    held=st.integers(1, 60),
    second=st.integers(0, 20),
    debit=st.floats(0.05, 6.0),
    worth=st.floats(20_000.0, 500_000.0),
    cost_limit=st.floats(0.05, 2.0),
)
def test_what_always_holds(
    lots: int, held: int, second: int, debit: float, worth: float, cost_limit: float
) -> None:
    changes = {"sizing.hedge-cost.limit": cost_limit, "sizing.hedge-cost.warn": 0.0}

    def book(first: int) -> Book:
        hedges = [vix_calls(first, debit=debit)]
        hedges += [vix_calls(second, strike=30.0, debit=debit, name="L2", layer="L2")] if second else []
        return replace(book_of(condor(CREDIT, lots), *hedges), account=Account(net_liq=worth))

    before, after = (
        judged(book(held), golden_market(), changes),
        judged(book(held + 1), golden_market(), changes),
    )
    for judgement in (before, after):
        for layer in judgement.layers.values():
            sizing = layer.sizing
            caps = [y.most for y in sizing.yardsticks if y.least is None and y.most is not None]
            if sizing.target is not None:
                least, most = sizing.target
                assert 0 <= least <= most
                assert all(most <= cap for cap in caps)
            premium = sizing.held * 100.0 * debit
            added = 0 if sizing.target is None else max(sizing.target[1] - sizing.held, 0)
            if sizing.instrument is not None and added:
                assert premium + added * sizing.instrument.premium <= 0.03 * worth + 1e-6
    first, more = before.layers["L1"].sizing, after.layers["L1"].sizing
    assert first.target is not None
    assert more.target is not None
    assert max(more.target[0] - more.held, 0) <= max(first.target[0] - first.held, 0)
