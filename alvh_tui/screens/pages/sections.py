"""What pages are made of: headings, paragraphs, and figures with their names in one column or two."""

from collections.abc import Iterator, Sequence

from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, width_of, wrapped
from alvh_tui.screens.shown import Look
from alvh_tui.screens.table import DOUBTFUL
from alvh_tui.why.figure import Figure

INDENT = 2
TWO_COLUMNS = 76
"""The least width for figures side by side."""
_GAP = 4


def heading(title: str, look: Look) -> Iterator[Row]:
    """A blank line, then a rule that names what follows."""
    yield Row(f"{title} blank", ())
    rest = max(look.width - width_of(title) - 1, 0)
    yield Row(title, cut((Span(f"{title} ", Role.STRONG), Span("─" * rest, Role.RULE)), look.width))


def paragraph(
    key: str,
    text: str,
    look: Look,
    *,
    role: Role = Role.PLAIN,
    indent: int = INDENT,
    opens: Opens | None = None,
    figure: Figure | None = None,
) -> Iterator[Row]:
    """All of it, in whole words; the figure is what its numbers belong to."""
    for nth, line in enumerate(wrapped(text, max(look.width - indent, 1))):
        yield Row(f"{key} {nth}", cut((Span(" " * indent), Span(line, role, figure)), look.width), opens)


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
    doubtful = span.role is Role.DOUBT and any(map(str.isdigit, span.text))
    yield Span(DOUBTFUL if doubtful else " ", Role.DOUBT)
