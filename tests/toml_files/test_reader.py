"""Typed reading, and messages that stay harmless whatever the file holds."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.toml import kinds
from alvh_tui.toml.document import read_document
from alvh_tui.toml.kinds import Kind
from alvh_tui.toml.problem import Problem, Severity, errors_in
from alvh_tui.toml.reader import Key, Table
from alvh_tui.toml.text import printable, quoted, text_fault


def read(value: str, kind: Kind) -> tuple[Any, list[Problem]]:
    problems: list[Problem] = []
    document = read_document(f"\nkey = {value}", "x.toml")
    assert not document.problems
    values = Table(document, problems).read({"key": Key(kind, "something else")})
    return values.get("key"), problems


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        (kinds.text, '"plain"', "plain"),
        (kinds.note, '"""\nof\tsome\nlines"""', "of\tsome\nlines"),
        (kinds.texts, '"one"', ("one",)),
        (kinds.texts, '["one", "two"]', ("one", "two")),
        (kinds.number, "5", 5.0),
        (kinds.number, "-5.5", -5.5),
        (kinds.at_least(0), "0", 0.0),
        (kinds.above(0), "0.1", 0.1),
        (kinds.whole, "5", 5),
        (kinds.flag, "true", True),
        (kinds.one_of("a", "b"), '"b"', "b"),
        (kinds.moment, "2026-11-04", date(2026, 11, 4)),
        (kinds.moment, "2026-11-04T10:30:00", datetime(2026, 11, 4, 10, 30)),  # noqa: DTZ001
        (kinds.day, "2026-11-04", date(2026, 11, 4)),
        (kinds.table, "{a = 1}", {"a": 1}),
        (kinds.tables, "[{a = 1}, {}]", [{"a": 1}, {}]),
    ],
)
def test_a_value_of_its_kind_is_taken(kind: Kind, value: str, result: Any) -> None:
    found, problems = read(value, kind)
    assert not problems
    assert found == result
    assert type(found) is type(result)


@pytest.mark.parametrize(
    ("kind", "value", "what"),
    [
        (kinds.text, "5", "is the number 5"),
        (kinds.text, '" "', "is empty"),
        (kinds.text, '"a\\tb"', "holds a control character (\\t)"),
        (kinds.text, '"a\\nb"', "runs over more than one line"),
        (kinds.text, '"a\\u001b[2J"', "holds a terminal escape (\\x1b)"),
        (kinds.text, '"a\\u202eb"', "holds a sign that turns the writing direction (\\u202e)"),
        (kinds.text, '"a\\u2066b"', "holds a sign that turns the writing direction (\\u2066)"),
        (kinds.text, '"\\u0085"', "holds a control character (\\x85)"),
        (kinds.note, '"\\u007f"', "holds a control character (\\x7f)"),
        (kinds.note, '"\\r"', "holds a control character (\\r)"),
        (kinds.note, "true", "is true"),
        (kinds.texts, "[]", "is an empty list"),
        (kinds.texts, "5", "is the number 5"),
        (kinds.texts, '["a", 5]', "is the number 5"),
        (kinds.number, '"8.35"', 'is the text "8.35"'),
        (kinds.number, "true", "is true"),
        (kinds.number, "nan", "is the number nan"),
        (kinds.number, "-inf", "is the number -inf"),
        (kinds.number, "0x" + "f" * 3000, "is a number far too large"),
        (kinds.number, "1e300", "is the number 1e+300"),
        (kinds.at_least(0), "-1", "is the number -1"),
        (kinds.above(0), "0", "is the number 0"),
        (kinds.whole, "1.0", "is the number 1"),
        (kinds.whole, "true", "is true"),
        (kinds.whole, "9" * 300, "is a number far too large"),
        (kinds.flag, "1", "is the number 1"),
        (kinds.one_of("a", "b"), '"c"', 'is the text "c"'),
        (kinds.one_of("a", "b"), "[]", "is a list"),
        (kinds.moment, "10:30:00", "is the time 10:30:00"),
        (kinds.moment, '"2026-11-04"', 'is the text "2026-11-04"'),
        (kinds.moment, "0026-11-04", "is the date 0026-11-04"),
        (kinds.moment, "0001-01-01T00:00:00+14:00", "is the moment 0001-01-01 00:00:00+14:00"),
        (kinds.day, "2026-11-04T10:30:00", "is the moment 2026-11-04 10:30:00"),
        (kinds.table, "[]", "is a list"),
        (kinds.tables, "{}", "is a table"),
        (kinds.tables, "[{}, 1]", "is the number 1"),
    ],
)
def test_a_value_of_another_kind_is_a_problem_on_its_line(kind: Kind, value: str, what: str) -> None:
    found, problems = read(value, kind)
    assert found is None
    (problem,) = problems
    assert (problem.line, problem.what) == (2, what)
    assert problem.key.startswith("key")
    assert problem.expected.startswith("expected ")
    assert str(problem).isprintable()


def test_an_element_of_a_list_has_its_own_line() -> None:
    _, (problem,) = read('[\n  "a",\n  5,\n]', kinds.texts)
    assert (problem.line, problem.key) == (4, "key[2]")


KEYS = {"credit": Key(kinds.number, "the credit", required=True), "legs": Key(kinds.texts, "the legs")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("credt", "expected credit"), ("LEGS", "expected legs"), ("zzz", "expected one of credit, legs")],
)
def test_an_unknown_key_is_told_the_nearest_known_one(name: str, expected: str) -> None:
    problems: list[Problem] = []
    Table(read_document(f"credit = 1\n{name} = 2", "x.toml"), problems).read(KEYS)
    assert [str(problem) for problem in problems] == [
        f"x.toml:2: {name}: is not a key of this table, {expected}"
    ]


def test_a_missing_key_is_reported_on_its_tables_line_unless_its_own_line_was_lost() -> None:
    problems: list[Problem] = []
    document = read_document("[[t]]\nlegs = 'a'\n[[t]]\ncredit = 8,35\n[[t]]\nsomething broken\n", "x.toml")
    for inner in Table(document, problems).tables("t"):
        inner.read(KEYS)
    assert [str(problem) for problem in problems] == [
        "x.toml:1: t[1].credit: is missing, expected the credit"
    ]


def test_a_single_table_is_read_where_several_were_expected() -> None:
    document = read_document("[t]\ncredit = 'a'\n", "x.toml")
    problems: list[Problem] = []
    top = Table(document, problems)
    top.read({"t": Key(kinds.tables, "[[t]] for each")})
    for inner in top.tables("t"):
        inner.read(KEYS)
    assert [(p.line, p.key, p.what) for p in problems] == [
        (1, "t", "is a table"),
        (2, "t.credit", 'is the text "a"'),
    ]
    assert top.tables("absent") == ()
    assert top.table("absent") is None


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\u2028\r\n\x00\ud800"


def test_a_problem_shows_hostile_text_harmlessly() -> None:
    problem = Problem(f"a{HOSTILE}.toml", 1, HOSTILE, HOSTILE, HOSTILE)
    assert str(problem).isprintable()
    assert problem.file.startswith("a\\x1b]0;owned\\x07\\x9b31m\\u202e\\u2028\\r\\n\\x00\\ud800")
    assert errors_in([problem]) == (problem,)
    assert errors_in([Problem("a", 1, "k", "w", "e", Severity.WARNING)]) == ()


def test_a_hostile_key_is_shown_escaped() -> None:
    problems: list[Problem] = []
    Table(read_document('"\\u001b[31mcredit" = 1', "x.toml"), problems).read({"legs": KEYS["legs"]})
    assert [problem.key for problem in problems] == ["\\x1b[31mcredit"]


@given(st.text(st.characters(exclude_categories=())))
def test_printable_text_is_printable_and_plain_text_stays_itself(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert printable(shown) == shown
    assert (text_fault(text) is None) or shown != text


def test_a_long_text_is_cut_where_it_is_quoted() -> None:
    assert quoted("x" * 1000) == f'"{"x" * 60}…"'
