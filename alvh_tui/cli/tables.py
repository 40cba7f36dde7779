"""One assessment as tables, for a terminal or a file."""

from collections.abc import Iterator, Sequence
from datetime import date

from rich.text import Text

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.cli.grid import DOUBT, NAME, Column, Grid
from alvh_tui.cli.method_tables import attention, condor_rules, layers, signals, yardsticks
from alvh_tui.figures import UNKNOWN, age, number, percent
from alvh_tui.instruments.calendar import NEW_YORK, minutes_left
from alvh_tui.risk.breakevens import BreakevenKind, Breakevens, BreakevenTable
from alvh_tui.risk.explain import Explained
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.positions import PositionFigures

SAID: dict[BreakevenKind, str] = {
    "expiry": "expiry",
    "expiry_hedge_cost": "expiry, hedge lost",
    "expiry_hedged": "expiry, hedged",
    "today": "today, vols held",
    "today_path": "today on the path",
    "today_hedged": "today, hedged",
}
PROJECTION_RANKS = {5: 1, 10: 2, 1: 3}


def blocks_of(assessment: Assessment, width: int | None) -> Iterator[Text]:
    """The tables one after the other, cut to a width where there is one."""
    for block in _blocks(assessment):
        yield block.render(width) if isinstance(block, Grid) else block


def _blocks(assessment: Assessment) -> Iterator[Grid | Text]:
    yield _headline(assessment)
    yield attention(assessment.judgement)
    condors = [p for p in assessment.positions if p.figures.kind == "condor"]
    hedges = [p for p in assessment.positions if p.figures.kind == "hedge"]
    if condors:
        yield _condors(condors)
        yield _short_strikes(condors)
    if hedges:
        yield _hedges(hedges)
    yield _totals(assessment)
    explained = [p for p in assessment.positions if p.explained is not None]
    if explained:
        yield _explained(explained, assessment.explained)
    yield layers(assessment.judgement)
    yield yardsticks(assessment.judgement)
    for position in condors:
        if position.breakevens is not None:
            yield _breakevens(_about(position.figures), position.breakevens, position)
    if assessment.book_breakevens is not None:
        yield _breakevens("all condors together", assessment.book_breakevens, None)
    if condors:
        yield condor_rules(assessment.judgement)
    yield signals(assessment.judgement)
    yield _legs(assessment)
    if assessment.warnings:
        yield Text("\n".join(f"! {warning}" for warning in assessment.warnings))


def _headline(assessment: Assessment) -> Text:
    """The market in a few lines: what, when, how old, on which assumptions."""
    valuation, at = assessment.valuation, assessment.at
    left = minutes_left(at)
    closing = "" if left is None else f", {int(left) // 60} h {int(left) % 60:02d} left"
    sources = [
        f"{source.name.split('.')[-1]} {source.state.value}"
        + ("" if source.quote_time is None else f", {age((at - source.quote_time).total_seconds())} old")
        for source in assessment.market.sources
    ]
    link = valuation.link
    basis = f"{link.sessions} sessions" if link.sessions else link.origin
    rate = f"rate {percent(valuation.rate.value, 2)} by {valuation.rate.origin}"
    return Text.assemble(
        (assessment.book.account.name, "bold"),
        f"   SPX {number(valuation.spot, 2)}{_change(assessment, '^SPX', valuation.spot)}",
        f"   VIX {number(valuation.vix, 2)}{_change(assessment, '^VIX', valuation.vix)}",
        f"   {assessment.session}{closing}   {at.astimezone(NEW_YORK):%Y-%m-%d %H:%M %Z}\n",
        (" · ".join(sources) or "no sources", DOUBT),
        (f"\nrules {assessment.rules.name} {assessment.rules.fingerprint} · {rate}", DOUBT),
        (f"\npath {link.sentence} ({basis})", DOUBT),
    )


def _change(assessment: Assessment, symbol: str, level: float | None) -> str:
    quote = assessment.market.quotes.get(symbol)
    if quote is None or level is None or not quote.prev_close:
        return ""
    if symbol == "^VIX":
        return f" {number(level - quote.prev_close, 2, signed=True)}"
    return f" {percent(level / quote.prev_close - 1.0, 2, signed=True)}"


