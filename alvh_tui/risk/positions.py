"""One position's figures: value, P&L, Greeks, bounds, margin, and how near its short strikes are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from alvh_tui.book.model import Condor, Hedge, Layer, Leg, Position
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Right
from alvh_tui.instruments.roots import Family
from alvh_tui.pricing.probability import expected_move, prob_beyond
from alvh_tui.risk.legs import how_it_moves
from alvh_tui.risk.marks import LegMark, Rung
from alvh_tui.risk.payoff import Payoff, payoff_of
from alvh_tui.risk.valuation import LegGreeks, Valuation


@dataclass(frozen=True, slots=True)
class PositionGreeks:
    """Dollars for what is held; delta and gamma per point of the legs' own underlying."""

    delta: float
    gamma: float
    vega: float
    theta: float
    rho: float


@dataclass(frozen=True, slots=True)
class LegFigures:
    leg: Leg
    mark: LegMark
    greeks: LegGreeks
    approximate: str
    """How its model simplifies, in words; empty where it does not."""


@dataclass(frozen=True, slots=True)
class ShortStrike:
    strike: float
    right: Right
    quantity: int
    delta: float | None
    distance: float | None
    """Index points to go until it is in the money; negative once it is."""
    distance_pct: float | None
    distance_moves: float | None
    """The same in expected moves."""
    p_beyond: float | None
    p_touch: float | None


@dataclass(frozen=True, slots=True)
class PositionFigures:
    position: Condor | Hedge
    kind: Literal["condor", "hedge"]
    layer: Layer | None
    dte: int | None
    legs: tuple[LegFigures, ...]
    value: float | None
    """Dollars it would bring (+) or cost (−) to close at its marks."""
    mark: float | None
    """Per share: what closing a condor costs, what a hedge would bring."""
    pnl: float | None
    credit: float | None
    """Per share of what is held, adjustments and partial closes included; a debit is negative."""
    pnl_pct_credit: float | None
    max_profit: float | None
    max_loss: float | None
    bounds_note: str
    margin: float | None
    greeks: PositionGreeks | None
    expected_move: float | None
    """One standard deviation of the index until the first expiry, in points."""
    shorts: tuple[ShortStrike, ...]
    p_profit: float | None
    missing: tuple[str, ...]
    """Legs without a mark or without Greeks, with the reason."""


def figure_position(position: Condor | Hedge, valuation: Valuation) -> PositionFigures:
    condor = isinstance(position, Condor)
    open_legs = position.open_legs
    figures = tuple(_leg_figures(leg, valuation) for leg in open_legs)
    value = _value(figures)
    shares = position.multiplier * position.contracts
    payoff = payoff_of(open_legs, position.cash)
    best, worst, note = _bounds(position, payoff)
    if open_legs and not _lives(open_legs, valuation):
        best, worst, note = None, None, "it has settled: what it made or lost is fixed"
    move = _expected_move(position, valuation) if condor else None
    pnl = None if value is None else position.cash + value
    return PositionFigures(
        position=position,
        kind="condor" if condor else "hedge",
        layer=position.layer if isinstance(position, Hedge) else None,
        dte=_days_to(position.expiries, valuation),
        legs=figures,
        value=value,
        mark=None if value is None or not shares else (-value if condor else value) / shares,
        pnl=pnl,
        credit=position.cash / shares if shares else None,
        pnl_pct_credit=pnl / position.cash if condor and pnl is not None and position.cash > 0 else None,
        max_profit=best,
        max_loss=worst,
        bounds_note=note,
        margin=_margin(position, worst) if _lives(open_legs, valuation) else 0.0,
        greeks=sum_greeks((figure, 1.0) for figure in figures),
        expected_move=move,
        shorts=tuple(_short(f, valuation, move) for f in figures if _is_short(f)) if condor else (),
        p_profit=_chance_of_profit(position, payoff, valuation) if condor and payoff is not None else None,
        missing=_missing(figures),
    )


def _leg_figures(leg: Leg, valuation: Valuation) -> LegFigures:
    return LegFigures(
        leg, valuation.marks[leg.contract], valuation.greeks[leg.contract], how_it_moves(leg.contract)
    )


def _value(figures: Iterable[LegFigures]) -> float | None:
    total = 0.0
    for figure in figures:
        if figure.mark.value is None:
            return None
        total += figure.leg.quantity * figure.leg.contract.multiplier * figure.mark.value
    return total


def sum_greeks(weighted: Iterable[tuple[LegFigures, float]]) -> PositionGreeks | None:
    """Dollars of the legs' Greeks; beside each leg how many points of the axis one of its own is."""
    delta = gamma = vega = theta = rho = 0.0
    for figure, points in weighted:
        greeks = figure.greeks
        if greeks.delta is None or greeks.gamma is None:
            return None
        if greeks.vega is None or greeks.theta is None or greeks.rho is None:
            return None
        weight = figure.leg.quantity * figure.leg.contract.multiplier
        delta += weight * greeks.delta / points
        gamma += weight * greeks.gamma / points**2
        vega += weight * greeks.vega
        theta += weight * greeks.theta
        rho += weight * greeks.rho
    return PositionGreeks(delta, gamma, vega, theta, rho)


