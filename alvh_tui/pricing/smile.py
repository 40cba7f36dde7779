"""The smile of one expiry and root: a vol for every strike, also where its own quote is of no use.

The vols of the options out of the money are smoothed by a penalised cubic spline in u = asinh(z),
z = ln(K/F)/(σ_atm·√T): even steps in u are fine near the money and coarse in the wings, and mean the same for
a day and for a year, for SPX and for VIX. With vols in units of σ_atm the spline minimises

    Σ weight·(quoted vol − spline)² + λ·∫ (third derivative)² du        weight = 1/(half the spread, in vol)²

A spline, because a curve of few parameters does not follow a chain: of strikes left out of two days of real
chains, this one prices 99 in 100 within their bid and ask, a quadratic in total variance 1 in 4.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.quotes import sane_mids
from alvh_tui.pricing.robust import less_pull, middle, no_say, scattered

Array = NDArray[np.float64]

FEWEST_STRIKES = 3

_KNOT = 0.3
"""Distance of the knots in u."""
_STIFFNESS = 0.02
"""λ. A fifth or five times as much leaves the strikes left out of the real chains as well met."""
_ENOUGH_TO_BEND = 8
"""Fewer strikes do not tell how a curve bends: then its second derivative is penalised."""
_BLEND = 0.25
"""Put and call both count within this many deviations of the money …"""
_NEAREST = 0.03
"""… and within this log-moneyness."""
_ROUNDS = 5
_GENTLE = 2
_HALF_TICK = 0.005
"""No quote is finer than its tick, not even a locked one."""
_FINEST = 2e-4
"""No quote is trusted closer than this, in vol."""
_FOUR = np.arange(4)
"""A cubic has four B-splines alive at every place."""
_LEE = 2.0
"""In either wing total variance can rise no faster than twice the log-moneyness (Lee)."""


@dataclass(frozen=True, slots=True, eq=False)
class Smile:
    forward: float
    years: float
    atm: float
    """Vol at the forward."""
    error: float
    """Median distance of the quoted vols from the curve."""
    strikes_used: int
    low: float
    """Lowest strike that told a vol; below it total variance runs on in a straight line."""
    high: float
    _spline: "_Spline"
    _wings: tuple["_Wing", "_Wing"]

    def vol(self, strikes: ArrayLike) -> Array:
        """Vol at each strike."""
        return self._curve(strikes)[0]

    def slope(self, strikes: ArrayLike) -> Array:
        """Change of vol per point of strike."""
        return np.asarray(self._curve(strikes)[1] / np.asarray(strikes, dtype=float))

    def _curve(self, strikes: ArrayLike) -> tuple[Array, Array]:
        with np.errstate(all="ignore"):
            k = np.log(np.asarray(strikes, dtype=float) / self.forward)
            return _curve(k, self.years, self._spline, self._wings)


@dataclass(frozen=True, slots=True, eq=False)
class _Spline:
    unit: float
    """σ_atm·√T, that log-moneyness is measured in."""
    start: float
    """u of the first knot."""
    step: float
    weights: Array
    """Of the cubic B-splines, in vol."""
    least: float
    """Half the lowest quoted vol: where the curve would dip below it, between few quotes, it does not."""

    def at(self, k: Array) -> tuple[Array, Array]:
        """Vol and its change with log-moneyness, between the first knot and the last."""
        z = k / self.unit
        t = (np.arcsinh(z) - self.start) / self.step
        piece, taps = _taps(t, self.weights.size)
        rises = _slopes(t - piece)
        parts = self.weights[piece[..., None] + _FOUR]
        rise = (parts * rises).sum(axis=-1) / (self.step * self.unit * np.sqrt(1.0 + z * z))
        vol = (parts * taps).sum(axis=-1)
        return np.maximum(vol, self.least), np.where(vol < self.least, 0.0, rise)


@dataclass(frozen=True, slots=True)
class _Wing:
    """Where the quotes end (log-moneyness), the total variance there and its slope outward from there on."""

    edge: float
    variance: float
    slope: float


def fit_smile(
    strikes: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    forward: float,
    discount: float,
    years: float,
) -> Smile | None:
    """Smile through the quotes of one chain; None where fewer than three strikes tell a vol."""
    if not (years > 0.0 and forward > 0.0 and discount > 0.0):
        return None
    strikes, call_bid, call_ask, put_bid, put_ask = (
        np.asarray(a, dtype=float) for a in (strikes, call_bid, call_ask, put_bid, put_ask)
    )
    k, vol, error = _quoted_vols(
        np.concatenate([strikes, strikes]),
        np.concatenate([put_bid, call_bid]),
        np.concatenate([put_ask, call_ask]),
        np.repeat([-1.0, 1.0], strikes.size),
        forward,
        discount,
        years,
    )
    if np.unique(k).size < FEWEST_STRIKES:
        return None
    spline, believed = _smooth(k, vol, error, years)
    k, vol = k[believed], vol[believed]
    wings = _wings(spline, k, years)
    fitted, _ = _curve(np.append(k, 0.0), years, spline, wings)
    return Smile(
        forward=forward,
        years=years,
        atm=float(fitted[-1]),
        error=middle(np.abs(vol - fitted[:-1])),
        strikes_used=np.unique(k).size,
        low=forward * exp(wings[0].edge),
        high=forward * exp(wings[1].edge),
        _spline=spline,
        _wings=wings,
    )


def _quoted_vols(
    strike: Array, bid: Array, ask: Array, sign: Array, forward: float, discount: float, years: float
) -> tuple[Array, Array, Array]:
    """Log-moneyness, vol and half spread in vol of the sane quotes out of the money, and just in it."""
    mid, usable = sane_mids(bid, ask)
    k = np.log(strike / forward)
    rows = np.flatnonzero(usable & (sign * k > -_NEAREST))
    k, spread = k[rows], ask[rows] - bid[rows]
    vol = implied_vol(mid[rows], forward, discount, years, strike[rows], sign[rows])
    with np.errstate(all="ignore"):
        deviation = vol * sqrt(years)
        bell = np.exp(-0.5 * (0.5 * deviation - k / deviation) ** 2) / sqrt(2.0 * pi)
        error = np.maximum(0.5 * spread, _HALF_TICK) / (discount * forward * sqrt(years) * bell)
    # A quote that leaves its vol open by more than the vol itself tells none.
    told = error < vol
    if told.any():
        told &= sign[rows] * k > -_BLEND * _money_vol(k[told], vol[told]) * sqrt(years)
    return k[told], vol[told], error[told]


def _money_vol(k: Array, vol: Array) -> float:
    """Middle vol of the five quotes nearest the money: rough, but no one bad quote moves it."""
    return middle(vol[np.argsort(np.abs(k), kind="stable")[:5]])


def _smooth(k: Array, vol: Array, error: Array, years: float) -> tuple[_Spline, NDArray[np.bool_]]:
    """The spline, and which of the quotes it believes."""
    money_vol = _money_vol(k, vol)
    unit = money_vol * sqrt(years)
    u = np.arcsinh(k / unit)
    start, length = float(u.min()), float(np.ptp(u))
    pieces = ceil(length / _KNOT)
    step = length / pieces
    basis = _basis((u - start) / step, pieces + 3)
    order = 3 if np.unique(k).size >= _ENOUGH_TO_BEND else 2
    penalty = _STIFFNESS * step ** (1.0 - 2.0 * order) * _roughness(pieces + 3, order)
    trust = money_vol**2 / (error**2 + _FINEST**2)
    weights, closeness, wanted = trust, np.sqrt(trust), vol / money_vol
    for turn in range(_ROUNDS):
        weighted = basis.T * weights
        levels = np.linalg.solve(weighted @ basis + penalty, weighted @ wanted)
        off = np.abs(wanted - basis @ levels) * closeness
        # Bad quotes first lose their pull, and only then, off a curve they no longer bend, their say.
        weights = trust * (less_pull if turn < _GENTLE else no_say)(scattered(off))
    believed = weights > 0.0
    return _Spline(unit, start, step, money_vol * levels, 0.5 * float(vol[believed].min())), believed


@lru_cache(maxsize=256)
def _roughness(count: int, order: int) -> Array:
    """What the penalty of so many B-splines is made of; the same for every chain of that many pieces."""
    differences = np.diff(np.eye(count), order, axis=0)
    found = np.asarray(differences.T @ differences)
    found.setflags(write=False)
    return found


def _taps(t: Array, count: int) -> tuple[NDArray[np.intp], Array]:
    """The piece each place lies in, counted in steps, and the four B-splines alive there."""
    piece = np.fmin(np.fmax(np.floor(t), 0.0), count - 4.0).astype(np.intp)
    r = t - piece
    q = 1.0 - r
    r2, q2 = r * r, q * q
    taps = np.empty((*t.shape, 4))
    taps[..., 0], taps[..., 3] = q2 * q, r2 * r
    taps[..., 1], taps[..., 2] = 3.0 * r2 * (r - 2.0) + 4.0, 3.0 * q2 * (q - 2.0) + 4.0
    taps /= 6.0
    return piece, taps


def _slopes(r: Array) -> Array:
    """Of the four B-splines, that far into their piece."""
    q = 1.0 - r
    slopes = np.empty((*r.shape, 4))
    slopes[..., 0], slopes[..., 1] = -(q * q), r * (3.0 * r - 4.0)
    slopes[..., 2], slopes[..., 3] = q * (4.0 - 3.0 * q), r * r
    slopes /= 2.0
    return slopes


def _basis(t: Array, count: int) -> Array:
    piece, taps = _taps(t, count)
    basis = np.zeros((t.size, count))
    basis[np.arange(t.size)[:, None], piece[:, None] + _FOUR] = taps
    return basis


def _wings(spline: _Spline, k: Array, years: float) -> tuple[_Wing, _Wing]:
    edges = np.array([k.min(), k.max()])
    vols, rises = spline.at(edges)
    (low, high), (low_vol, high_vol), (low_rise, high_rise) = edges.tolist(), vols.tolist(), rises.tolist()
    return _wing(low, low_vol, low_rise, years, -1.0), _wing(high, high_vol, high_rise, years, 1.0)


def _wing(edge: float, vol: float, rise: float, years: float, side: float) -> _Wing:
    return _Wing(edge, vol * vol * years, min(max(side * 2.0 * vol * years * rise, 0.0), _LEE))


def _curve(k: Array, years: float, spline: _Spline, wings: tuple[_Wing, _Wing]) -> tuple[Array, Array]:
    """Vol and its change with log-moneyness: the spline between the wings, straight total variance beyond."""
    low, high = wings
    vol, rise = spline.at(np.clip(k, low.edge, high.edge))
    for side, wing in ((-1.0, low), (1.0, high)):
        beyond = side * (k - wing.edge)
        straight = np.sqrt((wing.variance + wing.slope * np.maximum(beyond, 0.0)) / years)
        vol = np.where(beyond > 0.0, straight, vol)
        rise = np.where(beyond > 0.0, side * wing.slope / (2.0 * years * straight), rise)
    return vol, rise
