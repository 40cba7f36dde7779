"""One rule of the method: its sentence, who says it, its numbers in force, and how it reads now."""

from collections.abc import Iterator

from alvh_tui.assess import Assessment
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.catalog import catalog
from alvh_tui.method.reading import Reading
from alvh_tui.method.signals import units
from alvh_tui.method.yardsticks import yardsticks
from alvh_tui.screens.pages.parts import INDENT, nothing, section
from alvh_tui.screens.pages.rule_parts import entry_rows, number_rows, reading_rows
from alvh_tui.screens.panels.layer_card import has_gauges
from alvh_tui.screens.panels.layers import shrink_rows
from alvh_tui.screens.panels.yardstick_line import yardstick_row
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.words import SEVERITIES, shielded
from alvh_tui.toml.text import printable

_SHRINK = "shrink"


def sheet_for(name: str) -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        entry = catalog().get(name)
        if entry is None:
            return nothing("rule none", f"the method has no rule {name}", look)
        rows = list(entry_rows(entry, look, "rule"))
        if shown.assessment is not None:
            rows += _now(name, shown.assessment, shown, look)
            numbers = number_rows(entry, shown.assessment.rules, look, "rule")
            rows += section("Its numbers in force", look, numbers)
        return Sheet(tuple(rows))

    return build


def _now(name: str, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    """Wherever it is read: of condors, of layers, of the question of shrinking, as a yardstick."""
    today = assessment.at.astimezone(NEW_YORK).date()
    for about, reading in _readings(name, assessment):
        rows = reading_rows((reading,), about, shown, look, today, sentences=False)
        yield from section(printable(about), look, rows)
    if name == _SHRINK:
        yield from section("Now", look, shrink_rows(assessment, shown, look))
        readings = reading_rows(assessment.judgement.shrink.rules, _SHRINK, shown, look, today)
        yield from section("What it rests on", look, readings)
    if name in yardsticks():
        yield from section("Layer by layer", look, _yardstick(name, assessment, shown, look))
    yield from section("What it says now", look, _attention(name, assessment, look))


def _readings(name: str, assessment: Assessment) -> Iterator[tuple[str, Reading]]:
    if name in units():
        return
    judgement = assessment.judgement
    for about, readings in judgement.condor_rules.items():
        yield from ((about, reading) for reading in readings if reading.id == name)
    for layer, judged in judgement.layers.items():
        rules = () if judged.state is None else judged.state.rules
        yield from ((layer, reading) for reading in rules if reading.id == name)


def _yardstick(name: str, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    for layer, judged in assessment.judgement.layers.items():
        for yardstick in judged.sizing.yardsticks:
            if yardstick.id == name:
                idle = "" if has_gauges(judged) else "  neither held nor called for"
                spans = (Span(" " * INDENT), Span(layer, Role.STRONG), Span(idle, Role.LABEL))
                yield Row(f"rule {layer}", cut(spans, look.width), Opens("layer", layer))
                opens = Opens("layer", layer)
                yield yardstick_row(judged, yardstick, shown, look, opens=opens, key=f"rule {layer} gauge")


def _attention(name: str, assessment: Assessment, look: Look) -> Iterator[Row]:
    found = (item for item in assessment.judgement.attention if item.rule == name)
    for nth, item in enumerate(found):
        glyph, role = SEVERITIES[item.severity]
        about = printable(item.position or "market")
        spans = (Span(f"  {glyph} ", role), Span(f"{about}  ", Role.STRONG), Span(shielded(item.text, look)))
        yield Row(f"rule says {nth}", cut(spans, look.width))
