"""alvh serve: who may come in, what it runs, and that nothing is left when it ends."""

import argparse
import asyncio
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application, Request

from alvh_tui.cli import serve
from alvh_tui.cli.exits import Exit
from alvh_tui.cli.main import main
from alvh_tui.cli.options import add_global_options, options_as_words
from alvh_tui.cli.served import ScreenServer
from tests.cli.browser import opened

Client = TestClient[Request, Application]
ROOT = Path(__file__).resolve().parent.parent.parent
CALM = ROOT / "sample_positions" / "calm.toml"
ENDS_WITHIN = 5.0
"""Seconds; a bound that only a program that does not end at all misses."""
STUB = """
import os, sys
def tell(words):
    os.write(1, b"D" + len(words).to_bytes(4, "big") + words)
os.write(1, b"__GANGLION__\\n")
tell(f"browser {os.environ.get('ALVH_IN_BROWSER')} pid {os.getpid()}".encode())
while data := os.read(0, 1024):
    if b'"quit"' in data:
        sys.exit(0)
    tell(data[5:])
"""
"""A program as textual-serve runs them, that says back what it is told."""


@asynccontextmanager
async def serving(
    command: str = shlex.join([sys.executable, "-c", STUB]), public_url: str | None = None
) -> AsyncIterator[Client]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ScreenServer(command, listening, "127.0.0.1", public_url)
        async with TestClient(TestServer(await server._make_app())) as client:
            yield client


def own(client: Client) -> str:
    return f"http://{client.host}:{client.port}"


async def test_the_page_of_this_server_opens_a_program_that_knows_it_is_in_a_browser() -> None:
    async with serving() as client, client.ws_connect("/ws", headers={"Origin": own(client)}) as page:
        assert (await page.receive_bytes()).startswith(b"browser 1 pid ")
        await page.send_json(["stdin", "x"])
        assert await page.receive_bytes() == b"x"


async def test_a_program_ends_with_its_page() -> None:
    async with serving() as client:
        async with client.ws_connect("/ws", headers={"Origin": own(client)}) as page:
            pid = int((await page.receive_bytes()).split()[-1])
        await has_ended(pid)


async def test_a_program_that_does_not_end_is_ended() -> None:
    deaf = STUB.replace("""b'"quit"' in data""", "False")
    async with serving(shlex.join([sys.executable, "-c", deaf])) as client:
        async with client.ws_connect("/ws", headers={"Origin": own(client)}) as page:
            pid = int((await page.receive_bytes()).split()[-1])
        await has_ended(pid)


async def has_ended(pid: int) -> None:
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{pid} goes on")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {},
        {"Host": "evil.example", "Origin": "http://evil.example"},
        {"Host": "evil.example:8000", "Origin": "http://evil.example:8000"},
        {"Host": "127.0.0.1.evil.example", "Origin": "http://127.0.0.1.evil.example"},
        {"Host": "[broken", "Origin": "http://[broken"},
    ],
    ids=lambda headers: " ".join(headers.values()) or "none",
)
async def test_pages_of_other_sites_and_other_names_do_not_reach_it(headers: dict[str, str]) -> None:
    async with serving() as client:
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/ws", headers=headers)
        assert refused.value.status == 403


