"""The screen the trader keeps open: strip, attention and six panels, arranged by the room there is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from alvh_tui.screens.actions import PANELS
from alvh_tui.screens.arrangement import Arrangement, arrangement_for, panels_in
from alvh_tui.screens.board import ORDER, Board
from alvh_tui.screens.foot import Foot
from alvh_tui.screens.moving import Moving
from alvh_tui.screens.page import Page
from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import NOTHING, Role, Row, Sheet, Span, said, width_of
from alvh_tui.screens.shown import Look, Shown

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp

FOLLOWING = ("book", "breakevens", "risk")
"""What shows which condor is in question."""


class Dashboard(Moving, inherit_bindings=False):
    app: "AlvhApp"

    def __init__(self) -> None:
        super().__init__()
        self._panels = {
            name: Panel(name, f"{digit} {label}")
            for digit, (name, label) in enumerate(PANELS.items(), start=1)
        }
        self.strip = Panel("strip", heading=False)
        self.banner = Panel("banner", heading=False)
        self.attention = Panel("attention", "0 Attention")
        self.tabs = Panel("tabs", heading=False)
        self._at_work = self._panels["book"]
        """Of the six, the one that had the focus last."""
        self._modes: dict[str, int] = {}
        self._filters: dict[str, str] = {}
        self._maximised = False
        self._arrangement: Arrangement = "board"

    def compose(self) -> ComposeResult:
        self._arrange(*self.app.size)
        yield self.strip
        yield self.banner
        yield self.attention
        yield self.tabs
        yield Board([self._panels[name] for name in ORDER])
        yield Foot(id="foot")

    def on_mount(self) -> None:
        for bare in (self.strip, self.banner, self.tabs):
            bare.can_focus = False
        self._at_work.focus()

    # what is shown

    def begin(self) -> None:
        """Before the first frame, and where there will be none."""
        for panel in (*self._panels.values(), self.attention, self.banner):
            panel.show(NOTHING)
        self.banner.set_class(False, "said")
        self.update(None)

    def update(self, shown: Shown | None) -> None:
        if shown is None:
            self._wait()
            return
        for panel in self.panels:
            self._paint(panel, shown)
        self._paint_tabs()

    def follow(self, shown: Shown) -> None:
        """A frame has come: what matters most at once, the rest in turns, and no key waits for all of it."""
        first = (self.strip, self.banner, self.attention, self.active)
        for panel in self.panels:
            if panel in first:
                self._paint(panel, shown)
            else:
                self.call_later(self._paint_in_turn, panel, shown)
        self._paint_tabs()

    def _paint_in_turn(self, panel: Panel, shown: Shown) -> None:
        """Unless a later frame has come, or the panel has gone, since its turn was given out."""
        if self.app.shown is shown and panel.display:
            self._paint(panel, shown)

    def _wait(self) -> None:
        words = self.app.failure or f"opening {self.app.book_name} …"
        role = Role.ACT if self.app.failure else Role.LABEL
        self.strip.show(Sheet((said("wait", f" {words}", role),)))

    def heed(self, shown: Shown) -> None:
        """Says across the screen what must not be missed: a broken file, a market that cannot be assessed."""
        from alvh_tui.screens.builders import BUILDERS

        rows = self.built(BUILDERS["banner"], shown, self.look_of(self.banner)).rows
        self.banner.set_class(bool(rows), "said")

    def tick(self) -> None:
        """A second has passed: ages and countdowns."""
        if self.app.shown is not None:
            self._paint(self.strip, self.app.shown)

    @property
    def panels(self) -> Iterator[Panel]:
        """All that can be seen."""
        for panel in (self.strip, self.banner, self.attention, *self._panels.values()):
            if panel.display and panel.size.width:
                yield panel

    def _paint(self, panel: Panel, shown: Shown) -> None:
        from alvh_tui.screens.builders import BUILDERS

        panel.show(self.built(BUILDERS[panel.id or ""], shown, self.look_of(panel)))

    def look_of(self, panel: Panel) -> Look:
        name = panel.id or ""
        return replace(
            self.app.look(),
            width=panel.room.width,
            height=panel.room.height,
            mode=self.mode_of(name),
            filter=self._filters.get(name, ""),
            widths=panel.widths,
        )

    def mode_of(self, name: str) -> str:
        if self.app.shown is None:
            return ""
        from alvh_tui.screens.builders import MODES

        modes = MODES.get(name, ("",))
        return modes[self._modes.get(name, 0) % len(modes)]

    def _paint_tabs(self) -> None:
        """The names of the panels, the one that is shown in front."""
        spans = [
            Span(tab, Role.STRONG if self._panels[name] is self._at_work else Role.LABEL)
            for name, tab in self._tabs()
        ]
        self.tabs.show(Sheet((Row("tabs", tuple(spans)),)))

    def _tabs(self) -> Iterator[tuple[str, str]]:
        for digit, (name, label) in enumerate(PANELS.items(), start=1):
            yield name, f" {digit} {label if self.size.width >= 70 else label[:4]} "

    def on_click(self, event: events.Click) -> None:
        if event.widget is not self.tabs:
            return
        passed = 0
        for name, tab in self._tabs():
            passed += width_of(tab)
            if event.x < passed:
                self.go_to(name)
                return

    # where it is shown

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size.width, event.size.height)

    def _arrange(self, width: int, height: int) -> None:
        self._arrangement = arrangement_for(width, height)
        before = self.classes
        for name in ("board", "wide", "tabs", "tiny"):
            self.set_class(name == self._arrangement, f"-{name}", update=False)
        self.set_class(self._maximised, "-maximised", update=False)
        if self.classes != before:
            # Once for all of them: it works out the looks of everything on the screen.
            self.update_node_styles()
        shown = panels_in(self._arrangement, self._at_work.id or "", maximised=self._maximised)
        for name, panel in self._panels.items():
            panel.display = name in shown

    def on_panel_resized(self, message: Panel.Resized) -> None:
        if self.app.shown is None:
            self._wait()
        elif message.panel is self.tabs:
            self._paint_tabs()
        elif message.panel.size.width:
            self._paint(message.panel, self.app.shown)

    # moving about

    @property
    def active(self) -> Panel:
        return self.focused if isinstance(self.focused, Panel) else self._at_work

    def go_to(self, name: str) -> None:
        panel = self._panels[name]
        self._at_work = panel
        self._arrange(self.size.width, self.size.height)
        panel.focus()
        self._paint_tabs()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget in self._panels.values() and event.widget is not self._at_work:
            self._at_work = next(p for p in self._panels.values() if p is event.widget)
            self._paint_tabs()

    def on_panel_moved(self, message: Panel.Moved) -> None:
        """Where the cursor stands in the book is what breakevens and risk are about."""
        row = message.panel.row
        if message.panel.id != "book" or row is None or row.opens is None or row.opens.kind != "position":
            return
        held = None if self.app.shown is None else self.app.shown.position(row.opens.name)
        if held is None or held.figures.kind != "condor" or held.breakevens is None:
            return
        if row.opens.name != self.app.look().selected:
            self.app.select(row.opens.name)
            # The cursor first: it is what the key was pressed for.
            self.call_after_refresh(self._paint_followers)

    def _paint_followers(self) -> None:
        if self.app.shown is not None:
            for panel in self.panels:
                if panel.id in FOLLOWING:
                    self._paint(panel, self.app.shown)

    def on_panel_entered(self) -> None:
        self.do_open()

    # what can be done

    def do_attention(self) -> None:
        """Goes there; from there, to the page with all of it."""
        if not self.attention.has_focus:
            self.attention.focus()
            return
        from alvh_tui.screens.panels.attention import whole

        self.app.push_screen(Page("attention", whole))

    def do_book(self) -> None:
        self.go_to("book")

    def do_breakevens(self) -> None:
        self.go_to("breakevens")

    def do_layers(self) -> None:
        self.go_to("layers")

    def do_signals(self) -> None:
        self.go_to("signals")

    def do_risk(self) -> None:
        self.go_to("risk")

    def do_journal(self) -> None:
        self.go_to("journal")

    def do_next_panel(self) -> None:
        self._step(1)

    def do_previous_panel(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        names = list(self._panels)
        at = names.index(self._at_work.id or "book")
        self.go_to(names[(at + by) % len(names)])

    def do_left(self) -> None:
        if not self.active.move_across(-1):
            self._step_across(-1)

    def do_right(self) -> None:
        if not self.active.move_across(1):
            self._step_across(1)

    def _step_across(self, by: int) -> None:
        """To the panel beside this one, where panels stand beside one another."""
        here = self.active.region
        others = [p for p in self._panels.values() if p.display and p.size.width and p is not self.active]
        beside = [p for p in others if (p.region.x - here.x) * by > 0]
        if beside:
            self.go_to(
                min(beside, key=lambda p: (abs(p.region.x - here.x), abs(p.region.y - here.y))).id or ""
            )

    def do_maximise(self) -> None:
        self._maximised = not self._maximised
        self._arrange(self.size.width, self.size.height)

    def do_view(self) -> None:
        name = self.active.id or ""
        self._modes[name] = self._modes.get(name, 0) + 1
        self.update(self.app.shown)

    def show_view(self, name: str, mode: str) -> None:
        """One of the panel's views, and the panel with it."""
        from alvh_tui.screens.builders import MODES

        self._modes[name] = MODES[name].index(mode)
        self.go_to(name)
        self.update(self.app.shown)

    def do_back(self) -> None:
        if self._filters.pop(self.active.id or "", ""):
            self.update(self.app.shown)
        elif self._maximised:
            self.do_maximise()

    def do_open(self) -> None:
        row = self.active.row
        if row is not None and row.folds:
            look = self.app.look()
            self.app.set_look(replace(look, unfolded=look.unfolded ^ {row.folds}))
        else:
            self.do_page()

    def do_page(self) -> None:
        row = self.active.row
        if row is not None and row.opens is not None:
            self.app.open_page(row.opens)

    def do_fold_all(self) -> None:
        look, shown = self.app.look(), self.app.shown
        if shown is None or shown.assessment is None:
            return
        from alvh_tui.screens.panels.book import units

        everything = frozenset(units(shown))
        self.app.set_look(replace(look, unfolded=frozenset() if look.unfolded else everything))

    def do_next_condor(self) -> None:
        self._step_condor(1)

    def do_previous_condor(self) -> None:
        self._step_condor(-1)

    def _step_condor(self, by: int) -> None:
        shown = self.app.shown
        names = () if shown is None else shown.condors
        if names:
            selected = self.app.look().selected
            # From a settled one, the first or the last of those that live.
            at = names.index(selected) if selected in names else -max(by, 0)
            self.app.select(names[(at + by) % len(names)])
            self.app.repaint()

    def set_filter(self, words: str) -> None:
        self._filters[self.active.id or ""] = words
        self.update(self.app.shown)
