"""The corridor of one condor over time: the index between its breakevens, from the opening to the expiry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import nan, sqrt

from alvh_tui.assess import PositionAssessment
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import sessions_between
from alvh_tui.risk.positions import axis_unit
from alvh_tui.risk.travel import Standing, Traveller
from alvh_tui.screens.charts.canvas import Canvas
from alvh_tui.screens.charts.marks import Mark, line_of
from alvh_tui.screens.charts.plot import filled, framed, gutter_of, heights_of, rule_under
from alvh_tui.screens.charts.scale import Scale, between, spanning
from alvh_tui.screens.rows import Role, Row
from alvh_tui.screens.shown import Look
from alvh_tui.why.figure import Figure, Side

LEAST_ROWS, LEAST_WIDTH = 3, 24
ROOM_FOR_WORDS = 4
"""Rows of a plot below which words would hide the curves."""
BELOW = 2
"""Lines under the plot: the axis and its dates."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SIDES: tuple[tuple[int, Side, Role], ...] = ((0, "lower", Role.LOWER), (1, "upper", Role.UPPER))


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """All that is drawn, by sessions since the opening."""

    name: str
    trail: tuple[Standing, ...]
    """One a session; the last is now."""
    end: int
    """Sessions from the opening to the expiry."""
    expiry: date | None
    expected_move: float | None
    ahead: tuple[tuple[int, tuple[float | None, float | None]], ...]
    """Sessions from now, and the breakevens on today's path then."""
    steps: tuple[tuple[int, date], ...]
    """The adjustments."""
    on_spx: bool

    @property
    def now(self) -> int:
        return len(self.trail) - 1

    @property
    def spot(self) -> float | None:
        return self.trail[-1].spot

    def side(self, side: int) -> list[float | None]:
        return [standing.kinds.get("expiry", (None, None))[side] for standing in self.trail]

    def path(self, side: int) -> list[float | None]:
        return [standing.kinds.get("today_path", (None, None))[side] for standing in self.trail]

    @property
    def rebuilt(self) -> bool:
        return any(standing.rebuilt for standing in self.trail)


def corridor_of(held: PositionAssessment, traveller: Traveller) -> Corridor:
    trail = tuple(traveller.trail())
    expiry = min(held.figures.position.expiries, default=None)
    now = len(trail) - 1
    left = 0 if expiry is None else max(sessions_between(trail[-1].on, expiry), 0)
    ahead = [(0, traveller.now.kinds.get("today_path", (None, None)))]
    for projection in traveller.table.projections:
        path = projection.kinds["today_path"]
        ahead.append((projection.sessions, (path.low, path.high)))
    days = [standing.on for standing in trail]
    steps = tuple(
        (max(sum(day <= step.on for day in days) - 1, 0), step.on) for step in traveller.migration.steps[1:]
    )
    return Corridor(
        name=traveller.condor.id,
        trail=trail,
        end=now + left,
        expiry=expiry,
        expected_move=held.figures.expected_move,
        ahead=tuple(ahead),
        steps=steps,
        on_spx=axis_unit(traveller.condor) == 1.0,
    )


def chart(corridor: Corridor, look: Look, height: int) -> tuple[Row, ...]:
    """So many rows, each as wide as the panel; none where there is no room for a curve."""
    rows = height - BELOW
    scale = spanning(_levels(corridor), max(rows, 1), margin=0.06)
    if rows < LEAST_ROWS or look.width < LEAST_WIDTH or scale is None:
        return ()
    heights = heights_of(scale, number)
    gutter = gutter_of(heights)
    canvas = Canvas(look.width - gutter, rows, look.charts)
    across = Scale(0.0, float(max(corridor.end, 1)), canvas.width)
    present = across.column(corridor.now)
    canvas.upright(present, Role.NOW)
    _draw_cone(canvas, corridor, across, scale)
    _draw_breakevens(canvas, corridor, across, scale)
    at = [float(session) for session in range(len(corridor.trail))]
    spots = between(at, [standing.spot for standing in corridor.trail], across.points(canvas.dot_columns))
    canvas.curve([scale.down(spot) for spot in spots], Role.INDEX)
    _write_labels(canvas, corridor, across, scale)
    marks = list(_date_marks(corridor, across))
    ticks = [mark.column for mark in marks if mark.column != present]
    glyph = "|" if look.charts == "ascii" else "┃"
    axis = rule_under(
        canvas, ticks, _rebuilt_columns(corridor, across), [Mark(present, glyph, Role.NOW, ahead=0)]
    )
    below = (axis, line_of(marks, canvas.width))
    return filled(framed("corridor", canvas, heights, gutter, below), look.width)


