"""The recorded series: a point a minute at most, every change of state, and every close for good."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from alvh_tui.assess import Assessment
from alvh_tui.instruments.calendar import NEW_YORK, trading_ends
from alvh_tui.memory import kept
from alvh_tui.memory.codec import Floats, Whole, pack_row, pick, unpack_column, unpack_row, unpack_times
from alvh_tui.memory.points import (
    decimals_of,
    figures_of,
    is_close,
    is_intraday,
    keeps_its_point,
    session_of,
    states_of,
)
from alvh_tui.memory.store import Store
from alvh_tui.memory.thinning import CHANGED, ORDINARY, pack_sessions

MINUTE = 60
MARGIN = timedelta(days=5)
"""A change of state after a close is a point of that session, over a long weekend too."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One recorded figure through time."""

    name: str
    times: Whole
    """Seconds since 1970, rising."""
    values: Floats
    """NaN where it was unknown."""


@dataclass(frozen=True, slots=True, eq=False)
class CloseLine:
    """One figure at the close of each recorded session."""

    name: str
    days: NDArray[np.datetime64]
    values: Floats
    final: NDArray[np.bool_]
    """False where the program had stopped before the close: the last that was seen of that session."""


@dataclass(frozen=True, slots=True)
class StateChange:
    at: datetime
    state: str
    """Empty where it is over."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one refresh added."""

    point: bool
    closed: date | None
    """The session whose close was taken with it."""


NOTHING = Recorded(False, None)


class History:
    def __init__(self, store: Store) -> None:
        self._store = store

    def record(self, assessment: Assessment) -> Recorded | None:
        """None where the store failed."""
        return self._store.write(assessment.at, partial(record_in, assessment=assessment))

    def names(self) -> tuple[str, ...]:
        """Every figure that has ever been recorded."""
        return self._store.read(lambda c: tuple(sorted(_series(c)))) or ()

    def series(self, name: str, first: datetime | None = None, last: datetime | None = None) -> Line:
        """Every point still kept of one figure, the closes among them."""
        return self.lines((name,), first, last)[name]

    def lines(
        self, names: Sequence[str], first: datetime | None = None, last: datetime | None = None
    ) -> Mapping[str, Line]:
        """Several figures read together."""
        found = self._store.read(lambda c: lines_in(c, names, first, last))
        return found or {name: Line(name, np.zeros(0, np.int64), np.zeros(0)) for name in names}

    def closes(self, name: str, first: date | None = None, last: date | None = None) -> CloseLine:
        return self.closing((name,), first, last)[name]

    def closing(
        self, names: Sequence[str], first: date | None = None, last: date | None = None
    ) -> Mapping[str, CloseLine]:
        """Several figures at the closes, read together."""
        found = self._store.read(lambda c: closing_in(c, names, first, last))
        if found is None:
            found = Closing(np.zeros(0, "datetime64[D]"), np.zeros(0, bool), np.zeros((0, len(names))))
        return {
            name: CloseLine(name, found.days, found.values[:, column], found.final)
            for column, name in enumerate(names)
        }

    def states(self, name: str) -> tuple[StateChange, ...]:
        """Every change of a layer, a signal or a rule of attention, the earliest first."""
        rows = self._store.read(
            lambda c: c.execute("SELECT at, state FROM state WHERE name = ? ORDER BY at", (name,)).fetchall()
        )
        return tuple(StateChange(datetime.fromtimestamp(at, NEW_YORK), state) for at, state in rows or ())

    def state_names(self, begin: str) -> tuple[str, ...]:
        """Every state recorded under a name that begins so."""
        rows = self._store.read(
            lambda c: c.execute(
                "SELECT DISTINCT name FROM state WHERE substr(name, 1, ?) = ? ORDER BY name",
                (len(begin), begin),
            ).fetchall()
        )
        return tuple(name for (name,) in rows or ())


