"""In six words how old a figure is; what is derived from several is as old as the worst of them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    OPENS,
    is_session,
    previous_session,
    session_state,
    trading_ends,
)
from alvh_tui.market.freshness import LATE_FOR, close_of

CYCLE = timedelta(minutes=1)
"""Between two answers of a live source, roughly."""


class Age(StrEnum):
    """From best to worst."""

    LIVE = "live"
    DELAYED = "delayed"
    """As late as its source always is."""
    CLOSED = "closed"
    """The last quote of a session that is over: as new as it can be."""
    STALE = "stale"
    """Later than its source should be."""
    OLD = "old"
    """Of a session before the last."""
    NONE = "none"


_WORST_LAST = tuple(Age)


def age_state(
    true_at: datetime | None, at: datetime, delay: timedelta = timedelta(0), cycle: timedelta = CYCLE
) -> Age:
    """Judges a quote that was true at `true_at`, of a source that says it lags by `delay`."""
    if true_at is None:
        return Age.NONE
    age = at - true_at
    if age <= 2 * cycle:
        return Age.LIVE
    is_open = session_state(at) == "open"
    if is_open and age <= delay + LATE_FOR:
        return Age.DELAYED
    began, closed = _session_of(at)
    if true_at < began:
        return Age.OLD
    if not is_open and true_at >= closed - delay - LATE_FOR:
        return Age.CLOSED
    return Age.STALE


def worst(ages: Iterable[Age]) -> Age:
    """What a figure made of such inputs is; of nothing at all, none."""
    return max(ages, key=_WORST_LAST.index, default=Age.NONE)


def _session_of(at: datetime) -> tuple[datetime, datetime]:
    """Open and close of the session that runs, or of the last one."""
    day = at.astimezone(NEW_YORK).date()
    opens = datetime.combine(day, OPENS, NEW_YORK)
    if not (is_session(day) and (session_state(at) == "open" or at >= trading_ends(day))):
        day = previous_session(day)
        opens = datetime.combine(day, OPENS, NEW_YORK)
    return opens, close_of(day)
