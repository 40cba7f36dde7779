"""The memory of one book: what each refresh adds to it, and what an assessment may know of the past."""

import sqlite3
import threading
from datetime import datetime
from functools import partial
from pathlib import Path

from alvh_tui.assess import Assessment, Past
from alvh_tui.book.model import Book
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.memory import kept
from alvh_tui.memory.chain import Entry, append_in
from alvh_tui.memory.close_note import close_notes
from alvh_tui.memory.history import History, record_in
from alvh_tui.memory.journal import Journal
from alvh_tui.memory.observe import View, drafts_in, view_of
from alvh_tui.memory.recall import keep_moment, recall_in
from alvh_tui.memory.rule_changes import Ruling, governed, ruling_in
from alvh_tui.memory.store import Result, Store, StoreState, Work
from alvh_tui.method.rules import Rules
from alvh_tui.risk.session import session_began


class Memory:
    """May be used from several threads."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.store = Store(path, read_only=read_only)
        self.history = History(self.store)
        self.journal = Journal(self.store)
        self._seen: View | None = None
        self._recalled: tuple[Book, datetime, Past] | None = None
        self._ruling: Ruling | None = None
        self._recalling = threading.Lock()

    @property
    def state(self) -> StoreState:
        return self.store.state

    def recall(self, book: Book, market: MarketSnapshot) -> Past | None:
        """What is known of sessions before this market's; read once a session and book."""
        began = session_began(market)
        with self._recalling:
            if self._recalled is not None:
                known, of, past = self._recalled
                if known is book and of == began:
                    return past
            found = self.store.read(partial(recall_in, book=book, session=began.date()), market.time)
            self._recalled = None if found is None else (book, began, found)
            return found

    def govern(self, rules: Rules, at: datetime) -> Rules:
        """The rules in force while the file asks for these; the last known ones where it cannot be read."""
        self._ruling = self.store.read(ruling_in, at) or self._ruling
        return governed(rules, self._ruling)

    def remember(self, assessment: Assessment) -> tuple[Entry, ...]:
        """Everything new in one transaction; the entries that this program was the first to write."""
        done = self.remember_with(assessment, lambda _: None)
        return () if done is None else done[0]

    def remember_with(
        self, assessment: Assessment, step: Work[Result]
    ) -> tuple[tuple[Entry, ...], Result] | None:
        """One more step in the same transaction; None where it could not be done, and then nothing was."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[Entry, ...], View, Result]:
            return *_remember_in(connection, assessment, self._seen), step(connection)

        done = self.store.write(assessment.at, work)
        if done is None:
            return None
        written, self._seen, result = done
        return written, result

    def begin_again_before(self, moment: datetime) -> None:
        """For a market that is played: one played from an earlier moment than before is another story."""
        later = self.store.read(lambda connection: kept.compare(connection, "judged", moment) < 0, moment)
        if later:
            self.store.remove()
            self._ruling = None

    def close(self) -> None:
        self.store.close()


def _remember_in(
    connection: sqlite3.Connection, assessment: Assessment, before: View | None
) -> tuple[tuple[Entry, ...], View]:
    recorded = record_in(connection, assessment)
    if recorded.point:
        keep_moment(connection, assessment)
    drafts, seen = drafts_in(connection, assessment, before, view_of(assessment))
    written = append_in(connection, drafts)
    if recorded.closed is not None:
        written += append_in(connection, tuple(close_notes(connection, assessment, recorded.closed)))
    return written, seen
