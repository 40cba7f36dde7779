"""The method's arithmetic once more, in plain Python and its own words: what the program is held to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import erf, exp, inf, log, pi, sqrt

from scipy.optimize import brentq

from tests.risk.worlds import AT, DIVIDENDS, RATE, SPOT, VIX

BETA_DOWN, BETA_UP, VIX_FLOOR = 1.6, 1.0, 9.0


def normal(x: float) -> float:
    return 0.5 * (1.0 + erf(x / sqrt(2.0)))


def bell(x: float) -> float:
    return exp(-0.5 * x * x) / sqrt(2.0 * pi)


def years(now: datetime, then: datetime) -> float:
    return (then.timestamp() - now.timestamp()) / 60.0 / 525_600.0


def black(forward: float, discount: float, time: float, strike: float, vol: float, right: str) -> float:
    """Black-76; the intrinsic value once expired."""
    sign = 1.0 if right == "C" else -1.0
    if time <= 0.0:
        return max(sign * (forward - strike), 0.0)
    s = vol * sqrt(time)
    d1 = log(forward / strike) / s + s / 2.0
    return discount * sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - s)))


def black_vol(price: float, forward: float, discount: float, time: float, strike: float, right: str) -> float:
    return float(
        brentq(lambda vol: black(forward, discount, time, strike, vol, right) - price, 1e-4, 8.0, xtol=1e-13)
    )


def beta_tenor(days: float) -> float:
    return 0.75 / (1.0 + days / 65.0)


def vol_tenor(days: float) -> float:
    return min(1.5, sqrt(30.0 / max(days, 7.0)))


def vix_on_path(spot: float, start: float = SPOT, vix: float = VIX) -> float:
    """Points VIX has moved when the index stands at `spot`."""
    change = 100.0 * (spot / start - 1.0)
    moved = -(BETA_DOWN if change < 0 else BETA_UP) * change
    return max(vix + moved, min(VIX_FLOOR, vix)) - vix


@dataclass(frozen=True)
class PlainLeg:
    """An option on the world of tests/risk/worlds.py: SPX with its carry, VIX on its own forward."""

    quantity: float
    right: str
    strike: float
    vol: float
    settles: datetime
    vix_forward: float | None = None
    """The forward of its own expiry for a VIX option; None for one on SPX."""
    scale: float = 1.0
    """What a level of SPX is multiplied by: 0.1 for XSP."""

    def worth(self, spot: float, vix_moved: float, ahead: float) -> float:
        """Per share, `ahead` years from now."""
        time = max(years(AT, self.settles) - ahead, 0.0)
        days = 365.0 * time
        if self.vix_forward is None:
            forward = self.scale * spot * exp((RATE - DIVIDENDS) * time)
            vol = max(self.vol + 0.01 * vix_moved * vol_tenor(days), min(self.vol, 0.02))
        else:
            forward = max(self.vix_forward + beta_tenor(days) * vix_moved, VIX_FLOOR)
            vol = self.vol
        return black(forward, exp(-RATE * time), time, self.strike, vol, self.right)


def plain_pnl(
    legs: Iterable[PlainLeg], cash: float, ahead: float = 0.0, *, on_path: bool
) -> Callable[[float], float]:
    held = list(legs)

    def pnl(spot: float) -> float:
        moved = vix_on_path(spot) if on_path else 0.0
        return cash + sum(100.0 * leg.quantity * leg.worth(spot, moved, ahead) for leg in held)

    return pnl


def all_roots(pnl: Callable[[float], float], step: float = 10.0, start: float = SPOT) -> list[float]:
    """Every zero within 45 % of the index, by brute force."""
    levels = [start + step * n for n in range(int(-0.45 * start / step), int(0.45 * start / step) + 1)]
    values = [pnl(level) for level in levels]
    return [
        float(brentq(pnl, levels[i], levels[i + 1], xtol=1e-9))
        for i in range(len(levels) - 1)
        if (values[i] >= 0.0) != (values[i + 1] >= 0.0)
    ]


def profit_zone(
    pnl: Callable[[float], float], spot: float = SPOT, start: float = SPOT
) -> tuple[float | None, float | None]:
    """Edges of the profit zone the index stands in, or of the nearest one; None for an edge it lacks."""
    roots = all_roots(pnl, start=start)
    edges = [-inf, *roots, inf]
    zones = []
    for low, high in pairwise(edges):
        inside = (max(low, 0.55 * start) + min(high, 1.45 * start)) / 2.0
        if pnl(inside) >= 0.0:
            zones.append((low, high))
    if not zones:
        return None, None
    low, high = min(zones, key=lambda zone: max(zone[0] - spot, spot - zone[1], 0.0))
    return None if low == -inf else low, None if high == inf else high
