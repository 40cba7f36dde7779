"""Implied vol: the one Black-76 vol that gives a price, or NaN where there is none.

Parity first turns every price into that of the option out of the money, in units of df·√(FK). With
x = −|ln(F/K)|, s = vol·√years, h = x/s and t = s/2, that value and its distance from its ceiling are

    b(s) = ½·g·(erfcx(−(h + t)/√2) − erfcx((t − h)/√2))                g = e^(−(h² + t²)/2)
    c(s) = e^(x/2) − b(s) = ½·g·(erfcx((h + t)/√2) + erfcx((t − h)/√2))

with b' = g/√(2π), b''/b' = a = h²/s − s/4 and a' = −3h²/s² − ¼. b bends at s = √(−2x), where h = −t and
b = ½·e^(x/2) − e^(−x/2)·N(−√(−2x)). On either side a function of b (of c) is chosen that is nearly a straight
line in s, and solved by steps of the fourth order, n·(1 + ½qn)/(1 + qn + pn²/6) with n = −f/f', q = f''/f',
p = f'''/f'. Two steps below the bend and three above reach what a double can determine, for b from 1e-290 up.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import erfcx, ndtr

Array = NDArray[np.float64]
Parts = tuple[Array, Array, Array]
Step = Callable[[Array, Array, Array], Parts]

_STEPS_BELOW = 2
_STEPS_ABOVE = 3
_SQRT_2 = float(np.sqrt(2.0))
_SQRT_2PI = float(np.sqrt(2.0 * np.pi))
_LOG_2PI = float(np.log(2.0 * np.pi))
_NOISE = 4.0 * float(np.finfo(float).eps)
"""In the money, time value below this share of forward and strike is rounding, not a price."""


def implied_vol(
    price: ArrayLike,
    forward: ArrayLike,
    discount: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    sign: ArrayLike,
) -> Array:
    """Vol that gives each price; NaN where none can: at intrinsic, at the ceiling, beyond either, expired."""
    arguments = (price, forward, discount, years, strike, sign)
    price, forward, discount, years, strike, sign = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in arguments)
    )
    with np.errstate(all="ignore"):
        intrinsic = discount * np.maximum(sign * (forward - strike), 0.0)
        time_value = price - intrinsic
        ceiling = discount * np.where(sign > 0.0, forward, strike)
        noise = np.where(intrinsic > 0.0, _NOISE * discount * (forward + strike), 0.0)
        solvable = (time_value > noise) & (price < ceiling) & (years > 0.0)
        solvable &= (forward > 0.0) & (strike > 0.0) & (discount > 0.0)
        f, k = forward[solvable], strike[solvable]
        unit = discount[solvable] * np.sqrt(f * k)
        deviation = _deviation(
            -np.abs(np.log(f / k)), time_value[solvable] / unit, (ceiling - price)[solvable] / unit
        )
        vols = np.full(price.shape, np.nan)
        vols[solvable] = deviation / np.sqrt(years[solvable])
    return vols


def _deviation(x: Array, value: Array, shortfall: Array) -> Array:
    """s from b(s) = value, or from c(s) = shortfall where s lies above the bend."""
    bend = 0.5 * np.exp(0.5 * x) - np.exp(-0.5 * x) * ndtr(-np.sqrt(-2.0 * x))
    below = value < bend
    above = ~below
    deviation = np.empty_like(x)
    depth = -np.log(value[below])
    start = _start_below(x[below], depth)
    deviation[below] = _climb(_step_below, _STEPS_BELOW, x[below], depth, start)
    start = np.sqrt(-2.0 * x[above]) + _SQRT_2PI * (value[above] - bend[above])
    deviation[above] = _climb(_step_above, _STEPS_ABOVE, x[above], np.log(shortfall[above]), start)
    return deviation


def _climb(step: Step, steps: int, x: Array, target: Array, s: Array) -> Array:
    for _ in range(steps):
        n, q, p = step(x, s, target)
        s = s + np.clip(n * (1.0 + 0.5 * q * n) / (1.0 + n * (q + n * p / 6.0)), -0.75 * s, 3.0 * s + 1.0)
    return s


def _start_below(x: Array, depth: Array) -> Array:
    """First guess below the bend, from the normal model that Black's becomes for small s.

    There b/|x| = φ(y)/y − N(−y) with y = |x|/s: 1/(y·√(2π)) for small y, φ(y)/y³ for large. So y² is
    ln(1 + x²/(2πb²)) =: w² at one end and, but for a logarithm, at the other; the ratio y²/w² of the exact
    relation was fitted between them by a quotient of cubics in w, to 0.5 %.
    """
    log_square = 2.0 * (depth + np.log(-x)) - _LOG_2PI
    w = np.sqrt(np.maximum(log_square, 0.0) + np.log1p(np.exp(-np.abs(log_square))))
    above = 1.00444 + w * (0.34179 + w * (-0.23435 + w * 0.25723))
    under = 1.0 + w * (3.03300 + w * (-0.15573 + w * 0.25826))
    return np.asarray(np.minimum(-x / (w * np.sqrt(above / under)), np.sqrt(-2.0 * x)))


def _step_below(x: Array, s: Array, depth: Array) -> Parts:
    """n, q, p of f = L^(−½) − depth^(−½), where L = −ln b falls like x²/(2s²).

    With r = b'/b: L' = −r and r' = r·(a − r), so q = 3r/(2L) + a − r, and p = q² + q'.
    """
    h, t = x / s, 0.5 * s
    scaled = 0.5 * (erfcx(-(h + t) / _SQRT_2) - erfcx((t - h) / _SQRT_2))
    level = 0.5 * (h * h + t * t) - np.log(scaled)
    r = 1.0 / (_SQRT_2PI * scaled)
    a = h * h / s - 0.5 * t
    r_slope = r * (a - r)
    q = 1.5 * r / level + a - r
    q_slope = 1.5 * (r_slope + r * r / level) / level - 3.0 * (h / s) ** 2 - 0.25 - r_slope
    return 2.0 * level / r * (np.sqrt(level / depth) - 1.0), q, q * q + q_slope


def _step_above(x: Array, s: Array, log_shortfall: Array) -> Parts:
    """n, q, p of f = log_shortfall − ln c, with u = b'/c: f' = u, q = a + u, u' = u·q."""
    h, t = x / s, 0.5 * s
    scaled = 0.5 * (erfcx((h + t) / _SQRT_2) + erfcx((t - h) / _SQRT_2))
    u = 1.0 / (_SQRT_2PI * scaled)
    q = h * h / s - 0.5 * t + u
    n = (np.log(scaled) - 0.5 * (h * h + t * t) - log_shortfall) / u
    return n, q, q * q - 3.0 * (h / s) ** 2 - 0.25 + u * q
