"""What `alvh doctor` says of a book's memory; it looks and writes nothing."""

import argparse
import sqlite3
from pathlib import Path

from alvh_tui.cli.checkup import Check, Health
from alvh_tui.cli.memories import world_of
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Verified, last_in, verify_in
from alvh_tui.memory.place import memory_path
from alvh_tui.memory.schema import version_of
from alvh_tui.memory.store import Store

NAME = "memory"
SOUND = "ok"


def of_a_memory(book: Path, args: argparse.Namespace) -> Check:
    path = memory_path(book, world_of(args))
    if not path.exists():
        return Check(Health.WARN, NAME, f"nothing is recorded of {book} yet", f"alvh watch {book}")
    store = Store(path, read_only=True)
    try:
        found = store.read(_look)
    finally:
        store.close()
    if found is None:
        return Check(Health.FAIL, NAME, store.state.reason, "a copy of it first, whatever is done")
    pages, version, verified, last = found
    told = f"{path}, version {version}, {number(_size(path) / 1e6, 1)} MB"
    if pages != SOUND:
        return Check(Health.FAIL, NAME, f"{told}: {pages}", "move it away, or put a backup in its place")
    if not verified.untouched:
        why = f"{told}: entry {verified.broken} of the journal: {verified.why}"
        return Check(Health.FAIL, NAME, why, f"alvh journal {book} --verify; keep a copy of it")
    if not last:
        return Check(Health.WARN, NAME, f"{told}: no entry yet", f"alvh watch {book}")
    return Check(Health.OK, NAME, f"{told}: {verified.entries} entries as they were written, the last {last}")


def _look(connection: sqlite3.Connection) -> tuple[str, int, Verified, str]:
    (pages,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    last = last_in(connection)
    when = "" if last is None else f"{last.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
    return pages, version_of(connection), verify_in(connection), when


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))
