"""When the exchange is open, and on which days and at which minute each root expires.

Sessions come from the `holidays` package; every expiry is derived from them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from alvh_tui.instruments.roots import Family, root_named

NEW_YORK = ZoneInfo("America/New_York")
KNOWN_YEARS = range(1970, 2100)
"""No date outside these is taken for an expiry; closures further off are anybody's guess."""

OPENS = time(9, 30)
CLOSES = time(16, 0)
CLOSES_EARLY = time(13, 0)
INDEX_OPTIONS_GO_ON = timedelta(minutes=15)
VX_STOPS = time(9, 0)
"""An expiring VIX future trades until 08:00 Chicago on its settlement day."""
PRE_MARKET, POST_MARKET = time(4, 0), time(20, 0)

VIX_DAYS_AHEAD = timedelta(days=30)
"""VIX settles on SPX options that expire this many days later."""
_DAY = timedelta(days=1)
_WEDNESDAY, _FRIDAY, _SATURDAY = 2, 4, 5

SessionState = Literal["open", "pre", "post", "closed", "holiday"]


@dataclass(frozen=True, slots=True)
class _Year:
    sessions: tuple[date, ...]
    open: frozenset[date]
    early: frozenset[date]
    closures: dict[date, str]


@lru_cache(maxsize=256)
def _year(year: int) -> _Year:
    from holidays import financial_holidays

    closures = dict(financial_holidays("XNYS", years=year, expand=False, language="en_US"))
    half_days = financial_holidays("XNYS", years=year, expand=False, categories="half_day")
    start, end = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = (date.fromordinal(n) for n in range(start, end + 1))
    open_days = tuple(day for day in days if day.weekday() < _SATURDAY and day not in closures)
    return _Year(open_days, frozenset(open_days), frozenset(half_days).intersection(open_days), closures)


def is_session(day: date) -> bool:
    return day in _year(day.year).open


def is_early_close(day: date) -> bool:
    return day in _year(day.year).early


def session_close(day: date) -> time:
    """New York time; 13:00 on half days."""
    return CLOSES_EARLY if is_early_close(day) else CLOSES


def closure_name(day: date) -> str | None:
    """Why the exchange is shut on a weekday: Christmas Day."""
    return _year(day.year).closures.get(day)


def next_session(day: date) -> date:
    """The first session after that day."""
    day += _DAY
    while not is_session(day):
        day += _DAY
    return day


def previous_session(day: date) -> date:
    """The last session before that day."""
    day -= _DAY
    while not is_session(day):
        day -= _DAY
    return day


def _sessions_up_to(day: date, base: int) -> int:
    whole = sum(len(_year(year).sessions) for year in range(base, day.year))
    return whole + bisect_right(_year(day.year).sessions, day)


def sessions_between(a: date, b: date) -> int:
    """Sessions after `a` up to and with `b`; negative where `b` is the earlier."""
    base = min(a.year, b.year)
    return _sessions_up_to(b, base) - _sessions_up_to(a, base)


@lru_cache(maxsize=4096)
def add_sessions(day: date, n: int) -> date:
    """The n-th session after that day, or before it where n is negative; the day itself for 0."""
    step = next_session if n > 0 else previous_session
    for _ in range(abs(n)):
        day = step(day)
    return day


def sessions(first: date, last: date) -> tuple[date, ...]:
    """Every session from the first day to the last, both included."""
    found: list[date] = []
    for year in range(first.year, last.year + 1):
        days = _year(year).sessions
        found.extend(days[bisect_left(days, first) : bisect_right(days, last)])
    return tuple(found)


@lru_cache(maxsize=4096)
def third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_FRIDAY - first.weekday()) % 7 + 14)


@lru_cache(maxsize=4096)
def monthly_expiry(year: int, month: int) -> date:
    """The standard SPX expiry: the third Friday, or the session before where that is a holiday."""
    friday = third_friday(year, month)
    return friday if is_session(friday) else previous_session(friday)


def is_monthly_expiry(day: date) -> bool:
    return day == monthly_expiry(day.year, day.month)


def _vix_day_of(wednesday: date) -> date:
    moved = not (is_session(wednesday) and is_session(wednesday + VIX_DAYS_AHEAD))
    return previous_session(wednesday) if moved else wednesday


