"""Small things that are kept as they were last: one JSON text each."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any


def read(connection: sqlite3.Connection, what: str, otherwise: Any = None) -> Any:
    found = connection.execute("SELECT body FROM kept WHERE what = ?", (what,)).fetchone()
    return otherwise if found is None else json.loads(found[0])


def write(connection: sqlite3.Connection, what: str, body: Any) -> None:
    text = json.dumps(finite(body), ensure_ascii=False, allow_nan=False)
    connection.execute("INSERT OR REPLACE INTO kept (what, body) VALUES (?, ?)", (what, text))


def finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: what has no number is null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [finite(inner) for inner in value]
    return value


def compare(connection: sqlite3.Connection, what: str, moment: datetime) -> int:
    """1 where this is later than the moment kept, 0 where it is the same, −1 where it is earlier."""
    before = read(connection, what)
    if before is None:
        return 1
    then = datetime.fromisoformat(before)
    return (moment > then) - (moment < then)
