"""The screen on a book of twelve positions, its costs counted in a process of its own; prints JSON."""

import asyncio
import gc
import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from alvh_tui.alerts.remembering import Remembering
from alvh_tui.assess import Assessment, assess
from alvh_tui.desk import WatchedDesk
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.playback import Playback, PlayedClock
from alvh_tui.market.simulated.feed import DemoFeed, demo_feed
from alvh_tui.memory.memory import Memory
from alvh_tui.monitor import Frame
from alvh_tui.screens.app import AlvhApp, Book
from alvh_tui.screens.live import LiveEngine
from alvh_tui.screens.rows import Row
from alvh_tui.screens.shown import Shown
from alvh_tui.settings.model import DEFAULT_SETTINGS

AT = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
SETTLES = 0.04
"""Seconds in which everything a frame brings has been painted; nothing is done in most of them."""
CONDORS = (("2026-12-04", 3), ("2026-12-11", 3), ("2026-12-18", 2))
HEDGES = (("L1", "+10 VIX 2026-12-16 22C/32C"), ("L1", "+8 VIX 2027-01-20 22C/32C"),
          ("L2", "+5 VIX 2027-01-20 28C/40C"), ("L3", "+4 VIX 2027-02-17 40C"))  # fmt: skip


def book_of_twelve() -> str:
    """Eight condors on three expiries, and four hedges in three layers."""
    parts = ['schema = 1\n[account]\nname = "bench"\nnet_liq = 900_000\ncash = 400_000\nrules = "zones"\n']
    for expiry, many in CONDORS:
        for step in range(many):
            put, call = 6475 - 25 * step, 7075 + 25 * step
            parts.append(
                f'[[condor]]\nid = "{expiry[5:]}-{step}"\nopened = 2026-11-02\ncredit = 8.00\n'
                f'legs = "-4 SPXW {expiry} {put - 50}P/{put}P/{call}C/{call + 50}C"\n'
            )
    for place, (layer, legs) in enumerate(HEDGES):
        parts.append(
            f'[[hedge]]\nid = "{layer}-{place}"\nlayer = "{layer}"\nopened = 2026-11-09\n'
            f'debit = 0.90\nlegs = "{legs}"\n'
        )
    return "\n".join(parts)


class Counting(HeadlessDriver):
    """Counts what a terminal would be sent."""

    sent = 0
    at_write: Callable[[], None] = staticmethod(lambda: None)
    """Called with each write."""

    @property
    def is_headless(self) -> bool:
        return False

    def write(self, data: str) -> None:
        Counting.sent += len(data.encode())
        Counting.at_write()


class Still(LiveEngine):
    """Prepares the frames it is handed, and runs no monitor of its own."""

    def start(self, tell: object) -> None:
        pass

    def prepared(self, frame: Frame) -> Shown:
        self._assessment = frame.assessment
        return self._prepared(frame)


@dataclass
class World:
    app: AlvhApp
    engine: Still
    feed: DemoFeed
    desk: WatchedDesk
    sequence: Iterator[int]

    def assessed(self, at: datetime) -> Assessment:
        book, rules = self.desk.desk.book, self.desk.desk.rules
        assert book is not None
        assert rules is not None
        return assess(book, self.feed.snapshot(book.contracts, at), rules, at)

    def frame(self, assessment: Assessment) -> Frame:
        at = assessment.at
        return Frame(next(self.sequence), assessment, (), at, None, at + timedelta(seconds=30))

    async def show(self, shown: Shown) -> None:
        """Returns when it has been painted."""
        self.app.post_message(AlvhApp.Told(self.engine, shown))
        while self.app.shown is not shown:
            await asyncio.sleep(0)
        painted = asyncio.Event()
        self.app.screen.call_after_refresh(painted.set)
        await painted.wait()
        await asyncio.sleep(SETTLES)

    async def tell(self, assessment: Assessment) -> None:
        await self.show(self.engine.prepared(self.frame(assessment)))

    def figures(self) -> list[str]:
        """Every figure that is painted, and how."""
        return [span.text for row in self._rows() for span in row.spans if span.figure is not None]

    def _rows(self) -> Iterator[Row]:
        for panel in self.app.dashboard.panels:
            yield from panel.sheet.rows[: panel.room.height]


async def world_in(folder: Path) -> tuple[World, "asyncio.Task[None]"]:
    path = folder / "bench.toml"
    path.write_text(book_of_twelve(), encoding="utf-8")
    desk, feed = WatchedDesk(path), demo_feed(AT, seed=1, speed=1.0)
    clock = PlayedClock(Playback(AT, AT, 1.0, paused=True), lambda: AT)
    engine = Still(desk, feed, clock, Remembering(Memory(folder / "bench.sqlite"), played=True))
    app = AlvhApp([Book("bench", lambda: engine)], DEFAULT_SETTINGS)
    app.driver_class = Counting
    running = asyncio.create_task(app.run_async(size=(120, 40), mouse=False))
    while app.engine is None:
        await asyncio.sleep(SETTLES)
    return World(app, engine, feed, desk, count(1)), running


