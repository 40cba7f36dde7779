"""The one widget that paints a sheet: it repaints only what changed, and keeps cursor and scroll in place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from alvh_tui.screens.rows import NOTHING, Role, Row, Sheet, fitted, width_of
from alvh_tui.screens.shown import Widths
from alvh_tui.why.figure import Figure

CURSOR, CELL, HEADING, HEADING_FOCUSED = (
    "panel--cursor",
    "panel--cell",
    "panel--heading",
    "panel--heading-focused",
)


class Panel(ScrollView, can_focus=True, inherit_bindings=False):
    """A heading line, then the rows of a sheet; what it shows is built elsewhere."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {CURSOR, CELL, HEADING, HEADING_FOCUSED}
    DEFAULT_CSS = "Panel { overflow-x: hidden; scrollbar-gutter: stable; }"

    @dataclass
    class Moved(Message):
        """The cursor stands on another row or figure."""

        panel: "Panel"

    @dataclass
    class Entered(Message):
        """A row was clicked twice."""

        panel: "Panel"

    @dataclass
    class Resized(Message):
        panel: "Panel"

    def __init__(self, name: str, label: str = "", *, heading: bool = True) -> None:
        super().__init__(id=name, name=name)
        self.label = label or name
        self.sheet: Sheet = NOTHING
        self._head_lines = 1 if heading else 0
        self._cursor = 0
        self._figure: Figure | None = None
        self.widths = Widths()

    # what it shows

    @property
    def room(self) -> Size:
        """Cells for rows; a column for the scrollbar is kept free, so that nothing moves when it comes."""
        size = self.scrollable_content_region.size
        return Size(size.width, max(size.height - self._head_lines, 0))

    @property
    def wanted(self) -> int:
        """Lines it would like to have."""
        return max(len(self.sheet.rows), self.sheet.lines) + self._head_lines

    def show(self, sheet: Sheet) -> None:
        """Repaints what differs; the cursor stays on its row, and that row where it is."""
        before = self.sheet
        if sheet == before:
            return
        wanted, self.sheet = self.wanted, sheet
        self._follow_cursor(before, sheet)
        height = len(sheet.rows) + self._head_lines
        if self.virtual_size.height != height or self.virtual_size.width != self.size.width:
            self.virtual_size = Size(self.size.width, height)
        elif self.wanted != wanted:
            self.refresh(layout=True)
        if (before.title, before.note) != (sheet.title, sheet.note):
            self._repaint_line(0, 0, self.size.width)
        self._repaint(before.rows, sheet.rows)

    def _follow_cursor(self, before: Sheet, after: Sheet) -> None:
        """Rows may have come or gone above: cursor and view move with the row they were on."""
        old_top = int(self.scroll_offset.y)
        anchor = self._cursor if self._is_in_view(self._cursor) else old_top + before.head
        places = {row.key: place for place, row in enumerate(after.rows)}
        moved = 0
        if anchor < len(before.rows):
            moved = places.get(before.rows[anchor].key, anchor) - anchor
        if self._cursor < len(before.rows):
            self._cursor = places.get(before.rows[self._cursor].key, self._cursor)
        self._cursor = self._nearest_stop(self._cursor)
        if moved and old_top:
            self.scroll_to(y=old_top + moved, animate=False, immediate=True)

    def _repaint(self, before: tuple[Row, ...], after: tuple[Row, ...]) -> None:
        width = self.size.width
        for place in range(max(len(before), len(after))):
            old = before[place] if place < len(before) else None
            new = after[place] if place < len(after) else None
            if old is new or old == new:
                continue
            start, end = (0, width) if old is None or new is None else _changed_columns(old, new, width)
            self._repaint_line(self._line_of(place), start, end)

    def _repaint_line(self, line: int | None, start: int, end: int) -> None:
        if line is not None and 0 <= line < self.size.height and end > start:
            self.refresh(Region(start, line, end - start, 1))

    def _line_of(self, place: int) -> int | None:
        """The line of the panel a row is painted on; None where it is scrolled away."""
        if place < self.sheet.head:
            return place + self._head_lines
        line = place - int(self.scroll_offset.y) + self._head_lines
        return line if line >= self.sheet.head + self._head_lines else None

    def _place_at(self, line: int) -> int:
        """The row painted on a line of the panel; negative for the heading."""
        place = line - self._head_lines
        return place if place < self.sheet.head else place + int(self.scroll_offset.y)

    def _is_in_view(self, place: int) -> bool:
        line = self._line_of(place)
        return line is not None and line < self.size.height

    # cursor

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.sheet.rows[self._cursor] if self._cursor < len(self.sheet.rows) else None

    @property
    def figure(self) -> Figure | None:
        """The figure under the cursor; the row's first where none has been chosen."""
        row = self.row
        if row is None or not row.figures:
            return None
        return self._figure if self._figure in row.figures else row.figures[self._column_near(row)]

    def _column_near(self, row: Row) -> int:
        """Where the chosen figure is not in this row: the one of the same name, else the first."""
        if self._figure is not None:
            for place, figure in enumerate(row.figures):
                if (figure.kind, figure.name, figure.side, figure.when) == (
                    self._figure.kind,
                    self._figure.name,
                    self._figure.side,
                    self._figure.when,
                ):
                    return place
            for place, figure in enumerate(row.figures):
                if (figure.side, figure.when) == (self._figure.side, self._figure.when) and figure.when:
                    return place
        return 0

    def move(self, rows: int) -> None:
        """Down by so many rows that can be stood on, or up; through long text between them line by line."""
        stops = self._stops()
        if not stops:
            self._scroll_by(rows)
            return
        near = min(range(len(stops)), key=lambda at: abs(stops[at] - self._cursor))
        place = stops[max(0, min(near + rows, len(stops) - 1))]
        reach = max(self.room.height, abs(rows) + 1)
        is_near = abs(place - self._cursor) < reach and self._is_in_view(self._cursor)
        if place != self._cursor and (is_near or self._is_in_view(place)):
            self.stand_on(place)
        else:
            self._scroll_by(rows)

    def _scroll_by(self, rows: int) -> None:
        """The cursor comes along to the next row in view that can be stood on."""
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False, immediate=True)
        if not self._is_in_view(self._cursor):
            seen = [stop for stop in self._stops() if self._is_in_view(stop)]
            if seen:
                self.stand_on(seen[0] if rows > 0 else seen[-1])

    def move_page(self, pages: int) -> None:
        self.move(pages * max(self.room.height - self.sheet.head - 1, 1))

    def move_to_end(self, *, last: bool) -> None:
        stops = self._stops()
        if stops:
            self.stand_on(stops[-1] if last else stops[0])
        self.scroll_to(y=self.virtual_size.height if last else 0, animate=False, immediate=True)

    def move_across(self, figures: int) -> bool:
        """To another figure of the row; False at its end."""
        row, here = self.row, self.figure
        if row is None or here is None:
            return False
        place = row.figures.index(here) + figures
        if not 0 <= place < len(row.figures):
            return False
        self._figure = row.figures[place]
        self._repaint_cursor()
        self.post_message(self.Moved(self))
        return True

    def stand_on(self, place: int) -> None:
        if not 0 <= place < len(self.sheet.rows):
            return
        before, self._cursor = self._cursor, place
        for each in (before, place):
            self._repaint_line(self._line_of(each), 0, self.size.width)
        self._bring_into_view(place)
        self.post_message(self.Moved(self))

    def stand_on_key(self, key: str) -> bool:
        for place, row in enumerate(self.sheet.rows):
            if row.key == key:
                self.stand_on(place)
                return True
        return False

    def _stops(self) -> list[int]:
        """Rows with something to ask or to open; of a sheet without any there is no cursor."""
        return [place for place, row in enumerate(self.sheet.rows) if _is_stop(row)]

    def _nearest_stop(self, place: int) -> int:
        if place < len(self.sheet.rows) and _is_stop(self.sheet.rows[place]):
            return place
        # What stays on top is not where one begins.
        stops, head = self._stops(), self.sheet.head
        return min(stops, key=lambda stop: (stop < head, abs(stop - place))) if stops else 0

    def _bring_into_view(self, place: int) -> None:
        if place < self.sheet.head:
            return
        top, rows = int(self.scroll_offset.y), self.room.height
        if place - top < self.sheet.head:
            self.scroll_to(y=place - self.sheet.head, animate=False, immediate=True)
        elif place - top >= rows:
            self.scroll_to(y=place - rows + 1, animate=False, immediate=True)

    def _repaint_cursor(self) -> None:
        self._repaint_line(self._line_of(self._cursor), 0, self.size.width)

    # painting

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        if y < self._head_lines:
            return self._heading(width, base)
        place = self._place_at(y)
        if not 0 <= place < len(self.sheet.rows):
            return Strip.blank(width, base)
        row = self.sheet.rows[place]
        segments = self._cursor_segments(row) if self._is_cursor(place) else self._segments(row)
        return Strip(segments).adjust_cell_length(width, base)

    def _is_cursor(self, place: int) -> bool:
        return self.has_focus and place == self._cursor and _is_stop(self.sheet.rows[place])

    def _segments(self, row: Row) -> list[Segment]:
        return [Segment(span.text, self._look_of(span.role)) for span in row.spans]

    def _cursor_segments(self, row: Row) -> list[Segment]:
        here = self.figure
        line = self.get_component_rich_style(CURSOR, partial=True)
        cell = self.get_component_rich_style(CELL, partial=True)
        return [
            Segment(
                span.text,
                self._look_of(span.role) + (cell if here is not None and span.figure == here else line),
            )
            for span in row.spans
        ] + [Segment(" " * self.size.width, self.rich_style + line)]

    def _look_of(self, role: Role) -> Style:
        """From the screen: Textual works out each class anew for each widget that has it."""
        return self.screen.get_component_rich_style(f"role--{role.value}")

    def _heading(self, width: int, base: Style) -> Strip:
        """A rule that names the panel, and at its right what it rests on."""
        look = self.get_component_rich_style(HEADING_FOCUSED if self.has_focus else HEADING)
        rule = self._look_of(Role.RULE)
        name = f" {self.label} " if self.label else ""
        about = f"{self.sheet.title} " if self.sheet.title else ""
        left = fitted(about, min(width_of(about), max(width - width_of(name) - 3, 0)))
        room = width - width_of(name) - width_of(left) - 4
        note = f" {self.sheet.note} " if self.sheet.note else ""
        note = fitted(note, min(width_of(note), max(room, 0))) if room > 6 else ""
        filling = "─" * max(width - 1 - width_of(name) - width_of(left) - width_of(note) - 1, 0)
        end = "─" if note else ""
        parts = [
            Segment("─", rule),
            Segment(name, look),
            Segment(left, self._look_of(Role.PLAIN)),
            Segment(filling, rule),
            Segment(note, self._look_of(Role.LABEL)),
            Segment(end or "─", rule),
        ]
        return Strip(parts).adjust_cell_length(width, base)

    # events

    def on_resize(self) -> None:
        self.widths = Widths()
        self.virtual_size = Size(self.size.width, len(self.sheet.rows) + self._head_lines)
        self.post_message(self.Resized(self))

    def on_focus(self) -> None:
        self._repaint_all_of((0, self._line_of(self._cursor)))

    def on_blur(self) -> None:
        self._repaint_all_of((0, self._line_of(self._cursor)))

    def _repaint_all_of(self, lines: Iterable[int | None]) -> None:
        for line in lines:
            self._repaint_line(line, 0, self.size.width)

    def on_click(self, event: events.Click) -> None:
        place = self._place_at(event.y)
        if not 0 <= place < len(self.sheet.rows) or event.y < self._head_lines:
            return
        if _is_stop(self.sheet.rows[place]):
            self._figure = _figure_at(self.sheet.rows[place], event.x) or self._figure
            self.stand_on(place)
        if event.chain == 2:
            self.post_message(self.Entered(self))


def _is_stop(row: Row) -> bool:
    return bool(row.opens or row.folds or any(span.figure is not None for span in row.spans))


def _figure_at(row: Row, x: int) -> Figure | None:
    passed = 0
    for span in row.spans:
        passed += width_of(span.text)
        if x < passed:
            return span.figure
    return None


def _changed_columns(old: Row, new: Row, width: int) -> tuple[int, int]:
    """From the first to the last cell that differs."""
    start = 0
    for before, after in zip(old.spans, new.spans, strict=False):
        if before.text != after.text or before.role != after.role:
            break
        start += width_of(after.text)
    end = width
    if sum(width_of(s.text) for s in old.spans) == sum(width_of(s.text) for s in new.spans):
        end = sum(width_of(s.text) for s in new.spans)
        for before, after in zip(reversed(old.spans), reversed(new.spans), strict=False):
            if before.text != after.text or before.role != after.role:
                break
            end -= width_of(after.text)
    return min(start, width), min(max(end, start), width)
