"""Lines, recovery from broken TOML, and files that are no files."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alvh_tui.toml.document import LARGEST, Document, read_document, read_file

WHOLE = '''\ufeff# a comment with "quotes" and [brackets]
schema = 1
"quoted key" = 'literal # not a comment'
dotted . "inner name" = 2

[account]   # behind a header
name = "a \\" quote"   # and here
text = """
several
= lines
[not.a.table]
"""
raw = \'\'\'
one
\'\'\'
inline = {x = 1, y = [1, 2]}

[[condor]]
id = "first"
legs = [
  "a",  # one
  # a line between
  ["nested", "b"],
  {k = "v"}, "c"
]
  [[condor.adjust]]
  date = 2026-11-04
  [condor.adjust.deep]
  x = 1
  [[condor.adjust]]
  date = 2026-11-05

[[condor]]
id = "second"
  [[condor.adjust]]
  credit = 1
'''


def lines_of(document: Document) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every path of the document's data."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document.data)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, dict):
            waiting.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, number), inner) for number, inner in enumerate(value))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("schema",), 2),
        (("quoted key",), 3),
        (("dotted", "inner name"), 4),
        (("account",), 6),
        (("account", "name"), 7),
        (("account", "text"), 8),
        (("account", "raw"), 13),
        (("account", "inline"), 16),
        (("account", "inline", "y", 1), 16),
        (("condor",), 18),
        (("condor", 0), 18),
        (("condor", 0, "legs"), 20),
        (("condor", 0, "legs", 0), 21),
        (("condor", 0, "legs", 1), 23),
        (("condor", 0, "legs", 1, 0), 23),
        (("condor", 0, "legs", 2), 24),
        (("condor", 0, "legs", 3), 24),
        (("condor", 0, "adjust", 0), 26),
        (("condor", 0, "adjust", 0, "deep", "x"), 29),
        (("condor", 0, "adjust", 1, "date"), 31),
        (("condor", 1), 33),
        (("condor", 1, "id"), 34),
        (("condor", 1, "adjust", 0, "credit"), 36),
        (("condor", 1, "adjust", 0, "absent"), 35),
    ],
)
def test_every_value_has_its_line(line_end: str, path: tuple[str | int, ...], line: int) -> None:
    document = read_document(WHOLE.replace("\n", line_end), "book.toml")
    assert not document.problems
    assert document.line(path) == line


KEYS = st.sampled_from(["a", "b-c", '"q.u"', "'l i'", "d.e", '"\\u0041x"'])
VALUES = st.sampled_from(
    [
        "1",
        '"x # y"',
        "'z'",
        "[1,\n  2, # c\n 3]",
        '"""\nm\n[[n]]\n"""',
        "{i = 1, j = {k = 2}}",
        "2026-11-04",
        "'''\n'''",
    ]
)


@st.composite
def sound_texts(draw: st.DrawFn) -> tuple[str, dict[tuple[str | int, ...], int]]:
    """A TOML text and the line of each of its keys."""
    lines: list[str] = []
    expected: dict[tuple[str | int, ...], int] = {}
    for number in range(draw(st.integers(0, 3))):
        lines += [""] * draw(st.integers(0, 2)) + ["[[t]] # x"]
        for key in draw(st.lists(KEYS, unique=True)):
            value = draw(VALUES)
            parts = tuple(_path(tomllib.loads(f"{key} = 1")))
            expected["t", number, *parts] = len(lines) + 1
            lines += f"  {key}\t= {value}".split("\n")
    return "\n".join(lines), expected


def _path(nested: Any) -> Iterator[str]:
    while isinstance(nested, dict):
        (key,) = nested
        yield key
        nested = nested[key]


@given(sound_texts())
def test_the_index_agrees_with_a_text_whose_lines_are_known(
    made: tuple[str, dict[tuple[str | int, ...], int]],
) -> None:
    text, expected = made
    document = read_document(text, "x")
    assert not document.problems
    assert document.data == tomllib.loads(text)
    for path, line in expected.items():
        assert document.lines[path] == line


SIGNS = tuple("[]{}\"'\n=.,#ab1 \\é−\r\x1b\x00\u202e\ufeff")
PHRASES = ("[[", "]]", '"""', "'''", "\r\n", "2026-02-30", "a = 1\n", "[[a]]\n", "[a]\n", "b = [\n", "# c")
SCRAPS = st.lists(st.sampled_from(SIGNS + PHRASES), max_size=40).map("".join)


@given(SCRAPS | st.text(max_size=200))
@example("a" * 10 + "\n[a.b]\n[a]\n[[a]]\na.b=1")
@example("[x]\n[[x]]\n[[x.y]]\n[x]")
@example("[[t]\nb = 1\n[t]\nb = 2\n[t]\n")
def test_any_text_gives_a_document(text: str) -> None:
    document = read_document(text, "x")
    try:
        sound = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        assert document.problems
    else:
        assert not document.problems
        assert document.data == sound
    count = text.count("\n") + 1
    assert all(1 <= problem.line <= count and str(problem).isprintable() for problem in document.problems)
    assert all(1 <= document.line(path) <= count for path, _ in lines_of(document))


@pytest.mark.parametrize(
    ("line", "what", "expected"),
    [
        ("name = main", 'text without quotes: "main"', "quotes around it"),
        ("name = “main”", "curly quotes", "straight ones"),
        ("credit = 8,35", "a comma in a number", "a point for decimals"),
        ("credit = −0.85", "typographic minus", "the hyphen"),
        ("credit = - 0.85", "space behind its sign", "together"),
        ("credit = .85", "begins with a point", "0.85"),
        ("credit = 8.", "ends with a point", "8.0"),
        ("credit = 08.5", "begins with a zero", "without it"),
        ("credit = $8.35", "currency sign", "the bare number"),
        ("credit = 8.35 dollars", "cannot be read", "the end of the line or a # comment"),
        ("credit =", "has no value", "a value after the ="),
        ("credit = # soon", "has no value", "a value after the ="),
        ("credit 8.35", 'cannot be read: "credit 8.35"', "key = value"),
        ("opened = 2026-02-30", "is not a date there is", "a day of the calendar"),
        ("opened = 4.11.2026", "not a date as TOML writes it", "year-month-day"),
        ("open = True", "not true or false", "small letters"),
        ('note = "half', "a quote that is never closed", "one at the end"),
        ('note = """half', "a quote that is never closed", "one at the end"),
        ('legs = ["a"', "a bracket that is never closed", "] at the end"),
        ('rules = "C:\\users"', "a backslash in a text", "single quotes"),
        ('note = "\x1b[31m"', "a terminal escape (\\x1b)", "plain text"),
        ("legs = [a b]", "not a list", 'as ["a", "b"]'),
        ("legs = {a b}", "not a table", "{key = value"),
        ("x = " + "[" * 40 + "]" * 40, "nested too deeply", "plain values"),
        ("x = " + "9" * 5000, "a line that never ends", "at most 4000"),
        ("a." * 40 + "a = 1", "nested too deeply", "plain values"),
        ("[[x", "is not a table's name", "[[x]]"),
        ("# a comment\x07", "a control character (\\x07)", "plain text"),
        ("[!]", "is not a table's name", "[name] or [[name]]"),
    ],
)
def test_a_broken_line_is_named_and_the_rest_is_read(line: str, what: str, expected: str) -> None:
    document = read_document(f"schema = 1\n\n{line}\n[after]\nkey = 2\n", "book.toml")
    (problem,) = document.problems
    assert (problem.file, problem.line) == ("book.toml", 3)
    assert what in problem.what
    assert expected in problem.expected
    assert problem.expected.startswith("expected ")
    assert document.data["schema"] == 1
    assert document.data["after"] == {"key": 2}
    assert document.line(("after", "key")) == 5


def test_all_broken_lines_are_reported_at_once_and_nothing_else() -> None:
    text = 'a = x\n[[t]]\nb = "half\nc = 1\nd = [\n  1,\n  2\ne = 3\n[[t]]\nb = 8,5\nb = 2\nb = 3\n'
    document = read_document(text, "x")
    assert [(problem.line, problem.key) for problem in document.problems] == [
        (1, "a"),
        (3, "t[1].b"),
        (5, "t[1].d"),
        (10, "t[2].b"),
        (12, "t[2].b"),
    ]
    assert document.data == {"t": [{"c": 1, "e": 3}, {"b": 2}]}
    assert document.is_lost(("a",))
    assert document.is_lost(("t", 0, "d"))
    assert not document.is_lost(("t", 0, "c"))
    assert not document.is_lost(("t", 1, "z"))


def test_what_is_written_twice_says_where_it_stood_first() -> None:
    document = read_document("[a]\nx = 1\nx = 2\n[b]\n[a]\ny = 1\n[a.c]\nz = 1\n[d]\n", "x")
    assert [(p.line, p.key, p.what) for p in document.problems] == [
        (3, "a.x", "is written twice, first on line 2"),
        (5, "a", "is written twice, first on line 1"),
    ]
    assert document.data == {"a": {"x": 1}, "b": {}, "d": {}}


@pytest.mark.parametrize(
    "text", ["[[a]]\n[a]\n", "[a]\n[[a]]\n", "a = 1\n[a.b]\n", "a.b = 1\na = 2\n", "a = {}\na.b = 1\n"]
)
def test_a_name_used_in_two_ways_is_a_problem_of_the_later_line(text: str) -> None:
    (problem,) = read_document(text, "x").problems
    assert problem.line == 2
    assert problem.what == "contradicts what stands above it"


def test_a_header_with_a_bracket_too_few_is_read_all_the_same() -> None:
    document = read_document("[[t]\na = 1\n[[t]]\nb = 2\n[c]]\n", "x")
    assert [problem.line for problem in document.problems] == [1, 5]
    assert document.data == {"t": [{"a": 1}, {"b": 2}], "c": [{}]}
    assert not document.lost


def test_a_section_without_a_readable_name_is_left_out_whole() -> None:
    document = read_document("[[t]]\na = 1\n[[?]]\na = 2\n[[t.u]]\nb = x\n[[t]]\nc = 3\n", "x")
    assert [problem.line for problem in document.problems] == [3, 6]
    assert document.data == {"t": [{"a": 1}, {"c": 3}]}
    assert document.is_lost(("anything",))
    assert document.line(("t", 1, "c")) == 8


def test_a_page_of_garbage_ends_in_one_last_problem() -> None:
    document = read_document("junk\n" * 5000, "x")
    assert len(document.problems) == 51
    assert "more lines" in document.problems[-1].what
    assert document.is_lost(("schema",))


@pytest.mark.parametrize(
    "text",
    [
        "a=" + "[" * 100_000,
        "a=[\n" + "[\n" * 100_000,
        "a={" + "b." * 100_000 + "c=1}",
        "a." * 100_000,
        "x" * (LARGEST + 1),
    ],
    ids=["deep", "deep lines", "dotted inline", "dotted", "large"],
)
def test_texts_made_to_exhaust_the_parser_are_one_problem(text: str) -> None:
    assert len(read_document(text, "x").problems) == 1


def test_an_empty_text_is_an_empty_document() -> None:
    document = read_document("", "x")
    assert document.data == {}
    assert not document.problems
    assert document.line(("a",)) == 1


def only(document: Document) -> str:
    (problem,) = document.problems
    assert document.is_lost(("schema",))
    return str(problem)


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    assert "there is no such file" in only(read_file(tmp_path / "absent.toml"))
    assert "is a directory" in only(read_file(tmp_path))
    assert "cannot be read" in only(read_file(Path("a\0b.toml")))
    large = tmp_path / "large.toml"
    large.write_bytes(b"\xc3\xa9" * LARGEST)
    assert "far too large" in only(read_file(large))
    wide = tmp_path / "wide.toml"
    wide.write_text("schema = 1", encoding="utf-16")
    assert "saved as UTF-16" in only(read_file(wide))


def test_a_byte_that_is_not_utf8_is_named_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b'schema = 1\nname = "caf\xe9"\nlast = x\n')
    document = read_file(path)
    assert [(problem.line, problem.what) for problem in document.problems] == [
        (2, "holds a byte that is not UTF-8 (0xe9)"),
        (3, 'is text without quotes: "x"'),
    ]
    assert document.data["schema"] == 1


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "x.toml"
    path.write_bytes(content)
    assert all(str(problem).isprintable() for problem in read_file(path).problems)
