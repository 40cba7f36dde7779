"""The sample books on any other day: valid, in order, and with their comments."""

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.book.load import parse_book, warnings_on
from alvh_tui.book.model import Book
from alvh_tui.book.samples import ANCHOR, SAMPLES, Sample
from alvh_tui.book.shift import shift_book_text
from alvh_tui.instruments.calendar import NEW_YORK, is_monthly_expiry, is_vix_settlement

TODAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
EXPIRIES = re.compile(r"\b([A-Z]{3,4}) (\d{4}-\d{2}-\d{2})")


def loaded(sample: Sample, today: date) -> Book:
    result = parse_book(sample.text_on(today), sample.path)
    assert result.problems == ()
    assert result.book is not None
    just_after_midnight = datetime.combine(today, time(0, 1), NEW_YORK)
    assert warnings_on(result.book, just_after_midnight) == ()
    return result.book


@pytest.mark.parametrize("name", SAMPLES)
def test_on_its_own_day_a_sample_stays_as_it_is(name: str) -> None:
    sample = SAMPLES[name]
    assert sample.text_on(ANCHOR) == sample.path.read_text(encoding="utf-8")
    loaded(sample, ANCHOR)


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=60)
@given(today=TODAYS)
def test_a_sample_is_valid_on_any_day(name: str, today: date) -> None:
    book = loaded(SAMPLES[name], today)
    before = loaded(SAMPLES[name], ANCHOR)
    for held, then in zip(book.positions, before.positions, strict=True):
        assert held.opened_on <= today
        assert all(day > today for day in held.expiries)
        for now, once in zip(held.expiries, then.expiries, strict=True):
            assert abs((now - today).days - (once - ANCHOR).days) <= 20
        for leg, old in zip(held.legs, then.legs, strict=True):
            assert leg.contract.root == old.contract.root
            if leg.contract.root.startswith("SPXW"):
                assert leg.contract.expiry is not None
                assert old.contract.expiry is not None
                assert abs((leg.contract.expiry - today).days - (old.contract.expiry - ANCHOR).days) <= 4
        on = [held.opened_on, *(adjustment.on for adjustment in held.adjustments)]
        assert sorted(map(str, on)) == list(map(str, on))


@pytest.mark.parametrize("name", SAMPLES)
@given(today=TODAYS)
def test_expiries_keep_their_order_and_their_class(name: str, today: date) -> None:
    text = SAMPLES[name].path.read_text(encoding="utf-8")
    pairs = zip(EXPIRIES.findall(text), EXPIRIES.findall(SAMPLES[name].text_on(today)), strict=True)
    moved = {(root, date.fromisoformat(old)): date.fromisoformat(new) for (root, old), (_, new) in pairs}
    for root in ("SPX", "SPXW", "VIX"):
        of_root = sorted((old, new) for (its, old), new in moved.items() if its == root)
        assert all(earlier[1] < later[1] for earlier, later in pairwise(of_root))
        for _, new in of_root:
            assert root != "SPX" or is_monthly_expiry(new)
            assert root != "VIX" or is_vix_settlement(new)


@pytest.mark.parametrize("name", SAMPLES)
def test_all_but_the_dates_is_kept(name: str) -> None:
    def without_dates(text: str) -> str:
        return re.sub(r"\d{4}-\d{2}-\d{2}|(?<=SPX)\d{6}(?=P)", "…", text)

    text = SAMPLES[name].path.read_text(encoding="utf-8")
    assert without_dates(SAMPLES[name].text_on(date(2028, 2, 29))) == without_dates(text)


@pytest.mark.parametrize(
    ("text", "today", "moved"),
    [
        ("SPXW 2026-12-11 6400P", date(2027, 3, 8), "SPXW 2027-03-25 6400P"),
        ("SPX 2026-12-18 6400P", date(2027, 6, 1), "SPX 2027-06-17 6400P"),
        ("SPX261218P06400000", date(2027, 6, 1), "SPX270617P06400000"),
        (".SPXW261218P6400", date(2026, 11, 23), ".SPXW261218P6400"),
        ("VIX 2026-12-16 22C", date(2027, 4, 25), "VIX 2027-05-18 22C"),
        ("VXM 2026-12-16", date(2027, 4, 25), "VXM 2027-05-18"),
        ("VIXW 2026-12-09 22C", date(2027, 4, 25), "VIXW 2027-05-12 22C"),
        ("opened = 2026-11-19", date(2027, 7, 5), "opened = 2027-07-01"),
        ("opened = 2026-11-20T11:00:00-05:00", date(2026, 11, 28), "opened = 2026-11-27T11:00:00-05:00"),
        ("# decision on 2026-11-23", date(2027, 1, 15), "# decision on 2027-01-19"),
        ("+100 VXX", date(2027, 1, 15), "+100 VXX"),
        ("no date: 2026-13-41", date(2027, 1, 15), "no date: 2026-13-41"),
    ],
)
def test_where_single_dates_go(text: str, today: date, moved: str) -> None:
    assert shift_book_text(text, ANCHOR, today) == moved


def test_a_week_apart_stays_a_week_apart() -> None:
    text = "SPXW 2026-12-11 1P and SPXW 2026-12-18 1P and SPXW 2026-12-24 1P"
    for day in range(1200):
        days = [
            date.fromisoformat(new)
            for _, new in EXPIRIES.findall(
                shift_book_text(text, ANCHOR, date(2026, 6, 1) + timedelta(days=day))
            )
        ]
        assert all(timedelta(days=6) <= b - a <= timedelta(days=8) for a, b in pairwise(days))
