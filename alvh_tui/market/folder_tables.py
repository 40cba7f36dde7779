"""What each table of a market folder means: quotes, chains, daily closes, events."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import numpy as np

from alvh_tui.instruments.calendar import is_session
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.freshness import last_closed
from alvh_tui.market.table import Table, day, plain
from alvh_tui.market.types import Chain, Event, History, Quote
from alvh_tui.toml.text import quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alvh_tui.market.types import Column

    Numbers = NDArray[np.int64]

QUOTES_NEED = ("symbol",)
QUOTES_HAVE = ("symbol", "bid", "ask", "last", "prev_close", "time")
CHAINS_NEED = ("root", "expiry", "type", "strike")
CHAINS_HAVE = ("root", "expiry", "type", "strike", "bid", "ask", "last", "time")
EVENTS_NEED = ("date", "event")
EVENTS_HAVE = ("date", "event", "time_et", "actual", "previous", "note")

RATES = ("dff", "dgs10", "t10y3m")
"""In per cent, and the only daily series that may be negative."""
COUNTS = ("advances", "declines", "basket_advances", "basket_declines")
PRICES = (
    *("spx", "vix", "vix9d", "vix3m", "vix6m", "vvix", "skew"),
    *("rsp", "spy", "vnq", "vx1", "vx2", "dxy"),
)
SERIES = (*PRICES, *COUNTS, *RATES)

_SYMBOL = re.compile(r"[\^.A-Z0-9][A-Z0-9.=/_ -]{0,31}")
_ROOT = re.compile(r"[A-Z][A-Z0-9.]{0,7}")
HIGHEST_STRIKE = 1e6
_SIDES = {"C": 1, "P": 0, "CALL": 1, "PUT": 0}
LEAST_PRICE = 5e-324
"""The least number above 0: a trade or a close at 0 never was."""


def quotes_in(table: Table) -> dict[str, Quote]:
    """By symbol; of two rows for one symbol the later counts."""
    numbers = {name: _unknown_as_none(table.numbers(name)) for name in ("bid", "ask")}
    numbers |= {name: _unknown_as_none(table.numbers(name, LEAST_PRICE)) for name in ("last", "prev_close")}
    times = table.times("time")
    quotes: dict[str, Quote] = {}
    for row, cell in enumerate(table.text("symbol")):
        symbol = cell.strip().upper()
        if not _SYMBOL.fullmatch(symbol):
            table.faults.add(table.lines[row], f"{quoted(cell)} is no symbol; row left out")
            continue
        if symbol in quotes:
            table.faults.add(table.lines[row], f"{symbol} stands here twice; the later row counts")
        values = {name: column[row] for name, column in numbers.items()}
        quotes[symbol] = Quote(symbol, time=times[row], **values)
    return quotes


def _unknown_as_none(column: "Column") -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]


@dataclass(frozen=True, slots=True, eq=False)
class _Contracts:
    """What each row of a chains file is about; group −1, side −1 or strike NaN where it does not say."""

    keys: list[tuple[str, date]]
    group: "Numbers"
    side: "Numbers"
    """1 for a call, 0 for a put."""
    strike: "Column"

    @property
    def named(self) -> "NDArray[np.bool_]":
        return (self.group >= 0) & (self.side >= 0) & ~np.isnan(self.strike)


def chains_in(table: Table) -> dict[tuple[str, date], Chain]:
    """By root and expiry; of two rows for one contract the later counts."""
    contracts = _contracts_in(table)
    _say_what_is_left_out(table, contracts)
    group, side, strike = contracts.group, contracts.side, contracts.strike
    rows = np.flatnonzero(contracts.named)
    rows = rows[np.lexsort((side[rows], strike[rows], group[rows]))]
    rows = _without_doubles(table, contracts, rows)
    columns = (
        table.numbers("bid"),
        table.numbers("ask"),
        table.numbers("last", LEAST_PRICE),
        _stamps(table),
    )
    starts = np.flatnonzero(np.diff(group[rows], prepend=-1))
    chains = {}
    for of_one in np.split(rows, starts[1:]) if len(rows) else ():
        key = contracts.keys[int(group[of_one[0]])]
        chains[key] = _chain(*key, strike[of_one], side[of_one] == 1, [column[of_one] for column in columns])
    return dict(sorted(chains.items()))


def _chain(
    root: str, expiry: date, strike: "Column", is_call: "NDArray[np.bool_]", columns: list["Column"]
) -> Chain:
    strikes, place = np.unique(strike, return_inverse=True)

    def spread(column: "Column", side: "NDArray[np.bool_]") -> "Column":
        wide = np.full(len(strikes), np.nan)
        wide[place[side]] = column[side]
        return wide

    call_bid, call_ask, call_last, call_time = (spread(column, is_call) for column in columns)
    put_bid, put_ask, put_last, put_time = (spread(column, ~is_call) for column in columns)
    return Chain(
        root, expiry, strikes, call_bid, call_ask, call_last, put_bid, put_ask, put_last, call_time, put_time
    )


def _contracts_in(table: Table) -> _Contracts:
    keys: dict[tuple[str, date], int] = {}
    known: dict[tuple[str, str], int] = {}
    group = []
    for cells in zip(table.text("root"), table.text("expiry"), strict=True):
        number = known.get(cells)
        if number is None:
            number = known[cells] = _number_of(cells, keys)
        group.append(number)
    rights = table.text("type")
    sides = {cell: _SIDES.get(cell.strip().upper(), -1) for cell in set(rights)}
    side = np.array([sides[cell] for cell in rights], dtype=np.int64)
    strike = table.numbers("strike", LEAST_PRICE)
    strike[strike > HIGHEST_STRIKE] = np.nan
    return _Contracts(list(keys), np.array(group, dtype=np.int64), side, strike)


def _number_of(cells: tuple[str, str], keys: dict[tuple[str, date], int]) -> int:
    root, expiry = cells[0].strip().upper(), day(cells[1])
    return keys.setdefault((root, expiry), len(keys)) if expiry and _ROOT.fullmatch(root) else -1


def _say_what_is_left_out(table: Table, contracts: _Contracts) -> None:
    for row in np.flatnonzero(~contracts.named).tolist():
        root, expiry, right, strike = (quoted(table.text(name)[row]) for name in CHAINS_NEED)
        if contracts.group[row] < 0:
            what = f"{root} {expiry} is no root and expiry"
        elif contracts.side[row] < 0:
            what = f"type {right} is neither C nor P"
        else:
            what = f"strike {strike} is no strike"
        table.faults.add(table.lines[row], f"{what}; row left out")


def _without_doubles(table: Table, contracts: _Contracts, rows: "Numbers") -> "Numbers":
    """The rows, sorted by contract, less those that a later row of the file says again."""
    same = np.ones(max(len(rows) - 1, 0), dtype=bool)
    for column in (contracts.group, contracts.strike, contracts.side):
        same &= column[rows[1:]] == column[rows[:-1]]
    for row in rows[:-1][same].tolist():
        root, expiry = contracts.keys[int(contracts.group[row])]
        what = Contract(root, expiry, "C" if contracts.side[row] else "P", float(contracts.strike[row]))
        table.faults.add(table.lines[row], f"{what} stands here twice; the later row counts")
    return np.delete(rows, np.flatnonzero(same))


def _stamps(table: Table) -> "Column":
    if not any(table.text("time")):
        return np.full(len(table.lines), np.nan)
    return np.array([np.nan if moment is None else moment.timestamp() for moment in table.times("time")])


def history_in(table: Table, known_at: datetime) -> History | None:
    """Closes of the sessions up to that moment, days rising; of two rows for one day the later counts."""
    row_of: dict[date, int] = {}
    foreign: list[int] = []
    for row, cell in enumerate(table.text("date")):
        on = day(cell)
        if on is None:
            table.faults.add(table.lines[row], f"{quoted(cell)} is no date; row left out")
        elif not is_session(on):
            foreign.append(row)
        else:
            if on in row_of:
                table.faults.add(table.lines[row], f"{on} stands here twice; the later row counts")
            row_of[on] = row
    series = {name: _series(table, name) for name in SERIES if name in table.columns}
    _say_what_is_foreign(table, foreign, series)
    last = last_closed(known_at)
    days = [on for on in sorted(row_of) if on <= last]
    if not days:
        return None
    rows = np.array([row_of[on] for on in days], dtype=np.int64)
    return History(
        np.array(days, dtype="datetime64[D]"), {name: column[rows] for name, column in series.items()}
    )


def _series(table: Table, name: str) -> "Column":
    lowest = -np.inf if name in RATES else 0.0 if name in COUNTS else LEAST_PRICE
    return table.numbers(name, lowest)


def _say_what_is_foreign(table: Table, foreign: list[int], series: Mapping[str, "Column"]) -> None:
    """VIX alone on a holiday is nothing to speak of: the exchange publishes it on some."""
    others = [column[foreign] for name, column in series.items() if name != "vix"]
    telling = [row for at, row in enumerate(foreign) if any(not np.isnan(column[at]) for column in others)]
    if telling:
        first = f"{table.text('date')[telling[0]].strip()} in line {table.lines[telling[0]]}"
        table.faults.add_to_file(f"{len(telling)} rows on days without a session left out, the first {first}")


def last_day(history: History) -> date:
    found: date = history.days[-1].item()
    return found


def events_in(table: Table) -> tuple[Event, ...]:
    """In the order of their dates."""
    actual, previous = (_unknown_as_none(table.numbers(name, -np.inf)) for name in ("actual", "previous"))
    events = []
    for row, (when, what) in enumerate(zip(table.text("date"), table.text("event"), strict=True)):
        on, name = day(when), plain(what.strip())
        if on is None or not name:
            fault = f"{quoted(when)} is no date" if on is None else "the event has no name"
            table.faults.add(table.lines[row], f"{fault}; row left out")
            continue
        note = plain(table.text("note")[row].strip())
        events.append(Event(on, name, _clock(table, row), actual[row], previous[row], note))
    return tuple(sorted(events, key=lambda event: (event.on, event.at or "")))


def _clock(table: Table, row: int) -> str | None:
    cell = table.text("time_et")[row].strip()
    if not cell:
        return None
    try:
        return time.fromisoformat(cell.zfill(5)).strftime("%H:%M")
    except ValueError:
        table.faults.add(
            table.lines[row], f"time_et {quoted(cell)} is no time such as 08:30, taken as unknown"
        )
        return None
