"""The steward's report: how the book was led, line by line with the entries it rests on."""

from collections.abc import Iterator

from alvh_tui.memory.report import Line, closing_line, sections_of, title_of
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.pages.parts import INDENT, WIDEST, nothing, paragraph, section
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, width_of, wrapped
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import without_amounts
from alvh_tui.toml.text import printable

_LONGEST_FIGURE = 24
"""A longer one, such as a reason given, stands below its line."""


def sheet(shown: Shown, look: Look) -> Sheet:
    report = shown.report
    if report is None:
        why = f": {shown.memory}" if shown.memory else " yet"
        return nothing("report none", f"there is no report{why}", look)
    rows = list(paragraph("report title", title_of(report), look, Role.LABEL))
    for part in sections_of(report):
        lines = (row for line in part.lines for row in _rows(line, look))
        rows += section(part.title, look, lines)
    rows.append(Row("report blank", ()))
    rows += paragraph("report closing", closing_line(report), look, Role.STRONG)
    return Sheet(tuple(rows))


def _rows(line: Line, look: Look) -> Iterator[Row]:
    """The sentence, and at the right its figure; behind it the entry of the journal."""
    text, figure = _shielded(line, look)
    if not text:
        text, figure = figure, ""
    opens = None if line.entry is None else Opens("entry", str(line.entry))
    width = min(look.width, WIDEST)
    beside = width_of(figure) <= min(_LONGEST_FIGURE, max(width // 2, 1))
    room = max(width - INDENT - (width_of(figure) + 2 if beside else 0), 4)
    lines = wrapped(text, room) or [""]
    for nth, said in enumerate(lines):
        spans = [Span(" " * INDENT), Span(said)]
        if not nth and beside:
            gap = width - INDENT - width_of(said) - width_of(figure)
            spans += [Span(" " * max(gap, 0)), Span(figure, Role.STRONG)]
        yield Row(f"report {line.key}{f' {nth}' if nth else ''}", cut(spans, look.width), opens)
    if not beside:
        yield from paragraph(f"report {line.key} figure", figure, look, Role.LABEL, 2 * INDENT, opens)


def _shielded(line: Line, look: Look) -> tuple[str, str]:
    text, figure = printable(line.text), printable(line.figure)
    if not look.private:
        return text, figure
    counts = figure.startswith("+")
    return without_amounts(text), HIDDEN if line.amount or counts else without_amounts(figure)
