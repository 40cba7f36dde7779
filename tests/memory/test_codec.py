"""Figures as bytes and back: nothing lost but what lies behind the last decimal."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.memory.codec import (
    pack_column,
    pack_row,
    pack_times,
    pick,
    unpack_column,
    unpack_row,
    unpack_times,
)

DECIMALS = st.integers(0, 6)
FIGURES = st.floats(-1e9, 1e9) | st.just(float("nan"))


@given(st.lists(FIGURES, max_size=60), DECIMALS)
def test_a_column_reads_back_to_its_last_decimal(figures: list[float], decimals: int) -> None:
    values = np.array(figures, dtype=np.float64)
    found = unpack_column(pack_column(values, decimals), len(values), decimals)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(values))
    known = ~np.isnan(values)
    np.testing.assert_allclose(found[known], values[known], rtol=1e-15, atol=0.5001 * 10.0**-decimals)
    again = unpack_column(pack_column(found, decimals), len(found), decimals)
    np.testing.assert_array_equal(again, found, "what has been read once stays as it is")


@given(st.dictionaries(st.integers(1, 3000), st.tuples(FIGURES, DECIMALS), max_size=40))
def test_a_row_reads_back_by_its_ids(row: dict[int, tuple[float, int]]) -> None:
    packed = pack_row(
        {i: value for i, (value, _) in row.items()}, {i: digits for i, (_, digits) in row.items()}
    )
    ids = np.array([5000, *row], dtype=np.int64)
    digits = np.array([0, *(digits for _, digits in row.values())], dtype=np.int64)
    found = pick(unpack_row(packed), ids, digits)
    assert np.isnan(found[0])
    for value, (written, decimals) in zip(found[1:], row.values(), strict=True):
        assert value == pytest.approx(written, rel=1e-15, abs=0.5001 * 10.0**-decimals, nan_ok=True)


@pytest.mark.parametrize("value", [float("inf"), -float("inf"), 1e300, 2.0**62])
def test_what_no_figure_can_be_is_unknown(value: float) -> None:
    assert np.isnan(unpack_column(pack_column(np.array([value, 1.0]), 0), 2, 0)).tolist() == [True, False]
    assert not len(unpack_row(pack_row({1: value}, {1: 0}))[0])


def test_decimals_come_back_as_they_are_written() -> None:
    values = np.array([7108.35, 6391.65, -0.1, 0.3, 1125.07])
    assert unpack_column(pack_column(values, 2), 5, 2).tolist() == values.tolist()


def test_a_session_of_minutes_is_small() -> None:
    walk = 6800.0 + np.cumsum(np.sin(np.arange(405.0)) * 3.0)
    assert len(pack_column(walk, 2)) < 2.2 * 405
    assert len(pack_column(np.full(405, 0.48), 4)) < 20


def test_times_read_back() -> None:
    times = np.array([1_700_000_000, 1_700_000_060, 1_700_000_061], dtype=np.int64)
    flags = np.array([0, 1, 0], dtype=np.uint8)
    found = unpack_times(pack_times(times, flags), 3)
    assert found[0].tolist() == times.tolist()
    assert found[1].tolist() == flags.tolist()


def test_a_column_of_another_length_is_damage() -> None:
    with pytest.raises(ValueError, match="3 values where 4 were written"):
        unpack_column(pack_column(np.zeros(3), 2), 4, 2)
