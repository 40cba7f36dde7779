"""What panels are shown in tests: the sample books on their own recorded markets."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from alvh_tui.assess import Assessment, assess
from alvh_tui.book.load import load_book
from alvh_tui.book.model import Account, Book, Condor, Hedge
from alvh_tui.market.folder import read_market
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.method.rules import built_in
from alvh_tui.monitor import Frame
from alvh_tui.screens.rows import Sheet, width_of
from alvh_tui.screens.shown import Look, Shown

SAMPLES = Path(__file__).resolve().parents[2] / "sample_positions"
NAMES = ("calm", "tested", "broken_wing")
HOSTILE = (
    "[/]",
    "x" * 300,
    "עמדה ארוכה מאוד של אפשרויות",
    "e\u0301\u0301\u0301 n\u0303" * 20,
    "漢字の名前がとても長いポジション",
    "[bold]dec[/bold] \\[/",
    "👩‍👩‍👧‍👧 family",
)


@cache
def market_of(name: str) -> MarketSnapshot:
    return read_market(SAMPLES / f"{name}.market")


@cache
def book_of(name: str) -> Book:
    book = load_book(SAMPLES / f"{name}.toml").book
    assert book is not None
    return book


@cache
def sample(name: str) -> Assessment:
    return judged(book_of(name), market_of(name))


def judged(book: Book, market: MarketSnapshot, at: datetime | None = None) -> Assessment:
    return assess(book, market, built_in(book.account.rules), at or market.time)


def shown(assessment: Assessment | None, **changes: Any) -> Shown:
    at = datetime.fromisoformat("2026-11-20T15:30:00-05:00") if assessment is None else assessment.at
    frame = Frame(
        1, assessment, (), at, changes.pop("error", None), changes.pop("next_at", at + timedelta(seconds=18))
    )
    return Shown(frame, assessment, **changes)


def look(width: int, height: int = 12, **changes: Any) -> Look:
    return Look(width, height, **changes)


@cache
def renamed(name: str, to: str) -> Assessment:
    """The sample with a hostile text wherever its file has one."""
    book = book_of(name)

    def again(held: Condor | Hedge, nth: int) -> Any:
        adjusted = tuple(replace(adjustment, why=to) for adjustment in held.adjustments)
        return replace(held, id=f"{to}{nth}", note=to, tags=(to,), adjustments=adjusted)

    condors = tuple(again(held, nth) for nth, held in enumerate(book.condors))
    hedges = tuple(
        replace(again(held, nth + len(condors)), protects=()) for nth, held in enumerate(book.hedges)
    )
    changed = replace(book, account=replace(book.account, name=to), condors=condors, hedges=hedges)
    return judged(changed, market_of(name))


@cache
def unpriced(name: str) -> Assessment:
    """The sample on a market that quotes nothing but the index and VIX."""
    market = market_of(name)
    return judged(book_of(name), replace(market, chains={}))


@cache
def empty() -> Assessment:
    return judged(Book(Path("mine.toml"), Account()), market_of("calm"))


def too_wide(sheet: Sheet, width: int) -> list[str]:
    """Rows that do not fit."""
    return [row.text for row in sheet.rows if width_of(row.text) > width]
