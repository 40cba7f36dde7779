"""What each leg is worth now, by which rung, how old that is, and the vol solved from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import last_trade_instant, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.pricing.american import american_implied_vol
from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.quotes import read_quote
from alvh_tui.risk.expiries import ExpiryMarket, Key, Rate, tells_its_vol, underlying_level
from alvh_tui.risk.session import session_began

Markets = Mapping[Key, ExpiryMarket]
Floats = NDArray[np.float64]


class Rung(StrEnum):
    """Where a mark came from, best first."""

    MID = "mid"
    MODEL = "model"
    LAST = "last"
    SETTLED = "settled"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class LegMark:
    """One contract, per share, long one."""

    contract: Contract
    bid: float | None
    ask: float | None
    value: float | None
    rung: Rung
    quote_time: datetime | None
    """When the quote behind it was true; None where nothing was quoted."""
    vol: float | None
    vol_origin: str
    """mid or last (solved from the mark), smile (of its expiry and root), or empty."""
    reason: str
    """Why it is not a plain mid, or has no value, in words."""


def mark_contracts(
    contracts: Iterable[Contract],
    snapshot: MarketSnapshot,
    markets: Markets,
    at: datetime,
    spot: float | None,
    rate: Rate,
) -> Mapping[Contract, LegMark]:
    """A mark for every contract, by the best rung its quotes allow."""
    wanted = tuple(contracts)
    smile_vols = _smile_vols(wanted, markets)
    models = _model_values(wanted, markets, smile_vols)
    began = session_began(snapshot)
    marks = {c: _mark(c, snapshot, began, models.get(c)) for c in wanted}
    marks = {c: _past_last_trade(mark, snapshot, at) for c, mark in marks.items()}
    own = _own_vols(marks, markets)
    for contract, mark in marks.items():
        market = _market_of(contract, markets)
        if market is None or not contract.is_option or market.years <= 0:
            continue
        if contract.family is Family.EQUITY:
            marks[contract] = _with_american_vol(mark, market, snapshot, spot, rate)
        elif contract in smile_vols and (contract not in own or not _tells_its_vol(mark, market)):
            marks[contract] = _with_vol(mark, smile_vols[contract], "smile")
        elif contract in own:
            marks[contract] = _with_vol(mark, own[contract], mark.rung.value)
    return marks


def _with_vol(mark: LegMark, vol: float, origin: str) -> LegMark:
    # Written out: `replace` takes five times as long, and every leg of every refresh comes this way.
    return LegMark(
        mark.contract, mark.bid, mark.ask, mark.value, mark.rung, mark.quote_time, vol, origin, mark.reason
    )


def _market_of(contract: Contract, markets: Markets) -> ExpiryMarket | None:
    return None if contract.expiry is None else markets.get((contract.root, contract.expiry))


def _sign(contract: Contract) -> float:
    return 1.0 if contract.right == "C" else -1.0


def _tells_its_vol(mark: LegMark, market: ExpiryMarket) -> bool:
    return mark.rung is Rung.MID and tells_its_vol(mark.contract, mark.bid, mark.ask, market)


def _smile_vols(contracts: Iterable[Contract], markets: Markets) -> dict[Contract, float]:
    strikes: dict[Key, list[Contract]] = {}
    for contract in contracts:
        if contract.expiry is not None and contract.is_option:
            strikes.setdefault((contract.root, contract.expiry), []).append(contract)
    found: dict[Contract, float] = {}
    for key, group in strikes.items():
        smile = markets[key].smile
        if smile is not None:
            vols = smile.vol(np.array([contract.strike for contract in group], dtype=np.float64))
            found |= {c: float(vol) for c, vol in zip(group, vols, strict=True) if isfinite(vol)}
    return found


def _model_values(
    contracts: Iterable[Contract], markets: Markets, smile_vols: Mapping[Contract, float]
) -> dict[Contract, float]:
    """The price on the fitted smile of its own expiry and root; a future's is the parity forward."""
    found: dict[Contract, float] = {}
    options: list[tuple[Contract, ExpiryMarket, float]] = []
    for contract in contracts:
        market = _market_of(contract, markets)
        if market is None or market.forward is None or market.years <= 0:
            continue
        if contract.family is Family.VIX_FUTURE:
            if market.origin == "parity":
                found[contract] = market.forward
        elif contract in smile_vols:
            options.append((contract, market, smile_vols[contract]))
    if options:
        prices = black_price(
            *_pricing_columns([(contract, market) for contract, market, _ in options]),
            np.array([vol for _, _, vol in options]),
            np.array([_sign(contract) for contract, _, _ in options]),
        )
        found |= {row[0]: float(price) for row, price in zip(options, prices, strict=True) if isfinite(price)}
    return found


