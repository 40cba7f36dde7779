"""One line of texts, each as near to its own column as the others let it."""

from collections.abc import Iterable
from dataclasses import dataclass

from alvh_tui.screens.charts.canvas import runs
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.why.figure import Figure


@dataclass(frozen=True, slots=True)
class Mark:
    column: int
    text: str
    role: Role = Role.LABEL
    figure: Figure | None = None
    ahead: int = -1
    """So many cells of it lie before the column, or it is left out; where negative it is centred, as near as
    the edges let it."""


def line_of(
    marks: Iterable[Mark],
    width: int,
    filling: str = " ",
    role: Role = Role.RULE,
    gap: int = 1,
    slack: int = 0,
) -> tuple[Span, ...]:
    """The first of the marks come first: a later one that has no room within `slack` cells is left out."""
    taken: list[tuple[int, int, Mark]] = []
    for mark in marks:
        length = width_of(mark.text)
        if not length or length > width:
            continue
        wanted = mark.column - (length // 2 if mark.ahead < 0 else mark.ahead)
        for shift in sorted(range(-slack, slack + 1), key=abs):
            start = max(0, min(wanted + shift, width - length))
            if mark.ahead >= 0 and start != wanted + shift:
                continue
            if all(start + length + gap <= left or right + gap <= start for left, right, _ in taken):
                taken.append((start, start + length, mark))
                break
    spans: list[Span] = []
    column = 0
    for start, end, mark in sorted(taken, key=lambda each: each[0]):
        if start > column:
            spans.append(Span(filling * (start - column), role))
        spans.append(Span(mark.text, mark.role, mark.figure))
        column = end
    if column < width:
        spans.append(Span(filling * (width - column), role))
    return tuple(spans)


def repainted(spans: Iterable[Span], glyphs: dict[int, tuple[str, Role]]) -> tuple[Span, ...]:
    """The same line with single cells written over, where no figure stands."""
    result: list[Span] = []
    column = 0
    for span in spans:
        length = width_of(span.text)
        here = {at - column: glyphs[at] for at in glyphs if column <= at < column + length}
        if span.figure is None and here and length == len(span.text):
            text, roles = list(span.text), [span.role] * length
            for at, (glyph, role) in here.items():
                text[at], roles[at] = glyph, role
            result += runs(text, roles)
        else:
            result.append(span)
        column += length
    return tuple(result)
