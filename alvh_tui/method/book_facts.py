"""Rules of the book that trigger a layer, over the sessions of the history."""

from datetime import date, datetime, timedelta

import numpy as np

from alvh_tui.book.model import Book, Condor, Leg, net_legs
from alvh_tui.method.arrays import Floats
from alvh_tui.method.closes import Closes
from alvh_tui.method.triggers import SHORT_PUT_ITM, BookFacts
from alvh_tui.method.verdict import Flags, judged
from alvh_tui.risk.positions import axis_unit


def book_facts(book: Book, closes: Closes) -> BookFacts:
    """Where a short put of a condor then held was in the money, the lower breakeven passed as well."""
    spx = closes.column("spx")
    inside = np.zeros(len(spx), dtype=bool)
    for condor in book.condors:
        inside |= _short_put_itm(condor, closes, spx)
    return {SHORT_PUT_ITM: judged(inside, np.isfinite(spx))}


def _short_put_itm(condor: Condor, closes: Closes, spx: Floats) -> Flags:
    """From the opening to the expiry, each adjustment counting from its own day."""
    found = np.zeros(len(spx), dtype=bool)
    changes = [
        (condor.opened_on, condor.legs, condor.credit * condor.multiplier * condor.contracts_in(condor.legs))
    ]
    changes.extend((_day(adjust.on), adjust.legs, adjust.cash) for adjust in condor.adjustments)
    changes.sort(key=lambda change: change[0])
    legs: tuple[Leg, ...] = ()
    cash = 0.0
    for place, (start, traded, received) in enumerate(changes):
        legs, cash = net_legs((*legs, *traded)), cash + received
        end = changes[place + 1][0] if place + 1 < len(changes) else date.max
        last = min(end - timedelta(days=1), _last_day(legs))
        rows = (closes.days >= np.datetime64(start)) & (closes.days <= np.datetime64(last))
        found[rows] = _under_water(legs, cash, spx[rows] * axis_unit(condor))
    return found


def _last_day(legs: tuple[Leg, ...]) -> date:
    """The last session at whose close the legs still live."""
    days = [
        contract.expiry - timedelta(days=1) if contract.spec.settles_at_open else contract.expiry
        for contract in (leg.contract for leg in legs)
        if contract.expiry is not None
    ]
    return min(days, default=date.min)


def _under_water(legs: tuple[Leg, ...], cash: float, level: Floats) -> Flags:
    """Below the short put, with a loss if the index stayed there: so below the lower breakeven too."""
    puts = [leg for leg in legs if leg.contract.right == "P" and leg.quantity < 0]
    strikes = [leg.contract.strike for leg in puts if leg.contract.strike is not None]
    if not strikes:
        return np.zeros(len(level), dtype=bool)
    result = np.full(len(level), cash)
    for leg in legs:
        if leg.contract.strike is not None:
            sign = 1.0 if leg.contract.right == "C" else -1.0
            worth = np.maximum(sign * (level - leg.contract.strike), 0.0)
            result += leg.quantity * leg.contract.multiplier * worth
    below: Flags = (level < max(strikes)) & (result < 0.0)
    return below


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
