"""What makes four legs a condor, and when an adjustment closes only what is open."""

from collections.abc import Iterable, Sequence

from alvh_tui.book.legs import contract_text, strike_text
from alvh_tui.book.model import Leg
from alvh_tui.instruments.contract import Contract

Fault = tuple[str, str]
"""What is wrong and what was expected."""
Held = dict[Contract, int]

EXAMPLE = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"


def condor_fault(legs: Sequence[Leg]) -> Fault | None:
    """Why these legs do not open a short condor: two puts below two calls, the inner strikes sold."""
    return doubled(legs) or _shape_fault(legs) or _order_fault(legs)


def doubled(legs: Sequence[Leg]) -> Fault | None:
    """A contract that stands in the legs twice."""
    seen: set[Contract] = set()
    for leg in legs:
        if leg.contract in seen:
            return f"{contract_text(leg.contract)} stands there twice", "expected one leg a contract"
        seen.add(leg.contract)
    return None


def _shape_fault(legs: Sequence[Leg]) -> Fault | None:
    puts, calls = _puts(legs), _calls(legs)
    if len(puts) != 2 or len(calls) != 2 or len(legs) != 4:
        others = len(legs) - len(puts) - len(calls)
        found = f"{len(puts)} puts and {len(calls)} calls" + (f" and {others} other legs" if others else "")
        return f"has {found}", f"expected two puts and two calls, as {EXAMPLE}"
    roots = sorted({leg.contract.root for leg in legs})
    if len(roots) > 1:
        return f"mixes {' and '.join(roots)}", "expected one root in a condor"
    expiries = sorted({str(leg.contract.expiry) for leg in legs})
    if len(expiries) > 1:
        return f"mixes the expiries {' and '.join(expiries)}", "expected one expiry in a condor"
    quantities = sorted({abs(leg.quantity) for leg in legs})
    if len(quantities) > 1:
        unequal = " and ".join(map(str, quantities))
        return f"has unequal quantities ({unequal})", "expected as many contracts on every leg"
    return None


def _order_fault(legs: Sequence[Leg]) -> Fault | None:
    outer_put, inner_put = _puts(legs)
    inner_call, outer_call = _calls(legs)
    if inner_put.quantity > 0 and inner_call.quantity > 0:
        right = f"expected - in front: a condor sells {_name(inner_put)} and {_name(inner_call)}"
        return "buys the inner strikes", right
    for inner, outer in ((inner_put, outer_put), (inner_call, outer_call)):
        if inner.quantity > 0 or outer.quantity < 0:
            what = f"{_deed(inner)} {_name(inner)} and {_deed(outer)} {_name(outer)}: crossed"
            return what, "expected the inner strike sold and the outer one bought on each side"
    if _strike(inner_put) > _strike(inner_call):
        what = f"the short put {_name(inner_put)} lies above the short call {_name(inner_call)}: crossed"
        return what, "expected the puts below the calls"
    return None


def wider_wing(legs: Sequence[Leg]) -> float:
    """The wider of a condor's two widths, in points."""
    sides = (_puts(legs), _calls(legs))
    return max(_strike(high) - _strike(low) for low, high in sides)


def hedge_fault(legs: Sequence[Leg]) -> Fault | None:
    """Why these legs cannot stand in one hedge."""
    return doubled(legs) or size_fault(legs)


def size_fault(legs: Iterable[Leg]) -> Fault | None:
    """Legs whose prices per share cannot be added up."""
    sizes = {leg.contract.multiplier: leg.contract for leg in legs}
    if len(sizes) < 2:
        return None
    mixed = " and ".join(f"{contract_text(contract)} (× {size})" for size, contract in sizes.items())
    return f"mixes contract sizes: {mixed}", "expected one size, the rest in a [[hedge]] of its own"


def stranger_fault(legs: Iterable[Leg]) -> Fault | None:
    """Legs of a condor's adjustments on something else than the condor."""
    underlyings = dict.fromkeys(leg.contract.spec.underlying for leg in legs)
    if len(underlyings) < 2:
        return size_fault(legs)
    return (
        f"mixes {' and '.join(underlyings)}",
        "expected the condor's own underlying, the rest in a [[hedge]]",
    )


def closing_direction(is_condor: bool, credit: float | None) -> int:
    """Which verticals can only be meant to close: bought ones (+1) where the position sold them at its
    opening, sold ones (−1) where it paid for them, neither (0) where a hedge brought in money."""
    if is_condor:
        return 1
    return -1 if credit is not None and credit < 0 else 0


def trade(held: Held, groups: Sequence[Sequence[Leg]], *, closes_by: int) -> Fault | None:
    """Carries an adjustment into what is held, or says which of its legs closes what is not open.

    A vertical or condor text that runs in the closing direction must find all of its legs open; single
    legs may open something new, and none may close more than there is.
    """
    closing = [group for group in groups if is_meant_to_close(group, closes_by)]
    opening = [group for group in groups if not is_meant_to_close(group, closes_by)]
    for group in (*closing, *opening):
        for leg in group:
            if not _may_trade(leg, held, must_close=group in closing):
                return _not_open(leg, held)
        carry(held, group)
    return None


def carry(held: Held, legs: Iterable[Leg]) -> None:
    for leg in legs:
        held[leg.contract] = held.get(leg.contract, 0) + leg.quantity


def is_meant_to_close(group: Sequence[Leg], closes_by: int) -> bool:
    return closes_by != 0 and _direction(group) == closes_by


def can_close(group: Iterable[Leg], held: Held) -> bool:
    """Whether as much is open as these legs would close."""
    return all(_may_trade(leg, held, must_close=True) for leg in group)


def _may_trade(leg: Leg, held: Held, *, must_close: bool) -> bool:
    closable = _closable(leg, held)
    return closable >= abs(leg.quantity) or (closable == 0 and not must_close)


def _closable(leg: Leg, held: Held) -> int:
    """How many contracts are open on the other side."""
    before = held.get(leg.contract, 0)
    return abs(before) if before * leg.quantity < 0 else 0


def _direction(group: Sequence[Leg]) -> int:
    """+1 for bought verticals, which cost money, −1 for sold ones, 0 for anything else."""
    if len(group) not in (2, 4):
        return 0
    inner = [*_puts(group)[1:], *_calls(group)[:1]]
    return 1 if all(leg.quantity > 0 for leg in inner) else -1


def _not_open(leg: Leg, held: Held) -> Fault:
    name = contract_text(leg.contract)
    quantity = abs(leg.quantity)
    closable = _closable(leg, held)
    found = f"only {closable} of them are" if closable else "none of them is"
    what = f"{_deed(leg)} {quantity} {name} to close, and {found} open"
    opens = ", ".join(f"{number:+d} {contract_text(contract)}" for contract, number in held.items() if number)
    remedy = "a new spread in this direction goes in leg by leg, or as a [[hedge]]"
    return what, f"expected legs of what is open ({opens or 'nothing'}); {remedy}"


def _deed(leg: Leg) -> str:
    return "buys" if leg.quantity > 0 else "sells"


def _name(leg: Leg) -> str:
    return f"{strike_text(_strike(leg))}{leg.contract.right}"


def _strike(leg: Leg) -> float:
    return leg.contract.strike or 0.0


def _puts(legs: Iterable[Leg]) -> list[Leg]:
    return sorted((leg for leg in legs if leg.contract.right == "P"), key=_strike)


def _calls(legs: Iterable[Leg]) -> list[Leg]:
    return sorted((leg for leg in legs if leg.contract.right == "C"), key=_strike)
