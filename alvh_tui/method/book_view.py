"""The book and one of its layers as the yardsticks see them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite

import numpy as np

from alvh_tui.book.model import Account, Hedge, Layer
from alvh_tui.instruments.contract import Contract
from alvh_tui.method.l2_scale import Scale
from alvh_tui.method.rules import Rules
from alvh_tui.risk.legs import weights_of
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.totals import hedge_vix_dollars
from alvh_tui.risk.valuation import Valuation

ROUNDING = 1e-9
"""A whole number of contracts is not missed by a rounding error."""

Legs = Sequence[tuple[Contract, float]]


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a layer is counted in: one contract of what is held, or of a reference from the live chain."""

    name: str
    held: bool
    vix_dollars: float
    """What it gains for one point of VIX, through the link."""
    path_dollars: float
    """The same with the index falling by what goes with that point, so that puts on SPX count as well."""
    premium: float
    """What it costs at its mark; a future costs none."""
    theta: float
    gain_at_shock: float
    """What it gains at the shock exposure is protected against."""


@dataclass(frozen=True, slots=True, eq=False)
class BookView:
    """The book as the yardsticks see it."""

    account: Account
    figures: Sequence[PositionFigures]
    """Every position of the file, those that are over as well."""
    condors: Sequence[PositionFigures]
    """Those still held; so with the hedges."""
    hedges: Sequence[PositionFigures]
    valuation: Valuation
    rules: Rules
    momentum: bool
    """Whether layer 1 was triggered by momentum rather than in a minor divergence."""
    scale: Scale
    """What layer 2 should be of the initial hedge."""
    spx_delta: float | None
    """Of everything that stands on SPX; unknown as soon as one part of it is."""
    condor_return: float | None
    """Recalculated yearly return on margin of all condors, hedges paid."""

    def of_layer(self, layer: Layer) -> tuple[PositionFigures, ...]:
        return tuple(f for f in self.hedges if f.layer == layer)

    def vix_dollars(self, held: Iterable[PositionFigures]) -> float | None:
        return whole_sum(hedge_vix_dollars(f, self.valuation) for f in held)

    def legs_of(self, held: Iterable[PositionFigures]) -> Legs:
        return [
            (leg.leg.contract, float(leg.leg.quantity))
            for figures in held
            for leg in living_legs(figures, self.valuation)
        ]

    def gain(self, held: Legs, vix_points: float, *, on_path: bool = False) -> float | None:
        """Dollars gained with VIX so many points higher at once, by full revaluation; the index unmoved, or
        on the path fallen by as much as goes with them."""
        return self.gains(held, (vix_points,), on_path=on_path)[0]

    def gains(
        self, held: Legs, vix_points: Sequence[float], *, on_path: bool = False
    ) -> tuple[float | None, ...]:
        """The same for several moves of VIX, priced together."""
        return self.gains_of(held, [(points, on_path) for points in vix_points])

    def gains_of(self, held: Legs, vix_moves: Sequence[tuple[float, bool]]) -> tuple[float | None, ...]:
        """The same for moves that are on the path each or not."""
        if not held:
            return (0.0,) * len(vix_moves)
        legs = self.valuation.legs
        rows, weights = weights_of(legs, held)
        moves = np.array([0.0, *(points for points, _ in vix_moves)])[:, None]
        follows = np.array([False, *(on_path for _, on_path in vix_moves)])[:, None]
        beta = legs.link.beta_down
        fall = np.where(follows, moves / (100.0 * beta), 0.0) if beta > 0.0 else 0.0 * moves
        values = legs.values(rows[None, :], legs.spot * (1.0 - fall), moves, moves) @ weights
        gained = (values[1:] - values[0]).tolist()
        return tuple(gain if isfinite(gain) else None for gain in gained)


@dataclass(frozen=True, slots=True, eq=False)
class LayerView:
    """One layer of that book."""

    layer: Layer
    held: tuple[PositionFigures, ...]
    instrument: Instrument | None
    book: BookView

    @property
    def contracts(self) -> int:
        return sum(f.position.contracts for f in self.held)

    def number(self, key: str) -> float:
        return self.book.rules.number(f"sizing.{key}")

    def one(self, figure: Callable[[Instrument], float]) -> float | None:
        """A figure of one contract."""
        return None if self.instrument is None else figure(self.instrument)

    def band(
        self, low: float, high: float, whole: float | None, have: float | None, per_contract: float | None
    ) -> tuple[int | None, int | None]:
        """Contracts that bring what the layer has into low…high of the whole."""
        if whole is None or have is None or per_contract is None or per_contract <= 0:
            return None, None
        least = self.contracts + ceil((low * whole - have) / per_contract - ROUNDING)
        most = self.contracts + floor((high * whole - have) / per_contract + ROUNDING)
        return max(least, 0), max(most, least, 0)

    def roof(self, room: float | None, per_contract: float | None) -> int | None:
        """Contracts the room left allows, counting what is held."""
        if room is None or per_contract is None or per_contract <= 0:
            return None
        return max(self.contracts + floor(room / per_contract + ROUNDING), 0)


def whole_sum(parts: Iterable[float | None]) -> float | None:
    """Unknown as soon as one part is: a part of a sum is no sum to hold anything against."""
    total = 0.0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def premium_of(figures: PositionFigures) -> float:
    """Dollars paid for a hedge that can expire worthless; one that brought money in put none at risk."""
    return max(figures.position.premium, 0.0) if isinstance(figures.position, Hedge) else 0.0
