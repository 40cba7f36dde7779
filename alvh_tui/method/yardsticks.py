"""The yardsticks of a layer's size: what each measures, its band, and the contracts it asks for or allows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from types import MappingProxyType

import numpy as np

from alvh_tui.book.model import Account, Layer
from alvh_tui.figures import number, percent
from alvh_tui.method.entry import Entry
from alvh_tui.method.rules import Rules
from alvh_tui.risk.legs import weights_of
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.totals import Totals, hedge_vix_dollars
from alvh_tui.risk.valuation import Valuation

ROUNDING = 1e-9
"""A whole number of contracts is not missed by a rounding error."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """One measure of a layer against its band; None on a side is no bound there."""

    id: str
    reading: float | None
    low: float | None
    high: float | None
    note: str = ""
    least: int | None = None
    """Contracts it asks for at least."""
    most: int | None = None
    """Contracts it allows at most."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a layer is counted in: one contract of what is held, or of a reference from the live chain."""

    name: str
    held: bool
    vix_dollars: float
    """What it gains for one point of VIX, through the link."""
    price: float
    """Dollars it is worth at its mark."""
    theta: float
    gain_at_shock: float
    """What it gains at the shock exposure is protected against."""


@dataclass(frozen=True, slots=True, eq=False)
class BookView:
    """The book as the yardsticks see it."""

    account: Account
    figures: Sequence[PositionFigures]
    totals: Totals
    valuation: Valuation
    rules: Rules
    momentum: bool
    """Whether layer 1 was triggered by momentum rather than in a minor divergence."""
    scale: float | None
    """What layer 2 should be of the initial hedge; None where the cushion it depends on is unknown."""
    condor_return: float | None
    """Recalculated yearly return on margin of all condors, hedges paid."""

    def of_layer(self, layer: Layer) -> tuple[PositionFigures, ...]:
        return tuple(f for f in self.figures if f.layer == layer and f.legs)

    def vix_dollars(self, held: Sequence[PositionFigures]) -> float | None:
        parts = [hedge_vix_dollars(f, self.valuation) for f in held]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    def gain(self, held: Sequence[PositionFigures], vix_points: float) -> float | None:
        """Dollars gained with VIX so many points higher at once, the index unmoved; by full revaluation."""
        pairs = [(leg.leg.contract, float(leg.leg.quantity)) for f in held for leg in f.legs]
        if not pairs:
            return 0.0
        legs = self.valuation.legs
        rows, weights = weights_of(legs, pairs)
        moves = np.array([0.0, vix_points])[:, None]
        values = legs.values(rows[None, :], legs.spot, moves, moves) @ weights
        gained = float(values[1] - values[0])
        return gained if np.isfinite(gained) else None


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


Measure = Callable[[LayerView], Yardstick]


@dataclass(frozen=True, slots=True)
class Rule:
    entry: Entry
    layers: tuple[Layer, ...]
    """The layers it sizes; empty for all of them."""
    measure: Measure


_FOUND: dict[str, Rule] = {}


def yardsticks() -> Mapping[str, Rule]:
    """By name, in the method's order."""
    return MappingProxyType(_FOUND)


def _yardstick(name: str, sentence: str, source: str, *layers: Layer) -> Callable[[Measure], Measure]:
    def keep(measure: Measure) -> Measure:
        key = f"sizing.{name.lower().replace(' ', '-')}"
        _FOUND[name] = Rule(Entry(name, sentence, source, (key,)), layers, measure)
        return measure

    return keep


@_yardstick(
    "vega coverage", "What layer 1 gains on a point of VIX, as a share of what the condors lose.", "S2", "L1"
)
def _vega_coverage(view: LayerView) -> Yardstick:
    low, high = view.number("vega-coverage.low"), view.number("vega-coverage.high")
    condors, have = view.book.totals.condors_vix_dollars, view.book.vix_dollars(view.held)
    note = ""
    if condors is not None and condors > 0:
        note = "the condors are vega-positive: a long VIX layer adds to their vega instead of offsetting it"
    whole = None if condors is None else abs(condors)
    least, most = view.band(low, high, whole, have, view.one(lambda i: i.vix_dollars))
    reading = None if have is None or not whole else have / whole
    return Yardstick("vega coverage", reading, low, high, note, least, most)


@_yardstick("exposure share", "What layer 1 protects of the condors' exposure when VIX jumps.", "S0 S1", "L1")
def _exposure_share(view: LayerView) -> Yardstick:
    trigger = "momentum" if view.book.momentum else "minor"
    low = view.number(f"exposure-share.{trigger}_low")
    high = view.number(f"exposure-share.{trigger}_high")
    shock = view.number("exposure-share.shock")
    exposure, have = _exposure(view.book), view.book.gain(view.held, shock)
    least, most = view.band(low, high, exposure, have, view.one(lambda i: i.gain_at_shock))
    said = "after the momentum trigger" if view.book.momentum else "in a minor divergence"
    note = f"{said}; its gain at VIX +{shock:g}"
    reading = None if have is None or not exposure else have / exposure
    return Yardstick("exposure share", reading, low, high, note, least, most)


