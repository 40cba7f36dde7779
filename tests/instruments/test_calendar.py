"""Sessions against an independent calendar, expiries against the worked examples and the real chains."""

import csv
import gzip
import time as clock
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.instruments import calendar
from alvh_tui.instruments.calendar import (
    NEW_YORK,
    add_sessions,
    expiries,
    expiry_fault,
    is_expiry,
    is_session,
    last_trade_instant,
    minutes_left,
    monthly_expiry,
    next_session,
    previous_session,
    session_close,
    session_state,
    sessions,
    sessions_between,
    settlement_instant,
    vix_settlement,
)

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.filterwarnings("ignore:Series.values:DeprecationWarning")
def test_sessions_and_early_closes_agree_with_an_independent_calendar() -> None:
    import exchange_calendars

    theirs = exchange_calendars.get_calendar("XNYS", start="2000-01-01", end="2027-12-31")
    ours = sessions(date(2000, 1, 1), date(2027, 12, 31))
    assert ours == tuple(day.date() for day in theirs.sessions)
    early = [day for day in ours if session_close(day) != time(16)]
    assert early == [day.date() for day in theirs.early_closes]
    assert {session_close(day) for day in early if day.year >= 2015} == {time(13)}


@pytest.mark.parametrize("day", ["2001-09-11", "2012-10-29", "2018-12-05", "2025-01-09"])
def test_one_off_closures_are_no_sessions(day: str) -> None:
    assert not is_session(date.fromisoformat(day))
    assert calendar.closure_name(date.fromisoformat(day))


def test_a_new_year_on_saturday_leaves_the_friday_before_open() -> None:
    assert is_session(date(2021, 12, 31))


@given(DAYS, st.integers(-30, 30))
def test_counting_sessions_is_the_reverse_of_adding_them(day: date, n: int) -> None:
    start = next_session(day)
    assert sessions_between(start, add_sessions(start, n)) == n


@given(DAYS, DAYS)
def test_sessions_between_counts_the_days_after_the_first_up_to_the_last(a: date, b: date) -> None:
    a, b = min(a, b), max(a, b)
    assert sessions_between(a, b) == len(sessions(a + timedelta(days=1), b)) == -sessions_between(b, a)
    assert previous_session(next_session(a)) <= a < next_session(a)


def test_settlement_minutes_of_the_worked_examples(golden: dict[str, dict[str, Any]]) -> None:
    roots = {"SPXW": "SPXW", "SPX": "SPX", "VIX": "VIX", "DST": "SPXW", "Early": "SPXW"}
    for given_, expected in zip(golden["G01"]["inputs"], golden["G01"]["outputs"], strict=True):
        now, expiry = datetime.fromisoformat(given_["now"]), datetime.fromisoformat(given_["expiry"])
        settles = settlement_instant(roots[given_["case"].split()[0]], expiry.date())
        assert settles == expiry, given_["case"]
        assert (settles.timestamp() - now.timestamp()) / 60 == expected["minutes"], given_["case"]


