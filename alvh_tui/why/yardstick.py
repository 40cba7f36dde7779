"""Why a yardstick of a layer reads what it does, and how many contracts it asks for or allows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from alvh_tui.figures import number, percent
from alvh_tui.method.book_view import Instrument, premium_of
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.yardsticks import Yardstick, yardsticks
from alvh_tui.risk.legs import weights_of
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.totals import condor_vix_dollars, hedge_vix_dollars
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import derived, from_file, index_input, rule_named, rules_of, vix_input
from alvh_tui.why.known import Known
from alvh_tui.why.layer import hedges_of
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.total import total_value
from alvh_tui.why.written import exact

_OF_ONE: dict[str, Callable[[Instrument], float]] = {
    "vega coverage": lambda one: one.vix_dollars,
    "exposure share": lambda one: one.gain_at_shock,
    "L2 scale": lambda one: one.path_dollars,
    "risk cap": lambda one: one.premium,
    "hedge cost": lambda one: one.premium,
    "carry": lambda one: -one.theta,
}
"""What one contract adds to what is measured."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a yardstick sets against what: reading = have ÷ whole."""

    have: float
    whole: float
    have_said: str
    whole_said: str


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    figure: Figure
    judged: LayerJudgement
    yardstick: Yardstick
    known: Known

    def living(self, kind: str) -> list[PositionFigures]:
        every = (held.figures for held in self.known.assessment.positions)
        valuation = self.known.assessment.valuation
        return [f for f in every if f.kind == kind and living_legs(f, valuation)]

    @property
    def held(self) -> list[PositionFigures]:
        return hedges_of(self.figure.about, self.known)

    def number(self, key: str) -> float:
        return self.known.assessment.rules.number(f"sizing.{key}")


def yardstick_value(figure: Figure, known: Known) -> float | None:
    judged = known.layers.get(figure.about)
    found = None if judged is None else _named(figure.name, judged)
    value: float | None = None if found is None else getattr(found, figure.detail or "reading")
    return None if value is None else float(value)


def _named(name: str, judged: LayerJudgement) -> Yardstick | None:
    return next((yardstick for yardstick in judged.sizing.yardsticks if yardstick.id == name), None)


def derive_yardstick(figure: Figure, known: Known) -> Derivation | None:
    judged = known.layers.get(figure.about)
    yardstick = None if judged is None else _named(figure.name, judged)
    if judged is None or yardstick is None:
        return None
    view = _View(figure, judged, yardstick, known)
    entry, value = rule_named(figure.name), yardstick_value(figure, known)
    inputs = [*_inputs(view), *rules_of(entry, known)]
    if value is None:
        return not_known(figure, known, _why_not(view), inputs, entry)
    if figure.detail in ("low", "high"):
        return made(figure, known, value, _bounds(view, value), inputs, rule=entry)
    lines = _contracts(view, value) if figure.detail else _reading(view, value)
    note = yardstick.note
    return made(figure, known, value, lines, inputs, assumption=note, rule=entry)


def _bounds(view: _View, value: float) -> list[str]:
    """What the reading is held against."""
    note, known = view.yardstick.note, view.known
    if view.figure.name != "required return":
        return [note or "as the rules file says"]
    rate, premium = known.assessment.valuation.rate.value, view.number("required-return.premium")
    if not premium:
        return [note]
    beta = (value - rate) / premium
    line = (
        f"risk-free {exact(rate, 4, 6)} + beta {exact(beta)} × {exact(premium)} = {bare(view.figure, value)}"
    )
    return ["beta is SPX delta × SPX ÷ margin", line]


def _why_not(view: _View) -> str:
    """Why there is no such bound, no such count, or no reading."""
    name, detail, note = view.figure.name, view.figure.detail, view.yardstick.note
    role = yardsticks()[name].role
    if not detail or view.yardstick.reading is None:
        return note or "a part of it is unknown"
    if detail in ("low", "high"):
        lower = "lower" if detail == "low" else "upper"
        return note if name == "L2 scale" else f"it has no {lower} bound"
    if role == "gauge" or (role == "cap" and detail == "least"):
        return (
            "it is only read: no contracts follow from it" if role == "gauge" else "it asks for no contracts"
        )
    one = view.judged.sizing.instrument
    if one is None:
        return view.judged.sizing.note or "there is nothing to count the layer in"
    return note if _OF_ONE[name](one) > 0.0 and note else f"one more {one.name} adds nothing to it"


