"""A book as the user holds it: condors with their adjustments, hedges in layers, closed trades."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from math import gcd
from pathlib import Path
from typing import Literal

from alvh_tui.instruments.contract import Contract

Layer = Literal["L1", "L2", "L3", "SE"]
LAYERS: tuple[Layer, ...] = ("L1", "L2", "L3", "SE")


@dataclass(frozen=True, slots=True)
class Leg:
    contract: Contract
    quantity: int
    """+ long, − short, in contracts (or shares)."""
    price: float | None = None
    """The leg's own fill, per share, where the file names one. Of the net price of a spread one leg that is
    traded the way the spread is carries all, and the others 0."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A later trade inside a position: a roll, a partial close."""

    on: date | datetime
    legs: tuple[Leg, ...]
    credit: float
    """Per share of the contracts it trades, net, + received."""
    contracts: int
    """How many of the structure it trades: 2 where two of five condors are bought back."""
    why: str = ""

    @property
    def cash(self) -> float:
        """Dollars received (+) or paid (−)."""
        return self.credit * multiplier_of(self.legs) * self.contracts


@dataclass(frozen=True, slots=True)
class Position:
    """What condors and hedges have in common."""

    id: str
    legs: tuple[Leg, ...]
    """As opened."""
    credit: float
    """Per share at the opening, net, + received; a hedge's debit is a negative credit."""
    opened: date | datetime
    fees: float = 0.0
    note: str = ""
    tags: tuple[str, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    line: int = 0
    """Where the position starts in its file."""
    open_legs: tuple[Leg, ...] = field(init=False, repr=False, compare=False)
    """What is held now, after every adjustment, in the order of the strikes first written."""
    cash: float = field(init=False, repr=False, compare=False)
    """Dollars received (+) or paid (−) so far, without fees."""
    expiries: tuple[date, ...] = field(init=False, repr=False, compare=False)
    """Expiries still held, nearest first."""
    on_xsp: bool = field(init=False, repr=False, compare=False)
    """Whether it stands on XSP, a tenth of SPX."""

    def __post_init__(self) -> None:
        traded = (*self.legs, *(leg for adjustment in self.adjustments for leg in adjustment.legs))
        opening = self.credit * self.multiplier * self.contracts_in(self.legs)
        open_legs = net_legs(traded)
        held = {leg.contract.expiry for leg in open_legs if leg.contract.expiry is not None}
        # Worked out once: an assessment asks for each some hundred times.
        object.__setattr__(self, "open_legs", open_legs)
        object.__setattr__(self, "cash", opening + sum(adjustment.cash for adjustment in self.adjustments))
        object.__setattr__(self, "expiries", tuple(sorted(held)))
        on_xsp = any(leg.contract.spec.underlying == "XSP" for leg in self.legs)
        object.__setattr__(self, "on_xsp", on_xsp)

    @property
    def opened_on(self) -> date:
        return self.opened.date() if isinstance(self.opened, datetime) else self.opened

    @staticmethod
    def contracts_in(legs: Iterable[Leg]) -> int:
        """How often the structure stands in these legs: a 6 × 12 ratio is 6 of 1 × 2."""
        return reduce(gcd, (abs(leg.quantity) for leg in legs), 0)

    @property
    def contracts(self) -> int:
        """How many of the structure are held now (5 for a five-lot condor)."""
        return self.contracts_in(self.open_legs)

    @property
    def multiplier(self) -> int:
        return multiplier_of(self.legs)


@dataclass(frozen=True, slots=True)
class Condor(Position):
    spot_at_open: float | None = None
    vix_at_open: float | None = None

    @staticmethod
    def contracts_in(legs: Iterable[Leg]) -> int:
        """The larger side counts: five put spreads and three call spreads are a five-lot."""
        return max((abs(leg.quantity) for leg in legs), default=0)


@dataclass(frozen=True, slots=True)
class Hedge(Position):
    layer: Layer = "L1"
    protects: tuple[str, ...] = ()
    """Ids of the condors it protects; empty means all of them."""
    premium: float = field(init=False, repr=False, compare=False)
    """Dollars paid for what can expire worthless, which a future or a share cannot."""

    def __post_init__(self) -> None:
        Position.__post_init__(self)
        options = all(leg.contract.is_option for leg in self.open_legs)
        object.__setattr__(self, "premium", -self.cash if options else 0.0)


@dataclass(frozen=True, slots=True)
class ClosedTrade:
    id: str
    kind: str
    realised: float
    closed: date
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    name: str = "main"
    net_liq: float | None = None
    cash: float | None = None
    rules: str = "zones"


@dataclass(frozen=True, slots=True)
class Book:
    path: Path
    account: Account = field(default_factory=Account)
    condors: tuple[Condor, ...] = ()
    hedges: tuple[Hedge, ...] = ()
    closed: tuple[ClosedTrade, ...] = ()

    @property
    def positions(self) -> tuple[Condor | Hedge, ...]:
        """Everything held, condors first, in the file's order."""
        return (*self.condors, *self.hedges)

    @property
    def contracts(self) -> tuple[Contract, ...]:
        """Every contract held, once each."""
        return tuple(dict.fromkeys(leg.contract for held in self.positions for leg in held.open_legs))

    def protected_by(self, hedge: Hedge) -> tuple[Condor, ...]:
        return tuple(c for c in self.condors if not hedge.protects or c.id in hedge.protects)


def net_legs(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """One leg a contract, quantities added up; what adds up to nothing is gone."""
    held: dict[Contract, Leg] = {}
    for leg in legs:
        before = held.get(leg.contract)
        if before is None:
            held[leg.contract] = leg
        else:
            held[leg.contract] = Leg(leg.contract, before.quantity + leg.quantity, before.price)
    return tuple(leg for leg in held.values() if leg.quantity)


def multiplier_of(legs: Iterable[Leg]) -> int:
    """Dollars per point of the structure; legs with different ones are refused when the file is loaded."""
    return next((leg.contract.multiplier for leg in legs), 100)
