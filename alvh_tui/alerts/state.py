"""What is known of alerts between two looks; the same for all programs that watch a book."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

from alvh_tui.alerts.alert import Alert
from alvh_tui.method.attention import Severity


@dataclass(frozen=True, slots=True)
class Crossing:
    """Something has reached a severity; shorter absences do not end it."""

    since: datetime
    away: datetime | None = None
    """Since when it has been below it again."""
    told: bool = False
    """Or acknowledged before it was told."""


@dataclass(frozen=True, slots=True)
class Snooze:
    until: datetime
    upto: Severity
    """What becomes worse than this is told all the same."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that could be told, from its beginning to its end."""

    alert: Alert
    """As it was told, or as it began."""
    crossings: Mapping[Severity, Crossing]
    seen: bool = False
    """Acknowledged; nothing more severe has been told since."""
    snooze: Snooze | None = None

    @property
    def was_told(self) -> bool:
        return any(crossing.told for crossing in self.crossings.values())


@dataclass(frozen=True, slots=True)
class Blind:
    """Sound data is missing."""

    since: datetime
    told: Alert | None = None
    seen: bool = False
    sound: datetime | None = None
    """Since when it has been back."""


@dataclass(frozen=True, slots=True)
class AlertState:
    standings: Mapping[str, Standing] = field(default_factory=dict)
    last_told: Mapping[str, tuple[datetime, Severity]] = field(default_factory=dict)
    """By rule and subject, for the cool-down."""
    mutes: tuple[str, ...] = ()
    """Rules or their patterns, positions or layers."""
    blind: Blind | None = None
    held: bool = True
    """Whether positions were open when that was last known."""

    def mutes_alert(self, alert: Alert) -> bool:
        return any(fnmatchcase(alert.rule, mute) or alert.about == mute for mute in self.mutes)


Silence = Literal["", "seen", "snoozed", "muted"]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that was told and whose cause has not ended."""

    alert: Alert
    silence: Silence
    """Empty: it still waits for somebody."""
    until: datetime | None = None
    """The end of a snooze."""


def still_standing(state: AlertState, at: datetime) -> tuple[Told, ...]:
    """The most severe first, then the latest."""
    found = [_told(state, standing, at) for standing in state.standings.values() if _shows(standing, at)]
    blind = state.blind
    if blind is not None and blind.told is not None:
        found.append(Told(blind.told, "seen" if blind.seen else _muted(state, blind.told)))
    return tuple(sorted(found, key=lambda one: (-one.alert.severity, -one.alert.at.timestamp())))


def _shows(standing: Standing, at: datetime) -> bool:
    return standing.was_told or is_snoozed(standing, at)


def is_snoozed(standing: Standing, at: datetime) -> bool:
    return standing.snooze is not None and at < standing.snooze.until


def _told(state: AlertState, standing: Standing, at: datetime) -> Told:
    if is_snoozed(standing, at) and standing.snooze is not None:
        return Told(standing.alert, "snoozed", standing.snooze.until)
    return Told(standing.alert, "seen" if standing.seen else _muted(state, standing.alert))


def _muted(state: AlertState, alert: Alert) -> Silence:
    return "muted" if state.mutes_alert(alert) else ""


def acknowledge(state: AlertState, key: str) -> AlertState:
    """It is not told again before it has ended and come back, or has become worse."""
    if state.blind is not None and state.blind.told is not None and state.blind.told.key == key:
        return replace(state, blind=replace(state.blind, seen=True))
    standing = state.standings.get(key)
    if standing is None:
        return state
    told = {level: replace(crossing, told=True) for level, crossing in standing.crossings.items()}
    return _with(state, key, replace(standing, crossings=told, seen=True, snooze=None))


def snooze(state: AlertState, key: str, until: datetime) -> AlertState:
    """It is not told before then, unless it becomes worse; what still stands then is told once more."""
    standing = state.standings.get(key)
    if standing is None:
        return state
    untold = {level: replace(crossing, told=False) for level, crossing in standing.crossings.items()}
    already = Severity.KNOW if standing.snooze is None else standing.snooze.upto
    upto = max(standing.crossings, default=already)
    return _with(state, key, replace(standing, crossings=untold, snooze=Snooze(until, upto), seen=False))


def mute(state: AlertState, what: str) -> AlertState:
    return state if what in state.mutes else replace(state, mutes=(*state.mutes, what))


def unmute(state: AlertState, what: str) -> AlertState:
    """What still stands and has not been told meanwhile will be."""
    return replace(state, mutes=tuple(mute for mute in state.mutes if mute != what))


def _with(state: AlertState, key: str, standing: Standing) -> AlertState:
    return replace(state, standings={**state.standings, key: standing})
