"""Why the sums over the book are what they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from alvh_tui.book.model import Hedge
from alvh_tui.method.flattening import FLATTENS
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.totals import (
    Totals,
    condor_vix_dollars,
    hedge_vix_dollars,
    spx_greeks,
    stands_on_spx,
)
from alvh_tui.toml.text import printable
from alvh_tui.why.ages import age_of
from alvh_tui.why.derivation import UNDATED, Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import derived, index_input, link_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact, style_of, sum_line, written

_SPX = {"spx_delta": "delta", "gamma": "gamma", "vega": "vega", "theta": "theta"}
"""Sums over what stands on SPX, and the Greek each is of."""
_UNFLATTENED = "delta_without_L3"
_SUBTOTALS = ("condors_pnl", "hedges_pnl", "condors_theta", "hedges_theta", _UNFLATTENED)
_WHOLE = ("max_loss", "margin")
"""Sums that are unknown as soon as one part is."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one position brings to a sum."""

    about: str
    name: str
    """Of the position's own figure."""
    value: float | None


def total_value(figure: Figure, known: Known) -> float | None:
    if figure.name in _SUBTOTALS:
        parts = parts_of(figure, known)
        found = [part.value for part in parts if part.value is not None]
        return None if parts and not found else sum(found)
    value: float | None = getattr(known.assessment.totals, figure.name)
    return value


def derive_total(figure: Figure, known: Known) -> Derivation:
    totals = known.assessment.totals
    if figure.name == "spx_delta_hedged":
        return _hedged(figure, totals, known)
    if figure.name == "vega_coverage":
        return _coverage(figure, totals, known)
    if figure.name == "hedge_cost_pct_credit":
        return _cost_share(figure, totals, known)
    return _sum(figure, known)


def parts_of(figure: Figure, known: Known) -> list[Part]:
    """Position by position, in the file's order."""
    name, valuation = figure.name, known.assessment.valuation
    every = [held.figures for held in known.assessment.positions]
    living = [f for f in every if living_legs(f, valuation)]
    if name.endswith("pnl"):
        return [_part(f, "pnl", f.pnl) for f in every if _is_of(f, name)]
    if name == _UNFLATTENED:
        rest = [f for f in living if stands_on_spx(f) and f.layer != FLATTENS]
        return [_part(f, "delta", _greek(spx_greeks(f, valuation), "delta")) for f in rest]
    if name in _SPX:
        greek = _SPX[name]
        on_spx = [f for f in living if stands_on_spx(f)]
        return [_part(f, greek, _greek(spx_greeks(f, valuation), greek)) for f in on_spx]
    if name.endswith("theta"):
        return [_part(f, "theta", _greek(f.greeks, "theta")) for f in living if _is_of(f, name)]
    if name == "hedge_vix_dollars":
        hedges = [f for f in living if f.kind == "hedge"]
        return [_part(f, "vix_dollars", hedge_vix_dollars(f, valuation)) for f in hedges]
    if name == "hedge_cost":
        return [_part(f, "cash", f.position.premium) for f in living if isinstance(f.position, Hedge)]
    condors = [f for f in living if f.kind == "condor"]
    if name == "condors_vix_dollars":
        return [_part(f, "vix_dollars", condor_vix_dollars(f, valuation)) for f in condors]
    if name == "credit":
        return [_part(f, "cash", f.position.cash) for f in condors]
    return [_part(f, name, f.max_loss if name == "max_loss" else f.margin) for f in condors]


def _is_of(figures: PositionFigures, name: str) -> bool:
    """Whether a sum of condors or hedges alone takes it in."""
    return not name.startswith(("condors", "hedges")) or name.startswith(figures.kind)


def _part(figures: PositionFigures, name: str, value: float | None) -> Part:
    return Part(figures.position.id, name, value)


def _greek(greeks: object, name: str) -> float | None:
    return None if greeks is None else float(getattr(greeks, name))