def _reading(view: _View, value: float) -> list[str]:
    measure = _measure(view)
    if measure is None or not measure.whole:
        return [f"it reads {bare(view.figure, value)}"]
    have, whole = exact(measure.have, 0, 3), exact(measure.whole, 0, 3)
    return [f"{measure.have_said} {have} ÷ {measure.whole_said} {whole} = {bare(view.figure, value)}"]


def _measure(view: _View) -> Measure | None:
    measure = _MEASURES.get(view.figure.name)
    return None if measure is None else measure(view)


def _vega_coverage(view: _View) -> Measure | None:
    valuation = view.known.assessment.valuation
    have = _whole([hedge_vix_dollars(f, valuation) for f in view.held])
    condors = _whole([condor_vix_dollars(f, valuation) for f in view.living("condor")])
    if have is None or condors is None:
        return None
    return Measure(have, abs(condors), "what the layer gains on a point of VIX", "what the condors lose")


def _exposure(view: _View) -> Measure | None:
    condors, spot = view.living("condor"), view.known.assessment.valuation.spot
    if view.known.assessment.rules.text("sizing.exposure-share.exposure") == "max-loss":
        exposure = _whole([f.max_loss for f in condors])
    else:
        held = [f.position for f in condors]
        points = sum(axis_unit(p) * p.multiplier * p.contracts for p in held)
        exposure = None if spot is None else spot * points
    have = gain_of(view.held, view.number("exposure-share.shock"), view.known)
    if exposure is None or have is None:
        return None
    return Measure(have, exposure, "gain of the layer at the shock", "exposure of the condors")


def _l2_scale(view: _View) -> Measure | None:
    first = hedges_of("L1", view.known)
    have, said = gain_of(view.held, 1.0, view.known, on_path=True), "gain of the first layer"
    whole = gain_of(first, 1.0, view.known, on_path=True)
    if not first:
        valuation = view.known.assessment.valuation
        condors = _whole([condor_vix_dollars(f, valuation) for f in view.living("condor")])
        whole = None if condors is None else view.number("vega-coverage.low") * abs(condors)
        said = "what the first layer should gain at least"
    if have is None or whole is None:
        return None
    return Measure(have, whole, "gain of the layer on a point of VIX along the path", said)


def _risk_cap(view: _View) -> Measure | None:
    worth = view.known.assessment.book.account.net_liq
    at_risk = sum(premium_of(f) for f in view.held)
    return None if not worth else Measure(at_risk, worth, "premium at risk", "net liquidation value")


def _hedge_cost(view: _View) -> Measure:
    book = view.known.assessment.book
    paid = sum(hedge.premium for hedge in book.hedges)
    credit = sum(condor.cash for condor in book.condors)
    return Measure(paid, credit, "cost of all layers", "credit of the condors")


def _carry(view: _View) -> Measure | None:
    earned = _whole([None if f.greeks is None else f.greeks.theta for f in view.living("condor")])
    hedges = _whole([None if f.greeks is None else f.greeks.theta for f in view.living("hedge")])
    if earned is None or hedges is None:
        return None
    return Measure(-hedges, earned, "theta the hedges pay", "theta the condors earn")


def _quick_ratio(view: _View) -> Measure | None:
    cash, reading = view.known.assessment.book.account.cash, view.yardstick.reading
    margin = _whole([f.margin for f in view.living("condor")])
    if cash is None or reading is None or not margin:
        return None
    return Measure(reading * margin, margin, "cash and hedges at the bid", "margin")


def _required_return(view: _View) -> Measure | None:
    """The condors' own returns, weighted by their margins."""
    readings, condors = view.known.readings, view.living("condor")
    found = [readings.get((f.position.id, "condor.irr")) for f in condors]
    earned = _whole(
        [
            None if read is None or read.reading is None or f.margin is None else read.reading * f.margin
            for read, f in zip(found, condors, strict=True)
        ]
    )
    margin = _whole([f.margin for f in condors])
    if earned is None or margin is None:
        return None
    return Measure(earned, margin, "dollars a year, hedges paid", "margin")


