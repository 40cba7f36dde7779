"""Every signal against the method's sentence, computed once more in plain loops."""

from math import nan
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.market.types import Event
from alvh_tui.method.crossing import crossed_up
from alvh_tui.method.measure import Measured, measure
from alvh_tui.method.settings import settings
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import NO, UNKNOWN, YES, Verdict
from tests.method import plain
from tests.method.worlds import ZONES, closes, episode, rules_with

COUNT = 200


def walk(seed: int, start: float, spread: float) -> list[float]:
    steps = np.random.default_rng(seed).normal(0.0, spread, COUNT)
    return [float(value) for value in start * np.exp(np.cumsum(steps))]


SPX, VIX, VIX3M = walk(1, 4000.0, 0.011), walk(2, 20.0, 0.06), walk(3, 21.0, 0.03)
VVIX, SKEW, VNQ = walk(4, 95.0, 0.03), walk(5, 130.0, 0.02), walk(6, 90.0, 0.012)
RSP, SPY, VX1 = walk(7, 150.0, 0.011), walk(8, 400.0, 0.011), walk(9, 21.0, 0.04)
SPREAD = [value - 1.5 for value in walk(10, 1.0, 0.05)]
UP = [float(value) for value in np.random.default_rng(11).integers(500, 2500, COUNT)]
DOWN = [float(value) for value in np.random.default_rng(12).integers(500, 2500, COUNT)]


def of(events: tuple[Event, ...] = (), **columns: list[float]) -> Measured:
    return measure(closes(columns), events, ZONES)


def same(found: Measured, signal: str, expected: dict[int, float]) -> None:
    reading = found.tracks[signal].reading
    known = np.full(len(reading), nan)
    known[list(expected)] = list(expected.values())
    np.testing.assert_allclose(reading, known, rtol=1e-9, atol=1e-12)


def yes_rows(found: Measured, signal: str) -> set[int]:
    return set(np.flatnonzero(found.tracks[signal].verdict == YES).tolist())


def test_rsi() -> None:
    found, strength = of(vix=VIX), plain.rsi(VIX, 14)
    same(found, "vix.rsi", strength)
    assert yes_rows(found, "vix.rsi") == {row for row, value in strength.items() if value > 60.0}
    crossed = {row for row in strength if row > 14 and strength[row] > 60.0 >= strength[row - 1]}
    lately = {row + late for row in crossed for late in range(3)} & yes_rows(found, "vix.rsi")
    crossing = found.tracks["vix.rsi"].crossing
    assert crossing is not None
    assert set(np.flatnonzero(crossing).tolist()) == lately


def test_coming_up_from_the_level_itself_is_crossing_it() -> None:
    assert crossed_up(np.array([59.0, 60.0, 61.0, 62.0, 63.0, 64.0]), 60.0, 3).tolist() == [0, 0, 1, 1, 1, 0]
    assert crossed_up(np.array([nan, 61.0, 59.0, 61.0, 60.0]), 60.0, 3).tolist() == [0, 0, 0, 1, 0]


@pytest.mark.parametrize(
    ("signal", "values"),
    [
        ("macd.spx", SPX),
        ("macd.vix", VIX),
        ("macd.vvix-vix", [a / b for a, b in zip(VVIX, VIX, strict=True)]),
        ("macd.vx-curve", [a / b for a, b in zip(VIX3M, VIX, strict=True)]),
    ],
)
def test_macd(signal: str, values: list[float]) -> None:
    found = of(spx=SPX, vix=VIX, vvix=VVIX, vix3m=VIX3M)
    histogram = plain.macd_histogram(values)
    same(found, signal, {row: value for row, value in histogram.items() if row >= 34})
    assert yes_rows(found, signal) == {row for row in range(35, COUNT) if plain.expanding(histogram, row)}


def test_the_curve_is_the_front_future_where_there_is_one() -> None:
    found = of(vix=VIX, vix3m=VIX3M, vx1=[*VX1[:150], *[nan] * 50])
    future = plain.macd_histogram(VX1)
    stand_in = plain.macd_histogram([a / b for a, b in zip(VIX3M, VIX, strict=True)])
    same(found, "macd.vx-curve", {r: (future if r < 150 else stand_in)[r] for r in range(34, COUNT)})
    assert found.tracks["macd.vx-curve"].note(100).endswith("by front VIX future")
    assert found.tracks["macd.vx-curve"].note(160).endswith("by VIX3M ÷ VIX")


