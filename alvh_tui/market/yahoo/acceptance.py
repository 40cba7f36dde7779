"""Whether a chain may take the place of the last good one. Yahoo gives less at times without saying so."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from alvh_tui.instruments.calendar import NEW_YORK, OPENS, session_state
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.yahoo.answers import ChainAnswer
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError

CONTRACTS_KEPT = 0.7
EXPIRIES_KEPT = 0.8
QUOTED_IN_HOURS = 0.05
"""A market that quotes less than this share of its contracts has not been transmitted."""
MOST_CROSSED = 0.1
MEASURE_FOR = timedelta(days=4)
"""An older last good is no measure of what an answer should hold."""


def check_chain(
    new: ChainAnswer, last: ChainAnswer | None, held: Iterable[Contract], at: datetime
) -> ChainAnswer | None:
    """The chain if it counts; None where the market is closed and the last good says more.

    Raises `FetchFailedError` for what must not overwrite the last good.
    """
    measure = last if last is not None and new.fetched - last.fetched <= MEASURE_FOR else None
    if measure is not None:
        _check_expiries(new, measure)
    if new.expiry not in new.listed:
        raise FetchFailedError(Fault.VANISHED, f"Yahoo does not list {new.symbol} {new.expiry}")
    if not new.chains:
        raise FetchFailedError(Fault.PARTIAL, "a chain without a contract")
    if measure is not None:
        _check_contracts(new, measure, held)
    if new.crossed > MOST_CROSSED * new.contracts:
        raise FetchFailedError(Fault.PARTIAL, f"{new.crossed} contracts bid above their ask")
    if new.quoted >= QUOTED_IN_HOURS * new.contracts:
        return new
    if _is_quoting(at):
        raise FetchFailedError(Fault.PARTIAL, "no market quotes, in trading hours")
    return new if last is None or not last.quoted else None


def _is_quoting(at: datetime) -> bool:
    """Whether quotes that are late by the usual should have come by now."""
    opened = datetime.combine(at.astimezone(NEW_YORK).date(), OPENS, NEW_YORK)
    return session_state(at) == "open" and at >= opened + timedelta(minutes=30)


def _check_expiries(new: ChainAnswer, last: ChainAnswer) -> None:
    known = _ahead(last.listed, new.fetched)
    gone = known - set(new.listed)
    if len(gone) > (1 - EXPIRIES_KEPT) * len(known):
        left = len(known) - len(gone)
        raise FetchFailedError(Fault.PARTIAL, f"{left} of {len(known)} expiries listed")


def _ahead(days: Iterable[date], at: datetime) -> set[date]:
    today = at.astimezone(NEW_YORK).date()
    return {day for day in days if day > today}


def _check_contracts(new: ChainAnswer, last: ChainAnswer, held: Iterable[Contract]) -> None:
    if new.contracts < CONTRACTS_KEPT * last.contracts:
        raise FetchFailedError(Fault.PARTIAL, f"{new.contracts} of {last.contracts} contracts")
    gone = [contract for contract in held if last.lists(contract) and not new.lists(contract)]
    if gone:
        more = f" and {len(gone) - 1} more" if len(gone) > 1 else ""
        raise FetchFailedError(Fault.PARTIAL, f"{gone[0]}{more} missing")
