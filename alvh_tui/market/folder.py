"""A market folder: plain files that hold one moment of the market, to record, replay and bring one's own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market import folder_tables as tables
from alvh_tui.market.folder_header import read_header
from alvh_tui.market.folder_writer import write_market
from alvh_tui.market.freshness import close_of, closes_state, source_state
from alvh_tui.market.table import Table, UnreadableFileError, read_table
from alvh_tui.market.types import (
    Chain,
    FeedUnavailableError,
    MarketSnapshot,
    Quote,
    Source,
    SourceState,
)

__all__ = ["MarketFolder", "read_market", "write_market"]

Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class MarketFolder:
    """A recorded moment as a feed: the same quotes whenever it is asked, growing older."""

    path: Path
    name: str = "folder"

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:  # noqa: ARG002
        """The whole record, whatever is asked for: it is read at once, and hedges are looked up in it."""
        return read_market(self.path, at)


def read_market(path: Path, at: datetime | None = None) -> MarketSnapshot:
    """The folder's moment, its sources judged as of `at` (by default: when the quotes were taken).

    Rows that are wrong are left out and named in the snapshot's warnings. Daily closes that were not yet
    known at the folder's time are left out silently, so that one long history can lie in many folders.
    """
    header = read_header(path)
    reading = _Reading(path, [*header.warnings], [])
    quotes = reading.file("quotes", tables.QUOTES_NEED, tables.QUOTES_HAVE, tables.quotes_in)
    chains = reading.file("chains", tables.CHAINS_NEED, tables.CHAINS_HAVE, tables.chains_in)
    history = reading.file(
        "history", ("date",), ("date", *tables.SERIES), lambda table: tables.history_in(table, header.time)
    )
    events = reading.file("events", tables.EVENTS_NEED, tables.EVENTS_HAVE, tables.events_in)
    if not quotes and not chains and history is None:
        raise FeedUnavailableError(_nothing_usable(path, reading.warnings))
    snapshot = replace(
        header,
        quotes=quotes or {},
        chains=chains or {},
        history=history,
        events=events or (),
        warnings=tuple(reading.warnings),
    )
    return replace(snapshot, sources=(*_sources_of(snapshot, at or header.time), *reading.failed))


def _nothing_usable(path: Path, warnings: list[str]) -> str:
    first = f"; the first fault: {warnings[0]}" if warnings else ""
    return f"{path} holds no quotes, no chains and no history that could be used{first}"


@dataclass(slots=True)
class _Reading:
    """One pass over a folder: the faults so far, and the files that could not be read at all."""

    path: Path
    warnings: list[str]
    failed: list[Source]

    def file(
        self, name: str, needed: Sequence[str], wanted: Sequence[str], parse: Callable[[Table], Parsed]
    ) -> Parsed | None:
        """What the file says, or None where it is absent or of no use."""
        found = [path for ending in (".csv", ".csv.gz") if (path := self.path / f"{name}{ending}").is_file()]
        if not found:
            return None
        if len(found) > 1:
            self.warnings.append(f"{found[1].name}: left out, {found[0].name} lies beside it")
        try:
            table = read_table(found[0], needed, wanted)
        except UnreadableFileError as error:
            self.warnings.append(f"{error}; left out")
            self.failed.append(Source(f"folder.{name}", SourceState.FAILED, None, None, str(error)))
            return None
        parsed = parse(table)
        self.warnings.extend(table.faults.said)
        return parsed


def _sources_of(snapshot: MarketSnapshot, at: datetime) -> list[Source]:
    untimed = snapshot.time - snapshot.delay
    newest = {
        "folder.quotes": _newest_quote(snapshot.quotes.values(), untimed),
        "folder.chains": _newest_row(snapshot.chains.values(), untimed),
    }
    sources = [
        Source(name, source_state(when, at, snapshot.delay), when, snapshot.time)
        for name, when in newest.items()
        if when is not None
    ]
    if snapshot.history is not None:
        last = tables.last_day(snapshot.history)
        sources.append(Source("folder.history", closes_state(last, at), close_of(last), snapshot.time))
    return sources


def _newest_quote(quotes: Iterable[Quote], untimed: datetime) -> datetime | None:
    return max((quote.time or untimed for quote in quotes), default=None)


def _newest_row(chains: Iterable[Chain], untimed: datetime) -> datetime | None:
    stamps = [column for chain in chains for column in (chain.call_time, chain.put_time)]
    if not stamps:
        return None
    known = np.concatenate(stamps)
    if np.isnan(known).any():
        return untimed
    return datetime.fromtimestamp(float(known.max()), NEW_YORK)
