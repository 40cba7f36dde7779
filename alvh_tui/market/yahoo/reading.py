"""From Yahoo's JSON to answers. It is read with distrust: what is no number, date or symbol is left out."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from alvh_tui.instruments.calendar import KNOWN_YEARS, NEW_YORK
from alvh_tui.market.types import Chain, Event, Quote
from alvh_tui.market.yahoo.answers import OPTIONS_LATE_BY, ChainAnswer, QuoteAnswer, moment
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError
from alvh_tui.market.yahoo.symbols import contract_of, expiry_of

if TYPE_CHECKING:
    from alvh_tui.instruments.contract import Contract

LONGEST_DELAY = timedelta(days=1)
EARLIEST = datetime(KNOWN_YEARS[0] + 1, 1, 1, tzinfo=NEW_YORK).timestamp()
LATEST = datetime(KNOWN_YEARS[-1], 1, 1, tzinfo=NEW_YORK).timestamp()

_RELEASES = (
    (re.compile(r"CPI YY", re.IGNORECASE), "CPI"),
    (re.compile(r"PPI (Final Demand )?YY", re.IGNORECASE), "PPI"),
    (re.compile(r"Fed Funds (Tgt|Target)", re.IGNORECASE), "FOMC"),
    (re.compile(r"FOMC.*Minutes|Fed.*Minutes", re.IGNORECASE), "FOMC-minutes"),
)


def quotes_in(payload: Any, fetched: datetime) -> dict[str, QuoteAnswer]:
    """By symbol; a symbol Yahoo does not know is simply missing."""
    rows = _part(payload, "quoteResponse").get("result")
    if not isinstance(rows, list):
        raise FetchFailedError(Fault.BAD_ANSWER, "quotes without a list of them")
    read = (_quote_in(row, fetched) for row in rows if isinstance(row, dict))
    return {answer.quote.symbol: answer for answer in read if answer is not None}


def _quote_in(row: Mapping[str, Any], fetched: datetime) -> QuoteAnswer | None:
    symbol = row.get("symbol")
    if not isinstance(symbol, str) or not symbol:
        return None
    delay = _minutes(row.get("exchangeDataDelayedBy"))
    bid, ask, _ = _sides(row)
    if contract_of(symbol) is not None:
        # The time that comes with an option is its last trade's, which may be days before the quote.
        time: datetime | None = fetched - max(delay or timedelta(0), OPTIONS_LATE_BY)
    else:
        time = _time(row.get("regularMarketTime"))
    quote = Quote(
        symbol,
        _or_none(bid),
        _or_none(ask),
        _price(row.get("regularMarketPrice")),
        _price(row.get("regularMarketPreviousClose")),
        time,
    )
    state = row.get("marketState")
    return QuoteAnswer(quote, delay, state if isinstance(state, str) else "")


def chain_in(payload: Any, symbol: str, expiry: date | None, fetched: datetime) -> ChainAnswer:
    """One underlying's options of one date; rows are told apart by their contract symbols."""
    results = _part(payload, "optionChain").get("result")
    if not isinstance(results, list):
        raise FetchFailedError(Fault.BAD_ANSWER, "a chain without a result")
    if not results:
        raise FetchFailedError(Fault.NOT_OFFERED, f"Yahoo has no options on {symbol}")
    result = results[0] if isinstance(results[0], dict) else {}
    dates = (expiry_of(x) for x in _list(result.get("expirationDates")) if _is_moment(x))
    listed = tuple(sorted(set(dates)))
    blocks = [block for block in _list(result.get("options")) if isinstance(block, dict)]
    sides = [_list(block.get(side)) for block in blocks[:1] for side in ("calls", "puts")]
    level = result.get("quote")
    if not listed:
        raise FetchFailedError(Fault.BAD_ANSWER, f"{symbol} without any expiry")
    if sides and any(sides) and not all(sides):
        raise FetchFailedError(Fault.PARTIAL, f"a chain of {'puts' if not sides[0] else 'calls'} only")
    rows = [row for side in sides for row in side if isinstance(row, dict)]
    chains, crossed = _chains(rows)
    if expiry is not None:
        # Asked for a date it does not know, Yahoo has been seen to answer with another one.
        chains = {key: chain for key, chain in chains.items() if key[1] == expiry}
    return ChainAnswer(
        symbol,
        expiry or (min(key[1] for key in chains) if chains else listed[0]),
        fetched,
        listed,
        chains,
        _quote_in({"symbol": symbol, **level}, fetched) if isinstance(level, dict) else None,
        crossed,
    )


