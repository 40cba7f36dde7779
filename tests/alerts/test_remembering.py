"""Two programs on one book tell a thing once, share what was acknowledged, and go on without a memory."""

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.kept_state import WHAT, read_state
from alvh_tui.alerts.remembering import Remembering
from alvh_tui.assess import Assessment
from alvh_tui.market.types import SourceState
from alvh_tui.memory import kept
from alvh_tui.memory.memory import Memory
from alvh_tui.memory.store import Store, Work
from alvh_tui.monitor import Frame
from alvh_tui.settings import AlertSettings
from tests.alerts.frames import frame, looked
from tests.memory.worlds import TENSE, at

L1 = ("layer.triggered", "L1")
KEY = "layer.triggered|L1|0"
ONLY_LAYERS = AlertSettings(cooldown=0.0, rules={"*": "never", "layer.*": "soon", "data.*": "know"})


def told(alerts: tuple[Alert, ...]) -> list[tuple[str, str]]:
    return [(alert.rule, alert.about) for alert in alerts]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite"


def program(path: Path | None) -> Remembering:
    return Remembering(None if path is None else Memory(path), ONLY_LAYERS)


def tense(clock: str) -> Frame:
    return looked(at(clock), vix=TENSE)


def test_a_layer_that_triggers_is_told_with_its_entry(path: Path) -> None:
    watcher = program(path)
    assert watcher.of(looked(at("10:00"))).alerts == ()
    found = watcher.of(looked(at("10:01"), vix=TENSE))
    assert told(found.alerts) == [L1]
    assert [(entry.kind, entry.about) for entry in found.entries] == [("layer", "L1")]
    assert found.changes == ()
    assert watcher.of(looked(at("10:02"), vix=TENSE)).alerts == ()


def test_two_programs_tell_it_once(path: Path) -> None:
    watcher, screen = program(path), program(path)
    for one in (watcher, screen):
        assert one.of(looked(at("10:00"))).alerts == ()
    assert told(watcher.of(looked(at("10:01"), vix=TENSE)).alerts) == [L1]
    assert screen.of(looked(at("10:01"), vix=TENSE)).alerts == ()
    assert [one.alert.key for one in screen.standing(at("10:01"))] == [KEY]


def test_a_program_that_is_started_again_does_not_tell_it_again(path: Path) -> None:
    first = program(path)
    first.of(looked(at("10:01"), vix=TENSE))
    first.close()
    assert program(path).of(looked(at("15:00"), vix=TENSE)).alerts == ()


def test_a_program_with_an_older_market_has_no_news(path: Path) -> None:
    watcher, screen = program(path), program(path)
    assert told(watcher.of(looked(at("10:10"), vix=TENSE)).alerts) == [L1]
    for clock in ("10:00", "10:05"):
        assert screen.of(looked(at(clock))).alerts == ()
    assert watcher.of(looked(at("10:11"), vix=TENSE)).alerts == ()


def test_an_acknowledgement_is_shared_and_written_down(path: Path) -> None:
    watcher, screen = program(path), program(path)
    watcher.of(looked(at("10:01"), vix=TENSE))
    screen.of(looked(at("10:01"), vix=TENSE))
    entry = screen.acknowledge(KEY, at("10:02"), "after the auction", by="ann")
    assert entry is not None
    assert (entry.kind, entry.about, entry.facts["alert"]) == ("ack", "L1", KEY)
    assert entry.text.startswith("after the auction (L1 triggered: L1.zone 18.00 (17)")
    assert entry.facts["after"]["vix"] == TENSE
    watcher.of(looked(at("10:03"), vix=TENSE))
    assert [one.silence for one in watcher.standing(at("10:03"))] == ["seen"]
    assert screen.memory is not None
    verified = screen.memory.journal.verify()
    assert verified is not None
    assert verified.untouched


