"""The market's own clock: live, or played back at a speed, with pauses."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from alvh_tui.instruments.calendar import NEW_YORK


class Clock(Protocol):
    """What time it is in the market one looks at, and how fast it passes there."""

    def now(self) -> datetime: ...

    @property
    def speed(self) -> float:
        """Seconds of the market to a second of life: 1 live, 0 while paused."""
        ...


class LiveClock:
    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(NEW_YORK)


@dataclass(frozen=True, slots=True)
class Playback:
    """A stretch of market time played from one moment on; every change makes a new one from `now` on."""

    since: datetime
    """The moment of life from which this holds."""
    start: datetime
    """The market's moment then."""
    speed: float = 1.0
    paused: bool = False

    def moment(self, now: datetime) -> datetime:
        """What time it is in the market; it never runs backwards by itself."""
        passed = max(now - self.since, timedelta(0))
        return self.start if self.paused else self.start + passed * self.speed

    def pause(self, now: datetime) -> "Playback":
        return replace(self, since=now, start=self.moment(now), paused=True)

    def resume(self, now: datetime) -> "Playback":
        return replace(self, since=now, start=self.moment(now), paused=False)


class PlayedClock:
    """A playback that can be held while others read it."""

    def __init__(self, playback: Playback, life: Callable[[], datetime]) -> None:
        self._playback = playback
        self._life = life

    @property
    def playback(self) -> Playback:
        return self._playback

    @property
    def speed(self) -> float:
        return 0.0 if self._playback.paused else self._playback.speed

    def now(self) -> datetime:
        return self._playback.moment(self._life())

    def pause(self) -> None:
        self._playback = self._playback.pause(self._life())

    def resume(self) -> None:
        self._playback = self._playback.resume(self._life())
