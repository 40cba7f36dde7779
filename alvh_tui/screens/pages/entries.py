"""Entries of the journal on a page, one line each."""

from collections.abc import Iterator, Sequence

from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.screens.pages.parts import INDENT
from alvh_tui.screens.panels.journal import SIGNS, time_in_words
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import shielded

MOST = 30
"""The journal itself has all."""
_TIME = 12


def entry_list(entries: Sequence[Entry], shown: Shown, look: Look) -> Iterator[Row]:
    """The newest first."""
    today = (look.now or shown.frame.at).astimezone(NEW_YORK).date()
    for entry in entries[: -MOST - 1 : -1]:
        when = fitted(time_in_words(entry.at, today, clock=True), _TIME)
        spans = (
            Span(" " * INDENT),
            Span(when, Role.LABEL),
            Span(f" {SIGNS.get(entry.kind, '·')} ", Role.LABEL),
            Span(shielded(entry.text, look)),
        )
        yield Row(f"past {entry.seq}", cut(spans, look.width), Opens("entry", str(entry.seq)))
    if len(entries) > MOST:
        more = f"{number(len(entries) - MOST)} older ones are in the journal"
        yield Row("past more", cut((Span(" " * INDENT), Span(more, Role.LABEL)), look.width))
