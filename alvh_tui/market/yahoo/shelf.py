"""The last good answers: read once from the store, kept as they are used, renewed when another program was
faster."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from alvh_tui.market.yahoo.answers import ChainAnswer, ClosesAnswer, EventsAnswer, QuoteAnswer, moment
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError, Trouble, trouble_after
from alvh_tui.market.yahoo.store import Store

QUOTE = "quote "
CLOCK, CACHE, WHOLE, SIGN_IN = "clock", "cache", "yahoo", "sign-in"


class Answer(Protocol):
    def body(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    fetched: datetime
    checked: float
    """When it was last found to be the latest there is."""
    answer: Any


_READERS: Mapping[str, Callable[[datetime, Mapping[str, Any]], Any]] = {
    "quote": lambda _, body: QuoteAnswer.from_body(body),
    "chain": ChainAnswer.from_body,
    "history": lambda _, body: ClosesAnswer.from_body(body),
    "events": lambda _, body: EventsAnswer.from_body(body),
}


class Shelf:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.store = Store(directory)
        self._kept: dict[str, Kept] = {}
        self._cache: Trouble | None = None

    def get(self, key: str) -> Kept | None:
        return self._kept.get(key)

    def quote(self, symbol: str) -> Kept | None:
        return self._kept.get(QUOTE + symbol)

    def put(self, answers: Mapping[str, Answer], fetched: datetime) -> None:
        at = fetched.timestamp()
        self.store.keep({key: answer.body() for key, answer in answers.items()}, at)
        self._kept |= {key: Kept(fetched, at, answer) for key, answer in answers.items()}

    def note_sent(self, at: float) -> None:
        self.store.note_sent(at)

    def sent_since(self, at: float) -> tuple[int, float | None]:
        return self.store.sent_since(at)

    def still_good(self, key: str, at: float) -> None:
        kept = self._kept[key]
        self._kept[key] = Kept(kept.fetched, at, kept.answer)
        self.store.still_good(key, at)

    def sync(self, keys: Iterable[str], now: float) -> None:
        """Takes over what is newer in the store."""
        self._mend(now)
        newest = self.store.checked()
        for key in keys:
            kept, checked = self._kept.get(key), newest.get(key)
            if checked is None or (kept is not None and checked <= kept.checked):
                continue
            found = self.store.answer(key)
            if found is not None:
                fetched, body = found
                self._take(key, moment(fetched), checked, body)

    def _take(self, key: str, fetched: datetime, checked: float, body: dict[str, Any]) -> None:
        try:
            answer = _READERS[key.split()[0]](fetched, body)
        except (KeyError, ValueError, TypeError, IndexError):
            self.store.trouble = f"an entry ({key}) that cannot be read was left out"
            return
        self._kept[key] = Kept(fetched, checked, answer)

    def cache_trouble(self, now: float) -> Trouble | None:
        """Why nothing survives a restart, while that is so."""
        if self.store.on_disk:
            self._cache = None
        elif self._cache is None or now >= self._cache.next_try:
            self._cache = trouble_after(self._cache, FetchFailedError(Fault.CACHE, self.store.trouble), now)
        return self._cache

    def _mend(self, now: float) -> None:
        """Tries the disk again after a while."""
        if self._cache is None or now < self._cache.next_try or self.store.on_disk:
            return
        again = Store(self._directory)
        if not again.on_disk:
            again.close()
            return
        for key, kept in self._kept.items():
            again.keep({key: kept.answer.body()}, kept.fetched.timestamp())
        for key, trouble in self.store.troubles().items():
            again.set_trouble(key, trouble)
        self.store.close()
        self.store, self._cache = again, None
