"""The book and rules a command works on."""

from pathlib import Path

from alvh_tui.book.load import Loaded, load_book
from alvh_tui.book.model import Book
from alvh_tui.cli.output import complain
from alvh_tui.method.profile import LoadedRules, Mark, load_rules
from alvh_tui.method.rules import Rules


def book_and_rules(path: Path) -> tuple[Book | None, Rules | None]:
    """Both, or every problem said and at least one None."""
    loaded = load_book(path)
    for problem in loaded.problems:
        complain(str(problem))
    if loaded.book is None:
        return None, None
    rules = rules_of(loaded, path)
    for problem in rules.problems:
        complain(str(problem))
    return loaded.book, rules.rules


def rules_of(loaded: Loaded, path: Path) -> LoadedRules:
    """The rules a position file names, relative to where it lies."""
    return load_rules(loaded.rules, path.parent, Mark(str(path), loaded.rules_line, "account.rules"))
