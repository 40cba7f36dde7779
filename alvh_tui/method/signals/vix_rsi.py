"""Wilder's RSI of VIX."""

import numpy as np

from alvh_tui.method.arrays import Floats, wilder_rsi
from alvh_tui.method.crossing import crossed_up
from alvh_tui.method.signal import Frame, Track, signal


@signal(
    "vix.rsi",
    "Wilder's relative strength of VIX stands above its level: fear is being bid up faster than it fades.",
    source="S2 S3 S4",
    keys=("vix.rsi",),
)
def vix_rsi(frame: Frame) -> Track:
    period, level = frame.rules.whole("vix.rsi.period"), frame.rules.number("vix.rsi.level")
    lately = frame.rules.whole("vix.rsi.crossing_sessions")

    def measure(vix: Floats) -> Floats:
        strength = wilder_rsi(vix, period)
        return np.array([strength, crossed_up(strength, level, lately)])

    strength, crossing = frame.figures(("vix",), 2, measure)

    def note(row: int) -> str:
        return f"crossed {level:g} lately" if crossing[row] == 1.0 else ""

    return frame.measured(
        strength,
        strength > level,
        (("vix",), period + 1),
        threshold=level,
        note=note,
        crossing=crossing == 1.0,
    )
