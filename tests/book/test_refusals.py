"""What is refused: each with its line, what is wrong and what was expected."""

from pathlib import Path

import pytest

from alvh_tui.book.load import load_book, parse_book
from tests.book.books import CONTRACT_EXAMPLE, PATH, adjust, condor, hedge, problems_in, refusal, spxw


@pytest.mark.parametrize(
    ("text", "line", "key", "what", "expected"),
    [
        (condor(credt="1"), 7, "condor[1].credt", "is not a key of this table", "expected credit"),
        (condor(Opened="1"), 7, "condor[1].Opened", "is not a key of this table", "expected opened"),
        (
            condor(expiry="1"),
            7,
            "condor[1].expiry",
            "is not a key of this table",
            "expected one of id, legs,",
        ),
        (condor() + "[[condors]]\n", 7, "condors", "is not a key of this table", "expected condor"),
        (condor() + "[acount]\n", 7, "acount", "is not a key of this table", "expected account"),
        (condor() + "[account]\nnetliq = 5\n", 8, "account.netliq", "is not a key", "expected net_liq"),
        (hedge(credit="1"), 8, "hedge[1].credit", "is not a key of this table", "expected one of id, layer,"),
        (
            condor("[[condor.adjust]]\nwhen = 1\n" + adjust("condor", "2026-11-05", spxw("6300P"))[18:]),
            8,
            "condor[1].adjust[1].when",
            "is not a key",
            "expected one of date, legs, credit, why",
        ),
        ("[account]\n", 1, "schema", "is missing", "expected schema = 1"),
        ("", 1, "schema", "is missing", "expected schema = 1"),
        ("schema = 2\n", 1, "schema", "is 2", "expected a newer alvh-tui for this file, or schema = 1"),
        ("schema = 0\n", 1, "schema", "is 0", "expected schema = 1"),
        ("schema = '1'\n", 1, "schema", 'is the text "1"', "expected schema = 1"),
        ("schema = 1\naccount = 5\n", 2, "account", "is the number 5", "expected a single [account]"),
        ("schema = 1\n[[account]]\n", 2, "account", "is a list", "expected a single [account]"),
        (
            condor().replace("[[", "[").replace("]]", "]"),
            2,
            "condor",
            "is a table",
            "expected [[condor]] above each",
        ),
        (
            "schema = 1\n[account]\nrules = ' '\n",
            3,
            "account.rules",
            "is empty",
            '"zones", "ladder" or the path',
        ),
        ("schema = 1\n[account]\nnet_liq = nan\n", 3, "account.net_liq", "is the number nan", "250_000"),
        (condor(id=None), 2, "condor[1].id", "is missing", "a short name of your own"),
        (condor(legs=None), 2, "condor[1].legs", "is missing", "legs in quotes"),
        (condor(credit=None), 2, "condor[1].credit", "is missing", "credit = 8.35"),
        (condor(opened=None), 2, "condor[1].opened", "is missing", "opened = 2026-11-04"),
        (hedge(layer=None), 2, "hedge[1].layer", "is missing", 'layer = "L1"'),
        (hedge(layer='"L4"'), 4, "hedge[1].layer", 'is the text "L4"', '"L1", "L2", "L3", "SE"'),
        (hedge(debit=None), 2, "hedge[1].debit", "is missing", "debit = 0.93"),
        (condor(credit='"8.35"'), 5, "condor[1].credit", 'is the text "8.35"', "credit = 8.35"),
        (condor(credit="true"), 5, "condor[1].credit", "is true", "credit = 8.35"),
        (condor(fees="-1"), 7, "condor[1].fees", "is the number -1", "fees = 26.00"),
        (condor(spot_at_open="0"), 7, "condor[1].spot_at_open", "is the number 0", "6796.3"),
        (condor(vix_at_open="inf"), 7, "condor[1].vix_at_open", "is the number inf", "17.9"),
        (condor(opened='"2026-11-04"'), 6, "condor[1].opened", "is the text", "without quotes"),
        (condor(opened="0026-11-04"), 6, "condor[1].opened", "is the date 0026-11-04", "from 2000 to 2099"),
        (condor(opened="10:30:00"), 6, "condor[1].opened", "is the time 10:30:00", "a date or date-time"),
        (condor(legs="5"), 4, "condor[1].legs", "is the number 5", "legs in quotes"),
        (condor(legs="[]"), 4, "condor[1].legs", "is an empty list", "legs in quotes"),
        (condor(adjust="5"), 7, "condor[1].adjust", "is the number 5", "[[condor.adjust]]"),
        (
            "schema = 1\n[[closed]]\nid = 'x'\nkind = 'fly'\nrealised = 1\nclosed = 2026-10-02\n",
            4,
            "closed[1].kind",
            'is the text "fly"',
            'expected one of "condor", "hedge"',
        ),
    ],
)
def test_wrong_keys_and_kinds(text: str, line: int, key: str, what: str, expected: str) -> None:
    problem = refusal(text)
    assert (problem.line, problem.key) == (line, key)
    assert what in problem.what
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("legs", "what", "expected"),
    [
        ('"-5 SPXW 2026-02-30 6350P/6400P/7100C/7150C"', "2026-02-30 is not a date there is", "the calendar"),
        (
            '"-5 SPXW 2026-12-19 6350P/6400P/7100C/7150C"',
            "2026-12-19 is a Saturday",
            "2026-12-18 or 2026-12-21",
        ),
        (
            '"-5 SPXW 2026-12-25 6350P/6400P/7100C/7150C"',
            "holiday (Christmas Day)",
            "2026-12-24 or 2026-12-28",
        ),
        ('"-5 SPX 2026-12-11 6350P/6400P/7100C/7150C"', "not a third Friday", "SPXW 2026-12-11, or SPX"),
        (spxw("6400P/6400P/7100C/7150C"), "6400P is written twice", "different strikes"),
        (spxw("6350P/7120P/7100C/7150C"), "the put 7120 lies above the call 7100: crossed", "puts below"),
        (spxw("6350P/6400P/6450P/7150C"), "3 puts and 1 calls", "two puts and two calls"),
        (spxw("6350P/6400P"), "has 2 puts and 0 calls", "two puts and two calls, as -5 SPXW"),
        (spxw("6350P/6400P/7100C/7150C", "+"), "buys the inner strikes", "sells 6400P and 7100C"),
        (
            '["-5 SPXW 2026-12-18 6350P/6400P", "-5 SPXW 2026-12-18 7100C/7150C"]',
            "buys 6400P and sells 6350P: crossed",
            "the inner strike sold",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 7150C/7100C"]',
            "buys 7100C and sells 7150C: crossed",
            "the inner strike sold",
        ),
        (
            '["-5 SPXW 2026-12-18 7200P/6350P", "-5 SPXW 2026-12-18 7100C/7150C"]',
            "the short put 7200P lies above the short call 7100C: crossed",
            "puts below the calls",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-4 SPXW 2026-12-18 7100C/7150C"]',
            "has unequal quantities (4 and 5)",
            "as many contracts on every leg",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPX 2026-12-18 7100C/7150C"]',
            "mixes SPX and SPXW",
            "one root in a condor",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-31 7100C/7150C"]',
            "mixes the expiries 2026-12-18 and 2026-12-31",
            "one expiry in a condor",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 6400P/6350P"]',
            "SPXW 2026-12-18 6400P stands there twice",
            "one leg a contract",
        ),
        (
            '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 7100C/7150C", "+1 VX 2026-12-16"]',
            "has 2 puts and 2 calls and 1 other legs",
            "two puts and two calls",
        ),
        (
            '["-5 .SPXW261218P6400", "-5 .SPXW261218P6350", "+5 .SPXW261218C7100", "+5 .SPXW261218C7150"]',
            "sells 6400P and sells 6350P: crossed",
            "the outer one bought",
        ),
    ],
)
def test_legs_that_are_no_condor(legs: str, what: str, expected: str) -> None:
    problem = refusal(condor(legs=legs))
    assert problem.line == 4
    assert problem.key.startswith("condor[1].legs")
    assert what in problem.what
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("legs", "what", "expected"),
    [
        ('"+6 VIX 2026-12-23 25C"', "weekly VIX settlement", "VIXW 2026-12-23, or VIX 2026-12-16"),
        (
            '"+6 VIX 2026-12-17 25C"',
            "2026-12-17, a Thursday, is no VIX settlement day",
            "2026-12-16 or 2027-01-20",
        ),
        ('"+6 VIX 2026-05-20 25C"', "a holiday on 2026-06-19", "2026-05-19"),
        ('"+6 VIXW 2026-12-16 25C"', "is the monthly VIX settlement", "VIX 2026-12-16"),
        ('"+1 VX 2026-12-18"', "is no VX settlement day", "2026-12-16"),
        (
            '["+6 VIX 2026-12-16 25C", "+1 VX 2026-12-16"]',
            "mixes contract sizes: VIX 2026-12-16 25C (× 100)",
            "[[hedge]]",
        ),
        (
            '["+6 VIX 2026-12-16 25C @ 1", "+1 VX 2026-12-16 @ 18"]',
            "mixes contract sizes",
            "[[hedge]] of its own",
        ),
        (
            '["+6 VIX 2026-12-16 25C", "-6 VIX 2026-12-16 25C"]',
            "25C stands there twice",
            "one leg a contract",
        ),
        ('["+6 VIX 2026-12-16 25C", "6 VIX 2026-12-16 30C"]', "bought or sold", "+6 (bought) or -6 (sold)"),
    ],
)
def test_legs_that_are_no_hedge(legs: str, what: str, expected: str) -> None:
    problem = refusal(hedge(legs=legs, opened="2026-04-01"))
    assert problem.line == 5
    assert what in problem.what
    assert expected in problem.expected


