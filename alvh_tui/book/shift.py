"""Moves a book to another day, so that a sample is valid whenever it is opened.

Dates of the past keep their distance from today in sessions. Expiries keep their class and, as nearly as
the calendar allows, their days to expiry: a Friday of SPXW stays the last session of a week, a monthly VIX
settlement a monthly one. All of a class move by the same number of weeks or months, which keeps their order.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from alvh_tui.instruments.calendar import (
    add_sessions,
    expiries,
    is_monthly_expiry,
    is_session,
    is_vix_settlement,
    monthly_expiry,
    next_session,
    previous_session,
    sessions_between,
    vix_settlement,
)
from alvh_tui.instruments.roots import Family, known_roots, root_named

_ROOTS = "|".join(sorted(known_roots(), key=len, reverse=True))
_ISO = r"\d{4}-\d{2}-\d{2}"
_WRITTEN = re.compile(
    rf"(?P<root>\b[A-Z]{{1,6}})(?P<gap>[ \t]+)(?P<expiry>{_ISO})(?![\d-])"
    rf"|(?P<osi_root>(?<![A-Z])(?:{_ROOTS}))(?P<osi_gap> *)(?P<osi>\d{{6}})(?=[CP]\d|(?!\d))"
    rf"|(?<![\d-])(?P<day>{_ISO})(?![\d-])"
)
_REACH = timedelta(days=14)
_FRIDAY = 4
_WORST = 10_000
_DAYS_IN = {"week": 7.0, "month": 30.44}
_Move = Callable[[int], date]
"""Where an expiry goes when its class moves on by that many weeks or months."""


def shift_book_text(text: str, anchor: date, today: date) -> str:
    """The book as it would have been written `today` instead of on the anchor day; comments move with it."""
    shift = _Shift(anchor, today, _legs_in(text))
    return _WRITTEN.sub(shift.rewritten, text)


def _legs_in(text: str) -> set[tuple[str, date]]:
    found = set()
    for match in _WRITTEN.finditer(text):
        root, day = match["root"] or match["osi_root"], _day(match["expiry"]) or _compact_day(match["osi"])
        if root and day:
            found.add((root, day))
    return found


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None


def _compact_day(text: str | None) -> date | None:
    return None if text is None else _day(f"20{text[:2]}-{text[2:4]}-{text[4:]}")


class _Shift:
    def __init__(self, anchor: date, today: date, legs: set[tuple[str, date]]) -> None:
        self.anchor = anchor
        self.today = today
        self.session = today if is_session(today) else previous_session(today)
        ahead = [(move, day) for root, day in legs if day > anchor and (move := _move_of(root, day))]
        self.steps = {
            unit: self._steps(unit, [(move, day) for (its_unit, move), day in ahead if its_unit == unit])
            for unit in _DAYS_IN
        }

    def rewritten(self, match: re.Match[str]) -> str:
        if (day := _day(match["expiry"])) is not None:
            return f"{match['root']}{match['gap']}{self.expiry(match['root'], day)}"
        if (day := _compact_day(match["osi"])) is not None:
            return f"{match['osi_root']}{match['osi_gap']}{self.expiry(match['osi_root'], day):%y%m%d}"
        if (day := _day(match["day"])) is not None:
            return self.past(day).isoformat()
        return match[0]

    def past(self, day: date) -> date:
        """As many sessions from today as the day was from the anchor."""
        return add_sessions(self.session, sessions_between(self.anchor, day))

    def expiry(self, root: str, day: date) -> date:
        if day <= self.anchor:
            return self.past(day)
        if (found := _move_of(root, day)) is not None:
            unit, move = found
            return move(self.steps[unit])
        target = self._target(day)
        listed = expiries(root, max(self.today + timedelta(days=1), target - _REACH), target + _REACH)
        return min(listed, key=lambda other: (abs(other - target), other), default=next_session(target))

    def _target(self, day: date) -> date:
        """The day with as many days to go."""
        return self.today + (day - self.anchor)

    def _steps(self, unit: str, moves: list[tuple[_Move, date]]) -> int:
        """How many weeks or months bring these expiries nearest to their days to go, none of them past."""

        def miss(steps: int) -> int:
            moved = [(move(steps), self._target(day)) for move, day in moves]
            past = sum(expiry <= self.today for expiry, _ in moved)
            return past * _WORST + sum(abs((expiry - target).days) for expiry, target in moved)

        guess = round((self.today - self.anchor).days / _DAYS_IN[unit])
        return min(range(guess - 1, guess + 3), key=miss)


def _move_of(root: str, day: date) -> tuple[str, _Move] | None:
    """The class of an expiry that moves by weeks or months; None for one that goes to the nearest listed."""
    family = root_named(root).family
    if root == "SPX" and is_monthly_expiry(day):
        return "month", lambda steps: monthly_expiry(*_month_of(day, steps))
    if family in (Family.VIX, Family.VIX_FUTURE) and is_vix_settlement(day):
        return "month", lambda steps: vix_settlement(*_month_of(day, steps))
    if family is Family.INDEX and day == _end_of_week(day):
        return "week", lambda steps: _end_of_week(day + timedelta(weeks=steps))
    return None


def _month_of(day: date, steps: int) -> tuple[int, int]:
    number = day.year * 12 + day.month - 1 + steps
    return number // 12, number % 12 + 1


def _end_of_week(day: date) -> date:
    """The last session of the week."""
    friday = day + timedelta(days=_FRIDAY - day.weekday())
    return friday if is_session(friday) else previous_session(friday)
