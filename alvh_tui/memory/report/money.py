"""What hedges have cost against what condors brought, and what has been realised."""

from collections.abc import Iterator
from datetime import date, datetime

from alvh_tui.book.model import Book, Hedge
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.facts import Json
from alvh_tui.memory.report.model import HedgeCost, Realised


def hedge_cost(book: Book) -> HedgeCost:
    """Of everything in the file, over or not; a future costs no premium."""
    paid = -sum(h.cash for h in book.hedges if all(leg.contract.is_option for leg in h.legs))
    return HedgeCost(paid, sum(condor.cash for condor in book.condors))


def realised_of(book: Book, standing: Json | None, today: date) -> Iterator[Realised]:
    """What the file tells, what was closed by trades, and what has settled, each once."""
    told = {trade.id for trade in book.closed}
    for trade in book.closed:
        yield Realised(trade.id, trade.kind, "told by the file", trade.closed, trade.realised)
    for position in book.positions:
        if position.id in told:
            continue
        kind = "hedge" if isinstance(position, Hedge) else "condor"
        if not position.open_legs and position.adjustments:
            on = position.adjustments[-1].on
            day = on.date() if isinstance(on, datetime) else on
            yield Realised(position.id, kind, "closed", day, position.cash)
        elif position.expiries and position.expiries[-1] < today:
            settled = position.expiries[-1]
            yield Realised(position.id, kind, "settled", settled, _settled(position.id, settled, standing))


def _settled(position: str, settled: date, standing: Json | None) -> float | None:
    """As seen after its settlement; what was seen before is no result."""
    if standing is None or datetime.fromisoformat(standing["at"]).astimezone(NEW_YORK).date() <= settled:
        return None
    held = standing["positions"].get(position)
    result: float | None = None if held is None else held["pnl"]
    return result
