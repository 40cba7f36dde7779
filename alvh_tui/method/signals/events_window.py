"""How near the next scheduled event is."""

import numpy as np

from alvh_tui.instruments.calendar import sessions
from alvh_tui.method.arrays import Floats
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
    days = frame.closes.days
    farthest = np.timedelta64(frame.rules.whole("events.window.farthest_days"), "D")
    dates = np.array([event.on for event in events_named(frame.events, name)], dtype="datetime64[D]")
    dates = dates[dates <= (days[-1] + farthest)] if len(days) else dates[:0]
    if not len(dates):
        return np.full(len(days), np.nan)
    grid = np.array(sessions(days[0].item(), max(days[-1], dates[-1]).item()), dtype="datetime64[D]")
    place = np.append(np.searchsorted(grid, dates), 0)
    following = np.searchsorted(dates, days)
    known = following < len(dates)
    known[known] &= dates[following[known]] - days[known] <= farthest
    return np.where(known, place[following] - np.arange(len(days)), np.nan)
