"""MACD histograms: of SPX, of VIX, of VVIX ÷ VIX and of the VIX futures curve."""

from collections.abc import Callable

import numpy as np

from alvh_tui.method.arrays import Floats, before, macd_histogram
from alvh_tui.method.choice import Way, first_known, lacking
from alvh_tui.method.crossing import crossed_up
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import judged, running

_SOURCE = "S0 S1 S2 S3"
_EXPANDS = "expands up: it is above zero and has grown in each of the last sessions."


@signal("macd.spx", f"The MACD histogram of SPX {_EXPANDS}", source=_SOURCE, keys=("macd",), warns=False)
def macd_spx(frame: Frame) -> Track:
    return _macd(frame, ("SPX", ("spx",), lambda spx: spx))


@signal("macd.vix", f"The MACD histogram of VIX {_EXPANDS}", source=_SOURCE, keys=("macd",))
def macd_vix(frame: Frame) -> Track:
    return _macd(frame, ("VIX", ("vix",), lambda vix: vix))


@signal("macd.vvix-vix", f"The MACD histogram of VVIX ÷ VIX {_EXPANDS}", source=_SOURCE, keys=("macd",))
def macd_vvix_vix(frame: Frame) -> Track:
    return _macd(frame, ("VVIX ÷ VIX", ("vvix", "vix"), lambda vvix, vix: vvix / vix))


@signal(
    "macd.vx-curve",
    f"The MACD histogram of the front VIX future, or without one of VIX3M ÷ VIX, {_EXPANDS} "
    "A rising future means more fear, a rising VIX3M ÷ VIX means less.",
    source=_SOURCE,
    keys=("macd",),
)
def macd_vx_curve(frame: Frame) -> Track:
    future = ("front VIX future", ("vx1",), lambda vx1: vx1)
    return _macd(frame, future, ("VIX3M ÷ VIX", ("vix3m", "vix"), lambda vix3m, vix: vix3m / vix))


def _macd(frame: Frame, *sources: tuple[str, tuple[str, ...], Callable[..., Floats]]) -> Track:
    ways = [Way(name, columns, _figures_of(frame.rules, join)) for name, columns, join in sources]
    chosen = first_known(frame, ways, 3)
    histogram, expanding, crossing = chosen.figures
    needed = frame.rules.whole("macd.slow") + frame.rules.whole("macd.smoothing")
    growing = frame.rules.whole("macd.growing_sessions")

    def note(row: int) -> str:
        if chosen.way[row] < 0:
            return lacking(frame, ways, needed, row)
        if np.isnan(expanding[row]):
            return f"needs {needed + growing - 1} sessions"
        crossed = "crossed zero upwards lately" if crossing[row] == 1.0 else ""
        by = f"by {chosen.name(row)}" if len(ways) > 1 else ""
        return ", ".join(part for part in (crossed, by) if part)

    verdict = judged(expanding == 1.0, np.isfinite(expanding))
    return Track(histogram, verdict, 0.0, note, chosen.line(0), crossing == 1.0)


def _figures_of(rules: Rules, join: Callable[..., Floats]) -> Callable[..., Floats]:
    """Measures the histogram, whether it expands up, and whether it has just come up through zero."""
    fast, slow, smoothing = (rules.whole(f"macd.{name}") for name in ("fast", "slow", "smoothing"))
    growing, lately = rules.whole("macd.growing_sessions"), rules.whole("macd.crossing_sessions")

    def measure(*columns: Floats) -> Floats:
        histogram = macd_histogram(join(*columns), fast, slow, smoothing)
        grown = running(histogram > before(histogram, 1)) >= growing
        decided = (histogram <= 0.0) | np.isfinite(before(histogram, growing))
        expanding = np.where(decided, (histogram > 0.0) & grown, np.nan)
        figures = np.array([histogram, expanding, crossed_up(histogram, 0.0, lately)])
        figures[:, : slow + smoothing - 1] = np.nan
        return figures

    return measure
