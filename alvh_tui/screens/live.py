"""The engine of a live, played or recorded market: monitor, memory and alerts, on threads of their own."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from getpass import getuser
from queue import SimpleQueue
from typing import TYPE_CHECKING

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Channel
from alvh_tui.alerts.delivery import Delivery
from alvh_tui.alerts.remembering import Remembering
from alvh_tui.desk import WatchedDesk
from alvh_tui.instruments.calendar import session_state
from alvh_tui.market.playback import Clock, PlayedClock
from alvh_tui.market.types import Feed
from alvh_tui.monitor import ENDED, EVERY, SURVIVED, Frame, Monitor, RememberingFeed
from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.engine import Answer, Tell
from alvh_tui.screens.shown import Shown
from alvh_tui.why.ages import is_doubtful

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment
    from alvh_tui.memory.chain import Entry
    from alvh_tui.memory.memory import Memory
    from alvh_tui.memory.report import StewardsReport

LOOK_AT_FILES = 0.4
"""Seconds: two looks, and what was saved is on the screen."""
PLAYED = {"demo": "simulated", "recording": "recorded"}
"""Feeds by name whose market is not a live one."""
SNOOZED_FOR = 30.0
"""Minutes."""
REPORT_EVERY = 15
"""Minutes: what the history alone tells for the report is no news before."""
STOPS_WITHIN = 0.2
"""Seconds the screen waits for a look at the market that is under way."""
WRITES_WITHIN = 0.3
"""Seconds it waits for what the user has asked to be written."""
NO_MEMORY = "memory is switched off"


_log = logging.getLogger(__name__)


class LiveEngine:
    """Frames go from the monitor's thread to one that remembers and prepares them, and from there on."""

    def __init__(
        self,
        desk: WatchedDesk,
        feed: Feed,
        clock: Clock,
        remembering: Remembering,
        channels: Sequence[Channel] = (),
        interval: timedelta | None = None,
    ) -> None:
        """With `interval` counted in the market's own time, which may pass faster than life."""
        self.path = desk.path
        self._feed = feed
        self._clock = clock
        self._remembering = remembering
        self._delivery = Delivery(channels, self._channel_failed)
        self._faults: dict[str, str] = {}
        self._memory = memory = remembering.memory
        self._interval = interval
        recall, govern = (None, None) if memory is None else (memory.recall, memory.govern)
        self._monitor = Monitor(
            desk, feed, clock, interval=interval, recall=recall, govern=govern, look_every=LOOK_AT_FILES
        )
        self._inbox: SimpleQueue[Frame | Callable[[], None] | None] = SimpleQueue()
        self._telling: threading.Thread | None = None
        self._about: tuple[str, ...] = ()
        self._assessment: Assessment | None = None
        self._entries: tuple[Entry, ...] = ()
        self._report: StewardsReport | None = None
        self._reported: tuple[object, ...] = ()

    def start(self, tell: Tell) -> None:
        self._telling = threading.Thread(
            target=self._tell_all, args=(tell,), name="alvh-telling", daemon=True
        )
        self._telling.start()
        self._monitor.listen(self._inbox.put)
        self._monitor.start()

    def stop(self) -> None:
        """A feed that hangs would not let itself be closed either; it ends with the process."""
        self._inbox.put(None)
        if self._monitor.stop(STOPS_WITHIN) and isinstance(self._feed, RememberingFeed):
            self._feed.close()
        if self._telling is not None:
            self._telling.join(WRITES_WITHIN)

    def now(self) -> datetime:
        return self._clock.now()

    def refresh(self) -> None:
        self._monitor.refresh()

    def pause(self) -> None:
        """A market that is played stands still, a live one goes on unseen."""
        self._monitor.pause()
        if isinstance(self._clock, PlayedClock):
            self._clock.pause()

    def resume(self) -> None:
        if isinstance(self._clock, PlayedClock):
            self._clock.resume()
        self._monitor.resume()

    @property
    def paused(self) -> bool:
        return self._monitor.paused

    @property
    def interval(self) -> timedelta:
        return self._interval or EVERY[session_state(self.now())]

    def set_interval(self, interval: timedelta) -> None:
        self._interval = interval
        self._monitor.set_interval(interval)

    def draw_for(self, about: Sequence[str]) -> None:
        self._about = tuple(about)

    def note(self, words: str, about: str, answer: Answer) -> None:
        at = self.now()
        self._write(lambda memory: memory.journal.note(at, words, about, by=getuser()), answer)

    def acknowledge(self, what: "Entry | Alert", words: str, answer: Answer) -> None:
        at = self.now()
        if isinstance(what, Alert):
            self._do(partial(self._acknowledged, what, at, words), answer)
        else:
            self._write(lambda memory: memory.journal.acknowledge(at, what, words, by=getuser()), answer)

    def snooze(self, alert: Alert, answer: Answer) -> None:
        at = self.now()

        def snoozed() -> str:
            self._remembering.snooze(alert.key, at, SNOOZED_FOR)
            return ""

        self._do(snoozed, answer)

    def mute(self, alert: Alert, answer: Answer) -> None:
        """The rule, or, where it is muted already, it speaks again."""
        at = self.now()

        def muted() -> str:
            if alert.rule in self._remembering.mutes:
                self._remembering.unmute(alert.rule, at)
            else:
                self._remembering.mute(alert.rule, at)
            return ""

        self._do(muted, answer)

    def _write(self, write: "Callable[[Memory], Entry | None]", answer: Answer) -> None:
        def written() -> str:
            if self._memory is None:
                return NO_MEMORY
            return "" if write(self._memory) else self._memory.state.reason or "it has been written before"

        self._do(written, answer)

    def _acknowledged(self, alert: Alert, at: datetime, words: str) -> str:
        if self._remembering.acknowledge(alert.key, at, words, by=getuser()) is not None:
            return ""
        why = NO_MEMORY if self._memory is None else self._memory.state.reason or "it is over already"
        return f"silent, but not in the journal: {why}"

    def _do(self, work: Callable[[], str], answer: Answer) -> None:
        """Behind the frames: no key waits for a memory that another program keeps locked."""

        def act() -> None:
            try:
                refused = work()
            except SURVIVED as error:
                _log.error("what was asked could not be done: %s", type(error).__name__)
                _log.debug("", exc_info=True)
                refused = f"it has failed: {type(error).__name__}"
            answer(refused)
            self._tell_again()

        self._inbox.put(act)

    def _tell_again(self) -> None:
        """What the user has just done is seen at once, not only with the next frame."""
        if self._monitor.frame is not None:
            self._inbox.put(self._monitor.frame)

    def _channel_failed(self, channel: str, reason: str) -> None:
        """Called on the channel's thread; without a reason it works again."""
        self._inbox.put(partial(self._note_fault, channel, reason))

    def _note_fault(self, channel: str, reason: str) -> None:
        self._faults.pop(channel, None)
        if reason:
            self._faults[channel] = reason
        self._tell_again()

    def _tell_all(self, tell: Tell) -> None:
        """A fault nobody foresaw ends it, but not in silence: figures would stand still and look alive."""
        ended_well = False
        try:
            self._tell_each(tell)
            ended_well = True
        finally:
            frame = self._monitor.frame
            if not ended_well and frame is not None:
                tell(self._bare(replace(frame, error=ENDED, next_at=None), ""))
            self._delivery.close()
            self._remembering.close()

    def _tell_each(self, tell: Tell) -> None:
        while (item := self._inbox.get()) is not None:
            if isinstance(item, Frame):
                tell(self._told(item))
            else:
                item()

    def _told(self, frame: Frame) -> Shown:
        self._assessment = frame.assessment or self._assessment
        try:
            return self._prepared(frame)
        except SURVIVED as error:
            _log.error("a frame could not be remembered or told: %s", type(error).__name__)
            _log.debug("", exc_info=True)
            return self._bare(frame, f"memory and alerts have failed: {type(error).__name__}")

    def _prepared(self, frame: Frame) -> Shown:
        remembered = self._remembering.of(frame)
        self._delivery.deliver(remembered.alerts)
        self._read_journal()
        self._draw_up_report(frame.at)
        standing = self._remembering.standing(frame.at)
        shown = replace(
            self._bare(frame, NO_MEMORY if self._memory is None else self._memory.state.reason),
            told=remembered.alerts,
            alerts=tuple(one.alert for one in standing if not one.silence),
            silenced=tuple(one for one in standing if one.silence),
        )
        for about in self._about:
            shown.picture(about)
        return shown

    def _bare(self, frame: Frame, memory: str) -> Shown:
        return Shown(
            frame=frame,
            assessment=self._assessment,
            entries=self._entries,
            played=PLAYED.get(self._feed.name, ""),
            faults=tuple(f"{channel}: {reason}" for channel, reason in self._faults.items()),
            memory=memory,
            report=self._report,
            draw=draw_picture,
            doubts=is_doubtful,
        )

    def _read_journal(self) -> None:
        """What another program has written is in it too."""
        if self._memory is not None:
            after = self._entries[-1].seq if self._entries else 0
            self._entries += self._memory.journal.entries(after)

    def _draw_up_report(self, at: datetime) -> None:
        """Anew where there is an entry, an edit, or some time has passed."""
        if self._memory is None or self._assessment is None or not self._memory.state.fine:
            return
        from alvh_tui.memory.report import read_records, stewards_report

        book, quarter = self._assessment.book, int(at.timestamp()) // (60 * REPORT_EVERY)
        mark = (len(self._entries), book, quarter)
        if mark != self._reported:
            records = read_records(self._memory, self._entries)
            self._report = stewards_report(self.path.name, records, book, at)
            self._reported = mark
