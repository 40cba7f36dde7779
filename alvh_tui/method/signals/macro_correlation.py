"""REITs and sector funds moving ever more closely with SPX."""

import numpy as np

from alvh_tui.method.arrays import Floats, before, correlation, log_returns
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import judged


@signal(
    "macro.correlation",
    "The correlation of REITs, and of sector funds where the history has them, with SPX is tightening: "
    "shares fall together and hedges in one help all.",
    source="S4",
    keys=("macro.correlation",),
)
def macro_correlation(frame: Frame) -> Track:
    rules = frame.rules
    funds, tightening = rules.texts("macro.correlation.funds"), rules.number("macro.correlation.tightening")
    sessions, over = (
        rules.whole("macro.correlation.sessions"),
        rules.whole("macro.correlation.change_sessions"),
    )

    def with_index(spx: Floats, fund: Floats) -> Floats:
        together = correlation(log_returns(spx), log_returns(fund), sessions)
        return np.array([together, together - before(together, over)])

    every = np.array([frame.figures(("spx", fund), 2, with_index) for fund in funds])
    known = np.isfinite(every[:, 1])
    counted = known.sum(axis=0)
    summed = np.where(known[:, None], every, 0.0).sum(axis=0)
    level, change = np.divide(summed, counted, out=np.full(summed.shape, np.nan), where=counted > 0)

    def note(row: int) -> str:
        if not counted[row]:
            return "; ".join(frame.lacking(("spx", fund), sessions + over + 1, row) for fund in funds)
        return f"correlation {level[row]:.2f} over {counted[row]} of {len(funds)}"

    return Track(change, judged(change >= tightening, counted > 0), tightening, note, level)
