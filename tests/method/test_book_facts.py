"""Where the history had a short put of the book in the money."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.book.load import parse_book
from alvh_tui.method.book_facts import book_facts
from alvh_tui.method.triggers import SHORT_PUT_ITM, BookFact
from alvh_tui.method.verdict import UNKNOWN
from tests.method.worlds import closes

FIRST = date(2026, 11, 9)
NAN = float("nan")


CONDOR = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"


def fact(spx: list[float], legs: str = CONDOR, more: str = "", credit: float = 8.0) -> BookFact:
    text = (
        f'schema = 1\n[[condor]]\nid = "a"\nlegs = "{legs}"\ncredit = {credit}\nopened = 2026-11-10\n{more}'
    )
    loaded = parse_book(text, Path("book.toml"))
    assert loaded.book is not None, [str(problem) for problem in loaded.problems]
    return book_facts(loaded.book, closes({"spx": spx}, FIRST))[SHORT_PUT_ITM]


def facts(spx: list[float], legs: str = CONDOR, more: str = "", credit: float = 8.0) -> str:
    found = fact(spx, legs, more, credit).verdict
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
    assert book_facts(loaded.book, closes({"spx": [6000.0]}))[SHORT_PUT_ITM].verdict.tolist() == [0]


SECOND = """
[[condor]]
id = "b"
legs = "{legs}"
credit = {credit}
opened = 2026-11-11
"""


def lines(*held: float | None) -> object:
    return pytest.approx([NAN if level is None else level for level in held], nan_ok=True)


def test_the_reading_is_the_index_and_the_threshold_the_lower_of_put_and_breakeven() -> None:
    found = fact([6300.0, 6400.0, NAN, 6391.0])
    np.testing.assert_array_equal(found.reading, [6300.0, 6400.0, NAN, 6391.0])
    assert found.threshold.tolist() == lines(None, 6392.0, 6392.0, 6392.0)
    mini = fact([6300.0] * 2, "-5 XSP 2026-12-18 635P/640P/710C/715C", credit=0.80)
    assert mini.threshold.tolist() == lines(None, 6392.0)


def test_an_adjustment_moves_the_threshold_from_its_own_day() -> None:
    rolled = """
[[condor.adjust]]
date = 2026-11-12
legs = ["+5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 6200P/6150P"]
credit = -2.00
"""
    found = fact([6300.0] * 4, more=rolled)
    assert found.threshold.tolist() == lines(None, 6392.0, 6392.0, 6194.0)


@pytest.mark.parametrize(("credit", "line"), [(-9.0, 6400.0), (50.0, None)])
def test_under_water_at_the_put_it_is_the_put_and_where_nothing_is_lost_there_is_none(
    credit: float, line: float | None
) -> None:
    rolled = f"""
[[condor.adjust]]
date = 2026-11-11
legs = ["+5 SPXW 2026-12-18 7100C/7150C", "-5 SPXW 2026-12-18 7000C/7050C"]
credit = {credit}
"""
    found = fact([6300.0] * 3, more=rolled)
    assert found.threshold.tolist() == lines(None, 6392.0, line)
    assert found.verdict.tolist() == [0, 1, int(line is not None)]


def test_of_several_condors_the_one_deepest_under_water_else_the_nearest() -> None:
    lower = SECOND.format(legs="-5 SPXW 2026-12-18 6150P/6200P/7100C/7150C", credit=4.0)
    for level in (6500.0, 6300.0, 6000.0):
        assert fact([level] * 3, more=lower).threshold.tolist() == lines(None, 6392.0, 6392.0)
    higher = SECOND.format(legs="-5 XSP 2026-12-18 645P/650P/710C/715C", credit=1.0)
    found = fact([6485.0] * 3, more=higher)
    assert (found.verdict.tolist(), found.threshold.tolist()) == ([0, 0, 1], lines(None, 6392.0, 6490.0))
