"""Opens the screen on some books: what is light at once, the rest behind the first paint."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain

if TYPE_CHECKING:
    from alvh_tui.market.playback import Clock
    from alvh_tui.market.types import Feed
    from alvh_tui.memory.memory import Memory
    from alvh_tui.screens.engine import Engine

Opening = Callable[[], "Engine"]
IN_BROWSER = "ALVH_IN_BROWSER"
"""Set by `alvh serve` for the program it runs: files are not edited from a browser."""
USUAL = 30.0
"""Seconds between two looks at a market."""
LEAST_LIFE = 1.0
"""Seconds of life between two looks at one that is played, however fast."""


def wants_screen(args: argparse.Namespace) -> bool:
    """On a terminal or in a browser, and nothing asked for that belongs on paper."""
    if args.json or args.plain:
        return False
    if os.environ.get(IN_BROWSER):
        return True
    # Textual paints on standard error.
    on_terminal = all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))
    return on_terminal and os.environ.get("TERM") != "dumb"


def open_screen(books: Sequence[tuple[str, Opening]], args: argparse.Namespace) -> int:
    # A fifth of the way to the first paint would be spent on garbage there is not.
    gc.disable()
    from alvh_tui.log import start_log, stop_log
    from alvh_tui.screens.app import AlvhApp, Book
    from alvh_tui.screens.keymap import keys_in_use
    from alvh_tui.settings.load import load_settings

    if args.no_color:
        os.environ["NO_COLOR"] = "1"
    settings = load_settings()
    keys, problems = keys_in_use(settings)
    for problem in (*settings.problems, *problems):
        complain(str(problem))
    start_log()
    try:
        app = AlvhApp(
            [Book(name, partial(_opened, opening)) for name, opening in books],
            settings,
            keys,
            editor=not os.environ.get(IN_BROWSER),
        )
        app.run(mouse=settings.screen.mouse)
    finally:
        stop_log()
    # The interpreter would look through all that pandas has made before it ends.
    gc.freeze()
    return app.return_code or Exit.FINE


def _opened(opening: Opening) -> "Engine":
    """What has been imported stays: looking through it again and again would keep the keys waiting."""
    try:
        return opening()
    finally:
        gc.freeze()
        gc.enable()


def book_opening(path: Path, args: argparse.Namespace) -> Opening:
    return partial(_open_book, path, args)


def demo_opening(sample: str, folder: Path, args: argparse.Namespace) -> Opening:
    """On a copy in that folder, which may be edited while one watches."""
    return partial(_open_demo, sample, folder, args)


def _open_book(path: Path, args: argparse.Namespace) -> "Engine":
    """Loads everything there is to load: called off the screen's thread."""
    from alvh_tui.cli.memories import memory_of
    from alvh_tui.cli.played import feed_and_clock
    from alvh_tui.settings.load import load_settings

    seconds = load_settings().screen.interval
    interval = None if seconds is None else timedelta(seconds=seconds)
    asked = argparse.Namespace(**{**vars(args), "book": path, "once": False, "interval": interval})
    feed, clock = feed_and_clock(asked)
    return _engine(path, feed, clock, memory_of(asked), asked)


def _open_demo(name: str, folder: Path, args: argparse.Namespace) -> "Engine":
    from alvh_tui.book.samples import SAMPLES
    from alvh_tui.cli.feeds import played_market
    from alvh_tui.cli.played import played_clock
    from alvh_tui.memory.memory import Memory

    feed = played_market(args, name)
    path = folder / f"{name}.toml"
    path.write_text(SAMPLES[name].text_on(feed.session.opens.date()), encoding="utf-8")
    return _engine(path, feed, played_clock(feed, args), Memory(folder / f"{name}.sqlite"), args)


def _engine(path: Path, feed: "Feed", clock: "Clock", memory: "Memory", args: argparse.Namespace) -> "Engine":
    from alvh_tui.alerts.delivery import channels_of
    from alvh_tui.alerts.remembering import Remembering
    from alvh_tui.cli.counted import counted
    from alvh_tui.desk import WatchedDesk
    from alvh_tui.market.playback import LiveClock
    from alvh_tui.screens.live import LiveEngine
    from alvh_tui.settings.load import load_settings

    played = not isinstance(clock, LiveClock)
    pace = timedelta(seconds=max(USUAL, LEAST_LIFE * clock.speed)) if played else args.interval
    alerts = load_settings().alerts
    remembering = Remembering(memory, alerts, played=played)
    channels = channels_of(alerts, played=played)
    return LiveEngine(WatchedDesk(path), counted(feed, args.breadth), clock, remembering, channels, pace)
