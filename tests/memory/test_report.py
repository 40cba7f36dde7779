"""The steward's report: which answers count, and what is honest about spans nobody recorded."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import add_sessions
from alvh_tui.memory.history import StateChange
from alvh_tui.memory.report.build import Span
from alvh_tui.memory.report.model import Answer
from alvh_tui.memory.report.words import closing_line, sections_of
from tests.memory.stories import Story
from tests.memory.worlds import FRIDAY, at, later

MONDAY, TUESDAY, WEDNESDAY = (add_sessions(FRIDAY, n) for n in (1, 2, 3))


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


def test_on_the_day_of_the_trigger_only_what_was_seen_before_it_is_known_to_be_earlier() -> None:
    assert answer(begun().trade(later(4), 3, on=FRIDAY)) is Answer.IN_TIME
    together = Story().layer(at("10:00"), "idle").trade(at("11:00"), 3).layer(at("11:00"), "triggered")
    assert answer(together) is Answer.IN_TIME


def test_on_the_day_it_was_over_only_what_was_seen_after_it_is_known_to_be_later() -> None:
    over = begun().layer(later(1, "12:00"), "release")
    assert answer(over.trade(later(4), 3, on=MONDAY)) is Answer.IN_TIME
    again = begun().layer(later(1, "12:00"), "release").trade(later(1, "12:00"), 3)
    assert [addition.state for addition in again.report().chased] == ["release"]


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
    assert [line.key for line in lines if "not recorded, so nobody can say" in line.text] == ["added.3"]


def test_a_session_is_recorded_by_its_history_alone_too() -> None:
    story = Story().layer(at("10:00"), "idle").trade(later(4), 2, on=TUESDAY)
    known = story.report(days={TUESDAY: False})
    assert [(a.on, a.state) for a in known.chased] == [(TUESDAY, "idle")]
    assert known.unjudged == ()


def test_what_people_wrote_is_no_record_of_a_session() -> None:
    coverage = note(Story().layer(at("10:00"), "idle"), later(2)).report(days={}).coverage
    assert coverage is not None
    assert (coverage.first, coverage.last, coverage.to_the_close) == (FRIDAY, FRIDAY, 0)


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
    gaps = [line for line in sections_of(Story().report(days=days))[0].lines if line.key.startswith("gap.")]
    assert [(line.text, line.figure) for line in gaps] == [
        ("nothing was recorded: 2026-11-24 to 2026-11-25", "2 sessions"),
        ("nothing was recorded: 2026-11-30", "1 session"),
    ]


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
        change("11:30", "unknown"), change("11:45", "over"),
    )  # fmt: skip
    found = Story().report(caps={"book.carry": flicker}).caps
    assert [(cap.since, cap.until) for cap in found] == [(at("11:00"), at("11:30")), (at("11:45"), None)]


def test_a_span_leaves_out_what_lies_outside() -> None:
    story = begun().trade(later(1), 3).layer(later(2), "idle").trade(later(3), 2)
    early, late = story.report(Span(last=FRIDAY)), story.report(Span(first=WEDNESDAY))
    assert (len(early.triggers), len(early.additions), len(early.chased)) == (1, 0, 0)
    assert early.triggers[0].answer is Answer.IN_TIME, "what followed is known"
    assert early.coverage is not None
    assert early.coverage.last == FRIDAY
    assert (len(late.triggers), len(late.additions), len(late.chased)) == (0, 0, 1)
    assert late.coverage is not None
    assert late.coverage.first == WEDNESDAY
    caps = {"book.carry": (change("10:30", "over"), StateChange(later(1), "within"))}
    assert len(story.report(Span(MONDAY, MONDAY), caps=caps).caps) == 1
    assert story.report(Span(first=TUESDAY), caps=caps).caps == ()


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
