"""What each figure's source says of itself: state, age, and what is wrong since when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.folder_tables import last_day
from alvh_tui.market.freshness import close_of, closes_state, source_state
from alvh_tui.market.types import History, Source, SourceState
from alvh_tui.market.yahoo.answers import ChainAnswer, moment
from alvh_tui.market.yahoo.faults import Fault, Trouble
from alvh_tui.market.yahoo.plan import Kind, Plan, Want
from alvh_tui.market.yahoo.shelf import CACHE, CLOCK, QUOTE, SIGN_IN, WHOLE, Shelf
from alvh_tui.market.yahoo.symbols import INDEX_SYMBOLS, contract_of

CONTRACT = "contract "


@dataclass(frozen=True, slots=True)
class View:
    """What sources are told from."""

    plan: Plan
    shelf: Shelf
    troubles: Mapping[str, Trouble]
    history: History | None
    at: datetime

    def sources(self) -> tuple[Source, ...]:
        return (*self._of_the_whole(), *self._quotes(), *self._chains(), *self._closes(), *self._events())

    def _of_the_whole(self) -> Iterator[Source]:
        names = {
            WHOLE: "yahoo",
            SIGN_IN: "yahoo.sign-in",
            CLOCK: "yahoo.clock",
            CACHE: "yahoo.cache",
        }
        for key, name in names.items():
            if key in self.troubles:
                yield failed(Source(name, SourceState.FAILED, None, None), self.troubles[key])

    def _quotes(self) -> Iterator[Source]:
        indices = [kept for symbol in INDEX_SYMBOLS if (kept := self.shelf.quote(symbol)) is not None]
        timed = [kept for kept in indices if kept.answer.quote.time is not None]
        if not indices:
            source = Source("yahoo.quotes", SourceState.STALE, None, None, "none yet")
        else:
            newest = max((kept.answer.quote.time for kept in timed), default=None)
            delay = max((kept.answer.delay or timedelta(0) for kept in timed), default=timedelta(0))
            fetched = max(kept.fetched for kept in indices)
            source = Source("yahoo.quotes", source_state(newest, self.at, delay), newest, fetched)
        yield self._with_trouble(source, Want(Kind.QUOTES).key)
        for symbol in self.plan.symbols:
            trouble = self.troubles.get(QUOTE + symbol)
            if trouble is not None and contract_of(symbol) is None:
                yield failed(Source(f"yahoo.{symbol}", SourceState.FAILED, None, None), trouble)

    def _chains(self) -> Iterator[Source]:
        """One for all that answer, as old as the oldest of them, and one for each that does not."""
        kept = {want: self.shelf.get(want.key) for want in self.plan.chains}
        answers: list[ChainAnswer] = [one.answer for one in kept.values() if one is not None]
        if self.plan.chains:
            waiting = len(kept) - len(answers)
            error = f"{waiting} of {len(kept)} not fetched yet" if waiting else None
            oldest = min(answers, key=lambda answer: answer.true_at, default=None)
            if oldest is None:
                yield Source("yahoo.chains", SourceState.STALE, None, None, error)
            else:
                state = source_state(oldest.true_at, self.at, oldest.delay)
                yield Source("yahoo.chains", state, oldest.true_at, oldest.fetched, error)
        for want, one in kept.items():
            trouble = self.troubles.get(want.key)
            if trouble is not None:
                true_at = None if one is None else one.answer.true_at
                fetched = None if one is None else one.fetched
                name = f"yahoo.{want.symbol.removeprefix('^')} {want.expiry}"
                yield failed(Source(name, SourceState.FAILED, true_at, fetched), trouble)
        for contract in self.plan.held:
            trouble = self.troubles.get(CONTRACT + contract.symbol)
            if trouble is not None:
                yield failed(Source(f"yahoo.{contract.symbol}", SourceState.FAILED, None, None), trouble)

    def _closes(self) -> Iterator[Source]:
        kept = [one for want in self.plan.closes if (one := self.shelf.get(want.key)) is not None]
        if self.history is None:
            yield Source("yahoo.history", SourceState.STALE, None, None, "none yet")
        else:
            last = last_day(self.history)
            fetched = min(one.fetched for one in kept)
            waiting = len(self.plan.closes) - len(kept)
            error = f"{waiting} of {len(self.plan.closes)} not fetched yet" if waiting else None
            yield Source("yahoo.history", closes_state(last, self.at), close_of(last), fetched, error)
        for want in self.plan.closes:
            if want.key in self.troubles:
                source = Source(f"yahoo.history {want.symbol}", SourceState.FAILED, None, None)
                yield failed(source, self.troubles[want.key])

    def _events(self) -> Iterator[Source]:
        """An extra: without it the dates that ship with the program stand, so it never counts as failed."""
        key = Want(Kind.EVENTS).key
        kept, trouble = self.shelf.get(key), self.troubles.get(key)
        if kept is None and trouble is None:
            return
        fetched = None if kept is None else kept.fetched
        state = SourceState.FRESH if trouble is None else SourceState.DELAYED
        source = Source("yahoo.events", state, fetched, fetched)
        yield source if trouble is None else replace(failed(source, trouble), state=state)

    def _with_trouble(self, source: Source, key: str) -> Source:
        trouble = self.troubles.get(key)
        return source if trouble is None else failed(source, trouble)


def failed(source: Source, trouble: Trouble) -> Source:
    said = trouble.said
    if trouble.fault is Fault.PARTIAL:
        said = f"partial answer: {said}"
    if source.quote_time is not None:
        said += f"; shown as of {source.quote_time.astimezone(NEW_YORK):%H:%M}"
    return replace(
        source,
        state=SourceState.FAILED,
        error=said,
        since=moment(trouble.since),
        next_try=moment(trouble.next_try),
    )
