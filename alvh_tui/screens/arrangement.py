"""How the six panels stand, by the room there is: a small terminal loses panels, never truth."""

from collections.abc import Mapping
from typing import Literal

from textual.geometry import Region, Size

Arrangement = Literal["wide", "board", "tabs", "tiny"]
WIDE, WIDE_HIGH = 170, 44
BOARD, BOARD_HIGH = 110, 32
TABS, TABS_HIGH = 60, 18
GUTTER = 2
RIGHT = 46
"""Cells of the column of layers and signals where it stands beside the book."""
BOOK_LEAST, BOOK_MOST = 6, 0.42


def arrangement_for(width: int, height: int) -> Arrangement:
    """wide: three columns; board: two; tabs: a panel at a time; tiny: the same with nothing to spare."""
    if width >= WIDE and height >= WIDE_HIGH:
        return "wide"
    if width >= BOARD and height >= BOARD_HIGH:
        return "board"
    return "tabs" if width >= TABS and height >= TABS_HIGH else "tiny"


def panels_in(arrangement: Arrangement, at_work: str, *, maximised: bool) -> tuple[str, ...]:
    """Those that can be seen; the journal takes the place of the risk panel where there is only one."""
    if maximised or arrangement in ("tabs", "tiny"):
        return (at_work,)
    if arrangement == "wide":
        return ("book", "breakevens", "risk", "journal", "layers", "signals")
    return ("book", "breakevens", "journal" if at_work == "journal" else "risk", "layers", "signals")


def regions(names: tuple[str, ...], size: Size, book_lines: int) -> Mapping[str, Region]:
    """Where each stands on the board; `book_lines` is what the book would like."""
    if len(names) == 1:
        return {names[0]: Region(0, 0, *size)}
    book = max(BOOK_LEAST, min(book_lines, int(size.height * BOOK_MOST)))
    if len(names) == 5:
        left = size.width - RIGHT - GUTTER
        breakevens = (size.height - book) * 7 // 12
        return {
            **_stack(names[:3], 0, left, size.height, book, breakevens),
            **_stack(names[3:], left + GUTTER, RIGHT, size.height, size.height * 7 // 12),
        }
    right = max(RIGHT, size.width * 27 // 100)
    left = (size.width - right - 2 * GUTTER) * 54 // 100
    middle = size.width - left - right - 2 * GUTTER
    return {
        **_stack(names[:2], 0, left, size.height, book),
        **_stack(names[2:4], left + GUTTER, middle, size.height, size.height * 6 // 10),
        **_stack(names[4:], size.width - right, right, size.height, size.height * 6 // 10),
    }


def _stack(names: tuple[str, ...], x: int, width: int, height: int, *heights: int) -> dict[str, Region]:
    """One over the other; the last has what is left."""
    found, y = {}, 0
    for name, lines in zip(names, (*heights, height - sum(heights)), strict=True):
        found[name] = Region(x, y, width, lines)
        y += lines
    return found
