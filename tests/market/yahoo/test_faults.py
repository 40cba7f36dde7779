"""The fault table: each fault is a state that says since when and until when, and is over when it is over."""

import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot, Source, SourceState
from alvh_tui.market.yahoo import YahooFeed
from alvh_tui.market.yahoo.symbols import INDEX_SYMBOLS
from tests.market.yahoo.books import SMALL, condor
from tests.market.yahoo.conftest import Clock, MakeFeed
from tests.market.yahoo.local import Fault, LocalYahoo
from tests.market.yahoo.test_feed import DECEMBER, warm

QUOTE, OPTIONS, CHART, CRUMB = "/quote$", "/options/", "/chart/", "getcrumb"


def failing(snapshot: MarketSnapshot) -> dict[str, Source]:
    return {each.name: each for each in snapshot.sources if each.state is SourceState.FAILED}


def the_only_failing(snapshot: MarketSnapshot) -> Source:
    (source,) = failing(snapshot).values()
    return source


def test_a_storm_of_429_costs_one_request_a_cool_down(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("429"))
    began, asked_at, snapshot = clock.now, [], None
    while clock.now < began + timedelta(hours=3):
        before = len(yahoo.asked)
        snapshot = warmed.snapshot(SMALL, clock.now)
        assert len(yahoo.asked) - before <= 1
        if len(yahoo.asked) > before:
            asked_at.append((clock.now - began).total_seconds() / 60)
        clock.pass_by(seconds=30)
    assert asked_at[:6] == [0, 1, 3, 7, 15, 31]
    assert np.diff(asked_at[6:]).max() == 30.0
    assert snapshot is not None
    source = failing(snapshot)["yahoo"]
    assert source.error == "Yahoo's limit (HTTP 429)"
    assert source.since == began
    assert source.next_try is not None
    assert source.next_try > clock.now - timedelta(seconds=30)


