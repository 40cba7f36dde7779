"""What the feed hands over, and what it costs, with the real yfinance against a Yahoo of our own."""

import logging
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Source, SourceState
from alvh_tui.market.yahoo import YahooFeed
from tests.market.yahoo.books import FIVE_POSITIONS, SMALL, option
from tests.market.yahoo.conftest import Clock, MakeFeed
from tests.market.yahoo.local import Fault, LocalYahoo

DECEMBER, VIX_DECEMBER = date(2026, 12, 18), date(2026, 12, 16)


def source(snapshot: MarketSnapshot, name: str) -> Source:
    return next(each for each in snapshot.sources if each.name == f"yahoo.{name}")


def warm(feed: YahooFeed, contracts: list[Contract], clock: Clock) -> MarketSnapshot:
    """The first minutes, until nothing is due."""
    snapshot = feed.snapshot(contracts, clock.now)
    while feed.next_due(contracts, clock.now) < clock.now + timedelta(seconds=10):
        clock.pass_by(seconds=2)
        snapshot = feed.snapshot(contracts, clock.now)
    return snapshot


def test_a_cold_start_shows_quotes_and_a_chain_after_four_requests(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    snapshot = feed.snapshot(SMALL, clock.now)
    assert yahoo.asked == [
        "fc.yahoo.com/",
        "query1.finance.yahoo.com/v1/test/getcrumb",
        "query1.finance.yahoo.com/v7/finance/quote",
        "query2.finance.yahoo.com/v7/finance/options/^SPX",
    ]
    assert snapshot.quotes["^SPX"].last == 6800.0
    assert ("SPXW", DECEMBER) in snapshot.chains
    assert feed.sent == {"quotes": 3, "chain ^SPX": 1}
    assert feed.next_due(SMALL, clock.now) == clock.now


def test_the_whole_market_of_a_book(new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    feed = new_feed(at_once=None)
    snapshot = feed.snapshot(SMALL, clock.now)
    settlements = {("VIX", day) for day in (VIX_DECEMBER, date(2027, 1, 20), date(2027, 2, 17))}
    assert set(snapshot.chains) == {("SPX", DECEMBER), ("SPXW", DECEMBER)} | settlements
    assert dict(feed.sent) == {"quotes": 3, "chain ^SPX": 1, "chain ^VIX": 3, "history": 12, "events": 1}
    history = snapshot.history
    assert history is not None
    assert set(history.series) >= {"spx", "vix", "vix3m", "vvix", "skew", "rsp", "spy", "vnq", "dxy"}
    assert history.days[-1] == np.datetime64("2026-11-19")
    assert np.isfinite(history.series["spx"]).all()
    assert all(each.error is None for each in snapshot.sources)


def test_both_roots_of_a_third_friday_are_told_apart(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    snapshot = feed.snapshot(SMALL, clock.now)
    am, pm = snapshot.chains["SPX", DECEMBER], snapshot.chains["SPXW", DECEMBER]
    assert am.root == "SPX"
    assert pm.root == "SPXW"
    assert len(am.strikes) == len(pm.strikes) == 33


def test_option_quotes_are_as_old_as_yahoo_declares(feed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    snapshot = feed.snapshot(SMALL, clock.now)
    chain = snapshot.chains["SPXW", DECEMBER]
    assert set(chain.put_time.tolist()) == {(clock.now - timedelta(minutes=20)).timestamp()}
    held = snapshot.quote_of(SMALL[0])
    assert held is not None
    assert held.time == clock.now - timedelta(minutes=20)
    assert snapshot.quotes["^SPX"].time == clock.now - timedelta(minutes=15)
    assert source(snapshot, "chains").quote_time == clock.now - timedelta(minutes=20)
    assert source(snapshot, "chains").state is SourceState.DELAYED


def test_a_legs_own_quote_counts_once_it_is_newer_than_its_chain(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    leg = SMALL[4]
    warm(feed, SMALL, clock)
    yahoo.world.levels["^VIX"] = 30.0
    clock.pass_by(seconds=40)
    snapshot = feed.snapshot(SMALL, clock.now)
    held, chain = snapshot.quote_of(leg), snapshot.chains["VIX", VIX_DECEMBER]
    row = chain.strikes.tolist().index(22.0)
    assert held is not None
    assert held.bid is not None
    assert held.bid > 2 * float(chain.call_bid[row])
    assert held.time == clock.now - timedelta(minutes=20)


def test_each_chain_has_its_own_age_and_the_newer_of_leg_and_chain_counts(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    first = warmed.snapshot(SMALL, clock.now)
    oldest = min(np.nanmin(chain.call_time) for chain in first.chains.values())
    assert oldest < np.nanmin(first.chains["SPXW", DECEMBER].call_time)
    told = source(first, "chains").quote_time
    assert told is not None
    assert told.timestamp() == oldest
    yahoo.world.levels["^SPX"] = 6811.0
    yahoo.faults.append(Fault("500", "/quote$"))
    clock.pass_by(minutes=4)
    snapshot = warmed.snapshot(SMALL, clock.now)
    held, chain = snapshot.quote_of(SMALL[0]), snapshot.chains["SPXW", DECEMBER]
    assert held is not None
    assert held.time == clock.now - timedelta(minutes=20)
    assert held.ask == chain.put_ask[chain.strikes == 6400.0]


def test_an_hour_with_five_positions_costs_at_most_260_requests(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    """The cold start included: the first hour is the dearest."""
    ends = clock.now + timedelta(hours=1)
    while clock.now < ends:
        snapshot = feed.snapshot(FIVE_POSITIONS, clock.now)
        clock.pass_by(seconds=10)
    assert 200 <= len(yahoo.asked) <= 260
    assert sum(feed.sent.values()) == len(yahoo.asked)
    assert not [each for each in snapshot.sources if each.state in (SourceState.FAILED, SourceState.STALE)]
    age = clock.now - min(filter(None, (each.quote_time for each in snapshot.sources[:2])))
    assert age < timedelta(minutes=30)


def test_a_second_program_reads_what_the_first_has_fetched(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    first, second = new_feed(), new_feed()
    warm(first, SMALL, clock)
    before = len(yahoo.asked)
    snapshot = second.snapshot(SMALL, clock.now)
    assert len(yahoo.asked) == before
    assert len(snapshot.chains) == 5
    assert snapshot.history is not None


def test_two_programs_with_different_books_share_one_batch_of_quotes(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    first, second = new_feed(), new_feed()
    other = [option("SPXW", "2026-12-18", "P", 6500), Contract("GLD")]
    yahoo.world.levels["GLD"] = 250.0
    warm(first, SMALL, clock)
    warm(second, other, clock)
    yahoo.served.clear()
    for _ in range(10):
        clock.pass_by(seconds=30)
        first.snapshot(SMALL, clock.now)
        snapshot = second.snapshot(other, clock.now)
    batches = [served for served in yahoo.served if served.endswith("/quote")]
    assert len(batches) == 10
    assert snapshot.quotes["GLD"].last == 250.0


def test_what_another_program_is_fetching_right_now_is_left_to_it(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    first, second = new_feed(), new_feed()
    now = clock.now.timestamp()
    assert first._shelf.store.claim("quotes", "another program", now, now + 30)
    second.snapshot(SMALL, clock.now)
    assert not [asked for asked in yahoo.asked if asked.endswith("/quote")]
    clock.pass_by(seconds=31)
    second.snapshot(SMALL, clock.now)
    assert [asked for asked in yahoo.asked if asked.endswith("/quote")]


def test_the_last_good_survives_a_restart_without_a_network(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    before = warm(new_feed(), SMALL, clock)
    yahoo.asked.clear()
    clock.pass_by(hours=1)
    after = new_feed().on_disk(SMALL, clock.now)
    assert not yahoo.asked
    assert set(after.chains) == set(before.chains)
    assert after.time == before.time
    for key, chain in before.chains.items():
        assert np.array_equal(chain.put_bid, after.chains[key].put_bid, equal_nan=True)
        assert np.array_equal(chain.put_time, after.chains[key].put_time, equal_nan=True)
    assert source(after, "quotes").state is SourceState.STALE
    assert source(after, "chains").state is SourceState.STALE


def test_a_thorough_call_fetches_everything_and_waits_for_the_budget(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    snapshot = new_feed(at_once=None).snapshot(SMALL, clock.now)
    assert len(snapshot.chains) == 5
    assert snapshot.history is not None
    assert len(yahoo.asked) == 20
    assert math.isclose(clock.slept, (20 - 8) / 0.5, abs_tol=1.0)


@pytest.mark.parametrize(
    ("since", "at", "asked"),
    [
        ("2026-11-20T16:50:00", "2026-11-21T10:00:00", ["quote"]),
        ("2026-11-20T16:10:00", "2026-11-20T16:14:00", ["quote", "^SPX"]),
        ("2026-11-20T16:14:00", "2026-11-20T16:20:00", ["quote"]),
        ("2026-11-25T16:50:00", "2026-11-26T11:00:00", []),
        ("2026-11-26T09:00:00", "2026-11-26T18:00:00", []),
        ("2026-11-20T16:50:00", "2026-11-20T16:53:00", []),
        ("2026-11-20T16:50:00", "2026-11-20T16:56:00", ["quote"]),
        ("2026-11-20T22:00:00", "2026-11-20T22:20:00", []),
        ("2026-11-20T22:00:00", "2026-11-20T22:31:00", ["quote"]),
    ],
)
def test_hours(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, since: str, at: str, asked: list[str]
) -> None:
    clock.set(since)
    feed = new_feed()
    warm(feed, SMALL, clock)
    clock.set(at)
    yahoo.asked.clear()
    for _ in range(3):
        feed.snapshot(SMALL, clock.now)
    assert [each.rsplit("/", 1)[1] for each in yahoo.asked] == asked


def test_one_sweep_after_the_close_brings_the_closing_quotes_and_closes(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    clock.set("2026-11-20T16:00:00")
    feed = new_feed()
    warm(feed, SMALL, clock)
    yahoo.asked.clear()
    while clock.now.hour < 20:
        clock.pass_by(seconds=60)
        snapshot = feed.snapshot(SMALL, clock.now)
    chains = [asked for asked in yahoo.asked if "/options/" in asked]
    assert len([asked for asked in yahoo.asked if "/chart/" in asked]) == 12
    assert chains.count("query2.finance.yahoo.com/v7/finance/options/^SPX") <= 8
    assert source(snapshot, "chains").fetch_time is not None
    assert snapshot.chains["SPXW", DECEMBER].put_time[0] >= clock.set("2026-11-20T16:15:00").timestamp()
    assert snapshot.history is not None
    assert snapshot.history.days[-1] == np.datetime64("2026-11-20")


def test_a_holiday_costs_nothing_beyond_one_sweep(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    clock.set("2026-11-26T00:30:00")
    feed = new_feed()
    warm(feed, SMALL, clock)
    swept = len(yahoo.asked)
    while clock.now.hour < 23:
        clock.pass_by(minutes=10)
        feed.snapshot(SMALL, clock.now)
    assert len(yahoo.asked) == swept <= 20


def test_histories_are_topped_up_by_a_week_and_merged(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    first = warm(new_feed(), SMALL, clock)
    clock.set("2026-11-23T10:30:00")
    second = warm(new_feed(), SMALL, clock)
    assert first.history is not None
    assert second.history is not None
    assert len(second.history.days) == len(first.history.days) + 1
    assert second.history.days[-1] == np.datetime64("2026-11-20")
    assert second.history.days[0] == first.history.days[0]


def test_a_split_makes_the_whole_history_be_asked_for_anew(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.world.split = 0.5
    warm(new_feed(), SMALL, clock)
    clock.set("2026-11-23T10:30:00")
    yahoo.world.split = 1.0
    snapshot = warm(new_feed(), SMALL, clock)
    assert snapshot.history is not None
    rsp = snapshot.history.series["rsp"]
    assert rsp.max() < 1.2 * rsp.min()


def test_a_basket_is_fetched_after_hours_and_counted(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    basket = [f"SHARE{number}" for number in range(10)]
    yahoo.world.levels |= {symbol: 100.0 + k for k, symbol in enumerate(basket)}
    feed = new_feed(basket=basket)
    in_hours = warm(feed, SMALL, clock)
    assert not [asked for asked in yahoo.asked if "SHARE" in asked]
    assert in_hours.history is not None
    assert "basket_advances" not in in_hours.history.series
    clock.set("2026-11-20T18:00:00")
    yahoo.asked.clear()
    history = warm(feed, SMALL, clock).history
    assert sum("SHARE" in asked for asked in yahoo.asked) == 10
    assert history is not None
    rose, fell = history.series["basket_advances"], history.series["basket_declines"]
    assert np.isnan(rose[0])
    assert set((rose + fell)[1:].tolist()) == {10.0}
    assert sum("SHARE" in asked for asked in yahoo.asked) == 10


def test_economic_releases(feed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    figures = ["Oct", 3.1, 3.0, 2.9, 0.0]
    yahoo.world.releases = [
        ["CPI YY, NSA", "US", "2026-11-20T13:30:00.000Z", *figures],
        ["CPI YY", "GB", "2026-11-20T07:00:00.000Z", *figures],
        ["Building Permits", "US", "2026-11-20T13:30:00.000Z", *figures],
    ]
    (event,) = warm(feed, SMALL, clock).events
    assert (event.on, event.name, event.at) == (date(2026, 11, 20), "CPI", "08:30")
    assert (event.actual, event.previous) == (3.1, 2.9)


def test_a_chain_is_asked_for_the_future_that_settles_with_it(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    snapshot = warm(feed, [Contract("VX", date(2026, 12, 16)), Contract("VXX")], clock)
    assert ("VIX", VIX_DECEMBER) in snapshot.chains
    assert not [asked for asked in yahoo.asked if "^SPX" in asked]
    assert source(snapshot, "VXX").error == "not offered by Yahoo"


def test_settled_contracts_are_not_asked_for(feed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    snapshot = warm(feed, [option("SPXW", "2026-11-19", "P", 6400)], clock)
    assert not [asked for asked in yahoo.asked if "^SPX" in asked]
    assert {root for root, _ in snapshot.chains} == {"VIX"}


def test_a_shorter_interval_hurries_and_a_longer_one_spares(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, tmp_path: Path
) -> None:
    counts = {}
    for seconds in (15, 120):
        feed = new_feed(tmp_path / str(seconds), interval=timedelta(minutes=1))
        feed.set_interval(timedelta(seconds=seconds))
        warm(feed, SMALL, clock)
        yahoo.asked.clear()
        ends = clock.now + timedelta(minutes=20)
        while clock.now < ends:
            clock.pass_by(seconds=5)
            feed.snapshot(SMALL, clock.now)
        counts[seconds] = len(yahoo.asked)
    assert 80 <= counts[15] <= 330 / 3
    assert counts[120] <= 20


def test_nothing_is_printed_or_passed_on(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    overheard: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: overheard.append(record.name)  # type: ignore[method-assign]
    logging.getLogger().addHandler(listener)
    yahoo.world.gone.add("^SKEW")
    yahoo.faults.append(Fault("401", "getcrumb", times=2))
    warm(feed, SMALL, clock)
    logging.getLogger().removeHandler(listener)
    assert capfd.readouterr() == ("", "")
    assert "yfinance" not in overheard
