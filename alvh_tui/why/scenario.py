"""Why the P&L somewhere else is what it is: a point of the payoff curves, or of the SPX × VIX grid."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from alvh_tui.book.model import Condor, Hedge, Leg
from alvh_tui.figures import number
from alvh_tui.instruments.roots import Family
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import HedgeShare, sessions_ahead
from alvh_tui.why.breakeven import pays
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import cash_input, hedge_inputs, index_input, link_input, vix_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.names import when_of
from alvh_tui.why.written import added, exact

_POINT = re.compile(r"SPX (?P<spx>[\d.,]+)(?: VIX (?P<vix>[\d.,]+))?")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is held, where SPX and VIX stand, and when."""

    condors: tuple[Condor, ...]
    hedges: tuple[HedgeShare, ...]
    spot: float
    vix: float | None
    """Where it is moved apart from SPX."""
    ahead: float | None
    """Years; None where all has settled before that."""
    on_path: bool

    @property
    def legs(self) -> list[tuple[Leg, float]]:
        """Each with the contracts that count: of a hedge its share."""
        own = [(leg, float(leg.quantity)) for condor in self.condors for leg in condor.open_legs]
        return own + [
            (leg, leg.quantity * behind.share) for behind in self.hedges for leg in behind.hedge.open_legs
        ]

    @property
    def cash(self) -> float:
        return sum(condor.cash for condor in self.condors) + sum(
            behind.share * behind.hedge.cash for behind in self.hedges
        )


def scene_of(figure: Figure, known: Known) -> Scene | None:
    point = _POINT.fullmatch(figure.detail)
    if point is None or (figure.about and figure.about not in known.positions):
        return None
    condors, hedges = known.condors_of(figure.about), _hedges(figure, known)
    held: list[Condor | Hedge] = [*condors] or [behind.hedge for behind in hedges]
    return Scene(
        condors,
        hedges,
        _level(point["spx"]),
        None if point["vix"] is None else _level(point["vix"]),
        _ahead(figure.when, held, known),
        figure.kind == "payoff" and figure.name != "pnl",
    )


def _level(text: str) -> float:
    return float(text.replace(",", ""))


def _hedges(figure: Figure, known: Known) -> tuple[HedgeShare, ...]:
    """Whole ones in the book's own, of one condor its part, none where it stands alone."""
    book = known.assessment.book
    if figure.about:
        own = tuple(HedgeShare(hedge, 1.0) for hedge in book.hedges if hedge.id == figure.about)
        table = known.table(figure.about)
        return table.hedges if table is not None and figure.name == "pnl_hedged" else own
    everything = figure.kind == "grid" or figure.name == "pnl_hedged"
    return tuple(HedgeShare(hedge, 1.0) for hedge in book.hedges) if everything else ()


def _ahead(when: str, held: Iterable[Condor | Hedge], known: Known) -> float | None:
    """Years to some sessions ahead, or to the first settlement of what is held."""
    valuation = known.assessment.valuation
    markets = (valuation.market_of(leg.contract) for position in held for leg in position.open_legs)
    living = [market.years for market in markets if market is not None and market.years > 0]
    if when == "expiry":
        return min(living, default=None)
    if not when:
        return 0.0
    return years_between(valuation.at, sessions_ahead(valuation.at, int(when)))


def scenario_value(figure: Figure, known: Known) -> float | None:
    scene = scene_of(figure, known)
    return None if scene is None else _pnl(scene, _worth(scene, known))


def _pnl(scene: Scene, worth: list[float]) -> float | None:
    legs = zip(scene.legs, worth, strict=True)
    total = scene.cash + sum(count * leg.contract.multiplier * each for (leg, count), each in legs)
    return float(total) if scene.ahead is not None and np.isfinite(total) else None


def _worth(scene: Scene, known: Known) -> list[float]:
    """Each leg per share, there; at its settlement it needs no market."""
    legs = known.assessment.valuation.legs
    rows = np.array([legs.row_of[leg.contract] for leg, _ in scene.legs], dtype=np.intp)
    if not len(rows):
        return []
    move, ahead = 0.0, scene.ahead or 0.0
    if scene.vix is not None:
        move = scene.vix - legs.vix
    elif scene.on_path:
        move = float(legs.link.vix_move(scene.spot / legs.spot, legs.vix))
    worth: list[float] = legs.values(rows, scene.spot, move, move, ahead).tolist()
    for place, (leg, _) in enumerate(scene.legs):
        settles = 0.0 < legs.years[rows[place]] <= ahead + 1e-12
        if settles and leg.contract.family is Family.INDEX and not np.isfinite(worth[place]):
            worth[place] = pays(leg.contract, scene.spot * float(legs.scale[rows[place]]))
    return worth


def derive_scenario(figure: Figure, known: Known) -> Derivation | None:
    scene = scene_of(figure, known)
    if scene is None:
        return None
    worth = _worth(scene, known)
    value, inputs = _pnl(scene, worth), _inputs(scene, known)
    if value is None:
        return not_known(figure, known, _why_not(scene, known), inputs)
    lines, terms = [], []
    for (leg, count), each in zip(scene.legs, worth, strict=True):
        size = leg.contract.multiplier
        term = count * size * each
        lines.append(
            f"{leg.contract}: {exact(count, 0, 6)} × {size} × {exact(each, 2, 4)} = {exact(term, 0, 2)}"
        )
        terms.append(term)
    whole = f"cash and legs: {added((scene.cash, *terms))} = {bare(figure, value)}"
    said = _assumption(figure, scene, known)
    return made(figure, known, value, (*lines, whole), inputs, assumption=said)


def _inputs(scene: Scene, known: Known) -> list[Input]:
    inputs = [index_input(known), vix_input(known)]
    if scene.on_path:
        inputs += [link_input("beta_down", known), link_input("beta_up", known)]
    inputs += [cash_input(condor) for condor in scene.condors]
    return [*inputs, *hedge_inputs(scene.hedges, known)]


def _why_not(scene: Scene, known: Known) -> str:
    valuation = known.assessment.valuation
    if scene.ahead is None:
        return "nothing that is held settles any more"
    if valuation.vix is None and (scene.on_path or scene.vix is not None):
        return "VIX is not quoted"
    names = [position.id for position in (*scene.condors, *(behind.hedge for behind in scene.hedges))]
    gone = [line for name in names for line in known.positions[name].figures.missing]
    return "; ".join(gone) or "a leg cannot be priced there"


def _assumption(figure: Figure, scene: Scene, known: Known) -> str:
    moment = when_of(figure) or "now"
    if scene.vix is not None:
        moves = f"VIX at {number(scene.vix, 1)}, its forwards and the vols by their share of its move"
    elif scene.on_path:
        sentence = known.assessment.valuation.link.sentence
        moves = f"VIX, its forwards and the vols along the path {sentence}"
    else:
        moves = "VIX and every vol held"
    return f"SPX at {number(scene.spot, 1)}, {moment}; {moves}"
