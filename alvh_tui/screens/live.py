"""The engine of a live, played or recorded market: monitor, memory and alerts, on threads of their own."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from getpass import getuser
from queue import SimpleQueue
from typing import TYPE_CHECKING

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Channel
from alvh_tui.alerts.delivery import Delivery
from alvh_tui.alerts.remembering import Remembering
from alvh_tui.changes import News
from alvh_tui.desk import WatchedDesk
from alvh_tui.instruments.calendar import session_state
from alvh_tui.market.playback import Clock, PlayedClock
from alvh_tui.market.types import Feed
from alvh_tui.monitor import EVERY, SURVIVED, Frame, Monitor, RememberingFeed
from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.engine import Tell
from alvh_tui.screens.shown import Shown
from alvh_tui.why.ages import is_doubtful

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment
    from alvh_tui.memory.chain import Entry
    from alvh_tui.memory.report import StewardsReport

LOOK_AT_FILES = 0.25
"""Seconds: two looks, and what was saved is on the screen."""
SNOOZED_FOR = 30.0
"""Minutes."""
REPORT_EVERY = 15
"""Minutes: what the history alone tells for the report is no news before."""
NO_MEMORY = "memory is switched off: nothing is recorded"


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
        self._inbox: SimpleQueue[Frame | None] = SimpleQueue()
        self._about: tuple[str, ...] = ()
        self._news = News()
        self._assessment: Assessment | None = None
        self._entries: tuple[Entry, ...] = ()
        self._report: StewardsReport | None = None
        self._reported: tuple[object, ...] = ()

    def start(self, tell: Tell) -> None:
        threading.Thread(target=self._tell_all, args=(tell,), name="alvh-telling", daemon=True).start()
        self._monitor.listen(self._inbox.put)
        self._monitor.start()

    def stop(self) -> None:
        """A feed that hangs would not let itself be closed either; it ends with the process."""
        if self._monitor.stop() and isinstance(self._feed, RememberingFeed):
            self._feed.close()
        self._inbox.put(None)

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

    def note(self, words: str, about: str) -> str:
        if self._memory is None:
            return NO_MEMORY
        return self._kept(self._memory.journal.note(self.now(), words, about, by=getuser()))

    def acknowledge(self, what: "Entry | Alert", words: str) -> str:
        if isinstance(what, Alert):
            self._remembering.acknowledge(what.key, self.now(), words, by=getuser())
            self._tell_again()
            return ""
        if self._memory is None:
            return NO_MEMORY
        return self._kept(self._memory.journal.acknowledge(self.now(), what, words, by=getuser()))

    def snooze(self, alert: Alert) -> str:
        self._remembering.snooze(alert.key, self.now(), SNOOZED_FOR)
        self._tell_again()
        return ""

    def mute(self, alert: Alert) -> str:
        """The rule, or, where it is muted already, it speaks again."""
        if alert.rule in self._remembering.mutes:
            self._remembering.unmute(alert.rule, self.now())
        else:
            self._remembering.mute(alert.rule, self.now())
        self._tell_again()
        return ""

    def _tell_again(self) -> None:
        """What the user has just done is seen at once, not only with the next frame."""
        if self._monitor.frame is not None:
            self._inbox.put(self._monitor.frame)

    def _channel_failed(self, channel: str, reason: str) -> None:
        """Called on the channel's thread; without a reason it works again."""
        faults = {name: why for name, why in self._faults.items() if name != channel}
        self._faults = {**faults, channel: reason} if reason else faults
        self._tell_again()

    def _kept(self, written: "Entry | None") -> str:
        self._tell_again()
        if written is not None or self._memory is None:
            return ""
        return self._memory.state.reason or "it has been written before"

    def _tell_all(self, tell: Tell) -> None:
        while (frame := self._inbox.get()) is not None:
            self._assessment = frame.assessment or self._assessment
            try:
                shown = self._prepared(frame)
            except SURVIVED as error:
                _log.error("a frame could not be remembered or told: %s", type(error).__name__)
                _log.debug("", exc_info=True)
                shown = self._bare(frame, f"memory and alerts have failed: {type(error).__name__}")
            tell(shown)
        self._delivery.close()
        self._remembering.close()

    def _prepared(self, frame: Frame) -> Shown:
        changes = self._news.of(frame)
        remembered = self._remembering.of(frame)
        self._delivery.deliver(remembered.alerts)
        self._read_journal()
        self._draw_up_report(frame.at)
        standing = self._remembering.standing(frame.at)
        shown = replace(
            self._bare(frame, NO_MEMORY if self._memory is None else self._memory.state.reason),
            changes=changes,
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
            records = read_records(self._memory)
            self._report = stewards_report(self.path.name, records, book, at)
            self._reported = mark
