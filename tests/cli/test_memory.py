"""What alvh watch remembers, and how journal, history and snapshot tell it."""

import csv
import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.cli.main import main
from tests.cli.test_commands import CALM, CALM_MARKET, Capture

FRIDAY, MONDAY = "2026-11-20T15:00:00-05:00", "2026-11-23T11:00:00-05:00"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ALVH_{name}_DIR", str(tmp_path / name.lower()))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.toml"
    path.write_text(CALM.read_text())
    return path


@pytest.fixture
def watched(book: Path, capsys: Capture) -> Path:
    assert alvh("watch", book, "--once", "--market", CALM_MARKET) == 0
    capsys.readouterr()
    return book


def alvh(*words: str | Path) -> int:
    return main([*map(str, words)])


def told(capsys: Capture, *words: str | Path) -> Any:
    assert alvh(*words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def memories(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "data").glob("*.sqlite"))


def test_the_journal_tells_what_is_held_and_how_the_layers_stand(watched: Path, capsys: Capture) -> None:
    assert alvh("journal", watched, "--market", CALM_MARKET) == 0
    caught = capsys.readouterr()
    lines = caught.out.splitlines()
    assert caught.err == ""
    assert lines[0].startswith("1  2026-11-20 15:30:00  position  first ")
    assert "opened: -4 SPXW" in lines[0]
    assert [line.split()[4] for line in lines if " layer " in line] == ["L1", "L2", "L3", "SE"]


