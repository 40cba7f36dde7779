"""From a world to the snapshot a feed hands over."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    expiries,
    next_session,
    settlement_instant,
)
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.market.freshness import close_of, last_closed
from alvh_tui.market.simulated.chains import XSP_SHARE, chain_of, is_traded
from alvh_tui.market.simulated.history import closes_to, events_around, vxx
from alvh_tui.market.simulated.smile import VIX_SMILE
from alvh_tui.market.simulated.world import DAYS_A_YEAR, VOL_POINT, World
from alvh_tui.market.types import Event, History, MarketSnapshot, Quote, Source, SourceState
from alvh_tui.pricing.time import years_between

Expiry = tuple[str, date]

QUOTED_DAYS = 130
"""How far out index options are listed in the simulated market."""
QUOTED_VIX_DAYS = 220
NEAR_SESSIONS = 5
FUTURE_TICK = 0.05


@dataclass(frozen=True, slots=True)
class SimulatedFeed:
    """The simulated market as a feed: what it lists by itself, and every contract asked for."""

    seed: int = 0
    spot: float = 6800.0
    vix: float = 17.0
    name: str = "demo"

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        world = World(at.astimezone(NEW_YORK), self.spot, self.vix, self.seed)
        return market_of(world, default_expiries(world.at), contracts)


def simulated_market(
    at: datetime,
    *,
    seed: int = 0,
    spot: float = 6800.0,
    vix: float = 17.0,
    listed: Iterable[Expiry] | None = None,
) -> MarketSnapshot:
    """One arbitrage-free moment; the same for the same arguments, whatever the hour or the day."""
    world = World(at.astimezone(NEW_YORK), spot, vix, seed)
    return market_of(world, default_expiries(world.at) if listed is None else listed)


@dataclass(frozen=True, slots=True, eq=False)
class Today:
    """What the numbers of a world do not say of its moment."""

    known: History
    """The closes of the sessions that are over."""
    before: Mapping[str, float]
    """The closes before this session, by series."""
    levels: Mapping[str, float]
    """Where skew, funds and, if anybody counts them, advances and declines stand now."""
    events: tuple[Event, ...]


def quiet_day(world: World) -> Today:
    """A day on which the funds go with the index and nobody counts shares."""
    closes = closes_to(world)
    before = {name: float(column[-2]) for name, column in closes.series.items()}
    moved = world.spot / before["spx"]
    levels = {"skew": before["skew"], **{fund: before[fund] * moved for fund in ("spy", "rsp", "vnq")}}
    return Today(closes.until(last_closed(world.at)), before, levels, events_around(world))


def market_of(
    world: World, listed: Iterable[Expiry], contracts: Sequence[Contract] = (), today: Today | None = None
) -> MarketSnapshot:
    """The world's market in these expiries and, besides, in these contracts."""
    today = today or quiet_day(world)
    asked: dict[Expiry, set[float]] = {key: set() for key in listed}
    for contract in contracts:
        if contract.is_option and contract.expiry is not None and contract.family is not Family.EQUITY:
            asked.setdefault((contract.root, contract.expiry), set()).add(contract.strike or 0.0)
    traded = {key: strikes for key, strikes in sorted(asked.items()) if is_traded(world, *key)}
    futures = {contract for contract in contracts if contract.family is Family.VIX_FUTURE}
    futures |= {Contract(root, expiry) for its, expiry in traded if its == "VIX" for root in ("VX", "VXM")}
    quotes = (*_index_quotes(world, today), *(_future_quote(world, future) for future in sorted(futures)))
    now = SourceState.FRESH
    return MarketSnapshot(
        world.at,
        quotes={quote.symbol: quote for quote in quotes},
        chains={key: chain_of(world, *key, also=strikes) for key, strikes in traded.items()},
        history=today.known,
        events=today.events,
        risk_free=world.rate,
        sources=(
            Source("demo.quotes", now, world.at, world.at),
            Source("demo.chains", now, world.at, world.at),
            Source("demo.history", now, close_of(last_closed(world.at)), world.at),
        ),
        origin="simulated",
        note="A made-up market: no price in it was ever quoted.",
    )


def default_expiries(at: datetime) -> tuple[Expiry, ...]:
    """What a condor and its hedges need: the next days, weeks and months, as the exchange would list them."""
    today = at.astimezone(NEW_YORK).date()
    last, far = today + timedelta(days=QUOTED_DAYS), today + timedelta(days=QUOTED_VIX_DAYS)
    near = expiries("SPXW", today, last)
    monthly = expiries("SPX", today, last)
    weekly = [day for day in near if day + timedelta(days=3) <= next_session(day)]
    spxw = {*near[:NEAR_SESSIONS], *weekly[:10], *monthly}
    return (
        *(("SPX", day) for day in monthly),
        *(("SPXW", day) for day in sorted(spxw)),
        *(("XSP", day) for day in sorted({*weekly[:6], *monthly[:3]})),
        *(("VIX", day) for day in expiries("VIX", today, far)),
        *(("VIXW", day) for day in expiries("VIXW", today, last)[:5]),
    )


def _index_quotes(world: World, today: Today) -> list[Quote]:
    def vol(days: float) -> float:
        return round(float(world.spx_vol(days / DAYS_A_YEAR)) / VOL_POINT, 2)

    now, before, levels = world.at, today.before, today.levels
    indices = {
        "^SPX": (round(world.spot, 2), "spx"),
        "^VIX": (round(world.vix, 2), "vix"),
        "^VIX9D": (vol(9), "vix9d"),
        "^VIX3M": (vol(93), "vix3m"),
        "^VIX6M": (vol(184), "vix6m"),
        "^VVIX": (vvix_of(world), "vvix"),
        "^SKEW": (round(levels["skew"], 2), "skew"),
    }
    counts = {"ADVN": "advances", "DECN": "declines"}
    indices |= {name: (levels[series], series) for name, series in counts.items() if series in levels}
    quotes = [Quote(name, None, None, last, before[series], now) for name, (last, series) in indices.items()]
    xsp = XSP_SHARE * world.spot
    quotes.append(Quote("^XSP", None, None, round(xsp, 2), round(XSP_SHARE * before["spx"], 2), now))
    funds = {name.upper(): (levels[name], before[name]) for name in ("spy", "rsp", "vnq")}
    calm = replace(world, vix=before["vix"])
    funds["VXX"] = (vxx(world), round(vxx(calm), 2))
    for name, (last, previous) in funds.items():
        price, half = round(last, 2), round(0.01 * world.spread, 2)
        quotes.append(Quote(name, round(price - half, 2), round(price + half, 2), price, previous, now))
    return quotes


def vvix_of(world: World) -> float:
    """The VIX of VIX options."""
    years = 30.0 / DAYS_A_YEAR
    variance = VIX_SMILE.fair_variance(world.vix_option_vol(years) ** 2 * years)
    return round(math.sqrt(float(variance) / years) / VOL_POINT, 2)


def _future_quote(world: World, future: Contract) -> Quote:
    """A VX future stands on the same forward as the options that settle with it."""
    if future.expiry is None:
        raise ValueError(f"{future.root} without an expiry is no future")
    fair = float(world.vix_forward(years_between(world.at, settlement_instant(future.root, future.expiry))))
    bid = math.floor(fair / FUTURE_TICK) * FUTURE_TICK
    return Quote(future.symbol, round(bid, 2), round(bid + FUTURE_TICK, 2), round(fair, 2), None, world.at)
