"""Option quotes that somebody downloaded by hand from the exchange's delayed-quotes page, as a market.

The page writes `quotedata.csv`: a few lines that name the underlying, its level, and a date in the language
of the browser; then a row for each expiry and strike, the call on the left and the put on the right.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK, OPENS, is_session, previous_session, trading_ends
from alvh_tui.instruments.contract import Right
from alvh_tui.instruments.roots import Family, root_named
from alvh_tui.market.freshness import close_of
from alvh_tui.market.quotedata_date import moment_in
from alvh_tui.market.table import Faults
from alvh_tui.market.types import Chain, MarketSnapshot, Quote
from alvh_tui.toml.text import quoted

if TYPE_CHECKING:
    from alvh_tui.market.types import Column

DELAY = timedelta(minutes=15)
"""What the page says its quotes lag behind."""
LARGEST = 50_000_000
"""Bytes; a whole SPX table has 2 to 3 million."""
ORIGIN = "Cboe delayed quotes, downloaded by hand"

_SYMBOL = re.compile(r"([A-Z]{1,6}?)(\d{6})([CP])(\d{8})")
_IN_A_LINE = re.compile(r"[A-Z]{1,6}\d{6}[CP]\d{8}\"?([,;\t])")
_LABELLED = {
    name: re.compile(rf"{name}:\s*([-+\d.,'’\u00a0\u202f ]*\d)") for name in ("Last", "Change", "Bid", "Ask")
}
_UP_TO_LABEL = re.compile(r"\b(?:Last|Change|Bid|Ask):")
_OFFSETS = {"last sale": 1, "bid": 3, "ask": 4}
"""Where the exchange puts them after the contract, for a table whose headings are in another language."""
_COMMA_DECIMAL = re.compile(r"-?\d+,(\d{1,2}|\d{4,})")


class QuoteFileError(Exception):
    """The file is not one of the exchange's quote tables; the message says why."""


@dataclass(frozen=True, slots=True)
class _Row:
    root: str
    expiry: date
    right: Right
    strike: float
    bid: float | None
    ask: float | None
    last: float | None


@dataclass(frozen=True, slots=True)
class QuoteFile:
    """One table: every contract in it, and the underlying's own quote."""

    time: datetime
    """When the page was drawn up."""
    underlying: Quote
    rows: tuple[_Row, ...]
    warnings: tuple[str, ...]


def market_of_files(paths: Sequence[Path], at: datetime | None = None) -> MarketSnapshot:
    """Several tables, SPX and VIX as a rule, as one market; `at` stands in for a date that cannot be read."""
    files = [read_quote_file(path, at) for path in paths]
    times = [file.time for file in files]
    warnings = [warning for file in files for warning in file.warnings]
    if max(times) - min(times) > DELAY:
        warnings.append(f"the files lie {(max(times) - min(times)).total_seconds() / 60:,.0f} minutes apart")
    chains: dict[tuple[str, date], Chain] = {}
    for file in files:
        chains |= _chains(file.rows, true_since(file.time))
    return MarketSnapshot(
        time=max(times),
        quotes={file.underlying.symbol: file.underlying for file in files},
        chains=dict(sorted(chains.items())),
        delay=DELAY,
        origin=ORIGIN,
        note=f"from {', '.join(path.name for path in paths)}",
        warnings=tuple(warnings),
    )


def read_quote_file(path: Path, at: datetime | None = None) -> QuoteFile:
    """QuoteFileError where it is none, or where it does not say when it was made and `at` does not either."""
    faults = Faults(path.name)
    lines = _text_of(path).splitlines()
    found = next((n for n, line in enumerate(lines) if _IN_A_LINE.search(line)), None)
    if found is None:
        raise QuoteFileError(
            f"{path.name} holds no option symbols such as SPXW261218P06400000; "
            "expected the quotedata.csv of the exchange's delayed-quotes page"
        )
    delimiter = _delimiter_of(lines[found])
    try:
        head = _cells(lines[:found], delimiter)
        table = _Table(_cells(lines[found:], delimiter), head[-1] if head else [])
    except csv.Error as error:
        raise QuoteFileError(f"{path.name} is no table ({error})") from error
    preamble = [" ".join(cell for cell in cells if cell.strip()) for cells in head]
    dates = (moment_in(_UP_TO_LABEL.split(line)[0]) for line in preamble)
    time = at or next((moment for moment in dates if moment is not None), None)
    if time is None:
        raise QuoteFileError(
            f"{path.name} does not say when its quotes were taken, or in words this program does not know; "
            "give the time with --at, as the page showed it"
        )
    rows = tuple(table.rows(faults, found + 1))
    if not rows:
        raise QuoteFileError(f"{path.name} holds no row that could be read: {faults.said[0]}")
    underlying = _underlying(_most_common(rows), " ".join(preamble), time)
    if underlying.last is not None and not _fits(underlying.last, rows):
        faults.add_to_file(f"a level of {underlying.last:,.2f} fits none of the strikes, taken as unknown")
        underlying = replace(underlying, last=None, prev_close=None)
    return QuoteFile(time, underlying, rows, faults.said)


def _fits(level: float, rows: Sequence[_Row]) -> bool:
    strikes = [row.strike for row in rows]
    return min(strikes) / 2 <= level <= 2 * max(strikes)


def true_since(stamp: datetime) -> datetime:
    """When quotes on a page of that moment were true: its delay earlier, and never after trading ended."""
    moment = (stamp - DELAY).astimezone(NEW_YORK)
    return min(moment, trading_ends(_session_of(moment)))


