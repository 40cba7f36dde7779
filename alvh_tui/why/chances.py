"""Why expected moves and chances are what they are."""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np

from alvh_tui.figures import number
from alvh_tui.instruments.roots import Family
from alvh_tui.pricing.probability import prob_beyond
from alvh_tui.risk.expiries import ExpiryMarket
from alvh_tui.risk.payoff import payoff_of
from alvh_tui.risk.positions import LegFigures, PositionFigures, ShortStrike, axis_unit
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import (
    forward_input,
    index_input,
    vol_input,
    years_input,
)
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact, percent_of

RISK_NEUTRAL = "risk-neutral odds on the forward, not a forecast"


def nearest_market(figures: PositionFigures, known: Known) -> ExpiryMarket | None:
    """Of the first expiry on the index still held."""
    legs = [leg.leg.contract for leg in figures.legs if leg.leg.contract.family is Family.INDEX]
    markets = [m for leg in legs if (m := known.assessment.valuation.market_of(leg)) is not None]
    return min(markets, key=lambda market: market.years, default=None)


def expected_move(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    market, move = nearest_market(figures, known), figures.expected_move
    if market is None or market.forward is None or move is None or market.years <= 0:
        return not_known(figure, known, _no_move(figures, market))
    vol = market.smile.atm if market.smile is not None else move / market.forward / sqrt(market.years)
    where = "smile of its expiry" if market.smile is not None else "between the legs' own"
    name = f"{market.root} {market.expiry}"
    at_money = Input(
        "vol at the money", percent_of(vol), where, *known.of_market, Figure("market", "atm", name)
    )
    line = (
        f"forward {exact(market.forward)} × vol {exact(vol, 4, 6)} × √{exact(market.years, 4, 6)}"
        f" = {bare(figure, move)}"
    )
    inputs = (forward_input(market, known), at_money, years_input(market))
    return made(
        figure, known, move, (line,), inputs, assumption="one standard deviation until the first expiry"
    )


def _no_move(figures: PositionFigures, market: ExpiryMarket | None) -> str:
    if figures.kind != "condor":
        return "only a condor is measured in expected moves"
    if market is None:
        return "nothing is held"
    if market.years <= 0:
        return "it has settled"
    return market.reason or "no vol near the money"


def chance_of_profit(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    """One less the chances beyond the breakevens at expiry."""
    position, valuation = figures.position, known.assessment.valuation
    market = valuation.market_of(position.open_legs[0].contract) if position.open_legs else None
    payoff = payoff_of(position.open_legs, position.cash)
    vols = tuple(vol_input(leg, figure.about, known) for leg in figures.legs)
    if figures.p_profit is None or market is None or market.forward is None or payoff is None:
        return not_known(figure, known, _no_chance(figures, market), vols)
    inputs = (forward_input(market, known), years_input(market), *vols)
    spot = None if valuation.spot is None else valuation.spot * axis_unit(position)
    sides = payoff.breakevens(spot)
    edges = [(level, sign) for level, sign in zip(sides, (-1.0, 1.0), strict=True) if level is not None]
    if not edges:
        said = "there is a gain at every price" if figures.p_profit > 0 else "there is a gain at no price"
        return made(figure, known, figures.p_profit, (said,), inputs, assumption=RISK_NEUTRAL)
    lines, chances = [], []
    for level, sign in edges:
        vol = _between(level, figures)
        chance = float(prob_beyond(market.forward, market.years, level, vol, sign))
        lines.append(chance_line(Odds(market.forward, market.years, level, vol, sign), exact(chance, 4, 6)))
        chances.append(f" − {exact(chance, 4, 6)}")
    whole = f"1{''.join(chances)} = {bare(figure, figures.p_profit)}"
    return made(figure, known, figures.p_profit, (*lines, whole), inputs, assumption=RISK_NEUTRAL)


def _no_chance(figures: PositionFigures, market: ExpiryMarket | None) -> str:
    if figures.kind != "condor":
        return "only a condor has one"
    if market is None or not figures.legs:
        return "nothing is held"
    if market.years <= 0:
        return "it has settled"
    return market.reason or "; ".join(figures.missing) or "its legs do not settle together, or one has no vol"


def _between(level: float, figures: PositionFigures) -> float:
    """The vol there, between those of the legs."""
    own = sorted(
        (leg.leg.contract.strike, leg.mark.vol)
        for leg in figures.legs
        if leg.leg.contract.strike is not None and leg.mark.vol is not None
    )
    return float(np.interp(level, [strike for strike, _ in own], [vol for _, vol in own]))


@dataclass(frozen=True, slots=True)
class Odds:
    """What the chance to finish beyond a level rests on."""

    forward: float
    years: float
    level: float
    vol: float
    sign: float
    """+1 above it, −1 below."""


def chance_line(odds: Odds, said: str) -> str:
    """N(±d2), filled in, and what it comes to."""
    side, minus, level = ("above", "", odds.level) if odds.sign > 0 else ("below", "−", odds.level)
    deviation = f"({exact(odds.vol, 4, 6)} × √{exact(odds.years, 4, 6)})"
    return (
        f"chance {side} {number(level, 2)}: "
        f"N({minus}(ln({exact(odds.forward, 2, 3)} ÷ {exact(level)}) ÷ {deviation}"
        f" − {deviation} ÷ 2)) = {said}"
    )


def forward_now(leg: LegFigures, known: Known) -> float:
    """The forward of its expiry, rolled from the moment of the quotes to this one."""
    legs = known.assessment.valuation.legs
    return float(legs.forward[legs.row_of[leg.leg.contract]])


def derive_chance(figure: Figure, short: ShortStrike, leg: LegFigures, known: Known) -> Derivation:
    """To finish beyond a short strike, or to touch it."""
    market, vol = known.assessment.valuation.market_of(leg.leg.contract), leg.mark.vol
    chance = short.p_beyond if figure.name == "p_beyond" else short.p_touch
    inputs = [vol_input(leg, figure.about, known)]
    if market is not None:
        inputs = [forward_input(market, known), years_input(market), *inputs]
    if chance is None or market is None or market.forward is None or vol is None:
        why = "it has settled" if market is not None and market.years <= 0 else leg.mark.reason
        return not_known(figure, known, why or "its strike has no vol", inputs)
    sign = 1.0 if short.right == "C" else -1.0
    if figure.name == "p_beyond":
        odds = Odds(forward_now(leg, known), market.years, short.strike, vol, sign)
        line = chance_line(odds, bare(figure, chance))
        return made(figure, known, chance, (line,), inputs, assumption=RISK_NEUTRAL)
    inputs.append(index_input(known))
    return made(figure, known, chance, _touch_lines(short, market, vol), inputs, assumption=RISK_NEUTRAL)


def _touch_lines(short: ShortStrike, market: ExpiryMarket, vol: float) -> tuple[str, ...]:
    if short.distance is not None and short.distance <= 0:
        return ("the index is at the strike or through it: it has been touched",)
    deviation = vol * sqrt(market.years)
    away = 0.0
    if short.distance is not None:
        level = short.strike + (short.distance if short.right == "P" else -short.distance)
        away = abs(log(short.strike / level)) / deviation if deviation > 0 else 0.0
    return (
        "the chance that the index trades at the strike at any moment until then, by reflection of its path",
        f"the strike is {number(away, 2)} deviations away, of {percent_of(deviation)} until {market.expiry}",
    )
