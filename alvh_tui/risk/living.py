"""Which legs of a position still live, and how long what it is held for lasts."""

from datetime import date

from alvh_tui.instruments.contract import Contract
from alvh_tui.risk.positions import LegFigures, PositionFigures
from alvh_tui.risk.valuation import Valuation


def has_settled(contract: Contract, valuation: Valuation) -> bool:
    return contract.expiry is not None and (contract.root, contract.expiry) in valuation.settled


def living_legs(figures: PositionFigures, valuation: Valuation) -> tuple[LegFigures, ...]:
    if not valuation.settled:
        return figures.legs
    return tuple(leg for leg in figures.legs if not has_settled(leg.leg.contract, valuation))


def protects_until(figures: PositionFigures, valuation: Valuation) -> date | None:
    """The last expiry among a hedge's long legs, for short ones protect nothing; None for what never ends."""
    living = living_legs(figures, valuation)
    bearing = [leg for leg in living if leg.leg.quantity > 0] or living
    expiries = [leg.leg.contract.expiry for leg in bearing]
    known = [expiry for expiry in expiries if expiry is not None]
    return max(known) if known and len(known) == len(expiries) else None
