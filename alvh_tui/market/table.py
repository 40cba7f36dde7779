"""Reads one CSV file of a market folder into columns; whatever is wrong is said, never raised."""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alvh_tui.instruments.calendar import KNOWN_YEARS, NEW_YORK
from alvh_tui.toml.text import quoted

if TYPE_CHECKING:
    from alvh_tui.market.types import Column

SAID_A_FILE = 10
"""Faults listed one by one; the others are only counted."""


class UnreadableFileError(Exception):
    """The whole file is of no use; the message says why."""


@dataclass(slots=True)
class Faults:
    """What was wrong in one file and left out."""

    file: str
    _said: list[str] = field(default_factory=list)
    _more: int = 0

    def add(self, line: int, what: str) -> None:
        if len(self._said) < SAID_A_FILE:
            self._said.append(f"{self.file}:{line}: {what}")
        else:
            self._more += 1

    def add_to_file(self, what: str) -> None:
        """Something that concerns more than one line."""
        self._said.append(f"{self.file}: {what}")

    @property
    def said(self) -> tuple[str, ...]:
        more = (f"{self.file}: {self._more} further faults like these",) if self._more else ()
        return (*self._said, *more)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text by their names in small letters, all of one length, and the line each row ends on."""

    columns: dict[str, tuple[str, ...]]
    lines: list[int]
    faults: Faults

    def text(self, name: str) -> tuple[str, ...]:
        """The column, empty cells where the file has no such column."""
        return self.columns.get(name) or ("",) * len(self.lines)

    def numbers(self, name: str, lowest: float = 0.0) -> "Column":
        """The column; empty, infinite and too low cells are NaN, and so are those that are no number."""
        cells = self.text(name)
        try:
            column = np.array([float(cell) if cell else np.nan for cell in cells], dtype=float)
        except ValueError:
            column = np.array([self._number(name, row, cell) for row, cell in enumerate(cells)], dtype=float)
        column[~np.isfinite(column) | (column < lowest)] = np.nan
        return column

    def _number(self, name: str, row: int, cell: str) -> float:
        try:
            return float(cell.strip() or "nan")
        except ValueError:
            self.faults.add(self.lines[row], f"{name} {quoted(cell)} is not a number, taken as unknown")
            return float("nan")

    def times(self, name: str) -> list[datetime | None]:
        """The column of instants, with the zone New York where a time names none."""
        read = lru_cache(maxsize=None)(instant)
        return [self._time(name, row, cell, read) for row, cell in enumerate(self.text(name))]

    def _time(
        self, name: str, row: int, cell: str, read: Callable[[str], tuple[datetime, bool]]
    ) -> datetime | None:
        if not cell.strip():
            return None
        try:
            moment, zoned = read(cell)
        except ValueError:
            self.faults.add(self.lines[row], f"{name} {quoted(cell)} is not an ISO time, taken as unknown")
            return None
        if not zoned:
            self.faults.add(self.lines[row], f"{name} {quoted(cell)} has no UTC offset, read as New York")
        return moment


def instant(text: str) -> tuple[datetime, bool]:
    """An ISO time in New York, and whether the text named its zone; ValueError where it is none."""
    moment = datetime.fromisoformat(text.strip())
    if moment.year not in KNOWN_YEARS:
        raise ValueError(f"{moment.year} is out of reach")
    if moment.tzinfo is None:
        return moment.replace(tzinfo=NEW_YORK), False
    return moment.astimezone(NEW_YORK), True


def day(text: str) -> date | None:
    """An ISO date within the exchange calendar, or None."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in KNOWN_YEARS else None


def plain(text: str) -> str:
    """Foreign text on one line, without anything a terminal would obey."""
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in text)


def read_table(path: Path, needed: Collection[str], wanted: Collection[str]) -> Table:
    """The wanted columns of a CSV file, plain or compressed; UnreadableFileError where none can be had."""
    faults = Faults(path.name)
    reader = csv.reader(io.StringIO(_text_of(path), newline=""))
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = next(reader, [])
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        faults.add(reader.line_num, f"unreadable from here on ({error})")
    names = [name.strip().lower() for name in header]
    missing = [name for name in needed if name not in names]
    if missing:
        raise UnreadableFileError(f"{path.name} has no column {' and no column '.join(missing)}")
    width = len(names)
    cells = list(zip(*[_as_wide_as(width, row) for row in rows], strict=True)) or [()] * width
    return Table({name: cells[names.index(name)] for name in wanted if name in names}, lines, faults)


def _as_wide_as(width: int, row: list[str]) -> list[str]:
    if len(row) == width:
        return row
    return row[:width] if len(row) > width else row + [""] * (width - len(row))


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFileError(f"{path.name} cannot be read ({reason})") from error
    return content.decode("utf-8-sig", errors="replace")
