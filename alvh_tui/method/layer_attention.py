"""What each layer asks for, in the trader's words, and the caps that are exceeded."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from alvh_tui.book.model import Layer
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.method.holding import Action, HoldingState
from alvh_tui.method.reasons import LayerState
from alvh_tui.method.rules import Rules
from alvh_tui.method.sizing import LayerSizing


@dataclass(frozen=True, slots=True)
class LayerJudgement:
    state: LayerState | None
    """None where there is no history at all."""
    sizing: LayerSizing
    holding: HoldingState | None
    """None where what would be enough is unknown."""
    action: Action
    days_left: int | None
    """Of the held hedge that expires first."""
    unwind_value: float | None
    """What closing what is held would bring, in dollars, where it is to be unwound."""


def attention_to_layers(layers: Mapping[Layer, LayerJudgement]) -> list[Attention]:
    found = []
    for layer, judged in layers.items():
        state = judged.state
        if state is None or judged.action in (Action.NOTHING, Action.HOLD):
            continue
        severity = Severity.ACT if judged.action is Action.ADD else Severity.SOON
        if judged.action is Action.PREPARE:
            severity = Severity.KNOW
        rule = state.rules[0].id if state.rules else f"{layer}.zone"
        found.append(Attention(severity, layer, _layer_sentence(judged), rule))
    return found


def _layer_sentence(judged: LayerJudgement) -> str:
    """In the trader's words: what is met, what is held, what closes the difference."""
    state, sizing = judged.state, judged.sizing
    trigger = "" if state is None else f"{state.trigger} since {state.since:%b %d}".replace(" 0", " ")
    if judged.action is Action.ADD:
        return f"{trigger}: {_to_add(sizing)}"
    if judged.action is Action.PREPARE:
        return f"{trigger}, {f'{sizing.held} held' if sizing.held else 'nothing held'}"
    if judged.action is Action.ROLL:
        return f"{trigger}: what is held expires in {judged.days_left} days; roll it"
    if judged.action is Action.UNWIND:
        brings = "" if judged.unwind_value is None else f"; closing brings {judged.unwind_value:,.0f} $"
        return f"{trigger}: unwind the {sizing.held} held{brings}"
    most = sizing.target[1] if sizing.target else 0
    return f"{sizing.held} held, {sizing.held - most} more than {sizing.binding} allows"


def _to_add(sizing: LayerSizing) -> str:
    held = f"{sizing.held} held" if sizing.held else "nothing held"
    if sizing.target is None or sizing.instrument is None:
        return f"{held}; {sizing.note}"
    least = sizing.target[0] - sizing.held
    if least <= 0:
        return f"{held}; {sizing.binding} allows no more"
    return f"{held}; {least} × {sizing.instrument.name} meet {sizing.binding}"


def attention_to_caps(layers: Mapping[Layer, LayerJudgement], rules: Rules) -> list[Attention]:
    found = []
    for layer, judged in layers.items():
        for yardstick in judged.sizing.yardsticks:
            if yardstick.reading is None or not isfinite(yardstick.reading):
                continue
            if yardstick.id == "risk cap":
                found += _over_cap(layer, "risk-cap", "premium at risk", yardstick.reading, rules)
            elif yardstick.id == "hedge cost" and layer == "L1":
                found += _over_cap(None, "hedge-cost", "the hedges cost", yardstick.reading, rules)
    return found


def _over_cap(layer: Layer | None, cap: str, what: str, reading: float, rules: Rules) -> list[Attention]:
    warn, limit = rules.number(f"sizing.{cap}.warn"), rules.number(f"sizing.{cap}.limit")
    if reading <= warn:
        return []
    of = "of net liquidation value" if cap == "risk-cap" else "of the condors' credit"
    bound, severity = (limit, Severity.SOON) if reading > limit else (warn, Severity.KNOW)
    text = f"{what} {100 * reading:.1f} % {of}, over {100 * bound:g} %"
    return [Attention(severity, layer, text, f"sizing.{cap}")]
