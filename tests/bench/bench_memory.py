"""The memory of a book: what a refresh costs, and charts from a year and from ten million points."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np

from alvh_tui.assess import assess
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions, sessions
from alvh_tui.memory.codec import Whole, pack_row
from alvh_tui.memory.history import History
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.store import Store
from alvh_tui.memory.thinning import CHANGED, MINUTES, ORDINARY, QUARTERS, store_session
from alvh_tui.method.rules import built_in
from tests.bench.bench_assess import AT, book_of_a_hundred_legs, market_for
from tests.bench.row import Row, median

TODAY = date(2026, 11, 20)
TEN_MILLION = 10_000_000
LARGEST_FILE = 40.0
"""Megabytes that ten million points may take."""
BREAKEVENS = tuple(f"condor.dec.{kind}.{side}" for kind in "abcdef" for side in ("low", "high"))
CHARTED = ("market.spx", *BREAKEVENS)
"""What the chart of a condor's migration draws."""


def run() -> list[Row]:
    return [*_refresh(), *_year(), *_ten_million()]


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _refresh() -> list[Row]:
    book, rules = book_of_a_hundred_legs(), built_in("zones")
    market = market_for(book, AT)
    moments = [AT + timedelta(minutes=n) for n in range(-30, 0)]
    seen = iter([assess(book, market_for(book, at), rules, at) for at in moments])
    with _folder() as folder:
        memory = Memory(folder / "book.sqlite")
        memory.remember(next(seen))
        row = Row(
            "remembering a refresh, 101 legs",
            1e3 * median(lambda: memory.remember(next(seen)), 21),
            "ms",
            50.0,
        )
        past = Row(
            "recalling the past of a session", 1e3 * median(lambda: _recall(memory, book, market), 5), "ms"
        )
        memory.close()
    return [row, past]


def _recall(memory: Memory, book: object, market: object) -> None:
    memory._recalled = None
    memory.recall(book, market)  # type: ignore[arg-type]


def _minutes(day: date, every: int = 1) -> Whole:
    opens = int(datetime.combine(day, time(9, 30), NEW_YORK).timestamp())
    return np.arange(opens, opens + 405 * 60, 60 * every, dtype=np.int64)


class _Writer:
    """Puts sessions into a file as the program itself would have packed them."""

    def __init__(self, store: Store, names: tuple[str, ...]) -> None:
        self.store = store
        self.decimals = dict.fromkeys(range(1, len(names) + 1), 2)
        self._random = np.random.default_rng(20261120)
        store.write(
            AT,
            lambda c: c.executemany("INSERT INTO series VALUES (?, ?, 2)", list(enumerate(names, 1))),
        )

    def walk(self, count: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
        steps = self._random.normal(0.0, 1.5, (len(self.decimals), count))
        return np.asarray(6800.0 + np.cumsum(steps, axis=1))

    def session(self, day: date, grain: int) -> int:
        """With its close; the number of points."""
        times = _minutes(day, {MINUTES: 1, QUARTERS: 15}.get(grain, 405))
        figures = self.walk(len(times))
        columns = dict(enumerate(figures, 1))
        kind = ORDINARY if grain in (MINUTES, QUARTERS) else CHANGED
        flags = np.full(len(times), kind, dtype=np.uint8)
        body = pack_row({i: float(line[-1]) for i, line in columns.items()}, self.decimals)
        ends = int(times[0]) + 405 * 60

        def write(connection: object) -> None:
            store_session(connection, day.toordinal(), grain, times, flags, columns, self.decimals)  # type: ignore[arg-type]
            connection.execute(  # type: ignore[attr-defined]
                "INSERT INTO closing VALUES (?, ?, 1, ?)", (day.toordinal(), ends, body)
            )

        self.store.write(AT, write)
        return figures.size + len(columns)

    def now(self, day: date) -> int:
        """A session still on, minute by minute."""
        times = _minutes(day)
        figures = self.walk(len(times))
        rows = [
            (int(at), day.toordinal(), ORDINARY, pack_row(dict(enumerate(column.tolist(), 1)), self.decimals))
            for at, column in zip(times, figures.T, strict=True)
        ]
        self.store.write(AT, lambda c: c.executemany("INSERT INTO recent VALUES (?, ?, ?, ?)", rows))
        return figures.size


def _names(count: int) -> tuple[str, ...]:
    return (*CHARTED, *(f"other.{n}" for n in range(count - len(CHARTED))))


def _year() -> list[Row]:
    """A book of 200 figures as it is kept: minutes of a week, quarters of a quarter, closes of the year."""
    with _folder() as folder:
        path = folder / "book.sqlite"
        writer = _Writer(Store(path), _names(200))
        days = sessions(add_sessions(TODAY, -252), add_sessions(TODAY, -1))
        count = sum(
            writer.session(day, MINUTES if back <= 5 else QUARTERS if back <= 65 else 2)
            for back, day in zip(range(len(days), 0, -1), days, strict=True)
        )
        count += writer.now(TODAY)
        writer.store.close()

        def chart() -> None:
            store = Store(path, read_only=True)
            assert len(History(store).lines(CHARTED)["market.spx"].times) > 4_000
            store.close()

        detail = f"{count:,} points, {_size(path):.1f} MB"
        return [Row("opening a year, 13 lines of a chart", 1e3 * median(chart, 11), "ms", 50.0, detail)]


def _ten_million() -> list[Row]:
    """Unthinned, every minute of the sessions it takes: more than the program would ever keep."""
    with _folder() as folder:
        path = folder / "book.sqlite"
        writer = _Writer(Store(path), _names(200))
        count, day = 0, TODAY
        while count < TEN_MILLION:
            count += writer.session(day, MINUTES)
            day = add_sessions(day, -1)
        writer.store.close()
        history = History(Store(path, read_only=True))
        lines = history.lines(CHARTED)
        detail = f"{count:,} points; {sum(len(line.times) for line in lines.values()):,} of them drawn"
        size = _size(path)
        return [
            Row(
                "of ten million points, 13 lines whole",
                1e3 * median(lambda: history.lines(CHARTED), 5),
                "ms",
                100.0,
                detail,
            ),
            Row(
                "of ten million points, one line",
                1e3 * median(lambda: history.series("market.spx"), 5),
                "ms",
                100.0,
            ),
            Row(
                "of ten million points, every close of 13 lines",
                1e3 * median(lambda: history.closing(CHARTED), 5),
                "ms",
                100.0,
            ),
            Row(
                "ten million points on disk",
                size,
                "MB",
                LARGEST_FILE,
                f"{1e6 * size / count:.2f} bytes a point",
            ),
        ]


def _size(path: Path) -> float:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*")) / 1e6
