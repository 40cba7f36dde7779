"""Credits, adjustments and dates that are refused, each with its line, the fault and the remedy."""

import pytest

from tests.book.books import adjust, condor, hedge, problems_in, refusal, spxw


@pytest.mark.parametrize("credit", ["0", "-8.35", "50", "83.5", "60"])
def test_a_credit_lies_between_nothing_and_the_wider_wing(credit: str) -> None:
    problem = refusal(condor(credit=credit))
    assert (problem.line, problem.key) == (5, "condor[1].credit")
    assert "cannot be the credit of a condor with a wing of 50 points" in problem.what
    assert problem.expected == "expected more than 0 and less than 50"
    assert not problems_in(condor(credit="60", legs=spxw("6325P/6400P/7100C/7150C")))


def test_the_sum_of_own_prices_lies_there_too() -> None:
    puts = '"-1 .SPXW261218P6400 @ 1", "+1 .SPXW261218P6350 @ 2"'
    calls = '"-1 .SPXW261218C7100 @ 1", "+1 .SPXW261218C7150 @ 1"'
    problem = refusal(condor(legs=f"[{puts}, {calls}]", credit=None))
    assert (problem.line, problem.key) == (4, "condor[1].legs")
    assert problem.what.startswith("-1 cannot be the credit")


CLOSES_CALLS = spxw("7100C/7150C", "+")


@pytest.mark.parametrize(
    ("legs", "what"),
    [
        (spxw("7200C/7250C", "+"), "buys 5 SPXW 2026-12-18 7200C to close, and none of them is open"),
        (spxw("7100C/7200C", "+"), "sells 5 SPXW 2026-12-18 7200C to close, and none of them is open"),
        (spxw("6350P/6400P", "-"), ""),
        (spxw("6400P/6350P", "+"), ""),
        (
            '"+6 SPXW 2026-12-18 7100C/7150C"',
            "buys 6 SPXW 2026-12-18 7100C to close, and only 5 of them are open",
        ),
        ('"+6 SPXW 2026-12-18 7100C"', "only 5 of them are open"),
        ('"-6 SPXW 2026-12-18 7150C"', "sells 6 SPXW 2026-12-18 7150C to close, and only 5 of them are open"),
        ('"+5 SPXW 2027-01-15 7100C/7150C"', "buys 5 SPXW 2027-01-15 7100C to close"),
        ('"+5 SPXW 2026-12-18 6350P/6450P/7100C/7150C"', "buys 5 SPXW 2026-12-18 6450P to close"),
        (
            f"[{CLOSES_CALLS}, {CLOSES_CALLS}]",
            "buys 5 SPXW 2026-12-18 7100C to close, and none of them is open",
        ),
        ('"-1 VIX 2026-12-16 25C"', "mixes SPX and VIX"),
        ('"+5 SPXW 2026-12-19 7100C/7150C"', "is a Saturday"),
    ],
)
def test_an_adjustment_closes_only_what_is_open(legs: str, what: str) -> None:
    text = condor(adjust("condor", "2026-11-16", legs))
    if not what:
        assert problems_in(text) == ()
        return
    problem = refusal(text)
    assert (problem.line, problem.key) == (9, "condor[1].adjust[1].legs")
    assert what in problem.what


def test_what_an_earlier_adjustment_closed_is_not_open() -> None:
    problem = refusal(
        condor(adjust("condor", "2026-11-16", CLOSES_CALLS), adjust("condor", "2026-11-17", CLOSES_CALLS))
    )
    assert (problem.line, problem.key) == (13, "condor[1].adjust[2].legs")
    assert (
        "expected legs of what is open (+5 SPXW 2026-12-18 6350P, -5 SPXW 2026-12-18 6400P)"
        in problem.expected
    )


@pytest.mark.parametrize(
    ("legs", "debit", "what"),
    [
        (
            '"-6 VIX 2026-12-16 23C/33C"',
            "0.93",
            "sells 6 VIX 2026-12-16 23C to close, and none of them is open",
        ),
        ('"-7 VIX 2026-12-16 22C/32C"', "0.93", "only 6 of them are open"),
        ('"-1 VX 2026-12-16"', "0.93", "mixes contract sizes"),
        ('"-6 VIX 2026-12-16 23C/33C"', "-0.93", ""),
    ],
)
def test_a_hedges_adjustment_too(legs: str, debit: str, what: str) -> None:
    text = hedge(adjust("hedge", "2026-11-16", legs), debit=debit)
    if not what:
        assert problems_in(text) == ()
        return
    problem = refusal(text)
    assert (problem.line, problem.key) == (10, "hedge[1].adjust[1].legs")
    assert what in problem.what


BUYS = '"+1 SPXW 2026-12-18 6300P"'


@pytest.mark.parametrize(
    ("text", "line", "key", "what", "expected"),
    [
        (
            condor(opened="2026-12-19"),
            6,
            "condor[1].opened",
            "is after SPXW 2026-12-18 6350P expired",
            "2026-12-18",
        ),
        (
            condor(adjust("condor", "2026-11-03", BUYS)),
            8,
            "condor[1].adjust[1].date",
            "2026-11-03 is before",
            "not before",
        ),
        (
            condor(adjust("condor", "2026-11-04T09:59:00", BUYS), opened="2026-11-04T10:00:00"),
            8,
            "condor[1].adjust[1].date",
            "is before 2026-11-04 10:00:00-05:00",
            "not before the position was opened",
        ),
        (
            condor(adjust("condor", "2026-11-16", BUYS), adjust("condor", "2026-11-15", BUYS)),
            12,
            "condor[1].adjust[2].date",
            "2026-11-15 is before 2026-11-16",
            "in the order they were made",
        ),
        (
            condor(adjust("condor", "2026-12-21", BUYS)),
            8,
            "condor[1].adjust[1].date",
            "2026-12-21 is after SPXW 2026-12-18 6300P expired",
            "expected 2026-12-18 or before",
        ),
        (
            condor(f"[[condor.adjust]]\nlegs = {BUYS}\ncredit = -1"),
            7,
            "condor[1].adjust[1].date",
            "is missing",
            "2026-11-16",
        ),
        (
            condor(f"[[condor.adjust]]\ndate = 2026-11-16\nlegs = {BUYS}"),
            7,
            "condor[1].adjust[1].credit",
            "is missing",
            "negative where paid",
        ),
    ],
)
def test_dates_in_their_order(text: str, line: int, key: str, what: str, expected: str) -> None:
    problem = refusal(text)
    assert (problem.line, problem.key) == (line, key)
    assert what in problem.what
    assert expected in problem.expected
