"""The VIX option a layer is measured in while none of it is held: taken from the live chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alvh_tui.book.model import Layer
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Chain, MarketSnapshot
from alvh_tui.method.rules import Rules
from alvh_tui.method.yardsticks import Instrument
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.valuation import Valuation

MEASURED: tuple[Layer, ...] = ("L1", "L2", "SE")
"""Layers counted in options; the third is a posture."""


@dataclass(frozen=True, slots=True)
class Reference:
    contract: Contract

    def as_instrument(self, valuation: Valuation, shock: float) -> Instrument | None:
        """One contract of it."""
        mark, greeks = valuation.marks[self.contract], valuation.greeks[self.contract]
        days = valuation.days_left(self.contract)
        if mark.value is None or greeks.delta is None or greeks.theta is None or days is None:
            return None
        legs, size = valuation.legs, self.contract.multiplier
        moves = np.array([0.0, shock])
        values = legs.values(legs.row_of[self.contract], legs.spot, moves, moves)
        return Instrument(
            str(self.contract),
            held=False,
            vix_dollars=size * greeks.delta * float(valuation.link.forward_share(days)),
            price=size * mark.value,
            theta=size * greeks.theta,
            gain_at_shock=size * float(values[1] - values[0]),
        )


def reference_candidates(snapshot: MarketSnapshot, at: datetime, rules: Rules) -> dict[Layer, list[Contract]]:
    """Calls with a two-sided quote of the VIX settlement nearest to each layer's days."""
    today = at.astimezone(NEW_YORK).date()
    chains = [
        chain
        for (root, expiry), chain in snapshot.chains.items()
        if root in ("VIX", "VIXW") and expiry > today
    ]
    found: dict[Layer, list[Contract]] = {}
    for layer in MEASURED if chains else ():
        days = rules.whole(f"sizing.reference.{layer}.days")
        nearest = min(chains, key=lambda chain: (abs((chain.expiry - today).days - days), chain.root))
        found[layer] = _quoted_calls(nearest)
    return found


def _quoted_calls(chain: Chain) -> list[Contract]:
    """Out of the money, roughly: a call that costs no more than its put."""
    quoted = (chain.call_bid > 0.0) & (chain.call_ask >= chain.call_bid)
    quoted &= chain.call_ask <= np.where(np.isnan(chain.put_ask), np.inf, chain.put_ask)
    return [Contract(chain.root, chain.expiry, "C", float(strike)) for strike in chain.strikes[quoted]]


def choose_references(
    candidates: Mapping[Layer, list[Contract]], valuation: Valuation, rules: Rules
) -> dict[Layer, Reference]:
    """For each layer the candidate whose delta is nearest to the one its rules name."""
    chosen: dict[Layer, Reference] = {}
    for layer, contracts in candidates.items():
        wanted = rules.number(f"sizing.reference.{layer}.delta")
        priced = [c for c in contracts if _is_priced(c, valuation)]
        if priced:
            best = min(priced, key=lambda c: abs((valuation.greeks[c].delta or 0.0) - wanted))
            chosen[layer] = Reference(best)
    return chosen


def _is_priced(contract: Contract, valuation: Valuation) -> bool:
    mark, greeks = valuation.marks[contract], valuation.greeks[contract]
    return mark.rung is Rung.MID and greeks.delta is not None and greeks.theta is not None


def contracts_to_price(candidates: Mapping[Layer, list[Contract]]) -> tuple[Contract, ...]:
    every = [contract for contracts in candidates.values() for contract in contracts]
    return tuple(dict.fromkeys(every))
