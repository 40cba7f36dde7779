"""alvh snapshot BOOK: one assessment, as a table or as JSON."""

import argparse
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment, Past
    from alvh_tui.book.model import Book
    from alvh_tui.market.types import MarketSnapshot
    from alvh_tui.method.rules import Rules


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    parser.add_argument(
        "--since",
        metavar="DIR",
        type=Path,
        help="a market folder to explain the P&L from, as a rule of the last close",
    )
    parser.add_argument(
        "--fail-on", choices=("watch", "triggered"), help="exit 4 when a layer is there, for scripts"
    )


def run(args: argparse.Namespace) -> int:
    from alvh_tui.assess import assess
    from alvh_tui.cli.books import book_and_rules
    from alvh_tui.cli.feeds import market_asked_for, recorded_market
    from alvh_tui.cli.show import show
    from alvh_tui.market.types import FeedUnavailableError

    book, rules = book_and_rules(args.book)
    if book is None or rules is None:
        return Exit.WRONG_INPUT
    try:
        market, at = market_asked_for(args, book.contracts)
        past, rules = _remembered(args, book, rules, market, at)
        if args.since is not None:
            past = replace(past, previous=recorded_market(args.since, None))
    except FeedUnavailableError as error:
        complain(str(error))
        return Exit.NO_MARKET
    assessment = assess(book, market, rules, at, past)
    show(assessment, args)
    return Exit.LAYER_DUE if is_due(assessment, args.fail_on) else Exit.FINE


def _remembered(
    args: argparse.Namespace, book: "Book", rules: "Rules", market: "MarketSnapshot", at: datetime
) -> "tuple[Past, Rules]":
    """What alvh watch has recorded of earlier sessions, and the rules in force."""
    from alvh_tui.assess import Past
    from alvh_tui.cli.memories import memory_of

    memory = memory_of(args, read_only=True)
    past, force = memory.recall(book, market), memory.govern(rules, at)
    memory.close()
    if not memory.state.fine:
        complain(memory.state.reason)
    return past or Past(), force


def is_due(assessment: "Assessment", state: str | None) -> bool:
    """Whether a layer is in that state, or triggered where watch was asked for."""
    wanted = {"watch": ("watch", "triggered"), "triggered": ("triggered",)}.get(state or "", ())
    states = (judged.state for judged in assessment.judgement.layers.values())
    return any(found is not None and found.trigger.value in wanted for found in states)
