"""A whole trading day of faults at random: nothing ends it, and every figure is right or marked."""

import math
import random
import resource
from datetime import datetime, timedelta
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.types import MarketSnapshot, SourceState
from tests.market.yahoo.books import SMALL
from tests.market.yahoo.conftest import Clock, MakeFeed
from tests.market.yahoo.local import Fault, LocalYahoo, World

KINDS = ("429", "500", "503", "401", "404", "empty", "html", "half", "cut", "reset", "null", "complaint")
PLACES = ("", "query", "/quote$", "/options/", "/chart/", "getcrumb", "visualization")
OPENS = datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK)


def index_at(moment: datetime) -> float:
    return round(6800.0 + 40.0 * math.sin((moment - OPENS) / timedelta(hours=1)), 2)


def disturb(dice: random.Random, yahoo: LocalYahoo, clock: Clock) -> None:
    """Something else every few minutes; for half of the time nothing."""
    world = World(lambda: clock.now, index_late=timedelta(0))
    yahoo.world, yahoo.faults[:] = world, []
    fate = dice.random()
    if fate < 0.4:
        yahoo.faults.append(Fault(dice.choice(KINDS), dice.choice(PLACES), dice.choice((1, 3, 100))))
    elif fate < 0.45:
        world.quotes_zero = True
    elif fate < 0.5:
        world.keep_one_in = 4
    elif fate < 0.53:
        world.lost_expiries = 15
    elif fate < 0.56:
        world.gone.add(dice.choice(("^VIX", "^VVIX", SMALL[0].symbol)))


def check(snapshot: MarketSnapshot, at: datetime) -> None:
    index = snapshot.quotes.get("^SPX")
    if index is not None:
        assert index.time is not None
        assert index.time <= at
        assert index.last is not None
        assert abs(index.last - index_at(index.time)) < 0.1
        ages = {each.name: each for each in snapshot.sources}
        if at - index.time > timedelta(minutes=25):
            assert ages["yahoo.quotes"].state in (SourceState.STALE, SourceState.FAILED)
    for chain in snapshot.chains.values():
        assert not (chain.put_bid > chain.put_ask).any()
        assert not (chain.call_last <= 0).any()
        assert len(chain.strikes) > 20
    for each in snapshot.sources:
        if each.state is SourceState.FAILED:
            assert each.error
            assert each.since is not None
            assert each.since <= at
            assert each.next_try is not None


def memory_used() -> float:
    """Bytes this process holds, the local server's share included; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize()


def test_a_day_of_faults(new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    dice = random.Random(7)
    clock.set("2026-11-20T09:35:00")
    feed = new_feed()
    states: set[SourceState] = set()
    minutes = 0
    settled_in: float | None = None
    while clock.now < OPENS + timedelta(hours=6.5):
        if minutes % 6 == 0 and minutes:
            disturb(dice, yahoo, clock)
        yahoo.world.index_late = timedelta(0)
        yahoo.world.levels["^SPX"] = index_at(clock.now)
        snapshot = feed.snapshot(SMALL, clock.now)
        check(snapshot, clock.now)
        states |= {each.state for each in snapshot.sources}
        clock.pass_by(minutes=2)
        minutes += 2
        if minutes == 60:
            settled_in = memory_used()
    assert states >= {SourceState.FAILED, SourceState.DELAYED}
    assert len(yahoo.asked) < 3000
    if settled_in is not None:
        assert memory_used() <= 1.2 * settled_in
    yahoo.faults.clear()
    yahoo.world = World(lambda: clock.now)
    for _ in range(60):
        clock.pass_by(minutes=1)
        snapshot = feed.snapshot(SMALL, clock.now)
    assert not [each for each in snapshot.sources if each.state is SourceState.FAILED]
