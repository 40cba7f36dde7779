"""Small markets made from a formula, so that every answer is known beforehand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import exp, log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alvh_tui.book.model import Account, Book, Condor, Hedge, Layer, Leg
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.market.types import Chain, History, MarketSnapshot, Quote
from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.link import LinkSettings
from alvh_tui.risk.valuation import Valuation, value_book

AT = datetime(2026, 11, 20, 15, 30, tzinfo=NEW_YORK)
YEAR_END = date(2026, 12, 31)
SPOT, RATE, DIVIDENDS = 6800.0, 0.04, 0.012
VIX, VIX_DAY = 17.2, date(2027, 1, 20)
CONDOR_VOLS = {6350.0: 0.205, 6400.0: 0.199, 7100.0: 0.133, 7150.0: 0.130}

METHOD_LINK = LinkSettings(
    beta_down=1.6,
    beta_up=1.0,
    tenor_level=0.75,
    tenor_days=65.0,
    pinned={},
    sessions=250,
    least_moves=40,
    oldest_days=30,
    lowest_beta=0.5,
    highest_beta=3.0,
    vix_floor=9.0,
    vol_tenor_cap=1.5,
    vol_tenor_days=30.0,
    vol_tenor_shortest=7.0,
)


def chain_of(
    root: str,
    expiry: date,
    forward: float,
    vols: Mapping[float, float],
    at: datetime = AT,
    width: float = 0.0,
    rate: float = RATE,
) -> Chain:
    """Calls and puts worth exactly what Black-76 says, quoted `width` wide."""
    strikes = np.array(sorted(vols))
    years = years_between(at, settlement_instant(root, expiry))
    vol = np.array([vols[strike] for strike in strikes])
    mids = {sign: black_price(forward, exp(-rate * years), years, strikes, vol, sign) for sign in (1.0, -1.0)}
    half, blank = width / 2.0, np.full(len(strikes), np.nan)
    return Chain(
        root,
        expiry,
        strikes,
        call_bid=mids[1.0] - half,
        call_ask=mids[1.0] + half,
        call_last=blank,
        put_bid=mids[-1.0] - half,
        put_ask=mids[-1.0] + half,
        put_last=blank,
        call_time=blank,
        put_time=blank,
    )


def index_forward(expiry: date, root: str = "SPXW", spot: float = SPOT, at: datetime = AT) -> float:
    return spot * exp((RATE - DIVIDENDS) * years_between(at, settlement_instant(root, expiry)))


def market_of(
    chains: Sequence[Chain], spot: float = SPOT, vix: float = VIX, at: datetime = AT
) -> MarketSnapshot:
    return MarketSnapshot(
        time=at,
        quotes={"^SPX": Quote("^SPX", last=spot), "^VIX": Quote("^VIX", last=vix)},
        chains={(chain.root, chain.expiry): chain for chain in chains},
        risk_free=RATE,
    )


def golden_market(at: datetime = AT, spot: float = SPOT, vol_points: float = 0.0) -> MarketSnapshot:
    """The world of the worked examples: SPXW strikes with their own vols, VIX options on a 19.35 future."""
    between = [float(strike) for strike in range(6450, 7100, 50)]
    vols = CONDOR_VOLS | {k: float(np.interp(k, [6400.0, 7100.0], [0.199, 0.133])) for k in between}
    vols = {strike: vol + vol_points / 100.0 for strike, vol in vols.items()}
    vix_vols = dict.fromkeys((17.0, 18.0, 19.0, 20.0, 21.0, 22.0, 25.0, 30.0), 0.9037399391)
    return market_of(
        [
            chain_of("SPXW", YEAR_END, index_forward(YEAR_END, spot=spot, at=at), vols, at),
            chain_of("VIX", VIX_DAY, 19.35, vix_vols, at),
        ],
        spot,
        at=at,
    )


def leg(quantity: int, root: str, expiry: date, right: Right, strike: float) -> Leg:
    return Leg(Contract(root, expiry, right, strike), quantity)


def condor(
    credit: float,
    lots: int = 10,
    strikes: tuple[float, float, float, float] = (6350.0, 6400.0, 7100.0, 7150.0),
    expiry: date = YEAR_END,
    root: str = "SPXW",
    name: str = "dec-31",
) -> Condor:
    long_put, short_put, short_call, long_call = strikes
    return Condor(
        id=name,
        legs=(
            leg(lots, root, expiry, "P", long_put),
            leg(-lots, root, expiry, "P", short_put),
            leg(-lots, root, expiry, "C", short_call),
            leg(lots, root, expiry, "C", long_call),
        ),
        credit=credit,
        opened=date(2026, 11, 16),
    )


def vix_calls(
    lots: int, strike: float = 25.0, debit: float = 1.15, name: str = "L1", layer: Layer = "L1"
) -> Hedge:
    return Hedge(
        id=name,
        legs=(leg(lots, "VIX", VIX_DAY, "C", strike),),
        credit=-debit,
        opened=date(2026, 11, 17),
        layer=layer,
    )


def book_of(*positions: Condor | Hedge) -> Book:
    return Book(
        Path("book.toml"),
        Account(net_liq=250_000.0, cash=120_000.0),
        condors=tuple(p for p in positions if isinstance(p, Condor)),
        hedges=tuple(p for p in positions if isinstance(p, Hedge)),
    )


def without(chain: Chain, **columns: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Chain:
    """The chain with some columns changed."""
    changed: dict[str, Any] = {name: change(getattr(chain, name).copy()) for name, change in columns.items()}
    return replace(chain, **changed)


def smooth_vol(strike: float, forward: float) -> float:
    """A smile without kinks: the vol of every strike of `smooth_chain`."""
    return 0.16 - 0.35 * log(strike / forward)


def smooth_chain(
    expiry: date = YEAR_END,
    root: str = "SPXW",
    at: datetime = AT,
    width: float = 0.2,
    strikes: Sequence[float] = tuple(range(6000, 7525, 25)),
    forward: float | None = None,
) -> Chain:
    """Sixty strikes about the money on a smooth smile."""
    level = index_forward(expiry, root, at=at) if forward is None else forward
    return chain_of(root, expiry, level, {float(k): smooth_vol(k, level) for k in strikes}, at, width)


def quoted(chain: Chain, strike: float, right: Right, **columns: float) -> Chain:
    """The chain with one option's bid, ask, last or time changed."""
    row = int(np.searchsorted(chain.strikes, strike))
    side = "call" if right == "C" else "put"

    def put_in(value: float) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
        return lambda column: np.where(np.arange(len(column)) == row, value, column)

    return without(chain, **{f"{side}_{name}": put_in(value) for name, value in columns.items()})


def holding(*contracts: Contract, lots: int = 1) -> Book:
    """A book that holds these contracts and nothing else."""
    legs = tuple(Leg(contract, lots) for contract in contracts)
    return book_of(Hedge(id="held", legs=legs, credit=0.0, opened=date(2026, 11, 2)))


def valued(book: Book, market: MarketSnapshot, at: datetime | None = None) -> Valuation:
    """The book on that market by the method's own link, as a rule at the moment of its quotes."""
    return value_book(book, market, market.time if at is None else at, METHOD_LINK, RATE)


def closes(**series: Mapping[date, float]) -> History:
    """Daily closes as written; a day that one series lacks is a gap in it."""
    days = sorted({day for column in series.values() for day in column})
    return History(
        np.array(days, dtype="datetime64[D]"),
        {
            name: np.array([column.get(day, np.nan) for day in days], dtype=np.float64)
            for name, column in series.items()
        },
    )