def advance_decline_line() -> list[float]:
    total, line = 0.0, []
    for up, down in zip(UP, DOWN, strict=True):
        total += (up - down) / (up + down)
        line.append(total)
    return line


def test_breadth() -> None:
    found, line = of(spx=SPX, advances=UP, declines=DOWN), advance_decline_line()
    same(found, "breadth.line", {row: line[row] - line[row - 5] for row in range(5, COUNT)})
    parted = {row: plain.divergence(SPX, line, row) for row in range(64, COUNT)}
    same(found, "breadth.divergence", {row: strength for row, (_, strength) in parted.items()})
    diverging = {row for row, (parts, strength) in parted.items() if parts and strength >= 0.5}
    assert yes_rows(found, "breadth.divergence") == diverging
    assert diverging
    both_rise = {row for row in parted if SPX[row] > SPX[row - 5] and line[row] > line[row - 5]}
    calm = {row for row in parted if row >= 66 and all(parted[row - back][1] < 0.5 for back in range(3))}
    assert yes_rows(found, "breadth.realigned") == both_rise | calm


def test_the_source_of_breadth_changes_by_the_day_and_is_named() -> None:
    gap = slice(120, 150)
    up, down = UP.copy(), DOWN.copy()
    up[gap], down[gap] = [nan] * 30, [nan] * 30
    found = of(spx=SPX, advances=up, declines=down, rsp=RSP, spy=SPY)
    ratio = [log_rsp - log_spy for log_rsp, log_spy in zip(np.log(RSP), np.log(SPY), strict=True)]
    track = found.tracks["breadth.divergence"]
    assert track.note(119).endswith("by advances and declines")
    assert track.note(130).endswith("by RSP ÷ SPY as a stand-in")
    # After so long a gap the counts start afresh and need 65 sessions before they take over again.
    assert track.note(199).endswith("by RSP ÷ SPY as a stand-in")
    assert track.reading[130] == pytest.approx(plain.divergence(SPX, ratio, 130)[1])
    whole = of(spx=SPX, advances=UP, declines=DOWN, rsp=RSP, spy=SPY)
    np.testing.assert_array_equal(track.reading[:120], whole.tracks["breadth.divergence"].reading[:120])


def test_a_baskets_own_count_comes_before_the_stand_in() -> None:
    found = of(spx=SPX, basket_advances=UP, basket_declines=DOWN, rsp=RSP, spy=SPY)
    assert found.tracks["breadth.line"].note(100) == "by a basket's count"


def test_term_structure() -> None:
    near = [18.0, 18.0, 18.0, 25.0, 18.36, 18.37, nan]
    far = [20.0, 18.0, 18.3, 20.0, 18.0, 18.0, 20.0]
    found = of(vix=near, vix3m=far, vix9d=[17.0] * 7)
    same(found, "term.structure", {row: near[row] / far[row] for row in range(6)})
    assert found.tracks["term.structure"].verdict.tolist() == [NO, NO, NO, YES, NO, YES, UNKNOWN]
    notes = [found.tracks["term.structure"].note(row).split(",")[0] for row in range(6)]
    assert notes == ["contango", "flat", "flat", "backwardation", "flat", "backwardation"]
    assert "flattening over 5 sessions, VIX9D ÷ VIX 0.93" in found.tracks["term.structure"].note(5)
    forwards = of(vix=[18.0], vx1=[22.0], vx2=[20.0])
    assert forwards.tracks["term.structure"].note(0) == "backwardation, by VIX forwards"


def test_realised_against_implied() -> None:
    found = of(spx=SPX, vix=VIX)
    same(found, "vol.rv-iv", {row: plain.realised(SPX, row) * 100.0 / VIX[row] for row in range(20, COUNT)})
    over = {row for row in range(20, COUNT) if plain.realised(SPX, row) * 100.0 / VIX[row] > 1.2}
    assert yes_rows(found, "vol.rv-iv") == over
    assert over


def test_acceleration() -> None:
    found = of(spx=SPX, vix=VIX)
    expected = {row for row in range(6, COUNT) if plain.accelerates(SPX, VIX, row)}
    assert {row for row in yes_rows(found, "vol.acceleration") if row >= 6} == expected
    assert expected
    assert len(expected) < COUNT / 2
    # Before both stretches are known a fall may be seen to speed up, but never to be calm.
    assert set(found.tracks["vol.acceleration"].verdict[:6].tolist()) <= {YES, UNKNOWN}


