"""A program that writes without end and says what it has written; killed by the tests.

    python -m tests.memory.writer FILE FIRST

Each turn is one transaction with an entry of the journal and a point of the history; only once it is done the
number of the turn goes to standard output.
"""

import sqlite3
import sys
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK, add_sessions
from alvh_tui.memory.chain import Draft, append_in
from alvh_tui.memory.codec import pack_row
from alvh_tui.memory.store import Store
from alvh_tui.memory.thinning import ORDINARY, pack_sessions

SERIES = 30
POINTS_A_SESSION = 20
BEGINS = datetime(2026, 1, 5, 9, 30, tzinfo=NEW_YORK)


def moment_of(turn: int) -> datetime:
    """A few points a session, so that sessions are packed and thinned all the time."""
    sessions, minutes = divmod(turn, POINTS_A_SESSION)
    day = add_sessions(BEGINS.date(), sessions)
    return datetime.combine(day, BEGINS.timetz()) + timedelta(minutes=minutes)


def take(connection: sqlite3.Connection, turn: int) -> int:
    at = moment_of(turn)
    day = at.date().toordinal()
    connection.executemany(
        "INSERT OR IGNORE INTO series (id, name, decimals) VALUES (?, ?, 2)",
        [(n, f"series.{n}") for n in range(SERIES)],
    )
    pack_sessions(connection, day)
    body = pack_row({n: turn + n / 100.0 for n in range(SERIES)}, dict.fromkeys(range(SERIES), 2))
    connection.execute(
        "INSERT INTO recent (at, day, flags, body) VALUES (?, ?, ?, ?)",
        (int(at.timestamp()), day, ORDINARY, body),
    )
    text = "x" * int(np.random.default_rng(turn).integers(10, 3000))
    append_in(connection, [Draft(at, "note", "turn", text, {"turn": turn}, once=str(turn))])
    return turn


def main(path: Path, first: int) -> None:
    store = Store(path)
    turn = first
    while True:
        if store.write(moment_of(turn), lambda connection: take(connection, turn)) is None:  # noqa: B023
            raise SystemExit(store.state.reason)
        sys.stdout.write(f"{turn}\n")
        sys.stdout.flush()
        turn += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
