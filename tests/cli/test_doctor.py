"""alvh doctor: every check, and what it says where something is amiss."""

import json
import os
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from alvh_tui.cli import checkup, checkup_feed
from alvh_tui.cli.checkup import Health
from alvh_tui.cli.main import main
from alvh_tui.directories import Directory
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot, Source, SourceState
from alvh_tui.market.yahoo.faults import Fault, Trouble
from alvh_tui.market.yahoo.store import FILE, Store
from tests.cli.test_commands import CALM, CALM_MARKET

Capture = pytest.CaptureFixture[str]
NOW = datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
AT = "2026-11-20T11:00:00-05:00"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for directory in Directory:
        monkeypatch.setenv(directory.variable, str(tmp_path / directory))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("COLORTERM", raising=False)
    written = NOW.timestamp() - 3600.0
    monkeypatch.setattr(checkup, "_installed", lambda: written)


def doctor(capsys: Capture, *words: str | Path) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit status, and the checks by their names."""
    status = main(["doctor", "--json", "--at", AT, *map(str, words)])
    found: dict[str, list[dict[str, Any]]] = {}
    for check in json.loads(capsys.readouterr().out):
        found.setdefault(check["name"], []).append(check)
    return status, found


def test_a_healthy_machine(tmp_path: Path, capsys: Capture) -> None:
    assert main(["doctor", str(CALM), "--at", AT]) == 0
    caught = capsys.readouterr()
    lines = caught.out.splitlines()
    assert caught.err == ""
    assert {line.split()[0] for line in lines if " memory " not in line} == {"OK"}
    for said in (
        "09:30 to 16:15 in New York; now open",
        "SPX Fri 2026-12-18, VIX Wed 2026-12-16",
        "11:00 in New York (UTC−05:00)",
        f"{tmp_path / 'cache'} (by ALVH_CACHE_DIR), made when needed",
        "none yet on this machine",
        str(CALM),
    ):
        assert any(said in line for line in lines), said


def test_it_writes_nothing(tmp_path: Path, capsys: Capture) -> None:
    assert main(["doctor", str(CALM), "--at", AT]) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_first_refresh_is_said_without_asking(capsys: Capture) -> None:
    _, bare = doctor(capsys)
    _, held = doctor(capsys, CALM)
    assert "without a book" in bare["feed: asks for"][0]["found"]
    said = held["feed: asks for"][0]["found"]
    assert "for the books given" in said
    assert "5 chains" in said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-26T12:00", "closed today (Thanksgiving"),
        ("2026-11-28T12:00", "closed today (Saturday); the next is Mon 2026-11-30"),
        ("2026-11-27T12:00", "09:30 to 13:15 in New York (early close); now open"),
        ("2026-11-20T08:00", "now pre"),
    ],
)
def test_the_session_of_the_day(at: str, said: str, capsys: Capture) -> None:
    assert main(["doctor", "--at", at]) == 0
    assert said in capsys.readouterr().out


def test_a_book_with_errors_fails_and_one_with_warnings_does_not(tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "book.toml"
    broken.write_text(CALM.read_text().replace("credit = 12.00", "crdit = 12.00"))
    status, found = doctor(capsys, broken, CALM)
    assert status == 1
    first, second = found["book"]
    assert (first["health"], second["health"]) == ("FAIL", "OK")
    assert "2 errors, the first in line 17: condor[1].credit is missing" in first["found"]
    assert first["remedy"] == f"alvh check {broken}"
    assert main(["doctor", str(CALM), "--at", "2028-11-20T11:00"]) == 0
    assert f"WARN  book               {CALM}: " in capsys.readouterr().out


def memory_of(capsys: Capture, *words: str | Path) -> dict[str, Any]:
    _, found = doctor(capsys, *words)
    (check,) = found["memory"]
    return dict(check)


def test_of_a_book_never_watched_nothing_is_recorded(tmp_path: Path, capsys: Capture) -> None:
    check = memory_of(capsys, CALM)
    assert (check["health"], check["remedy"]) == ("WARN", f"alvh watch {CALM}")
    assert not (tmp_path / "data").exists()
    assert "memory" not in doctor(capsys)[1]


@pytest.fixture
def remembered(tmp_path: Path, capsys: Capture) -> Path:
    """The file of a book that was watched in the market it is looked at in."""
    assert main(["watch", str(CALM), "--once", "--market", str(CALM_MARKET)]) == 0
    capsys.readouterr()
    (path,) = (tmp_path / "data").glob("*.sqlite")
    return path


def test_a_sound_memory_says_how_large_and_how_new_it_is(remembered: Path, capsys: Capture) -> None:
    before = remembered.read_bytes()
    check = memory_of(capsys, CALM, "--market", CALM_MARKET)
    assert check["health"] == "OK"
    assert check["found"].startswith(f"{remembered}, version 1, 0.")
    assert check["found"].endswith(" entries as they were written, the last 2026-11-20 15:30")
    assert remembered.read_bytes() == before


def test_a_journal_that_was_rewritten_fails(remembered: Path, capsys: Capture) -> None:
    connection = sqlite3.connect(remembered)
    connection.execute("DROP TRIGGER journal_stands")
    connection.execute("UPDATE journal SET body = replace(body, 'SPXW', 'SPX') WHERE seq = 1")
    connection.commit()
    connection.close()
    check = memory_of(capsys, CALM, "--market", CALM_MARKET)
    assert check["health"] == "FAIL"
    assert "entry 1 of the journal: it is not what was written" in check["found"]


def test_a_memory_without_an_entry_is_warned_of(remembered: Path, capsys: Capture) -> None:
    connection = sqlite3.connect(remembered)
    connection.execute("DROP TRIGGER journal_keeps")
    connection.execute("DELETE FROM journal")
    connection.execute("DELETE FROM kept WHERE what = 'journal'")
    connection.commit()
    connection.close()
    check = memory_of(capsys, CALM, "--market", CALM_MARKET)
    assert (check["health"], check["found"].rpartition(": ")[2]) == ("WARN", "no entry yet")


def test_a_damaged_memory_fails(remembered: Path, capsys: Capture) -> None:
    whole = bytearray(remembered.read_bytes())
    for part in remembered.parent.glob(f"{remembered.name}-*"):
        part.unlink()
    remembered.write_bytes(b"no database" * 100)
    assert memory_of(capsys, CALM, "--market", CALM_MARKET)["health"] == "FAIL"
    whole[4096 * 3 : 4096 * 4] = bytes(4096)
    remembered.write_bytes(bytes(whole))
    assert memory_of(capsys, CALM, "--market", CALM_MARKET)["health"] == "FAIL"


def test_a_directory_that_cannot_be_used_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALVH_CACHE_DIR", str(tmp_path / "file"))
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path / "file" / "state"))
    status, found = doctor(capsys)
    assert status == 1
    assert found["cache directory"][0]["health"] == "FAIL"
    assert "ALVH_CACHE_DIR" in found["cache directory"][0]["remedy"]
    assert found["state directory"][0]["health"] == "FAIL"


@pytest.mark.skipif(os.name != "posix", reason="no such modes elsewhere")
def test_a_directory_open_to_others_is_warned_of(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    status, found = doctor(capsys)
    assert status == 0
    assert found["data directory"][0]["remedy"] == f"chmod 700 {tmp_path / 'data'}"


def test_without_time_zones_nothing_else_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def missing(_: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError

    monkeypatch.setattr(checkup, "ZoneInfo", missing)
    status, found = doctor(capsys, CALM)
    assert status == 1
    assert "tzdata" in found["time zones"][0]["remedy"]
    assert "session" not in found


def test_a_clock_before_the_program_was_installed_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(checkup, "_installed", lambda: NOW.timestamp() + 3 * 86400.0)
    status, found = doctor(capsys)
    assert status == 1
    assert found["clock"][0]["health"] == "FAIL"


@pytest.mark.parametrize(
    ("environment", "health", "said"),
    [
        ({"COLORTERM": "truecolor"}, "OK", "16 million"),
        ({"NO_COLOR": "1"}, "OK", "none, as NO_COLOR asks"),
        ({"TERM": "xterm"}, "WARN", "16 (TERM=xterm)"),
        ({"TERM": "dumb"}, "WARN", "none (TERM is dumb)"),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="consoles there have no TERM")
def test_colours(
    environment: dict[str, str], health: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    _, found = doctor(capsys)
    assert found["terminal colours"][0]["health"] == health
    assert found["terminal colours"][0]["found"] == said


class Terminal:
    encoding = "ascii"

    def isatty(self) -> bool:
        return True


def test_a_small_ascii_terminal_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Terminal())
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("LINES", "20")
    size, _, encoding = checkup.of_the_terminal()
    assert (size.health, size.found) == (Health.WARN, "60 × 20")
    assert encoding.health is Health.WARN
    assert "UTF-8" in encoding.remedy
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("LINES", "40")
    assert next(iter(checkup.of_the_terminal())).health is Health.OK


def feed_checks(now: datetime = NOW) -> dict[str, checkup.Check]:
    return {check.name: check for check in checkup_feed.of_the_feed((), now)}


@pytest.fixture
def store() -> Store:
    return Store(Directory.CACHE.path)


def test_how_long_ago_the_last_good_answer_was(store: Store) -> None:
    store.keep({"quotes": {}}, NOW.timestamp() - 900.0)
    store.note_sent(NOW.timestamp() - 900.0)
    store.close()
    last = feed_checks()["feed: last answer"]
    assert (last.health, last.found) == (Health.OK, "15 min ago; 1 kept, 1 requests in a day")


def test_an_answer_of_last_week_is_warned_of(store: Store) -> None:
    store.keep({"quotes": {}}, NOW.timestamp() - 7 * 86400.0)
    store.close()
    assert feed_checks()["feed: last answer"].health is Health.WARN


def test_a_store_without_an_answer_is_warned_of(store: Store) -> None:
    store.close()
    assert feed_checks()["feed: last answer"].found == "none good yet; 0 requests in a day"


def test_a_trouble_says_since_when_and_when_it_is_asked_again(store: Store) -> None:
    trouble = Trouble(
        Fault.LIMITED, "Yahoo limits requests", NOW.timestamp() - 120.0, NOW.timestamp() + 240.0
    )
    store.set_trouble("whole", trouble)
    store.close()
    check = feed_checks()["feed: trouble"]
    assert check.found == "whole: Yahoo limits requests, for 2 min"
    assert check.remedy == "it is asked again at 11:04 New York time"
    assert check.health is Health.WARN


def test_a_damaged_store_is_no_crash(store: Store) -> None:
    store.close()
    (Directory.CACHE.path / FILE).write_bytes(b"no database" * 100)
    assert feed_checks()["feed: last answer"].health is Health.WARN


@pytest.mark.parametrize(
    ("sources", "health"),
    [
        ([Source("yahoo.quotes", SourceState.DELAYED, NOW, NOW)], "OK"),
        ([Source("yahoo.quotes", SourceState.FAILED, NOW, NOW, "HTTP 429")], "WARN"),
        (None, "FAIL"),
    ],
)
def test_online_asks_once(
    sources: list[Source] | None, health: str, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def answer(*_: object) -> tuple[MarketSnapshot, datetime]:
        if sources is None:
            raise FeedUnavailableError("the network is down")
        return MarketSnapshot(NOW, sources=tuple(sources)), NOW

    monkeypatch.setattr("alvh_tui.cli.feeds.market_asked_for", answer)
    status, found = doctor(capsys, "--online")
    assert found["feed: online"][0]["health"] == health
    assert status == (1 if health == "FAIL" else 0)
