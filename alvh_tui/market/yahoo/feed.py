"""The feed: asks for what is due, keeps what is good, and makes a snapshot of it whatever happens."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from alvh_tui.instruments.calendar import NEW_YORK, session_state
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot
from alvh_tui.market.yahoo.answers import moment
from alvh_tui.market.yahoo.assembly import (
    Histories,
    chain_answers,
    chains_of,
    delay_of,
    missing_contracts,
    newest_fetch,
    quotes_of,
    unclear_session,
)
from alvh_tui.market.yahoo.budget import Budget
from alvh_tui.market.yahoo.faults import (
    HOUR,
    OF_THE_WHOLE,
    SERVER_ERRORS_IN_A_ROW,
    Fault,
    FetchFailedError,
    Trouble,
    trouble_after,
)
from alvh_tui.market.yahoo.fetch import Fetcher
from alvh_tui.market.yahoo.plan import AN_HOUR_AT_MOST, Kind, Plan, Want, due_at, pace_of, plan_of
from alvh_tui.market.yahoo.shelf import CACHE, CLOCK, QUOTE, SIGN_IN, WHOLE, Shelf
from alvh_tui.market.yahoo.sources import CONTRACT, View
from alvh_tui.market.yahoo.symbols import INDEX_SYMBOLS

if TYPE_CHECKING:
    from alvh_tui.market.yahoo.wire import Wire

AT_ONCE = 4
"""Requests a call may send before it shows what it has; cookie, crumb, quotes and a chain on the first."""
PATIENCE = timedelta(minutes=2)
CLAIMED_FOR = 30.0
CLOSES_WITHIN = 0.5
CLOCK_OFF_BY = timedelta(minutes=2)
CLOSES_ASKED_AGAIN = timedelta(hours=2)
"""Where the last session's close was not there yet."""
SIGNED = (Kind.QUOTES, Kind.CHAIN)
"""What Yahoo answers only with a crumb."""
SPARED = {Kind.CLOSES: 900.0, Kind.EVENTS: 6 * HOUR}
"""What changes once a day is not asked for every few minutes, where it keeps failing."""

_log = logging.getLogger(__name__)