def test_skew() -> None:
    found = of(skew=SKEW)
    steep = {row: plain.steepness(SKEW, row) for row in range(19, COUNT)}
    same(found, "skew.etf", steep)
    assert yes_rows(found, "skew.etf") == {row for row, value in steep.items() if value > 2.0}


def test_rates() -> None:
    found = of(spx=SPX, t10y3m=SPREAD, dxy=RSP)
    paces = {row: (plain.pace(SPREAD, row), plain.pace(RSP, row)) for row in range(64, COUNT)}
    same(found, "macro.rates", {row: max(pair) for row, pair in paces.items()})
    assert yes_rows(found, "macro.rates") == {row for row, pair in paces.items() if max(pair) > 1.0}


def test_rates_are_published_late_and_stand_for_three_sessions() -> None:
    late = of(t10y3m=[*SPREAD[:190], *[nan] * 10], dxy=[100.0 + value for value in SPREAD])
    track = late.tracks["macro.rates"]
    assert UNKNOWN not in track.verdict[64:193]
    assert track.verdict[193] in (UNKNOWN, YES)
    assert "no t10y3m for" in track.note(195)


def test_correlation() -> None:
    found = of(spx=SPX, vnq=VNQ)
    tight = {row: plain.together(SPX, VNQ, row) for row in range(20, COUNT)}
    change = {row: tight[row] - tight[row - 20] for row in range(40, COUNT)}
    same(found, "macro.correlation", change)
    assert yes_rows(found, "macro.correlation") == {row for row, value in change.items() if value >= 0.1}


def test_disconnect() -> None:
    found = of(spx=SPX, vix=VIX)
    apart = {row: plain.unexplained(SPX, VIX, row) for row in range(61, COUNT)}
    same(found, "vix.disconnect", apart)
    assert yes_rows(found, "vix.disconnect") == {row for row, value in apart.items() if abs(value) > 2.0}


def test_disconnect_reads_a_pinned_link() -> None:
    from alvh_tui.method.rules import make_rules

    pinned = measure(closes({"spx": SPX, "vix": VIX}), (), make_rules("mine", {}, {"beta_down": 3.0}))
    assert pinned.tracks["vix.disconnect"].reading[100] == pytest.approx(
        plain.unexplained(SPX, VIX, 100, down=3.0)
    )


def test_bid_needs_all_four_to_be_known() -> None:
    rising = [4000.0 * 1.002**row + wiggle for row, wiggle in enumerate(walk(13, 20.0, 0.1))]
    found = of(spx=rising, vix=VIX, advances=UP, declines=DOWN)
    track = found.tracks["bid.underlying"]
    assert track.reading[100] == pytest.approx(rising[100] / np.mean(rising[51:101]) - 1.0)
    assert YES not in track.verdict
    quiet = int(np.flatnonzero(found.tracks["breadth.divergence"].verdict == NO)[0])
    assert track.verdict[quiet] == UNKNOWN
    assert track.note(quiet) == "waits for macro.inflation, waits for macro.rates"
    falling = of(spx=rising[::-1], vix=VIX, advances=UP, declines=DOWN).tracks["bid.underlying"]
    assert falling.verdict[100] == NO


def test_level_and_zone() -> None:
    vix = [16.99, 17.0, 22.5, 24.0, 29.5, 30.0, nan]
    track = of(vix=vix).tracks["vix.level"]
    assert track.verdict.tolist() == [NO, YES, YES, YES, YES, YES, UNKNOWN]
    assert [track.note(row) for row in range(7)] == [
        "below L1, 0.01 to 17",
        "in L1's zone, 7.00 to 24",
        "above L1's zone, which goes on, 1.50 to 24",
        "in L2's zone, 6.00 to 30",
        "above L2's zone, which goes on, 0.50 to 30",
        "in L3's zone",
        "no vix for 2019-01-10",
    ]


def test_too_short_a_history_says_what_it_needs() -> None:
    short = of(spx=SPX[:20], vix=VIX[:20], skew=SKEW[:10], advances=UP[:20], declines=DOWN[:20])
    said = {signal.id: signal for signal in short.signals()}
    assert said["macd.vix"].note == "VIX: needs 35 sessions, has 20"
    assert said["vol.rv-iv"].note == "needs 21 sessions, has 20"
    assert "needs 65 sessions, has 20" in said["breadth.divergence"].note
    assert said["skew.etf"].note == "no skew for 2019-01-30"
    assert said["macro.correlation"].note == "no vnq in the history"
    for name in ("macd.vix", "vol.rv-iv", "breadth.divergence", "skew.etf", "macro.correlation"):
        assert said[name].verdict is Verdict.UNKNOWN
        assert said[name].reading is None
        assert set(said[name].series) <= {None}


