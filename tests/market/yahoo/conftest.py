"""One local Yahoo for all tests here, and yfinance as if it had just been started."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.yahoo import YahooFeed
from tests.market.yahoo.books import SMALL
from tests.market.yahoo.local import LocalYahoo, World

MakeFeed = Callable[..., YahooFeed]


class Clock:
    """The only time there is in these tests."""

    def __init__(self, text: str = "2026-11-20T10:30:00") -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)
        self.slept = 0.0
        self._start = self.now

    def monotonic(self) -> float:
        return self.now.timestamp() - self._start.timestamp()

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.pass_by(seconds=seconds)

    def pass_by(self, **span: float) -> datetime:
        self.now = (self.now.astimezone(UTC) + timedelta(**span)).astimezone(NEW_YORK)
        return self.now

    def set(self, text: str) -> datetime:
        self.now = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)
        return self.now


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalYahoo]:
    yahoo = LocalYahoo(tmp_path_factory.mktemp("authority"), World(lambda: datetime.now(NEW_YORK)))
    yield yahoo
    yahoo.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def yahoo(server: LocalYahoo, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> LocalYahoo:
    server.reset(World(lambda: clock.now))
    forget_everything()
    return server


@pytest.fixture
def new_feed(yahoo: LocalYahoo, clock: Clock, tmp_path: Path) -> Iterator[MakeFeed]:
    """Feeds on one cache folder: a second one is a second program, or the next start of the first."""
    made: list[YahooFeed] = []

    def make(cache: Path = tmp_path / "cache", timeout: float = 5.0, **options: Any) -> YahooFeed:
        feed = YahooFeed(
            cache,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            session_options={**yahoo.options, "timeout": timeout},
            **options,
        )
        made.append(feed)
        return feed

    yield make
    for feed in made:
        feed.close()


@pytest.fixture(scope="session")
def warm_cache(server: LocalYahoo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a program leaves on disk that has fetched all of the small book's market at 10:30."""
    clock, folder = Clock(), tmp_path_factory.mktemp("warm")
    server.reset(World(lambda: clock.now))
    forget_everything()
    feed = YahooFeed(
        folder,
        at_once=None,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        session_options=server.options,
    )
    feed.snapshot(SMALL, clock.now)
    feed.close()
    forget_everything()
    return folder


@pytest.fixture
def warmed(
    warm_cache: Path, tmp_path: Path, new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> YahooFeed:
    """A feed that has everything, five minutes old, and Yahoo's record of it wiped."""
    shutil.copytree(warm_cache, tmp_path / "cache")
    clock.pass_by(minutes=5)
    return new_feed()


@pytest.fixture
def feed(new_feed: MakeFeed) -> YahooFeed:
    return new_feed()


def forget_everything() -> None:
    """yfinance keeps its session, crumb, caches and settings for as long as the process lives."""
    from yfinance import base, cache, config, data  # type: ignore[import-untyped,unused-ignore]

    data.YfData.cache_get.cache_clear()
    data.SingletonMeta._instances.clear()
    for manager in (cache._TzDBManager, cache._CookieDBManager):
        manager.close_db()
        manager._db = None
    cache._TzCacheManager._tz_cache = None
    cache._CookieCacheManager._Cookie_cache = None
    base._tz_info_fetch_ctr = 0
    config.debug.hide_exceptions = True
