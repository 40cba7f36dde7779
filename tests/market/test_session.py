"""The simulated market in motion: the same in any order, true in its parts, and a story worth watching."""

import time as clock
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.assess import Assessment, assess
from alvh_tui.book.load import parse_book
from alvh_tui.book.model import Book
from alvh_tui.book.samples import SAMPLES
from alvh_tui.cli.options import SCENARIOS as OFFERED
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions, session_state, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.simulated import DemoFeed, SimulatedSession, demo_feed
from alvh_tui.market.simulated.chains import chain_of, forward_of
from alvh_tui.market.simulated.day import answer
from alvh_tui.market.simulated.feed import SPEED, after_trading
from alvh_tui.market.simulated.samples import sample_world
from alvh_tui.market.simulated.scenarios import SCENARIOS
from alvh_tui.market.types import MarketSnapshot, SourceState
from alvh_tui.method.rules import built_in
from alvh_tui.pricing.time import years_between

DAY = date(2026, 11, 20)
START = datetime(2026, 11, 20, 8, tzinfo=NEW_YORK)
ALL = pytest.mark.parametrize("scenario", list(SCENARIOS))
LADDER = ("L1", "L2", "L3")


def on(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), NEW_YORK)


def through(day: date, step: int) -> list[datetime]:
    """The day in steps of so many minutes, its close among them."""
    return [on(day, 9, 30) + timedelta(minutes=n) for n in range(0, 391, step)]


def played(scenario: str, seed: int = 0, sample: str = "calm") -> SimulatedSession:
    return SimulatedSession(seed, scenario, START, sample_world(sample, START))


def last(market: MarketSnapshot, symbol: str) -> float:
    found = market.quotes[symbol].last
    assert found is not None
    return found


def test_every_scenario_is_offered() -> None:
    assert list(OFFERED) == list(SCENARIOS)


@ALL
def test_any_order_of_moments_gives_the_same_worlds(scenario: str) -> None:
    moments = [on(add_sessions(DAY, n), 9 + n, 37) for n in range(5)]
    forwards, backwards = played(scenario), played(scenario)
    there = [forwards.world_at(moment) for moment in moments]
    back = [backwards.world_at(moment) for moment in reversed(moments)]
    assert there == back[::-1]
    assert there != [played(scenario, seed=1).world_at(moment) for moment in moments]


def test_the_same_moment_gives_the_same_market_and_the_closes_stay_what_they_were() -> None:
    one, other = played("crash"), played("crash")
    other.market_at(on(add_sessions(DAY, 4), 12))
    noon, again = one.market_at(on(DAY, 12)), other.market_at(on(DAY, 12))
    assert noon.quotes == again.quotes
    later = one.market_at(on(add_sessions(DAY, 2), 12))
    assert noon.history is not None
    assert later.history is not None
    assert later.history.days.tolist()[-3:] == [DAY - timedelta(days=1), DAY, date(2026, 11, 23)]
    for name, column in noon.history.series.items():
        np.testing.assert_array_equal(later.history.series[name][: len(column)], column)


def test_a_close_is_what_was_quoted_at_it() -> None:
    session = played("crash")
    at_close, after = session.market_at(on(DAY, 15, 59)), session.market_at(on(DAY, 16, 5))
    assert at_close.history is not None
    assert after.history is not None
    assert len(after.history.days) == len(at_close.history.days) + 1
    series = {"^SPX": "spx", "^VIX": "vix", "^VIX9D": "vix9d", "^VIX3M": "vix3m", "^VVIX": "vvix"}
    series |= {"^SKEW": "skew", "RSP": "rsp", "SPY": "spy", "ADVN": "advances", "DECN": "declines"}
    for symbol, name in series.items():
        assert last(after, symbol) == pytest.approx(after.history.series[name][-1], abs=0.011), symbol
    following = session.market_at(on(add_sessions(DAY, 1), 10))
    assert following.quotes["^VIX"].prev_close == after.quotes["^VIX"].last


def test_nothing_moves_between_two_steps_and_a_quote_moves_only_with_its_market() -> None:
    session = played("crash")
    moment = on(DAY, 10, 7)
    one, same = (session.market_at(moment + timedelta(seconds=s)) for s in (0, 14))
    assert one.time == same.time
    assert one.quotes == same.quotes
    still = session.world_at(moment)
    later = replace(still, at=still.at + timedelta(seconds=15))
    expiry = date(2026, 12, 18)
    before, after = (chain_of(world, "SPXW", expiry) for world in (still, later))
    assert np.mean(before.put_bid == after.put_bid) > 0.97, "fifteen seconds of decay, and no new dice"


