"""A book held against the caps of its rules."""

from pathlib import Path

from alvh_tui.book.load import parse_book
from alvh_tui.method.profile import cap_warnings
from alvh_tui.toml.problem import Severity
from tests.method.worlds import ZONES, rules_with

BOOK = """\
schema = 1
[account]
net_liq = 100_000
[[condor]]
id = "dec-18"
legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"
credit = 8.00
opened = 2026-11-04
[[hedge]]
id = "one"
layer = "L1"
legs = "+6 VIX 2026-12-16 22C"
debit = {first}
opened = 2026-11-10
[[hedge]]
id = "two"
layer = "L1"
legs = "+6 VIX 2027-01-20 25C"
debit = {second}
opened = 2026-11-10
[[hedge]]
id = "future"
layer = "L2"
legs = "+1 VX 2027-01-20"
debit = 20.0
opened = 2026-11-10
"""


def said(first: float, second: float, book: str = BOOK, cap: float = 0.02) -> list[str]:
    loaded = parse_book(book.format(first=first, second=second), Path("book.toml"))
    assert loaded.book is not None
    found = cap_warnings(loaded.book, rules_with({"sizing.risk-cap.warn": cap}, ZONES))
    assert all(problem.severity is Severity.WARNING for problem in found)
    return [str(problem) for problem in found]


def test_within_the_caps_nothing_is_said() -> None:
    assert said(0.50, 0.50) == []


def test_all_hedges_of_a_layer_count_together() -> None:
    assert said(2.0, 1.5) == [
        "book.toml:9: warning: L1: premium of $2,100 is 2.1 % of net liquidation value, "
        "expected at most 2 %, and never over 3 %",
        "book.toml:9: warning: hedges: premium of $2,100 is 52.5 % of the credit, over the limit, "
        "expected at most 20 %, and never over 33 %",
    ]


def test_the_limit_is_named_and_the_rules_file_moves_it() -> None:
    assert "3.6 % of net liquidation value, over the limit" in said(3.0, 3.0)[0]
    assert said(0.6, 0.6, cap=0.005)[0].startswith("book.toml:9: warning: L1: premium of $720 is 0.7 %")


def test_without_a_net_liquidation_value_or_a_credit_there_is_nothing_to_hold_against() -> None:
    assert [line.split(": ")[2] for line in said(3.0, 3.0, BOOK.replace("net_liq = 100_000\n", ""))] == [
        "hedges"
    ]
    without_condor = BOOK[: BOOK.index("[[condor]]")] + BOOK[BOOK.index("[[hedge]]") :]
    assert [line.split(": ")[2] for line in said(3.0, 3.0, without_condor)] == ["L1"]
