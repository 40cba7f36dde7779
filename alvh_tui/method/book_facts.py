"""Rules of the book that trigger a layer, over the sessions of the history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np

from alvh_tui.book.model import Book, Condor, Leg, net_legs
from alvh_tui.method.arrays import Floats
from alvh_tui.method.closes import Closes
from alvh_tui.method.triggers import SHORT_PUT_ITM, BookFact, BookFacts
from alvh_tui.method.verdict import Flags, judged
from alvh_tui.risk.positions import axis_unit


def book_facts(book: Book, closes: Closes) -> BookFacts:
    """Where a short put of a condor then held was in the money, the lower breakeven passed as well.

    The threshold is that of the condor the index is deepest beyond, else of the one it is nearest to.
    """
    spx = closes.column("spx")
    inside = np.zeros(len(spx), dtype=bool)
    beyond, ahead = np.full(len(spx), np.nan), np.full(len(spx), np.nan)
    for condor in book.condors:
        met, line = _short_put_itm(condor, closes, spx)
        inside |= met
        beyond, ahead = np.fmax(beyond, np.where(met, line, np.nan)), np.fmax(ahead, line)
    line = np.where(inside, beyond, ahead)
    return {SHORT_PUT_ITM: BookFact(judged(inside, np.isfinite(spx)), spx, line)}


def _short_put_itm(condor: Condor, closes: Closes, spx: Floats) -> tuple[Flags, Floats]:
    """From the opening to the expiry, each adjustment counting from its own day; and the level of SPX below
    which it is met."""
    found, lines = np.zeros(len(spx), dtype=bool), np.full(len(spx), np.nan)
    unit = axis_unit(condor)
    for time in _times(condor):
        start = closes.days.searchsorted(np.datetime64(time.first))
        rows = slice(start, closes.days.searchsorted(np.datetime64(time.last), side="right"))
        level = spx[rows] * unit
        found[rows] = (level < time.strike) & (_result(time.legs, time.cash, level) < 0.0)
        lines[rows] = time.line / unit
    return found, lines


@dataclass(frozen=True, slots=True)
class _Time:
    """Days over which a condor stood as it was, short a put."""

    first: date
    last: date
    legs: tuple[Leg, ...]
    cash: float
    strike: float
    """Of its highest short put."""
    line: float
    """The level from which down it is met."""


@lru_cache(maxsize=1024)
def _times(condor: Condor) -> tuple[_Time, ...]:
    """Worked out once: a refresh changes the market, not the book."""
    changes = [
        (condor.opened_on, condor.legs, condor.credit * condor.multiplier * condor.contracts_in(condor.legs))
    ]
    changes.extend((_day(adjust.on), adjust.legs, adjust.cash) for adjust in condor.adjustments)
    changes.sort(key=lambda change: change[0])
    legs: tuple[Leg, ...] = ()
    cash = 0.0
    times: list[_Time] = []
    for place, (start, traded, received) in enumerate(changes):
        legs, cash = net_legs((*legs, *traded)), cash + received
        end = changes[place + 1][0] if place + 1 < len(changes) else date.max
        last = min(end - timedelta(days=1), _last_day(legs))
        strike = _short_put(legs)
        if strike is not None and start <= last:
            times.append(_Time(start, last, legs, cash, strike, _line(legs, cash, strike)))
    return tuple(times)


def _last_day(legs: tuple[Leg, ...]) -> date:
    """The last session at whose close the legs still live."""
    days = [
        contract.expiry - timedelta(days=1) if contract.spec.settles_at_open else contract.expiry
        for contract in (leg.contract for leg in legs)
        if contract.expiry is not None
    ]
    return min(days, default=date.min)


def _short_put(legs: tuple[Leg, ...]) -> float | None:
    puts = [leg for leg in legs if leg.contract.right == "P" and leg.quantity < 0]
    return max((leg.contract.strike for leg in puts if leg.contract.strike is not None), default=None)


def _result(legs: tuple[Leg, ...], cash: float, level: Floats) -> Floats:
    """The profit or loss if the index stayed at that level."""
    result = np.full(len(level), cash)
    for leg in legs:
        if leg.contract.strike is not None:
            sign = 1.0 if leg.contract.right == "C" else -1.0
            worth = np.maximum(sign * (level - leg.contract.strike), 0.0)
            result += leg.quantity * leg.contract.multiplier * worth
    return result


def _line(legs: tuple[Leg, ...], cash: float, strike: float) -> float:
    """The first level from the short put down below which there is a loss; NaN where there is none."""
    below = {leg.contract.strike for leg in legs if leg.contract.strike is not None}
    corners = np.array([strike, *sorted((k for k in below if k < strike), reverse=True), 0.0])
    results = _result(legs, cash, corners)
    if results[0] < 0.0:
        return strike
    losing = np.flatnonzero(results < 0.0)
    if not len(losing):
        return float("nan")
    upper, lower = losing[0] - 1, losing[0]
    share = results[upper] / (results[upper] - results[lower])
    return float(corners[upper] + share * (corners[lower] - corners[upper]))


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
