"""Yes, no and unknown, which is neither: single, and as one array over every session."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

YES, NO, UNKNOWN = 1, 0, -1

Verdicts = NDArray[np.int8]
Flags = NDArray[np.bool_]


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


_NAMES = {YES: Verdict.YES, NO: Verdict.NO, UNKNOWN: Verdict.UNKNOWN}


def named(verdict: int | np.int8) -> Verdict:
    return _NAMES[int(verdict)]


def coded(verdict: Verdict) -> Verdicts:
    """One verdict as an array of its own."""
    return np.array([code for code, name in _NAMES.items() if name is verdict], dtype=np.int8)


def judged(met: Flags, known: Flags) -> Verdicts:
    """Yes or no where it is known."""
    return np.where(known, met, UNKNOWN).astype(np.int8)


def any_of(verdicts: Sequence[Verdicts]) -> Verdicts:
    """Yes where one says yes; unknown where none does and one is unknown."""
    every = np.array(verdicts)
    return np.where((every == YES).any(axis=0), YES, every.min(axis=0)).astype(np.int8)


def all_of(verdicts: Sequence[Verdicts]) -> Verdicts:
    """No where one says no; unknown where none does and one is unknown."""
    every = np.array(verdicts)
    return np.where((every == NO).any(axis=0), NO, every.min(axis=0)).astype(np.int8)


def opposite(verdict: Verdicts) -> Verdicts:
    return np.where(verdict == UNKNOWN, UNKNOWN, 1 - verdict).astype(np.int8)


def lately(verdict: Verdicts, sessions: int) -> Verdicts:
    """Yes where one of the last so many sessions, this one among them, said yes."""
    count = np.arange(len(verdict))
    window = np.maximum(count - sessions + 1, 0)
    return any_of([_any_since(verdict == YES, window, count), _unknown_since(verdict, window, count)])


def _any_since(flags: Flags, start: NDArray[np.intp], end: NDArray[np.intp]) -> Verdicts:
    return (_tally(flags, start, end) > 0).astype(np.int8)


def _unknown_since(verdict: Verdicts, start: NDArray[np.intp], end: NDArray[np.intp]) -> Verdicts:
    return np.where(_tally(verdict == UNKNOWN, start, end) > 0, UNKNOWN, NO).astype(np.int8)


def _tally(flags: Flags, start: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.int64]:
    total = np.concatenate(([0], np.cumsum(flags)))
    counted: NDArray[np.int64] = total[end + 1] - total[start]
    return counted


def running(flags: Flags) -> NDArray[np.int64]:
    """For how many sessions in a row, up to each, the flag has been up."""
    rows = np.arange(len(flags))
    last_down = np.maximum.accumulate(np.where(flags, -1, rows))
    return np.where(flags, rows - last_down, 0)


def since(verdict: NDArray[np.int8], row: int) -> int:
    """The row in which what holds in this row began."""
    others = np.flatnonzero(verdict[: row + 1] != verdict[row])
    return int(others[-1]) + 1 if len(others) else 0
