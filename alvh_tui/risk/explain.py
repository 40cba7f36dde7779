"""Why the P&L moved between two moments: delta, gamma, vega, theta, and a residual that adds up.

Each leg is explained by its Greeks at the start: delta and gamma on the move of its underlying (the index,
or the VIX forward of its expiry), vega on the change of its own vol, theta on the calendar time passed.
"""

from collections.abc import Iterable
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


def explain_position(position: Position, before: Valuation, after: Valuation) -> Explained | None:
    """None where a leg is not priced at both moments, or was traded in between."""
    if _last_trade(position) > before.at.astimezone(NEW_YORK).date():
        return None
    parts = [explain_leg(leg, before, after) for leg in position.open_legs]
    known = [part for part in parts if part is not None]
    return add_explained(known) if known and len(known) == len(parts) else None


def _last_trade(position: Position) -> date:
    adjusted = (a.on.date() if isinstance(a.on, datetime) else a.on for a in position.adjustments)
    return max((position.opened_on, *adjusted))


def explain_leg(leg: Leg, before: Valuation, after: Valuation) -> Explained | None:
    contract = leg.contract
    if contract not in before.marks:
        return None
    greeks = before.greeks[contract]
    start, end = before.marks[contract], after.marks[contract]
    if start.value is None or end.value is None:
        return None
    if greeks.delta is None or greeks.gamma is None or greeks.vega is None or greeks.theta is None:
        return None
    move = _move(contract, before, after)
    vol_points = _vol_change(contract, before, after)
    if move is None or vol_points is None:
        return None
    weight = leg.quantity * contract.multiplier
    days = years_between(before.at, after.at) * 365.0
    delta = weight * greeks.delta * move
    gamma = weight * 0.5 * greeks.gamma * move**2
    vega = weight * greeks.vega * vol_points
    theta = weight * greeks.theta * days
    total = weight * (end.value - start.value)
    return Explained(delta, gamma, vega, theta, total - delta - gamma - vega - theta, total)


def _move(contract: Contract, before: Valuation, after: Valuation) -> float | None:
    """Points its underlying moved: the index for SPX, the forward of its expiry for VIX, a share itself."""
    if contract.family is Family.INDEX:
        if before.spot is None or after.spot is None:
            return None
        unit = 0.1 if contract.spec.underlying == "XSP" else 1.0
        return (after.spot - before.spot) * unit
    if contract.family in (Family.VIX, Family.VIX_FUTURE):
        start, end = before.market_of(contract), after.market_of(contract)
        if start is None or end is None or start.forward is None or end.forward is None:
            return None
        return end.forward - start.forward
    row, later = before.legs.row_of[contract], after.legs.row_of[contract]
    move = float(after.legs.forward[later] - before.legs.forward[row])
    return move if move == move else None


def _vol_change(contract: Contract, before: Valuation, after: Valuation) -> float | None:
    if not contract.is_option:
        return 0.0
    if after.marks[contract].rung is Rung.SETTLED:
        return 0.0
    start, end = before.marks[contract].vol, after.marks[contract].vol
    return None if start is None or end is None else (end - start) * 100.0


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
