"""The book somewhere else: payoff curves at any date, and SPX × VIX together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.curves import Curve, pnl
from alvh_tui.risk.legs import Floats, weights_of
from alvh_tui.risk.valuation import Valuation


@dataclass(frozen=True, slots=True, eq=False)
class PayoffCurve:
    """P&L from the entry at one moment, along the SPX axis."""

    when: datetime
    spots: Floats
    condors: Floats
    with_hedges: Floats
    """The same with the hedges; both along the link's path where `on_path`."""
    on_path: bool


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """P&L from the entry of everything held, SPX down the rows, VIX across, each moved on its own."""

    spots: Floats
    vix: Floats
    pnl: Floats


def payoff_curve(
    condors: Sequence[Condor],
    hedges: Sequence[Hedge],
    valuation: Valuation,
    when: datetime,
    spots: Floats,
    *,
    on_path: bool,
) -> PayoffCurve:
    """What condors, and condors with their hedges, have made or lost at that moment."""
    ahead = years_between(valuation.at, when)
    bare = _curve(condors, valuation, ahead, on_path)
    full = _curve([*condors, *hedges], valuation, ahead, on_path)
    return PayoffCurve(
        when, spots, pnl(valuation.legs, bare, spots), pnl(valuation.legs, full, spots), on_path
    )


def spot_vix_grid(
    positions: Sequence[Condor | Hedge], valuation: Valuation, spots: Floats, vix: Floats, when: datetime
) -> Grid:
    """Full revaluation: vols of SPX options and VIX forwards follow the VIX level of the column."""
    ahead = years_between(valuation.at, when)
    curve = _curve(positions, valuation, ahead, on_path=False)
    move = (vix - valuation.legs.vix)[None, :, None]
    values = valuation.legs.values(curve.rows[None, None, :], spots[:, None, None], move, move, ahead)
    return Grid(spots, vix, np.asarray(values @ curve.weights + curve.cash))


def _curve(positions: Sequence[Condor | Hedge], valuation: Valuation, ahead: float, on_path: bool) -> Curve:
    rows, weights = weights_of(
        valuation.legs,
        [(leg.contract, float(leg.quantity)) for held in positions for leg in held.open_legs],
    )
    return Curve(rows, weights, sum(held.cash for held in positions), ahead, on_path)
