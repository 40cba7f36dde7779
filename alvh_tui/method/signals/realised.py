"""Realised against implied volatility."""

import numpy as np

from alvh_tui.method.arrays import Floats, deviation, log_returns
from alvh_tui.method.signal import Frame, Track, signal

TRADING_DAYS = 252


@signal(
    "vol.rv-iv",
    "SPX has moved more than VIX asked for: realised volatility ÷ implied is above its limit.",
    source="S0 S4",
    keys=("vol.rv-iv",),
)
def realised_over_implied(frame: Frame) -> Track:
    sessions, limit = frame.rules.whole("vol.rv-iv.sessions"), frame.rules.number("vol.rv-iv.limit")
    realised = frame.figure(
        ("spx",), lambda spx: deviation(log_returns(spx), sessions) * np.sqrt(TRADING_DAYS) * 100.0
    )
    ratio: Floats = realised / frame.closes.column("vix")

    def note(row: int) -> str:
        return f"realised {realised[row]:.1f} %"

    return frame.measured(ratio, ratio > limit, (("spx", "vix"), sessions + 1), threshold=limit, note=note)
