"""The loop that fetches, assesses and tells, on one thread of its own; knows nothing of screens."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.book.model import Book
from alvh_tui.desk import WatchedDesk
from alvh_tui.instruments.calendar import SessionState, session_state
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.playback import Clock
from alvh_tui.market.types import Feed, FeedUnavailableError, MarketSnapshot, SourceState
from alvh_tui.method.rules import Rules
from alvh_tui.toml.problem import Problem

EVERY: dict[SessionState, timedelta] = {
    "open": timedelta(seconds=30),
    "pre": timedelta(seconds=60),
    "post": timedelta(seconds=60),
    "closed": timedelta(minutes=5),
    "holiday": timedelta(minutes=5),
}
"""How often to look; what a feed asks its source for then is the feed's own affair."""
LOOK_AT_FILES = 0.5
"""Seconds between two looks at the book's file."""
SHORTEST_WAIT = 0.02
STOPS_WITHIN = 0.5
SURVIVED = (OSError, ArithmeticError, LookupError, ValueError)
"""What a market nobody foresaw may raise; the loop goes on, and the frame says so."""

ENDED = "the monitor has ended by a fault of its own"
"""The error of the last frame where it does."""

AT_ONCE = timedelta(seconds=1)
"""The soonest a feed whose first answers are still coming in is asked again."""

_log = logging.getLogger(__name__)


