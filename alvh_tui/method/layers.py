"""The trigger state of every layer in every session: a function of closes, book and rules alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.method.levels import LADDER
from alvh_tui.method.measure import Measured
from alvh_tui.method.rules import Rules
from alvh_tui.method.triggers import BookFacts, Confirmations, Triggers, confirmations, triggers, zone_rule
from alvh_tui.method.verdict import NO, YES


class TriggerState(StrEnum):
    IDLE = "idle"
    WATCH = "watch"
    TRIGGERED = "triggered"
    RELEASE = "release"


_STATES: tuple[TriggerState, ...] = tuple(TriggerState)
_IDLE, _WATCH, _TRIGGERED, _RELEASE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class LayerPath:
    """One layer through the history."""

    layer: Layer
    states: NDArray[np.int8]
    entered: NDArray[np.int64]
    """The row in which the state of each row began."""
    passed: NDArray[np.bool_]
    """Where it triggered only because VIX reached the trigger of a layer above."""
    calm_closes: NDArray[np.int64]
    """Closes in a row, since anything triggered it, that were low enough to release it."""

    def state(self, row: int) -> TriggerState:
        return _STATES[int(self.states[row])]


@dataclass(frozen=True, slots=True)
class Transition:
    """A layer's change of state."""

    row: int
    on: date
    layer: Layer
    before: TriggerState
    after: TriggerState


@dataclass(frozen=True, slots=True, eq=False)
class LayerRun:
    """All layers over one history, with everything it takes to say why."""

    measured: Measured
    confirming: Confirmations
    facts: BookFacts
    triggers: Mapping[Layer, Triggers]
    """Of the layers VIX climbs."""
    paths: Mapping[Layer, LayerPath]

    def transitions(self) -> Iterator[Transition]:
        """Every change of state, by session and in the order of the layers."""
        changes: list[tuple[int, int, Transition]] = []
        for place, path in enumerate(self.paths.values()):
            before = np.concatenate(([_IDLE], path.states))[:-1]
            for row in np.flatnonzero(path.states != before).tolist():
                on, was = self.measured.closes.day(row), _STATES[int(before[row])]
                changes.append((row, place, Transition(row, on, path.layer, was, path.state(row))))
        for _, _, change in sorted(changes, key=lambda change: change[:2]):
            yield change


def run_layers(measured: Measured, facts: BookFacts | None = None) -> LayerRun:
    """Every layer's state in every session; `facts` are rules of the book over the same sessions."""
    rules, confirming, facts = measured.rules, confirmations(measured), facts or {}
    of_layer = {layer: triggers(measured, layer, confirming, facts) for layer in LADDER}
    paths = _walk([of_layer[layer] for layer in LADDER], rules)
    paths["SE"] = _second_engine(rules, paths)
    return LayerRun(measured, confirming, facts, of_layer, {layer: paths[layer] for layer in LAYERS})


def _second_engine(rules: Rules, paths: Mapping[Layer, LayerPath]) -> LayerPath:
    """It shares the state of the layer it goes with, unless it is asked for in any case."""
    with_layer = next(path for layer, path in paths.items() if layer == rules.text("layers.SE.with"))
    if not rules.flag("layers.SE.on_demand"):
        return replace(with_layer, layer="SE")
    return LayerPath(
        "SE",
        np.full_like(with_layer.states, _TRIGGERED),
        np.zeros_like(with_layer.entered),
        np.zeros_like(with_layer.passed),
        np.zeros_like(with_layer.calm_closes),
    )


@dataclass(frozen=True, slots=True)
class _Habits:
    """What a layer's walk through the sessions depends on besides their signs."""

    in_order: bool
    release_sessions: int
    release_lasts: int


_SIGNS = 6
"""What a session says of a layer: see `_signs`."""
_RECORDED = 4
"""What is kept of a layer for each session: see `_Walker.record`."""
Records = NDArray[np.int64]


def _signs(triggers: Triggers) -> NDArray[np.int8]:
    """By its zone, by another cause, on watch, VIX known, calm, released; one row a session."""
    zone = zone_rule(triggers.layer)
    other = [verdict == YES for name, verdict in triggers.causes.items() if name != zone]
    signs = np.zeros((len(triggers.vix), _SIGNS), dtype=np.int8)
    signs[:, 0] = (triggers.zone == YES) & ~triggers.tolerated
    for causes in other:
        signs[:, 1] |= causes
    signs[:, 2] = triggers.on_watch
    signs[:, 3] = np.isfinite(triggers.vix)
    signs[:, 4] = triggers.calm
    signs[:, 5] = triggers.released == YES
    return signs


