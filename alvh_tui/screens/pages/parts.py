"""Pieces that pages are put together from."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from alvh_tui.screens.pages import sections
from alvh_tui.screens.pages.sections import INDENT, heading
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, fitted, said, wrapped
from alvh_tui.screens.shown import Look
from alvh_tui.screens.words import flowed
from alvh_tui.toml.text import printable

WIDEST = 100
"""Cells of a line of text; longer ones are hard to read."""


def section(text: str, look: Look, rows: Iterable[Row]) -> Iterator[Row]:
    """Nothing where there are no rows."""
    rows = tuple(rows)
    if rows:
        yield from heading(text, look)
        yield from rows


def paragraph(
    key: str,
    text: str,
    look: Look,
    role: Role = Role.PLAIN,
    indent: int = INDENT,
    opens: Opens | None = None,
) -> Iterator[Row]:
    """Foreign text too, in lines that can be read."""
    narrow = replace(look, width=min(look.width, WIDEST))
    yield from sections.paragraph(key, printable(text), narrow, role=role, indent=indent, opens=opens)


def pair(
    key: str,
    label: str,
    spans: Iterable[Span],
    look: Look,
    *,
    width: int = 16,
    opens: Opens | None = None,
) -> Iterator[Row]:
    """A label and what belongs to it, flowing on under itself."""
    room = min(width, max(look.width // 3, 1))
    lead = (Span(" " * INDENT), Span(f"{fitted(label, room)} ", Role.LABEL))
    yield from flowed(key, spans, min(look.width, WIDEST), lead=lead, opens=opens)


def nothing(key: str, text: str, look: Look) -> Sheet:
    """A page about something that is not there."""
    return Sheet(
        tuple(
            said(f"{key} {nth}", line)
            for nth, line in enumerate(wrapped(printable(text), max(look.width, 1)))
        )
    )
