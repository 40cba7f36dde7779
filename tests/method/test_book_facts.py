"""Where the history had a short put of the book in the money."""

from datetime import date
from pathlib import Path

from alvh_tui.book.load import parse_book
from alvh_tui.method.book_facts import book_facts
from alvh_tui.method.triggers import SHORT_PUT_ITM
from alvh_tui.method.verdict import UNKNOWN
from tests.method.worlds import closes

FIRST = date(2026, 11, 9)
NAN = float("nan")


CONDOR = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"


def facts(spx: list[float], legs: str = CONDOR, more: str = "", credit: float = 8.0) -> str:
    text = (
        f'schema = 1\n[[condor]]\nid = "a"\nlegs = "{legs}"\ncredit = {credit}\nopened = 2026-11-10\n{more}'
    )
    loaded = parse_book(text, Path("book.toml"))
    assert loaded.book is not None, [str(problem) for problem in loaded.problems]
    found = book_facts(loaded.book, closes({"spx": spx}, FIRST))[SHORT_PUT_ITM]
    return "".join("?" if verdict == UNKNOWN else "ny"[verdict] for verdict in found)


def test_below_the_short_put_and_the_lower_breakeven() -> None:
    assert facts([6300.0, 6400.0, 6399.0, 6392.0, 6391.0, 6000.0, NAN, 6500.0]) == "nnnnyy?n"


def test_a_call_in_the_money_is_another_matter() -> None:
    assert facts([7000.0, 7300.0, 7300.0]) == "nnn"


def test_from_the_opening_until_the_last_close_before_it_settles() -> None:
    days = 30
    evening = facts([6000.0] * days)
    assert evening == "n" + "y" * 28 + "n"
    morning = facts([6000.0] * days, "-5 SPX 2026-12-18 6350P/6400P/7100C/7150C")
    assert morning == "n" + "y" * 27 + "nn"


def test_an_adjustment_counts_from_its_own_day() -> None:
    rolled = """
[[condor.adjust]]
date = 2026-11-12
legs = ["+5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 6200P/6150P"]
credit = -2.00
"""
    assert facts([6300.0, 6300.0, 6300.0, 6300.0, 6190.0], more=rolled) == "nyyny"
    assert facts([6300.0, 6300.0, 6300.0, 6300.0, 6195.0], more=rolled) == "nyynn"


def test_a_mini_index_lies_on_the_same_axis() -> None:
    mini = "-5 XSP 2026-12-18 635P/640P/710C/715C"
    assert facts([6300.0, 6393.0, 6391.0], mini, credit=0.80) == "nny"


def test_a_book_without_condors_has_none() -> None:
    loaded = parse_book("schema = 1\n", Path("book.toml"))
    assert loaded.book is not None
    assert book_facts(loaded.book, closes({"spx": [6000.0]}))[SHORT_PUT_ITM].tolist() == [0]
