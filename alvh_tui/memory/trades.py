"""A trade in a position, in the trader's words: call side rolled 7100 → 7050 for 0.85."""

from collections.abc import Sequence
from datetime import date

from alvh_tui.book.legs import parse_legs, strike_text
from alvh_tui.book.model import Adjustment, Condor, Hedge, Leg, Position, net_legs
from alvh_tui.book.structure import Held, can_close, carry
from alvh_tui.book.write import leg_texts
from alvh_tui.figures import number
from alvh_tui.instruments.contract import Contract

SIDES = {"P": "put", "C": "call"}


def opened_in_words(position: Condor | Hedge) -> str:
    return f"opened: {', '.join(leg_texts(position.legs))} {money_in_words(position.credit)}"


def money_in_words(credit: float) -> str:
    """Per share: received or paid."""
    return f"for {number(credit, 2)}" if credit >= 0 else f"for a debit of {number(-credit, 2)}"


def trade_in_words(position: Position, count: int) -> str:
    """The adjustment of that number, against what was held before it."""
    earlier = position.adjustments[:count]
    traded = (*position.legs, *(leg for adjustment in earlier for leg in adjustment.legs))
    held = {leg.contract: leg.quantity for leg in net_legs(traded)}
    adjustment = position.adjustments[count]
    return f"{_what(position, held, adjustment)} {money_in_words(adjustment.credit)}"


def _what(position: Position, held: Held, adjustment: Adjustment) -> str:
    closing, opening = _parted(held, adjustment.legs)
    if closing and not opening:
        return _closed(position, held, closing)
    if opening and not closing:
        return f"added {', '.join(leg_texts(opening))}"
    rolls = [_roll(position, held, side, closing, opening) for side in SIDES]
    if len(opening) + len(closing) == sum(count for _, count in rolls):
        return ", ".join(text for text, _ in rolls if text)
    return f"traded {', '.join(leg_texts(adjustment.legs))}"


def _parted(held: Held, legs: Sequence[Leg]) -> tuple[list[Leg], list[Leg]]:
    """What closes and what opens, spread by spread: one may buy back the strike that the next buys again."""
    left, closing, opening = dict(held), list[Leg](), list[Leg]()
    for text in leg_texts(legs):
        group = parse_legs(text)
        if can_close(group, left):
            carry(left, group)
            closing += group
        else:
            opening += group
    return closing, opening


def _closed(position: Position, held: Held, closing: Sequence[Leg]) -> str:
    """All of it, so many of the structure, or one side."""
    lots = position.contracts_in(closing)
    had = position.contracts_in([Leg(leg.contract, held[leg.contract]) for leg in closing])
    names = {SIDES.get(leg.contract.right or "", "") for leg in closing}
    sides_held = {SIDES.get(contract.right or "", "") for contract in held}
    what = f"{names.pop()} side" if len(names) == 1 and len(sides_held) > 1 else ""
    whole = all(held[leg.contract] + leg.quantity == 0 for leg in closing)
    if whole:
        return f"{what} closed" if what else "closed"
    return f"{lots} of {had} {what or 'lots'} closed".replace(" side ", " spreads ")


def _roll(
    position: Position, held: Held, side: str, closing: Sequence[Leg], opening: Sequence[Leg]
) -> tuple[str, int]:
    """One side's roll and how many legs it explains; nothing where that side is not rolled."""
    old, new = ([leg for leg in legs if leg.contract.right == side] for legs in (closing, opening))
    if not old or not new or len(old) != len(new):
        return "", 0
    before, after = _guiding(position, old, closes=True), _guiding(position, new, closes=False)
    if before is None or after is None:
        return "", 0
    lots = abs(before.quantity)
    had = abs(held[before.contract])
    some = f"{lots} of {had} on the " if lots < had else ""
    wider = _width_in_words(old, new)
    return f"{some}{SIDES[side]} side rolled {_from_to(before.contract, after.contract)}{wider}", len(
        old
    ) + len(new)


def _guiding(position: Position, legs: Sequence[Leg], *, closes: bool) -> Leg | None:
    """The leg a roll is named by: a condor's short strike, a hedge's long one."""
    sells = isinstance(position, Condor) is not closes
    return next((leg for leg in legs if (leg.quantity < 0) is sells), None)


def _from_to(before: Contract, after: Contract) -> str:
    if before.expiry == after.expiry:
        return f"{_strike(before)} → {_strike(after)}"
    if before.strike == after.strike:
        return f"{_day(before.expiry)} → {_day(after.expiry)}"
    return f"{_day(before.expiry)} {_strike(before)} → {_day(after.expiry)} {_strike(after)}"


def _strike(contract: Contract) -> str:
    return "" if contract.strike is None else strike_text(contract.strike)


def _day(expiry: date | None) -> str:
    return "" if expiry is None else expiry.isoformat()


def _width_in_words(old: Sequence[Leg], new: Sequence[Leg]) -> str:
    widths = [_width(legs) for legs in (old, new)]
    if None in widths or widths[0] == widths[1]:
        return ""
    before, after = (strike_text(width or 0.0) for width in widths)
    return f", {before} → {after} wide"


def _width(legs: Sequence[Leg]) -> float | None:
    strikes = [leg.contract.strike for leg in legs if leg.contract.strike is not None]
    return max(strikes) - min(strikes) if len(strikes) == 2 else None
