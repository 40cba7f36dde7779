"""Whatever is wrong with the file is a state; the program goes on, and remembers again once it is mended."""

import sqlite3
import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from alvh_tui.memory.place import memory_path
from alvh_tui.memory.schema import APPLICATION, MIGRATIONS, bring_up_to_date
from alvh_tui.memory.store import Store, StoreState
from tests.memory.worlds import at

NOW, SOON = at("11:00"), at("11:01")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "book.sqlite"


def keep(value: str, what: str = "word") -> Callable[[sqlite3.Connection], str]:
    def work(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (what, value))
        return value

    return work


def kept(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT body FROM kept WHERE what = 'word'").fetchone()
    return None if row is None else str(row[0])


def test_what_is_written_is_there_for_others(path: Path) -> None:
    assert Store(path).write(NOW, keep("a")) == "a"
    assert Store(path).read(kept) == "a"
    assert Store(path, read_only=True).read(kept) == "a"


def test_nothing_is_made_by_reading(path: Path) -> None:
    store = Store(path)
    assert store.read(kept) is None
    assert store.state.fine
    assert not path.parent.exists()


def test_it_is_its_owners_alone(path: Path) -> None:
    store = Store(path)
    store.write(NOW, keep("a"))
    files = list(path.parent.iterdir())
    assert len(files) > 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_all_of_the_work_or_nothing(path: Path) -> None:
    store = Store(path)
    store.write(NOW, keep("a"))

    def half(connection: sqlite3.Connection) -> str:
        keep("b")(connection)
        raise ValueError("a figure nobody can write")

    assert store.write(SOON, half) is None
    assert store.state.since == SOON
    assert Store(path).read(kept) == "a"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"this is no database, and longer than a header would be" * 40, "damaged, or no memory at all"),
        (b"SQLite format 3\x00" + b"\xff" * 4000, "damaged"),
    ],
)
def test_a_damaged_file_is_a_state_and_is_left_alone(path: Path, content: bytes, said: str) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    store = Store(path)
    assert store.write(NOW, keep("a")) is None
    assert said in store.state.reason
    assert str(path) in store.state.reason
    assert store.state.since == NOW
    assert store.write(SOON, keep("a")) is None
    assert store.state.since == NOW, "since when it has been failing, not when last tried"
    assert path.read_bytes() == content
    path.unlink()
    assert store.write(SOON, keep("b")) == "b"
    assert store.state == StoreState()


def test_a_page_damaged_later_is_a_state_too(path: Path) -> None:
    store = Store(path)
    store.write(
        NOW,
        lambda c: c.executemany(
            "INSERT INTO state VALUES (?, 1, 'x')", [(f"{n:05}" * 20,) for n in range(900)]
        ),
    )
    store.close()
    content = bytearray(path.read_bytes())
    content[8192:] = b"\x55" * (len(content) - 8192)
    path.write_bytes(content)
    assert store.read(lambda c: c.execute("SELECT count(state) FROM state").fetchall(), NOW) is None
    assert "damaged" in store.state.reason


def test_another_programs_file_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    store = Store(path)
    assert store.write(NOW, keep("a")) is None
    assert "is no memory of this program" in store.state.reason


def test_a_directory_that_cannot_be_made_is_a_state(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    store = Store(tmp_path / "data" / "book.sqlite")
    assert store.write(NOW, keep("a")) is None
    assert "cannot be written" in store.state.reason


def test_a_file_that_cannot_be_written_is_a_state(path: Path) -> None:
    Store(path).write(NOW, keep("a"))
    store = Store(path, read_only=True)
    assert store.write(NOW, keep("b")) is None
    assert store.state.reason == f"{path}: cannot be written"
    assert store.read(kept) == "a"


def test_a_full_disk_is_a_state_until_there_is_room(path: Path) -> None:
    store = Store(path)
    store.write(NOW, keep("a"))
    connection = store._opened()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages + 1}")
    assert store.write(NOW, keep("b" * 100_000)) is None
    assert "the disk is full" in store.state.reason
    assert store.read(kept) == "a", "what was there is there"
    assert store.write(SOON, keep("c")) == "c"
    assert store.state.fine


