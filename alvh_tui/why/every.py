"""Every figure of an assessment, by name."""

from collections.abc import Iterator

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.why.figure import Figure, Side
from alvh_tui.why.known import known
from alvh_tui.why.names import (
    BREAKEVEN,
    CONTACT,
    EXPLAINED,
    LAYER,
    LEG,
    LINK,
    MARKET,
    MOVED,
    PACE,
    PAYOFF,
    POSITION,
    RULE,
    SHORT,
    SIGNAL,
    SOURCE,
    TOTAL,
    YARDSTICK,
)
from alvh_tui.why.short import strike_name

SIDES: tuple[Side, Side] = ("lower", "upper")
_AHEAD = ("", "+1", "+5", "+10")
_OF_EXPIRY = ("forward", "atm")


def figures_of(assessment: Assessment) -> Iterator[Figure]:
    """The whole screen's: of a payoff and the grid a few points each."""
    yield from _of_market(assessment)
    for held in assessment.positions:
        yield from _of_position(held)
    yield from _breakevens("", ())
    yield from (Figure("total", name) for name in TOTAL)
    yield from (Figure("explained", name) for name in EXPLAINED)
    yield from _of_layers(assessment)
    yield from (Figure("signal", name, each.id) for each in assessment.judgement.signals for name in SIGNAL)
    for about, rule in known(assessment).readings:
        yield from (Figure("rule", rule, about, detail) for detail in RULE)
    yield from _scenarios(assessment)


def _of_market(assessment: Assessment) -> Iterator[Figure]:
    yield from (Figure("market", name) for name in MARKET if name not in _OF_EXPIRY)
    for market in assessment.valuation.markets.values():
        yield from (Figure("market", name, f"{market.root} {market.expiry}") for name in _OF_EXPIRY)
    yield from (Figure("link", name) for name in LINK)
    yield from (
        Figure("source", name, source.name) for source in assessment.market.sources for name in SOURCE
    )


def _of_position(held: PositionAssessment) -> Iterator[Figure]:
    about = held.figures.position.id
    yield from (Figure("position", name, about) for name in POSITION)
    yield from (
        Figure("short", name, about, strike_name(short)) for short in held.figures.shorts for name in SHORT
    )
    yield from (
        Figure("leg", name, about, leg.leg.contract.symbol) for leg in held.figures.legs for name in LEG
    )
    yield from (Figure("explained", name, about) for name in EXPLAINED)
    if held.travel is None or held.migration is None:
        return
    steps = tuple(f"step {n}" for n in range(1, len(held.migration.steps)))
    past = ("open", *steps, "close", "five")
    yield from _breakevens(about, past)
    for side in SIDES:
        yield from (Figure("moved", name, about, side=side, when=when) for name in MOVED for when in past)
    for side in ("", *SIDES):
        yield Figure("cushion", "cushion", about, side=side)
        yield from (Figure("pace", name, about, side=side) for name in PACE)
        yield from (Figure("contact", name, about, side=side) for name in CONTACT)


def _breakevens(about: str, past: tuple[str, ...]) -> Iterator[Figure]:
    for side in SIDES:
        for when in (*_AHEAD, *past):
            yield from (Figure("breakeven", kind, about, side=side, when=when) for kind in BREAKEVEN)


def _of_layers(assessment: Assessment) -> Iterator[Figure]:
    for layer, judged in assessment.judgement.layers.items():
        yield from (Figure("layer", name, layer) for name in LAYER if not name.startswith("shock"))
        for shock in judged.sizing.shocks:
            points = f"+{shock.vix_points:g}"
            yield from (Figure("layer", name, layer, points) for name in LAYER if name.startswith("shock"))
        for yardstick in judged.sizing.yardsticks:
            yield from (Figure("yardstick", yardstick.id, layer, detail) for detail in YARDSTICK)


def _scenarios(assessment: Assessment) -> Iterator[Figure]:
    spot, vix = assessment.valuation.spot, assessment.valuation.vix
    if spot is None:
        return
    names = ("", *(held.figures.position.id for held in assessment.positions))
    for about in names:
        for share in (0.95, 1.0, 1.03):
            point = f"SPX {share * spot:.1f}"
            for when in ("", "+5", "+10", "expiry"):
                yield from (Figure("payoff", name, about, point, when=when) for name in PAYOFF)
                if vix is not None:
                    yield Figure("grid", "pnl", about, f"{point} VIX {vix + 5.0:.1f}", when=when)
