"""The one HTTP session every packet goes through: it counts, limits, and ends what would become a storm."""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from curl_cffi import CurlECode
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException
from yfinance.exceptions import YFRateLimitError  # type: ignore[import-untyped,unused-ignore]

from alvh_tui.market.yahoo.budget import Budget
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError

TIMEOUT = 10.0
"""Seconds one operation may take, however many packets it needs."""
MOST_PACKETS = 7
"""Cookie, consent (three), crumb, the question itself, and the question again."""
DATA_HOST = "query"
CRUMB_PATH = "/getcrumb"
LONGEST_CRUMB = 40
SIGN_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


class LeftAloneError(YFRateLimitError):  # type: ignore[misc,unused-ignore]
    """Nothing was sent; yfinance lets this kind through where it would retry or swallow others."""


@dataclass(frozen=True, slots=True)
class Packet:
    host: str
    path: str
    status: int | None
    """None where no answer came."""
    error: RequestException | None = None
    retry_after: float | None = None

    @property
    def of_data(self) -> bool:
        return self.host.startswith(DATA_HOST) and not self.path.endswith(CRUMB_PATH)


@dataclass(slots=True)
class Operation:
    """One question to Yahoo and the packets it took."""

    name: str
    ends: float
    packets: list[Packet] = field(default_factory=list)
    over: bool = False
    """No further packet helps: the answer is there, or another attempt would only add to the load."""
    exhausted_for: float = 0.0
    too_slow: bool = False
    server_time: datetime | None = None

    def failure(self, error: Exception | None = None) -> FetchFailedError:
        """Why it failed, from what went over the wire; how yfinance tells it differs from call to call."""
        limited = [packet for packet in self.packets if packet.status == HTTPStatus.TOO_MANY_REQUESTS]
        if limited:
            return FetchFailedError(Fault.LIMITED, "Yahoo's limit (HTTP 429)", limited[-1].retry_after)
        if self.exhausted_for:
            return FetchFailedError(Fault.BUDGET, "this program's own limit is reached", self.exhausted_for)
        decisive = next((packet for packet in reversed(self.packets) if packet.of_data), None)
        decisive = decisive or (self.packets[-1] if self.packets else None)
        if self.too_slow or decisive is None:
            return FetchFailedError(Fault.TIMEOUT, "no answer in time")
        if decisive.error is not None:
            return _connection_failure(decisive.error)
        return _answer_failure(decisive.status or 0, error)


def _connection_failure(error: RequestException) -> FetchFailedError:
    if error.code == CurlECode.OPERATION_TIMEDOUT:
        return FetchFailedError(Fault.TIMEOUT, "no answer in time")
    if error.code in (CurlECode.PARTIAL_FILE, CurlECode.BAD_CONTENT_ENCODING, CurlECode.HTTP2_STREAM):
        return FetchFailedError(Fault.BAD_ANSWER, "the answer broke off")
    return FetchFailedError(Fault.OFFLINE, "no connection to Yahoo")


def _answer_failure(status: int, error: Exception | None) -> FetchFailedError:
    if status in SIGN_IN:
        return FetchFailedError(Fault.REFUSED, f"Yahoo refused the sign-in token (HTTP {status})")
    if status == HTTPStatus.NOT_FOUND:
        return FetchFailedError(Fault.NOT_OFFERED, "not offered by Yahoo")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return FetchFailedError(Fault.SERVER, f"Yahoo is down (HTTP {status})")
    if status >= HTTPStatus.BAD_REQUEST:
        return FetchFailedError(Fault.BAD_ANSWER, f"Yahoo did not take the question (HTTP {status})")
    why = f" ({type(error).__name__})" if error is not None else ""
    return FetchFailedError(Fault.BAD_ANSWER, f"an answer that cannot be read{why}")


class PoliteSession(Session[Response]):
    """What yfinance is given as its session; `operation` names what the packets are for."""

    def __init__(
        self, budget: Budget, now: Callable[[], float], *, timeout: float = TIMEOUT, **options: Any
    ) -> None:
        super().__init__(impersonate="chrome", **options)
        self.counts: Counter[str] = Counter()
        """Requests sent, by the name of the operation."""
        self._budget = budget
        self._now = now
        self._timeout = timeout
        self._operation: Operation | None = None

    @contextmanager
    def operation(self, name: str) -> Iterator[Operation]:
        self._operation = Operation(name, time.monotonic() + self._timeout)
        try:
            yield self._operation
        finally:
            self._operation = None

    def request(self, method: Any, url: str, **options: Any) -> Response:  # type: ignore[override]
        operation = self._operation
        if operation is None:
            raise LeftAloneError
        now, left = self._now(), operation.ends - time.monotonic()
        operation.exhausted_for = self._budget.exhausted_for(now)
        operation.too_slow = left <= 0 and not operation.over
        spent = len(operation.packets) >= MOST_PACKETS or operation.too_slow
        if operation.over or spent or operation.exhausted_for:
            raise LeftAloneError
        asked = options.get("timeout")
        options["timeout"] = min(asked, left) if isinstance(asked, int | float) else left
        self._budget.spend(now)
        self.counts[operation.name] += 1
        address = urlsplit(url)
        host, path = address.hostname or "", address.path
        try:
            response = super().request(method, url, **options)
        except RequestException as error:
            operation.packets.append(Packet(host, path, None, error))
            operation.over = host.startswith(DATA_HOST)
            raise
        self._note(operation, host, path, response, now)
        return response

    def _note(self, operation: Operation, host: str, path: str, response: Response, now: float) -> None:
        status = response.status_code
        packet = Packet(host, path, status, None, _seconds_named(response, now))
        operation.packets.append(packet)
        operation.server_time = _date_of(response) or operation.server_time
        of_yahoo = host.startswith(DATA_HOST)
        if status == HTTPStatus.TOO_MANY_REQUESTS or (
            of_yahoo and status >= HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            operation.over = True
            return
        if packet.of_data:
            # A refused token is worth one more attempt with a new one, and so is nothing else.
            operation.over = status >= HTTPStatus.BAD_REQUEST and status not in SIGN_IN
        elif path.endswith(CRUMB_PATH) and not _is_crumb(response):
            # yfinance takes whatever stands there, an error message too, and would sign with it from now on.
            raise LeftAloneError


def _is_crumb(response: Response) -> bool:
    text = response.text
    tidy = 0 < len(text) <= LONGEST_CRUMB and not any(sign in text for sign in " <>{}\n\r")
    return response.status_code == HTTPStatus.OK and tidy


def _date_of(response: Response) -> datetime | None:
    return _date(response.headers.get("Date"))


def _date(text: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(text or "")
    except ValueError:
        return None


def _seconds_named(response: Response, now: float) -> float | None:
    """Retry-After: seconds, or a date."""
    named = response.headers.get("Retry-After")
    if named is None:
        return None
    try:
        seconds = float(named)
    except ValueError:
        date = _date(named)
        return None if date is None else max(0.0, date.timestamp() - now)
    return max(0.0, seconds) if math.isfinite(seconds) else None
