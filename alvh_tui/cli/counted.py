"""Any feed with the user's own advances and declines in its closes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from alvh_tui.instruments.contract import Contract
from alvh_tui.market.counts import read_counts, with_counts
from alvh_tui.market.types import Feed, MarketSnapshot
from alvh_tui.monitor import RememberingFeed


class CountedFeed:
    """The file is read again at every look."""

    def __init__(self, feed: Feed, path: Path) -> None:
        self.name = feed.name
        self._feed = feed
        self._path = path

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        return self._counted(self._feed.snapshot(contracts, at), at)

    def _counted(self, market: MarketSnapshot, at: datetime) -> MarketSnapshot:
        return with_counts(market, read_counts(self._path, market.time), at)


class CountedMemory(CountedFeed):
    """The same of a feed that keeps its last good answers."""

    def __init__(self, feed: RememberingFeed, path: Path) -> None:
        super().__init__(feed, path)
        self._memory = feed

    def on_disk(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        return self._counted(self._memory.on_disk(contracts, at), at)

    def next_due(self, contracts: Sequence[Contract], at: datetime) -> datetime:
        return self._memory.next_due(contracts, at)

    def set_interval(self, interval: timedelta | None) -> None:
        self._memory.set_interval(interval)

    def close(self) -> None:
        self._memory.close()


def counted(feed: Feed, path: Path | None) -> Feed:
    """The feed itself where the user has named no file."""
    if path is None:
        return feed
    return CountedMemory(feed, path) if isinstance(feed, RememberingFeed) else CountedFeed(feed, path)