def record_in(connection: sqlite3.Connection, assessment: Assessment) -> Recorded:
    """Adds what is new in this market; one that is no newer than the last adds only changes of state."""
    intraday, close = is_intraday(assessment), is_close(assessment)
    newer = kept.compare(connection, "market", assessment.market.time)
    if newer < 0 or not (intraday or close):
        return NOTHING
    kept.write(connection, "market", assessment.market.time.isoformat())
    session, at = session_of(assessment), int(assessment.at.timestamp())
    day = session.toordinal()
    pack_sessions(connection, day)
    changed = _record_states(connection, assessment, at)
    still_trading = intraday and newer > 0
    closes = close and (still_trading or not _has_close(connection, day))
    due = still_trading and not _has_minute(connection, at)
    if not (changed or closes or due):
        return NOTHING
    body = _row_of(connection, assessment)
    if changed or due:
        _add_point(connection, at, day, CHANGED if changed else ORDINARY, body)
    if closes:
        ended = min(at, int(trading_ends(session).timestamp()))
        connection.execute(
            "INSERT OR REPLACE INTO closing (day, at, final, body) VALUES (?, ?, 1, ?)", (day, ended, body)
        )
    return Recorded(True, session if closes else None)


def _add_point(connection: sqlite3.Connection, at: int, day: int, flags: int, body: bytes) -> None:
    """A change within the second of another point takes its place."""
    connection.execute(
        "INSERT OR REPLACE INTO recent (at, day, flags, body) VALUES (?, ?, ?, ?)", (at, day, flags, body)
    )


def _has_close(connection: sqlite3.Connection, day: int) -> bool:
    found = connection.execute("SELECT 1 FROM closing WHERE day = ? AND final", (day,)).fetchone()
    return found is not None


def _has_minute(connection: sqlite3.Connection, at: int) -> bool:
    begins = at - at % MINUTE
    found = connection.execute(
        "SELECT 1 FROM recent WHERE at >= ? AND at < ? LIMIT 1", (begins, begins + MINUTE)
    ).fetchone()
    return found is not None


def _record_states(connection: sqlite3.Connection, assessment: Assessment, at: int) -> bool:
    """Whether one changed whose moment is kept for good."""
    before, now = kept.read(connection, "states", {}), states_of(assessment)
    changes = {name: now.get(name, "") for name in {**before, **now} if before.get(name) != now.get(name)}
    if not changes:
        return False
    connection.executemany(
        "INSERT OR REPLACE INTO state (name, at, state) VALUES (?, ?, ?)",
        [(name, at, state) for name, state in changes.items()],
    )
    kept.write(connection, "states", now)
    return any(map(keeps_its_point, changes))


def _row_of(connection: sqlite3.Connection, assessment: Assessment) -> bytes:
    figures = {name: value for name, value in figures_of(assessment).items() if value is not None}
    known = _series(connection)
    fresh = [name for name in figures if name not in known]
    if fresh:
        connection.executemany(
            "INSERT INTO series (name, decimals) VALUES (?, ?)", [(name, decimals_of(name)) for name in fresh]
        )
        known = _series(connection)
    values = {known[name][0]: value for name, value in figures.items()}
    return pack_row(values, dict(known.values()))


