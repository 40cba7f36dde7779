"""The steward's report, from what the memory of a book holds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from alvh_tui.book.model import Book
from alvh_tui.instruments.calendar import NEW_YORK, sessions
from alvh_tui.memory import kept
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.facts import Json
from alvh_tui.memory.history import StateChange
from alvh_tui.memory.journal import unexplained_in
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.observe import SETTLES_IN
from alvh_tui.memory.points import OVER
from alvh_tui.memory.report.layers import TRIGGERED, judge_layers
from alvh_tui.memory.report.model import (
    CapExceeded,
    Coverage,
    Gap,
    Pending,
    RuleChange,
    StewardsReport,
    Words,
)
from alvh_tui.memory.report.money import hedge_cost, realised_of
from alvh_tui.memory.rule_changes import STEP, Ruling, Step
from alvh_tui.method.governance import different_names

CAP = "cap."


@dataclass(frozen=True, slots=True)
class Records:
    """What there is to go by."""

    entries: tuple[Entry, ...]
    days: Mapping[date, bool]
    """The sessions recorded, and whether to their close."""
    caps: Mapping[str, tuple[StateChange, ...]]
    standing: Json | None
    """How everything stood when last seen."""
    ruling: Ruling | None


@dataclass(frozen=True, slots=True)
class Span:
    """Both ends count; None is no end."""

    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        return not ((self.first and day < self.first) or (self.last and day > self.last))

    def meets(self, first: datetime, last: datetime | None) -> bool:
        ends_before = self.first is not None and last is not None and _day(last) < self.first
        return not (ends_before or (self.last is not None and _day(first) > self.last))


ALWAYS = Span()


def read_records(memory: Memory, entries: tuple[Entry, ...] | None = None) -> Records:
    """With the journal's entries where they have been read already: after years they are many."""
    closes = memory.history.closing(("market.spx",))["market.spx"]
    names = memory.history.state_names(CAP)
    return Records(
        entries=memory.journal.entries() if entries is None else entries,
        days=dict(zip(closes.days.tolist(), closes.final.tolist(), strict=True)),
        caps={name.removeprefix(CAP): memory.history.states(name) for name in names},
        standing=memory.store.read(lambda connection: kept.read(connection, "standing")),
        ruling=memory.journal.ruling(),
    )


def stewards_report(
    name: str, records: Records, book: Book | None, at: datetime, span: Span = ALWAYS
) -> StewardsReport:
    """`book` is the position file as it is now; what it cost is told to date, whatever the span."""
    entries = records.entries
    last = _last_seen(records) or at
    recorded = frozenset((*records.days, *(_day(entry.at) for entry in entries)))
    layers = judge_layers(entries, recorded, last)
    within = [entry for entry in entries if span.holds(_day(entry.at))]
    realised = () if book is None else tuple(realised_of(book, records.standing, _day(at)))
    return StewardsReport(
        book=name,
        at=at,
        coverage=_coverage(records, span),
        triggers=tuple(trigger for trigger in layers.triggers if span.meets(trigger.seen, trigger.until)),
        additions=tuple(a for a in layers.additions if span.holds(a.on)),
        chased=tuple(a for a in layers.chased if span.holds(a.on)),
        unjudged=tuple(a for a in layers.unjudged if span.holds(a.on)),
        caps=tuple(cap for cap in _caps(records.caps) if span.meets(cap.since, cap.until)),
        rule_changes=tuple(_rule_changes(within, entries)),
        pending=_pending(records.ruling),
        cost=None if book is None else hedge_cost(book),
        realised=tuple(each for each in realised if span.holds(each.on)),
        words=_words(within, entries),
    )


def _last_seen(records: Records) -> datetime | None:
    """The last moment anything is known of."""
    moments = [entry.at for entry in records.entries]
    if records.standing is not None:
        moments.append(datetime.fromisoformat(records.standing["at"]))
    return max(moments, default=None)


def _coverage(records: Records, span: Span) -> Coverage | None:
    seen = {day: final for day, final in records.days.items() if span.holds(day)}
    for entry in records.entries:
        if entry.kind not in ("ack", "note") and span.holds(_day(entry.at)):
            seen.setdefault(_day(entry.at), False)
    if not seen:
        return None
    first, last = min(seen), max(seen)
    every = sessions(first, last)
    return Coverage(
        first,
        last,
        len(every),
        sum(day in seen for day in every),
        sum(seen.get(day, False) for day in every),
        tuple(_gaps(every, seen)),
    )


def _gaps(every: Sequence[date], seen: Iterable[date]) -> list[Gap]:
    known, gaps, missing = set(seen), list[Gap](), list[date]()
    for day in every:
        if day not in known:
            missing.append(day)
        elif missing:
            gaps.append(Gap(missing[0], missing[-1], len(missing)))
            missing = []
    return gaps


def _caps(states: Mapping[str, Sequence[StateChange]]) -> list[CapExceeded]:
    """A figure at its limit goes over it by turns: a break shorter than it takes to settle is none."""
    found: list[CapExceeded] = []
    for name, changes in states.items():
        of, _, cap = name.partition(".")
        spans: list[CapExceeded] = []
        for change in changes:
            if change.state == OVER:
                again = spans and spans[-1].until and change.at - spans[-1].until < SETTLES_IN
                since = spans.pop().since if again else change.at
                spans.append(CapExceeded(cap, of, since, None))
            elif spans and spans[-1].until is None:
                spans.append(CapExceeded(cap, of, spans.pop().since, change.at))
        found += spans
    return sorted(found, key=lambda each: each.since)


def _rule_changes(within: Iterable[Entry], entries: Sequence[Entry]) -> Iterable[RuleChange]:
    """Those that counted; one that had to be confirmed when it had been."""
    for entry in within:
        facts = entry.facts
        if entry.kind != "rules" or facts.get(STEP) not in (None, Step.CONFIRMED):
            continue
        of = {entry.seq, facts.get("of")}
        acks = [ack for ack in entries if ack.kind == "ack" and ack.facts["of"] in of]
        yield RuleChange(
            entry.seq,
            entry.at,
            {key: (old, new) for key, (old, new) in facts["change"].items()},
            tuple(n for n, state in facts["layers"].items() if state.get("trigger") == TRIGGERED),
            tuple(ack.facts["words"] for ack in acks if ack.facts["words"]),
            tuple(facts.get("confirmed_by", ())),
        )


def _pending(ruling: Ruling | None) -> Pending | None:
    if ruling is None or ruling.proposal is None or ruling.waiting is None:
        return None
    entry, waiting = ruling.proposal, ruling.waiting
    return Pending(entry.seq, entry.at, entry.text, waiting.confirmed_by, waiting.needed)


def _words(within: Sequence[Entry], entries: Sequence[Entry]) -> Words:
    said = [entry for entry in within if entry.kind in ("ack", "note")]
    inside = {entry.seq for entry in within}
    return Words(
        sum(entry.kind == "ack" for entry in said),
        sum(entry.kind == "note" for entry in said),
        different_names(entry.facts["by"] for entry in said),
        sum(entry.seq in inside for entry in unexplained_in(entries)),
    )


def _day(moment: datetime) -> date:
    return moment.astimezone(NEW_YORK).date()
