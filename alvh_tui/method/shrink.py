"""Whether the condors themselves are to be reduced; otherwise the answer to a warning is a layer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from alvh_tui.method.entry import Entry
from alvh_tui.method.reading import Reading
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Signal
from alvh_tui.method.verdict import Verdict

ENTRY = Entry(
    "shrink",
    "The condors themselves are reduced: realised vol is over implied, or a pronounced divergence meets "
    "rising CPI or PPI. Otherwise the answer to a warning is a layer, not a smaller condor.",
    "S0",
    ("vol.rv-iv", "breadth.pronounced", "macro.inflation"),
)


@dataclass(frozen=True, slots=True)
class Shrink:
    verdict: Verdict
    rules: tuple[Reading, ...]


def shrink(signals: Iterable[Signal], rules: Rules) -> Shrink:
    """Realised vol over implied, or a pronounced divergence while inflation rises."""
    by_name = {signal.id: signal for signal in signals}
    realised, inflation = by_name["vol.rv-iv"], by_name["macro.inflation"]
    divergence = by_name["breadth.divergence"]
    pronounced = replace(
        divergence,
        threshold=rules.number("breadth.pronounced"),
        verdict=_is_pronounced(divergence, rules),
    )
    both = _and(pronounced.verdict, inflation.verdict)
    readings = tuple(_reading(signal) for signal in (realised, pronounced, inflation))
    return Shrink(_or(realised.verdict, both), readings)


def _reading(signal: Signal) -> Reading:
    return Reading(signal.id, signal.reading, signal.threshold, signal.verdict, signal.note)


def _is_pronounced(divergence: Signal, rules: Rules) -> Verdict:
    if divergence.verdict is not Verdict.YES or divergence.reading is None:
        return divergence.verdict
    return Verdict.YES if divergence.reading >= rules.number("breadth.pronounced") else Verdict.NO


def _and(one: Verdict, other: Verdict) -> Verdict:
    if Verdict.NO in (one, other):
        return Verdict.NO
    return Verdict.UNKNOWN if Verdict.UNKNOWN in (one, other) else Verdict.YES


def _or(one: Verdict, other: Verdict) -> Verdict:
    if Verdict.YES in (one, other):
        return Verdict.YES
    return Verdict.UNKNOWN if Verdict.UNKNOWN in (one, other) else Verdict.NO
