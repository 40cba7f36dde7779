"""What each layer asks for, in the trader's words, and the caps that are exceeded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alvh_tui.book.model import Layer
from alvh_tui.figures import number, percent
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.method.flattening import ENTRY as FLATTENING
from alvh_tui.method.flattening import Flattening
from alvh_tui.method.holding import Action, HoldingState
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.reasons import LayerState
from alvh_tui.method.rules import Rules
from alvh_tui.method.sizing import LayerSizing
from alvh_tui.method.yardsticks import Yardstick


@dataclass(frozen=True, slots=True)
class LayerJudgement:
    state: LayerState | None
    """None where there is no history at all."""
    sizing: LayerSizing
    holding: HoldingState | None
    """None where what would be enough is unknown."""
    action: Action
    days_left: int | None
    """Until the first of the hedges held no longer protects."""
    ending: int
    """Contracts held that no longer protect then."""
    instrument_ends: bool
    """Whether what the layer is counted in is about to end, so that no more of it is to be bought."""
    flattening: Flattening | None
    """Of the layer that is there to flatten delta, where some of it is held and the deltas are known."""
    unwind_value: float | None
    """What closing what is held would bring at its marks, in dollars, where it is to be unwound."""
    unwind_pnl: float | None
    """The profit or loss that would be realised with it."""


STATES = {
    TriggerState.IDLE: "idle",
    TriggerState.WATCH: "on watch",
    TriggerState.TRIGGERED: "triggered",
    TriggerState.RELEASE: "released",
}
ADD_THERE = ", and add there"
SEVERITIES = {
    Action.PREPARE: Severity.KNOW,
    Action.ADD: Severity.ACT,
    Action.TRIM: Severity.SOON,
    Action.ROLL: Severity.SOON,
    Action.UNWIND: Severity.SOON,
}


def attention_to_layers(layers: Mapping[Layer, LayerJudgement]) -> list[Attention]:
    found: list[Attention] = []
    for layer, judged in layers.items():
        if judged.state is not None:
            found += _attention_to_layer(layer, judged, judged.state)
        if judged.flattening is not None and judged.flattening.fails:
            found.append(Attention(Severity.SOON, layer, judged.flattening.in_words(), FLATTENING.id))
    return found


def _attention_to_layer(layer: Layer, judged: LayerJudgement, state: LayerState) -> Iterator[Attention]:
    sizing, action = judged.sizing, judged.action
    still = "" if state.lingering is None else "still "
    since = f"{still}{STATES[state.trigger]} since {state.since:%b} {state.since.day}"
    severity, text, rule = SEVERITIES.get(action, Severity.KNOW), "", state.rules[0].id
    if action is Action.ADD or (action is Action.PREPARE and state.trigger is TriggerState.TRIGGERED):
        severity = Severity.SOON if state.is_far else Severity.ACT
        text = f"{since}: {_held(sizing)}{_to_add(sizing)}"
    elif action is Action.PREPARE:
        text = f"{since}, {_held(sizing)}"
    elif action is Action.ROLL:
        then = _with_the_roll(judged) if state.trigger is TriggerState.TRIGGERED else ""
        text = f"{since}: {_ending(judged)} {ends(judged)}, {roll_it(judged)}{then}"
        rule = "hedge.expiry"
    elif action is Action.UNWIND:
        text = f"{since}: unwind the {sizing.held} held, {_realised(judged)}"
    elif action is Action.TRIM:
        text, rule = _too_many(sizing, rule)
    elif state.trigger is TriggerState.TRIGGERED and judged.holding is None:
        severity = Severity.SOON
        text = f"{since}: {_held(sizing)}, whether that is enough is unknown: {sizing.note}"
    elif state.trigger is TriggerState.TRIGGERED and sizing.binding and sizing.binding == sizing.cap_by:
        text, rule = f"{since}: {_held(sizing)}, and {sizing.cap_by} allows no more", sizing.cap_by
    if text:
        yield Attention(severity, layer, text, rule)


def _held(sizing: LayerSizing) -> str:
    return f"{sizing.held} held" if sizing.held else "nothing held"


def _to_add(sizing: LayerSizing) -> str:
    """How many contracts close the difference, and by which yardstick."""
    if sizing.full:
        return f"; {sizing.cap_by} allows no more"
    if sizing.target is None or sizing.instrument is None:
        return f"; {sizing.note}"
    more = sizing.target[0] - sizing.held
    capped = sizing.binding == sizing.cap_by
    if more > 0:
        reach = f"are all that {sizing.binding} allows" if capped else f"meet {sizing.binding}"
        return f"; {more} × {sizing.instrument.name} {reach}"
    return ""


def _ending(judged: LayerJudgement) -> str:
    """6 of 9 held, or 9 held where all of them end."""
    held = judged.sizing.held
    return f"{held} held" if judged.ending == held else f"{judged.ending} of {held} held"


def ends(judged: LayerJudgement) -> str:
    """Ends in 1 day, end today."""
    days, end = judged.days_left or 0, "ends" if judged.ending == 1 else "end"
    return f"{end} today" if days <= 0 else f"{end} in {days} day{'' if days == 1 else 's'}"


def roll_it(judged: LayerJudgement) -> str:
    return f"roll {'it' if judged.ending == 1 else 'them'} to a later settlement"


def adds_with_the_roll(judged: LayerJudgement) -> bool:
    """Whether more is called for, but not of what is about to end."""
    sizing = judged.sizing
    short = sizing.target is not None and sizing.target[0] > sizing.held
    return judged.action is Action.ROLL and judged.instrument_ends and short and not sizing.full


def _with_the_roll(judged: LayerJudgement) -> str:
    return ADD_THERE if adds_with_the_roll(judged) else _to_add(judged.sizing)


def _too_many(sizing: LayerSizing, otherwise: str) -> tuple[str, str]:
    """By how many, against which yardstick, and its name as the rule."""
    if sizing.cap is not None and sizing.held > sizing.cap:
        over = sizing.held - sizing.cap
        return f"{sizing.held} held, {over} more than {sizing.cap_by} allows", sizing.cap_by
    if sizing.target is None or not sizing.binding:
        return f"{sizing.held} held; {sizing.note}", otherwise
    over = sizing.held - sizing.target[1]
    return f"{sizing.held} held, {over} more than {sizing.binding} asks for", sizing.binding


def _realised(judged: LayerJudgement) -> str:
    if judged.unwind_value is None or judged.unwind_pnl is None:
        return "what that realises is unknown"
    pnl = number(judged.unwind_pnl, signed=True)
    return f"worth {number(judged.unwind_value)} $ at its marks, {pnl} $ realised"


def attention_to_caps(layers: Mapping[Layer, LayerJudgement], rules: Rules) -> list[Attention]:
    """Limits that are exceeded; what is measured for the whole book is said once."""
    found: list[Attention] = []
    for place, (layer, judged) in enumerate(layers.items()):
        for yardstick in judged.sizing.yardsticks:
            about = layer if yardstick.id == "risk cap" else None
            if place == 0 or about is not None:
                found += _exceeded(about, yardstick, rules)
    return found


def _exceeded(layer: Layer | None, yardstick: Yardstick, rules: Rules) -> list[Attention]:
    reading, severity, text = yardstick.reading, Severity.SOON, ""
    if reading is None:
        return []
    if yardstick.id == "risk cap":
        severity, bound = _over_premium(reading, "risk-cap", rules)
        text = bound and f"premium at risk {percent(reading, 1)} of net liquidation value, over {bound}"
    elif yardstick.id == "hedge cost":
        severity, bound = _over_premium(reading, "hedge-cost", rules)
        text = bound and f"the hedges cost {percent(reading, 1)} of the condors' credit, over {bound}"
    elif yardstick.id == "carry" and yardstick.high is not None and reading > yardstick.high:
        text = yardstick.note
    elif yardstick.id == "quick ratio" and yardstick.low is not None and reading < yardstick.low:
        text = f"cash and hedges are {number(reading, 2)} of the margin required, less than {yardstick.low:g}"
    return [Attention(severity, layer, text, yardstick.id)] if text else []


def _over_premium(reading: float, cap: str, rules: Rules) -> tuple[Severity, str]:
    """How urgent, and the limit or warning that is exceeded; empty where neither is."""
    warn, limit = rules.number(f"sizing.{cap}.warn"), rules.number(f"sizing.{cap}.limit")
    if reading > limit:
        return Severity.SOON, f"{100 * limit:g} %"
    return Severity.KNOW, f"{100 * warn:g} %" if reading > warn else ""
