"""P&L from the entry along the SPX axis, and where it crosses zero."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alvh_tui.risk.legs import Floats, Legs, Rows

NEAR, NEAR_STEP = 0.15, 0.005
"""Within this share of the index its P&L is scanned in steps of this share …"""
REACH, FAR_STEP = 0.45, 0.03
"""… and as far as this in wider ones: beyond every strike of a condor its P&L bends no more."""
TOLERANCE = 1e-6
"""Index points."""
MOST_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Cash so far plus what the legs are worth, `ahead` years from now."""

    rows: Rows
    weights: Floats
    """Dollars per point of each leg."""
    cash: float
    ahead: float
    on_path: bool
    """Whether VIX, its forwards and the vols move along the spot–vol link, or are held."""


@dataclass(frozen=True, slots=True)
class Crossings:
    """The edges of the profit zone the index stands in, or of the nearest one."""

    low: float | None
    high: float | None
    profit_here: bool | None
    """Whether the P&L at today's index is not a loss; None where it cannot be priced."""


UNKNOWN = Crossings(None, None, None)


def scan_axis(legs: Legs) -> Floats:
    """Index levels to scan: a grid about today's level, and every SPX strike (payoffs bend there)."""
    strikes = legs.strike[(legs.kind == 0) & np.isfinite(legs.strike)]
    strikes = np.where(strikes < 0.2 * legs.spot, strikes * 10.0, strikes)
    near, far = np.arange(0.0, NEAR, NEAR_STEP), np.arange(NEAR, REACH + 0.5 * FAR_STEP, FAR_STEP)
    away = np.concatenate([near, far])
    nodes = np.unique(np.concatenate([legs.spot * (1.0 - away), legs.spot * (1.0 + away), strikes]))
    within = np.abs(nodes - legs.spot) <= (REACH + 0.5 * FAR_STEP) * legs.spot
    return np.asarray(nodes[within])


def pnl(legs: Legs, curve: Curve, spots: Floats) -> Floats:
    """Dollars of P&L of one curve at each index level."""
    move = _path_moves(legs, spots)[:, None] if curve.on_path else 0.0
    values = legs.values(curve.rows[None, :], spots[:, None], move, move, curve.ahead)
    return np.asarray(values @ curve.weights + curve.cash)


def _path_moves(legs: Legs, spots: Floats) -> Floats:
    return legs.link.vix_move(spots / legs.spot, legs.vix)


def find_crossings(legs: Legs, curves: Sequence[Curve]) -> list[Crossings]:
    """For every curve the zero crossings that bound its profit zone, all refined together."""
    if not curves or not np.isfinite(legs.spot):
        return [UNKNOWN for _ in curves]
    axis = scan_axis(legs)
    here = int(np.searchsorted(axis, legs.spot))
    profits = _scan(legs, curves, axis)
    priced: NDArray[np.bool_] = np.logical_and.reduce(np.isfinite(profits), axis=1)
    below, above = _zone_edges(profits >= 0.0, axis, here)
    lows, highs = np.flatnonzero(priced & (below >= 0)), np.flatnonzero(priced & (above >= 0))
    numbers, edges = np.concatenate([lows, highs]), np.concatenate([below[lows], above[highs]])
    roots = _refine(legs, [curves[number] for number in numbers], axis, profits[numbers], edges).tolist()
    low = dict(zip(lows.tolist(), roots, strict=False))
    high = dict(zip(highs.tolist(), roots[len(lows) :], strict=True))
    gains = profits[:, here] >= 0.0
    return [
        Crossings(low.get(number), high.get(number), bool(gains[number])) if known else UNKNOWN
        for number, known in enumerate(priced.tolist())
    ]


