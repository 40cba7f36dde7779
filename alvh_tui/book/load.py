"""Loads a position file: the whole book, or everything that is wrong with it at once."""

from dataclasses import dataclass
from pathlib import Path

from alvh_tui.book.model import Account, Book, ClosedTrade
from alvh_tui.book.positions import read_condor, read_hedge
from alvh_tui.book.schema import ACCOUNT, CLOSED, FILE, SCHEMA
from alvh_tui.book.trades import day_of, read_moment
from alvh_tui.book.warn import warnings_on
from alvh_tui.toml.document import Document, read_document, read_file
from alvh_tui.toml.problem import Problem, errors_in
from alvh_tui.toml.reader import Table
from alvh_tui.toml.text import quoted

__all__ = ["Loaded", "load_book", "parse_book", "warnings_on"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A book with its warnings, or no book and what is wrong, in the order of the file's lines."""

    book: Book | None
    problems: tuple[Problem, ...]
    rules: str
    """The rules the file asks for, whatever else is wrong in it."""
    rules_line: int
    """Where it asks for them."""


def load_book(path: Path) -> Loaded:
    return _loaded(read_file(path), path)


def parse_book(text: str, path: Path) -> Loaded:
    """The book in a text, as if it stood in that file."""
    return _loaded(read_document(text, str(path)), path)


def _loaded(document: Document, path: Path) -> Loaded:
    loader = _Loader(document)
    book = loader.book(path)
    problems = tuple(sorted((*document.problems, *loader.problems), key=lambda problem: problem.line))
    return Loaded(
        None if errors_in(problems) else book,
        problems,
        book.account.rules,
        document.line(("account", "rules")),
    )


class _Loader:
    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self._file = Table(document, self.problems)
        self._condors = self._file.tables("condor")
        self._hedges = self._file.tables("hedge")
        self._closed = self._file.tables("closed")

    def book(self, path: Path) -> Book:
        """What can be read of the book; whole where no problem is an error."""
        schema = self._file.read(FILE).get("schema", SCHEMA)
        if schema != SCHEMA:
            newer = "a newer alvh-tui for this file, or " if schema > SCHEMA else ""
            self._file.report("schema", what=f"is {schema}", expected=f"expected {newer}schema = {SCHEMA}")
        self._check_ids()
        self._check_protects()
        account = self._file.table("account")
        values = account.read(ACCOUNT) if account else {}
        condors = tuple(condor for table in self._condors if (condor := read_condor(table)))
        hedges = tuple(hedge for table in self._hedges if (hedge := read_hedge(table)))
        closed = tuple(trade for table in self._closed if (trade := _read_closed(table)))
        return Book(path, Account(**values), condors, hedges, closed)

    def _check_ids(self) -> None:
        first: dict[str, int] = {}
        named = (*self._condors, *self._hedges, *self._closed)
        for table in sorted(named, key=lambda table: table.line_of("id")):
            name = table.written("id")
            if not isinstance(name, str):
                continue
            line = first.setdefault(name, table.line_of("id"))
            if line != table.line_of("id"):
                what = f"{quoted(name)} is taken, on line {line}"
                table.report("id", what=what, expected="expected an id of its own for each trade")

    def _check_protects(self) -> None:
        ids = [table.written("id") for table in self._condors]
        some_unread = self._file.is_lost("condor") or not all(isinstance(name, str) for name in ids)
        for table in () if some_unread else self._hedges:
            named = table.written("protects")
            several = named if isinstance(named, list) else [named]
            for number, name in enumerate(several):
                if isinstance(name, str) and name not in ids:
                    at = ("protects", number) if isinstance(named, list) else ("protects",)
                    right = ", ".join(map(quoted, dict.fromkeys(ids))) or "none, as the file holds no condor"
                    what = f"{quoted(name)} is the id of no condor"
                    table.report(*at, what=what, expected=f"expected one of {right}")


def _read_closed(table: Table) -> ClosedTrade | None:
    values = table.read(CLOSED)
    closed = read_moment(values, "closed")
    if closed is None or not {"id", "kind", "realised"} <= values.keys():
        return None
    return ClosedTrade(**(values | {"closed": day_of(closed)}), line=table.line)
