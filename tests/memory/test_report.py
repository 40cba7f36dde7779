"""The steward's report: which answers count, what is honest about spans nobody recorded, and what it cost."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.book.model import Book, ClosedTrade, Hedge
from alvh_tui.instruments.calendar import add_sessions
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.history import StateChange
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.report.as_json import report_json
from alvh_tui.memory.report.build import ALWAYS, Records, Span, read_records, stewards_report
from alvh_tui.memory.report.model import Answer, HedgeCost, StewardsReport
from alvh_tui.memory.report.words import closing_line, sections_of, title_of
from alvh_tui.method.rules import Rules
from alvh_tui.method.yardsticks import yardsticks
from tests.memory.worlds import BOOK, CALM, FRIDAY, HEDGE, RULES, TENSE, at, later, seen
from tests.method.worlds import rules_with

MONDAY, TUESDAY, WEDNESDAY = (add_sessions(FRIDAY, n) for n in (1, 2, 3))
TWO = rules_with({"governance.confirm": 2}, RULES)


class Story:
    """A journal told entry by entry."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.layers: dict[str, dict[str, str]] = {}

    def _add(self, moment: datetime, kind: str, about: str, facts: Mapping[str, Any], text: str = "") -> int:
        seq = len(self.entries) + 1
        self.entries.append(Entry(seq, moment, kind, about, text, facts, "", ""))
        return seq

    def layer(
        self,
        moment: datetime,
        state: str,
        *,
        action: str = "add",
        since: date | None = None,
    ) -> "Story":
        was = self.layers.get("L1", {}).get("trigger")
        self.layers["L1"] = {"trigger": state}
        facts = {
            "change": {"trigger": [was, state]},
            "state": {"trigger": state, "action": action},
            "since": (since or moment.date()).isoformat(),
            "sizing": {"held": 4, "target": [8, 12]},
            "readings": [
                {"id": "L1.zone", "verdict": "yes"},
                {"id": "vix.rsi", "verdict": "no"},
            ],
        }
        self._add(moment, "layer", "L1", facts)
        return self

    def trade(
        self,
        moment: datetime,
        contracts: int | None,
        *,
        on: date | None = None,
        event: str = "adjusted",
        layer: str | None = "L1",
    ) -> "Story":
        facts = {
            "change": {"event": event},
            "layer": layer,
            "contracts": contracts,
            "on": None if on is None else on.isoformat(),
            "layers": dict(self.layers),
        }
        self._add(moment, "position", f"{layer}-hedge", facts)
        return self

    def records(self, **more: Any) -> Records:
        days = {entry.at.date(): True for entry in self.entries}
        return replace(Records(tuple(self.entries), days, {}, None, None), **more)

    def report(self, span: Span = ALWAYS, **more: Any) -> StewardsReport:
        return stewards_report("book.toml", self.records(**more), None, later(9), span)


def note(story: Story, moment: datetime) -> Story:
    story._add(moment, "note", "book", {"words": "seen", "by": "Ann"})
    return story


def answer(story: Story) -> Answer:
    (trigger,) = story.report().triggers
    return trigger.answer


def begun() -> Story:
    return Story().layer(at("10:00"), "idle").layer(at("11:00"), "triggered")


def test_contracts_by_the_close_of_the_next_session_answer_a_trigger() -> None:
    report = begun().trade(later(1, "15:59"), 3).trade(later(2), 2).report()
    (trigger,) = report.triggers
    assert (trigger.answer, trigger.answered_on, trigger.contracts) == (Answer.IN_TIME, MONDAY, 5)
    assert (trigger.layer, trigger.on, trigger.seen, trigger.until) == ("L1", FRIDAY, at("11:00"), None)
    assert (trigger.rules, trigger.held, trigger.target) == (("L1.zone",), 4, (8, 12))
    assert [(a.on, a.contracts, a.state) for a in report.additions] == [
        (MONDAY, 3, "triggered"),
        (TUESDAY, 2, "triggered"),
    ]
    assert report.chased == ()
    assert report.answered == report.due == (trigger,)


def test_the_session_after_is_late() -> None:
    assert answer(begun().trade(later(2, "09:31"), 3)) is Answer.LATE


@pytest.mark.parametrize(
    ("clock", "answered"), [(later(1, "15:59"), Answer.OPEN), (later(1, "16:00"), Answer.NONE)]
)
def test_nothing_is_missed_before_the_next_session_has_been_seen_to_its_close(
    clock: datetime, answered: Answer
) -> None:
    assert answer(note(begun(), clock)) is answered


