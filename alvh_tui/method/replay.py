"""Signals and layers over daily history: one row for every session and every change of a layer's state."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.market.types import Event
from alvh_tui.method.arrays import Floats
from alvh_tui.method.closes import Closes
from alvh_tui.method.layers import LayerRun, TriggerState, run_layers
from alvh_tui.method.levels import LADDER, level_of, reached
from alvh_tui.method.measure import measure
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import reasons
from alvh_tui.method.rules import Rules
from alvh_tui.method.triggers import BookFacts
from alvh_tui.method.verdict import Verdict, named

_UNDER = f"below {LADDER[0]}"


@dataclass(frozen=True, slots=True)
class Session:
    on: date
    spx: float | None
    vix: float | None
    zone: str | None
    """The layer whose zone VIX stands in, or that it is below the first; None where VIX is unknown."""
    signals: Mapping[str, tuple[float | None, Verdict]]
    layers: Mapping[Layer, TriggerState]


@dataclass(frozen=True, slots=True)
class Change:
    """A layer's change of state, with the rules behind it."""

    on: date
    layer: Layer
    before: TriggerState
    after: TriggerState
    rules: tuple[Reading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """A run over a whole history, of which the sessions from `first` up to before `end` are shown."""

    run: LayerRun
    first: int
    end: int

    @property
    def rules(self) -> Rules:
        return self.run.measured.rules

    def __len__(self) -> int:
        return self.end - self.first

    def sessions(self) -> Iterator[Session]:
        measured, shown = self.run.measured, slice(self.first, self.end)
        closes = measured.closes
        signals = {
            name: _pairs(track.reading[shown], track.verdict[shown])
            for name, track in measured.tracks.items()
        }
        states = {
            layer: [path.state(row) for row in range(self.first, self.end)]
            for layer, path in self.run.paths.items()
        }
        columns = zip(
            closes.days[shown].tolist(),
            _known(closes.column("spx")[shown]),
            _known(closes.column("vix")[shown]),
            _zones(closes.column("vix")[shown], self.rules),
            strict=True,
        )
        for row, (on, spx, vix, zone) in enumerate(columns):
            yield Session(
                on,
                spx,
                vix,
                zone,
                {name: pairs[row] for name, pairs in signals.items()},
                {layer: states[layer][row] for layer in LAYERS},
            )

    def changes(self) -> Iterator[Change]:
        for found in self.run.transitions():
            if self.first <= found.row < self.end:
                rules = tuple(rule for rule in reasons(self.run, found.layer, found.row) if not _waits(rule))
                yield Change(found.on, found.layer, found.before, found.after, rules)


def replay(
    closes: Closes,
    events: Sequence[Event],
    rules: Rules,
    first: date | None = None,
    last: date | None = None,
    facts: BookFacts | None = None,
) -> Replay:
    """Runs over all closes, so that what is shown from `first` to `last` knows everything before it."""
    run = run_layers(measure(closes, events, rules), facts)
    start = 0 if first is None else int(np.searchsorted(closes.days, np.datetime64(first)))
    end = (
        len(closes.days)
        if last is None
        else int(np.searchsorted(closes.days, np.datetime64(last), side="right"))
    )
    return Replay(run, start, max(start, end))


def _waits(rule: Reading) -> bool:
    """What a layer just triggered will wait for did not trigger it."""
    return rule.id.endswith(".release") and rule.verdict is not Verdict.YES


def _known(column: Floats) -> list[float | None]:
    return [None if value != value else value for value in column.tolist()]


def _pairs(reading: Floats, verdict: np.ndarray) -> list[tuple[float | None, Verdict]]:
    return list(zip(_known(reading), (named(v) for v in verdict.tolist()), strict=True))


def _zones(vix: Floats, rules: Rules) -> list[str | None]:
    levels = [level_of(rules, layer) for layer in LADDER]
    climbed = sum(reached(vix, level.trigger, level.trigger_inclusive).astype(int) for level in levels)
    names = (_UNDER, *LADDER)
    return [
        None if unknown else names[n]
        for n, unknown in zip(climbed.tolist(), np.isnan(vix).tolist(), strict=True)
    ]
