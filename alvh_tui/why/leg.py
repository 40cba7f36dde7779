"""Why the figures of one leg are what they are."""

from alvh_tui.figures import UNKNOWN, age, number
from alvh_tui.instruments.roots import Family
from alvh_tui.market.age import Age
from alvh_tui.pricing.black import black_price
from alvh_tui.risk.expiries import ExpiryMarket
from alvh_tui.risk.legs import how_it_moves
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.positions import LegFigures
from alvh_tui.why.chances import forward_now
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import (
    forward_input,
    from_file,
    index_input,
    mark_input,
    mark_origin,
    vol_input,
    years_input,
)
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact, percent_of

GREEKS = ("delta", "gamma", "vega", "theta", "rho")
_MEANING = {
    "delta": "per point of what it stands on",
    "gamma": "change of delta per point",
    "vega": "dollars per share for one vol point",
    "theta": "dollars per share for one calendar day",
    "rho": "dollars per share for 1 % of interest",
}


def leg_value(figure: Figure, known: Known) -> float | None:
    leg = known.leg(figure.about, figure.detail)
    if leg is None:
        return None
    mark = leg.mark
    if figure.name in GREEKS:
        value: float | None = getattr(leg.greeks, figure.name)
        return value
    if figure.name == "value":
        size = leg.leg.quantity * leg.leg.contract.multiplier
        return None if mark.value is None else size * mark.value
    return {
        "quantity": float(leg.leg.quantity),
        "bid": mark.bid,
        "ask": mark.ask,
        "mark": mark.value,
        "vol": mark.vol,
        "age": known.assessment.ages.get(figure.detail),
    }[figure.name]


def derive_leg(figure: Figure, known: Known) -> Derivation | None:
    leg = known.leg(figure.about, figure.detail)
    if leg is None:
        return None
    if figure.name in GREEKS:
        return _greek(figure, leg, known)
    if figure.name == "quantity":
        held = known.positions[figure.about].figures.position
        said = from_file(str(leg.leg.contract), f"{leg.leg.quantity}", held.line)
        how = "traded at the opening and in every adjustment, added up"
        return made(figure, known, float(leg.leg.quantity), (how,), (said,))
    if figure.name in ("bid", "ask"):
        return _quoted(figure, leg, known)
    if figure.name == "mark":
        return _mark(figure, leg, known)
    if figure.name == "value":
        return _value(figure, leg, known)
    return _vol(figure, leg, known) if figure.name == "vol" else _age(figure, leg, known)


