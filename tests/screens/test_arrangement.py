"""How the panels stand: every cell used once, at every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from alvh_tui.screens.arrangement import arrangement_for, panels_in, regions

PANELS = ("book", "breakevens", "risk", "journal", "layers", "signals")


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (200, 50, "wide"),
        (120, 40, "board"),
        (200, 40, "board"),
        (80, 24, "tabs"),
        (120, 24, "tabs"),
        (40, 12, "tiny"),
        (1, 1, "tiny"),
    ],
)
def test_room_decides(width: int, height: int, expected: str) -> None:
    assert arrangement_for(width, height) == expected


@given(st.integers(1, 300), st.integers(1, 100), st.sampled_from(PANELS), st.booleans())
def test_the_panel_at_work_is_always_seen(width: int, height: int, at_work: str, maximised: bool) -> None:
    names = panels_in(arrangement_for(width, height), at_work, maximised=maximised)
    assert at_work in names
    assert len(set(names)) == len(names)


@given(st.integers(110, 300), st.integers(26, 100), st.sampled_from(PANELS), st.integers(0, 200))
def test_panels_never_overlap_and_all_have_room(width: int, height: int, at_work: str, lines: int) -> None:
    names = panels_in(arrangement_for(width, height), at_work, maximised=False)
    found = regions(names, Size(width, height), lines)
    assert set(found) == set(names)
    placed = list(found.values())
    assert all(not a.overlaps(b) for i, a in enumerate(placed) for b in placed[i + 1 :])
    assert all(r.width >= 30 and r.height >= 5 for r in placed) or len(names) == 1
    assert all(r.right <= width and r.bottom <= height and r.x >= 0 and r.y >= 0 for r in placed)


def test_the_book_takes_what_it_needs_but_not_the_board() -> None:
    few, many = (regions(PANELS[:3] + PANELS[4:], Size(120, 33), lines)["book"].height for lines in (9, 60))
    assert (few, many) == (9, 13)
