"""The state of the alerts as the memory of a book keeps it, so that all who share it tell a thing once."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.state import AlertState, Blind, Crossing, Snooze, Standing
from alvh_tui.memory import kept
from alvh_tui.method.attention import Severity

WHAT = "alerts"
Json = dict[str, Any]
Found = TypeVar("Found")


def read_state(connection: sqlite3.Connection) -> tuple[AlertState, datetime | None]:
    """And when it was written; nothing is known where it never was."""
    body = kept.read(connection, WHAT)
    return (AlertState(), None) if body is None else (state_from(body), datetime.fromisoformat(body["at"]))


def write_state(connection: sqlite3.Connection, state: AlertState, at: datetime) -> None:
    kept.write(connection, WHAT, {"at": at.isoformat(), **json_of(state)})


def json_of(state: AlertState) -> Json:
    return {
        "standings": [_standing_json(standing) for standing in state.standings.values()],
        "last_told": {about: [at.isoformat(), level.name] for about, (at, level) in state.last_told.items()},
        "mutes": list(state.mutes),
        "blind": None if state.blind is None else _blind_json(state.blind),
        "held": state.held,
    }


def state_from(body: Json) -> AlertState:
    standings = [_standing_from(one) for one in body["standings"]]
    return AlertState(
        {standing.alert.key: standing for standing in standings},
        {about: (_moment(at), Severity[level]) for about, (at, level) in body["last_told"].items()},
        tuple(body["mutes"]),
        _maybe(_blind_from, body["blind"]),
        body["held"],
    )


def alert_json(alert: Alert) -> Json:
    """Also what a command and a webhook are handed."""
    return {
        "time": alert.at.isoformat(),
        "severity": alert.severity.name.lower(),
        "title": alert.title,
        "body": alert.body,
        "rule": alert.rule,
        "about": alert.about,
        "key": alert.key,
        "book": alert.book,
    }


def _alert_from(body: Json) -> Alert:
    return Alert(
        Severity[body["severity"].upper()],
        body["title"],
        body["body"],
        body["rule"],
        body["about"],
        _moment(body["time"]),
        body["key"],
        body["book"],
    )


def _standing_json(standing: Standing) -> Json:
    snooze = standing.snooze
    return {
        "alert": alert_json(standing.alert),
        "crossings": {
            level.name: [crossing.since.isoformat(), _text(crossing.away), crossing.told]
            for level, crossing in standing.crossings.items()
        },
        "seen": standing.seen,
        "snooze": None if snooze is None else [snooze.until.isoformat(), snooze.upto.name],
    }


def _standing_from(body: Json) -> Standing:
    crossings = {
        Severity[level]: Crossing(_moment(since), _maybe(_moment, away), told)
        for level, (since, away, told) in body["crossings"].items()
    }
    return Standing(_alert_from(body["alert"]), crossings, body["seen"], _maybe(_snooze_from, body["snooze"]))


def _snooze_from(body: list[str]) -> Snooze:
    return Snooze(_moment(body[0]), Severity[body[1]])


def _blind_json(blind: Blind) -> Json:
    return {
        "since": blind.since.isoformat(),
        "told": None if blind.told is None else alert_json(blind.told),
        "seen": blind.seen,
        "sound": _text(blind.sound),
    }


def _blind_from(body: Json) -> Blind:
    told, sound = _maybe(_alert_from, body["told"]), _maybe(_moment, body["sound"])
    return Blind(_moment(body["since"]), told, body["seen"], sound)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _maybe(read: Callable[[Any], Found], body: Any) -> Found | None:
    return None if body is None else read(body)
