"""What each frame adds to the memory of a book, and what of it is told: for watcher and screen alike."""

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.kept_state import read_state, write_state
from alvh_tui.alerts.look import look_at
from alvh_tui.alerts.machine import Decided, Look, decide
from alvh_tui.alerts.state import (
    AlertState,
    Told,
    acknowledge,
    mute,
    snooze,
    still_standing,
    unmute,
)
from alvh_tui.alerts.words import joined
from alvh_tui.assess import Assessment
from alvh_tui.changes import Change
from alvh_tui.memory import kept
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.memory import Memory
from alvh_tui.monitor import Frame
from alvh_tui.settings.model import AlertSettings

Step = Callable[[AlertState], AlertState]
SharedStep = Callable[[sqlite3.Connection, AlertState], Decided]
LOCKED_FOR = timedelta(minutes=2)
"""How long another program may keep the memory locked before this one decides by itself."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What one frame has brought."""

    changes: tuple[Change, ...] = ()
    """Of the memory itself: that it begins to fail, or works again."""
    entries: tuple[Entry, ...] = ()
    """Of the journal, which this program was the first to write."""
    alerts: tuple[Alert, ...] = ()
    """To be told by this program, and by no other that shares the memory."""


class Remembering:
    """Remembers each frame and decides what is told. May be used from several threads.

    Without a memory, or while it fails, this program decides by itself.
    """

    def __init__(
        self, memory: Memory | None, settings: AlertSettings | None = None, *, played: bool = False
    ) -> None:
        self.memory = memory
        self.settings = settings or AlertSettings()
        self._played = played
        self._reason = ""
        self._state = AlertState()
        self._alone_since: datetime | None = None
        """When this program last decided something that the memory does not have."""
        self._unshared: list[Step] = []
        """What was silenced and the memory does not have."""
        self._turn = threading.Lock()

    def of(self, frame: Frame) -> Remembered:
        """In one transaction, so that the disk is waited for once."""
        look, settings, assessment = look_at(frame, self.settings), self.settings, frame.assessment

        def step(connection: sqlite3.Connection, state: AlertState) -> Decided:
            return _decided(connection, state, look, settings, assessment)

        with self._turn:
            entries, decided = self._remember(frame, step)
            changes = () if assessment is None else self._fares(frame.at)
            if decided is None:
                decided = self._shared(frame.at, step) or self._alone(frame.at, look)
            if decided is None:
                return Remembered(changes, entries)
            self._state = decided.state
        return Remembered(changes, entries, joined(decided.told))

    def read(self, at: datetime) -> None:
        """Takes over what all programs know by now, without a frame."""
        with self._turn:
            found = None if self.memory is None else self.memory.store.read(read_state, at)
            if found is not None and self._alone_since is None:
                self._state = found[0]

    def standing(self, at: datetime) -> tuple[Told, ...]:
        """What was told and has not ended, as last seen: new, seen, snoozed or muted."""
        return still_standing(self._state, at)

    @property
    def mutes(self) -> tuple[str, ...]:
        return self._state.mutes

    def acknowledge(self, key: str, at: datetime, words: str = "", by: str = "") -> Entry | None:
        """Silences it until it has ended and comes back; the entry of the journal that says so."""
        told = next((one.alert for one in self.standing(at) if one.alert.key == key), None)
        self._change(at, partial(acknowledge, key=key))
        if told is None or self.memory is None:
            return None
        return self.memory.journal.acknowledge_alert(at, told.about, told.text, key, words, by)

    def snooze(self, key: str, at: datetime, minutes: float) -> None:
        self._change(at, partial(snooze, key=key, until=at + timedelta(minutes=minutes)))

    def mute(self, what: str, at: datetime) -> None:
        """A rule, a pattern of rules, a position or a layer, until it is unmuted."""
        self._change(at, partial(mute, what=what))

    def unmute(self, what: str, at: datetime) -> None:
        self._change(at, partial(unmute, what=what))

    def close(self) -> None:
        if self.memory is not None:
            self.memory.close()

    def _remember(self, frame: Frame, step: SharedStep) -> tuple[tuple[Entry, ...], Decided | None]:
        """The entries written, and what was decided with them."""
        if self.memory is None or frame.assessment is None:
            return (), None
        if self._played:
            self.memory.begin_again_before(frame.assessment.market.time)
            self._played = False
        done = self.memory.remember_with(frame.assessment, partial(self._known_to_all, frame.at, step))
        if done is not None:
            self._is_shared()
            return done
        # Alerts that cannot be read or written keep nothing else from being remembered.
        return () if self.memory.state.locked else self.memory.remember(frame.assessment), None

    def _fares(self, at: datetime) -> tuple[Change, ...]:
        """That the memory has begun to fail, or works again."""
        before, self._reason = self._reason, "" if self.memory is None else self.memory.state.reason
        if before == self._reason:
            return ()
        was, now = ("failed" if reason else "fine" for reason in (before, self._reason))
        return (Change(at, "memory", "memory", was, now, self._reason or "remembers again"),)

    def _alone(self, at: datetime, look: Look) -> Decided | None:
        """None where the next look, with the others, is soon enough."""
        if self._is_soon_back(at):
            return None
        decided = decide(self._state, look, self.settings)
        if decided.state != self._state:
            self._alone_since = at
        return decided

    def _is_soon_back(self, at: datetime) -> bool:
        """A memory another program is writing to: the next look decides, and nothing is told twice."""
        if self.memory is None or not self.memory.state.locked:
            return False
        since = self.memory.state.since
        return since is None or at - since < LOCKED_FOR

    def _change(self, at: datetime, step: Step) -> None:
        with self._turn:
            decided = self._shared(at, lambda _, state: Decided(step(state)))
            if decided is None:
                decided = Decided(step(self._state))
                self._unshared.append(step)
            self._state = decided.state

    def _shared(self, at: datetime, step: SharedStep) -> Decided | None:
        """One step from what all programs know; None where there is no memory, or it fails."""
        if self.memory is None or not self.memory.state.fine:
            return None
        decided = self.memory.store.write(at, partial(self._known_to_all, at, step))
        if decided is not None:
            self._is_shared()
        return decided

    def _known_to_all(self, at: datetime, step: SharedStep, connection: sqlite3.Connection) -> Decided:
        known, written = read_state(connection)
        alone = self._alone_since
        state = self._state if alone is not None and (written is None or written < alone) else known
        for unshared in self._unshared:
            state = unshared(state)
        decided = step(connection, state)
        if decided.state != known:
            write_state(connection, decided.state, at)
        return decided

    def _is_shared(self) -> None:
        self._alone_since = None
        self._unshared.clear()


def _decided(
    connection: sqlite3.Connection,
    state: AlertState,
    look: Look,
    settings: AlertSettings,
    assessment: Assessment | None,
) -> Decided:
    """Where another program has seen a later market, this one is news to nobody."""
    if assessment is not None and kept.compare(connection, "judged", assessment.market.time) < 0:
        return Decided(state)
    return decide(state, look, settings)
