"""What the engine behind the screen takes from the memory: the rules in force, and the report."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue

import pytest

from alvh_tui.alerts.remembering import Remembering
from alvh_tui.desk import WatchedDesk
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.memory.memory import Memory
from alvh_tui.monitor import ENDED
from alvh_tui.screens.live import NO_MEMORY, LiveEngine
from alvh_tui.screens.shown import Shown
from tests.screens.fakes import alert
from tests.screens.panels_worlds import SAMPLES, market_of

PATIENCE = 20.0


def ignored(_refused: str) -> None:
    """An answer nobody waits for."""


class Still:
    """A market and a clock that stand still."""

    name = "still"
    speed = 0.0

    def snapshot(self, _contracts: object, _at: datetime) -> MarketSnapshot:
        return market_of("calm")

    def now(self) -> datetime:
        return market_of("calm").time


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.toml"
    path.write_text((SAMPLES / "calm.toml").read_text().replace('rules = "zones"', 'rules = "mine.toml"'))
    rules(path, "3.1")
    return path


def rules(book: Path, limit: str) -> None:
    (book.parent / "mine.toml").write_text(f"[governance]\nconfirm = 2\n[condor.pcf]\nlimit = {limit}\n")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "memory.sqlite")


@pytest.fixture
def frames(book: Path, memory: Memory) -> Iterator[tuple[LiveEngine, "SimpleQueue[Shown]"]]:
    market, inbox = Still(), SimpleQueue[Shown]()
    engine = LiveEngine(WatchedDesk(book), market, market, Remembering(memory))
    engine.start(inbox.put)
    yield engine, inbox
    engine.stop()


def test_the_report_comes_with_the_frame(frames: tuple[LiveEngine, "SimpleQueue[Shown]"]) -> None:
    engine, inbox = frames
    report = inbox.get(timeout=PATIENCE).report
    assert report is not None
    assert report.book == "book.toml"
    assert report.coverage is not None
    assert report.cost is not None
    engine.refresh()
    assert inbox.get(timeout=PATIENCE).report is report, "nothing new, nothing drawn up again"
    engine.note("quiet", "book", ignored)
    later = inbox.get(timeout=PATIENCE).report
    assert later is not None
    assert later.words.notes == 1


def test_changed_rules_wait_on_the_screen_too(
    frames: tuple[LiveEngine, "SimpleQueue[Shown]"], book: Path, memory: Memory
) -> None:
    engine, inbox = frames
    assert inbox.get(timeout=PATIENCE).assessment is not None
    rules(book, "2.9")
    waiting = inbox.get(timeout=PATIENCE).assessment
    assert waiting is not None
    assert waiting.rules.number("condor.pcf.limit") == 3.1
    assert waiting.rules.waiting is not None
    proposal = memory.journal.find("rules")
    assert proposal is not None
    for by in ("ann", "bob"):
        memory.journal.acknowledge(engine.now(), proposal, "", by)
    engine.refresh()
    agreed = inbox.get(timeout=PATIENCE).assessment
    assert agreed is not None
    assert agreed.rules.number("condor.pcf.limit") == 2.9


def test_no_key_waits_for_a_memory_that_another_program_keeps_locked(
    frames: tuple[LiveEngine, "SimpleQueue[Shown]"], memory: Memory
) -> None:
    engine, inbox = frames
    inbox.get(timeout=PATIENCE)
    answers = SimpleQueue[str]()
    with closing(sqlite3.connect(memory.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        engine.note("quiet", "book", answers.put)
        assert answers.empty(), "it has waited, or given up"
        other.execute("ROLLBACK")
    assert answers.get(timeout=PATIENCE) == ""
    assert [entry.text for entry in memory.journal.entries() if entry.kind == "note"] == ["quiet"]


def test_what_was_asked_for_is_written_before_the_engine_ends(
    frames: tuple[LiveEngine, "SimpleQueue[Shown]"], memory: Memory
) -> None:
    engine, inbox = frames
    inbox.get(timeout=PATIENCE)
    answers = SimpleQueue[str]()
    engine.note("the last words", "book", answers.put)
    engine.stop()
    assert answers.get(timeout=PATIENCE) == ""
    assert memory.journal.entries()[-1].text == "the last words"


def test_without_a_memory_nothing_is_written_and_that_is_said(book: Path) -> None:
    market, inbox, answers = Still(), SimpleQueue[Shown](), SimpleQueue[str]()
    engine = LiveEngine(WatchedDesk(book), market, market, Remembering(None))
    engine.start(inbox.put)
    engine.note("quiet", "book", answers.put)
    engine.acknowledge(alert(), "", answers.put)
    assert answers.get(timeout=PATIENCE) == NO_MEMORY
    assert answers.get(timeout=PATIENCE) == f"silent, but not in the journal: {NO_MEMORY}"
    engine.stop()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_nobody_foresaw_is_told_and_figures_do_not_stand_still_in_silence(
    frames: tuple[LiveEngine, "SimpleQueue[Shown]"], memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, inbox = frames
    inbox.get(timeout=PATIENCE)

    def faulty(*_: object) -> None:
        raise TypeError("a mistake in the program")

    monkeypatch.setattr(memory, "remember_with", faulty)
    engine.refresh()
    last = inbox.get(timeout=PATIENCE)
    assert last.frame.error == ENDED
    assert last.frame.next_at is None
    assert last.assessment is not None, "the last figures stay"
