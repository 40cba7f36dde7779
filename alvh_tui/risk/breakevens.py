"""The six breakevens of the method, for each condor and for the book, now and some sessions ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from math import inf
from typing import Literal

import numpy as np

from alvh_tui.book.model import Book, Condor, Hedge, Leg
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.curves import Crossings, Curve, find_crossings
from alvh_tui.risk.legs import Floats, Legs, Rows, weights_of
from alvh_tui.risk.payoff import Payoff, payoff_of
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.valuation import Valuation

BreakevenKind = Literal["expiry", "expiry_hedge_cost", "expiry_hedged", "today", "today_path", "today_hedged"]
EXPIRY_KINDS: tuple[BreakevenKind, ...] = ("expiry", "expiry_hedge_cost", "expiry_hedged")
TODAY_KINDS: tuple[BreakevenKind, ...] = ("today", "today_path", "today_hedged")
KINDS = (*EXPIRY_KINDS, *TODAY_KINDS)
PROJECTED_SESSIONS = (1, 5, 10)
UNHEDGED: Mapping[BreakevenKind, BreakevenKind] = {"expiry_hedged": "expiry", "today_hedged": "today_path"}

UNDER_WATER = "under water at every price"
NO_LOSS = "no loss on this side"
BOUGHT_OFF = "the hedge has bought this side off"


@dataclass(frozen=True, slots=True)
class Breakevens:
    """Lower and upper, in points of the condor's own index; a side without a root says why."""

    low: float | None
    high: float | None
    low_note: str = ""
    high_note: str = ""


Found = dict[tuple[BreakevenKind, int], Breakevens]
"""By kind and sessions ahead."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Today's breakevens as they will stand some sessions on, nothing but time moving."""

    sessions: int
    on: date
    kinds: Mapping[BreakevenKind, Breakevens]


@dataclass(frozen=True, slots=True)
class HedgeShare:
    """How much of a hedge stands behind one condor: its part of the largest losses that hedge protects."""

    hedge: Hedge
    share: float


