"""The program on the terminal: takes frames from an engine, keeps how the user looks at them, paints.

Nothing here, nor in what it imports, may load NumPy: the first paint comes before the engine.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from traceback import format_exc, format_tb
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.message import Message
from textual.screen import Screen

from alvh_tui.screens.actions import ACTIONS, Action
from alvh_tui.screens.dashboard import Dashboard
from alvh_tui.screens.doing import CHARTS, Doing, Front
from alvh_tui.screens.engine import Engine
from alvh_tui.screens.page import Page
from alvh_tui.screens.shown import Charts, Look, Shown
from alvh_tui.screens.themes import THEMES, role_css
from alvh_tui.settings.model import Settings
from alvh_tui.toml.text import printable

if TYPE_CHECKING:
    from alvh_tui.alerts.alert import Alert
    from alvh_tui.screens.rows import Opens

ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
TOASTED = 3
"""Alerts that are named in one toast."""
OWN_FAULT = "this book cannot be opened, by a fault of the program's own"
TICKS_EVERY = 2.0
"""Seconds between two looks at ages and countdown: each costs more than all else an idle screen does."""
SHORTEST, LONGEST = timedelta(seconds=5), timedelta(hours=1)
"""Between two looks at the market."""

_log = logging.getLogger(__name__)

Opening = Callable[[], Engine]
"""Makes the engine of one book; called off the screen's thread, and may load what it likes."""


@dataclass(frozen=True, slots=True)
class Book:
    name: str
    open: Opening


