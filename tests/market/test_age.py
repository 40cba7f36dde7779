"""Live, delayed, closed, stale, old, none: in hours and out of them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.age import Age, age_state, worst


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("true_at", "at", "delay", "age"),
    [
        ("2026-11-20T10:00", "2026-11-20T10:02", 0, Age.LIVE),
        ("2026-11-20T10:00", "2026-11-20T10:03", 0, Age.DELAYED),
        ("2026-11-20T10:00", "2026-11-20T10:06", 0, Age.STALE),
        ("2026-11-20T10:00", "2026-11-20T10:20", 20, Age.DELAYED),
        ("2026-11-20T10:00", "2026-11-20T10:25", 20, Age.DELAYED),
        ("2026-11-20T10:00", "2026-11-20T10:26", 20, Age.STALE),
        ("2026-11-20T09:20", "2026-11-20T09:40", 20, Age.DELAYED),
        ("2026-11-20T09:20", "2026-11-20T09:46", 20, Age.OLD),
        ("2026-11-19T16:10", "2026-11-20T10:00", 20, Age.OLD),
        ("2026-11-20T16:15", "2026-11-20T16:40", 20, Age.CLOSED),
        ("2026-11-20T15:40", "2026-11-22T12:00", 20, Age.CLOSED),
        ("2026-11-20T15:30", "2026-11-22T12:00", 20, Age.STALE),
        ("2026-11-19T16:15", "2026-11-22T12:00", 20, Age.OLD),
        ("2026-11-20T16:15", "2026-11-23T09:00", 20, Age.CLOSED),
        ("2026-11-20T16:15", "2026-11-23T09:30", 20, Age.OLD),
        ("2026-11-27T12:55", "2026-11-27T14:00", 20, Age.CLOSED),
        ("2026-11-20T08:00", "2026-11-20T08:01", 15, Age.LIVE),
    ],
)
def test_the_age_of_a_quote(true_at: str, at: str, delay: int, age: Age) -> None:
    assert age_state(new_york(true_at), new_york(at), timedelta(minutes=delay)) is age


def test_what_was_never_quoted_has_no_age() -> None:
    assert age_state(None, new_york("2026-11-20T10:00")) is Age.NONE


def test_a_derived_figure_is_as_old_as_its_worst_input() -> None:
    assert worst([Age.LIVE, Age.STALE, Age.DELAYED]) is Age.STALE
    assert worst([Age.DELAYED, Age.CLOSED]) is Age.CLOSED
    assert worst([Age.OLD, Age.NONE]) is Age.NONE
    assert worst([]) is Age.NONE


@given(
    minutes=st.integers(0, 20_000),
    more=st.integers(0, 10_000),
    at=st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20)),  # noqa: DTZ001
)
def test_an_older_quote_is_never_judged_better(minutes: int, more: int, at: datetime) -> None:
    now, order = at.replace(tzinfo=NEW_YORK), list(Age)
    newer, older = now - timedelta(minutes=minutes), now - timedelta(minutes=minutes + more)
    delay = timedelta(minutes=20)
    assert order.index(age_state(newer, now, delay)) <= order.index(age_state(older, now, delay))
