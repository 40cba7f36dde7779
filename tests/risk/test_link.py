"""The spot–vol link: what it estimates, what it refuses to, and the method's formulas."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import add_sessions, sessions
from alvh_tui.market.types import History
from alvh_tui.risk.link import SpotVolLink, estimate_link
from tests.risk.worlds import METHOD_LINK

TODAY = date(2026, 11, 20)
Floats = NDArray[np.float64]


def history_of(percent: Floats, points: Floats, last: date = TODAY) -> History:
    """Closes that make these moves of SPX (per cent) and VIX (points), the last one on `last`."""
    days = sessions(add_sessions(last, -len(percent)), last)
    spx = 5000.0 * np.cumprod(np.concatenate([[1.0], 1.0 + percent / 100.0]))
    vix = 500.0 + np.concatenate([[0.0], np.cumsum(points)])
    return History(np.array(days, dtype="datetime64[D]"), {"spx": spx, "vix": vix})


def moves(
    down: float = 1.9, up: float = 0.8, count: int = 250, noise: float = 0.3, seed: int = 7
) -> tuple[Floats, Floats]:
    """Moves with known slopes, some noise, and one day in twenty gone mad."""
    rng = np.random.RandomState(7)
    percent = rng.normal(0.0, 1.0, count)
    points = -np.where(percent < 0, down, up) * percent + rng.normal(0.0, noise, count)
    points[::20] += rng.choice([-25.0, 25.0], len(points[::20]))
    return percent, points


def least_absolute_slope(percent: Floats, points: Floats) -> float:
    """The slope through the origin with the smallest sum of absolute errors, by trying them all."""
    slopes = np.arange(0.0, 6.0, 0.0005)
    errors = np.abs(points[None, :] + slopes[:, None] * percent[None, :]).sum(axis=1)
    return float(slopes[np.argmin(errors)])


def estimate(history: History | None, today: date = TODAY, **changed: object) -> SpotVolLink:
    return estimate_link(history, today, replace(METHOD_LINK, **changed))  # type: ignore[arg-type]


def test_slopes_are_found_under_outliers() -> None:
    percent, points = moves()
    link = estimate(history_of(percent, points))
    assert link.beta_down == pytest.approx(1.9, abs=0.1)
    assert link.beta_up == pytest.approx(0.8, abs=0.1)
    assert (link.origin, link.origins["beta_down"], link.origins["tenor_level"]) == (
        "history",
        "history",
        "default",
    )
    assert link.sessions == 250


def test_it_is_the_line_of_least_absolute_errors() -> None:
    percent, points = moves(noise=2.0)
    link = estimate(history_of(percent, points))
    falls = percent < 0
    assert link.beta_down == pytest.approx(least_absolute_slope(percent[falls], points[falls]), abs=1e-3)
    assert link.beta_up == pytest.approx(least_absolute_slope(percent[~falls], points[~falls]), abs=1e-3)


@pytest.mark.parametrize(("slope", "kept"), [(5.0, 3.0), (0.1, 0.5), (-1.0, 0.5)])
def test_an_estimate_stays_within_its_bounds(slope: float, kept: float) -> None:
    link = estimate(history_of(*moves(down=slope, up=slope)))
    assert (link.beta_down, link.beta_up) == (kept, kept)


def test_only_the_last_250_sessions_count() -> None:
    old, new = moves(down=0.6, up=0.6, count=400), moves()
    link = estimate(history_of(np.concatenate([old[0], new[0]]), np.concatenate([old[1], new[1]])))
    assert link.beta_down == pytest.approx(estimate(history_of(*new)).beta_down, abs=1e-9)
    assert link.sessions == 250


def test_too_few_falls_fall_back_alone() -> None:
    percent, points = moves()
    percent = np.abs(percent)
    percent[:39] *= -1.0
    points = -np.where(percent < 0, 1.9, 0.8) * percent
    link = estimate(history_of(percent, points))
    assert (link.beta_down, link.origins["beta_down"]) == (1.6, "default")
    assert link.beta_up == pytest.approx(0.8)
    percent[39] *= -1.0
    points = -np.where(percent < 0, 1.9, 0.8) * percent
    assert estimate(history_of(percent, points)).origins["beta_down"] == "history"


def test_a_history_that_ends_too_long_ago_says_nothing_of_today() -> None:
    ended = TODAY - timedelta(days=31)
    old = estimate(history_of(*moves(), last=ended))
    assert (old.beta_down, old.beta_up, old.origin, old.sessions) == (1.6, 1.0, "default", 0)
    assert estimate(history_of(*moves(), last=TODAY - timedelta(days=30))).origin == "history"


@pytest.mark.parametrize(
    "history", [None, History(np.array([], dtype="datetime64[D]"), {"spx": np.array([])})]
)
def test_no_history_leaves_the_defaults(history: History | None) -> None:
    link = estimate(history)
    assert (link.beta_down, link.beta_up, link.tenor_level, link.tenor_days) == (1.6, 1.0, 0.75, 65.0)
    assert (link.origin, link.sessions) == ("default", 0)


def test_days_without_both_closes_are_passed_over() -> None:
    percent, points = moves()
    history = history_of(percent, points)
    holes = {name: column.copy() for name, column in history.series.items()}
    holes["vix"][50] = np.nan
    link = estimate(History(history.days, holes))
    assert link.sessions == 249
    assert link.beta_down == pytest.approx(1.9, abs=0.1)


def test_closes_after_today_change_nothing() -> None:
    percent, points = moves()
    known = estimate(history_of(percent, points))
    later = add_sessions(TODAY, 60)
    wild = history_of(
        np.concatenate([percent, np.full(60, -5.0)]), np.concatenate([points, np.full(60, 15.0)]), later
    )
    assert estimate(wild) == known


def test_what_the_rules_pin_is_not_estimated() -> None:
    link = estimate(history_of(*moves()), pinned={"beta_down": 2.2, "tenor_days": 40.0})
    assert (link.beta_down, link.tenor_days, link.origin) == (2.2, 40.0, "rules")
    assert dict(link.origins) == {
        "beta_down": "rules",
        "beta_up": "history",
        "tenor_level": "default",
        "tenor_days": "rules",
    }
    assert link.sentence == f"VIX +2.2 per −1 %, −{link.beta_up:.1f} per +1 %"


DEFAULT = estimate(None)


@pytest.mark.parametrize(
    ("ratio", "vix", "moved"),
    [
        (0.99, 17.0, 1.6),
        (0.90, 17.0, 16.0),
        (1.0, 17.0, 0.0),
        (1.03, 17.0, -3.0),
        (1.20, 17.0, -8.0),
        (1.20, 9.0, 0.0),
        (1.20, 8.5, 0.0),
        (0.99, 8.5, 1.6),
    ],
)
def test_the_path_of_vix_and_its_floor(ratio: float, vix: float, moved: float) -> None:
    assert float(DEFAULT.vix_move(ratio, vix)) == pytest.approx(moved, abs=1e-9)


@pytest.mark.parametrize(
    ("days", "share"), [(0.0, 0.75), (65.0, 0.375), (26.0, 0.75 / 1.4), (195.0, 0.1875), (-3.0, 0.75)]
)
def test_how_much_of_a_vix_move_reaches_a_forward(days: float, share: float) -> None:
    assert float(DEFAULT.forward_share(days)) == pytest.approx(share)


@pytest.mark.parametrize(
    ("days", "measured"),
    [
        (5.5, 0.68),
        (14.0, 0.64),
        (26.0, 0.55),
        (50.0, 0.45),
        (70.0, 0.33),
        (91.0, 0.28),
        (145.0, 0.21),
        (230.0, 0.15),
    ],
)
def test_that_share_follows_what_the_futures_did(days: float, measured: float) -> None:
    assert float(DEFAULT.forward_share(days)) == pytest.approx(measured, abs=0.04)


@pytest.mark.parametrize(
    ("days", "share"),
    [(0.0, 1.5), (7.0, 1.5), (30.0, 1.0), (120.0, 0.5), (20.0, 1.5**0.5), (13.0, 1.5), (40.0, 0.75**0.5)],
)
def test_how_much_of_a_vix_move_reaches_the_vol_of_an_spx_option(days: float, share: float) -> None:
    assert float(DEFAULT.vol_share(days)) == pytest.approx(share)
