"""What can go wrong with an answer, and how long the one who gave it is then left alone."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    LIMITED = "limited"
    """HTTP 429."""
    REFUSED = "refused"
    """HTTP 401 or 403, or no crumb."""
    SERVER = "server"
    TIMEOUT = "timeout"
    OFFLINE = "offline"
    BAD_ANSWER = "bad answer"
    """Malformed, empty, or broken off."""
    PARTIAL = "partial"
    """Less than it gave before: kept out of the last good."""
    VANISHED = "vanished"
    """An expiry that is no longer listed."""
    NOT_OFFERED = "not offered"
    BUDGET = "budget"
    """This program's own limit on requests."""
    CLOCK = "clock"
    CACHE = "cache"


class FetchFailedError(Exception):
    """One operation did not give an answer that can be used."""

    def __init__(self, fault: Fault, said: str, retry_after: float | None = None) -> None:
        super().__init__(said)
        self.fault = fault
        self.said = said
        self.retry_after = retry_after
        """Seconds, where the other side named them."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is failing: since when, how often, and when it is tried again."""

    fault: Fault
    said: str
    since: float
    next_try: float
    strikes: int = 1


HOUR, DAY = 3600.0, 86400.0
PAUSES: dict[Fault, tuple[float, float]] = {
    Fault.LIMITED: (60.0, 1800.0),
    Fault.REFUSED: (300.0, 300.0),
    Fault.SERVER: (30.0, 300.0),
    Fault.TIMEOUT: (15.0, 300.0),
    Fault.OFFLINE: (15.0, 300.0),
    Fault.BAD_ANSWER: (60.0, 600.0),
    Fault.PARTIAL: (120.0, 600.0),
    Fault.VANISHED: (HOUR, HOUR),
    Fault.NOT_OFFERED: (DAY, DAY),
    Fault.BUDGET: (60.0, 60.0),
    Fault.CLOCK: (60.0, 60.0),
    Fault.CACHE: (300.0, 300.0),
}
"""The first pause in seconds and the longest; each one is twice the one before."""
LONGEST_NAMED = 6 * HOUR
"""No Retry-After is taken for longer than this."""

OF_THE_WHOLE = frozenset({Fault.LIMITED, Fault.TIMEOUT, Fault.OFFLINE, Fault.BUDGET})
"""What one operation meets with, every other would: the whole source is left alone."""
SERVER_ERRORS_IN_A_ROW = 3
"""From here on it is the source that is down, not one of its endpoints."""


def trouble_after(previous: Trouble | None, failure: FetchFailedError, now: float) -> Trouble:
    """The trouble once this failure is added to it."""
    strikes = 1 if previous is None else previous.strikes + 1
    first, longest = PAUSES[failure.fault]
    pause = min(first * 2.0 ** min(strikes - 1, 20), longest)
    if failure.retry_after is not None:
        pause = max(pause, min(failure.retry_after, LONGEST_NAMED))
    return Trouble(
        failure.fault, failure.said, now if previous is None else previous.since, now + pause, strikes
    )
