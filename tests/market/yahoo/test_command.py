"""`alvh snapshot` on the live feed: redirected by the environment alone, and without any network."""

import json
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alvh_tui.cli.main import main
from alvh_tui.instruments.calendar import NEW_YORK, expiries
from tests.market.yahoo.conftest import forget_everything
from tests.market.yahoo.local import LocalYahoo, World

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A condor that is alive on whatever day this runs."""
    today = datetime.now(NEW_YORK).date()
    expiry = expiries("SPXW", today + timedelta(days=20), today + timedelta(days=40))[0]
    path = tmp_path / "book.toml"
    path.write_text(
        f"""schema = 1
[account]
name = "main"
net_liq = 250_000
rules = "zones"

[[condor]]
id = "one"
legs = "-1 SPXW {expiry} 6400P/6450P/7050C/7100C"
credit = 8.35
opened = {today - timedelta(days=7)}
"""
    )
    return path


@pytest.fixture
def redirected(server: LocalYahoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalYahoo:
    server.reset(World(lambda: datetime.now(NEW_YORK)))
    forget_everything()
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, server.address)
    for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, str(server.certificate))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("ALVH_CACHE_DIR", str(tmp_path / "cache"))
    return server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget's waits are for Yahoo's sake, not for ours."""
    monkeypatch.setattr("alvh_tui.market.yahoo.budget.A_SECOND", 1000.0)


def test_the_default_feed_is_the_live_one(
    redirected: LocalYahoo, impatient: None, book: Path, capsys: Capture
) -> None:
    assert main(["snapshot", str(book), "--json"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    shown = json.loads(printed.out)
    names = [source["name"] for source in shown["market"]["sources"]]
    assert names[:3] == ["yahoo.quotes", "yahoo.chains", "yahoo.history"]
    assert shown["market"]["spot"] == 6800.0
    assert {leg["mark_from"] for leg in shown["positions"][0]["legs"]} == {"mid"}
    assert len(redirected.asked) <= 24


def test_offline_with_nothing_on_disk(
    redirected: LocalYahoo, book: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert main(["snapshot", str(book), "--feed", "yahoo"]) == 3
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "no connection to Yahoo" in printed.err
    assert not redirected.asked


def test_offline_with_the_last_good_on_disk(
    redirected: LocalYahoo,
    impatient: None,
    book: Path,
    tmp_path: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert main(["snapshot", str(book), "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    forget_everything()
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with closing(sqlite3.connect(tmp_path / "cache" / "yahoo.sqlite3")) as file, file:
        file.execute("UPDATE answers SET checked = checked - 14400")
    began = time.monotonic()
    assert main(["snapshot", str(book), "--json"]) == 0
    assert time.monotonic() - began < 10
    after = json.loads(capsys.readouterr().out)
    assert after["market"]["time"] == before["market"]["time"]
    assert after["market"]["spot"] == before["market"]["spot"]
