"""Risk-neutral odds on the forward: finishing beyond a strike, touching it, and the move to expect."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import log_ndtr, ndtr

Array = NDArray[np.float64]

_BOUNDLESS = 1e300
"""Times a distance this is far beyond any chance; an infinity would make NaN of a distance of 0."""


def expected_move(forward: ArrayLike, vol: ArrayLike, years: ArrayLike) -> Array:
    """One standard deviation in points: F·σ·√T; 0 once expired."""
    forward, vol, years = _floats(forward, vol, years)
    return np.asarray(forward * vol * np.sqrt(np.maximum(years, 0.0)))


def prob_beyond(
    forward: ArrayLike, years: ArrayLike, strike: ArrayLike, vol: ArrayLike, sign: ArrayLike
) -> Array:
    """Odds of finishing above the strike (sign +1) or below it (−1): N(±d2)."""
    forward, years, strike, vol, sign = _floats(forward, years, strike, vol, sign)
    return np.asarray(ndtr(sign * _distance(forward, years, strike, vol)))


def prob_touch(
    spot: ArrayLike,
    forward: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    vol: ArrayLike,
    sign: ArrayLike | None = None,
) -> Array:
    """Odds of trading at the strike by expiry; 1 if the spot is there or through it already.

    ln(S) is a Brownian motion with variance s² = σ²T and drift m = ln(F/S) − s²/2 over the whole time. With
    the strike at distance a = |ln(K/S)| and μ the part of m that points to it, reflection gives

        N((μ − a)/s) + e^(2μa/s²)·N(−(μ + a)/s)

    The sign says on which side the strike lies (+1 above the spot, −1 below); without it, where it lies now.
    """
    spot, forward, years, strike, vol = _floats(spot, forward, years, strike, vol)
    with np.errstate(all="ignore"):
        away = np.log(strike / spot)
        side = np.sign(away) if sign is None else np.asarray(sign, dtype=float)
        gap = side * away
        through = gap <= 0.0
        variance = np.where(vol <= 0.0, 0.0, vol) ** 2 * np.where(years <= 0.0, 0.0, years)
        drift = side * (np.log(forward / spot) - 0.5 * variance)
        deviation = np.sqrt(variance)
        reflected = np.exp(2.0 * drift * gap / variance + log_ndtr(-(drift + gap) / deviation))
        random = ndtr((drift - gap) / deviation) + reflected
        certain = np.where((drift >= gap) & (years > 0.0), 1.0, 0.0)
        odds = np.where(variance == 0.0, certain, np.minimum(random, 1.0))
    return np.where(through, 1.0, odds)


def _distance(forward: Array, years: Array, strike: Array, vol: Array) -> Array:
    """d2: infinite where nothing is left to chance, 0 on the strike itself."""
    with np.errstate(all="ignore"):
        deviation = np.where(years <= 0.0, 0.0, np.sqrt(years) * np.where(vol <= 0.0, 0.0, vol))
        ahead = np.log(forward / strike)
        return np.asarray(np.where(deviation == 0.0, ahead * _BOUNDLESS, ahead / deviation - 0.5 * deviation))


def _floats(*values: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(value, dtype=float) for value in values)
