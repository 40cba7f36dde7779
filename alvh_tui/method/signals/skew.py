"""The price of crash protection against its own recent mean."""

from alvh_tui.method.arrays import Floats, deviation, mean
from alvh_tui.method.signal import Frame, Track, signal


@signal(
    "skew.etf",
    "Put skew, here the SKEW index, stands several deviations above its own recent mean: crash protection"
    " is in demand.",
    source="S4",
    keys=("skew.etf",),
)
def skew(frame: Frame) -> Track:
    sessions, limit = frame.rules.whole("skew.etf.sessions"), frame.rules.number("skew.etf.deviations")

    def above_mean(skew: Floats) -> Floats:
        return (skew - mean(skew, sessions)) / deviation(skew, sessions)

    steepness = frame.figure(("skew",), above_mean)
    return frame.measured(steepness, steepness > limit, (("skew",), sessions), threshold=limit)