@lru_cache(maxsize=4096)
def vix_settlement(year: int, month: int) -> date:
    """The monthly one: 30 days before the next month's third Friday, or earlier where a holiday moves it."""
    following = third_friday(year + month // 12, month % 12 + 1)
    return _vix_day_of(following - VIX_DAYS_AHEAD)


def is_vix_settlement(day: date) -> bool:
    return day == vix_settlement(day.year, day.month)


@lru_cache(maxsize=4096)
def is_vix_weekly_settlement(day: date) -> bool:
    """A settlement by the same rule in a week that is not the monthly one's."""
    wednesday = day + timedelta(days=(_WEDNESDAY - day.weekday()) % 7)
    return _vix_day_of(wednesday) == day and not is_vix_settlement(day)


@lru_cache(maxsize=4096)
def settlement_instant(root: str, day: date) -> datetime:
    """The minute the contract becomes cash."""
    at = OPENS if root_named(root).settles_at_open else session_close(day)
    return datetime.combine(day, at, NEW_YORK)


@lru_cache(maxsize=4096)
def last_trade_instant(root: str, day: date) -> datetime:
    """The last minute the expiring contract trades."""
    spec = root_named(root)
    if spec.family is Family.VIX_FUTURE:
        return datetime.combine(day, VX_STOPS, NEW_YORK)
    if not spec.settles_at_open:
        return settlement_instant(root, day)
    before = previous_session(day)
    return datetime.combine(before, session_close(before), NEW_YORK) + INDEX_OPTIONS_GO_ON


def is_expiry(root: str, day: date) -> bool:
    """Whether the root lists this day; an equity may list any session."""
    if root == "SPX":
        return is_monthly_expiry(day)
    if root == "VIX":
        return is_vix_settlement(day)
    if root == "VIXW":
        return is_vix_weekly_settlement(day)
    if root_named(root).family is Family.VIX_FUTURE:
        return is_vix_settlement(day) or is_vix_weekly_settlement(day)
    return is_session(day)


def expiries(root: str, first: date, last: date) -> tuple[date, ...]:
    """Every day the root expires on from the first day to the last, both included."""
    if root == "SPX":
        candidates = (monthly_expiry(year, month) for year, month in _months(first, last))
    elif root == "VIX":
        candidates = (vix_settlement(year, month) for year, month in _months(first, last))
    else:
        candidates = (day for day in sessions(first, last) if is_expiry(root, day))
    return tuple(day for day in candidates if first <= day <= last)


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield number // 12, number % 12 + 1


def expiry_fault(root: str, day: date) -> tuple[str, str] | None:
    """What is wrong with an expiry and what was expected, or None where the root lists that day."""
    if day.year not in KNOWN_YEARS:
        span = f"a date from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}"
        return f"{day} is beyond every exchange calendar", f"expected {span}"
    if is_expiry(root, day):
        return None
    return _what_is_wrong(root, day), f"expected {_what_would_be_right(root, day)}"


def _what_is_wrong(root: str, day: date) -> str:
    if day.weekday() >= _SATURDAY:
        return f"{day} is a {day:%A}"
    if not is_session(day):
        return f"{day} is an exchange holiday ({closure_name(day)})"
    if root == "SPX":
        return f"{day} is not a third Friday, and SPX (AM-settled) expires on no other day"
    if root == "VIXW" and is_vix_settlement(day):
        return f"{day} is the monthly VIX settlement, not a weekly one"
    if root == "VIX" and is_vix_weekly_settlement(day):
        return f"{day} is a weekly VIX settlement, not the monthly one"
    if root_named(root).underlying == "VIX" and day.weekday() == _WEDNESDAY:
        friday = day + VIX_DAYS_AHEAD
        return (
            f"{day} is no settlement day: a holiday on {friday} ({closure_name(friday)}) moves it a session"
        )
    return f"{day}, a {day:%A}, is no {root} settlement day"


def _what_would_be_right(root: str, day: date) -> str:
    reach = timedelta(days=50)
    listed = expiries(root, day - reach, day + reach)
    at = bisect_left(listed, day)
    right = " or ".join(str(near) for near in listed[max(at - 1, 0) : at + 1])
    instead = {"SPX": "SPXW", "VIX": "VIXW", "VIXW": "VIX"}.get(root)
    return f"{instead} {day}, or {root} {right}" if instead and is_expiry(instead, day) else right


def session_state(moment: datetime) -> SessionState:
    """Whether index options trade at that moment; pre and post are the hours around a session."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no session")
    local = moment.astimezone(NEW_YORK)
    day, clock = local.date(), local.time()
    if not is_session(day):
        return "closed" if day.weekday() >= _SATURDAY else "holiday"
    if clock < OPENS:
        return "pre" if clock >= PRE_MARKET else "closed"
    if local < trading_ends(day):
        return "open"
    return "post" if clock < POST_MARKET else "closed"


def trading_ends(day: date) -> datetime:
    """When index options stop on that session: a quarter of an hour after the close."""
    return datetime.combine(day, session_close(day), NEW_YORK) + INDEX_OPTIONS_GO_ON


def minutes_left(moment: datetime) -> float | None:
    """Minutes of the session left until the close; None outside it."""
    local = moment.astimezone(NEW_YORK)
    closes = datetime.combine(local.date(), session_close(local.date()), NEW_YORK)
    left = (closes - local).total_seconds() / 60
    return left if session_state(moment) == "open" and left > 0 else None
