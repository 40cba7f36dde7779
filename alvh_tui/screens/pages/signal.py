"""One signal whole: what it means, its series, its numbers in force, and who reads it."""

from collections.abc import Iterator
from datetime import date

from alvh_tui.assess import Assessment
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.method.signal import Signal
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.session import session_began
from alvh_tui.screens.cells import cell
from alvh_tui.screens.pages.parts import INDENT, nothing, pair, section
from alvh_tui.screens.pages.rule_parts import entry_rows, number_rows
from alvh_tui.screens.pages.series_chart import series_chart
from alvh_tui.screens.panels.journal import time_in_words
from alvh_tui.screens.panels.signals import COUNTED_IN_SESSIONS, counting, written
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.table import DOUBTFUL
from alvh_tui.screens.words import VERDICTS, against, short_day, verdict_role
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

_LEAST_CHART, _MOST_CHART = 6, 14
_MOST_MENTIONS = 20


def sheet_for(name: str) -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        assessment = shown.assessment
        signals = () if assessment is None else assessment.judgement.signals
        signal = next((found for found in signals if found.id == name), None)
        if assessment is None or signal is None:
            return nothing("signal none", f"nothing is known of {name}", look)
        return Sheet(tuple(_rows(signal, assessment, shown, look)))

    return build


def _rows(signal: Signal, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    entry = units()[signal.id].entry
    yield from entry_rows(entry, look, "signal")
    yield from section("Now", look, _now(signal, assessment, shown, look))
    height = max(min(look.height // 3, _MOST_CHART), _LEAST_CHART)
    last = session_began(assessment.market).date()
    chart = series_chart("signal series", signal.series, _drawn_threshold(signal), last, look, height)
    yield from section(f"{len(signal.series)} sessions", look, chart)
    yield from section("Who reads it now", look, _readers(signal, assessment, look))
    numbers = number_rows(entry, assessment.rules, look, "signal")
    yield from section("Its numbers in force", look, numbers)
    yield from section("In the journal", look, _mentions(signal, shown, look))


def _now(signal: Signal, assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    today = assessment.at.astimezone(NEW_YORK).date()
    yield from pair("signal reading", "reading", _reading(signal, shown), look)
    threshold = against(signal.id, signal.threshold)
    if threshold:
        span = Span(threshold, figure=Figure("signal", "threshold", signal.id))
        yield from pair("signal threshold", "held against", (span,), look)
    role = verdict_role(signal.id, signal.verdict)
    verdict = Span(VERDICTS[signal.verdict], role, Figure("signal", "verdict", signal.id))
    yield from pair("signal verdict", "verdict", (verdict, *_since(signal, today)), look)
    if signal.note:
        waits = signal.verdict is Verdict.UNKNOWN
        note = Span(printable(signal.note), Role.DOUBT if waits else Role.PLAIN)
        yield from pair("signal note", "waits for" if waits else "note", (note,), look)
    if signal.id in assessment.rules.texts("layers.confirming"):
        yield from pair("signal counts", "confirms", (Span(_counts(signal, assessment)),), look)


def _reading(signal: Signal, shown: Shown) -> Iterator[Span]:
    span = cell(written(signal).strip(), Figure("signal", "reading", signal.id), shown)
    if not signal.provisional or signal.reading is None or signal.id in COUNTED_IN_SESSIONS:
        yield span
        return
    yield Span(f"{span.text} {DOUBTFUL}", Role.DOUBT, span.figure)
    yield Span(" rests on live values, not yet a close", Role.DOUBT)


def _since(signal: Signal, today: date) -> Iterator[Span]:
    if signal.since is not None:
        days = (today - signal.since).days
        ago = "today" if days <= 0 else f"{days} day{'' if days == 1 else 's'}"
        yield Span(" since ", Role.LABEL)
        yield Span(short_day(signal.since, today), figure=Figure("signal", "since", signal.id))
        yield Span(f", {ago}", Role.LABEL)


def _counts(signal: Signal, assessment: Assessment) -> str:
    counts = counting(signal, assessment)
    lasts = assessment.rules.whole("layers.confirming_sessions")
    if not counts.counts:
        return f"not now; a yes counts for {lasts} sessions"
    if counts.still is None:
        return f"yes, and for {lasts} sessions after it was last true"
    return f"still, for {counts.still} more session{'' if counts.still == 1 else 's'}"


def _drawn_threshold(signal: Signal) -> float | None:
    """Where the series is of the readings themselves, so that both stand on one axis."""
    known = [value for value in signal.series if value is not None]
    if signal.reading is None or not known or abs(known[-1] - signal.reading) > 1e-9:
        return None
    return signal.threshold


def _readers(signal: Signal, assessment: Assessment, look: Look) -> Iterator[Row]:
    """The layers and the question of shrinking that it stands behind."""
    for layer, judged in assessment.judgement.layers.items():
        rules = () if judged.state is None else judged.state.rules
        if any(rule.id == signal.id for rule in rules) and judged.state is not None:
            said = f"{layer} is {judged.state.trigger.value} with it"
            yield Row(
                f"signal reader {layer}",
                cut((Span(" " * INDENT), Span(said)), look.width),
                Opens("layer", layer),
            )
    if any(rule.id == signal.id for rule in assessment.judgement.shrink.rules):
        said = f"shrink: {assessment.judgement.shrink.verdict.value}"
        yield Row(
            "signal reader shrink",
            cut((Span(" " * INDENT), Span(said)), look.width),
            Opens("rule", "shrink"),
        )


def _mentions(signal: Signal, shown: Shown, look: Look) -> Iterator[Row]:
    """Entries whose readings hold it, the newest first."""
    today = (look.now or shown.frame.at).astimezone(NEW_YORK).date()
    count = 0
    for entry in reversed(shown.entries):
        read = _read_in(entry, signal.id)
        if read is None:
            continue
        value, verdict = read
        spans = (
            Span(" " * INDENT),
            Span(fitted(time_in_words(entry.at, today, clock=True), 12), Role.LABEL),
            Span(f" {fitted(number(value, 2), 9, right=True)}  {fitted(verdict, 8)}"),
            Span(printable(f"{entry.about}: {entry.text}"), Role.LABEL),
        )
        yield Row(f"signal mention {entry.seq}", cut(spans, look.width), Opens("entry", str(entry.seq)))
        count += 1
        if count == _MOST_MENTIONS:
            return


def _read_in(entry: Entry, signal: str) -> tuple[float | None, str] | None:
    for reading in entry.facts.get("readings") or ():
        if reading.get("id") == signal:
            return reading.get("reading"), str(reading.get("verdict"))
    return None
