"""Advances and declines the user brings: one CSV file, or a folder of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np

from alvh_tui.market.folder_tables import history_in, last_day
from alvh_tui.market.freshness import close_of, closes_state
from alvh_tui.market.table import UnreadableFileError, read_table
from alvh_tui.market.types import History, MarketSnapshot, Source, SourceState

COLUMNS = ("date", "advances", "declines")
ENDINGS = (".csv", ".csv.gz")
SOURCE = "breadth.file"


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """What was counted in the sessions that are over."""

    closes: History | None
    warnings: tuple[str, ...] = ()
    error: str | None = None
    """Why there is nothing at all."""


def read_counts(path: Path, known_at: datetime) -> Counts:
    """Up to the last session that has closed; of a day in several files the last by name counts."""
    found: History | None = None
    warnings: list[str] = []
    try:
        paths = _files(path)
    except OSError as error:
        return Counts(None, (), f"{path} cannot be read ({error.strerror})")
    for file in paths:
        try:
            table = read_table(file, COLUMNS, COLUMNS)
        except UnreadableFileError as error:
            warnings.append(f"{error}; left out")
            continue
        closes = history_in(table, known_at)
        warnings.extend(table.faults.said)
        if closes is not None:
            whole = _whole_days(closes)
            found = whole if found is None else _together(found, whole)
    if found is not None:
        return Counts(found, tuple(warnings))
    why = warnings[0] if warnings else f"no session up to {known_at:%Y-%m-%d}"
    return Counts(None, tuple(warnings[1:]), f"no advances and declines in {path}: {why}")


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.iterdir() if file.name.endswith(ENDINGS) and file.is_file())


def _whole_days(closes: History) -> History:
    """A rise without its fall is of no use, and must not stand beside another source's fall."""
    known = np.logical_and.reduce([np.isfinite(column) for column in closes.series.values()])
    series = {name: np.where(known, column, np.nan) for name, column in closes.series.items()}
    return History(closes.days, series)


def _together(one: History, other: History) -> History:
    days = np.union1d(one.days, other.days)
    empty = History(days, {})
    return beside(beside(empty, one), other)


def beside(history: History, more: History) -> History:
    """The history with more columns, on its own days; where both know a value, the newcomer's counts."""
    place = np.searchsorted(history.days, more.days)
    shared = (place < len(history.days)) & np.isin(more.days, history.days)
    series = dict(history.series)
    for name, column in more.series.items():
        known = shared & np.isfinite(column)
        merged = series.get(name, np.full(len(history.days), np.nan)).copy()
        merged[place[known]] = column[known]
        series[name] = merged
    return History(history.days, series)


def with_counts(snapshot: MarketSnapshot, counts: Counts, at: datetime) -> MarketSnapshot:
    """The market with the user's counts in its daily closes, and their source beside the others."""
    warnings = (*snapshot.warnings, *counts.warnings)
    if counts.closes is None:
        failed = Source(SOURCE, SourceState.FAILED, None, None, counts.error)
        return replace(snapshot, sources=(*snapshot.sources, failed), warnings=warnings)
    last = last_day(counts.closes)
    source = Source(SOURCE, closes_state(last, at), close_of(last), snapshot.time)
    history = None if snapshot.history is None else beside(snapshot.history, counts.closes)
    return replace(snapshot, history=history, sources=(*snapshot.sources, source), warnings=warnings)
