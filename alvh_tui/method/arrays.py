"""Averages and windows over one unbroken stretch of closes; NaN until enough of them are known."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Days = NDArray[np.datetime64]

_NOTHING = 1e-12
"""A deviation this small is rounding, not movement."""


def stretches(known: NDArray[np.bool_], longest_gap: int) -> list[Rows]:
    """The rows that are known, split wherever more than `longest_gap` in a row are not."""
    rows = np.flatnonzero(known)
    if not len(rows):
        return []
    return np.split(rows, np.flatnonzero(np.diff(rows) > longest_gap + 1) + 1)


def before(values: Floats, sessions: int) -> Floats:
    """The value so many sessions earlier."""
    found = np.full(len(values), np.nan)
    found[sessions:] = values[: max(len(values) - sessions, 0)]
    return found


def rolling(values: Floats, sessions: int, measure: Callable[..., Floats], **how: int) -> Floats:
    """A measure of the last so many values, this one among them; NaN where one of them is."""
    found = np.full(len(values), np.nan)
    if len(values) > sessions:
        closed = np.ascontiguousarray(values[:-1]).tobytes()
        found[sessions - 1 : -1] = _rolled(closed, sessions, measure, tuple(how.items()))
    if len(values) >= sessions:
        found[-1:] = measure(values[None, -sessions:], axis=1, **how)
    return found


@lru_cache(maxsize=64)
def _rolled(
    closed: bytes, sessions: int, measure: Callable[..., Floats], how: tuple[tuple[str, int], ...]
) -> Floats:
    """The measure of every window of values that stay as they are: while a session is open only its own
    value changes."""
    found = np.asarray(measure(sliding_window_view(np.frombuffer(closed), sessions), axis=1, **dict(how)))
    found.setflags(write=False)
    return found


def mean(values: Floats, sessions: int) -> Floats:
    return rolling(values, sessions, np.mean)


def deviation(values: Floats, sessions: int) -> Floats:
    """The sample deviation; a series that does not move at all has none to measure by."""
    found = rolling(values, sessions, np.std, ddof=1)
    return np.where(found > _NOTHING, found, np.nan)


def highest(values: Floats, sessions: int) -> Floats:
    return rolling(values, sessions, np.max)


def correlation(one: Floats, other: Floats, sessions: int) -> Floats:
    products = mean(one * other, sessions) - mean(one, sessions) * mean(other, sessions)
    scale = deviation(one, sessions) * deviation(other, sessions) * (sessions - 1) / sessions
    return np.clip(products / scale, -1.0, 1.0)


def average(values: Floats, sessions: int, weight: float) -> Floats:
    """An exponential average that starts as the plain mean of the first so many values."""
    found = np.full(len(values), np.nan)
    if len(values) < sessions:
        return found
    if len(values) == sessions:
        found[-1] = np.mean(values)
        return found
    found[sessions - 1 : -1] = _average_path(np.ascontiguousarray(values[:-1]).tobytes(), sessions, weight)
    level = float(found[-2])
    found[-1] = level + weight * (float(values[-1]) - level)
    return found


@lru_cache(maxsize=64)
def _average_path(closed: bytes, sessions: int, weight: float) -> Floats:
    """The average from where it starts, over values that stay as they are: while a session is open only its
    own value changes."""
    values = np.frombuffer(closed)
    level = float(np.mean(values[:sessions]))
    path = [level]
    for value in values[sessions:].tolist():
        level += weight * (value - level)
        path.append(level)
    found = np.array(path)
    found.setflags(write=False)
    return found


def wilder_rsi(closes: Floats, period: int) -> Floats:
    """Wilder's relative strength, 0 to 100; NaN while nothing has moved."""
    change = np.diff(closes)
    rise = average(np.maximum(change, 0.0), period, 1.0 / period)
    fall = average(np.maximum(-change, 0.0), period, 1.0 / period)
    moved = rise + fall
    strength = 100.0 * np.divide(rise, moved, out=np.full(len(moved), np.nan), where=moved > 0.0)
    return np.concatenate(([np.nan], strength))[: len(closes)]


def macd_histogram(values: Floats, fast: int, slow: int, smoothing: int) -> Floats:
    """MACD less its signal line."""
    line = average(values, fast, 2.0 / (fast + 1)) - average(values, slow, 2.0 / (slow + 1))
    histogram = np.full(len(values), np.nan)
    histogram[slow - 1 :] = line[slow - 1 :] - average(line[slow - 1 :], smoothing, 2.0 / (smoothing + 1))
    return histogram


def log_returns(values: Floats) -> Floats:
    return np.log(values / before(values, 1))
