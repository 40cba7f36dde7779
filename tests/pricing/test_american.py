"""American options on ETFs, against QuantLib's fixed-point engine of high precision."""

import numpy as np
import pytest
import QuantLib as ql  # noqa: N813
from numpy.typing import NDArray

from alvh_tui.pricing.american import american_greeks, american_implied_vol, american_price
from alvh_tui.pricing.black import black_greeks, black_price

Array = NDArray[np.float64]
TODAY = ql.Date(2, 1, 2026)


def etf_options(count: int) -> tuple[Array, Array, Array, Array, Array, Array, Array]:
    """Spot, rate, yield, years, strike, vol and sign as ETFs have them, a week to nine months out."""
    random = np.random.default_rng(2026)
    spot = random.choice([22.0, 41.0, 55.0, 92.0, 170.0], count)
    years = random.choice([7, 21, 45, 90, 180, 270], count) / 365.0
    vol = random.uniform(0.12, 0.55, count)
    strike = np.round(spot * np.exp(vol * np.sqrt(years) * random.uniform(-1.5, 1.5, count)), 1)
    rate, carry_yield = random.uniform(0.0, 0.055, count), random.uniform(0.0, 0.045, count)
    return spot, rate, carry_yield, years, strike, vol, random.choice([1.0, -1.0], count)


def quantlib_price(
    spot: float, rate: float, carry_yield: float, years: float, strike: float, vol: float, sign: float
) -> float:
    ql.Settings.instance().evaluationDate = TODAY
    day_count = ql.Actual365Fixed()
    process = ql.BlackScholesMertonProcess(
        ql.QuoteHandle(ql.SimpleQuote(spot)),
        ql.YieldTermStructureHandle(ql.FlatForward(TODAY, carry_yield, day_count)),
        ql.YieldTermStructureHandle(ql.FlatForward(TODAY, rate, day_count)),
        ql.BlackVolTermStructureHandle(ql.BlackConstantVol(TODAY, ql.NullCalendar(), vol, day_count)),
    )
    kind = ql.Option.Call if sign > 0 else ql.Option.Put
    option = ql.VanillaOption(
        ql.PlainVanillaPayoff(kind, strike), ql.AmericanExercise(TODAY, TODAY + round(years * 365))
    )
    option.setPricingEngine(ql.QdFpAmericanEngine(process, ql.QdFpAmericanEngine.highPrecisionScheme()))
    return float(option.NPV())


def test_within_half_a_cent_of_quantlib() -> None:
    options = etf_options(60)
    wanted = [quantlib_price(*row) for row in zip(*(column.tolist() for column in options), strict=True)]
    off = np.abs(american_price(*options) - wanted)
    assert off.max() < 0.005
    assert np.quantile(off, 0.95) < 0.0015


def test_a_call_without_yield_and_a_put_without_rate_are_european() -> None:
    spot, _, _, years, strike, vol, _ = etf_options(60)
    forward, discount = spot * np.exp(0.04 * years), np.exp(-0.04 * years)
    call = american_price(spot, 0.04, 0.0, years, strike, vol, 1.0)
    assert call == pytest.approx(black_price(forward, discount, years, strike, vol, 1.0), abs=2e-3)
    put = american_price(spot, 0.0, 0.02, years, strike, vol, -1.0)
    wanted = black_price(spot * np.exp(-0.02 * years), 1.0, years, strike, vol, -1.0)
    assert put == pytest.approx(wanted, abs=2e-3)


def test_greeks_are_the_slopes_of_quantlibs_price() -> None:
    """Where early exercise is near, gamma jumps, and differences over a tenth of a deviation blur that."""
    options = etf_options(10)
    ours = american_greeks(*options)
    assert ours.price == pytest.approx(american_price(*options), rel=1e-12)
    for i, (s, r, q, t, k, v, e) in enumerate(zip(*(column.tolist() for column in options), strict=True)):
        ds = 0.02 * s * v * t**0.5
        up, mid, down = (quantlib_price(s + d, r, q, t, k, v, e) for d in (ds, 0.0, -ds))
        assert ours.delta[i] == pytest.approx((up - down) / (2 * ds), abs=0.01)
        assert ours.gamma[i] == pytest.approx((up - 2 * mid + down) / ds**2, abs=0.05 / (s * v * t**0.5))
        dearer, cheaper = (quantlib_price(s, r, q, t, k, v + d, e) for d in (0.001, -0.001))
        assert ours.vega[i] == pytest.approx((dearer - cheaper) / 0.002 / 100, abs=2e-3)
        sooner, later = (quantlib_price(s, r, q, t + d / 365, k, v, e) for d in (-1, 1))
        assert ours.theta[i] == pytest.approx((sooner - later) / 2, rel=0.06, abs=2e-3)
        more, less = (quantlib_price(s, r + d, q, t, k, v, e) for d in (1e-4, -1e-4))
        assert ours.rho[i] == pytest.approx((more - less) / 2e-4 / 100, rel=0.05, abs=5e-3)


