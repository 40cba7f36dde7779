"""Which market a command looks at."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot

if TYPE_CHECKING:
    from alvh_tui.market.simulated import DemoFeed


def market_asked_for(
    args: argparse.Namespace, contracts: Sequence[Contract]
) -> tuple[MarketSnapshot, datetime]:
    """The snapshot the options ask for, and when to assess it: as recorded unless --at says otherwise."""
    if args.market is not None:
        snapshot = recorded_market(args.market, args.at)
        return snapshot, args.at or snapshot.time
    if args.feed == "demo":
        feed = played_market(args)
        at = args.at or feed.session.opens
        return feed.snapshot(contracts, at), at
    raise FeedUnavailableError(
        "no market to look at: this version has no live feed yet; "
        "give --market DIR (a market folder) or --feed demo"
    )


def played_market(args: argparse.Namespace, sample: str | None = None) -> "DemoFeed":
    """The simulated session of today, or of the day of --at, around a sample book where one is named."""
    from alvh_tui.market.simulated.feed import SPEED, demo_feed

    return demo_feed(
        args.at or datetime.now(NEW_YORK),
        sample=sample,
        seed=args.seed,
        scenario=args.scenario,
        speed=args.speed or SPEED,
    )


def recorded_market(path: Path, at: datetime | None) -> MarketSnapshot:
    from alvh_tui.market.folder import read_market

    return read_market(path, at)
