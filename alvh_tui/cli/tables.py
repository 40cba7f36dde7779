"""One assessment as tables, for a terminal or a file."""

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.figures import UNKNOWN, age, number, percent
from alvh_tui.instruments.calendar import NEW_YORK, minutes_left
from alvh_tui.method.attention import Severity
from alvh_tui.risk.breakevens import KINDS, Breakevens, BreakevenTable
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.positions import PositionFigures, ShortStrike

DOUBT = "dim"
BREAKEVENS_SAID = {
    "expiry": "expiry",
    "expiry_hedge_cost": "expiry, hedge paid for nothing",
    "expiry_hedged": "expiry, hedged",
    "today": "today, vols held",
    "today_path": "today, on the path",
    "today_hedged": "today, on the path, hedged",
}


def print_assessment(assessment: Assessment, console: Console) -> None:
    for block in _blocks(assessment):
        console.print(block, markup=False, highlight=False)
        console.print()


def _blocks(assessment: Assessment) -> Iterable[RenderableType]:
    yield _headline(assessment)
    yield _attention(assessment)
    condors = [p for p in assessment.positions if p.figures.kind == "condor"]
    hedges = [p for p in assessment.positions if p.figures.kind == "hedge"]
    if condors:
        yield _condors(condors)
        yield _short_strikes(condors)
    if hedges:
        yield _hedges(hedges)
    yield _totals(assessment)
    yield _layers(assessment)
    for position in condors:
        if position.breakevens is not None:
            yield _breakevens(_about(position.figures), position.breakevens, position)
    if assessment.book_breakevens is not None:
        yield _breakevens("all condors together", assessment.book_breakevens, None)
    yield _signals(assessment)
    yield _legs(assessment)
    if assessment.warnings:
        yield Text("\n".join(f"! {warning}" for warning in assessment.warnings))


def _headline(assessment: Assessment) -> Text:
    """The market in a few lines: what, when, how old, on which assumptions."""
    valuation, market = assessment.valuation, assessment.market
    local = assessment.at.astimezone(NEW_YORK)
    left = minutes_left(assessment.at)
    closing = "" if left is None else f", {int(left) // 60} h {int(left) % 60:02d} left"
    sources = " · ".join(
        f"{source.name.split('.')[-1]} {source.state.value}"
        + (
            ""
            if source.quote_time is None
            else f", {age((assessment.at - source.quote_time).total_seconds())} old"
        )
        for source in market.sources
    )
    link = valuation.link
    basis = f"{link.sessions} sessions" if link.sessions else link.origin
    return Text.assemble(
        (f"{assessment.book.account.name}", "bold"),
        f"   SPX {number(valuation.spot, 2)}{_change(assessment, '^SPX', valuation.spot)}",
        f"   VIX {number(valuation.vix, 2)}{_change(assessment, '^VIX', valuation.vix)}",
        f"   {assessment.session}{closing}",
        f"   {local:%Y-%m-%d %H:%M %Z}\n",
        (f"rules {assessment.rules.name} {assessment.rules.fingerprint}", DOUBT),
        (f"   path {link.sentence} ({basis})", DOUBT),
        (f"   rate {percent(valuation.rate.value, 2)}\n", DOUBT),
        (sources or "no sources", DOUBT),
    )


def _change(assessment: Assessment, symbol: str, level: float | None) -> str:
    quote = assessment.market.quotes.get(symbol)
    if quote is None or level is None or not quote.prev_close:
        return ""
    if symbol == "^VIX":
        return f" {number(level - quote.prev_close, 2, signed=True)}"
    return f" {percent(level / quote.prev_close - 1.0, 2, signed=True)}"


