"""alvh report BOOK: how a book was led, by its own journal."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.memories import add_span, is_empty, memory_of
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.memory.report import StewardsReport


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    add_span(parser)


def run(args: argparse.Namespace) -> int:
    from alvh_tui.book.load import load_book
    from alvh_tui.instruments.calendar import NEW_YORK
    from alvh_tui.memory.report import Span, read_records, stewards_report

    loaded = load_book(args.book)
    if loaded.book is None:
        for problem in loaded.problems:
            complain(str(problem))
    memory = memory_of(args, read_only=True)
    try:
        is_empty(memory, args)
        records = read_records(memory)
    finally:
        memory.close()
    if not memory.state.fine:
        complain(memory.state.reason)
        return Exit.WRONG_INPUT
    at = args.at or datetime.now(NEW_YORK)
    report = stewards_report(args.book.name, records, loaded.book, at, Span(args.first, args.last))
    _print(report, args)
    return Exit.FINE if loaded.book is not None else Exit.WRONG_INPUT


def _print(report: "StewardsReport", args: argparse.Namespace) -> None:
    if args.json:
        from alvh_tui.memory.report.as_json import report_json

        say(json.dumps(report_json(report), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    from alvh_tui.cli.grid import NAME, Grid
    from alvh_tui.cli.options import wants_color
    from alvh_tui.memory.report import closing_line, sections_of, title_of
    from alvh_tui.toml.text import printable

    color = wants_color(args)
    console = Console(no_color=not color, color_system="auto" if color else None)
    say(f"{printable(title_of(report))}\n")
    for section in sections_of(report):
        grid = Grid(section.title, [NAME])
        for line in section.lines:
            grid.add(printable(line.figure), note=printable(line.text))
        block = grid.render(None)
        if sys.stdout.isatty():
            console.print(block, soft_wrap=True, highlight=False, end="\n\n")
        else:
            say(f"{block.plain}\n")
    say(closing_line(report))
