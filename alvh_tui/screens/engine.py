"""What the screen needs of the world: something that tells it of each frame and can be asked."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from alvh_tui.screens.shown import Shown

if TYPE_CHECKING:
    from alvh_tui.alerts.alert import Alert
    from alvh_tui.memory.chain import Entry

Tell = Callable[[Shown], None]
Answer = Callable[[str], None]
"""Told what could not be done, or nothing; on a thread of the engine."""


class Engine(Protocol):
    """Runs on threads of its own; each of these calls returns at once."""

    path: Path
    """The position file."""

    def start(self, tell: Tell) -> None:
        """`tell` is called on a thread of the engine."""
        ...

    def stop(self) -> None: ...

    def now(self) -> datetime:
        """The market's time."""
        ...

    def refresh(self) -> None: ...

    def pause(self) -> None: ...

    def resume(self) -> None: ...

    @property
    def paused(self) -> bool: ...

    @property
    def interval(self) -> timedelta: ...

    def set_interval(self, interval: timedelta) -> None: ...

    def draw_for(self, about: Sequence[str]) -> None:
        """Whose pictures are prepared with each frame."""
        ...

    def note(self, words: str, about: str, answer: Answer) -> None: ...

    def acknowledge(self, what: "Entry | Alert", words: str, answer: Answer) -> None: ...

    def snooze(self, alert: "Alert", answer: Answer) -> None: ...

    def mute(self, alert: "Alert", answer: Answer) -> None: ...
