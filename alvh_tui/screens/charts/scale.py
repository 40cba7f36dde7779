"""From figures to places on an axis, and the round numbers along it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

_ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of figures laid out on so many cells."""

    low: float
    high: float
    cells: int

    def across(self, value: float) -> float:
        """Cells from the left."""
        return (value - self.low) / (self.high - self.low) * self.cells

    def down(self, value: float) -> float:
        """Cells from the top."""
        return (self.high - value) / (self.high - self.low) * self.cells

    def column(self, value: float) -> int:
        """The column of cells a value falls into, at the edge where it is outside."""
        return max(0, min(int(self.across(value)), self.cells - 1))

    def points(self, dots: int) -> list[float]:
        """The figure in the middle of each of so many equal parts."""
        part = (self.high - self.low) / dots if dots else 0.0
        return [self.low + (place + 0.5) * part for place in range(dots)]


def spanning(values: Iterable[float | None], cells: int, margin: float = 0.0) -> Scale | None:
    """From the least to the greatest, with a share of that beyond; None where nothing is known."""
    known = [value for value in values if value is not None and isfinite(value)]
    if not known:
        return None
    low, high = min(known), max(known)
    room = (high - low) * margin or max(abs(high) * 0.001, 0.5) * (low == high)
    return Scale(low - room, high + room, cells)


def round_numbers(scale: Scale, most: int, whole: bool = True) -> list[float]:
    """At most so many round numbers within a scale, equally far apart."""
    length = scale.high - scale.low
    if most < 1 or not isfinite(length) or length <= 0.0:
        return []
    step = _round_up(length / (most + 1))
    if whole:
        step = max(step, 1.0)
    while True:
        first, last = ceil(scale.low / step - 1e-9), floor(scale.high / step + 1e-9)
        if last - first + 1 <= most:
            return [place * step + 0.0 for place in range(first, last + 1)]
        step = _round_up(step * 1.01)


def _round_up(step: float) -> float:
    size = 10.0 ** floor(log10(step))
    found = next(part for part in _ROUND if part * size >= step * (1.0 - 1e-9))
    # 2.5 is round in hundreds only: 2.5 points apart reads badly, 250 well.
    return 5.0 * size if found == 2.5 and size < 10.0 else found * size


def between(xs: Sequence[float], ys: Sequence[float | None], at: Iterable[float]) -> list[float]:
    """The heights of a line through rising points; not a number beyond them and at a gap."""
    nothing = float("nan")
    found: list[float] = []
    place = 0
    for x in at:
        while place + 1 < len(xs) and xs[place + 1] < x:
            place += 1
        if not xs or x < xs[0] or x > xs[-1]:
            found.append(nothing)
            continue
        right = min(place + 1, len(xs) - 1)
        left_y, right_y = ys[place], ys[right]
        if left_y is None or right_y is None:
            found.append(nothing)
            continue
        width = xs[right] - xs[place]
        found.append(left_y if width == 0.0 else left_y + (right_y - left_y) * (x - xs[place]) / width)
    return found
