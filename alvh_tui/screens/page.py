"""A page: one sheet over the whole screen, kept up to date while it is open."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from alvh_tui.screens.foot import Foot
from alvh_tui.screens.moving import Moving
from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import Opens
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.taking import sheet_text
from alvh_tui.toml.text import printable

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp


class Page(Moving, inherit_bindings=False):
    """What enter, `=`, `?` and the like open; escape leads back."""

    app: "AlvhApp"

    def __init__(self, label: str, build: Builder, about: Opens | None = None) -> None:
        super().__init__()
        self.panel = Panel("page", printable(label))
        self.about = about
        self._build = build
        self._filter = ""

    def compose(self) -> ComposeResult:
        yield self.panel
        yield Foot()

    def on_mount(self) -> None:
        self.panel.focus()

    def on_panel_resized(self) -> None:
        self.update(self.app.shown)

    @property
    def panels(self) -> Iterator[Panel]:
        yield self.panel

    @property
    def active(self) -> Panel:
        return self.panel

    def text(self) -> str:
        """The whole page, to be copied."""
        return sheet_text(self.panel.label, self.panel.sheet)

    def update(self, shown: Shown | None) -> None:
        if shown is None or not self.panel.room.width:
            return
        self.panel.show(self.built(self._build, shown, self.look_of(self.panel)))

    def look_of(self, panel: Panel) -> Look:
        return replace(
            self.app.look(),
            width=panel.room.width,
            height=panel.room.height,
            filter=self._filter,
            widths=panel.widths,
        )

    def on_panel_entered(self) -> None:
        self.do_open()

    def do_back(self) -> None:
        if self._filter:
            self.set_filter("")
        else:
            self.dismiss()

    def do_open(self) -> None:
        row = self.panel.row
        if row is not None and row.opens is not None:
            self.app.open_page(row.opens)

    def set_filter(self, words: str) -> None:
        self._filter = words
        self.update(self.app.shown)
