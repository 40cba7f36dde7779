"""Every rule of the method in one place: what it says, who says it, and which numbers it reads."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from alvh_tui.method.attention import attention_entries
from alvh_tui.method.condor_rules import condor_rules
from alvh_tui.method.entry import Entry
from alvh_tui.method.layer_rules import layer_entries
from alvh_tui.method.shrink import ENTRY as SHRINK
from alvh_tui.method.signals import units
from alvh_tui.method.yardsticks import yardsticks


@cache
def catalog() -> Mapping[str, Entry]:
    """By name: signals, condor rules, layers, whether to shrink, yardsticks, and what calls for attention."""
    entries = (
        *(unit.entry for unit in units().values()),
        *(rule.entry for rule in condor_rules().values()),
        *layer_entries(),
        SHRINK,
        *(rule.entry for rule in yardsticks().values()),
        *attention_entries(),
    )
    return MappingProxyType({entry.id: entry for entry in entries})
