"""Reads one condor or hedge with its adjustments, each rule of the position file in its place.

A position with something wrong in it may still be handed back: whoever finds a problem drops the book.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alvh_tui.book.legs import strike_text
from alvh_tui.book.model import Adjustment, Condor, Hedge, Leg
from alvh_tui.book.schema import CONDOR, CONDOR_ADJUST, HEDGE, HEDGE_ADJUST
from alvh_tui.book.structure import (
    Fault,
    Held,
    closing_direction,
    condor_fault,
    hedge_fault,
    size_fault,
    stranger_fault,
    trade,
    wider_wing,
)
from alvh_tui.book.trades import (
    Money,
    flat,
    is_before,
    read_credit,
    read_legs,
    read_moment,
    report_after_expiry,
)
from alvh_tui.toml.problem import Severity
from alvh_tui.toml.reader import Keys, Table


@dataclass(frozen=True, slots=True)
class _Sort:
    """In what a condor and a hedge differ."""

    keys: Keys
    adjust_keys: Keys
    money: Money
    contracts_in: Callable[[Sequence[Leg]], int]
    opening_fault: Callable[[Sequence[Leg]], Fault | None]
    adjusting_fault: Callable[[Sequence[Leg]], Fault | None]
    """Of everything traded so far."""


_CONDOR = _Sort(CONDOR, CONDOR_ADJUST, "credit", Condor.contracts_in, condor_fault, stranger_fault)
_HEDGE = _Sort(HEDGE, HEDGE_ADJUST, "debit", Hedge.contracts_in, hedge_fault, size_fault)


def read_condor(table: Table) -> Condor | None:
    """The condor of a [[condor]] table, where its essentials can be read."""
    found = _read_position(table, _CONDOR)
    if found is None:
        return None
    wing, credit = wider_wing(found["legs"]), found["credit"]
    if not 0 < credit < wing:
        what = f"{credit:g} cannot be the credit of a condor with a wing of {strike_text(wing)} points"
        at = "credit" if "credit" in table else "legs"
        table.report(at, what=what, expected=f"expected more than 0 and less than {strike_text(wing)}")
    return Condor(**found)


def read_hedge(table: Table) -> Hedge | None:
    """The hedge of a [[hedge]] table, where its essentials can be read."""
    found = _read_position(table, _HEDGE)
    return Hedge(**found) if found and "layer" in found else None


def _read_position(table: Table, sort: _Sort) -> dict[str, Any] | None:
    """What the model wants to know, by its names; None where id, legs, credit or time cannot be had."""
    values = table.read(sort.keys)
    groups = read_legs(table, values, of_any_day=True)
    legs = flat(groups) if groups else None
    fault = sort.opening_fault(legs) if legs else None
    if fault:
        table.report("legs", what=fault[0], expected=fault[1])
        legs = None
    credit = read_credit(table, values, sort.keys, sort.money, legs, sort.contracts_in)
    opened = read_moment(values, "opened")
    report_after_expiry(table, "opened", opened, legs or ())
    adjustments = _Adjustments(table, sort, legs, credit, opened).read()
    if legs is None or credit is None or opened is None or "id" not in values:
        return None
    plain = {key: values[key] for key in values.keys() - {"adjust", "debit"}}
    read = {"legs": legs, "credit": credit, "opened": opened, "adjustments": adjustments, "line": table.line}
    return plain | read


class _Adjustments:
    """Reads a position's adjustments in their order, keeping count of what is open."""

    def __init__(
        self,
        position: Table,
        sort: _Sort,
        legs: Sequence[Leg] | None,
        credit: float | None,
        opened: date | datetime | None,
    ) -> None:
        self._position, self._sort = position, sort
        self._legs = legs or ()
        self._closes_by = closing_direction(sort is _CONDOR, credit)
        self._before, self._before_is = opened, "not before the position was opened"
        self._held: Held | None = {leg.contract: leg.quantity for leg in legs} if legs else None

    def read(self) -> tuple[Adjustment, ...]:
        found = [self._one(table) for table in self._position.tables("adjust")]
        if self._held is not None and not any(self._held.values()):
            what = "has nothing open after its adjustments"
            self._position.report(
                what=what, expected="expected it under [[closed]]", severity=Severity.WARNING
            )
        return tuple(adjustment for adjustment in found if adjustment)

    def _one(self, table: Table) -> Adjustment | None:
        values = table.read(self._sort.adjust_keys)
        groups = read_legs(table, values)
        legs = flat(groups) if groups else None
        contracts_in = self._sort.contracts_in
        credit = read_credit(table, values, self._sort.adjust_keys, self._sort.money, legs, contracts_in)
        on = self._moment(table, values)
        report_after_expiry(table, "date", on, legs or ())
        self._carry(table, groups)
        if on is None or credit is None or legs is None:
            return None
        return Adjustment(on, legs, credit, contracts_in(legs), values.get("why", ""))

    def _moment(self, table: Table, values: Mapping[str, Any]) -> date | datetime | None:
        on = read_moment(values, "date")
        if on is None:
            return None
        if self._before is not None and is_before(on, self._before):
            table.report(
                "date", what=f"{on} is before {self._before}", expected=f"expected {self._before_is}"
            )
        self._before, self._before_is = on, "adjustments in the order they were made"
        return on

    def _carry(self, table: Table, groups: Sequence[Sequence[Leg]] | None) -> None:
        """Carries the trade into what is open; from the first one that cannot be, nobody knows what is."""
        if groups is None or self._held is None:
            self._held = None
            return
        traded = tuple(leg for group in groups for leg in group)
        fault = self._sort.adjusting_fault((*self._legs, *traded))
        fault = fault or trade(self._held, groups, closes_by=self._closes_by)
        if fault:
            table.report("legs", what=fault[0], expected=fault[1])
            self._held = None
