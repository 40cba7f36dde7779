"""alvh replay WHAT: signals and layers over daily history, and what each rule was worth."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.book.model import Book
    from alvh_tui.cli.histories import DailyHistory
    from alvh_tui.method.replay import Replay, Session
    from alvh_tui.method.rules import Rules

_BOOK_KEYS = frozenset(("schema", "account", "condor", "hedge", "closed"))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="WHAT", help="zones, ladder, a rules file, or a position file")
    parser.add_argument(
        "--history", metavar="FILE", type=Path, help="daily closes, as history.csv of a market folder"
    )
    parser.add_argument(
        "--events",
        metavar="FILE",
        type=Path,
        help="events; by default events.csv beside the history, if there is one",
    )
    parser.add_argument("--from", dest="first", metavar="DATE", type=_day, help="first session shown")
    parser.add_argument("--to", dest="last", metavar="DATE", type=_day, help="last session shown")
    parser.add_argument("--rules", metavar="RULES", help="another profile or rules file than WHAT has")
    parser.add_argument(
        "--evidence", action="store_true", help="how often each rule fired, and what followed"
    )
    parser.add_argument("--csv", action="store_true", help="print CSV")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2018-02-05") from None


def run(args: argparse.Namespace) -> int:
    from alvh_tui.cli.histories import read_daily_history
    from alvh_tui.market.table import UnreadableFileError

    wrong = _misuse(args)
    if wrong:
        complain(f"alvh replay: {wrong}")
        return Exit.USAGE
    book, rules = _book_and_rules(args.what, args.rules)
    if rules is None:
        return Exit.WRONG_INPUT
    try:
        history = read_daily_history(_history_file(args), args.events)
    except UnreadableFileError as error:
        complain(str(error))
        return Exit.WRONG_INPUT
    history = _counted(history, args.breadth)
    for warning in history.warnings:
        complain(warning)
    replay = _replay(history, rules, book, args)
    if not len(replay):
        days = replay.run.measured.closes.days
        complain(f"no session in that range; the history has {days[0]} to {days[-1]}")
        return Exit.WRONG_INPUT
    _print(replay, args)
    return Exit.FINE


def _counted(history: "DailyHistory", path: Path | None) -> "DailyHistory":
    """With the user's own advances and declines, where there are any."""
    if path is None:
        return history
    from alvh_tui.market.counts import beside, read_counts
    from alvh_tui.market.folder_tables import last_day
    from alvh_tui.market.freshness import close_of

    counts = read_counts(path, close_of(last_day(history.closes)))
    closes = history.closes if counts.closes is None else beside(history.closes, counts.closes)
    said = (*history.warnings, *counts.warnings, *([counts.error] if counts.error else []))
    return replace(history, closes=closes, warnings=said)


def _misuse(args: argparse.Namespace) -> str:
    if args.history is None and args.market is None:
        return "needs --history FILE, or --market DIR with a history in it"
    if args.csv and args.json:
        return "--csv and --json at once"
    if args.first is not None and args.last is not None and args.last < args.first:
        return f"--to {args.last} is before --from {args.first}"
    return ""


def _history_file(args: argparse.Namespace) -> Path:
    if args.history is not None:
        return Path(args.history)
    plain = Path(args.market) / "history.csv"
    return plain if plain.exists() else plain.with_name("history.csv.gz")


def _book_and_rules(what: str, other: str | None) -> "tuple[Book | None, Rules | None]":
    """The book where WHAT is one, and the rules; problems are said, and then there are no rules."""
    from alvh_tui.method.profile import LoadedRules, load_rules, rules_in
    from alvh_tui.method.settings import PROFILES
    from alvh_tui.toml.document import read_file

    book = None
    document = None if what in PROFILES or not Path(what).exists() else read_file(Path(what))
    if document is not None and _BOOK_KEYS & document.data.keys():
        from alvh_tui.cli.books import book_and_rules

        book, rules = book_and_rules(Path(what))
        if book is None:
            return None, None
        loaded = LoadedRules(rules, ())
    else:
        loaded = load_rules(what) if document is None else rules_in(document, what)
    if other is not None:
        loaded = load_rules(other)
    for problem in loaded.problems:
        complain(str(problem))
    return book, loaded.rules


def _replay(
    history: "DailyHistory", rules: "Rules", book: "Book | None", args: argparse.Namespace
) -> "Replay":
    from alvh_tui.method.closes import closes_of
    from alvh_tui.method.replay import replay

    closes = closes_of(history.closes)
    facts = None
    if book is not None:
        from alvh_tui.method.book_facts import book_facts

        facts = book_facts(book, closes)
    return replay(closes, history.events, rules, args.first, args.last, facts)


def _print(replay: "Replay", args: argparse.Namespace) -> None:
    from alvh_tui.cli import replay_tables as tables

    if args.evidence:
        from alvh_tui.method.evidence import evidence
        from alvh_tui.method.replay_json import evidence_json

        report = evidence(replay)
        if args.json:
            say(
                json.dumps(evidence_json(report, replay.rules), indent=2, ensure_ascii=False, allow_nan=False)
            )
        else:
            lines = tables.evidence_csv(report) if args.csv else tables.evidence_lines(report)
            _write(lines)
        return
    with _progress(replay) as sessions:
        if args.json:
            from alvh_tui.method.replay_json import replay_json

            say(json.dumps(replay_json(replay, sessions), ensure_ascii=False, allow_nan=False))
        elif args.csv:
            _write(tables.replay_csv(replay, sessions))
        else:
            _write(tables.replay_lines(replay, sessions))


def _write(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


@contextmanager
def _progress(replay: "Replay") -> "Iterator[Iterable[Session]]":
    """The sessions, with a bar on a terminal while the payload goes elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield replay.sessions()
        return
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    # Left to itself the bar would draw the payload to its own stream.
    with Progress(console=console, transient=True, redirect_stdout=False, redirect_stderr=False) as progress:
        yield progress.track(replay.sessions(), total=len(replay), description="replaying")
