"""Odds of finishing beyond a strike and of touching it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.pricing.probability import expected_move, prob_beyond, prob_touch

spots = st.floats(10.0, 9000.0)
ratios = st.floats(0.6, 1.6)
carries = st.floats(-0.1, 0.1)
lives = st.floats(0.001, 2.0)
vols = st.floats(0.05, 2.0)


def test_the_worked_example(golden: dict[str, dict[str, Any]]) -> None:
    given_, wanted = golden["G14"]["inputs"], golden["G14"]["outputs"]
    spot, forward, years, vol = given_["S"], given_["F"], given_["T_years"], given_["sigma"]
    low, high = given_["breakevens"]
    below, above = prob_beyond(forward, years, [low, high], vol, [-1.0, 1.0])
    assert 1.0 - below - above == pytest.approx(wanted["pop"], abs=1e-8)
    below, above = prob_beyond(spot, years, [low, high], vol, [-1.0, 1.0])
    assert 1.0 - below - above == pytest.approx(wanted["pop_using_spot_wrong"], abs=1e-8)
    touched = prob_touch(spot, forward, years, given_["touch_strikes"], vol)
    assert touched == pytest.approx([wanted["pot_6400"], wanted["pot_7100"]], abs=1e-8)
    twice = 2.0 * prob_beyond(forward, years, given_["touch_strikes"], vol, [-1.0, 1.0])
    assert twice == pytest.approx([wanted["two_x_itm_prob_6400"], wanted["two_x_itm_prob_7100"]], abs=1e-8)
    move = expected_move(forward, vol, years)
    assert move == pytest.approx(wanted["expected_move_1sigma_points"], rel=1e-9)
    assert 100 * move / forward == pytest.approx(wanted["expected_move_pct"], rel=1e-9)


@given(spots, ratios, lives, vols)
def test_either_above_or_below(forward: float, ratio: float, years: float, vol: float) -> None:
    above, below = prob_beyond(forward, years, forward * ratio, vol, [1.0, -1.0])
    assert above + below == pytest.approx(1.0)


@given(spots, ratios, carries, lives, vols)
def test_touching_is_likelier_than_finishing_beyond(
    spot: float, ratio: float, carry: float, years: float, vol: float
) -> None:
    forward, strike = spot * np.exp(carry * years), spot * ratio
    sign = 1.0 if strike > spot else -1.0
    touched = prob_touch(spot, forward, years, strike, vol)
    assert 0.0 <= touched <= 1.0
    assert touched >= prob_beyond(forward, years, strike, vol, sign) - 1e-12
    assert prob_touch(spot, forward, years, strike, vol, sign) == touched


def test_a_walk_without_drift_touches_twice_as_often_as_it_ends_beyond() -> None:
    spot, years, vol = 100.0, 0.25, 0.2
    forward = spot * np.exp(0.5 * vol**2 * years)
    beyond = prob_beyond(forward, years, [90.0, 115.0], vol, [-1.0, 1.0])
    assert prob_touch(spot, forward, years, [90.0, 115.0], vol) == pytest.approx(2.0 * beyond, rel=1e-12)


def test_already_through_is_certain() -> None:
    assert prob_touch(6300.0, 6310.0, 0.1, 6400.0, 0.2, -1.0) == 1.0
    assert prob_touch(7200.0, 7210.0, 0.1, 7100.0, 0.2, 1.0) == 1.0
    assert prob_touch(6400.0, 6410.0, 0.1, 6400.0, 0.2) == 1.0
    assert prob_touch(6300.0, 6300.0, 0.0, 6400.0, 0.2, -1.0) == 1.0


def test_without_time_nothing_is_left_to_chance() -> None:
    assert prob_beyond(6800.0, 0.0, [6400.0, 7100.0, 6800.0], 0.2, 1.0).tolist() == [1.0, 0.0, 0.5]
    assert prob_touch(6800.0, 6800.0, 0.0, [6400.0, 7100.0], 0.2).tolist() == [0.0, 0.0]
    assert prob_beyond(6800.0, -0.1, [6400.0, 7100.0], 0.2, 1.0).tolist() == [1.0, 0.0]
    assert expected_move(6800.0, 0.2, -0.1) == 0.0


def test_far_strikes_and_small_vols_neither_overflow_nor_warn() -> None:
    odds = prob_touch(6800.0, 7500.0, 2.0, [1.0, 6000.0, 7400.0, 1e6], [0.01, 0.002, 0.002, 0.01])
    assert odds == pytest.approx([0.0, 0.0, 1.0, 0.0])


def test_an_unknown_argument_makes_unknown_odds() -> None:
    nan = np.nan
    assert np.isnan(prob_beyond([nan, 1, 1, 1], [1, nan, 1, 1], [1, 1, nan, 1], [1, 1, 1, nan], 1.0)).all()
    touched = prob_touch(
        [nan, 1, 1, 1, 1], [1, nan, 1, 1, 1], [1, 1, nan, 1, 1], [2, 2, 2, nan, 2], [1, 1, 1, 1, nan]
    )
    assert np.isnan(touched).all()
    assert np.isnan(expected_move([nan, 1, 1], [1, nan, 1], [1, 1, nan])).all()
