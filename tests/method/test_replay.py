"""A replay, its JSON, and the evidence it gives."""

import json
from datetime import date
from math import nan
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.cli.histories import read_daily_history
from alvh_tui.market.table import read_table
from alvh_tui.market.types import History
from alvh_tui.method.closes import closes_of
from alvh_tui.method.evidence import Evidence, evidence
from alvh_tui.method.replay import Replay, replay
from alvh_tui.method.replay_json import evidence_json, replay_json
from alvh_tui.method.signals import units
from tests.method.worlds import LADDER, ZONES, closes, episode, rules_with

VIX = [15.0, 17.5, 18.5, 25.0, 30.0, 20.0, 16.0, 15.0, 15.0, nan, 15.0]
SPX = [100.0, 99.0, 98.0, 95.0, 90.0, 93.0, 96.0, 98.0, 99.0, 100.0, 101.0]


def small(first: date | None = None, last: date | None = None) -> Replay:
    return replay(closes({"vix": VIX, "spx": SPX}, date(2019, 1, 2)), (), LADDER, first, last)


def test_the_shape_of_the_json() -> None:
    said = json.loads(json.dumps(replay_json(small()), allow_nan=False))
    assert set(said) == {"schema", "rules", "sessions", "transitions"}
    assert said["schema"] == 1
    assert said["rules"] == {"name": "ladder", "fingerprint": LADDER.fingerprint}
    first = said["sessions"][0]
    assert {key: first[key] for key in ("date", "spx", "vix", "zone")} == {
        "date": "2019-01-02",
        "spx": 100.0,
        "vix": 15.0,
        "zone": "below L1",
    }
    assert list(first["layers"]) == ["L1", "L2", "L3", "SE"]
    assert set(first["signals"]) == set(units())
    assert first["signals"]["vix.rsi"] == {"reading": None, "verdict": "unknown"}
    change = said["transitions"][1]
    assert {key: change[key] for key in ("date", "layer", "from", "to")} == {
        "date": "2019-01-04",
        "layer": "L1",
        "from": "watch",
        "to": "triggered",
    }
    assert change["rules"][0]["id"] == "L1.zone"
    assert (change["rules"][0]["reading"], change["rules"][0]["threshold"]) == (18.5, 18.0)


def test_sessions_and_changes_tell_one_story() -> None:
    found = small()
    states = dict.fromkeys(("L1", "L2", "L3", "SE"), "idle")
    changes = list(found.changes())
    for session in found.sessions():
        for change in changes:
            if change.on == session.on:
                assert states[change.layer] == change.before
                states[change.layer] = change.after
        assert dict(session.layers) == states
    assert [session.zone for session in found.sessions()][:6] == [
        "below L1",
        "below L1",
        "L1",
        "L2",
        "L3",
        "L1",
    ]


def test_an_unknown_vix_has_no_zone_and_is_null() -> None:
    unknown = [session for session in small().sessions() if session.vix is None]
    assert [(session.zone, session.on) for session in unknown] == [(None, date(2019, 1, 15))]


def test_a_range_shows_less_and_knows_as_much() -> None:
    whole, part = small(), small(date(2019, 1, 7), date(2019, 1, 10))
    shown = [session for session in whole.sessions() if date(2019, 1, 7) <= session.on <= date(2019, 1, 10)]
    assert list(part.sessions()) == shown
    assert len(part) == len(shown) == 4
    assert [c.on for c in part.changes()] == [c.on for c in whole.changes() if c.on in {s.on for s in shown}]
    assert len(small(date(2030, 1, 1))) == 0


def of_rule(found: Replay, name: str) -> Evidence:
    return next(rule for rule in evidence(found).rules if rule.rule == name)


def test_evidence_counts_what_fired_and_what_followed() -> None:
    count = 60
    vix, spx = [15.0] * count, [100.0] * count
    for row in (5, 30):
        vix[row] = 19.0
    vix[12] = 23.0
    spx[6], spx[31] = 99.0, 102.0
    found = replay(closes({"vix": vix, "spx": spx}), (), LADDER)
    level = of_rule(found, "L1.zone")
    assert (level.fired, level.days, level.known_days) == (3, 3, 60)
    next_day = level.outlooks[0]
    assert (next_day.sessions, next_day.count) == (1, 3)
    assert next_day.spx == pytest.approx((-0.01 + 0.02 + 0.0) / 3)
    assert next_day.vix == pytest.approx((-4.0 - 4.0 - 8.0) / 3)
    # After the first alarm VIX stood 20 % higher within 20 sessions; after the others it did not.
    assert (level.judged, level.false_alarms) == (3, 2)
    assert of_rule(found, "vix.level").fired == 3
    triggers = of_rule(found, "L1")
    # No breadth, no release: it triggered once and stayed so.
    assert (triggers.fired, triggers.days) == (1, 55)


