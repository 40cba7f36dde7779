"""How old a figure is, and whether that is fresh, delayed or stale."""

from datetime import date, datetime, timedelta

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    is_session,
    next_session,
    previous_session,
    session_close,
    session_state,
    trading_ends,
)
from alvh_tui.market.types import MarketSnapshot, SourceState

FRESH_FOR = timedelta(minutes=2)
LATE_FOR = timedelta(minutes=5)
"""What a delayed source may lag behind its own declared delay."""
DELAYED_FOR = timedelta(minutes=20)
"""What counts as delayed where a source declares less."""


def age_of(quote_time: datetime | None, snapshot: MarketSnapshot, at: datetime) -> timedelta:
    """Age of a quote; one without a time of its own was true the declared delay before the snapshot."""
    return at - (quote_time or snapshot.time - snapshot.delay)


def source_state(quote_time: datetime | None, at: datetime, delay: timedelta = timedelta(0)) -> SourceState:
    """Judges quotes by their age; outside trading hours those of the last session's end count as delayed.

    A source that does not know how old its quotes are has none to show: stale; so has one whose quotes are
    of a later moment than the one that is looked at.
    """
    if quote_time is None or at - quote_time < -LATE_FOR:
        return SourceState.STALE
    if at - quote_time <= FRESH_FOR:
        return SourceState.FRESH
    allowed = max(delay + LATE_FOR, DELAYED_FOR)
    oldest = at - allowed if session_state(at) == "open" else _close_before(at) - allowed
    return SourceState.DELAYED if quote_time >= oldest else SourceState.STALE


def _close_before(at: datetime) -> datetime:
    day = at.astimezone(NEW_YORK).date()
    if not (is_session(day) and at >= trading_ends(day)):
        day = previous_session(day)
    return close_of(day)


def close_of(day: date) -> datetime:
    """The instant a session closes."""
    return datetime.combine(day, session_close(day), NEW_YORK)


def last_closed(at: datetime) -> date:
    """The last session whose close is past."""
    day = at.astimezone(NEW_YORK).date()
    return day if is_session(day) and close_of(day) <= at else previous_session(day)


def closes_state(last: date, at: datetime) -> SourceState:
    """Daily closes are fresh until a further session has closed, and delayed for the evening of that day."""
    following = next_session(last)
    if at < close_of(following):
        return SourceState.FRESH
    same_day = at.astimezone(NEW_YORK).date() == following
    return SourceState.DELAYED if same_day else SourceState.STALE
