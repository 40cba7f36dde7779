"""One yardstick of a layer on one line: a gauge, its reading and its band."""

from collections.abc import Iterator
from dataclasses import dataclass

from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.yardsticks import Yardstick
from alvh_tui.screens.cells import HIDDEN, cell
from alvh_tui.screens.charts.small import gauge
from alvh_tui.screens.panels.layer_action import AMPLE, MULTIPLES, Reach, measured
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import shielded
from alvh_tui.why.figure import Figure

BINDS = "◀"
INDENT = 3
_LEAST_GAUGE, _MOST_GAUGE = 6, 24
_SHORT = {
    "vega coverage": "coverage",
    "exposure share": "exposure",
    "risk cap": "risk",
    "hedge cost": "cost",
    "quick ratio": "quick",
    "required return": "return",
}
"""Where there is no room for a yardstick's name."""


@dataclass(frozen=True, slots=True)
class _Widths:
    label: int
    reading: int
    band: int


_WIDE, _NARROW = _Widths(16, 7, 10), _Widths(9, 6, 9)


def yardstick_row(
    judged: LayerJudgement,
    yardstick: Yardstick,
    shown: Shown,
    look: Look,
    *,
    brought: Reach | None = None,
    opens: Opens | None = None,
    key: str = "",
    note: bool = True,
) -> Row:
    layer, ample = judged.sizing.layer, look.width >= AMPLE
    figure = Figure("yardstick", yardstick.id, layer)
    binding = yardstick.id == judged.sizing.binding
    wide = _WIDE if ample else _NARROW
    label = yardstick.id if ample else _SHORT.get(yardstick.id, yardstick.id)
    width = look.width - INDENT - wide.label - wide.reading - 1 - wide.band - 1
    width = max(min(width, _MOST_GAUGE), _LEAST_GAUGE)
    mark = brought.after if brought is not None and brought.yardstick == yardstick.id else None
    reading = fitted(measured(yardstick.id, yardstick.reading), wide.reading, right=True)
    spans = [
        Span(" " * INDENT),
        Span(fitted(label, wide.label), Role.LABEL),
        *_drawn(yardstick, width, look, mark),
        cell(reading, figure, shown),
        Span(" "),
        *_band(yardstick, figure, wide.band),
        Span(BINDS if binding else " ", Role.WATCH),
    ]
    if ample:
        spans += _said(yardstick, layer, look, note=note)
    return Row(key or f"{layer} {yardstick.id}", cut(spans, look.width), opens)


def _drawn(yardstick: Yardstick, width: int, look: Look, mark: float | None) -> tuple[Span, ...]:
    """Of a bound alone three quarters of the scale are below it."""
    low, high = yardstick.low, yardstick.high
    if yardstick.reading is None:
        return (Span(" " * width),)
    bound = max((each for each in (low, high, mark) if each is not None and each > 0.0), default=None)
    top = None if bound is None else bound * 4.0 / 3.0
    shown_low = low if low is not None and low > 0.0 and high is not None and low != high else None
    return gauge(
        yardstick.reading,
        width,
        look.charts,
        low=shown_low,
        high=high if shown_low is not None else None,
        mark=mark if mark is not None else (high if shown_low is None and low is None else low),
        top=top,
        role=role_of(yardstick),
    )


def role_of(yardstick: Yardstick) -> Role:
    """Calm within its band."""
    if yardstick.reading is None:
        return Role.DOUBT
    short = yardstick.low is not None and yardstick.reading < yardstick.low - 1e-9
    over = yardstick.high is not None and yardstick.reading > yardstick.high + 1e-9
    return Role.WATCH if short or over else Role.CALM


def _band(yardstick: Yardstick, figure: Figure, width: int) -> Iterator[Span]:
    text = band_of(yardstick)
    bound = "low" if yardstick.high is None else "high"
    yield Span(text, Role.LABEL, Figure(figure.kind, figure.name, figure.about, bound) if text else None)
    yield Span(" " * max(width - width_of(text), 0))


def band_of(yardstick: Yardstick) -> str:
    """40–60 %, ≤ 3 %, ≥ 1.00×, of 1.00×; empty where it has none."""
    low, high, name = yardstick.low, yardstick.high, yardstick.id
    if low is None and high is None:
        return ""
    if low is None:
        return f"≤ {measured(name, high)}"
    if high is None or high == low:
        return f"{'≥' if high is None else 'of'} {measured(name, low)}"
    if name in MULTIPLES:
        return f"{low:.2f}–{high:.2f}×"
    return f"{100.0 * low:g}–{100.0 * high:g} %"


def _said(yardstick: Yardstick, layer: str, look: Look, *, note: bool) -> Iterator[Span]:
    """What it asks for in contracts, and its note."""
    yield Span("  ")
    counts = contracts_of(yardstick, look)
    if counts:
        bound = "least" if yardstick.least is not None else "most"
        yield Span(counts, Role.LABEL, Figure("yardstick", yardstick.id, layer, bound))
    if note and yardstick.note:
        yield Span(f"{' · ' if counts else ''}{shielded(yardstick.note, look)}", Role.LABEL)


def contracts_of(yardstick: Yardstick, look: Look) -> str:
    """Asks for 5–6, allows 7."""
    least, most = yardstick.least, yardstick.most
    if least is None and most is None:
        return ""
    if look.private:
        return f"{'asks for' if least is not None else 'allows'} {HIDDEN}"
    if least is None:
        return f"allows {most}"
    if most is None or most == least:
        return f"asks for {least}"
    return f"asks for {least}–{most}"
