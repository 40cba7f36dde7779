"""The advance–decline line: whether it rises, parts from the index, and comes back to it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alvh_tui.method.arrays import Floats, before, deviation, highest
from alvh_tui.method.choice import Chosen, Way, first_known, lacking
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import any_of, judged, lately, opposite

_KEYS = ("breadth",)


@dataclass(frozen=True, slots=True, eq=False)
class _Breadth:
    line: Chosen
    """Figures: the line's move over the sessions compared, and the line."""
    divergence: Chosen
    """Figures: strength, whether the comparison diverges, whether both rise."""


@signal(
    "breadth.line",
    "The advance–decline line, the running sum of advances less declines as a share of both, rises over "
    "the sessions compared. Its source is a column of advances and declines, else a basket's own count, "
    "else RSP ÷ SPY.",
    source="S0 S1 S2 S3 S4",
    keys=_KEYS,
    warns=False,
)
def breadth_line(frame: Frame) -> Track:
    line = frame.shared(_breadth).line
    move, _ = line.figures

    def note(row: int) -> str:
        return _by(line, row) or _no_source(frame, line, frame.rules.whole("breadth.sessions") + 1, row)

    return Track(move, judged(move > 0.0, np.isfinite(move)), 0.0, note, line.line(1))


@signal(
    "breadth.divergence",
    "The index is near its high or rising while the advance–decline line falls over the same sessions: "
    "fewer and fewer shares carry the index. Strength is the index's move less the line's, each in its "
    "own deviations.",
    source="S0 S1 S2 S4",
    keys=_KEYS,
)
def breadth_divergence(frame: Frame) -> Track:
    found = frame.shared(_breadth).divergence
    strength, parted, _ = found.figures
    minor, pronounced = frame.rules.number("breadth.minor"), frame.rules.number("breadth.pronounced")
    verdict = judged((parted == 1.0) & (strength >= minor), np.isfinite(strength))

    def note(row: int) -> str:
        if found.way[row] < 0:
            return _no_source(frame, found, _needed(frame.rules), row)
        degree = "pronounced, " if strength[row] >= pronounced else "minor, "
        return f"{degree if verdict[row] > 0 else ''}{_by(found, row)}"

    return Track(strength, verdict, minor, note)


@signal(
    "breadth.realigned",
    "The advance–decline line confirms the index again: both rise over the sessions compared, or the "
    "divergence has stayed below minor.",
    source="S0",
    keys=_KEYS,
    warns=False,
)
def breadth_realigned(frame: Frame) -> Track:
    found = frame.shared(_breadth).divergence
    strength, _, both_rise = found.figures
    known = np.isfinite(strength)
    minor, calm = frame.rules.number("breadth.minor"), frame.rules.whole("breadth.calm_sessions")
    diverged = lately(judged(strength >= minor, known), calm)
    verdict = any_of([judged(both_rise == 1.0, known), opposite(diverged)])

    def note(row: int) -> str:
        if found.way[row] < 0:
            return _no_source(frame, found, _needed(frame.rules), row)
        if verdict[row] < 0:
            return f"needs {calm} sessions of divergence"
        return f"{'both rise, ' if both_rise[row] == 1.0 else ''}{_by(found, row)}"

    return Track(strength, verdict, minor, note)


def _running_sum(advances: Floats, declines: Floats) -> Floats:
    """A ratio a day, so that counts of different size give lines of one scale."""
    return np.cumsum((advances - declines) / (advances + declines))


def _equal_over_cap_weight(rsp: Floats, spy: Floats) -> Floats:
    return np.log(rsp / spy)


_SOURCES = (
    Way("advances and declines", ("advances", "declines"), _running_sum),
    Way("a basket's count", ("basket_advances", "basket_declines"), _running_sum),
    Way("RSP ÷ SPY as a stand-in", ("rsp", "spy"), _equal_over_cap_weight),
)


def _breadth(frame: Frame) -> _Breadth:
    lines = [Way(way.name, way.columns, _rising(way, frame.rules)) for way in _SOURCES]
    parted = [Way(way.name, ("spx", *way.columns), _parting(way, frame.rules)) for way in _SOURCES]
    return _Breadth(first_known(frame, lines, 2), first_known(frame, parted, 3))


def _rising(source: Way, rules: Rules) -> Callable[..., Floats]:
    sessions = rules.whole("breadth.sessions")

    def measure(*columns: Floats) -> Floats:
        line = source.measure(*columns)
        return np.array([line - before(line, sessions), line])

    return measure


def _parting(source: Way, rules: Rules) -> Callable[..., Floats]:
    """Measures how strongly the index and the line part, whether they do, and whether both rise."""
    sessions, high_sessions = rules.whole("breadth.sessions"), rules.whole("breadth.high_sessions")
    spread = rules.whole("breadth.deviation_sessions")
    near = 1.0 - rules.number("breadth.near_high")

    def measure(spx: Floats, *columns: Floats) -> Floats:
        line = source.measure(*columns)
        index_move, line_move = spx / before(spx, sessions) - 1.0, line - before(line, sessions)
        strength = index_move / deviation(index_move, spread) - line_move / deviation(line_move, spread)
        strong = (spx >= near * highest(spx, high_sessions)) | (index_move > 0.0)
        return np.array([strength, strong & (line_move < 0.0), (index_move > 0.0) & (line_move > 0.0)])

    return measure


def _needed(rules: Rules) -> int:
    return rules.whole("breadth.sessions") + rules.whole("breadth.deviation_sessions")


def _by(found: Chosen, row: int) -> str:
    return f"by {found.name(row)}" if found.way[row] >= 0 else ""


def _no_source(frame: Frame, found: Chosen, needed: int, row: int) -> str:
    return f"no breadth source ({lacking(frame, found.ways, needed, row)})"
