"""Why a position's figures are what they are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alvh_tui.figures import number
from alvh_tui.risk.positions import LegFigures, PositionFigures, axis_unit
from alvh_tui.risk.totals import condor_vix_dollars, hedge_vix_dollars, share_of_vix
from alvh_tui.why import terms
from alvh_tui.why.chances import chance_of_profit, expected_move
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import (
    cash_input,
    derived,
    from_file,
    greek_input,
    link_input,
    mark_inputs,
)
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import added, exact

GREEKS = ("delta", "gamma", "vega", "theta", "rho")
_GREEKS_SAID = "each leg's own, per share, by the model its marks are solved with"


@dataclass(frozen=True, slots=True)
class Sum:
    """The legs of a position, one line each, and what each brings to the whole."""

    lines: tuple[str, ...]
    terms: tuple[float, ...]


def sum_of(legs: Iterable[LegFigures], of_leg: Callable[[LegFigures], float], digits: int) -> Sum:
    """Quantity × multiplier × a figure per share."""
    lines, parts = [], []
    for leg in legs:
        contract, quantity, share = leg.leg.contract, leg.leg.quantity, of_leg(leg)
        term = quantity * contract.multiplier * share
        lines.append(
            f"{contract}: {number(quantity)} × {contract.multiplier} × {exact(share, 2, 6)}"
            f" = {exact(term, digits, digits + 2)}"
        )
        parts.append(term)
    return Sum(tuple(lines), tuple(parts))


def position_value(figure: Figure, known: Known) -> float | None:
    held = known.positions.get(figure.about)
    if held is None:
        return None
    figures, position = held.figures, held.figures.position
    if figure.name in GREEKS:
        return None if figures.greeks is None else float(getattr(figures.greeks, figure.name))
    if figure.name in ("cash", "fees", "contracts"):
        return float(getattr(position, figure.name))
    if figure.name == "vix_dollars":
        of_one = hedge_vix_dollars if figures.kind == "hedge" else condor_vix_dollars
        return of_one(figures, known.assessment.valuation)
    value: float | None = getattr(figures, figure.name)
    return value


def derive_position(figure: Figure, known: Known) -> Derivation | None:
    held = known.positions.get(figure.about)
    if held is None:
        return None
    if figure.name in GREEKS:
        return _greek(figure, held.figures, known)
    return _DERIVED[figure.name](figure, held.figures, known)


def _missing(figures: PositionFigures) -> str:
    if not figures.legs:
        return "nothing is held"
    return "; ".join(figures.missing) or "a leg has no mark"


def _value(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    inputs = mark_inputs(figures.legs, figure.about, known)
    if figures.value is None:
        return not_known(figure, known, _missing(figures), inputs)
    legs = sum_of(figures.legs, lambda leg: leg.mark.value or 0.0, 0)
    whole = f"all legs: {added(legs.terms)} = {bare(figure, figures.value)}"
    return made(figure, known, figures.value, (*legs.lines, whole), inputs)


def _mark(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position, value = figures.position, figures.value
    inputs = mark_inputs(figures.legs, figure.about, known)
    if value is None or figures.mark is None:
        return not_known(figure, known, _missing(figures), inputs)
    legs = sum_of(figures.legs, lambda leg: leg.mark.value or 0.0, 0)
    said, sign = ("what closing it costs", "−") if figures.kind == "condor" else ("what it would bring", "")
    shares = f"({position.multiplier} × {position.contracts})"
    share = f"{said}: {sign}({added(legs.terms)}) ÷ {shares} = {bare(figure, figures.mark)}"
    return made(figure, known, figures.mark, (*legs.lines, share), inputs)


def _pnl(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position = figures.position
    if figures.pnl is None or figures.value is None:
        return not_known(figure, known, _missing(figures), mark_inputs(figures.legs, figure.about, known))
    worth = derived(Figure("position", "value", figure.about), figures.value, known)
    inputs: list[Input] = [cash_input(position), worth]
    result = bare(figure, figures.pnl)
    if figures.mark is None or figures.credit is None:
        line = f"cash {exact(position.cash)} + value {exact(figures.value)} = {result}"
        return made(figure, known, figures.pnl, (line,), inputs)
    name = "credit" if figures.credit >= 0 else "debit"
    paid, mark = exact(abs(figures.credit)), exact(figures.mark, 2, 6)
    if figures.kind == "condor":
        inner = f"{'' if figures.credit >= 0 else '−'}{name} {paid} − mark {mark}"
    else:
        inner = f"mark {mark} {'+' if figures.credit >= 0 else '−'} {name} {paid}"
    line = f"({inner}) × {position.multiplier} × {position.contracts} = {result}"
    inputs = [
        derived(Figure("position", "credit", figure.about), figures.credit, known),
        derived(Figure("position", "mark", figure.about), figures.mark, known),
        *inputs,
    ]
    fees = f"fees of {number(position.fees, 2)} $ are not in it" if position.fees else ""
    return made(figure, known, figures.pnl, (line,), inputs, assumption=fees)


def _pnl_pct(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    cash, pnl = figures.position.cash, figures.pnl
    inputs = (
        derived(Figure("position", "pnl", figure.about), pnl, known),
        cash_input(figures.position),
    )
    if figures.pnl_pct_credit is None or pnl is None:
        why = "only a condor has a credit to measure against"
        if figures.kind == "condor":
            why = "no net credit to measure against" if cash <= 0 else _missing(figures)
        return not_known(figure, known, why, inputs)
    line = f"P&L {exact(pnl, 0, 3)} ÷ net credit {exact(cash, 0, 2)} = {bare(figure, figures.pnl_pct_credit)}"
    return made(figure, known, figures.pnl_pct_credit, (line,), inputs)


def _dte(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    expiries = figures.position.expiries
    first = from_file("first expiry held", str(expiries[0]) if expiries else "—", figures.position.line)
    if figures.dte is None:
        return not_known(figure, known, "nothing that expires is held", (first,))
    clock = next(
        (
            f"{market.root} settles {market.settles:%Y-%m-%d %H:%M} New York"
            for leg in figures.legs
            if leg.leg.contract.expiry == expiries[0]
            and (market := known.assessment.valuation.market_of(leg.leg.contract)) is not None
        ),
        "",
    )
    today = f"calendar days from {known.assessment.at:%Y-%m-%d} to {expiries[0]}"
    return made(figure, known, float(figures.dte), (today, clock) if clock else (today,), (first,))


def _greek(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    name = figure.name
    inputs = tuple(greek_input(leg, name, figure.about, known) for leg in figures.legs)
    if figures.greeks is None:
        return not_known(figure, known, _missing(figures), inputs)
    value: float = getattr(figures.greeks, name)
    digits = 4 if name == "gamma" else 2
    legs = sum_of(figures.legs, lambda leg: float(getattr(leg.greeks, name)), digits)
    whole = f"all legs: {added(legs.terms, digits, digits + 2)} = {bare(figure, value)}"
    lines = (*legs.lines, whole, *_per_percent(figure, figures, value, known))
    return made(figure, known, value, lines, inputs, assumption=_GREEKS_SAID)


def _per_percent(figure: Figure, figures: PositionFigures, delta: float, known: Known) -> tuple[str, ...]:
    """The same in dollars for 1 % of the index, of what stands on it."""
    spot = known.assessment.valuation.spot
    if figure.name != "delta" or figures.kind != "condor" or spot is None:
        return ()
    dollars = delta * spot * axis_unit(figures.position) / 100.0
    return (f"for 1 % of the index that is {number(dollars, signed=True)} $",)


def _vix_dollars(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    """Of a hedge delta × what its forward moves, of a condor vega × what its vols move."""
    hedge = figures.kind == "hedge"
    greek = "delta" if hedge else "vega"
    inputs = [greek_input(leg, greek, figure.about, known) for leg in figures.legs]
    inputs += [link_input(name, known) for name in (("tenor_level", "tenor_days") if hedge else ())]
    value = position_value(figure, known)
    if value is None:
        return not_known(figure, known, _missing(figures) or "VIX is not quoted", inputs)
    lines, parts = [], []
    for leg in figures.legs:
        share = vix_share(leg, figures, known)
        own = getattr(leg.greeks, greek)
        if not share or own is None:
            continue
        weight = leg.leg.quantity * leg.leg.contract.multiplier
        term = weight * own * share
        lines.append(
            f"{leg.leg.contract}: {number(weight)} × {greek} {exact(own, 3, 6)} × share {exact(share, 3, 6)}"
            f" = {exact(term, 1, 3)}"
        )
        parts.append(term)
    whole = f"all legs: {added(parts, 1, 3)} = {bare(figure, value)}"
    how = "each VIX forward moves by its share of VIX" if hedge else "each vol moves by its share of VIX"
    return made(figure, known, value, (*lines, whole), inputs, assumption=how)


def vix_share(leg: LegFigures, figures: PositionFigures, known: Known) -> float | None:
    """Of a hedge, points its underlying moves for one of VIX; of a condor, vol points its vol moves."""
    valuation = known.assessment.valuation
    if figures.kind == "hedge":
        return share_of_vix(leg.leg.contract, valuation)
    days = valuation.days_left(leg.leg.contract)
    return None if days is None else float(valuation.link.vol_share(days))


_DERIVED: dict[str, Callable[[Figure, PositionFigures, Known], Derivation]] = {
    "pnl": _pnl,
    "pnl_pct_credit": _pnl_pct,
    "mark": _mark,
    "credit": terms.credit,
    "value": _value,
    "cash": terms.cash,
    "fees": terms.of_file,
    "contracts": terms.of_file,
    "max_profit": terms.bound,
    "max_loss": terms.bound,
    "margin": terms.margin,
    "expected_move": expected_move,
    "p_profit": chance_of_profit,
    "vix_dollars": _vix_dollars,
    "dte": _dte,
}
