"""A book and its rules as their files say them, read again when they change."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from alvh_tui.book.load import load_book
from alvh_tui.book.model import Book
from alvh_tui.method.profile import load_rules
from alvh_tui.method.rules import Rules
from alvh_tui.method.settings import PROFILES
from alvh_tui.toml.problem import Problem

PATIENCE = 4
"""How many looks a file that is missing or empty is given to be whole again, before that is news."""

_Mark = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """The last good book and rules, and what is wrong in the files now."""

    book: Book | None
    rules: Rules | None
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]
    """The position file, and the rules file where the book names one."""

    def says_the_same_as(self, other: "Desk") -> bool:
        prints = [None if desk.rules is None else desk.rules.fingerprint for desk in (self, other)]
        return self.book == other.book and self.problems == other.problems and prints[0] == prints[1]


def read_desk(path: Path) -> Desk:
    """Both, or every problem and neither."""
    loaded = load_book(path)
    if loaded.book is None:
        return Desk(None, None, loaded.problems, (path,))
    named = loaded.book.account.rules
    rules = load_rules(named, beside=path.parent)
    files = (path,) if named in PROFILES else (path, path.parent / named)
    problems = (*loaded.problems, *rules.problems)
    return Desk(None if rules.rules is None else loaded.book, rules.rules, problems, files)


class WatchedDesk:
    """A desk that keeps the last good book while its file is being edited, half-saved or broken."""

    def __init__(self, path: Path, read: Callable[[Path], Desk] = read_desk) -> None:
        self.path = path
        self._read = read
        self.desk = read(path)
        self._seen = self._marks()
        self._pending: tuple[_Mark, ...] | None = None
        self._looks = 0

    def poll(self) -> bool:
        """Whether the desk has changed: a file changed, and has been left alone since the look before."""
        marks = self._marks()
        if marks == self._seen:
            self._pending = None
            return False
        if marks != self._pending:
            self._pending, self._looks = marks, 0
            return False
        self._looks += 1
        whole = all(mark is not None and mark[1] > 0 for mark in marks)
        if not whole and self._looks < PATIENCE:
            return False
        return self._take(self._read(self.path))

    def _take(self, fresh: Desk) -> bool:
        before = self.desk
        if fresh.book is None:
            files = tuple(dict.fromkeys((*fresh.files, *before.files)))
            fresh = replace(before, problems=fresh.problems, files=files)
        self.desk = fresh
        self._seen, self._pending = self._marks(), None
        return not fresh.says_the_same_as(before)

    def _marks(self) -> tuple[_Mark, ...]:
        return tuple(_mark(path) for path in self.desk.files)


def _mark(path: Path) -> _Mark:
    """What changes with every save; None for a file that is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - twice a second
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
