"""The yardsticks of a layer's size: what each measures, its band, and the contracts it asks for or allows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from alvh_tui.book.model import Hedge, Layer
from alvh_tui.figures import number, percent
from alvh_tui.instruments.roots import Family
from alvh_tui.method.book_view import BookView, LayerView, premium_of, whole_sum
from alvh_tui.method.entry import Entry
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.totals import condor_vix_dollars

Role = Literal["demand", "cap", "gauge"]
"""A demand asks for contracts, a cap allows no more than so many, a gauge is only read."""


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


Measure = Callable[[LayerView], Yardstick]


@dataclass(frozen=True, slots=True)
class Rule:
    entry: Entry
    role: Role
    layers: tuple[Layer, ...]
    """The layers it measures; empty for all of them."""
    measure: Measure


_FOUND: dict[str, Rule] = {}


def yardsticks() -> Mapping[str, Rule]:
    """By name, in the method's order."""
    return MappingProxyType(_FOUND)


def _yardstick(
    name: str, role: Role, sentence: str, source: str, *layers: Layer, keys: tuple[str, ...] = ()
) -> Callable[[Measure], Measure]:
    def keep(measure: Measure) -> Measure:
        own = f"sizing.{name.lower().replace(' ', '-')}"
        _FOUND[name] = Rule(Entry(name, sentence, source, (own, *keys)), role, layers, measure)
        return measure

    return keep


@_yardstick(
    "vega coverage",
    "demand",
    "What layer 1 gains on a point of VIX, as a share of what the condors lose.",
    "S2",
    "L1",
    keys=("sizing.reference.L1",),
)
def _vega_coverage(view: LayerView) -> Yardstick:
    low, high = view.number("vega-coverage.low"), view.number("vega-coverage.high")
    book = view.book
    condors = whole_sum(condor_vix_dollars(f, book.valuation) for f in book.condors)
    have = book.vix_dollars(view.held)
    if condors is None or have is None:
        missing = "a condor has no vega" if condors is None else "a hedge has no delta"
        return Yardstick("vega coverage", None, low, high, missing)
    note = "the condors are vega-positive: a long VIX layer adds to their vega instead of offsetting it"
    least, most = view.band(low, high, abs(condors), have, view.one(lambda i: i.vix_dollars))
    reading = have / abs(condors) if condors else None
    return Yardstick("vega coverage", reading, low, high, note if condors > 0 else "", least, most)


@_yardstick(
    "exposure share",
    "demand",
    "What layer 1 protects of the condors' exposure when VIX jumps.",
    "S0 S1",
    "L1",
)
def _exposure_share(view: LayerView) -> Yardstick:
    trigger = "momentum" if view.book.momentum else "minor"
    low = view.number(f"exposure-share.{trigger}_low")
    high = view.number(f"exposure-share.{trigger}_high")
    shock = view.number("exposure-share.shock")
    exposure, have = _exposure(view.book), view.book.gain(view.book.legs_of(view.held), shock)
    if exposure is None or have is None:
        missing = "the condors' exposure is unknown" if exposure is None else "a hedge has no value"
        return Yardstick("exposure share", None, low, high, missing)
    least, most = view.band(low, high, exposure, have, view.one(lambda i: i.gain_at_shock))
    called = "of the momentum trigger" if view.book.momentum else "of a minor divergence"
    reading = have / exposure if exposure else None
    note = f"its gain at VIX +{shock:g}; the band {called}"
    return Yardstick("exposure share", reading, low, high, note, least, most)


def _exposure(book: BookView) -> float | None:
    if book.rules.text("sizing.exposure-share.exposure") == "max-loss":
        return whole_sum(f.max_loss for f in book.condors)
    spot, condors = book.valuation.spot, [f.position for f in book.condors]
    return None if spot is None else spot * sum(axis_unit(c) * c.multiplier * c.contracts for c in condors)


@_yardstick(
    "L2 scale",
    "demand",
    "Layer 2 as a multiple of the initial hedge, both by what they gain as VIX rises a point and the index "
    "falls with it; with no layer 1 held, of the least vega coverage asks layer 1 for; inside an FOMC window "
    "the more, the more of the cushion is used up.",
    "S2",
    "L2",
    keys=(
        "sizing.vega-coverage.low",
        "sizing.reference.L2",
        "events.window.sessions",
        "events.window.farthest_days",
    ),
)
def _l2_scale(view: LayerView) -> Yardstick:
    book, scale = view.book, view.book.scale
    first, whose = _initial_hedge(view)
    have = book.gain(book.legs_of(view.held), 1.0, on_path=True)
    reading = have / first if have is not None and first else None
    if scale.value is None:
        return Yardstick("L2 scale", reading, None, None, scale.because)
    if first is None or have is None:
        missing = (
            "a condor has no vega" if first is None and not book.of_layer("L1") else "a hedge has no value"
        )
        return Yardstick("L2 scale", None, scale.value, scale.value, missing)
    least, most = view.band(scale.value, scale.value, first, have, view.one(lambda i: i.path_dollars))
    note = f"{whose}; {scale.because}"
    return Yardstick("L2 scale", reading, scale.value, scale.value, note, least, most)