def test_retry_after_is_heeded(warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.faults.append(Fault("429", times=1, headers={"Retry-After": "900"}))
    source = the_only_failing(warmed.snapshot(SMALL, clock.now))
    assert source.next_try == clock.now + timedelta(minutes=15)
    clock.pass_by(minutes=14)
    warmed.snapshot(SMALL, clock.now)
    assert len(yahoo.asked) == 1
    clock.pass_by(minutes=1)
    assert not failing(warmed.snapshot(SMALL, clock.now))
    assert len(yahoo.asked) > 1


def test_a_429_binds_the_next_start_and_other_programs_too(
    warmed: YahooFeed, new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("429"))
    assert "yahoo" in failing(warmed.snapshot(SMALL, clock.now))
    for _ in range(2):
        assert "yahoo" in failing(new_feed().snapshot(SMALL, clock.now))
    assert len(yahoo.asked) == 1


def test_a_429_for_the_crumb_is_one_request_too(feed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.faults.append(Fault("429"))
    with pytest.raises(FeedUnavailableError, match=r"limit \(HTTP 429\).* since 10:30, next try 10:31"):
        feed.snapshot(SMALL, clock.now)
    assert [asked.split("/", 1)[1] for asked in yahoo.asked] == ["", "v1/test/getcrumb"]


@pytest.mark.parametrize(
    ("kind", "match", "said", "requests"),
    [
        ("500", "query", "Yahoo is down (HTTP 500)", 3),
        ("503", "query", "Yahoo is down (HTTP 503)", 3),
        ("reset", "query", "no connection to Yahoo", 2),
        ("reset", "", "no connection to Yahoo", 2),
    ],
)
def test_what_every_question_would_meet_with_ends_all_of_them(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock, kind: str, match: str, said: str, requests: int
) -> None:
    yahoo.faults.append(Fault(kind, match))
    snapshot = warmed.snapshot(SMALL, clock.now)
    source = failing(snapshot)["yahoo"]
    assert source.error is not None
    assert said in source.error
    assert source.since == clock.now
    assert source.next_try is not None
    assert source.next_try > clock.now
    assert len(yahoo.asked) <= requests
    assert len(snapshot.chains) == 5
    before = len(yahoo.asked)
    warmed.snapshot(SMALL, clock.now)
    assert len(yahoo.asked) == before
    yahoo.faults.clear()
    clock.pass_by(minutes=6)
    assert not failing(warm(warmed, SMALL, clock))


def test_a_single_500_costs_one_request_and_heals(warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.faults.append(Fault("500", QUOTE, times=1))
    source = failing(warmed.snapshot(SMALL, clock.now))["yahoo.quotes"]
    assert source.error is not None
    assert source.error.startswith("Yahoo is down (HTTP 500); shown as of 10:")
    assert sum(asked.endswith("/quote") for asked in yahoo.asked) == 1
    clock.pass_by(seconds=31)
    assert not failing(warmed.snapshot(SMALL, clock.now))


def test_the_pause_after_an_outage_grows_to_five_minutes(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("503"))
    began = clock.now
    while clock.now < began + timedelta(hours=1):
        snapshot = warmed.snapshot(SMALL, clock.now)
        clock.pass_by(seconds=10)
    assert len(yahoo.asked) < 30
    assert failing(snapshot)["yahoo"].since == began


def test_a_hanging_server_ends_within_the_cap(
    warmed: YahooFeed, new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("hang", ""))
    source = failing(new_feed(timeout=0.3).snapshot(SMALL, clock.now))["yahoo"]
    assert source.error == "no answer in time"
    assert len(yahoo.asked) == 1
    assert source.next_try == clock.now + timedelta(seconds=15)


def test_closing_does_not_wait_for_a_request_that_hangs(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("hang", ""))
    fetching = threading.Thread(target=warmed.snapshot, args=(SMALL, clock.now))
    fetching.start()
    while not yahoo.asked:
        time.sleep(0.001)
    began = time.monotonic()
    warmed.close()
    assert time.monotonic() - began < 1.0
    yahoo.reset(yahoo.world)
    fetching.join()


def test_a_refused_token_heals_by_a_new_one(warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.faults.append(Fault("401", QUOTE, times=1))
    assert not failing(warmed.snapshot(SMALL, clock.now))


def test_a_token_refused_for_good_leaves_charts_running(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("401", "/v7/"))
    snapshot = warm(new_feed(), SMALL, clock)
    source = failing(snapshot)["yahoo.sign-in"]
    assert source.error == "Yahoo refused the sign-in token (HTTP 401)"
    assert source.since is not None
    assert source.next_try == source.since + timedelta(minutes=5)
    assert sum("/v7/" in asked for asked in yahoo.asked) == 2
    assert snapshot.history is not None
    assert not snapshot.quotes
    yahoo.faults.clear()
    clock.pass_by(minutes=5)
    assert not failing(warm(new_feed(), SMALL, clock))


@pytest.mark.parametrize("kind", ["401", "empty", "html"])
def test_a_bad_crumb_is_never_used(new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, kind: str) -> None:
    yahoo.faults.append(Fault(kind, CRUMB))
    feed = new_feed()
    snapshot = feed.snapshot(SMALL, clock.now)
    assert "yahoo.sign-in" in failing(snapshot)
    assert not snapshot.quotes
    assert not yahoo.forged
    yahoo.faults.clear()
    clock.pass_by(minutes=6)
    healed = warm(feed, SMALL, clock)
    assert not failing(healed)
    assert healed.quotes["^VIX"].last == 17.5


@pytest.mark.parametrize("kind", ["empty", "html", "half", "cut", "null", "complaint", "404"])
@pytest.mark.parametrize("match", [QUOTE, OPTIONS, CHART])
def test_a_bad_answer_touches_nothing_that_is_kept(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock, kind: str, match: str
) -> None:
    feed, before = warmed, warmed.on_disk(SMALL, clock.now)
    clock.set("2026-11-20T16:45:00")
    yahoo.faults.append(Fault(kind, match))
    snapshot = feed.snapshot(SMALL, clock.now)
    while match == CHART and not failing(snapshot):
        snapshot = feed.snapshot(SMALL, clock.pass_by(seconds=8))
    for source in failing(snapshot).values():
        assert source.error
        assert source.since is not None
        assert source.next_try is not None
        assert clock.now < source.next_try <= clock.now + timedelta(minutes=10)
    assert failing(snapshot)
    assert set(snapshot.quotes) >= set(INDEX_SYMBOLS)
    assert set(snapshot.chains) == set(before.chains)
    assert all(quote.last for quote in snapshot.quotes.values())
    yahoo.faults.clear()
    clock.pass_by(minutes=11)
    healed = warm(feed, SMALL, clock)
    assert not failing(healed)
    assert healed.time > before.time


def test_a_bad_answer_for_daily_closes_is_not_given_again(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("500", CHART, times=1))
    feed = new_feed()
    warm(feed, SMALL, clock)
    clock.pass_by(minutes=2)
    snapshot = warm(feed, SMALL, clock)
    assert snapshot.history is not None
    assert "spx" in snapshot.history.series


def thin(yahoo: LocalYahoo) -> None:
    yahoo.world.keep_one_in = 3


def shrunken(yahoo: LocalYahoo) -> None:
    yahoo.world.lost_expiries = 12


def crossed(yahoo: LocalYahoo) -> None:
    yahoo.world.crossed = True


def unquoted(yahoo: LocalYahoo) -> None:
    yahoo.world.quotes_zero = True


def without_a_held_strike(yahoo: LocalYahoo) -> None:
    yahoo.world.gone.add(SMALL[0].symbol)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (thin, "44 of 132 contracts"),
        (shrunken, "expiries listed"),
        (crossed, "contracts bid above their ask"),
        (unquoted, "no market quotes, in trading hours"),
        (without_a_held_strike, "SPXW 2026-12-18 6400P missing"),
    ],
)
def test_a_partial_chain_never_takes_the_place_of_the_last_good(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock, break_it: Callable[[LocalYahoo], None], said: str
) -> None:
    before = warmed.on_disk(SMALL, clock.now).chains["SPXW", DECEMBER]
    break_it(yahoo)
    broke = clock.now
    snapshot = warmed.snapshot(SMALL, clock.now)
    source = failing(snapshot)["yahoo.SPX 2026-12-18"]
    assert source.error is not None
    assert source.error.startswith("partial answer: ")
    assert said in source.error
    assert "; shown as of 10:1" in source.error
    assert source.since == broke
    assert np.array_equal(snapshot.chains["SPXW", DECEMBER].put_bid, before.put_bid)
    clock.pass_by(minutes=4)
    again = failing(warmed.snapshot(SMALL, clock.now))["yahoo.SPX 2026-12-18"]
    assert again.since == broke
    assert again.next_try is not None
    yahoo.world.keep_one_in, yahoo.world.lost_expiries = 1, 0
    yahoo.world.crossed = yahoo.world.quotes_zero = False
    yahoo.world.gone.clear()
    clock.pass_by(minutes=10)
    healed = warm(warmed, SMALL, clock)
    assert not failing(healed)
    assert healed.chains["SPXW", DECEMBER].put_time[0] > before.put_time[0]


def test_no_quotes_after_the_close_leave_the_closing_ones(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    clock.set("2026-11-20T16:05:00")
    feed = new_feed()
    warm(feed, SMALL, clock)
    clock.set("2026-11-20T16:45:00")
    yahoo.world.quotes_zero = True
    yahoo.asked.clear()
    snapshot = warm(feed, SMALL, clock)
    assert not failing(snapshot)
    assert np.nanmax(snapshot.chains["SPXW", DECEMBER].put_bid) > 0
    assert sum("options/^SPX" in asked for asked in yahoo.asked) == 1


def test_a_market_first_seen_without_quotes_is_unknown_not_worthless(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    clock.set("2026-11-21T12:00:00")
    yahoo.world.quotes_zero = True
    snapshot = new_feed().snapshot(SMALL, clock.now)
    chain = snapshot.chains["SPXW", DECEMBER]
    assert np.isnan(chain.put_bid).all()
    assert np.isnan(chain.call_ask).all()
    held = snapshot.quote_of(SMALL[0])
    assert held is not None
    assert held.bid is None
    assert held.last is not None


def test_an_expiry_that_is_no_longer_listed(new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    contracts = condor("2027-06-18")
    feed = new_feed()
    snapshot = feed.snapshot(contracts, clock.now)
    source = failing(snapshot)["yahoo.SPX 2027-06-18"]
    assert source.error == "Yahoo does not list ^SPX 2027-06-18"
    assert source.next_try == clock.now + timedelta(hours=1)
    before = sum("^SPX" in asked for asked in yahoo.asked)
    clock.pass_by(minutes=50)
    feed.snapshot(contracts, clock.now)
    assert sum("^SPX" in asked for asked in yahoo.asked) == before == 1


def test_a_contract_that_yahoo_never_quoted(new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.world.gone.add(SMALL[0].symbol)
    feed = new_feed()
    snapshot = feed.snapshot(SMALL, clock.now)
    source = the_only_failing(snapshot)
    assert source.name == f"yahoo.{SMALL[0].symbol}"
    assert source.error == "not quoted by Yahoo"
    assert source.since == clock.now
    assert source.next_try == clock.now + timedelta(minutes=2)
    held = snapshot.quote_of(SMALL[0])
    assert held is not None
    assert (held.bid, held.ask, held.last) == (None, None, None)
    began = clock.now
    clock.pass_by(minutes=3)
    assert the_only_failing(feed.snapshot(SMALL, clock.now)).since == began
    yahoo.world.gone.clear()
    clock.pass_by(minutes=3)
    assert not failing(feed.snapshot(SMALL, clock.now))


def test_an_unsupported_symbol_is_not_asked_for_again_for_a_day(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.world.gone.add("^SKEW")
    feed = new_feed()
    snapshot = warm(feed, SMALL, clock)
    assert failing(snapshot).keys() == {"yahoo.^SKEW", "yahoo.history ^SKEW"}
    source = failing(snapshot)["yahoo.history ^SKEW"]
    assert source.error == "not offered by Yahoo"
    assert source.since is not None
    assert source.next_try == source.since + timedelta(days=1)
    assert sum("chart/^SKEW" in asked for asked in yahoo.asked) == 1
    clock.set("2026-11-20T20:00:00")
    warm(feed, SMALL, clock)
    assert sum("chart/^SKEW" in asked for asked in yahoo.asked) == 1
    yahoo.world.gone.clear()
    clock.set("2026-11-23T10:00:00")
    healed = warm(feed, SMALL, clock)
    assert not failing(healed)
    assert healed.quotes["^SKEW"].last == 148.0


def test_one_quote_that_is_there_no_more_is_its_own_trouble(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.world.gone.add("^VIX3M")
    snapshot = warmed.snapshot(SMALL, clock.now)
    source = the_only_failing(snapshot)
    assert (source.name, source.error) == ("yahoo.^VIX3M", "partial answer: missing from the answer")
    assert snapshot.quotes["^VIX3M"].last == 19.6
    yahoo.world.levels["^VIX"] = 18.0
    clock.pass_by(seconds=31)
    assert warmed.snapshot(SMALL, clock.now).quotes["^VIX"].last == 18.0
    yahoo.world.gone.clear()
    clock.pass_by(minutes=3)
    assert not failing(warmed.snapshot(SMALL, clock.now))


def test_a_batch_without_the_index_is_partial(warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    yahoo.world.gone.add("^SPX")
    yahoo.faults.append(Fault("500", OPTIONS))
    source = failing(warmed.snapshot(SMALL, clock.now))["yahoo.quotes"]
    assert source.error is not None
    assert source.error.startswith("partial answer: 17 of 18 quotes")


def test_leg_quotes_that_yahoo_does_not_give_come_from_the_chain(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.world.options_in_quotes = False
    feed = new_feed()
    snapshot = warm(feed, SMALL, clock)
    assert not failing(snapshot)
    held = snapshot.quote_of(SMALL[0])
    assert held is not None
    assert held.ask is not None


def test_without_the_batch_the_chains_bring_their_indices(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    yahoo.faults.append(Fault("500", QUOTE))
    snapshot = warm(new_feed(), SMALL, clock)
    assert snapshot.quotes.keys() == {"^SPX", "^VIX"}
    assert snapshot.quotes["^SPX"].last == 6800.0
    assert "yahoo.quotes" in failing(snapshot)


@pytest.mark.parametrize("jump", ["2026-11-19T11:00:00", "2026-11-24T11:00:00"])
def test_a_clock_that_is_set_to_another_day(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock, jump: str
) -> None:
    yahoo.faults.append(Fault("429", times=1))
    assert failing(warmed.snapshot(SMALL, clock.now))
    clock.set(jump)
    snapshot = warm(warmed, SMALL, clock)
    assert not failing(snapshot)
    assert abs(snapshot.time - clock.now) < timedelta(minutes=3)


def test_a_quote_from_a_server_that_lags_does_not_turn_the_clock_back(
    warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    before = warmed.snapshot(SMALL, clock.now).quotes["VNQ"]
    yahoo.world.index_late = timedelta(hours=1)
    yahoo.world.levels["VNQ"] = 50.0
    clock.pass_by(seconds=31)
    assert warmed.snapshot(SMALL, clock.now).quotes["VNQ"] == before


def test_a_cache_that_cannot_be_written_is_a_state(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, tmp_path: Path
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    feed = new_feed(blocked)
    snapshot = warm(feed, SMALL, clock)
    source = the_only_failing(snapshot)
    assert source.name == "yahoo.cache"
    assert source.error is not None
    assert "nothing is kept for the next start" in source.error
    assert source.since is not None
    assert source.next_try is not None
    assert len(snapshot.chains) == 5
    assert sum("/chart/" in asked for asked in yahoo.asked) == 12
    assert yahoo.asked.count("fc.yahoo.com/") == 1
    blocked.unlink()
    clock.pass_by(minutes=6)
    feed.snapshot(SMALL, clock.now)
    assert not failing(feed.snapshot(SMALL, clock.now))
    assert len(new_feed(blocked).on_disk(SMALL, clock.now).chains) == 5


def test_a_cache_that_can_only_be_read_still_gives_the_last_good(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, tmp_path: Path
) -> None:
    feed = new_feed()
    warm(feed, SMALL, clock)
    feed.close()
    (tmp_path / "cache" / "yahoo.sqlite3-wal").mkdir()
    snapshot = new_feed().on_disk(SMALL, clock.now)
    assert len(snapshot.chains) == 5
    assert failing(snapshot).keys() == {"yahoo.cache"}


def test_a_damaged_cache_is_begun_anew(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, tmp_path: Path
) -> None:
    warm(new_feed(), SMALL, clock)
    file = tmp_path / "cache" / "yahoo.sqlite3"
    for extra in file.parent.glob("yahoo.sqlite3-*"):
        extra.unlink()
    file.write_bytes(b"not a database, but long enough to look like one" * 100)
    snapshot = new_feed().snapshot(SMALL, clock.now)
    assert not failing(snapshot)
    assert snapshot.warnings == ("yahoo.sqlite3 was damaged and is begun anew",)


def test_one_damaged_entry_costs_only_itself(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, tmp_path: Path
) -> None:
    warm(new_feed(), SMALL, clock)
    with sqlite3.connect(tmp_path / "cache" / "yahoo.sqlite3") as connection:
        connection.execute("UPDATE answers SET body = x'00' WHERE key LIKE 'chain ^SPX%'")
    connection.close()
    snapshot = new_feed().on_disk(SMALL, clock.now)
    assert {root for root, _ in snapshot.chains} == {"VIX"}
    assert snapshot.history is not None
    (warning,) = snapshot.warnings
    assert "chain ^SPX 2026-12-18" in warning


@pytest.mark.parametrize(("off", "said"), [(7, "7 min behind Yahoo's"), (-12, "12 min ahead of Yahoo's")])
def test_a_clock_that_disagrees(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock, off: int, said: str
) -> None:
    yahoo.world.clock_off = timedelta(minutes=off)
    source = failing(feed.snapshot(SMALL, clock.now))["yahoo.clock"]
    assert source.error is not None
    assert said in source.error
    assert source.since == clock.now
    assert source.next_try is not None
    yahoo.world.clock_off = timedelta(0)
    clock.pass_by(seconds=31)
    assert not failing(feed.snapshot(SMALL, clock.now))


@pytest.mark.parametrize(
    ("at", "state"), [("2026-11-26T12:00:00", "REGULAR"), ("2026-11-20T12:00:00", "CLOSED")]
)
def test_where_yahoo_and_the_calendar_disagree_the_calendar_counts(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock, at: str, state: str
) -> None:
    clock.set(at)
    yahoo.world.market_state = state
    (warning,) = new_feed().snapshot(SMALL, clock.now).warnings
    assert warning.startswith("exchange status unclear: Yahoo says")


def test_offline_with_nothing_on_disk_is_one_plain_sentence(tmp_path: Path, clock: Clock) -> None:
    feed = YahooFeed(tmp_path, session_options={"proxy": "http://127.0.0.1:9"}, at_once=None)
    with pytest.raises(FeedUnavailableError) as raised:
        feed.snapshot(SMALL, clock.now)
    feed.close()
    assert str(raised.value) == (
        "no market from Yahoo (no connection to Yahoo since 10:30, next try 10:30 New York time) "
        "and no earlier answer is on disk; give --market DIR (a market folder) or --feed demo"
    )


def test_offline_shows_the_last_good(warmed: YahooFeed, yahoo: LocalYahoo, clock: Clock) -> None:
    clock.pass_by(hours=1)
    yahoo.faults.append(Fault("reset", ""))
    snapshot = warmed.snapshot(SMALL, clock.now)
    states = {each.name: each.state for each in snapshot.sources}
    assert states["yahoo"] is SourceState.FAILED
    assert states["yahoo.quotes"] is states["yahoo.chains"] is SourceState.STALE
    assert snapshot.quotes["^SPX"].last == 6800.0


def test_one_caps_worth_of_requests_an_hour_and_no_more(
    new_feed: MakeFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    feed = new_feed()
    warm(feed, SMALL, clock)
    already = len(yahoo.asked)
    for _ in range(350 - already):
        feed._shelf.note_sent(clock.now.timestamp())
    for _ in range(40):
        clock.pass_by(seconds=30)
        snapshot = feed.snapshot(SMALL, clock.now)
    assert len(yahoo.asked) == already + 10
    source = failing(snapshot)["yahoo"]
    assert source.error == "this program's own limit is reached"
    assert source.next_try is not None
    assert source.next_try > clock.now


def test_contracts_that_were_never_heard_of_do_no_harm(
    feed: YahooFeed, yahoo: LocalYahoo, clock: Clock
) -> None:
    snapshot = warm(feed, [Contract("NOSUCH")], clock)
    assert the_only_failing(snapshot).name == "yahoo.NOSUCH"
