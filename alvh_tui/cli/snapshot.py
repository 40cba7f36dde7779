"""alvh snapshot BOOK: one assessment, as a table or as JSON."""

import argparse
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain


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
    from alvh_tui.cli.show import show
    from alvh_tui.market.types import FeedUnavailableError

    book, rules = book_and_rules(args.book)
    if book is None or rules is None:
        return Exit.WRONG_INPUT
    try:
        market, at = market_asked_for(args, book.contracts)
        past = None if args.since is None else Past(recorded_market(args.since, None))
    except FeedUnavailableError as error:
        complain(str(error))
        return Exit.NO_MARKET
    show(assess(book, market, rules, at, past), args)
    return Exit.FINE
