"""The steward's report of a memory that was really written, what it cost, and how it is told."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from alvh_tui.book.model import Adjustment, Book, ClosedTrade, Hedge, Leg
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import add_sessions
from alvh_tui.instruments.contract import Contract
from alvh_tui.memory.history import StateChange
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.report.as_json import report_json
from alvh_tui.memory.report.build import read_records, stewards_report
from alvh_tui.memory.report.model import Answer, HedgeCost, StewardsReport
from alvh_tui.memory.report.words import closing_line, sections_of, title_of
from alvh_tui.method.rules import Rules
from alvh_tui.method.yardsticks import yardsticks
from tests.memory.stories import Story
from tests.memory.worlds import BOOK, CALM, FRIDAY, HEDGE, RULES, TENSE, at, later, seen
from tests.method.worlds import rules_with

MONDAY = add_sessions(FRIDAY, 1)
TWO = rules_with({"governance.confirm": 2}, RULES)


def test_what_the_hedges_cost_and_what_was_realised() -> None:
    (condor,) = BOOK.condors
    out = replace(
        HEDGE,
        id="L1-old",
        adjustments=(_sold(HEDGE),),
    )  # fmt: skip
    told = ClosedTrade("oct", "condor", 1850.0, date(2026, 10, 2))
    book = replace(BOOK, hedges=(HEDGE, out), closed=(told,))
    after_expiry = condor.expiries[-1] + timedelta(days=5)
    standing = {"at": at(day=after_expiry).isoformat(), "positions": {"dec-31": {"pnl": -410.0}}}
    empty = Story().records(standing=standing)
    report = stewards_report("book.toml", empty, book, at(day=after_expiry))
    assert report.cost == HedgeCost(-HEDGE.cash - out.cash, condor.cash)
    assert report.cost.share == pytest.approx((-HEDGE.cash - out.cash) / condor.cash)
    found = {each.position: (each.kind, each.how, each.on, each.result) for each in report.realised}
    assert found["oct"] == ("condor", "told by the file", date(2026, 10, 2), 1850.0)
    assert found["L1-old"] == ("hedge", "closed", MONDAY, out.cash)
    assert found["dec-31"] == ("condor", "settled", condor.expiries[-1], -410.0)
    early = replace(empty, standing={**standing, "at": at(day=condor.expiries[-1]).isoformat()})
    unknown = stewards_report("book.toml", early, book, at(day=after_expiry))
    assert {r.position: r.result for r in unknown.realised}["dec-31"] is None
    lines = {line.key: line for section in sections_of(unknown) for line in section.lines}
    assert lines["realised.dec-31"].figure == "— $"
    lacking = sum(each.result is None for each in unknown.realised)
    assert lines["realised.total"].text == f"together, {lacking} of them unknown"
    assert lines["realised.total"].figure == f"{number(1850.0 + out.cash, signed=True)} $"
    assert lines["realised.total"].amount
    assert stewards_report("book.toml", early, book, at()).realised[-1].position == "L1-old"


def test_what_is_held_has_realised_nothing() -> None:
    """Shares never settle, an adjusted position goes on, and on its last day a condor is not over."""
    shares = replace(HEDGE, id="SE-vxx", layer="SE", legs=(Leg(Contract("VXX"), 100),), credit=-50.0)
    halved = replace(HEDGE, id="L1-half", adjustments=(_sold(HEDGE, 3),))
    book = replace(BOOK, hedges=(shares, halved))
    records = Story().records(standing={"at": at().isoformat(), "positions": {}})
    (condor,) = book.condors
    last_day = at(day=min(condor.expiries[-1], halved.expiries[-1]))
    report = stewards_report("book.toml", records, book, last_day)
    assert report.realised == ()
    assert report.cost == HedgeCost(-halved.cash, condor.cash), "shares are no premium"


def _sold(hedge: Hedge, lots: int = 6) -> Adjustment:
    legs = tuple(replace(each, quantity=-lots) for each in hedge.legs)
    return Adjustment(on=MONDAY, legs=legs, credit=2.0, contracts=lots)


def test_without_condors_there_is_no_share() -> None:
    assert HedgeCost(100.0, 0.0).share is None


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
    memory.journal.note(at("11:02"), "still quiet", by="Bob")
    report = told(memory)
    assert [change.seq for change in report.rule_changes] == [first.seq, second.seq, third.seq]
    bold, back = report.under_fire
    assert bold.changes == {"condor.pcf.limit": (4.0, 5.0), "condor.tenor.high": (45, 50)}
    assert (bold.triggered, bold.reasons, back.reasons) == (("L1",), ("the bid is weak",), ())
    assert (report.words.acknowledgements, report.words.notes, report.words.by) == (1, 2, ("ann", "bob"))
    assert report.words.unexplained == 2
    lines = {line.key: line for section in sections_of(report) for line in section.lines}
    assert lines[f"rules.{second.seq}.condor.pcf.limit"].figure == "the bid is weak"
    assert lines[f"rules.{third.seq}.condor.pcf.limit"].figure == "no reason given"
    assert lines["rules.calm"].figure == "1"
    assert (lines["acks"].text, lines["acks"].figure) == (
        "acknowledgements and notes by ann, bob",
        "1 and 2",
    )


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
    lines = {line.key: line for section in sections_of(report) for line in section.lines}
    assert lines[f"rules.{made.seq}.condor.pcf.limit"].text == (
        "2026-11-20 10:40, L1 triggered: condor.pcf.limit 3.2 → 2.5, confirmed by ann, bob"
    )
    assert "rules" not in lines
    assert report.pending is None
    assert (made.at, made.reasons, made.confirmed_by) == (at("10:40"), ("the decay is slow",), ("ann", "bob"))


def test_of_nothing_there_is_nothing_to_judge(memory: Memory) -> None:
    report = told(memory, None)
    assert (report.coverage, report.triggers, report.realised, report.cost) == (None, (), (), None)
    assert title_of(report) == "Steward's report of book.toml"
    assert closing_line(report).startswith("No layers added by rule, none without a trigger: ")
    lines = {line.key: line.figure for section in sections_of(report) for line in section.lines}
    assert (lines["answered"], lines["acks"]) == ("none", "0 and 0")
    assert (lines["recorded"], lines["cost"], lines["caps"], lines["chased"]) == ("—", "—", "none", "none")


def test_a_trigger_in_words() -> None:
    story = Story().layer(later(3, "10:05"), "triggered", since=FRIDAY).trade(later(3, "12:00"), 5)
    (_, line) = sections_of(story.layer(later(4, "10:05"), "idle").report())[1].lines
    assert line.text == (
        "L1 2026-11-20, seen 2026-11-25 10:05 by L1.zone, 4 held, 4 more called for, 5 contracts added, "
        "over 2026-11-27 10:05"
    )
    assert (line.figure, line.entry) == ("late 2026-11-25", 1)


def test_figures_in_words() -> None:
    """Of what was answered, refused, exceeded and still goes on."""
    told = Story().layer(at("11:00"), "triggered").trade(later(1), 1).layer(later(2), "idle")
    told.layer(later(3), "triggered").trade(later(3), 2, layer="L2")
    caps = {
        "book.carry": (StateChange(at("10:00"), "over"),),
        "L1.risk cap": (StateChange(at("10:30"), "over"), StateChange(at("12:00"), "within")),
    }
    report = told.report(caps=caps)
    lines = [line for section in sections_of(report) for line in section.lines]
    said = {line.key: (line.figure, line.text) for line in lines}
    assert said["answered"][0] == "1 of 1"
    assert said["trigger.1"][0] == "answered 2026-11-23"
    assert ", 1 contract added, over " in said["trigger.1"][1]
    assert said["trigger.4"][0] == "not yet due"
    assert said["added.5"] == ("+2", "L2-hedge, 2026-11-25: L2 was not known")
    assert [line.amount for line in lines if line.key == "added.5"] == [True]
    assert said["cap.book.carry.2026-11-20T10:00:00-05:00"] == (
        "still",
        "carry of all layers, since 2026-11-20 10:00",
    )
    assert said["cap.L1.risk cap.2026-11-20T10:30:00-05:00"] == (
        "until 2026-11-20 12:00",
        "risk cap of L1, since 2026-11-20 10:30",
    )
    assert said["rules"] == ("none", "")


def test_the_report_as_json() -> None:
    story = Story().layer(at("10:00"), "idle").layer(at("11:00"), "triggered")
    report = story.trade(later(1), 3).trade(later(1), 2, layer="L2").report()
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