def _chains(rows: Iterable[Mapping[str, Any]]) -> tuple[dict[tuple[str, date], Chain], int]:
    """By root and expiry, and how many rows were bid above their ask; of two rows for one contract the
    later counts."""
    found: dict[Contract, tuple[float, float, float]] = {}
    crossed: set[Contract] = set()
    for row in rows:
        contract = contract_of(str(row.get("contractSymbol")))
        if contract is None or contract.strike is None or contract.strike <= 0:
            continue
        bid, ask, is_crossed = _sides(row)
        found[contract] = (bid, ask, _number(_price(row.get("lastPrice"))))
        if is_crossed:
            crossed.add(contract)
    by_key: dict[tuple[str, date], dict[str, dict[float, tuple[float, float, float]]]] = {}
    for contract, prices in found.items():
        if contract.expiry is not None and contract.strike is not None and contract.right is not None:
            sides = by_key.setdefault((contract.root, contract.expiry), {"C": {}, "P": {}})
            sides[contract.right][contract.strike] = prices
    return {key: _chain(*key, sides) for key, sides in sorted(by_key.items())}, len(crossed)


def _chain(root: str, expiry: date, sides: Mapping[str, Mapping[float, tuple[float, float, float]]]) -> Chain:
    strikes = sorted({*sides["C"], *sides["P"]})
    nothing = (math.nan, math.nan, math.nan)
    table = np.array(
        [[*sides["C"].get(strike, nothing), *sides["P"].get(strike, nothing)] for strike in strikes]
    )
    unknown = np.full(len(strikes), np.nan)
    columns = [*table.T.copy(), unknown, unknown]
    return Chain(root, expiry, np.array(strikes), *columns)


def _sides(row: Mapping[str, Any]) -> tuple[float, float, bool]:
    """Bid and ask; nothing on both sides is an unknown market, not one at 0, and a crossed one is none."""
    bid, ask = (_not_negative(row.get(side)) for side in ("bid", "ask"))
    if ask == 0.0 or math.isnan(ask):
        return (bid if bid > 0 else math.nan), math.nan, False
    if bid > ask:
        return math.nan, math.nan, True
    return bid, ask, False


def releases_in(rows: Sequence[Mapping[str, Any]]) -> tuple[Event, ...]:
    """The American releases the method watches; figures as year on year."""
    found: dict[tuple[date, str], Event] = {}
    for row in rows:
        title, when = str(row.get("Event", "")), row.get("Event Time")
        name = next((name for pattern, name in _RELEASES if pattern.match(title)), None)
        if name is None or row.get("Region") != "US" or not isinstance(when, datetime) or when != when:
            continue
        local = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(NEW_YORK)
        actual, before = (_figure(row.get(column)) for column in ("Actual", "Last"))
        event = Event(local.date(), name, f"{local:%H:%M}", actual, before, f"Yahoo: {title}")
        found.setdefault((event.on, name), event)
    return tuple(sorted(found.values(), key=lambda event: (event.on, event.name)))


def _part(payload: Any, name: str) -> Mapping[str, Any]:
    part = payload.get(name) if isinstance(payload, dict) else None
    if not isinstance(part, dict):
        raise FetchFailedError(Fault.BAD_ANSWER, f"an answer without {name}")
    error = part.get("error")
    if error:
        said = error.get("description") if isinstance(error, dict) else error
        raise FetchFailedError(Fault.SERVER, f"Yahoo's error: {str(said)[:60]}")
    return part


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _not_negative(value: Any) -> float:
    return float(value) if _is_number(value) and value >= 0 else math.nan


def _price(value: Any) -> float | None:
    """A trade or a level at 0 never was."""
    return float(value) if _is_number(value) and value > 0 else None


def _figure(value: Any) -> float | None:
    return float(value) if _is_number(value) else None


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _is_moment(value: Any) -> bool:
    return bool(_is_number(value) and EARLIEST <= value <= LATEST)


def _time(value: Any) -> datetime | None:
    return moment(value) if _is_moment(value) else None


def _minutes(value: Any) -> timedelta | None:
    if not _is_number(value) or not 0 <= value <= LONGEST_DELAY / timedelta(minutes=1):
        return None
    return timedelta(minutes=float(value))
