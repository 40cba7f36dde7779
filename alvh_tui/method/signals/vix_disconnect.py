"""VIX moving apart from SPX."""

import numpy as np

from alvh_tui.method.arrays import Floats, before, deviation
from alvh_tui.method.signal import Frame, Track, signal


@signal(
    "vix.disconnect",
    "VIX moved further from what the index's move explains through the spot–vol link than it does as a "
    "rule: quotes to distrust. It casts doubt and confirms nothing.",
    source="S2",
    keys=("vix.disconnect", "link.default.beta_down", "link.default.beta_up"),
)
def vix_disconnect(frame: Frame) -> Track:
    rules = frame.rules
    sessions, limit = (
        rules.whole("vix.disconnect.deviation_sessions"),
        rules.number("vix.disconnect.deviations"),
    )
    beta_down, beta_up = (
        rules.pinned.get(name, rules.number(f"link.default.{name}")) for name in ("beta_down", "beta_up")
    )

    def unexplained(spx: Floats, vix: Floats) -> Floats:
        percent = 100.0 * (spx / before(spx, 1) - 1.0)
        explained = -percent * np.where(percent < 0.0, beta_down, beta_up)
        left = vix - before(vix, 1) - explained
        return left / before(deviation(left, sessions), 1)

    apart = frame.figure(("spx", "vix"), unexplained)

    def note(row: int) -> str:
        return f"VIX {'above' if apart[row] > 0 else 'below'} what the index explains"

    return frame.measured(
        apart, np.abs(apart) > limit, (("spx", "vix"), sessions + 2), threshold=limit, note=note
    )