def test_a_strike_keeps_its_place_when_others_are_listed_beside_it() -> None:
    world = played("crash").world_at(on(DAY, 11))
    alone = chain_of(world, "SPXW", date(2026, 12, 18))
    more = chain_of(world, "SPXW", date(2026, 12, 18), also=[5001.0, 6801.0])
    kept = np.isin(more.strikes, alone.strikes)
    np.testing.assert_array_equal(more.call_ask[kept], alone.call_ask)


@ALL
def test_chains_stay_free_of_arbitrage_all_day(scenario: str) -> None:
    session = played(scenario)
    for moment in through(DAY, 130):
        world = session.world_at(moment)
        for root, expiry in (("SPXW", date(2026, 12, 18)), ("VIX", date(2026, 12, 16))):
            chain = chain_of(world, root, expiry)
            years = years_between(world.at, settlement_instant(root, expiry))
            worth = float(world.discount(years)) * (forward_of(world, root, years) - chain.strikes)
            assert (chain.call_bid - chain.put_ask <= worth + 1e-9).all()
            assert (chain.call_ask - chain.put_bid >= worth - 1e-9).all()
            # A vertical for less than nothing, bought at the ask and sold at the bid.
            assert (chain.put_ask[1:] >= chain.put_bid[:-1] - 1e-9).all()
            assert (chain.call_ask[:-1] >= chain.call_bid[1:] - 1e-9).all()


@settings(max_examples=25)
@given(st.sampled_from(list(SCENARIOS)), st.integers(0, 50), st.integers(0, 390))
def test_vix_follows_the_link_and_the_curve_the_tenors(scenario: str, seed: int, minute: int) -> None:
    session = SimulatedSession(seed, scenario, START)
    opened, now = (
        session.world_at(on(DAY, 9, 30)),
        session.world_at(on(DAY, 9, 30) + timedelta(minutes=minute)),
    )
    percent = 100.0 * (now.spot / opened.spot - 1.0)
    own = now.vix - opened.vix - float(answer(percent))
    fear = session.scenario.days[0].fear
    scripted = opened.vix * float(np.interp(minute, list(fear), list(fear.values())))
    assert own == pytest.approx(scripted, abs=0.05 * now.vix), "the link, the script, and a little of its own"
    assert now.vix >= 9.5
    years = np.array([20.0, 45.0, 90.0, 180.0]) / 365
    moved = now.vix_forward(years) - opened.vix_forward(years)
    beyond = (now.vix - opened.vix) * 0.75 / (1 + 365 * years / 65)
    np.testing.assert_allclose(moved, beyond, atol=0.5 + 0.01 * abs(now.vix - opened.vix))


def test_distant_volatility_starts_where_it_stood_and_wanders_by_itself() -> None:
    session = played("calm")
    distant = [session.world_at(on(DAY, hour, 30)).long_run_vix for hour in range(9, 16)]
    assert distant[0] == session.world.long_run_vix
    assert len(set(distant)) == len(distant)
    assert max(abs(level - distant[0]) for level in distant) < 1.0


def test_the_link_is_the_methods_and_a_deep_fall_frightens_more() -> None:
    assert float(answer(1.0)) == -1.0
    assert float(answer(-1.0)) == 1.6
    assert float(answer(-5.0)) > 1.5 * 5 * 1.6


def test_a_crash_inverts_the_curve_and_widens_spreads() -> None:
    session = played("crash")
    calm, worst = session.market_at(on(DAY, 10)), session.market_at(on(DAY, 14, 15))
    assert last(calm, "^VIX9D") < last(calm, "^VIX") < last(calm, "^VIX3M")
    assert last(worst, "^VIX9D") > last(worst, "^VIX") > last(worst, "^VIX3M")
    assert last(worst, "^VVIX") > last(calm, "^VVIX") + 20
    assert last(worst, "^SKEW") < last(calm, "^SKEW")

    def spread(market: MarketSnapshot, root: str, expiry: date) -> float:
        chain = market.chains[root, expiry]
        near = np.abs(chain.put_ask - 20.0).argmin()
        return float(chain.put_ask[near] - chain.put_bid[near])

    expiry = date(2026, 12, 18)
    assert spread(worst, "SPXW", expiry) > 1.8 * spread(calm, "SPXW", expiry)


