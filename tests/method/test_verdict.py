"""Yes, no and unknown."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.method.arrays import stretches
from alvh_tui.method.verdict import (
    NO,
    UNKNOWN,
    YES,
    Verdicts,
    all_of,
    any_of,
    lately,
    opposite,
    running,
    since,
)

VERDICTS = st.lists(st.sampled_from([YES, NO, UNKNOWN]), min_size=1, max_size=30)


def as_verdicts(values: list[int]) -> Verdicts:
    return np.array(values, dtype=np.int8)


def test_one_yes_settles_any_and_one_no_settles_all() -> None:
    one, other = (
        as_verdicts([YES, YES, YES, NO, NO, UNKNOWN]),
        as_verdicts([YES, NO, UNKNOWN, NO, UNKNOWN, UNKNOWN]),
    )
    assert any_of([one, other]).tolist() == [YES, YES, YES, NO, UNKNOWN, UNKNOWN]
    assert all_of([one, other]).tolist() == [YES, NO, UNKNOWN, NO, NO, UNKNOWN]
    assert opposite(one).tolist() == [NO, NO, NO, YES, YES, UNKNOWN]


@given(VERDICTS, st.integers(1, 8))
def test_lately_is_any_of_the_last_sessions(values: list[int], sessions: int) -> None:
    found = lately(as_verdicts(values), sessions).tolist()
    for row in range(len(values)):
        window = values[max(row - sessions + 1, 0) : row + 1]
        assert found[row] == (YES if YES in window else UNKNOWN if UNKNOWN in window else NO)


@given(VERDICTS)
def test_since_and_running_count_the_same_run(values: list[int]) -> None:
    runs = running(np.array([value == YES for value in values])).tolist()
    for row, value in enumerate(values):
        start = since(as_verdicts(values), row)
        assert set(values[start : row + 1]) == {value}
        assert start == 0 or values[start - 1] != value
        assert runs[row] == (row - start + 1 if value == YES else 0)


@given(st.lists(st.booleans(), max_size=40), st.integers(0, 4))
def test_stretches_hold_every_known_row_and_no_long_gap(known: list[bool], longest: int) -> None:
    found = [rows.tolist() for rows in stretches(np.array(known, dtype=bool), longest)]
    assert [row for rows in found for row in rows] == [row for row, is_known in enumerate(known) if is_known]
    for rows in found:
        assert all(b - a <= longest + 1 for a, b in itertools.pairwise(rows))
    for rows, later in itertools.pairwise(found):
        assert later[0] - rows[-1] > longest + 1