@runtime_checkable
class RememberingFeed(Feed, Protocol):
    """A feed that keeps its last good answers, and asks its source only for what is due."""

    def on_disk(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        """The last good of everything, at once."""
        ...

    def next_due(self, contracts: Sequence[Contract], at: datetime) -> datetime: ...

    def set_interval(self, interval: timedelta | None) -> None:
        """How often its source is asked; it may have limits of its own."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What the monitor knows after one run."""

    seq: int
    assessment: Assessment | None
    """Of the last good book in the last good market; None where there is none of one of them."""
    problems: tuple[Problem, ...]
    """Of the book's files as they are now; the assessment may be of an earlier, sound state of them."""
    at: datetime
    error: str | None
    """Why there is no newer market, or no assessment of it."""
    next_at: datetime | None
    """When the next run is due; None while paused, and after the end."""


Listener = Callable[[Frame], None]
Recall = Callable[[Book, MarketSnapshot], Past | None]
"""What is known of the sessions before this market's; it must return at once."""
Govern = Callable[[Rules, datetime], Rules]
"""The rules in force while the file asks for these, as changed ones may have to be confirmed."""


class Monitor:
    """Runs when due, when asked, and when the book changes; what is asked meanwhile is one more run.

    `disk_first`: the first frame is of what the feed remembers, before the network is asked.
    """

    def __init__(
        self,
        desk: WatchedDesk,
        feed: Feed,
        clock: Clock,
        *,
        interval: timedelta | None = None,
        recall: Recall | None = None,
        govern: Govern | None = None,
        disk_first: bool = True,
        look_every: float = LOOK_AT_FILES,
    ) -> None:
        self._desk = desk
        self._feed = feed
        self._clock = clock
        self._interval = interval
        self._recall = recall
        self._govern = govern
        self._disk_first = disk_first
        self._look_every = look_every
        self._listeners: list[Listener] = []
        self._telling = threading.Lock()
        self._wake = threading.Event()
        self._asked = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._paused = False
        self._seq = 0
        self._due: datetime | None = None
        self._market: MarketSnapshot | None = None
        self._known: frozenset[Contract] = frozenset()
        """What the last good market was asked for."""
        self._failing_since: datetime | None = None
        self._error: str | None = None
        self._frame: Frame | None = None

    @property
    def frame(self) -> Frame | None:
        """The latest one."""
        return self._frame

    @property
    def paused(self) -> bool:
        return self._paused

    def listen(self, listener: Listener) -> None:
        """It is called on the monitor's thread and must return at once."""
        self._listeners.append(listener)

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="alvh-monitor", daemon=True)
        self._thread.start()

    def stop(self, within: float = STOPS_WITHIN) -> bool:
        """Tells nothing from now on; whether the thread has ended too, which a hanging network prevents."""
        self._stopping.set()
        self._wake.set()
        if self._thread is None:
            return True
        self._thread.join(within)
        return not self._thread.is_alive()

    def refresh(self) -> None:
        """Runs now, paused or not."""
        self._asked.set()
        self._wake.set()

    def pause(self) -> None:
        """Nothing is fetched by itself; a changed book is still assessed."""
        self._paused = True
        self._wake.set()

    def resume(self) -> None:
        self._paused = False
        self._wake.set()

    def set_interval(self, interval: timedelta | None) -> None:
        """How often in trading hours; None: as the session has it. Counted from the last run."""
        before = self._every(self._clock.now())
        self._interval = interval
        if isinstance(self._feed, RememberingFeed):
            self._feed.set_interval(interval)
        if self._due is not None:
            self._due += self._every(self._clock.now()) - before
        self._wake.set()

    def turn(self) -> float:
        """Does what is due, and says how many seconds may pass until the next look."""
        reread = self._desk.poll()
        now = self._clock.now()
        if self._asked.is_set() or (not self._paused and (self._due is None or now >= self._due)):
            self._asked.clear()
            self._run_once(now)
        elif reread:
            self._book_changed(now)
        return self._until_next_look()

    def _run(self) -> None:
        ended_well = False
        try:
            self._loop()
            ended_well = True
        finally:
            if not ended_well:
                self._due, self._error = None, ENDED
                self._tell(None, self._clock.now(), self._error)

    def _loop(self) -> None:
        while True:
            self._wake.clear()
            if self._stopping.is_set():
                return
            self._wake.wait(self.turn())

    def _until_next_look(self) -> float:
        if self._asked.is_set():
            return 0.0
        speed = self._clock.speed
        if self._paused or self._due is None or speed <= 0.0:
            return self._look_every
        left = (self._due - self._clock.now()).total_seconds() / speed
        return min(max(left, SHORTEST_WAIT), self._look_every)

    def _every(self, at: datetime) -> timedelta:
        usual = EVERY[session_state(at)]
        if self._interval is None:
            return usual
        return self._interval if session_state(at) == "open" else max(self._interval, usual)

    def _run_once(self, now: datetime) -> None:
        book = self._desk.desk.book
        if book is not None:
            if self._disk_first and self._frame is None:
                self._show_what_is_on_disk(book.contracts, now)
            self._fetch(book.contracts, now)
        if not self._stopping.is_set():
            self._report(ran=True)

    def _book_changed(self, now: datetime) -> None:
        """Without a new market where the last one has all that the book holds now."""
        book = self._desk.desk.book
        if book is None or self._known.issuperset(book.contracts):
            self._report(ran=False)
        else:
            self._run_once(now)

    def _show_what_is_on_disk(self, contracts: Sequence[Contract], now: datetime) -> None:
        """The network may take its time, or be down: what was known last is shown before it is asked."""
        if isinstance(self._feed, RememberingFeed):
            with suppress(FeedUnavailableError):
                self._market = self._feed.on_disk(contracts, now)
                self._report(ran=False)

    def _fetch(self, contracts: Sequence[Contract], now: datetime) -> None:
        """Renews the market, or says why not."""
        try:
            market = self._feed.snapshot(contracts, now)
        except FeedUnavailableError as error:
            _log.info("%s has no market", self._feed.name)
            self._fetch_failed(str(error), now)
        except SURVIVED as error:
            _log.info("%s failed: %s", self._feed.name, type(error).__name__)
            _log.debug("", exc_info=True)
            self._fetch_failed(f"{self._feed.name} failed: {type(error).__name__}: {error}", now)
        else:
            self._market, self._known = market, frozenset(contracts)
            self._failing_since = self._error = None

    def _fetch_failed(self, error: str, now: datetime) -> None:
        """The last good market goes on growing older, its sources marked."""
        self._error = error
        self._failing_since = since = self._failing_since or now
        if self._market is not None:
            failed = (
                replace(source, state=SourceState.FAILED, error=error, since=since)
                for source in self._market.sources
            )
            self._market = replace(self._market, sources=tuple(failed))

    def _report(self, *, ran: bool) -> None:
        """Assesses what is known and tells it; the next run is due counting from the end of this one."""
        at = self._clock.now()
        found, fault = self._assess(at)
        if ran or self._due is None:
            after = self._clock.now()
            self._due = self._next_run(after)
        self._tell(found, at, fault or self._error)

    def _next_run(self, after: datetime) -> datetime:
        due, book = after + self._every(after), self._desk.desk.book
        if book is None or not isinstance(self._feed, RememberingFeed):
            return due
        return min(due, max(self._feed.next_due(book.contracts, after), after + AT_ONCE))

    def _assess(self, at: datetime) -> tuple[Assessment | None, str | None]:
        desk = self._desk.desk
        if desk.book is None or desk.rules is None or self._market is None:
            return None, None
        try:
            past = None if self._recall is None else self._recall(desk.book, self._market)
            rules = desk.rules if self._govern is None else self._govern(desk.rules, at)
            return assess(desk.book, self._market, rules, at, past), None
        except SURVIVED as error:
            _log.error("an assessment failed: %s", type(error).__name__)
            _log.debug("", exc_info=True)
            return None, f"this market could not be assessed: {type(error).__name__}: {error}"

    def _tell(self, assessment: Assessment | None, at: datetime, error: str | None) -> None:
        self._seq += 1
        due = None if self._paused else self._due
        frame = Frame(self._seq, assessment, self._desk.desk.problems, at, error, due)
        _log.info("frame %d%s", frame.seq, "" if error is None else ", with an error")
        with self._telling:
            if self._stopping.is_set():
                return
            self._frame = frame
            for listener in self._listeners:
                listener(frame)
