"""What the risk panel draws: payoff curves along the path, and P&L over SPX × VIX."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import inf
from typing import Protocol

import numpy as np

from alvh_tui.book.model import Book, Condor, Hedge, Leg
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import HedgeShare, hedge_shares, sessions_ahead
from alvh_tui.risk.legs import Floats, Kind, Legs, Rows, weights_of
from alvh_tui.risk.payoff import payoff_of
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.scenarios import Grid, spot_vix_grid
from alvh_tui.risk.valuation import Valuation

AHEAD = (5, 10)
"""Sessions between now and the expiry that are drawn."""
NODES, COARSE = 97, 4
"""Levels of a curve; American options, forty times as dear, are priced at every fourth."""
BELOW, ABOVE = 0.12, 0.08
"""Drawn beyond the outermost strike, as shares of what lies between them."""
WITHOUT_CONDORS = 0.15
"""To either side of the index where there is no strike to go by."""
GRID_BELOW, GRID_ABOVE, VIX_BELOW, VIX_ABOVE = 5, 3, 2, 4
"""Levels beside the present one: a condor is hurt by a fall, and VIX rises further than it falls."""
SPX_STEPS = (10.0, 25.0, 50.0, 100.0, 200.0, 250.0, 500.0)
VIX_LEVELS = (9.0, 10.0, 12.0, 15.0, 18.0, 20.0, 25.0, 30.0, 35.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0)
APART = 0.08
"""A round level nearer than this to the present one is left out: of VIX as a share, of SPX of half a step."""


class _Held(Protocol):
    @property
    def figures(self) -> PositionFigures: ...


class Assessed(Protocol):
    """The part of an assessment a picture rests on."""

    @property
    def book(self) -> Book: ...
    @property
    def valuation(self) -> Valuation: ...
    @property
    def positions(self) -> Sequence[_Held]: ...


@dataclass(frozen=True, slots=True, eq=False)
class PictureCurve:
    """P&L from the entry in dollars at each of the picture's levels."""

    when: str
    """Empty for now, sessions ahead, or expiry."""
    on: datetime
    bare: Floats
    hedged: Floats
    """With the hedges, of one condor its share of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    about: str
    """The condor, or empty for everything held."""
    spots: Floats
    """Points of SPX, rising."""
    unit: float
    """Points of the condor's own index in one of SPX."""
    curves: tuple[PictureCurve, ...]
    on_path: bool
    """Whether VIX and the vols follow the link; they are held where VIX is unknown."""
    hedges: tuple[HedgeShare, ...]
    """What stands behind the hedged curves."""
    spot: float | None
    vix: float | None
    grid: Grid | None
    reason: str
    """Why there is nothing to draw, or not all of it."""

    def along(self, curve: PictureCurve, levels: Sequence[float], *, hedged: bool) -> list[float]:
        """At each level of SPX; not a number beyond the picture."""
        values = curve.hedged if hedged else curve.bare
        found: list[float] = np.interp(levels, self.spots, values, left=np.nan, right=np.nan).tolist()
        return found

    def here(self, curve: PictureCurve, *, hedged: bool) -> float | None:
        """With the index where it is."""
        if self.spot is None:
            return None
        (value,) = self.along(curve, [self.spot], hedged=hedged)
        return value if np.isfinite(value) else None


