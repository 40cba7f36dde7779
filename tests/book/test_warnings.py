"""What a sound book is told on a given day."""

from datetime import UTC, date, datetime

import pytest

from alvh_tui.book.load import warnings_on
from alvh_tui.instruments.calendar import NEW_YORK
from tests.book.books import CONTRACT_EXAMPLE, adjust, book_of, condor, hedge, spxw

BEFORE = datetime(2026, 11, 20, 12, tzinfo=NEW_YORK)


def said(text: str, now: datetime = BEFORE) -> list[str]:
    return [str(problem) for problem in warnings_on(book_of(text), now)]


def test_nothing_is_said_of_a_book_in_its_time() -> None:
    assert said(CONTRACT_EXAMPLE) == []


@pytest.mark.parametrize(
    ("now", "expired"),
    [
        (datetime(2026, 12, 18, 15, 59, tzinfo=NEW_YORK), False),
        (datetime(2026, 12, 18, 16, 0, tzinfo=NEW_YORK), True),
        (datetime(2026, 12, 18, 21, 0, tzinfo=UTC), True),
    ],
)
def test_a_condor_has_expired_from_the_minute_it_settles(now: datetime, expired: bool) -> None:
    right = [
        "book.toml:2: warning: condor[1].legs: expired on 2026-12-18, "
        "expected it under [[closed]] with what it made"
    ]
    assert said(condor(), now) == (right if expired else [])


def test_an_expired_leg_among_others_is_named() -> None:
    diagonal = hedge(legs='["-6 VIX 2026-12-16 25C", "+6 VIX 2027-01-20 25C"]')
    (line,) = said(diagonal, datetime(2026, 12, 16, 9, 30, tzinfo=NEW_YORK))
    assert "hedge[1].legs: VIX 2026-12-16 25C expired, other legs are still open" in line
    assert said(diagonal, datetime(2026, 12, 16, 9, 29, tzinfo=NEW_YORK)) == []


def test_what_an_adjustment_took_off_does_not_expire() -> None:
    roll = '["+5 SPXW 2026-12-18 6350P/6400P/7100C/7150C", "-5 SPXW 2027-01-15 6350P/6400P/7100C/7150C"]'
    rolled = condor(adjust("condor", "2026-11-16", roll))
    assert said(rolled, datetime(2026, 12, 21, 12, tzinfo=NEW_YORK)) == []


def test_trades_of_tomorrow_are_named() -> None:
    later = condor(adjust("condor", "2026-11-16", spxw("6300P", "+")))
    text = later + '[[closed]]\nid = "x"\nkind = "condor"\nrealised = 1\nclosed = 2026-12-01\n'
    early = ", expected the day it was traded"
    assert said(text, datetime(2026, 11, 3, 23, tzinfo=NEW_YORK)) == [
        f"book.toml:2: warning: condor[1].opened: 2026-11-04 lies in the future{early}",
        f"book.toml:2: warning: condor[1].adjust[1].date: 2026-11-16 lies in the future{early}",
        f"book.toml:11: warning: closed[1].closed: 2026-12-01 lies in the future{early}",
    ]
    assert len(said(text, datetime(2026, 11, 4, 0, tzinfo=NEW_YORK))) == 2


def test_today_counts_to_the_minute_where_the_file_has_minutes() -> None:
    text = condor(opened="2026-11-20T12:01:00")
    assert "2026-11-20 12:01:00-05:00 lies in the future" in said(text)[0]
    assert said(condor(opened="2026-11-20T12:00:00")) == []


@pytest.mark.parametrize(
    ("legs", "named"),
    [
        ("SPXW 2026-12-18 6352P", "steps of 5 for SPXW"),
        ("SPX 2026-12-18 6352.5P", "steps of 5 for SPX"),
        ("XSP 2026-12-18 635.5P", "steps of 1 for XSP"),
        ("VIX 2026-12-16 22.25C", "steps of 0.5 for VIX"),
        ("VIXW 2026-12-23 22.1C", "steps of 0.5 for VIXW"),
        ("SPXW 2026-12-18 6355P", ""),
        ("VIX 2026-12-16 22.5C", ""),
        ("SPY 2026-12-18 635.5P", ""),
    ],
)
def test_strikes_nobody_lists_are_named(legs: str, named: str) -> None:
    lines = said(hedge(legs=f'"+1 {legs}"'))
    assert [named in line for line in lines] == ([True] if named else [])
    if named:
        assert f"{legs} is off the listed grid" in lines[0]


def test_the_day_is_new_yorks() -> None:
    tokyo_morning = datetime(2026, 11, 4, 1, tzinfo=UTC)
    assert len(said(condor(opened=str(date(2026, 11, 4))), tokyo_morning)) == 1


def test_a_root_with_its_letters_in_disorder_is_doubted() -> None:
    (line,) = said(condor(legs='"-5 SPWX 2026-12-18 6350P/6400P/7100C/7150C"'))
    assert "condor[1].legs: SPWX is taken for an equity, expected SPXW if the index was meant" in line
    assert said(hedge(legs='"+5 SPY 2026-12-18 640P"')) == []
    assert said(hedge(legs='"+5 PSX"')) == []
