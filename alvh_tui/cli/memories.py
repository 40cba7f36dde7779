"""The memory of the book a command works on."""

import argparse
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.output import complain

if TYPE_CHECKING:
    from alvh_tui.memory.memory import Memory


def memory_of(args: argparse.Namespace, *, read_only: bool = False) -> "Memory":
    """What happens in a played market is no part of the book's own story and has a file of its own."""
    from alvh_tui.memory.memory import Memory
    from alvh_tui.memory.place import memory_path

    return Memory(memory_path(args.book, world_of(args)), read_only=read_only)


def world_of(args: argparse.Namespace) -> str:
    """Which played market; empty for the live one."""
    if args.market is not None:
        return str(Path(args.market).resolve())
    return f"demo {args.seed} {args.scenario}" if args.feed == "demo" else ""


def is_empty(memory: "Memory", args: argparse.Namespace) -> bool:
    """Whether nothing has been recorded yet, which is said."""
    if memory.store.path.exists():
        return False
    played = " in this market" if world_of(args) else ""
    complain(f"nothing is recorded of {args.book}{played} yet; alvh watch {args.book} records it")
    return True


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2026-11-16") from None


def add_span(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="first", metavar="DATE", type=day, help="first day shown")
    parser.add_argument("--to", dest="last", metavar="DATE", type=day, help="last day shown")


def in_span(moment: datetime, args: argparse.Namespace) -> bool:
    from alvh_tui.instruments.calendar import NEW_YORK

    on = moment.astimezone(NEW_YORK).date()
    return not ((args.first and on < args.first) or (args.last and on > args.last))
