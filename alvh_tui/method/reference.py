"""The VIX option a layer is measured in while none of it is held: taken from the live chain."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np

from alvh_tui.book.model import Book, Hedge, Layer
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Chain, MarketSnapshot
from alvh_tui.method.rules import Rules
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.valuation import Valuation

MEASURED: tuple[Layer, ...] = ("L1", "L2", "SE")
"""Layers counted in options; the third is a posture."""


def reference_candidates(
    book: Book, snapshot: MarketSnapshot, at: datetime, rules: Rules
) -> dict[Layer, list[Contract]]:
    """For each layer nothing is held of: calls with a two-sided quote, nearest to the days its rules name."""
    held = {hedge.layer for hedge in book.hedges if _is_alive(hedge, at)}
    bare = [layer for layer in MEASURED if layer not in held]
    if not bare:
        return {}
    today = at.astimezone(NEW_YORK).date()
    quoted = {
        (expiry, root): calls
        for (root, expiry), chain in snapshot.chains.items()
        if root in ("VIX", "VIXW") and expiry > today and (calls := _quoted_calls(chain))
    }
    found: dict[Layer, list[Contract]] = {}
    for layer in bare if quoted else ():
        days = rules.whole(f"sizing.reference.{layer}.days")
        nearest = min(quoted, key=lambda key: (abs((key[0] - today).days - days), key))
        found[layer] = quoted[nearest]
    return found


def _is_alive(hedge: Hedge, at: datetime) -> bool:
    """Whether something of it has not settled yet."""
    contracts = (leg.contract for leg in hedge.open_legs)
    return any(c.expiry is None or at < settlement_instant(c.root, c.expiry) for c in contracts)


def _quoted_calls(chain: Chain) -> list[Contract]:
    """Out of the money, roughly: a call that costs no more than its put."""
    quoted = (chain.call_bid > 0.0) & (chain.call_ask >= chain.call_bid)
    quoted &= chain.call_ask <= np.where(np.isnan(chain.put_ask), np.inf, chain.put_ask)
    return [Contract(chain.root, chain.expiry, "C", float(strike)) for strike in chain.strikes[quoted]]


def choose_references(
    candidates: Mapping[Layer, list[Contract]], valuation: Valuation, rules: Rules
) -> dict[Layer, Contract]:
    """For each layer the candidate whose delta is nearest to the one its rules name."""
    chosen: dict[Layer, Contract] = {}
    for layer, contracts in candidates.items():
        wanted = rules.number(f"sizing.reference.{layer}.delta")
        distances = [
            (abs(greeks.delta - wanted), contract)
            for contract in contracts
            if valuation.marks[contract].rung is Rung.MID
            and (greeks := valuation.greeks[contract]).delta is not None
        ]
        if distances:
            chosen[layer] = min(distances)[1]
    return chosen


def contracts_to_price(candidates: Mapping[Layer, list[Contract]]) -> tuple[Contract, ...]:
    every = [contract for contracts in candidates.values() for contract in contracts]
    return tuple(dict.fromkeys(every))
