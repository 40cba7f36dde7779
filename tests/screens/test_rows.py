"""Text in cells of a terminal, whatever it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from alvh_tui.screens.rows import fitted, wrapped

LONG = [
    "é" * 300,
    "漢" * 300,
    "e\u0301" * 200,
    "a" + "\u0301" * 200 + "bcdef" * 9,
    "👨\u200d👩\u200d👧" * 60,
    "ab漢" * 90,
]
"""Wide, narrow, and of no width at all."""
pieces = st.lists(
    st.sampled_from(["a", " ", "é", "漢", "e\u0301", "\u0301", "👩\u200d👧", "❤\ufe0f"]), max_size=90
)


def cut_whole(text: str, width: int) -> str:
    """The plain way: the whole text looked at."""
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    return set_cell_size(text, max(width - 1, 0)) + "…" if width > 0 else ""


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("width", [0, 1, 2, 7, 20, 80, 400])
def test_long_texts_are_cut_as_if_all_of_them_were_looked_at(text: str, width: int) -> None:
    assert fitted(text, width) == cut_whole(text, width)


@given(pieces.map("".join), st.integers(0, 40))
def test_any_text_is_cut_as_if_all_of_it_were_looked_at(text: str, width: int) -> None:
    assert fitted(text, width) == cut_whole(text, width)


@pytest.mark.parametrize("text", LONG)
def test_a_word_too_long_for_a_line_is_broken_and_nothing_is_lost(text: str) -> None:
    lines = wrapped(text, 12)
    assert "".join(lines) == text
    assert all(cell_len(line) <= 12 for line in lines)