def test_one_close_more_than_too_few() -> None:
    assert of(vix=VIX[:34]).signals()[1].id == "vix.level"
    for needed, name in ((15, "vix.rsi"), (35, "macd.vix")):
        few, enough = of(vix=VIX[: needed - 1]).signal(name), of(vix=VIX[:needed]).signal(name)
        assert few.reading is None
        assert few.note.endswith(f"needs {needed} sessions, has {needed - 1}")
        assert enough.reading is not None


def test_a_long_gap_starts_the_averages_afresh_and_a_short_one_does_not() -> None:
    def with_gap(length: int) -> Measured:
        return of(vix=[*VIX[:100], *[nan] * length, *VIX[100:]])

    short, long = with_gap(3), with_gap(4)
    assert short.tracks["vix.rsi"].reading[103] == pytest.approx(plain.rsi(VIX, 14)[100])
    assert short.tracks["vix.rsi"].note(101) == "no vix for 2019-05-29"
    assert long.tracks["vix.rsi"].note(110) == "needs 15 sessions, has 7"
    assert long.tracks["vix.rsi"].reading[104 + 50] == pytest.approx(plain.rsi(VIX[100:], 14)[50])


def test_no_history_at_all() -> None:
    for signal in of(vix=[]).signals():
        assert signal.verdict is Verdict.UNKNOWN
        assert signal.note == "no closes at all"


def test_a_series_that_does_not_move_gives_no_reading() -> None:
    flat = of(
        spx=[4000.0] * 100, vix=[20.0] * 100, skew=[130.0] * 100, advances=UP[:100], declines=DOWN[:100]
    )
    for name in ("vix.rsi", "skew.etf", "breadth.divergence"):
        found = flat.signal(name)
        assert found.verdict is Verdict.UNKNOWN, name
        assert "has not moved" in found.note, name


def test_a_signal_as_of_the_last_session() -> None:
    found = of(vix=[*VIX[:100], *[60.0 + row for row in range(5)]])
    signal = found.signal("vix.rsi")
    assert signal.verdict is Verdict.YES
    assert signal.threshold == 60.0
    assert signal.since == found.closes.day(100)
    assert not signal.provisional
    assert len(signal.series) == 60
    assert signal.series[-1] == signal.reading


def test_every_signal_has_its_sentence_its_source_and_numbers_that_exist() -> None:
    for name, unit in units().items():
        assert unit.entry.id == name
        assert unit.entry.sentence.endswith(".")
        assert set(unit.entry.source.split()) <= {"S0", "S1", "S2", "S3", "S4"}
        for key in unit.entry.keys:
            assert any(s == key or s.startswith(f"{key}.") for s in settings()), (name, key)


def test_the_rules_files_numbers_are_the_ones_that_count() -> None:
    mine = rules_with({"vix.rsi.period": 7, "vix.rsi.level": 50.0, "skew.etf.sessions": 10, "macd.slow": 30})
    found = measure(closes({"vix": VIX, "skew": SKEW}), (), mine)
    same(found, "vix.rsi", plain.rsi(VIX, 7))
    assert yes_rows(found, "vix.rsi") == {row for row, value in plain.rsi(VIX, 7).items() if value > 50.0}
    histogram = plain.macd_histogram(VIX, slow=30)
    assert found.tracks["macd.vix"].reading[60] == pytest.approx(histogram[60])
    assert np.isfinite(found.tracks["skew.etf"].reading).sum() == COUNT - 9


def test_golden_rsi(shared: Path) -> None:
    from alvh_tui.cli.histories import read_daily_history
    from alvh_tui.method.closes import closes_of

    found = measure(closes_of(read_daily_history(shared / "data" / "history.csv.gz", None).closes), (), ZONES)
    for day, value in (("2018-02-05", 91.04), ("2020-03-16", 72.30), ("2024-08-05", 87.06)):
        row = int(np.searchsorted(found.closes.days, np.datetime64(day)))
        assert found.tracks["vix.rsi"].reading[row] == pytest.approx(value, abs=0.005)


def test_rsi_of_a_cut_episode_is_near_the_one_of_all_history() -> None:
    from alvh_tui.method.closes import closes_of

    found = measure(closes_of(episode("2018-february").closes), (), ZONES)
    row = int(np.searchsorted(found.closes.days, np.datetime64("2018-02-05")))
    assert found.tracks["vix.rsi"].reading[row] == pytest.approx(91.04, abs=0.01)