def test_the_journal_as_json_and_csv(watched: Path, capsys: Capture) -> None:
    entries = told(capsys, "journal", watched, "--market", CALM_MARKET)["entries"]
    first = entries[0]
    assert (first["seq"], first["kind"], first["about"]) == (1, "position", "first")
    assert first["market"]["spot"] > 6000
    assert first["after"]["positions"]["first"]["breakevens"]["expiry"][0] < first["market"]["spot"]
    assert entries[1]["previous"] == first["hash"]
    assert alvh("journal", watched, "--market", CALM_MARKET, "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["hash"] for row in rows] == [entry["hash"] for entry in entries]
    assert float(rows[0]["spot"]) == first["market"]["spot"]


def test_the_journal_is_filtered(watched: Path, capsys: Capture) -> None:
    def numbers(*words: str) -> list[int]:
        found = told(capsys, "journal", watched, "--market", CALM_MARKET, *words)["entries"]
        return [entry["seq"] for entry in found]

    every = numbers()
    assert numbers("--about", "L1") == numbers("--kind", "layer")[:1]
    assert numbers("--from", "2026-11-20", "--to", "2026-11-20") == every
    assert numbers("--to", "2026-11-19") == []


def test_notes_and_acknowledgements_are_written(watched: Path, capsys: Capture) -> None:
    words = ("journal", watched, "--market", CALM_MARKET)
    assert alvh(*words, "--note", "FOMC tomorrow", "--at", "2026-11-20T16:00") == 0
    assert "note  book  FOMC tomorrow" in capsys.readouterr().out
    assert alvh(*words, "--ack", "L1", "--note", "waiting", "--by", "ann") == 0
    assert "waiting (L1: " in capsys.readouterr().out
    assert alvh(*words, "--ack", "L7") == 1
    assert "no entry 'L7'" in capsys.readouterr().err
    assert alvh(*words, "--note", "a\x1b[2J") == 1
    assert "holds a terminal escape" in capsys.readouterr().err
    ack = told(capsys, *words, "--kind", "ack")["entries"][0]
    assert (ack["about"], ack["words"], ack["by"]) == ("L1", "waiting", "ann")


def test_a_journal_that_was_rewritten_is_found_out(watched: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ("journal", watched, "--market", CALM_MARKET, "--verify")
    assert alvh(*words) == 0
    assert capsys.readouterr().out.endswith("entries, as they were written\n")
    connection = sqlite3.connect(memories(tmp_path)[0])
    connection.execute("DROP TRIGGER journal_stands")
    connection.execute("UPDATE journal SET body = replace(body, 'SPXW', 'SPX') WHERE seq = 1")
    connection.commit()
    connection.close()
    assert alvh(*words) == 1
    assert capsys.readouterr().out == "entry 1: it is not what was written\n"
    assert alvh(*words, "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["untouched"], found["broken"]) == (False, 1)


def test_changed_rules_are_asked_about(book: Path, tmp_path: Path, capsys: Capture) -> None:
    rules = tmp_path / "mine.toml"
    book.write_text(book.read_text().replace('rules = "zones"', 'rules = "mine.toml"'))
    for limit in ("3.1", "2.9"):
        rules.write_text(f"[condor.pcf]\nlimit = {limit}\n")
        assert alvh("watch", book, "--once", "--market", CALM_MARKET) == 0
    capsys.readouterr()
    words = ("journal", book, "--market", CALM_MARKET)
    assert alvh(*words, "--kind", "rules") == 0
    caught = capsys.readouterr()
    assert caught.out.endswith("rules  rules  condor.pcf.limit 3.1 → 2.9\n")
    assert "nobody has said why" in caught.err
    assert alvh(*words, "--ack", "rules", "--note", "the decay is slow") == 0
    capsys.readouterr()
    assert alvh(*words) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ["journal", "history"])
def test_of_a_book_never_watched_there_is_nothing(
    command: str, book: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert alvh(command, book) == 0
    caught = capsys.readouterr()
    assert caught.out == ""
    assert f"alvh watch {book} records it" in caught.err
    assert memories(tmp_path) == []
    assert alvh("journal", book, "--verify") == 0
    assert alvh(command, book, "--csv", "--json") == 2


def test_nothing_is_remembered_where_nothing_is_to_be(book: Path, tmp_path: Path, capsys: Capture) -> None:
    assert alvh("watch", book, "--once", "--no-memory", "--market", CALM_MARKET) == 0
    assert alvh("snapshot", book, "--market", CALM_MARKET) == 0
    assert memories(tmp_path) == []


def test_a_played_market_has_a_memory_of_its_own(watched: Path, tmp_path: Path, capsys: Capture) -> None:
    assert [path.name.partition("-")[0] for path in memories(tmp_path)] == ["book.played"]
    assert alvh("journal", watched) == 0
    assert "nothing is recorded" in capsys.readouterr().err


def test_the_history_as_closes_points_and_names(watched: Path, capsys: Capture) -> None:
    words = ("history", watched, "--market", CALM_MARKET)
    assert alvh(*words) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["date", "close", "spx", "vix"]
    assert line.split()[0] == "2026-11-20"
    (row,) = told(capsys, *words)["rows"]
    assert row["close"] == "last seen"
    points = told(capsys, *words, "--series", "condor.first.expiry.*")["rows"]
    assert [point["series"] for point in points] == ["condor.first.expiry.high", "condor.first.expiry.low"]
    assert points[0]["time"] == "2026-11-20T15:30:00-05:00"
    (close,) = told(capsys, *words, "--series", "book.pnl", "--closes")["rows"]
    assert set(close) == {"date", "close", "book.pnl"}
    assert "signal.vix.rsi" in {row["name"] for row in told(capsys, *words, "--names")["rows"]}
    assert told(capsys, *words, "--series", "book.pnl", "--to", "2026-11-19")["rows"] == []
    assert alvh(*words, "--series", "book.pnl", "--csv") == 0
    assert capsys.readouterr().out.startswith("time,series,value\n2026-11-20T15:30:00-05:00,book.pnl,")
    assert alvh(*words, "--series", "nothing") == 1
    assert "--names lists them" in capsys.readouterr().err


def test_a_damaged_memory_is_said_and_watching_goes_on(
    watched: Path, tmp_path: Path, capsys: Capture
) -> None:
    (memory,) = memories(tmp_path)
    for part in memory.parent.glob(f"{memory.name}*"):
        part.unlink()
    memory.write_bytes(b"no database" * 1000)
    assert alvh("watch", watched, "--once", "--market", CALM_MARKET, "--json") == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["kind"] == "memory"]
    assert (line["from"], line["to"]) == ("fine", "failed")
    assert "damaged" in line["text"]
    for words in (("journal", watched), ("journal", watched, "--verify"), ("history", watched)):
        assert alvh(*words, "--market", CALM_MARKET) == 1
        caught = capsys.readouterr()
        assert "damaged" in caught.err
        assert caught.out == ""
    assert alvh("snapshot", watched, "--market", CALM_MARKET, "--json") == 0
    caught = capsys.readouterr()
    assert "damaged" in caught.err
    assert json.loads(caught.out)["totals"]["complete"] is True
    assert memory.read_bytes() == b"no database" * 1000


def test_a_snapshot_knows_the_sessions_that_were_watched(book: Path, tmp_path: Path, capsys: Capture) -> None:
    series = tmp_path / "series"
    for at in (FRIDAY, MONDAY):
        assert (
            alvh("record", book, series, "--series", "--feed", "demo", "--scenario", "calm", "--at", at) == 0
        )
    assert alvh("watch", book, "--once", "--market", series, "--at", FRIDAY) == 0
    capsys.readouterr()
    before = sorted((path.name, path.stat().st_size) for path in memories(tmp_path))
    found = told(capsys, "snapshot", book, "--market", series)
    assert found["time"] == MONDAY
    assert found["totals"]["explained_since"][:19] == FRIDAY[:19]
    explained = found["totals"]["explained"]
    parts = sum(explained[name] for name in ("delta", "gamma", "vega", "theta", "residual"))
    assert parts == pytest.approx(explained["total"])
    moved = found["positions"][0]["migration"]["since_close"]
    assert (moved["date"], moved["rebuilt"]) == ("2026-11-20", False)
    assert all(sides is not None for sides in moved["points"].values())
    assert sorted((path.name, path.stat().st_size) for path in memories(tmp_path)) == before


def test_a_market_played_again_is_remembered_anew(book: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ("watch", book, "--once", "--feed", "demo", "--scenario", "calm", "--at")
    for at in (MONDAY, FRIDAY):
        assert alvh(*words, at) == 0
    capsys.readouterr()
    rows = told(capsys, "history", book, "--feed", "demo", "--scenario", "calm")["rows"]
    assert [row["date"] for row in rows] == ["2026-11-20"]


def test_two_people_confirm_a_change_of_the_rules(book: Path, tmp_path: Path, capsys: Capture) -> None:
    rules, world = tmp_path / "mine.toml", ("--market", CALM_MARKET)
    book.write_text(book.read_text().replace('rules = "zones"', 'rules = "mine.toml"'))

    def looked(limit: str, confirm: int = 2) -> Any:
        rules.write_text(f"[governance]\nconfirm = {confirm}\n[condor.pcf]\nlimit = {limit}\n")
        assert alvh("watch", book, "--once", *world) == 0
        return capsys.readouterr().out

    def limit_in_force() -> Any:
        found = told(capsys, "snapshot", book, *world)
        (reading,) = [rule for rule in found["positions"][0]["rules"] if rule["id"] == "condor.pcf"]
        return reading["threshold"], found["book"]["rules"]["waiting"], found["warnings"]

    ack = ("journal", book, *world, "--ack", "rules")
    looked("3.1")
    assert limit_in_force()[:2] == (3.1, None)
    assert "waiting for 2 confirmations; mine.toml" in looked("2.9", confirm=1)
    threshold, waiting, warnings = limit_in_force()
    assert (threshold, waiting["needed"], waiting["confirmed_by"]) == (3.1, 2, [])
    assert any("still counts" in warning for warning in warnings)
    assert alvh(*ack, "--by", "ann", "--note", "slow decay") == 0
    assert "wait for a second confirmation after ann" in capsys.readouterr().err
    assert alvh(*ack) == 0
    assert "without a name it confirms nothing" in capsys.readouterr().err
    assert limit_in_force()[0] == 3.1
    assert alvh(*ack, "--by", "bob") == 0
    assert "count from the next look on" in capsys.readouterr().err
    assert limit_in_force()[:2] == (2.9, None)
    looked("2.9", confirm=1)
    assert alvh("journal", book, *world, "--kind", "rules") == 0
    caught = capsys.readouterr()
    assert caught.out.splitlines()[-1].endswith("; confirmed by ann, bob")
    assert caught.err == ""
    assert "waiting" not in looked("2.8", confirm=1)


def test_rules_nobody_has_written_down_cannot_be_confirmed(
    book: Path, tmp_path: Path, capsys: Capture
) -> None:
    rules, world = tmp_path / "mine.toml", ("--market", CALM_MARKET)
    book.write_text(book.read_text().replace('rules = "zones"', 'rules = "mine.toml"'))
    for limit in ("3.1", "2.9", "2.8"):
        rules.write_text(f"[governance]\nconfirm = 2\n[condor.pcf]\nlimit = {limit}\n")
        if limit != "2.8":
            assert alvh("watch", book, "--once", *world) == 0
    capsys.readouterr()
    assert alvh("journal", book, *world, "--ack", "rules", "--by", "ann") == 1
    assert f"not in the journal yet; alvh watch {book} records them" in capsys.readouterr().err


def test_the_steward_reports(watched: Path, capsys: Capture) -> None:
    words = ("report", watched, "--market", CALM_MARKET)
    assert alvh(*words) == 0
    caught = capsys.readouterr()
    lines = caught.out.splitlines()
    assert caught.err == ""
    assert lines[0] == "Steward's report of book.toml, 2026-11-20 to 2026-11-20"
    assert "1 of 1  sessions from 2026-11-20 to 2026-11-20" in lines
    assert "Caps exceeded" in lines
    assert lines[-1].endswith("stewards layer by rule, promoters chase.")
    found = told(capsys, *words)
    assert (found["book"], found["coverage"]["seen"], found["counts"]["caps_exceeded"]) == ("book.toml", 1, 0)
    assert found["cost"]["paid"] > 0
    assert told(capsys, *words, "--to", "2026-11-19")["coverage"] is None


def test_a_report_of_a_book_never_watched_or_broken(book: Path, tmp_path: Path, capsys: Capture) -> None:
    assert alvh("report", book) == 0
    caught = capsys.readouterr()
    assert f"alvh watch {book} records it" in caught.err
    assert "nothing yet: there is nothing to judge by" in caught.out
    book.write_text("schema = 2\n")
    assert alvh("report", book) == 1
    caught = capsys.readouterr()
    assert f"{book}:1: schema" in caught.err
    assert "the position file cannot be read" in caught.out
    assert memories(tmp_path) == []


def test_a_report_of_a_damaged_memory_fails(watched: Path, tmp_path: Path, capsys: Capture) -> None:
    (memory,) = memories(tmp_path)
    for part in memory.parent.glob(f"{memory.name}*"):
        part.unlink()
    memory.write_bytes(b"no database" * 1000)
    assert alvh("report", watched, "--market", CALM_MARKET) == 1
    caught = capsys.readouterr()
    assert "damaged" in caught.err
    assert caught.out == ""
