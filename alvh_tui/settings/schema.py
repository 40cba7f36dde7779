"""Every key the settings may hold: its kind, and what is expected of it."""

import shlex
from typing import Any
from urllib.parse import urlsplit

from alvh_tui.settings.model import CHARTS, ESCAPES, NEVER, SEVERITIES, THEMES
from alvh_tui.toml.kinds import Kind, WrongValueError, flag, number, one_of, refused, table, text, texts
from alvh_tui.toml.reader import Key

DAY = 86_400.0
MINUTES_OF_A_DAY = 1_440.0


def within(low: float, high: float) -> Kind:
    def kind(value: Any) -> float:
        if not low <= number(value) <= high:
            raise refused(value)
        return number(value)

    return kind


def address(value: Any) -> str:
    """An http address, without an opinion on what lies behind it."""
    try:
        parts = urlsplit(text(value))
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError as error:
        if isinstance(error, WrongValueError):
            raise
        sound = False
    if not sound:
        raise refused(value)
    return str(value)


def command(value: Any) -> str:
    """A command line that can be taken apart into words."""
    try:
        words = shlex.split(text(value))
    except ValueError as error:
        if isinstance(error, WrongValueError):
            raise
        raise WrongValueError("has a quote that is never closed") from None
    if not words:
        raise WrongValueError("is empty")
    return str(value)


def key_texts(value: Any) -> tuple[str, ...]:
    """Keys of the keyboard; an empty list is an action without one."""
    return () if value == [] else texts(value)


FILE = {
    "screen": Key(table, "a single [screen]"),
    "keys": Key(table, "a single [keys]"),
    "alerts": Key(table, "a single [alerts]"),
}
SCREEN = {
    "theme": Key(one_of(*THEMES), 'a theme in quotes, as theme = "night"'),
    "charts": Key(one_of(*CHARTS), 'a kind of chart in quotes, as charts = "braille"'),
    "private": Key(flag, "private = true or false"),
    "interval": Key(within(1.0, DAY), "seconds from 1 to a day, as interval = 30"),
    "columns": Key(texts, 'names of columns, as columns = ["pnl", "delta"]'),
    "mouse": Key(flag, "mouse = true or false"),
    "ages": Key(flag, "ages = true or false"),
}
ALERTS = {
    "severity": Key(one_of(*SEVERITIES), 'a severity in quotes, as severity = "soon"'),
    "rules": Key(table, "a single [alerts.rules]"),
    "stands": Key(within(0.0, DAY), "seconds from 0 to a day, as stands = 60"),
    "cooldown": Key(within(0.0, MINUTES_OF_A_DAY), "minutes from 0 to a day, as cooldown = 15"),
    "stale": Key(within(1.0, MINUTES_OF_A_DAY), "minutes from 1 to a day, as stale = 10"),
    "amounts": Key(flag, "amounts = true or false"),
    "played": Key(flag, "played = true or false"),
    "bell": Key(flag, "bell = true or false"),
    "terminal": Key(one_of(*ESCAPES), 'a way in quotes, as terminal = "osc9"'),
    "desktop": Key(flag, "desktop = true or false"),
    "command": Key(command, 'a command line in quotes, as command = "my-script --loud"'),
    "webhook": Key(address, 'an address in quotes, as webhook = "https://example.org/hook"'),
    "ntfy": Key(address, 'a topic\'s address in quotes, as ntfy = "https://ntfy.sh/my-topic"'),
    "apprise": Key(texts, 'addresses of the apprise library, as apprise = ["tgram://token/chat"]'),
    "timeout": Key(within(1.0, 120.0), "seconds from 1 to 120, as timeout = 10"),
}
KEY = Key(key_texts, 'a key in quotes or a list of them, as refresh = "r"')
INNER = Key(table, "a name")
"""What stands under a name with points."""
RULE = Key(one_of(*SEVERITIES, NEVER), 'a severity in quotes, as "condor.*" = "act"')
