"""The VIX curve: contango, flat or backwardation."""

import numpy as np

from alvh_tui.method.arrays import Floats, before
from alvh_tui.method.choice import Way, first_known, lacking
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import judged


@signal(
    "term.structure",
    "The VIX curve is in backwardation: VIX stands above VIX3M, or where that is unknown the nearest VIX "
    "forward above the next, by more than counts as flat. Protection now is dearer than protection later.",
    source="S3 S4",
    keys=("term.structure",),
)
def term_structure(frame: Frame) -> Track:
    flat, sessions = frame.rules.number("term.structure.flat"), frame.rules.whole("term.structure.sessions")

    def slope(near: Floats, far: Floats) -> Floats:
        ratio = near / far
        return np.array([ratio, ratio - before(ratio, sessions)])

    ways = (Way("VIX ÷ VIX3M", ("vix", "vix3m"), slope), Way("VIX forwards", ("vx1", "vx2"), slope))
    chosen = first_known(frame, ways, 2, any_while_open=True)
    ratio, change = chosen.figures
    short_end = frame.figure(("vix9d", "vix"), lambda vix9d, vix: vix9d / vix)

    def note(row: int) -> str:
        if chosen.way[row] < 0:
            return lacking(frame, ways, 1, row)
        said = [_shape(float(ratio[row]), flat), f"by {chosen.name(row)}"]
        if not np.isnan(change[row]):
            said.append(f"{'flattening' if change[row] > 0 else 'steepening'} over {sessions} sessions")
        if not np.isnan(short_end[row]):
            said.append(f"VIX9D ÷ VIX {short_end[row]:.2f}")
        return ", ".join(said)

    verdict = judged(ratio > 1.0 + flat, np.isfinite(ratio))
    return Track(ratio, verdict, 1.0 + flat, note, chosen.line(0))


def _shape(ratio: float, flat: float) -> str:
    if ratio > 1.0 + flat:
        return "backwardation"
    return "contango" if ratio < 1.0 - flat else "flat"
