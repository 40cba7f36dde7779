"""Published figures, each as it stood in every session."""

from dataclasses import dataclass

import numpy as np

from alvh_tui.method.arrays import Days, Floats
from alvh_tui.method.macro import events_named
from alvh_tui.method.signal import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    name: str
    figure: Floats
    """The last one published; NaN where there is none, or none recent enough."""
    previous: Floats
    """The one before it, as the events file has it or as it was published."""
    on: Days
    """When the last one was published."""


def prints_of(frame: Frame, name: str, stale_days: int) -> Prints:
    events = [event for event in events_named(frame.events, name) if event.actual is not None]
    dates = np.array([event.on for event in events], dtype="datetime64[D]")
    figures = _column([event.actual for event in events])
    told = _column([event.previous for event in events])
    previous = np.where(np.isnan(told), np.concatenate(([np.nan], figures))[: len(figures)], told)
    days = frame.closes.days
    last = np.searchsorted(dates, days, side="right") - 1
    published = np.append(dates, np.datetime64("NaT", "D"))[last]
    recent = days - published <= np.timedelta64(stale_days, "D")
    return Prints(
        name,
        np.where(recent, np.append(figures, np.nan)[last], np.nan),
        np.where(recent, np.append(previous, np.nan)[last], np.nan),
        published,
    )


def _column(figures: list[float | None]) -> Floats:
    return np.array([np.nan if figure is None else figure for figure in figures], dtype=np.float64)