def test_an_alarm_without_enough_sessions_after_it_is_not_judged() -> None:
    vix = [15.0] * 30
    vix[25] = 19.0
    found = replay(closes({"vix": vix, "spx": [100.0] * 30}), (), LADDER)
    level = of_rule(found, "L1.zone")
    assert (level.fired, level.judged, level.false_alarms) == (1, 0, 0)
    assert level.outlooks[-1].count == 0
    assert level.outlooks[-1].spx is None


def test_a_signal_that_all_is_well_is_false_when_trouble_follows() -> None:
    count = 80
    random = np.random.default_rng(5)
    spx = 100.0 * np.exp(np.cumsum(random.normal(0.001, 0.004, count)))
    spx[60:] = 0.9 * spx[59]
    advances = random.integers(1000, 2000, count).astype(float)
    columns = {
        "spx": spx.tolist(),
        "vix": [15.0] * count,
        "advances": advances.tolist(),
        "declines": (3000.0 - advances).tolist(),
    }
    found = replay(closes(columns), (), ZONES, last=date(2019, 3, 28))
    rises = of_rule(found, "breadth.line")
    days = found.run.measured.closes.days
    verdict = found.run.measured.tracks["breadth.line"].verdict
    fired = [row for row in range(1, len(found)) if verdict[row] == 1 and verdict[row - 1] != 1]
    assert rises.fired == len(fired)
    before_the_fall = [row for row in fired if 40 <= row < 60]
    assert rises.false_alarms >= len(before_the_fall) > 0
    assert days[59] > np.datetime64("2019-03-27")


def test_the_evidence_as_json() -> None:
    found = small()
    said = json.loads(json.dumps(evidence_json(evidence(found), found.rules), allow_nan=False))
    assert said["sessions"] == 11
    assert "20 sessions" in said["false_alarm"]
    assert [ahead["sessions"] for ahead in said["all_days"]] == [1, 5, 10, 20]
    names = [rule["id"] for rule in said["evidence"]]
    assert len(names) == len(set(names))
    assert {"vix.rsi", "L1.zone", "L1", "L2", "L3"} <= set(names)


@pytest.mark.parametrize("columns", [{"vix": []}, {"vix": [], "spx": []}])
def test_nothing_to_replay(columns: dict[str, list[float]]) -> None:
    found = replay(closes_of(History(np.array([], dtype="datetime64[D]"), {})), (), ZONES)
    assert (list(found.sessions()), list(found.changes())) == ([], [])
    assert evidence(found).sessions == 0


def test_vix_on_holidays_changes_nothing(shared: Path) -> None:
    """The exchange publishes VIX on days without a session; the rows are in the raw file, 33 of them."""
    folder = shared / "data"
    history = read_daily_history(folder / "history.csv.gz", None).closes
    raw = read_table(folder / "vix_raw.csv.gz", ("date", "close"), ("date", "close"))
    foreign = sorted(set(raw.text("date")) - {str(day) for day in history.days})
    assert len(foreign) == 33
    close_on = dict(zip(raw.text("date"), raw.numbers("close").tolist(), strict=True))
    days = np.concatenate((history.days, np.array(foreign, dtype="datetime64[D]")))
    order = np.argsort(days)
    series = {
        name: np.concatenate((column, [close_on[day] if name == "vix" else nan for day in foreign]))[order]
        for name, column in history.series.items()
    }
    with_holidays = closes_of(History(days[order], series))
    plain = closes_of(history)
    np.testing.assert_array_equal(with_holidays.days, plain.days)
    for name in plain.series:
        np.testing.assert_array_equal(with_holidays.column(name), plain.column(name))


def test_the_shares_the_confirmations_were_chosen_by(shared: Path) -> None:
    """Within 17–22, two or more count on 35 % of days; on 10 % if only the day itself counted."""
    history = read_daily_history(shared / "data" / "history.csv.gz", None).closes
    for sessions, share in ((5, 0.35), (1, 0.10)):
        run = replay(closes_of(history), (), rules_with({"layers.confirming_sessions": sessions})).run
        vix = run.measured.closes.column("vix")
        within = (vix >= 17.0) & (vix <= 22.0)
        assert np.mean(run.confirming.yes[within] >= 2) == pytest.approx(share, abs=0.005)


def test_an_episode_has_no_unknown_layer() -> None:
    found = replay(closes_of(episode("2024-august").closes), (), ZONES)
    assert {state for session in found.sessions() for state in session.layers.values()} == {
        "idle",
        "watch",
        "triggered",
        "release",
    }
