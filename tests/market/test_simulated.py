"""The simulated market: without arbitrage, consistent with its own index levels, and the same every time."""

import time as clock
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    expiry_fault,
    is_session,
    last_trade_instant,
    previous_session,
    settlement_instant,
)
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.folder import read_market, write_market
from alvh_tui.market.simulated import SimulatedFeed, World, simulated_market
from alvh_tui.market.simulated.chains import chain_of, forward_of
from alvh_tui.market.simulated.smile import SPX_SMILE, VIX_SMILE, Smile
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.time import years_between

AT = datetime(2026, 11, 20, 10, 30, tzinfo=NEW_YORK)
DECEMBER = date(2026, 12, 18)
LEVELS = st.floats(9.5, 80.0)


@pytest.fixture(scope="module")
def market() -> MarketSnapshot:
    return simulated_market(AT)


def same(one: MarketSnapshot, other: MarketSnapshot) -> bool:
    chains = one.chains.keys() == other.chains.keys() and all(
        np.array_equal(chain.put_bid, other.chains[key].put_bid, equal_nan=True)
        for key, chain in one.chains.items()
    )
    assert one.history is not None
    assert other.history is not None
    return (
        chains
        and one.quotes == other.quotes
        and np.array_equal(one.history.series["vix"], other.history.series["vix"])
    )


def test_the_same_moment_and_seed_give_the_same_market(market: MarketSnapshot) -> None:
    assert same(market, simulated_market(AT))
    assert not same(market, simulated_market(AT, seed=1))


@pytest.mark.parametrize("smile", [SPX_SMILE, VIX_SMILE])
@given(at_the_money=st.floats(1e-5, 1.5))
def test_a_smile_is_free_of_butterfly_arbitrage(smile: Smile, at_the_money: float) -> None:
    strikes = np.exp(np.linspace(-6, 6, 1201) * np.sqrt(at_the_money))
    vol = np.sqrt(smile.total_variance(np.log(strikes), at_the_money))
    calls = black_price(1.0, 1.0, 1.0, strikes, vol, 1.0)
    slopes = np.diff(calls) / np.diff(strikes)
    assert (slopes >= -1 - 1e-9).all()
    assert (slopes <= 1e-9).all()
    assert (np.diff(slopes) >= -1e-9 * np.abs(slopes[1:]).max()).all()


@settings(max_examples=20)
@given(vix=LEVELS)
def test_total_variance_rises_with_time_at_every_strike(vix: float) -> None:
    world = World(AT, vix=vix)
    years = np.arange(1, 400, 5) / 365
    level = SPX_SMILE.at_the_money(world.spx_vol(years) ** 2 * years)
    for log_moneyness in (-0.3, -0.05, 0.0, 0.05, 0.2):
        assert (np.diff(SPX_SMILE.total_variance(log_moneyness, level)) > 0).all()


@given(vix=LEVELS)
def test_the_thirty_day_strip_is_worth_the_vix(vix: float) -> None:
    world, years = World(AT, vix=vix), 30 / 365
    level = SPX_SMILE.at_the_money(world.spx_vol(years) ** 2 * years)
    assert np.sqrt(SPX_SMILE.fair_variance(level) / years) * 100 == pytest.approx(vix, abs=1e-3)


@given(vix=LEVELS)
def test_vix_forwards_move_with_vix_by_the_tenor_shape_of_the_method(vix: float) -> None:
    days = np.array([20.0, 45.0, 90.0, 180.0])
    moved = World(AT, vix=vix + 1).vix_forward(days / 365) - World(AT, vix=vix).vix_forward(days / 365)
    np.testing.assert_allclose(moved, 0.75 / (1 + days / 65), rtol=0.01)
    assert float(World(AT, vix=vix).vix_forward(0.0)) == pytest.approx(vix)


def test_calm_is_contango_and_stress_is_backwardation() -> None:
    years = np.array([10, 30, 60, 120, 210]) / 365
    assert (np.diff(World(AT, vix=15).vix_forward(years)) > 0).all()
    assert (np.diff(World(AT, vix=40).vix_forward(years)) < 0).all()
    assert (np.diff(World(AT, vix=40).spx_vol(years)) < 0).all()


def test_every_quote_stands_around_the_fair_price_on_a_tick(market: MarketSnapshot) -> None:
    for (root, _), chain in market.chains.items():
        for bid, ask in ((chain.call_bid, chain.call_ask), (chain.put_bid, chain.put_ask)):
            assert (bid >= 0).all()
            assert (ask > bid).all()
            small, large = (0.01, 0.05) if root.startswith("VIX") else (0.05, 0.1)
            for price in (bid, ask):
                ticks = price / np.where(price < 3, small, large)
                np.testing.assert_allclose(ticks, np.round(ticks), atol=1e-6)


def test_parity_holds_within_the_spread_at_every_strike(market: MarketSnapshot) -> None:
    for (root, expiry), chain in market.chains.items():
        years = years_between(AT, settlement_instant(root, expiry))
        forward, discount = forward_of(World(AT), root, years), np.exp(-0.041 * years)
        worth = discount * (forward - chain.strikes)
        assert (chain.call_bid - chain.put_ask <= worth + 1e-9).all()
        assert (chain.call_ask - chain.put_bid >= worth - 1e-9).all()


def test_vix_futures_are_quoted_on_the_forward_of_the_options(market: MarketSnapshot) -> None:
    expiry = date(2026, 12, 16)
    future = market.quote_of(Contract("VX", expiry))
    assert future is not None
    assert future.bid is not None
    assert future.ask is not None
    forward = forward_of(World(AT), "VIX", years_between(AT, settlement_instant("VX", expiry)))
    assert future.bid <= forward <= future.ask


