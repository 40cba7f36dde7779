"""The terminal's bell, and its notifications by escape sequence."""

import os
from collections.abc import Callable, Mapping

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Fault
from alvh_tui.settings.model import AlertSettings
from alvh_tui.toml.text import printable

BELL = "\a"
LONGEST = 200
"""Characters; terminals cut what they show much earlier."""
SIGNED = "alvh: "
"""Text that begins with a number would be a command to some terminals."""

Write = Callable[[str], None]


def escapes(alert: Alert, settings: AlertSettings, environment: Mapping[str, str]) -> str:
    """What is written to the terminal for an alert; empty where it is not asked for."""
    found = BELL if settings.bell else ""
    if settings.terminal == "osc9":
        found += _through(f"\x1b]9;{_plain(SIGNED + alert.headline)}: {_plain(alert.body)}\a", environment)
    elif settings.terminal == "osc777":
        title, body = _plain(SIGNED + alert.headline), _plain(alert.body)
        found += _through(f"\x1b]777;notify;{title};{body}\a", environment)
    return found


def _plain(text: str) -> str:
    """Nothing that could end the sequence or divide it."""
    return printable(text).replace(";", ",")[:LONGEST]


def _through(sequence: str, environment: Mapping[str, str]) -> str:
    """tmux hands on what is wrapped for it, where its allow-passthrough is on."""
    if not environment.get("TMUX"):
        return sequence
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


class TerminalChannel:
    name = "terminal"

    def __init__(self, settings: AlertSettings, write: Write) -> None:
        self._settings, self._write = settings, write

    def send(self, alert: Alert) -> Fault | None:
        try:
            self._write(escapes(alert, self._settings, os.environ))
        except (OSError, ValueError) as error:
            return Fault(f"the terminal cannot be written to ({error})", lasting=True)
        return None
