"""Calendar time in minutes, the clock implied vols are quoted under."""

from datetime import UTC, datetime, timedelta

MINUTES_A_YEAR = 525_600

_MINUTE = timedelta(minutes=1)


def years_between(now: datetime, then: datetime) -> float:
    """Minutes from now to then over 525,600; negative when then is past."""
    if now.utcoffset() is None or then.utcoffset() is None:
        raise ValueError("time to expiry needs instants with a time zone; one of these has none")
    # Two datetimes of one zone subtract by their wall clocks and lose the hour of a clock change.
    return (then.astimezone(UTC) - now.astimezone(UTC)) / _MINUTE / MINUTES_A_YEAR
