"""A bar that shows where the index stands between a condor's wings, short strikes and breakevens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alvh_tui.figures import number
from alvh_tui.instruments.contract import Contract
from alvh_tui.risk.positions import LegFigures, axis_unit
from alvh_tui.screens.panels.columns import strike_of
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.screens.shown import Shown
from alvh_tui.why.figure import Figure, Side

if TYPE_CHECKING:
    from alvh_tui.assess import PositionAssessment

LINE, INDEX, STRIKE, WING, BREAKEVEN = "─", "┃", "┼", "┴", "◆"
LEAST = 24
"""Cells below which a bar says nothing."""
LABEL = 6
"""Cells for a wing's name, so that the bars of all condors begin and end together."""


@dataclass(slots=True)
class _Cell:
    text: str = LINE
    role: Role = Role.RULE
    figure: Figure | None = None
    free: bool = True


@dataclass(slots=True)
class _Scale:
    low: float
    high: float
    cells: list[_Cell] = field(default_factory=list)

    def place(self, level: float) -> int:
        share = (level - self.low) / (self.high - self.low)
        return round(share * (len(self.cells) - 1))

    def mark(self, level: float, text: str, role: Role, figure: Figure | None, aside: int = 0) -> None:
        """On the cell of that level; where something stands there, `aside` of it or not at all."""
        place = self.place(level)
        for at in (place, place + aside):
            if 0 <= at < len(self.cells) and self.cells[at].free:
                self.cells[at] = _Cell(text, role, figure, free=False)
                return

    def has_room(self, start: int, count: int, *, over: str = "") -> bool:
        """Whether nothing stands there, or only what may be written over."""
        inside = start >= 0 and start + count <= len(self.cells)
        return inside and all(cell.free or cell.text == over for cell in self.cells[start : start + count])

    def write(self, start: int, text: str, role: Role, figure: Figure | None) -> None:
        for nth, letter in enumerate(text):
            self.cells[start + nth] = _Cell(letter, role, figure, free=False)


def bar_of(held: "PositionAssessment", shown: Shown, width: int) -> tuple[Span, ...]:
    """As wide as it may be; empty where there are not two strikes or no room."""
    legs = _strikes(held)
    if len(legs) < 2 or width < LEAST or shown.assessment is None:
        return ()
    spot = shown.assessment.valuation.spot
    level = None if spot is None else spot * axis_unit(held.figures.position)
    low, high = _strike(legs[0]), _strike(legs[-1])
    before, after = _outside(level, low, high)
    taken = 2 * LABEL + 2 + sum(width_of(span.text) for span in (*before, *after))
    scale = _Scale(low, high, [_Cell() for _ in range(max(width - taken, 0))])
    if len(scale.cells) < LEAST - 2 * LABEL - 2:
        return ()
    if level is not None and low <= level <= high:
        scale.mark(level, INDEX, Role.INDEX, Figure("market", "spx"))
    _mark_strikes(scale, held, legs)
    _mark_breakevens(scale, held)
    _name_shorts(scale, held)
    first, last = (_wing(leg, held.figures.position.id) for leg in (legs[0], legs[-1]))
    return (
        *before,
        Span(" " * max(LABEL - width_of(first.text), 0)),
        first,
        Span("├", Role.RULE),
        *_spans(scale.cells),
        Span("┤", Role.RULE),
        last,
        *after,
    )


def _strikes(held: "PositionAssessment") -> list[LegFigures]:
    """Its options on the index, one a strike, strikes rising."""
    options = [leg for leg in held.figures.legs if leg.leg.contract.is_option]
    found = {_strike(leg): leg for leg in options}
    return [found[strike] for strike in sorted(found)]


def _strike(leg: LegFigures) -> float:
    return leg.leg.contract.strike or 0.0


def _wing(leg: LegFigures, about: str) -> Span:
    contract = leg.leg.contract
    return Span(strike_of(contract), Role.LABEL, Figure("leg", "mark", about, contract.symbol))


def _outside(level: float | None, low: float, high: float) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """An arrow with the distance where the index is beyond the bar, on the side it is on."""
    if level is None or low <= level <= high:
        return (), ()
    figure = Figure("market", "spx")
    if level < low:
        return (Span(f"{INDEX}◂ {number(low - level)} ", Role.INDEX, figure),), ()
    return (), (Span(f" {number(level - high)} ▸{INDEX}", Role.INDEX, figure),)


def _mark_strikes(scale: _Scale, held: "PositionAssessment", legs: list[LegFigures]) -> None:
    about = held.figures.position.id
    for leg in legs[1:-1]:
        contract = leg.leg.contract
        if leg.leg.quantity > 0:
            scale.mark(_strike(leg), WING, Role.RULE, Figure("leg", "mark", about, contract.symbol))
            continue
        figure = Figure("short", "distance", about, strike_of(contract))
        scale.mark(_strike(leg), STRIKE, _side(contract), figure)


def _side(contract: Contract) -> Role:
    return Role.LOWER if contract.right == "P" else Role.UPPER


def _mark_breakevens(scale: _Scale, held: "PositionAssessment") -> None:
    if held.breakevens is None:
        return
    now, about = held.breakevens.kinds["expiry"], held.figures.position.id
    sides: tuple[tuple[float | None, Side, Role, int], ...] = (
        (now.low, "lower", Role.LOWER, -1),
        (now.high, "upper", Role.UPPER, 1),
    )
    for level, side, role, outwards in sides:
        if level is not None:
            scale.mark(level, BREAKEVEN, role, Figure("breakeven", "expiry", about, side=side), outwards)


def _name_shorts(scale: _Scale, held: "PositionAssessment") -> None:
    """Beside its tick, on the inner side where there is room, else on the outer; a breakeven gives way."""
    for leg in _strikes(held):
        contract = leg.leg.contract
        if leg.leg.quantity > 0:
            continue
        place, name = scale.place(_strike(leg)), strike_of(contract)
        starts = tuple(_beside(place, len(name), put=contract.right == "P"))
        fits = [start for start in starts if scale.has_room(start, len(name))]
        fits = fits or [start for start in starts[:2] if scale.has_room(start, len(name), over=BREAKEVEN)]
        if fits:
            figure = Figure("short", "distance", held.figures.position.id, name)
            scale.write(fits[0], name, _side(contract), figure)


def _beside(place: int, length: int, *, put: bool) -> Iterator[int]:
    """Where a name may begin: next to the tick, and outwards of a breakeven that stands there."""
    inner, outer = (place + 1, place - length) if put else (place - length, place + 1)
    inwards = 1 if put else -1
    yield inner
    yield outer
    for step in (1, 2, 3):
        yield outer - step * inwards


def _spans(cells: list[_Cell]) -> Iterator[Span]:
    """Neighbours of one look in one span."""
    text, look = "", cells[0]
    for each in cells:
        if (each.role, each.figure) != (look.role, look.figure):
            yield Span(text, look.role, look.figure)
            text, look = "", each
        text += each.text
    yield Span(text, look.role, look.figure)
