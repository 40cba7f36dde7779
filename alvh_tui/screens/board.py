"""The part of the dashboard that holds the six panels."""

from collections.abc import Sequence

from textual.geometry import NULL_OFFSET, NULL_SPACING, Size
from textual.layout import Layout, WidgetPlacement
from textual.widget import Widget

from alvh_tui.screens.arrangement import regions
from alvh_tui.screens.panel import Panel


class BoardLayout(Layout):
    name = "board"

    def arrange(
        self,
        parent: Widget,  # noqa: ARG002 - Textual's signature
        children: Sequence[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002
    ) -> list[WidgetPlacement]:
        shown = {child.id or "": child for child in children}
        book = shown.get("book")
        lines = book.wanted if isinstance(book, Panel) else 0
        found = regions(tuple(name for name in ORDER if name in shown), size, lines)
        return [
            WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, shown[name]) for name, region in found.items()
        ]


ORDER = ("book", "breakevens", "risk", "journal", "layers", "signals")


class Board(Widget):
    """Lays its panels out anew when the book has grown or shrunk."""

    DEFAULT_CSS = "Board { height: 1fr; }"

    def __init__(self, panels: Sequence[Panel]) -> None:
        super().__init__(*panels, id="board")

    @property
    def layout(self) -> Layout:
        return _LAYOUT


_LAYOUT = BoardLayout()
