"""One figure from the first of several sources that gives it, session by session, always saying which.

Only a close changes the source: a session still open is read from the one that gave the close before it, or
not at all. A line that leaps to another source in the morning and back in the evening says nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alvh_tui.method.arrays import Floats
from alvh_tui.method.signal import Frame


@dataclass(frozen=True, slots=True)
class Way:
    """One source: its columns, and what to measure over a stretch of them, one row a figure."""

    name: str
    columns: tuple[str, ...]
    measure: Callable[..., Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """What the ways gave; the first figure of a way decides whether it is known."""

    ways: Sequence[Way]
    every: Sequence[Floats]
    """What each way gives in every session."""
    way: NDArray[np.int8]
    """Which one was taken; −1 where none is known."""
    figures: Floats
    """What the taken ones give: one row a figure."""

    def name(self, row: int) -> str:
        """The source taken in that session."""
        return self.ways[self.way[row]].name if self.way[row] >= 0 else ""

    def line(self, figure: int) -> Floats:
        """The figure throughout, by the source of the last session that had one."""
        had = self.way[self.way >= 0]
        line: Floats = self.every[int(had[-1]) if len(had) else 0][figure]
        return line


def first_known(frame: Frame, ways: Sequence[Way], figures: int, *, any_while_open: bool = False) -> Chosen:
    """`any_while_open`: the sources are so much alike that any will do while a session is open."""
    every = [frame.figures(way.columns, figures, way.measure) for way in ways]
    way = np.full(len(frame.closes.days), -1, dtype=np.int8)
    taken = np.full((figures, len(way)), np.nan)
    for number, found in enumerate(every):
        free = (way < 0) & np.isfinite(found[0])
        way[free] = number
        taken[:, free] = found[:, free]
    if frame.closes.provisional and not any_while_open and len(way) > 1 and way[-2] >= 0:
        kept = every[way[-2]][:, -1]
        way[-1] = way[-2] if np.isfinite(kept[0]) else -1
        taken[:, -1] = kept
    return Chosen(ways, every, way, taken)


def lacking(frame: Frame, ways: Sequence[Way], needed: int, row: int) -> str:
    """Why no way was known in that session."""
    said = [f"{way.name}: {frame.lacking(way.columns, needed, row)}" for way in ways]
    return "; ".join(said)
