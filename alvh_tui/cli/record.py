"""alvh record: the market a book needs, or quote tables downloaded by hand, saved as a market folder."""

import argparse
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.market.types import MarketSnapshot

TABLES = (".csv", ".txt")
STAMP = "%Y-%m-%dT%H%M%S"
"""New York time; only a name: replaying goes by the time inside."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        metavar="WHAT",
        nargs="+",
        type=Path,
        help="a position file, or one or more quotedata.csv downloaded from the exchange (SPX and VIX)",
    )
    parser.add_argument("dir", metavar="DIR", type=Path, help="the folder to write; never overwritten")
    parser.add_argument(
        "--series",
        action="store_true",
        help="write DIR/TIME instead: each call adds one, and --market DIR replays them",
    )


def run(args: argparse.Namespace) -> int:
    tables = [path for path in args.what if path.suffix.lower() in TABLES]
    if tables != args.what and len(args.what) > 1:
        complain("alvh record: takes one position file, or any number of quote tables (.csv)")
        return Exit.USAGE
    taken = _in_the_way(args.dir, series=args.series)
    if taken:
        complain(taken)
        return Exit.WRONG_INPUT
    market = _converted(args) if tables else _fetched(args)
    if not isinstance(market, Exit):
        return _write(market, args)
    return market


def _in_the_way(path: Path, *, series: bool) -> str:
    """What keeps the folder from being written; nothing where it is free or still empty."""
    try:
        inside = {entry.name for entry in path.iterdir()} if path.is_dir() else set()
        is_file = path.exists() and not path.is_dir()
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    if is_file:
        return f"{path} is a file and stays as it is; expected the name of a folder"
    if series and "market.toml" in inside:
        return f"{path} is one recording itself; expected a folder that holds several, or a new one"
    if inside and not series:
        return f"{path} is there already and stays as it is; --series adds a recording to a folder"
    return ""


def _converted(args: argparse.Namespace) -> "MarketSnapshot | Exit":
    from alvh_tui.market.quotedata import QuoteFileError, market_of_files

    try:
        return market_of_files(args.what, args.at)
    except QuoteFileError as error:
        complain(str(error))
        return Exit.WRONG_INPUT


def _fetched(args: argparse.Namespace) -> "MarketSnapshot | Exit":
    from alvh_tui.cli.books import book_and_rules
    from alvh_tui.cli.feeds import market_asked_for
    from alvh_tui.market.types import FeedUnavailableError

    book, rules = book_and_rules(args.what[0])
    if book is None or rules is None:
        return Exit.WRONG_INPUT
    try:
        market, _ = market_asked_for(args, book.contracts)
    except FeedUnavailableError as error:
        complain(str(error))
        return Exit.NO_MARKET
    if not market.quotes and not market.chains:
        complain("there are no quotes to record")
        return Exit.NO_MARKET
    return market


def _write(market: "MarketSnapshot", args: argparse.Namespace) -> Exit:
    from alvh_tui.market.folder_writer import NotAMarketFolderError, write_market

    path = args.dir / _stamp(market.time) if args.series else args.dir
    if args.series and path.exists():
        complain(f"{path} is there already and stays as it is: this moment has been recorded")
        return Exit.WRONG_INPUT
    try:
        write_market(market, path)
    except NotAMarketFolderError as error:
        complain(str(error))
        return Exit.WRONG_INPUT
    except OSError as error:
        complain(f"{path} cannot be written ({error.strerror})")
        return Exit.WRONG_INPUT
    for warning in market.warnings:
        complain(warning)
    _tell(market, path, args)
    return Exit.FINE


def _stamp(time: datetime) -> str:
    from alvh_tui.instruments.calendar import NEW_YORK

    return time.astimezone(NEW_YORK).strftime(STAMP)


def _tell(market: "MarketSnapshot", path: Path, args: argparse.Namespace) -> None:
    chains = Counter(root for root, _ in market.chains)
    closes = 0 if market.history is None else len(market.history.days)
    parts = [f"{len(market.quotes)} quotes", *(f"{n} {root} chains" for root, n in sorted(chains.items()))]
    parts += [f"{closes:,} daily closes"] if closes else []
    parts += [f"{len(market.events)} events"] if market.events else []
    complain(f"wrote {path}: {', '.join(parts)}, as of {market.time:%Y-%m-%d %H:%M %Z}")
    if args.json:
        told = {
            "path": str(path),
            "time": market.time.isoformat(),
            "quotes": len(market.quotes),
            "chains": dict(sorted(chains.items())),
            "closes": closes,
            "events": len(market.events),
            "warnings": list(market.warnings),
        }
        say(json.dumps(told, indent=2, ensure_ascii=False))