def test_shares_do_not_follow_the_index_before_the_fall() -> None:
    session = played("crash")
    market = session.market_at(on(DAY, 10, 20))
    assert last(market, "^SPX") > (market.quotes["^SPX"].prev_close or 0.0)
    move = last(market, "^SPX") / (market.quotes["^SPX"].prev_close or 1.0) - 1.0
    share = last(market, "ADVN") / (last(market, "ADVN") + last(market, "DECN"))
    assert share < 0.45 + 20.0 * move, "fewer shares rise than such a morning brings"
    assert market.history is not None
    closes = played("calm").market_at(on(DAY, 10)).history
    assert closes is not None
    thinner = market.history.series["rsp"] / closes.series["rsp"] - 1.0
    assert thinner[-1] == pytest.approx(-0.006, abs=0.0005)
    assert (thinner[:-5] == 0.0).all()
    assert market.history.series["advances"][-5:].sum() < closes.series["advances"][-5:].sum()
    ratio = last(market, "RSP") / last(market, "SPY")
    before = (market.quotes["RSP"].prev_close or 0.0) / (market.quotes["SPY"].prev_close or 1.0)
    assert ratio < before


def test_each_scenario_ends_the_day_as_it_is_called() -> None:
    def vix(scenario: str, hour: int, minute: int = 0) -> float:
        return played(scenario).world_at(on(DAY, hour, minute)).vix

    assert vix("calm", 16) < vix("calm", 9, 30) + 0.5
    assert vix("grind", 9, 30) + 1.5 < vix("grind", 16) < 21
    assert vix("crash", 16) > 30
    assert vix("crush", 16) < 0.85 * vix("crush", 9, 30)
    assert vix("event", 14, 3) > vix("event", 13, 55) + 2
    assert vix("event", 16) < vix("event", 9, 30)


def test_the_event_stands_in_the_calendar() -> None:
    events = played("event").market_at(on(DAY, 10)).events
    decisions = [event.on for event in events if event.name == "FOMC"]
    assert DAY in decisions
    assert all((b - a).days > 20 for a, b in pairwise(decisions))


def book_of(sample: str) -> Book:
    found = parse_book(SAMPLES[sample].text_on(DAY), SAMPLES[sample].path).book
    assert found is not None
    return found


def watched(session: SimulatedSession, book: Book, moments: list[datetime]) -> list[Assessment]:
    rules = built_in("zones")
    return [assess(book, session.market_at(at, book.contracts), rules, at) for at in moments]


def states(found: Assessment) -> dict[str, str]:
    layers = found.judgement.layers
    return {str(layer): str(judged.state.trigger) for layer, judged in layers.items() if judged.state}


@pytest.fixture(scope="module")
def crash() -> list[Assessment]:
    """The calm book through the crash, a look every ten seconds of life, and the four days after it."""
    days = [add_sessions(DAY, n) for n in range(1, 5)]
    return watched(
        played("crash"),
        book_of("calm"),
        [*through(DAY, 20), *(at for d in days for at in (on(d, 9, 30), on(d, 16, 5)))],
    )


def test_a_crash_brings_the_layers_from_watch_to_triggered_in_order(crash: list[Assessment]) -> None:
    first_day = [states(found) for found in crash[: len(through(DAY, 20))]]
    assert first_day[0]["L1"] == "watch"
    assert first_day[0]["L2"] == first_day[0]["L3"] == "idle"
    due = [next(n for n, found in enumerate(first_day) if found[layer] == "triggered") for layer in LADDER]
    assert 0 < due[0] < due[1] < due[2]
    for layer, at in zip(LADDER, due, strict=True):
        assert any(found[layer] == "watch" for found in first_day[: at + 1]), layer
        assert all(found[layer] == "triggered" for found in first_day[at:]), layer
    seconds = [20 * 60 * at / SPEED for at in due]
    assert seconds[0] <= 70
    assert seconds[2] <= 150


def test_the_trader_sees_it_coming(crash: list[Assessment]) -> None:
    said = [{(item.severity, item.position) for item in found.judgement.attention} for found in crash]
    assert all(severity == 1 for severity, _ in said[0])
    assert any(severity == 3 for severity, _ in said[14])
    assert len({frozenset(items) for items in said[: len(through(DAY, 20))]}) >= 5


def test_it_calms_again_and_the_layers_let_go_late(crash: list[Assessment]) -> None:
    morning_after = states(crash[len(through(DAY, 20))])
    assert all(morning_after[layer] == "triggered" for layer in LADDER)
    vix = [found.valuation.vix or 0.0 for found in crash]
    assert vix[-1] < 20
    assert states(crash[-1])["L3"] == "release"


