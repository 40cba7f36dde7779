"""One question asked, its answer checked, and kept where it is good."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from alvh_tui.instruments.calendar import NEW_YORK, sessions_between
from alvh_tui.market.freshness import last_closed
from alvh_tui.market.yahoo.acceptance import check_chain
from alvh_tui.market.yahoo.answers import ClosesAnswer, EventsAnswer, QuoteAnswer
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError, trouble_after
from alvh_tui.market.yahoo.plan import AT_MOST_A_REQUEST, Kind, Plan, Want
from alvh_tui.market.yahoo.reading import chain_in, quotes_in, releases_in
from alvh_tui.market.yahoo.shelf import QUOTE, Shelf
from alvh_tui.market.yahoo.symbols import epoch_of

if TYPE_CHECKING:
    from alvh_tui.market.yahoo.wire import Wire

THE_MAIN_THING = ("^SPX", "^VIX")
WANTED_FOR = 300.0
"""Seconds another program's symbols are asked for along with this one's."""
SETTLES_IN = timedelta(minutes=40)
"""After the close, until a day's bar no longer changes."""
ALL, A_MONTH, A_WEEK = "2y", "1mo", "5d"
REVISED_BY = 0.01
"""Closes that differ by more between two answers have been adjusted: the whole series is asked for anew."""


class Fetcher:
    """What each kind of question does; failures leave the shelf as it was."""

    def __init__(self, wire: "Wire", shelf: Shelf) -> None:
        self._wire = wire
        self._shelf = shelf

    def fetch(self, want: Want, plan: Plan, at: datetime) -> None:
        if want.kind is Kind.QUOTES:
            self._quotes(plan, at)
        elif want.kind is Kind.CHAIN:
            self._chain(want, plan, at)
        elif want.kind is Kind.CLOSES:
            self._closes(want, at)
        else:
            self._events(want, at)

    def _quotes(self, plan: Plan, at: datetime) -> None:
        store, now = self._shelf.store, at.timestamp()
        troubles = store.troubles()
        refused = {key for key, trouble in troubles.items() if trouble.next_try > now}
        others = sorted(store.wanted_since(now - WANTED_FOR) - set(plan.symbols))
        symbols = [symbol for symbol in plan.symbols if QUOTE + symbol not in refused]
        room = -len(symbols) % AT_MOST_A_REQUEST
        symbols += [symbol for symbol in others if QUOTE + symbol not in refused][:room]
        found: dict[str, QuoteAnswer] = {}
        for start in range(0, len(symbols), AT_MOST_A_REQUEST):
            found |= quotes_in(self._wire.quotes(symbols[start : start + AT_MOST_A_REQUEST]), at)
        told = {symbol: answer for symbol, answer in found.items() if _says_something(answer)}
        if not told:
            raise FetchFailedError(Fault.BAD_ANSWER, "an answer without a quote")
        older = {symbol for symbol, answer in told.items() if self._is_older(answer, at)}
        self._shelf.put({QUOTE + symbol: told[symbol] for symbol in told if symbol not in older}, at)
        for symbol in older:
            self._shelf.still_good(QUOTE + symbol, now)
        store.clear_troubles(QUOTE + symbol for symbol in told if QUOTE + symbol in troubles)
        self._say_what_is_missing([symbol for symbol in symbols if symbol not in told], len(symbols), now)

    def _is_older(self, answer: QuoteAnswer, at: datetime) -> bool:
        """Yahoo's servers do not all know the same: a later answer may be an earlier quote."""
        kept = self._shelf.quote(answer.quote.symbol)
        if kept is None or kept.fetched > at:
            return False
        before, now = kept.answer.quote.time, answer.quote.time
        return before is not None and now is not None and now < before

    def _say_what_is_missing(self, missing: list[str], asked: int, now: float) -> None:
        """What never was there is not offered; where much or the main thing is lost, so is the answer."""
        store = self._shelf.store
        lost = [symbol for symbol in missing if self._shelf.quote(symbol) is not None]
        if len(lost) > asked / 2 or any(symbol in THE_MAIN_THING for symbol in lost):
            raise FetchFailedError(Fault.PARTIAL, f"{asked - len(missing)} of {asked} quotes")
        for symbol in missing:
            fault, said = (
                (Fault.PARTIAL, "missing from the answer")
                if symbol in lost
                else (Fault.NOT_OFFERED, "not offered by Yahoo")
            )
            before = store.troubles().get(QUOTE + symbol)
            failure = FetchFailedError(fault, said)
            store.set_trouble(QUOTE + symbol, trouble_after(before, failure, now))

    def _chain(self, want: Want, plan: Plan, at: datetime) -> None:
        if want.expiry is None:
            raise ValueError("a chain is asked for by its expiry")
        payload = self._wire.chain(want.symbol, epoch_of(want.expiry))
        answer = chain_in(payload, want.symbol, want.expiry, at)
        kept = self._shelf.get(want.key)
        last = None if kept is None else kept.answer
        accepted = check_chain(answer, last, plan.held_in(want), at)
        if accepted is None:
            self._shelf.still_good(want.key, at.timestamp())
        else:
            self._shelf.put({want.key: accepted}, at)

    def _closes(self, want: Want, at: datetime) -> None:
        kept = self._shelf.get(want.key)
        known: dict[date, float] = {} if kept is None else dict(kept.answer.closes)
        found = self._final_closes(want.symbol, _period(known, at), at)
        ratios = [found[day] / known[day] for day in found if day in known]
        if any(abs(ratio - 1.0) > REVISED_BY for ratio in ratios):
            known, found = {}, self._final_closes(want.symbol, ALL, at)
        if not found:
            raise FetchFailedError(Fault.BAD_ANSWER, "a history without a close")
        self._shelf.put({want.key: ClosesAnswer(known | found)}, at)

    def _final_closes(self, symbol: str, period: str, at: datetime) -> dict[date, float]:
        """Without the bar of a session that still runs."""
        final = last_closed(at - SETTLES_IN)
        return {day: close for day, close in self._wire.closes(symbol, period) if day <= final}

    @staticmethod
    def lacks_a_close(answer: ClosesAnswer, at: datetime) -> bool:
        """Whether the last session's close has not come yet; some are published late in the evening."""
        return max(answer.closes) < last_closed(at - SETTLES_IN)

    def _events(self, want: Want, at: datetime) -> None:
        today = at.astimezone(NEW_YORK).date()
        rows = self._wire.events(today - timedelta(days=1), today + timedelta(days=4))
        self._shelf.put({want.key: EventsAnswer(releases_in(rows))}, at)


def _says_something(answer: QuoteAnswer) -> bool:
    quote = answer.quote
    return quote.last is not None or quote.ask is not None or quote.bid is not None


def _period(known: Mapping[date, float], at: datetime) -> str:
    if not known:
        return ALL
    gap = sessions_between(max(known), at.astimezone(NEW_YORK).date())
    return A_WEEK if gap <= 4 else A_MONTH if gap <= 18 else ALL
