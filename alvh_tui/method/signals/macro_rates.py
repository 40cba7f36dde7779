"""The rate differential and the dollar: stable or moving."""

import numpy as np

from alvh_tui.method.arrays import Floats, before, deviation
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import any_of, judged


@signal(
    "macro.rates",
    "The rate differential of ten years over three months, or the dollar index, is moving: further over "
    "the sessions compared than it does as a rule.",
    source="S0 S1 S4",
    keys=("macro.rates",),
)
def macro_rates(frame: Frame) -> Track:
    rules = frame.rules
    watched, limit = rules.texts("macro.rates.watched"), rules.number("macro.rates.deviations")
    sessions, spread = rules.whole("macro.rates.sessions"), rules.whole("macro.rates.deviation_sessions")
    late = rules.whole("macro.rates.late_sessions")

    def pace(series: Floats) -> Floats:
        move = series - before(series, sessions)
        return np.abs(move) / deviation(move, spread)

    paces = [carried(frame.figure((name,), pace), late) for name in watched]
    verdict = any_of([judged(found > limit, np.isfinite(found)) for found in paces])
    fastest = np.fmax.reduce(paces)

    def note(row: int) -> str:
        waits = [
            frame.lacking((name,), sessions + spread, row)
            for name, found in zip(watched, paces, strict=True)
            if np.isnan(found[row])
        ]
        moving = [name for name, found in zip(watched, paces, strict=True) if found[row] > limit]
        return "; ".join([*(f"{name} moving" for name in moving), *waits])

    return Track(fastest, verdict, limit, note)


def carried(values: Floats, sessions: int) -> Floats:
    """The last known value where one is missing, for at most so many sessions."""
    rows = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isfinite(values), rows, -1))
    stands_in = (last >= 0) & (rows - last <= sessions)
    return np.where(stands_in, values[np.maximum(last, 0)], np.nan)
