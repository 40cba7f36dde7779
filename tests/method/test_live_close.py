"""While a session is open only its own close changes: what is kept of those before must change nothing."""

from datetime import datetime

import numpy as np
import pytest
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.simulated import SimulatedFeed
from alvh_tui.market.types import History
from alvh_tui.method import arrays, layers
from alvh_tui.method.arrays import Floats, average, deviation, highest, mean
from alvh_tui.method.closes import Closes, closes_of, with_live
from alvh_tui.method.layers import run_layers
from alvh_tui.method.measure import Measured, measure
from alvh_tui.method.rules import built_in

AT = datetime(2026, 11, 20, 15, 30, tzinfo=NEW_YORK)


@pytest.fixture(scope="module")
def history() -> History:
    history = SimulatedFeed().snapshot((), AT).history
    assert history is not None
    return history


def forget() -> None:
    arrays._average_path.cache_clear()
    arrays._rolled.cache_clear()
    layers._walked.cache_clear()


def plain_average(values: Floats, sessions: int, weight: float) -> list[float]:
    level = float(np.mean(values[:sessions]))
    path = [float("nan")] * (sessions - 1) + [level]
    for value in values[sessions:].tolist():
        level += weight * (value - level)
        path.append(level)
    return path[: len(values)]


@pytest.mark.parametrize("rows", [1, 9, 10, 11, 12, 60])
def test_an_average_is_the_one_worked_out_step_by_step(rows: int) -> None:
    values = np.random.default_rng(rows).normal(20.0, 4.0, rows)
    expected = plain_average(values, 10, 0.2) if rows >= 10 else [float("nan")] * rows
    np.testing.assert_array_equal(average(values, 10, 0.2), expected)


@pytest.mark.parametrize("rows", [4, 5, 6, 40])
def test_windows_are_those_of_every_session_alone(rows: int) -> None:
    values = np.random.default_rng(rows).normal(20.0, 4.0, rows)
    windows = [values[end - 5 : end] for end in range(5, rows + 1)]
    unknown = [float("nan")] * min(rows, 4)
    for found, plain in (
        (mean(values, 5), np.mean),
        (highest(values, 5), np.max),
        (deviation(values, 5), lambda window: np.std(window, ddof=1)),
    ):
        np.testing.assert_allclose(found, unknown + [float(plain(window)) for window in windows], rtol=1e-13)


def test_another_last_close_changes_nothing_before_it(history: History) -> None:
    calm, wild = (_read(_with(history, vix)) for vix in (15.0, 48.0))
    for name, track in calm.tracks.items():
        np.testing.assert_array_equal(track.verdict[:-1], wild.tracks[name].verdict[:-1])
    assert calm.signal("vix.level").reading == 15.0
    assert wild.signal("vix.level").reading == 48.0
    before, after = run_layers(calm).paths["L3"], run_layers(wild).paths["L3"]
    np.testing.assert_array_equal(before.states[:-1], after.states[:-1])
    assert before.state(-1) != after.state(-1)


@pytest.mark.parametrize("vix", [13.0, 22.5, 31.0, 60.0])
def test_kept_or_worked_out_anew_is_the_same(history: History, vix: float) -> None:
    _everything(_with(history, 19.0))
    kept = _everything(_with(history, vix))
    forget()
    for name, found in _everything(_with(history, vix)).items():
        np.testing.assert_array_equal(kept[name], found, err_msg=name)


def test_what_is_kept_cannot_be_written_to(history: History) -> None:
    path = run_layers(_read(_with(history, 20.0))).paths["L1"]
    path.entered[:] = 7
    assert run_layers(_read(_with(history, 20.0))).paths["L1"].entered.max() != 7


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_the_shortest_histories(history: History, rows: int) -> None:
    short = History(history.days[:rows], {name: column[:rows] for name, column in history.series.items()})
    assert len(run_layers(_read(closes_of(short))).paths["L1"].states) == rows


def _with(history: History, vix: float) -> Closes:
    return with_live(history, AT.date(), {"spx": 6700.0, "vix": vix, "vix3m": 21.0})


def _read(closes: Closes) -> Measured:
    return measure(closes, (), built_in("zones"))


def _everything(closes: Closes) -> dict[str, NDArray[np.generic]]:
    measured = _read(closes)
    found: dict[str, NDArray[np.generic]] = {name: track.reading for name, track in measured.tracks.items()}
    for layer, path in run_layers(measured).paths.items():
        found |= {f"{layer} states": path.states, f"{layer} calm": path.calm_closes}
        found |= {f"{layer} entered": path.entered, f"{layer} passed": path.passed}
    return found