def _quoted(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    side = leg.mark.bid if figure.name == "bid" else leg.mark.ask
    if side is None:
        return not_known(figure, known, leg.mark.reason or "not quoted")
    return made(
        figure, known, side, (f"as quoted by {_source(known)}",), (_quote_input(figure.name, leg, known),)
    )


def _source(known: Known) -> str:
    return known.assessment.market.origin or "the feed"


def _quote_input(side: str, leg: LegFigures, known: Known) -> Input:
    value = leg.mark.bid if side == "bid" else leg.mark.ask
    when = leg.mark.quote_time
    aged = (None, Age.NONE) if when is None else known.of_moment(when)
    said = UNKNOWN if value is None else exact(value)
    return Input(f"{leg.leg.contract} {side}", said, f"quoted by {_source(known)}", *aged)


def _mark(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    mark = leg.mark
    quotes = [_quote_input(side, leg, known) for side in ("bid", "ask") if getattr(mark, side) is not None]
    if mark.value is None:
        return not_known(figure, known, mark.reason or "not quoted", quotes)
    value = mark.value
    if mark.rung is Rung.MID and mark.bid is not None and mark.ask is not None:
        line = f"(bid {exact(mark.bid)} + ask {exact(mark.ask)}) ÷ 2 = {bare(figure, value)}"
        return made(figure, known, value, (line,), quotes, assumption=mark.reason)
    market = known.assessment.valuation.market_of(leg.leg.contract)
    if mark.rung is not Rung.MODEL or market is None:
        return made(figure, known, value, (mark_origin(mark),), quotes)
    inputs = [forward_input(market, known), years_input(market), *quotes]
    if leg.leg.contract.is_option:
        inputs.insert(1, vol_input(leg, figure.about, known))
        return made(figure, known, value, (mark_origin(mark),), inputs, solved=_two_sides(leg, market))
    return made(figure, known, value, (mark_origin(mark),), inputs)


def _two_sides(leg: LegFigures, market: ExpiryMarket) -> tuple[str, ...]:
    """What the model gives at the vol in use, beside the mark."""
    mark, contract = leg.mark, leg.leg.contract
    if mark.vol is None or market.forward is None or contract.strike is None or mark.value is None:
        return ()
    if contract.family is Family.EQUITY:
        return (
            f"the American model gives the mark of {exact(mark.value)} at a vol of {percent_of(mark.vol)}",
        )
    sign = 1.0 if contract.right == "C" else -1.0
    price = float(
        black_price(market.forward, market.discount, market.quote_years, contract.strike, mark.vol, sign)
    )
    return (
        f"Black-76 on the forward {number(market.forward, 2)} with {exact(market.quote_years, 4, 6)} years "
        f"left and a vol of {percent_of(mark.vol)} gives {exact(price)}; the mark is {exact(mark.value)}",
    )


def _value(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    value, own = leg_value(figure, known), mark_input(leg, figure.about, known)
    if value is None or leg.mark.value is None:
        return not_known(figure, known, leg.mark.reason or "not quoted", (own,))
    quantity, size = number(leg.leg.quantity), leg.leg.contract.multiplier
    line = f"{quantity} × {size} × mark {exact(leg.mark.value)} = {bare(figure, value)}"
    return made(figure, known, value, (line,), (own,))


def _vol(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    mark, contract = leg.mark, leg.leg.contract
    market = known.assessment.valuation.market_of(contract)
    own = mark_input(leg, figure.about, known)
    if mark.vol is None or market is None:
        return not_known(figure, known, _no_vol(leg, market), (own,))
    inputs = (own, forward_input(market, known), years_input(market))
    if mark.vol_origin == "smile":
        smile = market.smile
        error = "" if smile is None else f", off the quoted vols by {percent_of(smile.error)} in the middle"
        used = "" if smile is None else f" of {smile.strikes_used} strikes"
        said = f"read off the smile{used} of {market.root} {market.expiry}{error}"
        reason = "its own quote tells it less well: it is in the money, one-sided or wide"
        return made(figure, known, mark.vol, (said, reason), inputs)
    said = f"the vol at which the model gives its {'mid' if mark.vol_origin == 'mid' else 'last trade'}"
    return made(figure, known, mark.vol, (said,), inputs, solved=_two_sides(leg, market))


def _no_vol(leg: LegFigures, market: ExpiryMarket | None) -> str:
    if not leg.leg.contract.is_option:
        return "a future or a share has no vol"
    if market is not None and market.years <= 0:
        return "it has settled"
    reason = leg.mark.reason or ("" if market is None else market.reason)
    return reason or "no vol gives this price"


def _greek(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    contract, value = leg.leg.contract, leg_value(figure, known)
    market, meaning = known.assessment.valuation.market_of(contract), _MEANING[figure.name]
    inputs: list[Input] = []
    if market is not None:
        inputs += [forward_input(market, known), years_input(market)]
    if contract.is_option:
        inputs.append(vol_input(leg, figure.about, known))
    if contract.family is Family.INDEX:
        inputs.append(index_input(known))
    if value is None:
        return not_known(figure, known, _no_vol(leg, market), inputs)
    if market is not None and market.years <= 0:
        return made(figure, known, value, ("it has settled: nothing moves it",), inputs)
    if not contract.is_option:
        return made(figure, known, value, (f"a future or a share moves point for point; {meaning}",), inputs)
    model = "American model" if contract.family is Family.EQUITY else "Black-76 on the forward of its expiry"
    said = [f"{model}, long one contract; {meaning}", *_at(leg, market, known)]
    return made(
        figure, known, value, said, inputs, assumption=how_it_moves(contract) or "its vol stays at its strike"
    )


def _at(leg: LegFigures, market: ExpiryMarket | None, known: Known) -> tuple[str, ...]:
    """The model's arguments, filled in."""
    if market is None or market.forward is None or leg.mark.vol is None:
        return ()
    strike, vol = number(leg.leg.contract.strike, 2), percent_of(leg.mark.vol)
    forward = number(forward_now(leg, known), 2)
    return (f"forward {forward}, strike {strike}, vol {vol}, {exact(market.years, 4, 6)} years",)


def _age(figure: Figure, leg: LegFigures, known: Known) -> Derivation:
    seconds, when = leg_value(figure, known), leg.mark.quote_time
    if seconds is None or when is None:
        why = "its quote is dated after this moment" if when is not None else leg.mark.reason or "not quoted"
        return not_known(figure, known, why)
    told = f"from {when:%Y-%m-%d %H:%M:%S %Z} to {known.assessment.at:%Y-%m-%d %H:%M:%S %Z}"
    given = (
        f"the source says when it was true, or lags by {age(known.assessment.market.delay.total_seconds())}"
    )
    return made(figure, known, f"{age(seconds)}", (told, given))
