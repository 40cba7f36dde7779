"""The six breakevens of the method, for each condor and for the book, now and some sessions ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Literal

from alvh_tui.book.model import Book, Condor, Hedge, Leg
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.curves import Crossings, Curve, find_crossings
from alvh_tui.risk.legs import weights_of
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
    def legs(self) -> tuple[Leg, ...]:
        return tuple(leg for condor in self.condors for leg in condor.open_legs)

    @property
    def cash(self) -> float:
        return sum(condor.cash for condor in self.condors)

    @property
    def hedge_cash(self) -> float:
        return sum(held.share * held.hedge.cash for held in self.hedges)

    @property
    def hedge_premium(self) -> float:
        return sum(held.share * held.hedge.premium for held in self.hedges)

    @property
    def axis_unit(self) -> float:
        return axis_unit(self.condors[0])

    def payoff(self, kind: BreakevenKind) -> Payoff | None:
        """Exact, where the kind needs no market and all legs settle together."""
        if kind == "expiry":
            return payoff_of(self.legs, self.cash)
        if kind == "expiry_hedge_cost":
            return payoff_of(self.legs, self.cash - self.hedge_premium)
        return None

    def curve(self, kind: BreakevenKind, valuation: Valuation, ahead: float) -> Curve:
        held = [(leg.contract, float(leg.quantity)) for leg in self.legs]
        cash = self.cash
        if kind in ("expiry_hedged", "today_hedged"):
            held += [
                (leg.contract, leg.quantity * behind.share)
                for behind in self.hedges
                for leg in behind.hedge.open_legs
            ]
            cash += self.hedge_cash
        if kind == "expiry_hedge_cost":
            cash -= self.hedge_premium
        rows, weights = weights_of(valuation.legs, held)
        return Curve(
            rows, weights, cash, ahead, on_path=kind in ("expiry_hedged", "today_path", "today_hedged")
        )


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
    wanted = [
        (unit, kind, sessions, ahead)
        for unit in units
        for kind, sessions, ahead in _moments(unit, valuation)
        if unit.payoff(kind) is None
    ]
    curves = [unit.curve(kind, valuation, ahead) for unit, kind, _, ahead in wanted]
    crossings = find_crossings(valuation.legs, curves)
    found = {
        (unit.name, kind, sessions): _in_words(crossing, unit.axis_unit)
        for (unit, kind, sessions, _), crossing in zip(wanted, crossings, strict=True)
    }
    return {unit.name: _table(unit, valuation, found) for unit in units}


def _moments(unit: Unit, valuation: Valuation) -> list[tuple[BreakevenKind, int, float]]:
    """Kind, sessions ahead and years ahead of every curve a table needs."""
    until = _years_to_first_settlement(unit, valuation)
    moments: list[tuple[BreakevenKind, int, float]] = [(kind, 0, max(until, 0.0)) for kind in EXPIRY_KINDS]
    for sessions in (0, *PROJECTED_SESSIONS):
        ahead = years_between(valuation.at, sessions_ahead(valuation.at, sessions))
        if sessions == 0 or ahead < until:
            moments += [(kind, sessions, ahead) for kind in TODAY_KINDS]
    return moments


def _years_to_first_settlement(unit: Unit, valuation: Valuation) -> float:
    markets = (valuation.market_of(leg.contract) for leg in unit.legs)
    return min((market.years for market in markets if market is not None), default=inf)


def sessions_ahead(at: datetime, sessions: int) -> datetime:
    """The same New York minute so many sessions later."""
    local = at.astimezone(NEW_YORK)
    day = add_sessions(local.date(), sessions) if sessions else local.date()
    return datetime.combine(day, local.timetz())


def _table(
    unit: Unit, valuation: Valuation, found: Mapping[tuple[str, BreakevenKind, int], Breakevens]
) -> BreakevenTable:
    level = None if valuation.spot is None else valuation.spot * unit.axis_unit
    kinds: dict[BreakevenKind, Breakevens] = {}
    for kind in KINDS:
        payoff = unit.payoff(kind)
        kinds[kind] = found[unit.name, kind, 0] if payoff is None else _exact(payoff, level)
    projections = tuple(
        Projection(
            sessions,
            sessions_ahead(valuation.at, sessions).date(),
            _with_hedge_in_words({kind: found[unit.name, kind, sessions] for kind in TODAY_KINDS}),
        )
        for sessions in PROJECTED_SESSIONS
        if (unit.name, "today", sessions) in found
    )
    return BreakevenTable(_with_hedge_in_words(kinds), valuation.link.sentence, unit.hedges, projections)


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
            kinds[hedged] = replace(
                now,
                low_note=BOUGHT_OFF if now.low_note == NO_LOSS != before.low_note else now.low_note,
                high_note=BOUGHT_OFF if now.high_note == NO_LOSS != before.high_note else now.high_note,
            )
    return kinds