@pytest.mark.parametrize("path", ["/", "/page.js", "/static/js/textual.js", "/download/key"])
async def test_under_a_foreign_name_nothing_at_all_is_served(path: str) -> None:
    async with serving() as client, client.get(path, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 403


@pytest.mark.parametrize("host", ["localhost:9000", "127.0.0.1:9000", "[::1]:9000", "LOCALHOST"])
async def test_a_tunnel_to_it_works_under_any_port(host: str) -> None:
    async with serving() as client:
        headers = {"Host": host, "Origin": f"http://{host}"}
        async with client.ws_connect("/ws", headers=headers) as page:
            assert await page.receive_bytes()
        async with client.get("/", headers={"Host": host}) as answer:
            assert f"ws://{host}/ws" in await answer.text()


async def test_behind_a_proxy_its_public_address_counts() -> None:
    async with serving(public_url="https://box.example/alvh") as client:
        for host in ("box.example", f"127.0.0.1:{client.port}"):
            headers = {"Host": host, "Origin": "https://box.example"}
            async with client.ws_connect("/ws", headers=headers) as page:
                assert await page.receive_bytes()
        async with client.get("/", headers={"Host": "box.example"}) as answer:
            text = await answer.text()
            assert "wss://box.example/alvh/ws" in text
            assert "https://box.example/alvh/static/js/textual.js" in text
            assert "wss://box.example/alvh/ws" in answer.headers["Content-Security-Policy"]


async def test_the_page_may_not_be_framed_nor_ask_others() -> None:
    async with serving() as client, client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert "default-src 'self'" in policy
        assert f"connect-src 'self' {own(client)} ws://127.0.0.1:{client.port}/ws" in policy


async def test_no_folder_is_listed() -> None:
    async with serving() as client:
        async with client.get("/static/") as answer:
            assert answer.status == 403
        async with client.get("/static/js/textual.js") as answer:
            assert answer.status == 200


# the command


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program that would be served; nothing is."""
    words: list[str] = []

    def only_told(_listening: socket.socket, told: list[str], _args: argparse.Namespace) -> None:
        words.extend(told)

    monkeypatch.setattr(serve, "_serve", only_told)
    return words


def test_it_runs_the_program_with_the_same_options(asked: list[str], tmp_path: Path) -> None:
    options = [
        "--feed",
        "demo",
        "--seed",
        "7",
        "--speed",
        "3",
        "--no-color",
        "--at",
        "2026-11-20T10:00-05:00",
    ]
    assert main(["serve", str(CALM), "--port", "0", *options]) == Exit.FINE
    assert asked[:4] == [sys.executable, "-P", "-m", "alvh_tui"]
    assert asked[-1] == str(CALM)
    parser = argparse.ArgumentParser()
    add_global_options(parser)
    assert parser.parse_args(asked[4:-1]) == parser.parse_args(options)


def test_every_global_option_that_takes_a_value_is_passed_on() -> None:
    parser = argparse.ArgumentParser()
    add_global_options(parser)
    words = ["--market=a b", "--feed=cboe", "--seed=3", "--scenario=grind", "--speed=2.5", "--breadth=c"]
    words += ["--at=2026-11-20T15:30:00-05:00", "--no-color"]
    assert options_as_words(parser.parse_args(words)) == words


def test_without_a_book_the_demo_is_served_where_its_feed_is_asked_for(asked: list[str]) -> None:
    assert main(["--feed", "demo", "serve", "--port", "0"]) == Exit.FINE
    assert asked[-1] == "demo"


def test_without_a_book_it_serves_the_last_ones(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alvh_tui.cli.open import keep_last_books

    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path))
    keep_last_books([CALM])
    assert main(["serve", "--port", "0"]) == Exit.FINE
    assert asked[-1] == str(CALM)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["serve"], Exit.WRONG_INPUT, "name a book"),
        (["serve", "nothere.toml"], Exit.WRONG_INPUT, "no such file"),
        (["serve", str(CALM), "--json"], Exit.USAGE, "printed"),
        (["serve", str(CALM), "--host", "name.invalid"], Exit.WRONG_INPUT, "cannot serve on name.invalid"),
    ],
)
def test_what_cannot_be_served_is_said(
    words: list[str],
    status: Exit,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path))
    assert main(words) == status
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--port", "65536"], ["--port", "x"], ["--public-url", "box"], ["--public-url", "http://[x"]]
)
def test_a_port_or_address_that_is_none_is_a_matter_of_usage(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", str(CALM), *words])
    assert ended.value.code == Exit.USAGE


def test_a_port_in_use_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["serve", str(CALM), "--port", str(port)]) == Exit.WRONG_INPUT
    assert f"cannot serve on 127.0.0.1, port {port}: Address already in use" in capsys.readouterr().err


@pytest.mark.parametrize(("host", "warned"), [("0.0.0.0", True), ("127.0.0.1", False), ("localhost", False)])
def test_it_warns_where_others_can_reach_it(
    host: str, warned: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ScreenServer, "serve_until_told", lambda server: None)
    assert main(["serve", str(CALM), "--port", "0", "--host", host]) == Exit.FINE
    told = capsys.readouterr()
    assert ("sees your positions" in told.err) is warned
    assert told.out.startswith("alvh serves on http://")
    assert told.out.endswith("; ctrl+c ends it\n")


# the real thing


@pytest.fixture
def house(tmp_path: Path) -> dict[str, str]:
    """An environment of its own, with a folder for what is temporary."""
    places = {f"ALVH_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    (tmp_path / "temp").mkdir()
    return {**os.environ, **places, "TMPDIR": str(tmp_path / "temp")}


@pytest.fixture
def demo_served(house: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "alvh_tui", "serve", "--feed", "demo", "--seed", "1", "--port", "0"]
    with subprocess.Popen(words, env=house, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def address_of(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().split(" on ")[1].split(";")[0]


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
async def test_it_ends_when_it_is_told_and_leaves_nothing(
    told: signal.Signals, demo_served: subprocess.Popen[str], house: dict[str, str]
) -> None:
    url = address_of(demo_served)
    async with ClientSession() as client, client.ws_connect(f"{url}/ws", headers={"Origin": url}) as page:
        while b"opening" not in (message := await page.receive()).data:
            assert message.type == WSMsgType.BINARY
        assert list(Path(house["TMPDIR"]).iterdir())
        demo_served.send_signal(told)
        while (await page.receive()).type == WSMsgType.BINARY:
            pass
    assert demo_served.wait(ENDS_WITHIN) == 0
    assert list(Path(house["TMPDIR"]).iterdir()) == []


async def test_it_is_seen_in_a_browser_and_answers(
    demo_served: subprocess.Popen[str], house: dict[str, str], tmp_path: Path
) -> None:
    url = address_of(demo_served)
    async with opened(url, tmp_path / "profile") as page:
        await page.until(lambda: "total" in page.text and "quit" in page.text, "the book")
        assert "edit" not in page.text.splitlines()[-1]
        first = await page.picture(tmp_path / "first.png")
        await page.press("m")
        await page.until(lambda: "Layers" not in page.text, "the book alone")
        assert await page.picture(tmp_path / "second.png") != first
        await page.press("m")
        await page.until(lambda: "Layers" in page.text, "all panels again")
        await page.press("y")
        await page.until(lambda: "copied" in page.text, "what is copied")
        await page.ask("Browser.grantPermissions", permissions=["clipboardReadWrite"], origin=url)
        assert "first" in await page.run("navigator.clipboard.readText()")
        assert {urlsplit(asked).netloc for asked in page.asked_for} <= {urlsplit(url).netloc, ""}
        await page.press("q")
        await page.until(lambda: page.closed, "the end")
    demo_served.send_signal(signal.SIGTERM)
    assert demo_served.wait(ENDS_WITHIN) == 0
    assert list(Path(house["TMPDIR"]).iterdir()) == []
