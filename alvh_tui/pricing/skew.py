"""How a move of the underlying moves the vol at a fixed strike, and what that adds to delta."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def total_delta(
    delta: ArrayLike,
    vega_raw: ArrayLike,
    slope: ArrayLike,
    spot: ArrayLike,
    strike: ArrayLike,
    stickiness: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Delta with the vol moving along: delta + vega·dσ/dS, where dσ/dS = (stickiness − 1)·(K/S)·slope.

    Vega is per 1.00 of vol, the slope dσ/dK per point of strike. Stickiness is the skew-stickiness ratio: 1
    keeps the vol at its strike, 0 at its moneyness; index options lie between 1 and 2.
    """
    delta, vega_raw, slope, spot, strike, stickiness = (
        np.asarray(a, dtype=float) for a in (delta, vega_raw, slope, spot, strike, stickiness)
    )
    return np.asarray(delta + vega_raw * (stickiness - 1.0) * (strike / spot) * slope)