def _walk(of_layer: Sequence[Triggers], rules: Rules) -> dict[Layer, LayerPath]:
    """Every layer's path. The last session is walked anew each time, those before it once."""
    lasts = rules.whole("layers.release_sessions"), rules.whole("layers.release_lasts")
    habits = tuple(_Habits(triggers.in_order, *lasts) for triggers in of_layer)
    signs = np.stack([_signs(triggers) for triggers in of_layer], axis=1)
    records = _walked_on(_walked(signs[:-1].tobytes(), habits), signs[-1:], habits)
    return {triggers.layer: _path(triggers.layer, records[:, n]) for n, triggers in enumerate(of_layer)}


@lru_cache(maxsize=8)
def _walked(signs: bytes, habits: tuple[_Habits, ...]) -> Records:
    """From the first session through all of these."""
    start = np.empty((0, len(habits), _RECORDED), dtype=np.int64)
    sessions = np.frombuffer(signs, dtype=np.int8).reshape(-1, len(habits), _SIGNS)
    records = _walked_on(start, sessions, habits)
    records.setflags(write=False)
    return records


def _walked_on(before: Records, signs: NDArray[np.int8], habits: Sequence[_Habits]) -> Records:
    """Some sessions further."""
    stood = before[-1].tolist() if len(before) else [(_IDLE, 0, False, 0)] * len(habits)
    walkers = [_Walker(*pair) for pair in zip(habits, stood, strict=True)]
    records = []
    for row, session in enumerate(signs.tolist(), len(before)):
        _step(walkers, row, session)
        records.append([walker.record() for walker in walkers])
    further = np.array(records, dtype=np.int64).reshape(-1, *before.shape[1:])
    return np.concatenate((before, further))


def _path(layer: Layer, records: NDArray[np.int64]) -> LayerPath:
    states, entered, passed, calm = records.T.copy()
    return LayerPath(layer, states.astype(np.int8), entered, passed.astype(bool), calm)


def _step(walkers: Sequence["_Walker"], row: int, session: Sequence[Sequence[int]]) -> None:
    """One session: the layers in order, then those that VIX has leapt over."""
    reached = 0
    below_triggered = True
    for place, (walker, signs) in enumerate(zip(walkers, session, strict=True)):
        entered_by_level = walker.step(row, signs, below_triggered)
        if entered_by_level:
            reached = place
        below_triggered = walker.state == _TRIGGERED
    for walker in walkers[:reached]:
        walker.pass_over(row)


class _Walker:
    """One layer, session after session."""

    def __init__(self, habits: _Habits, stood: tuple[int, int, bool, int]) -> None:
        self._habits = habits
        self.state, self._entered, self._passed, self._calm_closes = stood

    def step(self, row: int, signs: Sequence[int], below_triggered: bool) -> bool:
        """Moves on by one session; whether VIX's level triggered the layer just now."""
        by_zone, by_other, on_watch, known, calm, released = signs
        by_level = bool(by_zone) and (below_triggered or not self._habits.in_order)
        if by_level or by_other:
            newly = self.state != _TRIGGERED
            self._become(_TRIGGERED, row)
            self._calm_closes = 0
            return newly and by_level
        if self.state == _TRIGGERED:
            self._hold_or_release(row, calm, bool(released))
        elif known and not self._still_released(row, calm):
            self._become(_WATCH if on_watch else _IDLE, row)
        return False

    def pass_over(self, row: int) -> None:
        """VIX has reached the trigger of a layer above: this one has been passed on the way."""
        if self.state != _TRIGGERED:
            self._become(_TRIGGERED, row)
            self._calm_closes = 0
            self._passed = True

    def record(self) -> tuple[int, int, bool, int]:
        """Where it stands, and all that its next step depends on."""
        return self.state, self._entered, self._passed, self._calm_closes

    def _hold_or_release(self, row: int, calm: int, released: bool) -> None:
        """A session in which nothing triggers: VIX must close low often enough, and breadth must be back."""
        if calm == NO:
            self._calm_closes = 0
        elif calm == YES:
            self._calm_closes += 1
            if self._calm_closes >= self._habits.release_sessions and released:
                self._become(_RELEASE, row)

    def _still_released(self, row: int, calm: int) -> bool:
        fresh = row - self._entered < self._habits.release_lasts
        return self.state == _RELEASE and fresh and calm != NO

    def _become(self, state: int, row: int) -> None:
        if state != self.state:
            self.state, self._entered, self._passed = state, row, False
