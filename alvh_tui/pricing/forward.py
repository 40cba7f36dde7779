"""The forward of one expiry and root, from put–call parity: C − P = df·(F − K)."""

from dataclasses import dataclass
from math import exp, inf, isfinite, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.pricing.quotes import sane_mids
from alvh_tui.pricing.robust import middle, no_say, scattered

Array = NDArray[np.float64]

NEAR_THE_MONEY = 0.05
"""Strikes within this share of the forward give the forward …"""
ENOUGH_STRIKES = 6
"""… or the nearest this many where fewer lie so near, as on VIX …"""
FEWEST_STRIKES = 3
"""… and below this many there is no forward."""

RATE_WINDOW = 0.15
"""Strikes within this share may give the discount factor …"""
RATE_STRIKES = 8
"""… if there are this many …"""
RATE_ERROR = 0.0005
"""… and they pin the rate to this standard error, better than a bill known from elsewhere does …"""
RATE_SURPRISE = 0.02
"""… and not this far from it: such a rate tells of wrong quotes."""

_TICK = 0.01
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class ForwardFit:
    forward: float
    discount: float
    """The one given, or the chain's own where its strikes identify it."""
    strikes_used: int
    residual: float
    """Median distance in points between the forwards of the single strikes, as weighted, and this one."""


def fit_forward(
    strikes: ArrayLike,
    call_bid: ArrayLike,
    call_ask: ArrayLike,
    put_bid: ArrayLike,
    put_ask: ArrayLike,
    years: float,
    discount: float,
) -> ForwardFit | None:
    """Robust parity forward of one chain; None where fewer than three strikes have sane quotes on both sides.

    Each strike says F = K + (C − P)/df, with an error that grows with both spreads. The strikes are averaged
    with weights 1/spread², and those that stray from their fellows lose theirs.
    """
    k, cb, ca, pb, pa = (np.asarray(a, dtype=float) for a in (strikes, call_bid, call_ask, put_bid, put_ask))
    if not (isfinite(years) and isfinite(discount) and discount > 0.0):
        return None
    call_mid, call_ok = sane_mids(cb, ca)
    put_mid, put_ok = sane_mids(pb, pa)
    pairs = np.flatnonzero(call_ok & put_ok)
    if pairs.size < FEWEST_STRIKES:
        return None
    k = k[pairs]
    difference = call_mid[pairs] - put_mid[pairs]
    spread = ca[pairs] - cb[pairs] + pa[pairs] - pb[pairs]
    trust = np.maximum(spread, _TICK) ** -2.0
    money = _location(k + difference / discount, trust)
    discount = _own_discount(k - money, difference, trust, years, discount, RATE_WINDOW * money)
    near = _nearest(np.abs(k - money), NEAR_THE_MONEY * money)
    forwards = k[near] + difference[near] / discount
    forward = _location(forwards, trust[near])
    if forward <= 0.0:
        return None
    residual = _weighted_median(np.abs(forwards - forward), trust[near])
    return ForwardFit(forward, float(discount), forwards.size, residual)


def carry_forward(spot: float, years: float, rate: float) -> float:
    """The index carried at a rate (interest less dividends): the stand-in for a parity forward."""
    return spot * exp(rate * max(years, 0.0))


def _nearest(distance: Array, window: float) -> NDArray[np.intp]:
    """Rows within the window, or the nearest few where it holds too few."""
    within = np.flatnonzero(distance <= window)
    if within.size >= ENOUGH_STRIKES:
        return within
    return np.argsort(distance, kind="stable")[:ENOUGH_STRIKES]


def _own_discount(
    offset: Array, difference: Array, trust: Array, years: float, discount: float, window: float
) -> float:
    """The chain's own discount factor, the slope of C − P in K, where its strikes identify it.

    A factor df known to se(df) knows its rate −ln(df)/T to se(df)/(df·T).
    """
    wide = np.abs(offset) <= window
    count = int(np.count_nonzero(wide))
    if count < RATE_STRIKES or years <= 0.0:
        return discount
    level, slope, error = _line(offset[wide], difference[wide] + discount * offset[wide], trust[wide])
    own = discount - slope
    if own <= 0.0 or not isfinite(level):
        return discount
    surprise = abs(log(own / discount)) / years
    identified = error / (own * years) <= RATE_ERROR and surprise <= RATE_SURPRISE
    return own if identified else discount


def _location(values: Array, trust: Array) -> float:
    """Weighted mean of what agrees with the median."""
    centre, closeness = middle(values), np.sqrt(trust)
    for _ in range(_ROUNDS):
        weights = _believed(values - centre, trust, closeness)
        moved = float(weights @ values / weights.sum())
        done = abs(moved - centre) <= 1e-9 * abs(moved)
        centre = moved
        if done:
            break
    return centre


def _weighted_median(values: Array, weights: Array) -> float:
    order = np.argsort(values)
    mass = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(mass, 0.5 * mass[-1])])


def _line(x: Array, y: Array, trust: Array) -> tuple[float, float, float]:
    """Level and slope of a weighted line through what agrees with it, and the standard error of the slope."""
    level, slope, spread = middle(y), 0.0, 0.0
    weights, closeness = trust, np.sqrt(trust)
    for _ in range(_ROUNDS):
        weights = _believed(y - level - slope * x, trust, closeness)
        mass = float(weights.sum())
        x_mean, y_mean = float(weights @ x) / mass, float(weights @ y) / mass
        spread = float(weights @ (x - x_mean) ** 2)
        if spread == 0.0:
            return level, slope, inf
        moved = float(weights @ ((x - x_mean) * (y - y_mean))) / spread
        level = y_mean - moved * x_mean
        done = abs(moved - slope) <= 1e-9
        slope = moved
        if done:
            break
    rest = np.where(weights > 0.0, y - level - slope * x, 0.0)
    degrees = max(int(np.count_nonzero(weights)) - 2, 1)
    return level, slope, sqrt(float(weights @ rest**2) / degrees / spread)


def _believed(rest: Array, trust: Array, closeness: Array) -> Array:
    """Trust, less for what strays further than the spreads (the reciprocal of `closeness`, its root) and the
    other strikes explain."""
    return np.asarray(trust * no_say(scattered(np.abs(rest) * closeness)))
