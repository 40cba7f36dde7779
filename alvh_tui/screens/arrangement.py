"""How the panels stand, by the room there is: a small terminal loses panels, never truth."""

from typing import Literal

Arrangement = Literal["board", "wide", "tabs", "tiny"]
WIDE, WIDE_HIGH = 170, 44
BOARD, BOARD_HIGH = 110, 32
TABS, TABS_HIGH = 60, 18


def arrangement_for(width: int, height: int) -> Arrangement:
    """wide: three columns; board: two; tabs: a panel at a time; tiny: the same with nothing to spare."""
    if width >= WIDE and height >= WIDE_HIGH:
        return "wide"
    if width >= BOARD and height >= BOARD_HIGH:
        return "board"
    return "tabs" if width >= TABS and height >= TABS_HIGH else "tiny"
