"""Asks any figure of an assessment why it is what it is."""

from collections.abc import Callable, Mapping

from alvh_tui.assess import Assessment
from alvh_tui.why.breakeven import breakeven_value, derive_breakeven
from alvh_tui.why.derivation import Derivation
from alvh_tui.why.explained import derive_explained, explained_value
from alvh_tui.why.figure import Figure, FigureKind
from alvh_tui.why.known import Known, known
from alvh_tui.why.layer import derive_layer, layer_value
from alvh_tui.why.leg import derive_leg, leg_value
from alvh_tui.why.market import derive_market, market_value
from alvh_tui.why.moved import (
    cushion_value,
    derive_contact,
    derive_cushion,
    derive_moved,
    derive_pace,
    moved_value,
    speed_value,
)
from alvh_tui.why.names import is_named
from alvh_tui.why.origin import derive_link, derive_source, link_value, source_value
from alvh_tui.why.position import derive_position, position_value
from alvh_tui.why.rule import derive_rule, derive_signal, rule_value, signal_value
from alvh_tui.why.scenario import derive_scenario, scenario_value
from alvh_tui.why.short import derive_short, short_value
from alvh_tui.why.total import derive_total, total_value
from alvh_tui.why.yardstick import derive_yardstick, yardstick_value

_Value = Callable[[Figure, Known], float | None]
_Derive = Callable[[Figure, Known], Derivation | None]


def derive(figure: Figure, assessment: Assessment) -> Derivation | None:
    """None where the assessment has nothing of that name: a position that is gone, a strike not held."""
    return _KINDS[figure.kind][1](figure, known(assessment)) if is_named(figure) else None


def value_of(figure: Figure, assessment: Assessment) -> float | None:
    """The figure itself, as the assessment has it; None where it is unknown or said in words."""
    return _KINDS[figure.kind][0](figure, known(assessment)) if is_named(figure) else None


_KINDS: Mapping[FigureKind, tuple[_Value, _Derive]] = {
    "market": (market_value, derive_market),
    "position": (position_value, derive_position),
    "short": (short_value, derive_short),
    "leg": (leg_value, derive_leg),
    "breakeven": (breakeven_value, derive_breakeven),
    "moved": (moved_value, derive_moved),
    "cushion": (cushion_value, derive_cushion),
    "pace": (speed_value, derive_pace),
    "contact": (speed_value, derive_contact),
    "total": (total_value, derive_total),
    "explained": (explained_value, derive_explained),
    "layer": (layer_value, derive_layer),
    "yardstick": (yardstick_value, derive_yardstick),
    "signal": (signal_value, derive_signal),
    "rule": (rule_value, derive_rule),
    "payoff": (scenario_value, derive_scenario),
    "grid": (scenario_value, derive_scenario),
    "link": (link_value, derive_link),
    "source": (source_value, derive_source),
}