def _scan(legs: Legs, curves: Sequence[Curve], axis: Floats) -> Floats:
    """P&L on the axis, one row a curve; curves of one date and path share one pricing of their legs."""
    groups: dict[tuple[float, bool], list[int]] = {}
    for number, curve in enumerate(curves):
        groups.setdefault((curve.ahead, curve.on_path), []).append(number)
    scanned = np.empty((len(curves), len(axis)))
    moves = _path_moves(legs, axis)
    for (ahead, on_path), numbers in groups.items():
        needed, weights = _weights([curves[number] for number in numbers], len(legs.contracts))
        move = moves[:, None] if on_path else 0.0
        values = legs.values(needed[None, :], axis[:, None], move, move, ahead)
        # An unpriced leg spoils the curves it is part of, not those it has no weight in.
        unpriced = np.isnan(values).any(axis=0)
        profits = np.where(unpriced, 0.0, values) @ weights + [curves[number].cash for number in numbers]
        profits[:, (weights[unpriced] != 0.0).any(axis=0)] = np.nan
        scanned[numbers] = profits.T
    return scanned


def _weights(curves: Sequence[Curve], rows: int) -> tuple[Rows, Floats]:
    """The rows these curves need of so many, and the weight of each in every curve."""
    every = np.concatenate([curve.rows for curve in curves])
    held = np.zeros(rows, dtype=bool)
    held[every] = True
    needed = np.flatnonzero(held)
    column = np.repeat(np.arange(len(curves)), [len(curve.rows) for curve in curves])
    place = np.searchsorted(needed, every) * len(curves) + column
    weight = np.concatenate([curve.weights for curve in curves])
    summed = np.bincount(place, weight, minlength=len(needed) * len(curves)).astype(np.float64)
    return needed, summed.reshape(len(needed), len(curves))


def _zone_edges(positive: NDArray[np.bool_], axis: Floats, here: int) -> tuple[Rows, Rows]:
    """For each row the nodes just below the up-crossing and the down-crossing of the zone at, or nearest to,
    `here`; −1 where there is none."""
    nodes = np.arange(axis.size)
    away = np.where(positive, np.abs(axis - axis[here]), np.inf)
    start = away.argmin(axis=1)[:, None]
    below = np.where(~positive & (nodes < start), nodes, -1).max(axis=1)
    above = np.where(~positive & (nodes > start), nodes, axis.size).min(axis=1)
    gains = positive.any(axis=1)
    return np.where(gains, below, -1), np.where(gains & (above < axis.size), above - 1, -1)


def _refine(legs: Legs, pick: Sequence[Curve], axis: Floats, profits: Floats, edges: Rows) -> Floats:
    """The zero of each curve between a node and the next, all at once: regula falsi, the Illinois rule."""
    if not pick:
        return np.empty(0)
    a, b = axis[edges], axis[edges + 1]
    fa, fb = profits[np.arange(len(pick)), edges], profits[np.arange(len(pick)), edges + 1]
    sizes = [len(curve.rows) for curve in pick]
    root = np.repeat(np.arange(len(pick)), sizes)
    rows = np.concatenate([curve.rows for curve in pick])
    weights = np.concatenate([curve.weights for curve in pick])
    ahead = np.repeat([curve.ahead for curve in pick], sizes)
    on_path = np.array([curve.on_path for curve in pick])
    cash = np.array([curve.cash for curve in pick])

    def pnl_at(spots: Floats) -> Floats:
        move = np.where(on_path, _path_moves(legs, spots), 0.0)[root]
        values = legs.values(rows, spots[root], move, move, ahead)
        return cash + np.bincount(root, weights * values, minlength=len(pick))

    best = a
    for _ in range(MOST_STEPS):
        last, step = best, fb - fa
        best = np.where(step == 0.0, a, b - fb * (b - a) / np.where(step == 0.0, 1.0, step))
        if (np.abs(best - last) < TOLERANCE).all():
            break
        value = pnl_at(best)
        crossed = (value >= 0.0) != (fb >= 0.0)
        a, fa = np.where(crossed, b, a), np.where(crossed, fb, 0.5 * fa)
        b, fb = best, value
    return best
