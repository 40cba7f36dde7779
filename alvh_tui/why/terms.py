"""Why the figures are what they are that the position file alone tells: credit, bounds, margin."""

from alvh_tui.book.model import Condor, Hedge, Position
from alvh_tui.figures import number
from alvh_tui.risk.payoff import Payoff, payoff_of
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.toml.text import printable
from alvh_tui.why.breakeven import pays
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import cash_input, derived, from_file
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import added, exact


def _trades(position: Condor | Hedge) -> list[tuple[str, str, float, float, int]]:
    """Day, why, credit per share, multiplier and contracts of the opening and each adjustment."""
    size = float(position.multiplier)
    first = (str(position.opened_on), "opening", position.credit, size, position.contracts_in(position.legs))
    rest = [
        (str(change.on)[:10], printable(change.why) or "adjustment", change.credit, size, change.contracts)
        for change in position.adjustments
    ]
    return [first, *rest]


def _cash_lines(position: Condor | Hedge) -> tuple[list[str], list[Input], list[float]]:
    lines, inputs, terms = [], [], []
    for day, why, credit, size, contracts in _trades(position):
        cash = credit * size * contracts
        lines.append(f"{day}: {exact(credit)} × {size:.0f} × {contracts} = {exact(cash, 0, 2)}")
        inputs.append(from_file(f"{day} {why}", f"{exact(credit)} × {contracts}", position.line))
        terms.append(cash)
    return lines, inputs, terms


def cash(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    lines, inputs, terms = _cash_lines(figures.position)
    cash = figures.position.cash
    return made(figure, known, cash, (*lines, f"all trades: {added(terms)} = {bare(figure, cash)}"), inputs)


def credit(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position = figures.position
    lines, inputs, terms = _cash_lines(position)
    if figures.credit is None:
        return not_known(figure, known, "nothing is held", inputs)
    share = (
        f"per share of what is held: ({added(terms)}) ÷ ({position.multiplier} × {position.contracts})"
        f" = {bare(figure, figures.credit)}"
    )
    return made(figure, known, figures.credit, (*lines, share), inputs)


def of_file(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position = figures.position
    if figure.name == "fees":
        said = from_file("fees of the whole trade", f"{number(position.fees, 2)} $", position.line)
        return made(figure, known, position.fees, ("as the position file says, in no other figure",), (said,))
    legs = [f"{leg.leg.contract}: {number(leg.leg.quantity, signed=True)} held" for leg in figures.legs]
    how = "the larger side of a condor counts" if figures.kind == "condor" else "of the structure held"
    traded = from_file("legs and adjustments", f"{1 + len(position.adjustments)} trades", position.line)
    return made(figure, known, position.contracts, (*legs, how), (traded,))


def _extreme(payoff: Payoff, *, best: bool) -> float:
    """The level where the P&L at expiry is largest, or smallest."""
    levels = (*payoff.strikes, payoff.floor)
    return max(levels, key=payoff.at) if best else min(levels, key=payoff.at)


def bound(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position, best = figures.position, figure.name == "max_profit"
    value = figures.max_profit if best else figures.max_loss
    payoff = payoff_of(position.open_legs, position.cash)
    inputs = (cash_input(position),)
    if value is None or payoff is None:
        return not_known(figure, known, figures.bounds_note or "no bound is known", inputs)
    lines = bound_lines(position, payoff, bare(figure, value), best=best)
    return made(figure, known, value, lines, inputs, assumption="held to its expiry")


def bound_lines(position: Position, payoff: Payoff, said: str, *, best: bool) -> list[str]:
    """Cash and what each leg pays at expiry, with the index where it is best or worst."""
    level = _extreme(payoff, best=best)
    lines, parts = [f"with the index at {number(level, 2)} at expiry"], []
    for leg in position.open_legs:
        worth = pays(leg.contract, level)
        part = leg.quantity * leg.contract.multiplier * worth
        if part:
            count, size = number(leg.quantity), leg.contract.multiplier
            lines.append(f"{leg.contract}: {count} × {size} × {exact(worth)} = {exact(part, 0, 2)}")
            parts.append(part)
    whole = added((position.cash, *parts))
    if best:
        return [*lines, f"cash and what the legs pay: {whole} = {said}"]
    if position.cash + sum(parts) > 0:
        return [*lines, "there is a gain at every price: nothing can be lost"]
    return [*lines, f"cash and what the legs pay: −({whole}) = {said}"]


def margin(figure: Figure, figures: PositionFigures, known: Known) -> Derivation:
    position, value = figures.position, figures.margin
    loss = derived(Figure("position", "max_loss", figure.about), figures.max_loss, known)
    if value is None:
        why = figures.bounds_note or "what it can lose has no bound"
        if figures.kind == "hedge" and figures.max_loss is not None:
            why = "the margin of a future is its exchange's"
        return not_known(figure, known, why, (loss,))
    if not figures.legs or figures.max_loss is None:
        said = "nothing held needs margin: it is paid for in full, or has settled"
        return made(figure, known, value, (said,), (loss,))
    if figures.kind == "condor":
        said = "its widest side less its credit, which is the most it can lose"
        payoff = payoff_of(position.open_legs, position.cash)
        lines = [] if payoff is None else bound_lines(position, payoff, bare(figure, value), best=False)
        return made(figure, known, value, (said, *lines), (loss,))
    paid = max(-position.cash, 0.0)
    if value == 0.0:
        said = "paid for in full: it cannot lose more than its premium"
        return made(figure, known, value, (said,), (loss, cash_input(position)))
    loses, result = exact(figures.max_loss, 0, 2), bare(figure, value)
    line = f"largest loss {loses} − premium paid {exact(paid, 0, 2)} = {result}"
    return made(figure, known, value, (line,), (loss, cash_input(position)))
