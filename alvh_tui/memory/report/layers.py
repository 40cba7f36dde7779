"""Triggers and what was added to a layer: which followed on which."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alvh_tui.book.model import LAYERS, Layer
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions
from alvh_tui.market.freshness import close_of
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.report.model import Addition, Answer, Trigger

TRIGGERED = "triggered"
ADDS = ("opened", "adjusted", "changed")


@dataclass(frozen=True, slots=True)
class Layers:
    triggers: tuple[Trigger, ...]
    additions: tuple[Addition, ...]
    chased: tuple[Addition, ...]
    unjudged: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class _Made:
    addition: Addition
    moment: datetime | None
    """When it was seen, where that is the day it was made on; else only that day is known."""

    def during(self, trigger: Trigger) -> bool:
        if self.addition.layer != trigger.layer:
            return False
        if self.moment is not None and _day(trigger.seen) == trigger.on == self.addition.on:
            begun = trigger.seen <= self.moment
        else:
            begun = trigger.on <= self.addition.on
        if trigger.until is None:
            return begun
        over = self.moment < trigger.until if self.moment else self.addition.on <= _day(trigger.until)
        return begun and over


def judge_layers(entries: Sequence[Entry], recorded: Container[date], last: datetime) -> Layers:
    """`recorded`: the days anything is known of; `last`: the last that was seen of the book."""
    made = [_made(entry) for entry in entries if _adds(entry)]
    begun = sorted(_triggers(entries), key=lambda trigger: trigger.seq)
    triggers = tuple(_answered(trigger, made, last) for trigger in begun)
    additions, chased, unjudged = [], [], []
    for each in made:
        if any(each.during(trigger) for trigger in triggers):
            additions.append(replace(each.addition, state=TRIGGERED))
        elif each.moment is None and each.addition.on not in recorded:
            unjudged.append(replace(each.addition, state=None))
        elif each.moment is None:
            state = _state_on(entries, each.addition.layer, each.addition.on)
            chased.append(replace(each.addition, state=state))
        else:
            chased.append(each.addition)
    return Layers(triggers, tuple(additions), tuple(chased), tuple(unjudged))


def _adds(entry: Entry) -> bool:
    """A roll adds nothing, and what was closed even less."""
    facts = entry.facts
    if entry.kind != "position" or facts.get("layer") not in LAYERS or facts["change"]["event"] not in ADDS:
        return False
    return (facts.get("contracts") or 0) > 0


def _made(entry: Entry) -> _Made:
    facts, seen = entry.facts, _day(entry.at)
    on = seen if facts["on"] is None else date.fromisoformat(facts["on"])
    state = (facts["layers"].get(facts["layer"]) or {}).get("trigger")
    addition = Addition(entry.seq, facts["layer"], entry.about, on, facts["contracts"], state)
    return _Made(addition, entry.at if on == seen else None)


def _triggers(entries: Sequence[Entry]) -> Iterator[Trigger]:
    begun: dict[Layer, Trigger] = {}
    for entry in entries:
        if entry.kind != "layer" or "trigger" not in entry.facts["change"]:
            continue
        layer: Layer = next(each for each in LAYERS if each == entry.about)
        if layer in begun:
            yield replace(begun.pop(layer), until=entry.at)
        if entry.facts["change"]["trigger"][1] == TRIGGERED:
            begun[layer] = _begun(entry, layer)
    yield from begun.values()


def _begun(entry: Entry, layer: Layer) -> Trigger:
    facts, seen = entry.facts, _day(entry.at)
    since, sizing = facts.get("since"), facts.get("sizing") or {}
    target = sizing.get("target")
    rules = tuple(reading["id"] for reading in facts["readings"] if reading["verdict"] == "yes")
    calls = facts["state"].get("action") == "add"
    return Trigger(
        seq=entry.seq,
        layer=layer,
        on=seen if since is None else min(date.fromisoformat(since), seen),
        seen=entry.at,
        until=None,
        rules=rules,
        held=sizing.get("held"),
        target=None if target is None else (target[0], target[1]),
        answer=Answer.OPEN if calls else Answer.NOT_DUE,
        answered_on=None,
        contracts=None,
    )


def _answered(trigger: Trigger, made: Sequence[_Made], last: datetime) -> Trigger:
    answers = [each.addition for each in made if each.during(trigger)]
    deadline = add_sessions(trigger.on, 1)
    if answers:
        first = min(addition.on for addition in answers)
        total = sum(addition.contracts or 0 for addition in answers)
        answer = Answer.IN_TIME if first <= deadline else Answer.LATE
        return replace(trigger, answer=answer, answered_on=first, contracts=total)
    if trigger.answer is Answer.NOT_DUE:
        return trigger
    ends = close_of(deadline)
    if trigger.until is not None and trigger.until < ends:
        return replace(trigger, answer=Answer.PASSED)
    return replace(trigger, answer=Answer.NONE if last >= ends else Answer.OPEN)


def _state_on(entries: Sequence[Entry], layer: Layer, day: date) -> str | None:
    """How the layer stood at the end of that day."""
    states = [
        entry.facts["change"]["trigger"][1]
        for entry in entries
        if entry.kind == "layer"
        and entry.about == layer
        and "trigger" in entry.facts["change"]
        and _day(entry.at) <= day
    ]
    return states[-1] if states else None


def _day(moment: datetime) -> date:
    return moment.astimezone(NEW_YORK).date()
