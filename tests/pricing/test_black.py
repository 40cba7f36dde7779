"""Black-76: the worked examples, an independent library, and what holds for any option."""

from typing import Any

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.pricing.black import Greeks, black_greeks, black_price

SIGNS = {"C": 1.0, "P": -1.0}

forwards = st.floats(5.0, 9000.0)
moneyness = st.floats(0.5, 2.0)
lives = st.floats(1e-4, 3.0)
vols = st.floats(0.03, 2.5)
rates = st.floats(-0.01, 0.12)
signs = st.sampled_from([1.0, -1.0])


def test_the_put_of_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    given_, wanted = golden["G03"]["inputs"], golden["G03"]["outputs"]
    put = (given_["F"], given_["df"], given_["T_years"], given_["K"], given_["sigma"], -1.0)
    greeks = black_greeks(*put, spot=given_["S"])
    assert greeks.price == pytest.approx(wanted["price"], rel=1e-8)
    assert black_price(*put) == pytest.approx(wanted["price"], rel=1e-8)
    assert greeks.delta == pytest.approx(wanted["delta_spot"], rel=1e-8)
    assert greeks.gamma == pytest.approx(wanted["gamma_spot"], rel=1e-8)
    assert greeks.vega == pytest.approx(wanted["vega_per_1vol_point"], rel=1e-8)
    assert greeks.theta == pytest.approx(wanted["theta_per_calendar_day_analytic"], rel=1e-8)
    assert greeks.rho == pytest.approx(wanted["rho_per_1pct"], rel=1e-8)
    assert black_greeks(*put).delta == pytest.approx(wanted["delta_forward"], rel=1e-8)


def test_the_condor_of_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    given_, wanted = golden["G07"]["inputs"], golden["G07"]["outputs"]
    legs = given_["legs"]
    size = np.array([leg["qty"] for leg in legs]) * given_["multiplier"]
    strikes, ivs = np.array([leg["K"] for leg in legs]), np.array([leg["iv"] for leg in legs])
    right = np.array([SIGNS[leg["right"]] for leg in legs])
    spot, rate, carry = given_["S"], given_["r"], given_["r"] - given_["q"]

    def held(days: float) -> Greeks:
        years = given_["T_years"] - days / 365.0
        return black_greeks(
            spot * np.exp(carry * years), np.exp(-rate * years), years, strikes, ivs, right, spot
        )

    today = held(0.0)
    assert size @ today.price == pytest.approx(wanted["value"], rel=1e-8)
    assert size @ today.delta == pytest.approx(wanted["delta"], rel=1e-8)
    assert size @ today.gamma == pytest.approx(wanted["gamma"], rel=1e-8)
    assert size @ today.vega == pytest.approx(wanted["vega_per_point"], rel=1e-8)
    assert size @ today.theta == pytest.approx(wanted["theta_day_analytic"], rel=1e-8)
    assert size @ today.rho == pytest.approx(wanted["rho_per_pct"], rel=1e-8)
    assert size @ (held(1.0).price - today.price) == pytest.approx(wanted["theta_day_revaluation"], rel=1e-8)
    weekend = size @ (held(3.0).price - today.price)
    assert weekend == pytest.approx(wanted["theta_3day_revaluation_weekend"], rel=1e-8)


def test_the_vix_call_of_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    """Its theta is told there as a day's revaluation at a fixed future; ours is the rate of that change."""
    given_, wanted = golden["G09"]["inputs"], golden["G09"]["outputs"]
    years, rate, vol = given_["T_years"], given_["r"], wanted["iv_correct"]

    def priced(years: float) -> Greeks:
        return black_greeks(given_["vx_future"], np.exp(-rate * years), years, given_["K"], vol, 1.0)

    today = priced(years)
    assert today.delta == pytest.approx(wanted["delta_per_future_point_correct"], abs=1e-8)
    assert today.vega == pytest.approx(wanted["vega_per_point_correct"], abs=1e-8)
    tomorrow = priced(years - 1.0 / 365.0)
    assert tomorrow.price - today.price == pytest.approx(wanted["theta_day_correct_F_fixed"], abs=1e-8)
    assert (today.theta + tomorrow.theta) / 2 == pytest.approx(wanted["theta_day_correct_F_fixed"], rel=1e-3)


def test_morning_and_afternoon_settlement_differ(golden: dict[str, dict[str, Any]]) -> None:
    """The same strike and day on SPX and SPXW, in the market of the other worked examples."""
    wanted = golden["G17"]["outputs"][-1]
    years = np.array([39_960.0, 40_350.0, 28.0 * 1440.0]) / 525_600.0
    forward, discount = 6800.0 * np.exp(0.028 * years), np.exp(-0.04 * years)
    am, pm, whole_days = black_price(forward, discount, years, 6400.0, 0.20, -1.0)
    assert am == pytest.approx(wanted["am"], rel=1e-8)
    assert pm == pytest.approx(wanted["pm"], rel=1e-8)
    assert whole_days == pytest.approx(wanted["naive"], rel=1e-8)


