"""What pages are made of: headings, paragraphs, pairs, and figures with their names in one column or two."""

from collections.abc import Iterable, Iterator, Sequence

from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, told, width_of, wrapped
from alvh_tui.screens.shown import Look
from alvh_tui.screens.table import DOUBTFUL, needs_mark
from alvh_tui.screens.words import flowed
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

INDENT = 2
WIDEST = 100
"""Cells of a line of text; longer ones are hard to read."""
TWO_COLUMNS = 76
"""The least width for figures side by side."""
_GAP = 4


def heading(title: str, look: Look) -> Iterator[Row]:
    """A blank line, then a rule that names what follows."""
    yield Row(f"{title} blank", ())
    rest = max(look.width - width_of(title) - 1, 0)
    yield Row(title, cut((Span(f"{title} ", Role.STRONG), Span("─" * rest, Role.RULE)), look.width))


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
    figure: Figure | None = None,
) -> Iterator[Row]:
    """All of it in whole words, foreign text too; the figure is what its numbers belong to."""
    room = min(look.width, WIDEST) - indent
    for nth, line in enumerate(wrapped(printable(text), max(room, 1))):
        yield Row(f"{key} {nth}", cut((Span(" " * indent), Span(line, role, figure)), look.width), opens)


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
    return Sheet(told(key, printable(text), look.width))


def named_figures(pairs: Sequence[tuple[str, Span]], look: Look, key: str) -> Iterator[Row]:
    """Names to the left, figures in line; two columns read downwards where there is room."""
    if not pairs:
        return
    columns = 2 if look.width >= TWO_COLUMNS and len(pairs) > 1 else 1
    name, figure = _widths(pairs, look, key, columns)
    length = -(-len(pairs) // columns)
    for nth in range(length):
        spans: list[Span] = []
        for column in range(columns):
            place = nth + column * length
            if place < len(pairs):
                spans += [Span(" " * (_GAP if column else INDENT)), *_pair(*pairs[place], name, figure)]
        yield Row(f"{key} {pairs[nth][0]}", cut(spans, look.width))


def _widths(pairs: Sequence[tuple[str, Span]], look: Look, key: str, columns: int) -> tuple[int, int]:
    figure = max(width_of(span.text) for _, span in pairs)
    figure = look.widths.at_least(f"{key} figure", max(figure, 10))
    room = look.width // columns - figure - 2 - _GAP
    return min(max(width_of(name) for name, _ in pairs), max(room, 4)), figure


def _pair(name: str, span: Span, name_width: int, figure_width: int) -> Iterator[Span]:
    """The cell behind a figure is for the mark of doubt."""
    yield Span(f"{fitted(name, name_width)}  ", Role.LABEL)
    yield Span(" " * max(figure_width - width_of(span.text), 0))
    yield span
    yield Span(DOUBTFUL if needs_mark(span) else " ", Role.DOUBT)
