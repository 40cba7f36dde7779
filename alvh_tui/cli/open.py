"""alvh BOOK.toml, and alvh alone."""

import argparse
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

LAST = "last.json"
WELCOME = """\
alvh watches a book of SPX iron condors and the VIX hedge layers around them.

  alvh demo                 a sample book on a simulated market, no network
  alvh init                 writes a commented starter book, book.toml
  alvh check book.toml      says what is wrong in it
  alvh snapshot book.toml   one assessment of it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("books", metavar="BOOK", nargs="*", type=Path, help="position file")


def run(args: argparse.Namespace) -> int:
    """The screen on these books, or on those that were open last; printed where there is no terminal."""
    from alvh_tui.cli.screen import book_opening, open_screen, wants_screen

    on_screen = wants_screen(args)
    books = args.books or (last_books() if on_screen else [])
    if not books:
        say(WELCOME)
        return Exit.FINE
    if not on_screen:
        return _print(books, args)
    missing = [book for book in books if not book.is_file()]
    for book in missing:
        complain(f"{book}: there is no such file; alvh init {book} writes a starter book")
    if missing:
        return Exit.WRONG_INPUT
    keep_last_books(books)
    return open_screen([(book.stem, book_opening(book, args)) for book in books], args)


def last_books() -> list[Path]:
    """Those of the last session that are still there."""
    from alvh_tui.directories import Directory

    try:
        kept = json.loads((Directory.STATE.path / LAST).read_text(encoding="utf-8"))
        return [path for name in kept["books"] if (path := Path(name)).is_file()]
    except (OSError, ValueError, LookupError, TypeError):
        return []


def keep_last_books(books: Sequence[Path]) -> None:
    """Without them a bare `alvh` says what there is to do; that is no reason not to open one now."""
    from alvh_tui.directories import Directory

    with suppress(OSError):
        path = Directory.STATE.made() / LAST
        path.write_text(json.dumps({"books": [str(book.resolve()) for book in books]}), encoding="utf-8")


def _print(books: Sequence[Path], args: argparse.Namespace) -> int:
    if args.json and len(books) > 1:
        complain("alvh: --json prints one document: name one book")
        return Exit.USAGE
    from alvh_tui.cli import snapshot

    asked = {"since": None, "fail_on": None, **vars(args)}
    return max(snapshot.run(argparse.Namespace(**asked, book=book)) for book in books)
