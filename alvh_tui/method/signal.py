"""What a signal is: a rule that reads the closes, and what it found in every session."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from alvh_tui.market.types import Event
from alvh_tui.method.arrays import Floats, Rows, stretches
from alvh_tui.method.closes import Closes
from alvh_tui.method.entry import Entry
from alvh_tui.method.rules import Rules
from alvh_tui.method.verdict import UNKNOWN, Flags, Verdict, Verdicts, judged

Told = Callable[[int], str]
"""Says something about one session, by its row."""

_Shared = TypeVar("_Shared")
_Number = TypeVar("_Number", np.float64, np.int8, np.bool_)


def nothing(_row: int) -> str:
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One signal over every session."""

    reading: Floats
    verdict: Verdicts
    threshold: float | Floats | None = None
    note: Told = nothing
    """What a reader should know beside the reading; where the verdict is unknown, what it waits for."""
    series: Floats | None = None
    """What a sparkline draws; the readings where it is None."""
    crossing: Flags | None = None
    """Where a level has just been crossed upwards."""
    stands: bool = False
    """Nothing is known of it in the session still open: its last row is the one before."""

    def read_row(self, row: int) -> int:
        """The session in which what this row says was read."""
        return row - 1 if self.stands and row == len(self.verdict) - 1 else row


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as of the last session."""

    id: str
    reading: float | None
    threshold: float | None
    verdict: Verdict
    since: date | None
    """The session in which this verdict began; None where the history is empty."""
    provisional: bool
    """It rests on live values; one that has none yet stands as of the close before, as its note says."""
    note: str
    series: tuple[float | None, ...]


@dataclass(slots=True, eq=False)
class Frame:
    """What a signal may look at, and what the others have found already."""

    closes: Closes
    events: tuple[Event, ...]
    rules: Rules
    units: Mapping[str, "Unit"]
    _shared: dict[object, object] = field(default_factory=dict)
    _stretches: dict[tuple[str, ...], list[Rows]] = field(default_factory=dict)

    @property
    def longest_gap(self) -> int:
        return self.rules.whole("history.longest_gap")

    def track(self, signal: str) -> Track:
        """What another signal has found."""
        return standing(self.shared(self.units[signal].measure), self.closes)

    def shared(self, measure: Callable[["Frame"], _Shared]) -> _Shared:
        """Something several signals need, measured once."""
        if measure not in self._shared:
            self._shared[measure] = measure(self)
        return cast("_Shared", self._shared[measure])

    def figures(self, names: tuple[str, ...], count: int, measure: Callable[..., Floats]) -> Floats:
        """So many figures of these columns, one row each, wherever all of them are known, else NaN."""
        columns = [self.closes.column(name) for name in names]
        found = np.full((count, len(self.closes.days)), np.nan)
        for rows in self.stretches(names):
            found[:, rows] = measure(*(column[rows] for column in columns))
        return found

    def figure(self, names: tuple[str, ...], measure: Callable[..., Floats]) -> Floats:
        """One figure of these columns."""
        figure: Floats = self.figures(names, 1, measure)[0]
        return figure

    def known(self, names: tuple[str, ...]) -> Flags:
        every: Flags = np.logical_and.reduce([np.isfinite(self.closes.column(name)) for name in names])
        return every

    def stretches(self, names: tuple[str, ...]) -> list[Rows]:
        if names not in self._stretches:
            self._stretches[names] = stretches(self.known(names), self.longest_gap)
        return self._stretches[names]

    def lacking(self, names: tuple[str, ...], needed: int, row: int) -> str:
        """Why a measure of these columns is unknown in that session."""
        for name in names:
            column = self.closes.column(name)
            if not np.isfinite(column).any():
                return f"no {name} in the history"
            if not np.isfinite(column[row]):
                return f"no {name} for {self.closes.day(row)}"
        have = next(int(np.searchsorted(rows, row)) + 1 for rows in self.stretches(names) if rows[-1] >= row)
        return f"needs {needed} sessions, has {have}" if have < needed else "has not moved"

    def measured(
        self,
        reading: Floats,
        met: Flags,
        waits: tuple[tuple[str, ...], int],
        threshold: float | None = None,
        note: Told = nothing,
        crossing: Flags | None = None,
    ) -> Track:
        """A signal that is known wherever its reading is; `waits`: the columns and sessions it needs."""
        known = np.isfinite(reading)

        def told(row: int) -> str:
            return note(row) if known[row] else self.lacking(*waits, row)

        return Track(reading, judged(met, known), threshold, told, crossing=crossing)


def standing(track: Track, closes: Closes) -> Track:
    """What a session still open has no value for yet stands as the session right before it closed."""
    last = len(closes.days) - 1
    missing = closes.provisional and last > 0 and track.verdict[last] == UNKNOWN
    if not missing or track.verdict[last - 1] == UNKNOWN:
        return track

    def told(row: int) -> str:
        if row < last:
            return track.note(row)
        return ", ".join(text for text in (track.note(last - 1), f"as of {closes.day(last - 1)}") if text)

    threshold = track.threshold
    return replace(
        track,
        reading=_repeated(track.reading),
        verdict=_repeated(track.verdict),
        threshold=_repeated(threshold) if isinstance(threshold, np.ndarray) else threshold,
        note=told,
        crossing=None if track.crossing is None else _repeated(track.crossing),
        stands=True,
    )


def _repeated(column: NDArray[_Number]) -> NDArray[_Number]:
    """The column, its last value the one before."""
    return np.append(column[:-1], column[-2])


Measure = Callable[[Frame], Track]


@dataclass(frozen=True, slots=True)
class Unit:
    """A signal's entry in the catalog and the function that measures it."""

    entry: Entry
    measure: Measure
    warns: bool = True
    """Yes means trouble; for the others it means that all is well."""


def signal(
    id: str,  # noqa: A002 - the method's word
    sentence: str,
    *,
    source: str,
    keys: tuple[str, ...] = (),
    warns: bool = True,
) -> Callable[[Measure], Unit]:
    """Puts a signal's entry beside the function that measures it."""

    def with_entry(measure: Measure) -> Unit:
        return Unit(Entry(id, sentence, source, keys), measure, warns)

    return with_entry
