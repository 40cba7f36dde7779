"""The book laid against one market: forwards, marks, vols and Greeks of every leg it holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import exp, isfinite

import numpy as np

from alvh_tui.book.model import Book
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.market.freshness import last_closed
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.pricing.american import american_greeks
from alvh_tui.pricing.black import Greeks, black_greeks
from alvh_tui.pricing.probability import prob_beyond, prob_touch
from alvh_tui.risk.expiries import (
    ExpiryMarket,
    Key,
    Rate,
    index_level,
    price_expiries,
    risk_free_rate,
    underlying_level,
)
from alvh_tui.risk.legs import NOTE_DAYS, Floats, Kind, Legs, Rows, lay_out_legs
from alvh_tui.risk.link import LinkSettings, SpotVolLink, estimate_link
from alvh_tui.risk.marks import LegMark, mark_contracts


@dataclass(frozen=True, slots=True)
class LegGreeks:
    """Per share, long one contract, in the units of the method; None is unknown."""

    delta: float | None
    gamma: float | None
    vega: float | None
    theta: float | None
    rho: float | None


@dataclass(frozen=True, slots=True)
class Odds:
    """Risk-neutral, of an index option's strike; None is unknown."""

    beyond: float | None
    """Of finishing in the money."""
    touch: float | None
    """Of trading there until then."""


@dataclass(frozen=True, slots=True, eq=False)
class Valuation:
    at: datetime
    snapshot: MarketSnapshot
    spot: float | None
    """The index the axis stands on."""
    spot_origin: str
    """quote, or the forward it was taken from."""
    vix: float | None
    rate: Rate
    link: SpotVolLink
    markets: Mapping[Key, ExpiryMarket]
    marks: Mapping[Contract, LegMark]
    greeks: Mapping[Contract, LegGreeks]
    odds: Mapping[Contract, Odds]
    """Of the index options that still live."""
    legs: Legs
    settled: frozenset[Key] = field(init=False)
    """Root and expiry of what is over."""

    def __post_init__(self) -> None:
        over = frozenset(key for key, market in self.markets.items() if market.years <= 0.0)
        object.__setattr__(self, "settled", over)

    def market_of(self, contract: Contract) -> ExpiryMarket | None:
        return None if contract.expiry is None else self.markets.get((contract.root, contract.expiry))

    def days_left(self, contract: Contract) -> float | None:
        market = self.market_of(contract)
        return None if market is None else market.years * 365.0


def value_book(
    book: Book,
    snapshot: MarketSnapshot,
    at: datetime,
    settings: LinkSettings,
    fallback_rate: float,
    also: Iterable[Contract] = (),
) -> Valuation:
    """Prices every contract of the book, and `also` some it does not hold; what the market does not tell
    stays unknown, and what closed later than `at` is not looked at."""
    also = tuple(also)
    contracts = tuple(dict.fromkeys((*book.contracts, *also)))
    if snapshot.history is not None:
        snapshot = replace(snapshot, history=snapshot.history.until(last_closed(at)))
    rate = risk_free_rate(snapshot, fallback_rate)
    link = estimate_link(snapshot.history, at.astimezone(NEW_YORK).date(), settings)
    quoted = _index_level(snapshot, "^SPX", "^GSPC")
    markets = price_expiries(book.contracts, also, snapshot, at, quoted, rate)
    spot, origin = _spot(quoted, markets, rate)
    vix = _index_level(snapshot, "^VIX")
    marks = mark_contracts(contracts, snapshot, markets, at, spot, rate)
    shares = _share_levels(contracts, snapshot, spot)
    legs = lay_out_legs(marks, markets, shares, spot, vix, _vix_30(markets, vix), link, rate)
    return Valuation(
        at=at,
        snapshot=snapshot,
        spot=spot,
        spot_origin=origin,
        vix=vix,
        rate=rate,
        link=link,
        markets=markets,
        marks=marks,
        greeks=_greeks(legs),
        odds=_odds(legs),
        legs=legs,
    )


def _index_level(snapshot: MarketSnapshot, *symbols: str) -> float | None:
    for symbol in symbols:
        level = index_level(snapshot.quotes.get(symbol))
        if level is not None:
            return level
    return None


