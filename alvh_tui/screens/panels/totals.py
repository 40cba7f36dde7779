"""The last lines of the book: what all of it makes, where it leans, how much of it is covered."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alvh_tui.figures import UNKNOWN, percent
from alvh_tui.risk.marks import Rung
from alvh_tui.screens.cells import cell, gain, size
from alvh_tui.screens.rows import Role, Row, Span, cut, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import DOUBTFUL, needs_mark
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment

GAP = "   "


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    assessment: "Assessment"
    shown: Shown
    look: Look

    def doubted(self, span: Span) -> Span:
        """A sum that misses a leg is marked."""
        if self.assessment.totals.complete or UNKNOWN in span.text:
            return span
        return Span(span.text, Role.DOUBT, span.figure)

    def pnl(self) -> Span:
        return self.doubted(gain(self.assessment.totals.pnl, Figure("total", "pnl"), self.shown, self.look))

    def hedges_pnl(self) -> Span:
        """Of those that are priced, as all sums are."""
        held = [p.figures for p in self.assessment.positions if p.figures.kind == "hedge"]
        known = [figures.pnl for figures in held if figures.pnl is not None]
        span = gain(sum(known) if known else None, Figure("total", "hedges_pnl"), self.shown, self.look)
        return span if len(known) == len(held) else self.doubted(span)

    def greek(self, name: str, digits: int = 0) -> Span:
        value = getattr(self.assessment.totals, name)
        return self.doubted(size(value, Figure("total", name), self.shown, self.look, digits))

    def share(self, name: str) -> Span:
        value = getattr(self.assessment.totals, name)
        return cell(percent(value), Figure("total", name), self.shown)


COLUMNS = {"delta": ("spx_delta", 1), "gamma": ("gamma", 3), "theta": ("net_theta", 0), "vega": ("vega", 0)}
"""What the line of totals has in the columns of the condors."""
_WORDS = {"delta": "Δ", "theta": "Θ", "vega": "V"}


def in_columns(sums: Sums, columns: Sequence[str]) -> Iterator[Span]:
    for column in columns:
        if column == "pnl":
            yield sums.pnl()
        elif column in COLUMNS:
            yield sums.greek(*COLUMNS[column])
        else:
            yield Span("")


def hedges_in_columns(sums: Sums, columns: Sequence[str]) -> Iterator[Span]:
    for column in columns:
        yield sums.hedges_pnl() if column == "pnl" else Span("")


def in_words(sums: Sums, title: str, fitting: Collection[str], indent: int) -> Iterator[Row]:
    """What no column is of, or has room for; behind the title where there is no line in columns."""
    parts: list[tuple[str, Span]] = []
    first = Span(" " * indent)
    if "pnl" not in fitting:
        first = Span(f"{title}  ", Role.STRONG)
        parts.append(("P&L", sums.pnl()))
    for column, sign in _WORDS.items():
        if column not in fitting:
            parts.append((sign, sums.greek(*COLUMNS[column])))
    parts += [
        ("hedged Δ", sums.greek("spx_delta_hedged", 1)),
        ("vix$", sums.greek("hedge_vix_dollars")),
        ("cover", sums.doubted(sums.share("vega_coverage"))),
        ("cost", sums.share("hedge_cost_pct_credit")),
    ]
    yield from _flowing(first, parts, sums.look)
    if not sums.assessment.totals.complete:
        spans = (Span(" " * width_of(first.text)), incomplete(sums.assessment))
        yield Row("(total) incomplete", cut(spans, sums.look.width))


def incomplete(assessment: "Assessment") -> Span:
    """How many legs the sums are of."""
    legs = [leg for held in assessment.positions for leg in held.figures.legs]
    priced = sum(leg.mark.rung is not Rung.NONE for leg in legs)
    if priced < len(legs):
        text = f"{DOUBTFUL} incomplete: {priced} of {len(legs)} legs priced"
    else:
        text = f"{DOUBTFUL} incomplete: {assessment.totals.missing[0]}"
    return Span(text, Role.DOUBT, Figure("total", "pnl"))


def _flowing(first: Span, parts: Sequence[tuple[str, Span]], look: Look) -> Iterator[Row]:
    """As many a line as fit, the further lines below the first part."""
    indent = width_of(first.text)
    line, used, nth = [first], indent, 0
    for label, span in parts:
        mark = (Span(DOUBTFUL, Role.DOUBT),) if needs_mark(span) else ()
        piece = (Span(f"{label} ", Role.LABEL), span, *mark)
        width = sum(width_of(each.text) for each in piece)
        if len(line) > 1 and used + len(GAP) + width > look.width:
            yield Row(f"(total) {nth}", cut(line, look.width))
            line, used, nth = [Span(" " * indent)], indent, nth + 1
        if len(line) > 1:
            line.append(Span(GAP))
            used += len(GAP)
        line += piece
        used += width
    yield Row(f"(total) {nth}", cut(line, look.width))
