"""Whether the condors themselves are to be reduced; otherwise the answer to a warning is a layer."""

from dataclasses import dataclass

from alvh_tui.method.entry import Entry
from alvh_tui.method.measure import Measured
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


def shrink(measured: Measured) -> Shrink:
    """Realised vol over implied, or a pronounced divergence while inflation rises."""
    if not len(measured.closes.days):
        return Shrink(Verdict.UNKNOWN, ())
    realised = measured.signal("vol.rv-iv")
    divergence, inflation = measured.signal("breadth.divergence"), measured.signal("macro.inflation")
    pronounced = _is_pronounced(divergence, measured.rules)
    both = _and(pronounced, inflation.verdict)
    verdict = _or(realised.verdict, both)
    return Shrink(
        verdict,
        (
            Reading(realised.id, realised.reading, realised.threshold, realised.verdict, realised.note),
            Reading(
                divergence.id,
                divergence.reading,
                measured.rules.number("breadth.pronounced"),
                pronounced,
                divergence.note,
            ),
            Reading(inflation.id, inflation.reading, inflation.threshold, inflation.verdict, inflation.note),
        ),
    )


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