def test_vix_settlements_of_the_worked_examples(golden: dict[str, dict[str, Any]]) -> None:
    for row in golden["G02"]["outputs"]:
        year, month = map(int, row["month"].split("-"))
        settles = vix_settlement(year, month)
        assert settles == date.fromisoformat(row["vix_settlement"])
        assert f"{settles:%a}" == row["weekday"]
        following = monthly_expiry(year + month // 12, month % 12 + 1)
        assert following == date.fromisoformat(row["spx_expiry_30d_later"])


def test_the_root_decides_the_settlement(golden: dict[str, dict[str, Any]]) -> None:
    for row in golden["G17"]["outputs"]:
        if "root" in row:
            settles = settlement_instant(row["root"], date.fromisoformat(row["expiry"]))
            assert f"{settles:%H:%M}" == row["expiry_time_et"]


def test_the_last_minute_of_trading() -> None:
    third_friday = date(2026, 12, 18)
    assert last_trade_instant("SPX", third_friday) == new_york("2026-12-17T16:15")
    assert last_trade_instant("SPXW", third_friday) == new_york("2026-12-18T16:00")
    assert last_trade_instant("VIX", date(2026, 12, 16)) == new_york("2026-12-15T16:15")
    assert last_trade_instant("VX", date(2026, 12, 16)) == new_york("2026-12-16T09:00")
    assert last_trade_instant("SPXW", date(2026, 11, 27)) == new_york("2026-11-27T13:00")
    assert last_trade_instant("SPY", third_friday) == new_york("2026-12-18T16:00")


@pytest.mark.parametrize("year", range(2015, 2028))
def test_each_vix_settlement_is_thirty_days_before_an_spx_expiry_or_moved_by_a_holiday(year: int) -> None:
    for day in expiries("VX", date(year, 1, 1), date(year, 12, 31)):
        if day.weekday() == 2:
            assert is_session(day + timedelta(days=30))
        else:
            wednesday = day + timedelta(days=1)
            assert day.weekday() == 1
            assert not (is_session(wednesday) and is_session(wednesday + timedelta(days=30)))


def test_every_week_has_one_vix_settlement_and_it_is_either_monthly_or_weekly() -> None:
    first, last = date(2024, 1, 1), date(2027, 12, 31)
    monthly, weekly = expiries("VIX", first, last), expiries("VIXW", first, last)
    assert expiries("VX", first, last) == expiries("VXM", first, last) == tuple(sorted(monthly + weekly))
    assert len(monthly) == 48
    gaps = {(later - earlier).days for earlier, later in pairwise(sorted(monthly + weekly))}
    assert gaps <= {6, 7, 8}


def test_the_weekly_before_christmas_is_moved_by_the_friday_thirty_days_later() -> None:
    assert is_expiry("VIXW", date(2026, 11, 24))
    fault = expiry_fault("VIXW", date(2026, 11, 25))
    assert fault is not None
    assert "2026-12-25 (Christmas Day)" in fault[0]
    assert "2026-11-24" in fault[1]


@pytest.mark.parametrize(
    ("root", "day", "what", "expected"),
    [
        ("SPXW", "2026-12-19", "Saturday", "expected 2026-12-18 or 2026-12-21"),
        ("SPXW", "2026-12-25", "Christmas Day", "expected 2026-12-24 or 2026-12-28"),
        (
            "SPX",
            "2026-12-11",
            "not a third Friday",
            "expected SPXW 2026-12-11, or SPX 2026-11-20 or 2026-12-18",
        ),
        ("SPX", "2026-06-19", "Juneteenth", "expected 2026-06-18 or 2026-07-17"),
        ("VIX", "2026-12-09", "weekly", "expected VIXW 2026-12-09, or VIX 2026-11-18 or 2026-12-16"),
        ("VIXW", "2026-12-16", "monthly", "expected VIX 2026-12-16, or VIXW 2026-12-09 or 2026-12-23"),
        ("VIX", "2026-05-20", "2026-06-19", "expected 2026-05-19 or 2026-06-17"),
        ("VX", "2026-12-17", "a Thursday", "expected 2026-12-16 or 2026-12-23"),
        ("SPY", "2026-11-26", "Thanksgiving Day", "expected 2026-11-25 or 2026-11-27"),
        ("SPXW", "9999-12-31", "beyond every exchange calendar", "expected a date from 1970 to 2099"),
        ("VIX", "0001-01-01", "beyond every exchange calendar", "expected a date from 1970 to 2099"),
    ],
)
def test_a_wrong_expiry_names_the_right_ones(root: str, day: str, what: str, expected: str) -> None:
    fault = expiry_fault(root, date.fromisoformat(day))
    assert fault is not None
    assert what in fault[0]
    assert fault[1] == expected


@given(st.sampled_from(["SPX", "SPXW", "XSP", "VIX", "VIXW", "VX", "VXM", "SPY"]), st.dates())
def test_a_day_is_at_fault_exactly_where_the_root_does_not_list_it(root: str, day: date) -> None:
    fault = expiry_fault(root, day)
    if day.year not in calendar.KNOWN_YEARS:
        assert fault is not None
        return
    listed = expiries(root, day, day) == (day,)
    assert (fault is None) == listed == is_expiry(root, day)


def test_the_expiries_of_the_real_chains_are_listed(shared: Path) -> None:
    for market in sorted((shared / "data" / "markets").iterdir()):
        with gzip.open(market / "chains.csv.gz", "rt") as file:
            held = {(row["root"], row["expiry"]) for row in csv.DictReader(file)}
        assert held
        assert [pair for pair in held if expiry_fault(pair[0], date.fromisoformat(pair[1]))] == []


def test_the_settlements_of_the_real_futures_are_the_derived_ones(shared: Path) -> None:
    with gzip.open(shared / "data" / "vx_futures.csv.gz", "rt") as file:
        held = sorted({date.fromisoformat(row["expiry"]) for row in csv.DictReader(file)})
    assert len(held) > 100
    assert set(held) <= set(expiries("VIX", held[0], held[-1]))


def test_the_real_history_has_every_session_and_no_other_day(shared: Path) -> None:
    with gzip.open(shared / "data" / "history.csv.gz", "rt") as file:
        held = tuple(date.fromisoformat(row["date"]) for row in csv.DictReader(file))
    assert held == sessions(held[0], held[-1])


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        ("2026-11-20T03:59", "closed"),
        ("2026-11-20T04:00", "pre"),
        ("2026-11-20T09:30", "open"),
        ("2026-11-20T16:14", "open"),
        ("2026-11-20T16:15", "post"),
        ("2026-11-20T20:00", "closed"),
        ("2026-11-27T13:10", "open"),
        ("2026-11-27T13:15", "post"),
        ("2026-11-26T12:00", "holiday"),
        ("2026-11-21T12:00", "closed"),
    ],
)
def test_the_session_at_a_moment(moment: str, state: str) -> None:
    at = new_york(moment)
    assert session_state(at) == state
    assert session_state(at.astimezone(tz=None)) == state


def test_minutes_left_of_a_session() -> None:
    assert minutes_left(new_york("2026-11-20T15:30")) == 30
    assert minutes_left(new_york("2026-11-27T12:00")) == 60
    assert minutes_left(new_york("2026-11-20T16:05")) is None
    assert minutes_left(new_york("2026-11-21T12:00")) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        session_state(datetime(2026, 11, 20, 12))  # noqa: DTZ001 - the naive time is what is tested


def test_ten_thousand_lookups_are_quick() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n % 700) for n in range(10_000)]
    best = float("inf")
    for _ in range(3):
        start = clock.process_time()
        for day in days:
            is_expiry("VIXW", day)
            is_session(day)
        best = min(best, clock.process_time() - start)
    assert best < 0.05
