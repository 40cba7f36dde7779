"""alvh watch: what it prints, and how it ends."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.cli import played
from alvh_tui.cli.main import main
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.folder import read_market
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot
from tests.cli.test_commands import CALM, CALM_MARKET, ROOT

Capture = pytest.CaptureFixture[str]
TESTED = ROOT / "sample_positions" / "tested.toml"
TESTED_MARKET = ROOT / "sample_positions" / "tested.market"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ALVH_{name}_DIR", str(tmp_path / name.lower()))


def watch(*words: str | Path) -> int:
    return main(["watch", *map(str, words)])


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_once_tells_how_everything_stands(capsys: Capture) -> None:
    assert watch(TESTED, "--once", "--market", TESTED_MARKET, "--json") == 0
    caught = capsys.readouterr()
    told = lines_of(caught.out)
    assert caught.err == ""
    assert {line["kind"] for line in told} == {"source", "layer", "attention", "alert"}
    layers = {line["name"]: line["to"] for line in told if line["kind"] == "layer"}
    assert layers.keys() == {"L1", "L2", "L3", "SE"}
    assert layers["L1"] == "triggered"
    assert all(line["from"] is None for line in told)
    assert all(datetime.fromisoformat(line["time"]).utcoffset() is not None for line in told)


def test_a_line_starts_with_its_time(capsys: Capture) -> None:
    assert watch(TESTED, "--once", "--market", TESTED_MARKET) == 0
    for line in capsys.readouterr().out.splitlines():
        assert datetime.fromisoformat(line.split("  ")[0]).date().isoformat() == "2026-11-20"
        assert "\x1b" not in line


@pytest.mark.parametrize(("fail_on", "status"), [("watch", 4), ("triggered", 4)])
def test_once_fails_on_a_layer(fail_on: str, status: int) -> None:
    assert watch(TESTED, "--once", "--market", TESTED_MARKET, "--fail-on", fail_on) == status


def test_a_calm_book_fails_on_nothing() -> None:
    assert watch(CALM, "--once", "--market", CALM_MARKET, "--fail-on", "triggered") == 0


def test_without_a_market_it_exits_3(tmp_path: Path, capsys: Capture) -> None:
    assert watch(CALM, "--once", "--market", tmp_path / "nowhere") == 3
    assert watch(CALM, "--once", "--feed", "cboe") == 3
    assert "is not there" in capsys.readouterr().err


def test_a_broken_book_exits_1(tmp_path: Path, capsys: Capture) -> None:
    book = tmp_path / "book.toml"
    book.write_text("[[condor]\n")
    assert watch(book, "--once", "--market", CALM_MARKET) == 1
    assert f"{book}:1: " in capsys.readouterr().err


@pytest.mark.parametrize("interval", ["soon", "0", "-5", "nan", "1e9"])
def test_an_interval_is_a_number_of_seconds(interval: str) -> None:
    with pytest.raises(SystemExit) as ended:
        watch(CALM, "--interval", interval)
    assert ended.value.code == 2


def test_a_replay_tells_what_changes_and_ends(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = count()
    began = datetime.now(NEW_YORK)
    monkeypatch.setattr(played, "_life", lambda: began + next(looks) * timedelta(milliseconds=10))
    series = tmp_path / "series"
    for at in ("2026-11-20T13:45:00-05:00", "2026-11-20T14:00:00-05:00"):
        words = ["record", str(CALM), str(series), "--series", "--feed", "demo", "--scenario", "crash"]
        assert main([*words, "--at", at]) == 0
    capsys.readouterr()
    assert watch(CALM, "--market", series, "--speed", "3600", "--interval", "120", "--json") == 0
    told = lines_of(capsys.readouterr().out)
    assert "2026-11-20T13:45" <= told[0]["time"] < "2026-11-20T14:00"
    times = [line["time"] for line in told]
    assert times == sorted(times)
    assert any(line["from"] is None for line in told)
    later = {(line["name"], line["from"], line["to"]) for line in told if line["time"] >= "2026-11-20T14:00"}
    assert ("L3", "watch", "triggered") in later


def test_it_writes_a_log_without_positions(tmp_path: Path, capsys: Capture) -> None:
    assert watch(TESTED, "--once", "--market", TESTED_MARKET) == 0
    log = (tmp_path / "state" / "alvh.log").read_text()
    assert "frame 1" in log
    assert not any(word in log for word in ("SPX", "VIX ", "6400", "condor"))


class LiveFeed:
    """Stands in for the live one: remembers yesterday, and is asked once."""

    name = "live"

    def __init__(self, **options: object) -> None:
        self.options = options
        self.closed = False

    def on_disk(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        raise AssertionError("a watcher wants news")

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        return read_market(CALM_MARKET)

    def next_due(self, contracts: Sequence[Contract], at: datetime) -> datetime:
        return at

    def set_interval(self, interval: timedelta | None) -> None:
        raise AssertionError("nobody has asked for another pace")

    def close(self) -> None:
        self.closed = True


def test_the_live_feed_is_asked_for_everything_at_once_and_closed(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    made: list[LiveFeed] = []

    def live_feed(_: object, **options: object) -> LiveFeed:
        made.append(LiveFeed(**options))
        return made[-1]

    monkeypatch.setattr("alvh_tui.cli.feeds.live_feed", live_feed)
    assert watch(CALM, "--once", "--interval", "60") == 0
    (feed,) = made
    assert feed.options == {"interval": timedelta(seconds=60), "at_once": None}
    assert feed.closed
    assert capsys.readouterr().out != ""


def test_once_without_an_answer_exits_3(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    class DeadFeed(LiveFeed):
        def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
            raise FeedUnavailableError("the network is down")

    monkeypatch.setattr("alvh_tui.cli.feeds.live_feed", lambda _, **options: DeadFeed(**options))
    assert watch(CALM, "--once", "--json") == 3
    (line,) = lines_of(capsys.readouterr().out)
    assert (line["kind"], line["to"], line["text"]) == ("market", "failed", "the network is down")


def test_a_hanging_network_does_not_keep_it_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    class HangingFeed(LiveFeed):
        def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
            os.kill(os.getpid(), signal.SIGTERM)
            assert go_on.wait(10)
            return read_market(CALM_MARKET)

    monkeypatch.setattr("alvh_tui.cli.feeds.live_feed", lambda _, **options: HangingFeed(**options))
    began = time.monotonic()
    handler = signal.getsignal(signal.SIGTERM)
    assert watch(CALM) == 0
    assert time.monotonic() - began < 1.0
    assert signal.getsignal(signal.SIGTERM) == handler
    go_on.set()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A running watch on the demo market, once its first lines are out."""
    words = [sys.executable, "-m", "alvh_tui", "watch", str(CALM), "--feed", "demo", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_within_a_second(
    watching: subprocess.Popen[str], number: signal.Signals
) -> None:
    began = time.monotonic()
    watching.send_signal(number)
    assert watching.wait(5) == 0
    assert time.monotonic() - began < 1.0
