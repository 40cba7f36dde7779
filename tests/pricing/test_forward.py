"""The parity forward: right on dirty quotes, honest about its residual, absent where nothing tells."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.forward import ForwardFit, carry_forward, fit_forward

Array = NDArray[np.float64]


def quoted(
    strikes: Array, forward: float, years: float, rate: float, vol: float, spread: Array | float
) -> tuple[Array, Array, Array, Array, Array]:
    """A chain of one vol whose mids satisfy parity exactly."""
    discount = np.exp(-rate * years)
    call, put = (black_price(forward, discount, years, strikes, vol, sign) for sign in (1.0, -1.0))
    half = np.broadcast_to(np.asarray(spread) / 2.0, strikes.shape)
    return strikes, call - half, call + half, put - half, put + half


def found(fit: ForwardFit | None) -> ForwardFit:
    assert fit is not None
    return fit


def test_the_dirty_chain_of_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    given, wanted = golden["G05"]["inputs"], golden["G05"]["outputs"]
    rows = given["quotes"]
    strikes, call_bid, call_ask, put_bid, put_ask = (
        [row[name] for row in rows] for name in ("K", "C_bid", "C_ask", "P_bid", "P_ask")
    )
    fit = found(
        fit_forward(strikes, call_bid, call_ask, put_bid, put_ask, given["T_years"], given["df_true"])
    )
    assert fit.forward == pytest.approx(wanted["F_true"], abs=0.30)
    assert fit.discount == given["df_true"]
    assert fit.strikes_used > 20
    assert fit.residual < 0.5


def test_the_vix_forward_of_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    """Three strikes around the money say what the one strike of the example says."""
    given, wanted = golden["G10"]["inputs"], golden["G10"]["outputs"]
    strikes = np.array([given["K"] - 2.0, given["K"], given["K"] + 2.0])
    difference = given["call_mid"] - given["put_mid"] - given["df"] * (strikes - given["K"])
    put = np.array([2.9, given["put_mid"], 5.9])
    call = put + difference
    fit = found(
        fit_forward(strikes, call - 0.1, call + 0.1, put - 0.1, put + 0.1, 0.166438356164, given["df"])
    )
    assert fit.forward == pytest.approx(wanted["F"], abs=1e-8)
    assert (fit.strikes_used, fit.discount) == (3, given["df"])


def test_stale_strikes_have_no_say() -> None:
    discount = float(np.exp(-0.04 * 0.11))
    chain = quoted(np.arange(6000.0, 7600.0, 25.0), 6821.0, 0.11, 0.04, 0.16, 2.0)
    assert found(fit_forward(*chain, 0.11, discount)).forward == pytest.approx(6821.0, abs=1e-6)
    strikes, call_bid, call_ask, put_bid, put_ask = chain
    stale = np.where(np.random.default_rng(5).random(strikes.size) < 0.25, 12.0, 0.0)
    fit = found(fit_forward(strikes, call_bid + stale, call_ask + stale, put_bid, put_ask, 0.11, discount))
    assert fit.forward == pytest.approx(6821.0, abs=0.05)
    assert fit.residual < 0.05


def test_many_wide_quotes_do_not_outvote_the_tight_ones_at_the_money() -> None:
    """In the real chains the strikes further out agree with each other to a cent, half a point off."""
    strikes = np.arange(6500.0, 7100.0, 5.0)
    near = np.abs(strikes - 6800.0) < 60.0
    _, call_bid, call_ask, put_bid, put_ask = quoted(
        strikes, 6800.0, 0.01, 0.05, 0.14, np.where(near, 0.6, 4.0)
    )
    off = np.where(near, 0.0, 0.5)
    fit = found(fit_forward(strikes, call_bid + off, call_ask + off, put_bid, put_ask, 0.01, np.exp(-0.0005)))
    assert fit.forward == pytest.approx(6800.0, abs=0.05)


def test_crossed_empty_and_one_sided_quotes_are_left_out() -> None:
    strikes, call_bid, call_ask, put_bid, put_ask = quoted(
        np.arange(6600.0, 7000.0, 25.0), 6800.0, 0.1, 0.04, 0.15, 1.0
    )
    put_bid[2], put_ask[3], call_bid[4], call_ask[5] = 0.0, 0.0, np.nan, call_bid[5] - 5.0
    fit = found(fit_forward(strikes, call_bid, call_ask, put_bid, put_ask, 0.1, np.exp(-0.004)))
    assert fit.forward == pytest.approx(6800.0, abs=1e-6)
    assert fit.strikes_used == strikes.size - 4


def test_the_discount_is_refitted_only_where_the_strikes_identify_it() -> None:
    wide = np.arange(5200.0, 8600.0, 25.0)
    random = np.random.default_rng(11)

    def with_noise(strikes: Array, years: float) -> ForwardFit:
        strikes, call_bid, call_ask, put_bid, put_ask = quoted(strikes, 6900.0, years, 0.052, 0.17, 2.0)
        noise = random.normal(0.0, 0.15, strikes.size)
        given = float(np.exp(-0.045 * years))
        return found(fit_forward(strikes, call_bid + noise, call_ask + noise, put_bid, put_ask, years, given))

    year = with_noise(wide, 1.0)
    assert -np.log(year.discount) == pytest.approx(0.052, abs=0.0005)
    assert year.forward == pytest.approx(6900.0, abs=0.15)
    week = with_noise(wide, 7 / 365)
    assert week.discount == np.exp(-0.045 * 7 / 365)
    assert week.forward == pytest.approx(6900.0, abs=0.15)
    few = with_noise(np.array([6850.0, 6875.0, 6900.0, 6925.0, 6950.0]), 1.0)
    assert few.discount == np.exp(-0.045)


def test_a_rate_that_cannot_be_is_not_believed() -> None:
    chain = quoted(np.arange(5200.0, 8600.0, 25.0), 6900.0, 1.0, 0.15, 0.17, 2.0)
    assert found(fit_forward(*chain, 1.0, np.exp(-0.045))).discount == np.exp(-0.045)


def test_no_forward_from_fewer_than_three_strikes() -> None:
    strikes, call_bid, call_ask, put_bid, put_ask = quoted(
        np.array([17.0, 18.0, 19.0]), 17.8, 0.1, 0.05, 1.0, 0.1
    )
    assert fit_forward(strikes, call_bid, call_ask, put_bid, put_ask, 0.1, 0.995) is not None
    put_ask[1] = np.nan
    assert fit_forward(strikes, call_bid, call_ask, put_bid, put_ask, 0.1, 0.995) is None
    assert fit_forward([], [], [], [], [], 0.1, 0.995) is None


@pytest.mark.parametrize(("years", "discount"), [(np.nan, 0.99), (0.1, np.nan), (0.1, 0.0)])
def test_no_forward_without_time_or_discount(years: float, discount: float) -> None:
    chain = quoted(np.arange(6600.0, 7000.0, 25.0), 6800.0, 0.1, 0.04, 0.15, 1.0)
    assert fit_forward(*chain, years, discount) is None


def test_the_index_carried_is_the_stand_in() -> None:
    assert carry_forward(6800.0, 0.5, 0.03) == pytest.approx(6800.0 * np.exp(0.015))
    assert carry_forward(6800.0, -0.1, 0.03) == 6800.0
