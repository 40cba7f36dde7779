"""Columns that line up on the decimal point and keep their widths from refresh to refresh."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Look

GAP = 2
DOUBTFUL = "~"


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    title: str = ""
    least: int = 0
    """Wide enough for what is usual, so that it rarely has to grow."""
    right: bool = True
    rank: int = 0
    """Dropped first where there is no room: the highest."""
    grows: bool = False
    """Takes what is left of the line; one column at most."""


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    cells: tuple[Span, ...]
    """One for each column."""
    opens: Opens | None = None
    folds: str = ""


def needs_mark(span: Span) -> bool:
    """Of a number it is not enough to be dim."""
    return span.role is Role.DOUBT and any(map(str.isdigit, span.text))


class Table:
    """All lines are known before a width is chosen; a column too many is left off, never a figure cut."""

    def __init__(self, name: str, columns: Sequence[Column], look: Look) -> None:
        self._name = name
        self._columns = list(columns)
        self._look = look
        self._lines: list[Line | Row] = []

    def add(self, key: str, *cells: Span, opens: Opens | None = None, folds: str = "") -> None:
        self._lines.append(Line(key, cells, opens, folds))

    def add_row(self, row: Row) -> None:
        """A row that is not in columns."""
        self._lines.append(row)

    def fitting(self) -> tuple[str, ...]:
        """The columns there is room for."""
        return tuple(self._columns[place].id for place in self._shown(self._widths()))

    def rows(self, *, headed: bool = True) -> Iterator[Row]:
        widths = self._widths()
        shown = self._shown(widths)
        if headed:
            yield Row(f"{self._name} head", cut(self._heading(shown, widths), self._look.width))
        for line in self._lines:
            if isinstance(line, Row):
                yield line
            else:
                spans = tuple(self._spans(line.cells, shown, widths))
                yield Row(line.key, cut(spans, self._look.width), line.opens, line.folds)

    def _widths(self) -> list[int]:
        lines = [line for line in self._lines if isinstance(line, Line)]
        widths = []
        for place, column in enumerate(self._columns):
            needed = max((width_of(line.cells[place].text) for line in lines), default=0)
            needed = max(needed, width_of(column.title), column.least)
            if not column.grows:
                needed = self._look.widths.at_least(f"{self._name} {column.id}", needed)
            widths.append(needed)
        return widths

    def _shown(self, widths: list[int]) -> list[int]:
        """Places of the columns that fit; the elastic one gets what is left."""
        places = list(range(len(self._columns)))
        elastic = next((place for place in places if self._columns[place].grows), None)

        def needed() -> int:
            fixed = sum(self._columns[p].least if p == elastic else widths[p] for p in places)
            return fixed + GAP * (len(places) - 1)

        while needed() > self._look.width and any(self._columns[place].rank for place in places):
            places.remove(max(places, key=lambda place: self._columns[place].rank))
        if elastic in places and elastic is not None:
            widths[elastic] = max(self._look.width - needed() + self._columns[elastic].least, 0)
        return places

    def _heading(self, shown: list[int], widths: list[int]) -> Iterator[Span]:
        for nth, place in enumerate(shown):
            column = self._columns[place]
            text = fitted(column.title, widths[place], right=column.right)
            yield Span(text + " " * (GAP if nth < len(shown) - 1 else 0), Role.LABEL)

    def _spans(self, cells: Sequence[Span], shown: list[int], widths: list[int]) -> Iterator[Span]:
        """The gap behind a doubtful figure holds its mark."""
        for nth, place in enumerate(shown):
            column, span, width = self._columns[place], cells[place], widths[place]
            last = nth == len(shown) - 1
            length = width_of(span.text)
            if column.right and length < width:
                yield Span(" " * (width - length))
            doubtful = span.figure is not None and needs_mark(span)
            yield span if length <= width else replace(span, text=fitted(span.text, width))
            after = 0 if column.right else max(width - length, 0)
            gap = " " * (after + (0 if last else GAP))
            if doubtful and column.right:
                # Behind the last column it is cut off where there is no room.
                yield Span(DOUBTFUL, Role.DOUBT)
                gap = gap[1:]
            if gap:
                yield Span(gap)
