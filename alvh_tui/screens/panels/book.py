"""What is held: condors and hedges as units that fold out to their legs, and what all of it comes to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from alvh_tui.figures import UNKNOWN, age
from alvh_tui.risk.marks import Rung
from alvh_tui.screens.cells import cell
from alvh_tui.screens.panels.bar import bar_of
from alvh_tui.screens.panels.columns import (
    CLOSED,
    COLUMNS,
    FOLDED,
    NARROW,
    SETTLED,
    UNFOLDED,
    BookColumn,
    Seen,
    awaits_settlement,
    chosen,
    days_in_words,
    filled,
)
from alvh_tui.screens.panels.hedges import UNIT, hedge_rows
from alvh_tui.screens.panels.legs import leg_rows
from alvh_tui.screens.panels.shorts import short_rows
from alvh_tui.screens.panels.totals import Sums, hedges_in_columns, in_columns, in_words
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import DOUBTFUL, Column, Table, needs_mark
from alvh_tui.toml.text import printable

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment

MODES = ("", "strikes")
"""Figures with a bar for each condor; or every short strike on a line of its own."""
LONGEST_NAME = 24
TINY_FIGURES = 33
"""Cells of the columns of a narrow book, gaps included."""
ON_TOP = 3
"""Lines that stay while the rest scrolls: the heading, and what of the total there is room for."""
SELECTED = "◀"
INDENT = 2
HEDGES = "hedges"
TOTAL, ALL = "total", "all"
"""Sums are of everything held, whatever a filter hides."""

__all__ = ["COLUMNS", "MODES", "sheet", "units"]


def units(shown: Shown) -> tuple[str, ...]:
    """Everything that folds."""
    if shown.assessment is None:
        return ()
    book = shown.assessment.book
    return (*(held.id for held in book.positions), *((UNIT,) if book.hedges else ()))


def sheet(shown: Shown, look: Look) -> Sheet:
    """With a filter it asks for as much room as without one: what stands below must not move."""
    found = _sheet(shown, look)
    if not look.filter:
        return found
    whole = _sheet(shown, replace(look, filter=""))
    return replace(found, lines=max(whole.lines, len(whole.rows)))


def _sheet(shown: Shown, look: Look) -> Sheet:
    assessment = shown.assessment
    if assessment is None:
        return Sheet((said("waiting", "waiting for a market"[: look.width]),))
    if not assessment.book.positions:
        return Sheet(tuple(_nothing_held(assessment, look)))
    every = [Seen(held, assessment.valuation, shown, look) for held in assessment.positions]
    kept = [seen for seen in every if _holds(seen, look.filter)]
    condors = [seen for seen in kept if seen.figures.kind == "condor"]
    hedges = [seen for seen in kept if seen.figures.kind == "hedge"]
    note = f"/{printable(look.filter)} · {len(kept)} of {len(every)}" if look.filter else ""
    if not kept:
        text = f"Nothing held has {printable(look.filter)} in it."
        return Sheet(told("none", text, look.width), note=note)
    if look.mode == "strikes" and any(seen.figures.shorts for seen in condors):
        rows = tuple(short_rows(condors, look, _name_column(every, look).least))
        return Sheet(rows, head=1, title="short strikes", note=note)
    rows = tuple(_rows(condors, hedges, every, Sums(assessment, shown, look)))
    return _fitted(rows, condors, look, note)


def _fitted(rows: tuple[Row, ...], condors: Sequence[Seen], look: Look, note: str) -> Sheet:
    """Where not everything fits with nothing folded out, bars are left off, and the total stays in view."""
    bars = {f"{seen.id} bar" for seen in condors}
    folded = {UNIT, *bars, *(seen.id for seen in condors)}
    head = rows[:1] if condors else ()
    total = [row for row in rows if row.key.startswith("(total)")]
    needed = len(head) + len(total) + sum(row.key in folded for row in rows)
    if needed <= look.height:
        return Sheet(rows, head=len(head), note=note, lines=len(rows))
    kept = [row for row in rows if row.key not in bars or row.key == f"{look.selected} bar"]
    needed -= len(rows) - len(kept)
    if needed > look.height:
        on_top = (*head, *total)[: max(min(look.height // 3, ON_TOP), len(head))]
        kept = [*on_top, *(row for row in kept if row not in on_top)]
        head = on_top
    return Sheet(tuple(kept), head=len(head), note=note, lines=len(rows))


def _nothing_held(assessment: "Assessment", look: Look) -> Iterator[Row]:
    name = printable(assessment.book.path.name)
    yield from told(
        "none", f"Nothing is held. Write a [[condor]] or a [[hedge]] into {name}: e opens it.", look.width
    )
    example = 'legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"'
    yield from told(
        "example",
        f"A condor needs an id, its legs as {example}, its credit and when it was opened.",
        look.width,
    )


def _holds(seen: Seen, words: str) -> bool:
    """By what it is called, what it is made of, and what the user wrote beside it."""
    held = seen.figures.position
    series = (f"{leg.leg.contract.root} {leg.leg.contract.expiry}" for leg in seen.figures.legs)
    searched = " ".join((held.id, held.note, *held.tags, seen.figures.layer or "", *series)).casefold()
    return all(word in searched for word in words.casefold().split())


def _name_column(every: Sequence[Seen], look: Look) -> Column:
    """As wide as the longest name, but never so wide that figures go for it; the same folded and unfolded."""
    return _wide_enough((seen for seen in every if seen.figures.kind == "condor"), look)


def _wide_enough(named: Iterable[Seen], look: Look) -> Column:
    widest = max(map(width_of, (*map(_name, named), f"{FOLDED} {HEDGES}")))
    room = look.width - TINY_FIGURES if look.width < NARROW else look.width // 4
    return Column("name", least=min(widest, LONGEST_NAME, max(room, 6)), right=False)


def _name(seen: Seen) -> str:
    """Where there is no room for a column of its own, the condor in question is marked beside its name."""
    if seen.look.width < NARROW:
        return f"{SELECTED}{seen.name}" if seen.look.selected == seen.id else seen.name
    return f"{seen.folded} {seen.name}"


def _rows(
    condors: Sequence[Seen], hedges: Sequence[Seen], every: Sequence[Seen], sums: Sums
) -> Iterator[Row]:
    look, name = sums.look, _name_column(every, sums.look)
    columns = chosen(look)
    behind = _behind(look)
    table = Table("book", [name, *(column.column for column in columns), *behind], look)
    ids = [column.column.id for column in columns]
    blank = (Span(""),) * len(behind)
    total = ALL if look.filter else TOTAL
    for seen in condors:
        _add_condor(table, seen, columns, name.least)
    if hedges:
        title = f"{UNFOLDED if UNIT in look.unfolded else FOLDED} {HEDGES}"
        if "pnl" in ids:
            table.add(UNIT, Span(title), *hedges_in_columns(sums, ids), *blank, folds=UNIT)
        else:
            table.add_row(_hedges_in_words(title, sums))
        if UNIT in look.unfolded:
            for row in hedge_rows(hedges, look, _wide_enough(every, look)):
                table.add_row(row)
    if "pnl" in ids:
        table.add("(total)", Span(total, Role.STRONG), *in_columns(sums, ids), *blank)
    yield from table.rows(headed=bool(condors))
    yield from in_words(sums, total, table.fitting(), INDENT)


def _hedges_in_words(title: str, sums: Sums) -> Row:
    pnl = sums.hedges_pnl()
    mark = (Span(DOUBTFUL, Role.DOUBT),) if needs_mark(pnl) else ()
    spans = (Span(title), Span("  P&L ", Role.LABEL), pnl, *mark)
    return Row(UNIT, cut(spans, sums.look.width), folds=UNIT)


def _behind(look: Look) -> tuple[Column, ...]:
    """Age and source of the figures, where they are asked for; and which condor is in question."""
    if look.width < NARROW:
        return ()
    ages = (Column("ages", "oldest quote", rank=2),) if look.ages else ()
    return (*ages, Column("selected", least=1, right=False))


def _add_condor(table: Table, seen: Seen, columns: Sequence[BookColumn], name: int) -> None:
    look, opens = seen.look, Opens("position", seen.id)
    unfolded = seen.id in look.unfolded
    cells = [Span(fitted(_name(seen), name), Role.STRONG, seen.of("contracts"))]
    cells += filled(seen, columns)
    if look.width >= NARROW:
        cells += [_oldest(seen)] if look.ages else []
        cells.append(Span(SELECTED if look.selected == seen.id else "", Role.NOW))
    table.add(seen.id, *cells, opens=opens, folds=seen.id)
    below = () if look.width < NARROW else (Span(" " * INDENT), *_below(seen, look.width - INDENT))
    if len(below) > 1:
        table.add_row(Row(f"{seen.id} bar", cut(below, look.width), opens, seen.id))
    if unfolded:
        for row in leg_rows(seen.held, seen.shown, look):
            table.add_row(row)


def _below(seen: Seen, width: int) -> tuple[Span, ...]:
    """Where the index stands, or what has become of the position."""
    state = days_in_words(seen.figures, seen.valuation)
    if state == CLOSED:
        return (Span("nothing of it is held any more", Role.LABEL),)
    if state == SETTLED:
        return (Span("settled: what it made or lost is fixed; move it to [[closed]]", Role.LABEL),)
    if awaits_settlement(seen.figures, seen.valuation):
        words = Span("awaits settlement  ", Role.WATCH, seen.of("dte"))
        return (words, *bar_of(seen.held, seen.shown, width - width_of(words.text)))
    return bar_of(seen.held, seen.shown, width)


def _oldest(seen: Seen) -> Span:
    """The age of its oldest quote, and the worst rung one of its marks is from."""
    assessment = seen.shown.assessment
    symbols = [leg.leg.contract.symbol for leg in seen.figures.legs]
    ages = [assessment.ages[s] for s in symbols if s in assessment.ages] if assessment is not None else []
    rungs = [leg.mark.rung for leg in seen.figures.legs]
    if not ages or assessment is None:
        return Span(UNKNOWN, Role.DOUBT, seen.of("mark"))
    passed = 0.0 if seen.look.now is None else max((seen.look.now - assessment.at).total_seconds(), 0.0)
    worst = max(rungs, key=tuple(Rung).index)
    return cell(f"{age(max(ages) + passed)}, {worst.value}", seen.of("mark"), seen.shown, Role.LABEL)
