"""The whole page of one position: what it is, what it makes, where it breaks, what the rules say of it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.totals import condor_vix_dollars, hedge_vix_dollars
from alvh_tui.screens.cells import amount, cell, gain, gain_percent, level, size
from alvh_tui.screens.pages.parts import INDENT, heading, named_figures, paragraph
from alvh_tui.screens.pages.position_past import adjustments, explained, history
from alvh_tui.screens.pages.position_rules import rules
from alvh_tui.screens.panels.bar import bar_of
from alvh_tui.screens.panels.columns import (
    AWAITS,
    CLOSED,
    SETTLED,
    Seen,
    days_in_words,
)
from alvh_tui.screens.panels.legs import leg_rows
from alvh_tui.screens.panels.migration_table import table as migration_rows
from alvh_tui.screens.panels.migration_table import words as reasons
from alvh_tui.screens.panels.shorts import short_rows
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.words import short_day
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure
from alvh_tui.why.names import POSITION

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment

ORIGINS = {"file": "", "history": " (the close of that day)"}
SAID = {
    CLOSED: "nothing of it is held any more",
    SETTLED: "settled: what it made or lost is fixed",
    AWAITS: "trades no more and awaits settlement",
}


def sheet_for(name: str) -> Builder:
    """Of the position of that name, whatever frame it is shown in."""

    def sheet(shown: Shown, look: Look) -> Sheet:
        held, assessment = shown.position(name), shown.assessment
        if held is None or assessment is None:
            text = f"{printable(name)} is not in the position file."
            return Sheet(tuple(paragraph("gone", text, look, role=Role.LABEL, indent=0)))
        seen = Seen(held, assessment.valuation, shown, look)
        return Sheet(tuple(_rows(seen, assessment)))

    return sheet


def _rows(seen: Seen, assessment: "Assessment") -> Iterator[Row]:
    shown, look = seen.shown, seen.look
    yield from _headline(seen, assessment)
    over = days_in_words(seen.figures, seen.valuation) in (CLOSED, SETTLED)
    drawn = seen.figures.kind == "condor" and not over
    bar = bar_of(seen.held, shown, look.width - INDENT) if drawn else ()
    if bar:
        yield Row("bar blank", ())
        yield Row("bar", cut((Span(" " * INDENT), *bar), look.width))
    yield from heading("Figures", look)
    yield from named_figures(list(_figures(seen)), look, "figures")
    if seen.figures.bounds_note:
        yield from paragraph("bounds", seen.figures.bounds_note, look, role=Role.LABEL)
    yield from _legs(seen)
    if seen.figures.shorts and not over:
        yield from heading("Short strikes", look)
        yield from short_rows([seen], look, 0)
    if not over:
        yield from _breakevens(seen)
    yield from adjustments(seen)
    yield from rules(seen, assessment)
    yield from explained(seen, assessment)
    yield from history(seen)


def _headline(seen: Seen, assessment: "Assessment") -> Iterator[Row]:
    position, figures, look = seen.figures.position, seen.figures, seen.look
    series = dict.fromkeys(
        " ".join(str(part) for part in (leg.leg.contract.root, leg.leg.contract.expiry) if part)
        for leg in figures.legs
    )
    kind = "condor" if figures.layer is None else f"hedge of {figures.layer}"
    said = [kind, ", ".join(series) or "nothing held", _days(seen)]
    opens = None if figures.layer is None else Opens("layer", figures.layer)
    held = f" ×{position.contracts}" if position.contracts and not look.private else ""
    yield from paragraph("name", printable(seen.id) + held, look, role=Role.STRONG, indent=0)
    yield from paragraph("kind", " · ".join(said), look, indent=0, opens=opens, figure=seen.of("dte"))
    for nth, line in enumerate(position.note.splitlines()):
        yield from paragraph(f"note {nth}", printable(line.expandtabs(2)), look, role=Role.LABEL, indent=0)
    if position.tags:
        tags = ", ".join(printable(tag) for tag in position.tags)
        yield from paragraph("tags", f"tags: {tags}", look, role=Role.LABEL, indent=0)
    yield from paragraph("opened", _opened(seen, assessment), look, role=Role.LABEL, indent=0)
    if isinstance(position, Hedge):
        guarded = ", ".join(printable(condor.id) for condor in assessment.book.protected_by(position))
        text = f"protects {guarded}" if guarded else "protects nothing: no condor is held"
        yield from paragraph("protects", text, look, role=Role.LABEL, indent=0)


def _days(seen: Seen) -> str:
    text = days_in_words(seen.figures, seen.valuation)
    if text in SAID:
        return SAID[text]
    count, _, at = text.partition(" ")
    if not at:
        return "no expiry"
    when = "the open" if at == "am" else "the close"
    return f"{count} day{'' if count == '1' else 's'} left, settles on {when}"


def _opened(seen: Seen, assessment: "Assessment") -> str:
    position = seen.figures.position
    today = assessment.at.astimezone(NEW_YORK).date()
    said = [f"opened {short_day(position.opened_on, today)} {_for(position)}"]
    if isinstance(position, Condor):
        migration = seen.held.migration
        if migration is not None and migration.spot_at_open is not None:
            origin = ORIGINS.get(migration.spot_origin, "")
            said.append(f"SPX was {number(migration.spot_at_open, 1)}{origin}")
        if position.vix_at_open is not None:
            said.append(f"VIX was {number(position.vix_at_open, 2)}")
    said.append(f"rules {printable(assessment.rules.name)} {assessment.rules.fingerprint}")
    return " · ".join(said)


def _for(position: Condor | Hedge) -> str:
    paid = "a credit" if position.credit >= 0.0 else "a debit"
    return f"for {paid} of {number(abs(position.credit), 2)} a share"


def _figures(seen: Seen) -> Iterator[tuple[str, Span]]:
    figures, shown, look = seen.figures, seen.shown, seen.look
    condor = figures.kind == "condor"

    def named(name: str, span: Span) -> tuple[str, Span]:
        return POSITION[name], span

    yield named("pnl", gain(figures.pnl, seen.of("pnl"), shown, look))
    if condor:
        share = gain_percent(figures.pnl_pct_credit, seen.of("pnl_pct_credit"), shown)
        yield named("pnl_pct_credit", share)
    yield named("mark", level(figures.mark, seen.of("mark"), shown, 2))
    yield named("credit", level(figures.credit, seen.of("credit"), shown, 2))
    yield named("value", amount(figures.value, seen.of("value"), shown, look))
    yield named("cash", amount(figures.position.cash, seen.of("cash"), shown, look))
    yield named("fees", amount(figures.position.fees, seen.of("fees"), shown, look, signed=False))
    for name, digits in (("delta", 1), ("gamma", 3), ("theta", 0), ("vega", 0), ("rho", 0)):
        value = None if figures.greeks is None else getattr(figures.greeks, name)
        yield named(name, size(value, seen.of(name), shown, look, digits))
    vix = (condor_vix_dollars if condor else hedge_vix_dollars)(figures, seen.valuation)
    yield named("vix_dollars", size(vix, seen.of("vix_dollars"), shown, look))
    for name in ("max_profit", "max_loss", "margin"):
        value = getattr(figures, name)
        yield named(name, amount(value, seen.of(name), shown, look, signed=False))
    if condor:
        yield named("expected_move", level(figures.expected_move, seen.of("expected_move"), shown))
        yield named("p_profit", cell(percent(figures.p_profit), seen.of("p_profit"), shown))
        yield from _cushions(seen)


def _cushions(seen: Seen) -> Iterator[tuple[str, Span]]:
    migration = seen.held.migration
    low, high = (None, None) if migration is None else migration.cushion
    lower = Figure("cushion", "cushion", seen.id, side="lower")
    yield "cushion, lower", cell(percent(low), lower, seen.shown)
    upper = Figure("cushion", "cushion", seen.id, side="upper")
    yield "cushion, upper", cell(percent(high), upper, seen.shown)


def _legs(seen: Seen) -> Iterator[Row]:
    figures, look = seen.figures, seen.look
    if not figures.legs:
        return
    yield from heading("Legs", look)
    yield from leg_rows(seen.held, seen.shown, look, indent=0)
    for leg in figures.legs:
        contract, mark = leg.leg.contract, leg.mark
        said = "; ".join(part for part in (mark.reason, leg.approximate) if part)
        if said and mark.rung is not Rung.NONE:
            role = Role.LABEL if mark.rung is Rung.SETTLED else Role.DOUBT
            yield from paragraph(f"about {contract.symbol}", f"{contract}: {said}", look, role=role)
    for nth, gone in enumerate(figures.missing):
        text = f"the figures lack {printable(gone)}"
        yield from paragraph(f"missing {nth}", text, look, role=Role.DOUBT)


def _breakevens(seen: Seen) -> Iterator[Row]:
    table, travel, look = seen.held.breakevens, seen.held.travel, seen.look
    if table is None or travel is None:
        return
    yield from heading("Breakevens", look)
    inside = replace(look, width=max(look.width - INDENT, 1))
    for row in (*migration_rows(travel, seen.shown, inside), *reasons(table.kinds, inside.width)):
        yield replace(row, spans=cut((Span(" " * INDENT), *row.spans), look.width))
    beta = Figure("link", "beta_down")
    yield from paragraph("path", f"path: {table.path}", look, role=Role.LABEL, figure=beta)
    for share in table.hedges:
        text = f"{percent(share.share)} of {printable(share.hedge.id)} stands behind it"
        yield from paragraph(f"behind {share.hedge.id}", text, look, role=Role.LABEL)
