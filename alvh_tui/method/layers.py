"""The trigger state of every layer in every session: a function of closes, book and rules alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

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
    walkers = [_Walker(of_layer[layer], rules) for layer in LADDER]
    for row in range(len(measured.closes.days)):
        _step(walkers, row)
    paths = {walker.layer: walker.path() for walker in walkers}
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


def _step(walkers: list["_Walker"], row: int) -> None:
    """One session: the layers in order, then those that VIX has leapt over."""
    reached = 0
    below_triggered = True
    for place, walker in enumerate(walkers):
        entered_by_level = walker.step(row, below_triggered)
        if entered_by_level:
            reached = place
        below_triggered = walker.state == _TRIGGERED
    for walker in walkers[:reached]:
        walker.pass_over(row)
    for walker in walkers:
        walker.record()


class _Walker:
    """One layer, session after session."""

    def __init__(self, triggers: Triggers, rules: Rules) -> None:
        self.layer = triggers.layer
        self.state = _IDLE
        self._entered = 0
        self._calm_closes = 0
        self._passed = False
        self._path: list[tuple[int, int, bool, int]] = []
        self._in_order = triggers.in_order
        zone = zone_rule(self.layer)
        other = [verdict == YES for name, verdict in triggers.causes.items() if name != zone]
        self._by_zone = ((triggers.zone == YES) & ~triggers.tolerated).tolist()
        self._by_other = np.logical_or.reduce([np.zeros(len(triggers.vix), dtype=bool), *other]).tolist()
        self._on_watch = triggers.on_watch.tolist()
        self._known = np.isfinite(triggers.vix).tolist()
        self._calm = triggers.calm.tolist()
        self._released = (triggers.released == YES).tolist()
        self._release_sessions = rules.whole("layers.release_sessions")
        self._release_lasts = rules.whole("layers.release_lasts")

    def step(self, row: int, below_triggered: bool) -> bool:
        """Moves on by one session; whether VIX's level triggered the layer just now."""
        by_zone = self._by_zone[row] and (below_triggered or not self._in_order)
        if by_zone or self._by_other[row]:
            newly = self.state != _TRIGGERED
            self._become(_TRIGGERED, row)
            self._calm_closes = 0
            return newly and by_zone
        if self.state == _TRIGGERED:
            self._hold_or_release(row)
        elif not self._still_released(row) and self._known[row]:
            self._become(_WATCH if self._on_watch[row] else _IDLE, row)
        return False

    def pass_over(self, row: int) -> None:
        """VIX has reached the trigger of a layer above: this one has been passed on the way."""
        if self.state != _TRIGGERED:
            self._become(_TRIGGERED, row)
            self._calm_closes = 0
            self._passed = True

    def record(self) -> None:
        self._path.append((self.state, self._entered, self._passed, self._calm_closes))

    def path(self) -> LayerPath:
        states, entered, passed, calm = zip(*self._path, strict=True) if self._path else ((), (), (), ())
        return LayerPath(
            self.layer,
            np.array(states, dtype=np.int8),
            np.array(entered, dtype=np.int64),
            np.array(passed, dtype=bool),
            np.array(calm, dtype=np.int64),
        )

    def _hold_or_release(self, row: int) -> None:
        """A session in which nothing triggers: VIX must close low often enough, and breadth must be back."""
        if self._calm[row] == NO:
            self._calm_closes = 0
        elif self._calm[row] == YES:
            self._calm_closes += 1
            if self._calm_closes >= self._release_sessions and self._released[row]:
                self._become(_RELEASE, row)

    def _still_released(self, row: int) -> bool:
        fresh = row - self._entered < self._release_lasts
        return self.state == _RELEASE and fresh and self._calm[row] != NO

    def _become(self, state: int, row: int) -> None:
        if state != self.state:
            self.state, self._entered, self._passed = state, row, False
