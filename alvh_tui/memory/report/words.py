"""The steward's report in sentences: what happened, and the figure that belongs to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.report.model import (
    Addition,
    Answer,
    CapExceeded,
    Coverage,
    HedgeCost,
    Realised,
    RuleChange,
    StewardsReport,
    Trigger,
)
from alvh_tui.memory.rule_changes import value_in_words
from alvh_tui.method.governance import different_names

SAYING = "stewards layer by rule, promoters chase."
NOTHING = "none"


@dataclass(frozen=True, slots=True)
class Line:
    key: str
    """The same as long as it is about the same."""
    text: str
    """Empty where the figure says it all."""
    figure: str
    entry: int | None = None
    """The entry of the journal it rests on."""
    amount: bool = False
    """The figure tells how much is held or earned."""


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


def title_of(report: StewardsReport) -> str:
    coverage = report.coverage
    span = "" if coverage is None else f", {coverage.first} to {coverage.last}"
    return f"Steward's report of {report.book}{span}"


def sections_of(report: StewardsReport) -> tuple[Section, ...]:
    return (
        Section("Recorded", tuple(_coverage(report.coverage))),
        Section("Layers triggered", tuple(_triggers(report))),
        Section("Layers added without a trigger", _or_none("chased", _added(report))),
        Section("Caps exceeded", _or_none("caps", [_cap(cap) for cap in report.caps])),
        Section("Rules changed while a layer was triggered", tuple(_rules(report))),
        Section("Hedge cost against credit, to date", tuple(_cost(report.cost))),
        Section("Realised, without fees", tuple(_realised(report.realised))),
        Section("Written", tuple(_written(report))),
    )


def closing_line(report: StewardsReport) -> str:
    """Both are counted, and that is all."""
    by_rule, without = len(report.additions), len(report.chased)
    layers = f"{by_rule or 'No'} layer{'' if by_rule == 1 else 's'}"
    return f"{layers} added by rule, {without or 'none'} without a trigger: {SAYING}"


def _or_none(key: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(lines) or (Line(key, "", NOTHING),)


def _coverage(coverage: Coverage | None) -> Iterator[Line]:
    if coverage is None:
        yield Line("recorded", "nothing yet: there is nothing to judge by", UNKNOWN)
        return
    seen = f"{coverage.seen} of {coverage.sessions}"
    yield Line("recorded", f"sessions from {coverage.first} to {coverage.last}", seen)
    yield Line("recorded.close", "seen to their close", str(coverage.to_the_close))
    for gap in coverage.gaps:
        span = f"{gap.first}" if gap.sessions == 1 else f"{gap.first} to {gap.last}"
        yield Line(f"gap.{gap.first}", f"nothing was recorded: {span}", _sessions(gap.sessions))


def _sessions(count: int) -> str:
    return f"{count} session{'s' * (count != 1)}"


def _triggers(report: StewardsReport) -> Iterator[Line]:
    due = report.due
    within = f"{len(report.answered)} of {len(due)}" if due else NOTHING
    yield Line("answered", "answered by the close of the next session, of those that called for it", within)
    for trigger in report.triggers:
        yield Line(f"trigger.{trigger.seq}", _trigger(trigger), _answer(trigger), trigger.seq)


def _trigger(trigger: Trigger) -> str:
    by = f" by {', '.join(trigger.rules)}" if trigger.rules else ""
    seen = trigger.seen.astimezone(NEW_YORK)
    late = f", seen {_moment(seen)}" if seen.date() != trigger.on else f" {seen:%H:%M}"
    over = "" if trigger.until is None else f", over {_moment(trigger.until)}"
    return f"{trigger.layer} {trigger.on}{late}{by}{_held(trigger)}{_added_in_words(trigger)}{over}"


def _added_in_words(trigger: Trigger) -> str:
    if trigger.contracts is None:
        return ""
    return f", {number(trigger.contracts)} contract{'' if trigger.contracts == 1 else 's'} added"


def _held(trigger: Trigger) -> str:
    if trigger.held is None:
        return ""
    lacking = 0 if trigger.target is None else trigger.target[0] - trigger.held
    return f", {number(trigger.held)} held{f', {number(lacking)} more called for' if lacking > 0 else ''}"


def _answer(trigger: Trigger) -> str:
    if trigger.answered_on is not None:
        return f"{'late' if trigger.answer is Answer.LATE else 'answered'} {trigger.answered_on}"
    return _ANSWERS[trigger.answer]


_ANSWERS = {
    Answer.NONE: "not answered",
    Answer.NOT_DUE: "nothing was to be added",
    Answer.OPEN: "not yet due",
    Answer.PASSED: "over before it was due",
}


def _more(contracts: int | None) -> str:
    return f"+{UNKNOWN if contracts is None else number(contracts)}"


def _added(report: StewardsReport) -> list[Line]:
    lines = [_addition(each, f"{each.layer} was {each.state or 'not known'}") for each in report.chased]
    begun = report.coverage.first if report.coverage is not None else None
    earlier = [each for each in report.unjudged if begun is None or each.on < begun]
    lines += [
        _addition(each, "not recorded, so nobody can say") for each in report.unjudged if each not in earlier
    ]
    if earlier:
        lines.append(Line("added.earlier", "added before anything was recorded", str(len(earlier))))
    return lines


def _addition(addition: Addition, why: str) -> Line:
    text = f"{addition.position}, {addition.on}: {why}"
    return Line(f"added.{addition.seq}", text, _more(addition.contracts), addition.seq, amount=True)


def _cap(cap: CapExceeded) -> Line:
    whose = "of all layers" if cap.of == "book" else f"of {cap.of}"
    until = "still" if cap.until is None else f"until {_moment(cap.until)}"
    return Line(
        f"cap.{cap.of}.{cap.cap}.{cap.since.isoformat()}",
        f"{cap.cap} {whose}, since {_moment(cap.since)}",
        until,
    )


def _rules(report: StewardsReport) -> Iterator[Line]:
    for change in report.under_fire:
        yield from _rule_change(change)
    calm = len(report.rule_changes) - len(report.under_fire)
    if not report.under_fire:
        yield Line("rules", "", NOTHING)
    if calm:
        yield Line("rules.calm", "changed while none was", str(calm))
    pending = report.pending
    if pending is not None:
        yield Line(
            f"pending.{pending.seq}",
            f"{_moment(pending.since)}, still waiting to be confirmed: {pending.text}",
            f"{len(pending.confirmed_by)} of {pending.needed}",
            pending.seq,
        )


def _rule_change(change: RuleChange) -> Iterator[Line]:
    reason = "; ".join(change.reasons) or "no reason given"
    agreed = f", confirmed by {', '.join(change.confirmed_by)}" if change.confirmed_by else ""
    for key, (old, new) in change.changes.items():
        values = f"{key} {value_in_words(_listed(old))} → {value_in_words(_listed(new))}"
        text = f"{_moment(change.at)}, {', '.join(change.triggered)} triggered: {values}{agreed}"
        yield Line(f"rules.{change.seq}.{key}", text, reason, change.seq)


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _cost(cost: HedgeCost | None) -> Iterator[Line]:
    if cost is None:
        yield Line("cost", "the position file cannot be read", UNKNOWN)
        return
    yield Line("cost.paid", "paid for the hedges in the file", f"{number(cost.paid)} $", amount=True)
    yield Line("cost.credit", "received for the condors in it", f"{number(cost.credit)} $", amount=True)
    yield Line("cost.share", "of the credit", percent(cost.share))


def _realised(realised: Sequence[Realised]) -> Iterator[Line]:
    if not realised:
        yield Line("realised", "", NOTHING)
        return
    for each in realised:
        text = f"{each.position}, {each.kind}, {each.how} {each.on}"
        yield Line(f"realised.{each.position}", text, f"{number(each.result, signed=True)} $", amount=True)
    known = [each.result for each in realised if each.result is not None]
    lacking = len(realised) - len(known)
    text = "together" if not lacking else f"together, {lacking} of them unknown"
    total = sum(known) if known else None
    yield Line("realised.total", text, f"{number(total, signed=True)} $", amount=True)


def _written(report: StewardsReport) -> Iterator[Line]:
    words = report.words
    by = f" by {', '.join(different_names(words.by))}" if words.by else ""
    yield Line("acks", f"acknowledgements and notes{by}", f"{words.acknowledgements} and {words.notes}")
    if words.unexplained:
        yield Line("unexplained", "changes of the rules without a reason", str(words.unexplained))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
