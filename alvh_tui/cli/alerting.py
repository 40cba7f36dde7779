"""Alerts of a command without a screen: where they go, and what became of them."""

import sys
from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alvh_tui.alerts.delivery import Delivery
    from alvh_tui.changes import Change
    from alvh_tui.settings import AlertSettings

BETWEEN_LOOKS = 0.1
"""Seconds between two looks at the signals while alerts are on their way."""


def terminal_writer() -> "Callable[[str], None] | None":
    """Of standard error, as somebody may read standard output; None where that is no terminal."""
    if not sys.stderr.isatty():
        return None

    def write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()

    return write


def delivery_of(settings: "AlertSettings", tell: "Callable[[Change], None]", *, played: bool) -> "Delivery":
    """Where a channel fails, or works again, that is a change like others."""
    from alvh_tui.alerts.delivery import Delivery, channels_of
    from alvh_tui.changes import Change
    from alvh_tui.instruments.calendar import NEW_YORK

    def on_fault(channel: str, reason: str) -> None:
        was, now = ("fine", "failed") if reason else ("failed", "fine")
        at = datetime.now(NEW_YORK)
        tell(Change(at, "alert", channel, was, now, reason or "delivers again"))

    return Delivery(channels_of(settings, write=terminal_writer(), played=played), on_fault)


def wait_for(delivery: "Delivery", seconds: float, is_ended: Callable[[], bool]) -> None:
    """Waits for alerts on their way, unless the user wants to end."""
    until = monotonic() + seconds
    while not delivery.close(BETWEEN_LOOKS) and monotonic() < until and not is_ended():
        pass
