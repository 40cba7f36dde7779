"""Reads what every trade in a position file has: legs, a price per share, a day or moment."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Literal

from alvh_tui.book.legs import LegError, contract_text, parse_legs
from alvh_tui.book.model import Leg
from alvh_tui.instruments.calendar import NEW_YORK, expiry_fault
from alvh_tui.toml.problem import Severity
from alvh_tui.toml.reader import Keys, Table

Groups = tuple[tuple[Leg, ...], ...]
"""The legs of each leg text."""
Money = Literal["credit", "debit"]
CENT = 0.01

_expiry_fault = lru_cache(maxsize=4096)(expiry_fault)


def read_legs(table: Table, values: Mapping[str, Any], *, of_any_day: bool = False) -> Groups | None:
    """The legs of each text, every expiry checked; None where one is wrong (of any day: cannot be read)."""
    if "legs" not in values:
        return None
    texts: tuple[str, ...] = values["legs"]
    groups, sound = [], True
    for number, text in enumerate(texts):
        at = ("legs", number) if len(texts) > 1 else ("legs",)
        try:
            legs = parse_legs(text)
        except LegError as error:
            table.report(*at, what=error.what, expected=error.expected)
            sound = False
            continue
        groups.append(legs)
        expiries = {(leg.contract.root, leg.contract.expiry): None for leg in legs}
        for root, expiry in expiries:
            fault = expiry and _expiry_fault(root, expiry)
            if fault:
                table.report(*at, what=fault[0], expected=fault[1])
                sound = sound and of_any_day
    return tuple(groups) if sound else None


def flat(groups: Groups) -> tuple[Leg, ...]:
    return tuple(chain.from_iterable(groups))


def read_credit(
    table: Table,
    values: Mapping[str, Any],
    keys: Keys,
    money: Money,
    legs: Sequence[Leg] | None,
    contracts_in: Callable[[Sequence[Leg]], int],
) -> float | None:
    """Per share, + received: as written under credit or debit, or summed up where each leg has its price."""
    sign = 1 if money == "credit" else -1
    written = sign * values[money] if money in values else None
    summed = _summed(legs, contracts_in(legs)) if legs else None
    if written is not None and summed is not None and abs(written - summed) > CENT:
        table.report(
            money,
            what=f"is {sign * written:g}, and the legs' own prices make {sign * summed:g}",
            expected=f"expected the two to agree; {sign * written:g} is used",
            severity=Severity.WARNING,
        )
    priced_by_leg = legs is None and any("@" in text for text in values.get("legs", ()))
    if written is None and summed is None and money not in table and not priced_by_leg:
        table.report_missing(money, keys[money])
    return summed if written is None and money not in table else written


def _summed(legs: Iterable[Leg], contracts: int) -> float | None:
    total = 0.0
    for leg in legs:
        if leg.price is None:
            return None
        total -= leg.quantity * leg.price
    return total / contracts


def read_moment(values: Mapping[str, Any], key: str) -> date | datetime | None:
    """The day as it is; a time without offset is New York's, and one with it is carried there."""
    moment: date | datetime | None = values.get(key)
    if not isinstance(moment, datetime):
        return moment
    return moment.replace(tzinfo=NEW_YORK) if moment.tzinfo is None else moment.astimezone(NEW_YORK)


def day_of(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def is_before(one: date | datetime, other: date | datetime) -> bool:
    """By the minute where both have one, else by the day."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day_of(one) < day_of(other)


def report_after_expiry(table: Table, key: str, moment: date | datetime | None, legs: Iterable[Leg]) -> None:
    """A trade cannot be dated after one of its contracts had expired."""
    for leg in legs:
        expiry = leg.contract.expiry
        if moment is not None and expiry is not None and day_of(moment) > expiry:
            what = f"{day_of(moment)} is after {contract_text(leg.contract)} expired"
            table.report(key, what=what, expected=f"expected {expiry} or before")
            return
