"""What a book needs of Yahoo, and how often in which hours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    OPENS,
    expiries,
    is_session,
    next_session,
    previous_session,
    session_state,
    settlement_instant,
    trading_ends,
)
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.yahoo.symbols import INDEX_SYMBOLS, SERIES, chain_symbol, quote_symbol

VIX = "^VIX"

QUOTES_EVERY = timedelta(seconds=30)
CHAIN_EVERY = timedelta(seconds=120)
VIX_CHAIN_EVERY = timedelta(seconds=300)
AROUND_HOURS = timedelta(minutes=5)
AT_NIGHT = timedelta(minutes=30)
SHORTEST_INTERVAL = timedelta(seconds=15)

AN_HOUR_AT_MOST = 220.0
AN_HOUR_WHEN_HURRIED = 330.0
"""Requests; what the book needs beyond it is asked for less often."""

AT_MOST_A_REQUEST = 50
"""Symbols in one batch of quotes."""

SWEEP_AFTER = timedelta(minutes=25)
"""From the end of trading until its last quotes have come through the delay."""
VIX_SETTLEMENTS_AHEAD = 3
"""Monthly ones, for the curve and for what a layer is measured in."""


class Kind(StrEnum):
    QUOTES = "quotes"
    CHAIN = "chain"
    CLOSES = "history"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Want:
    """One question to Yahoo."""

    kind: Kind
    symbol: str = ""
    expiry: date | None = None

    @property
    def key(self) -> str:
        parts = [self.kind.value, self.symbol, "" if self.expiry is None else self.expiry.isoformat()]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Plan:
    symbols: tuple[str, ...]
    """For the one batch of quotes."""
    chains: tuple[Want, ...]
    closes: tuple[Want, ...]
    held: tuple[Contract, ...]
    """Options that are not settled yet."""
    extras: tuple[Want, ...] = ()
    """Closes of the basket that breadth is counted from: for the hours in which nothing else is asked."""

    @property
    def wants(self) -> tuple[Want, ...]:
        """What matters first stands first."""
        return (Want(Kind.QUOTES), *self.chains, *self.closes, Want(Kind.EVENTS))

    def held_in(self, chain: Want) -> list[Contract]:
        return [c for c in self.held if chain_symbol(c) == chain.symbol and c.expiry == chain.expiry]


def plan_of(contracts: Sequence[Contract], at: datetime, basket: Sequence[str] = ()) -> Plan:
    """Chains of what is held, and of the VIX settlements the method looks at; quotes of all that has one."""
    alive = [
        contract
        for contract in dict.fromkeys(contracts)
        if contract.expiry is None or settlement_instant(contract.root, contract.expiry) > at
    ]
    held = {(chain_symbol(contract), contract.expiry) for contract in alive}
    chains = [Want(Kind.CHAIN, symbol, day) for symbol, day in held if symbol is not None and day is not None]
    chains.sort(key=lambda want: (want.symbol == VIX, want.expiry or date.max, want.symbol))
    curve = [Want(Kind.CHAIN, VIX, day) for day in next_vix_settlements(at)]
    own = [symbol for contract in alive for symbol in (quote_symbol(contract), chain_symbol(contract))]
    return Plan(
        tuple(dict.fromkeys((*INDEX_SYMBOLS, *(symbol for symbol in own if symbol is not None)))),
        tuple(dict.fromkeys((*chains, *curve))),
        tuple(Want(Kind.CLOSES, symbol) for symbol in SERIES.values()),
        tuple(contract for contract in alive if contract.is_option),
        tuple(Want(Kind.CLOSES, symbol) for symbol in basket if symbol not in SERIES.values()),
    )


def next_vix_settlements(at: datetime) -> tuple[date, ...]:
    tomorrow = at.astimezone(NEW_YORK).date() + timedelta(days=1)
    return expiries("VIX", tomorrow, tomorrow + timedelta(days=130))[:VIX_SETTLEMENTS_AHEAD]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often each kind is asked for in trading hours."""

    quotes: timedelta
    chain: timedelta
    vix_chain: timedelta

    def of(self, want: Want) -> timedelta:
        if want.kind is Kind.QUOTES:
            return self.quotes
        return self.vix_chain if want.symbol == VIX else self.chain


def pace_of(plan: Plan, interval: timedelta | None = None) -> Pace:
    """As the interval asks for; a book of many expiries has its chains less often, not more requests."""
    batches = -(-len(plan.symbols) // AT_MOST_A_REQUEST)
    quotes = max(interval or QUOTES_EVERY, SHORTEST_INTERVAL) * batches
    share = quotes / QUOTES_EVERY
    hour = timedelta(hours=1)
    every = [VIX_CHAIN_EVERY if want.symbol == VIX else CHAIN_EVERY for want in plan.chains]
    demand = sum(hour / (share * each) for each in every)
    room = (AN_HOUR_WHEN_HURRIED if quotes < QUOTES_EVERY else AN_HOUR_AT_MOST) - batches * hour / quotes
    stretch = share * max(1.0, demand / room)
    return Pace(quotes, CHAIN_EVERY * stretch, VIX_CHAIN_EVERY * stretch)


def due_at(want: Want, asked: datetime | None, at: datetime, pace: Pace) -> datetime:
    """When it is to be asked for again, having last been answered at `asked`."""
    if asked is None or asked > at + timedelta(minutes=1):
        return at
    swept = last_sweep(at)
    if want.kind in (Kind.CLOSES, Kind.EVENTS):
        return at if asked < swept else next_sweep(at)
    state = session_state(at)
    if state == "open":
        return asked + pace.of(want)
    if asked < swept:
        return at
    if want.kind is Kind.QUOTES and state != "holiday":
        return asked + max(AROUND_HOURS if state in ("pre", "post") else AT_NIGHT, pace.quotes)
    return min(next_sweep(at), next_open(at))


def last_sweep(at: datetime) -> datetime:
    """When the last session's final quotes had come through."""
    day = at.astimezone(NEW_YORK).date()
    if is_session(day) and at >= sweep_of(day):
        return sweep_of(day)
    return sweep_of(previous_session(day))


def next_sweep(at: datetime) -> datetime:
    day = at.astimezone(NEW_YORK).date()
    return sweep_of(day if is_session(day) and at < sweep_of(day) else next_session(day))


def next_open(at: datetime) -> datetime:
    day = at.astimezone(NEW_YORK).date()
    opens = datetime.combine(day, OPENS, NEW_YORK)
    if is_session(day) and at < opens:
        return opens
    return datetime.combine(next_session(day), OPENS, NEW_YORK)


def sweep_of(day: date) -> datetime:
    return trading_ends(day) + SWEEP_AFTER
