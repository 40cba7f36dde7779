"""Position files for the tests, and what is wrong with them."""

from pathlib import Path

from alvh_tui.book.load import parse_book
from alvh_tui.book.model import Book
from alvh_tui.toml.problem import Problem, Severity

PATH = Path("book.toml")

CONTRACT_EXAMPLE = """\
schema = 1

[account]
name = "main"
net_liq = 250_000
cash = 120_000
rules = "zones"                 # "zones", "ladder", or a path to a rules file, relative to this file

[[condor]]
id = "dec-18"
legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"     # short condor: the inner strikes are short, any order
credit = 8.35                   # per share, net of all four legs, + received
opened = 2026-11-04             # or a date-time
fees = 26.00                    # optional, dollars, whole trade
spot_at_open = 6796.3           # optional; else looked up in the history
vix_at_open = 17.9
note = "after the October CPI"

  [[condor.adjust]]             # append-only; each one moves the breakevens
  date = 2026-11-16
  legs = ["+5 SPXW 2026-12-18 7100C/7150C", "-5 SPXW 2026-12-18 7050C/7100C"]   # closes one, opens another
  credit = 0.85                 # per share of the condor, net; negative = paid
  why = "untested side rolled down"

[[hedge]]
id = "L1-jan"
layer = "L1"                    # L1, L2, L3, SE
legs = "+6 VIX 2026-12-16 22C/32C"        # first leg takes the sign, the next the opposite: a call spread
debit = 0.93                    # per share, net, + paid
opened = 2026-11-10
protects = ["dec-18"]           # optional; all condors by default

[[closed]]                      # optional: what has been closed, for realised results
id = "oct-16"
kind = "condor"
realised = 1850.00
closed = 2026-10-02
"""

CONDOR_LINES: dict[str, str | None] = {
    "id": '"c"',
    "legs": '"-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"',
    "credit": "8.35",
    "opened": "2026-11-04",
}
HEDGE_LINES: dict[str, str | None] = {
    "id": '"h"',
    "layer": '"L1"',
    "legs": '"+6 VIX 2026-12-16 22C/32C"',
    "debit": "0.93",
    "opened": "2026-11-10",
}


def condor(*adjustments: str, **changes: str | None) -> str:
    """A book of one condor: schema on line 1, [[condor]] on line 2, id 3, legs 4, credit 5, opened 6."""
    return _book("condor", CONDOR_LINES | changes, adjustments)


def hedge(*adjustments: str, **changes: str | None) -> str:
    """A book of one hedge: schema on line 1, [[hedge]] 2, id 3, layer 4, legs 5, debit 6, opened 7."""
    return _book("hedge", HEDGE_LINES | changes, adjustments)


def _book(section: str, lines: dict[str, str | None], adjustments: tuple[str, ...]) -> str:
    kept = (f"{key} = {value}" for key, value in lines.items() if value is not None)
    return "\n".join(["schema = 1", f"[[{section}]]", *kept, *adjustments, ""])


def adjust(section: str, date: str, legs: str, money: str = "0.85") -> str:
    """Four lines: header, date, legs, credit or debit."""
    word = "credit" if section == "condor" else "debit"
    return f"[[{section}.adjust]]\ndate = {date}\nlegs = {legs}\n{word} = {money}"


def spxw(strikes: str, sign: str = "-") -> str:
    """Five contracts of the December expiry."""
    return f'"{sign}5 SPXW 2026-12-18 {strikes}"'


def book_of(text: str) -> Book:
    loaded = parse_book(text, PATH)
    assert loaded.book is not None, "\n".join(map(str, loaded.problems))
    return loaded.book


def silent(text: str) -> Book:
    """The book, about which nothing at all is said."""
    book = book_of(text)
    assert parse_book(text, PATH).problems == ()
    return book


def problems_in(text: str) -> tuple[Problem, ...]:
    return parse_book(text, PATH).problems


def refusal(text: str) -> Problem:
    """The one thing that is wrong."""
    loaded = parse_book(text, PATH)
    assert loaded.book is None
    (problem,) = loaded.problems
    assert problem.severity is Severity.ERROR
    assert problem.file == "book.toml"
    assert problem.expected.startswith("expected ")
    return problem


def warning(text: str) -> Problem:
    """The one thing said of a book that loads."""
    loaded = parse_book(text, PATH)
    assert loaded.book is not None
    (problem,) = loaded.problems
    assert problem.severity is Severity.WARNING
    return problem
