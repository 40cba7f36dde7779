"""What a sound book should still be told on a given day."""

from collections.abc import Iterator
from datetime import date, datetime

from alvh_tui.book.legs import contract_text, strike_text
from alvh_tui.book.model import Book, Position
from alvh_tui.book.trades import is_before
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import known_roots
from alvh_tui.toml.problem import Problem, Severity

STRIKE_STEPS = {"SPX": 5.0, "SPXW": 5.0, "XSP": 1.0, "VIX": 0.5, "VIXW": 0.5}
"""The finest grid the exchange lists for each root."""


def warnings_on(book: Book, now: datetime) -> tuple[Problem, ...]:
    """What has expired, lies in the future, off the listed grid or under a doubtful root at that moment."""
    today = now.astimezone(NEW_YORK)
    found: list[Problem] = []
    for section, positions in (("condor", book.condors), ("hedge", book.hedges)):
        for number, position in enumerate(positions, 1):
            warnings = (
                *_expired(position, now),
                *_ahead(position, today),
                *_off_grid(position),
                *_misspelt(position),
            )
            found += (
                _warning(book, position.line, f"{section}[{number}]{key}", *rest) for key, *rest in warnings
            )
    for number, trade in enumerate(book.closed, 1):
        if trade.closed > today.date():
            found.append(_warning(book, trade.line, f"closed[{number}].closed", *_too_early(trade.closed)))
    return tuple(sorted(found, key=lambda problem: problem.line))


def _warning(book: Book, line: int, key: str, what: str, expected: str) -> Problem:
    return Problem(str(book.path), line, key, what, expected, Severity.WARNING)


def _expired(position: Position, now: datetime) -> Iterator[tuple[str, str, str]]:
    dated = [leg.contract for leg in position.open_legs if leg.contract.expiry is not None]
    gone = [contract for contract in dated if _has_settled(contract, now)]
    if not gone:
        return
    if len(gone) == len(position.open_legs):
        last = max(contract.expiry for contract in gone if contract.expiry is not None)
        yield ".legs", f"expired on {last}", "expected it under [[closed]] with what it made"
        return
    names = ", ".join(contract_text(contract) for contract in gone)
    yield ".legs", f"{names} expired, other legs are still open", "expected an adjustment that takes it off"


def _has_settled(contract: Contract, now: datetime) -> bool:
    return contract.expiry is not None and settlement_instant(contract.root, contract.expiry) <= now


def _ahead(position: Position, today: datetime) -> Iterator[tuple[str, str, str]]:
    if is_before(today, position.opened):
        yield ".opened", *_too_early(position.opened)
    for number, adjustment in enumerate(position.adjustments, 1):
        if is_before(today, adjustment.on):
            yield f".adjust[{number}].date", *_too_early(adjustment.on)


def _too_early(moment: date) -> tuple[str, str]:
    return f"{moment} lies in the future", "expected the day it was traded"


def _off_grid(position: Position) -> Iterator[tuple[str, str, str]]:
    for leg in position.open_legs:
        step, strike = STRIKE_STEPS.get(leg.contract.root), leg.contract.strike
        if step is not None and strike is not None and strike % step:
            steps = f"expected strikes in steps of {strike_text(step)} for {leg.contract.root}"
            yield ".legs", f"{contract_text(leg.contract)} is off the listed grid", steps


def _misspelt(position: Position) -> Iterator[tuple[str, str, str]]:
    """SPWX is nobody's ETF: an unknown root with the letters of a known one was hardly meant."""
    roots = dict.fromkeys(leg.contract.root for leg in position.open_legs if leg.contract.expiry is not None)
    for root in roots:
        meant = [known for known in known_roots() if sorted(known) == sorted(root)]
        if meant and root not in meant:
            yield (
                ".legs",
                f"{root} is taken for an equity",
                f"expected {' or '.join(meant)} if the index was meant",
            )