@dataclass(frozen=True, slots=True)
class BreakevenTable:
    kinds: Mapping[BreakevenKind, Breakevens]
    path: str
    """The assumption behind every path and hedged figure."""
    hedges: tuple[HedgeShare, ...]
    projections: tuple[Projection, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """What one table of breakevens is about: a condor, or all of them, with the hedges behind."""

    name: str
    condors: tuple[Condor, ...]
    hedges: tuple[HedgeShare, ...]

    @property
    def axis_unit(self) -> float:
        return axis_unit(self.condors[0])

    def on(self, valuation: Valuation, laid: "LaidOut | None" = None) -> "PricedUnit":
        """Laid out on the rows of one valuation; `laid` keeps what units with the same hedges share."""
        legs = [leg for condor in self.condors for leg in condor.open_legs]
        cash = sum(condor.cash for condor in self.condors)
        held = [(leg.contract, float(leg.quantity)) for leg in legs]
        bare = weights_of(valuation.legs, held)
        behind = _behind(self.hedges, valuation.legs, {} if laid is None else laid)
        years = (market.years for leg in legs if (market := valuation.market_of(leg.contract)) is not None)
        premium = sum(hedge.share * hedge.hedge.premium for hedge in self.hedges)
        return PricedUnit(
            unit=self,
            bare=bare,
            hedged=(np.concatenate((bare[0], behind[0])), np.concatenate((bare[1], behind[1]))),
            cash=cash,
            premium=premium,
            hedge_cash=sum(hedge.share * hedge.hedge.cash for hedge in self.hedges),
            until=min(years, default=inf),
            exact=_exact_payoffs(legs, cash, premium),
        )


LaidOut = dict[tuple[str, ...], tuple[Rows, Floats, list[int]]]
"""By the hedges' names: rows and quantities of their legs, and how many legs each hedge has."""


def _behind(hedges: Sequence[HedgeShare], legs: Legs, laid: LaidOut) -> tuple[Rows, Floats]:
    """Rows of the hedges' legs and dollars per point of the share held of each."""
    names = tuple(behind.hedge.id for behind in hedges)
    if names not in laid:
        held = [leg for behind in hedges for leg in behind.hedge.open_legs]
        rows = np.array([legs.row_of[leg.contract] for leg in held], dtype=np.intp)
        quantities = np.array([leg.quantity for leg in held], dtype=np.float64)
        laid[names] = rows, quantities, [len(behind.hedge.open_legs) for behind in hedges]
    rows, quantities, sizes = laid[names]
    shares = np.repeat([behind.share for behind in hedges], sizes)
    return rows, quantities * shares * legs.multiplier[rows]


@dataclass(frozen=True, slots=True, eq=False)
class PricedUnit:
    unit: Unit
    bare: tuple[Rows, Floats]
    """Rows of the condors' legs and dollars per point of each."""
    hedged: tuple[Rows, Floats]
    """The same with the hedges behind."""
    cash: float
    premium: float
    """Of the hedges, lost where they expire worthless."""
    hedge_cash: float
    until: float
    """Years to the first settlement."""
    exact: Mapping[BreakevenKind, Payoff]
    """The kinds that need no market, where all legs settle together."""

    def curve(self, kind: BreakevenKind, ahead: float) -> Curve:
        hedged = kind in ("expiry_hedged", "today_hedged")
        rows, weights = self.hedged if hedged else self.bare
        cash = self.cash + (self.hedge_cash if hedged else 0.0)
        if kind == "expiry_hedge_cost":
            cash -= self.premium
        return Curve(rows, weights, cash, ahead, on_path=hedged or kind == "today_path")

    def moments(self, at: datetime) -> list[tuple[BreakevenKind, int, float]]:
        """Kind, sessions ahead and years ahead of every curve that must be scanned."""
        moments = [(kind, 0, max(self.until, 0.0)) for kind in EXPIRY_KINDS if kind not in self.exact]
        for sessions in (0, *PROJECTED_SESSIONS):
            ahead = years_between(at, sessions_ahead(at, sessions))
            if sessions == 0 or ahead < self.until:
                moments += [(kind, sessions, ahead) for kind in TODAY_KINDS]
        return moments


def _exact_payoffs(legs: Sequence[Leg], cash: float, premium: float) -> Mapping[BreakevenKind, Payoff]:
    bare, charged = payoff_of(legs, cash), payoff_of(legs, cash - premium)
    return {} if bare is None or charged is None else {"expiry": bare, "expiry_hedge_cost": charged}


def hedge_shares(book: Book, figures: Mapping[str, PositionFigures]) -> Mapping[str, tuple[HedgeShare, ...]]:
    """Each hedge divided among the condors it protects by their largest loss; evenly where one is unknown."""
    shares: dict[str, list[HedgeShare]] = {condor.id: [] for condor in book.condors}
    for hedge in book.hedges:
        guarded = [condor for condor in book.protected_by(hedge) if condor.open_legs]
        losses = [figures[condor.id].max_loss or 0.0 for condor in guarded]
        whole = sum(losses) if all(losses) else 0.0
        for condor, loss in zip(guarded, losses, strict=True):
            share = loss / whole if whole else 1.0 / len(guarded)
            shares[condor.id].append(HedgeShare(hedge, share))
    return {name: tuple(held) for name, held in shares.items()}


def units_of(book: Book, shares: Mapping[str, tuple[HedgeShare, ...]]) -> tuple[Unit, ...]:
    """One for each condor still held, and one for the book where all of them settle together."""
    condors = tuple(condor for condor in book.condors if condor.open_legs)
    units = [Unit(condor.id, (condor,), shares[condor.id]) for condor in condors]
    settlements = {(leg.contract.root, leg.contract.expiry) for condor in condors for leg in condor.open_legs}
    if len(condors) > 1 and len(settlements) == 1:
        units.append(Unit("", condors, tuple(HedgeShare(hedge, 1.0) for hedge in book.hedges)))
    return tuple(units)


def find_breakevens(units: Sequence[Unit], valuation: Valuation) -> dict[str, BreakevenTable]:
    """Every kind of every unit, by its name; all curves are scanned and refined together."""
    laid: LaidOut = {}
    priced = [unit.on(valuation, laid) for unit in units]
    wanted = [
        (unit, kind, sessions, ahead)
        for unit in priced
        for kind, sessions, ahead in unit.moments(valuation.at)
    ]
    crossings = find_crossings(valuation.legs, [unit.curve(kind, ahead) for unit, kind, _, ahead in wanted])
    found: dict[str, Found] = {unit.name: {} for unit in units}
    for (unit, kind, sessions, _), crossing in zip(wanted, crossings, strict=True):
        found[unit.unit.name][kind, sessions] = _in_words(crossing, unit.unit.axis_unit)
    return {unit.unit.name: _table(unit, valuation, found[unit.unit.name]) for unit in priced}


@lru_cache(maxsize=64)
def sessions_ahead(at: datetime, sessions: int) -> datetime:
    """The same New York minute so many sessions later."""
    local = at.astimezone(NEW_YORK)
    day = add_sessions(local.date(), sessions) if sessions else local.date()
    return datetime.combine(day, local.timetz())


def _table(unit: PricedUnit, valuation: Valuation, found: Found) -> BreakevenTable:
    level = None if valuation.spot is None else valuation.spot * unit.unit.axis_unit
    exact = {kind: _exact(payoff, level) for kind, payoff in unit.exact.items()}
    projections = tuple(
        Projection(
            sessions,
            sessions_ahead(valuation.at, sessions).date(),
            _with_hedge_in_words({kind: found[kind, sessions] for kind in TODAY_KINDS}),
        )
        for sessions in PROJECTED_SESSIONS
        if ("today", sessions) in found
    )
    kinds = _with_hedge_in_words({kind: exact[kind] if kind in exact else found[kind, 0] for kind in KINDS})
    return BreakevenTable(kinds, valuation.link.sentence, unit.unit.hedges, projections)


def _exact(payoff: Payoff, level: float | None) -> Breakevens:
    low, high = payoff.breakevens(level)
    return _noted(low, high, payoff.values[0] >= 0.0)


def _in_words(crossing: Crossings, unit: float) -> Breakevens:
    if crossing.profit_here is None:
        unknown = "a leg behind it cannot be priced"
        return Breakevens(None, None, unknown, unknown)
    low, high = (None if level is None else level * unit for level in (crossing.low, crossing.high))
    return _noted(low, high, crossing.profit_here)


def _noted(low: float | None, high: float | None, gains: bool) -> Breakevens:
    """A side without a root says whether nothing is lost there or nothing can be won anywhere."""
    if low is None and high is None and not gains:
        return Breakevens(None, None, UNDER_WATER, UNDER_WATER)
    return Breakevens(low, high, "" if low is not None else NO_LOSS, "" if high is not None else NO_LOSS)


def _with_hedge_in_words(kinds: dict[BreakevenKind, Breakevens]) -> dict[BreakevenKind, Breakevens]:
    """A side that loses without the hedge and not with it has been bought off."""
    for hedged, bare in UNHEDGED.items():
        if hedged in kinds:
            now, before = kinds[hedged], kinds[bare]
            if now.low_note == NO_LOSS != before.low_note:
                now = replace(now, low_note=BOUGHT_OFF)
            if now.high_note == NO_LOSS != before.high_note:
                now = replace(now, high_note=BOUGHT_OFF)
            kinds[hedged] = now
    return kinds
