"""A canvas in its frame: round numbers at the left, a rule with marks below, and texts under that."""

from collections.abc import Callable, Iterable, Sequence

from alvh_tui.screens.charts.canvas import Canvas
from alvh_tui.screens.charts.marks import Mark, line_of, repainted
from alvh_tui.screens.charts.scale import Scale, round_numbers
from alvh_tui.screens.rows import Role, Row, Span, cut, width_of

Spans = tuple[Span, ...]


def heights_of(scale: Scale, written: Callable[[float], str]) -> dict[int, str]:
    """The round number to write beside each row that has one."""
    found: dict[int, str] = {}
    for value in round_numbers(scale, max(scale.cells // 2, 1)):
        row = int(scale.down(value))
        if 0 <= row < scale.cells:
            found.setdefault(row, written(value))
    return found


def gutter_of(heights: dict[int, str]) -> int:
    """Cells the numbers at the left need, with a blank behind them."""
    return max((width_of(text) for text in heights.values()), default=0) + 1


def framed(
    name: str, canvas: Canvas, heights: dict[int, str], gutter: int, below: Iterable[Spans] = ()
) -> tuple[Row, ...]:
    """The rows of a canvas behind its numbers, then lines as wide as the canvas."""
    rows = []
    for place, spans in enumerate(canvas.rows()):
        number = heights.get(place, "").rjust(gutter - 1) + " "
        rows.append(Row(f"{name} {place}", (Span(number, Role.LABEL), *spans)))
    for place, spans in enumerate(below):
        rows.append(Row(f"{name} below {place}", (Span(" " * gutter, Role.LABEL), *spans)))
    return tuple(rows)


def rule_under(
    canvas: Canvas, ticks: Iterable[int], dashed: Sequence[int] = (), marks: Iterable[Mark] = ()
) -> Spans:
    """The line of the axis: dashed in some columns, ticks, and marks that carry figures."""
    ink = canvas.ink
    glyphs = dict.fromkeys(dashed, (ink.rule_dashed, Role.DOUBT))
    glyphs |= dict.fromkeys(ticks, (ink.tick, Role.RULE))
    return repainted(line_of(marks, canvas.width, ink.rule), glyphs)


def filled(rows: Iterable[Row], width: int) -> tuple[Row, ...]:
    """Each exactly so wide."""
    return tuple(Row(row.key, _to(row.spans, width), row.opens, row.folds, row.copies) for row in rows)


def _to(spans: Spans, width: int) -> Spans:
    kept = cut(spans, width)
    missing = width - sum(width_of(span.text) for span in kept)
    return (*kept, Span(" " * missing)) if missing > 0 else kept
