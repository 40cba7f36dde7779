"""How near the next scheduled event is."""

from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from alvh_tui.instruments.calendar import sessions
from alvh_tui.method.arrays import Days, Floats
from alvh_tui.method.macro import events_named
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import any_of, judged


@signal(
    "events.window",
    "An event that moves volatility is near: a decision or the minutes of the FOMC, CPI or PPI.",
    source="S0 S1 S2 S3 S4",
    keys=("events.window",),
)
def events_window(frame: Frame) -> Track:
    watched, window = frame.rules.texts("events.window.watched"), frame.rules.whole("events.window.sessions")
    ahead = [sessions_ahead(frame, name) for name in watched]
    verdict = any_of([judged(count <= window, np.isfinite(count)) for count in ahead])
    nearest = np.fmin.reduce(ahead)

    def note(row: int) -> str:
        counts = [(float(count[row]), name) for name, count in zip(watched, ahead, strict=True)]
        known = [f"{name} in {count:.0f}" for count, name in sorted(counts) if not np.isnan(count)]
        waits = [f"no date for {name}" for count, name in counts if np.isnan(count)]
        return ", ".join(known + waits)

    return Track(nearest, verdict, float(window), note)


def sessions_ahead(frame: Frame, name: str) -> Floats:
    """Sessions to the next event of that name, 0 on the day itself; NaN where no date is known."""
    days, farthest = frame.closes.days, np.timedelta64(_farthest(frame), "D")
    dates = np.array([event.on for event in events_named(frame.events, name)], dtype="datetime64[D]")
    place = np.append(np.searchsorted(frame.shared(_sessions_onward), dates), 0)
    following = np.searchsorted(dates, days)
    known = following < len(dates)
    known[known] &= dates[following[known]] - days[known] <= farthest
    return np.where(known, place[following] - np.arange(len(days)), np.nan)


def _sessions_onward(frame: Frame) -> Days:
    """The sessions of the history and those ahead, as far as an event may lie."""
    days = frame.closes.days
    if not len(days):
        return days
    last = frame.closes.day(-1)
    return np.concatenate((days, _sessions_after(last, _farthest(frame))))


@lru_cache(maxsize=16)
def _sessions_after(last: date, days: int) -> Days:
    ahead = sessions(last + timedelta(days=1), last + timedelta(days=days))
    found = np.array(ahead, dtype="datetime64[D]")
    found.setflags(write=False)
    return found


def _farthest(frame: Frame) -> int:
    """Days to the next date beyond which dates must be missing in between."""
    return frame.rules.whole("events.window.farthest_days")