def test_ids_are_given_once_in_the_whole_file() -> None:
    closed = '[[closed]]\nid = "c"\nkind = "condor"\nrealised = 1\nclosed = 2026-10-02\n'
    both = condor() + hedge(id='"c"').removeprefix("schema = 1\n") + closed
    first, second = problems_in(both)
    assert (first.line, first.key, first.what) == (8, "hedge[1].id", '"c" is taken, on line 3')
    assert (second.line, second.key) == (14, "closed[1].id")
    assert "an id of its own" in first.expected


def test_a_hedge_protects_condors_that_are_there() -> None:
    text = condor() + hedge(protects='["c",\n"d"]').removeprefix("schema = 1\n")
    problem = refusal(text)
    assert (problem.line, problem.key) == (14, "hedge[1].protects[2]")
    assert problem.what == '"d" is the id of no condor'
    assert problem.expected == 'expected one of "c"'
    assert "holds no condor" in refusal(hedge(protects='["h"]')).expected


@pytest.mark.parametrize("letter", ["\\u001b[31m", "\\u0007", "\\u009b", "\\u202e", "\\u007f", "\\u0000"])
@pytest.mark.parametrize("key", ["id", "legs", "note", "tags"])
def test_no_text_may_act_on_a_terminal(key: str, letter: str) -> None:
    value = f'"{letter}"' if key != "legs" else f'"-5 SPXW 2026-12-18 {letter}"'
    problem = refusal(condor(**{key: value}))
    assert str(problem).isprintable()
    assert "holds a " in problem.what
    assert "plain text" in problem.expected


