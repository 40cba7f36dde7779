"""A journal told entry by entry, for what is read out of one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from alvh_tui.memory.chain import Entry
from alvh_tui.memory.report.build import ALWAYS, Records, Span, stewards_report
from alvh_tui.memory.report.model import StewardsReport
from tests.memory.worlds import later


class Story:
    """A journal told entry by entry."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.layers: dict[str, dict[str, str]] = {}

    def _add(self, moment: datetime, kind: str, about: str, facts: Mapping[str, Any], text: str = "") -> int:
        seq = len(self.entries) + 1
        self.entries.append(Entry(seq, moment, kind, about, text, facts, "", ""))
        return seq

    def layer(
        self,
        moment: datetime,
        state: str,
        *,
        action: str = "add",
        since: date | None = None,
    ) -> "Story":
        was = self.layers.get("L1", {}).get("trigger")
        self.layers["L1"] = {"trigger": state}
        facts = {
            "change": {"trigger": [was, state]},
            "state": {"trigger": state, "action": action},
            "since": (since or moment.date()).isoformat(),
            "sizing": {"held": 4, "target": [8, 12]},
            "readings": [
                {"id": "L1.zone", "verdict": "yes"},
                {"id": "vix.rsi", "verdict": "no"},
            ],
        }
        self._add(moment, "layer", "L1", facts)
        return self

    def trade(
        self,
        moment: datetime,
        contracts: int | None,
        *,
        on: date | None = None,
        event: str = "adjusted",
        layer: str | None = "L1",
    ) -> "Story":
        facts = {
            "change": {"event": event},
            "layer": layer,
            "contracts": contracts,
            "on": None if on is None else on.isoformat(),
            "layers": dict(self.layers),
        }
        self._add(moment, "position", f"{layer}-hedge", facts)
        return self

    def records(self, **more: Any) -> Records:
        days = {entry.at.date(): True for entry in self.entries}
        return replace(Records(tuple(self.entries), days, {}, None, None), **more)

    def report(self, span: Span = ALWAYS, **more: Any) -> StewardsReport:
        return stewards_report("book.toml", self.records(**more), None, later(9), span)