def _about(figures: PositionFigures) -> str:
    return f"{figures.position.id} ×{figures.position.contracts}"


def _days(figures: PositionFigures) -> str:
    """Days left and the settlement: am or pm."""
    legs = [leg.leg.contract for leg in figures.legs if leg.leg.contract.expiry is not None]
    if figures.dte is None or not legs:
        return UNKNOWN
    first = min(legs, key=lambda contract: contract.expiry or date.max)
    return f"{figures.dte} {'am' if first.spec.settles_at_open else 'pm'}"


def _condors(positions: Sequence[PositionAssessment]) -> Grid:
    grid = Grid(
        "Condors",
        [NAME, Column("credit", rank=1), Column("mark"), Column("P&L $"), Column("% credit"), Column("Δ"),
         Column("Γ", rank=2), Column("vega"), Column("theta"), Column("max loss", rank=3), Column("days"),
         Column("cushion")],
    )  # fmt: skip
    for position in positions:
        figures, greeks = position.figures, position.figures.greeks
        cushion = (None, None) if position.migration is None else position.migration.cushion
        grid.add(
            _about(figures),
            number(figures.credit, 2),
            number(figures.mark, 2),
            number(figures.pnl, signed=True),
            percent(figures.pnl_pct_credit, signed=True),
            number(None if greeks is None else greeks.delta, 1, signed=True),
            number(None if greeks is None else greeks.gamma, 3, signed=True),
            number(None if greeks is None else greeks.vega, signed=True),
            number(None if greeks is None else greeks.theta, signed=True),
            number(figures.max_loss),
            _days(figures),
            f"{number(_hundredfold(cushion[0]))}/{number(_hundredfold(cushion[1]))} %",
        )
    return grid


def _hundredfold(share: float | None) -> float | None:
    return None if share is None else 100.0 * share


def _short_strikes(positions: Sequence[PositionAssessment]) -> Grid:
    headings = ("short", "Δ", "points away", "%", "exp. moves", "P beyond", "P touch")
    grid = Grid("Short strikes", [NAME, *(Column(heading) for heading in headings)])
    for position in positions:
        for short in position.figures.shorts:
            grid.add(
                position.figures.position.id,
                f"{short.strike:g}{short.right}",
                number(short.delta, 2, signed=True),
                number(short.distance, 1, signed=True),
                percent(short.distance_pct, 1, signed=True),
                number(short.distance_moves, 2, signed=True),
                percent(short.p_beyond),
                percent(short.p_touch),
            )
    return grid


def _hedges(positions: Sequence[PositionAssessment]) -> Grid:
    headings = ("cost", "mark", "P&L $", "value $", "Δ", "vega", "theta", "days")
    grid = Grid("Hedges", [NAME, Column("layer", right=False), *(Column(heading) for heading in headings)])
    for position in positions:
        figures, greeks = position.figures, position.figures.greeks
        grid.add(
            _about(figures),
            figures.layer or "",
            number(None if figures.credit is None else -figures.credit, 2),
            number(figures.mark, 2),
            number(figures.pnl, signed=True),
            number(figures.value),
            number(None if greeks is None else greeks.delta, 1, signed=True),
            number(None if greeks is None else greeks.vega, signed=True),
            number(None if greeks is None else greeks.theta, signed=True),
            _days(figures),
        )
    return grid


