"""What a feed hands over: quotes, chains, daily closes and events of one moment.

Unknown is None in a field and NaN in a column of numbers; neither is ever 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite, isnan
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Column = NDArray[np.float64]
    Days = NDArray[np.datetime64]

from alvh_tui.instruments.contract import Contract


class SourceState(StrEnum):
    FRESH = "fresh"
    DELAYED = "delayed"
    STALE = "stale"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Source:
    """One place figures came from, and how old what it gave is."""

    name: str
    state: SourceState
    quote_time: datetime | None
    """When the newest of its quotes was true."""
    fetch_time: datetime | None
    error: str | None = None
    since: datetime | None = None
    """Since when it has been failing; None while it answers."""
    next_try: datetime | None = None
    """When it is asked again, where it is being left alone."""


@dataclass(frozen=True, slots=True)
class Quote:
    """An index, ETF, future or option; symbols as Yahoo writes them (^SPX, ^VIX, RSP)."""

    symbol: str
    bid: float | None = None
    ask: float | None = None
    last: float | None = None
    prev_close: float | None = None
    time: datetime | None = None
    """When the quote was true; None where the source does not say."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Calls and puts of one root and expiry: one row a strike, strikes rising, NaN for what is not quoted."""

    root: str
    expiry: date
    strikes: "Column"
    call_bid: "Column"
    call_ask: "Column"
    call_last: "Column"
    put_bid: "Column"
    put_ask: "Column"
    put_last: "Column"
    call_time: "Column"
    """When each quote was true, in seconds since 1970; NaN where the source does not say."""
    put_time: "Column"


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Daily closes of exchange sessions, days rising, one column a series (spx, vix, vix3m, advances, …)."""

    days: "Days"
    series: Mapping[str, "Column"]

    def until(self, day: date) -> "History":
        """What was known at the close of that day."""
        import numpy as np

        end = int(np.searchsorted(self.days, np.datetime64(day), side="right"))
        return History(self.days[:end], {name: column[:end] for name, column in self.series.items()})

    def close(self, name: str, day: date) -> float | None:
        """The close of a series on that day, where it is known."""
        import numpy as np

        column = self.series.get(name)
        if column is None:
            return None
        wanted = np.datetime64(day)
        row = int(self.days.searchsorted(wanted))
        if row == len(self.days) or self.days[row] != wanted:
            return None
        close = float(column[row])
        return close if isfinite(close) else None


@dataclass(frozen=True, slots=True)
class Event:
    on: date
    name: str
    """FOMC, FOMC-minutes, CPI, PPI, …"""
    at: str | None = None
    """New York time, as 14:00."""
    actual: float | None = None
    previous: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """One moment of the market: everything an assessment may know about it."""

    time: datetime
    """When the quotes were taken."""
    quotes: Mapping[str, Quote] = field(default_factory=dict)
    chains: Mapping[tuple[str, date], Chain] = field(default_factory=dict)
    history: History | None = None
    events: tuple[Event, ...] = ()
    risk_free: float | None = None
    """Continuously compounded; None: take the 13-week bill or the rules' default."""
    delay: timedelta = timedelta(0)
    sources: tuple[Source, ...] = ()
    origin: str = ""
    """Who gave the quotes: Cboe delayed quotes."""
    note: str = ""
    warnings: tuple[str, ...] = ()
    """What was wrong with the data and left out."""

    def quote_of(self, contract: Contract) -> Quote | None:
        """The contract's own quote, from its chain or by its symbol."""
        symbol = contract.symbol
        quote = self.quotes.get(symbol)
        chain = None if contract.expiry is None else self.chains.get((contract.root, contract.expiry))
        if quote is not None or chain is None or contract.strike is None:
            return quote
        import numpy as np

        row = int(np.searchsorted(chain.strikes, contract.strike))
        if row == len(chain.strikes) or chain.strikes[row] != contract.strike:
            return None
        side = (
            (chain.call_bid, chain.call_ask, chain.call_last, chain.call_time)
            if contract.right == "C"
            else (chain.put_bid, chain.put_ask, chain.put_last, chain.put_time)
        )
        figures = [float(column[row]) for column in side]
        bid, ask, last, stamp = (None if isnan(figure) else figure for figure in figures)
        time = None if stamp is None else datetime.fromtimestamp(stamp, self.time.tzinfo)
        return Quote(symbol, bid, ask, last, None, time)


class FeedUnavailableError(Exception):
    """No market could be had at all; the message says why and what to do."""


class Feed(Protocol):
    """A place market snapshots come from. A failing source is a `Source` in the snapshot, not an exception;
    `FeedUnavailableError` is raised only where there is nothing to show."""

    name: str

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        """The market these contracts need, now (`at`); a recorded feed says in its snapshot when that was."""
        ...