def test_never_below_intrinsic_nor_european() -> None:
    spot, rate, carry_yield, years, strike, vol, sign = etf_options(300)
    price = american_price(spot, rate, carry_yield, years, strike, vol, sign)
    forward = spot * np.exp((rate - carry_yield) * years)
    european = black_price(forward, np.exp(-rate * years), years, strike, vol, sign)
    assert (price >= np.maximum(sign * (spot - strike), 0.0)).all()
    assert (price >= european - 2e-3).all()


def test_expired_is_intrinsic_with_a_step_for_delta() -> None:
    greeks = american_greeks(55.0, 0.04, 0.02, 0.0, [50.0, 60.0, 60.0], np.nan, [1.0, 1.0, -1.0])
    assert greeks.price.tolist() == [5.0, 0.0, 5.0]
    assert greeks.delta.tolist() == [1.0, 0.0, -1.0]
    for none in (greeks.gamma, greeks.vega, greeks.theta, greeks.rho):
        assert none.tolist() == [0.0, 0.0, 0.0]


def test_without_vol_the_best_moment_to_exercise_is_known() -> None:
    price = american_price(100.0, 0.05, 0.0, 0.5, [90.0, 110.0, 130.0], 0.0, [1.0, 1.0, -1.0])
    assert price == pytest.approx([100.0 - 90.0 * np.exp(-0.025), 0.0, 30.0], abs=1e-6)


@pytest.mark.parametrize("unknown", range(7))
def test_an_unknown_argument_makes_an_unknown_result(unknown: int) -> None:
    given = np.array([92.0, 0.04, 0.03, 0.25, 90.0, 0.2, -1.0])
    given[unknown] = np.nan
    assert np.isnan(american_price(*given))
    assert np.isnan(american_greeks(*given).gamma)


def test_implied_vol_gives_its_price_back() -> None:
    spot, rate, carry_yield, years, strike, vol, sign = etf_options(120)
    price = american_price(spot, rate, carry_yield, years, strike, vol, sign)
    told = price > np.maximum(sign * (spot - strike), 0.0) + 1e-6
    solved = american_implied_vol(price, spot, rate, carry_yield, years, strike, sign)
    assert solved[told] == pytest.approx(vol[told], abs=1e-6)
    assert np.isnan(solved[~told]).all()
    assert told.mean() > 0.9


@pytest.mark.parametrize(
    ("price", "sign", "strike"),
    [
        (10.0, 1.0, 82.0),
        (9.0, 1.0, 82.0),
        (92.0, 1.0, 82.0),
        (100.0, -1.0, 100.0),
        (8.0, -1.0, 100.0),
        (0.0, 1.0, 95.0),
    ],
)
def test_no_vol_where_there_is_none(price: float, sign: float, strike: float) -> None:
    assert np.isnan(american_implied_vol(price, 92.0, 0.04, 0.03, 0.25, strike, sign))
    assert np.isnan(american_implied_vol(2.0, 92.0, 0.04, 0.03, 0.0, 92.0, sign))
    assert np.isnan(american_implied_vol(np.nan, 92.0, 0.04, 0.03, 0.25, 92.0, sign))


def test_a_call_below_what_waiting_without_risk_is_worth_has_no_vol() -> None:
    floor = 100.0 - 90.0 * np.exp(-0.05 * 0.5)
    vols = american_implied_vol([floor - 0.5, floor + 0.5], 100.0, 0.05, 0.0, 0.5, 90.0, 1.0)
    assert np.isnan(vols).tolist() == [True, False]


def test_the_price_of_early_exercise_is_in_the_greeks() -> None:
    """Deep in the money a put is worth its intrinsic value and moves one for one; a European one is not."""
    put = (92.0, 0.05, 0.0, 0.25, 130.0, 0.15, -1.0)
    ours = american_greeks(*put)
    european = black_greeks(92.0 * np.exp(0.0125), np.exp(-0.0125), 0.25, 130.0, 0.15, -1.0, 92.0)
    assert ours.price == 38.0
    assert ours.delta == pytest.approx(-1.0)
    assert ours.vega == 0.0
    assert ours.theta == 0.0
    assert european.price < 37.0
