"""Why the P&L moved between two moments: delta, gamma, vega, theta, and a residual that adds up.

Each leg is explained by its Greeks at the start: delta and gamma on the move of its underlying (the index,
or the VIX forward of its expiry), vega on the change of its own vol, theta on the calendar time passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from alvh_tui.book.model import Leg, Position
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.valuation import Valuation


@dataclass(frozen=True, slots=True)
class Explained:
    """Dollars between two moments; the parts and the residual are the total."""

    delta: float
    gamma: float
    vega: float
    theta: float
    residual: float
    total: float


@dataclass(frozen=True, slots=True)
class LegMoment:
    """One leg as it was at one moment, per share; None is unknown."""

    value: float | None
    vol: float | None
    level: float | None
    """Of what it stands on: the index, the VIX forward of its expiry, or the share itself."""
    delta: float | None
    gamma: float | None
    vega: float | None
    theta: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """All that is needed of an earlier valuation."""

    at: datetime
    legs: Mapping[Contract, LegMoment]


def moment_of(valuation: Valuation) -> Moment:
    return Moment(valuation.at, {contract: leg_moment(contract, valuation) for contract in valuation.marks})


def leg_moment(contract: Contract, valuation: Valuation) -> LegMoment:
    mark, greeks = valuation.marks[contract], valuation.greeks[contract]
    return LegMoment(
        mark.value,
        mark.vol,
        _level(contract, valuation),
        greeks.delta,
        greeks.gamma,
        greeks.vega,
        greeks.theta,
    )


def _level(contract: Contract, valuation: Valuation) -> float | None:
    if contract.family is Family.INDEX:
        unit = 0.1 if contract.spec.underlying == "XSP" else 1.0
        return None if valuation.spot is None else valuation.spot * unit
    if contract.family in (Family.VIX, Family.VIX_FUTURE):
        market = valuation.market_of(contract)
        return None if market is None else market.forward
    level = float(valuation.legs.forward[valuation.legs.row_of[contract]])
    return level if level == level else None


def explain_position(position: Position, before: Valuation | Moment, after: Valuation) -> Explained | None:
    """None where a leg is not priced at both moments, or was traded in between."""
    if _last_trade(position) > before.at.astimezone(NEW_YORK).date():
        return None
    parts = [explain_leg(leg, before, after) for leg in position.open_legs]
    known = [part for part in parts if part is not None]
    return add_explained(known) if known and len(known) == len(parts) else None


def _last_trade(position: Position) -> date:
    adjusted = (a.on.date() if isinstance(a.on, datetime) else a.on for a in position.adjustments)
    return max((position.opened_on, *adjusted))


def explain_leg(leg: Leg, before: Valuation | Moment, after: Valuation) -> Explained | None:
    contract = leg.contract
    start, end = _leg_before(contract, before), leg_moment(contract, after)
    if start is None or start.value is None or end.value is None:
        return None
    if start.delta is None or start.gamma is None or start.vega is None or start.theta is None:
        return None
    vol_points = _vol_change(contract, start, end, after)
    if start.level is None or end.level is None or vol_points is None:
        return None
    move = end.level - start.level
    weight = leg.quantity * contract.multiplier
    days = years_between(before.at, after.at) * 365.0
    delta = weight * start.delta * move
    gamma = weight * 0.5 * start.gamma * move**2
    vega = weight * start.vega * vol_points
    theta = weight * start.theta * days
    total = weight * (end.value - start.value)
    return Explained(delta, gamma, vega, theta, total - delta - gamma - vega - theta, total)


def _leg_before(contract: Contract, before: Valuation | Moment) -> LegMoment | None:
    if isinstance(before, Moment):
        return before.legs.get(contract)
    return leg_moment(contract, before) if contract in before.marks else None


def _vol_change(contract: Contract, start: LegMoment, end: LegMoment, after: Valuation) -> float | None:
    if not contract.is_option or after.marks[contract].rung is Rung.SETTLED:
        return 0.0
    return None if start.vol is None or end.vol is None else (end.vol - start.vol) * 100.0


def add_explained(parts: Iterable[Explained]) -> Explained:
    delta = gamma = vega = theta = residual = total = 0.0
    for part in parts:
        delta += part.delta
        gamma += part.gamma
        vega += part.vega
        theta += part.theta
        residual += part.residual
        total += part.total
    return Explained(delta, gamma, vega, theta, residual, total)
