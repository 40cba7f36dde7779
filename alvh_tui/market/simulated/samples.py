"""The simulated markets behind the sample books, as they stand on the samples' day or on any other."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.folder_writer import write_market
from alvh_tui.market.simulated.market import Expiry, market_of
from alvh_tui.market.simulated.world import World
from alvh_tui.market.types import MarketSnapshot

AT = datetime(2026, 11, 20, 15, 30, tzinfo=NEW_YORK)

_WORLDS = {
    "calm": World(AT, spot=6800.0, vix=17.0, seed=257),
    "tested": World(AT, spot=6385.0, vix=30.5, seed=293, recent_move=-0.075),
    "broken_wing": World(AT, spot=6650.0, vix=20.4, seed=306, recent_move=-0.02),
}
_VIX: tuple[Expiry, ...] = tuple(
    ("VIX", date(*day)) for day in ((2026, 12, 16), (2027, 1, 20), (2027, 2, 17))
)
_LISTED: dict[str, tuple[Expiry, ...]] = {
    "calm": (("SPXW", date(2026, 12, 11)), ("SPXW", date(2026, 12, 18)), *_VIX),
    "tested": (
        ("SPX", date(2026, 12, 18)),
        ("XSP", date(2027, 1, 15)),
        ("SPXW", date(2026, 12, 11)),
        ("SPXW", date(2026, 12, 18)),
        *_VIX,
    ),
    "broken_wing": (("SPX", date(2026, 12, 18)), ("SPXW", date(2026, 12, 18)), *_VIX),
}


def sample_world(name: str, at: datetime = AT) -> World:
    """The world a sample book was written in, at that moment."""
    return replace(_WORLDS[name], at=at.astimezone(NEW_YORK))


def sample_market(name: str) -> MarketSnapshot:
    """The market of the samples' day: what the book holds, and where its hedges could be rolled to."""
    return market_of(sample_world(name), _LISTED[name])


def write_sample_markets(folder: Path) -> None:
    """Writes the market folder of each sample book beside it."""
    for name in _WORLDS:
        write_market(sample_market(name), folder / f"{name}.market")
