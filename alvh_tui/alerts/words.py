"""What an alert says: rule, position and levels.

Dollars, contract counts and profit are left out unless asked for: alerts lie on locked screens and pass
through other people's servers.
"""

from collections.abc import Sequence
from dataclasses import replace

from alvh_tui.alerts.alert import Alert
from alvh_tui.memory.observe import reading_in_words
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.method.catalog import catalog
from alvh_tui.method.flattening import ENTRY as FLATTENING
from alvh_tui.method.holding import Action
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.reasons import LayerState
from alvh_tui.method.verdict import Verdict

TRIGGERED = "layer.triggered"
LAYER_RULES = {
    TriggerState.WATCH: ("layer.watch", Severity.KNOW, "on watch"),
    TriggerState.TRIGGERED: (TRIGGERED, Severity.ACT, "triggered"),
    TriggerState.RELEASE: ("layer.release", Severity.SOON, "released"),
}
"""Rule, severity and words of a layer's state; idle is none worth a word."""

_WITHOUT_AMOUNTS = {
    "condor.proximity",
    "condor.cushion",
    "condor.days-left",
    "hedge.expiry",
    "settlement.tomorrow",
    "vix.disconnect",
}
"""Rules whose sentences speak of points, moves and days alone."""
_LIMITS = {
    "risk cap": "the premium at risk has reached its limit",
    "hedge cost": "the cost of the hedges has reached its limit",
    "carry": "the hedges eat too much of the condors' theta",
    "quick ratio": "cash and hedges are too little for the margin",
}
_LAYER_WANTS = {
    Action.ADD: "called for, and too little of it is held",
    Action.PREPARE: "near: prepare",
    Action.HOLD: "called for; whether enough is held is unknown, or a limit allows no more",
    Action.TRIM: "more of it is held than is called for: trim",
    Action.ROLL: "what is held expires soon: roll it",
    Action.UNWIND: "no longer called for: unwind what is held",
    Action.NOTHING: "",
}


def attention_body(item: Attention, layer: LayerJudgement | None, *, amounts: bool) -> str:
    """The sentence of an item, or one in its place that says no amount."""
    if amounts:
        return item.text
    if item.rule in _LIMITS:
        return _LIMITS[item.rule]
    if layer is not None and item.rule != FLATTENING.id:
        return _LAYER_WANTS[layer.action]
    if item.rule in _WITHOUT_AMOUNTS:
        return item.text
    entry = catalog().get(item.rule)
    return "" if entry is None else sentence(entry.sentence)


def sentence(text: str) -> str:
    """As part of another one."""
    return (text[:1].lower() + text[1:]).removesuffix(".")


def layer_body(state: LayerState) -> str:
    """The rules behind it, with their levels."""
    because = [reading_in_words(reading) for reading in state.rules if reading.verdict is Verdict.YES]
    live = "on a live value, not yet a close" if state.provisional else ""
    return "; ".join(part for part in (", ".join(because), live) if part)


def joined(alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """What a layer asks for in the moment it triggers is said with that, and not a second time."""
    asks = {
        alert.about: alert.body.removesuffix(f" ({alert.rule})")
        for alert in alerts
        if alert.rule != TRIGGERED and alert.rule.startswith(f"{alert.about}.")
    }
    triggering = {alert.about for alert in alerts if alert.rule == TRIGGERED}
    return tuple(
        replace(alert, body="; ".join(part for part in (alert.body, asks.get(alert.about)) if part))
        if alert.rule == TRIGGERED
        else alert
        for alert in alerts
        if not (alert.about in triggering and alert.rule.startswith(f"{alert.about}."))
    )
