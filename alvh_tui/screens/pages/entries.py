"""Entries of the journal on a page, one line each."""

from collections.abc import Iterator, Sequence

from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.screens.pages.sections import INDENT
from alvh_tui.screens.panels.journal import SIGNS, time_in_words
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import without_amounts
from alvh_tui.toml.text import printable

_TIME = 12


def entry_list(entries: Sequence[Entry], shown: Shown, look: Look, most: int) -> Iterator[Row]:
    """The newest first."""
    today = (look.now or shown.frame.at).astimezone(NEW_YORK).date()
    for entry in entries[: -most - 1 : -1]:
        when = fitted(time_in_words(entry.at, today, clock=True), _TIME)
        text = printable(without_amounts(entry.text) if look.private else entry.text)
        spans = (
            Span(" " * INDENT),
            Span(when, Role.LABEL),
            Span(f" {SIGNS.get(entry.kind, '·')} ", Role.LABEL),
            Span(text),
        )
        yield Row(f"past {entry.seq}", cut(spans, look.width), Opens("entry", str(entry.seq)))
    if len(entries) > most:
        more = f"{number(len(entries) - most)} older ones are in the journal"
        yield Row("past more", cut((Span(" " * INDENT), Span(more, Role.LABEL)), look.width))
