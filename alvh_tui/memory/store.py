"""One SQLite file, opened when needed; whatever goes wrong with it is a state, and the program goes on."""

import logging
import sqlite3
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TypeVar
from urllib.parse import quote

from alvh_tui.directories import PRIVATE
from alvh_tui.memory.schema import MIGRATIONS, ForeignFileError, Migration, bring_up_to_date, version_of

PATIENCE = 1.0
"""Seconds to wait while another program writes; its transactions take milliseconds."""
BETWEEN_TRIES = 0.005
DAMAGED = (ArithmeticError, LookupError, TypeError, ValueError, zlib.error)
"""What a damaged page may hand back to its reader."""

Result = TypeVar("Result")
Work = Callable[[sqlite3.Connection], Result]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoreState:
    """How the memory fares."""

    reason: str = ""
    """Why nothing is remembered, in words; empty where all is well."""
    since: datetime | None = None
    """Since when; None where all is well or nobody said what time it was."""
    locked: bool = False
    """Another program is writing: the next try may well do."""

    @property
    def fine(self) -> bool:
        return not self.reason


FINE = StoreState()


class Store:
    """Threads take turns; so do programs, each of them for one short transaction."""

    def __init__(
        self,
        path: Path,
        *,
        read_only: bool = False,
        patience: float = PATIENCE,
        migrations: Sequence[Migration] = MIGRATIONS,
    ) -> None:
        self.path = path
        self.state = FINE
        self._read_only = read_only
        self._patience = patience
        self._migrations = migrations
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._turn = threading.RLock()

    def write(self, at: datetime, work: Work[Result]) -> Result | None:
        """All of the work or nothing of it; None where it could not be done, and then the state says why."""
        with self._turn:
            return self._try(lambda: self._transact(work), at)

    def read(self, work: Work[Result], at: datetime | None = None) -> Result | None:
        """None also where nothing has been remembered yet."""
        with self._turn:
            if self._connection is None and not self.path.exists():
                return None
            return self._try(lambda: self._look(work), at)

    def remove(self) -> None:
        """The file and what SQLite keeps beside it."""
        with self._turn:
            self.close()
            for part in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self.path.with_name(f"{self.path.name}{part}").unlink()

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                with suppress(sqlite3.Error):
                    self._connection.close()
                self._connection = None

    def _try(self, act: Callable[[], Result], at: datetime | None) -> Result | None:
        try:
            done = act()
        except (sqlite3.Error, OSError, ForeignFileError, *DAMAGED) as error:
            reason = f"{self.path}: {_in_words(error)}"
            if self.state.reason != reason:
                _log.warning("the memory fails: %s", type(error).__name__)
            locked = isinstance(error, sqlite3.Error) and _kind_of(error) in _PASSING
            self.state = StoreState(reason, self.state.since or at, locked)
            self.close()
            return None
        self.state = FINE
        return done

    def _transact(self, work: Work[Result]) -> Result:
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return done

    def _look(self, work: Work[Result]) -> Result:
        """One moment of the file, whatever others write meanwhile."""
        connection = self._opened()
        connection.execute("BEGIN")
        try:
            return work(connection)
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and _mark(self.path) != self._file:
            self.close()
        if self._connection is None:
            self._connection = self._open_to_read() if self._read_only else self._open()
            self._file = _mark(self.path)
        return self._connection

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        self.path.touch(mode=0o600)
        connection = self._connect("rw")
        try:
            version_of(connection, self._migrations)
            self._write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            bring_up_to_date(connection, self.path, self._migrations)
        except BaseException:
            connection.close()
            raise
        return connection

    def _write_ahead(self, connection: sqlite3.Connection) -> None:
        """Only here SQLite itself does not wait for another program that opens the file at the same time."""
        until = monotonic() + self._patience
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if _kind_of(error) != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise
                sleep(BETWEEN_TRIES)
            else:
                return

    def _open_to_read(self) -> sqlite3.Connection:
        """A file nobody has open, in a directory that cannot be written, is said not to change."""
        beside = self.path.with_name(f"{self.path.name}-wal")
        connection = self._connect("ro")
        try:
            try:
                version = version_of(connection, self._migrations)
            except sqlite3.OperationalError:
                if beside.exists():
                    raise
                connection.close()
                connection = self._connect("ro&immutable=1")
                version = version_of(connection, self._migrations)
            if version < len(self._migrations):
                raise ForeignFileError("is of an earlier alvh; alvh watch brings it up to date")
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"file:{quote(str(self.path.absolute()))}?mode={mode}",
            uri=True,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
        )


def _mark(path: Path) -> tuple[int, int] | None:
    """Which file it is; another one under the same name is opened anew."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


_WORDS = {
    sqlite3.SQLITE_NOTADB: "is damaged, or no memory at all; move it away to begin a new one",
    sqlite3.SQLITE_CORRUPT: "is damaged; move it away to begin a new one, or put a backup in its place",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_BUSY: "is kept locked by another program",
    sqlite3.SQLITE_LOCKED: "is kept locked by another program",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk fails",
}
_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY = 0xFF
"""The part of SQLite's code that says what kind of failure it is."""


def _kind_of(error: sqlite3.Error) -> int:
    """Errors of Python's own have no code."""
    return getattr(error, "sqlite_errorcode", -1) & _PRIMARY


def _in_words(error: Exception) -> str:
    if isinstance(error, ForeignFileError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return _WORDS.get(_kind_of(error), str(error))
    if isinstance(error, OSError):
        return f"cannot be written ({error.strerror or error})"
    return f"cannot be used ({type(error).__name__}); if it is damaged, move it away to begin a new one"