def test_what_is_over_before_it_was_due_is_not_missed() -> None:
    story = begun().layer(later(1, "12:00"), "idle")
    assert answer(note(story, later(3))) is Answer.PASSED
    assert answer(note(begun().layer(later(1, "16:00"), "idle"), later(3))) is Answer.NONE
    assert story.report().due == ()


def test_where_nothing_was_called_for_nothing_is_missed() -> None:
    story = Story().layer(at("11:00"), "triggered", action="hold")
    assert answer(note(story, later(3))) is Answer.NOT_DUE
    assert answer(story.trade(later(1), 1)) is Answer.IN_TIME


@pytest.mark.parametrize("contracts", [0, -2, None])
def test_a_roll_or_a_sale_is_no_answer(contracts: int | None) -> None:
    story = note(begun().trade(later(1), contracts), later(3))
    assert answer(story) is Answer.NONE
    assert story.report().chased == ()


def test_another_layer_or_a_condor_is_no_answer() -> None:
    story = note(begun().trade(later(1), 3, layer="L2").trade(later(1), 3, layer=None), later(3))
    assert answer(story) is Answer.NONE
    assert [addition.layer for addition in story.report().chased] == ["L2"]


def test_a_trade_counts_on_the_date_the_file_gives_it() -> None:
    assert answer(begun().trade(later(4), 3, on=MONDAY)) is Answer.IN_TIME
    assert answer(begun().trade(later(4), 3, on=TUESDAY)) is Answer.LATE


def test_what_was_bought_before_the_trigger_of_that_day_does_not_answer_it() -> None:
    story = Story().layer(at("10:00"), "watch").trade(at("10:30"), 3).layer(at("11:00"), "triggered")
    report = note(story, later(3)).report()
    assert report.triggers[0].answer is Answer.NONE
    assert [(a.contracts, a.state) for a in report.chased] == [(3, "watch")]


def test_a_trigger_that_was_seen_late_counts_from_its_own_session() -> None:
    story = Story().layer(later(3), "triggered", since=FRIDAY).trade(later(3, "12:00"), 5, on=MONDAY)
    (trigger,) = story.report().triggers
    assert (trigger.on, trigger.answer) == (FRIDAY, Answer.IN_TIME)
    assert (
        answer(Story().layer(later(3), "triggered", since=FRIDAY).trade(later(3, "12:00"), 5)) is Answer.LATE
    )


def test_what_was_added_after_a_trigger_was_over_was_added_without_one() -> None:
    story = begun().trade(at("12:00"), 2).layer(later(2), "release").trade(later(2, "12:00"), 4)
    report = story.report()
    assert [a.contracts for a in report.additions] == [2]
    assert [(a.contracts, a.state) for a in report.chased] == [(4, "release")]
    assert closing_line(report) == (
        "1 layer added by rule, 1 without a trigger: stewards layer by rule, promoters chase."
    )


def test_a_second_trigger_is_another() -> None:
    story = begun().layer(later(2), "idle").layer(later(4), "triggered").trade(later(5), 1)
    first, second = story.report().triggers
    assert (first.until, first.answer) == (later(2), Answer.NONE)
    assert (second.on, second.answer) == (add_sessions(FRIDAY, 4), Answer.IN_TIME)


def test_nobody_can_say_what_the_layers_were_where_nothing_was_recorded() -> None:
    before, between = date(2026, 11, 16), TUESDAY
    story = Story().layer(at("10:00"), "idle").trade(at("10:00"), 6, on=before, event="opened")
    story.trade(later(4), 2, on=between).trade(later(4), 1, on=FRIDAY)
    report = story.report()
    assert [(a.on, a.state) for a in report.unjudged] == [(before, None), (between, None)]
    assert [(a.on, a.state) for a in report.chased] == [(FRIDAY, "idle")]
    lines = [line for section in sections_of(report) for line in section.lines]
    assert [line.figure for line in lines if line.key == "added.earlier"] == ["1"]
    assert any("not recorded, so nobody can say" in line.text for line in lines)


