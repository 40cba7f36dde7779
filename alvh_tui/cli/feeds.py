"""Which market a command looks at."""

import argparse
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alvh_tui.cli.output import complain
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot

if TYPE_CHECKING:
    from alvh_tui.market.simulated import DemoFeed
    from alvh_tui.market.yahoo import YahooFeed


def market_asked_for(
    args: argparse.Namespace, contracts: Sequence[Contract]
) -> tuple[MarketSnapshot, datetime]:
    """The snapshot the options ask for, and when to assess it: as recorded unless --at says otherwise."""
    market, at = _market_and_moment(args, contracts)
    if args.breadth is None:
        return market, at
    from alvh_tui.market.counts import read_counts, with_counts

    return with_counts(market, read_counts(args.breadth, market.time), at), at


def _market_and_moment(
    args: argparse.Namespace, contracts: Sequence[Contract]
) -> tuple[MarketSnapshot, datetime]:
    if args.market is not None:
        snapshot = recorded_market(args.market, args.at)
        return snapshot, args.at or snapshot.time
    if args.feed == "demo":
        feed = played_market(args)
        at = args.at or feed.session.opens
        return feed.snapshot(contracts, at), at
    now = datetime.now(NEW_YORK)
    live = live_feed(args, at_once=None)
    if sys.stderr.isatty():
        complain("asking Yahoo; the first answers of a day take about half a minute …")
    try:
        return live.snapshot(contracts, now), args.at or now
    finally:
        live.close()


def live_feed(args: argparse.Namespace, **options: Any) -> "YahooFeed":
    """The feed of live quotes, its last good answers in the cache directory."""
    if args.feed not in (None, "yahoo"):
        raise FeedUnavailableError(
            f"no market from {args.feed}: this version does not know that feed yet; "
            "give --feed yahoo, --feed demo or --market DIR (a market folder)"
        )
    from alvh_tui.directories import Directory
    from alvh_tui.market.basket import basket
    from alvh_tui.market.yahoo import YahooFeed

    shares = [member.symbol for member in basket()]
    return YahooFeed(Directory.CACHE.path, basket=shares, **options)


def played_market(args: argparse.Namespace, sample: str = "calm") -> "DemoFeed":
    """The simulated session of today, or of the day of --at, in the market of that sample book."""
    from alvh_tui.market.simulated.feed import SPEED, demo_feed

    return demo_feed(
        args.at or datetime.now(NEW_YORK),
        sample=sample,
        seed=args.seed,
        scenario=args.scenario,
        speed=args.speed or SPEED,
    )


def recorded_market(path: Path, at: datetime | None) -> MarketSnapshot:
    """The folder's moment; of a folder of recordings the last one, or the last before `at`."""
    from alvh_tui.market.folder import read_market
    from alvh_tui.market.folder_header import HEADER
    from alvh_tui.market.recording import RecordingFeed, recording_at

    if path.is_dir() and not (path / HEADER).exists():
        path = recording_at(RecordingFeed(path).recordings, at).path
    return read_market(path, at)