async def costs(refreshes: int) -> dict[str, float]:
    with TemporaryDirectory() as folder:
        world, running = await world_in(Path(folder))
        found = await _of_refreshes(world)
        found |= await _of_changes(world)
        found |= await _of_keys(world)
        found |= await _of_memory(world, refreshes)
        world.app.exit()
        await running
    return found


async def _of_refreshes(world: World) -> dict[str, float]:
    """Processor time of each of some frames, half a minute apart in a market that falls."""
    told = [world.assessed(AT + timedelta(seconds=30 * step)) for step in range(45)]
    for assessment in told[:5]:
        await world.tell(assessment)
    start = process_time()
    for _ in told[5:]:
        await asyncio.sleep(SETTLES)
    waiting = (process_time() - start) / len(told[5:])
    preparing, painting, sent = [], [], []
    for assessment in told[5:]:
        frame = world.frame(assessment)
        before, bytes_before = process_time(), Counting.sent
        shown = world.engine.prepared(frame)
        between = process_time()
        await world.show(shown)
        preparing.append(between - before)
        painting.append(process_time() - between - waiting)
        sent.append(Counting.sent - bytes_before)
    return {
        "preparing": 1e3 * median(preparing),
        "painting": 1e3 * median(painting),
        "kib_all_changed": median(sent) / 1024,
    }


async def _of_changes(world: World) -> dict[str, float]:
    """Bytes for two markets so close that about a tenth of the figures differ, and for the same one again."""
    first = world.assessed(AT + timedelta(hours=1))
    nearest = (1.0, 0.0)
    for seconds in (5, 10, 20, 30, 45, 60):
        second = world.assessed(first.at + timedelta(seconds=seconds))
        await world.tell(first)
        before, sent = world.figures(), Counting.sent
        await world.tell(second)
        after = world.figures()
        share = sum(a != b for a, b in zip(before, after, strict=False)) / len(after)
        nearest = min(nearest, (share, (Counting.sent - sent) / 1024), key=lambda one: abs(one[0] - 0.1))
    await world.tell(first)
    sent = Counting.sent
    for _ in range(3):
        await world.tell(first)
    return {
        "share_changed": nearest[0],
        "kib_tenth_changed": nearest[1],
        "bytes_unchanged": Counting.sent - sent,
        "figures": len(world.figures()),
    }


async def _of_keys(world: World) -> dict[str, float]:
    """Milliseconds from a key to its effect on the terminal, while frame after frame is worked out beside."""
    panel, answered = world.app.dashboard.active, []
    for press in range(60):
        at = AT + timedelta(minutes=2, seconds=20 * press)
        beside = threading.Thread(target=_refresh, args=(world, at))
        beside.start()
        # At another moment of the refresh each time.
        await asyncio.sleep(0.002 * (press % 30))
        row, done = panel.row, asyncio.Event()

        def seen(row: Row | None = row, done: asyncio.Event = done) -> None:
            if panel.row != row:
                done.set()

        Counting.at_write = seen
        key = "j" if press // 4 % 2 == 0 else "k"
        start = perf_counter()
        world.app.post_message(events.Key(key, key))
        await done.wait()
        answered.append(perf_counter() - start)
        while beside.is_alive():
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.1)
    answered.sort()
    return {
        "key_median": 1e3 * median(answered),
        "key_slow": 1e3 * answered[int(0.95 * len(answered))],
        "key_slowest": 1e3 * answered[-1],
    }


def _refresh(world: World, at: datetime) -> None:
    shown = world.engine.prepared(world.frame(world.assessed(at)))
    world.app.post_message(AlvhApp.Told(world.engine, shown))


async def _of_memory(world: World, refreshes: int) -> dict[str, float]:
    held: dict[int, float] = {}
    for done in range(refreshes + 1):
        if done in (refreshes // 4, refreshes):
            gc.collect()
            held[done] = resident()
        at = AT + timedelta(minutes=3, seconds=5 * (done % 4000))
        shown = world.engine.prepared(world.frame(world.assessed(at)))
        world.app.post_message(AlvhApp.Told(world.engine, shown))
        await asyncio.sleep(0.02)
    return {"mb_early": held[refreshes // 4], "mb_late": held[refreshes]}


def resident() -> float:
    """Megabytes this process holds."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise OSError("this system does not tell how much memory is held")


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(costs(int(sys.argv[1])))) + "\n")
