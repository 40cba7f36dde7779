"""How often anything may be asked: a token bucket, and caps per hour and day that all programs share."""

from collections.abc import Callable
from typing import Protocol

A_SECOND = 0.5
BURST = 8.0
AN_HOUR = 360
A_DAY = 3000


class Ledger(Protocol):
    """Where sent requests are written down, for every program on this machine."""

    def note_sent(self, at: float) -> None: ...

    def sent_since(self, at: float) -> tuple[int, float | None]:
        """How many, and when the first of them."""
        ...


class Budget:
    def __init__(self, ledger: Ledger, monotonic: Callable[[], float]) -> None:
        self._ledger = ledger
        self._monotonic = monotonic
        self._tokens = BURST
        self._filled_at = monotonic()

    def wait(self) -> float:
        """Seconds until the bucket holds a token."""
        self._fill()
        return max(0.0, (1.0 - self._tokens) / A_SECOND)

    def exhausted_for(self, now: float) -> float:
        """Seconds until the hour's and the day's caps leave room; 0 where they do."""
        longest = 0.0
        for cap, span in ((AN_HOUR, 3600.0), (A_DAY, 86400.0)):
            sent, first = self._ledger.sent_since(now - span)
            if sent >= cap and first is not None:
                longest = max(longest, first + span - now, 1.0)
        return longest

    def spend(self, now: float) -> None:
        """One request; what an operation has to send after its first may run into debt."""
        self._fill()
        self._tokens -= 1.0
        self._ledger.note_sent(now)

    def _fill(self) -> None:
        now = self._monotonic()
        self._tokens = min(BURST, self._tokens + max(0.0, now - self._filled_at) * A_SECOND)
        self._filled_at = now
