"""What of a frame can be told, and whether anything can be concluded from it at all."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from alvh_tui.alerts.alert import URGENCY, Alert, key_of
from alvh_tui.alerts.machine import Look
from alvh_tui.alerts.words import LAYER_RULES, attention_body, layer_body, sentence
from alvh_tui.assess import Assessment
from alvh_tui.instruments.calendar import NEW_YORK, OPENS, session_state
from alvh_tui.market.freshness import DELAYED_FOR, source_state
from alvh_tui.market.types import MarketSnapshot, Source, SourceState
from alvh_tui.method.attention import DATA, Severity
from alvh_tui.method.catalog import catalog
from alvh_tui.method.flattening import ENTRY as FLATTENING
from alvh_tui.method.flattening import FLATTENS
from alvh_tui.method.verdict import Verdict
from alvh_tui.monitor import Frame
from alvh_tui.risk.marks import LegMark, Rung
from alvh_tui.settings.model import AlertSettings
from alvh_tui.toml.problem import errors_in

if TYPE_CHECKING:
    from alvh_tui.method.reading import Reading
    from alvh_tui.method.signal import Signal

BROKEN_BOOK = "book.broken"
BOOK = "book"
SHRINK = "shrink"
UNSOUND = (SourceState.STALE, SourceState.FAILED)
_EXTRAS = ("history", "events", "cache")
"""Sources a frame is sound without."""


def look_at(frame: Frame, settings: AlertSettings) -> Look:
    assessment = frame.assessment
    counts_from = _counts_from(frame.at)
    if assessment is None:
        return Look(frame.at, fault=frame.error or "no market yet", counts_from=counts_from)
    name = assessment.book.account.name
    held = any(position.open_legs for position in assessment.book.positions)
    fault = _fault(frame.error, assessment.market)
    if fault:
        return Look(frame.at, fault=fault, counts_from=counts_from, held=held, book=name)
    conditions = tuple(_Conditions(frame.at, name, assessment, settings).all(frame))
    return Look(frame.at, conditions, _unknown(assessment), "", counts_from, held, name)


def _counts_from(at: datetime) -> datetime | None:
    """In the first minutes of a session every delayed source still has the quotes of the day before."""
    if session_state(at) != "open":
        return None
    return datetime.combine(at.astimezone(NEW_YORK).date(), OPENS, NEW_YORK) + DELAYED_FOR


def _fault(error: str | None, market: MarketSnapshot) -> str:
    if error is not None:
        return error
    ailing = [source for source in market.sources if source.state in UNSOUND and _matters(source, market)]
    return ", ".join(f"{source.name} {source.state.value}" for source in ailing)


def _matters(source: Source, market: MarketSnapshot) -> bool:
    """Quotes, chains, or the feed as a whole; of a single symbol's failure the legs' own ages tell."""
    part = source.name.partition(".")[2]
    names = {other.name.partition(".")[2] for other in market.sources}
    if not names & {"quotes", "chains"}:
        return part.split(" ")[0] not in _EXTRAS
    return part in ("", "quotes", "chains")


def _unknown(assessment: Assessment) -> frozenset[str]:
    """Layers without a state, signals without a value, what rests on stale closes or quotes."""
    market, judgement = assessment.market, assessment.judgement
    behind = any(s.state in UNSOUND and s.name.partition(".")[2] == "history" for s in market.sources)
    found: set[str] = {
        str(layer) for layer, judged in judgement.layers.items() if behind or judged.state is None
    }
    signals = [s.id for s in judgement.signals if behind or s.verdict is Verdict.UNKNOWN]
    found |= {key_of(name, BOOK) for name in signals}
    if behind or judgement.shrink.verdict is Verdict.UNKNOWN:
        found.add(key_of(SHRINK, BOOK))
    flattens = judgement.layers.get(FLATTENS)
    if flattens is not None and flattens.sizing.held and flattens.flattening is None:
        found.add(key_of(FLATTENING.id, FLATTENS))
    for position in assessment.positions:
        about = position.figures.position.id
        if any(_is_stale(leg.mark, assessment) for leg in position.figures.legs):
            found |= {about, key_of(FLATTENING.id, FLATTENS)}
        found |= {key_of(rule.id, about) for rule in position.rules if rule.verdict is Verdict.UNKNOWN}
    return frozenset(found)


def _is_stale(mark: LegMark, assessment: Assessment) -> bool:
    """A mark that is no mid is as old as it is: the next ones will not be newer."""
    if mark.rung is not Rung.MID or mark.quote_time is None:
        return False
    return source_state(mark.quote_time, assessment.at, assessment.market.delay) in UNSOUND


class _Conditions:
    """Everything that stands in one assessment, each with a key of its own."""

    def __init__(self, at: datetime, book: str, assessment: Assessment, settings: AlertSettings) -> None:
        self._at, self._book = at, book
        self._assessment, self._settings = assessment, settings

    def all(self, frame: Frame) -> Iterator[Alert]:
        """Where a signal also asks for attention, that is what is told."""
        yield from self._of_the_file(frame)
        yield from self._of_layers()
        asking = list(self._of_attention())
        yield from asking
        keys = {alert.key for alert in asking}
        yield from (alert for alert in self._of_the_method() if alert.key not in keys)

    def _alert(
        self, severity: Severity, rule: str, about: str, title: str, body: str, number: int = 0
    ) -> Alert:
        key = key_of(rule, about, number)
        return Alert(severity, title, body, rule, about, self._at, key, self._book)

    def _of_the_file(self, frame: Frame) -> Iterator[Alert]:
        errors = errors_in(frame.problems)
        if errors:
            body = f"line {errors[0].line}: {errors[0].key} {errors[0].what}; the last sound state counts"
            yield self._alert(Severity.SOON, BROKEN_BOOK, BOOK, "the position file is broken", body)

    def _of_layers(self) -> Iterator[Alert]:
        for layer, judged in self._assessment.judgement.layers.items():
            if judged.state is not None and judged.state.trigger in LAYER_RULES:
                rule, severity, words = LAYER_RULES[judged.state.trigger]
                yield self._alert(severity, rule, layer, f"{layer} {words}", layer_body(judged.state))

    def _of_attention(self) -> Iterator[Alert]:
        layers = {str(layer): judged for layer, judged in self._assessment.judgement.layers.items()}
        count: Counter[tuple[str, str]] = Counter()
        for item in self._assessment.judgement.attention:
            if item.rule == DATA.id:
                continue
            about = item.position or BOOK
            body = attention_body(item, layers.get(about), amounts=self._settings.amounts)
            title = f"{about}: {URGENCY[item.severity]}"
            words = f"{body} ({item.rule})" if body else item.rule
            yield self._alert(item.severity, item.rule, about, title, words, count[about, item.rule])
            count[about, item.rule] += 1

    def _of_the_method(self) -> Iterator[Alert]:
        """Whether to shrink, and what is told only to those who name it: signals and rules of a condor."""
        judgement = self._assessment.judgement
        if judgement.shrink.verdict is Verdict.YES:
            yield self._of_a_rule(Severity.SOON, SHRINK, BOOK)
        quiet: list[tuple[str, Signal | Reading]] = [(BOOK, signal) for signal in judgement.signals]
        quiet += [(about, rule) for about, rules in judgement.condor_rules.items() for rule in rules]
        for about, reading in quiet:
            if reading.verdict is Verdict.YES and self._is_named(reading.id):
                yield self._of_a_rule(Severity.KNOW, reading.id, about)

    def _of_a_rule(self, severity: Severity, rule: str, about: str) -> Alert:
        body = f"{sentence(catalog()[rule].sentence)} ({rule})"
        return self._alert(severity, rule, about, f"{about}: {URGENCY[severity]}", body)

    def _is_named(self, rule: str) -> bool:
        return any(fnmatchcase(rule, pattern) for pattern in self._settings.rules)
