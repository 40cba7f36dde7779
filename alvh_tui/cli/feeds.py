"""Which market a command looks at."""

import argparse
from datetime import datetime
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot


def market_asked_for(args: argparse.Namespace) -> tuple[MarketSnapshot, datetime]:
    """The snapshot the options ask for, and when to assess it: as recorded unless --at says otherwise."""
    if args.market is not None:
        snapshot = recorded_market(args.market, args.at)
        return snapshot, args.at or snapshot.time
    if args.feed == "demo":
        from alvh_tui.market.simulated import simulated_market

        at = args.at or datetime.now(NEW_YORK)
        return simulated_market(at, seed=args.seed), at
    raise FeedUnavailableError(
        "no market to look at: this version has no live feed yet; "
        "give --market DIR (a market folder) or --feed demo"
    )


def recorded_market(path: Path, at: datetime | None) -> MarketSnapshot:
    from alvh_tui.market.folder import read_market

    return read_market(path, at)
