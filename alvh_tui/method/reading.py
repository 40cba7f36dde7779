"""One rule as it was read at one time."""

from dataclasses import dataclass
from datetime import date

from alvh_tui.method.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, against what, and whether the rule is met."""

    id: str
    reading: float | None
    threshold: float | None
    verdict: Verdict
    note: str = ""
    on: date | None = None
    """The session it was read in, where that matters."""
