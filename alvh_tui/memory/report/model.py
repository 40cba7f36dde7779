"""What the steward's report says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from alvh_tui.book.model import Layer


class Answer(StrEnum):
    """What followed on a trigger."""

    IN_TIME = "in time"
    """Contracts were added by the close of the next session."""
    LATE = "late"
    NONE = "none"
    NOT_DUE = "not due"
    """Nothing was to be added: enough was held, a cap forbade it, or no condor was there to protect."""
    OPEN = "open"
    """The next session has not closed yet, or nothing has been seen since."""
    PASSED = "passed"
    """The trigger was over before the next session had closed."""


@dataclass(frozen=True, slots=True)
class Addition:
    """Contracts added to a layer."""

    seq: int
    """Of its entry in the journal."""
    layer: Layer
    position: str
    on: date
    contracts: int | None
    state: str | None
    """Of the layer then; None where nothing was recorded that could tell."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A layer that was triggered, and what was done."""

    seq: int
    layer: Layer
    on: date
    """The session it was triggered in."""
    seen: datetime
    """When a program first saw it; later than that session where none was watching."""
    until: datetime | None
    """When it was no longer triggered; None where it still is."""
    rules: tuple[str, ...]
    held: int | None
    target: tuple[int, int] | None
    answer: Answer
    answered_on: date | None
    contracts: int | None
    """Added while it was triggered."""


@dataclass(frozen=True, slots=True)
class CapExceeded:
    cap: str
    of: str
    """A layer, or the book."""
    since: datetime
    until: datetime | None
    """None where it still is."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    seq: int
    at: datetime
    changes: Mapping[str, tuple[Any, Any]]
    """Old and new value by key; None is not set."""
    triggered: tuple[str, ...]
    """The layers that were triggered then."""
    reasons: tuple[str, ...]
    confirmed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """A change of the rules that waits for people to confirm it."""

    seq: int
    since: datetime
    text: str
    confirmed_by: tuple[str, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class HedgeCost:
    """What the position file says was paid for hedges and received for condors, without fees."""

    paid: float
    credit: float

    @property
    def share(self) -> float | None:
        return self.paid / self.credit if self.credit > 0.0 else None


@dataclass(frozen=True, slots=True)
class Realised:
    position: str
    kind: str
    how: str
    """Told by the file, closed by trades, or settled."""
    on: date
    result: float | None
    """Dollars without fees; None where nobody saw what it settled at."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Sessions in which nothing was recorded."""

    first: date
    last: date
    sessions: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the time there is anything to go by."""

    first: date
    last: date
    sessions: int
    seen: int
    to_the_close: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What people wrote."""

    acknowledgements: int
    notes: int
    by: tuple[str, ...]
    unexplained: int
    """Changes of the rules for which nobody has given a reason."""


@dataclass(frozen=True, slots=True)
class StewardsReport:
    book: str
    at: datetime
    coverage: Coverage | None
    """None where nothing has been recorded."""
    triggers: tuple[Trigger, ...]
    additions: tuple[Addition, ...]
    """While the layer was triggered."""
    chased: tuple[Addition, ...]
    """While it was not."""
    unjudged: tuple[Addition, ...]
    """While nothing was recorded."""
    caps: tuple[CapExceeded, ...]
    rule_changes: tuple[RuleChange, ...]
    pending: Pending | None
    cost: HedgeCost | None
    """None where there is no book to read."""
    realised: tuple[Realised, ...]
    words: Words

    @property
    def answered(self) -> tuple[Trigger, ...]:
        return tuple(t for t in self.triggers if t.answer is Answer.IN_TIME)

    @property
    def due(self) -> tuple[Trigger, ...]:
        """Those that called for something and had their session."""
        judged = (Answer.IN_TIME, Answer.LATE, Answer.NONE)
        return tuple(t for t in self.triggers if t.answer in judged)

    @property
    def under_fire(self) -> tuple[RuleChange, ...]:
        """Changed while a layer was triggered."""
        return tuple(change for change in self.rule_changes if change.triggered)
