"""When something is told: a pure step from what was known and what is seen to what is known and told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from alvh_tui.alerts.alert import Alert, key_of
from alvh_tui.alerts.state import AlertState, Blind, Crossing, Standing, is_snoozed
from alvh_tui.method.attention import DATA, Severity
from alvh_tui.settings.model import NEVER, AlertSettings

REMEMBERED_FOR = timedelta(days=1)
"""How long it is remembered when something was last told; no cool-down is longer."""
ABOUT_DATA = "data"


@dataclass(frozen=True, slots=True)
class Look:
    """One frame as the alerts see it."""

    at: datetime
    conditions: tuple[Alert, ...] = ()
    """Everything that stands and could be told."""
    unknown: frozenset[str] = frozenset()
    """Keys, and positions or layers, of which this frame says neither yes nor no."""
    fault: str = ""
    """Why the data is not sound, and nothing can be concluded from it."""
    counts_from: datetime | None = None
    """From when on missing data counts in this session; None outside trading hours."""
    held: bool | None = None
    """Whether positions are open; None where that cannot be seen."""
    book: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    state: AlertState
    told: tuple[Alert, ...] = ()


def told_from(settings: AlertSettings, rule: str) -> Severity | None:
    """The severity from which a rule is told; None: never."""
    found = settings.severity
    for pattern, severity in settings.rules.items():
        if fnmatchcase(rule, pattern):
            found = severity
    return None if found == NEVER else Severity[found.upper()]


def decide(state: AlertState, look: Look, settings: AlertSettings) -> Decided:
    if look.held is not None and look.held != state.held:
        state = replace(state, held=look.held)
    if look.fault:
        return _decide_blind(state, look, settings)
    stands = timedelta(seconds=settings.stands)
    state = replace(state, blind=_sees_again(state.blind, look.at, stands))
    standings = dict(_moved(state.standings, look, stands))
    cooling = timedelta(minutes=settings.cooldown)
    told: list[Alert] = []
    last_told = {about: last for about, last in state.last_told.items() if look.at - last[0] < REMEMBERED_FOR}
    present = {alert.key: alert for alert in look.conditions}
    for key, standing in standings.items():
        alert = present.get(key)
        if alert is None:
            continue
        level = _due(standing, look.at, stands, told_from(settings, alert.rule))
        if level is None or _is_silent(state, standing, level, look.at):
            continue
        about = f"{alert.rule}|{alert.about}"
        if _is_cooling(state.last_told.get(about), level, look.at, cooling):
            continue
        told.append(alert)
        last_told[about] = (look.at, alert.severity)
        standings[key] = _as_told(standing, alert)
    told.sort(key=lambda alert: -alert.severity)
    return Decided(replace(state, standings=standings, last_told=last_told), tuple(told))


def _moved(before: Mapping[str, Standing], look: Look, stands: timedelta) -> Iterator[tuple[str, Standing]]:
    """What stood, in its order, then what is new; what has ended is not among them."""
    present = {alert.key: alert for alert in look.conditions}
    for key in dict.fromkeys((*before, *present)):
        standing, alert = before.get(key), present.get(key)
        if standing is not None and (key in look.unknown or standing.alert.about in look.unknown):
            yield key, standing
            continue
        lasting = {} if standing is None else _lasting(standing, look.at, stands)
        crossings = _crossings(lasting, 0 if alert is None else alert.severity, look.at)
        if standing is not None and (lasting or is_snoozed(standing, look.at)):
            yield key, replace(standing, crossings=crossings)
        elif alert is not None:
            yield key, Standing(alert, crossings)


def _lasting(standing: Standing, at: datetime, stands: timedelta) -> dict[Severity, Crossing]:
    """What has not been away for long enough to be over."""
    return {
        level: crossing
        for level, crossing in standing.crossings.items()
        if crossing.away is None or at - crossing.away < stands
    }


def _crossings(lasting: Mapping[Severity, Crossing], severity: int, at: datetime) -> dict[Severity, Crossing]:
    found = {}
    for level in Severity:
        known = lasting.get(level)
        if severity >= level:
            found[level] = Crossing(at) if known is None else replace(known, away=None)
        elif known is not None:
            found[level] = replace(known, away=known.away or at)
    return found


def _due(standing: Standing, at: datetime, stands: timedelta, least: Severity | None) -> Severity | None:
    """The highest severity that is reached, has stood for its time and has not been told."""
    if least is None:
        return None
    due = [
        level
        for level, crossing in standing.crossings.items()
        if level >= least
        and not crossing.told
        and crossing.away is None
        and (level is Severity.ACT or at - crossing.since >= stands)
    ]
    return max(due, default=None)


def _is_silent(state: AlertState, standing: Standing, level: Severity, at: datetime) -> bool:
    if state.mutes_alert(standing.alert):
        return True
    snooze = standing.snooze
    return snooze is not None and is_snoozed(standing, at) and level <= snooze.upto


def _is_cooling(
    last: tuple[datetime, Severity] | None, level: Severity, at: datetime, cooling: timedelta
) -> bool:
    """What has become worse does not wait."""
    return last is not None and timedelta(0) <= at - last[0] < cooling and level <= last[1]


def _as_told(standing: Standing, alert: Alert) -> Standing:
    """All that it says is said, also what has not stood for long."""
    crossings = {
        below: replace(crossing, told=crossing.told or below <= alert.severity)
        for below, crossing in standing.crossings.items()
    }
    return replace(standing, alert=alert, crossings=crossings, seen=False, snooze=None)


def _decide_blind(state: AlertState, look: Look, settings: AlertSettings) -> Decided:
    """Nothing is concluded; that it is so is told once."""
    blind = state.blind or Blind(look.at)
    blind = replace(blind, sound=None)
    state = replace(state, blind=blind)
    if blind.told is not None or look.counts_from is None or not state.held:
        return Decided(state)
    missing = look.at - max(blind.since, look.counts_from)
    alert = _stale_alert(look, missing)
    least = told_from(settings, DATA.id)
    if missing < timedelta(minutes=settings.stale) or least is None or state.mutes_alert(alert):
        return Decided(state)
    return Decided(replace(state, blind=replace(blind, told=alert)), (alert,))


def _stale_alert(look: Look, missing: timedelta) -> Alert:
    minutes = int(missing.total_seconds() // 60)
    return Alert(
        Severity.ACT,
        f"no sound data for {minutes} minute{'' if minutes == 1 else 's'}",
        f"{look.fault}; nothing else is told until it is back",
        DATA.id,
        ABOUT_DATA,
        look.at,
        key_of(DATA.id, ABOUT_DATA),
        look.book,
    )


def _sees_again(blind: Blind | None, at: datetime, stands: timedelta) -> Blind | None:
    if blind is None or blind.told is None:
        return None
    back = blind.sound or at
    return None if at - back >= stands else replace(blind, sound=back)