def test_a_disk_too_full_for_the_tables_is_told_as_such(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        bring_up_to_date(connection, path)
    connection.close()


def test_another_programs_long_write_is_a_state_and_passes(path: Path) -> None:
    store = Store(path, patience=0.01)
    store.write(NOW, keep("a"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert store.write(NOW, keep("b")) is None
    assert "locked by another program" in store.state.reason
    assert store.read(kept) == "a"
    other.execute("ROLLBACK")
    other.close()
    assert store.write(SOON, keep("b")) == "b"


def test_a_file_put_in_its_place_is_opened_anew(path: Path) -> None:
    store = Store(path)
    store.write(NOW, keep("a"))
    for file in path.parent.iterdir():
        file.unlink()
    assert store.write(NOW, keep("b", "other")) == "b"
    assert Store(path).read(lambda c: c.execute("SELECT what FROM kept").fetchall()) == [("other",)]


def test_writers_at_once_all_get_their_turn(path: Path) -> None:
    def write(name: str) -> None:
        store = Store(path, patience=10.0)
        for number in range(20):
            assert store.write(NOW, keep(str(number), f"{name}{number}")) is not None, store.state
        store.close()

    writers = [threading.Thread(target=write, args=(name,)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert Store(path).read(lambda c: c.execute("SELECT count(*) FROM kept").fetchone()) == (60,)


NEXT = (*MIGRATIONS, ("CREATE TABLE later (word TEXT)", "INSERT INTO later SELECT body FROM kept"))


def test_an_older_file_is_backed_up_and_brought_up_to_date(path: Path) -> None:
    Store(path).write(NOW, keep("a"))
    store = Store(path, migrations=NEXT)
    assert store.write(NOW, lambda c: c.execute("SELECT word FROM later").fetchone()) == ("a",)
    backup = path.with_name(f"{path.name}.v1.backup")
    assert Store(backup).read(kept) == "a"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    before = Store(path)
    assert before.write(SOON, keep("b")) is None
    assert "later alvh" in before.state.reason


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    Store(path).write(NOW, keep("a"))
    broken = (*MIGRATIONS, ("CREATE TABLE later (word TEXT)", "INSERT INTO nowhere VALUES (1)"))
    store = Store(path, migrations=broken)
    assert store.write(NOW, keep("b")) is None
    assert not store.state.fine
    assert Store(path).read(kept) == "a"
    assert Store(path).read(lambda c: c.execute("PRAGMA application_id").fetchone()) == (APPLICATION,)


def test_a_reader_says_what_an_older_file_needs(path: Path) -> None:
    Store(path).write(NOW, keep("a"))
    store = Store(path, read_only=True, migrations=NEXT)
    assert store.read(kept) is None
    assert "alvh watch brings it up to date" in store.state.reason


def test_books_of_one_name_have_their_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVH_DATA_DIR", str(tmp_path))
    one, other = (memory_path(tmp_path / folder / "My Book!.toml") for folder in ("a", "b"))
    assert one.parent == tmp_path
    assert one.name.startswith("my-book-")
    assert one != other
    assert one == memory_path(tmp_path / "a" / ".." / "a" / "My Book!.toml")
    played = memory_path(tmp_path / "a" / "My Book!.toml", "demo 0 crash")
    assert played.name.startswith("my-book.played-")


def test_a_later_failure_of_another_kind_keeps_its_beginning(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"x" * 4096)
    store = Store(path)
    store.write(NOW, keep("a"))
    path.unlink()
    path.mkdir()
    assert store.write(NOW + timedelta(hours=1), keep("a")) is None
    assert store.state.since == NOW
