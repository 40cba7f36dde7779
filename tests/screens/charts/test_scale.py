"""Places on an axis, round numbers along it, and lines between points."""

from itertools import pairwise
from math import isnan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.screens.charts.scale import Scale, between, round_numbers, spanning


def test_a_scale_puts_figures_on_cells() -> None:
    scale = Scale(6000.0, 7000.0, 10)
    assert scale.across(6500.0) == 5.0
    assert scale.down(7000.0) == 0.0
    assert [scale.column(value) for value in (0.0, 6000.0, 6550.0, 7000.0, 9999.0)] == [0, 0, 5, 9, 9]
    assert Scale(0.0, 4.0, 2).points(4) == [0.5, 1.5, 2.5, 3.5]


def test_a_scale_spans_what_is_known() -> None:
    assert spanning([], 5) is None
    assert spanning([None, float("nan"), float("inf")], 5) is None
    assert spanning([1.0, None, 3.0], 5, margin=0.5) == Scale(0.0, 4.0, 5)
    alone = spanning([6400.0], 5)
    assert alone is not None
    assert alone.low < 6400.0 < alone.high
    zero = spanning([0.0, 0.0], 5)
    assert zero is not None
    assert zero.low < 0.0 < zero.high


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (6310.0, 7180.0, 5, [6400.0, 6600.0, 6800.0, 7000.0]),
        (6310.0, 7180.0, 3, [6500.0, 6750.0, 7000.0]),
        (6310.0, 7180.0, 2, [6500.0, 7000.0]),
        (-16_000.0, 4_200.0, 5, [-15_000.0, -10_000.0, -5_000.0, 0.0]),
        (640.2, 641.1, 4, [641.0]),
        (0.0, 10.0, 1, [0.0]),
        (6310.0, 7180.0, 0, []),
        (5.0, 5.0, 3, []),
    ],
)
def test_numbers_are_round(low: float, high: float, most: int, expected: list[float]) -> None:
    assert round_numbers(Scale(low, high, 10), most) == expected


@given(st.floats(-1e12, 1e12), st.floats(1e-3, 1e12), st.integers(1, 12))
def test_numbers_are_few_within_and_even(low: float, length: float, most: int) -> None:
    scale = Scale(low, low + length, 10)
    found = round_numbers(scale, most)
    assert len(found) <= most
    slack = 1e-6 * max(abs(low), abs(low + length), 1.0)
    assert all(scale.low - slack <= each <= scale.high + slack for each in found)
    assert all(right > left for left, right in pairwise(found))


def test_a_line_runs_between_its_points_and_breaks_where_one_is_unknown() -> None:
    found = between([0.0, 2.0, 4.0, 6.0], [10.0, 20.0, None, 40.0], [-1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 6.5])
    assert found[1:4] == [10.0, 15.0, 20.0]
    assert all(isnan(found[at]) for at in (0, 4, 5, 6))
    assert between([3.0], [7.0], [3.0]) == [7.0]
    assert isnan(between([], [], [1.0])[0])
    assert isnan(between([3.0], [None], [3.0])[0])
