"""What may be set, and what holds where nothing is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from alvh_tui.toml.problem import Problem, Severity

THEMES = ("night", "day", "clear", "terminal")
CHARTS = ("braille", "blocks", "ascii")
SEVERITIES = ("know", "soon", "act")
NEVER = "never"
ESCAPES = ("none", "osc9", "osc777")


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    theme: str = "night"
    """One of THEMES; "clear" is safe for colour-blind eyes, "terminal" takes the terminal's own colours."""
    charts: str = "braille"
    """One of CHARTS."""
    private: bool = False
    """Amounts are hidden from the start."""
    interval: float | None = None
    """Seconds between two looks in trading hours; None: as the session has it."""
    columns: tuple[str, ...] | None = None
    """Of the book's table; None: as many as fit."""
    mouse: bool = True
    ages: bool = False
    """The age of every figure is shown from the start."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    severity: str = "soon"
    """One of SEVERITIES: what is less severe is not told."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Pattern of a rule's name → the severity it is told from, or NEVER; of several that fit, the last."""
    stands: float = 60.0
    """Seconds a state must have stood to be told, and have stayed away to be told again."""
    cooldown: float = 15.0
    """Minutes between two alerts of one rule about one position or layer."""
    stale: float = 10.0
    """Minutes without sound data, in trading hours and with positions open, that are worth an alert."""
    amounts: bool = False
    """Bodies may hold dollars, contract counts and profit."""
    played: bool = False
    """The demo and recordings are told outside the terminal too."""
    bell: bool = False
    terminal: str = "none"
    """One of ESCAPES: how the terminal is asked for a notification."""
    desktop: bool = False
    command: str | None = None
    webhook: str | None = None
    ntfy: str | None = None
    apprise: tuple[str, ...] = ()
    timeout: float = 10.0
    """Seconds a command or a server is waited for."""


@dataclass(frozen=True, slots=True)
class Settings:
    screen: ScreenSettings = ScreenSettings()
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By action; an empty tuple takes its keys away."""
    alerts: AlertSettings = AlertSettings()
    problems: tuple[Problem, ...] = ()
    path: Path | None = None
    """Where they are read from, whether the file is there or not."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """The line of everything that is set, as screen.columns or keys.refresh."""

    def problem(self, key: str, what: str, expected: str, severity: Severity = Severity.ERROR) -> Problem:
        """One found by a reader who knows more than the file does: keys that clash, columns there are not."""
        return Problem(str(self.path or ""), self.lines.get(key, 1), key, what, expected, severity)


DEFAULT_SETTINGS = Settings()
