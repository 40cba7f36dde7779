"""When the condors themselves are reduced."""

from itertools import product

import pytest

from alvh_tui.method.closes import closes_of
from alvh_tui.method.measure import measure
from alvh_tui.method.shrink import shrink, shrink_path
from alvh_tui.method.signal import Signal
from alvh_tui.method.verdict import Verdict, named
from tests.method.worlds import ZONES, closes, episode, measured, rules_with

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN


def told(id: str, verdict: Verdict, reading: float | None = None, note: str = "") -> Signal:  # noqa: A002 - as in the method
    return Signal(id, reading, 0.5, verdict, None, False, note, ())


def of(realised: Verdict, diverging: Verdict, strength: float | None, inflation: Verdict) -> list[Signal]:
    return [
        told("vix.rsi", YES, 70.0),
        told("vol.rv-iv", realised, 1.1, "realised 20 %"),
        told("breadth.divergence", diverging, strength),
        told("macro.inflation", inflation, 0.3),
    ]


@pytest.mark.parametrize(
    ("realised", "diverging", "strength", "inflation", "verdict"),
    [
        (NO, NO, 0.0, NO, NO),
        (YES, NO, 0.0, NO, YES),  # realised over implied alone
        (NO, YES, 1.6, YES, YES),  # pronounced, and inflation rises
        (NO, YES, 1.4, YES, NO),  # minor only
        (NO, YES, 1.6, NO, NO),
        (NO, NO, 1.6, YES, NO),  # strong, but the line does not fall
        (YES, UNKNOWN, None, UNKNOWN, YES),
        (UNKNOWN, NO, 0.0, NO, UNKNOWN),
        (UNKNOWN, YES, 1.6, YES, YES),
        (NO, UNKNOWN, None, YES, UNKNOWN),
        (NO, UNKNOWN, None, NO, NO),
        (NO, YES, 1.6, UNKNOWN, UNKNOWN),
        (NO, YES, 1.4, UNKNOWN, NO),
    ],
)
def test_either_of_two_reasons(
    realised: Verdict, diverging: Verdict, strength: float | None, inflation: Verdict, verdict: Verdict
) -> None:
    found = shrink(of(realised, diverging, strength, inflation), ZONES)
    assert found.verdict is verdict


def test_the_reasons_are_told_with_their_readings() -> None:
    found = shrink(of(NO, YES, 1.6, YES), ZONES)
    assert [(r.id, r.reading, r.threshold, r.verdict) for r in found.rules] == [
        ("vol.rv-iv", 1.1, 0.5, NO),
        ("breadth.divergence", 1.6, 1.5, YES),
        ("macro.inflation", 0.3, 0.5, YES),
    ]
    assert found.rules[0].note == "realised 20 %"


def test_what_counts_as_pronounced_is_the_users() -> None:
    assert shrink(of(NO, YES, 1.6, YES), rules_with({"breadth.pronounced": 1.7})).verdict is NO


def test_without_a_single_close_it_is_unknown_with_its_reasons() -> None:
    found = shrink(measure(closes({"vix": [], "spx": []}), (), ZONES).signals(), ZONES)
    assert found.verdict is UNKNOWN
    assert [r.verdict for r in found.rules] == [UNKNOWN, UNKNOWN, UNKNOWN]


def test_it_never_says_yes_unless_a_known_reason_does() -> None:
    for realised, diverging, inflation in product(Verdict, repeat=3):
        found = shrink(of(realised, diverging, 2.0, inflation), ZONES)
        allowed = realised is YES or (diverging is YES and inflation is YES)
        assert (found.verdict is YES) == allowed


def test_it_reads_the_last_session() -> None:
    for said, verdict in (("nny", YES), ("yyn", NO), ("yy?", UNKNOWN)):
        assert shrink(measured([17.0] * 3, vol_rv_iv=said).signals(), ZONES).verdict is verdict


def test_the_path_through_a_history_says_what_each_evening_said() -> None:
    history = closes_of(episode("2020-march").closes)
    whole = measure(history, (), ZONES)
    path = shrink_path(whole.tracks, ZONES)
    for row in range(len(path) - 25, len(path)):
        evening = measure(history.until(history.day(row)), (), ZONES)
        assert shrink(evening.signals(), ZONES).verdict is named(path[row])
    assert {named(code) for code in path} >= {YES, UNKNOWN}
