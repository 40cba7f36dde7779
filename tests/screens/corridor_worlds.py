"""A condor rolled once, in a market made from a formula, with closes behind it and some of it recorded."""

from dataclasses import replace
from datetime import date
from functools import cache

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.book.model import Adjustment, Condor, Hedge
from alvh_tui.instruments.calendar import sessions
from alvh_tui.method.rules import built_in
from alvh_tui.risk.breakevens import KINDS
from alvh_tui.risk.travel import Recorded, Standing
from tests.risk.worlds import AT, YEAR_END, book_of, closes, condor, golden_market, leg, vix_calls

OPENED, ROLLED_ON, YESTERDAY = date(2026, 11, 4), date(2026, 11, 16), date(2026, 11, 19)
DAYS = sessions(OPENED, YESTERDAY)
CLOSES = {day: 6900.0 - 10.0 * nth for nth, day in enumerate(DAYS)}
ROLL = Adjustment(
    on=ROLLED_ON,
    legs=(leg(10, "SPXW", YEAR_END, "C", 7100.0), leg(-10, "SPXW", YEAR_END, "C", 7050.0)),
    credit=2.5,
    contracts=10,
    why="untested side rolled down",
)
HELD: Condor = replace(
    condor(32.5),
    opened=OPENED,
    spot_at_open=6896.0,
    adjustments=(ROLL,),
)
HEDGE = vix_calls(30)


def recorded(first: date) -> Recorded:
    """Every close from that session on, ten points closer for each kind that needs a market."""
    seen = {
        day: Standing(day, CLOSES[day], dict.fromkeys(KINDS, (6500.0, 7050.0)))
        for day in DAYS
        if day >= first
    }
    entry = None if first > OPENED else Standing(OPENED, 6896.0, dict.fromkeys(KINDS, (6480.0, 7060.0)))
    return Recorded(seen, entry)


@cache
def assessed(first_recorded: date | None = None, *, hedged: bool = True) -> Assessment:
    return of_book((HELD, HEDGE) if hedged else (HELD,), first_recorded)


def of_book(positions: tuple[Condor | Hedge, ...], first_recorded: date | None = None) -> Assessment:
    market = replace(golden_market(), history=closes(spx=CLOSES))
    condors = [each.id for each in positions if isinstance(each, Condor) and first_recorded is not None]
    known = {name: recorded(first_recorded or OPENED) for name in condors}
    return assess(book_of(*positions), market, built_in("zones"), AT, Past(recorded=known))