def test_spans_without_a_record_are_told() -> None:
    days = {FRIDAY: True, MONDAY: False, add_sessions(FRIDAY, 4): True, add_sessions(FRIDAY, 6): True}
    coverage = Story().report(days=days).coverage
    assert coverage is not None
    assert (coverage.first, coverage.last) == (FRIDAY, add_sessions(FRIDAY, 6))
    assert (coverage.sessions, coverage.seen, coverage.to_the_close) == (7, 4, 3)
    assert [(gap.first, gap.last, gap.sessions) for gap in coverage.gaps] == [
        (TUESDAY, WEDNESDAY, 2),
        (add_sessions(FRIDAY, 5), add_sessions(FRIDAY, 5), 1),
    ]
    assert Story().report().coverage is None


def change(clock: str, state: str) -> StateChange:
    return StateChange(at(clock), state)


def test_caps_from_when_to_when() -> None:
    caps = {
        "L1.risk cap": (change("10:00", "within"), change("11:00", "over"), change("12:00", "within")),
        "book.carry": (change("10:30", "over"),),
    }
    carry, risk = Story().report(caps=caps).caps
    assert (carry.cap, carry.of, carry.since, carry.until) == ("carry", "book", at("10:30"), None)
    assert (risk.cap, risk.of, risk.since, risk.until) == ("risk cap", "L1", at("11:00"), at("12:00"))


def test_a_cap_at_its_edge_is_exceeded_once() -> None:
    flicker = (
        change("11:00", "over"), change("11:10", "within"), change("11:20", "over"),
        change("11:30", "unknown"), change("11:46", "over"),
    )  # fmt: skip
    found = Story().report(caps={"book.carry": flicker}).caps
    assert [(cap.since, cap.until) for cap in found] == [(at("11:00"), at("11:30")), (at("11:46"), None)]


def test_a_span_leaves_out_what_lies_outside() -> None:
    story = begun().trade(later(1), 3).layer(later(2), "idle").trade(later(3), 2)
    early, late = story.report(Span(last=FRIDAY)), story.report(Span(first=WEDNESDAY))
    assert (len(early.triggers), len(early.additions), len(early.chased)) == (1, 0, 0)
    assert early.triggers[0].answer is Answer.IN_TIME, "what followed is known"
    assert (len(late.triggers), len(late.additions), len(late.chased)) == (0, 0, 1)
    assert late.coverage is not None
    assert late.coverage.first == WEDNESDAY
    caps = {"book.carry": (change("10:30", "over"), StateChange(later(1), "within"))}
    assert len(story.report(Span(MONDAY, MONDAY), caps=caps).caps) == 1
    assert story.report(Span(first=TUESDAY), caps=caps).caps == ()


def test_what_the_hedges_cost_and_what_was_realised() -> None:
    (condor,) = BOOK.condors
    out = replace(
        HEDGE,
        id="L1-old",
        adjustments=(
            replace(_adjustment(HEDGE), on=MONDAY, credit=2.0),
        ),
    )  # fmt: skip
    told = ClosedTrade("oct", "condor", 1850.0, date(2026, 10, 2))
    book = replace(BOOK, hedges=(HEDGE, out), closed=(told,))
    after_expiry = condor.expiries[-1] + timedelta(days=5)
    standing = {"at": at(day=after_expiry).isoformat(), "positions": {"dec-31": {"pnl": -410.0}}}
    empty = Story().records(standing=standing)
    report = stewards_report("book.toml", empty, book, at(day=after_expiry))
    assert report.cost == HedgeCost(-HEDGE.cash - out.cash, condor.cash)
    assert report.cost.share == pytest.approx((-HEDGE.cash - out.cash) / condor.cash)
    found = {each.position: (each.how, each.on, each.result) for each in report.realised}
    assert found["oct"] == ("told by the file", date(2026, 10, 2), 1850.0)
    assert found["L1-old"] == ("closed", MONDAY, out.cash)
    assert found["dec-31"] == ("settled", condor.expiries[-1], -410.0)
    early = replace(empty, standing={**standing, "at": at(day=condor.expiries[-1]).isoformat()})
    unknown = stewards_report("book.toml", early, book, at(day=after_expiry))
    assert {r.position: r.result for r in unknown.realised}["dec-31"] is None
    lines = {line.key: line for section in sections_of(unknown) for line in section.lines}
    assert lines["realised.dec-31"].figure == "— $"
    assert lines["realised.total"].text.startswith("together, ")
    assert lines["realised.total"].amount
    assert stewards_report("book.toml", early, book, at()).realised[-1].position == "L1-old"


def _adjustment(hedge: Hedge) -> Any:
    from alvh_tui.book.model import Adjustment

    legs = tuple(replace(leg, quantity=-leg.quantity) for leg in hedge.legs)
    return Adjustment(on=FRIDAY, legs=legs, credit=1.0, contracts=hedge.contracts)