def draw_picture(assessed: Assessed, about: str) -> Picture:
    """Of one condor, or of everything held where `about` names none."""
    valuation, book = assessed.valuation, assessed.book
    figures = {held.figures.position.id: held.figures for held in assessed.positions}
    condors = [each for each in book.condors if each.open_legs and about in ("", each.id)]
    if about and not condors:
        return _nothing(about, valuation, "no such condor is held")
    hedges = _hedges_behind(book, figures, about)
    legs = [leg for held in (condors or book.hedges) for leg in held.open_legs]
    if valuation.spot is None:
        return _nothing(about, valuation, "no level of SPX")
    if not legs:
        return _nothing(about, valuation, "nothing is held")
    until = _first_settlement(legs, valuation)
    if until <= 0.0:
        return _nothing(about, valuation, "it has settled: what it made or lost is fixed")
    unit = axis_unit(condors[0]) if about else 1.0
    spots = _levels(condors, figures, valuation.spot)
    curves = _curves(condors, hedges, valuation, spots, until)
    positions: Sequence[Condor | Hedge] = condors if about else book.positions
    return Picture(
        about=about,
        spots=spots,
        unit=unit,
        curves=curves,
        on_path=valuation.vix is not None,
        hedges=hedges if valuation.vix is not None else (),
        spot=valuation.spot,
        vix=valuation.vix,
        grid=_grid(positions, figures, valuation, valuation.spot),
        reason=_missing(condors, hedges, figures, valuation),
    )


def _nothing(about: str, valuation: Valuation, reason: str) -> Picture:
    nowhere = np.empty(0)
    return Picture(about, nowhere, 1.0, (), False, (), valuation.spot, valuation.vix, None, reason)


def _hedges_behind(book: Book, figures: Mapping[str, PositionFigures], about: str) -> tuple[HedgeShare, ...]:
    if about:
        return tuple(share for share in hedge_shares(book, figures)[about] if share.hedge.open_legs)
    return tuple(HedgeShare(hedge, 1.0) for hedge in book.hedges if hedge.open_legs)


def _first_settlement(legs: Iterable[Leg], valuation: Valuation) -> float:
    """Years until the first of the legs that still live settles; none where all have."""
    markets = [market for leg in legs if (market := valuation.market_of(leg.contract)) is not None]
    living = [market.years for market in markets if market.years > 0.0]
    return min(living, default=0.0 if markets else inf)


def _levels(condors: Sequence[Condor], figures: Mapping[str, PositionFigures], spot: float) -> Floats:
    """Evenly about the strikes and the index, and every strike, where a payoff bends."""
    strikes, reached = [], [spot]
    for condor in condors:
        unit, move = axis_unit(condor), figures[condor.id].expected_move or 0.0
        strikes += [leg.contract.strike / unit for leg in condor.open_legs if leg.contract.strike is not None]
        reached += [spot - move / unit, spot + move / unit]
    reached += strikes or [spot * (1.0 - WITHOUT_CONDORS), spot * (1.0 + WITHOUT_CONDORS)]
    low, high = min(reached), max(reached)
    first = max(low - BELOW * (high - low), 0.05 * spot)
    even = np.linspace(first, high + ABOVE * (high - low), NODES)
    return np.unique(np.concatenate([even, strikes, [spot]]))


def _curves(
    condors: Sequence[Condor],
    hedges: Sequence[HedgeShare],
    valuation: Valuation,
    spots: Floats,
    until: float,
) -> tuple[PictureCurve, ...]:
    legs = valuation.legs
    own = [(leg.contract, float(leg.quantity)) for held in condors for leg in held.open_legs]
    behind = [(leg.contract, leg.quantity * each.share) for each in hedges for leg in each.hedge.open_legs]
    rows, weights = weights_of(legs, [*own, *behind])
    cash = sum(condor.cash for condor in condors)
    hedge_cash = sum(each.share * each.hedge.cash for each in hedges)
    known = np.isfinite(legs.vix)
    move = legs.link.vix_move(spots / legs.spot, legs.vix)[:, None] if known else np.zeros((len(spots), 1))
    curves = []
    for when, on, ahead in _moments(valuation.at, until):
        values = _values(legs, rows, spots, move, ahead)
        bare = values[:, : len(own)] @ weights[: len(own)] + cash
        if when == "expiry" and not np.isfinite(bare).all():
            bare = _payoff(condors, spots, bare)
        behind_them = values[:, len(own) :] @ weights[len(own) :] + hedge_cash
        curves.append(PictureCurve(when, on, bare, bare + behind_them))
    return tuple(curves)


