"""Closes on the grid of exchange sessions."""

from datetime import date

import numpy as np
import pytest

from alvh_tui.market.types import History
from alvh_tui.method.closes import closes_of, with_live


def make(days: list[str], **columns: list[float]) -> History:
    series = {name: np.array(column, dtype=float) for name, column in columns.items()}
    return History(np.array(days, dtype="datetime64[D]"), series)


def test_days_without_a_session_do_not_count_and_missing_sessions_are_unknown() -> None:
    found = closes_of(make(["2026-07-02", "2026-07-03", "2026-07-08"], vix=[15.0, 16.0, 17.0]))
    assert [str(day) for day in found.days] == ["2026-07-02", "2026-07-06", "2026-07-07", "2026-07-08"]
    np.testing.assert_array_equal(found.column("vix"), [15.0, np.nan, np.nan, 17.0])
    assert np.isnan(found.column("spx")).all()


def test_what_no_close_can_be_is_unknown() -> None:
    days = ["2026-07-06", "2026-07-07", "2026-07-08", "2026-07-09"]
    found = closes_of(
        make(
            days,
            spx=[0.0, -1.0, np.inf, 6800.0],
            t10y3m=[-0.5, 0.0, 0.4, np.nan],
            advances=[0.0, 0.0, 900.0, -3.0],
            declines=[5.0, 0.0, 800.0, 4.0],
        )
    )
    np.testing.assert_array_equal(found.column("spx"), [np.nan, np.nan, np.nan, 6800.0])
    np.testing.assert_array_equal(found.column("t10y3m"), [-0.5, 0.0, 0.4, np.nan])
    np.testing.assert_array_equal(found.column("advances"), [0.0, np.nan, 900.0, np.nan])
    np.testing.assert_array_equal(found.column("declines"), [5.0, np.nan, 800.0, 4.0])


@pytest.mark.parametrize("days", [["2026-07-07", "2026-07-06"], ["2026-07-07", "2026-07-07"]])
def test_days_that_do_not_rise_are_refused(days: list[str]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        closes_of(make(days, vix=[15.0, 16.0]))


def test_the_live_value_is_a_provisional_last_close() -> None:
    known = make(["2026-07-06", "2026-07-07"], vix=[15.0, 16.0], spx=[6800.0, 6810.0])
    live = with_live(known, date(2026, 7, 8), {"vix": 17.5, "spx": None, "vix9d": 18.0})
    assert live.provisional
    assert str(live.days[-1]) == "2026-07-08"
    np.testing.assert_array_equal(live.column("vix"), [15.0, 16.0, 17.5])
    np.testing.assert_array_equal(live.column("spx"), [6800.0, 6810.0, np.nan])
    np.testing.assert_array_equal(live.column("vix9d"), [np.nan, np.nan, 18.0])
    assert not live.until(date(2026, 7, 7)).provisional


def test_a_live_value_replaces_the_days_own_row_and_forgets_the_days_after() -> None:
    known = make(["2026-07-06", "2026-07-07", "2026-07-08"], vix=[15.0, 16.0, 40.0])
    live = with_live(known, date(2026, 7, 7), {"vix": 17.5})
    np.testing.assert_array_equal(live.column("vix"), [15.0, 17.5])


def test_on_a_weekend_the_last_close_stays_the_last() -> None:
    known = make(["2026-07-09", "2026-07-10"], vix=[15.0, 16.0])
    live = with_live(known, date(2026, 7, 11), {"vix": 17.5})
    assert not live.provisional
    np.testing.assert_array_equal(live.column("vix"), [15.0, 16.0])


def test_nothing_at_all() -> None:
    assert len(closes_of(make([])).days) == 0
    assert len(with_live(make([]), date(2026, 7, 8), {"vix": 17.5}).days) == 1