def test_snoozing_and_muting_are_shared(path: Path) -> None:
    watcher, screen = program(path), program(path)
    watcher.of(looked(at("10:01"), vix=TENSE))
    screen.of(looked(at("10:01"), vix=TENSE))
    screen.snooze(KEY, at("10:02"), 10)
    assert watcher.of(looked(at("10:05"), vix=TENSE)).alerts == ()
    screen.mute("L1", at("10:06"))
    assert watcher.of(looked(at("10:13"), vix=TENSE)).alerts == ()
    assert watcher.mutes == ("L1",)
    watcher.unmute("L1", at("10:14"))
    assert told(watcher.of(looked(at("10:20"), vix=TENSE)).alerts) == [L1]


def test_it_goes_on_without_a_memory() -> None:
    alone = program(None)
    assert told(alone.of(looked(at("10:01"), vix=TENSE)).alerts) == [L1]
    assert alone.of(looked(at("10:02"), vix=TENSE)).alerts == ()
    assert alone.acknowledge(KEY, at("10:03")) is None
    assert [one.silence for one in alone.standing(at("10:03"))] == ["seen"]
    alone.close()


def test_while_the_memory_fails_it_decides_alone_and_the_memory_learns_it_later(path: Path) -> None:
    watcher = program(path)
    watcher.of(looked(at("10:00")))
    watcher.close()
    whole = path.read_bytes()
    path.write_bytes(b"no database at all" * 500)
    failed = watcher.of(looked(at("10:01"), vix=TENSE))
    assert [change.after for change in failed.changes] == ["failed"]
    assert told(failed.alerts) == [L1]
    path.write_bytes(whole)
    again = watcher.of(looked(at("10:02"), vix=TENSE))
    assert [change.after for change in again.changes] == ["fine"]
    assert again.alerts == ()
    assert program(path).of(looked(at("10:03"), vix=TENSE)).alerts == ()


def test_while_another_program_holds_the_memory_nothing_is_told_twice(path: Path) -> None:
    watcher, screen = program(path), program(path)
    for one in (watcher, screen):
        assert one.memory is not None
        one.memory.store = Store(path, patience=0.02)
        one.of(looked(at("10:00")))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert screen.of(looked(at("10:01"), vix=TENSE)).alerts == ()
    screen.mute("L3", at("10:01"))
    assert screen.mutes == ("L3",)
    other.execute("ROLLBACK")
    assert told(watcher.of(looked(at("10:01"), vix=TENSE)).alerts) == [L1]
    assert screen.of(looked(at("10:02"), vix=TENSE)).alerts == ()
    watcher.of(looked(at("10:03"), vix=TENSE))
    assert watcher.mutes == screen.mutes == ("L3",)


def test_a_memory_that_stays_locked_is_not_waited_for(path: Path) -> None:
    watcher = program(path)
    assert watcher.memory is not None
    watcher.memory.store = Store(path, patience=0.02)
    watcher.of(looked(at("10:00")))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    found = [
        alert for clock in ("10:01", "10:02", "10:03", "10:04") for alert in watcher.of(tense(clock)).alerts
    ]
    other.close()
    assert [(alert.rule, alert.at) for alert in found] == [("layer.triggered", at("10:03"))]
    assert watcher.of(tense("10:05")).alerts == ()
    assert program(path).of(tense("10:06")).alerts == ()


def test_what_was_made_up_for_is_not_done_again(path: Path) -> None:
    watcher, screen = program(path), program(path)
    assert screen.memory is not None
    screen.memory.store = Store(path, patience=0.02)
    watcher.of(looked(at("10:00")))
    screen.of(looked(at("10:00")))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    screen.mute("L3", at("10:01"))
    other.close()
    screen.of(looked(at("10:02")))
    watcher.unmute("L3", at("10:03"))
    screen.of(looked(at("10:04")))
    assert screen.mutes == ()