def _session_of(moment: datetime) -> date:
    """The session that had last begun by then."""
    day = moment.date()
    begun = is_session(day) and moment >= datetime.combine(day, OPENS, NEW_YORK)
    return day if begun else previous_session(day)


def _text_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise QuoteFileError(f"{path} cannot be read ({error.strerror})") from error
    if len(content) > LARGEST:
        raise QuoteFileError(f"{path.name} is far too large for a quote table")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace")


def _delimiter_of(line: str) -> str:
    found = _IN_A_LINE.search(line)
    return found[1] if found else ","


def _cells(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=delimiter))


class _Table:
    """The rows of calls and puts, whatever the headings and the decimal sign."""

    def __init__(self, cells: list[list[str]], headings: list[str]) -> None:
        self._cells = cells
        self._headings = [heading.strip().lower() for heading in headings]
        self._comma = any(_COMMA_DECIMAL.fullmatch(cell) for row in cells[:200] for cell in row)

    def rows(self, faults: Faults, first_line: int) -> Iterator[_Row]:
        for number, cells in enumerate(self._cells, first_line):
            if not any(cell.strip() for cell in cells):
                continue
            symbols = [
                (at, match) for at, cell in enumerate(cells) if (match := _SYMBOL.fullmatch(cell.strip()))
            ]
            if not symbols:
                faults.add(number, f"{quoted(','.join(cells))} names no contract; row left out")
            for at, match in symbols:
                try:
                    yield self._row(match, at, cells)
                except ValueError as error:
                    faults.add(number, f"{match[0]}: {error}; left out")

    def _row(self, match: re.Match[str], at: int, cells: list[str]) -> _Row:
        root, day, right, strike = match.groups()
        values = {name: self._value(name, at, cells) for name in _OFFSETS}
        return _Row(
            root=root,
            expiry=date(2000 + int(day[:2]), int(day[2:4]), int(day[4:])),
            right="C" if right == "C" else "P",
            strike=int(strike) / 1000,
            bid=values["bid"],
            ask=values["ask"],
            last=values["last sale"] or None,
        )

    def _value(self, name: str, at: int, cells: list[str]) -> float | None:
        place = at + _OFFSETS[name]
        if name in self._headings[at:]:
            place = self._headings.index(name, at)
        cell = cells[place].strip() if place < len(cells) else ""
        return number_in(cell, comma=self._comma) if cell else None


def number_in(text: str, *, comma: bool) -> float:
    """The price, with a comma or a point before its decimals; ValueError where it is none."""
    bare = re.sub(r"['’\s\u00a0\u202f]", "", text)
    bare = bare.replace(".", "").replace(",", ".") if comma else bare.replace(",", "")
    value = float(bare)
    if not np.isfinite(value) or value < 0:
        raise ValueError(f"{quoted(text)} is no price")
    return value


def _most_common(rows: Iterable[_Row]) -> str:
    roots = [root_named(row.root).underlying for row in rows]
    return max(set(roots), key=roots.count)


def _underlying(name: str, preamble: str, time: datetime) -> Quote:
    """Its level and close; an index has no bid and ask that anybody could trade at."""
    is_index = root_named(name).family is not Family.EQUITY
    told = {label: _labelled(label, preamble) for label in _LABELLED}
    last, change = told["Last"], told["Change"]
    symbol = f"^{name}" if is_index else name
    true = true_since(time)
    return Quote(
        symbol=symbol,
        bid=None if is_index else told["Bid"] or None,
        ask=None if is_index else told["Ask"] or None,
        last=last or None,
        prev_close=round(last - change, 4) if last and change is not None else None,
        time=min(true, close_of(_session_of(true))) if is_index else true,
    )


def _labelled(label: str, preamble: str) -> float | None:
    found = _LABELLED[label].search(preamble)
    if found is None:
        return None
    text = found[1].strip().rstrip(".,")
    sign, size = (-1.0 if text.startswith("-") else 1.0), text.lstrip("+-").strip()
    comma = "," in size and (size.rfind(",") > size.rfind("."))
    try:
        return sign * number_in(size, comma=comma)
    except ValueError:
        return None


def _chains(rows: Sequence[_Row], time: datetime) -> dict[tuple[str, date], Chain]:
    by_expiry: dict[tuple[str, date], dict[tuple[Right, float], _Row]] = {}
    for row in rows:
        by_expiry.setdefault((row.root, row.expiry), {})[row.right, row.strike] = row
    return {key: _chain(*key, of_one, time) for key, of_one in by_expiry.items()}


def _chain(root: str, expiry: date, rows: dict[tuple[Right, float], _Row], time: datetime) -> Chain:
    strikes = sorted({strike for _, strike in rows})

    def column(right: Right, name: str) -> "Column":
        cells = (rows.get((right, strike)) for strike in strikes)
        values = (None if row is None else getattr(row, name) for row in cells)
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    stamps = {
        right: np.where([(right, strike) in rows for strike in strikes], time.timestamp(), np.nan)
        for right in ("C", "P")
    }
    return Chain(
        root,
        expiry,
        np.array(strikes),
        column("C", "bid"),
        column("C", "ask"),
        column("C", "last"),
        column("P", "bid"),
        column("P", "ask"),
        column("P", "last"),
        stamps["C"],
        stamps["P"],
    )
