"""Charts of one line: sparklines, gauges, bars, and the shade of a cell in a heat map."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from alvh_tui.screens.charts.canvas import runs
from alvh_tui.screens.charts.ink import INKS
from alvh_tui.screens.rows import Role, Span
from alvh_tui.screens.shown import Charts
from alvh_tui.why.figure import Figure


@dataclass(frozen=True, slots=True)
class _Bar:
    left: str
    right: str
    full: str
    parts: str
    """From nothing to nearly a whole cell."""
    empty: str
    band: str
    tick: str
    heights: str
    little: str
    """Less than a cell, to the left and to the right."""


_DRAWN = _Bar("▕", "▏", "█", " ▏▎▍▌▋▊▉", "·", "┄", "┃", "▁▂▃▄▅▆▇█", "▕▏")
_TYPED = _Bar("[", "]", "#", " ", ".", "=", "|", "_.-'", "..")


def _bar(charts: Charts) -> _Bar:
    return _TYPED if charts == "ascii" else _DRAWN


def sparkline(values: Sequence[float | None], width: int, charts: Charts = "braille") -> str:
    """The latest values at the right, as many as there is room for; a gap where one is unknown."""
    if width <= 0:
        return ""
    per_cell = 2 if charts == "braille" else 1
    latest = [value if value is not None and isfinite(value) else None for value in values]
    latest = latest[-width * per_cell :]
    known = [value for value in latest if value is not None]
    if not known:
        return " " * width
    low, length = min(known), max(known) - min(known)
    shares = [None if value is None else (value - low) / length if length else 0.5 for value in latest]
    padded = [None] * (width * per_cell - len(shares)) + shares
    if charts == "braille":
        return _dotted(padded)
    heights = _bar(charts).heights
    return "".join(" " if share is None else heights[int(share * 0.999 * len(heights))] for share in padded)


_BRAILLE = INKS["braille"]
_STROKES = tuple(
    tuple(
        tuple(
            sum(_BRAILLE.bits[dot * _BRAILLE.across + side] for dot in range(first, end + 1))
            for end in range(_BRAILLE.down)
        )
        for first in range(_BRAILLE.down)
    )
    for side in range(_BRAILLE.across)
)
"""The mask of an upright stroke in the left or right half of a cell, from one dot down to another."""


def _dotted(shares: Sequence[float | None]) -> str:
    """The line a canvas of one row would draw, straight into its cells: a screen has a dozen of them."""
    heights = [None if share is None else 0.99 * _BRAILLE.down * (1.0 - share) for share in shares]
    masks = [0] * (len(shares) // _BRAILLE.across)
    before: float | None = None
    for column, (here, after) in enumerate(zip(heights, [*heights[1:], None], strict=True)):
        if here is not None:
            half_back = here if before is None else (here + before) / 2.0
            half_on = here if after is None else (here + after) / 2.0
            low, high = min(here, half_back, half_on), max(here, half_back, half_on)
            if before is not None and after is not None and high - here < 1.0 and here - low < 1.0:
                low = high = here
            masks[column // _BRAILLE.across] |= _STROKES[column % _BRAILLE.across][int(low)][int(high)]
        before = here
    return "".join(_BRAILLE.glyphs[mask] for mask in masks)


def gauge(
    reading: float | None,
    width: int,
    charts: Charts = "braille",
    *,
    low: float | None = None,
    high: float | None = None,
    mark: float | None = None,
    top: float | None = None,
    role: Role = Role.PLAIN,
    figure: Figure | None = None,
) -> tuple[Span, ...]:
    """How far a reading fills a scale from 0 to `top`.

    The band from low to high is drawn as a line, and `mark` as an upright: where something would bring it.
    """
    bar, inner = _bar(charts), width - 2
    if inner < 1:
        return (Span(" " * max(width, 0)),)
    end = _end(top, reading, low, high, mark)
    text, roles = [bar.empty] * inner, [Role.RULE] * inner
    if low is not None or high is not None:
        first = min(int(_share(low or 0.0, end) * inner), inner - 1)
        last = inner if high is None else round(_share(high, end) * inner)
        for place in range(first, max(last, first + 1)):
            text[place], roles[place] = bar.band, Role.LABEL
    if reading is not None and isfinite(reading):
        filled = _share(reading, end) * inner
        whole, part = int(filled), int(filled % 1.0 * len(bar.parts))
        text[:whole], roles[:whole] = [bar.full] * whole, [role] * whole
        if part and whole < inner:
            text[whole], roles[whole] = bar.parts[part], role
    if mark is not None and isfinite(mark):
        place = min(int(_share(mark, end) * inner), inner - 1)
        text[place], roles[place] = bar.tick, Role.STRONG
    drawn = (Span(span.text, span.role, figure) for span in runs(text, roles))
    return (Span(bar.left, Role.RULE), *drawn, Span(bar.right, Role.RULE))


def _end(top: float | None, *readings: float | None) -> float:
    known = [each for each in readings if each is not None and isfinite(each)]
    end = top if top is not None else 1.25 * max(known, default=0.8)
    return end if isfinite(end) and end > 0.0 else 1.0


def _share(value: float, end: float) -> float:
    return max(0.0, min(value / end, 1.0))


def two_way_bar(
    value: float | None, largest: float, width: int, charts: Charts = "braille"
) -> tuple[Span, ...]:
    """Losses to the left of the middle, gains to the right; a whole half is the largest of both."""
    half = max(width - 1, 0) // 2
    bar = _bar(charts)
    axis = "|" if charts == "ascii" else "│"
    if width < 1:
        return ()
    share = 0.0 if value is None or not largest or not isfinite(value) else value / largest
    drawn = bar.full * min(round(abs(share) * half), half)
    if share and not drawn and half:
        drawn = bar.little[share > 0]
    before, after = (drawn, "") if share < 0 else ("", drawn)
    return (
        Span(before.rjust(half), Role.LOSS),
        Span(axis, Role.RULE),
        Span(after.ljust(width - 1 - half), Role.GAIN),
    )


def shade_of(value: float | None, largest: float) -> Role:
    """Of a cell in a heat map: sign and size once more, as the share of the largest."""
    if value is None or not isfinite(value) or not largest or abs(value) < 0.005 * largest:
        return Role.PLAIN
    share = abs(value) / largest
    step = 1 if share < 0.3 else 2 if share < 0.65 else 3
    return (_LOSSES if value < 0.0 else _GAINS)[step - 1]


_LOSSES = (Role.LOSS_1, Role.LOSS_2, Role.LOSS_3)
_GAINS = (Role.GAIN_1, Role.GAIN_2, Role.GAIN_3)
