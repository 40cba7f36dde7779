"""The kinds of value a key may want: each gives TOML's value as the program wants it, or refuses it."""

from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any

from alvh_tui.toml.statements import Path
from alvh_tui.toml.text import described, quoted, text_fault

LARGEST_NUMBER = 1e12
KNOWN_YEARS = range(2000, 2100)
"""The years a two-digit symbol can name."""

Kind = Callable[[Any], Any]
"""Raises WrongValueError where the value is not of that kind."""


class WrongValueError(ValueError):
    """Its `expected` says more than the key itself does; `at` leads to the part that is wrong."""

    def __init__(self, what: str, expected: str = "", at: Path = ()) -> None:
        super().__init__(what)
        self.what, self.expected, self.at = what, expected, at


def refused(value: Any, expected: str = "", at: Path = ()) -> WrongValueError:
    return WrongValueError(f"is {described(value)}", expected, at)


def text(value: Any) -> str:
    """One line of text."""
    if not isinstance(value, str):
        raise refused(value)
    fault = text_fault(value)
    if fault:
        raise WrongValueError(fault, "expected plain text on one line")
    if not value.strip():
        raise WrongValueError("is empty")
    return value


def note(value: Any) -> str:
    """Text of any length, over several lines if need be."""
    if not isinstance(value, str):
        raise refused(value)
    fault = text_fault(value, many_lines=True)
    if fault:
        raise WrongValueError(fault, "expected plain text")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A text, or a list of them."""
    if isinstance(value, str):
        return (text(value),)
    if not isinstance(value, list):
        raise refused(value)
    if not value:
        raise WrongValueError("is an empty list")
    return tuple(_item(number, part) for number, part in enumerate(value))


def _item(number: int, value: Any) -> str:
    try:
        return text(value)
    except WrongValueError as wrong:
        raise WrongValueError(wrong.what, wrong.expected, (number,)) from None


def number(value: Any) -> float:
    """Any finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(value)
    if abs(value) > LARGEST_NUMBER or not isfinite(value):
        raise refused(value)
    return float(value)


def at_least(low: float) -> Kind:
    def kind(value: Any) -> float:
        if number(value) < low:
            raise refused(value)
        return number(value)

    return kind


def above(low: float) -> Kind:
    def kind(value: Any) -> float:
        if number(value) <= low:
            raise refused(value)
        return number(value)

    return kind


def whole(value: Any) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
        raise refused(value)
    return value


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise refused(value)
    return value


def one_of(*choices: str) -> Kind:
    def kind(value: Any) -> str:
        if value not in choices:
            raise refused(value, f"expected one of {', '.join(map(quoted, choices))}")
        return str(value)

    return kind


def moment(value: Any) -> date | datetime:
    """A day, or a day with its time."""
    if not isinstance(value, date):
        raise refused(value)
    if value.year not in KNOWN_YEARS:
        span = f"expected a year from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}"
        raise refused(value, span)
    return value


def day(value: Any) -> date:
    """A day without a time."""
    found = moment(value)
    if isinstance(found, datetime):
        raise refused(value, f"expected the day alone: {found.date()}")
    return found


def table(value: Any) -> Any:
    """A single table, [name]; read on with `Table.table`."""
    if not isinstance(value, dict):
        raise refused(value)
    return value


def tables(value: Any) -> Any:
    """Tables, [[name]] each; read on with `Table.tables`."""
    if not isinstance(value, list):
        raise refused(value)
    for number, part in enumerate(value):
        if not isinstance(part, dict):
            raise refused(part, at=(number,))
    return value
