"""What the condor in question, or the book, makes or loses along the index: now, ahead and at expiry."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.figures import number
from alvh_tui.risk.breakevens import BreakevenKind, BreakevenTable
from alvh_tui.risk.picture import Picture, PictureCurve
from alvh_tui.risk.positions import axis_unit
from alvh_tui.screens.cells import gain
from alvh_tui.screens.charts.canvas import Canvas, Style
from alvh_tui.screens.charts.marks import Mark, line_of
from alvh_tui.screens.charts.plot import filled, framed, gutter_of, heights_of, rule_under
from alvh_tui.screens.charts.scale import Scale, round_numbers, spanning
from alvh_tui.screens.panels.columns import strike_of
from alvh_tui.screens.panels.corridor import SIDES
from alvh_tui.screens.rows import Opens, Role, Row, Span, width_of
from alvh_tui.screens.shown import Charts, Look, Shown
from alvh_tui.screens.table import Column, Table
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

LEAST_ROWS, LEAST_WIDTH = 4, 24
LOW = 11
"""Lines of a panel below which the axis has no round numbers, and the curves are the fewest."""
ROOM_FOR_ALL = (90, 16)
"""Cells in which a curve more is no clutter."""
LINES: dict[str, tuple[Style, Role]] = {
    "+10": ("sparse", Role.PROJECTED),
    "+5": ("dotted", Role.PROJECTED),
    "expiry": ("thick", Role.LABEL),
    "": ("solid", Role.PLAIN),
}
"""From the back to the front."""
_DRAWN = {"": "─", "+5": "┄", "+10": "┈", "expiry": "━"}
SIGNS: dict[Charts, dict[str, str]] = {
    "braille": _DRAWN,
    "blocks": {**_DRAWN, "expiry": "▒"},
    "ascii": {"": "-", "+5": ". .", "+10": ".  .", "expiry": "#"},
}
"""What stands for each line in the legend."""
HEDGED = ("expiry", "")
"""Drawn a second time with the hedges."""
EDGES: tuple[tuple[BreakevenKind, str, str], ...] = (("expiry", "◆", "#"), ("today_path", "◇", "o"))


@dataclass(frozen=True, slots=True)
class Edge:
    """A breakeven on the axis."""

    level: float
    """In points of SPX."""
    text: str
    glyph: str
    role: Role
    figure: Figure


def legend(picture: Picture, look: Look) -> str:
    """What each line is."""
    signs = SIGNS[look.charts]
    drawn = [curve.when for curve in picture.curves if _is_drawn(curve, look)]
    told = [f"{when or 'now'} {signs[when]}" for when in drawn]
    return "  ".join((*told, "hedged bold") if picture.hedges else told)


def _is_drawn(curve: PictureCurve, look: Look) -> bool:
    if curve.when == "+10":
        return look.width >= ROOM_FOR_ALL[0] and look.height >= ROOM_FOR_ALL[1]
    return curve.when != "+5" or look.height >= LOW


def chart(picture: Picture, assessment: Assessment, look: Look, height: int) -> tuple[Row, ...]:
    """So many rows, each as wide as the panel; none where there is no room for a curve."""
    rows = height - (2 if look.height < LOW else 3)
    drawn = [curve for curve in picture.curves if _is_drawn(curve, look)]
    scale = spanning(_values(drawn, picture), max(rows, 1), margin=0.05)
    if rows < LEAST_ROWS or look.width < LEAST_WIDTH or scale is None:
        return ()
    heights = _heights(picture, assessment, scale, look)
    gutter = gutter_of(heights)
    canvas = Canvas(look.width - gutter, rows, look.charts)
    across = Scale(float(picture.spots[0]), float(picture.spots[-1]), canvas.width)
    strikes = list(_strikes(assessment, picture, across))
    for mark in strikes:
        canvas.upright(mark.column, Role.RULE, canvas.ink.dashed)
    canvas.level(scale.down(0.0), Role.RULE)
    if picture.spot is not None:
        canvas.upright(across.column(picture.spot), Role.NOW)
    _draw_curves(canvas, drawn, picture, across, scale)
    edges = [e for e in _edges(assessment, picture, look) if across.low <= e.level <= across.high]
    zero = scale.down(0.0)
    for edge in edges:
        canvas.label(across.column(edge.level), zero, edge.glyph, edge.role, edge.figure, reach=0)
    above = Row("strikes", (Span(" " * gutter), *line_of(strikes, canvas.width, slack=5)))
    below = _below(canvas, edges, picture, across, look)
    return filled((above, *framed("payoff", canvas, heights, gutter, below)), look.width)


def _values(drawn: Sequence[PictureCurve], picture: Picture) -> Iterator[float]:
    yield 0.0
    for curve in drawn:
        yield from curve.bare.tolist()
        if picture.hedges and curve.when in HEDGED:
            yield from curve.hedged.tolist()


def _heights(picture: Picture, assessment: Assessment, scale: Scale, look: Look) -> dict[int, str]:
    """Round dollars; with amounts hidden, round shares of the largest loss."""
    if not look.private:
        return heights_of(scale, number)
    largest = largest_loss(picture, assessment)
    if not largest:
        return {int(scale.down(0.0)): "0"}
    shares = Scale(100.0 * scale.low / largest, 100.0 * scale.high / largest, scale.cells)
    return heights_of(shares, lambda share: f"{number(share)} %")


def largest_loss(picture: Picture, assessment: Assessment) -> float | None:
    if not picture.about:
        return assessment.totals.max_loss
    held = (each.figures for each in assessment.positions if each.figures.position.id == picture.about)
    return next((figures.max_loss for figures in held), None)


def _draw_curves(
    canvas: Canvas, drawn: Sequence[PictureCurve], picture: Picture, across: Scale, scale: Scale
) -> None:
    levels = across.points(canvas.dot_columns)
    found = {curve.when: curve for curve in drawn}
    for hedged in (False, True) if picture.hedges else (False,):
        for when in LINES if not hedged else HEDGED:
            if when in found:
                style, role = LINES[when]
                values = picture.along(found[when], levels, hedged=hedged)
                canvas.curve([scale.down(value) for value in values], Role.HEDGED if hedged else role, style)


def _held(assessment: Assessment, picture: Picture) -> list[PositionAssessment]:
    """The condors the curves are about."""
    condors = [each for each in assessment.positions if each.figures.kind == "condor" and each.figures.legs]
    return [each for each in condors if picture.about in ("", each.figures.position.id)]


def _strikes(assessment: Assessment, picture: Picture, across: Scale) -> Iterator[Mark]:
    """Short ones first: they matter most where there is not room for all."""
    long: list[Mark] = []
    for held in _held(assessment, picture):
        unit = axis_unit(held.figures.position)
        for each in held.figures.legs:
            contract = each.leg.contract
            if contract.strike is None:
                continue
            column = across.column(contract.strike / unit)
            text = f"{number(contract.strike)}{contract.right}"
            if each.leg.quantity < 0:
                figure = Figure("short", "strike", held.figures.position.id, strike_of(contract))
                yield Mark(column, text, Role.PLAIN, figure)
            else:
                long.append(Mark(column, text, Role.LABEL))
    yield from long


def _edges(assessment: Assessment, picture: Picture, look: Look) -> Iterator[Edge]:
    table = _table(assessment, picture)
    if table is None:
        return
    for kind, glyph, typed in EDGES:
        for place, side, role in SIDES:
            level = (table.kinds[kind].low, table.kinds[kind].high)[place]
            if level is not None:
                shown = typed if look.charts == "ascii" else glyph
                figure = Figure("breakeven", kind, picture.about, "", side)
                yield Edge(level / picture.unit, number(level), shown, role, figure)


def _table(assessment: Assessment, picture: Picture) -> BreakevenTable | None:
    if not picture.about:
        return assessment.book_breakevens
    held = _held(assessment, picture)
    return held[0].breakevens if held else None


def _below(
    canvas: Canvas, edges: Sequence[Edge], picture: Picture, across: Scale, look: Look
) -> tuple[tuple[Span, ...], ...]:
    """The axis with the index and the breakevens on it, and round levels under it."""
    rounds = round_numbers(across, max(canvas.width // 10, 1))
    own = [(across.column(level), level * picture.unit) for level in rounds]
    marks: list[Mark] = []
    if picture.spot is not None:
        sign = "|" if look.charts == "ascii" else "┃"
        figure = Figure("market", "spx") if picture.unit == 1.0 else None
        here = number(picture.spot * picture.unit)
        marks += _to_either_side(across.column(picture.spot), sign, here, Role.INDEX, figure)
    for edge in edges:
        column = across.column(edge.level)
        marks += _to_either_side(column, edge.glyph, edge.text, edge.role, edge.figure)
    axis = rule_under(canvas, [column for column, _ in own], marks=marks)
    if look.height < LOW:
        return (axis,)
    return axis, line_of([Mark(column, number(level)) for column, level in own], canvas.width, gap=2)


def _to_either_side(
    column: int, glyph: str, text: str, role: Role, figure: Figure | None
) -> tuple[Mark, Mark]:
    """One of them finds room: both stand on the same column."""
    right = Mark(column, f"{glyph}{text}", role, figure, ahead=0)
    left = Mark(column, f"{text}{glyph}", role, figure, ahead=len(text))
    return (left, right) if figure is not None and figure.side == "lower" else (right, left)


def _condors_held(shown: Shown) -> bool:
    return shown.assessment is not None and any(c.open_legs for c in shown.assessment.book.condors)


def numbers(picture: Picture, shown: Shown, look: Look) -> tuple[Row, ...]:
    """The same curves as figures, with the index where it is."""
    if picture.spot is None or not picture.curves:
        return ()
    here = f"at {number(picture.spot * picture.unit)}"
    columns = [Column("which", here, right=False, least=12)]
    columns += [
        Column(curve.when or "now", curve.when or "now", least=7, rank=1 if curve.when == "+10" else 0)
        for curve in picture.curves
    ]
    lines = Table("payoff", columns, look)
    bare = "pnl_path" if picture.on_path else "pnl"
    name = printable(picture.about) or "condors"
    name = name if width_of(name) <= 20 else "the condor"
    which = [(name, bare, Role.PLAIN, False)] if _condors_held(shown) else []
    if picture.hedges:
        behind = "with its hedges" if picture.about else "with hedges" if which else "hedges"
        which.append((behind, "pnl_hedged", Role.HEDGED, True))
    opens = Opens("position", picture.about) if picture.about else None
    for label, figure_name, role, hedged in which:
        cells = []
        for curve in picture.curves:
            detail = f"SPX {picture.spot:.10g}"
            figure = Figure("payoff", figure_name, picture.about, detail, "", curve.when)
            cells.append(gain(picture.here(curve, hedged=hedged), figure, shown, look))
        lines.add(f"payoff {figure_name}", Span(label, role), *cells, opens=opens)
    return tuple(lines.rows())
