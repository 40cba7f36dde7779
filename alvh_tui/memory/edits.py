"""What is different between two states of a position file, one sentence each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from alvh_tui.book.model import Account, Adjustment, Book, ClosedTrade, Condor, Hedge, Leg, net_legs
from alvh_tui.book.write import leg_texts
from alvh_tui.figures import UNKNOWN, number
from alvh_tui.memory.trades import money_in_words, opened_in_words, trade_in_words
from alvh_tui.toml.text import quoted

Event = Literal["opened", "adjusted", "closed", "gone", "changed"]
Held = Condor | Hedge


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference."""

    about: str
    """The position's id, or account."""
    event: Event
    text: str
    layer: str | None = None
    """Of a hedge."""
    on: date | None = None
    """When the trade was made, as the file says."""
    kind: Literal["position", "account"] = "position"
    contracts: int | None = None
    """How many more or fewer are held by it; None where it is no trade."""


def edits_between(before: Book, after: Book) -> tuple[Edit, ...]:
    return (*_account(before.account, after.account), *_positions(before, after), *_closed(before, after))


def _account(before: Account, after: Account) -> Iterator[Edit]:
    changes = [
        f"{said} {_amount(old)} → {_amount(new)}"
        for said, old, new in (
            ("net liquidation value", before.net_liq, after.net_liq),
            ("cash", before.cash, after.cash),
        )
        if old != new
    ]
    changes += [
        f"{said} {quoted(old)} → {quoted(new)}"
        for said, old, new in (("name", before.name, after.name), ("rules", before.rules, after.rules))
        if old != new
    ]
    if changes:
        yield Edit("account", "changed", "; ".join(changes), kind="account")


def _amount(amount: float | None) -> str:
    return UNKNOWN if amount is None else number(amount)


def _positions(before: Book, after: Book) -> Iterator[Edit]:
    old, new = ({held.id: held for held in book.positions} for book in (before, after))
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name), new.get(name)
        if was is None and now is not None:
            opened = replace(now, adjustments=())
            yield Edit(
                name,
                "opened",
                opened_in_words(now),
                _layer(now),
                now.opened_on,
                contracts=_contracts(now, now.legs),
            )
            yield from _adjusted(opened, now)
        elif was is not None and now is None:
            if name not in {trade.id for trade in after.closed}:
                yield Edit(name, "gone", "no longer in the file", _layer(was))
        elif was is not None and now is not None:
            yield from _position(was, now)


def _layer(held: Held) -> str | None:
    return held.layer if isinstance(held, Hedge) else None


def _position(was: Held, now: Held) -> Iterator[Edit]:
    changes = list(_fields(was, now))
    if changes:
        more = None if was.legs == now.legs else _contracts(now, now.legs) - _contracts(now, was.legs)
        yield Edit(now.id, "changed", "; ".join(changes), _layer(now), contracts=more)
    yield from _adjusted(was, now)


def _contracts(position: Held, legs: Iterable[Leg]) -> int:
    """How often the structure as it was opened stands in these legs, by the larger of long and short."""
    whole = position.contracts_in(position.legs)
    return round(whole * _larger_side(net_legs(legs)) / _larger_side(position.legs)) if whole else 0


def _larger_side(legs: Iterable[Leg]) -> int:
    quantities = [leg.quantity for leg in legs]
    return max(sum(q for q in quantities if q > 0), -sum(q for q in quantities if q < 0))


def _held_after(position: Held, count: int) -> int:
    """Contracts held after so many adjustments."""
    later = (leg for adjustment in position.adjustments[:count] for leg in adjustment.legs)
    return _contracts(position, (*position.legs, *later))


def _fields(was: Held, now: Held) -> Iterator[str]:
    if was.legs != now.legs:
        yield f"legs {', '.join(leg_texts(was.legs))} → {', '.join(leg_texts(now.legs))}"
    if was.credit != now.credit:
        yield f"opened {money_in_words(was.credit)}, now {money_in_words(now.credit)}"
    if was.opened != now.opened:
        yield f"opened {was.opened.isoformat()} → {now.opened.isoformat()}"
    if was.fees != now.fees:
        yield f"fees {number(was.fees, 2)} → {number(now.fees, 2)}"
    if was.note != now.note:
        yield f"note changed: {quoted(now.note)}" if now.note else "note removed"
    if was.tags != now.tags:
        yield f"tags: {', '.join(now.tags) or 'none'}"
    yield from _own_fields(was, now)


def _own_fields(was: Held, now: Held) -> Iterator[str]:
    """What condors and hedges do not have in common."""
    if isinstance(was, Condor) and isinstance(now, Condor):
        if was.spot_at_open != now.spot_at_open:
            yield f"index at the opening {_level(was.spot_at_open)} → {_level(now.spot_at_open)}"
        if was.vix_at_open != now.vix_at_open:
            yield f"VIX at the opening {_level(was.vix_at_open)} → {_level(now.vix_at_open)}"
    elif isinstance(was, Hedge) and isinstance(now, Hedge):
        if was.layer != now.layer:
            yield f"layer {was.layer} → {now.layer}"
        if was.protects != now.protects:
            yield f"protects {', '.join(now.protects) or 'every condor'}"
    else:
        yield f"now a {'condor' if isinstance(now, Condor) else 'hedge'}"


def _level(level: float | None) -> str:
    return UNKNOWN if level is None else number(level, 2)


def _adjusted(was: Held, now: Held) -> Iterator[Edit]:
    """Adjustments are appended; one that was rewritten is a change of the story."""
    told = len(was.adjustments)
    for count, adjustment in enumerate(now.adjustments):
        if count < told and was.adjustments[count] == adjustment:
            continue
        text = trade_in_words(now, count)
        if count < told:
            text = f"adjustment {count + 1} rewritten: {text}"
        why = f": {adjustment.why}" if adjustment.why else ""
        event = _event(now, count, told)
        more = None if event == "changed" else _held_after(now, count + 1) - _held_after(now, count)
        yield Edit(now.id, event, f"{text}{why}", _layer(now), _day(adjustment), contracts=more)
    for count in range(len(now.adjustments), told):
        yield Edit(now.id, "changed", f"adjustment {count + 1} removed", _layer(now))


def _event(now: Held, count: int, told: int) -> Event:
    if count < told:
        return "changed"
    last = count == len(now.adjustments) - 1
    return "closed" if last and not now.open_legs else "adjusted"


def _day(adjustment: Adjustment) -> date:
    return adjustment.on.date() if isinstance(adjustment.on, datetime) else adjustment.on


def _closed(before: Book, after: Book) -> Iterator[Edit]:
    known = {trade.id: trade for trade in before.closed}
    held = {position.id: position for position in before.positions}
    for trade in after.closed:
        was = known.get(trade.id)
        if was is None:
            position = held.get(trade.id)
            layer = None if position is None else _layer(position)
            fewer = None if position is None else -_held_after(position, len(position.adjustments))
            text = f"closed, {_realised(trade)}"
            yield Edit(trade.id, "closed", text, layer, trade.closed, contracts=fewer)
        elif replace(was, line=0) != replace(trade, line=0):
            yield Edit(trade.id, "changed", f"closed trade rewritten: {_realised(trade)}")
    for name in known.keys() - {trade.id for trade in after.closed}:
        yield Edit(name, "gone", "closed trade no longer in the file")


def _realised(trade: ClosedTrade) -> str:
    return f"{number(trade.realised, signed=True)} $ realised"
