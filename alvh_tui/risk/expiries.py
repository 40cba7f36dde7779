"""One forward, discount factor and smile for each expiry and root, from its own chain."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp, log
from typing import Literal

import numpy as np

from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family, root_named
from alvh_tui.market.types import Chain, MarketSnapshot, Quote
from alvh_tui.pricing.forward import carry_forward, fit_forward
from alvh_tui.pricing.quotes import read_quote
from alvh_tui.pricing.smile import Smile, fit_smile
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.session import of_this_session, session_began

SHORTEST_FOR_GROWTH = 7.0 / 365.0
"""Years; on a shorter expiry an index a few minutes old says nothing of growth."""

ForwardOrigin = Literal["parity", "carry", "quote"]
Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class ExpiryMarket:
    """What the options of one expiry and root are priced on."""

    root: str
    expiry: date
    settles: datetime
    years: float
    """From the assessed moment to the settlement instant; negative once settled."""
    quote_years: float
    """From the moment of the quotes: vols are solved with this one."""
    forward: float | None
    discount: float
    strikes_used: int
    origin: ForwardOrigin | None
    residual: float | None
    """Median distance of the strikes' own forwards from the fitted one, in points."""
    smile: Smile | None
    reason: str
    """Why there is no forward, where there is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    """The continuously compounded rate money is discounted at, and where it came from."""

    value: float
    origin: str


def risk_free_rate(snapshot: MarketSnapshot, fallback: float) -> Rate:
    """The market's own figure, else the 13-week bill, else the rules' fallback."""
    if snapshot.risk_free is not None:
        return Rate(snapshot.risk_free, "market")
    bill = snapshot.quotes.get("^IRX")
    level = None if bill is None else bill.last if bill.last is not None else bill.prev_close
    if level is not None:
        return Rate(log(1.0 + level / 100.0), "13-week bill (^IRX)")
    if snapshot.history is not None and {"dgs10", "t10y3m"} <= snapshot.history.series.keys():
        spread = snapshot.history.series["dgs10"] - snapshot.history.series["t10y3m"]
        known = spread[np.isfinite(spread)]
        if len(known):
            return Rate(log(1.0 + float(known[-1]) / 100.0), "13-week bill (10-year less its spread)")
    return Rate(fallback, "rules")


def price_expiries(
    held: Iterable[Contract],
    also: Iterable[Contract],
    snapshot: MarketSnapshot,
    at: datetime,
    spot: float | None,
    rate: Rate,
) -> Mapping[Key, ExpiryMarket]:
    """The market of every expiry held; of `also` and of every monthly VIX settlement the forward alone."""
    began = session_began(snapshot)
    chains = {key: of_this_session(chain, began) for key, chain in snapshot.chains.items()}
    snapshot = replace(snapshot, chains=chains)
    asked: dict[Key, list[Contract]] = {(c.root, c.expiry): [] for c in also if c.expiry is not None}
    for contract in held:
        if contract.expiry is not None:
            asked.setdefault((contract.root, contract.expiry), []).append(contract)
    curve = {key for key in snapshot.chains if key[0] == "VIX"}
    fitted = {key: _fit(key, snapshot, at, rate) for key in sorted(asked.keys() | curve)}
    growth = _typical_growth(fitted, snapshot, at, spot, rate)
    markets = {}
    for key, market in fitted.items():
        if key in asked:
            full = _with_forward(market, snapshot, at, spot, rate, growth)
            needed = _needs_smile(full, asked[key], snapshot)
            markets[key] = _with_smile(full, snapshot.chains.get(key)) if needed else full
        elif market.forward is not None and market.years > 0:
            markets[key] = market
    return markets


def _needs_smile(market: ExpiryMarket, held: Sequence[Contract], snapshot: MarketSnapshot) -> bool:
    """On the index for odds and expected moves; on VIX where a leg's own quote does not tell its vol."""
    if root_named(market.root).family is Family.INDEX:
        return bool(held)
    quotes = ((contract, snapshot.quote_of(contract)) for contract in held if contract.is_option)
    return any(quote is None or not tells_its_vol(c, quote.bid, quote.ask, market) for c, quote in quotes)


def tells_its_vol(contract: Contract, bid: float | None, ask: float | None, market: ExpiryMarket) -> bool:
    """Whether a quote knows its vol better than the smile: two-sided, and not in the money, where the
    other right at its strike (which the smile is made of) knows better."""
    if market.forward is None or contract.strike is None:
        return False
    sign = 1.0 if contract.right == "C" else -1.0
    return (market.forward - contract.strike) * sign <= 0 and read_quote(bid, ask).vol_usable


def _fit(key: Key, snapshot: MarketSnapshot, at: datetime, rate: Rate) -> ExpiryMarket:
    root, expiry = key
    settles = settlement_instant(root, expiry)
    quote_years = years_between(snapshot.time, settles)
    discount = exp(-rate.value * max(quote_years, 0.0))
    chain = snapshot.chains.get(key)
    american = root_named(root).family is Family.EQUITY
    fit = None
    if chain is not None and quote_years > 0 and not american:
        fit = fit_forward(
            chain.strikes,
            chain.call_bid,
            chain.call_ask,
            chain.put_bid,
            chain.put_ask,
            quote_years,
            discount,
        )
    return ExpiryMarket(
        root=root,
        expiry=expiry,
        settles=settles,
        years=years_between(at, settles),
        quote_years=quote_years,
        forward=None if fit is None else fit.forward,
        discount=discount if fit is None else fit.discount,
        strikes_used=0 if fit is None else fit.strikes_used,
        origin=None if fit is None else "parity",
        residual=None if fit is None else fit.residual,
        smile=None,
        reason="",
    )