def _series(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Id and decimals of every name."""
    rows = connection.execute("SELECT name, id, decimals FROM series")
    return {name: (number, decimals) for name, number, decimals in rows}


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """A row a session, a column a name."""

    days: NDArray[np.datetime64]
    final: NDArray[np.bool_]
    values: Floats


def closing_in(
    connection: sqlite3.Connection, names: Sequence[str], first: date | None = None, last: date | None = None
) -> Closing:
    """The close of each session; of one that has none, the last point before it."""
    low, high = (first or date.min).toordinal(), (last or date.max).toordinal()
    rows = connection.execute(
        "SELECT day, final, body FROM closing WHERE day BETWEEN ?1 AND ?2"
        " UNION ALL SELECT day, 0, body FROM recent WHERE day BETWEEN ?1 AND ?2"
        " AND day NOT IN (SELECT day FROM closing)"
        " AND at IN (SELECT max(at) FROM recent GROUP BY day) ORDER BY 1",
        (low, high),
    ).fetchall()
    ids, decimals = _wanted(connection, names)
    values = np.array([pick(unpack_row(body), ids, decimals) for _, _, body in rows])
    epoch = date(1970, 1, 1).toordinal()
    days = np.array([day - epoch for day, _, _ in rows], dtype=np.int64).astype("datetime64[D]")
    final = np.array([bool(final) for _, final, _ in rows], dtype=bool)
    return Closing(days, final, values.reshape(len(rows), len(names)))


def _wanted(connection: sqlite3.Connection, names: Sequence[str]) -> tuple[Whole, Whole]:
    """Ids and decimals of these names; a name never recorded has an id no row has."""
    known = _series(connection)
    found = [known.get(name, (-1, 0)) for name in names]
    ids, decimals = np.array(found, dtype=np.int64).reshape(len(names), 2).T
    return ids, decimals


def lines_in(
    connection: sqlite3.Connection,
    names: Sequence[str],
    first: datetime | None = None,
    last: datetime | None = None,
) -> dict[str, Line]:
    begins = -(2**62) if first is None else int(np.ceil(first.timestamp()))
    ends = 2**62 if last is None else int(last.timestamp())
    ids, decimals = _wanted(connection, names)
    rows = connection.execute(
        "SELECT at, body FROM recent WHERE at BETWEEN ?1 AND ?2"
        " UNION ALL SELECT at, body FROM closing WHERE at BETWEEN ?1 AND ?2",
        (begins, ends),
    ).fetchall()
    single = np.array([at for at, _ in rows], dtype=np.int64)
    figures = np.array([pick(unpack_row(body), ids, decimals) for _, body in rows]).reshape(-1, len(names))
    packed = _PackedTimes(connection, first, last)
    found = {}
    for column, name in enumerate(names):
        times, values = packed.column(int(ids[column]), int(decimals[column]))
        found[name] = _joined(
            name,
            np.concatenate((*times, single)),
            np.concatenate((*values, figures[:, column])),
            begins,
            ends,
        )
    return found


def _joined(name: str, times: Whole, values: Floats, begins: int, ends: int) -> Line:
    """In the order of time; a close that is also a point counts once, and unknown ends are left off."""
    times, places = np.unique(times, return_index=True)
    values = values[places]
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return Line(name, times[:0], values[:0])
    inside = slice(
        max(int(np.searchsorted(times, begins)), int(known[0])),
        min(int(np.searchsorted(times, ends, side="right")), int(known[-1]) + 1),
    )
    return Line(name, times[inside], values[inside])


class _PackedTimes:
    """The sessions that have been packed, their times unpacked once for every figure."""

    def __init__(self, connection: sqlite3.Connection, first: datetime | None, last: datetime | None) -> None:
        low, high = (
            edge if told is None else told.astimezone(NEW_YORK).date() + margin
            for told, edge, margin in ((first, date.min, -MARGIN), (last, date.max, MARGIN))
        )
        self._connection = connection
        self._span = low.toordinal(), high.toordinal()
        rows = connection.execute(
            "SELECT day, count, body FROM intraday WHERE day BETWEEN ? AND ?", self._span
        )
        self._times = {day: unpack_times(body, count)[0] for day, count, body in rows}

    def column(self, series: int, decimals: int) -> tuple[list[Whole], list[Floats]]:
        rows = self._connection.execute(
            "SELECT day, body FROM block WHERE series = ? AND day BETWEEN ? AND ? ORDER BY day",
            (series, *self._span),
        )
        times, values = [], []
        for day, body in rows:
            times.append(self._times[day])
            values.append(unpack_column(body, len(self._times[day]), decimals))
        return times, values