class AlvhApp(Doing, App[None], inherit_bindings=False):
    CSS_PATH = "app.tcss"
    CSS = role_css()
    TITLE = "alvh"
    ENABLE_COMMAND_PALETTE = False

    @dataclass
    class Told(Message):
        """A frame; a newer one that waits behind it takes its place."""

        engine: Engine
        shown: Shown

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, AlvhApp.Told)

    @dataclass
    class Alerted(Message):
        """Not replaced by a later one, as a frame is."""

        engine: Engine
        alerts: tuple["Alert", ...]

    @dataclass
    class Opened(Message):
        book: int
        engine: Engine

    @dataclass
    class NotOpened(Message):
        book: int
        why: str

    def __init__(
        self,
        books: Sequence[Book],
        settings: Settings,
        keys: Mapping[str, tuple[str, ...]] | None = None,
        *,
        editor: bool = True,
    ) -> None:
        super().__init__()
        self.books = books
        self.settings = settings
        self.editor = editor
        """Whether files may be edited from here; not in a browser."""
        self.keys_in_use = keys or {action.id: action.keys for action in ACTIONS.values()}
        self.shown: Shown | None = None
        self.engine: Engine | None = None
        self.failure = ""
        """Why there is no engine."""
        self._book = 0
        self._on_terminal = False
        wanted = settings.screen
        self._look = Look(
            0,
            0,
            charts=cast("Charts", wanted.charts),
            private=wanted.private,
            ages=wanted.ages,
            columns=wanted.columns or (),
        )
        for action_id, keys_of in self.keys_in_use.items():
            wanted_keys = [(key, f"act('{action_id}')", ACTIONS[action_id].label) for key in keys_of]
            for binding in Binding.make_bindings(wanted_keys):
                self.bind(binding.key, binding.action, description=binding.description)
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = settings.screen.theme

    def _fatal_error(self) -> None:
        """Plain, without the values of variables: Textual's own prints the whole book, and takes minutes."""
        self.bell()
        self.panic(Text(format_exc()))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Textual's own themes have no roles; ours stand in until one of ours is set."""
        return THEMES["night"].variables

    def get_default_screen(self) -> Screen[None]:
        return Dashboard()

    def on_mount(self) -> None:
        # A terminal that is closed, and a computer that shuts down, end it as its key does.
        with suppress(NotImplementedError):
            for number in ENDING:
                asyncio.get_running_loop().add_signal_handler(number, self._end)
        self._on_terminal = _has_terminal()
        self.set_interval(TICKS_EVERY, self._tick)
        self.call_after_refresh(self.open_book, 0)

    def _end(self) -> None:
        """For a terminal that has gone, Textual would wait for ever to be rid of what it writes."""
        if self._driver is not None and not _has_terminal():
            self._driver.write = _to_nobody  # type: ignore[method-assign]
        self.exit()

    def on_unmount(self) -> None:
        if self.engine is not None:
            self.engine.stop()

    # books and frames

    @property
    def book_number(self) -> int:
        return self._book

    @property
    def book_name(self) -> str:
        return printable(self.books[self._book].name)

    def open_book(self, number: int) -> None:
        """Lets go of the book on the screen, and opens another behind it."""
        left = self.engine
        self.engine, self.shown, self.failure, self._book = None, None, "", number
        self._look = replace(self._look, selected="", unfolded=frozenset())
        self.dashboard.begin()
        threading.Thread(target=self._open, args=(number, left), name="alvh-opening", daemon=True).start()

    def _open(self, number: int, left: Engine | None) -> None:
        from alvh_tui.market.types import FeedUnavailableError

        if left is not None:
            left.stop()
        engine, why = None, OWN_FAULT
        try:
            import alvh_tui.screens.builders  # noqa: F401 - so that the first frame finds them loaded

            engine = self.books[number].open()
        except (FeedUnavailableError, OSError, ValueError) as error:
            why = str(error)
        finally:
            if why is OWN_FAULT and engine is None:
                # The lines it came by, without its message: that may name positions.
                _log.error("a book could not be opened:\n%s", "".join(format_tb(sys.exc_info()[2])))
            self.post_message(self.NotOpened(number, why) if engine is None else self.Opened(number, engine))

    def on_alvh_app_opened(self, message: Opened) -> None:
        """One that comes when another book, or the same one again, has been asked for is let go."""
        engine = message.engine
        if message.book != self._book or self.engine is not None:
            engine.stop()
            return
        self.engine = engine
        engine.start(lambda shown: self._tell(engine, shown))

    def _tell(self, engine: Engine, shown: Shown) -> None:
        if shown.told:
            self.post_message(self.Alerted(engine, shown.told))
        self.post_message(self.Told(engine, shown))

    def on_alvh_app_not_opened(self, message: NotOpened) -> None:
        if message.book == self._book:
            self.failure = printable(message.why)
            self.dashboard.begin()

    def on_alvh_app_told(self, message: Told) -> None:
        """A frame of a book that has been left, or an older one than is shown, is dropped."""
        late = self.shown is not None and message.shown.frame.seq < self.shown.frame.seq
        if message.engine is not self.engine or late:
            return
        self.shown = message.shown
        self.select(message.shown.in_question(self._look.selected))
        self.dashboard.heed(message.shown)
        if self.in_view is not None:
            self.in_view.follow(message.shown)

    def on_alvh_app_alerted(self, message: Alerted) -> None:
        """One toast however many there are; the journal has them all."""
        if message.engine is not self.engine:
            return
        from alvh_tui.alerts.alert import at_a_glance
        from alvh_tui.screens.words import shielded

        titles = [shielded(at_a_glance(alert), self._look) for alert in message.alerts]
        more = len(titles) - TOASTED
        if more > 0:
            titles[TOASTED:] = [f"and {more} more in the journal"]
        self.notify("\n".join(titles), severity="warning", markup=False, timeout=6.0)
        self._ring(message.alerts)

    def _ring(self, alerts: Iterable["Alert"]) -> None:
        """The terminal's bell and notifications; a browser has neither."""
        from alvh_tui.alerts.channels.terminal import escapes

        for alert in alerts:
            sequence = escapes(alert, self.settings.alerts, os.environ)
            if sequence and self.editor and self._driver is not None:
                self._driver.write(sequence)

    # how it is looked at

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.screen_stack[0])

    @property
    def front(self) -> Front | None:
        """The screen the keys are for; None under the palette or a prompt."""
        return self.screen if isinstance(self.screen, Front) else None

    @property
    def in_view(self) -> Front | None:
        """The same, also where a prompt or the palette stands before it."""
        return next((each for each in reversed(self.screen_stack) if isinstance(each, Front)), None)

    def look(self) -> Look:
        paused = self.engine is not None and self.engine.paused
        return replace(self._look, now=self.now(), paused=paused)

    def set_look(self, look: Look) -> None:
        self._look = look
        self.repaint()

    def now(self) -> datetime | None:
        return None if self.engine is None else self.engine.now()

    def select(self, condor: str) -> None:
        if self._look.selected != condor:
            self._look = replace(self._look, selected=condor)
            if self.engine is not None:
                self.engine.draw_for((condor,))

    def repaint(self) -> None:
        """Whatever can be seen; what has not changed is not drawn."""
        if self.in_view is not None:
            self.in_view.update(self.shown)

    def _tick(self) -> None:
        # Under make, and others that wait for it, no signal tells of a window that was closed.
        if self._on_terminal and not _has_terminal():
            self._end()
            return
        if self.in_view is self.dashboard and self.dashboard.is_mounted:
            self.dashboard.tick()

    # what can be done

    def actions_here(self) -> Iterable[Action]:
        """Those that mean something on the screen in front."""
        if self.front is None:
            return []
        known = (action for action in ACTIONS.values() if self._handler(action.id) is not None)
        return [action for action in known if self.editor or action.id != "edit"]

    def action_act(self, name: str) -> None:
        handler = self._handler(name)
        if handler is not None:
            handler()

    def _handler(self, name: str) -> Callable[[], None] | None:
        """The screen in front is asked first, then the program."""
        method = f"do_{name.replace('-', '_')}"
        for asked in (self.front, self):
            found = getattr(asked, method, None)
            if found is not None:
                return cast("Callable[[], None]", found)
        return None

    def say(self, words: str, *, serious: bool = False) -> None:
        self.notify(words, severity="warning" if serious else "information", markup=False, timeout=4.0)

    def open_page(self, opens: "Opens") -> None:
        if opens.kind == "command":
            self.action_act(opens.name)
            return
        from alvh_tui.screens.builders import page_of

        self.push_screen(Page(opens.name or opens.kind, page_of(opens), opens))

    def do_refresh(self) -> None:
        if self.engine is not None:
            self.engine.refresh()

    def do_pause(self) -> None:
        if self.engine is None:
            return
        if self.engine.paused:
            self.engine.resume()
        else:
            self.engine.pause()
        self._tick()

    def do_faster(self) -> None:
        self._set_pace(0.5)

    def do_slower(self) -> None:
        self._set_pace(2.0)

    def _set_pace(self, times: float) -> None:
        if self.engine is None:
            return
        seconds = min(max(self.engine.interval * times, SHORTEST), LONGEST)
        self.engine.set_interval(seconds)
        self.say(f"looks at the market every {seconds.total_seconds():g} seconds")

    def do_private(self) -> None:
        self.set_look(replace(self._look, private=not self._look.private))

    def do_ages(self) -> None:
        self.set_look(replace(self._look, ages=not self._look.ages))

    def do_charts(self) -> None:
        at = CHARTS.index(self._look.charts)
        self.set_look(replace(self._look, charts=CHARTS[(at + 1) % len(CHARTS)]))

    def do_theme(self) -> None:
        names = list(THEMES)
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    def do_next_book(self) -> None:
        if len(self.books) > 1:
            self.open_book((self._book + 1) % len(self.books))

    def do_quit(self) -> None:
        self.exit()


def _has_terminal() -> bool:
    try:
        os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ else -1)
    except OSError:
        return False
    return True


def _to_nobody(data: str) -> None:
    """In place of a terminal."""