def _missing(figures: Iterable[LegFigures]) -> tuple[str, ...]:
    gone = []
    for figure in figures:
        if figure.mark.rung is Rung.NONE:
            gone.append(f"{figure.leg.contract}: no mark ({figure.mark.reason})")
        elif figure.greeks.delta is None:
            gone.append(f"{figure.leg.contract}: no vol, so no Greeks")
    return tuple(gone)


def _bounds(position: Position, payoff: Payoff | None) -> tuple[float | None, float | None, str]:
    """Largest profit and loss at expiry, both as positive dollars."""
    if payoff is None:
        if not position.open_legs:
            return None, None, "nothing is held"
        return None, None, "not options of one settlement: no bound without a model"
    best, worst = payoff.best, payoff.worst
    note = "no upper bound" if best is None else "the loss has no bound" if worst is None else ""
    return best, None if worst is None else max(-worst, 0.0), note


def _lives(legs: Iterable[Leg], valuation: Valuation) -> bool:
    """Whether something is held that has not settled."""
    markets = [valuation.market_of(leg.contract) for leg in legs]
    return any(market is None or market.years > 0.0 for market in markets)


def _margin(position: Condor | Hedge, max_loss: float | None) -> float | None:
    """A condor's widest side less its credit; a hedge paid for in full needs none."""
    if isinstance(position, Condor):
        return max_loss
    short = any(leg.quantity < 0 for leg in position.open_legs)
    futures = any(leg.contract.family is Family.VIX_FUTURE for leg in position.open_legs)
    if futures or (short and max_loss is None):
        return None
    paid = max(-position.cash, 0.0)
    return 0.0 if not short else max((max_loss or 0.0) - paid, 0.0)


def _days_to(expiries: tuple[date, ...], valuation: Valuation) -> int | None:
    if not expiries:
        return None
    return (expiries[0] - valuation.at.astimezone(NEW_YORK).date()).days


def _is_short(figure: LegFigures) -> bool:
    contract = figure.leg.contract
    return figure.leg.quantity < 0 and contract.is_option and contract.family is Family.INDEX


def axis_unit(position: Position) -> float:
    """What turns a level of SPX into one of the position's own index: XSP is a tenth of it."""
    return 0.1 if position.on_xsp else 1.0


def _expected_move(position: Position, valuation: Valuation) -> float | None:
    """Forward × at-the-money vol × √time of the first expiry still held."""
    legs = [leg for leg in position.open_legs if leg.contract.family is Family.INDEX]
    markets = [market for leg in legs if (market := valuation.market_of(leg.contract)) is not None]
    nearest = min(markets, key=lambda market: market.years, default=None)
    if nearest is None or nearest.forward is None or nearest.years <= 0:
        return None
    if nearest.smile is not None:
        vol = nearest.smile.atm
    else:
        there = [leg.contract for leg in legs if leg.contract.expiry == nearest.expiry]
        own = sorted(
            (contract.strike, mark.vol)
            for contract in there
            if (mark := valuation.marks[contract]).vol is not None and contract.strike is not None
        )
        if not own:
            return None
        strikes, vols = [strike for strike, _ in own], [vol for _, vol in own]
        vol = float(np.interp(nearest.forward, strikes, vols))
    return float(expected_move(nearest.forward, vol, nearest.years))


def _short(figure: LegFigures, valuation: Valuation, move: float | None) -> ShortStrike:
    contract = figure.leg.contract
    strike, right = contract.strike or 0.0, contract.right or "P"
    unit = 0.1 if contract.spec.underlying == "XSP" else 1.0
    level = None if valuation.spot is None else valuation.spot * unit
    distance = None if level is None else (level - strike) * (1.0 if right == "P" else -1.0)
    odds = valuation.odds.get(contract)
    return ShortStrike(
        strike=strike,
        right=right,
        quantity=figure.leg.quantity,
        delta=figure.greeks.delta,
        distance=distance,
        distance_pct=None if distance is None or level is None else distance / level,
        distance_moves=None if distance is None or not move else distance / move,
        p_beyond=None if odds is None else odds.beyond,
        p_touch=None if odds is None else odds.touch,
    )


def _chance_of_profit(position: Position, payoff: Payoff, valuation: Valuation) -> float | None:
    """Risk-neutral chance to settle between the expiry breakevens, each on the vol its neighbours quote."""
    market = valuation.market_of(position.open_legs[0].contract)
    own = _own_vols(position.open_legs, valuation)
    if market is None or market.forward is None or market.years <= 0 or not own:
        return None
    spot = None if valuation.spot is None else valuation.spot * axis_unit(position)
    low, high = payoff.breakevens(spot)
    if low is None and high is None and payoff.at(market.forward) < 0:
        return 0.0
    edges = [(level, sign) for level, sign in ((low, -1.0), (high, 1.0)) if level is not None]
    if not edges:
        return 1.0
    levels, signs = (np.array(column) for column in zip(*edges, strict=True))
    vols = np.interp(levels, [strike for strike, _ in own], [vol for _, vol in own])
    beyond = prob_beyond(market.forward, market.years, levels, vols, signs)
    return max(1.0 - float(beyond.sum()), 0.0)


def _own_vols(legs: Iterable[Leg], valuation: Valuation) -> list[tuple[float, float]]:
    """Strike and vol of each leg, strikes rising; empty where one has no vol."""
    found: list[tuple[float, float]] = []
    for leg in legs:
        vol = valuation.marks[leg.contract].vol
        if vol is None or leg.contract.strike is None:
            return []
        found.append((leg.contract.strike, vol))
    return sorted(found)
