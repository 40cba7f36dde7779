"""The played session as a feed, and the clock it is watched by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alvh_tui.instruments.calendar import NEW_YORK, OPENS, is_session, next_session, trading_ends
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.playback import Playback
from alvh_tui.market.simulated.samples import sample_world
from alvh_tui.market.simulated.scenarios import DEFAULT
from alvh_tui.market.simulated.session import SimulatedSession
from alvh_tui.market.types import MarketSnapshot

SPEED = 120.0
"""Seconds of the market to a second of life: a day in a little over three minutes."""


@dataclass(frozen=True, slots=True)
class TradingPlayback(Playback):
    """Nights, weekends and holidays take no time."""

    def moment(self, now: datetime) -> datetime:
        if self.paused:
            return self.start
        return after_trading(self.start, max(now - self.since, timedelta(0)) * self.speed)


def after_trading(start: datetime, passed: timedelta) -> datetime:
    """The moment when index options have traded for so long since the start."""
    begin = start.astimezone(NEW_YORK)
    day = begin.date()
    while True:
        if is_session(day):
            begin = max(begin, datetime.combine(day, OPENS, NEW_YORK))
            left = trading_ends(day) - begin
            if passed < left:
                return begin + passed
            passed -= max(left, timedelta(0))
        day = next_session(day)


class DemoFeed:
    """A played session as a feed; `at` is a moment of its own market, as its playback tells it."""

    name = "demo"

    def __init__(self, session: SimulatedSession, speed: float = SPEED) -> None:
        self.session = session
        self.speed = speed

    def playback(self, now: datetime, start: datetime | None = None) -> Playback:
        """Plays from the open of its first day on, or from another moment, at the feed's speed."""
        return TradingPlayback(now, start or self.session.opens, self.speed)

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        return self.session.market_at(at, contracts)


def demo_feed(
    start: datetime,
    *,
    sample: str = "calm",
    seed: int = 0,
    scenario: str = DEFAULT,
    speed: float = SPEED,
) -> DemoFeed:
    """The session of that day, or else of the next, in the market of that sample book."""
    return DemoFeed(SimulatedSession(seed, scenario, start, sample_world(sample, start)), speed)
