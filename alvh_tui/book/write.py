"""Writes legs and books as the position file has them; what is written loads to an equal book."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from alvh_tui.book.legs import LegError, contract_text, parse_legs
from alvh_tui.book.model import Account, Book, ClosedTrade, Condor, Hedge, Leg
from alvh_tui.book.schema import SCHEMA
from alvh_tui.book.structure import Held, can_close, carry, closing_direction, is_meant_to_close

Value = str | float | date | Sequence[str] | None


def leg_texts(legs: Sequence[Leg]) -> tuple[str, ...]:
    """The fewest leg texts that say it: condors and verticals together, anything else leg by leg."""
    texts = []
    at = 0
    while at < len(legs):
        group, text = next(found for found in _candidates(legs[at:]) if found is not None)
        texts.append(text)
        at += len(group)
    return tuple(texts)


def _candidates(legs: Sequence[Leg]) -> Iterator[tuple[Sequence[Leg], str] | None]:
    for size in (4, 2):
        for sign in "-+":
            yield _joined(legs[:size], sign) if len(legs) >= size else None
    yield legs[:1], single_text(legs[0])


def _joined(legs: Sequence[Leg], sign: str) -> tuple[Sequence[Leg], str] | None:
    """These legs as one text, where there is one that means exactly them."""
    first = legs[0]
    strikes = "/".join(contract_text(leg.contract).rpartition(" ")[2] for leg in legs)
    text = f"{sign}{abs(first.quantity)} {first.contract.root} {first.contract.expiry} {strikes}"
    try:
        return (legs, text) if parse_legs(text) == tuple(legs) else None
    except LegError:
        return None


def single_text(leg: Leg) -> str:
    """+6 VIX 2026-12-16 25C @ 1.45."""
    price = "" if leg.price is None else f" @ {_number(leg.price)}"
    return f"{leg.quantity:+d} {contract_text(leg.contract)}{price}"


@lru_cache(maxsize=8)
def book_text(book: Book) -> str:
    """The whole position file; written once a book, as memory asks for it with every frame."""
    sections = [_lines(schema=SCHEMA), _account(book.account)]
    sections += map(_condor, book.condors)
    sections += map(_hedge, book.hedges)
    sections += map(_closed, book.closed)
    return "\n\n".join(sections) + "\n"


def _account(account: Account) -> str:
    return "[account]\n" + _lines(
        name=account.name, net_liq=account.net_liq, cash=account.cash, rules=account.rules
    )


def _condor(condor: Condor) -> str:
    head = "[[condor]]\n" + _lines(
        id=condor.id,
        legs=_listed(leg_texts(condor.legs)),
        credit=condor.credit,
        opened=condor.opened,
        fees=condor.fees or None,
        spot_at_open=condor.spot_at_open,
        vix_at_open=condor.vix_at_open,
        note=condor.note or None,
        tags=condor.tags or None,
    )
    return "\n\n".join((head, *_adjustments(condor, "condor", "credit")))


def _hedge(hedge: Hedge) -> str:
    head = "[[hedge]]\n" + _lines(
        id=hedge.id,
        layer=hedge.layer,
        legs=_listed(leg_texts(hedge.legs)),
        debit=-hedge.credit,
        opened=hedge.opened,
        protects=hedge.protects or None,
        fees=hedge.fees or None,
        note=hedge.note or None,
        tags=hedge.tags or None,
    )
    return "\n\n".join((head, *_adjustments(hedge, "hedge", "debit")))


def _adjustments(position: Condor | Hedge, section: str, money: str) -> Iterator[str]:
    held: Held = {leg.contract: leg.quantity for leg in position.legs}
    closes_by = closing_direction(isinstance(position, Condor), position.credit)
    for adjustment in position.adjustments:
        values: dict[str, Value] = {
            "date": adjustment.on,
            "legs": _listed(tuple(_adjustment_texts(adjustment.legs, held, closes_by))),
            money: adjustment.credit if money == "credit" else -adjustment.credit,
            "why": adjustment.why or None,
        }
        yield f"[[{section}.adjust]]\n" + _lines(**values)
        carry(held, adjustment.legs)


def _adjustment_texts(legs: Sequence[Leg], held: Held, closes_by: int) -> Iterator[str]:
    """As short as may be, but leg by leg where a new spread would be taken for one that closes."""
    closed = dict(held)
    for text in leg_texts(legs):
        group = parse_legs(text)
        if not is_meant_to_close(group, closes_by):
            yield text
        elif can_close(group, closed):
            carry(closed, group)
            yield text
        else:
            yield from map(single_text, group)


def _closed(trade: ClosedTrade) -> str:
    return "[[closed]]\n" + _lines(
        id=trade.id, kind=trade.kind, realised=trade.realised, closed=trade.closed, note=trade.note or None
    )


def _listed(texts: tuple[str, ...]) -> str | tuple[str, ...]:
    return texts[0] if len(texts) == 1 else texts


def _lines(**values: Value) -> str:
    return "\n".join(f"{key} = {_value(value)}" for key, value in values.items() if value is not None)


def _value(value: Value) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value)
    return f"[{', '.join(map(_text, value or ()))}]"


def _number(value: float) -> str:
    """The shortest decimal that reads back as the same number, never with an exponent, never -0."""
    plain = format(Decimal(repr(value or 0)), "f")
    return plain.removesuffix(".0")


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


def _text(text: str) -> str:
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    control = ord(letter) < 0x20 or ord(letter) == 0x7F
    return _ESCAPES.get(letter, f"\\u{ord(letter):04x}" if control else letter)
