"""The spot–vol link: how a move of SPX reaches VIX, the VIX forwards and the vols of SPX options."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.market.types import History

Origin = Literal["history", "rules", "default"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """The rules' numbers for the link: defaults, what the user pinned, and how to estimate the rest."""

    beta_down: float
    beta_up: float
    tenor_level: float
    tenor_days: float
    pinned: Mapping[str, float]
    """Values the user's own rules file fixes, by field name."""
    sessions: int
    """How many sessions an estimate looks back on."""
    least_moves: int
    """How many falls, and how many rises, an estimate needs."""
    oldest_days: int
    """An estimate from a history that ends longer ago than this is no estimate of today."""
    lowest_beta: float
    highest_beta: float
    vix_floor: float
    vol_tenor_cap: float
    vol_tenor_days: float
    vol_tenor_shortest: float


@dataclass(frozen=True, slots=True)
class SpotVolLink:
    beta_down: float
    """VIX points up for each 1 % SPX falls."""
    beta_up: float
    """VIX points down for each 1 % SPX rises."""
    tenor_level: float
    tenor_days: float
    origin: Origin
    origins: Mapping[str, Origin]
    """Where each value came from."""
    sessions: int
    """How many sessions the estimate rests on; 0 where nothing was estimated."""
    vix_floor: float
    vol_tenor_cap: float
    vol_tenor_days: float
    vol_tenor_shortest: float

    def vix_move(self, spot_ratio: ArrayLike, vix: float) -> Floats:
        """VIX points moved along the path to `spot_ratio` × today's index; VIX stays above its floor."""
        fall = 1.0 - np.asarray(spot_ratio, dtype=np.float64)
        move = 100.0 * fall * np.where(fall > 0, self.beta_down, self.beta_up)
        return np.maximum(move, min(self.vix_floor - vix, 0.0))

    def forward_share(self, days: ArrayLike) -> Floats:
        """How much of a VIX move reaches the forward that settles in so many calendar days (beta_tenor)."""
        return self.tenor_level / (
            1.0 + np.maximum(np.asarray(days, dtype=np.float64), 0.0) / self.tenor_days
        )

    def vol_share(self, days: ArrayLike) -> Floats:
        """How much of a VIX move reaches the vol of an SPX option with so many days left (vol_tenor)."""
        left = np.maximum(np.asarray(days, dtype=np.float64), self.vol_tenor_shortest)
        return np.minimum(self.vol_tenor_cap, np.sqrt(self.vol_tenor_days / left))

    @property
    def sentence(self) -> str:
        return f"VIX +{self.beta_down:.1f} per −1 %, −{self.beta_up:.1f} per +1 %"


def estimate_link(history: History | None, today: date, settings: LinkSettings) -> SpotVolLink:
    """Pinned values first, then the book's own history where it suffices, then the defaults."""
    down, up, sessions = _betas(history, today, settings)
    estimates = {"beta_down": down, "beta_up": up}
    values: dict[str, float] = {}
    origins: dict[str, Origin] = {}
    for name in ("beta_down", "beta_up", "tenor_level", "tenor_days"):
        estimate = estimates.get(name)
        if name in settings.pinned:
            values[name], origins[name] = settings.pinned[name], "rules"
        elif estimate is not None:
            values[name], origins[name] = estimate, "history"
        else:
            values[name], origins[name] = getattr(settings, name), "default"
    found = set(origins.values())
    origin: Origin = "rules" if "rules" in found else "history" if "history" in found else "default"
    return SpotVolLink(
        beta_down=values["beta_down"],
        beta_up=values["beta_up"],
        tenor_level=values["tenor_level"],
        tenor_days=values["tenor_days"],
        origin=origin,
        origins=origins,
        sessions=sessions if "history" in found else 0,
        vix_floor=settings.vix_floor,
        vol_tenor_cap=settings.vol_tenor_cap,
        vol_tenor_days=settings.vol_tenor_days,
        vol_tenor_shortest=settings.vol_tenor_shortest,
    )


def _betas(
    history: History | None, today: date, settings: LinkSettings
) -> tuple[float | None, float | None, int]:
    """Slopes of VIX on SPX through the origin, falls and rises apart, each by least absolute deviations."""
    if history is None or not {"spx", "vix"} <= history.series.keys():
        return None, None, 0
    known = history.until(today)
    spx, vix = known.series["spx"], known.series["vix"]
    both = np.isfinite(spx) & np.isfinite(vix) & (spx > 0)
    days, spx, vix = known.days[both], spx[both], vix[both]
    if not len(days) or (np.datetime64(today) - days[-1]).astype(int) > settings.oldest_days:
        return None, None, 0
    percent = 100.0 * (spx[1:] / spx[:-1] - 1.0)[-settings.sessions :]
    points = np.diff(vix)[-settings.sessions :]
    down = _slope(percent[percent < 0], points[percent < 0], settings)
    up = _slope(percent[percent > 0], points[percent > 0], settings)
    return down, up, len(percent)


def _slope(percent: Floats, points: Floats, settings: LinkSettings) -> float | None:
    """The weighted median of −points ÷ percent: the least-absolute-deviations line through the origin."""
    if len(percent) < settings.least_moves:
        return None
    slopes = -points / percent
    order = np.argsort(slopes)
    weight = np.cumsum(np.abs(percent)[order])
    middle = slopes[order][np.searchsorted(weight, weight[-1] / 2.0)]
    return float(np.clip(middle, settings.lowest_beta, settings.highest_beta))