def _table(title: str, columns: Sequence[tuple[str, bool]]) -> Table:
    """Columns are (heading, whether it holds numbers); headings and cells never wrap."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for heading, numeric in columns:
        table.add_column(heading, justify="right" if numeric else "left", no_wrap=True, header_style=DOUBT)
    return table


def _about(figures: PositionFigures) -> str:
    return f"{figures.position.id} ×{figures.position.contracts}"


def _days(figures: PositionFigures) -> str:
    """Days left and the settlement: am or pm."""
    legs = [leg.leg.contract for leg in figures.legs if leg.leg.contract.expiry is not None]
    if figures.dte is None or not legs:
        return UNKNOWN
    first = min(legs, key=lambda contract: contract.expiry or date.max)
    return f"{figures.dte} {'am' if first.spec.settles_at_open else 'pm'}"


GLYPHS = {Severity.ACT: "▲", Severity.SOON: "●", Severity.KNOW: "·"}


def _attention(assessment: Assessment) -> Table | Text:
    found = assessment.judgement.attention
    if not found:
        return Text("Nothing needs you.")
    table = _table("", [("", False)] * 4)
    table.title, table.show_header = None, False
    for item in found:
        about = Text(item.position or "market")
        table.add_row(GLYPHS[item.severity], about, Text(item.text), Text(item.rule, DOUBT))
    return table


def _layers(assessment: Assessment) -> Table:
    headings = ("held", "target")
    table = _table(
        "Layers",
        [("", False), ("trigger", False), ("since", False), ("holding", False), ("action", False),
         *((heading, True) for heading in headings), ("counted in", False), ("bound by", False), ("to trigger", True)],
    )  # fmt: skip
    for layer, judged in assessment.judgement.layers.items():
        state, sizing = judged.state, judged.sizing
        target = UNKNOWN if sizing.target is None else f"{sizing.target[0]}–{sizing.target[1]}"
        ahead = None if state is None or state.next_trigger is None else state.next_trigger
        table.add_row(
            layer,
            UNKNOWN if state is None else state.trigger.value,
            UNKNOWN if state is None else state.since.isoformat(),
            UNKNOWN if judged.holding is None else judged.holding.value,
            judged.action.value,
            str(sizing.held),
            target,
            Text("" if sizing.instrument is None else sizing.instrument.name),
            sizing.binding,
            UNKNOWN if ahead is None else f"{number(ahead.distance, 1, signed=True)} to {ahead.vix:g}",
        )
    shrink = assessment.judgement.shrink
    table.caption = f"shrink the condors: {shrink.verdict.value}"
    table.caption_justify = "left"
    return table


def _signals(assessment: Assessment) -> Table:
    table = _table(
        "Signals",
        [("", False), ("reading", True), ("threshold", True), ("", False), ("since", False), ("", False)],
    )
    for signal in assessment.judgement.signals:
        table.add_row(
            signal.id,
            number(signal.reading, 2),
            number(signal.threshold, 2),
            signal.verdict.value + (" ~" if signal.provisional and signal.verdict.value != "unknown" else ""),
            UNKNOWN if signal.since is None else signal.since.isoformat(),
            Text(signal.note, DOUBT),
        )
    return table


def _condors(positions: Sequence[PositionAssessment]) -> Table:
    headings = (
        "credit",
        "mark",
        "P&L $",
        "% credit",
        "Δ",
        "Γ",
        "vega",
        "theta",
        "max loss",
        "days",
        "cushion",
    )
    table = _table("Condors", [("", False), *((heading, True) for heading in headings)])
    for position in positions:
        figures, greeks = position.figures, position.figures.greeks
        cushion = (None, None) if position.migration is None else position.migration.cushion
        table.add_row(
            Text(_about(figures)),
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
            f"{percent(cushion[0])} / {percent(cushion[1])}",
        )
    return table


def _short_strikes(positions: Sequence[PositionAssessment]) -> Table:
    headings = ("short", "Δ", "points away", "%", "exp. moves", "P beyond", "P touch")
    table = _table("Short strikes", [("", False), *((heading, True) for heading in headings)])
    for position in positions:
        for short in position.figures.shorts:
            table.add_row(Text(position.figures.position.id), *_short_cells(short))
    return table


def _short_cells(short: ShortStrike) -> tuple[str, ...]:
    return (
        f"{short.strike:g}{short.right}",
        number(short.delta, 2, signed=True),
        number(short.distance, 1, signed=True),
        percent(short.distance_pct, 1, signed=True),
        number(short.distance_moves, 2, signed=True),
        percent(short.p_beyond),
        percent(short.p_touch),
    )


def _hedges(positions: Sequence[PositionAssessment]) -> Table:
    headings = ("cost", "mark", "P&L $", "value $", "Δ", "vega", "theta", "days")
    table = _table("Hedges", [("", False), ("layer", False), *((heading, True) for heading in headings)])
    for position in positions:
        figures, greeks = position.figures, position.figures.greeks
        table.add_row(
            Text(_about(figures)),
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
    return table


def _totals(assessment: Assessment) -> Table:
    totals = assessment.totals
    doubt = "" if totals.complete else " ~"
    table = _table(f"Book{doubt}", [("", False), ("", True), ("", False)])
    table.show_header = False
    for name, figure, meaning in (
        ("P&L", f"{number(totals.pnl, signed=True)} $", "since the entries, fees not counted"),
        ("delta", f"{number(totals.spx_delta, 1, signed=True)} $", "per SPX point"),
        (
            "delta, hedged",
            f"{number(totals.spx_delta_hedged, 1, signed=True)} $",
            "with the VIX hedges, for a fall along the path",
        ),
        ("gamma", f"{number(totals.gamma, 3, signed=True)} $", "of delta per SPX point"),
        ("vega", f"{number(totals.vega, signed=True)} $", "per vol point of SPX options"),
        ("theta", f"{number(totals.net_theta, signed=True)} $", "a day, condors and hedges"),
        (
            "VIX dollars",
            f"{number(totals.hedge_vix_dollars, signed=True)} $",
            f"hedges, per VIX point; condors {number(totals.condors_vix_dollars, signed=True)}",
        ),
        ("vega coverage", percent(totals.vega_coverage), "of the condors' loss per VIX point"),
        ("hedge cost", percent(totals.hedge_cost_pct_credit), "of the condors' credit"),
        ("margin", f"{number(totals.margin)} $", f"largest loss {number(totals.max_loss)}"),
    ):
        table.add_row(name, figure, Text(meaning, DOUBT))
    for gone in totals.missing:
        table.add_row("without", "", Text(gone))
    return table


def _breakevens(name: str, breakevens: BreakevenTable, position: PositionAssessment | None) -> Table:
    ahead = [(f"+{projection.sessions}", projection) for projection in breakevens.projections]
    table = _table(
        f"Breakevens {name}   path {breakevens.path}",
        [("", False), ("lower", True), ("upper", True), *((f"{label} lower", True) for label, _ in ahead),
         *((f"{label} upper", True) for label, _ in ahead), ("", False)],
    )  # fmt: skip
    if position is not None and position.migration is not None and len(position.migration.steps) > 1:
        for step in position.migration.steps[:-1]:
            said = f"expiry, {step.on.isoformat()}"
            table.add_row(Text(said, DOUBT), *(_level(side) for side in step.expiry))
    for kind in KINDS:
        now = breakevens.kinds[kind]
        later = [projection.kinds.get(kind) for _, projection in ahead]
        table.add_row(
            BREAKEVENS_SAID[kind],
            _level(now.low),
            _level(now.high),
            *("" if found is None else _level(found.low) for found in later),
            *("" if found is None else _level(found.high) for found in later),
            Text(_why_not(now), DOUBT),
        )
    return table


def _level(level: float | None) -> str:
    return number(level, 1)


def _why_not(breakevens: Breakevens) -> str:
    if breakevens.low_note == breakevens.high_note:
        return breakevens.low_note
    sides = (("lower: ", breakevens.low_note), ("upper: ", breakevens.high_note))
    return "; ".join(f"{side}{note}" for side, note in sides if note)


def _legs(assessment: Assessment) -> Table:
    headings = ("bid", "ask", "mark")
    greeks = ("vol", "Δ", "Γ", "vega", "theta", "age")
    table = _table(
        "Legs",
        [("", False), ("", True), ("contract", False), *((h, True) for h in headings), ("by", False),
         *((h, True) for h in greeks), ("", False)],
    )  # fmt: skip
    for position in assessment.positions:
        for leg in position.figures.legs:
            mark, per_share = leg.mark, leg.greeks
            table.add_row(
                Text(position.figures.position.id),
                number(leg.leg.quantity, signed=True),
                str(leg.leg.contract),
                number(mark.bid, 2),
                number(mark.ask, 2),
                number(mark.value, 2) if mark.rung is Rung.MID else f"~{number(mark.value, 2)}",
                mark.rung.value,
                percent(mark.vol, 1),
                number(per_share.delta, 3, signed=True),
                number(per_share.gamma, 5),
                number(per_share.vega, 2),
                number(per_share.theta, 2, signed=True),
                age(assessment.ages.get(leg.leg.contract.symbol)),
                Text("; ".join(part for part in (mark.reason, leg.approximate) if part), DOUBT),
            )
    return table
