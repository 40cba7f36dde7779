"""Why the figures of a short strike are what they are."""

from alvh_tui.risk.positions import LegFigures, ShortStrike, axis_unit
from alvh_tui.why.ages import short_contract
from alvh_tui.why.chances import derive_chance
from alvh_tui.why.derivation import Derivation
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import derived, from_file, greek_input, index_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact


def short_of(figure: Figure, known: Known) -> ShortStrike | None:
    held = known.positions.get(figure.about)
    shorts = () if held is None else held.figures.shorts
    return next((short for short in shorts if strike_name(short) == figure.detail), None)


def strike_name(short: ShortStrike) -> str:
    """6400P."""
    return f"{short.strike:g}{short.right}"


def short_value(figure: Figure, known: Known) -> float | None:
    short = short_of(figure, known)
    value: float | None = None if short is None else getattr(short, figure.name)
    return value


def derive_short(figure: Figure, known: Known) -> Derivation | None:
    short, contract = short_of(figure, known), short_contract(figure, known)
    leg = None if contract is None else known.leg(figure.about, contract.symbol)
    if short is None or leg is None:
        return None
    if figure.name in ("strike", "quantity"):
        held = known.positions[figure.about].figures.position
        said = from_file(str(leg.leg.contract), f"{short.quantity} held", held.line)
        value = float(getattr(short, figure.name))
        return made(figure, known, value, ("as the position file says, adjustments counted",), (said,))
    if figure.name == "delta":
        return _delta(figure, short, leg, known)
    if figure.name.startswith("p_"):
        return derive_chance(figure, short, leg, known)
    return _distance(figure, short, known)


def _delta(figure: Figure, short: ShortStrike, leg: LegFigures, known: Known) -> Derivation:
    own = greek_input(leg, "delta", figure.about, known)
    if short.delta is None:
        return not_known(figure, known, leg.mark.reason or "its strike has no vol", (own,))
    line = f"delta of one {leg.leg.contract}, long, per share"
    return made(figure, known, short.delta, (line,), (own,))


def _distance(figure: Figure, short: ShortStrike, known: Known) -> Derivation:
    """Points to the index, alone or against something."""
    index, held = index_input(known), known.positions[figure.about].figures
    value: float | None = getattr(short, figure.name)
    spot, points = known.assessment.valuation.spot, short.distance
    if spot is None or points is None:
        return not_known(figure, known, "no level of SPX", (index,))
    unit = axis_unit(held.position)
    level = exact(spot) if unit == 1.0 else f"{exact(spot)} × {unit:g}"
    put = short.right == "P"
    away = (
        f"index {level} − strike {exact(short.strike)}"
        if put
        else f"strike {exact(short.strike)} − index {level}"
    )
    if figure.name == "distance":
        return made(figure, known, points, (f"{away} = {bare(figure, points)}",), (index,))
    inputs = [derived(Figure("short", "distance", figure.about, figure.detail), points, known), index]
    if figure.name == "distance_pct":
        line = f"({away}) ÷ (index {level}) = {bare(figure, value)}"
        return made(figure, known, value, (line,), inputs)
    move = held.expected_move
    inputs.append(derived(Figure("position", "expected_move", figure.about), move, known))
    if value is None or move is None:
        return not_known(figure, known, "no expected move is known", inputs)
    line = f"({away}) ÷ expected move {exact(move)} = {bare(figure, value)}"
    return made(figure, known, value, (line,), inputs)