def _with_smile(market: ExpiryMarket, chain: Chain | None) -> ExpiryMarket:
    american = root_named(market.root).family is Family.EQUITY
    if chain is None or american or market.forward is None or market.quote_years <= 0:
        return market
    smile = fit_smile(
        chain.strikes,
        chain.call_bid,
        chain.call_ask,
        chain.put_bid,
        chain.put_ask,
        market.forward,
        market.discount,
        market.quote_years,
    )
    return replace(market, smile=smile)


def _typical_growth(
    fitted: Mapping[Key, ExpiryMarket],
    snapshot: MarketSnapshot,
    at: datetime,
    spot: float | None,
    rate: Rate,
) -> float | None:
    """What the index grows by a year on expiries with a parity forward; None where every forward is known."""
    on_index = [m for m in fitted.values() if root_named(m.root).family is Family.INDEX]
    if spot is None or all(market.forward is not None for market in on_index):
        return None
    others = (_fit(key, snapshot, at, rate) for key in snapshot.chains if key[0] in ("SPX", "SPXW"))
    rates = [
        log(market.forward / spot) / market.quote_years
        for market in others
        if market.forward is not None and market.quote_years > SHORTEST_FOR_GROWTH
    ]
    return float(np.median(rates)) if rates else None


def _with_forward(
    market: ExpiryMarket,
    snapshot: MarketSnapshot,
    at: datetime,
    spot: float | None,
    rate: Rate,
    growth: float | None,
) -> ExpiryMarket:
    """Fills a forward that parity could not give: a VIX forward from its future, an index one by carry."""
    if market.forward is not None:
        return market
    if market.quote_years <= 0:
        return replace(market, reason="settled")
    family = root_named(market.root).family
    if family in (Family.VIX, Family.VIX_FUTURE):
        return _vix_forward(market, snapshot, at, rate)
    level = underlying_level(market.root, snapshot, spot)
    if level is None:
        return replace(market, reason="no parity in its chain and no level of its underlying")
    carried = carry_forward(
        level, market.quote_years, rate.value if growth is None or family is Family.EQUITY else growth
    )
    return replace(market, forward=carried, origin="carry")


def _vix_forward(market: ExpiryMarket, snapshot: MarketSnapshot, at: datetime, rate: Rate) -> ExpiryMarket:
    """The forward of a VIX settlement day, never from spot VIX: a future's two-sided quote, the parity of the
    options that settle then, a future's last trade."""
    quotes = [
        quote for root in ("VX", "VXM") if (quote := _current(root, market.expiry, snapshot)) is not None
    ]
    for quote in quotes:
        reading = read_quote(quote.bid, quote.ask)
        if reading.status == "ok":
            return replace(market, forward=reading.mid, origin="quote")
    if root_named(market.root).family is Family.VIX_FUTURE:
        for option_root in ("VIX", "VIXW"):
            if (option_root, market.expiry) in snapshot.chains:
                twin = _fit((option_root, market.expiry), snapshot, at, rate)
                if twin.forward is not None:
                    return replace(
                        market,
                        forward=twin.forward,
                        origin="parity",
                        strikes_used=twin.strikes_used,
                        residual=twin.residual,
                    )
    for quote in quotes:
        if quote.last is not None and quote.last > 0:
            return replace(market, forward=quote.last, origin="quote")
    return replace(market, reason="no VIX forward: too few two-sided quotes for parity and no VX future")


def _current(root: str, expiry: date, snapshot: MarketSnapshot) -> Quote | None:
    """A future's quote, where it is of the session the market was taken in."""
    quote = snapshot.quotes.get(Contract(root, expiry).symbol)
    if quote is None or (quote.time is not None and quote.time < session_began(snapshot)):
        return None
    return quote


def underlying_level(root: str, snapshot: MarketSnapshot, spot: float | None) -> float | None:
    """The level of what a root settles on, as quoted."""
    spec = root_named(root)
    if spec.underlying == "SPX":
        return spot
    if spec.family is Family.EQUITY:
        return quote_level(snapshot.quotes.get(spec.underlying))
    level = index_level(snapshot.quotes.get(f"^{spec.underlying}"))
    return spot / 10.0 if level is None and spec.underlying == "XSP" and spot is not None else level


def index_level(quote: Quote | None) -> float | None:
    """Nobody bids for an index: its last level counts, and a mid only where there is none."""
    if quote is not None and quote.last is not None and quote.last > 0:
        return quote.last
    return quote_level(quote)


def quote_level(quote: Quote | None) -> float | None:
    """The mid of a sane two-sided quote, else the last trade."""
    if quote is None:
        return None
    reading = read_quote(quote.bid, quote.ask)
    if reading.status == "ok":
        return reading.mid
    return quote.last if quote.last is not None and quote.last > 0 else None
