"""One market snapshot from the last good answers."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import numpy as np

from alvh_tui.instruments.calendar import NEW_YORK, OPENS, is_session, session_state
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.basket import LEAST_COUNTED, count_breadth
from alvh_tui.market.freshness import close_of
from alvh_tui.market.types import Chain, History, Quote
from alvh_tui.market.yahoo.answers import OPTIONS_LATE_BY, ChainAnswer, QuoteAnswer
from alvh_tui.market.yahoo.plan import Plan, Want
from alvh_tui.market.yahoo.shelf import Kept, Shelf
from alvh_tui.market.yahoo.symbols import SERIES, contract_of

STATUS_LATE_BY = timedelta(minutes=20)
SHUT = ("CLOSED", "POSTPOST", "PREPRE")


def chain_answers(plan: Plan, shelf: Shelf) -> list[ChainAnswer]:
    kept = (shelf.get(want.key) for want in plan.chains)
    return [answer.answer for answer in kept if answer is not None]


def chains_of(answers: list[ChainAnswer]) -> dict[tuple[str, date], Chain]:
    chains: dict[tuple[str, date], Chain] = {}
    for answer in answers:
        chains |= answer.timed()
    return dict(sorted(chains.items()))


def quotes_of(plan: Plan, shelf: Shelf, answers: list[ChainAnswer]) -> dict[str, Quote]:
    """Of indices the latest level, whichever answer brought it; of options what is newer than their chain."""
    quotes: dict[str, Quote] = {}
    for symbol in plan.symbols:
        kept = shelf.quote(symbol)
        contract = contract_of(symbol)
        if kept is not None and (contract is None or _beats_chain(kept.answer.quote, contract, answers)):
            quotes[symbol] = kept.answer.quote
    for answer in answers:
        level = None if answer.level is None else answer.level.quote
        if level is not None and level.last is not None and _is_newer(level, quotes.get(level.symbol)):
            quotes[level.symbol] = level
    return quotes


def _is_newer(quote: Quote, other: Quote | None) -> bool:
    if other is None or other.time is None:
        return True
    return quote.time is not None and quote.time > other.time


def _beats_chain(quote: Quote, contract: Contract, answers: list[ChainAnswer]) -> bool:
    listing = [answer for answer in answers if answer.lists(contract)]
    if not listing:
        return True
    return quote.ask is not None and quote.time is not None and quote.time > listing[-1].true_at


class Histories:
    """Joins the series; anew only when one of them has been fetched again."""

    def __init__(self) -> None:
        self._of: dict[str, datetime] = {}
        self._joined: History | None = None

    def joined(self, plan: Plan, shelf: Shelf) -> History | None:
        wants = (*plan.closes, *plan.extras)
        kept = {want.symbol: one for want in wants if (one := shelf.get(want.key)) is not None}
        fetched = {symbol: one.fetched for symbol, one in kept.items()}
        if fetched != self._of:
            closes = {symbol: one.answer.closes for symbol, one in kept.items()}
            own = {want.symbol: closes[want.symbol] for want in plan.closes if want.symbol in closes}
            basket = {want.symbol: closes[want.symbol] for want in plan.extras if want.symbol in closes}
            self._joined = history_of(own)
            if self._joined is not None and basket and len(basket) >= LEAST_COUNTED * len(plan.extras):
                self._joined = _with_breadth(self._joined, count_breadth(basket))
            self._of = fetched
        return self._joined


def _with_breadth(history: History, counted: History) -> History:
    at = {day: row for row, day in enumerate(counted.days.tolist())}
    rows = np.array([at.get(day, -1) for day in history.days.tolist()])
    series = {name: np.append(column, np.nan)[rows] for name, column in counted.series.items()}
    return History(history.days, {**history.series, **series})


def history_of(closes: Mapping[str, Mapping[date, float]]) -> History | None:
    """The series side by side; a day one of them lacks is unknown there."""
    days = [day for day in sorted({day for found in closes.values() for day in found}) if is_session(day)]
    if not days:
        return None
    series = {
        name: np.array([closes[symbol].get(day, np.nan) for day in days])
        for name, symbol in SERIES.items()
        if symbol in closes
    }
    return History(np.array(days, dtype="datetime64[D]"), series)


def newest_fetch(plan: Plan, shelf: Shelf) -> datetime | None:
    """When the newest of the quotes and chains was fetched."""
    kept = [shelf.quote(symbol) for symbol in plan.symbols] + [shelf.get(want.key) for want in plan.chains]
    return max((answer.fetched for answer in kept if answer is not None), default=None)


def delay_of(answers: list[ChainAnswer]) -> timedelta:
    return max((answer.delay for answer in answers), default=OPTIONS_LATE_BY)


def unclear_session(index: Kept | None, at: datetime) -> str | None:
    """Where Yahoo's word on the exchange contradicts the calendar, which is what counts."""
    if index is None or at - index.fetched > STATUS_LATE_BY:
        return None
    answer: QuoteAnswer = index.answer
    if session_state(at) in ("closed", "holiday"):
        wrong = answer.market_state == "REGULAR"
    else:
        day = at.astimezone(NEW_YORK).date()
        opened = datetime.combine(day, OPENS, NEW_YORK) + STATUS_LATE_BY
        wrong = opened <= at < close_of(day) and answer.market_state in SHUT
    said = answer.market_state.lower()
    return f"exchange status unclear: Yahoo says {said}, the calendar {session_state(at)}" if wrong else None


def missing_contracts(plan: Plan, shelf: Shelf) -> dict[Contract, tuple[Want, datetime]]:
    """Options held that a full chain does not list: which chain, and when it was fetched."""
    found = {}
    for want in plan.chains:
        kept = shelf.get(want.key)
        for contract in plan.held_in(want) if kept is not None else ():
            if kept is not None and not kept.answer.lists(contract):
                found[contract] = (want, kept.fetched)
    return found
