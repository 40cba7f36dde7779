"""What is held against what is called for, and the one action that follows."""

import pytest

from alvh_tui.method.holding import Action, HoldingState, action_for, holding_state
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.sizing import LayerSizing

EVERY_PAIR = {
    ("idle", "none"): "none",
    ("idle", "partial"): "hold",
    ("idle", "covered"): "hold",
    ("idle", "over"): "trim",
    ("idle", None): "hold",
    ("watch", "none"): "prepare",
    ("watch", "partial"): "prepare",
    ("watch", "covered"): "hold",
    ("watch", "over"): "trim",
    ("watch", None): "hold",
    ("triggered", "none"): "add",
    ("triggered", "partial"): "add",
    ("triggered", "covered"): "hold",
    ("triggered", "over"): "trim",
    ("triggered", None): "hold",
    ("release", "none"): "none",
    ("release", "partial"): "unwind",
    ("release", "covered"): "unwind",
    ("release", "over"): "unwind",
    ("release", None): "unwind",
}
ABOUT_TO_EXPIRE = {
    pair: "roll" for pair in EVERY_PAIR if pair[0] in ("watch", "triggered") and pair[1] != "none"
}
FULL: dict[tuple[str, str | None], str] = {("triggered", "none"): "prepare", ("triggered", "partial"): "hold"}
NOTHING_TO_PROTECT = {pair: "none" for pair in EVERY_PAIR if pair[1] == "none"}


def test_the_tables_are_complete() -> None:
    states: list[str | None] = [None, *HoldingState]
    assert set(EVERY_PAIR) == {(str(trigger), state) for trigger in TriggerState for state in states}
    assert set(EVERY_PAIR.values()) | {"roll"} == {str(action) for action in Action}


@pytest.mark.parametrize("pair", EVERY_PAIR)
def test_one_action_follows_from_trigger_and_holding(pair: tuple[str, str | None]) -> None:
    trigger = TriggerState(pair[0])
    holding = None if pair[1] is None else HoldingState(pair[1])
    assert action_for(trigger, holding) == EVERY_PAIR[pair]
    expiring = ABOUT_TO_EXPIRE.get(pair, EVERY_PAIR[pair])
    assert action_for(trigger, holding, expiring=True) == expiring
    idle = NOTHING_TO_PROTECT.get(pair, EVERY_PAIR[pair])
    assert action_for(trigger, holding, needed=False) == idle
    assert action_for(trigger, holding, expiring=True, needed=False) == idle
    assert action_for(trigger, holding, full=True) == FULL.get(pair, EVERY_PAIR[pair])


def sized(
    held: int,
    target: tuple[int, int] | None,
    *,
    has_size: bool = True,
    cap: int | None = None,
    unmeasured: tuple[str, ...] = (),
) -> LayerSizing:
    return LayerSizing(
        layer="L1",
        instrument=None,
        held=held,
        target=target,
        has_size=has_size,
        binding="vega coverage",
        cap=cap,
        cap_by="" if cap is None else "carry",
        yardsticks=(),
        unmeasured=unmeasured,
        shocks=(),
        note="",
    )


@pytest.mark.parametrize(
    ("sizing", "state"),
    [
        (sized(0, (8, 12)), "none"),
        (sized(1, (8, 12)), "partial"),
        (sized(7, (8, 12)), "partial"),
        (sized(8, (8, 12)), "covered"),
        (sized(12, (8, 12)), "covered"),
        (sized(13, (8, 12)), "over"),
        (sized(9, (8, 12), cap=8), "over"),
        (sized(8, (8, 8), cap=8), "covered"),
        (sized(0, (0, 0)), "none"),
        (sized(1, (0, 0)), "over"),
        # What would be enough is unknown, whole or in part.
        (sized(0, None), "none"),
        (sized(6, None), None),
        (sized(6, None, cap=5), "over"),
        (sized(7, (8, 12), unmeasured=("vega coverage",)), "partial"),
        (sized(8, (8, 12), unmeasured=("vega coverage",)), None),
        (sized(13, (8, 12), unmeasured=("vega coverage",)), None),
        # Layers the sources give no size for.
        (sized(0, None, has_size=False), "none"),
        (sized(6, None, has_size=False), "covered"),
        (sized(6, None, has_size=False, cap=6), "covered"),
        (sized(6, None, has_size=False, cap=5), "over"),
    ],
)
def test_what_is_held_against_what_is_called_for(sizing: LayerSizing, state: str | None) -> None:
    assert holding_state(sizing) == state
