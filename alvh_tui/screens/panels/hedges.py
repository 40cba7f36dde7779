"""The hedges of the book: one line for all of them, which folds out to one line each."""

from collections.abc import Iterator, Sequence

from alvh_tui.risk.living import living_legs
from alvh_tui.risk.totals import hedge_vix_dollars
from alvh_tui.screens.cells import amount, cell, gain, level, size
from alvh_tui.screens.panels.columns import Seen, days_in_words
from alvh_tui.screens.panels.legs import leg_rows
from alvh_tui.screens.rows import Opens, Role, Row, Span
from alvh_tui.screens.shown import Look
from alvh_tui.screens.table import Column, Table
from alvh_tui.why.figure import Figure

UNIT = "(hedges)"
"""What folds out all of them; a position may be called hedges."""


def hedge_rows(hedges: Sequence[Seen], look: Look, name: Column) -> Iterator[Row]:
    """A heading and a line each, and the legs of those folded out."""
    table = Table(
        "hedges",
        [
            name,
            Column("pnl", "P&L", 7),
            Column("layer", "layer", 2, right=False),
            Column("mark", "mark", 5, rank=3),
            Column("value", "value", 6, rank=4),
            Column("vix_dollars", "vix$", 5, rank=1),
            Column("theta", "Θ", 4, rank=5),
            Column("days", "days", 5, rank=2),
            Column("cost", "cost", 6, rank=6),
            Column("mark_in_question"),
        ],
        look,
    )
    for seen in hedges:
        shown_as = Span(f"{seen.folded} {seen.name}", Role.PLAIN, seen.of("contracts"))
        table.add(f"{seen.id}", shown_as, *_cells(seen), opens=Opens("position", seen.id), folds=seen.id)
        if seen.id in look.unfolded:
            for row in leg_rows(seen.held, seen.shown, look):
                table.add_row(row)
    head, *lines = table.rows()
    yield Row(f"{UNIT} head", head.spans)
    yield from lines


def _cells(seen: Seen) -> tuple[Span, ...]:
    figures, shown, look = seen.figures, seen.shown, seen.look
    greeks, cost = figures.greeks, figures.credit
    vix = hedge_vix_dollars(figures, seen.valuation) if living_legs(figures, seen.valuation) else 0.0
    return (
        gain(figures.pnl, seen.of("pnl"), shown, look),
        Span(figures.layer or "", Role.LABEL, Figure("layer", "held", figures.layer or "")),
        level(figures.mark, seen.of("mark"), shown, 2),
        amount(figures.value, seen.of("value"), shown, look, signed=False),
        size(vix, seen.of("vix_dollars"), shown, look),
        size(None if greeks is None else greeks.theta, seen.of("theta"), shown, look),
        cell(days_in_words(figures, seen.valuation), seen.of("dte"), shown),
        level(None if cost is None else -cost, seen.of("credit"), shown, 2),
        Span(""),
    )