def _initial_hedge(view: LayerView) -> tuple[float | None, str]:
    """What layer 1 gains on a point of VIX along the path, or should gain at least while none is held."""
    book, held = view.book, view.book.of_layer("L1")
    if held:
        return book.gain(book.legs_of(held), 1.0, on_path=True), "of the initial hedge"
    condors = whole_sum(condor_vix_dollars(f, book.valuation) for f in book.condors)
    wanted = None if condors is None else view.number("vega-coverage.low") * abs(condors)
    return wanted, "of what layer 1 should be"


@_yardstick(
    "risk cap",
    "cap",
    "Premium at risk in one layer, as a share of net liquidation value.",
    "S4",
    keys=("sizing.reference.SE",),
)
def _risk_cap(view: LayerView) -> Yardstick:
    limit, worth = view.number("risk-cap.limit"), view.book.account.net_liq
    if not worth:
        return Yardstick("risk cap", None, None, limit, "account.net_liq is not in the file")
    at_risk = sum(premium_of(f) for f in view.held)
    most = view.roof(_room(limit * worth, at_risk), view.one(lambda i: i.premium))
    note = f"warn at {percent(view.number('risk-cap.warn'))}"
    return Yardstick("risk cap", at_risk / worth, None, limit, note, None, most)


@_yardstick("hedge cost", "cap", "Cost of all layers, as a share of the condors' credit.", "S3")
def _hedge_cost(view: LayerView) -> Yardstick:
    limit, figures = view.number("hedge-cost.limit"), view.book.figures
    credit = sum(f.position.cash for f in figures if f.kind == "condor")
    if credit <= 0:
        return Yardstick("hedge cost", None, None, limit, "the condors brought no credit")
    paid = sum(f.position.premium for f in figures if isinstance(f.position, Hedge))
    most = view.roof(_room(limit * credit, paid), view.one(lambda i: i.premium))
    note = f"of all layers; warn at {percent(view.number('hedge-cost.warn'))}"
    return Yardstick("hedge cost", paid / credit, None, limit, note, None, most)


def _room(limit: float, paid: float) -> float:
    """What is paid is paid: a limit on premium keeps from adding, it does not ask for selling."""
    return max(limit - paid, 0.0)


@_yardstick("carry", "cap", "Hedge theta ÷ condor theta; the book must keep earning theta.", "S1")
def _carry(view: LayerView) -> Yardstick:
    least_theta, book = view.number("carry.least_net_theta"), view.book
    earned, hedges = _theta(book.condors), _theta(book.hedges)
    if earned is None or hedges is None:
        return Yardstick("carry", None, None, None, "a leg has no theta")
    net = earned + hedges
    note = f"{number(net, signed=True)} $ a day net, at least {number(least_theta)}"
    if earned <= max(least_theta, 0.0):
        return Yardstick(
            "carry", None, None, None, f"{note}: the condors alone earn too little, so no hedge is to blame"
        )
    note = f"over-hedged: {note}" if net < least_theta else note
    most = view.roof(net - least_theta, view.one(lambda i: -i.theta))
    return Yardstick("carry", -hedges / earned, None, 1.0 - least_theta / earned, note, None, most)


def _theta(held: Sequence[PositionFigures]) -> float | None:
    return whole_sum(None if f.greeks is None else f.greeks.theta for f in held)


@_yardstick(
    "quick ratio", "gauge", "Cash and hedges at the bid, as a multiple of the margin required.", "S1 S2"
)
def _quick_ratio(view: LayerView) -> Yardstick:
    least, book = view.number("quick-ratio.least"), view.book
    if book.account.cash is None:
        return Yardstick("quick ratio", None, least, None, "account.cash is not in the file")
    margin = whole_sum(f.margin for f in book.condors)
    bids = whole_sum(_at_bid(f, view) for f in book.hedges)
    if margin is None or bids is None:
        missing = "a condor's margin is unknown" if margin is None else "a hedge has no bid"
        return Yardstick("quick ratio", None, least, None, missing)
    if not margin:
        return Yardstick("quick ratio", None, least, None, "no margin is required")
    return Yardstick("quick ratio", (book.account.cash + bids) / margin, least, None)


def _at_bid(figures: PositionFigures, view: LayerView) -> float | None:
    """What closing a hedge brings at once: longs at the bid, shorts at the ask; a future brings nothing, its
    gains are in the cash already."""
    total = 0.0
    for leg in living_legs(figures, view.book.valuation):
        contract, quantity = leg.leg.contract, leg.leg.quantity
        price = leg.mark.bid if quantity > 0 else leg.mark.ask
        if contract.family is Family.VIX_FUTURE:
            continue
        if price is None:
            return None
        total += quantity * contract.multiplier * price
    return total


@_yardstick(
    "required return",
    "gauge",
    "The condors' return against risk-free + beta × the market's premium.",
    "S4",
    keys=("prices.risk_free",),
)
def _required_return(view: LayerView) -> Yardstick:
    book, spot = view.book, view.book.valuation.spot
    delta, margin = book.spx_delta, whole_sum(f.margin for f in book.condors)
    if delta is None or spot is None or not margin:
        return Yardstick("required return", book.condor_return, None, None, "the book's beta is unknown")
    premium, beta = view.number("required-return.premium"), delta * spot / margin
    required = book.valuation.rate.value + beta * premium
    note = f"risk-free + beta {number(beta, 2, signed=True)} × {percent(premium)}"
    return Yardstick("required return", book.condor_return, required, None, note)