def _own_vols(marks: Mapping[Contract, LegMark], markets: Markets) -> dict[Contract, float]:
    """The vol in each leg's own mark, where a vol gives that price."""
    solvable: list[tuple[Contract, ExpiryMarket]] = []
    values: list[float] = []
    for contract, mark in marks.items():
        market = _market_of(contract, markets)
        if market is None or not contract.is_option or contract.family is Family.EQUITY:
            continue
        if market.forward is None or market.years <= 0 or mark.value is None:
            continue
        if mark.rung in (Rung.MID, Rung.LAST):
            solvable.append((contract, market))
            values.append(mark.value)
    if not solvable:
        return {}
    signs = np.array([_sign(contract) for contract, _ in solvable])
    vols = implied_vol(np.array(values), *_pricing_columns(solvable), signs)
    return {row[0]: float(vol) for row, vol in zip(solvable, vols, strict=True) if isfinite(vol)}


def _pricing_columns(rows: Sequence[tuple[Contract, ExpiryMarket]]) -> tuple[Floats, Floats, Floats, Floats]:
    """Forward, discount, years at the moment of the quotes, and strike."""
    return (
        np.array([market.forward for _, market in rows], dtype=np.float64),
        np.array([market.discount for _, market in rows]),
        np.array([market.quote_years for _, market in rows]),
        np.array([contract.strike for contract, _ in rows], dtype=np.float64),
    )


def _mark(contract: Contract, snapshot: MarketSnapshot, began: datetime, model: float | None) -> LegMark:
    quote = snapshot.quote_of(contract)
    if quote is None:
        value, rung, reason = model, Rung.NONE if model is None else Rung.MODEL, "not quoted"
        return LegMark(contract, None, None, value, rung, None, None, "", reason)
    when = quote.time or snapshot.time - snapshot.delay
    value, rung, reason = _by_best_rung(quote, model, current=when >= began)
    return LegMark(contract, quote.bid, quote.ask, value, rung, when, None, "", reason)


def _by_best_rung(quote: Quote, model: float | None, *, current: bool) -> tuple[float | None, Rung, str]:
    """Value, where it is from, and why it is not a plain mid."""
    reason = "its quote is from an earlier session"
    if current:
        reading = read_quote(quote.bid, quote.ask)
        if reading.status == "ok":
            return reading.mid, Rung.MID, ""
        if reading.status == "zero_bid":
            return reading.mid, Rung.MID, "no bid: half the ask"
        reason = _in_words(reading.status)
    if model is not None:
        return model, Rung.MODEL, reason
    if current and quote.last is not None and quote.last > 0:
        return quote.last, Rung.LAST, reason
    return None, Rung.NONE, reason


def _in_words(status: str) -> str:
    return {
        "crossed": "its quote is crossed",
        "wide": "its quote is too wide to mean anything",
        "no_quote": "no two-sided quote",
    }[status]


def _past_last_trade(mark: LegMark, snapshot: MarketSnapshot, at: datetime) -> LegMark:
    """An expired leg has no time value: its settlement where the closes tell it, else unknown."""
    contract = mark.contract
    if contract.expiry is None:
        return mark
    if at < settlement_instant(contract.root, contract.expiry):
        if at >= last_trade_instant(contract.root, contract.expiry):
            return replace(mark, reason="awaiting settlement" + (f"; {mark.reason}" if mark.reason else ""))
        return mark
    gone = replace(mark, bid=None, ask=None, value=None, rung=Rung.NONE, quote_time=None)
    if contract.strike is None or contract.spec.settles_at_open or contract.family is not Family.INDEX:
        return replace(gone, reason=f"expired {contract.expiry}; its settlement value is not in this market")
    close = _close_of(contract, snapshot)
    if close is None:
        return replace(gone, reason=f"expired {contract.expiry}; no close of that day to settle it on")
    intrinsic = max((close - contract.strike) * _sign(contract), 0.0)
    settled = settlement_instant(contract.root, contract.expiry)
    return replace(
        gone,
        value=intrinsic,
        rung=Rung.SETTLED,
        quote_time=settled,
        reason=f"expired {contract.expiry}, settled on the close of {close:,.2f}",
    )


def _close_of(contract: Contract, snapshot: MarketSnapshot) -> float | None:
    """The index's close on the expiry day, where the history has it."""
    if snapshot.history is None or contract.expiry is None:
        return None
    close = snapshot.history.close("spx", contract.expiry)
    return close / 10.0 if close is not None and contract.spec.underlying == "XSP" else close


def _with_american_vol(
    mark: LegMark, market: ExpiryMarket, snapshot: MarketSnapshot, spot: float | None, rate: Rate
) -> LegMark:
    level = underlying_level(mark.contract.root, snapshot, spot)
    if level is None or mark.value is None or mark.rung is not Rung.MID or mark.contract.strike is None:
        return mark
    vol = american_implied_vol(
        mark.value, level, rate.value, 0.0, market.quote_years, mark.contract.strike, _sign(mark.contract)
    )
    solved = float(np.asarray(vol))
    return replace(mark, vol=solved, vol_origin="mid") if isfinite(solved) else mark
