"""A signal's series as a chart of its own, its threshold marked."""

from collections.abc import Iterator, Sequence
from datetime import date

from alvh_tui.figures import number
from alvh_tui.instruments.calendar import add_sessions
from alvh_tui.screens.charts.canvas import Canvas
from alvh_tui.screens.charts.marks import Mark, line_of
from alvh_tui.screens.charts.plot import filled, framed, gutter_of, rule_under
from alvh_tui.screens.charts.scale import Scale, between, round_numbers, spanning
from alvh_tui.screens.rows import Role, Row
from alvh_tui.screens.shown import Look

_WIDEST, _LEAST = 100, 24
_MARGIN = 0.08


def series_chart(
    key: str,
    series: Sequence[float | None],
    threshold: float | None,
    last: date,
    look: Look,
    height: int,
) -> Iterator[Row]:
    """Nothing where less than two sessions are known, or where there is no room."""
    width = min(look.width, _WIDEST)
    known = [value for value in series if value is not None]
    scale = spanning((*known, threshold), height, _MARGIN) if len(known) > 1 else None
    if scale is None or width < _LEAST or height < 3:
        return
    heights = _heights(scale)
    gutter = gutter_of(heights)
    canvas = Canvas(width - gutter, height, look.charts)
    if threshold is not None:
        canvas.level(scale.down(threshold), Role.CONE)
    sessions = Scale(0.0, len(series) - 1.0, canvas.dot_columns)
    places = [float(place) for place in range(len(series))]
    values = between(places, series, sessions.points(canvas.dot_columns))
    canvas.curve([scale.down(value) for value in values], Role.INDEX)
    dates = Scale(0.0, len(series) - 1.0, canvas.width)
    marks = list(_dates(len(series), last, dates))
    below = (rule_under(canvas, [mark.column for mark in marks]), line_of(marks, canvas.width))
    yield from filled(framed(key, canvas, heights, gutter, below), width)


def _heights(scale: Scale) -> dict[int, str]:
    values = round_numbers(scale, max(scale.cells // 2, 1), whole=False)
    step = values[1] - values[0] if len(values) > 1 else abs(values[0]) if values else 1.0
    digits = next((n for n in range(4) if abs(round(step, n) - step) < 1e-9), 4)
    found: dict[int, str] = {}
    for value in values:
        row = int(scale.down(value))
        if 0 <= row < scale.cells:
            found.setdefault(row, number(value, digits))
    return found


def _dates(count: int, last: date, dates: Scale) -> Iterator[Mark]:
    """The last session, the first, and some between."""
    parts = 3 if dates.cells >= 60 else 2 if dates.cells >= 36 else 1
    for part in (parts, *range(parts)):
        place = round((count - 1) * part / parts)
        day = add_sessions(last, place - (count - 1))
        yield Mark(dates.column(place), f"{day:%b} {day.day}")
