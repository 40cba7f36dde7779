"""The panel widget: cursor, scroll and what is repainted."""

from collections.abc import Sequence
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region

from alvh_tui.screens.moving import Moving
from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span
from alvh_tui.screens.shown import Shown
from alvh_tui.screens.themes import NIGHT, role_css
from alvh_tui.why.figure import Figure

HEAD = Row("head", (Span("name   P&L   delta", Role.LABEL),))


def line(name: str, pnl: int = 1, delta: int = 2) -> Row:
    return Row(
        name,
        (
            Span(f"{name:<6}"),
            Span(f"{pnl:>5}", Role.GAIN, Figure("position", "pnl", name)),
            Span("  "),
            Span(f"{delta:>5}", Role.PLAIN, Figure("position", "delta", name)),
        ),
        Opens("position", name),
    )


def lines(names: Sequence[str]) -> Sheet:
    return Sheet((HEAD, *map(line, names)), head=1)


NAMES = tuple(f"p{number:02d}" for number in range(30))


class Bare(Moving):
    """A screen that has nothing but its looks."""

    def update(self, shown: Shown | None) -> None:
        pass


class Alone(App[None]):
    CSS = role_css()

    def __init__(self) -> None:
        super().__init__()
        self.register_theme(NIGHT)
        self.panel = Panel("book", "1 Book")
        self.painted: list[Region] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return NIGHT.variables

    def get_default_screen(self) -> Bare:
        return Bare()

    def compose(self) -> ComposeResult:
        yield self.panel

    def shown(self) -> list[str]:
        return [self.panel.render_line(y).text.rstrip() for y in range(self.size.height)]

    def watch_painting(self, monkeypatch: pytest.MonkeyPatch) -> None:
        refresh = self.panel.refresh

        def note(*regions: Region, **options: Any) -> Any:
            self.painted.extend(regions)
            return refresh(*regions, **options)

        monkeypatch.setattr(self.panel, "refresh", note)


async def test_heading_and_head_stay_while_the_rest_scrolls() -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(lines(NAMES))
        await pilot.pause()
        app.panel.move_to_end(last=True)
        await pilot.pause()
        shown = app.shown()
    assert shown[0].startswith("─ 1 Book ")
    assert shown[1] == "name   P&L   delta"
    assert shown[-1].startswith("p29")
    assert shown[2].startswith("p22")


async def test_cursor_moves_between_rows_and_figures_and_stops_at_the_ends() -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(lines(NAMES))
        await pilot.pause()
        panel = app.panel
        assert panel.figure == Figure("position", "pnl", "p00")
        assert not panel.move_across(-1)
        assert panel.move_across(1)
        panel.move(1)
        assert panel.figure == Figure("position", "delta", "p01"), "the same column in the next row"
        assert not panel.move_across(1)
        panel.move(-5)
        assert panel.row is not None
        assert panel.row.key == "p00"
        panel.move(100)
        assert panel.row.key == "p29"


async def test_a_refresh_moves_neither_cursor_nor_scroll() -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(lines(NAMES))
        await pilot.pause()
        app.panel.stand_on_key("p20")
        app.panel.move_across(1)
        await pilot.pause()
        line_before, top = (
            app.shown().index(next(s for s in app.shown() if s.startswith("p20"))),
            app.panel.scroll_y,
        )
        app.panel.show(Sheet((HEAD, *(line(name, pnl=7) for name in NAMES)), head=1))
        await pilot.pause()
        assert app.panel.scroll_y == top
        assert app.panel.figure == Figure("position", "delta", "p20")
        app.panel.show(lines(("new", "newer", *NAMES)))
        await pilot.pause()
        assert app.panel.figure == Figure("position", "delta", "p20")
        assert app.shown()[line_before].startswith("p20"), (
            "rows above have come, the eye's row is where it was"
        )
        app.panel.show(lines(NAMES[10:]))
        await pilot.pause()
        assert app.panel.row is not None
        assert app.panel.row.key == "p20"


async def test_a_row_that_goes_leaves_the_cursor_on_a_neighbour() -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(lines(NAMES[:3]))
        await pilot.pause()
        app.panel.stand_on_key("p02")
        app.panel.show(lines(NAMES[:2]))
        neighbour = app.panel.row
        app.panel.show(Sheet(()))
        assert (neighbour, app.panel.row) == (line("p01"), None)


async def test_only_what_changed_is_repainted(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.show(lines(NAMES))
        await pilot.pause()
        app.watch_painting(monkeypatch)
        app.panel.show(lines(NAMES))
        assert app.painted == [], "nothing changed, nothing is drawn"
        app.panel.show(Sheet((HEAD, line("p00", delta=9), *map(line, NAMES[1:])), head=1))
        assert app.painted == [Region(13, 2, 5, 1)], "the one figure"
        app.painted.clear()
        app.panel.show(
            Sheet((HEAD, line("p00", delta=9), *map(line, NAMES[1:-1]), line("p29", pnl=5)), head=1)
        )
        assert app.painted == [], "out of view"


async def test_every_line_is_as_wide_as_the_panel_whatever_the_row() -> None:
    app = Alone()
    wide = Row("wide", (Span("漢" * 60, Role.ACT),))
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(Sheet((wide, line("p00"), Row("none", ())), title="‮" * 90, note="x" * 90))
        await pilot.pause()
        assert {app.panel.render_line(y).cell_length for y in range(10)} == {app.panel.size.width}


async def test_a_click_stands_on_the_figure_under_it() -> None:
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.show(lines(NAMES))
        await pilot.pause()
        await pilot.click(app.panel, offset=(15, 4))
        assert app.panel.figure == Figure("position", "delta", "p02")


def text(name: str) -> Row:
    """A row that cannot be stood on."""
    return Row(name, (Span(name, Role.LABEL),))


async def test_text_between_and_behind_the_rows_to_stand_on_can_be_reached() -> None:
    """As on a page whose last lines are prose."""
    prose = [[text(f"{part}{number:02d}") for number in range(25)] for part in "abc"]
    sheet = Sheet((*prose[0], line("p1"), *prose[1], line("p2"), *prose[2]))
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(sheet)
        await pilot.pause()
        app.panel.move_to_end(last=False)
        seen = set(app.shown())
        for _ in range(100):
            app.panel.move(1)
            seen |= set(app.shown())
        assert {row.text for row in sheet.rows if row.opens is None} <= seen
        assert app.shown()[-1] == "c24"
        assert app.panel.row is not None
        assert app.panel.row.key == "p2"
        seen = set()
        for _ in range(100):
            app.panel.move(-1)
            seen |= set(app.shown())
        assert {row.text for row in sheet.rows if row.opens is None} - {"c24"} <= seen | {"c23"}
        assert app.shown()[1] == "a00"
        app.panel.move_to_end(last=True)
        assert app.shown()[-1] == "c24"


async def test_the_cursor_comes_along_when_text_scrolls_it_away() -> None:
    sheet = Sheet((line("p1"), *(text(f"a{number:02d}") for number in range(30)), line("p2")))
    app = Alone()
    async with app.run_test(size=(40, 10)) as pilot:
        app.panel.focus()
        app.panel.show(sheet)
        await pilot.pause()
        for _ in range(30):
            app.panel.move(1)
        assert app.panel.row is not None
        assert app.panel.row.key == "p2"
        for _ in range(30):
            app.panel.move(-1)
        assert app.panel.row.key == "p1"
        assert app.shown()[1].startswith("p1")
