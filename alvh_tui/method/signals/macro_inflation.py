"""The last inflation prints: rising, falling or contained."""

import numpy as np

from alvh_tui.method.prints import Prints, prints_of
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import any_of, judged

DIGITS = 6
"""Prints are differences of decimals: 3.4 − 3.3 is 0.1 and no more."""


@signal(
    "macro.inflation",
    "Inflation is rising: the last CPI or PPI print is above the one before by more than counts as "
    "contained.",
    source="S0 S4",
    keys=("macro.inflation",),
)
def macro_inflation(frame: Frame) -> Track:
    rules = frame.rules
    contained, stale = rules.number("macro.inflation.contained"), rules.whole("macro.inflation.stale_days")
    prints = [prints_of(frame, name, stale) for name in rules.texts("macro.inflation.prints")]
    changes = [np.round(found.figure - found.previous, DIGITS) for found in prints]
    verdict = any_of([judged(change > contained, np.isfinite(change)) for change in changes])

    def note(row: int) -> str:
        return ", ".join(_said(found, row, contained) for found in prints)

    return Track(np.fmax.reduce(changes), verdict, contained, note)


def _said(found: Prints, row: int, contained: float) -> str:
    now, before = float(found.figure[row]), float(found.previous[row])
    if np.isnan(now - before):
        return f"no {found.name} print"
    change = round(now - before, DIGITS)
    way = "contained" if abs(change) <= contained else "rising" if change > 0 else "falling"
    return f"{found.name} {way}, {now:g} after {before:g}, {found.on[row]}"
