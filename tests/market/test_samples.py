"""The sample books and their markets belong together: the same numbers again, credits one could have had."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import numpy as np
import pytest

from alvh_tui.book.load import parse_book
from alvh_tui.book.model import Book, Leg
from alvh_tui.book.samples import ANCHOR, SAMPLES, samples_folder
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.market.folder import read_market
from alvh_tui.market.simulated import default_expiries, market_of
from alvh_tui.market.simulated.chains import chain_of, forward_of
from alvh_tui.market.simulated.history import closes_to
from alvh_tui.market.simulated.samples import AT, sample_market, sample_world, write_sample_markets
from alvh_tui.market.simulated.world import World
from alvh_tui.pricing.black import black_greeks
from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.time import years_between


@pytest.fixture(params=list(SAMPLES))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def book_of(name: str) -> Book:
    sample = SAMPLES[name]
    book = parse_book(sample.path.read_text(encoding="utf-8"), sample.path).book
    assert book is not None
    return book


def world_on(name: str, day: date, at: time = time(14)) -> World:
    """The sample's world as it closed on that day."""
    world = sample_world(name)
    if day == ANCHOR:
        return world
    history = closes_to(world)
    row = history.days.tolist().index(day)
    spot, vix = (float(history.series[series][row]) for series in ("spx", "vix"))
    return replace(world, at=datetime.combine(day, at, NEW_YORK), spot=spot, vix=vix)


def fair(world: World, legs: tuple[Leg, ...]) -> float:
    """What the legs cost together at the middle of the market."""
    return sum(leg.quantity * middle_of(world, leg.contract) for leg in legs)


def middle_of(world: World, contract: Contract) -> float:
    root, expiry, strike = contract.root, contract.expiry, contract.strike
    assert expiry is not None
    if strike is None:
        return forward_of(world, root, years_between(world.at, settlement_instant(root, expiry)))
    chain = chain_of(world, root, expiry)
    row = int(np.searchsorted(chain.strikes, strike))
    assert chain.strikes[row] == strike, f"{contract} is not on the listed grid"
    call = contract.right == "C"
    bid, ask = (chain.call_bid, chain.call_ask) if call else (chain.put_bid, chain.put_ask)
    return float(bid[row] + ask[row]) / 2


def test_the_recorded_market_is_the_one_its_world_makes(name: str) -> None:
    recorded, made = read_market(SAMPLES[name].market), sample_market(name)
    assert recorded.warnings == ()
    assert recorded.time == made.time == AT
    assert recorded.quotes.keys() == made.quotes.keys()
    assert recorded.chains.keys() == made.chains.keys()
    assert recorded.events == made.events
    for key, chain in made.chains.items():
        np.testing.assert_array_equal(recorded.chains[key].strikes, chain.strikes)
        # One tick: the last binary digit of exp and log is the processor's own affair.
        np.testing.assert_allclose(recorded.chains[key].put_bid, chain.put_bid, atol=0.11)
        np.testing.assert_allclose(recorded.chains[key].call_ask, chain.call_ask, atol=0.11)
    assert recorded.history is not None
    assert made.history is not None
    np.testing.assert_array_equal(recorded.history.days, made.history.days)
    for series, column in made.history.series.items():
        unit = 1.0 if series in ("advances", "declines") else 0.01
        np.testing.assert_allclose(recorded.history.series[series], column, atol=1.01 * unit)


def test_writing_the_sample_markets_again_changes_nothing(tmp_path: Path) -> None:
    write_sample_markets(tmp_path)
    folders = sorted(path.name for path in tmp_path.iterdir())
    assert folders == sorted(f"{name}.market" for name in SAMPLES)
    size = sum(file.stat().st_size for file in samples_folder().rglob("*") if file.is_file())
    assert size < 300_000


def test_the_market_has_a_quote_for_everything_held(name: str) -> None:
    market = read_market(SAMPLES[name].market)
    for contract in book_of(name).contracts:
        quote = market.quote_of(contract)
        if contract.family is not Family.VIX_FUTURE:
            assert quote is not None
            assert quote.ask


def test_entry_levels_are_the_closes_of_the_day(name: str) -> None:
    for condor in book_of(name).condors:
        world = world_on(name, condor.opened_on)
        assert condor.spot_at_open == pytest.approx(world.spot, abs=0.011)
        assert condor.vix_at_open == pytest.approx(world.vix, abs=0.011)


def test_credits_and_debits_could_have_been_had_on_their_day(name: str) -> None:
    for position in book_of(name).positions:
        trades = [(position.opened_on, position.legs, position.credit, position.contracts_in(position.legs))]
        for adjustment in position.adjustments:
            on = adjustment.on.date() if isinstance(adjustment.on, datetime) else adjustment.on
            trades.append((on, adjustment.legs, adjustment.credit, adjustment.contracts))
        for day, legs, credit, contracts in trades:
            middle = -fair(world_on(name, day), legs) / contracts
            assert credit == pytest.approx(middle, abs=0.35 + 0.04 * abs(middle)), (position.id, day)
            assert credit <= middle + 0.05 * abs(middle), "nobody trades better than the middle"


def test_the_shorts_were_sold_at_fifteen_to_twenty_delta(name: str) -> None:
    for condor in book_of(name).condors:
        world = world_on(name, condor.opened_on)
        for leg in condor.legs:
            root, expiry, strike = leg.contract.root, leg.contract.expiry, leg.contract.strike
            if leg.quantity > 0:
                continue
            assert expiry is not None
            assert strike is not None
            years = years_between(world.at, settlement_instant(root, expiry))
            forward, discount = forward_of(world, root, years), float(world.discount(years))
            sign = 1.0 if leg.contract.right == "C" else -1.0
            price = middle_of(world, leg.contract)
            vol = implied_vol(price, forward, discount, years, strike, sign)
            delta = abs(float(black_greeks(forward, discount, years, strike, vol, sign, world.spot).delta))
            assert 0.145 < delta < 0.205, (condor.id, leg.contract)
            assert 30 <= (expiry - condor.opened_on).days <= 45


def test_each_book_shows_what_it_is_there_for() -> None:
    calm, tested, broken = (book_of(name) for name in ("calm", "tested", "broken_wing"))
    assert {hedge.layer for hedge in calm.hedges} == {"L1"}
    assert {hedge.layer for hedge in tested.hedges} == {"L1", "L2", "L3", "SE"}
    front, early = tested.condors
    assert len(front.adjustments) == 2
    assert early.contracts == 2
    assert early.contracts_in(early.legs) == 4
    strikes = [leg.contract.strike or 0.0 for leg in broken.condors[0].legs]
    assert strikes[1] - strikes[0] > strikes[3] - strikes[2]
    spot = sample_world("tested").spot
    short_put = next(leg for leg in front.legs if leg.quantity < 0 and leg.contract.right == "P")
    assert (short_put.contract.strike or 0.0) > spot


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 6, 12), date(2028, 3, 1), date(2029, 1, 1)])
def test_moved_to_another_day_book_and_market_still_belong_together(name: str, today: date) -> None:
    sample = SAMPLES[name]
    book = parse_book(sample.text_on(today), sample.path).book
    assert book is not None
    at = datetime.combine(today, time(11), NEW_YORK)
    market = market_of(sample_world(name, at), default_expiries(at), book.contracts)
    assert [contract for contract in book.contracts if market.quote_of(contract) is None] == []
    assert market.history is not None
    days = market.history.days.tolist()
    for condor in book.condors:
        assert condor.spot_at_open == market.history.series["spx"][days.index(condor.opened_on)]
        assert condor.vix_at_open == market.history.series["vix"][days.index(condor.opened_on)]
