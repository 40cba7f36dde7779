"""alvh record: what it writes, what it refuses, and that it replays."""

import json
from pathlib import Path

import pytest

from alvh_tui.cli.main import main
from alvh_tui.market.folder import read_market
from tests.cli.test_commands import CALM, CALM_MARKET
from tests.market.test_quotedata import SPX, row, table

Capture = pytest.CaptureFixture[str]
AT = "2026-11-20T11:05:00-05:00"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def record(*words: str | Path) -> int:
    return main(["record", *map(str, words)])


def snapshot(market: Path, capsys: Capture, *words: str) -> dict[str, object]:
    assert main(["snapshot", str(CALM), "--market", str(market), "--json", *words]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_a_recorded_market_gives_the_same_assessment(out: Path, capsys: Capture) -> None:
    assert record(CALM, out, "--market", CALM_MARKET) == 0
    caught = capsys.readouterr()
    assert caught.out == ""
    assert f"wrote {out}: " in caught.err
    assert "SPXW chains" in caught.err
    assert snapshot(out, capsys)["positions"] == snapshot(CALM_MARKET, capsys)["positions"]


def test_the_demo_market_can_be_recorded(out: Path, capsys: Capture) -> None:
    assert record(CALM, out, "--feed", "demo", "--at", AT, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["path"] == str(out)
    assert told["chains"]["SPXW"] > 0
    assert read_market(out).origin == "simulated"


def test_nothing_is_ever_overwritten(out: Path, capsys: Capture) -> None:
    assert record(CALM, out, "--market", CALM_MARKET) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    assert record(CALM, out, "--feed", "demo", "--at", AT) == 1
    assert "is there already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    file = out / "market.toml"
    assert record(CALM, file, "--market", CALM_MARKET) == 1
    assert "is a file" in capsys.readouterr().err


def test_an_empty_folder_is_free(out: Path) -> None:
    out.mkdir()
    assert record(CALM, out, "--market", CALM_MARKET) == 0


def test_a_series_grows_and_replays(out: Path, capsys: Capture) -> None:
    for hour in ("10", "12", "14"):
        at = f"2026-11-20T{hour}:00:00-05:00"
        assert record(CALM, out, "--series", "--feed", "demo", "--at", at) == 0
    assert record(CALM, out, "--series", "--feed", "demo", "--at", "2026-11-20T14:00:00-05:00") == 1
    assert "has been recorded" in capsys.readouterr().err
    assert len(list(out.iterdir())) == 3
    assert str(snapshot(out, capsys)["time"]).startswith("2026-11-20T14:00")
    earlier = snapshot(out, capsys, "--at", "2026-11-20T13:00:00-05:00")
    assert str(earlier["market"]["time"]).startswith("2026-11-20T12:00")  # type: ignore[index]
    assert main(["snapshot", str(CALM), "--market", str(out), "--at", "2026-11-20T09:00:00-05:00"]) == 3
    assert "the first recording is of 2026-11-20 10:00" in capsys.readouterr().err


def test_a_series_is_not_put_inside_a_single_recording(out: Path, capsys: Capture) -> None:
    assert record(CALM, out, "--market", CALM_MARKET) == 0
    assert record(CALM, out, "--series", "--market", CALM_MARKET) == 1
    assert "is one recording itself" in capsys.readouterr().err


def test_downloaded_tables_become_one_market(out: Path, tmp_path: Path, capsys: Capture) -> None:
    spx, vix = tmp_path / "spx.csv", tmp_path / "vix.csv"
    spx.write_text(SPX)
    vix.write_text(table(row("VIX", 20, "2.1,2.2"), level="17.9", change="0.4"))
    assert record(spx, vix, out, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chains"] == {"SPX": 1, "SPXW": 1, "VIX": 1}
    market = read_market(out)
    assert market.warnings == ()
    assert set(market.quotes) == {"^SPX", "^VIX"}


def test_what_is_wrong_with_a_table_is_said(out: Path, tmp_path: Path, capsys: Capture) -> None:
    spx = tmp_path / "spx.csv"
    spx.write_text(table(row("SPXW", 6800), date_line="Date: yesterday"))
    assert record(spx, out) == 1
    assert "give the time with --at" in capsys.readouterr().err
    assert not out.exists()
    assert record(spx, out, "--at", AT) == 0
    assert read_market(out).time.isoformat() == AT


def test_a_book_and_a_table_at_once_are_misuse(out: Path, capsys: Capture) -> None:
    assert record(CALM, "spx.csv", out) == 2
    assert record(CALM, CALM, out) == 2
    assert "takes one position file" in capsys.readouterr().err


def test_exit_codes_of_a_broken_book_and_of_no_market(out: Path, tmp_path: Path, capsys: Capture) -> None:
    broken = tmp_path / "book.toml"
    broken.write_text("[[condor]\n")
    assert record(broken, out, "--market", CALM_MARKET) == 1
    assert record(CALM, out, "--market", tmp_path / "nowhere") == 3
    assert record(CALM, out, "--feed", "cboe") == 3
    assert not out.exists()
    (tmp_path / "file").write_text("")
    assert record(CALM, tmp_path / "file" / "out", "--market", CALM_MARKET) == 1
    assert capsys.readouterr().out == ""


def test_a_market_without_quotes_is_none(out: Path, tmp_path: Path, capsys: Capture) -> None:
    market = tmp_path / "market"
    market.mkdir()
    (market / "market.toml").write_text(f"time = {AT}\n")
    (market / "history.csv").write_text("date,spx\n2026-11-19,6800\n")
    assert record(CALM, out, "--market", market) == 3
    assert "no quotes to record" in capsys.readouterr().err