class YahooFeed:
    """Yahoo Finance through yfinance; one object for all books of a program."""

    name = "yahoo"

    def __init__(
        self,
        cache_dir: Path,
        *,
        interval: timedelta | None = None,
        basket: Sequence[str] = (),
        at_once: int | None = AT_ONCE,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        session_options: Mapping[str, Any] | None = None,
    ) -> None:
        """`at_once` None: a call fetches all that is due, waiting for the budget where it must.

        The basket is what breadth is counted from, fetched a little at a time outside trading hours.
        """
        self._folder = cache_dir
        self._interval = interval
        self._basket = tuple(basket)
        self._at_once = at_once
        self._monotonic = monotonic
        self._sleep = sleep
        self._options = dict(session_options or {})
        self._shelf = Shelf(cache_dir)
        self._budget = Budget(self._shelf, monotonic)
        self._histories = Histories()
        self._missing_since: dict[Contract, datetime] = {}
        self._wire: Wire | None = None
        self._owner = uuid4().hex
        self._server_errors = 0
        self._began = (datetime.now(NEW_YORK), monotonic())
        self._lock = threading.Lock()

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        """Asks for what is due, within what one call may send, and shows the last good of everything."""
        with self._lock:
            plan = self._begin(contracts, at)
            self._refresh(plan)
            return self._assemble(plan)

    def on_disk(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        """The last good of everything, without a request."""
        with self._lock:
            return self._assemble(self._begin(contracts, at))

    def next_due(self, contracts: Sequence[Contract], at: datetime) -> datetime:
        """When there is something to ask for: at once while the first answers are still coming in."""
        with self._lock:
            plan = self._begin(contracts, at)
            troubles = self._shelf.store.troubles()
            moments = [
                max(self._due(want, plan, at), self._free_at(want, troubles))
                for want in self._askable(plan, at)
            ]
            return max(at, min(moments) + timedelta(seconds=self._budget.wait()))

    def set_interval(self, interval: timedelta | None) -> None:
        """How often quotes are asked for, within its own limits; None: as usual."""
        self._interval = interval

    @property
    def sent(self) -> Mapping[str, int]:
        """Requests sent by this program, by what for."""
        return {} if self._wire is None else self._wire.counts

    def close(self) -> None:
        """Does not wait for a request that hangs: that one ends with the program."""
        if not self._lock.acquire(timeout=CLOSES_WITHIN):
            return
        try:
            if self._wire is not None:
                self._wire.close()
            self._shelf.store.close()
        finally:
            self._lock.release()

    def _begin(self, contracts: Sequence[Contract], at: datetime) -> Plan:
        self._began = (at.astimezone(NEW_YORK), self._monotonic())
        plan = plan_of(contracts, at, self._basket)
        quotes, others = (QUOTE + symbol for symbol in plan.symbols), (*plan.wants, *plan.extras)
        self._shelf.sync([*quotes, *(want.key for want in others)], at.timestamp())
        return plan

    def _now(self) -> datetime:
        at, monotonic = self._began
        return at + timedelta(seconds=self._monotonic() - monotonic)

    def _refresh(self, plan: Plan) -> None:
        now = self._now().timestamp()
        self._shelf.store.prune(now)
        self._shelf.store.want(plan.symbols, now)
        before, until = self._total_sent(), self._now() + PATIENCE
        passed_over: set[Want] = set()
        while (
            self._at_once is None
            or self._total_sent() - before < self._at_once
            or not self._has_something(plan)
        ):
            want = self._most_urgent(plan, passed_over)
            if want is None:
                return
            wait = self._budget.wait()
            if wait > 0:
                if self._at_once is not None or self._now() + timedelta(seconds=wait) > until:
                    return
                self._sleep(wait)
            passed_over.add(want)
            self._run(want, plan)

    def _askable(self, plan: Plan, at: datetime) -> tuple[Want, ...]:
        """Extras only of an evening, by a program that stays, and where the hour has room for them."""
        if not plan.extras or self._at_once is None or session_state(at) == "open":
            return plan.wants
        sent, _ = self._shelf.sent_since((at - timedelta(hours=1)).timestamp())
        return (*plan.wants, *plan.extras) if sent < AN_HOUR_AT_MOST else plan.wants

    def _has_something(self, plan: Plan) -> bool:
        keys = (*(QUOTE + symbol for symbol in plan.symbols), *(want.key for want in plan.wants[:-1]))
        return any(self._shelf.get(key) is not None for key in keys)

    def _most_urgent(self, plan: Plan, passed_over: set[Want]) -> Want | None:
        now, troubles = self._now(), self._shelf.store.troubles()
        for want in self._askable(plan, now):
            if want not in passed_over and self._free_at(want, troubles) <= now >= self._due(want, plan, now):
                return want
        return None

    def _due(self, want: Want, plan: Plan, now: datetime) -> datetime:
        asked = self._asked(want, plan)
        due = due_at(want, asked, now, pace_of(plan, self._interval))
        if want.kind is Kind.CLOSES and asked is not None and due > now:
            kept = self._shelf.get(want.key)
            if kept is not None and Fetcher.lacks_a_close(kept.answer, now):
                return min(due, asked + CLOSES_ASKED_AGAIN)
        return due

    def _asked(self, want: Want, plan: Plan) -> datetime | None:
        if want.kind is not Kind.QUOTES:
            kept = self._shelf.get(want.key)
            return None if kept is None else moment(kept.checked)
        refused = self._shelf.store.troubles()
        symbols = [symbol for symbol in plan.symbols if QUOTE + symbol not in refused]
        checked = [kept.checked for symbol in symbols if (kept := self._shelf.quote(symbol)) is not None]
        return moment(min(checked)) if checked and len(checked) == len(symbols) else None

    def _free_at(self, want: Want, troubles: Mapping[str, Trouble]) -> datetime:
        """When nothing that went wrong stands in the way; a trouble of the future is a clock's, not ours."""
        keys = (WHOLE, want.key, *((SIGN_IN,) if want.kind in SIGNED else ()))
        soon = self._now().timestamp() + 60.0
        found = [troubles[key].next_try for key in keys if key in troubles and troubles[key].since <= soon]
        return moment(max(found, default=0.0))

    def _run(self, want: Want, plan: Plan) -> None:
        store, now = self._shelf.store, self._now().timestamp()
        if not store.claim(want.key, self._owner, now, now + CLAIMED_FOR):
            return
        try:
            self._fetcher().fetch(want, plan, self._now())
        except FetchFailedError as failure:
            self._failed(want, failure)
        else:
            self._server_errors = 0
            signed = (SIGN_IN,) if want.kind in SIGNED else ()
            store.clear_troubles([WHOLE, want.key, *signed])
        finally:
            store.release(want.key, self._owner)
        self._check_clock()

    def _failed(self, want: Want, failure: FetchFailedError) -> None:
        if failure.fault is Fault.NOT_OFFERED and self._was_offered(want):
            failure = FetchFailedError(Fault.BAD_ANSWER, f"{want.key} not found")
        self._server_errors = self._server_errors + 1 if failure.fault is Fault.SERVER else 0
        signed = failure.fault is Fault.REFUSED and want.kind in SIGNED
        whole = failure.fault in OF_THE_WHOLE or self._server_errors >= SERVER_ERRORS_IN_A_ROW
        key = WHOLE if whole else SIGN_IN if signed else want.key
        store = self._shelf.store
        before = store.troubles().get(key)
        if key == want.key and before is not None and want.kind in SPARED:
            failure.retry_after = max(failure.retry_after or 0.0, SPARED[want.kind])
        store.set_trouble(key, trouble_after(before, failure, self._now().timestamp()))
        _log.info("%s: %s", want.kind, failure.fault)

    def _was_offered(self, want: Want) -> bool:
        """Nobody takes the index options off for a day: such an answer is a mishap."""
        known = want.kind is Kind.QUOTES or (want.kind is Kind.CHAIN and want.symbol in INDEX_SYMBOLS)
        return known or self._shelf.get(want.key) is not None

    def _fetcher(self) -> Fetcher:
        if self._wire is None:
            from alvh_tui.market.yahoo.session import PoliteSession
            from alvh_tui.market.yahoo.wire import Wire

            session = PoliteSession(self._budget, lambda: self._now().timestamp(), **self._options)
            self._wire = Wire(session, self._folder / "yfinance")
        return Fetcher(self._wire, self._shelf)

    def _total_sent(self) -> int:
        return sum(self.sent.values())

    def _check_clock(self) -> None:
        if self._wire is None or self._wire.server_time is None:
            return
        now, store = self._now(), self._shelf.store
        off = now - self._wire.server_time
        self._wire.server_time = None
        if abs(off) <= CLOCK_OFF_BY:
            store.clear_troubles([CLOCK])
            return
        way = "ahead of" if off > timedelta(0) else "behind"
        said = f"this computer's clock is {abs(off) / timedelta(minutes=1):.0f} min {way} Yahoo's"
        failure = FetchFailedError(Fault.CLOCK, said)
        store.set_trouble(CLOCK, trouble_after(store.troubles().get(CLOCK), failure, now.timestamp()))

    def _assemble(self, plan: Plan) -> MarketSnapshot:
        at, shelf = self._now(), self._shelf
        answers, history = chain_answers(plan, shelf), self._histories.joined(plan, shelf)
        quotes = quotes_of(plan, shelf, answers)
        troubles = self._troubles(plan, at.timestamp())
        if not quotes and not answers and history is None:
            raise FeedUnavailableError(_nothing(troubles))
        unclear = unclear_session(shelf.quote("^SPX"), at)
        note = shelf.store.trouble if shelf.store.on_disk else ""
        kept_events = shelf.get(Want(Kind.EVENTS).key)
        return MarketSnapshot(
            newest_fetch(plan, shelf) or at,
            quotes=quotes,
            chains=chains_of(answers),
            history=history,
            events=() if kept_events is None else kept_events.answer.events,
            delay=delay_of(answers),
            sources=View(plan, shelf, troubles, history, at).sources(),
            origin="Yahoo Finance",
            warnings=tuple(warning for warning in (unclear, note) if warning),
        )

    def _troubles(self, plan: Plan, now: float) -> dict[str, Trouble]:
        troubles = self._shelf.store.troubles()
        cache = self._shelf.cache_trouble(now)
        if cache is not None:
            troubles[CACHE] = cache
        missing = missing_contracts(plan, self._shelf)
        self._missing_since = {c: self._missing_since.get(c, seen) for c, (_, seen) in missing.items()}
        for contract, (chain, _) in missing.items():
            again = self._due(chain, plan, moment(now)).timestamp()
            since = self._missing_since[contract].timestamp()
            troubles[CONTRACT + contract.symbol] = Trouble(
                Fault.NOT_OFFERED, "not quoted by Yahoo", since, again
            )
        return troubles


def _nothing(troubles: Mapping[str, Trouble]) -> str:
    worst = troubles.get(WHOLE) or next(iter(troubles.values()), None)
    why = "nothing has been fetched yet"
    if worst is not None:
        since, again = moment(worst.since), moment(worst.next_try)
        why = f"{worst.said} since {since:%H:%M}, next try {again:%H:%M} New York time"
    return (
        f"no market from Yahoo ({why}) and no earlier answer is on disk; "
        "give --market DIR (a market folder) or --feed demo"
    )
