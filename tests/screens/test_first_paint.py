"""The first paint comes before anything heavy has been loaded, and before there is an engine."""

import socket
import subprocess
import sys
from pathlib import Path

from tests.screens.terminal import ROOT, on_terminal, surroundings

CALM = ROOT / "sample_positions" / "calm.toml"
HEAVY = {"numpy", "scipy", "pandas", "yfinance", "holidays", "sqlite3", "peewee", "curl_cffi", "aiohttp"}
LIGHT = """
import sys, threading
from alvh_tui.screens.app import AlvhApp, Book
from alvh_tui.settings.load import load_settings

opened = threading.Event()

def blocks():
    opened.wait()
    raise OSError("never opened")

open_book = AlvhApp.open_book

def watched(app, number):
    # Textual calls it once the first picture has been painted.
    lines = app.screen._compositor.render_strips()
    painted = " ".join(piece.text for line in lines for piece in line)
    assert "Book" in painted and "Layers" in painted and "quit" in painted, painted
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.__stdout__)
    open_book(app, number)
    app.call_after_refresh(app.exit)

AlvhApp.open_book = watched
AlvhApp([Book("calm", blocks)], load_settings()).run(headless=True, size=(120, 40))
opened.set()
"""


def test_it_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LIGHT],
        env=surroundings(tmp_path),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    loaded = set(ran.stdout.split())
    assert "textual" in loaded
    assert loaded & HEAVY == set()


def test_a_book_is_painted_while_its_market_is_not_there_yet(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        around = surroundings(tmp_path, HTTPS_PROXY=proxy, https_proxy=proxy, NO_PROXY="", no_proxy="")
        with on_terminal(str(CALM), environment=around) as terminal:
            terminal.wait_for("opening calm")
            terminal.wait_for("quit")
            assert "1 Book" in terminal.text
            assert "SPX" not in terminal.lines[0]
            terminal.press("4")
            terminal.press("q")
            assert terminal.end() == 0