_MEASURES: dict[str, Callable[[_View], Measure | None]] = {
    "vega coverage": _vega_coverage,
    "exposure share": _exposure,
    "L2 scale": _l2_scale,
    "risk cap": _risk_cap,
    "hedge cost": _hedge_cost,
    "carry": _carry,
    "quick ratio": _quick_ratio,
    "required return": _required_return,
}


def _whole(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def gain_of(
    held: Sequence[PositionFigures], vix_points: float, known: Known, *, on_path: bool = False
) -> float | None:
    """Dollars gained with VIX so many points higher at once, all legs priced again."""
    valuation = known.assessment.valuation
    legs = valuation.legs
    rows, weights = weights_of(
        legs,
        [
            (leg.leg.contract, float(leg.leg.quantity))
            for figures in held
            for leg in living_legs(figures, valuation)
        ],
    )
    if not len(rows):
        return 0.0
    moves = np.array([0.0, vix_points])[:, None]
    falls = moves / (100.0 * legs.link.beta_down) if on_path and legs.link.beta_down > 0 else 0.0 * moves
    values = legs.values(rows[None, :], legs.spot * (1.0 - falls), moves, moves) @ weights
    gain = float(values[1] - values[0])
    return gain if isfinite(gain) else None


def _contracts(view: _View, value: float) -> list[str]:
    """How many contracts bring what is measured to its bound, in whole ones."""
    measure, one = _measure(view), view.judged.sizing.instrument
    least = view.figure.detail == "least"
    per = None if one is None else _OF_ONE[view.figure.name](one)
    bound = _bound(view, measure, least=least)
    held = view.judged.sizing.held
    if measure is None or per is None or bound is None or per <= 0.0:
        return [f"it comes to {value:.0f}, {held} held"]
    missing = (bound - measure.have) / per
    wanted, have = exact(bound, 0, 3), exact(measure.have, 0, 3)
    line = f"({wanted} − {have}) ÷ {exact(per, 2, 4)} of one contract = {number(missing, 2)}"
    more = round(value) - held
    if not (missing - 1e-6 <= more <= missing + 1 if least else missing - 1 <= more <= missing + 1e-6):
        rest = "what is held is not sold for it" if not least else "never fewer than none"
        return [line.replace(" = ", " is "), f"{held} held, {value:.0f} in all: {rest}"]
    sign = "−" if more < 0 else "+"
    way = "rounded up" if least else "rounded down"
    return [line, f"whole contracts, {way}: held {held} {sign} {abs(more)} = {value:.0f}"]


def _bound(view: _View, measure: Measure | None, *, least: bool) -> float | None:
    """What is measured, where it meets its bound."""
    share = view.yardstick.low if least else view.yardstick.high
    if measure is None or share is None:
        return None
    bound = share * measure.whole
    demands = view.figure.name in ("vega coverage", "exposure share", "L2 scale")
    return bound if demands else max(bound, measure.have)


def _inputs(view: _View) -> list[Input]:
    """What is measured against what, where it can be asked in turn."""
    known, name = view.known, view.figure.name
    book, totals = known.assessment.book, known.assessment.totals
    if name == "risk cap":
        worth = number(book.account.net_liq)
        cost = Figure("layer", "cost", view.figure.about)
        return [
            derived(cost, sum(premium_of(f) for f in view.held), known),
            from_file("account.net_liq", worth, 0),
        ]
    if name == "quick ratio":
        cash = from_file("account.cash", number(book.account.cash), 0)
        return [cash, derived(Figure("total", "margin"), totals.margin, known)]
    shown = {
        "vega coverage": ("hedge_vix_dollars", "condors_vix_dollars"),
        "exposure share": ("max_loss",),
        "L2 scale": ("condors_vix_dollars",),
        "hedge cost": ("hedge_cost", "credit"),
        "carry": ("hedges_theta", "condors_theta"),
        "required return": ("spx_delta", "margin"),
    }.get(name, ())
    inputs = [_total_input(total, view) for total in shown]
    if name in ("exposure share", "L2 scale", "vega coverage"):
        inputs.append(vix_input(known))
    if name == "required return":
        rate = percent(known.assessment.valuation.rate.value, 2)
        inputs += [index_input(known), Input("risk-free rate", rate, known.assessment.valuation.rate.origin)]
    return inputs


def _total_input(name: str, view: _View) -> Input:
    figure = Figure("total", name)
    return derived(figure, total_value(figure, view.known), view.known)
