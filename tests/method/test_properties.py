"""What must hold on any history: no look ahead, the same after a restart, no flicker between states."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from alvh_tui.cli.histories import read_daily_history
from alvh_tui.market.types import History
from alvh_tui.method.closes import Closes, closes_of, with_live
from alvh_tui.method.layers import LayerRun, run_layers
from alvh_tui.method.levels import LADDER as LAYERS
from alvh_tui.method.measure import measure
from alvh_tui.method.reasons import layer_states
from alvh_tui.method.replay import replay
from alvh_tui.method.replay_json import replay_json
from alvh_tui.method.rules import Rules
from alvh_tui.method.verdict import UNKNOWN, YES
from tests.method.worlds import LADDER, ZONES, chance_histories

PROFILES = st.sampled_from([ZONES, LADDER])
FEW = how(max_examples=25)


def run(closes: Closes, rules: Rules) -> LayerRun:
    return run_layers(measure(closes, (), rules))


def same_up_to(whole: LayerRun, part: LayerRun) -> None:
    count = len(part.measured.closes.days)
    for name, track in part.measured.tracks.items():
        longer = whole.measured.tracks[name]
        np.testing.assert_array_equal(longer.verdict[:count], track.verdict, err_msg=name)
        np.testing.assert_allclose(longer.reading[:count], track.reading, rtol=1e-9, atol=1e-12, err_msg=name)
    for layer, path in part.paths.items():
        np.testing.assert_array_equal(whole.paths[layer].states[:count], path.states, err_msg=layer)
        np.testing.assert_array_equal(whole.paths[layer].entered[:count], path.entered, err_msg=layer)


@FEW
@given(chance_histories(), PROFILES, st.data())
def test_the_future_changes_no_past_state(history: History, rules: Rules, data: st.DataObject) -> None:
    whole = run(closes_of(history), rules)
    day = data.draw(st.sampled_from(history.days.tolist()))
    part = run(closes_of(history.until(day)), rules)
    same_up_to(whole, part)
    if len(part.measured.closes.days):
        row = len(part.measured.closes.days) - 1
        assert layer_states(part) == layer_states(whole, row)
        for name in part.measured.tracks:
            then, now = part.measured.signal(name), whole.measured.signal(name, row)
            assert (then.verdict, then.since, then.note) == (now.verdict, now.since, now.note)


@how(max_examples=8)
@given(chance_histories(longest=90), PROFILES)
def test_a_program_restarted_every_evening_says_what_one_left_running_says(
    history: History, rules: Rules
) -> None:
    whole = run(closes_of(history), rules)
    for row, day in enumerate(whole.measured.closes.days.tolist()):
        evening = run(closes_of(history.until(day)), rules)
        known = len(evening.measured.closes.days)
        if known == row + 1:
            assert layer_states(evening) == layer_states(whole, row)


@FEW
@given(chance_histories(), PROFILES)
def test_a_live_value_that_becomes_the_close_ends_in_the_same_signals(history: History, rules: Rules) -> None:
    known = {name: column for name, column in history.series.items() if np.isfinite(column[-1])}
    whole = History(history.days, known)
    last: date = history.days[-1].item()
    live = run(with_live(whole, last, {name: float(column[-1]) for name, column in known.items()}), rules)
    final = run(closes_of(whole), rules)
    for name, track in final.measured.tracks.items():
        found = live.measured.tracks[name]
        if not found.stands:
            assert track.verdict[-1:].tolist() == found.verdict[-1:].tolist(), name


@FEW
@given(chance_histories(), PROFILES, st.sets(st.sampled_from(["spx", "vix", "skew", "advances", "rsp"])))
def test_what_has_no_live_value_stands_as_of_the_close_before_or_not_at_all(
    history: History, rules: Rules, missing: set[str]
) -> None:
    last: date = history.days[-1].item()
    values = {name: float(column[-1]) for name, column in history.series.items() if name not in missing}
    live = run(with_live(history, last, values), rules)
    before = run(closes_of(History(live.measured.closes.days[:-1], _cut(live.measured.closes))), rules)
    for name, track in live.measured.tracks.items():
        earlier = before.measured.tracks[name]
        np.testing.assert_array_equal(track.verdict[:-1], earlier.verdict, err_msg=name)
        if track.stands:
            assert track.verdict[-1] == earlier.verdict[-1] != UNKNOWN
            assert track.note(len(track.verdict) - 1).endswith(f"as of {live.measured.closes.day(-2)}")
            assert not live.measured.signal(name).provisional
        else:
            assert track.verdict[-1] != UNKNOWN or not len(earlier.verdict) or earlier.verdict[-1] == UNKNOWN


def _cut(closes: Closes) -> dict[str, np.ndarray]:
    return {name: column[:-1] for name, column in closes.series.items()}


@FEW
@given(chance_histories(), PROFILES)
def test_a_triggered_layer_is_released_only_by_two_low_closes_and_breadth(
    history: History, rules: Rules
) -> None:
    found = run(closes_of(history), rules)
    vix = found.measured.closes.column("vix")
    realigned = found.measured.tracks["breadth.realigned"].verdict
    for change in found.transitions():
        if change.before != "triggered" or change.layer == "SE":
            continue
        assert change.after == "release"
        line = found.triggers[change.layer].level.trigger - 1.0
        closes = vix[: change.row + 1]
        assert (closes[np.isfinite(closes)][-2:] <= line).all()
        assert realigned[change.row] == YES
        assert not any(verdict[change.row] == YES for verdict in found.triggers[change.layer].causes.values())


@FEW
@given(
    PROFILES,
    st.sampled_from(LAYERS),
    st.lists(st.floats(-0.99, 0.99), min_size=5, max_size=60),
)
def test_vix_trembling_around_a_trigger_does_not_make_the_layer_flicker(
    rules: Rules, layer: str, wiggles: list[float]
) -> None:
    from tests.method.worlds import measured

    trigger = rules.number(f"layers.{layer}.trigger")
    vix = [trigger + 0.5, *(trigger + wiggle for wiggle in wiggles)]
    everything: dict[str, Any] = {
        "breadth_realigned": "y" * len(vix),
        "macd_vix": "y" * len(vix),
        "skew_etf": "y" * len(vix),
    }
    found = run_layers(measured(vix, rules, **everything))
    assert set(found.paths[layer].states.tolist()) == {2}  # type: ignore[index]


@FEW
@given(chance_histories(), PROFILES)
def test_every_state_comes_with_a_rule_and_every_change_with_a_reason(history: History, rules: Rules) -> None:
    found = replay(closes_of(history), (), rules)
    for row in range(0, len(found), 7):
        assert all(state.rules for state in layer_states(found.run, row))
    for change in found.changes():
        assert change.rules
        if change.after == "triggered":
            assert change.rules[0].verdict == "yes"


@how(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance_histories(longest=100), PROFILES)
def test_closes_read_back_from_a_file_say_the_same(tmp_path: Path, history: History, rules: Rules) -> None:
    path = tmp_path / "history.csv"
    names = list(history.series)
    rows = [
        ",".join([str(day), *("" if np.isnan(v) else repr(float(v)) for v in values)])
        for day, *values in zip(history.days, *history.series.values(), strict=True)
    ]
    path.write_text("\n".join([",".join(["date", *names]), *reversed(rows), rows[0]]) + "\n")
    read = read_daily_history(path, None)
    assert replay_json(replay(closes_of(read.closes), (), rules)) == replay_json(
        replay(closes_of(history), (), rules)
    )


@pytest.mark.parametrize("rules", [ZONES, LADDER], ids=["zones", "ladder"])
def test_no_look_ahead_over_all_history(shared: Path, rules: Rules) -> None:
    history = read_daily_history(shared / "data" / "history.csv.gz", None).closes
    whole = run(closes_of(history), rules)
    for day in (date(1997, 10, 27), date(2008, 10, 10), date(2020, 3, 16)):
        same_up_to(whole, run(closes_of(history.until(day)), rules))