def test_the_skews_lean_as_real_ones_do(market: MarketSnapshot) -> None:
    def mid(root: str, expiry: date, right: str, strike: float) -> float:
        quote = market.quote_of(Contract(root, expiry, "C" if right == "C" else "P", strike))
        assert quote is not None
        assert quote.bid is not None
        assert quote.ask is not None
        return (quote.bid + quote.ask) / 2

    forward = forward_of(World(AT), "SPXW", years_between(AT, settlement_instant("SPXW", DECEMBER)))
    assert forward == pytest.approx(6800 + 15, abs=2)
    assert mid("SPXW", DECEMBER, "P", 6400) > 3 * mid("SPXW", DECEMBER, "C", 7225)
    settles = date(2026, 12, 16)
    assert mid("VIX", settles, "C", 25) > 3 * mid("VIX", settles, "P", 13)


def test_history_leads_up_to_the_moment(market: MarketSnapshot) -> None:
    history = market.history
    assert history is not None
    days = history.days.tolist()
    assert len(days) == 300
    assert days[-1] == previous_session(AT.date())
    assert all(is_session(day) for day in days)
    series = history.series
    assert all(np.isfinite(column).all() for column in series.values())
    assert market.quotes["^SPX"].prev_close == series["spx"][-1] == pytest.approx(6800, rel=0.011)
    assert market.quotes["^VIX"].prev_close == series["vix"][-1] == pytest.approx(17, abs=2)


@pytest.mark.parametrize("seed", range(6))
def test_vix_answers_to_spx_by_the_link(seed: int) -> None:
    history = simulated_market(AT, seed=seed, listed=()).history
    assert history is not None
    moved = 100 * np.diff(np.log(history.series["spx"]))
    answer = np.diff(history.series["vix"])
    falls = -np.polyfit(moved[moved < 0], answer[moved < 0], 1)[0]
    rises = -np.polyfit(moved[moved > 0], answer[moved > 0], 1)[0]
    assert 1.2 < falls < 2.0
    assert 0.7 < rises < 1.4


def test_a_recent_fall_shows_in_index_and_vix() -> None:
    from alvh_tui.market.simulated.history import closes_to

    fallen = closes_to(World(AT, spot=6400, vix=25, recent_move=-0.05)).series
    assert fallen["spx"][-2] / fallen["spx"][-12] == pytest.approx(0.95, abs=0.01)
    assert fallen["vix"][-2] > fallen["vix"][-12] + 5


def test_closes_lie_as_many_sessions_back_on_any_other_day() -> None:
    from alvh_tui.market.simulated.market import quiet_day

    there, here = World(AT, seed=5), World(datetime(2028, 7, 1, 12, tzinfo=NEW_YORK), seed=5)
    friday, saturday = quiet_day(there).known, quiet_day(here).known
    np.testing.assert_array_equal(friday.series["vix"], saturday.series["vix"][:-1])
    assert saturday.days[-1] == np.datetime64("2028-06-30")
    assert (saturday.series["spx"][-1], saturday.series["vix"][-1]) == (6800, 17)


@settings(max_examples=25)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2029, 12, 31), timezones=st.just(NEW_YORK)),  # noqa: DTZ001
    st.integers(0, 3),
)
def test_any_moment_has_a_market_of_listed_expiries_that_still_trade(at: datetime, seed: int) -> None:
    market = simulated_market(at, seed=seed)
    assert [key for key in market.chains if expiry_fault(*key)] == []
    assert all(last_trade_instant(*key) > at for key in market.chains)
    assert {root for root, _ in market.chains} == {"SPX", "SPXW", "XSP", "VIX", "VIXW"}
    assert max(expiry for root, expiry in market.chains if root == "VIX") > at.date() + timedelta(days=180)
    assert any(event.on > at.date() for event in market.events)


def test_the_feed_quotes_what_is_asked_for_as_well() -> None:
    asked = (
        Contract("SPXW", date(2026, 12, 9), "P", 6123.0),
        Contract("SPX", date(2026, 11, 20), "P", 6400.0),
        Contract("VX", date(2026, 12, 9)),
        Contract("VXX"),
    )
    market = SimulatedFeed(seed=3).snapshot(asked, AT)
    quote = market.quote_of(asked[0])
    assert quote is not None
    assert quote.ask
    assert market.quote_of(asked[1]) is None, "an AM series does not trade on its last morning"
    assert market.quote_of(asked[2]) is not None
    assert market.quote_of(asked[3]) is not None


def test_a_simulated_market_is_a_market_folder_like_any_other(tmp_path: Path) -> None:
    market = simulated_market(AT, listed=[("SPXW", DECEMBER), ("VIX", date(2026, 12, 16))])
    write_market(market, tmp_path / "m")
    again = read_market(tmp_path / "m")
    assert again.warnings == ()
    assert same(market, again)
    assert again.events == market.events


def test_a_market_is_made_quickly() -> None:
    best = float("inf")
    for _ in range(3):
        start = clock.process_time()
        simulated_market(AT)
        best = min(best, clock.process_time() - start)
    assert best < 0.25


def test_a_chain_has_the_strikes_of_the_exchange() -> None:
    chain = chain_of(World(AT), "SPXW", DECEMBER)
    assert set(np.arange(6300, 7100, 5.0)) <= set(chain.strikes)
    assert set(np.arange(5200, 8100, 25.0)) <= set(chain.strikes)
    tenth = chain_of(World(AT), "XSP", DECEMBER)
    assert set(np.arange(640, 710, 1.0)) <= set(tenth.strikes)