@pytest.mark.parametrize("seed", [1, 5])
def test_another_past_does_not_change_the_order(seed: int) -> None:
    looks = watched(played("crash", seed), book_of("calm"), through(DAY, 30))
    found = [states(look) for look in looks]
    due = [next(n for n, look in enumerate(found) if look[layer] == "triggered") for layer in LADDER]
    assert due[0] < due[1] < due[2]


def test_a_seed_tells_the_same_story_on_any_day() -> None:
    spring = datetime(2027, 4, 6, 8, tzinfo=NEW_YORK)
    other = SimulatedSession(0, "crash", spring, sample_world("calm", spring))
    for hour in (10, 12, 14):
        here, there = played("crash").world_at(on(DAY, hour)), other.world_at(on(spring.date(), hour))
        assert (here.spot, here.vix) == (there.spot, there.vix)


def test_a_calm_day_triggers_nothing() -> None:
    found = watched(played("calm"), book_of("calm"), through(DAY, 65))
    assert all(state in ("idle", "watch") for look in found for state in states(look).values())


def test_the_demo_is_one_look_after_another_without_a_stumble(crash: list[Assessment]) -> None:
    for found in crash:
        assert found.totals.complete
        assert {source.state for source in found.market.sources} == {SourceState.FRESH}


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (datetime(2026, 11, 20, 20, tzinfo=NEW_YORK), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 12, tzinfo=NEW_YORK), date(2026, 11, 23)),
        (datetime(2026, 11, 26, 12, tzinfo=NEW_YORK), date(2026, 11, 27)),
    ],
)
def test_a_day_without_a_session_plays_the_next(start: datetime, first: date) -> None:
    session = SimulatedSession(0, "crash", start)
    assert session.opens == on(first, 9, 30)


def test_a_half_day_hurries_through_the_story() -> None:
    session = SimulatedSession(0, "crash", datetime(2026, 11, 27, 9, tzinfo=NEW_YORK))
    half, whole = session.world_at(on(date(2026, 11, 27), 13)), played("crash").world_at(on(DAY, 16))
    assert half.vix > 30
    assert half.vix == pytest.approx(whole.vix, rel=0.2)


def test_before_its_first_open_the_market_stands_where_it_closed() -> None:
    market = played("crash").market_at(on(DAY, 8))
    assert market.quotes["^SPX"].last == market.quotes["^SPX"].prev_close
    assert market.quotes["^VIX"].last == market.quotes["^VIX"].prev_close


def test_the_playback_skips_what_is_no_trading() -> None:
    now = datetime(2026, 11, 21, 18, tzinfo=NEW_YORK)
    feed = DemoFeed(SimulatedSession(0, "crash", now), speed=60.0)
    playing = feed.playback(now)
    assert playing.moment(now) == on(date(2026, 11, 23), 9, 30)
    assert playing.moment(now + timedelta(minutes=1)) == on(date(2026, 11, 23), 10, 30)
    assert playing.moment(now + timedelta(minutes=6, seconds=50)) == on(date(2026, 11, 24), 9, 35)
    paused = playing.pause(now + timedelta(minutes=1))
    assert paused.moment(now + timedelta(hours=1)) == on(date(2026, 11, 23), 10, 30)
    assert paused.resume(now + timedelta(hours=1)).moment(now + timedelta(hours=1, minutes=1)) == on(
        date(2026, 11, 23), 11, 30
    )


@given(st.integers(0, 400), st.integers(0, 400))
def test_trading_time_adds_up(first: int, second: int) -> None:
    start = on(date(2026, 11, 25), 9, 30)
    there = after_trading(after_trading(start, timedelta(minutes=first)), timedelta(minutes=second))
    assert there == after_trading(start, timedelta(minutes=first + second))
    assert session_state(there) == "open"


def test_the_factory_plays_a_sample_on_its_day() -> None:
    feed = demo_feed(START, sample="tested", seed=2, scenario="crush", speed=30.0)
    assert feed.speed == 30.0
    assert feed.session.opens == on(DAY, 9, 30)
    asked = Contract("SPXW", date(2026, 12, 18), "P", 6123.0)
    market = feed.snapshot((asked,), on(DAY, 10))
    assert market.quote_of(asked) is not None
    assert last(market, "^VIX") > 24


def test_a_look_is_quick() -> None:
    session, best = played("crash"), float("inf")
    session.market_at(on(DAY, 10))
    for minute in (1, 2, 3):
        start = clock.process_time()
        session.market_at(on(DAY, 10, minute))
        best = min(best, clock.process_time() - start)
    assert best < 0.2
