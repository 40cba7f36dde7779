"""The tables of a memory, and how an older file becomes one of today."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

APPLICATION = 0x414C5648
"""Tells a memory from any other SQLite file."""

Migration = Sequence[str]

MIGRATIONS: tuple[Migration, ...] = (
    (
        "CREATE TABLE kept (what TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID",
        "CREATE TABLE series (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
        " decimals INTEGER NOT NULL) STRICT",
        "CREATE TABLE recent (at INTEGER PRIMARY KEY, day INTEGER NOT NULL, flags INTEGER NOT NULL,"
        " body BLOB NOT NULL) STRICT",
        "CREATE TABLE closing (day INTEGER PRIMARY KEY, at INTEGER NOT NULL, final INTEGER NOT NULL,"
        " body BLOB NOT NULL) STRICT",
        "CREATE TABLE intraday (day INTEGER PRIMARY KEY, grain INTEGER NOT NULL, count INTEGER NOT NULL,"
        " body BLOB NOT NULL) STRICT",
        "CREATE TABLE block (series INTEGER NOT NULL, day INTEGER NOT NULL, body BLOB NOT NULL,"
        " PRIMARY KEY (series, day)) STRICT, WITHOUT ROWID",
        "CREATE TABLE state (name TEXT NOT NULL, at INTEGER NOT NULL, state TEXT NOT NULL,"
        " PRIMARY KEY (name, at)) STRICT, WITHOUT ROWID",
        "CREATE TABLE moment (day INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT",
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, about TEXT NOT NULL,"
        " key TEXT NOT NULL UNIQUE, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
        "CREATE INDEX journal_about ON journal (kind, about)",
        "CREATE TRIGGER journal_keeps BEFORE DELETE ON journal"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
        "CREATE TRIGGER journal_stands BEFORE UPDATE ON journal"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    ),
)
"""What each version adds to the one before; a file's version is how many of them it has had."""


class ForeignFileError(Exception):
    """The file is no memory this program can use; the message says why and what to do."""


def bring_up_to_date(
    connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Makes the tables, or adds what is missing to them after a backup; two programs may try at once."""
    version = version_of(connection, migrations)
    if version == len(migrations):
        return
    if version:
        back_up(connection, path.with_name(f"{path.name}.v{version}.backup"))
    connection.execute("BEGIN IMMEDIATE")
    try:
        for migration in migrations[version_of(connection, migrations) :]:
            for statement in migration:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        # A disk that is full has ended the transaction by itself: that is what is to be told, not this.
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def version_of(connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """How many migrations a file has had; refuses files that are no memory, or a later program's."""
    # One statement, as another program may be making the tables between two.
    version, application, tables = connection.execute(
        "SELECT (SELECT user_version FROM pragma_user_version),"
        " (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_master)"
    ).fetchone()
    if tables and application != APPLICATION:
        raise ForeignFileError("is no memory of this program; move it away")
    if version > len(migrations):
        raise ForeignFileError(f"was written by a later alvh (its version {version}); update this one")
    return int(version)


def back_up(connection: sqlite3.Connection, path: Path) -> None:
    """A whole copy, in place only once it is complete."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        fresh.touch(mode=0o600)
        target = sqlite3.connect(fresh)
        try:
            connection.backup(target)
        finally:
            target.close()
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
