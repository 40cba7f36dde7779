"""How old is old, in hours and out of them."""

from datetime import date, datetime, timedelta

import pytest

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.freshness import age_of, closes_state, last_closed, source_state
from alvh_tui.market.types import MarketSnapshot


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("quoted", "at", "delay", "state"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:02", 0, "fresh"),
        ("2026-11-20T10:05", "2026-11-20T10:02", 0, "fresh"),
        ("2026-11-20T10:00", "2026-11-20T10:03", 0, "delayed"),
        ("2026-11-20T10:00", "2026-11-20T10:20", 0, "delayed"),
        ("2026-11-20T10:00", "2026-11-20T10:21", 0, "stale"),
        ("2026-11-20T10:00", "2026-11-20T10:21", 15, "stale"),
        ("2026-11-20T10:00", "2026-11-20T10:25", 20, "delayed"),
        ("2026-11-20T10:00", "2026-11-20T10:26", 20, "stale"),
        ("2026-11-20T15:59", "2026-11-20T17:00", 0, "delayed"),
        ("2026-11-20T15:40", "2026-11-22T12:00", 15, "delayed"),
        ("2026-11-20T15:39", "2026-11-22T12:00", 15, "stale"),
        ("2026-11-20T16:14", "2026-11-23T09:29", 0, "delayed"),
        ("2026-11-20T16:14", "2026-11-23T09:30", 0, "stale"),
        ("2026-11-25T16:00", "2026-11-26T12:00", 0, "delayed"),
        ("2026-11-27T12:50", "2026-11-27T13:20", 0, "delayed"),
        ("2026-11-27T12:30", "2026-11-27T13:20", 0, "stale"),
    ],
)
def test_the_state_of_a_source(quoted: str, at: str, delay: int, state: str) -> None:
    assert source_state(new_york(quoted), new_york(at), timedelta(minutes=delay)) == state


def test_quotes_of_unknown_age_are_stale() -> None:
    assert source_state(None, new_york("2026-11-20T10:00")) == "stale"


def test_a_quote_without_a_time_is_as_old_as_the_snapshot_and_its_delay() -> None:
    snapshot = MarketSnapshot(new_york("2026-11-20T10:00"), delay=timedelta(minutes=15))
    at = new_york("2026-11-20T10:01")
    assert age_of(None, snapshot, at) == timedelta(minutes=16)
    assert age_of(new_york("2026-11-20T09:59"), snapshot, at) == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-20T16:01", "fresh"),
        ("2026-11-23T15:59", "fresh"),
        ("2026-11-23T16:00", "delayed"),
        ("2026-11-24T00:00", "stale"),
    ],
)
def test_the_state_of_daily_closes(at: str, state: str) -> None:
    assert closes_state(date(2026, 11, 20), new_york(at)) == state


def test_the_last_closed_session() -> None:
    assert last_closed(new_york("2026-11-27T12:59")) == date(2026, 11, 25)
    assert last_closed(new_york("2026-11-27T13:00")) == date(2026, 11, 27)
    assert last_closed(new_york("2026-11-29T13:00")) == date(2026, 11, 27)
