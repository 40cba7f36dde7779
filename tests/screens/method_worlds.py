"""What panels and pages of the method are shown in tests: the samples, and a journal truly written."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Layer
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.report import StewardsReport, read_records, stewards_report
from tests.memory.worlds import BOOK, CALM, TENSE, at, later, seen
from tests.method.worlds import rules_with
from tests.screens.panels_worlds import HOSTILE, book_of, judged, market_of

CHANGED = rules_with({"layers.L1.confirmations": 0, "layers.L1.trigger": 16.5})
WHY = "waiting for the close"


@dataclass(frozen=True, slots=True)
class Told:
    entries: tuple[Entry, ...]
    report: StewardsReport


@cache
def told() -> Told:
    """L1 triggers and is acknowledged, rules change under fire, hostile notes, a close, and all is calm."""
    with TemporaryDirectory() as folder:
        memory = Memory(Path(folder) / "book.db")
        memory.remember(seen(at("11:00")))
        memory.remember(seen(at("12:00"), vix=TENSE))
        memory.remember(seen(at("12:30"), vix=TENSE, rules=CHANGED))
        trigger = memory.journal.find("L1")
        assert trigger is not None
        memory.journal.acknowledge(at("12:40"), trigger, WHY, "Ada")
        for nth, words in enumerate(HOSTILE):
            memory.journal.note(at(f"12:{45 + nth}"), words, about=words)
        memory.remember(seen(at("16:30"), vix=TENSE))
        memory.remember(seen(later(1, "10:00"), vix=CALM))
        report = stewards_report("book.toml", read_records(memory), BOOK, later(1, "10:00"))
        entries = memory.journal.entries()
        memory.close()
    return Told(entries, report)


def entry_about(kind: str, about: str) -> Entry:
    """The first of that kind about that."""
    return next(e for e in told().entries if (e.kind, e.about) == (kind, about))


@cache
def without_history(name: str) -> Assessment:
    """No daily closes at all: neither signals nor layers are known."""
    return judged(book_of(name), replace(market_of(name), history=None))


def with_layer(assessment: Assessment, layer: Layer, **changes: Any) -> Assessment:
    """One layer judged otherwise; `state` and `sizing` are mappings of what differs in them."""
    layers = assessment.judgement.layers
    judgement = layers[layer]
    for part in ("state", "sizing"):
        if isinstance(changes.get(part), dict):
            changes[part] = replace(getattr(judgement, part), **changes[part])
    changed = {**layers, layer: replace(judgement, **changes)}
    return replace(assessment, judgement=replace(assessment.judgement, layers=changed))
