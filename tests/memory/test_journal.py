"""The chain of entries: what is written once, and what gives a change away."""

import sqlite3
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.memory.chain import Draft, Entry, Verified, canonical
from alvh_tui.memory.journal import Journal
from alvh_tui.memory.store import Store
from tests.memory.worlds import at

TEXTS = ("VIX 17.4: triggered", "call side rolled 7100 → 7050 for 0.85", "quiet", "σ — €")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite"


def draft(number: int, text: str = "quiet", about: str = "L1") -> Draft:
    moment = at("11:00") + timedelta(seconds=number)
    return Draft(moment, "layer", about, text, {"change": {"trigger": [None, text]}, "vix": 17.0 + number})


def written(path: Path, count: int = 6) -> Journal:
    journal = Journal(Store(path))
    for number in range(count):
        assert journal.append([draft(number, TEXTS[number % len(TEXTS)])])
    return journal


def test_entries_read_back_as_they_were_written(path: Path) -> None:
    entries = written(path).entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert [entry.text for entry in entries[:4]] == list(TEXTS)
    assert entries[0].at == at("11:00")
    assert entries[1].facts["vix"] == 18.0
    assert all(later.previous == entry.hash for entry, later in pairwise(entries))
    assert written(path, 0).verify() == Verified(6)
    assert [entry.seq for entry in written(path, 0).entries(after=4)] == [5, 6]


def test_an_empty_journal_is_untouched(path: Path) -> None:
    journal = Journal(Store(path))
    assert journal.entries() == ()
    assert journal.verify() == Verified(0)
    assert not path.exists()


def test_the_same_change_is_written_once(path: Path) -> None:
    one, other = Journal(Store(path)), Journal(Store(path))
    change = Draft(at(), "note", "book", "seen", {}, once="the same")
    assert one.append([change])
    assert other.append([change]) == ()
    assert len(one.entries()) == 1


def test_the_same_change_after_another_is_another(path: Path) -> None:
    journal = Journal(Store(path))
    for number, text in enumerate(("up", "down", "up")):
        assert journal.append([draft(number, text)])
    assert [entry.text for entry in journal.entries()] == ["up", "down", "up"]


def test_nothing_can_be_taken_back(path: Path) -> None:
    written(path)
    connection = sqlite3.connect(path)
    for statement in ("DELETE FROM journal WHERE seq = 6", "UPDATE journal SET body = '' WHERE seq = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def forged(path: Path, statement: str, *values: object) -> Verified | None:
    """As somebody would who takes the locks away first."""
    connection = sqlite3.connect(path, isolation_level=None)
    for trigger in ("journal_keeps", "journal_stands"):
        connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    connection.execute(statement, values)
    connection.close()
    return Journal(Store(path)).verify()


@pytest.mark.parametrize(
    ("statement", "broken", "why"),
    [
        ("UPDATE journal SET body = replace(body, '17', '16') WHERE seq = 3", 3, "not what was written"),
        ("UPDATE journal SET body = (SELECT body FROM journal WHERE seq = 2),"
         " hash = (SELECT hash FROM journal WHERE seq = 2) WHERE seq = 4", 4, "does not follow"),
        ("UPDATE journal SET about = 'L2' WHERE seq = 5", 5, "filed as something else"),
        ("DELETE FROM journal WHERE seq = 2", 2, "missing"),
        ("DELETE FROM journal WHERE seq = 6", 6, "once went on to entry 6"),
        ("UPDATE kept SET body = replace(body, '6', '5') WHERE what = 'journal'", 7, "once went on"),
    ],
)  # fmt: skip
def test_the_first_broken_entry_is_named(path: Path, statement: str, broken: int, why: str) -> None:
    written(path)
    found = forged(path, statement)
    assert found is not None
    assert not found.untouched
    assert found.broken == broken
    assert why in found.why


@settings(max_examples=120)
@given(st.data())
def test_any_flipped_bit_is_found(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("j") / "book.sqlite"
    entries = written(path, 4).entries()
    seq = data.draw(st.integers(1, 4))
    column = data.draw(st.sampled_from(("body", "hash", "kind", "about", "key")))
    connection = sqlite3.connect(path)
    (text,) = connection.execute(
        f"SELECT CAST({column} AS BLOB) FROM journal WHERE seq = ?", (seq,)
    ).fetchone()
    connection.close()
    place = data.draw(st.integers(0, len(text) - 1))
    flipped = bytearray(text)
    flipped[place] ^= 1 << data.draw(st.integers(0, 7))
    found = forged(path, f"UPDATE journal SET {column} = CAST(? AS TEXT) WHERE seq = ?", bytes(flipped), seq)
    assert found is not None
    assert found.broken == seq
    assert len(entries) == 4


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["up", "down"])), min_size=1, max_size=20))
def test_two_writers_interleaved_keep_one_chain(
    tmp_path_factory: pytest.TempPathFactory, turns: list[tuple[int, str]]
) -> None:
    path = tmp_path_factory.mktemp("j") / "book.sqlite"
    writers = [Journal(Store(path)), Journal(Store(path))]
    for number, (writer, text) in enumerate(turns):
        assert writers[writer].append([draft(number, text)])
    for journal in writers:
        assert journal.verify() == Verified(len(turns))
        assert [entry.text for entry in journal.entries()] == [text for _, text in turns]


def test_notes_and_acknowledgements_are_entries_too(path: Path) -> None:
    journal = written(path)
    entry = journal.find("L1")
    assert entry is not None
    assert entry.seq == 6
    found = journal.find("3")
    assert found is not None
    assert found.seq == 3
    assert journal.find("L9") is None
    seen = journal.acknowledge(at("12:00"), entry, "waiting for the close", by="ann")
    assert isinstance(seen, Entry)
    assert (seen.kind, seen.about, seen.facts["of"], seen.facts["by"]) == ("ack", "L1", 6, "ann")
    assert seen.text.startswith("waiting for the close (L1: ")
    note = journal.note(at("12:01"), "FOMC tomorrow")
    assert note is not None
    assert (note.kind, note.text) == ("note", "FOMC tomorrow")
    assert journal.note(at("12:01"), "FOMC tomorrow") is None, "said once"
    assert journal.find("book") is None, "a note is not acknowledged"
    assert journal.verify() == Verified(8)


def test_changed_rules_ask_for_a_reason_until_one_is_given(path: Path) -> None:
    journal = Journal(Store(path))
    change = Draft(
        at(), "rules", "rules", "condor.pcf.limit 3.2 → 3.5", {"asks": "reason", "change": {"a": [1, 2]}}
    )
    (entry,) = journal.append([change]) or ()
    assert journal.unexplained() == (entry,)
    journal.acknowledge(at("12:00"), entry)
    assert journal.unexplained() == (entry,)
    journal.acknowledge(at("12:01"), entry, "the bid is weaker")
    assert journal.unexplained() == ()


def test_one_text_for_one_value() -> None:
    assert canonical({"b": (1, 2.5), "a": {"é": float("nan")}}) == '{"a":{"é":null},"b":[1,2.5]}'
