"""alvh check BOOK…: every problem of every file, or silence."""

import argparse
import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import say
from alvh_tui.toml.problem import Problem, errors_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("books", metavar="BOOK", nargs="+", type=Path, help="position file")


def run(args: argparse.Namespace) -> int:
    now = args.at or datetime.now(UTC)
    problems = [problem for path in args.books for problem in problems_of(path, now)]
    if args.json:
        say(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            say(str(problem))
    return Exit.WRONG_INPUT if errors_in(problems) else Exit.FINE


def problems_of(path: Path, now: datetime) -> tuple[Problem, ...]:
    """What is wrong in the file and in the rules file it names, and what it breaks of the rules' caps."""
    from alvh_tui.book.load import load_book, warnings_on
    from alvh_tui.cli.books import rules_of
    from alvh_tui.method.profile import cap_warnings

    loaded = load_book(path)
    rules = rules_of(loaded, path)
    said = (*loaded.problems, *rules.problems)
    if loaded.book is None:
        return said
    said = (*said, *warnings_on(loaded.book, now))
    return said if rules.rules is None else (*said, *cap_warnings(loaded.book, rules.rules))