def test_everything_is_said_at_once_in_the_order_of_lines() -> None:
    text = """\
schema = 1
[account]
net_liq = 250,000
cach = 5
[[condor]]
id = "a"
legs = ["-5 SPXW 2026-12-19 6400P/6350P",
  "5 SPXW 2026-12-18 7100C/7150C"]
credit = "8"
[[condor.adjust]]
date = 2026-11-31
legs = "+5 SPXW 2026-12-18 7100C/7150Q"
credt = 1
[[hedge]]
id = "a"
layer = L1
legs = "+6 VIX 2026-12-17 22C"
opened = 2026-11-10
protects = ["b"]
"""
    assert [(p.line, p.key) for p in problems_in(text)] == [
        (3, "account.net_liq"),
        (4, "account.cach"),
        (5, "condor[1].opened"),
        (7, "condor[1].legs[1]"),
        (8, "condor[1].legs[2]"),
        (9, "condor[1].credit"),
        (10, "condor[1].adjust[1].credit"),
        (11, "condor[1].adjust[1].date"),
        (12, "condor[1].adjust[1].legs"),
        (13, "condor[1].adjust[1].credt"),
        (14, "hedge[1].debit"),
        (15, "hedge[1].id"),
        (16, "hedge[1].layer"),
        (17, "hedge[1].legs"),
        (19, "hedge[1].protects[1]"),
    ]


@pytest.mark.parametrize("number", range(1, CONTRACT_EXAMPLE.count("\n") + 1))
def test_a_line_that_is_no_toml_is_the_only_thing_said(number: int) -> None:
    """Nothing else may be made up from what the line took away, whichever line it is."""
    lines = CONTRACT_EXAMPLE.split("\n")
    if not lines[number - 1].strip():
        lines[number - 1] = "?"
    elif lines[number - 1].lstrip().startswith("["):
        lines[number - 1] = lines[number - 1].replace("]", "", 1)
    else:
        lines[number - 1] = lines[number - 1].partition("=")[0] + "= ?"
    problem = refusal("\n".join(lines))
    assert problem.line == number


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    loaded = load_book(tmp_path / "a\x1b[31m.toml")
    assert loaded.book is None
    (problem,) = loaded.problems
    assert "there is no such file" in problem.what
    assert str(problem).isprintable()
    assert len(load_book(tmp_path).problems) == 1
    garbage = tmp_path / "garbage.toml"
    garbage.write_bytes(b"\xff\x00\x1b" * 3_400_000)
    assert len(load_book(garbage).problems) == 1


def test_garbage_is_a_page_of_problems_at_most() -> None:
    loaded = parse_book("\x00junk\n" * 30_000, PATH)
    assert loaded.book is None
    assert len(loaded.problems) == 51
