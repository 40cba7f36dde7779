"""One entry of the journal whole: the words, the market, what was read, and how everything stood."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from alvh_tui.book.model import LAYERS
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.rule_changes import value_in_words
from alvh_tui.method.reading import Reading
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.pages.before_after import standing_rows
from alvh_tui.screens.pages.parts import INDENT, nothing, pair, paragraph, section
from alvh_tui.screens.pages.rule_parts import against_row
from alvh_tui.screens.panels.journal import WHY, marks_of
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.screens.words import shielded
from alvh_tui.toml.text import printable

_HASH = 12
_KINDS = {
    "layer": "a layer's change",
    "position": "a change of the position file",
    "account": "a change of the account",
    "rules": "a change of the rules",
    "ack": "an acknowledgement",
    "note": "a note",
    "close": "a drafted close note",
}


def sheet_for(name: str) -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        entry = next((found for found in shown.entries if str(found.seq) == name), None)
        if entry is None:
            return nothing("entry none", f"the journal has no entry {name}", look)
        return Sheet(tuple(_rows(entry, shown, look)), title=printable(entry.about))

    return build


def _rows(entry: Entry, shown: Shown, look: Look) -> Iterator[Row]:
    facts = entry.facts
    yield from paragraph("entry text", shielded(entry.text, look), look, Role.STRONG)
    yield from _asked(entry, shown, look)
    yield from section("Entry", look, _identity(entry, shown, look))
    yield from section("Market", look, _market(facts, look))
    yield from section("What changed", look, _changes(facts, look))
    yield from section("What was read", look, _readings(facts, look))
    before, after = facts.get("before"), facts.get("after")
    yield from section("How it stood", look, standing_rows(before, after, look))


def _asked(entry: Entry, shown: Shown, look: Look) -> Iterator[Row]:
    if entry.seq in marks_of(shown.entries).unexplained:
        yield Row("entry asks", cut((Span(f"  ? {WHY}: acknowledge it with words", Role.WATCH),), look.width))


def _identity(entry: Entry, shown: Shown, look: Look) -> Iterator[Row]:
    facts = entry.facts
    yield from _said("kind", _KINDS.get(entry.kind, entry.kind), look)
    yield from _said("about", entry.about, look, _opens(entry, shown))
    yield from _said("written", f"{entry.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S %Z}", look)
    yield from _said("happened on", str(facts.get("on") or ""), look)
    yield from _said("by", str(facts.get("by") or ""), look)
    yield from _said("words", str(facts.get("words") or "") if entry.kind == "ack" else "", look)
    rules = facts.get("rules") or {}
    yield from _said("rules", f"{rules.get('name') or ''} {rules.get('fingerprint') or ''}".strip(), look)
    of = facts.get("of")
    if of is not None:
        yield from _linked("answers", shown, look, int(of))
    for answer in shown.entries:
        if answer.facts.get("of") == entry.seq:
            yield from _linked("answered by", shown, look, answer.seq)
    yield from _said(
        "place", f"{entry.seq} in the chain, {entry.hash[:_HASH]}… after {entry.previous[:_HASH]}…", look
    )


def _opens(entry: Entry, shown: Shown) -> Opens | None:
    """The page of what it is about, while that is still there."""
    if entry.about in LAYERS:
        return Opens("layer", entry.about)
    return None if shown.position(entry.about) is None else Opens("position", entry.about)


def _said(label: str, text: str, look: Look, opens: Opens | None = None) -> Iterator[Row]:
    if text:
        yield from pair(f"entry {label}", label, (Span(printable(text)),), look, opens=opens)


def _linked(label: str, shown: Shown, look: Look, seq: int) -> Iterator[Row]:
    other = next((found for found in shown.entries if found.seq == seq), None)
    text = f"entry {seq}" if other is None else f"entry {seq}: {other.text}"
    said = Span(shielded(text, look))
    yield from pair(f"entry {label} {seq}", label, (said,), look, opens=Opens("entry", str(seq)))


def _market(facts: Mapping[str, Any], look: Look) -> Iterator[Row]:
    market = facts.get("market")
    if not market:
        return
    levels = f"SPX {number(market.get('spot'), 2)}, VIX {number(market.get('vix'), 2)}"
    yield from _said("levels", levels, look)
    taken = market.get("time")
    session = str(market.get("session") or "")
    when = f"{datetime.fromisoformat(taken).astimezone(NEW_YORK):%Y-%m-%d %H:%M %Z}" if taken else ""
    yield from _said("as of", ", ".join(part for part in (when, session) if part), look)


def _changes(facts: Mapping[str, Any], look: Look) -> Iterator[Row]:
    """Old and new value of each: of a layer's states, and of every rule."""
    change = facts.get("change")
    if not isinstance(change, Mapping):
        return
    for key, values in change.items():
        if isinstance(values, list) and len(values) == 2:
            old, new = map(value_in_words, values)
            spans = (Span(printable(old), Role.LABEL), Span(" → "), Span(printable(new), Role.STRONG))
            yield from pair(f"entry change {key}", printable(str(key)), spans, look, width=32)


def _readings(facts: Mapping[str, Any], look: Look) -> Iterator[Row]:
    for place, found in enumerate(facts.get("readings") or ()):
        reading = Reading(
            str(found.get("id")),
            found.get("reading"),
            found.get("threshold"),
            Verdict(found.get("verdict", Verdict.UNKNOWN)),
            str(found.get("note") or ""),
        )
        key = f"entry read {place} {reading.id}"
        yield against_row(reading, look, key)
        if reading.note:
            yield from paragraph(f"{key} note", reading.note, look, Role.LABEL, indent=2 * INDENT)
