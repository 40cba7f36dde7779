"""One layer whole: what it asks for, every rule behind it, its yardsticks, shocks, hedges and history."""

from collections.abc import Iterator

from alvh_tui.assess import Assessment
from alvh_tui.figures import percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.layer_rules import layer_entries
from alvh_tui.method.yardsticks import yardsticks
from alvh_tui.screens.cells import amount, cell, gain
from alvh_tui.screens.pages.entries import entry_list
from alvh_tui.screens.pages.parts import INDENT, nothing, paragraph, section
from alvh_tui.screens.pages.rule_parts import catalog_rows, reading_rows
from alvh_tui.screens.panels.layer_action import action_in_words, reach, wanted
from alvh_tui.screens.panels.layer_card import ahead_spans, has_gauges, header
from alvh_tui.screens.panels.layer_held import held_row
from alvh_tui.screens.panels.yardstick_line import yardstick_row
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.words import flowed, shielded
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure


def sheet_for(name: str) -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        assessment = shown.assessment
        layers = {} if assessment is None else dict(assessment.judgement.layers.items())
        judged = next((found for layer, found in layers.items() if layer == name), None)
        if assessment is None or judged is None:
            return nothing("layer none", f"nothing is known of {name}", look)
        return Sheet(tuple(_rows(judged, assessment, shown, look)))

    return build


def _rows(judged: LayerJudgement, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    layer, today = judged.sizing.layer, assessment.at.astimezone(NEW_YORK).date()
    yield header(layer, judged, shown, look)
    yield from flowed(f"{layer} action", action_in_words(judged, shown, look), look.width, indent=3)
    if has_gauges(judged):
        yield held_row(layer, judged, shown, look)
    yield from _next_row(judged, shown, look)
    note = judged.sizing.note
    if note:
        yield from paragraph(f"{layer} note", shielded(note, look), look, Role.LABEL, 3)
    state = judged.state
    if state is not None:
        readings = reading_rows(state.rules, layer, shown, look, today)
        yield from section(f"Why it is {state.trigger.value}", look, readings)
    yield from section("Yardsticks", look, _yardsticks(judged, assessment, shown, look))
    yield from section("If VIX jumps", look, _shocks(judged, shown, look))
    yield from section("Hedges held", look, _hedges(judged, assessment, shown, look))
    entries = [entry for entry in shown.entries if entry.about == layer]
    yield from section("What happened", look, entry_list(entries, shown, look))
    read = () if state is None else tuple(reading.id for reading in state.rules)
    others = [e for e in layer_entries() if e.id.startswith(f"{layer}.") and e.id not in read]
    yield from section("Its other rules", look, catalog_rows(others, look, "layer other"))


def _next_row(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Row]:
    ahead = None if judged.state is None else judged.state.next_trigger
    if ahead is not None:
        layer = judged.sizing.layer
        spans = (Span("   next trigger: ", Role.LABEL), *ahead_spans(layer, ahead, shown, "VIX "))
        yield Row(f"{layer} next", cut(spans, look.width), Opens("layer", layer))


def _yardsticks(judged: LayerJudgement, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    brought = reach(judged, wanted(judged), assessment) if has_gauges(judged) else None
    for yardstick in judged.sizing.yardsticks:
        opens = Opens("rule", yardstick.id)
        yield yardstick_row(judged, yardstick, shown, look, brought=brought, opens=opens, note=False)
        entry = yardsticks()[yardstick.id].entry
        key = f"layer {yardstick.id}"
        if yardstick.note:
            yield from paragraph(f"{key} note", shielded(yardstick.note, look), look, indent=2 * INDENT)
        text = f"{entry.sentence} ({entry.source})"
        yield from paragraph(f"{key} sentence", text, look, Role.LABEL, indent=2 * INDENT)


def _shocks(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Row]:
    """At once, the index unmoved."""
    layer = judged.sizing.layer
    for shock in judged.sizing.shocks if judged.sizing.held else ():
        step = f"+{shock.vix_points:g}"
        money = amount(shock.gain, Figure("layer", "shock_gain", layer, step), shown, look)
        covers = fitted(percent(shock.coverage), 6, right=True)
        spans = [
            Span(" " * INDENT),
            Span(fitted(f"VIX {step}", 9), Role.LABEL),
            Span(" " * max(10 - width_of(money.text), 0)),
            money,
            Span(" $   covers ", Role.LABEL),
            cell(covers, Figure("layer", "shock_coverage", layer, step), shown),
        ]
        if shock.coverage is None:
            spans.append(Span("  the condors lose nothing then, or it is unknown", Role.LABEL))
        yield Row(f"layer shock {step}", cut(spans, look.width))


def _hedges(judged: LayerJudgement, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    held = [p for p in assessment.positions if p.figures.layer == judged.sizing.layer]
    names = [printable(p.figures.position.id) for p in held]
    width = min(max(map(width_of, names), default=0), max(look.width - 24, 8))
    for position, name in zip(held, names, strict=True):
        figures, about = position.figures, position.figures.position.id
        money = gain(figures.pnl, Figure("position", "pnl", about), shown, look)
        left = "" if figures.dte is None else f"   {figures.dte} d"
        spans = (
            Span(" " * INDENT),
            Span(f"{fitted(name, width)}  "),
            Span(" " * max(10 - width_of(money.text), 0)),
            money,
            Span(" $", Role.LABEL),
            Span(left, Role.PLAIN, Figure("position", "dte", about) if left else None),
        )
        yield Row(f"layer hedge {about}", cut(spans, look.width), Opens("position", about))
    if judged.unwind_value is not None:
        layer = judged.sizing.layer
        value = amount(judged.unwind_value, Figure("layer", "unwind_value", layer), shown, look, signed=False)
        pnl = amount(judged.unwind_pnl, Figure("layer", "unwind_pnl", layer), shown, look)
        lead, between, end = "  unwound at its marks: ", " $, realised ", " $"
        parts = (Span(lead, Role.LABEL), value, Span(between, Role.LABEL), pnl, Span(end, Role.LABEL))
        yield Row("layer unwind", cut(parts, look.width))
