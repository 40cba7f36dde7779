"""Options every command takes."""

import argparse
import os
from datetime import datetime
from pathlib import Path

FASTEST = 3600.0
FEEDS = ("yahoo", "cboe", "demo")
SCENARIOS = ("calm", "grind", "crash", "crush", "event")
TAKES_A_VALUE = ("--market", "--feed", "--seed", "--scenario", "--speed", "--breadth", "--at")


def add_global_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("everywhere")
    group.add_argument("--market", metavar="DIR", type=Path, help="a market folder instead of the live feed")
    group.add_argument("--feed", choices=FEEDS, help="where quotes come from")
    group.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the simulated market")
    group.add_argument(
        "--scenario", choices=SCENARIOS, default="crash", help="what happens in the simulated market (crash)"
    )
    group.add_argument(
        "--speed", type=speed, metavar="X", help="seconds of a played market to a second of life"
    )
    group.add_argument(
        "--breadth",
        metavar="PATH",
        type=Path,
        help="your own advances and declines: a CSV file date,advances,declines, or a folder of them",
    )
    group.add_argument("--at", type=moment, metavar="TIME", help="assess as of this time (ISO 8601)")
    group.add_argument("--json", action="store_true", help="print JSON")
    group.add_argument("--plain", action="store_true", help="plain text: no colour, no lines")
    group.add_argument("--no-color", action="store_true", help="no colour; NO_COLOR does the same")


def options_as_words(args: argparse.Namespace) -> list[str]:
    """As they were given, for a program that is run with the same ones; not --json and --plain."""
    given = [(name, getattr(args, name.removeprefix("--"))) for name in TAKES_A_VALUE]
    words = [f"{name}={_as_word(value)}" for name, value in given if value is not None]
    return [*words, "--no-color"] if args.no_color else words


def _as_word(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def moment(text: str) -> datetime:
    """An ISO time; one without an offset is New York's, a bare date is its 16:00."""
    from alvh_tui.instruments.calendar import NEW_YORK

    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-11-20T15:30-05:00") from None
    if len(text) <= len("2026-11-20"):
        when = when.replace(hour=16)
    return when if when.tzinfo is not None else when.replace(tzinfo=NEW_YORK)


def speed(text: str) -> float:
    """How much faster than life; 1 is life, and a market a day long is over in seconds at a few thousand."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.0 < found <= FASTEST:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0, at most {FASTEST:,.0f}")
    return found


def wants_color(args: argparse.Namespace) -> bool:
    return not (args.no_color or args.plain or os.environ.get("NO_COLOR"))
