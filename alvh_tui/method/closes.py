"""Daily closes on the grid of exchange sessions, the live value standing in as a provisional last close."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from alvh_tui.instruments.calendar import is_session, sessions
from alvh_tui.market.types import History
from alvh_tui.method.arrays import Days, Floats

_COUNTED_TOGETHER = (("advances", "declines"), ("basket_advances", "basket_declines"))
_MAY_BE_ZERO = frozenset(name for pair in _COUNTED_TOGETHER for name in pair)
_MAY_BE_NEGATIVE = frozenset(("dff", "dgs10", "t10y3m"))


@dataclass(frozen=True, slots=True, eq=False)
class Closes:
    """One row for every exchange session from the first to the last, NaN where a close is not known."""

    days: Days
    series: Mapping[str, Floats]
    provisional: bool = False
    """The last row is of a session still open."""

    def column(self, name: str) -> Floats:
        """The series, all unknown where the history has none of that name."""
        found = self.series.get(name)
        return np.full(len(self.days), np.nan) if found is None else found

    def day(self, row: int) -> date:
        found: date = self.days[row].item()
        return found

    def until(self, day: date) -> "Closes":
        """What was known at the close of that day."""
        end = int(np.searchsorted(self.days, np.datetime64(day), side="right"))
        cut = {name: column[:end] for name, column in self.series.items()}
        return Closes(self.days[:end], cut, self.provisional and end == len(self.days))


def closes_of(history: History) -> Closes:
    """Only exchange sessions count: rows of other days are dropped, sessions without a row are unknown."""
    days = history.days.astype("datetime64[D]")
    if len(days) > 1 and not np.all(days[1:] > days[:-1]):
        raise ValueError("the days of a history must rise, each once")
    grid = _sessions(days[0].item(), days[-1].item()) if len(days) else days
    if np.array_equal(days, grid):
        series = {name: _sound(name, column) for name, column in history.series.items()}
    else:
        series = _on_grid(history, days, grid)
    for risen, fallen in _COUNTED_TOGETHER:
        if {risen, fallen} <= series.keys():
            nothing_counted = series[risen] + series[fallen] == 0.0
            series[risen][nothing_counted] = series[fallen][nothing_counted] = np.nan
    return Closes(grid, series)


def _on_grid(history: History, days: Days, grid: Days) -> dict[str, Floats]:
    row_of = np.searchsorted(grid, days)
    counts = (row_of < len(grid)) & np.isin(days, grid)
    series = {}
    for name, column in history.series.items():
        series[name] = np.full(len(grid), np.nan)
        series[name][row_of[counts]] = _sound(name, column)[counts]
    return series


def with_live(history: History, day: date, values: Mapping[str, float | None]) -> Closes:
    """The closes before that day and its live values as a provisional one; just the closes on no session."""
    if not is_session(day):
        return closes_of(history.until(day))
    before = history.until(day - timedelta(days=1))
    known = {name: value for name, value in values.items() if value is not None}
    row = np.array([day], dtype="datetime64[D]")
    series = {
        name: _joined(before.series.get(name), known.get(name, np.nan), len(before.days))
        for name in {**before.series, **known}
    }
    joined = History(np.append(before.days.astype("datetime64[D]"), row), series)
    return replace(closes_of(joined), provisional=True)


def _joined(closed: Floats | None, live: float, rows: int) -> Floats:
    column = np.empty(rows + 1)
    column[:-1] = np.nan if closed is None else closed
    column[-1] = live
    return column


@lru_cache(maxsize=16)
def _sessions(first: date, last: date) -> Days:
    found = np.array(sessions(first, last), dtype="datetime64[D]")
    found.setflags(write=False)
    return found


def _sound(name: str, column: Floats) -> Floats:
    """The column without what no close can be."""
    column = np.asarray(column, dtype=np.float64)
    is_sound = np.isfinite(column)
    if name in _MAY_BE_ZERO:
        is_sound &= column >= 0.0
    elif name not in _MAY_BE_NEGATIVE:
        is_sound &= column > 0.0
    return np.where(is_sound, column, np.nan)
