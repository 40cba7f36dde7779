"""Whether the condors themselves are to be reduced; otherwise the answer to a warning is a layer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from alvh_tui.method.arrays import Floats
from alvh_tui.method.entry import Entry
from alvh_tui.method.reading import Reading
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Signal, Track
from alvh_tui.method.verdict import YES, Verdict, Verdicts, all_of, any_of, coded, judged, named

ENTRY = Entry(
    "shrink",
    "The condors themselves are reduced: realised vol is over implied, or a pronounced divergence meets "
    "rising CPI or PPI. Otherwise the answer to a warning is a layer, not a smaller condor.",
    "S0",
    ("vol.rv-iv", "breadth.pronounced", "macro.inflation"),
)
REALISED, DIVERGENCE, INFLATION = "vol.rv-iv", "breadth.divergence", "macro.inflation"


@dataclass(frozen=True, slots=True)
class Shrink:
    verdict: Verdict
    rules: tuple[Reading, ...]


def shrink(signals: Iterable[Signal], rules: Rules) -> Shrink:
    """As of the last session, with the signals behind it."""
    by_name = {signal.id: signal for signal in signals}
    realised, divergence, inflation = (by_name[name] for name in (REALISED, DIVERGENCE, INFLATION))
    strength = np.array([np.nan if divergence.reading is None else divergence.reading])
    pronounced = _pronounced(coded(divergence.verdict), strength, rules)
    verdict = _met(coded(realised.verdict), pronounced, coded(inflation.verdict))
    of_degree = replace(
        divergence, threshold=rules.number("breadth.pronounced"), verdict=named(pronounced[0])
    )
    readings = tuple(_reading(signal) for signal in (realised, of_degree, inflation))
    return Shrink(named(verdict[0]), readings)


def shrink_path(tracks: Mapping[str, Track], rules: Rules) -> Verdicts:
    """In every session of a history."""
    divergence = tracks[DIVERGENCE]
    pronounced = _pronounced(divergence.verdict, divergence.reading, rules)
    return _met(tracks[REALISED].verdict, pronounced, tracks[INFLATION].verdict)


def _pronounced(divergence: Verdicts, strength: Floats, rules: Rules) -> Verdicts:
    with np.errstate(invalid="ignore"):
        strong = judged(strength >= rules.number("breadth.pronounced"), np.isfinite(strength))
    return np.where(divergence == YES, strong, divergence).astype(np.int8)


def _met(realised: Verdicts, pronounced: Verdicts, inflation: Verdicts) -> Verdicts:
    """Realised vol over implied, or a pronounced divergence while inflation rises."""
    return any_of([realised, all_of([pronounced, inflation])])


def _reading(signal: Signal) -> Reading:
    return Reading(signal.id, signal.reading, signal.threshold, signal.verdict, signal.note)