def test_against_quantlib_at_200_points() -> None:
    random = np.random.default_rng(76)
    for _ in range(200):
        spot, rate, carry = random.uniform(10, 9000), random.uniform(0, 0.08), random.uniform(-0.04, 0.06)
        years, vol, sign = random.uniform(0.002, 3), random.uniform(0.06, 2), random.choice([-1.0, 1.0])
        forward, discount = spot * np.exp(carry * years), np.exp(-rate * years)
        strike = forward * np.exp(vol * np.sqrt(years) * random.uniform(-3, 3))
        ours = black_greeks(forward, discount, years, strike, vol, sign, spot)
        kind = ql.Option.Call if sign > 0 else ql.Option.Put
        other = ql.BlackCalculator(
            ql.PlainVanillaPayoff(kind, strike), forward, vol * np.sqrt(years), discount
        )
        wanted = (
            other.value(),
            other.delta(spot),
            other.gamma(spot),
            other.vega(years) / 100,
            other.theta(spot, years) / 365,
            other.rho(years) / 100,
        )
        scale = forward * 1e-12
        found = (ours.price, ours.delta, ours.gamma, ours.vega, ours.theta, ours.rho)
        assert found == pytest.approx(wanted, rel=1e-10, abs=scale * 1e-2), (forward, strike, years, vol)


@given(forwards, moneyness, lives, vols, rates)
def test_put_call_parity(forward: float, ratio: float, years: float, vol: float, rate: float) -> None:
    strike, discount = forward * ratio, np.exp(-rate * years)
    call = black_price(forward, discount, years, strike, vol, 1.0)
    put = black_price(forward, discount, years, strike, vol, -1.0)
    assert call - put == pytest.approx(discount * (forward - strike), abs=1e-12 * forward)


@given(forwards, moneyness, lives, vols, vols, signs)
def test_price_rises_with_vol(
    forward: float, ratio: float, years: float, vol: float, other: float, sign: float
) -> None:
    low, high = black_price(forward, 0.99, years, forward * ratio, sorted((vol, other)), sign)
    assert high >= low - 1e-12 * forward
    intrinsic = 0.99 * max(sign * (forward - forward * ratio), 0.0)
    ceiling = 0.99 * forward * (1.0 if sign > 0 else ratio)
    assert intrinsic - 1e-12 * forward <= low
    assert high <= ceiling * (1 + 1e-12)


@given(st.floats(10.0, 9000.0), moneyness, st.floats(0.01, 3.0), st.floats(0.08, 1.5), rates, rates, signs)
def test_every_greek_is_the_slope_of_the_price_on_spot(
    spot: float, ratio: float, years: float, vol: float, rate: float, carry: float, sign: float
) -> None:
    strike = spot * ratio
    ours = black_greeks(spot * np.exp(carry * years), np.exp(-rate * years), years, strike, vol, sign, spot)

    def value(s: float = spot, t: float = years, v: float = vol, r: float = rate) -> float:
        grown = carry + r - rate
        return float(black_price(s * np.exp(grown * t), np.exp(-r * t), t, strike, v, sign))

    ds, dv, dt, dr = 1e-4 * spot * vol * np.sqrt(years), 1e-5, 1e-5 * years, 1e-5
    tiny = 1e-6 * spot
    assert ours.delta == pytest.approx(
        (value(s=spot + ds) - value(s=spot - ds)) / (2 * ds), rel=1e-5, abs=1e-7
    )
    wide = 100 * ds
    bend = (value(s=spot + wide) - 2 * value() + value(s=spot - wide)) / wide**2
    assert ours.gamma == pytest.approx(bend, rel=2e-3, abs=2e-4 / (spot * vol * np.sqrt(years)))
    assert ours.vega == pytest.approx(
        (value(v=vol + dv) - value(v=vol - dv)) / (2 * dv) / 100, rel=1e-5, abs=tiny
    )
    fall = (value(t=years - dt) - value(t=years + dt)) / (2 * dt) / 365
    assert ours.theta == pytest.approx(fall, rel=1e-5, abs=tiny)
    assert ours.rho == pytest.approx(
        (value(r=rate + dr) - value(r=rate - dr)) / (2 * dr) / 100, rel=1e-5, abs=tiny
    )


