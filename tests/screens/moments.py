"""What the whole screen is shown in tests: a calm and a tested book, and what may be wrong with them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import cache

from alvh_tui.assess import Assessment, assess
from alvh_tui.book.load import parse_book
from alvh_tui.market.types import Source, SourceState
from alvh_tui.method.governance import Waiting
from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.shown import Shown
from alvh_tui.toml.problem import Problem
from alvh_tui.why.ages import is_doubtful
from tests.screens.fakes import FakeEngine, alert, assessed, entry, sample, shown_of
from tests.screens.method_worlds import told
from tests.screens.panels_worlds import empty

LATE = timedelta(minutes=40)
DEAD = "no route to host"
SOURCES = ("yahoo.quotes", "yahoo.chains", "yahoo.history")


@cache
def later_by(name: str, lag: timedelta, state: SourceState) -> Assessment:
    """The sample in a market that is so much older than the moment it is looked at."""
    fresh = assessed(name)
    true_at = fresh.market.time - lag
    failing = state is SourceState.FAILED
    sources = tuple(
        Source(
            place,
            state,
            true_at,
            true_at,
            DEAD if failing else None,
            true_at if failing else None,
            fresh.at + timedelta(minutes=4) if failing else None,
        )
        for place in SOURCES
    )
    quotes = {symbol: replace(quote, time=true_at) for symbol, quote in fresh.market.quotes.items()}
    market = replace(fresh.market, time=true_at, quotes=quotes, sources=sources)
    return assess(fresh.book, market, fresh.rules, fresh.at)


@cache
def broken() -> tuple[Problem, ...]:
    """What is wrong in the tested book after a careless save."""
    text = sample().read_text(encoding="utf-8")
    for right, wrong in (("credit = 13.70", 'credit = "13.70"'), ('layer = "L2"', 'layer = "L5"')):
        text = text.replace(right, wrong)
    return parse_book(text, sample().relative_to(sample().parents[1])).problems


def whole(assessment: Assessment | None, **more: object) -> Shown:
    """With everything a frame of the program has."""
    return shown_of(assessment, draw=draw_picture, doubts=is_doubtful, **more)


MOMENTS: dict[str, Callable[[], Shown]] = {
    "calm": lambda: whole(assessed("calm")),
    "stressed": lambda: whole(assessed("tested")),
    "stale": lambda: whole(later_by("tested", LATE, SourceState.STALE)),
    "offline": lambda: whole(
        later_by("calm", LATE, SourceState.FAILED),
        error=f"yahoo has no market: {DEAD}",
        next_at=assessed("calm").at + timedelta(minutes=4),
    ),
    "broken": lambda: whole(assessed("tested"), problems=broken()),
    "broken-from-the-start": lambda: whole(None, problems=broken()),
    "empty": lambda: whole(empty()),
}


@cache
def moment(name: str) -> Shown:
    return MOMENTS[name]()


@cache
def with_a_past() -> Shown:
    """The tested book with a journal, alerts and a report."""
    seen = {"of": 2, "words": "waiting for the close", "by": "ann"}
    entries = (
        entry(1, "call side rolled 7200 → 7000 for 4.40", "front", "position"),
        entry(2, "watch → triggered: VIX 17.2, 2 of 7 confirmations", "L1", "layer"),
        replace(entry(3, "waiting for the close", "L1", "ack"), facts=seen),
        entry(4, "the decay is slow today", "early", "note"),
        entry(5, "front 28 days, credit 8.36, P&L −3,330; lower breakeven 6,482", "front", "close"),
    )
    alerts = (alert(), alert("L1 triggered", "L1.zone", "L1"))
    return whole(assessed("tested"), entries=entries, alerts=alerts, report=told().report)


@cache
def a_change_waits() -> Shown:
    """Rules that were changed and need a second name."""
    found = assessed("tested")
    rules = replace(found.rules, waiting=Waiting(found.rules, found.at - timedelta(hours=2), ("ann",), 2))
    return whole(assess(found.book, found.market, rules, found.at))


def engine_at(shown: Shown, name: str = "tested") -> FakeEngine:
    return FakeEngine(sample(name), shown)
