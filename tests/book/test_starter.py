"""The book a new user starts from."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.book.load import warnings_on
from alvh_tui.book.schema import SECTIONS
from alvh_tui.book.starter import starter_book
from alvh_tui.instruments.calendar import NEW_YORK
from tests.book.books import silent

SWITCHED_ON = re.compile(r"^#(?=\S)", re.M)


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_it_is_valid_and_silent_from_the_day_it_is_written(today: date) -> None:
    text = starter_book(today)
    for book in (silent(text), silent(SWITCHED_ON.sub("", text))):
        assert warnings_on(book, datetime.combine(today, time(0), NEW_YORK)) == ()
        assert all(expiry > today + timedelta(days=25) for held in book.positions for expiry in held.expiries)


def test_its_examples_that_are_switched_off_are_a_whole_book() -> None:
    book = silent(SWITCHED_ON.sub("", starter_book(date(2026, 11, 20))))
    assert all(held.adjustments for held in book.positions)
    assert book.closed
    assert book.hedges[0].protects == ("example",)


@pytest.mark.parametrize("section", SECTIONS)
def test_it_shows_every_key_there_is(section: str) -> None:
    text = SWITCHED_ON.sub("", starter_book(date(2026, 11, 20)))
    header = f"[{section}]"
    start = text.index(header) if section else 0
    end = text.find("\n\n", start + len(header)) if section else len(text)
    for key in SECTIONS[section]:
        shown = re.search(rf"^(\[+\w*\.?)?{key}( =|\])", text[start:end] if key != "adjust" else text, re.M)
        assert shown, f"{section}: {key}"


def test_every_line_fits_a_screen_and_every_switch_is_explained() -> None:
    text = starter_book(date(2026, 11, 20))
    assert max(map(len, text.splitlines())) <= 110
    assert text.isascii() or all(ord(letter) < 0x2100 for letter in text)
