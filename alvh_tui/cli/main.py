"""The `alvh` command: finds the command asked for and imports nothing else."""

import argparse
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from errno import ENOSPC
from importlib import import_module

from alvh_tui import __version__
from alvh_tui.cli.exits import Exit
from alvh_tui.cli.options import TAKES_A_VALUE, add_global_options
from alvh_tui.cli.output import SPELLED_OUT, complain

COMMANDS = {
    "check": "validates position files; silent when all is well",
    "snapshot": "prints one assessment of a book, as a table or as JSON",
    "watch": "the monitor without a screen: one line for every change",
    "journal": "what happened to a book, and proof that nobody has rewritten it",
    "alerts": "what was told and still stands: acknowledge, snooze, mute",
    "history": "the recorded series of a book",
    "report": "the steward's report: layers answered, caps, rules changed, hedge cost, results",
    "demo": "shows a sample book on a simulated market, no network",
    "serve": "the screen in a browser, on this computer only unless told otherwise",
    "init": "writes a commented starter book; never overwrites",
    "keys": "every key of the screen, as it is in use, or as a table for the settings",
    "rules": "prints a rules profile, checks one, or explains a rule",
    "replay": "runs signals and layers over daily history",
    "record": "saves the market a book needs, or downloaded quote tables, as a market folder",
    "doctor": "checks terminal, clock, calendar, directories, feed and files",
}
NO_COMMAND = "open"
"""What runs on `alvh BOOK.toml` and on a bare `alvh`."""


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELLED_OUT)
    try:
        return _run(words)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FINE
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain(f"alvh: not all could be written: {error.strerror}")
        return Exit.WRONG_INPUT


def _run(words: list[str]) -> int:
    leading, rest = _leading_options(words)
    if any(word in ("-h", "--help") for word in leading):
        _parser().print_help()
        return Exit.FINE
    if "--version" in leading:
        sys.stdout.write(f"alvh {__version__}\n")
        return Exit.FINE
    name, rest = (rest[0], rest[1:]) if rest and rest[0] in COMMANDS else (NO_COMMAND, rest)
    if name == NO_COMMAND and rest and _is_no_book(rest[0]):
        complain(_no_such_command(rest[0]))
        return Exit.USAGE
    command = import_module(f"alvh_tui.cli.{name}")
    about = COMMANDS.get(name, "opens the monitor on a position file")
    parser = argparse.ArgumentParser(
        prog="alvh" if name == NO_COMMAND else f"alvh {name}", description=about.capitalize() + "."
    )
    command.add_arguments(parser)
    add_global_options(parser)
    args = parser.parse_args([*rest, *leading])
    sys.stdout.flush()
    status = command.run(args)
    sys.stdout.flush()
    return int(status)


def _is_no_book(word: str) -> bool:
    """A plain word that names no file is a command misspelt rather than a book."""
    return "." not in word and os.sep not in word and not os.path.exists(word)  # noqa: PTH110 - pathlib is dear


def _no_such_command(word: str) -> str:
    near = get_close_matches(word, COMMANDS, n=1)
    meant = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(COMMANDS)}"
    return f"alvh: {word!a} is no command and no file{meant}"


def _leading_options(words: list[str]) -> tuple[list[str], list[str]]:
    """Options before the first plain word: global ones may stand in front of the command."""
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] != "--":
        at += 2 if words[at] in TAKES_A_VALUE else 1
    return words[:at], words[at:]


def _parser() -> argparse.ArgumentParser:
    """Only for `alvh --help`: every command has a parser of its own."""
    width = max(len(name) for name in COMMANDS) + 2
    listed = "\n".join(f"  {name.ljust(width)}{about}" for name, about in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="alvh",
        usage="alvh [BOOK.toml … | COMMAND] [options]",
        description="A monitor for SPX iron condors and the Adaptive Layered VIX Hedge around them.",
        epilog=f"commands:\n{listed}\n\n`alvh COMMAND --help` tells more.\n"
        "Exit status: 0 fine, 1 the input is wrong, 2 usage, 3 no market data.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    add_global_options(parser)
    return parser
