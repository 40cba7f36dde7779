"""A market made up from a few numbers: for demos, tests and learning, without any network."""

from alvh_tui.market.simulated.market import SimulatedFeed, default_expiries, market_of, simulated_market
from alvh_tui.market.simulated.world import World

__all__ = ["SimulatedFeed", "World", "default_expiries", "market_of", "simulated_market"]
