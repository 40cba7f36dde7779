"""The book as a whole: sums that say what they miss, and SPX and VIX met on one axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from alvh_tui.book.model import Hedge
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.risk.legs import NOTE_DAYS, SPX_FUNDS, VIX_NOTES
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import LegFigures, PositionFigures, PositionGreeks, sum_greeks
from alvh_tui.risk.valuation import Valuation


@dataclass(frozen=True, slots=True)
class Totals:
    pnl: float | None
    spx_delta: float | None
    """Dollars per index point of everything that stands on SPX."""
    spx_delta_hedged: float | None
    """The same with the VIX hedges carried onto SPX, for a fall."""
    gamma: float | None
    vega: float | None
    theta: float | None
    """Of what stands on SPX; VIX Greeks are another underlying's and never added."""
    hedge_vix_dollars: float | None
    """What the VIX hedges gain for one point of VIX, through the link."""
    vega_coverage: float | None
    """That ÷ what the condors lose for one point of VIX."""
    condors_vix_dollars: float | None
    net_theta: float | None
    """Dollars a calendar day, condors and hedges."""
    hedge_cost: float
    """Premium of every hedge, as if all of it were lost."""
    credit: float
    hedge_cost_pct_credit: float | None
    max_loss: float | None
    margin: float | None
    """Of the condors; None where one of them has no bound."""
    complete: bool
    missing: tuple[str, ...]
    """What a sum lacks, position and leg named; such sums are of the rest."""
    unbounded: tuple[str, ...]
    """Positions without a margin, and why; margin and largest loss are sums of the rest."""


def add_up(figures: Sequence[PositionFigures], valuation: Valuation) -> Totals:
    """Sums over every position whose legs are all priced; the others are named in `missing`."""
    living = [f for f in figures if living_legs(f, valuation)]
    condors = [f for f in living if f.kind == "condor"]
    hedges = [f for f in living if f.kind == "hedge"]
    on_spx = [spx_greeks(f, valuation) for f in living if stands_on_spx(f)]
    delta = _sum(None if greeks is None else greeks.delta for greeks in on_spx)
    hedge_vix = _sum(hedge_vix_dollars(f, valuation) for f in hedges)
    condors_vix = _sum(condor_vix_dollars(f, valuation) for f in condors)
    credit = sum(f.position.cash for f in condors)
    cost = sum(f.position.premium for f in hedges if isinstance(f.position, Hedge))
    missing = tuple(f"{f.position.id}: {leg}" for f in figures for leg in f.missing)
    return Totals(
        pnl=_sum(f.pnl for f in figures),
        spx_delta=delta,
        spx_delta_hedged=_hedged_delta(delta, hedge_vix, valuation),
        gamma=_sum(None if greeks is None else greeks.gamma for greeks in on_spx),
        vega=_sum(None if greeks is None else greeks.vega for greeks in on_spx),
        theta=_sum(None if greeks is None else greeks.theta for greeks in on_spx),
        hedge_vix_dollars=hedge_vix,
        condors_vix_dollars=condors_vix,
        vega_coverage=None if hedge_vix is None or not condors_vix else hedge_vix / abs(condors_vix),
        net_theta=_sum(None if f.greeks is None else f.greeks.theta for f in living),
        hedge_cost=cost,
        credit=credit,
        hedge_cost_pct_credit=cost / credit if credit > 0 else None,
        max_loss=_whole(f.max_loss for f in condors),
        margin=_whole(f.margin for f in condors),
        complete=not missing,
        missing=missing,
        unbounded=tuple(f"{f.position.id}: {f.bounds_note}" for f in living if f.margin is None),
    )


def stands_on_spx(figures: PositionFigures) -> bool:
    """Whether a part of it belongs to the SPX Greeks."""
    return any(moves_with_spx(leg.leg.contract) for leg in figures.legs)


def moves_with_spx(contract: Contract) -> bool:
    """Options on the index, and funds that hold it with their options."""
    return contract.family is Family.INDEX or contract.root in SPX_FUNDS


def spx_greeks(figures: PositionFigures, valuation: Valuation) -> PositionGreeks | None:
    """The part of a position's Greeks that stands on SPX, per SPX point; None where a leg has none."""
    weighted: list[tuple[LegFigures, float]] = []
    for leg in figures.legs:
        if moves_with_spx(leg.leg.contract):
            points = spx_points(leg.leg.contract, valuation)
            if points is None:
                return None
            weighted.append((leg, points))
    return sum_greeks(weighted)


def spx_points(contract: Contract, valuation: Valuation) -> float | None:
    """Points of SPX in one point of what the contract stands on."""
    if contract.family is Family.INDEX:
        return 10.0 if contract.spec.underlying == "XSP" else 1.0
    level = float(valuation.legs.forward[valuation.legs.row_of[contract]])
    return None if valuation.spot is None or not level > 0.0 else valuation.spot / level


def hedge_vix_dollars(figures: PositionFigures, valuation: Valuation) -> float | None:
    """What a hedge gains for one point of spot VIX: each leg's delta on its own forward × beta_tenor."""
    total = 0.0
    for leg in figures.legs:
        contract = leg.leg.contract
        share = share_of_vix(contract, valuation)
        if share == 0.0:
            continue
        if leg.greeks.delta is None or share is None:
            return None
        total += leg.leg.quantity * contract.multiplier * leg.greeks.delta * share
    return total


def share_of_vix(contract: Contract, valuation: Valuation) -> float | None:
    """Points its underlying moves for one point of spot VIX; 0 for what does not follow VIX."""
    if contract.family in (Family.VIX, Family.VIX_FUTURE):
        days = valuation.days_left(contract)
        return None if days is None else float(valuation.link.forward_share(days))
    leverage = VIX_NOTES.get(contract.root, 0.0)
    if leverage == 0.0:
        return 0.0
    level = valuation.legs.forward[valuation.legs.row_of[contract]]
    per_point = leverage * level * valuation.link.forward_share(NOTE_DAYS) / valuation.legs.vix_30
    return float(per_point) if np.isfinite(per_point) else None


def condor_vix_dollars(figures: PositionFigures, valuation: Valuation) -> float | None:
    """What a condor gains (loses, if negative) for one point of spot VIX: vega × vol_tenor, leg by leg."""
    total = 0.0
    shares: dict[float, float] = {}
    for leg in figures.legs:
        days = valuation.days_left(leg.leg.contract)
        if leg.greeks.vega is None or days is None:
            return None
        if days not in shares:
            shares[days] = float(valuation.link.vol_share(days))
        weight = leg.leg.quantity * leg.leg.contract.multiplier
        total += weight * leg.greeks.vega * shares[days]
    return total


def _hedged_delta(delta: float | None, hedge_vix: float | None, valuation: Valuation) -> float | None:
    if delta is None or hedge_vix is None or valuation.spot is None:
        return None
    return delta - hedge_vix * valuation.link.beta_down * 100.0 / valuation.spot


def _whole(parts: Iterable[float | None]) -> float | None:
    """Only where every part is known: half a margin is no margin."""
    every = list(parts)
    known = [part for part in every if part is not None]
    return sum(known) if len(known) == len(every) else None


def _sum(parts: Iterable[float | None]) -> float | None:
    """Of the known parts; None where there are parts and none is known."""
    every = list(parts)
    known = [part for part in every if part is not None]
    return None if every and not known else sum(known)
