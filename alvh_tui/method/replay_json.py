"""A replay and its evidence as the JSON the contract promises."""

from collections.abc import Iterable
from typing import Any

from alvh_tui.method.evidence import EvidenceReport, Outlook
from alvh_tui.method.reading import Reading
from alvh_tui.method.replay import Replay, Session
from alvh_tui.method.rules import Rules

SCHEMA = 1


def replay_json(replay: Replay, sessions: Iterable[Session] | None = None) -> dict[str, Any]:
    """`sessions` are the replay's own, where someone wants to see them pass."""
    return {
        "schema": SCHEMA,
        "rules": _rules(replay.rules),
        "sessions": [
            {
                "date": session.on.isoformat(),
                "spx": session.spx,
                "vix": session.vix,
                "zone": session.zone,
                "signals": {
                    name: {"reading": reading, "verdict": verdict}
                    for name, (reading, verdict) in session.signals.items()
                },
                "layers": session.layers,
            }
            for session in sessions or replay.sessions()
        ],
        "transitions": [
            {
                "date": change.on.isoformat(),
                "layer": change.layer,
                "from": change.before,
                "to": change.after,
                "rules": [reading_json(reading) for reading in change.rules],
            }
            for change in replay.changes()
        ],
    }


def reading_json(reading: Reading) -> dict[str, Any]:
    return {
        "id": reading.id,
        "reading": reading.reading,
        "threshold": reading.threshold,
        "verdict": reading.verdict,
        "note": reading.note,
        "date": None if reading.on is None else reading.on.isoformat(),
    }


def evidence_json(report: EvidenceReport, rules: Rules) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "rules": _rules(rules),
        "sessions": report.sessions,
        "false_alarm": report.definition,
        "all_days": [_outlook(outlook) for outlook in report.all_days],
        "evidence": [
            {
                "id": found.rule,
                "fired": found.fired,
                "days": found.days,
                "known_days": found.known_days,
                "after": [_outlook(outlook) for outlook in found.outlooks],
                "judged": found.judged,
                "false_alarms": found.false_alarms,
            }
            for found in report.rules
        ],
    }


def _rules(rules: Rules) -> dict[str, str]:
    return {"name": rules.name, "fingerprint": rules.fingerprint}


def _outlook(outlook: Outlook) -> dict[str, Any]:
    return {
        "sessions": outlook.sessions,
        "count": outlook.count,
        "spx_return": outlook.spx,
        "vix_change": outlook.vix,
    }
