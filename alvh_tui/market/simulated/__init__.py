"""A market made up from a few numbers: for demos, tests and learning, without any network."""

from alvh_tui.market.simulated.feed import DemoFeed, demo_feed
from alvh_tui.market.simulated.market import SimulatedFeed, default_expiries, market_of, simulated_market
from alvh_tui.market.simulated.session import SimulatedSession
from alvh_tui.market.simulated.world import World

__all__ = [
    "DemoFeed",
    "SimulatedFeed",
    "SimulatedSession",
    "World",
    "default_expiries",
    "demo_feed",
    "market_of",
    "simulated_market",
]
