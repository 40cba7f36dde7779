"""A Yahoo of our own on 127.0.0.1: the real yfinance talks to it through a proxy that is the origin itself.

Every host asked for ends here, so that no test can reach the internet. Faults are laid over its answers.
"""

import json
import math
import re
import secrets
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import trustme

from alvh_tui.instruments.calendar import NEW_YORK, expiries, sessions
from alvh_tui.market.yahoo.symbols import contract_of, epoch_of, expiry_of

Json = dict[str, Any]

LEVELS = {
    "^SPX": 6800.0, "^GSPC": 6800.0, "^VIX": 17.5, "^VIX9D": 15.8, "^VIX3M": 19.6, "^VIX6M": 21.0,
    "^VVIX": 95.0, "^SKEW": 148.0, "^IRX": 3.9, "^TNX": 4.1, "RSP": 190.0, "SPY": 679.0, "VNQ": 92.0,
    "DX-Y.NYB": 98.7,
}  # fmt: skip

ERRORS = {
    401: b'{"finance":{"result":null,"error":{"code":"Unauthorized","description":"Invalid Crumb"}}}',
    404: b'{"chart":{"result":null,"error":{"code":"Not Found","description":"No data found"}}}',
    429: b"Too Many Requests\r\n",
}
NULLS = b'{"optionChain":{"result":null},"chart":{"result":null},"quoteResponse":{"result":null}}'
COMPLAINT = (
    b'{"optionChain":{"result":[],"error":{"description":"backend"}},'
    b'"quoteResponse":{"result":[],"error":{"description":"backend"}},'
    b'"chart":{"result":null,"error":{"code":"Internal","description":"backend"}}}'
)


