"""Edits of a position file in the trader's words."""

from pathlib import Path

import pytest

from alvh_tui.book.load import parse_book
from alvh_tui.book.model import Book
from alvh_tui.book.write import book_text
from alvh_tui.memory.edits import Edit, edits_between
from tests.cli.test_commands import ROOT

HEAD = """\
schema = 1
[account]
net_liq = 250_000
"""
CONDOR = """
[[condor]]
id = "dec-18"
legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"
credit = 8.35
opened = 2026-11-04
"""
HEDGE = """
[[hedge]]
id = "L1-jan"
layer = "L1"
legs = "+6 VIX 2026-12-16 22C/32C"
debit = 0.93
opened = 2026-11-10
"""


def book(*parts: str) -> Book:
    loaded = parse_book("".join((HEAD, *parts)), Path("book.toml"))
    assert loaded.book is not None, loaded.problems
    return loaded.book


def adjusted(legs: str, money: str, why: str = "", section: str = "condor") -> str:
    said = f'why = "{why}"\n' if why else ""
    return f"[[{section}.adjust]]\ndate = 2026-11-16\nlegs = {legs}\n{money}\n{said}"


def edits(before: Book, after: Book) -> list[tuple[str, str, str]]:
    return [(edit.about, edit.event, edit.text) for edit in edits_between(before, after)]


ROLL = '["+5 SPXW 2026-12-18 7100C/7150C", "-5 SPXW 2026-12-18 7050C/7100C"]'
WIDER = '["+5 SPXW 2026-12-18 7100C/7150C", "-5 SPXW 2026-12-18 7050C/7150C"]'
OUT = '["+5 SPXW 2026-12-18 6350P/6400P/7100C/7150C", "-5 SPXW 2027-01-15 6350P/6400P/7050C/7100C"]'
TWO = '["+2 SPXW 2026-12-18 7100C/7150C", "-2 SPXW 2026-12-18 7050C/7100C"]'


@pytest.mark.parametrize(
    ("legs", "credit", "event", "said"),
    [
        (ROLL, 0.85, "adjusted", "call side rolled 7100 → 7050 for 0.85"),
        (ROLL, -0.40, "adjusted", "call side rolled 7100 → 7050 for a debit of 0.40"),
        (WIDER, 1.85, "adjusted", "call side rolled 7100 → 7050, 50 → 100 wide for 1.85"),
        (TWO, 0.85, "adjusted", "2 of 5 on the call side rolled 7100 → 7050 for 0.85"),
        (
            OUT,
            2.10,
            "adjusted",
            "put side rolled 2026-12-18 → 2027-01-15, "
            "call side rolled 2026-12-18 7100 → 2027-01-15 7050 for 2.10",
        ),
        (
            '"+2 SPXW 2026-12-18 6400P/6350P"',
            -3.0,
            "adjusted",
            "2 of 5 put spreads closed for a debit of 3.00",
        ),
        ('"+5 SPXW 2026-12-18 6400P/6350P"', -3.0, "adjusted", "put side closed for a debit of 3.00"),
        (
            '"+2 SPXW 2026-12-18 6350P/6400P/7100C/7150C"',
            -3.1,
            "adjusted",
            "2 of 5 lots closed for a debit of 3.10",
        ),
        (
            '"+5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"',
            -3.1,
            "closed",
            "closed for a debit of 3.10",
        ),
    ],
)
def test_an_adjustment_is_told_as_a_trader_would(legs: str, credit: float, event: str, said: str) -> None:
    after = book(CONDOR, adjusted(legs, f"credit = {credit}"))
    assert edits(book(CONDOR), after) == [("dec-18", event, said)]


def test_why_is_part_of_the_story() -> None:
    after = book(CONDOR, adjusted(ROLL, "credit = 0.85", "untested side rolled down"))
    (edit,) = edits_between(book(CONDOR), after)
    assert edit.text.endswith("for 0.85: untested side rolled down")
    assert edit.on is not None
    assert edit.on.isoformat() == "2026-11-16"


@pytest.mark.parametrize(
    ("legs", "said"),
    [
        (
            '["-6 VIX 2026-12-16 22C/32C", "+6 VIX 2027-01-20 22C/32C"]',
            "call side rolled 2026-12-16 → 2027-01-20 for a debit of 0.50",
        ),
        ('"-6 VIX 2026-12-16 22C/32C"', "closed for a debit of 0.50"),
        ('"+2 VIX 2026-12-16 25C"', "added +2 VIX 2026-12-16 25C for a debit of 0.50"),
    ],
)
def test_a_hedge_is_named_by_what_it_is_long(legs: str, said: str) -> None:
    (edit,) = edits_between(book(HEDGE), book(HEDGE, adjusted(legs, "debit = 0.50", section="hedge")))
    assert (edit.text, edit.layer) == (said, "L1")


