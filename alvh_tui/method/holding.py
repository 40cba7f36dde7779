"""What is held of each layer against its target, and the one action that follows from trigger and holding."""

from enum import StrEnum

from alvh_tui.method.layers import TriggerState
from alvh_tui.method.sizing import LayerSizing


class HoldingState(StrEnum):
    NONE = "none"
    PARTIAL = "partial"
    COVERED = "covered"
    OVER = "over"


class Action(StrEnum):
    NOTHING = "none"
    PREPARE = "prepare"
    ADD = "add"
    HOLD = "hold"
    TRIM = "trim"
    ROLL = "roll"
    UNWIND = "unwind"


_ACTIONS = {
    TriggerState.IDLE: (Action.NOTHING, Action.HOLD, Action.HOLD, Action.TRIM),
    TriggerState.WATCH: (Action.PREPARE, Action.PREPARE, Action.HOLD, Action.TRIM),
    TriggerState.TRIGGERED: (Action.ADD, Action.ADD, Action.HOLD, Action.TRIM),
    TriggerState.RELEASE: (Action.NOTHING, Action.UNWIND, Action.UNWIND, Action.UNWIND),
}
"""By holding state: none, partial, covered, over."""


def holding_state(sizing: LayerSizing) -> HoldingState | None:
    """None where the method has a size for the layer, but today what would be enough is unknown."""
    held = sizing.held
    if not held:
        return HoldingState.NONE
    if sizing.cap is not None and held > sizing.cap:
        return HoldingState.OVER
    if sizing.target is None:
        return None if sizing.has_size else HoldingState.COVERED
    least, most = sizing.target
    if held < least:
        return HoldingState.PARTIAL
    if sizing.unmeasured:
        return None
    return HoldingState.OVER if held > most else HoldingState.COVERED


def action_for(
    trigger: TriggerState,
    holding: HoldingState | None,
    *,
    expiring: bool = False,
    needed: bool = True,
    full: bool = False,
) -> Action:
    """What follows from the pair.

    A hedge that is wanted and about to expire is rolled before anything else is done with it; one of unknown
    sufficiency is neither added to nor trimmed; with no condor to protect nothing is added or prepared. Where
    the layer is `full`, a cap forbids adding.
    """
    if holding is HoldingState.NONE and not needed:
        return Action.NOTHING
    if holding is None:
        holding = HoldingState.COVERED
    wanted = trigger in (TriggerState.WATCH, TriggerState.TRIGGERED)
    if expiring and wanted and needed and holding is not HoldingState.NONE:
        return Action.ROLL
    action = _ACTIONS[trigger][tuple(HoldingState).index(holding)]
    if action is Action.ADD and full:
        return Action.PREPARE if holding is HoldingState.NONE else Action.HOLD
    return action
