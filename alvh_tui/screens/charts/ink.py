"""What a cell of a chart can show: how many dots, and the character for each set of them."""

from dataclasses import dataclass, replace

from alvh_tui.screens.shown import Charts


@dataclass(frozen=True, slots=True)
class Ink:
    across: int
    """Dots in a cell."""
    down: int
    bits: tuple[int, ...]
    """Of each dot of a cell, row by row."""
    glyphs: tuple[str, ...]
    """By the sum of the bits that are set."""
    shade: str
    """Fills an area."""
    upright: str
    """A vertical mark."""
    dashed: str
    level: str
    """A horizontal mark."""
    rule: str
    """The line of an axis."""
    rule_dashed: str
    tick: str
    thick: str
    """Stands for a thick line where two dots are no thicker than one."""
    corners: str
    """Of a line that steps: level, upright, then turns down from the left, down to the right, up from the
    left, up to the right."""


BRAILLE = Ink(
    across=2,
    down=4,
    bits=(1, 8, 2, 16, 4, 32, 64, 128),
    glyphs=(" ", *(chr(0x2800 + mask) for mask in range(1, 256))),
    shade="░",
    upright="│",
    dashed="┊",
    level="╌",
    rule="─",
    rule_dashed="╌",
    tick="┬",
    thick="",
    corners="─│╮╰╯╭",
)
BLOCKS = replace(BRAILLE, down=2, bits=(1, 2, 4, 8), glyphs=tuple(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"), thick="▒")
ASCII = Ink(
    across=1,
    down=3,
    bits=(1, 2, 4),
    glyphs=tuple(" '-'.|.|"),
    shade=":",
    upright="|",
    dashed=":",
    level="-",
    rule="-",
    rule_dashed=".",
    tick="+",
    thick="#",
    corners="=|++++",
)
INKS: dict[Charts, Ink] = {"braille": BRAILLE, "blocks": BLOCKS, "ascii": ASCII}
