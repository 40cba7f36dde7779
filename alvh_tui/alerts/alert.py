"""What is told."""

from dataclasses import dataclass
from datetime import datetime

from alvh_tui.changes import Change
from alvh_tui.method.attention import Severity
from alvh_tui.toml.text import printable

URGENCY = {Severity.KNOW: "good to know", Severity.SOON: "soon", Severity.ACT: "act"}
"""In words of a title."""


@dataclass(frozen=True, slots=True)
class Alert:
    severity: Severity
    title: str
    body: str
    rule: str
    about: str
    """A position or a layer; the book or the data as a whole."""
    at: datetime
    key: str
    """What it is told of, whatever its words: the same thing later has the same key."""
    book: str = ""

    def __post_init__(self) -> None:
        """Sources fail in words of their own, and an alert travels to terminals."""
        for name in ("title", "body", "rule", "about", "key", "book"):
            text = getattr(self, name)
            if not text.isprintable():
                object.__setattr__(self, name, printable(text))

    @property
    def headline(self) -> str:
        return f"{self.book}: {self.title}" if self.book else self.title

    @property
    def text(self) -> str:
        """All of it on one line."""
        return f"{self.title}: {self.body}" if self.body else self.title


def at_a_glance(alert: Alert) -> str:
    """For a line that comes and goes: what is the matter rather than how urgent it is."""
    if not alert.body or alert.title != f"{alert.about}: {URGENCY[alert.severity]}":
        return alert.title
    return f"{alert.about}: {alert.body.removesuffix(f' ({alert.rule})')}"


def change_of(alert: Alert) -> Change:
    """As a line of what has changed."""
    state = alert.severity.name.lower()
    text = alert.text.removeprefix(f"{alert.about}: {URGENCY[alert.severity]}: ")
    return Change(alert.at, "alert", alert.about, None, state, text, alert.rule)


def key_of(rule: str, about: str, number: int = 0) -> str:
    return f"{rule}|{about}|{number}"
