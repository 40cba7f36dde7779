"""alvh history BOOK: the recorded series, as closes or point by point."""

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.memories import add_span, is_empty, memory_of
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.memory.history import History
    from alvh_tui.memory.memory import Memory

SHOWN = (
    "market.spx", "market.vix", "book.pnl", "book.delta", "book.vega", "book.theta", "book.coverage",
)  # fmt: skip
"""What the closes show where nothing is asked for."""
Cell = float | str | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    parser.add_argument(
        "--series", metavar="NAME", action="append", help="a figure, every point of it; * stands for anything"
    )
    parser.add_argument("--closes", action="store_true", help="only the closes of the --series asked for")
    parser.add_argument("--names", action="store_true", help="what has been recorded")
    add_span(parser)
    parser.add_argument("--csv", action="store_true", help="print CSV")


def run(args: argparse.Namespace) -> int:
    if args.csv and args.json:
        complain("alvh history: --csv and --json at once")
        return Exit.USAGE
    memory = memory_of(args, read_only=True)
    try:
        return _show(memory, args)
    finally:
        memory.close()


def _show(memory: "Memory", args: argparse.Namespace) -> Exit:
    is_empty(memory, args)
    known = memory.history.names()
    wanted = [name for name in known if any(fnmatchcase(name, asked) for asked in args.series or ())]
    if memory.state.fine and args.series and known and not wanted:
        complain(f"no recorded figure is called {' or '.join(args.series)}; --names lists them")
        return Exit.WRONG_INPUT
    rows: list[list[Cell]]
    if args.names:
        rows, head = [[name] for name in known], ["name"]
    elif args.series and not args.closes:
        rows, head = list(_points(memory.history, wanted, args)), ["time", "series", "value"]
    else:
        names = wanted if args.series else [name for name in SHOWN if name in known]
        rows, head = list(_closes(memory.history, names, args)), ["date", "close", *names]
    if not memory.state.fine:
        complain(memory.state.reason)
        return Exit.WRONG_INPUT
    _print(head, rows, args)
    return Exit.FINE


def _points(history: "History", names: Sequence[str], args: argparse.Namespace) -> Iterator[list[Cell]]:
    from alvh_tui.instruments.calendar import NEW_YORK

    midnight = time(tzinfo=NEW_YORK)
    first = None if args.first is None else datetime.combine(args.first, midnight)
    last = None if args.last is None else datetime.combine(args.last + timedelta(days=1), midnight)
    for name, line in history.lines(names, first, last).items():
        for second, value in zip(line.times.tolist(), line.values.tolist(), strict=True):
            yield [datetime.fromtimestamp(second, NEW_YORK).isoformat(), name, _known(value)]


def _closes(history: "History", names: Sequence[str], args: argparse.Namespace) -> Iterator[list[Cell]]:
    lines = list(history.closing(names, args.first, args.last).values())
    for row, day in enumerate(lines[0].days.tolist() if lines else ()):
        kind = "final" if lines[0].final[row] else "last seen"
        yield [day.isoformat(), kind, *(_known(float(line.values[row])) for line in lines)]


def _known(value: float) -> float | None:
    return value if isfinite(value) else None


def _print(head: Sequence[str], rows: Sequence[Sequence[Cell]], args: argparse.Namespace) -> None:
    if args.json:
        told = [dict(zip(head, row, strict=True)) for row in rows]
        say(json.dumps({"schema": 1, "rows": told}, indent=2, ensure_ascii=False, allow_nan=False))
    elif args.csv:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(head)
        table.writerows(rows)
    else:
        _print_grid(head, rows)


def _print_grid(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
    from alvh_tui.figures import number

    texts = [[cell if isinstance(cell, str) else number(cell, 2) for cell in row] for row in rows]
    for_all = [[name.removeprefix("market.").removeprefix("book.") for name in head], *texts]
    widths = [max(map(len, column)) for column in zip(*for_all, strict=True)]
    numeric = [any(not isinstance(row[place], str) for row in rows) for place in range(len(head))]
    for row in for_all if rows else ():
        cells = zip(row, widths, numeric, strict=True)
        say(
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width) for cell, width, right in cells
            ).rstrip()
        )
