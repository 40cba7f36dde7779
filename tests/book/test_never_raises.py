"""Whatever stands in a file, loading it ends in a book or in problems, and a book can be used."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.book.load import Loaded, load_book, parse_book, warnings_on
from alvh_tui.book.samples import SAMPLES
from alvh_tui.book.schema import SECTIONS
from alvh_tui.book.starter import starter_book
from alvh_tui.book.write import book_text
from alvh_tui.toml.problem import errors_in
from tests.book.books import CONTRACT_EXAMPLE, PATH

SOUND = (
    CONTRACT_EXAMPLE,
    starter_book(date(2026, 11, 20)).replace("\n#", "\n"),
    *(sample.path.read_text(encoding="utf-8") for sample in SAMPLES.values()),
)
NOW = datetime(2026, 12, 17, 15, tzinfo=UTC)


def examine(loaded: Loaded, lines: int) -> None:
    """What holds for every file: a book or an error, said in printable words on a line there is."""
    assert (loaded.book is None) == bool(errors_in(loaded.problems))
    for problem in loaded.problems:
        assert 1 <= problem.line <= lines
        assert str(problem).isprintable()
        assert len(str(problem)) < 3000
        assert problem.expected.startswith("expected ")
    if loaded.book is None:
        return
    assert all(str(problem).isprintable() for problem in warnings_on(loaded.book, NOW))
    for held in loaded.book.positions:
        assert held.contracts >= 0
        assert held.cash == held.cash
    assert parse_book(book_text(loaded.book), PATH).book is not None


SIGNS = tuple("\n\"'[]=-+0/PC.,#\x1b\u202eé\\")
PHRASES = ("", "[[", "9" * 400, "@ 1", "e9", "nan", "true", "1979-05-27", '"""', "{a = 1}", "[]")
SCRAPS = st.sampled_from((*SIGNS, *PHRASES, "0001-01-01T00:00:00+14:00"))
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), SCRAPS), min_size=1, max_size=4)


@given(st.sampled_from(SOUND), EDITS)
def test_a_book_with_slips_of_the_pen(text: str, edits: list[tuple[float, int, str]]) -> None:
    for where, taken, scrap in edits:
        at = int(where * len(text))
        text = text[:at] + scrap + text[at + taken :]
    examine(parse_book(text, PATH), text.count("\n") + 1)


PLAIN = (
    "1",
    "0",
    "-1",
    "1e308",
    "nan",
    "-inf",
    "true",
    "2026-12-18",
    "10:00:00",
    "2099-12-31T23:59:59-12:00",
)
NESTED = ("[]", "[[]]", "{}", "[{}]", "[1, 'a']", '["a", "a"]', '["+1 VXX", "-1 VXX"]')
TEXTS = (
    "",
    "x",
    "L1",
    "+9999999 VX 2026-12-16",
    "-1 SPXW 2026-12-18 6400P",
    "-1 SPXW 2026-12-18 1P/2P/3C/4C",
)
VALUES = st.sampled_from((*PLAIN, *NESTED, *(f'"{text}"' for text in TEXTS)))


@st.composite
def odd_books(draw: st.DrawFn) -> str:
    """Every key in its place, with values of any kind."""
    lines = ["schema = 1"]
    for section in draw(st.lists(st.sampled_from(sorted(SECTIONS)), max_size=8)):
        lines.append(f"[[{section}]]" if section not in ("", "account") else "[account]")
        keys = draw(st.lists(st.sampled_from(sorted(SECTIONS[section])), unique=True))
        lines += [f"{key} = {draw(VALUES)}" for key in keys]
    return "\n".join(lines)


@given(odd_books())
def test_every_key_with_any_value(text: str) -> None:
    examine(parse_book(text, PATH), text.count("\n") + 1)


@given(st.text(max_size=300))
def test_any_text(text: str) -> None:
    examine(parse_book(text, PATH), text.count("\n") + 1)


@given(st.binary(max_size=300), st.sampled_from(SOUND), st.floats(0, 1))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, scrap: bytes, text: str, where: float) -> None:
    path = tmp_path_factory.mktemp("bytes") / "book.toml"
    sound = text.encode()
    at = int(where * len(sound))
    for content in (scrap, sound[:at] + scrap + sound[at:]):
        path.write_bytes(content)
        examine(load_book(path), content.count(b"\n") + 1)


@pytest.mark.parametrize("path", ["", "\0", "/dev/null", "/no/such/thing", "x" * 5000])
def test_any_path(path: str) -> None:
    loaded = load_book(Path(path))
    assert loaded.book is None
    assert loaded.problems
