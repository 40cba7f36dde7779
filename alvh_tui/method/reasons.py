"""Why a layer is in its state: the rules behind it, each with its reading."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.method.layers import LayerRun, TriggerState
from alvh_tui.method.levels import LADDER
from alvh_tui.method.measure import number, threshold_of
from alvh_tui.method.reading import Reading
from alvh_tui.method.triggers import SHORT_PUT_ITM, Triggers, zone_rule
from alvh_tui.method.verdict import UNKNOWN, YES, Verdict, named

_NEEDED = {"breadth.realigned": "breadth back"}


@dataclass(frozen=True, slots=True)
class NextTrigger:
    vix: float
    distance: float
    """VIX points from the last close; 0 or less where the level is reached and another rule is waited for."""


@dataclass(frozen=True, slots=True)
class Lingering:
    """Why a layer is triggered though nothing triggers it in this session and VIX is below its trigger."""

    needs: str
    """What the release still needs, in words."""
    below_watch: bool
    """VIX is below even the level that would put the layer on watch."""


@dataclass(frozen=True, slots=True)
class LayerState:
    """One layer as of one session."""

    id: Layer
    trigger: TriggerState
    since: date
    provisional: bool
    """It rests on a live value that stands in for the close."""
    rules: tuple[Reading, ...]
    next_trigger: NextTrigger | None
    """Its own trigger, or once it has triggered the next above; None above the last, or without VIX."""
    lingering: Lingering | None
    """None where it is not triggered, or rightly so by this session alone."""

    @property
    def is_far(self) -> bool:
        """It lingers, and VIX alone would not even put it on watch."""
        return self.lingering is not None and self.lingering.below_watch


def layer_states(run: LayerRun, row: int = -1) -> tuple[LayerState, ...]:
    """Every layer as of a session; the last one unless told otherwise."""
    if not len(run.measured.closes.days):
        return ()
    row = range(len(run.measured.closes.days))[row]
    return tuple(_state_of(run, layer, row) for layer in LAYERS)


def _state_of(run: LayerRun, layer: Layer, row: int) -> LayerState:
    path, closes = run.paths[layer], run.measured.closes
    return LayerState(
        layer,
        path.state(row),
        closes.day(int(path.entered[row])),
        closes.provisional and row == len(closes.days) - 1,
        reasons(run, layer, row),
        _next_trigger(run, layer, row),
        _lingering(run, layer, row),
    )


def _lingering(run: LayerRun, layer: Layer, row: int) -> Lingering | None:
    asked_for = layer == "SE" and run.measured.rules.flag("layers.SE.on_demand")
    if asked_for or run.paths[layer].state(row) is not TriggerState.TRIGGERED:
        return None
    own = run.triggers[_climbing(run, layer)]
    triggers_today = any(verdict[row] == YES for verdict in own.causes.values())
    if triggers_today or not own.vix[row] < own.level.trigger:
        return None
    return Lingering(_Because(run, own).still_needed(row), not own.near[row])


def _next_trigger(run: LayerRun, layer: Layer, row: int) -> NextTrigger | None:
    vix = float(run.measured.closes.column("vix")[row])
    if np.isnan(vix):
        return None
    own = run.triggers[_climbing(run, layer)].level
    levels = [own.trigger]
    if run.paths[layer].state(row) is TriggerState.TRIGGERED:
        levels = [t.level.trigger for t in run.triggers.values() if t.level.trigger > max(own.trigger, vix)]
    return NextTrigger(min(levels), round(min(levels) - vix, 6)) if levels else None


def _climbing(run: LayerRun, layer: Layer) -> Layer:
    """The layer whose levels count: its own, or those of the layer the second engine goes with."""
    if layer != "SE":
        return layer
    wanted = run.measured.rules.text("layers.SE.with")
    return next(climbs for climbs in LADDER if climbs == wanted)


def reasons(run: LayerRun, layer: Layer, row: int) -> tuple[Reading, ...]:
    """The rules behind a layer's state in that session."""
    if layer == "SE":
        return _of_second_engine(run, row)
    because = _Because(run, run.triggers[layer])
    path = run.paths[layer]
    entered = int(path.entered[row])
    state = path.state(row)
    if state is TriggerState.TRIGGERED:
        causes = because.passed(entered) if path.passed[entered] else because.triggered(entered)
        return (*causes, because.release(row))
    if state is TriggerState.RELEASE:
        return (because.release(entered), *because.release_needs(entered))
    watched = (*because.watched(row), *because.waiting(row))
    return (*watched, because.zone(row)) if state is TriggerState.WATCH else watched


