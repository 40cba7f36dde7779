"""Writes a snapshot as a market folder that reads back the same."""

import csv
import gzip
import io
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market import folder_tables as tables
from alvh_tui.market.folder_header import HEADER
from alvh_tui.market.types import Chain, Event, History, MarketSnapshot, Quote

FILES = frozenset(
    {HEADER, *(f"{name}.csv{gz}" for name in ("quotes", "chains", "history", "events") for gz in ("", ".gz"))}
)


class NotAMarketFolderError(Exception):
    """There is something else where the folder was to be written; the message says what."""


def write_market(snapshot: MarketSnapshot, path: Path) -> None:
    """Puts the snapshot where `path` points, whole or not at all; a market folder there is replaced.

    Sources and warnings are not written: they belong to the reading of a market, not to the market.
    """
    _refuse_what_is_foreign(path)
    files = dict(_files_of(snapshot))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.parent / f".{path.name}.{os.getpid()}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        _put_in_place(fresh, path)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_what_is_foreign(path: Path) -> None:
    if path.is_dir():
        foreign = sorted(entry.name for entry in path.iterdir() if entry.name not in FILES)
        if foreign:
            raise NotAMarketFolderError(
                f"{path} holds other things as well ({foreign[0]}); it is left as it is"
            )
    elif path.exists():
        raise NotAMarketFolderError(f"{path} is a file; expected a folder, or a name that is still free")


def _put_in_place(fresh: Path, path: Path) -> None:
    """A folder cannot be renamed over a full one, so the old one steps aside first."""
    if not path.exists():
        fresh.rename(path)
        return
    old = path.parent / f".{path.name}.{os.getpid()}.old"
    path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _files_of(snapshot: MarketSnapshot) -> Iterator[tuple[str, bytes]]:
    yield HEADER, _header(snapshot).encode()
    if snapshot.quotes:
        yield "quotes.csv", _csv(tables.QUOTES_HAVE, _quote_rows(snapshot.quotes.values()))
    if snapshot.chains:
        yield "chains.csv.gz", _packed(_csv(tables.CHAINS_HAVE, _chain_rows(snapshot.chains.values())))
    if snapshot.history is not None:
        names = [name for name in tables.SERIES if name in snapshot.history.series]
        yield "history.csv.gz", _packed(_csv(("date", *names), _history_rows(snapshot.history, names)))
    if snapshot.events:
        yield "events.csv", _csv(tables.EVENTS_HAVE, _event_rows(snapshot.events))


def _header(snapshot: MarketSnapshot) -> str:
    lines = [f"time = {_moment(snapshot.time)}"]
    if snapshot.origin:
        lines.append(f"source = {_toml_text(snapshot.origin)}")
    if snapshot.note:
        lines.append(f"note = {_toml_text(snapshot.note)}")
    if snapshot.delay:
        lines.append(f"delay_minutes = {_number(snapshot.delay / timedelta(minutes=1))}")
    if snapshot.risk_free is not None:
        lines.append(f"\n[rates]\nrisk_free = {snapshot.risk_free!r}")
    return "\n".join(lines) + "\n"


def _toml_text(text: str) -> str:
    """JSON's escapes are TOML's as well, but for the one control character JSON leaves bare."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _quote_rows(quotes: Iterable[Quote]) -> Iterator[list[str]]:
    for quote in quotes:
        prices = (quote.bid, quote.ask, quote.last, quote.prev_close)
        yield [quote.symbol, *map(_number, prices), _moment(quote.time)]


def _chain_rows(chains: Iterable[Chain]) -> Iterator[list[str]]:
    for chain in chains:
        start = [chain.root, chain.expiry.isoformat()]
        strikes = chain.strikes.tolist()
        calls = (chain.call_bid, chain.call_ask, chain.call_last, chain.call_time)
        puts = (chain.put_bid, chain.put_ask, chain.put_last, chain.put_time)
        for right, side in (("C", calls), ("P", puts)):
            for strike, bid, ask, last, stamp in zip(strikes, *(part.tolist() for part in side), strict=True):
                yield [
                    *start,
                    right,
                    _number(strike),
                    _number(bid),
                    _number(ask),
                    _number(last),
                    _stamp(stamp),
                ]


def _history_rows(history: History, names: list[str]) -> Iterator[list[str]]:
    columns = [history.series[name].tolist() for name in names]
    for on, *closes in zip(history.days.tolist(), *columns, strict=True):
        yield [on.isoformat(), *map(_number, closes)]


def _event_rows(events: Iterable[Event]) -> Iterator[list[str]]:
    for event in events:
        numbers = (_number(event.actual), _number(event.previous))
        yield [event.on.isoformat(), event.name, event.at or "", *numbers, event.note]


def _number(value: float | None) -> str:
    """The shortest text that reads back as the same number; nothing for what is unknown."""
    if value is None or value != value:
        return ""
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment.astimezone(NEW_YORK).isoformat()


def _stamp(seconds: float) -> str:
    known = seconds == seconds
    return _moment(datetime.fromtimestamp(seconds, NEW_YORK)) if known else ""


def _csv(header: Iterable[str], rows: Iterable[list[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue().encode()


def _packed(content: bytes) -> bytes:
    """Without a time stamp, so that the same market gives the same bytes."""
    return gzip.compress(content, mtime=0)
