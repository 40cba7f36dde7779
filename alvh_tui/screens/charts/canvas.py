"""A field of cells to draw on: areas and marks lie under stepped lines, those under curves, labels on top."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from typing import Literal

from alvh_tui.screens.charts.ink import INKS, Ink
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.screens.shown import Charts
from alvh_tui.why.figure import Figure

Style = Literal["solid", "dotted", "sparse", "thick"]
_SKIPPED: dict[Style, tuple[int, int]] = {"dotted": (4, 2), "sparse": (6, 2)}
"""Of so many dot columns so many are drawn."""


@dataclass(frozen=True, slots=True)
class Label:
    """Text that has found its place."""

    column: int
    text: str
    role: Role
    figure: Figure | None


class Canvas:
    """Heights are in rows from the top, as fractions; not a number is a gap."""

    def __init__(self, width: int, height: int, charts: Charts = "braille") -> None:
        self.width, self.height = max(width, 0), max(height, 0)
        self.ink: Ink = INKS[charts]
        cells = self.width * self.height
        self._dots = bytearray(cells)
        self._under = [" "] * cells
        self._roles = [Role.PLAIN] * cells
        self._labels: dict[int, list[Label]] = {}

    @property
    def dot_columns(self) -> int:
        return self.width * self.ink.across

    # under the curves

    def area(self, tops: Sequence[float], bottoms: Sequence[float], role: Role) -> None:
        """Shades whole cells between two heights, given for each column of cells."""
        for column, (top, bottom) in enumerate(zip(tops, bottoms, strict=True)):
            if not (isfinite(top) and isfinite(bottom)):
                continue
            for row in range(max(round(top), 0), min(round(bottom), self.height)):
                self._put(column, row, self.ink.shade, role)

    def upright(self, column: int, role: Role, glyph: str = "") -> None:
        if 0 <= column < self.width:
            for row in range(self.height):
                self._put(column, row, glyph or self.ink.upright, role)

    def level(self, height: float, role: Role) -> None:
        row = self._row(height)
        if row is not None:
            for column in range(self.width):
                self._put(column, row, self.ink.level, role)

    def steps(self, heights: Sequence[float], role: Role, dashed_from: int | None = None) -> None:
        """A line of whole cells that jumps upright, its height given for each column of cells."""
        level, upright, *turns = list(self.ink.corners)
        dashed = self.width if dashed_from is None else dashed_from
        rows = [self._row(height) for height in heights]
        for column, row in enumerate(rows):
            if row is None:
                continue
            before = rows[column - 1] if column else None
            if before is None or before == row:
                self._put(column, row, level if column < dashed else self.ink.rule_dashed, role)
                continue
            down = before < row
            self._put(column, before, turns[0] if down else turns[2], role)
            self._put(column, row, turns[1] if down else turns[3], role)
            for between in range(min(before, row) + 1, max(before, row)):
                self._put(column, between, upright, role)

    def _put(self, column: int, row: int, glyph: str, role: Role) -> None:
        cell = row * self.width + column
        self._under[cell], self._roles[cell] = glyph, role

    # curves

    def curve(self, heights: Sequence[float], role: Role, style: Style = "solid") -> None:
        """A line through one height for each column of dots, joined where neighbours are far apart."""
        down = self.ink.down
        last = self.height * down - 1
        dots = [height * down if isfinite(height) else None for height in heights]
        cycle, drawn = _SKIPPED.get(style, (1, 1))
        stamp = self.ink.thick if style == "thick" else ""
        thick = 1 if style == "thick" and not stamp else 0
        for column, here in enumerate(dots[: self.dot_columns]):
            if here is None or column % cycle >= drawn:
                continue
            ends = [here]
            for neighbour in (column - 1, column + 1):
                other = dots[neighbour] if 0 <= neighbour < len(dots) else None
                if other is not None:
                    ends.append((here + other) / 2.0)
            low, high = min(ends), max(ends)
            if high < 0.0 or low > last + 1.0:
                continue
            first, end = max(int(low), 0), min(int(high) + thick, last)
            if len(ends) == 3 and high - here < 1.0 and here - low < 1.0:
                first, end = int(here), min(int(here) + thick, last)
            for dot in range(max(first, 0), end + 1):
                if stamp:
                    self._put(column // self.ink.across, dot // down, stamp, role)
                else:
                    self._set(column, dot, role)

    def _set(self, column: int, dot: int, role: Role) -> None:
        ink = self.ink
        cell = dot // ink.down * self.width + column // ink.across
        self._dots[cell] |= ink.bits[dot % ink.down * ink.across + column % ink.across]
        self._roles[cell] = role

    # labels

    def label(
        self, column: int, height: float, text: str, role: Role, figure: Figure | None = None, reach: int = 2
    ) -> bool:
        """Text near a height, where it hides least of the curves; False where other labels leave no room."""
        width = width_of(text)
        if not isfinite(height) or width > self.width or self.height == 0:
            return False
        column = max(0, min(column, self.width - width))
        wanted = max(0, min(int(height), self.height - 1))
        best: tuple[int, int] | None = None
        for row in range(max(wanted - reach, 0), min(wanted + reach, self.height - 1) + 1):
            if self._is_taken(row, column, width):
                continue
            start = row * self.width + column
            hidden = width - self._dots[start : start + width].count(0)
            cost = 3 * hidden + 2 * abs(row - wanted)
            if best is None or cost < best[0]:
                best = cost, row
        if best is None:
            return False
        self._labels.setdefault(best[1], []).append(Label(column, text, role, figure))
        return True

    def _is_taken(self, row: int, column: int, width: int) -> bool:
        return any(
            label.column <= column + width and column <= label.column + width_of(label.text)
            for label in self._labels.get(row, ())
        )

    # the result

    def rows(self) -> tuple[tuple[Span, ...], ...]:
        """Each exactly as wide as the canvas."""
        return tuple(tuple(self._spans(row)) for row in range(self.height))

    def _spans(self, row: int) -> Iterator[Span]:
        glyphs, start = self.ink.glyphs, row * self.width
        dots, under = self._dots[start : start + self.width], self._under[start : start + self.width]
        text = [glyphs[mask] if mask else below for mask, below in zip(dots, under, strict=True)]
        roles = self._roles[start : start + self.width]
        column = 0
        for label in sorted(self._labels.get(row, ()), key=lambda label: label.column):
            yield from runs(text[column : label.column], roles[column : label.column])
            yield Span(label.text, label.role, label.figure)
            column = label.column + width_of(label.text)
        yield from runs(text[column:], roles[column:])

    def _row(self, height: float) -> int | None:
        return int(height) if isfinite(height) and 0.0 <= height < self.height else None


def runs(text: Sequence[str], roles: Sequence[Role]) -> Iterator[Span]:
    """As few spans as say the same; a blank takes the look of what is before it."""
    if not text:
        return
    starts = [0]
    role = roles[0]
    kept = [role]
    for place in range(1, len(text)):
        if roles[place] is not role and text[place] != " ":
            role = roles[place]
            starts.append(place)
            kept.append(role)
    for (start, end), role in zip(pairwise([*starts, len(text)]), kept, strict=True):
        yield Span("".join(text[start:end]), role)
