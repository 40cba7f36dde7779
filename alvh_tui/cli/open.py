"""alvh BOOK.toml, and alvh alone."""

import argparse
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

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
    """One assessment of each book; without one, what there is to do."""
    if not args.books:
        say(WELCOME)
        return Exit.FINE
    if args.json and len(args.books) > 1:
        complain("alvh: --json prints one document: name one book")
        return Exit.USAGE
    from alvh_tui.cli import snapshot

    asked = {"since": None, "fail_on": None, **vars(args)}
    return max(snapshot.run(argparse.Namespace(**asked, book=book)) for book in args.books)