def _exposure(book: BookView) -> float | None:
    if book.rules.text("sizing.exposure-share.exposure") == "max-loss":
        return book.totals.max_loss
    spot = book.valuation.spot
    condors = [f.position for f in book.figures if f.kind == "condor"]
    return None if spot is None else spot * sum(c.multiplier * c.contracts for c in condors)


@_yardstick("L2 scale", "Layer 2 as a multiple of the initial hedge; more as the cushion goes.", "S2", "L2")
def _l2_scale(view: LayerView) -> Yardstick:
    initial, scale = view.book.of_layer("L1"), view.book.scale
    first = view.book.vix_dollars(initial) if initial else None
    have = view.book.vix_dollars(view.held)
    note = "of the initial hedge" if initial else "no layer 1 is held to scale"
    if scale is None:
        return Yardstick("L2 scale", None, None, None, "the cushion is unknown in an FOMC window")
    least, most = view.band(scale, scale, first, have, view.one(lambda i: i.vix_dollars))
    reading = None if have is None or not first else have / first
    return Yardstick("L2 scale", reading, scale, scale, note, least, most)


@_yardstick("risk cap", "Premium at risk in one layer, as a share of net liquidation value.", "S4")
def _risk_cap(view: LayerView) -> Yardstick:
    limit, worth = view.number("risk-cap.limit"), view.book.account.net_liq
    if not worth:
        return Yardstick("risk cap", None, None, limit, "account.net_liq is not in the file")
    at_risk = sum(max(-f.position.cash, 0.0) for f in view.held)
    most = view.roof(limit * worth - at_risk, view.one(lambda i: i.price))
    note = f"warn at {100 * view.number('risk-cap.warn'):g} %"
    return Yardstick("risk cap", at_risk / worth, None, limit, note, None, most)


@_yardstick("hedge cost", "Cost of all layers, as a share of the condors' credit.", "S3")
def _hedge_cost(view: LayerView) -> Yardstick:
    limit, totals = view.number("hedge-cost.limit"), view.book.totals
    if totals.credit <= 0:
        return Yardstick("hedge cost", None, None, limit, "the condors brought no credit")
    # What is paid is paid: the limit keeps from adding, it does not ask for selling.
    room = max(limit * totals.credit - totals.hedge_cost, 0.0)
    most = view.roof(room, view.one(lambda i: i.price))
    note = f"of all layers; warn at {100 * view.number('hedge-cost.warn'):g} %"
    return Yardstick("hedge cost", totals.hedge_cost / totals.credit, None, limit, note, None, most)


@_yardstick("carry", "Hedge theta ÷ condor theta; the book must keep earning theta.", "S1")
def _carry(view: LayerView) -> Yardstick:
    least_theta, totals = view.number("carry.least_net_theta"), view.book.totals
    thetas = [(f.kind, f.greeks.theta) for f in view.book.figures if f.greeks is not None]
    if totals.net_theta is None or len(thetas) < len(view.book.figures):
        return Yardstick("carry", None, None, 1.0, "a leg has no theta")
    earned = sum(theta for kind, theta in thetas if kind == "condor")
    paid = -sum(theta for kind, theta in thetas if kind == "hedge")
    most = view.roof(totals.net_theta - least_theta, view.one(lambda i: -i.theta))
    note = f"{number(totals.net_theta, signed=True)} $ a day net, at least {number(least_theta)}"
    return Yardstick("carry", paid / earned if earned > 0 else None, None, 1.0, note, None, most)


@_yardstick("quick ratio", "Cash and hedges at the bid, as a multiple of the margin required.", "S1 S2")
def _quick_ratio(view: LayerView) -> Yardstick:
    least, cash = view.number("quick-ratio.least"), view.book.account.cash
    if cash is None:
        return Yardstick("quick ratio", None, least, None, "account.cash is not in the file")
    bids = [_at_bid(f) for f in view.book.figures if f.kind == "hedge"]
    known = [bid for bid in bids if bid is not None]
    margin = view.book.totals.margin
    if len(known) < len(bids) or not margin:
        return Yardstick("quick ratio", None, least, None, "a margin or a hedge's bid is unknown")
    return Yardstick("quick ratio", (cash + sum(known)) / margin, least, None)


def _at_bid(figures: PositionFigures) -> float | None:
    """What closing a hedge brings at once: longs at the bid, shorts at the ask."""
    total = 0.0
    for leg in figures.legs:
        price = leg.mark.bid if leg.leg.quantity > 0 else leg.mark.ask
        if price is None:
            return None
        total += leg.leg.quantity * leg.leg.contract.multiplier * price
    return total


@_yardstick("required return", "The condors' return against risk-free + beta × the market's premium.", "S4")
def _required_return(view: LayerView) -> Yardstick:
    book, totals = view.book, view.book.totals
    if totals.spx_delta is None or book.valuation.spot is None or not totals.margin:
        return Yardstick("required return", book.condor_return, None, None, "the book's beta is unknown")
    premium = view.number("required-return.premium")
    beta = totals.spx_delta * book.valuation.spot / totals.margin
    required = book.valuation.rate.value + beta * premium
    note = f"risk-free + beta {number(beta, 2, signed=True)} × {percent(premium)}"
    return Yardstick("required return", book.condor_return, required, None, note)
