"""All condors together: where each one's breakevens stand about the index, on one axis."""

from collections.abc import Iterator, Sequence

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.figures import number
from alvh_tui.risk.breakevens import BreakevenKind, BreakevenTable
from alvh_tui.risk.positions import axis_unit
from alvh_tui.screens.cells import level
from alvh_tui.screens.charts.canvas import runs
from alvh_tui.screens.charts.marks import Mark, line_of
from alvh_tui.screens.charts.scale import Scale, round_numbers, spanning
from alvh_tui.screens.panels.corridor import SIDES
from alvh_tui.screens.panels.migration_table import LABELS, LONGEST, words
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import Column, Table
from alvh_tui.why.figure import Figure

MOST_NAME, LEAST_BAR = 16, 12
LEVEL = 6


def together(assessment: Assessment, shown: Shown, look: Look) -> tuple[Row, ...]:
    """A line for each condor still held, then the breakevens of all of them."""
    held = [each for each in assessment.positions if each.breakevens is not None]
    if not held:
        return (said("none", "No condor is held."),)
    spot = assessment.valuation.spot
    return (
        *_lines(held, spot, shown, look),
        *_of_the_book(assessment.book_breakevens, len(held), shown, look),
    )


def _lines(held: Sequence[PositionAssessment], spot: float | None, shown: Shown, look: Look) -> Iterator[Row]:
    name_width = min(max(width_of(each.figures.position.id) for each in held), MOST_NAME)
    bar = look.width - name_width - 2 * (LEVEL + 2)
    levels = [each for one in held for each in _edges(one)]
    scale = spanning([*levels, spot], bar, margin=0.04) if bar >= LEAST_BAR else None
    for one in held:
        name = one.figures.position.id
        low, high = (_expiry(one, place, shown) for place, _, _ in SIDES)
        spans = [Span(fitted(name, name_width)), *_padded(low)]
        if scale is not None:
            spans += [Span(" "), *_bar(one, spot, scale, look), Span(" ")]
        yield Row(f"corridor {name}", cut((*spans, high), look.width), Opens("position", name))
    if scale is not None:
        before = " " * (name_width + LEVEL + 3)
        places = [(scale.column(value), number(value)) for value in round_numbers(scale, max(bar // 12, 1))]
        marks = [Mark(column, text) for column, text in places]
        if spot is not None:
            here = Mark(scale.column(spot), number(spot), Role.INDEX, Figure("market", "spx"))
            marks.insert(0, here)
        yield Row("axis", cut((Span(before), *line_of(marks, bar)), look.width))


def _edges(one: PositionAssessment) -> list[float]:
    """In points of SPX."""
    if one.breakevens is None:
        return []
    unit = axis_unit(one.figures.position)
    found = (one.breakevens.kinds["expiry"], one.breakevens.kinds["today_path"])
    return [edge / unit for each in found for edge in (each.low, each.high) if edge is not None]


def _expiry(one: PositionAssessment, place: int, shown: Shown) -> Span:
    found = None if one.breakevens is None else one.breakevens.kinds["expiry"]
    value = None if found is None else (found.low, found.high)[place]
    _, side, role = SIDES[place]
    return level(value, Figure("breakeven", "expiry", one.figures.position.id, side=side), shown, role=role)


def _padded(span: Span) -> tuple[Span, Span]:
    return Span(" " * max(LEVEL + 2 - width_of(span.text), 1)), span


def _bar(one: PositionAssessment, spot: float | None, scale: Scale, look: Look) -> tuple[Span, ...]:
    """Thin between the breakevens at expiry, thick where today's path still gains, and the index upright."""
    typed = look.charts == "ascii"
    thin, thick, left, right, index = "-=||#" if typed else "─━├┤┃"
    text, roles = [" "] * scale.cells, [Role.RULE] * scale.cells
    first, last = _columns(one, "expiry", scale)
    for column in range(first, last):
        text[column] = thin
    for column in range(*_columns(one, "today_path", scale)):
        text[column], roles[column] = thick, Role.LABEL
    if last > first:
        text[first], roles[first] = left, Role.LOWER
        text[last - 1], roles[last - 1] = right, Role.UPPER
    if spot is not None:
        text[scale.column(spot)], roles[scale.column(spot)] = index, Role.INDEX
    return tuple(runs(text, roles))


def _columns(one: PositionAssessment, kind: BreakevenKind, scale: Scale) -> tuple[int, int]:
    """From the lower breakeven to behind the upper one; to the edge where there is none on a side."""
    found = None if one.breakevens is None else one.breakevens.kinds[kind]
    if found is None or (found.low is None and found.high is None):
        return 0, 0
    unit = axis_unit(one.figures.position)
    low = 0 if found.low is None else scale.column(found.low / unit)
    high = scale.cells - 1 if found.high is None else scale.column(found.high / unit)
    return low, high + 1


def _of_the_book(table: BreakevenTable | None, condors: int, shown: Shown, look: Look) -> Iterator[Row]:
    if condors < 2:
        return
    yield said("book gap", "")
    if table is None:
        text = "The condors do not settle together: there are no breakevens of all of them."
        yield from told("book", text, look.width)
        return
    ahead = table.projections
    columns = [Column("kind", "all condors", least=LONGEST, right=False)]
    for _, side, _ in SIDES:
        columns.append(Column(side, side, least=LEVEL))
        columns += [
            Column(f"{side} +{each.sessions}", f"+{each.sessions}", least=LEVEL, rank=1 + each.sessions)
            for each in ahead
        ]
    lines = Table("together", columns, look)
    for kind, label in LABELS.items():
        cells = []
        for place, side, role in SIDES:
            known = [("", table.kinds[kind], role)]
            known += [(f"+{p.sessions}", p.kinds.get(kind, table.kinds[kind]), Role.PROJECTED) for p in ahead]
            for when, found, look_of in known:
                figure = Figure("breakeven", kind, "", "", side, when)
                cells.append(level((found.low, found.high)[place], figure, shown, role=look_of))
        lines.add(f"book {kind}", Span(label), *cells)
    yield from lines.rows()
    yield from words(table.kinds, look.width)
