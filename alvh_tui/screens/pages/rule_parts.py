"""What the catalog says of a rule, and how a rule was read."""

from collections.abc import Iterable, Iterator
from datetime import date

from alvh_tui.figures import number
from alvh_tui.memory.rule_changes import value_in_words
from alvh_tui.method.catalog import catalog
from alvh_tui.method.entry import Entry
from alvh_tui.method.reading import Reading
from alvh_tui.method.rules import Rules
from alvh_tui.method.signals import units
from alvh_tui.screens.cells import cell
from alvh_tui.screens.pages.parts import INDENT, paragraph
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import VERDICTS, against, short_day, verdict_role
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

SOURCES = {
    "S0": "breadth divergence",
    "S1": "volatility as an edge",
    "S2": "vega bias and layer sizing",
    "S3": "short put in the money",
    "S4": "rebalancing zones",
    "house": "the program's own",
}
"""Who says a rule, by the name that rules and rules files give."""
_READING, _AGAINST, _VERDICT = 9, 9, 9
_LONGEST_NAME = 24


def opens_rule(name: str) -> Opens:
    return Opens("signal" if name in units() else "rule", name)


def entry_rows(entry: Entry, look: Look, key: str) -> Iterator[Row]:
    """Its sentence and who says it."""
    yield from paragraph(f"{key} sentence", entry.sentence, look)
    yield from paragraph(f"{key} source", f"source: {source_in_words(entry.source)}", look, Role.LABEL)


def source_in_words(source: str) -> str:
    """S1 volatility as an edge, S4 rebalancing zones."""
    return ", ".join(
        SOURCES[name] if name == "house" else f"{name} {SOURCES[name]}" if name in SOURCES else name
        for name in source.split()
    )


def number_rows(entry: Entry, rules: Rules, look: Look, key: str) -> Iterator[Row]:
    """Each number in force, with its default where that is another, and what it means."""
    for setting in entry.settings():
        now, usual = rules.values[setting.key], setting.default
        spans = [Span(" " * INDENT), Span(f"{setting.key} "), Span("= ", Role.LABEL)]
        spans.append(Span(printable(value_in_words(now)), Role.WATCH if now != usual else Role.STRONG))
        if now != usual:
            spans.append(Span(f"  default {value_in_words(usual)}", Role.LABEL))
        yield Row(f"{key} {setting.key}", cut(spans, look.width))
        said = f"{setting.meaning} · {setting.expected} · {setting.source}"
        yield from paragraph(f"{key} {setting.key} meaning", said, look, Role.LABEL, indent=2 * INDENT)


def reading_rows(
    readings: Iterable[Reading], about: str, shown: Shown, look: Look, today: date, *, sentences: bool = True
) -> Iterator[Row]:
    """Rule, reading, threshold and verdict in columns; note, sentence and source below."""
    readings = tuple({reading.id: reading for reading in readings}.values())
    name = min(max((width_of(r.id) for r in readings), default=0), _LONGEST_NAME, max(look.width - 22, 8))
    for reading in readings:
        key = f"{about} {reading.id}"
        yield _reading_row(reading, about, shown, look, name, key)
        said = "; ".join(part for part in (reading.note, _on(reading, today)) if part)
        if said:
            doubt = reading.verdict.value == "unknown"
            yield from paragraph(
                f"{key} note", said, look, Role.DOUBT if doubt else Role.PLAIN, indent=2 * INDENT
            )
        entry = catalog().get(reading.id)
        if entry is not None and sentences:
            text = f"{entry.sentence} ({entry.source})"
            yield from paragraph(f"{key} sentence", text, look, Role.LABEL, indent=2 * INDENT)


def _reading_row(reading: Reading, about: str, shown: Shown, look: Look, name: int, key: str) -> Row:
    figure = Figure("rule", reading.id, about)
    spans = [
        Span(" " * INDENT),
        Span(f"{fitted(reading.id, name)} ", Role.STRONG),
        cell(fitted(number(reading.reading, 2), _READING, right=True), figure, shown),
        Span("  "),
        *_judged(reading, about),
    ]
    return Row(key, cut(spans, look.width), opens_rule(reading.id))


def against_row(reading: Reading, look: Look, key: str) -> Row:
    """As it was read once: there is no figure left to ask."""
    name = min(_LONGEST_NAME, max(look.width - 22, 8))
    spans = [
        Span(" " * INDENT),
        Span(f"{fitted(printable(reading.id), name)} ", Role.STRONG),
        Span(fitted(number(reading.reading, 2), _READING, right=True)),
        Span("  "),
        *_judged(reading, ""),
    ]
    return Row(key, cut(spans, look.width), opens_rule(reading.id))


def _judged(reading: Reading, about: str) -> Iterator[Span]:
    """What it was held against, and the verdict."""

    def of(detail: str) -> Figure | None:
        return Figure("rule", reading.id, about, detail) if about else None

    threshold = against(reading.id, reading.threshold)
    yield Span(fitted(threshold, _AGAINST), Role.LABEL, of("threshold") if threshold else None)
    role = verdict_role(reading.id, reading.verdict)
    yield Span(fitted(VERDICTS[reading.verdict], _VERDICT), role, of("verdict"))


def _on(reading: Reading, today: date) -> str:
    if reading.on is None or reading.on == today:
        return ""
    return f"as of {short_day(reading.on, today)}"


def catalog_rows(entries: Iterable[Entry], look: Look, key: str) -> Iterator[Row]:
    """Name, sentence and source of each, each a row that opens its page."""
    for entry in entries:
        opens = opens_rule(entry.id)
        yield Row(
            f"{key} {entry.id}", cut((Span(" " * INDENT), Span(entry.id, Role.STRONG)), look.width), opens
        )
        text = f"{entry.sentence} ({entry.source})"
        yield from paragraph(f"{key} {entry.id} sentence", text, look, Role.LABEL, indent=2 * INDENT)