def _of_second_engine(run: LayerRun, row: int) -> tuple[Reading, ...]:
    rules, on = run.measured.rules, run.measured.closes.day(row)
    if rules.flag("layers.SE.on_demand"):
        return (Reading("SE.on-demand", None, None, Verdict.YES, "asked for in the rules file", on),)
    layer = _climbing(run, "SE")
    state = run.paths[layer].state(row)
    verdict = Verdict.YES if state is TriggerState.TRIGGERED else Verdict.NO
    return (
        Reading("SE.with-layer", None, None, verdict, f"{layer} is {state}", on),
        *reasons(run, layer, row),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Because:
    """The readings of one layer's rules."""

    run: LayerRun
    triggers: Triggers

    def triggered(self, row: int) -> tuple[Reading, ...]:
        """Every rule that triggered in that session, with what it rests on."""
        found: list[Reading] = []
        for name, verdict in self.triggers.causes.items():
            if verdict[row] != YES:
                continue
            if name == zone_rule(self.triggers.layer):
                if self.triggers.tolerated[row] or self._out_of_order(row):
                    continue
                found.extend((self.zone(row), *self._confirming(row)))
            elif name == SHORT_PUT_ITM:
                found.append(self._of_book(name, Verdict.YES, "", row))
                found.extend(self.signal(rests, row) for rests in self._rests_on(name))
            else:
                sign, divergence = (self.signal(rests, row) for rests in self._rests_on(name))
                found.extend((replace(sign, id=name), sign, divergence))
        return tuple({reading.id: reading for reading in found}.values())

    def passed(self, row: int) -> tuple[Reading, ...]:
        level = self.triggers.level
        note = "VIX has reached the trigger of a layer above"
        return (
            Reading(f"{level.layer}.passed", self._vix(row), level.trigger, Verdict.YES, note, self._on(row)),
        )

    def zone(self, row: int) -> Reading:
        """The rule of the zone, with what it still lacks or waits for."""
        level = self.triggers.level
        verdict = named(self.triggers.zone[row])
        note = self._lacks(row)
        if verdict is Verdict.YES and (self.triggers.tolerated[row] or self._out_of_order(row)):
            verdict = Verdict.NO
        return Reading(zone_rule(level.layer), self._vix(row), level.trigger, verdict, note, self._on(row))

    def _lacks(self, row: int) -> str:
        layer, confirming = self.triggers.level.layer, self.run.confirming
        needed = self.run.measured.rules.whole(f"layers.{layer}.confirmations")
        said = []
        if np.isnan(self.triggers.vix[row]):
            said.append("waits for VIX")
        elif self.run.measured.closes.provisional and self._counts_at_the_close(row):
            said.append("counts at the close")
        if needed:
            said.append(f"confirmations: {confirming.yes[row]}, needed {needed}")
            waits = [name for name in confirming.signals if confirming.verdicts[name][row] == UNKNOWN]
            if self.run.measured.rules.flag(f"layers.{layer}.acceleration"):
                waits += self._unknown(("vol.acceleration",), row)
            if confirming.yes[row] < needed and waits:
                said.append(f"waits for {', '.join(waits)}")
        if self.triggers.tolerated[row]:
            said.append("tolerated while the underlying bid holds")
        if self._out_of_order(row):
            said.append("the layer below has not triggered")
        return "; ".join(said)

    def _counts_at_the_close(self, row: int) -> bool:
        last = row == len(self.triggers.vix) - 1
        return last and self.run.measured.rules.flag("layers.closes_only")

    def _out_of_order(self, row: int) -> bool:
        place = LADDER.index(self.triggers.level.layer)
        if not self.triggers.in_order or place == 0:
            return False
        return self.run.paths[LADDER[place - 1]].state(row) is not TriggerState.TRIGGERED

    def _confirming(self, row: int) -> list[Reading]:
        """The signals that confirmed, and the acceleration where it stands in for them."""
        confirming, layer = self.run.confirming, self.triggers.level.layer
        found = [
            self.signal(name, row, lately=True)
            for name in confirming.signals
            if confirming.verdicts[name][row] == YES
        ]
        rules = self.run.measured.rules
        enough = len(found) >= rules.whole(f"layers.{layer}.confirmations")
        if not enough and rules.flag(f"layers.{layer}.acceleration"):
            found.append(self.signal("vol.acceleration", row))
        return found if rules.whole(f"layers.{layer}.confirmations") else []

    def watched(self, row: int) -> tuple[Reading, ...]:
        """What puts the layer on watch, or what does not."""
        level = self.triggers.level
        near = self.triggers.near[row]
        verdict = Verdict.UNKNOWN if np.isnan(self.triggers.vix[row]) else named(int(near))
        watch = Reading(f"{level.layer}.watch", self._vix(row), level.watch, verdict, "", self._on(row))
        signs = [self.signal(name, row) for name, sign in self.triggers.early.items() if sign[row] == YES]
        if self.triggers.tolerated[row] and self.triggers.zone[row] == YES:
            bid = self.signal("bid.underlying", row)
            signs.extend((replace(bid, id=f"{level.layer}.tolerated"), bid))
        return (watch, *signs)

    def waiting(self, row: int) -> list[Reading]:
        """Rules other than the zone's that might trigger, if only something unknown were known."""
        found = []
        for name, verdict in self.triggers.causes.items():
            if verdict[row] == UNKNOWN and name != zone_rule(self.triggers.layer):
                lacks = self._unknown(self._rests_on(name), row) or ["the index"]
                note = f"waits for {', '.join(lacks)}"
                found.append(self._of_book(name, Verdict.UNKNOWN, note, row))
        return found

    def _of_book(self, name: str, verdict: Verdict, note: str, row: int) -> Reading:
        """A rule with what it read in the book, where it is one of the book's."""
        fact = self.run.facts.get(name)
        read, against = (None, None) if fact is None else (fact.reading[row], fact.threshold[row])
        return Reading(
            name,
            None if read is None else number(read),
            None if against is None else number(against),
            verdict,
            note,
            self._on(row),
        )

    def _rests_on(self, cause: str) -> tuple[str, ...]:
        if cause == SHORT_PUT_ITM:
            alone = self.run.measured.rules.text(f"layers.{self.triggers.layer}.short_put_itm") == "alone"
            return () if alone else ("vol.acceleration",)
        return ("macd.vix" if cause.endswith("momentum") else "vix.rsi", "breadth.divergence")

    def _unknown(self, signals: tuple[str, ...], row: int) -> list[str]:
        return [name for name in signals if self.run.measured.tracks[name].verdict[row] == UNKNOWN]

    def release(self, row: int) -> Reading:
        """Whether the layer may be released, and what it waits for."""
        rules, level = self.run.measured.rules, self.triggers.level
        line = level.trigger - rules.number("layers.release_points")
        needed = rules.whole("layers.release_sessions")
        state = self.run.paths[level.layer].state(row)
        released = state is TriggerState.RELEASE
        closes = min(int(self.run.paths[level.layer].calm_closes[row]), needed)
        said = [f"{closes} of {needed} closes at {line:g} or below"]
        waits = [r for r in self.release_needs(row) if r.verdict is not Verdict.YES]
        said.extend(
            f"waits for {r.id}" + (f": {r.note}" if r.verdict is Verdict.UNKNOWN and r.note else "")
            for r in waits
        )
        verdict = Verdict.YES if released else Verdict.NO
        if closes >= needed and any(r.verdict is Verdict.UNKNOWN for r in waits):
            verdict = Verdict.UNKNOWN
        note = "; ".join(said)
        return Reading(f"{level.layer}.release", self._vix(row), line, verdict, note, self._on(row))

    def still_needed(self, row: int) -> str:
        """2 closes at 16 or below, and breadth back."""
        rules, level = self.run.measured.rules, self.triggers.level
        line = f"{level.trigger - rules.number('layers.release_points'):g} or below"
        done = int(self.run.paths[level.layer].calm_closes[row])
        lacks = max(rules.whole("layers.release_sessions") - done, 0)
        more = "more " if done else ""
        said = [f"{lacks} {more}close{'' if lacks == 1 else 's'} at {line}"] if lacks else []
        said += [_back(r) for r in self.release_needs(row) if r.verdict is not Verdict.YES]
        return ", and ".join(said) or f"today's close at {line}"

    def release_needs(self, row: int) -> list[Reading]:
        return [self.signal(name, row) for name in self.run.measured.rules.texts("layers.release_needs")]

    def signal(self, name: str, row: int, *, lately: bool = False) -> Reading:
        """A signal's reading in that session; `lately`: it counts although it was last true before."""
        measured = self.run.measured
        track = measured.tracks[name]
        note = track.note(row)
        verdict = named(track.verdict[row])
        if lately and verdict is not Verdict.YES:
            last = int(np.flatnonzero(track.verdict[: row + 1] == YES)[-1])
            note = "; ".join(text for text in (f"last true {measured.closes.day(last)}", note) if text)
            verdict = Verdict.YES
        on = self._on(track.read_row(row))
        return Reading(name, number(track.reading[row]), threshold_of(track, row), verdict, note, on)

    def _vix(self, row: int) -> float | None:
        return number(self.triggers.vix[row])

    def _on(self, row: int) -> date:
        return self.run.measured.closes.day(row)


def _back(need: Reading) -> str:
    """A signal a release still needs, in plain words; why it is unknown is told with the release itself."""
    said = _NEEDED.get(need.id, f"{need.id} met")
    return f"{said} (unknown)" if need.verdict is Verdict.UNKNOWN else said
