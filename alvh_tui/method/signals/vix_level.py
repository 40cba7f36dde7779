"""Where VIX stands between the layers' levels."""

import numpy as np

from alvh_tui.method.levels import LADDER, Level, level_of, reached
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import judged


@signal(
    "vix.level",
    "Spot VIX, the layer's zone it stands in, and how far it is to the next trigger; yes from the first "
    "one on.",
    source="S1 S4",
    keys=tuple(f"layers.{layer}" for layer in LADDER),
)
def vix_level(frame: Frame) -> Track:
    vix = frame.closes.column("vix")
    levels = [level_of(frame.rules, layer) for layer in LADDER]
    passed = np.array([reached(vix, level.trigger, level.trigger_inclusive) for level in levels])
    nearest = np.min(
        [np.where(p, np.inf, level.trigger) for p, level in zip(passed, levels, strict=True)], axis=0
    )
    following = np.where(np.isfinite(nearest) & np.isfinite(vix), nearest, np.nan)

    def note(row: int) -> str:
        if np.isnan(vix[row]):
            return frame.lacking(("vix",), 1, row)
        return f"{_place(float(vix[row]), levels)}{_distance(float(vix[row]), float(following[row]))}"

    return Track(vix, judged(passed[0], np.isfinite(vix)), following, note)


def _place(vix: float, levels: list[Level]) -> str:
    entered = [level for level in levels if reached(vix, level.trigger, level.trigger_inclusive)]
    if not entered:
        return f"below {levels[0].layer}"
    zone = entered[-1]
    return f"in {zone.layer}'s zone" if vix <= zone.top else f"above {zone.layer}'s zone, which goes on"


def _distance(vix: float, following: float) -> str:
    return "" if np.isnan(following) else f", {following - vix:.2f} to {following:g}"
