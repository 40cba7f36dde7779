"""A headless Chromium, driven over its DevTools protocol as far as the tests need it."""

import asyncio
import base64
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pyte
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 30.0
"""Seconds for anything to happen; a browser that does nothing fails the test instead of hanging it."""
SIZE = (1200, 820)


def chromium() -> str:
    for name in NAMES:
        if path := shutil.which(name):
            return path
    pytest.skip("no Chromium on this machine: alvh serve is NOT tested in a browser")


class Page:
    """One page, and the terminal its websocket feeds."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._last = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.asked_for: list[str] = []
        """Every address the page has asked for."""
        self.closed = False
        """Whether its websocket has been closed."""
        self.terminal = pyte.Screen(1, 1)
        self._stream = pyte.ByteStream(self.terminal)

    async def listen(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told.get("result", {}))
            else:
                self._heard(told["method"], told["params"])

    def _heard(self, method: str, params: dict[str, Any]) -> None:
        if method == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self._stream.feed(base64.b64decode(params["response"]["payloadData"]))
        elif method == "Network.webSocketFrameSent" and params["response"]["payloadData"].startswith('["res'):
            size = json.loads(params["response"]["payloadData"])[1]
            self.terminal.resize(size["height"], size["width"])
        elif method == "Network.webSocketClosed":
            self.closed = True
        elif method == "Network.webSocketCreated":
            self.asked_for.append(params["url"])
        elif method == "Network.requestWillBeSent":
            self.asked_for.append(params["request"]["url"])

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._last += 1
        answer = self._answers[self._last] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._last, "method": method, "params": params})
        return await asyncio.wait_for(answer, PATIENCE)

    async def press(self, key: str, code: int = 0) -> None:
        """A character, or a named key with its code."""
        named: dict[str, Any] = {"windowsVirtualKeyCode": code} if code else {"text": key}
        await self.ask("Input.dispatchKeyEvent", type="keyDown", key=key, **named)
        await self.ask("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def run(self, script: str) -> Any:
        answer = await self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        async def wait() -> None:
            while not holds():
                await asyncio.sleep(0.02)

        try:
            await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{what}: not seen on\n{self.text}") from None

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.terminal.display)

    async def picture(self, path: Path) -> bytes:
        shot = base64.b64decode((await self.ask("Page.captureScreenshot"))["data"])
        path.write_bytes(shot)
        return shot


@asynccontextmanager
async def opened(url: str, profile: Path) -> AsyncIterator[Page]:
    """A page on that address, in a browser of its own."""
    width, height = SIZE
    browser = await asyncio.create_subprocess_exec(
        chromium(),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        f"--window-size={width},{height}",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        port = await asyncio.wait_for(_port_of(profile), PATIENCE)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as devtools:
            async with devtools.put("/json/new?about:blank") as answer:
                target = await answer.json()
            async with devtools.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for domain in ("Network", "Page", "Runtime"):
                    await page.ask(f"{domain}.enable")
                await page.ask("Page.navigate", url=url)
                yield page
                await page.ask("Browser.close")
                listening.cancel()
    finally:
        if browser.returncode is None:
            try:
                await asyncio.wait_for(browser.wait(), 5.0)
            except TimeoutError:
                browser.kill()
                await browser.wait()


async def _port_of(profile: Path) -> int:
    told = profile / "DevToolsActivePort"
    while not (told.exists() and told.read_text().count("\n")):
        await asyncio.sleep(0.02)
    return int(told.read_text().splitlines()[0])
