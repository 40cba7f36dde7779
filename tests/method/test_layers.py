"""The layers' states, signal by signal told what to say."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from alvh_tui.book.model import Layer
from alvh_tui.method.layers import LayerRun, run_layers
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import layer_states, reasons
from alvh_tui.method.rules import Rules
from alvh_tui.method.triggers import SHORT_PUT_ITM, BookFact
from alvh_tui.method.verdict import NO, UNKNOWN, YES, Verdict
from tests.method.worlds import LADDER, ZONES, measured, rules_with

_SHORT = {"idle": "i", "watch": "w", "triggered": "T", "release": "r"}
ALWAYS: dict[str, Any] = {"breadth_realigned": "y"}


def run(
    vix: Sequence[float], rules: Rules = ZONES, itm: str = "", *, provisional: bool = False, **said: str
) -> LayerRun:
    """Signals given as one letter say it throughout."""
    told = {name: text * len(vix) if len(text) == 1 else text for name, text in said.items()}
    letters = {"y": YES, "n": NO, "?": UNKNOWN}
    facts = None
    if itm:
        verdict = np.array([letters[letter] for letter in itm], dtype=np.int8)
        index = np.where(verdict == UNKNOWN, np.nan, 6400.0 - 20.0 * verdict)
        facts = {SHORT_PUT_ITM: BookFact(verdict, index, np.full(len(itm), 6392.0))}
    return run_layers(measured(vix, rules, provisional=provisional, **told), facts)


def path(found: LayerRun, layer: Layer) -> str:
    return "".join(_SHORT[found.paths[layer].state(row)] for row in range(len(found.measured.closes.days)))


def rule(found: LayerRun, layer: Layer, name: str, row: int = -1) -> Reading:
    row = range(len(found.measured.closes.days))[row]
    return next(reading for reading in reasons(found, layer, row) if reading.id == name)


@pytest.mark.parametrize(
    ("vix", "l1", "l2", "l3"),
    [
        (15.99, "i", "i", "i"),
        (16.0, "w", "i", "i"),
        (16.99, "w", "i", "i"),
        (17.0, "T", "i", "i"),
        (22.0, "T", "i", "i"),
        (22.01, "T", "w", "i"),
        (23.99, "T", "w", "i"),
        (24.0, "T", "T", "i"),
        (28.0, "T", "T", "i"),
        (28.01, "T", "T", "w"),
        (29.99, "T", "T", "w"),
        (30.0, "T", "T", "T"),
    ],
)
def test_the_zones_with_two_confirmations(vix: float, l1: str, l2: str, l3: str) -> None:
    found = run([vix], skew_etf="y", term_structure="y")
    assert [path(found, layer) for layer in ("L1", "L2", "L3", "SE")] == [l1, l2, l3, l2]


@pytest.mark.parametrize(
    ("vix", "l1", "l2", "l3"),
    [
        (16.99, "i", "i", "i"),
        (17.01, "w", "i", "i"),
        (18.0, "w", "i", "i"),
        (18.01, "T", "i", "i"),
        (22.0, "T", "w", "i"),
        (22.01, "T", "T", "i"),
        (27.0, "T", "T", "w"),
        (27.01, "T", "T", "T"),
    ],
)
def test_the_ladder_asks_for_nothing_but_closes(vix: float, l1: str, l2: str, l3: str) -> None:
    found = run([vix], LADDER)
    assert [path(found, layer) for layer in ("L1", "L2", "L3")] == [l1, l2, l3]


def test_one_confirmation_is_not_enough_and_an_unknown_one_is_none() -> None:
    assert path(run([20.0], macd_vix="y"), "L1") == "w"
    waiting = run([20.0], macd_vix="y", skew_etf="?")
    assert path(waiting, "L1") == "w"
    zone = rule(waiting, "L1", "L1.zone")
    assert zone.verdict is Verdict.UNKNOWN
    assert zone.note == "confirmations: 1, needed 2; waits for skew.etf"
    assert path(run([20.0], macd_vix="y", skew_etf="y"), "L1") == "T"


def test_a_confirmation_counts_for_five_sessions_with_its_own() -> None:
    found = run([15.0] * 5 + [20.0], term_structure="nynnnn", vol_rv_iv="nnnnny")
    assert path(found, "L1") == "iiiiiT"
    assert rule(found, "L1", "term.structure").note == "last true 2019-01-03"
    late = run([15.0] * 6 + [20.0], term_structure="nynnnnn", vol_rv_iv="nnnnnny")
    assert path(late, "L1") == "iiiiiiw"


def test_a_disconnect_confirms_nothing() -> None:
    assert path(run([20.0], macd_vix="y", vix_disconnect="y"), "L1") == "w"


def test_early_activation_at_any_vix() -> None:
    assert path(run([12.0, 12.0], macd_vix="ny", breadth_divergence="ny"), "L1") == "iT"
    found = run([12.0, 12.0], vix_rsi="ny", breadth_divergence="ny", crossing="ny")
    assert path(found, "L1") == "iT"
    assert [r.id for r in reasons(found, "L1", 1)] == [
        "L1.early-rsi",
        "vix.rsi",
        "breadth.divergence",
        "L1.release",
    ]
    only_above = run([12.0, 12.0], vix_rsi="yy", breadth_divergence="yy", crossing="nn")
    assert path(only_above, "L1") == "ww"


def test_an_early_rule_says_which_signal_it_waits_for() -> None:
    found = run([12.0], macd_vix="y", breadth_divergence="?", vix_rsi="n")
    waiting = rule(found, "L1", "L1.early-momentum")
    assert (waiting.verdict, waiting.note) == (Verdict.UNKNOWN, "waits for breadth.divergence")
    assert "L1.early-rsi" not in {reading.id for reading in reasons(found, "L1", 0)}
    book = run([12.0], itm="?")
    assert rule(book, "L1", SHORT_PUT_ITM).note == "waits for the index"
    second = run([25.0], macd_vix="y", term_structure="y", vol_acceleration="?", itm="y")
    assert rule(run([25.0], vol_acceleration="?"), "L2", "L2.zone").note.startswith(
        "confirmations: 0, needed 2; waits for vol.acceleration"
    )
    assert rule(second, "L3", SHORT_PUT_ITM).note == "waits for vol.acceleration"


@pytest.mark.parametrize("sign", ["macd_vix", "vix_rsi", "breadth_divergence"])
def test_any_early_sign_is_a_watch(sign: str) -> None:
    told: dict[str, Any] = {sign: "ny?"}
    found = run([12.0, 12.0, 12.0], **told)
    assert path(found, "L1") == "iwi"
    assert path(found, "L2") == "iii"
    assert path(run([12.0, 12.0, 12.0], LADDER, **told), "L1") == "iii"


def test_layer_two_comes_after_layer_one() -> None:
    found = run([25.0, 25.0], vol_acceleration="yy", macd_vix="ny", term_structure="ny")
    assert path(found, "L1") == "wT"
    assert path(found, "L2") == "wT"
    assert "the layer below has not triggered" in rule(found, "L2", "L2.zone", 0).note


def test_acceleration_stands_in_for_confirmations_of_layer_two_only() -> None:
    found = run([18.0, *[26.0] * 5], macd_vix="ynnnnn", term_structure="ynnnnn", vol_acceleration="nnnnny")
    assert path(found, "L1") == "TTTTTT"
    assert path(found, "L2") == "iTTTTT"
    later = run(
        [18.0] * 6 + [26.0] * 2,
        macd_vix="y" + "n" * 7,
        term_structure="y" + "n" * 7,
        vol_acceleration="n" * 7 + "y",
    )
    assert path(later, "L2") == "iiiiiiwT"
    assert [r.id for r in reasons(later, "L2", 7)] == ["L2.zone", "vol.acceleration", "L2.release"]


def test_a_strong_bid_puts_layer_two_off_and_says_so() -> None:
    held = run([25.0, 25.0], macd_vix="y", term_structure="y", bid_underlying="yn")
    assert path(held, "L1") == "TT"
    assert path(held, "L2") == "wT"
    assert rule(held, "L2", "L2.tolerated", 0).verdict is Verdict.YES
    assert "tolerated while the underlying bid holds" in rule(held, "L2", "L2.zone", 0).note
    unknown = run([25.0], macd_vix="y", term_structure="y", bid_underlying="?")
    assert path(unknown, "L2") == "T"
    assert path(run([25.0, 25.0], macd_vix="y", term_structure="y", bid_underlying="ny"), "L2") == "TT"
    assert path(run([25.0], LADDER, bid_underlying="y"), "L2") == "T"


def test_layer_three_needs_no_confirmation_and_takes_those_below_with_it() -> None:
    found = run([15.0, 35.0], bid_underlying="y")
    assert [path(found, layer) for layer in ("L1", "L2", "L3", "SE")] == ["iT", "iT", "iT", "iT"]
    order = [(change.layer, str(change.after)) for change in found.transitions()]
    assert order == [("L1", "triggered"), ("L2", "triggered"), ("L3", "triggered"), ("SE", "triggered")]
    assert [r.id for r in reasons(found, "L1", 1)] == ["L1.passed", "L1.release"]
    assert [r.id for r in reasons(found, "L2", 1)] == ["L2.passed", "L2.release"]
    assert [r.id for r in reasons(found, "L3", 1)] == ["L3.zone", "L3.release"]


def test_several_layers_in_one_session_each_with_its_own_entry() -> None:
    found = run([17.31, 37.32], LADDER)
    assert [(c.layer, str(c.before), str(c.after)) for c in found.transitions() if c.row == 1] == [
        ("L1", "watch", "triggered"),
        ("L2", "idle", "triggered"),
        ("L3", "idle", "triggered"),
        ("SE", "idle", "triggered"),
    ]


def test_the_short_put_in_the_money() -> None:
    alone = run([12.0, 12.0], itm="ny")
    assert [path(alone, layer) for layer in ("L1", "L2", "L3")] == ["iT", "ii", "ii"]
    assert [r.id for r in reasons(alone, "L1", 1)] == [SHORT_PUT_ITM, "L1.release"]
    fast = run([12.0, 12.0], itm="yy", vol_acceleration="ny")
    assert [path(fast, layer) for layer in ("L1", "L2", "L3")] == ["TT", "iT", "iT"]
    assert path(run([12.0], LADDER, itm="y", vol_acceleration="y"), "L1") == "i"
    assert path(run([12.0], itm="?"), "L1") == "i"


def test_the_short_put_is_named_with_its_reading_and_the_acceleration_where_it_takes_one() -> None:
    found = run([12.0, 12.0], itm="ny", vol_acceleration="ny")
    put = rule(found, "L1", SHORT_PUT_ITM)
    assert (put.reading, put.threshold, put.verdict) == (6380.0, 6392.0, Verdict.YES)
    assert [r.id for r in reasons(found, "L1", 1)] == [SHORT_PUT_ITM, "L1.release"]
    for layer in ("L2", "L3"):
        ids = [r.id for r in reasons(found, layer, 1)]
        assert ids == [SHORT_PUT_ITM, "vol.acceleration", f"{layer}.release"]
        assert rule(found, layer, SHORT_PUT_ITM).threshold == 6392.0
    assert [r.id for r in reasons(found, "SE", 1)][:3] == ["SE.with-layer", SHORT_PUT_ITM, "vol.acceleration"]
    both = run([25.0], itm="y", vol_acceleration="y", macd_vix="y", term_structure="y")
    assert [r.id for r in reasons(both, "L2", 0)].count("vol.acceleration") == 1
    waiting = rule(run([12.0], itm="y", vol_acceleration="?"), "L2", SHORT_PUT_ITM)
    assert (waiting.reading, waiting.threshold, waiting.verdict) == (6380.0, 6392.0, Verdict.UNKNOWN)
    unknown = rule(run([12.0], itm="?"), "L1", SHORT_PUT_ITM)
    assert (unknown.reading, unknown.threshold) == (None, 6392.0)


def test_nothing_is_released_while_the_short_put_is_in_the_money() -> None:
    found = run([12.0] * 5, itm="yyynn", breadth_realigned="y")
    assert path(found, "L1") == "TTTTr"


def test_release_takes_two_closes_a_point_below_and_breadth() -> None:
    vix = [18.0, 16.01, 16.0, 16.01, 16.0, 16.0]
    found = run(vix, macd_vix="ynnnnn", term_structure="ynnnnn", breadth_realigned="y")
    assert path(found, "L1") == "TTTTTr"
    waiting = run([18.0, 15.0, 15.0, 15.0], macd_vix="ynnn", term_structure="ynnn", breadth_realigned="nnny")
    assert path(waiting, "L1") == "TTTr"
    release = rule(waiting, "L1", "L1.release", 2)
    assert release.verdict is Verdict.NO
    assert release.note == "2 of 2 closes at 16 or below; waits for breadth.realigned"
    assert release.threshold == 16.0


def test_closes_count_from_the_last_session_in_which_anything_triggered() -> None:
    found = run([12.0] * 5, macd_vix="ynynn", breadth_divergence="ynynn", **ALWAYS)
    assert path(found, "L1") == "TTTTr"


def test_without_any_breadth_a_layer_waits_and_says_so_unless_the_rules_let_vix_decide() -> None:
    said: dict[str, Any] = {"macd_vix": "ynnn", "term_structure": "ynnn", "breadth_realigned": "????"}
    waiting = run([18.0, 15.0, 15.0, 15.0], **said)
    assert path(waiting, "L1") == "TTTT"
    release = rule(waiting, "L1", "L1.release")
    assert release.verdict is Verdict.UNKNOWN
    assert "waits for breadth.realigned" in release.note
    alone = run([18.0, 15.0, 15.0, 15.0], rules_with({"layers.release_needs": ()}), **said)
    assert path(alone, "L1") == "TTrr"


def test_a_missing_vix_changes_nothing() -> None:
    nan = float("nan")
    found = run([18.0, nan, 15.0, nan, 15.0, nan], macd_vix="ynnnnn", term_structure="ynnnnn", **ALWAYS)
    assert path(found, "L1") == "TTTTrr"
    assert path(run([16.5, nan, 12.0]), "L1") == "wwi"
    assert layer_states(run([nan]))[0].next_trigger is None


def test_a_release_ends_when_vix_rises_when_it_triggers_again_or_after_its_time() -> None:
    once: dict[str, Any] = {"macd_vix": "y" + "n" * 19, "term_structure": "y" + "n" * 19, **ALWAYS}
    calm = run([18.0] + [15.0] * 19, **once)
    assert path(calm, "L1") == "TT" + "r" * 10 + "i" * 8
    risen = run([18.0, 15.0, 15.0, 15.0, 16.5], macd_vix="ynnnn", term_structure="ynnnn", **ALWAYS)
    assert path(risen, "L1") == "TTrrw"
    again = run([18.0, 15.0, 15.0, 18.0], macd_vix="y", term_structure="y", **ALWAYS)
    assert path(again, "L1") == "TTrT"
    sign = run([18.0, 15.0, 15.0, 15.0], macd_vix="ynny", term_structure="ynnn", **ALWAYS)
    assert path(sign, "L1") == "TTrr"


def test_hysteresis_between_trigger_and_release() -> None:
    vix = [24.5, 23.5, 24.1, 23.2, 23.9, 23.1, 22.9, 23.6, 22.9, 22.8]
    found = run(vix, macd_vix="y", term_structure="y", **ALWAYS)
    assert path(found, "L2") == "TTTTTTTTTr"


def test_the_live_value_triggers_zones_at_once_and_the_ladder_at_the_close() -> None:
    live = run([15.0, 25.0], provisional=True, macd_vix="y", term_structure="y")
    assert path(live, "L2") == "iT"
    assert all(state.provisional for state in layer_states(live))
    ladder = run([15.0, 25.0], LADDER, provisional=True)
    assert path(ladder, "L2") == "iw"
    assert rule(ladder, "L2", "L2.zone").note == "counts at the close"
    assert path(run([15.0, 25.0], LADDER), "L2") == "iT"


def test_a_live_value_releases_nothing() -> None:
    vix, said = [18.0, 15.0, 15.0], {"macd_vix": "ynn", "term_structure": "ynn", **ALWAYS}
    assert path(run(vix, provisional=True, **said), "L1") == "TTT"
    assert path(run(vix, **said), "L1") == "TTr"


def test_the_next_trigger_and_its_distance() -> None:
    states = {s.id: s for s in layer_states(run([17.9], macd_vix="y", term_structure="y"))}
    assert states["L1"].next_trigger is not None
    assert (states["L1"].next_trigger.vix, states["L1"].next_trigger.distance) == (24.0, 6.1)
    assert states["L3"].next_trigger is not None
    assert (states["L3"].next_trigger.vix, states["L3"].next_trigger.distance) == (30.0, 12.1)
    assert states["SE"].next_trigger == states["L2"].next_trigger
    top = {s.id: s.next_trigger for s in layer_states(run([35.0]))}
    assert set(top.values()) == {None}


def test_the_second_engine_on_demand_or_with_another_layer() -> None:
    asked = run([12.0, 12.0], rules_with({"layers.SE.on_demand": True}))
    assert path(asked, "SE") == "TT"
    assert [r.id for r in reasons(asked, "SE", 1)] == ["SE.on-demand"]
    third = run([25.0, 35.0], rules_with({"layers.SE.with": "L3"}), macd_vix="y", term_structure="y")
    assert path(third, "SE") == "iT"


def test_an_idle_layer_says_what_it_does_not_meet() -> None:
    (watch,) = reasons(run([12.0]), "L1", 0)
    assert (watch.id, watch.reading, watch.threshold, watch.verdict) == ("L1.watch", 12.0, 16.0, Verdict.NO)


def test_no_history_has_no_layers() -> None:
    assert layer_states(run([])) == ()
