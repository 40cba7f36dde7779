"""alvh doctor: how machine, files and feed are, each with a remedy where something is amiss."""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.checkup import Check, Health
from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import say

if TYPE_CHECKING:
    from alvh_tui.instruments.contract import Contract


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("books", metavar="BOOK", nargs="*", type=Path, help="position files to look at")
    parser.add_argument("--online", action="store_true", help="ask the feed for a market; sends requests")
    parser.add_argument("--alert", action="store_true", help="send a test alert on every channel that is set")


def run(args: argparse.Namespace) -> int:
    checks = []
    for check in _checks(args):
        checks.append(check)
        if not args.json:
            say(check.line)
    if args.json:
        say(json.dumps([asdict(check) for check in checks], indent=2, ensure_ascii=False))
    return Exit.WRONG_INPUT if any(check.health is Health.FAIL for check in checks) else Exit.FINE


def _checks(args: argparse.Namespace) -> Iterator[Check]:
    """In the order in which one thing rests on another: without time zones nothing more can be looked at."""
    from alvh_tui.cli import checkup, checkup_settings

    yield from checkup.of_the_terminal()
    now = args.at or datetime.now(UTC)
    zone = checkup.of_time_zones(now)
    yield zone
    yield checkup.of_the_clock(now)
    yield from checkup.of_directories()
    yield from checkup_settings.of_the_settings()
    if zone.health is Health.FAIL:
        return
    yield from checkup.of_the_calendar(now)
    contracts: list[Contract] = []
    for path in args.books:
        yield checkup.of_a_book(path, now)
        contracts += _held_in(path)
    if args.books:
        from alvh_tui.cli import checkup_memory

        for path in args.books:
            yield checkup_memory.of_a_memory(path, args)
    from alvh_tui.cli import checkup_feed

    yield from checkup_feed.of_the_feed(contracts, now)
    if args.online:
        yield checkup_feed.of_an_answer(args, contracts)
    if args.alert:
        from alvh_tui.cli import checkup_alerts
        from alvh_tui.settings import load_settings

        yield from checkup_alerts.of_alerts(load_settings(), now)


def _held_in(path: Path) -> "Sequence[Contract]":
    from alvh_tui.book.load import load_book

    book = load_book(path).book
    return () if book is None else book.contracts
