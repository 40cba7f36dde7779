"""When something is told: each crossing once, whatever flickers, and nothing from stale data."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.alerts.alert import Alert, key_of
from alvh_tui.alerts.kept_state import json_of, state_from
from alvh_tui.alerts.machine import Look, decide, told_from
from alvh_tui.alerts.state import AlertState, acknowledge, mute, snooze, still_standing, unmute
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.attention import Severity
from alvh_tui.settings import AlertSettings

BEGIN = datetime(2026, 11, 20, 11, tzinfo=NEW_YORK)
KNOW, SOON, ACT = Severity
PLAIN = AlertSettings(cooldown=0.0)
RULE, ABOUT = "condor.proximity", "dec-18"
KEY = key_of(RULE, ABOUT)


def after(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


def alert(severity: Severity, at: datetime, rule: str = RULE, about: str = ABOUT, number: int = 0) -> Alert:
    return Alert(severity, f"{about}: {severity.name}", "", rule, about, at, key_of(rule, about, number))


class Play:
    """One program that looks at one thing."""

    def __init__(self, settings: AlertSettings = PLAIN) -> None:
        self.settings = settings
        self.state = AlertState()
        self.told: list[tuple[float, Severity]] = []

    def look(self, seconds: float, severity: Severity | None, **more: object) -> None:
        at = after(seconds)
        conditions = () if severity is None else (alert(severity, at),)
        self.take(seconds, replace(Look(at, conditions), **more))  # type: ignore[arg-type]

    def take(self, seconds: float, look: Look) -> None:
        decided = decide(self.state, look, self.settings)
        self.state = state_from(json_of(decided.state))
        assert self.state == decided.state
        self.told += [(seconds, one.severity) for one in decided.told]

    def looks(self, *steps: tuple[float, Severity | None]) -> list[tuple[float, Severity]]:
        for seconds, severity in steps:
            self.look(seconds, severity)
        return self.told


def test_what_has_stood_for_its_time_is_told_once() -> None:
    assert Play().looks((0, SOON), (30, SOON), (60, SOON), (90, SOON), (600, SOON)) == [(60, SOON)]


def test_what_has_to_be_acted_on_is_told_at_once() -> None:
    assert Play().looks((0, ACT), (30, ACT), (90, ACT)) == [(0, ACT)]


def test_a_blip_is_not_told() -> None:
    assert Play().looks((0, SOON), (30, None), (90, None), (120, SOON), (150, None), (300, None)) == []


def test_what_flickers_at_its_threshold_is_told_once() -> None:
    steps = [(30.0 * n, SOON if n % 2 == 0 else None) for n in range(200)]
    assert Play().looks(*steps) == [(60, SOON)]
    assert Play().looks(*[(at, severity and ACT) for at, severity in steps]) == [(0, ACT)]


def test_what_ended_for_good_and_comes_back_is_told_again() -> None:
    assert Play().looks((0, ACT), (30, None), (89, None), (95, ACT)) == [(0, ACT), (95, ACT)]
    assert Play().looks((0, ACT), (30, None), (89, ACT), (120, None), (200, ACT)) == [(0, ACT), (200, ACT)]


def test_a_program_that_looks_seldom_sees_an_end_too() -> None:
    assert Play().looks((0, ACT), (300, None), (600, ACT)) == [(0, ACT), (600, ACT)]


def test_what_becomes_worse_is_told_and_what_becomes_better_is_not() -> None:
    assert Play().looks((0, SOON), (60, SOON), (90, ACT), (120, SOON), (600, SOON), (630, ACT)) == [
        (60, SOON),
        (90, ACT),
        (630, ACT),
    ]


def test_what_is_told_as_soon_is_not_told_as_soon_again() -> None:
    play = Play(AlertSettings(severity="know", cooldown=0.0))
    assert play.looks((0, KNOW), (30, SOON), (60, SOON), (90, SOON), (300, SOON)) == [(60, SOON)]


@pytest.mark.parametrize(
    ("settings", "rule", "least"),
    [
        (AlertSettings(), "condor.stop", SOON),
        (AlertSettings(severity="act"), "condor.stop", ACT),
        (AlertSettings(rules={"condor.*": "know"}), "condor.stop", KNOW),
        (AlertSettings(rules={"condor.*": "know", "*.stop": "never"}), "condor.stop", None),
        (AlertSettings(rules={"*": "never", "condor.stop": "act"}), "condor.stop", ACT),
        (AlertSettings(rules={"hedge.*": "never"}), "condor.stop", SOON),
    ],
)
def test_the_severity_is_set_by_rule(settings: AlertSettings, rule: str, least: Severity | None) -> None:
    assert told_from(settings, rule) is least


def test_less_than_the_severity_set_is_not_told() -> None:
    assert Play(AlertSettings(severity="act")).looks((0, SOON), (60, SOON), (90, ACT)) == [(90, ACT)]
    assert Play(AlertSettings(rules={"condor.*": "never"})).looks((0, ACT), (60, ACT)) == []


def test_a_rule_cools_down_and_is_told_then_if_it_still_stands() -> None:
    play = Play(AlertSettings(stands=0.0, cooldown=10.0))
    play.looks((0, SOON), (60, None), (120, SOON), (599, SOON))
    assert play.looks((600, SOON), (660, None), (700, None)) == [(0, SOON), (600, SOON)]
    play.looks((710, SOON), (800, None), (2000, None))
    assert play.told == [(0, SOON), (600, SOON)]


def test_what_becomes_worse_does_not_wait_for_the_cool_down() -> None:
    play = Play(AlertSettings(stands=0.0, cooldown=10.0))
    assert play.looks((0, SOON), (30, ACT), (60, None), (90, ACT)) == [(0, SOON), (30, ACT)]


def test_an_acknowledgement_silences_until_it_ends_and_comes_back() -> None:
    play = Play()
    play.looks((0, SOON), (30, SOON))
    play.state = acknowledge(play.state, KEY)
    assert play.looks((60, SOON), (600, SOON)) == []
    assert play.looks((700, None), (800, None), (900, SOON), (960, SOON)) == [(960, SOON)]


def test_an_acknowledgement_does_not_silence_what_becomes_worse() -> None:
    play = Play()
    play.looks((0, SOON), (60, SOON))
    play.state = acknowledge(play.state, KEY)
    assert [told.silence for told in still_standing(play.state, after(60))] == ["seen"]
    assert play.looks((90, ACT)) == [(60, SOON), (90, ACT)]
    assert [told.silence for told in still_standing(play.state, after(90))] == [""]


def test_a_snooze_is_over_when_its_time_is() -> None:
    play = Play()
    play.looks((0, ACT))
    play.state = snooze(play.state, KEY, after(1000))
    shown = still_standing(play.state, after(30))
    assert [(one.silence, one.until) for one in shown] == [("snoozed", after(1000))]
    assert play.looks((30, ACT), (300, None), (500, None), (600, ACT), (990, ACT)) == [(0, ACT)]
    assert play.looks((1000, ACT), (1030, ACT)) == [(0, ACT), (1000, ACT)]


def test_a_snooze_does_not_hide_what_becomes_worse() -> None:
    play = Play()
    play.looks((0, SOON), (60, SOON))
    play.state = snooze(play.state, KEY, after(1000))
    assert play.looks((90, ACT)) == [(60, SOON), (90, ACT)]


def test_what_ended_while_it_was_snoozed_is_forgotten() -> None:
    play = Play()
    play.looks((0, ACT))
    play.state = snooze(play.state, KEY, after(100))
    play.looks((30, None), (90, None), (101, None))
    assert play.state.standings == {}


@pytest.mark.parametrize("what", [RULE, "condor.*", ABOUT])
def test_what_is_muted_is_told_once_it_is_unmuted(what: str) -> None:
    play = Play()
    play.state = mute(mute(play.state, what), what)
    assert play.looks((0, ACT), (30, ACT)) == []
    play.state = unmute(play.state, what)
    assert play.looks((60, ACT), (90, ACT)) == [(60, ACT)]


def test_muting_something_else_silences_nothing() -> None:
    play = Play()
    play.state = mute(play.state, "jan-15")
    assert play.looks((0, ACT)) == [(0, ACT)]


def test_of_what_is_unknown_nothing_is_concluded() -> None:
    play = Play()
    play.look(0, ACT)
    for seconds in (30.0, 90.0, 300.0):
        play.look(seconds, None, unknown=frozenset({ABOUT}))
    play.look(330, ACT)
    play.look(360, None, unknown=frozenset({KEY}))
    play.look(500, ACT)
    assert play.told == [(0, ACT)]


def blind(seconds: float, counts_from: float | None = 0.0, held: bool | None = True) -> Look:
    start = None if counts_from is None else after(counts_from)
    standing = (alert(ACT, after(seconds)),)
    return Look(after(seconds), standing, fault="the feed failed", counts_from=start, held=held)


def test_stale_data_is_told_once_and_nothing_else_is() -> None:
    play = Play()
    for minute in range(60):
        play.take(60.0 * minute, blind(60.0 * minute))
    assert play.told == [(600, ACT)]
    (shown,) = still_standing(play.state, after(3600))
    assert (shown.alert.rule, shown.alert.title) == ("data.stale", "no sound data for 10 minutes")
    assert "the feed failed" in shown.alert.body


def test_stale_data_that_was_back_is_told_again() -> None:
    play = Play()
    play.take(0, blind(0))
    play.take(600, blind(600))
    play.look(630, None)
    play.take(660, blind(660))
    play.take(1300, blind(1300))
    assert play.told == [(600, ACT)]
    play.look(1330, None)
    play.look(1390, None)
    play.take(1420, blind(1420))
    play.take(2020, blind(2020))
    assert play.told == [(600, ACT), (2020, ACT)]


def test_stale_data_that_was_back_for_a_moment_is_not_told_again() -> None:
    play = Play()
    play.take(0, blind(0))
    play.take(600, blind(600))
    for back in (630.0, 700.0):
        play.look(back, None)
        play.take(back + 30, blind(back + 30))
    play.take(2000, blind(2000))
    assert play.told == [(600, ACT)]


def test_what_stands_is_listed_with_the_most_severe_and_then_the_latest_first() -> None:
    play = Play(AlertSettings(stands=0.0))
    for number, severity in enumerate((SOON, ACT, SOON)):
        at = after(number)
        rising = [alert(SOON, at, about="0"), alert(ACT, at, about="1"), alert(SOON, at, about="2")]
        play.take(number, Look(at, tuple(rising[: number + 1])))
        assert play.told[-1] == (number, severity)
    assert [one.alert.about for one in still_standing(play.state, after(3))] == ["1", "2", "0"]


def test_an_acknowledgement_ends_a_snooze() -> None:
    play = Play()
    play.looks((0, ACT))
    play.state = acknowledge(snooze(play.state, KEY, after(1000)), KEY)
    assert [one.silence for one in still_standing(play.state, after(30))] == ["seen"]


def test_a_sound_look_begins_the_minutes_anew() -> None:
    play = Play()
    for minute in range(0, 60, 9):
        play.take(60.0 * minute, blind(60.0 * minute))
        play.look(60.0 * minute + 30, None)
    assert play.told == []


@pytest.mark.parametrize(
    "look", [blind(3000, held=False), blind(3000, counts_from=None), blind(3000, counts_from=2401)]
)
def test_stale_data_is_no_matter_without_positions_or_outside_the_session(look: Look) -> None:
    play = Play()
    play.take(0, blind(0, counts_from=None))
    play.take(3000, look)
    assert play.told == []


def test_where_nothing_is_seen_positions_are_as_they_were() -> None:
    play = Play()
    play.look(0, None, held=False)
    play.take(30, blind(30, held=None))
    play.take(3000, blind(3000, held=None))
    assert play.told == []


def test_stale_data_can_be_muted_and_never_told() -> None:
    play = Play(AlertSettings(rules={"data.*": "never"}))
    play.take(0, blind(0))
    play.take(900, blind(900))
    assert play.told == []
    play = Play()
    play.state = mute(play.state, "data.stale")
    play.take(0, blind(0))
    play.take(900, blind(900))
    play.state = unmute(play.state, "data.stale")
    play.take(930, blind(930))
    assert play.told == [(930, ACT)]


def test_what_stood_before_the_data_went_is_not_told_anew_after_it() -> None:
    play = Play()
    play.look(0, ACT)
    play.take(30, blind(30))
    play.take(3000, blind(3000))
    play.look(3030, ACT)
    assert play.told == [(0, ACT), (3000, ACT)]


def test_two_of_one_rule_are_told_together_and_the_most_severe_first() -> None:
    play = Play(AlertSettings(stands=0.0))
    at = after(0)
    look = Look(at, (alert(SOON, at), alert(ACT, at, number=1), alert(SOON, at, "hedge.expiry", "L1-jan")))
    play.take(0, look)
    assert [severity for _, severity in play.told] == [ACT, SOON, SOON]


STEPS = st.one_of(
    st.sampled_from([None, KNOW, SOON, ACT]),
    st.sampled_from(["blind", "acknowledge", "snooze", "mute", "unmute"]),
)
WAITS = st.sampled_from([0.0, 10.0, 30.0, 61.0, 300.0])


@settings(max_examples=400)
@given(st.lists(st.tuples(WAITS, STEPS), max_size=40))
def test_nothing_is_told_that_somebody_has_silenced(steps: list[tuple[float, str | Severity | None]]) -> None:
    play = Play(AlertSettings(cooldown=10.0, severity="know"))
    below: dict[int, float | None] = dict.fromkeys((1, 2, 3))
    now, muted, seen, put_off, last = 0.0, False, 0, (0.0, 0), (-1000.0, 0)
    for wait, step in steps:
        now += wait
        known = play.state.standings.get(KEY)
        if step == "blind":
            play.take(now, blind(now, counts_from=None))
        elif step in ("mute", "unmute"):
            muted = step == "mute"
            play.state = (mute if muted else unmute)(play.state, ABOUT)
        elif step == "acknowledge":
            play.state = acknowledge(play.state, KEY)
            seen, put_off = max((0, *known.crossings)) if known else seen, (0.0, 0)
        elif step == "snooze":
            play.state = snooze(play.state, KEY, after(now + 400.0))
            put_off = (now + 400.0, max((0, *known.crossings))) if known else put_off
        else:
            severity = step if isinstance(step, Severity) else None
            for level, since in below.items():
                if since is not None and now - since >= 60.0:
                    seen = min(seen, level - 1)
                below[level] = None if (severity or 0) >= level else (now if since is None else since)
            count = len(play.told)
            play.look(now, severity)
            for _, level in play.told[count:]:
                assert not muted
                assert level > seen, "acknowledged"
                assert now >= put_off[0] or level > put_off[1], "snoozed"
                assert now - last[0] >= 600.0 or level > last[1], "cooling down"
                last, put_off = (now, int(level)), (0.0, 0)


@dataclass
class Seen:
    """One look at one thing, as the fuzz keeps it."""

    at: float
    severity: int


def episodes(looks: Sequence[Seen], level: int, stands: float) -> list[list[Seen]]:
    """Stretches in which it reached the level, without an absence as long as `stands`."""
    found: list[list[Seen]] = []
    away: float | None = None
    for look in looks:
        if look.severity >= level:
            if not found or (away is not None and look.at - away >= stands):
                found.append([])
            away = None
        elif away is None:
            away = look.at
        if found and (away is None or look.at - away < stands):
            found[-1].append(look)
    return found


def test_of_a_hundred_thousand_transitions_each_is_told_once_and_none_is_lost() -> None:
    random, settings = Random(20261120), AlertSettings(cooldown=0.0, severity="know")
    things, state, seconds = 40, AlertState(), 0.0
    severities = [0] * things
    seen: list[list[Seen]] = [[] for _ in range(things)]
    told: list[list[Seen]] = [[] for _ in range(things)]
    transitions = left = stale = told_blind = 0
    while transitions < 100_000:
        seconds += random.choice((5.0, 30.0, 30.0, 61.0, 300.0))
        restless = random.random()
        for thing in range(things):
            if random.random() < restless:
                before, severities[thing] = severities[thing], random.choice((0, 0, 1, 2, 3))
                transitions += before != severities[thing]
        at = after(seconds)
        conditions = tuple(
            alert(Severity(severity), at, about=str(thing))
            for thing, severity in enumerate(severities)
            if severity
        )
        left = left - 1 if left else random.choice((0, 0, 0, 0, 0, 1, 2, 20))
        fault = "stale" if left else ""
        decided = decide(state, Look(at, conditions, fault=fault, counts_from=BEGIN, held=True), settings)
        state = decided.state
        if fault:
            stale += 1
            assert {one.rule for one in decided.told} <= {"data.stale"}
            told_blind += len(decided.told)
            continue
        for thing, severity in enumerate(severities):
            seen[thing].append(Seen(seconds, severity))
        for one in decided.told:
            told[int(one.about)].append(Seen(seconds, one.severity))
    assert stale > 1000
    assert 10 < told_blind < stale / 10
    for looks, tellings in zip(seen, told, strict=True):
        _check(looks, tellings, settings.stands)


def _check(looks: Sequence[Seen], tellings: Sequence[Seen], stands: float) -> None:
    assert all(first.at < second.at for first, second in pairwise(tellings))
    times = [one.at for one in tellings]
    for level in (1, 2, 3):
        for episode in episodes(looks, level, stands):
            within = tellings[bisect_left(times, episode[0].at) : bisect_right(times, episode[-1].at)]
            wait = 0.0 if level == ACT else stands
            due = [one for one in episode if one.severity >= level and one.at - episode[0].at >= wait]
            assert bool(due) <= bool([one for one in within if one.severity >= level]), "lost"
            assert len([one for one in within if one.severity == level]) <= 1, "told twice"
    spells = [(one.at, one.severity) for one in looks]
    assert {(one.at, one.severity) for one in tellings} <= set(spells), "told what was not there"
