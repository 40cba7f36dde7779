"""The steward's report as JSON: numbers are numbers, unknown is null."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from alvh_tui.memory.report.model import StewardsReport

SCHEMA = 1


def report_json(report: StewardsReport) -> dict[str, Any]:
    told: dict[str, Any] = _plain(report)
    told["time"] = told.pop("at")
    if told["cost"] is not None and report.cost is not None:
        told["cost"]["share"] = report.cost.share
    counts = {
        "triggers_due": len(report.due),
        "answered_in_time": len(report.answered),
        "added_by_rule": len(report.additions),
        "added_without_a_trigger": len(report.chased),
        "caps_exceeded": len(report.caps),
        "rules_changed": len(report.rule_changes),
        "rules_changed_under_fire": len(report.under_fire),
    }
    return {"schema": SCHEMA, "counts": counts, **told}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