def _levels(corridor: Corridor) -> Iterator[float | None]:
    for standing in corridor.trail:
        yield standing.spot
        for kind in ("expiry", "today_path"):
            yield from standing.kinds.get(kind, ())
    for _, sides in corridor.ahead:
        yield from sides


def _draw_cone(canvas: Canvas, corridor: Corridor, across: Scale, scale: Scale) -> None:
    """One expected move to either side of the index, growing with the root of time until the expiry."""
    spot, move, left = corridor.spot, corridor.expected_move, corridor.end - corridor.now
    if spot is None or move is None or left < 1:
        return
    tops, bottoms, present = [], [], across.column(corridor.now)
    for column, session in enumerate(across.points(canvas.width)):
        away = (session - corridor.now) / left
        grown = move * sqrt(away) if away > 0.0 and column > present else nan
        tops.append(scale.down(spot + grown))
        bottoms.append(scale.down(spot - grown))
    canvas.area(tops, bottoms, Role.CONE)


def _draw_breakevens(canvas: Canvas, corridor: Corridor, across: Scale, scale: Scale) -> None:
    present = across.column(corridor.now)
    in_force = [
        min(int(session), corridor.now) if column < present else corridor.now
        for column, session in enumerate(across.points(canvas.width))
    ]
    dots = across.points(canvas.dot_columns)
    at = [float(session) for session in range(len(corridor.trail))]
    later = [float(corridor.now + session) for session, _ in corridor.ahead]
    for side, _, role in SIDES:
        levels = corridor.side(side)
        canvas.steps([_down(scale, levels[session]) for session in in_force], role, dashed_from=present + 1)
        ahead = [sides[side] for _, sides in corridor.ahead]
        for places, path, look in ((at, corridor.path(side), role), (later, ahead, Role.PROJECTED)):
            if any(level is not None for level in path):
                heights = [scale.down(level) for level in between(places, path, dots)]
                canvas.curve(heights, look, "dotted")


def _down(scale: Scale, level: float | None) -> float:
    return nan if level is None else scale.down(level)


def _write_labels(canvas: Canvas, corridor: Corridor, across: Scale, scale: Scale) -> None:
    right = across.column(corridor.now) + 2
    if corridor.spot is not None:
        spot = Figure("market", "spx") if corridor.on_spx else None
        canvas.label(right, scale.down(corridor.spot), number(corridor.spot), Role.INDEX, spot)
    for side, name, role in SIDES:
        level = corridor.side(side)[-1]
        if level is not None:
            text = f" {name} {number(level)}"
            figure = Figure("breakeven", "expiry", corridor.name, side=name)
            for reach in (0, 1):
                if canvas.label(canvas.width, scale.down(level), text, role, figure, reach):
                    break
    if canvas.height < ROOM_FOR_WORDS:
        return
    if corridor.spot is not None and corridor.expected_move is not None and corridor.end > corridor.now:
        text = f"expected move ±{number(corridor.expected_move)}"
        figure = Figure("position", "expected_move", corridor.name)
        canvas.label(right, scale.down(corridor.spot) + 1, text, Role.LABEL, figure, reach=3)
    session, sides = corridor.ahead[-1]
    known = [level for level in sides if level is not None]
    if known and len(corridor.ahead) > 1:
        here = corridor.spot or 0.0
        nearest = min(known, key=lambda level: abs(level - here))
        column = across.column(corridor.now + session) + 1
        canvas.label(column, scale.down(nearest), "today's path", Role.PROJECTED, reach=1)


def _date_marks(corridor: Corridor, across: Scale) -> Iterator[Mark]:
    """The present, the ends and the adjustments come first; then as many other days as there is room for."""
    yield Mark(across.column(corridor.now), "now", Role.NOW)
    if corridor.expiry is not None and corridor.end > corridor.now:
        yield Mark(across.column(corridor.end), day_of(corridor.expiry))
    if corridor.now > 0:
        yield Mark(0, day_of(corridor.trail[0].on))
    for session, on in corridor.steps:
        yield Mark(across.column(session), day_of(on))


def _rebuilt_columns(corridor: Corridor, across: Scale) -> list[int]:
    present = across.column(corridor.now)
    return [
        column
        for column, session in enumerate(across.points(across.cells))
        if column < present and corridor.trail[min(int(session), corridor.now)].rebuilt
    ]


def day_of(day: date) -> str:
    """nov 4."""
    return f"{MONTHS[day.month - 1]} {day.day}"
