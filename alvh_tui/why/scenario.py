"""Why the P&L somewhere else is what it is: a point of the payoff curves, or of the SPX × VIX grid."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.figures import number
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import sessions_ahead
from alvh_tui.risk.scenarios import payoff_curve, spot_vix_grid
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import cash_input, index_input, link_input, vix_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.names import when_of
from alvh_tui.why.written import added, exact

_POINT = re.compile(r"SPX (?P<spx>[\d.]+)(?: VIX (?P<vix>[\d.]+))?")


@dataclass(frozen=True, slots=True)
class Scene:
    """Which positions, where, and when."""

    held: tuple[Condor | Hedge, ...]
    spot: float
    vix: float | None
    """Where it is moved apart from SPX."""
    when: datetime
    on_path: bool


def scene_of(figure: Figure, known: Known) -> Scene | None:
    point = _POINT.fullmatch(figure.detail)
    if point is None or (figure.about and figure.about not in known.positions):
        return None
    book = known.assessment.book
    held: tuple[Condor | Hedge, ...] = book.positions
    if figure.about:
        held = tuple(position for position in held if position.id == figure.about)
    if figure.kind == "payoff" and figure.name != "pnl_hedged" and not figure.about:
        held = book.condors
    vix = None if point["vix"] is None else float(point["vix"])
    return Scene(held, float(point["spx"]), vix, moment_of(figure.when, known, held), _on_path(figure))


def _on_path(figure: Figure) -> bool:
    return figure.kind == "payoff" and figure.name != "pnl"


def moment_of(when: str, known: Known, held: Sequence[Condor | Hedge] = ()) -> datetime:
    """Now, some sessions ahead, or the first settlement of a condor among what is held."""
    valuation = known.assessment.valuation
    if when == "expiry":
        condors = [position for position in held if isinstance(position, Condor)] or held
        settles = [
            market.settles
            for position in condors
            for leg in position.open_legs
            if (market := valuation.market_of(leg.contract)) is not None and market.years > 0
        ]
        return min(settles, default=valuation.at)
    return sessions_ahead(valuation.at, int(when)) if when else valuation.at


def scenario_value(figure: Figure, known: Known) -> float | None:
    scene = scene_of(figure, known)
    return None if scene is None else _pnl(scene, known)


def _pnl(scene: Scene, known: Known) -> float | None:
    valuation = known.assessment.valuation
    spots = np.array([scene.spot])
    if scene.vix is not None:
        found = spot_vix_grid(scene.held, valuation, spots, np.array([scene.vix]), scene.when).pnl[0, 0]
    else:
        hedges = [position for position in scene.held if isinstance(position, Hedge)]
        condors = [position for position in scene.held if isinstance(position, Condor)]
        curve = payoff_curve(condors, hedges, valuation, scene.when, spots, on_path=scene.on_path)
        found = curve.with_hedges[0]
    return float(found) if np.isfinite(found) else None


def derive_scenario(figure: Figure, known: Known) -> Derivation | None:
    scene = scene_of(figure, known)
    if scene is None:
        return None
    value = _pnl(scene, known)
    inputs: list[Input] = [index_input(known), vix_input(known)]
    if scene.on_path:
        inputs += [link_input("beta_down", known), link_input("beta_up", known)]
    inputs += [cash_input(position) for position in scene.held]
    if value is None:
        return not_known(figure, known, _why_not(scene, known), inputs)
    cash = sum(position.cash for position in scene.held)
    lines, terms = _legs(scene, known)
    whole = f"cash and legs: {exact(cash, 0, 2)} + ({added(terms)}) = {bare(figure, value)}"
    return made(figure, known, value, (*lines, whole), inputs, assumption=_assumption(figure, scene, known))


def _why_not(scene: Scene, known: Known) -> str:
    valuation = known.assessment.valuation
    if valuation.spot is None:
        return "no level of SPX"
    if valuation.vix is None and (scene.on_path or scene.vix is not None):
        return "VIX is not quoted"
    gone = [
        line for p in scene.held for line in known.positions[p.id].figures.missing if p.id in known.positions
    ]
    return "; ".join(gone) or "a leg cannot be priced there"


def _legs(scene: Scene, known: Known) -> tuple[list[str], list[float]]:
    """What each leg is worth there."""
    valuation = known.assessment.valuation
    legs = valuation.legs
    held = [leg for position in scene.held for leg in position.open_legs]
    if not held:
        return ["nothing is held"], []
    rows = np.array([legs.row_of[leg.contract] for leg in held], dtype=np.intp)
    move = 0.0
    if scene.vix is not None:
        move = scene.vix - legs.vix
    elif scene.on_path:
        move = float(legs.link.vix_move(scene.spot / legs.spot, legs.vix))
    ahead = years_between(valuation.at, scene.when)
    worth = legs.values(rows, scene.spot, move, move, ahead).tolist()
    lines, terms = [], []
    for leg, each in zip(held, worth, strict=True):
        size = leg.contract.multiplier
        term = leg.quantity * size * each
        lines.append(
            f"{leg.contract}: {number(leg.quantity)} × {size} × {exact(each, 2, 4)} = {exact(term, 0, 2)}"
        )
        terms.append(term)
    return lines, terms


def _assumption(figure: Figure, scene: Scene, known: Known) -> str:
    link = known.assessment.valuation.link
    moment = when_of(figure) or "now"
    if scene.vix is not None:
        moves = f"VIX at {number(scene.vix, 1)}, its forwards and the vols by their share of its move"
    elif scene.on_path:
        moves = f"VIX, its forwards and the vols along the path {link.sentence}"
    else:
        moves = "VIX and every vol held"
    return f"SPX at {number(scene.spot, 1)}, {moment}; {moves}"
