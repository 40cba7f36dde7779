"""American options on shares and ETFs: a Leisen–Reimer tree on the spot with a rate and a continuous yield.

The tree has an odd number n of steps Δt and its middle lies on the strike, so that its European error falls
as 1/n². With d1 and d2 as in Black's formula and h the Peizer–Pratt inversion of the binomial distribution,
the chance of a rise and the sizes of a rise and a fall are

    p = h(d2)      u = e^((r−q)Δt)·h(d1)/p      d = e^((r−q)Δt)·(1 − h(d1))/(1 − p)

Exercise at the steps only leaves an error that falls as 1/n and is extrapolated away from two trees. What is
left is about a tenth of a cent for options on an ETF; only puts so deep in the money that they trade near an
intrinsic value of a hundred dollars and more are off by a cent or two.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.pricing.black import DAYS_A_YEAR, PER_CENT, VOL_POINT, Greeks, black_greeks
from alvh_tui.pricing.implied import implied_vol

Array = NDArray[np.float64]

_FEW, _MANY = 51, 101
_FARTHEST = 150.0
"""Deviations; a strike further out leaves nothing to chance, and the tree would divide 0 by 0."""
_LEAST_VOL = 1e-6
_SPOT_BUMP = 0.1
"""In deviations of the spot by expiry: fine enough for gamma, coarse enough for the steps of the tree."""
_LEAST_BUMP = 1e-4
_VOL_BUMP = 0.005
_RATE_BUMP = 0.001
_TIME_BUMP = 0.02
"""Of the time left, at most a day."""
_MOST_DEVIATIONS = 8.0
_MOST_STEPS = 40
_CLOSE = 1e-9
"""Of the strike: a price met this closely is met."""


def american_price(
    spot: ArrayLike,
    rate: ArrayLike,
    carry_yield: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    vol: ArrayLike,
    sign: ArrayLike,
) -> Array:
    """Value of an American option per share: never below intrinsic, and just that once it has expired."""
    arguments = _floats(spot, rate, carry_yield, years, strike, vol, sign)
    return _price(*(np.ravel(a) for a in arguments)).reshape(arguments[0].shape)


def american_greeks(
    spot: ArrayLike,
    rate: ArrayLike,
    carry_yield: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    vol: ArrayLike,
    sign: ArrayLike,
) -> Greeks:
    """Price and Greeks per share, by central differences of the tree; rho at fixed spot and yield."""
    arguments = _floats(spot, rate, carry_yield, years, strike, vol, sign)
    shape = arguments[0].shape
    s, r, q, t, k, v, e = (np.ravel(a) for a in arguments)
    with np.errstate(all="ignore"):
        live = ~(t <= 0.0)
        ds = s * np.maximum(_SPOT_BUMP * v * np.sqrt(np.where(live, t, 0.0)), _LEAST_BUMP)
        dt = np.minimum(_TIME_BUMP * t, 1.0 / DAYS_A_YEAR)
        moved = np.repeat(np.stack([s, v, t, r])[:, None, :], 9, axis=1)
        for row, size in enumerate((ds, np.full_like(s, _VOL_BUMP), dt, np.full_like(s, _RATE_BUMP))):
            moved[row, 2 * row + 1] -= size
            moved[row, 2 * row + 2] += size
        spots, vols, times, rates = moved.reshape(4, -1)
        p = _price(spots, rates, np.tile(q, 9), times, np.tile(k, 9), vols, np.tile(e, 9)).reshape(9, -1)
        step = np.where(e * (s - k) > 0.0, e, 0.0)
        figures = (
            p[0],
            np.where(live, (p[2] - p[1]) / (2.0 * ds), step),
            np.where(live, (p[2] - 2.0 * p[0] + p[1]) / ds**2, 0.0),
            np.where(live, (p[4] - p[3]) / (2.0 * _VOL_BUMP) * VOL_POINT, 0.0),
            np.where(live, (p[5] - p[6]) / (2.0 * dt) / DAYS_A_YEAR, 0.0),
            np.where(live, (p[8] - p[7]) / (2.0 * _RATE_BUMP) * PER_CENT, 0.0),
        )
    return Greeks(*(figure.reshape(shape) for figure in figures))


def american_implied_vol(
    price: ArrayLike,
    spot: ArrayLike,
    rate: ArrayLike,
    carry_yield: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    sign: ArrayLike,
) -> Array:
    """Vol at which the tree gives each price; NaN where none does, or any low one would: at intrinsic."""
    arguments = _floats(price, spot, rate, carry_yield, years, strike, sign)
    paid, s, r, q, t, k, e = (np.ravel(a) for a in arguments)
    with np.errstate(all="ignore"):
        known = paid > np.maximum(e * (s - k), 0.0) + _CLOSE * k
        known &= (paid < np.where(e > 0.0, s, k)) & (t > 0.0)
        rows = np.flatnonzero(known & np.isfinite(s + r + q + k))
        vols = np.full(paid.shape, np.nan)
        vols[rows] = _solve(*(a[rows] for a in (paid, s, r, q, t, k, e)))
    return vols.reshape(arguments[0].shape)


def _solve(paid: Array, s: Array, r: Array, q: Array, t: Array, k: Array, e: Array) -> Array:
    """Secants from the European vol, kept between the vols known to be too low and too high."""
    forward, discount = s * np.exp((r - q) * t), np.exp(-r * t)
    low, high = np.zeros_like(paid), _MOST_DEVIATIONS / np.sqrt(t)
    european = implied_vol(paid, forward, discount, t, k, e)
    vol = np.where(np.isfinite(european), european, 0.3)
    steep = black_greeks(forward, discount, t, k, vol, e).vega / VOL_POINT
    solved = np.full(paid.shape, np.nan)
    rows = np.arange(paid.size)
    before, off_before = vol, np.full(paid.shape, np.nan)
    for _ in range(_MOST_STEPS):
        off = _price(s[rows], r[rows], q[rows], t[rows], k[rows], vol, e[rows]) - paid[rows]
        near = np.abs(off) <= _CLOSE * k[rows]
        solved[rows[near]] = vol[near]
        high = np.where(off > 0.0, np.minimum(high, vol), high)
        low = np.where(off < 0.0, np.maximum(low, vol), low)
        slope = (off - off_before) / (vol - before)
        after = vol - off / np.where(slope > 0.0, slope, steep)
        after = np.where((after > low) & (after < high), after, 0.5 * (low + high))
        open_ = ~near & (high - low > 1e-12)
        if not open_.any():
            break
        before, off_before, vol = vol[open_], off[open_], after[open_]
        rows, low, high, steep = rows[open_], low[open_], high[open_], steep[open_]
    return solved


def _price(s: Array, r: Array, q: Array, t: Array, k: Array, v: Array, e: Array) -> Array:
    with np.errstate(all="ignore"):
        intrinsic = np.maximum(e * (s - k), 0.0)
        coarse, fine = _tree(s, r, q, t, k, v, e, _FEW), _tree(s, r, q, t, k, v, e, _MANY)
        value = np.maximum(fine + (fine - coarse) * (_FEW / (_MANY - _FEW)), intrinsic)
        return np.asarray(np.where(t <= 0.0, intrinsic, value))


def _tree(s: Array, r: Array, q: Array, t: Array, k: Array, v: Array, e: Array, steps: int) -> Array:
    deviation = np.where(v < _LEAST_VOL, _LEAST_VOL, v) * np.sqrt(t)
    middle = (np.log(s / k) + (r - q) * t) / deviation
    up, down = _chances(middle - 0.5 * deviation, steps)
    up_shares, down_shares = _chances(middle + 0.5 * deviation, steps)
    growth = np.exp((r - q) * t / steps)
    rise, fall = growth * up_shares / up, growth * down_shares / down
    discount = np.exp(-r * t / steps)
    up, down = up * discount, down * discount
    rises = np.arange(steps + 1.0)[:, None]
    level = s * rise**rises * fall ** (steps - rises)
    value = np.maximum(e * (level - k), 0.0)
    for _ in range(steps):
        value = up * value[1:] + down * value[:-1]
        level = level[:-1] / fall
        np.maximum(value, e * (level - k), out=value)
    return np.asarray(value[0])


def _chances(distance: Array, steps: int) -> tuple[Array, Array]:
    """Peizer–Pratt's h and 1 − h, each to its last digit also where it is tiny."""
    distance = np.clip(distance, -_FARTHEST, _FARTHEST)
    spread = np.exp(-((distance / (steps + 1.0 / 3.0 + 0.1 / (steps + 1.0))) ** 2) * (steps + 1.0 / 6.0))
    tail = 0.5 * spread / (1.0 + np.sqrt(1.0 - spread))
    return np.where(distance > 0.0, 1.0 - tail, tail), np.where(distance > 0.0, tail, 1.0 - tail)


def _floats(*values: ArrayLike) -> tuple[Array, ...]:
    return np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values))
