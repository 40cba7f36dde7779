"""One layer as a card: its lines with what each is worth, so that the panel can leave out the least."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Layer
from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.holding import Action, HoldingState
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import LayerState, NextTrigger
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.cells import cell
from alvh_tui.screens.panels.layer_action import action_in_words, action_word, reach, wanted
from alvh_tui.screens.panels.layer_held import held_row
from alvh_tui.screens.panels.yardstick_line import INDENT, yardstick_row
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import DOUBTFUL
from alvh_tui.screens.words import NOT_KNOWN, TRIGGERS, against, flowed
from alvh_tui.why.figure import Figure

HOLDINGS = {
    HoldingState.NONE: "none held",
    HoldingState.PARTIAL: "partial",
    HoldingState.COVERED: "covered",
    HoldingState.OVER: "over",
}
_ACTION_ROLES = {
    Action.ADD: Role.ACT,
    Action.ROLL: Role.WATCH,
    Action.TRIM: Role.WATCH,
    Action.UNWIND: Role.WATCH,
    Action.PREPARE: Role.WATCH,
    Action.HOLD: Role.CALM,
}
_OWN = ("vega coverage", "exposure share", "L2 scale", "risk cap")
"""Yardsticks that read each layer by itself."""
_ACTION, _HELD, _BINDING, _NEXT, _WHY, _GAUGE, _WAITS, _SHOCKS = 10, 20, 30, 38, 42, 60, 52, 70
_CALMER = 12
"""What one step less of urgency takes off a line's worth."""
_TRIGGER_WIDTH, _SINCE_WIDTH, _HOLDING_WIDTH = 11, 7, 10
_WIDEST_HEADER = 92


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that are shown together or not at all."""

    rank: int
    """0 always; the higher, the sooner left out."""
    rows: tuple[Row, ...]


def card(layer: Layer, judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Block]:
    assessment = shown.assessment
    if assessment is None:
        return
    opens, calm = Opens("layer", layer), _CALMER * (3 - urgency(judged))
    yield Block(0, (header(layer, judged, shown, look),))
    lead = (Span(" " * INDENT),)
    said = tuple(
        flowed(
            f"{layer} action", action_in_words(judged, shown, look), look.width, indent=INDENT, opens=opens
        )
    )
    if said:
        yield Block(_ACTION + calm, said)
    if has_gauges(judged):
        yield Block(_HELD + calm, (held_row(layer, judged, shown, look),))
    yield from _gauges(layer, judged, shown, look, calm)
    state = judged.state
    if state is None:
        return
    ahead = tuple(
        flowed(f"{layer} next", next_spans(layer, judged, shown), look.width, indent=INDENT, opens=opens)
    )
    if ahead:
        yield Block(_NEXT + calm, ahead)
    why = why_spans(layer, state, assessment)
    if why:
        yield Block(_WHY + calm, tuple(flowed(f"{layer} why", why, look.width, indent=INDENT, opens=opens)))
    waits = waiting_spans(layer, state)
    if waits:
        yield Block(
            _WAITS + calm, tuple(flowed(f"{layer} waits", waits, look.width, indent=INDENT, opens=opens))
        )
    if judged.sizing.held:
        spans = (*lead, *shock_spans(layer, judged, shown))
        yield Block(_SHOCKS + calm, (Row(f"{layer} shocks", cut(spans, look.width), opens),))


def urgency(judged: LayerJudgement) -> int:
    """3: something is to be done now; 2: triggered, or something to be done soon; 1: held or on watch."""
    action = judged.action
    triggered = judged.state is not None and judged.state.trigger is TriggerState.TRIGGERED
    far = judged.state is not None and judged.state.is_far
    wanted_now = action is Action.ADD or (triggered and action is Action.PREPARE)
    if (wanted_now and not far) or (triggered and judged.holding is None):
        return 3
    turned = judged.flattening is not None and judged.flattening.fails
    if triggered or turned or action in (Action.ROLL, Action.TRIM, Action.UNWIND):
        return 2
    return 1 if judged.sizing.held or action is Action.PREPARE else 0


def header(layer: Layer, judged: LayerJudgement, shown: Shown, look: Look) -> Row:
    """L1 ▲ triggered 3 d  partial  ADD 5."""
    state, width = judged.state, min(look.width, _WIDEST_HEADER)
    right = _to_the_right(layer, judged, shown, look)
    room = max(width - sum(width_of(span.text) for span in right) - (1 if right else 0), 0)
    word = NOT_KNOWN if state is None else TRIGGERS[state.trigger]
    spans = [
        Span(f"{layer} ", Role.STRONG),
        Span(word, _trigger_role(judged), Figure("layer", "trigger", layer)),
    ]
    used = len(layer) + 1 + _TRIGGER_WIDTH
    if state is None:
        spans.append(Span(" waits for daily closes", Role.DOUBT))
    elif room >= used + _SINCE_WIDTH:
        spans.append(Span(" " * (_TRIGGER_WIDTH - width_of(word))))
        spans += _since_spans(layer, state, shown)
        if room >= used + _SINCE_WIDTH + _HOLDING_WIDTH:
            spans.append(_holding_span(layer, judged, shown))
    left = cut(spans, room)
    gap = width - sum(width_of(span.text) for span in (*left, *right))
    spans = [*left, Span(" " * max(gap, 0)), *right]
    return Row(f"{layer} head", cut(spans, look.width), Opens("layer", layer))


def _trigger_role(judged: LayerJudgement) -> Role:
    if judged.state is None:
        return Role.DOUBT
    trigger = judged.state.trigger
    if trigger is TriggerState.TRIGGERED:
        return Role.ACT if urgency(judged) == 3 else Role.WATCH
    return Role.LABEL if trigger is TriggerState.IDLE else Role.WATCH


def _since_spans(layer: Layer, state: LayerState, shown: Shown) -> Iterator[Span]:
    """How long, where the state is news to anyone; ~ where it rests on a live value of today."""
    if state.trigger is TriggerState.IDLE or shown.assessment is None:
        yield Span(" " * _SINCE_WIDTH)
        return
    today = shown.assessment.at.astimezone(NEW_YORK).date()
    text = since_in_words(layer, state.since, today, shown)
    doubtful = state.provisional and state.since == today
    yield Span(fitted(text, _SINCE_WIDTH - 1, right=True), Role.PLAIN, Figure("layer", "since", layer))
    yield Span(DOUBTFUL if doubtful else " ", Role.DOUBT)


def since_in_words(layer: str, since: date, today: date, shown: Shown) -> str:
    """10:42 today where the journal knows, 3 d, or 2 y."""
    days = (today - since).days
    if days <= 0:
        clock = _clock_today(layer, today, shown)
        return "today" if clock is None else f"{clock:%H:%M}"
    return f"{days} d" if days < 1000 else f"{days // 365} y"


def _clock_today(layer: str, today: date, shown: Shown) -> datetime | None:
    for entry in reversed(shown.entries):
        at = entry.at.astimezone(NEW_YORK)
        if at.date() < today:
            return None
        changed = entry.facts.get("change") or {}
        if entry.kind == "layer" and entry.about == layer and at.date() == today and "trigger" in changed:
            return at
    return None


def _holding_span(layer: Layer, judged: LayerJudgement, shown: Shown) -> Span:
    """Nothing is said of a layer that is idle and not held."""
    figure = Figure("layer", "holding", layer)
    if judged.holding is None:
        return cell(fitted(f" {UNKNOWN}", _HOLDING_WIDTH), figure, shown, Role.DOUBT)
    word = HOLDINGS[judged.holding]
    if judged.holding is HoldingState.NONE and urgency(judged) == 0:
        word = ""
    short = judged.holding in (HoldingState.NONE, HoldingState.PARTIAL, HoldingState.OVER)
    role = Role.WATCH if short and urgency(judged) == 3 else Role.PLAIN
    return Span(fitted(f" {word}", _HOLDING_WIDTH), role, figure if word else None)


def _to_the_right(layer: Layer, judged: LayerJudgement, shown: Shown, look: Look) -> tuple[Span, ...]:
    """The action; where there is none, how far it is to the trigger."""
    word = action_word(judged, look)
    if word:
        role = _ACTION_ROLES.get(judged.action, Role.PLAIN)
        if role is Role.ACT and urgency(judged) < 3:
            role = Role.WATCH
        return (Span(word, role, Figure("layer", "action", layer)),)
    ahead = None if judged.state is None else judged.state.next_trigger
    return () if ahead is None else ahead_spans(layer, ahead, shown)


def ahead_spans(layer: Layer, ahead: NextTrigger, shown: Shown, of: str = "") -> tuple[Span, ...]:
    """3.6 to 30; that it is reached, where another rule is waited for."""
    level = cell(f"{of}{ahead.vix:g}", Figure("layer", "next_trigger", layer), shown, Role.PLAIN)
    if ahead.distance <= 0.0:
        return (level, Span(" reached", Role.LABEL))
    distance = cell(number(ahead.distance, 1), Figure("layer", "next_distance", layer), shown)
    return (distance, Span(" to ", Role.LABEL), level)


def has_gauges(judged: LayerJudgement) -> bool:
    """A layer that is neither held nor wanted has nothing to measure."""
    return bool(judged.sizing.held) or judged.action is not Action.NOTHING


def _gauges(layer: Layer, judged: LayerJudgement, shown: Shown, look: Look, calm: int) -> Iterator[Block]:
    """The binding one first of all; those that read nothing for a layer without a hedge are left out."""
    assessment = shown.assessment
    if assessment is None or not has_gauges(judged):
        return
    brought = reach(judged, wanted(judged), assessment)
    for yardstick in judged.sizing.yardsticks:
        binding = yardstick.id == judged.sizing.binding
        if yardstick.id not in _OWN and not binding:
            continue
        row = yardstick_row(judged, yardstick, shown, look, brought=brought, opens=Opens("layer", layer))
        main = binding or (brought is not None and brought.yardstick == yardstick.id)
        yield Block((_BINDING if main else _GAUGE) + calm, (row,))


def next_spans(layer: Layer, judged: LayerJudgement, shown: Shown) -> Iterator[Span]:
    """How far to the trigger ahead, and what a release waits for."""
    state = judged.state
    if state is None or (state.trigger is TriggerState.IDLE and not judged.sizing.held):
        return
    ahead, release = state.next_trigger, _release(state)
    if ahead is not None:
        yield Span("next: ", Role.LABEL)
        yield from ahead_spans(layer, ahead, shown, "VIX ")
    if release is not None and state.trigger is TriggerState.TRIGGERED and state.lingering is None:
        yield Span(f"{' · ' if ahead is not None else ''}release: ", Role.LABEL)
        yield Span(release.note, Role.LABEL)


def _release(state: LayerState) -> Reading | None:
    return next((rule for rule in state.rules if rule.id.endswith(".release")), None)


def why_spans(layer: Layer, state: LayerState, assessment: Assessment) -> tuple[Span, ...]:
    """The rules that are met, with their readings; what the zone's own rule still lacks."""
    today = assessment.at.astimezone(NEW_YORK).date()
    met = [r for r in state.rules if r.verdict is Verdict.YES and not r.id.endswith(".release")]
    if state.trigger is TriggerState.IDLE or not met:
        return ()
    spans = [Span("by ", Role.LABEL)]
    for place, rule in enumerate(met):
        spans.append(Span(f"{', ' if place else ''}{rule.id}", Role.LABEL))
        if rule.reading is not None:
            spans.append(Span(" "))
            spans.append(Span(number(rule.reading, 2), Role.PLAIN, Figure("rule", rule.id, layer)))
            held_against = against(rule.id, rule.threshold) if place == 0 else ""
            spans.append(Span(f" ({held_against})" if held_against else "", Role.LABEL))
    read_on = {rule.on for rule in met if rule.on is not None}
    if len(read_on) == 1 and (on := read_on.pop()) != today:
        spans.append(Span(f", on {on:%b} {on.day}", Role.LABEL))
    if state.trigger is TriggerState.WATCH:
        spans += [
            Span(f"; {rule.id}: {rule.note}", Role.LABEL)
            for rule in state.rules
            if rule.id.endswith(".zone") and rule.note
        ]
    return tuple(spans)


def waiting_spans(layer: Layer, state: LayerState) -> tuple[Span, ...]:
    """Rules that are unknown, with what they wait for."""
    spans: list[Span] = []
    for rule in state.rules:
        if rule.verdict is Verdict.UNKNOWN and not rule.id.endswith(".release"):
            figure = Figure("rule", rule.id, layer, "verdict")
            spans += [Span("; " if spans else "? ", Role.DOUBT), Span(rule.id, Role.DOUBT, figure)]
            spans.append(Span(f" {rule.note}" if rule.note else " is unknown", Role.DOUBT))
    return tuple(spans)


def shock_spans(layer: Layer, judged: LayerJudgement, shown: Shown) -> Iterator[Span]:
    """Coverage where VIX jumps."""
    yield Span("covers at VIX ", Role.LABEL)
    for place, shock in enumerate(judged.sizing.shocks):
        figure = Figure("layer", "shock_coverage", layer, f"+{shock.vix_points:g}")
        yield Span(f"{', ' if place else ''}+{shock.vix_points:g}: ", Role.LABEL)
        yield cell(percent(shock.coverage), figure, shown)
