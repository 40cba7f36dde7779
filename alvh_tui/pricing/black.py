"""Black-76 on the forward: prices, and Greeks in the trader's units.

With forward F, strike K, discount factor df, ε = +1 for a call and −1 for a put, s = vol·√years,
d1 = ln(F/K)/s + s/2, d2 = d1 − s, and the normal density φ and distribution N:

    price                V    = df·ε·(F·N(ε·d1) − K·N(ε·d2))
    on the forward       V_F  = df·ε·N(ε·d1)          V_FF = df·φ(d1)/(F·s)
    in vol               V_σ  = df·F·φ(d1)·√T
    in time, F and df held, a year              −V_σ·σ/(2T)

As ε·d1 = ε·ln(F/K)/s + ε·s/2, a scenario grid needs two products on the full grid and all else on its edges.
Where time or vol has run out s is 0; the reciprocal 1/s is then a number so large that N becomes a step, and
the same lines give the discounted intrinsic value (and half a step exactly at the money, where F = K).

Every function broadcasts its arguments. An unknown (NaN) argument gives an unknown result; only the vol of an
expired option is no longer asked for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

DAYS_A_YEAR = 365.0
VOL_POINT = 0.01
PER_CENT = 0.01

_SQRT_2PI = float(np.sqrt(2.0 * np.pi))
_STEP = 1e300
"""Stands for 1/s where s is 0; an infinity would make NaN of ln(F/K) = 0."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Greeks:
    """Per share of one long contract, all of one shape."""

    price: Array
    delta: Array
    """Per 1 point of the underlying."""
    gamma: Array
    """Change of delta per 1 point of the underlying."""
    vega: Array
    """Per vol point (0.01)."""
    theta: Array
    """Per calendar day."""
    rho: Array
    """Per 1 % of interest rate."""


def black_price(
    forward: ArrayLike,
    discount: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    vol: ArrayLike,
    sign: ArrayLike,
) -> Array:
    """Value of a European option per share; its discounted intrinsic value where time or vol has run out."""
    values = _floats(forward, discount, years, strike, vol, sign)
    with np.errstate(all="ignore"):
        got, owed = _legs(*values)
        return np.subtract(got, owed, out=got)


def black_greeks(
    forward: ArrayLike,
    discount: ArrayLike,
    years: ArrayLike,
    strike: ArrayLike,
    vol: ArrayLike,
    sign: ArrayLike,
    spot: ArrayLike | None = None,
) -> Greeks:
    """Price and Greeks; the underlying is the spot where one is given, else the forward itself.

    On a spot S the forward is S·e^(bT) and df = e^(−rT), so r = −ln(df)/T and the carry b = ln(F/S)/T are
    implied. Holding S, σ, r and b (for rho: S, σ and the yield r − b) the chain rule gives

        delta = V_F·F/S      gamma = V_FF·(F/S)²
        theta = (−V_σ·σ/(2T) − b·F·V_F + r·V)/365      rho = T·(F·V_F − V)/100

    On the forward itself b and its part of rho vanish: theta = (−V_σ·σ/(2T) + r·V)/365, rho = −T·V/100.
    """
    on_forward = spot is None
    forward, discount, years, strike, vol, sign = _floats(forward, discount, years, strike, vol, sign)
    forward, spot = np.broadcast_arrays(forward, forward if spot is None else np.asarray(spot, dtype=float))
    with np.errstate(all="ignore"):
        got, owed = _legs(forward, discount, years, strike, vol, sign)
        price = got - owed
        deviation, reciprocal = _deviation(years, vol)
        alive = deviation != 0.0
        time = np.where(years <= 0.0, 0.0 * years, years)
        per_time = np.where(years <= 0.0, 0.0, 1.0 / years)
        # df·F·φ(d1), the common factor of gamma, vega and decay; ε² gives it their shape, and ε's unknowns.
        bell = np.log(forward / strike) * reciprocal + 0.5 * deviation
        bell = np.exp(-0.5 * bell * bell) * alive * (sign * sign * discount * forward / _SQRT_2PI)
        vega = bell * (np.sqrt(time) * VOL_POINT)
        decay = np.where(alive, -0.5 / VOL_POINT / DAYS_A_YEAR * vol * per_time, 0.0)
        theta = vega * decay - price * (np.log(discount) * per_time / DAYS_A_YEAR)
        if not on_forward:
            theta -= got * (np.log(forward / spot) * per_time / DAYS_A_YEAR)
        rho = (-price if on_forward else owed) * (time * PER_CENT)
        gamma = bell * np.where(alive, reciprocal, 0.0) / (spot * spot)
        return Greeks(price, got / spot, gamma, vega, theta, rho)


def _legs(
    forward: Array, discount: Array, years: Array, strike: Array, vol: Array, sign: Array
) -> tuple[Array, Array]:
    """The two halves of the price, df·ε·F·N(ε·d1) and df·ε·K·N(ε·d2).

    Worked in place: on a scenario grid the time goes into memory, not into arithmetic.
    """
    shape = np.broadcast_shapes(*(a.shape for a in (forward, discount, years, strike, vol, sign)))
    got, owed = np.empty(shape), np.empty(shape)
    deviation, reciprocal = _deviation(years, vol)
    half = 0.5 * sign * deviation
    middle = np.log(forward / strike) * (sign * reciprocal)
    ndtr(np.add(middle, half, out=got), out=got)
    ndtr(np.subtract(middle, half, out=owed), out=owed)
    got *= sign * discount * forward
    owed *= sign * discount * strike
    return got, owed


def _floats(*values: ArrayLike) -> tuple[Array, ...]:
    return tuple(np.asarray(value, dtype=float) for value in values)


def _deviation(years: Array, vol: Array) -> tuple[Array, Array]:
    """s = vol·√years, 0 where either has run out, and 1/s."""
    # On a grid every pass over it counts, and most grids have nothing that has run out.
    dead, spent = vol <= 0.0, years <= 0.0
    deviation = np.asarray(np.sqrt(years) * (np.where(dead, 0.0, vol) if dead.any() else vol))
    if spent.any():
        deviation = np.where(spent, 0.0, deviation)
    reciprocal = np.asarray(1.0 / deviation)
    return deviation, reciprocal if deviation.all() else np.where(deviation == 0.0, _STEP, reciprocal)
