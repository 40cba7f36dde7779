"""A small book through several sessions, assessed on markets made from a formula."""

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.book.model import Account, Book
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions, sessions
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.method.rules import Rules
from alvh_tui.risk.session import session_began
from tests.method.worlds import rules_with
from tests.risk.worlds import book_of, closes, condor, golden_market, vix_calls

FRIDAY = date(2026, 11, 20)
OPENED = date(2026, 11, 16)
CONDOR = replace(condor(17.5), id="dec-31", opened=OPENED, spot_at_open=6770.0)
HEDGE = replace(vix_calls(6), id="L1-jan", opened=OPENED)
BOOK = replace(book_of(CONDOR, HEDGE), account=Account(net_liq=250_000.0, cash=120_000.0))
RULES = rules_with({"layers.L1.confirmations": 0})
"""VIX alone triggers L1."""
CALM, TENSE = 14.0, 18.0
"""Levels of VIX: no layer, and L1."""


def at(clock: str = "11:00", day: date = FRIDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), NEW_YORK)


def later(sessions: int, clock: str = "11:00") -> datetime:
    return at(clock, add_sessions(FRIDAY, sessions))


@cache
def market(moment: datetime, spot: float = 6800.0, vix: float = CALM) -> MarketSnapshot:
    """Ninety calm sessions behind it."""
    made = golden_market(moment, spot)
    quotes = {**made.quotes, "^VIX": replace(made.quotes["^VIX"], last=vix)}
    today = session_began(made).date()
    days = sessions(add_sessions(today, -90), add_sessions(today, -1))
    calm = closes(
        spx={day: 6780.0 + 10.0 * (n % 3) for n, day in enumerate(days)},
        vix={day: CALM + 0.1 * (n % 3) for n, day in enumerate(days)},
    )
    return replace(made, quotes=quotes, history=calm)


def seen(
    moment: datetime,
    spot: float = 6800.0,
    book: Book = BOOK,
    *,
    vix: float = CALM,
    rules: Rules = RULES,
    taken: datetime | None = None,
    past: Past | None = None,
) -> Assessment:
    return assess(book, market(taken or moment, spot, vix), rules, moment, past)
