"""Which market a command looks at."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot


def market_asked_for(
    args: argparse.Namespace, contracts: Sequence[Contract]
) -> tuple[MarketSnapshot, datetime]:
    """The snapshot the options ask for, and when to assess it: as recorded unless --at says otherwise."""
    if args.market is not None:
        snapshot = recorded_market(args.market, args.at)
        return snapshot, args.at or snapshot.time
    if args.feed == "demo":
        from alvh_tui.market.simulated import SimulatedFeed

        at = args.at or datetime.now(NEW_YORK)
        return SimulatedFeed(args.seed).snapshot(contracts, at), at
    raise FeedUnavailableError(
        "no market to look at: this version has no live feed yet; "
        "give --market DIR (a market folder) or --feed demo"
    )


def recorded_market(path: Path, at: datetime | None) -> MarketSnapshot:
    from alvh_tui.market.folder import read_market

    return read_market(path, at)
