"""P&L over SPX and VIX, each moved on its own: numbers first, shades behind them."""

from math import isfinite

from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.risk.picture import Picture
from alvh_tui.risk.scenarios import Grid
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.charts.small import shade_of
from alvh_tui.screens.rows import Role, Row, Span
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.why.figure import Figure

LEVEL, LEAST_CELL, MOST_CELL = 7, 7, 11


def heat_map(
    picture: Picture, grid: Grid, largest_loss: float | None, shown: Shown, look: Look
) -> tuple[Row, ...]:
    """The highest index on top, as on a chart; the cell where the market stands is in brackets."""
    here_spot = _place(grid.spots.tolist(), picture.spot)
    here_vix = _place(grid.vix.tolist(), picture.vix)
    texts = [[_written(value, largest_loss, look) for value in row] for row in grid.pnl.tolist()]
    width = max(LEAST_CELL, *(len(text) + 2 for row in texts for text in row))
    columns = _columns(len(grid.vix), here_vix, (look.width - LEVEL) // width)
    width = max(width, min((look.width - LEVEL) // len(columns), MOST_CELL))
    known = [abs(value) for value in grid.pnl.ravel().tolist() if isfinite(value)]
    largest = max(known, default=0.0)
    rows = [_heading(grid, columns, here_vix, width)]
    for place in reversed(range(len(grid.spots))):
        spans = [_level(grid, place, place == here_spot)]
        for column in columns:
            value = float(grid.pnl[place, column])
            detail = f"SPX {grid.spots[place]:.10g} VIX {grid.vix[column]:.10g}"
            figure = Figure("grid", "pnl", picture.about, detail)
            text = texts[place][column]
            at_home = place == here_spot and column == here_vix
            text = f"[{text}]".rjust(width) if at_home else f"{text} ".rjust(width)
            role = shade_of(value, largest)
            if text.strip() == UNKNOWN or shown.is_doubtful(figure):
                role = Role.DOUBT
            spans.append(Span(text, role, figure))
        rows.append(Row(f"grid {place - here_spot}", tuple(spans)))
    return tuple(rows)


def _place(levels: list[float], here: float | None) -> int:
    return min(range(len(levels)), key=lambda at: abs(levels[at] - (here or 0.0)))


def _written(value: float, largest_loss: float | None, look: Look) -> str:
    if not isfinite(value):
        return UNKNOWN
    if not look.private:
        return number(value, signed=True)
    return percent(value / largest_loss, signed=True) if largest_loss else HIDDEN


def _columns(count: int, here: int, room: int) -> list[int]:
    """As many as there is room for, the present one among them."""
    first, last = 0, count
    while last - first > max(room, 1):
        if last - 1 - here >= here - first and last - 1 > here:
            last -= 1
        else:
            first += 1
    return list(range(first, last))


def _heading(grid: Grid, columns: list[int], here: int, width: int) -> Row:
    spans = [Span("SPX VIX", Role.LABEL)]
    for column in columns:
        level = float(grid.vix[column])
        text = f"{number(level, 1 if level % 1.0 else 0)} "
        spans.append(Span(text.rjust(width), Role.INDEX if column == here else Role.LABEL))
    return Row("grid head", tuple(spans))


def _level(grid: Grid, place: int, present: bool) -> Span:
    return Span(number(float(grid.spots[place])).ljust(LEVEL), Role.INDEX if present else Role.LABEL)