@dataclass
class Fault:
    """What happens to requests whose host and path match, the next `times` times."""

    kind: str
    """A status, or: empty, html, half, cut, hang, reset, null, complaint."""
    match: str = "query"
    times: int = 10**9
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class World:
    """What this Yahoo believes."""

    now: Callable[[], datetime]
    levels: dict[str, float] = field(default_factory=lambda: dict(LEVELS))
    market_state: str = "REGULAR"
    clock_off: timedelta = timedelta(0)
    index_late: timedelta = timedelta(minutes=15)
    quotes_zero: bool = False
    crossed: bool = False
    keep_one_in: int = 1
    """Of the strikes; more than 1 makes the chains thin."""
    lost_expiries: int = 0
    """Of those listed, from the far end."""
    gone: set[str] = field(default_factory=set)
    """Symbols it has never heard of."""
    both_roots: bool = True
    options_in_quotes: bool = True
    releases: list[list[Any]] = field(default_factory=list)
    split: float = 1.0
    """Divides all closes, as Yahoo does with those before a split."""

    def listed(self, symbol: str) -> list[date]:
        today = self.now().astimezone(NEW_YORK).date()
        last = today + timedelta(days=150)
        if symbol == "^VIX":
            days = {*expiries("VIX", today, last), *expiries("VIXW", today, last)}
        else:
            near = expiries("SPXW", today, today + timedelta(days=45))
            days = {*near, *expiries("SPX", today, last)}
        found = sorted(days)
        return found[: len(found) - self.lost_expiries]

    def options(self, symbol: str, day: date) -> Json:
        level = self.levels[symbol]
        sides: dict[str, list[Json]] = {"calls": [], "puts": []}
        years = max((day - self.now().astimezone(NEW_YORK).date()).days, 1) / 365
        if symbol == "^VIX":
            strikes = [float(strike) for strike in (*range(12, 41), 45, 50)]
            roots = ["VIX"] if expiries("VIX", day, day) else ["VIXW"]
        else:
            step = 25.0 if level > 1000 else 5.0
            middle = round(level / step) * step
            strikes = [middle + step * k for k in range(-20, 13)]
            own = [symbol.removeprefix("^")]
            roots = ["SPXW"] if symbol == "^SPX" else own
            if symbol == "^SPX" and expiries("SPX", day, day):
                roots = ["SPX", "SPXW"] if self.both_roots else ["SPX"]
        for root in roots:
            for strike in strikes[:: self.keep_one_in]:
                for side, sign in (("calls", 1.0), ("puts", -1.0)):
                    row = self._option(root, day, strike, sign, level, years)
                    if row["contractSymbol"] not in self.gone:
                        sides[side].append(row)
        return sides

    def _option(self, root: str, day: date, strike: float, sign: float, level: float, years: float) -> Json:
        """Worth by Black's formula at one vol; bid and ask a little around."""
        vol = 0.9 if root.startswith("VIX") else 0.16
        spread = vol * math.sqrt(years)
        d1 = math.log(level / strike) / spread + spread / 2
        fair = sign * (level * _normal(sign * d1) - strike * _normal(sign * (d1 - spread)))
        bid, ask = round(max(fair * 0.98 - 0.05, 0.0), 2), round(fair * 1.02 + 0.05, 2)
        if self.crossed:
            bid, ask = ask, bid
        right = "C" if sign > 0 else "P"
        return {
            "contractSymbol": f"{root}{day:%y%m%d}{right}{round(strike * 1000):08d}",
            "strike": strike,
            "bid": 0.0 if self.quotes_zero else bid,
            "ask": 0.0 if self.quotes_zero else ask,
            "lastPrice": round(fair, 2),
            "lastTradeDate": int(self.now().timestamp()) - 90000,
            "openInterest": 10,
            "expiration": epoch_of(day),
            "impliedVolatility": 1e-05 if self.quotes_zero else vol,
        }

    def quote(self, symbol: str) -> Json | None:
        if symbol in self.gone:
            return None
        contract = contract_of(symbol)
        if contract is not None:
            return self._option_quote(symbol) if self.options_in_quotes else None
        if symbol not in self.levels:
            return None
        level = self.levels[symbol]
        return {
            "symbol": symbol,
            "marketState": self.market_state,
            "exchangeDataDelayedBy": 15 if symbol.startswith("^V") else 0,
            "regularMarketPrice": level,
            "regularMarketPreviousClose": level * 0.995,
            "regularMarketTime": int((self.now() - self.index_late).timestamp()),
            "bid": 0.0,
            "ask": 0.0,
        }

    def _option_quote(self, symbol: str) -> Json | None:
        contract = contract_of(symbol)
        if contract is None or contract.expiry is None:
            return None
        underlying = "^VIX" if contract.root.startswith("VIX") else "^SPX"
        if contract.expiry not in self.listed(underlying):
            return None
        rows = [row for side in self.options(underlying, contract.expiry).values() for row in side]
        row = next((row for row in rows if row["contractSymbol"] == symbol), None)
        if row is None:
            return None
        return {
            "symbol": symbol,
            "quoteType": "OPTION",
            "exchangeDataDelayedBy": 20,
            "bid": row["bid"],
            "ask": row["ask"],
            "regularMarketPrice": row["lastPrice"],
            "regularMarketTime": row["lastTradeDate"],
        }

    def chart(self, symbol: str, span: str) -> Json | None:
        if symbol in self.gone or symbol not in self.levels:
            return None
        now = self.now().astimezone(NEW_YORK)
        days = sessions(now.date() - timedelta(days={"5d": 7, "1mo": 30}.get(span, 100)), now.date())
        if span == "5d":
            days = days[-5:]
        opens = [datetime(day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK) for day in days]
        stamps = [int(moment.timestamp()) for moment in opens if moment <= now]
        level = self.levels[symbol]
        closes = [round(level / self.split * (1 + 0.05 * math.sin(stamp / 777600)), 4) for stamp in stamps]
        bar = dict.fromkeys(("open", "high", "low", "close"), closes) | {"volume": [0] * len(closes)}
        start = int(now.replace(hour=9, minute=30, second=0, microsecond=0).timestamp())
        period = {"timezone": "EST", "gmtoffset": -18000, "start": start, "end": start + 23400}
        meta = {
            "currency": "USD", "symbol": symbol, "exchangeName": "SNP", "instrumentType": "INDEX",
            "exchangeTimezoneName": "America/New_York", "timezone": "EST", "gmtoffset": -18000,
            "regularMarketPrice": level, "regularMarketTime": int(now.timestamp()), "priceHint": 2,
            "currentTradingPeriod": {"pre": period, "regular": period, "post": period},
            "dataGranularity": "1d", "range": span, "validRanges": ["1d", "5d", "1mo", "1y", "2y", "max"],
        }  # fmt: skip
        indicators = {"quote": [bar], "adjclose": [{"adjclose": closes}]}
        return {"meta": meta, "timestamp": stamps, "indicators": indicators}


def _normal(x: float) -> float:
    return 0.5 * (1.0 + math.erf(x / math.sqrt(2.0)))


