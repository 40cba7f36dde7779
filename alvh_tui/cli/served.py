"""The web server behind `alvh serve`: textual-serve's, closed to pages of other sites."""

import asyncio
import ipaddress
import shlex
import socket
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp_jinja2
import jinja2
from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from alvh_tui.cli.screen import IN_BROWSER

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

QUITS_WITHIN = 0.75
"""Seconds a program has to end by itself before it is ended."""
USUAL_SIZE = (("width", 80), ("height", 24))
"""Where a browser does not tell its own."""
USUAL_FONT = 16
PAGE = "served.html"
SCRIPT = """\
"use strict";
const listen = () => document.querySelector(".xterm-helper-textarea")?.focus();
for (const moment of ["load", "focus", "pointerup"]) addEventListener(moment, listen);
"""
"""The page takes keys from the first moment, not from the first click on."""
LAST_WORDS = 0.2
"""Seconds for what is still being sent when the server ends."""


def is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


class Session(AppService):
    """One program for one page; it ends with the page."""

    _ending: "asyncio.Future[None] | None" = None

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        return super()._build_environment(width, height) | {IN_BROWSER: "1"}

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        """Without a shell in between, which would outlive a program that is ended."""
        self._process = process = await asyncio.create_subprocess_exec(
            *shlex.split(self.command),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(width, height),
        )
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """Goes on to its end even where whoever waits for it no longer does."""
        if self._process is not None:
            if self._ending is None:
                self._ending = asyncio.ensure_future(self._end(self._process))
            await asyncio.shield(self._ending)

    async def _end(self, process: Process) -> None:
        asking = asyncio.ensure_future(super().stop())
        ended = asyncio.ensure_future(process.wait())
        # Not wait_for: what textual-serve waits with swallows being cancelled.
        await asyncio.wait({ended}, timeout=QUITS_WITHIN)
        if not ended.done():
            process.kill()
        await asyncio.gather(asking, ended)


class ScreenServer(Server):
    def __init__(
        self, command: str, listening: socket.socket, host: str, public_url: str | None = None
    ) -> None:
        address, port = listening.getsockname()[:2]
        shown = socket.gethostname() if ipaddress.ip_address(address).is_unspecified else host
        super().__init__(command, f"[{shown}]" if ":" in shown else shown, port, "alvh", public_url)
        self._listening = listening
        self._behind_proxy = public_url is not None
        self._names = {"localhost", host.lower(), shown.lower(), urlsplit(self.public_url).hostname or ""}
        self._sessions: set[Session] = set()

    def serve_until_told(self) -> None:
        """SIGINT and SIGTERM end it, and every program it runs."""
        web.run_app(
            self._make_app(),
            sock=self._listening,
            print=None,
            access_log=None,
            shutdown_timeout=LAST_WORDS,
        )

    async def _make_app(self) -> web.Application:
        """The routes of textual-serve behind the guard; but its page asks others for a font, and is ours."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not self.is_welcome(request):
                raise web.HTTPForbidden(text="This page is not served to other sites.\n")
            return await handler(request)

        app = web.Application(middlewares=[guarded])
        aiohttp_jinja2.setup(app, loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True)
        app.add_routes(
            [
                web.get("/", self.handle_index, name="index"),
                web.get("/page.js", self.handle_script, name="script"),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.get("/download/{key}", self.handle_download, name="download"),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        app.on_response_prepare.append(self._shut_in)
        app.on_shutdown.append(self.on_shutdown)
        return app

    # who may come in

    def is_welcome(self, request: web.Request) -> bool:
        """Only a page of this server may connect, and only under a name that is known to be this server's.

        A name of somebody else's that leads here (DNS rebinding) shows in `Host`, a page of another
        site in `Origin`. An address in figures cannot be anybody else's.
        """
        if not self._is_known(request.host):
            return False
        origin = request.headers.get("Origin")
        if origin is None:
            return request.path != "/ws"
        return self._netloc(origin) in (request.host.lower(), self._netloc(self.public_url))

    def _is_known(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            if name in self._names:
                return True
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    @staticmethod
    def _netloc(url: str) -> str:
        try:
            return urlsplit(url).netloc.lower()
        except ValueError:
            return ""

    async def _shut_in(self, request: web.Request, response: web.StreamResponse) -> None:
        """No page may frame this one, and this one asks nobody else for anything, not even for a font."""
        own = f"'self' {self._base(request)}"
        response.headers["Content-Security-Policy"] = (
            f"default-src {own}; style-src {own} 'unsafe-inline'; "
            f"img-src {own} data:; connect-src {own} {self._websocket(request)}; "
            "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"

    # what is served

    def _base(self, request: web.Request) -> str:
        """The name the browser used, which may be another one of this server's."""
        return self.public_url if self._behind_proxy else f"{request.scheme}://{request.host}"

    def _websocket(self, request: web.Request) -> str:
        scheme, rest = self._base(request).split(":", 1)
        return f"{'wss' if scheme == 'https' else 'ws'}:{rest}/ws"

    async def handle_index(self, request: web.Request) -> web.Response:
        context = {
            "base": self._base(request),
            "websocket": self._websocket(request),
            "font_size": to_int(request.query.get("fontsize", ""), USUAL_FONT),
        }
        return aiohttp_jinja2.render_template(PAGE, request, context)

    async def handle_script(self, request: web.Request) -> web.Response:  # noqa: ARG002 - aiohttp's signature
        return web.Response(text=SCRIPT, content_type="text/javascript")

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        websocket = web.WebSocketResponse(heartbeat=15)
        await websocket.prepare(request)

        async def close() -> None:
            await websocket.close()

        session = Session(
            self.command,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        self._sessions.add(session)
        try:
            width, height = (to_int(request.query.get(name, ""), usual) for name, usual in USUAL_SIZE)
            await session.start(width, height)
            await self._process_messages(websocket, session)
        finally:
            await session.stop()
            self._sessions.discard(session)
        return websocket

    async def on_shutdown(self, app: web.Application) -> None:  # noqa: ARG002 - aiohttp's signature
        await asyncio.gather(*(session.stop() for session in self._sessions))
