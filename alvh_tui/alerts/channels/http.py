"""Channels that are servers: a webhook, and ntfy."""

import json
from base64 import b64encode
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from alvh_tui import __version__
from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Fault, payload
from alvh_tui.method.attention import Severity

AGENT = f"alvh-tui/{__version__}"
TOO_MANY = 429
SERVER_FAILS = 500
PRIORITIES = {Severity.KNOW: 2, Severity.SOON: 3, Severity.ACT: 5}
"""Of ntfy, from 1 to 5."""


class _NoRedirects(HTTPRedirectHandler):
    """A POST that is redirected would arrive as a GET, without the alert."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def post(address: str, body: bytes, timeout: float) -> Fault | None:
    """JSON to a server; addresses may hold a name and a password."""
    try:
        request = _request(address, body)
        with build_opener(_NoRedirects).open(request, timeout=timeout):
            return None
    except HTTPError as error:
        error.close()
        again = error.code == TOO_MANY or error.code >= SERVER_FAILS
        return Fault(f"{_host(address)} answered {error.code} {error.reason}", lasting=not again)
    except URLError as error:
        return Fault(f"{_host(address)} cannot be reached ({_cause(error.reason)})")
    except (OSError, HTTPException, ValueError) as error:
        return Fault(f"{_host(address)} cannot be reached ({_cause(error)})")


def _request(address: str, body: bytes) -> Request:
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    headers = {"Content-Type": "application/json", "User-Agent": AGENT}
    if user:
        headers["Authorization"] = f"Basic {b64encode(unquote(user).encode()).decode()}"
    return Request(urlunsplit(parts._replace(netloc=host, fragment="")), body, headers, method="POST")


def _host(address: str) -> str:
    return urlsplit(address).hostname or "the server"


def _cause(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


class WebhookChannel:
    name = "webhook"

    def __init__(self, address: str, timeout: float) -> None:
        self._address, self._timeout = address, timeout

    def send(self, alert: Alert) -> Fault | None:
        return post(self._address, payload(alert), self._timeout)


class NtfyChannel:
    name = "ntfy"

    def __init__(self, address: str, timeout: float) -> None:
        parts = urlsplit(address)
        root, _, topic = parts.path.rstrip("/").rpartition("/")
        self._server = urlunsplit(parts._replace(path=f"{root}/", fragment=""))
        self._topic, self._timeout = unquote(topic), timeout

    def send(self, alert: Alert) -> Fault | None:
        """As JSON to its server, as headers could not hold every letter."""
        body = {
            "topic": self._topic,
            "title": alert.headline,
            "message": alert.body or alert.title,
            "priority": PRIORITIES[alert.severity],
        }
        return post(self._server, json.dumps(body, ensure_ascii=False).encode(), self._timeout)
