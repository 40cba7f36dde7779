"""Assessments to ask: the samples, markets with holes, a condor with a past."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.book.load import load_book
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions
from alvh_tui.market.folder import read_market
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.method.rules import built_in
from alvh_tui.risk.travel import Recorded, Standing
from alvh_tui.why.derive import derive
from alvh_tui.why.figure import Figure
from tests.risk.test_publish import WORLDS

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_positions"
MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
DAY_BEFORE = date(2026, 11, 19)


def reason_unknown(figure: Figure, assessment: Assessment) -> str:
    """Why a dash stands there; empty where there is a value."""
    found = derive(figure, assessment)
    assert found is not None
    return found.unknown


@cache
def sample(name: str) -> Assessment:
    return assessed(name, read_market(SAMPLES / f"{name}.market"))


def assessed(name: str, market: MarketSnapshot, past: Past | None = None) -> Assessment:
    """A sample book in another market."""
    book = load_book(SAMPLES / f"{name}.toml").book
    assert book is not None
    return assess(book, market, built_in(book.account.rules), market.time, past)


@cache
def with_an_old_quote() -> Assessment:
    """The short put of the tested condor was last quoted in the morning."""
    market = read_market(SAMPLES / "tested.market")
    key = ("SPXW", date(2026, 12, 18))
    chain = market.chains[key]
    times = np.where(chain.strikes == 6500.0, MORNING.timestamp(), market.time.timestamp())
    return assessed("tested", replace(market, chains={**market.chains, key: replace(chain, put_time=times)}))


@cache
def with_holes() -> Assessment:
    """Every third strike unquoted, no VIX9D, the VIX options of one month gone."""
    market = read_market(SAMPLES / "tested.market")
    chains = {}
    for key, chain in market.chains.items():
        if key == ("VIX", date(2027, 1, 20)):
            continue
        holes = np.arange(len(chain.strikes)) % 3 == 0
        chains[key] = replace(
            chain,
            call_bid=np.where(holes, np.nan, chain.call_bid),
            call_last=np.where(holes, np.nan, chain.call_last),
            put_ask=np.where(holes, np.nan, chain.put_ask),
            put_last=np.where(holes, np.nan, chain.put_last),
        )
    quotes = {
        symbol: quote for symbol, quote in market.quotes.items() if symbol != "^VIX9D" and symbol[:2] != "VX"
    }
    return assessed("tested", replace(market, chains=chains, quotes=quotes))


@cache
def with_a_past() -> Assessment:
    """The day before was recorded, and its market is known."""
    market = read_market(SAMPLES / "tested.market")
    now = assessed("tested", market)
    assert market.history is not None
    recorded = {}
    for held in now.positions:
        if held.travel is None:
            continue
        kinds = {
            kind: (None if low is None else low - 7.0, None if high is None else high + 3.0)
            for kind, (low, high) in held.travel.of.now.kinds.items()
        }
        days = (held.travel.pace_since, DAY_BEFORE, add_sessions(held.travel.of.session, -5))
        standings = {day: Standing(day, 6404.46, kinds) for day in days}
        entry = Standing(held.travel.since_open.since, 6868.31, kinds)
        recorded[held.figures.position.id] = Recorded(standings, entry)
    earlier = replace(market, time=datetime(2026, 11, 19, 15, 59, tzinfo=NEW_YORK))
    quotes = {symbol: replace(quote, time=None) for symbol, quote in earlier.quotes.items()}
    return assessed("tested", market, Past(replace(earlier, quotes=quotes), recorded))


def _world(name: str) -> Callable[[], Assessment]:
    book, market, at = WORLDS[name]
    return lambda: assess(book, market, built_in("zones"), at)


ASKED: Mapping[str, Callable[[], Assessment]] = {
    "calm": lambda: sample("calm"),
    "tested": lambda: sample("tested"),
    "broken_wing": lambda: sample("broken_wing"),
    "with holes": with_holes,
    "with a past": with_a_past,
    **{name: _world(name) for name in WORLDS},
}