def test_a_position_is_opened_closed_or_gone() -> None:
    opened = ("dec-18", "opened", "opened: -5 SPXW 2026-12-18 6350P/6400P/7100C/7150C for 8.35")
    assert edits(book(), book(CONDOR)) == [opened]
    assert edits(book(CONDOR), book()) == [("dec-18", "gone", "no longer in the file")]
    trade = '\n[[closed]]\nid = "dec-18"\nkind = "condor"\nrealised = 1850.0\nclosed = 2026-11-18\n'
    assert edits(book(CONDOR), book(trade)) == [("dec-18", "closed", "closed, +1,850 $ realised")]
    (edit,) = edits_between(book(HEDGE), book(trade.replace("dec-18", "L1-jan")))
    assert (edit.event, edit.layer) == ("closed", "L1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("credit = 8.35", "credit = 8.45", "opened for 8.35, now for 8.45"),
        ("opened = 2026-11-04", "opened = 2026-11-05", "opened 2026-11-04 → 2026-11-05"),
        ("credit = 8.35", 'credit = 8.35\nnote = "after CPI"', 'note changed: "after CPI"'),
        ("credit = 8.35", "credit = 8.35\nfees = 26.0", "fees 0.00 → 26.00"),
        ("credit = 8.35", "credit = 8.35\nspot_at_open = 6796.3", "index at the opening — → 6,796.30"),
        ("6350P/6400P", "6300P/6400P", "legs -5 SPXW 2026-12-18 6350P/6400P/7100C/7150C → "),
    ],
)
def test_what_was_corrected_is_told(old: str, new: str, said: str) -> None:
    (edit,) = edits_between(book(CONDOR), book(CONDOR.replace(old, new)))
    assert edit.event == "changed"
    assert edit.text.startswith(said)


def test_the_story_told_anew_is_a_change() -> None:
    first, second = (adjusted(ROLL, f"credit = {credit}") for credit in (0.85, 0.95))
    assert edits(book(CONDOR, first), book(CONDOR, second)) == [
        ("dec-18", "changed", "adjustment 1 rewritten: call side rolled 7100 → 7050 for 0.95")
    ]
    assert edits(book(CONDOR, first), book(CONDOR)) == [("dec-18", "changed", "adjustment 1 removed")]


def test_the_account_and_what_a_hedge_protects() -> None:
    richer = HEAD.replace("250_000", "260_000")
    after = parse_book(richer + CONDOR + HEDGE + 'protects = ["dec-18"]\n', Path("book.toml")).book
    assert after is not None
    assert edits(book(CONDOR, HEDGE), after) == [
        ("account", "changed", "net liquidation value 250,000 → 260,000"),
        ("L1-jan", "changed", "protects dec-18"),
    ]


def test_where_a_position_stands_in_the_file_is_no_news() -> None:
    assert edits_between(book(CONDOR, HEDGE), book("\n\n# moved down\n", CONDOR, HEDGE)) == ()


@pytest.mark.parametrize("sample", ["calm", "tested", "broken_wing"])
def test_every_trade_of_the_samples_has_words(sample: str) -> None:
    path = ROOT / "sample_positions" / f"{sample}.toml"
    held = parse_book(path.read_text(), path).book
    assert held is not None
    told: tuple[Edit, ...] = edits_between(Book(path, held.account), held)
    trades = sum(1 + len(position.adjustments) for position in held.positions) + len(held.closed)
    assert len(told) == trades
    assert not [edit.text for edit in told if "traded" in edit.text]
    again = parse_book(book_text(held), path).book
    assert again is not None
    assert edits_between(held, again) == ()


MORE = '["+4 VIX 2026-12-16 25C/35C"]'
SHIFT = '["-6 VIX 2026-12-16 22C/32C", "+6 VIX 2027-01-20 22C/32C"]'
FEWER = '["-2 VIX 2026-12-16 22C/32C"]'
RATIO = HEDGE.replace("+6 VIX 2026-12-16 22C/32C", "-3 VIX 2026-12-16 20C").replace(
    'legs = "-3 VIX 2026-12-16 20C"', 'legs = ["-3 VIX 2026-12-16 20C", "+6 VIX 2026-12-16 30C"]'
)
RATIO_MORE = '["-2 VIX 2026-12-16 20C", "+4 VIX 2026-12-16 30C"]'


def contracts(before: Book, after: Book) -> list[int | None]:
    return [edit.contracts for edit in edits_between(before, after)]


@pytest.mark.parametrize(("legs", "more"), [(MORE, 4), (SHIFT, 0), (FEWER, -2)])
def test_how_many_contracts_a_trade_adds(legs: str, more: int) -> None:
    traded = book(CONDOR, HEDGE, adjusted(legs, "debit = 0.1", section="hedge"))
    assert contracts(book(CONDOR, HEDGE), traded) == [more]
    assert contracts(book(CONDOR), traded) == [6, more]


def test_contracts_of_a_ratio_are_counted_as_it_was_opened() -> None:
    assert contracts(book(), book(RATIO)) == [3]
    traded = book(RATIO, adjusted(RATIO_MORE, "debit = 0.1", section="hedge"))
    assert contracts(book(RATIO), traded) == [2]


def test_contracts_of_what_is_rewritten_closed_or_gone() -> None:
    before = book(CONDOR, HEDGE)
    assert contracts(before, book(CONDOR, HEDGE.replace("+6", "+9"))) == [3]
    assert contracts(before, book(CONDOR, HEDGE.replace("0.93", "0.95"))) == [None]
    assert contracts(before, book(CONDOR)) == [None]
    closed = '[[closed]]\nid = "L1-jan"\nkind = "hedge"\nrealised = 10.0\nclosed = 2026-11-20\n'
    assert contracts(before, book(CONDOR, closed)) == [-6]
    assert contracts(before, book(CONDOR, adjusted(ROLL, "credit = 0.85"), HEDGE)) == [0]