def _totals(assessment: Assessment) -> Grid:
    totals = assessment.totals
    grid = Grid("Book" if totals.complete else "Book ~ incomplete", [NAME, Column()])
    condors = number(totals.condors_vix_dollars, signed=True)
    for name, figure, note in (
        ("P&L", f"{number(totals.pnl, signed=True)} $", "since the entries, without fees"),
        ("delta", f"{number(totals.spx_delta, 1, signed=True)} $", "per SPX point"),
        (
            "delta hedged",
            f"{number(totals.spx_delta_hedged, 1, signed=True)} $",
            "with the VIX hedges, on a fall along the path",
        ),
        ("gamma", f"{number(totals.gamma, 3, signed=True)} $", "of delta per SPX point"),
        ("vega", f"{number(totals.vega, signed=True)} $", "per vol point of what stands on SPX"),
        ("theta", f"{number(totals.net_theta, signed=True)} $", "a day, condors and hedges"),
        (
            "VIX dollars",
            f"{number(totals.hedge_vix_dollars, signed=True)} $",
            f"the hedges per VIX point; the condors {condors}",
        ),
        ("coverage", percent(totals.vega_coverage), "of what the condors lose per VIX point"),
        ("hedge cost", percent(totals.hedge_cost_pct_credit), "of the condors' credit"),
        ("margin", f"{number(totals.margin)} $", f"largest loss {number(totals.max_loss)}"),
    ):
        grid.add(name, figure, note=note)
    for gone in totals.missing:
        grid.add("without", "", note=gone)
    for open_ended in totals.unbounded:
        grid.add("no margin", "", note=open_ended)
    return grid


def _explained(positions: Sequence[PositionAssessment], whole: Explained | None) -> Grid:
    headings = ("delta", "gamma", "vega", "theta", "residual", "total")
    grid = Grid("P&L explained, $", [NAME, *(Column(heading) for heading in headings)])
    rows = [(p.figures.position.id, p.explained) for p in positions]
    for name, parts in [*rows, ("book", whole)]:
        if parts is not None:
            grid.add(name, *(number(getattr(parts, heading), signed=True) for heading in headings))
    return grid


def _breakevens(name: str, breakevens: BreakevenTable, position: PositionAssessment | None) -> Grid:
    columns = [NAME, Column("lower"), Column("upper")]
    for ahead in breakevens.projections:
        rank = PROJECTION_RANKS[ahead.sessions]
        columns += [Column(f"+{ahead.sessions} lower", rank=rank), Column("upper", rank=rank)]
    grid = Grid(f"Breakevens {name}   path {breakevens.path}", columns)
    blank = [""] * (2 * len(breakevens.projections))
    if position is not None and position.migration is not None:
        for step in position.migration.steps[:-1]:
            grid.add(f"expiry, {step.on.isoformat()}", *(number(side, 1) for side in step.expiry), *blank)
    for kind, said in SAID.items():
        now = breakevens.kinds[kind]
        later = [projection.kinds.get(kind) for projection in breakevens.projections]
        cells = ["" if found is None else number(side, 1) for found in later for side in _sides(found)]
        grid.add(said, number(now.low, 1), number(now.high, 1), *cells, note=_why_not(now))
    return grid


def _sides(found: Breakevens | None) -> tuple[float | None, float | None]:
    return (None, None) if found is None else (found.low, found.high)


def _why_not(breakevens: Breakevens) -> str:
    if breakevens.low_note == breakevens.high_note:
        return breakevens.low_note
    sides = (("lower: ", breakevens.low_note), ("upper: ", breakevens.high_note))
    return "; ".join(f"{side}{note}" for side, note in sides if note)


def _legs(assessment: Assessment) -> Grid:
    grid = Grid(
        "Legs",
        [NAME, Column(), Column("contract", right=False), Column("bid", rank=4), Column("ask", rank=4),
         Column("mark"), Column("by", right=False), Column("vol"), Column("Δ"), Column("Γ", rank=3),
         Column("vega", rank=2), Column("theta", rank=1), Column("age")],
    )  # fmt: skip
    for position in assessment.positions:
        for leg in position.figures.legs:
            mark, greeks = leg.mark, leg.greeks
            grid.add(
                position.figures.position.id,
                number(leg.leg.quantity, signed=True),
                str(leg.leg.contract),
                number(mark.bid, 2),
                number(mark.ask, 2),
                ("" if mark.rung is Rung.MID else "~") + number(mark.value, 2),
                mark.rung.value,
                percent(mark.vol, 1),
                number(greeks.delta, 3, signed=True),
                number(greeks.gamma, 5),
                number(greeks.vega, 2),
                number(greeks.theta, 2, signed=True),
                age(assessment.ages.get(leg.leg.contract.symbol)),
                note="; ".join(part for part in (mark.reason, leg.approximate) if part),
            )
    return grid
