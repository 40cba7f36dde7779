"""alvh snapshot BOOK: one assessment, as a table or as JSON."""

import argparse
import json
import sys
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.options import wants_color
from alvh_tui.cli.output import complain, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    parser.add_argument(
        "--since",
        metavar="DIR",
        type=Path,
        help="a market folder to explain the P&L from, as a rule of the last close",
    )


def run(args: argparse.Namespace) -> int:
    from alvh_tui.assess import Past, assess
    from alvh_tui.cli.books import book_and_rules
    from alvh_tui.cli.feeds import market_asked_for, recorded_market
    from alvh_tui.market.types import FeedUnavailableError

    book, rules = book_and_rules(args.book)
    if book is None or rules is None:
        return Exit.WRONG_INPUT
    try:
        market, at = market_asked_for(args)
        past = None if args.since is None else Past(recorded_market(args.since, None))
    except FeedUnavailableError as error:
        complain(str(error))
        return Exit.NO_MARKET
    assessment = assess(book, market, rules, at, past)
    if args.json:
        from alvh_tui.publish import assessment_json

        say(json.dumps(assessment_json(assessment), indent=2, ensure_ascii=False, allow_nan=False))
        return Exit.FINE
    from rich.console import Console

    from alvh_tui.cli.tables import print_assessment

    shown = sys.stdout.isatty()
    color = shown and wants_color(args)
    console = Console(no_color=not color, color_system="auto" if color else None)
    print_assessment(assessment, console, console.width if shown else None)
    return Exit.FINE
