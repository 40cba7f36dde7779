"""Which source a signal is read from while a session is open, and what stands where none has spoken yet."""

import numpy as np
import pytest

from alvh_tui.instruments.calendar import next_session
from alvh_tui.method.closes import with_live
from alvh_tui.method.layers import run_layers
from alvh_tui.method.measure import Measured, measure
from alvh_tui.method.reasons import reasons
from alvh_tui.method.verdict import UNKNOWN, Verdict
from tests.method.worlds import ZONES, closes, history

COUNT = 120
RNG = np.random.default_rng(3)


def walk(start: float, spread: float) -> list[float]:
    return [float(value) for value in start * np.exp(np.cumsum(RNG.normal(0.0, spread, COUNT)))]


SPX, VIX, VIX3M, VX1, VX2 = (walk(level, spread) for level, spread in ((4000, 0.01), *[(20, 0.05)] * 4))
RSP, SPY, SKEW = walk(150, 0.01), walk(400, 0.01), walk(130, 0.02)
UP = RNG.integers(800, 2000, COUNT).astype(float).tolist()
DOWN = RNG.integers(800, 2000, COUNT).astype(float).tolist()
EVERY = {"spx": SPX, "vix": VIX, "rsp": RSP, "spy": SPY, "advances": UP, "declines": DOWN, "skew": SKEW}


def live(known: dict[str, list[float]], **values: float | None) -> Measured:
    """These closes, and these values in the session after them."""
    before = history(known)
    return measure(with_live(before, next_session(before.days[-1].item()), values), (), ZONES)


def final(known: dict[str, list[float]]) -> Measured:
    return measure(closes(known), (), ZONES)


def test_counts_without_a_live_value_are_not_swapped_for_the_stand_in() -> None:
    now, before = live(EVERY, spx=4100.0, rsp=150.0, spy=400.0), final(EVERY)
    for name in ("breadth.line", "breadth.divergence", "breadth.realigned"):
        signal, stood = now.signal(name), before.signal(name)
        assert signal.reading == stood.reading
        assert signal.verdict == stood.verdict != Verdict.UNKNOWN
        assert not signal.provisional
        assert signal.note == f"{stood.note}, as of {before.closes.day(-1)}"
        assert "advances and declines" in signal.note


def test_a_live_count_is_read_and_marked_provisional() -> None:
    now = live(EVERY, spx=4100.0, advances=2500.0, declines=300.0, rsp=150.0, spy=400.0)
    signal = now.signal("breadth.line")
    assert signal.provisional
    assert signal.note == "by advances and declines"
    ratios = [(up - down) / (up + down) for up, down in zip(UP[-4:], DOWN[-4:], strict=True)]
    assert signal.reading == pytest.approx(sum(ratios) + 2200.0 / 2800.0)


def test_the_stand_in_is_live_where_it_gave_the_close() -> None:
    columns = {name: column for name, column in EVERY.items() if name not in ("advances", "declines")}
    now = live(columns, spx=4100.0, rsp=150.0, spy=400.0)
    signal = now.signal("breadth.line")
    assert signal.provisional
    assert signal.note == "by RSP ÷ SPY as a stand-in"
    assert signal.reading == pytest.approx(np.log(150.0 / 400.0) - np.log(RSP[-5] / SPY[-5]))
    # A count that begins to come in today needs a history before it may speak.
    started = live(columns, spx=4100.0, rsp=150.0, spy=400.0, advances=900.0, declines=800.0)
    assert started.signal("breadth.line").note == "by RSP ÷ SPY as a stand-in"


def test_the_close_itself_may_change_the_source() -> None:
    nan = float("nan")
    known = {name: [*column, 1.01 * column[-1]] for name, column in EVERY.items()}
    known["advances"][-1] = known["declines"][-1] = nan
    assert final(known).signal("breadth.line").note == "by RSP ÷ SPY as a stand-in"


def test_the_line_drawn_is_that_of_the_source_that_is_read() -> None:
    now, before = live(EVERY, spx=4100.0, rsp=150.0, spy=400.0), final(EVERY)
    assert now.signal("breadth.line").series[:-1] == before.signal("breadth.line").series[1:]
    assert now.signal("breadth.line").series[-1] is None


def test_the_curve_may_be_read_from_the_forwards_while_vix3m_is_silent() -> None:
    """Both say the same of the curve: today's forwards are better than yesterday's VIX3M."""
    known = {"vix": VIX, "vix3m": VIX3M, "vx1": VX1, "vx2": VX2}
    signal = live(known, vix=20.0, vx1=30.0, vx2=25.0).signal("term.structure")
    assert signal.reading == pytest.approx(1.2)
    assert signal.provisional
    assert "by VIX forwards" in signal.note
    # Their histograms have opposite signs, and a swap would turn fear into calm.
    curve = live({**known, "vx1": [*VX1[:-1], VX1[-2]]}, vix=20.0, vix3m=19.0).signal("macd.vx-curve")
    assert not curve.provisional
    assert "by front VIX future" in curve.note


def test_whatever_has_no_live_value_stands_as_of_the_close_before() -> None:
    now, before = live(EVERY, spx=SPX[-1], vix=VIX[-1]), final(EVERY)
    skew = now.signal("skew.etf")
    assert (skew.reading, skew.verdict) == (
        before.signal("skew.etf").reading,
        before.signal("skew.etf").verdict,
    )
    assert skew.note == f"as of {before.closes.day(-1)}"
    assert now.signal("vix.rsi").provisional
    assert not skew.provisional


def test_a_crossing_stands_with_its_signal() -> None:
    climbing = [*(15.0 + 0.3 * (row % 2) for row in range(COUNT - 1)), 18.0]
    now = live({"spx": SPX, "vix": climbing}, spx=SPX[-1]).tracks["vix.rsi"]
    assert now.stands
    assert now.crossing is not None
    assert now.crossing[-3:].tolist() == [False, True, True]
    level = live({"spx": SPX, "vix": climbing}, spx=SPX[-1]).tracks["vix.level"]
    assert isinstance(level.threshold, np.ndarray)
    assert level.threshold[-2:].tolist() == [24.0, 24.0]


def test_only_the_session_right_before_may_stand() -> None:
    late = {**EVERY, "skew": SKEW[:-1]}
    signal = live(late, spx=SPX[-1], vix=VIX[-1]).signal("skew.etf")
    assert signal.verdict is Verdict.UNKNOWN
    assert signal.note.startswith("no skew for")


def test_a_final_close_that_is_missing_stays_unknown() -> None:
    nan = float("nan")
    assert final({**EVERY, "skew": [*SKEW[:-1], nan]}).tracks["skew.etf"].verdict[-1] == UNKNOWN


def test_a_confirmation_that_stands_counts_and_names_its_day() -> None:
    quiet = [14.0 + 0.2 * (row % 3) for row in range(COUNT)]
    steep = {**EVERY, "vix": quiet, "skew": [*SKEW[:-1], 1.4 * max(SKEW)]}
    now = live({name: steep[name] for name in ("spx", "vix", "skew")}, spx=SPX[-1], vix=18.5)
    run = run_layers(now)
    assert run.confirming.verdicts["skew.etf"][-1] == 1
    last = len(now.closes.days) - 1
    assert (run.paths["L1"].state(last - 1), run.paths["L1"].state(last)) == ("watch", "triggered")
    read = {reading.id: reading.on for reading in reasons(run, "L1", last)}
    assert (read["skew.etf"], read["L1.zone"]) == (now.closes.day(-2), now.closes.day(-1))