def test_without_condors_there_is_no_share() -> None:
    assert HedgeCost(100.0, 0.0).share is None


# ── Told by a real memory


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "book.sqlite")


def looked(
    memory: Memory, moment: datetime, book: Book = BOOK, *, vix: float = CALM, rules: Rules = RULES
) -> None:
    memory.remember(seen(moment, book=book, vix=vix, rules=memory.govern(rules, moment)))
    assert memory.state.fine, memory.state


def told(memory: Memory, book: Book | None = BOOK) -> StewardsReport:
    return stewards_report("book.toml", read_records(memory), book, later(9))


def test_a_layer_that_was_answered(memory: Memory) -> None:
    looked(memory, at("10:00"))
    looked(memory, at("10:30"), vix=TENSE)
    more = replace(BOOK, hedges=(HEDGE, replace(HEDGE, id="L1-more", opened=MONDAY)))
    looked(memory, later(1, "11:00"), more, vix=TENSE)
    report = told(memory, more)
    (trigger,) = [trigger for trigger in report.triggers if trigger.layer == "L1"]
    assert (trigger.answer, trigger.contracts, trigger.held) == (Answer.IN_TIME, 6, 6)
    assert trigger.rules[0] == "L1.zone"
    assert trigger.target is not None
    assert [addition.position for addition in report.unjudged] == ["L1-jan"], "bought before it was watched"
    assert report.chased == ()
    assert report.coverage is not None
    assert (report.coverage.first, report.coverage.seen) == (FRIDAY, 2)


def test_a_layer_that_was_chased(memory: Memory) -> None:
    looked(memory, at("10:00"))
    looked(memory, at("11:00"), replace(BOOK, hedges=(HEDGE, replace(HEDGE, id="L1-more", opened=FRIDAY))))
    (chased,) = told(memory).chased
    assert (chased.position, chased.contracts, chased.state) == ("L1-more", 6, "idle")


def test_a_cap_that_was_exceeded(memory: Memory) -> None:
    looked(memory, at("10:00"))
    lavish = replace(BOOK, hedges=(replace(HEDGE, credit=30.0 * HEDGE.credit),))
    looked(memory, at("10:10"), lavish)
    looked(memory, at("11:00"))
    caps = {(cap.cap, cap.of): (cap.since, cap.until) for cap in told(memory).caps}
    assert caps[("risk cap", "L1")] == (at("10:10"), at("11:00"))
    assert caps[("hedge cost", "book")] == (at("10:10"), at("11:00"))
    assert ("risk cap", "L2") not in caps


def test_every_cap_of_the_method_is_recorded(memory: Memory) -> None:
    looked(memory, at("10:00"))
    caps = {name.partition(".")[2] for name in read_records(memory).caps}
    assert caps == {name for name, rule in yardsticks().items() if rule.role == "cap"}


def test_rules_changed_under_fire_with_their_reasons(memory: Memory) -> None:
    calmer = rules_with({"condor.pcf.limit": 4.0}, RULES)
    bolder = rules_with({"condor.pcf.limit": 5.0, "condor.tenor.high": 50}, RULES)
    looked(memory, at("10:00"))
    looked(memory, at("10:10"), rules=calmer)
    looked(memory, at("10:30"), vix=TENSE, rules=calmer)
    looked(memory, at("10:40"), vix=TENSE, rules=bolder)
    looked(memory, at("10:50"), vix=TENSE, rules=calmer)
    first, second, third = [e for e in memory.journal.entries() if e.kind == "rules"]
    memory.journal.acknowledge(at("11:00"), second, "the bid is weak", "ann")
    memory.journal.note(at("11:01"), "quiet", by="bob")
    report = told(memory)
    assert [change.seq for change in report.rule_changes] == [first.seq, second.seq, third.seq]
    bold, back = report.under_fire
    assert bold.changes == {"condor.pcf.limit": (4.0, 5.0), "condor.tenor.high": (45, 50)}
    assert (bold.triggered, bold.reasons, back.reasons) == (("L1",), ("the bid is weak",), ())
    assert (report.words.acknowledgements, report.words.notes, report.words.by) == (1, 1, ("ann", "bob"))
    assert report.words.unexplained == 2
    lines = {line.key: line for section in sections_of(report) for line in section.lines}
    assert lines[f"rules.{second.seq}.condor.pcf.limit"].figure == "the bid is weak"
    assert lines[f"rules.{third.seq}.condor.pcf.limit"].figure == "no reason given"
    assert lines["rules.calm"].figure == "1"