def _inputs(parts: Iterable[Part], known: Known) -> list[Input]:
    found = []
    for part in parts:
        figure = Figure("position", part.name, part.about)
        aged = age_of(figure, known)
        seconds, state = (None, None) if aged == UNDATED else aged
        said = written(part.value, style_of(figure))
        found.append(Input(printable(part.about), said, "worked out", seconds, state, figure))
    return found


def _sum(figure: Figure, known: Known) -> Derivation:
    value, parts = total_value(figure, known), parts_of(figure, known)
    inputs = _inputs(parts, known)
    if value is None:
        lacks = [part.about for part in parts if part.value is None]
        because = (
            known.assessment.totals.unbounded if figure.name in _WHOLE else known.assessment.totals.missing
        )
        why = "; ".join(because) or f"nothing is known of {', '.join(lacks)}"
        return not_known(figure, known, why, inputs)
    digits = (4, 6) if figure.name == "gamma" else (0, 3)
    terms = [part.value for part in parts if part.value is not None]
    line = sum_line(terms, bare(figure, value), *digits)
    return made(figure, known, value, (line,), inputs, assumption=_lacking(parts))


def _lacking(parts: Iterable[Part]) -> str:
    gone = [printable(part.about) for part in parts if part.value is None]
    return f"incomplete: {', '.join(gone)} is not in it" if gone else ""


def _own(name: str, value: float | None, known: Known) -> Input:
    return derived(Figure("total", name), value, known)


def _hedged(figure: Figure, totals: Totals, known: Known) -> Derivation:
    spot, link = known.assessment.valuation.spot, known.assessment.valuation.link
    delta, hedges = totals.spx_delta, totals.hedge_vix_dollars
    inputs = [
        _own("spx_delta", delta, known),
        _own("hedge_vix_dollars", hedges, known),
        link_input("beta_down", known),
        index_input(known),
    ]
    value = totals.spx_delta_hedged
    if value is None or spot is None or delta is None or hedges is None:
        return not_known(figure, known, "the delta, the hedges or SPX is unknown", inputs)
    line = (
        f"delta {exact(delta, 2, 4)} − hedges {exact(hedges, 0, 3)} × {exact(link.beta_down, 1, 4)}"
        f" × 100 ÷ SPX {exact(spot)} = {bare(figure, value)}"
    )
    path = f"for a fall along the path {link.sentence}"
    return made(figure, known, value, (line,), inputs, assumption=path)


def _coverage(figure: Figure, totals: Totals, known: Known) -> Derivation:
    hedges, condors, value = totals.hedge_vix_dollars, totals.condors_vix_dollars, totals.vega_coverage
    inputs = [_own("hedge_vix_dollars", hedges, known), _own("condors_vix_dollars", condors, known)]
    if value is None or hedges is None or condors is None:
        why = "no condor is held that it could cover" if condors == 0.0 else "a leg has no delta or no vega"
        return not_known(figure, known, why, inputs)
    line = f"hedges {exact(hedges, 0, 3)} ÷ condors {exact(abs(condors), 0, 3)} = {bare(figure, value)}"
    said = "dollars for one point of VIX, through the link"
    if condors > 0:
        said += "; the condors gain with VIX themselves"
    return made(figure, known, value, (line,), inputs, assumption=said)


def _cost_share(figure: Figure, totals: Totals, known: Known) -> Derivation:
    value = totals.hedge_cost_pct_credit
    inputs = [_own("hedge_cost", totals.hedge_cost, known), _own("credit", totals.credit, known)]
    if value is None:
        return not_known(figure, known, "the condors brought no credit", inputs)
    cost, credit = exact(totals.hedge_cost, 0, 2), exact(totals.credit, 0, 2)
    line = f"hedges {cost} ÷ credit {credit} = {bare(figure, value)}"
    return made(figure, known, value, (line,), inputs, assumption="as if every premium were lost")
