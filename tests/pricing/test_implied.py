"""Implied vol: against prices of fifty digits, and NaN exactly where there is none."""

from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.implied import implied_vol

SIGNS = {"C": 1.0, "P": -1.0}


def columns(rows: list[dict[str, Any]]) -> tuple[list[Any], ...]:
    sign = [SIGNS[row["right"]] for row in rows]
    return (*([row[name] for row in rows] for name in ("price", "F", "df", "T", "K")), sign)


def test_the_worked_examples(golden: dict[str, dict[str, Any]]) -> None:
    example = golden["G04"]
    solved = implied_vol(*columns(example["inputs"]["solve"]))
    assert solved == pytest.approx(example["outputs"]["iv"], abs=1e-8)
    assert np.isnan(implied_vol(*columns(example["inputs"]["no_solution"]))).all()


def test_the_vix_call_is_solved_on_its_own_future(golden: dict[str, dict[str, Any]]) -> None:
    given_, wanted = golden["G09"]["inputs"], golden["G09"]["outputs"]
    at = (given_["df"], given_["T_years"], given_["K"], 1.0)
    assert implied_vol(given_["price"], given_["vx_future"], *at) == pytest.approx(
        wanted["iv_correct"], abs=1e-8
    )
    assert implied_vol(given_["price"], given_["vix_spot"] / given_["df"], *at) == pytest.approx(
        wanted["iv_wrong_spot"], abs=1e-8
    )


TORTURE: dict[str, tuple[float, float, float, list[float]]] = {
    "a month of SPX": (6800.0, 0.16, 30 / 365, [3000, 4500, 6000, 6500, 6799, 6800, 6801, 7200, 8000, 10000]),
    "one minute": (6800.0, 0.20, 1 / 525_600, [6780, 6795, 6799.9, 6800, 6805, 6815, 6830]),
    "half an hour": (6800.0, 0.35, 30 / 525_600, [6600, 6750, 6800, 6850, 7000]),
    "hardly any vol": (6800.0, 0.02, 7 / 365, [6600, 6700, 6790, 6800, 6820, 6900]),
    "a wild vol": (20.0, 3.0, 0.5, [1, 5, 20, 60, 400]),
    "VIX": (18.0, 1.10, 45 / 365, [10, 12, 15, 18, 25, 40, 80]),
    "VIX on its last day": (18.0, 2.5, 1 / 365, [14, 17, 18, 19, 25, 30]),
    "three years": (6800.0, 0.19, 3.0, [1000, 4000, 6800, 9000, 20000]),
}


def exact_price(forward: float, strike: float, years: float, vol: float, sign: float) -> mpmath.mpf:
    f, k, s = mpmath.mpf(forward), mpmath.mpf(strike), mpmath.mpf(vol) * mpmath.sqrt(mpmath.mpf(years))
    d1 = mpmath.log(f / k) / s + s / 2
    return sign * (f * mpmath.ncdf(sign * d1) - k * mpmath.ncdf(sign * (d1 - s)))


@pytest.mark.parametrize("regime", TORTURE)
def test_prices_of_fifty_digits_give_their_vol_back(regime: str) -> None:
    forward, vol, years, strikes = TORTURE[regime]
    for strike in strikes:
        sign = 1.0 if strike >= forward else -1.0
        with mpmath.workdps(50):
            price = float(exact_price(forward, strike, years, vol, sign))
        if price < 1e-290:
            continue
        solved = implied_vol(price, forward, 1.0, years, strike, sign)
        assert solved == pytest.approx(vol, rel=1e-9), (regime, strike, price)


@given(
    st.floats(-6.0, 6.0),
    st.floats(1e-4, 3.0),
    st.floats(0.03, 3.0),
    st.sampled_from([1.0, -1.0]),
    st.floats(10, 9000),
)
def test_a_price_gives_its_vol_back(z: float, years: float, vol: float, sign: float, forward: float) -> None:
    strike = forward * np.exp(z * vol * np.sqrt(years))
    price = black_price(forward, 0.97, years, strike, vol, sign)
    time_value = price - 0.97 * max(sign * (forward - strike), 0.0)
    if time_value < 1e-6 * forward:
        return
    assert implied_vol(price, forward, 0.97, years, strike, sign) == pytest.approx(vol, abs=1e-9)


@given(st.floats(-10.0, 10.0), st.floats(1e-4, 3.0), st.floats(0.01, 4.0), st.floats(1e-300, 1.0))
def test_any_possible_price_is_solved_and_reprices(
    z: float, years: float, scale: float, share: float
) -> None:
    """A share of the way from intrinsic value to the ceiling, whatever that takes in vol."""
    forward, strike = 100.0, 100.0 * np.exp(z * scale * np.sqrt(years) / 4.0)
    sign = 1.0 if strike >= forward else -1.0
    price = share * 0.999 * min(forward, strike)
    solved = implied_vol(price, forward, 1.0, years, strike, sign)
    assert np.isfinite(solved)
    assert solved > 0.0
    again = black_price(forward, 1.0, years, strike, solved, sign)
    # Far out a price hangs on the last digits of the vol: its logarithm is what can be met.
    assert again == pytest.approx(price, rel=1e-9 * max(1.0, -np.log(price)), abs=1e-13)


@pytest.mark.parametrize(
    ("price", "forward", "discount", "years", "strike", "sign"),
    [
        (-0.05, 100.0, 1.0, 0.1, 100.0, 1.0),
        (0.0, 100.0, 1.0, 0.1, 120.0, 1.0),
        (9.5 * 0.99, 100.0, 0.99, 0.1, 90.5, 1.0),
        (99.0, 100.0, 0.99, 0.1, 90.0, 1.0),
        (89.1, 100.0, 0.99, 0.1, 90.0, -1.0),
        (1.0, 100.0, 1.0, 0.0, 100.0, 1.0),
        (1.0, 100.0, 1.0, -0.1, 100.0, 1.0),
        (1.0, 0.0, 1.0, 0.1, 100.0, 1.0),
        (1.0, 100.0, 1.0, 0.1, -5.0, 1.0),
        (1.0, 100.0, 0.0, 0.1, 100.0, 1.0),
        *[
            tuple(np.nan if i == j else v for i, v in enumerate((2.0, 100.0, 1.0, 0.1, 100.0, 1.0)))
            for j in range(6)
        ],
    ],
)
def test_no_vol_where_there_is_none(
    price: float, forward: float, discount: float, years: float, strike: float, sign: float
) -> None:
    assert np.isnan(implied_vol(price, forward, discount, years, strike, sign))


def test_the_last_rounding_of_an_intrinsic_value_is_not_a_vol() -> None:
    strikes = np.linspace(10.0, 99.0, 500)
    price = 0.97 * 100.0 - 0.97 * strikes
    assert np.isnan(implied_vol(price, 100.0, 0.97, 0.1, strikes, 1.0)).all()


def test_shapes_broadcast_and_one_bad_price_spoils_no_other() -> None:
    vols = implied_vol([[2.0], [np.nan]], 100.0, 1.0, 0.1, [98.0, 100.0, 104.0], [-1.0, 1.0, 1.0])
    assert vols.shape == (2, 3)
    assert np.isfinite(vols[0]).all()
    assert np.isnan(vols[1]).all()
    assert implied_vol([], 100.0, 1.0, 0.1, 100.0, 1.0).shape == (0,)