class LocalYahoo:
    """The server; `faults` and `world` may be changed between requests, `asked` tells what came in."""

    def __init__(self, folder: Path, world: World) -> None:
        self.world = world
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.served: list[str] = []
        """Those of them that were answered well."""
        self.forged: list[str] = []
        """Crumbs that came in and were never given out."""
        self._crumbs: dict[str, str] = {}
        self._hung: list[threading.Event] = []
        authority = trustme.CA()
        self.certificate = folder / "authority.pem"
        self.certificate.write_bytes(authority.cert_pem.bytes())
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("*.yahoo.com", "*.finance.yahoo.com").configure_cert(self.tls)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.yahoo = self
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def options(self) -> dict[str, Any]:
        """For the session under test."""
        return {"proxy": self.address, "verify": str(self.certificate)}

    def reset(self, world: World) -> None:
        self.world = world
        self.faults.clear()
        self.asked.clear()
        self.served.clear()
        self.forged.clear()
        self._crumbs.clear()
        for event in self._hung:
            event.set()
        self._hung.clear()

    def close(self) -> None:
        self.reset(self.world)
        self._server.shutdown()
        self._server.server_close()

    def answer(self, handler: "_Handler") -> None:
        parts = urlsplit(handler.path)
        host, path = handler.host, unquote(parts.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.asked.append(f"{host}{path}")
        fault = next((f for f in self.faults if f.times > 0 and re.search(f.match, host + path)), None)
        kind = "" if fault is None else fault.kind
        if fault is not None:
            fault.times -= 1
        if kind == "hang":
            event = threading.Event()
            self._hung.append(event)
            event.wait(20)
        if kind in ("hang", "reset"):
            handler.drop()
            return
        cookie = re.search(r"A3=([^;]+)", handler.headers.get("Cookie") or "")
        status, body, headers = self._reply(host, path, query, None if cookie is None else cookie[1])
        if kind.isdigit():
            status, body = int(kind), ERRORS.get(int(kind), b"<html>Will be right back</html>")
        elif kind:
            replaced = {"empty": b"", "html": b"<html>?</html>", "null": NULLS, "complaint": COMPLAINT}
            status, body = 200, replaced.get(kind, body[: len(body) // 2] if kind == "half" else body)
        if status == 200 and not kind:
            self.served.append(f"{host}{path}")
        handler.reply(status, body, headers | ({} if fault is None else fault.headers), cut=kind == "cut")

    def _reply(
        self, host: str, path: str, query: dict[str, str], cookie: str | None
    ) -> tuple[int, bytes, dict[str, str]]:
        now = self.world.now() + self.world.clock_off
        headers = {"Date": format_datetime(now.astimezone(UTC), usegmt=True)}
        if host == "fc.yahoo.com":
            expires = format_datetime(datetime.now(UTC) + timedelta(days=365), usegmt=True)
            mark = cookie or secrets.token_hex(8)
            headers["Set-Cookie"] = f"A3={mark}; Expires={expires}; Domain=.yahoo.com; Path=/; Secure"
            return 404, b"", headers
        if not host.startswith("query"):
            return 200, b"<html>no form</html>", headers
        if path == "/v1/test/getcrumb":
            if cookie is None:
                return 401, ERRORS[401], headers
            return 200, self._crumbs.setdefault(cookie, secrets.token_urlsafe(8)).encode(), headers
        if query.get("crumb") and query["crumb"] not in self._crumbs.values():
            self.forged.append(query["crumb"])
        signed = cookie is not None and self._crumbs.get(cookie) == query.get("crumb")
        if path.startswith("/v7/") and not signed:
            return 401, ERRORS[401], headers
        found = self._data(path, query)
        if found is None:
            return 404, ERRORS[404], headers
        return 200, json.dumps(found).encode(), headers

    def _data(self, path: str, query: dict[str, str]) -> Json | None:
        world = self.world
        if path == "/v7/finance/quote":
            rows = [world.quote(symbol) for symbol in query["symbols"].split(",")]
            return {"quoteResponse": {"result": [row for row in rows if row], "error": None}}
        if path.startswith("/v7/finance/options/"):
            return {"optionChain": {"result": self._chain(path.rsplit("/", 1)[1], query), "error": None}}
        if path.startswith("/v8/finance/chart/"):
            found = world.chart(path.rsplit("/", 1)[1], query.get("range", ""))
            return None if found is None else {"chart": {"result": [found], "error": None}}
        if path == "/v1/finance/visualization":
            names = ["Event", "Country Code", "Event Time", "Period", "Actual", "Market Expectation"]
            names += ["Prior to This", "Revised from"]
            columns = [{"label": name, "type": "STRING"} for name in names]
            documents = [{"columns": columns, "rows": world.releases}]
            return {"finance": {"result": [{"documents": documents}], "error": None}}
        return None

    def _chain(self, symbol: str, query: dict[str, str]) -> list[Json]:
        world = self.world
        if symbol in world.gone or symbol not in world.levels:
            return []
        listed = world.listed(symbol)
        day = expiry_of(int(query["date"])) if "date" in query else listed[0]
        sides = world.options(symbol, day) if day in listed else {"calls": [], "puts": []}
        block = {"expirationDate": epoch_of(day), "hasMiniOptions": False, **sides}
        dates = [epoch_of(each) for each in listed]
        return [{"expirationDates": dates, "quote": world.quote(symbol), "options": [block]}]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    yahoo: LocalYahoo

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    host = ""
    server: _Server

    def do_CONNECT(self) -> None:
        """From here on this connection is the origin's, in TLS."""
        self.host = self.path.rsplit(":", 1)[0]
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.server.yahoo.tls.wrap_socket(self.request, server_side=True)
        self.request = self.connection
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.yahoo.answer(self)

    do_POST = do_GET  # noqa: N815

    def reply(self, status: int, body: bytes, headers: dict[str, str], *, cut: bool) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) * 2 + 10 if cut else len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        if cut:
            self.close_connection = True

    def drop(self) -> None:
        """Ends the connection the hard way."""
        self.close_connection = True
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing to the terminal."""
