"""What each rule was worth: how often it fired, and what SPX and VIX did in the sessions after."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alvh_tui.method import shrink
from alvh_tui.method.arrays import Floats
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.levels import LADDER
from alvh_tui.method.replay import Replay
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import UNKNOWN, YES, Flags, Verdicts

_Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What followed, on average."""

    sessions: int
    count: int
    """Of how many the outcome is known."""
    spx: float | None
    """Mean return of SPX, as a decimal."""
    vix: float | None
    """Mean change of VIX, in points."""


@dataclass(frozen=True, slots=True)
class Evidence:
    rule: str
    fired: int
    """How often it turned to yes, or how often the layer triggered."""
    days: int
    """Sessions in which it said yes, or the layer was triggered."""
    known_days: int
    """Sessions in which it said yes or no."""
    outlooks: tuple[Outlook, ...]
    """After each time it fired."""
    judged: int
    """Of the alarms, those with an outcome that is known."""
    false_alarms: int


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    sessions: int
    definition: str
    """When an alarm counts as false."""
    all_days: tuple[Outlook, ...]
    rules: tuple[Evidence, ...]


def evidence(replay: Replay) -> EvidenceReport:
    """Signals, rules that trigger a layer, shrinking and the layers, over the sessions the replay shows."""
    after = _After.of(replay)
    found = [_of_verdict(name, verdict, warns, after) for name, verdict, warns in _verdicts(replay)]
    found.extend(_of_layers(replay, after))
    return EvidenceReport(
        len(replay), after.definition, after.outlooks(np.arange(replay.first, replay.end)), tuple(found)
    )


def _verdicts(replay: Replay) -> Iterator[tuple[str, Verdicts, bool]]:
    measured = replay.run.measured
    for name, track in measured.tracks.items():
        yield name, track.verdict, units()[name].warns
    causes = {
        name: verdict for layer in LADDER for name, verdict in replay.run.triggers[layer].causes.items()
    }
    for name, verdict in causes.items():
        yield name, verdict, True
    yield shrink.ENTRY.id, shrink.shrink_path(measured.tracks, measured.rules), True


def _of_verdict(name: str, verdict: Verdicts, warns: bool, after: "_After") -> Evidence:
    shown = slice(after.first, after.end)
    days = verdict[shown]
    fired = [row for row in _fired(verdict) if after.first <= row < after.end]
    return _evidence(
        name, fired, int(np.count_nonzero(days == YES)), int(np.count_nonzero(days != UNKNOWN)), after, warns
    )


def _of_layers(replay: Replay, after: "_After") -> Iterator[Evidence]:
    changes = [c for c in replay.run.transitions() if c.after is TriggerState.TRIGGERED]
    for layer in LADDER:
        path = replay.run.paths[layer]
        days = sum(path.state(row) is TriggerState.TRIGGERED for row in range(after.first, after.end))
        fired = [c.row for c in changes if c.layer == layer and after.first <= c.row < after.end]
        yield _evidence(layer, fired, days, len(replay), after, True)


def _evidence(name: str, fired: list[int], days: int, known: int, after: "_After", warns: bool) -> Evidence:
    rows = np.array(fired, dtype=np.intp)
    came, decided = after.came_true[rows], after.decided[rows]
    false = decided & (~came if warns else came)
    return Evidence(
        name,
        len(fired),
        days,
        known,
        after.outlooks(rows),
        int(np.count_nonzero(decided)),
        int(np.count_nonzero(false)),
    )


def _fired(verdict: Verdicts) -> list[int]:
    """Where the verdict turned to yes."""
    before = np.concatenate(([UNKNOWN], verdict))[:-1]
    fired: list[int] = np.flatnonzero((verdict == YES) & (before != YES)).tolist()
    return fired


@dataclass(frozen=True, slots=True, eq=False)
class _After:
    """What SPX and VIX did after each session."""

    first: int
    end: int
    horizons: tuple[int, ...]
    returns: Floats
    """One row a horizon."""
    changes: Floats
    came_true: Flags
    decided: Flags
    definition: str

    @classmethod
    def of(cls, replay: Replay) -> "_After":
        closes, rules = replay.run.measured.closes, replay.rules
        spx, vix = closes.column("spx"), closes.column("vix")
        horizons = tuple(int(horizon) for horizon in rules.numbers("evidence.horizons"))
        within = rules.whole("evidence.alarm_sessions")
        fall, rise = rules.number("evidence.alarm_fall"), rules.number("evidence.alarm_rise")
        lowest = np.fmin.reduce([_later(spx, ahead) for ahead in range(1, within + 1)])
        highest = np.fmax.reduce([_later(vix, ahead) for ahead in range(1, within + 1)])
        came_true = (lowest <= (1.0 - fall) * spx) | (highest >= (1.0 + rise) * vix)
        complete = np.isfinite(spx) & np.isfinite(vix) & (np.arange(len(spx)) + within < len(spx))
        return cls(
            replay.first,
            replay.end,
            horizons,
            np.array([_later(spx, ahead) / spx - 1.0 for ahead in horizons]),
            np.array([_later(vix, ahead) - vix for ahead in horizons]),
            came_true,
            came_true | complete,
            f"an alarm is false when in the {within} sessions after it SPX never closes {100 * fall:g} % "
            f"lower and VIX never {100 * rise:g} % higher; one that says all is well, when either does",
        )

    def outlooks(self, rows: _Rows) -> tuple[Outlook, ...]:
        return tuple(
            Outlook(
                horizon, int(np.isfinite(returns[rows]).sum()), _mean(returns[rows]), _mean(changes[rows])
            )
            for horizon, returns, changes in zip(self.horizons, self.returns, self.changes, strict=True)
        )


def _later(values: Floats, sessions: int) -> Floats:
    """The value so many sessions later."""
    found = np.full(len(values), np.nan)
    found[: max(len(values) - sessions, 0)] = values[sessions:]
    return found


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None