def _spot(quoted: float | None, markets: Mapping[Key, ExpiryMarket], rate: Rate) -> tuple[float | None, str]:
    """The quoted index; where it is missing, the nearest SPX forward taken back to today."""
    if quoted is not None:
        return quoted, "quote"
    nearest = min(
        (m for m in markets.values() if m.root in ("SPX", "SPXW") and m.forward is not None),
        key=lambda market: market.quote_years,
        default=None,
    )
    if nearest is None or nearest.forward is None:
        return None, ""
    return nearest.forward * exp(
        -rate.value * nearest.quote_years
    ), f"{nearest.root} {nearest.expiry} forward"


def _share_levels(
    contracts: Iterable[Contract], snapshot: MarketSnapshot, spot: float | None
) -> dict[str, float]:
    roots = {c.root for c in contracts if c.family is Family.EQUITY}
    levels = {root: underlying_level(root, snapshot, spot) for root in roots}
    return {root: level for root, level in levels.items() if level is not None}


def _vix_30(markets: Mapping[Key, ExpiryMarket], vix: float | None) -> float | None:
    """The VIX forward nearest to 30 days that this market prices, else VIX itself."""
    forwards = [
        (abs(m.years * 365.0 - NOTE_DAYS), m.forward)
        for m in markets.values()
        if m.forward is not None and m.years > 0 and m.root in ("VIX", "VIXW", "VX", "VXM")
    ]
    return min(forwards)[1] if forwards else vix


def _greeks(legs: Legs) -> Mapping[Contract, LegGreeks]:
    found: dict[Contract, LegGreeks] = {}
    years = np.maximum(legs.years, 0.0)
    discount = np.exp(-legs.rate * years)
    for kind in {Kind(code) for code in legs.kind.tolist()}:
        rows = np.flatnonzero(legs.kind == kind)
        contracts = [legs.contracts[row] for row in rows]
        if kind in (Kind.VIX_FUTURE, Kind.SHARE):
            found |= dict.fromkeys(contracts, LegGreeks(1.0, 0.0, 0.0, 0.0, 0.0))
            continue
        priced = _option_greeks(legs, rows, kind, years, discount)
        columns = (priced.delta, priced.gamma, priced.vega, priced.theta, priced.rho)
        rows_of_greeks = zip(*(column.tolist() for column in columns), strict=True)
        for contract, figures in zip(contracts, rows_of_greeks, strict=True):
            found[contract] = LegGreeks(*(figure if isfinite(figure) else None for figure in figures))
    settled = [c for c, left in zip(legs.contracts, legs.years, strict=True) if c.expiry and left <= 0.0]
    return found | dict.fromkeys(settled, LegGreeks(0.0, 0.0, 0.0, 0.0, 0.0))


def _option_greeks(legs: Legs, rows: Rows, kind: Kind, years: Floats, discount: Floats) -> Greeks:
    forward, strike, vol, sign = (column[rows] for column in (legs.forward, legs.strike, legs.vol, legs.sign))
    if kind is Kind.SHARE_OPTION:
        return american_greeks(forward, legs.rate[rows], 0.0, years[rows], strike, vol, sign)
    if kind is Kind.VIX_OPTION:
        return black_greeks(forward, discount[rows], years[rows], strike, vol, sign)
    return black_greeks(forward, discount[rows], years[rows], strike, vol, sign, spot=legs.level(rows))


def _odds(legs: Legs) -> Mapping[Contract, Odds]:
    rows = np.flatnonzero((legs.kind == Kind.INDEX_OPTION) & (legs.years > 0.0))
    forward, years, strike = legs.forward[rows], legs.years[rows], legs.strike[rows]
    vol, sign = legs.vol[rows], legs.sign[rows]
    beyond = prob_beyond(forward, years, strike, vol, sign).tolist()
    touch = prob_touch(legs.level(rows), forward, years, strike, vol, sign).tolist()
    return {
        legs.contracts[row]: Odds(*(chance if isfinite(chance) else None for chance in chances))
        for row, *chances in zip(rows, beyond, touch, strict=True)
    }
