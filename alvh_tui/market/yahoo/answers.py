"""Answers as they are kept: quotes, chains, closes, events; each knows when it was fetched."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.market.types import Chain, Event, Quote

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alvh_tui.market.types import Column

OPTIONS_LATE_BY = timedelta(minutes=20)
"""What option quotes lag where Yahoo does not say."""

SIDES = ("call_bid", "call_ask", "call_last", "put_bid", "put_ask", "put_last")


@dataclass(frozen=True, slots=True)
class QuoteAnswer:
    quote: Quote
    """An option's time is when it was fetched, less the delay Yahoo declares."""
    delay: timedelta | None
    """As declared for this symbol."""
    market_state: str = ""

    def body(self) -> dict[str, Any]:
        q = self.quote
        return {
            "symbol": q.symbol,
            "bid": q.bid,
            "ask": q.ask,
            "last": q.last,
            "prev_close": q.prev_close,
            "time": None if q.time is None else q.time.timestamp(),
            "delay": None if self.delay is None else self.delay.total_seconds(),
            "market_state": self.market_state,
        }

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "QuoteAnswer":
        numbers = (body["bid"], body["ask"], body["last"], body["prev_close"])
        quote = Quote(body["symbol"], *numbers, None if body["time"] is None else moment(body["time"]))
        delay = None if body["delay"] is None else timedelta(seconds=body["delay"])
        return cls(quote, delay, body["market_state"])


@dataclass(frozen=True, slots=True, eq=False)
class ChainAnswer:
    """All options of one underlying and date: several roots may expire on it."""

    symbol: str
    expiry: date
    fetched: datetime
    listed: tuple[date, ...]
    """Every expiry the underlying has, as this answer has it."""
    chains: Mapping[tuple[str, date], Chain]
    level: QuoteAnswer | None
    """The underlying's own quote, which comes with each chain."""
    crossed: int = 0

    @property
    def delay(self) -> timedelta:
        """Indices may be live where their options are not: less than the usual is not believed."""
        declared = None if self.level is None else self.level.delay
        return max(declared or timedelta(0), OPTIONS_LATE_BY)

    @property
    def true_at(self) -> datetime:
        return self.fetched - self.delay

    @property
    def contracts(self) -> int:
        return sum(
            int(_has_price(chain, right).sum()) for chain in self.chains.values() for right in ("C", "P")
        )

    @property
    def quoted(self) -> int:
        """Contracts that somebody bids or offers."""
        return sum(
            int((~np.isnan(getattr(chain, side))).sum())
            for chain in self.chains.values()
            for side in ("call_ask", "put_ask")
        )

    def lists(self, contract: Contract) -> bool:
        """Whether it gives any price for it."""
        chain = self.chains.get((contract.root, contract.expiry or self.expiry))
        if chain is None or contract.strike is None:
            return False
        rows = np.flatnonzero(chain.strikes == contract.strike)
        return bool(len(rows) and _has_price(chain, contract.right or "C")[rows[0]])

    def timed(self) -> dict[tuple[str, date], Chain]:
        """The chains, each quote with the time it was true at."""
        at = self.true_at.timestamp()
        return {key: _timed(chain, at) for key, chain in self.chains.items()}

    def body(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol,
            "expiry": self.expiry.isoformat(),
            "listed": [day.isoformat() for day in self.listed],
            "level": None if self.level is None else self.level.body(),
            "crossed": self.crossed,
            "chains": [_chain_body(chain) for chain in self.chains.values()],
        }

    @classmethod
    def from_body(cls, fetched: datetime, body: Mapping[str, Any]) -> "ChainAnswer":
        chains = [_chain_from(item) for item in body["chains"]]
        return cls(
            body["symbol"],
            date.fromisoformat(body["expiry"]),
            fetched,
            tuple(date.fromisoformat(day) for day in body["listed"]),
            {(chain.root, chain.expiry): chain for chain in chains},
            None if body["level"] is None else QuoteAnswer.from_body(body["level"]),
            body["crossed"],
        )


@dataclass(frozen=True, slots=True)
class ClosesAnswer:
    closes: Mapping[date, float]

    def body(self) -> dict[str, Any]:
        return {"closes": {day.isoformat(): close for day, close in sorted(self.closes.items())}}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "ClosesAnswer":
        return cls({date.fromisoformat(day): float(close) for day, close in body["closes"].items()})


@dataclass(frozen=True, slots=True)
class EventsAnswer:
    events: tuple[Event, ...]

    def body(self) -> dict[str, Any]:
        rows = [
            [event.on.isoformat(), event.name, event.at, event.actual, event.previous, event.note]
            for event in self.events
        ]
        return {"events": rows}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "EventsAnswer":
        return cls(tuple(Event(date.fromisoformat(on), *rest) for on, *rest in body["events"]))


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, NEW_YORK)


def _has_price(chain: Chain, right: Right) -> "NDArray[np.bool_]":
    columns = (
        (chain.call_bid, chain.call_ask, chain.call_last)
        if right == "C"
        else (chain.put_bid, chain.put_ask, chain.put_last)
    )
    return np.asarray((~np.isnan(np.vstack(columns))).any(axis=0), dtype=np.bool_)


def _timed(chain: Chain, at: float) -> Chain:
    def stamps(bid: "Column", ask: "Column") -> "Column":
        return np.where(np.isnan(bid) & np.isnan(ask), np.nan, at)

    return replace(
        chain,
        call_time=stamps(chain.call_bid, chain.call_ask),
        put_time=stamps(chain.put_bid, chain.put_ask),
    )


def _chain_body(chain: Chain) -> dict[str, Any]:
    columns = {name: [None if x != x else x for x in getattr(chain, name).tolist()] for name in SIDES}
    return {
        "root": chain.root,
        "expiry": chain.expiry.isoformat(),
        "strikes": chain.strikes.tolist(),
        **columns,
    }


def _chain_from(body: Mapping[str, Any]) -> Chain:
    strikes = np.array(body["strikes"], dtype=np.float64)
    unknown = np.full(len(strikes), np.nan)
    columns = [np.array(body[name], dtype=np.float64) for name in SIDES] + [unknown, unknown]
    return Chain(body["root"], date.fromisoformat(body["expiry"]), strikes, *columns)