def test_a_look_without_news_is_not_written(path: Path) -> None:
    watcher = program(path)
    assert watcher.memory is not None
    watcher.of(tense("10:00"))
    watcher.of(tense("10:05"))
    found = watcher.memory.store.read(read_state)
    assert found is not None
    assert found[1] == at("10:00")


def test_a_market_played_from_the_beginning_is_another_story(path: Path) -> None:
    first = program(path)
    assert told(first.of(tense("10:30")).alerts) == [L1]
    first.close()
    again = Remembering(Memory(path), ONLY_LAYERS, played=True)
    assert told(again.of(tense("10:00")).alerts) == [L1]
    assert told(again.of(tense("10:30")).alerts) == []
    assert again.of(tense("10:00")).alerts == ()
    again.close()
    assert Remembering(Memory(path), ONLY_LAYERS, played=True).of(tense("10:31")).alerts == ()


def test_a_program_that_begins_reads_what_stands(path: Path) -> None:
    program(path).of(tense("10:00"))
    screen = program(path)
    assert screen.standing(at("10:01")) == ()
    screen.read(at("10:01"))
    assert [one.alert.key for one in screen.standing(at("10:01"))] == [KEY]


def test_stale_data_is_told_once_by_all(path: Path) -> None:
    watcher, screen = program(path), program(path)
    for one in (watcher, screen):
        one.of(looked(at("10:00")))
    stale = (("feed.quotes", SourceState.STALE), ("feed.chains", SourceState.FRESH))
    found: list[Alert] = []
    for minute in range(30):
        for one in (watcher, screen):
            found += one.of(looked(at(f"10:{minute + 1:02}"), vix=TENSE, sources=stale)).alerts
    assert told(tuple(found)) == [("data.stale", "data")]
    assert found[0].title == "no sound data for 10 minutes"


def test_no_market_at_all_is_told_too(path: Path) -> None:
    watcher = program(path)
    found = [alert for clock in ("11:00", "11:09", "11:10") for alert in watcher.of(frame(at(clock))).alerts]
    assert [(alert.rule, alert.at) for alert in found] == [("data.stale", at("11:10"))]


def test_a_frame_waits_for_the_disk_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory(path)
    watcher = Remembering(memory, ONLY_LAYERS)
    watcher.of(looked(at("10:00")))
    written: list[object] = []
    write = memory.store.write

    def counted(moment: datetime, work: Work[object]) -> object:
        written.append(work)
        return write(moment, work)

    monkeypatch.setattr(memory.store, "write", counted)
    found = watcher.of(looked(at("10:01"), vix=TENSE))
    assert told(found.alerts) == [L1]
    assert len(found.entries) == 1
    assert len(written) == 1


def test_alerts_that_cannot_be_read_keep_nothing_else_from_being_remembered(path: Path) -> None:
    memory = Memory(path)
    watcher = Remembering(memory, ONLY_LAYERS)
    watcher.of(looked(at("10:00")))
    memory.store.write(at("10:00"), lambda connection: kept.write(connection, WHAT, {"at": "nonsense"}))
    found = watcher.of(looked(at("10:01"), vix=TENSE))
    assert told(found.alerts) == [L1]
    assert [(entry.kind, entry.about) for entry in found.entries] == [("layer", "L1")]
    assert Memory(path).journal.entries()[-1] == found.entries[0]


def test_what_cannot_be_decided_is_not_remembered_by_half(path: Path) -> None:
    memory = Memory(path)
    memory.remember(assessed(looked(at("10:00"))))
    before = memory.journal.entries()

    def fail(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("killed here")

    assert memory.remember_with(assessed(looked(at("10:01"), vix=TENSE)), fail) is None
    assert memory.journal.entries() == before
    written = memory.remember(assessed(looked(at("10:01"), vix=TENSE)))
    assert [(entry.kind, entry.about) for entry in written] == [("layer", "L1")]


def assessed(seen: Frame) -> Assessment:
    assert seen.assessment is not None
    return seen.assessment
