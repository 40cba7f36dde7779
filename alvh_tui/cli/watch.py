"""alvh watch BOOK: the monitor without a screen; one line for every change."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from types import FrameType
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.alerts.delivery import Delivery
    from alvh_tui.alerts.remembering import Remembering
    from alvh_tui.changes import Change
    from alvh_tui.monitor import Frame

    Inbox = SimpleQueue[Frame | Change | None]
    """What is None ends the watch."""

ENDING = (signal.SIGINT, signal.SIGTERM)
SHORTEST, LONGEST = 1.0, 86_400.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    parser.add_argument("--once", action="store_true", help="one assessment, and how it stands")
    parser.add_argument(
        "--interval", metavar="SECONDS", type=_interval, help="between two looks in trading hours (30)"
    )
    parser.add_argument("--no-memory", action="store_true", help="record nothing, and recall nothing")
    parser.add_argument(
        "--fail-on",
        choices=("watch", "triggered"),
        help="exit 4 when a layer is there; without --once, as soon as it is",
    )


def _interval(text: str) -> timedelta:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not SHORTEST <= seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to a day")
    return timedelta(seconds=seconds)


def run(args: argparse.Namespace) -> int:
    from alvh_tui.alerts.remembering import Remembering
    from alvh_tui.alerts.rules import pattern_problems
    from alvh_tui.cli.alerting import delivery_of, wait_for
    from alvh_tui.cli.counted import counted
    from alvh_tui.cli.memories import memory_of, world_of
    from alvh_tui.cli.played import feed_and_clock
    from alvh_tui.desk import WatchedDesk
    from alvh_tui.log import start_log, stop_log
    from alvh_tui.market.types import FeedUnavailableError
    from alvh_tui.monitor import Monitor, RememberingFeed
    from alvh_tui.settings import load_settings

    desk = WatchedDesk(args.book)
    if desk.desk.book is None:
        for problem in desk.desk.problems:
            complain(str(problem))
        return Exit.WRONG_INPUT
    try:
        feed, clock = feed_and_clock(args)
    except FeedUnavailableError as error:
        complain(str(error))
        return Exit.NO_MARKET
    settings = load_settings()
    for problem in (*settings.problems, *pattern_problems(settings)):
        complain(str(problem))
    inbox: Inbox = SimpleQueue()
    memory, played = None if args.no_memory else memory_of(args), bool(world_of(args))
    remembering = Remembering(memory, settings.alerts, played=played)
    delivery = delivery_of(settings.alerts, inbox.put, played=played)
    monitor = Monitor(
        desk,
        counted(feed, args.breadth),
        clock,
        interval=args.interval,
        recall=None if memory is None else memory.recall,
        govern=None if memory is None else memory.govern,
        disk_first=False,
    )
    monitor.listen(inbox.put)
    start_log()
    try:
        with _ending_on_signals(inbox):
            monitor.start()
            status = _follow(inbox, feed, remembering, delivery, args)
            if status is None:
                return Exit.INTERRUPTED if args.once else Exit.FINE
            wait_for(delivery, settings.alerts.timeout, lambda: _tell_what_is_left(inbox, args))
            _tell_what_is_left(inbox, args)
            return status
    finally:
        # A feed that hangs would not let itself be closed either; it ends with the process.
        if monitor.stop() and isinstance(feed, RememberingFeed):
            feed.close()
        delivery.close()
        remembering.close()
        stop_log()


@contextmanager
def _ending_on_signals(inbox: "Inbox") -> Iterator[None]:
    """A queue may be filled from a signal handler; nothing else is done in one."""

    def end(_number: int, _frame: FrameType | None) -> None:
        inbox.put(None)

    before = {number: signal.signal(number, end) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _follow(
    inbox: "Inbox",
    feed: object,
    remembering: "Remembering",
    delivery: "Delivery",
    args: argparse.Namespace,
) -> Exit | None:
    """How it ended by itself; None where it was told to."""
    from alvh_tui.alerts.alert import change_of
    from alvh_tui.changes import Change, News
    from alvh_tui.cli.snapshot import is_due
    from alvh_tui.market.recording import RecordingFeed
    from alvh_tui.monitor import ENDED

    ends_at = feed.recordings[-1].time if isinstance(feed, RecordingFeed) else None
    news = News()
    while (frame := inbox.get()) is not None:
        if isinstance(frame, Change):
            _tell(frame, as_json=args.json)
            continue
        remembered = remembering.of(frame)
        delivery.deliver(remembered.alerts)
        for change in (*news.of(frame), *remembered.changes, *map(change_of, remembered.alerts)):
            _tell(change, as_json=args.json)
        if frame.error == ENDED:
            return Exit.WRONG_INPUT
        if frame.assessment is not None and is_due(frame.assessment, args.fail_on):
            return Exit.LAYER_DUE
        if args.once:
            return Exit.NO_MARKET if frame.assessment is None else Exit.FINE
        if ends_at is not None and _shown(frame) >= ends_at:
            return Exit.FINE
    return None


def _tell_what_is_left(inbox: "Inbox", args: argparse.Namespace) -> bool:
    """What became of the last alerts; whether the watch is told to end."""
    from alvh_tui.changes import Change

    while not inbox.empty():
        item = inbox.get()
        if item is None:
            return True
        if isinstance(item, Change):
            _tell(item, as_json=args.json)
    return False


def _shown(frame: "Frame") -> datetime:
    """When what it shows was recorded; a look begun before a recording shows the one before it."""
    if frame.assessment is None or frame.error is not None:
        return frame.at
    return frame.assessment.market.time


def _tell(change: "Change", *, as_json: bool) -> None:
    from alvh_tui.toml.text import printable

    time = change.at.isoformat(timespec="seconds")
    if as_json:
        told = {
            "time": time,
            "kind": change.kind,
            "name": change.name,
            "from": change.before,
            "to": change.after,
            "text": change.text,
            "rule": change.rule,
        }
        say(json.dumps(told, ensure_ascii=False))
    else:
        states = [state for state in (change.before, change.after or "over") if state is not None]
        say(printable(f"{time}  {change.kind:<9}  {change.name}: {' → '.join(states)}  {change.text}"))
    sys.stdout.flush()
