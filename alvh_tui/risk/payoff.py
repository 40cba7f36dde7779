"""What a structure of index options pays at its expiry: exact, with no market at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from alvh_tui.book.model import Leg, net_legs
from alvh_tui.instruments.roots import Family


@dataclass(frozen=True, slots=True)
class Payoff:
    """A piecewise-linear P&L at expiry on the axis of the underlying, in dollars."""

    strikes: tuple[float, ...]
    values: tuple[float, ...]
    """P&L at each strike, cash included."""
    slope_below: float
    """Dollars per point below the lowest strike."""
    slope_above: float
    floor: float = 0.0
    """The lowest level the underlying can settle at."""
    _zones: tuple[tuple[float | None, float | None], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Worked out once: every refresh asks for the zone about another index.
        object.__setattr__(self, "_zones", tuple(self._profit_zones()))

    def at(self, level: float) -> float:
        if level <= self.strikes[0]:
            return self.values[0] + self.slope_below * (level - self.strikes[0])
        if level >= self.strikes[-1]:
            return self.values[-1] + self.slope_above * (level - self.strikes[-1])
        for i in range(len(self.strikes) - 1):
            left, right = self.strikes[i], self.strikes[i + 1]
            if left <= level <= right:
                share = (level - left) / (right - left)
                return self.values[i] + share * (self.values[i + 1] - self.values[i])
        raise ValueError(level)

    @property
    def best(self) -> float | None:
        """The largest P&L; None where it has no bound."""
        return None if self.slope_above > 0 else max(*self.values, self.at(self.floor))

    @property
    def worst(self) -> float | None:
        return None if self.slope_above < 0 else min(*self.values, self.at(self.floor))

    def breakevens(self, spot: float | None) -> tuple[float | None, float | None]:
        """Edges of the profit zone around the index, or of the one nearest to it."""
        zones = self._zones
        if not zones:
            return None, None
        if len(zones) == 1:
            return zones[0]
        if spot is None:
            return max(zones, key=lambda zone: _width(zone[0], zone[1], self.strikes))
        return min(zones, key=lambda zone: _distance(spot, *zone))

    def _profit_zones(self) -> list[tuple[float | None, float | None]]:
        """Where the P&L is a gain, from the lowest zone up; None is an open end."""
        reach = self.strikes[-1] * 10.0 + 1.0
        levels = (self.floor, *self.strikes, reach)
        values = (self.at(self.floor), *self.values, self.at(reach))
        zones: list[tuple[float | None, float | None]] = []
        start: float | None = None
        inside = values[0] >= 0.0
        for i in range(len(levels) - 1):
            if (values[i] >= 0.0) == (values[i + 1] >= 0.0):
                continue
            share = values[i] / (values[i] - values[i + 1])
            root = levels[i] + share * (levels[i + 1] - levels[i])
            if inside:
                zones.append((start, root))
            else:
                start = root
            inside = not inside
        if inside:
            zones.append((start, None))
        return zones


def _width(low: float | None, high: float | None, strikes: tuple[float, ...]) -> float:
    return (strikes[-1] if high is None else high) - (strikes[0] if low is None else low)


def _distance(spot: float, low: float | None, high: float | None) -> float:
    return max((low - spot) if low is not None else 0.0, (spot - high) if high is not None else 0.0, 0.0)


def payoff_of(legs: Iterable[Leg], cash: float) -> Payoff | None:
    """None where the legs are not options of one underlying that settle at one moment."""
    return _payoff(tuple(legs), cash)


@lru_cache(maxsize=4096)
def _payoff(legs: tuple[Leg, ...], cash: float) -> Payoff | None:
    """Worked out once: a refresh changes the market, not the book."""
    held = net_legs(legs)
    moments = {(leg.contract.expiry, leg.contract.spec.settles_at_open) for leg in held}
    underlyings = {leg.contract.spec.underlying for leg in held}
    if len(moments) != 1 or len(underlyings) != 1:
        return None
    if any(not leg.contract.is_option or leg.contract.family is Family.EQUITY for leg in held):
        return None
    options = [
        (leg.contract.strike, leg.contract.right, leg.quantity * leg.contract.multiplier)
        for leg in held
        if leg.contract.strike is not None
    ]
    strikes = tuple(sorted({strike for strike, _, _ in options}))
    values = tuple(
        cash
        + sum(
            weight * max(level - strike if right == "C" else strike - level, 0.0)
            for strike, right, weight in options
        )
        for level in strikes
    )
    return Payoff(
        strikes,
        values,
        slope_below=float(-sum(weight for _, right, weight in options if right == "P")),
        slope_above=float(sum(weight for _, right, weight in options if right == "C")),
    )