def _values(legs: Legs, rows: Rows, spots: Floats, move: Floats, ahead: float) -> Floats:
    """Of every leg at every level; what is slow to price and has no kinks at some of them, drawn through."""
    slow = legs.kind[rows] == Kind.SHARE_OPTION
    if not slow.any():
        return legs.values(rows[None, :], spots[:, None], move, move, ahead)
    values = np.empty((len(spots), len(rows)))
    values[:, ~slow] = legs.values(rows[~slow][None, :], spots[:, None], move, move, ahead)
    some = np.union1d(np.arange(0, len(spots), COARSE), [len(spots) - 1, np.searchsorted(spots, legs.spot)])
    priced = legs.values(rows[slow][None, :], spots[some, None], move[some], move[some], ahead)
    values[:, slow] = np.stack([np.interp(spots, spots[some], column) for column in priced.T], axis=1)
    return values


def _moments(at: datetime, until: float) -> list[tuple[str, datetime, float]]:
    """Name, moment and years ahead of each curve."""
    found = [("", at, 0.0)]
    for sessions in AHEAD:
        on = sessions_ahead(at, sessions)
        ahead = years_between(at, on)
        if ahead < until:
            found.append((f"+{sessions}", on, ahead))
    if until < inf:
        found.append(("expiry", at + timedelta(days=365.0 * until), until))
    return found


def _payoff(condors: Sequence[Condor], spots: Floats, otherwise: Floats) -> Floats:
    """At expiry no market is needed where all legs settle together."""
    legs = [leg for condor in condors for leg in condor.open_legs]
    payoff = payoff_of(legs, sum(condor.cash for condor in condors))
    if payoff is None:
        return otherwise
    unit = axis_unit(condors[0])
    return np.array([payoff.at(float(spot) * unit) for spot in spots])


def _grid(
    positions: Sequence[Condor | Hedge],
    figures: Mapping[str, PositionFigures],
    valuation: Valuation,
    spot: float,
) -> Grid | None:
    if valuation.vix is None:
        return None
    held = [position for position in positions if position.open_legs]
    moves = [move / axis_unit(position) for position in held if (move := figures[position.id].expected_move)]
    step = _step(min(moves, default=0.05 * spot))
    return spot_vix_grid(held, valuation, _about(spot, step), _vix_about(valuation.vix), valuation.at)


def _step(expected_move: float) -> float:
    """The smallest round step with which the grid reaches two expected moves down."""
    wanted = 2.0 * expected_move / GRID_BELOW
    return next((step for step in SPX_STEPS if step >= wanted), SPX_STEPS[-1])


def _about(spot: float, step: float) -> Floats:
    """The present level, and round ones to both sides."""
    first = np.floor(spot / step) * step
    below = [first - step * nth for nth in range(GRID_BELOW + 1)]
    above = [first + step * nth for nth in range(1, GRID_ABOVE + 2)]
    return _beside(below, above, spot, 0.25 * step, GRID_BELOW, GRID_ABOVE)


def _vix_about(vix: float) -> Floats:
    below = [level for level in reversed(VIX_LEVELS) if level < vix]
    above = [level for level in VIX_LEVELS if level > vix]
    return _beside(below, above, vix, APART * vix, VIX_BELOW, VIX_ABOVE)


def _beside(
    below: Sequence[float], above: Sequence[float], here: float, apart: float, left: int, right: int
) -> Floats:
    lower = [level for level in below if here - level >= apart and level > 0.0][:left]
    upper = [level for level in above if level - here >= apart][:right]
    return np.array([*reversed(lower), here, *upper])


def _missing(
    condors: Sequence[Condor],
    hedges: Sequence[HedgeShare],
    figures: Mapping[str, PositionFigures],
    valuation: Valuation,
) -> str:
    if valuation.vix is None:
        return "VIX is not quoted: vols held, no hedges"
    names = [*(condor.id for condor in condors), *(each.hedge.id for each in hedges)]
    gone = [f"{name}: {line}" for name in names for line in figures[name].missing]
    return "; ".join(gone)
