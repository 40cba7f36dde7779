"""What is kept on disk: the last good answers, requests sent, troubles, and who is fetching what.

One SQLite file for all programs of one user. Where it cannot be used, the same is kept in memory and said.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from alvh_tui.market.yahoo.faults import Fault, Trouble

FILE = "yahoo.sqlite3"
VERSION = 1
PATIENCE = 2.0
"""Seconds another program may hold the file."""
PRIVATE = 0o700
"""Which contracts are asked for tells what is held."""
KEPT_FOR = 30 * 86400.0

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, fetched REAL, checked REAL, body BLOB)
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS troubles (key TEXT PRIMARY KEY, fault TEXT, said TEXT, since REAL, next_try REAL,
  strikes INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sent (at REAL);
CREATE INDEX IF NOT EXISTS sent_at ON sent (at);
CREATE TABLE IF NOT EXISTS wanted (symbol TEXT PRIMARY KEY, at REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (key TEXT PRIMARY KEY, owner TEXT, until REAL) WITHOUT ROWID;
"""

Body = dict[str, Any]


class Store:
    """Answers are JSON, by key; times are seconds since 1970."""

    def __init__(self, directory: Path) -> None:
        self.trouble = ""
        """Why the disk is not used, or what had to be thrown away."""
        self.on_disk = True
        self._path = directory / FILE
        self._connection = self._open()

    def close(self) -> None:
        self._connection.close()

    def checked(self) -> dict[str, float]:
        """When each answer was last found good, or still good."""
        return dict(self._rows("SELECT key, checked FROM answers"))

    def answer(self, key: str) -> tuple[float, Body] | None:
        """When it was fetched, and what it says; an entry that cannot be read counts as none."""
        rows = self._rows("SELECT fetched, body FROM answers WHERE key = ?", (key,))
        if not rows:
            return None
        try:
            body = json.loads(zlib.decompress(rows[0][1]))
        except (ValueError, zlib.error, TypeError):
            self._run("DELETE FROM answers WHERE key = ?", (key,))
            self.trouble = f"a damaged entry ({key}) was thrown away"
            return None
        return float(rows[0][0]), body

    def keep(self, answers: Mapping[str, Body], fetched: float) -> None:
        rows = [
            (key, fetched, fetched, zlib.compress(json.dumps(body).encode(), 1))
            for key, body in answers.items()
        ]
        self._run_many("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)

    def still_good(self, key: str, checked: float) -> None:
        """The answer was asked for again and the one that is kept still is the last word."""
        self._run("UPDATE answers SET checked = ? WHERE key = ?", (checked, key))

    def troubles(self) -> dict[str, Trouble]:
        rows = self._rows("SELECT key, fault, said, since, next_try, strikes FROM troubles")
        return {key: Trouble(Fault(fault), *rest) for key, fault, *rest in rows if fault in set(Fault)}

    def set_trouble(self, key: str, trouble: Trouble) -> None:
        row = (key, trouble.fault.value, trouble.said, trouble.since, trouble.next_try, trouble.strikes)
        self._run("INSERT OR REPLACE INTO troubles VALUES (?, ?, ?, ?, ?, ?)", row)

    def clear_troubles(self, keys: Iterable[str]) -> None:
        self._run_many("DELETE FROM troubles WHERE key = ?", [(key,) for key in keys])

    def note_sent(self, at: float) -> None:
        self._run("INSERT INTO sent VALUES (?)", (at,))

    def sent_since(self, at: float) -> tuple[int, float | None]:
        ((count, first),) = self._rows("SELECT count(*), min(at) FROM sent WHERE at > ?", (at,))
        return count, first

    def want(self, symbols: Iterable[str], at: float) -> None:
        """Tells other programs what this one needs, so that one request serves all."""
        self._run_many("INSERT OR REPLACE INTO wanted VALUES (?, ?)", [(symbol, at) for symbol in symbols])

    def wanted_since(self, at: float) -> set[str]:
        return {symbol for (symbol,) in self._rows("SELECT symbol FROM wanted WHERE at > ?", (at,))}

    def claim(self, key: str, owner: str, now: float, until: float) -> bool:
        """False where another program is fetching it at this moment."""
        self._run(
            "INSERT INTO claims VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, "
            "until = excluded.until WHERE claims.owner = excluded.owner OR claims.until <= ? "
            "OR claims.until > ?",
            (key, owner, until, now, until + 60.0),
        )
        return self._rows("SELECT owner FROM claims WHERE key = ?", (key,)) == [(owner,)]

    def release(self, key: str, owner: str) -> None:
        self._run("DELETE FROM claims WHERE key = ? AND owner = ?", (key, owner))

    def prune(self, now: float) -> None:
        """Forgets what no longer counts, and what a clock that was wrong dated into the future."""
        self._run("DELETE FROM sent WHERE at < ? OR at > ?", (now - 86400.0, now + 3600.0))
        self._run("DELETE FROM wanted WHERE at < ? OR at > ?", (now - 3600.0, now + 3600.0))
        self._run("DELETE FROM troubles WHERE next_try < ?", (now - 86400.0,))
        self._run("DELETE FROM answers WHERE checked < ? AND key LIKE 'chain %'", (now - KEPT_FOR,))

    def _open(self) -> sqlite3.Connection:
        for attempt in ("as it is", "begun anew"):
            try:
                self._path.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
                connection = _connect(str(self._path))
            except (sqlite3.OperationalError, OSError) as error:
                return self._in_memory(error)
            except sqlite3.DatabaseError as error:
                if attempt == "begun anew":
                    return self._in_memory(error)
                self._discard()
            else:
                return connection
        raise AssertionError("unreachable: the second attempt returns")

    def _discard(self) -> None:
        self.trouble = f"{FILE} was damaged and is begun anew"
        for path in (self._path, *self._path.parent.glob(f"{FILE}-*")):
            with suppress(OSError):
                path.unlink()

    def _in_memory(self, error: Exception) -> sqlite3.Connection:
        """What the file holds is still shown, where it can be read at all."""
        self.on_disk = False
        self.trouble = f"the cache cannot be used ({error}): nothing is kept for the next start"
        memory = _connect(":memory:")
        with suppress(sqlite3.Error), closing(sqlite3.connect(_read_only(self._path), uri=True)) as file:
            file.backup(memory)
        return _prepared(memory)

    def _retreat(self, error: sqlite3.Error) -> None:
        """The file gave out while in use: on with an empty one, or without."""
        self._connection.close()
        if isinstance(error, sqlite3.OperationalError) or not self.on_disk:
            self._connection = self._in_memory(error)
        else:
            self._discard()
            self._connection = self._open()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            self._retreat(error)
            return self._connection.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[Any]) -> None:
        self._run_many(sql, [values])

    def _run_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        try:
            with self._connection:
                self._connection.executemany(sql, rows)
        except sqlite3.Error as error:
            self._retreat(error)
            with self._connection:
                self._connection.executemany(sql, rows)


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro&immutable=1"


def _connect(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return _prepared(connection)
    except sqlite3.Error:
        connection.close()
        raise


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    ((version,),) = connection.execute("PRAGMA user_version").fetchall()
    if version not in (0, VERSION):
        raise sqlite3.DatabaseError(f"written by another version ({version})")
    connection.executescript(_TABLES)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.commit()
    return connection
