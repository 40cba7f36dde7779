"""The feed a running command looks at, and the clock of its market."""

import argparse
from datetime import datetime
from typing import TYPE_CHECKING

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.playback import Clock, LiveClock, PlayedClock

if TYPE_CHECKING:
    from alvh_tui.market.recording import RecordingFeed
    from alvh_tui.market.simulated import DemoFeed
    from alvh_tui.market.types import Feed


def feed_and_clock(args: argparse.Namespace) -> "tuple[Feed, Clock]":
    """Recordings and the simulated market run at their own time, faster where --speed says so."""
    if args.market is not None:
        recorded = recording_asked_for(args)
        return recorded, played_clock(recorded, args)
    if args.feed == "demo":
        from alvh_tui.cli.feeds import played_market

        played = played_market(args)
        return played, played_clock(played, args)
    from alvh_tui.cli.feeds import live_feed

    options = {"at_once": None} if args.once else {}
    return live_feed(args, interval=args.interval, **options), LiveClock()


def played_clock(feed: "DemoFeed | RecordingFeed", args: argparse.Namespace) -> PlayedClock:
    return PlayedClock(feed.playback(_life(), args.at), _life)


def recording_asked_for(args: argparse.Namespace) -> "RecordingFeed":
    from alvh_tui.market.recording import RecordingFeed

    return RecordingFeed(args.market, args.speed or 1.0)


def _life() -> datetime:
    return datetime.now(NEW_YORK)
