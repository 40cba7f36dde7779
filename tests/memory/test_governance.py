"""Changed rules count only once those who have to have agreed, whichever program asks."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.assess import Assessment
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.memory import Memory
from alvh_tui.method.governance import different_names, waiting_in_words
from alvh_tui.method.rules import Rules, built_in, make_rules, rules_from, said_by
from tests.memory.worlds import RULES, at, seen
from tests.method.worlds import rules_with

CONFIRM, LIMIT = "governance.confirm", "condor.pcf.limit"
TWO = replace(rules_with({CONFIRM: 2}, RULES), name="mine.toml")
STRICTER = replace(rules_with({LIMIT: 2.5}, TWO), name="mine.toml")
LOOSER = replace(rules_with({LIMIT: 4.0}, TWO), name="mine.toml")
ALONE = replace(rules_with({CONFIRM: 1}, TWO), name="mine.toml")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite"


@pytest.fixture
def memory(path: Path) -> Memory:
    memory = Memory(path)
    memory.remember(seen(at("10:00"), rules=TWO))
    return memory


def judged(memory: Memory, moment: datetime, asked: Rules) -> Assessment:
    """As the monitor does it."""
    return seen(moment, rules=memory.govern(asked, moment))


def looked(memory: Memory, moment: datetime, asked: Rules) -> tuple[Entry, ...]:
    return memory.remember(judged(memory, moment, asked))


def confirm(memory: Memory, clock: str, by: str, words: str = "") -> None:
    entry = memory.journal.find("rules")
    assert entry is not None
    assert memory.journal.acknowledge(at(clock), entry, words, by)


@pytest.mark.parametrize(
    "rules",
    [
        built_in("zones"),
        built_in("ladder"),
        make_rules("mine.toml", {"breadth.sessions": 7}, {"beta_down": 1.7, "tenor_days": 70.0}),
    ],
)
def test_rules_are_rebuilt_exactly_from_what_is_kept(rules: Rules) -> None:
    kept = json.loads(json.dumps(said_by(rules)))
    assert rules_from(rules.name, kept) == rules


def test_a_setting_nobody_knew_of_then_has_its_default() -> None:
    said = said_by(STRICTER)
    del said[LIMIT]
    assert rules_from("mine.toml", said).fingerprint == TWO.fingerprint


def test_the_previous_rules_count_until_two_have_agreed(memory: Memory) -> None:
    before = memory.govern(STRICTER, at("12:02"))
    assert before.fingerprint == TWO.fingerprint
    assert waiting_in_words(before, at("12:02")) == (
        f"rules changed, waiting for 2 confirmations; mine.toml {TWO.fingerprint[:4]}… still counts"
    )
    (entry,) = looked(memory, at("12:03"), STRICTER)
    assert entry.text == ("proposed: condor.pcf.limit 3.2 → 2.5; it counts when 2 people have confirmed it")
    assert entry.facts["rules"]["fingerprint"] == TWO.fingerprint
    assert looked(memory, at("12:04"), STRICTER) == ()
    told = waiting_in_words(memory.govern(STRICTER, at("12:05")), at("12:05"))
    assert told is not None
    assert told.startswith("rules changed 12:03, waiting for 2 confirmations; mine.toml")
    confirm(memory, "12:05", "Ann", "the decay is slow")
    still = judged(memory, at("12:06"), STRICTER)
    assert still.rules.fingerprint == TWO.fingerprint
    assert still.warnings[0].startswith(
        "rules changed 12:03, waiting for a second confirmation after Ann; mine.toml"
    )
    assert memory.remember(still) == ()
    confirm(memory, "12:07", "Bob")
    (done,) = looked(memory, at("12:08"), STRICTER)
    assert done.text == "counts now: condor.pcf.limit 3.2 → 2.5; confirmed by Ann, Bob"
    assert done.facts["rules"]["fingerprint"] == STRICTER.fingerprint
    assert memory.govern(STRICTER, at("12:09")) == STRICTER
    assert memory.journal.unexplained() == ()


def test_the_same_name_twice_and_no_name_agree_once_and_never(memory: Memory) -> None:
    looked(memory, at("12:03"), STRICTER)
    for clock, by in (("12:04", "ann"), ("12:05", " ANN "), ("12:06", ""), ("12:07", "  ")):
        confirm(memory, clock, by)
    waiting = memory.govern(STRICTER, at("12:08")).waiting
    assert waiting is not None
    assert waiting.confirmed_by == ("ann",)


def test_a_lowered_confirm_needs_the_confirmations_of_the_rules_in_force(memory: Memory) -> None:
    looked(memory, at("12:03"), ALONE)
    confirm(memory, "12:04", "ann")
    assert memory.govern(ALONE, at("12:05")).whole(CONFIRM) == 2
    confirm(memory, "12:05", "bob")
    assert memory.govern(ALONE, at("12:06")) == ALONE
    looked(memory, at("12:06"), ALONE)
    assert memory.govern(rules_with({LIMIT: 2.5}, ALONE), at("12:07")).number(LIMIT) == 2.5


def test_a_raised_confirm_counts_at_once(path: Path) -> None:
    memory = Memory(path)
    looked(memory, at("10:00"), RULES)
    (entry,) = looked(memory, at("10:01"), TWO)
    assert entry.text == "governance.confirm 1 → 2"
    assert memory.govern(STRICTER, at("10:02")).fingerprint == TWO.fingerprint


def test_what_is_taken_back_before_it_counts_is_withdrawn(memory: Memory) -> None:
    looked(memory, at("12:03"), STRICTER)
    (entry,) = looked(memory, at("12:04"), TWO)
    assert entry.text == "withdrawn: condor.pcf.limit 3.2 → 2.5"
    assert memory.journal.unexplained() == ()
    looked(memory, at("12:05"), STRICTER)
    confirm(memory, "12:06", "ann")
    waiting = memory.govern(STRICTER, at("12:07")).waiting
    assert waiting is not None
    assert waiting.since == at("12:05")


def test_who_agreed_to_one_change_has_not_agreed_to_the_next(memory: Memory) -> None:
    looked(memory, at("12:03"), STRICTER)
    confirm(memory, "12:04", "ann")
    unwritten = memory.govern(LOOSER, at("12:05")).waiting
    assert unwritten is not None
    assert (unwritten.since, unwritten.confirmed_by) == (None, ())
    (entry,) = looked(memory, at("12:05"), LOOSER)
    assert entry.facts["change"] == {LIMIT: [3.2, 4.0]}
    assert memory.journal.unexplained() == (entry,)
    confirm(memory, "12:06", "bob")
    waiting = memory.govern(LOOSER, at("12:07")).waiting
    assert waiting is not None
    assert waiting.confirmed_by == ("bob",)


def test_what_was_agreed_counts_though_the_file_went_on(memory: Memory, path: Path) -> None:
    looked(memory, at("12:03"), STRICTER)
    for clock, by in (("12:04", "ann"), ("12:05", "bob")):
        confirm(memory, clock, by)
    memory.close()
    later = Memory(path)
    assert later.govern(LOOSER, at("12:06")).fingerprint == STRICTER.fingerprint
    counted, proposed = looked(later, at("12:06"), LOOSER)
    assert counted.text.startswith("counts now: condor.pcf.limit 3.2 → 2.5")
    assert proposed.text.startswith("proposed: condor.pcf.limit 2.5 → 4")


def test_a_market_judged_before_somebody_agreed_does_not_count_them(memory: Memory) -> None:
    looked(memory, at("12:03"), STRICTER)
    old = judged(memory, at("12:04"), STRICTER)
    for clock, by in (("12:04", "ann"), ("12:05", "bob")):
        confirm(memory, clock, by)
    assert memory.remember(old) == ()
    (entry,) = looked(memory, at("12:06"), STRICTER)
    assert entry.text.startswith("counts now")


def test_two_programs_write_each_step_once(memory: Memory, path: Path) -> None:
    other = Memory(path)
    looked(other, at("10:00:10"), TWO)
    looked(memory, at("12:03"), STRICTER)
    assert looked(other, at("12:03:10"), STRICTER) == ()
    confirm(other, "12:04", "ann")
    confirm(memory, "12:05", "bob")
    assert len(looked(other, at("12:06"), STRICTER)) == 1
    assert looked(memory, at("12:06:10"), STRICTER) == ()
    verified = memory.journal.verify()
    assert verified is not None
    assert verified.untouched


def test_a_reader_obeys_and_writes_nothing(memory: Memory, path: Path) -> None:
    looked(memory, at("12:03"), STRICTER)
    reader = Memory(path, read_only=True)
    assert reader.govern(STRICTER, at("12:04")).fingerprint == TWO.fingerprint
    assert reader.govern(TWO, at("12:04")) == TWO


def test_where_the_file_fails_the_last_known_rules_count(memory: Memory, path: Path) -> None:
    memory.govern(TWO, at("12:00"))
    memory.close()
    path.rename(path.with_suffix(".aside"))
    path.mkdir()
    assert memory.govern(STRICTER, at("12:01")).fingerprint == TWO.fingerprint
    assert not memory.state.fine
    assert Memory(path).govern(STRICTER, at("12:01")) == STRICTER, "nothing was ever known"


def test_one_person_changes_nothing(path: Path) -> None:
    memory = Memory(path)
    looked(memory, at("10:00"), RULES)
    changed = rules_with({LIMIT: 2.5}, RULES)
    assert memory.govern(changed, at("10:01")) is changed
    (entry,) = looked(memory, at("10:01"), changed)
    assert (entry.text, "step" in entry.facts) == ("condor.pcf.limit 3.2 → 2.5", False)


def test_a_change_is_told_in_the_words_of_the_file(path: Path) -> None:
    memory = Memory(path)
    looked(memory, at("10:00"), RULES)
    three = rules_with(
        {LIMIT: 2.5, "layers.closes_only": True, "sizing.exposure-share.exposure": "notional"}, RULES
    )
    (entry,) = looked(memory, at("10:01"), three)
    assert entry.text == (
        "condor.pcf.limit 3.2 → 2.5, layers.closes_only false → true, "
        "sizing.exposure-share.exposure max-loss → notional"
    )
    (entry,) = looked(memory, at("10:02"), rules_with({"evidence.horizons": (1.0, 5.0)}, RULES))
    assert entry.text.endswith(", and 1 more")
    (entry,) = looked(memory, at("10:03"), RULES)
    assert entry.text == "evidence.horizons [1, 5] → [1, 5, 10, 20]"
    pinned = make_rules("mine.toml", RULES.values, {"beta_down": 1.7})
    (entry,) = looked(memory, at("10:04"), pinned)
    assert entry.text == "link.beta_down not set → 1.7"


def test_a_pinned_value_that_is_to_go_is_known_to_be_gone(path: Path) -> None:
    memory = Memory(path)
    looked(memory, at("10:00"), make_rules("mine.toml", TWO.values, {"beta_down": 1.7}))
    looked(memory, at("10:01"), TWO)
    for clock, by in (("10:02", "ann"), ("10:03", "bob")):
        confirm(memory, clock, by)
    assert memory.govern(LOOSER, at("10:04")).fingerprint == TWO.fingerprint


def test_another_day_is_named(memory: Memory) -> None:
    looked(memory, at("12:03"), STRICTER)
    told = waiting_in_words(memory.govern(STRICTER, at()), at() + timedelta(days=3))
    assert told is not None
    assert told.startswith("rules changed 2026-11-20 12:03, waiting")
    assert waiting_in_words(TWO, at()) is None


@given(st.lists(st.text(alphabet="aAbB ß", max_size=3), max_size=8))
def test_names_are_people(names: list[str]) -> None:
    people = different_names(names)
    assert len({name.casefold() for name in people}) == len(people)
    assert all(name.strip() for name in people)
    assert {name.casefold() for name in people} == {
        " ".join(name.split()).casefold() for name in names if name.strip()
    }