@given(st.floats(10.0, 9000.0), moneyness, st.floats(0.01, 3.0), st.floats(0.08, 1.5), rates, signs)
def test_every_greek_is_the_slope_of_the_price_on_the_forward(
    forward: float, ratio: float, years: float, vol: float, rate: float, sign: float
) -> None:
    strike = forward * ratio
    ours = black_greeks(forward, np.exp(-rate * years), years, strike, vol, sign)

    def value(f: float = forward, t: float = years, v: float = vol, r: float = rate) -> float:
        return float(black_price(f, np.exp(-r * t), t, strike, v, sign))

    df, dv, dt, dr = 1e-4 * forward * vol * np.sqrt(years), 1e-5, 1e-5 * years, 1e-5
    tiny = 1e-6 * forward
    slope = (value(f=forward + df) - value(f=forward - df)) / (2 * df)
    assert ours.delta == pytest.approx(slope, rel=1e-5, abs=1e-7)
    wide = 100 * df
    bend = (value(f=forward + wide) - 2 * value() + value(f=forward - wide)) / wide**2
    assert ours.gamma == pytest.approx(bend, rel=2e-3, abs=2e-4 / (forward * vol * np.sqrt(years)))
    assert ours.vega == pytest.approx(
        (value(v=vol + dv) - value(v=vol - dv)) / (2 * dv) / 100, rel=1e-5, abs=tiny
    )
    fall = (value(t=years - dt) - value(t=years + dt)) / (2 * dt) / 365
    assert ours.theta == pytest.approx(fall, rel=1e-5, abs=tiny)
    assert ours.rho == pytest.approx(
        (value(r=rate + dr) - value(r=rate - dr)) / (2 * dr) / 100, rel=1e-5, abs=tiny
    )


@pytest.mark.parametrize("spot", [None, 6800.0])
@pytest.mark.parametrize("years", [0.0, -0.01])
def test_expired_is_intrinsic_with_a_step_for_delta(spot: float | None, years: float) -> None:
    strikes, sign = [6700.0, 6900.0, 6700.0, 6900.0], [1.0, 1.0, -1.0, -1.0]
    greeks = black_greeks(6800.0, 1.0, years, strikes, np.nan, sign, spot)
    assert greeks.price.tolist() == [100.0, 0.0, 0.0, 100.0]
    assert greeks.delta.tolist() == [1.0, 0.0, 0.0, -1.0]
    for none in (greeks.gamma, greeks.vega, greeks.theta, greeks.rho):
        assert none.tolist() == [0.0, 0.0, 0.0, 0.0]
    assert black_price(6800.0, 1.0, years, strikes, 0.2, sign).tolist() == [100.0, 0.0, 0.0, 100.0]


def test_exactly_at_the_money_an_expired_option_is_worth_nothing() -> None:
    greeks = black_greeks(6800.0, 1.0, 0.0, 6800.0, 0.2, [1.0, -1.0])
    assert greeks.price.tolist() == [0.0, 0.0]
    assert greeks.gamma.tolist() == [0.0, 0.0]


def test_without_vol_only_the_discounted_intrinsic_value_is_left() -> None:
    assert black_price(6800.0, 0.98, 0.5, [6700.0, 6900.0], 0.0, 1.0) == pytest.approx([98.0, 0.0])
    assert black_price(6800.0, 0.98, 0.5, [6700.0, 6900.0], -0.1, -1.0) == pytest.approx([0.0, 98.0])


@pytest.mark.parametrize("unknown", range(6))
@pytest.mark.parametrize("spot", [None, 6800.0])
def test_an_unknown_argument_makes_an_unknown_result(unknown: int, spot: float | None) -> None:
    given_ = [6821.0, 0.995, 0.11, 6400.0, 0.2, -1.0]
    given_[unknown] = np.nan
    forward, discount, years, strike, vol, sign = given_
    greeks = black_greeks(forward, discount, years, strike, vol, sign, spot)
    assert np.isnan(black_price(forward, discount, years, strike, vol, sign))
    assert all(
        np.isnan(g) for g in (greeks.price, greeks.delta, greeks.gamma, greeks.vega, greeks.theta, greeks.rho)
    )


def test_one_unknown_leg_leaves_the_others_known() -> None:
    prices = black_price([6821.0, np.nan, 6821.0], 0.995, 0.11, 6400.0, [0.2, 0.2, np.nan], -1.0)
    assert np.isnan(prices).tolist() == [False, True, True]


def test_scenarios_and_legs_broadcast() -> None:
    forward = np.linspace(6000.0, 7000.0, 5)[:, None, None]
    vol = np.linspace(0.1, 0.4, 4)[None, :, None]
    strike, sign = np.array([6400.0, 6500.0, 7100.0]), np.array([-1.0, -1.0, 1.0])
    grid = black_price(forward, 0.99, 0.1, strike, vol, sign)
    greeks = black_greeks(forward, 0.99, 0.1, strike, vol, sign)
    assert grid.shape == (5, 4, 3)
    assert all(
        getattr(greeks, name).shape == (5, 4, 3)
        for name in ("price", "delta", "gamma", "vega", "theta", "rho")
    )
    assert grid[2, 1, 0] == black_price(6500.0, 0.99, 0.1, 6400.0, vol[0, 1, 0], -1.0)
