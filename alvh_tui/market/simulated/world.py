"""The few numbers the simulated market is made from, and the curves that follow from them."""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAYS_A_YEAR = 365.0
VOL_POINT = 0.01

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """One moment; the same numbers and the same seed give the same market."""

    at: datetime
    spot: float = 6800.0
    vix: float = 17.0
    seed: int = 0
    rate: float = 0.041
    dividend_yield: float = 0.013
    long_run_vix: float = 20.5
    """Where distant volatility lies: above a calm VIX (contango), below a stressed one."""
    recent_move: float | None = None
    """What SPX did over the ten sessions before this one, as a fraction; None: whatever chance brought."""
    vix_option_level: float = 0.47
    """Vol at the money of distant VIX options in a calm market."""
    spread: float = 1.0
    """How many times as wide as usual bid and ask stand apart."""
    quoting: str | None = None
    """Worlds of the same word quote every contract at the same place around its fair price, so that a quote
    changes only where the market moved; None: every moment has its own."""

    def forward(self, years: ArrayLike) -> Array:
        """Of SPX."""
        return np.asarray(
            self.spot * np.exp((self.rate - self.dividend_yield) * np.asarray(years, dtype=float))
        )

    def discount(self, years: ArrayLike) -> Array:
        return np.asarray(np.exp(-self.rate * np.asarray(years, dtype=float)))

    def spx_vol(self, years: ArrayLike) -> Array:
        """The vol a variance strip of SPX of that tenor shows: VIX itself at 30 days.

        A move of VIX carries on to other tenors as the method says, by √(30/days) and at most 1.5-fold, so
        the total variance rises with time whatever VIX is.
        """
        days = np.asarray(years, dtype=float) * DAYS_A_YEAR
        reach = np.minimum(1.5, np.sqrt(30.0 / np.maximum(days, 7.0)))
        return np.asarray((self.long_run_vix + (self.vix - self.long_run_vix) * reach) * VOL_POINT)

    def vix_forward(self, years: ArrayLike) -> Array:
        """By the tenor shape of the method from two weeks on, and running into VIX itself at settlement."""
        days = np.asarray(years, dtype=float) * DAYS_A_YEAR
        reach = (0.75 + 0.25 * np.exp(-days / 4.0)) / (1.0 + days / 65.0)
        return np.asarray(self.long_run_vix + (self.vix - self.long_run_vix) * reach)

    def vix_option_vol(self, years: ArrayLike) -> Array:
        """At the money, falling with the tenor; higher in a stressed market."""
        stress = (self.vix / 17.0) ** 0.25
        return np.asarray(
            self.vix_option_level * stress * (1.0 + np.exp(-np.asarray(years, dtype=float) / 0.2))
        )


def usual_move(vix: float) -> float:
    """One day's move of SPX, as a fraction; realised vol runs below implied."""
    return 0.8 * vix * VOL_POINT / math.sqrt(252.0)