def test_a_change_that_waits_has_not_been_made(memory: Memory) -> None:
    stricter = rules_with({"condor.pcf.limit": 2.5}, TWO)
    looked(memory, at("10:00"), vix=TENSE, rules=TWO)
    looked(memory, at("10:10"), vix=TENSE, rules=stricter)
    proposal = memory.journal.find("rules")
    assert proposal is not None
    memory.journal.acknowledge(at("10:20"), proposal, "the decay is slow", "ann")
    waiting = told(memory)
    assert waiting.rule_changes == ()
    assert waiting.pending is not None
    assert (waiting.pending.since, waiting.pending.confirmed_by, waiting.pending.needed) == (
        at("10:10"), ("ann",), 2,
    )  # fmt: skip
    memory.journal.acknowledge(at("10:30"), proposal, "", "bob")
    looked(memory, at("10:40"), vix=TENSE, rules=stricter)
    report = told(memory)
    (made,) = report.under_fire
    assert report.pending is None
    assert (made.at, made.reasons, made.confirmed_by) == (at("10:40"), ("the decay is slow",), ("ann", "bob"))


def test_of_nothing_there_is_nothing_to_judge(memory: Memory) -> None:
    report = told(memory, None)
    assert (report.coverage, report.triggers, report.realised, report.cost) == (None, (), (), None)
    assert title_of(report) == "Steward's report of book.toml"
    assert closing_line(report).startswith("No layers added by rule, none without a trigger: ")
    lines = {line.key: line.figure for section in sections_of(report) for line in section.lines}
    assert (lines["recorded"], lines["cost"], lines["caps"], lines["chased"]) == ("—", "—", "none", "none")


# ── In words and as JSON


def test_a_trigger_in_words() -> None:
    story = Story().layer(later(3, "10:05"), "triggered", since=FRIDAY).trade(later(3, "12:00"), 5)
    (_, line) = sections_of(story.layer(later(4, "10:05"), "idle").report())[1].lines
    assert line.text == (
        "L1 2026-11-20, seen 2026-11-25 10:05 by L1.zone, 4 of 8–12 held, over 2026-11-27 10:05"
    )
    assert (line.figure, line.entry) == ("+5 on 2026-11-25, late", 1)


def test_the_report_as_json() -> None:
    report = begun().trade(later(1), 3).trade(later(1), 2, layer="L2").report()
    told = json.loads(json.dumps(report_json(report), allow_nan=False))
    assert told["schema"] == 1
    assert told["counts"] == {
        "triggers_due": 1, "answered_in_time": 1, "added_by_rule": 1, "added_without_a_trigger": 1,
        "caps_exceeded": 0, "rules_changed": 0, "rules_changed_under_fire": 0,
    }  # fmt: skip
    (trigger,) = told["triggers"]
    assert (trigger["answer"], trigger["on"], trigger["target"]) == ("in time", "2026-11-20", [8, 12])
    assert told["cost"] is None
    assert told["time"] == later(9).isoformat()


STATES = st.sampled_from(["idle", "watch", "triggered", "release"])
STEPS = st.tuples(st.integers(1, 900), st.one_of(STATES, st.integers(-3, 5)))


@given(st.lists(STEPS, max_size=25))
def test_every_addition_is_judged_once_and_no_trigger_is_lost(steps: list[tuple[int, str | int]]) -> None:
    story, moment = Story(), at("09:30")
    for minutes, step in steps:
        moment += timedelta(minutes=minutes)
        if isinstance(step, str):
            if story.layers.get("L1", {}).get("trigger") != step:
                story.layer(moment, step)
        else:
            story.trade(moment, step)
    report = story.report()
    judged = sorted(a.seq for a in (*report.additions, *report.chased, *report.unjudged))
    bought = [e.seq for e in story.entries if e.kind == "position" and (e.facts["contracts"] or 0) > 0]
    assert judged == bought
    told_of = [
        e.seq for e in story.entries if e.kind == "layer" and e.facts["change"]["trigger"][1] == "triggered"
    ]
    assert [trigger.seq for trigger in report.triggers] == told_of
    assert sum(t.contracts or 0 for t in report.triggers) == sum(a.contracts or 0 for a in report.additions)
    assert all(trigger.until is not None for trigger in report.triggers[:-1])
