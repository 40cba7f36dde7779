"""Every signal over every session, and as of the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from alvh_tui.market.types import Event
from alvh_tui.method.closes import Closes
from alvh_tui.method.macro import calendar_of
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Frame, Signal, Track
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import Verdict, named, since

SPARKLINE = 60
"""Sessions a signal's series goes back, for a sparkline."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Every signal of one history under one set of rules."""

    closes: Closes
    rules: Rules
    tracks: Mapping[str, Track]
    """By signal, in the order in which they are shown."""

    def signal(self, id: str, row: int = -1) -> Signal:  # noqa: A002 - the method's word
        """One signal as of a session; the last one unless told otherwise."""
        track, row = self.tracks[id], range(len(self.closes.days))[row]
        series = track.reading if track.series is None else track.series
        drawn = series[max(row + 1 - SPARKLINE, 0) : row + 1]
        return Signal(
            id,
            number(track.reading[row]),
            threshold_of(track, row),
            named(track.verdict[row]),
            self.closes.day(since(track.verdict, row)),
            self.closes.provisional and track.read_row(row) == len(self.closes.days) - 1,
            track.note(row),
            tuple(None if isnan(value) else value for value in drawn.tolist()),
        )

    def signals(self) -> tuple[Signal, ...]:
        """All of them as of the last session; unknown each where there is none."""
        if not len(self.closes.days):
            return tuple(_of_nothing(name) for name in self.tracks)
        return tuple(self.signal(name) for name in self.tracks)


def measure(closes: Closes, events: Sequence[Event], rules: Rules) -> Measured:
    """Everything the method reads from closes and events, in one pass over the history."""
    frame = Frame(closes, calendar_of(events), rules, units())
    with np.errstate(divide="ignore", invalid="ignore"):
        tracks = {name: frame.track(name) for name in units()}
    return Measured(closes, rules, tracks)


def _of_nothing(name: str) -> Signal:
    return Signal(name, None, None, Verdict.UNKNOWN, None, False, "no closes at all", ())


def number(value: float | np.float64) -> float | None:
    """Unknown as None."""
    return None if np.isnan(value) else float(value)


def threshold_of(track: Track, row: int) -> float | None:
    threshold = track.threshold
    if threshold is None:
        return None
    return number(threshold if isinstance(threshold, float) else threshold[row])
