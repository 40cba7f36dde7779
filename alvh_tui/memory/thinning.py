"""Packs the points of past sessions and keeps fewer with age; no close and no change of state is lost."""

import sqlite3
from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import sessions_between
from alvh_tui.memory.codec import (
    Floats,
    Whole,
    pack_column,
    pack_times,
    pick,
    unpack_column,
    unpack_row,
    unpack_times,
)

ORDINARY, CHANGED = 0, 1
MINUTES, QUARTERS, CHANGES_ALONE = 0, 1, 2
"""How much is left of a session's points: every minute, one in fifteen, the changes of state."""
MINUTES_FOR, QUARTERS_FOR = 5, 65
"""Sessions back until which that is kept."""
QUARTER = 15 * 60

Flags = NDArray[np.uint8]


def pack_sessions(connection: sqlite3.Connection, today: int) -> None:
    """Everything recorded before this day; the last point of a session without a close stands in for it."""
    over = connection.execute("SELECT DISTINCT day FROM recent WHERE day < ?", (today,)).fetchall()
    if not over:
        return
    connection.execute(
        "INSERT OR IGNORE INTO closing (day, at, final, body)"
        " SELECT day, at, 0, body FROM recent WHERE day < ?"
        " AND at IN (SELECT max(at) FROM recent GROUP BY day)",
        (today,),
    )
    for (day,) in over:
        _pack(connection, day)
    connection.execute("DELETE FROM recent WHERE day < ?", (today,))
    for day, grain in connection.execute(
        "SELECT day, grain FROM intraday WHERE grain < ?", (CHANGES_ALONE,)
    ).fetchall():
        wanted = _grain_of(day, today)
        if wanted > grain:
            _thin(connection, day, wanted)


def _grain_of(day: int, today: int) -> int:
    if today - day <= MINUTES_FOR:
        return MINUTES
    back = sessions_between(date.fromordinal(day), date.fromordinal(today))
    if back <= MINUTES_FOR:
        return MINUTES
    return QUARTERS if back <= QUARTERS_FOR else CHANGES_ALONE


def decimals_in(connection: sqlite3.Connection) -> Mapping[int, int]:
    return dict(connection.execute("SELECT id, decimals FROM series").fetchall())


def _pack(connection: sqlite3.Connection, day: int) -> None:
    rows = connection.execute(
        "SELECT at, flags, body FROM recent WHERE day = ? ORDER BY at", (day,)
    ).fetchall()
    unpacked = [unpack_row(body) for _, _, body in rows]
    decimals = decimals_in(connection)
    ids = np.array(sorted({int(i) for held, _ in unpacked for i in held}), dtype=np.int64)
    digits = np.array([decimals[i] for i in ids.tolist()], dtype=np.int64)
    table = np.array([pick(row, ids, digits) for row in unpacked])
    times = np.array([at for at, _, _ in rows], dtype=np.int64)
    flags = np.array([flag for _, flag, _ in rows], dtype=np.uint8)
    columns = dict(zip(ids.tolist(), table.T, strict=True))
    store_session(connection, day, MINUTES, times, flags, columns, decimals)


def store_session(
    connection: sqlite3.Connection,
    day: int,
    grain: int,
    times: Whole,
    flags: Flags,
    columns: Mapping[int, Floats],
    decimals: Mapping[int, int],
) -> None:
    """One packed session, in place of what there was of it."""
    connection.execute(
        "INSERT OR REPLACE INTO intraday (day, grain, count, body) VALUES (?, ?, ?, ?)",
        (day, grain, len(times), pack_times(times, flags)),
    )
    connection.executemany(
        "INSERT OR REPLACE INTO block (series, day, body) VALUES (?, ?, ?)",
        [(series, day, pack_column(column, decimals[series])) for series, column in columns.items()],
    )


def _thin(connection: sqlite3.Connection, day: int, grain: int) -> None:
    count, body = connection.execute("SELECT count, body FROM intraday WHERE day = ?", (day,)).fetchone()
    times, flags = unpack_times(body, count)
    stays = _staying(times, flags, grain)
    decimals = decimals_in(connection)
    blocks = connection.execute(
        "SELECT series, body FROM block WHERE series IN (SELECT id FROM series) AND day = ?", (day,)
    ).fetchall()
    if not stays.any():
        connection.executemany(
            "DELETE FROM block WHERE series = ? AND day = ?", [(series, day) for series, _ in blocks]
        )
        connection.execute("DELETE FROM intraday WHERE day = ?", (day,))
        return
    columns = {series: unpack_column(packed, count, decimals[series])[stays] for series, packed in blocks}
    store_session(connection, day, grain, times[stays], flags[stays], columns, decimals)


def _staying(times: Whole, flags: Flags, grain: int) -> NDArray[np.bool_]:
    """Changes of state, and the first point of each quarter of an hour while those are kept."""
    changes: NDArray[np.bool_] = flags == CHANGED
    if grain != QUARTERS:
        return changes
    firsts = np.unique(times // QUARTER, return_index=True)[1]
    stays = changes.copy()
    stays[firsts] = True
    return stays
