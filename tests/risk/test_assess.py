"""What the assessment warns of, explains and keeps apart."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.book.model import Book
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.method.rules import built_in
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    closes,
    condor,
    golden_market,
    index_forward,
    market_of,
    quoted,
    smooth_chain,
    vix_calls,
)

GOLDEN = golden_market()
BOOK = book_of(condor(17.5), vix_calls(30))


def assessed(
    market: MarketSnapshot, book: Book = BOOK, at: timedelta = timedelta(0), past: Past | None = None
) -> Assessment:
    return assess(book, market, built_in("zones"), AT + at, past)


def test_a_clean_market_warns_of_nothing() -> None:
    assert assessed(GOLDEN).warnings == ()


def test_an_assessment_before_its_quotes_is_doubted() -> None:
    (warning,) = assessed(GOLDEN, at=timedelta(hours=-1)).warnings
    assert warning == "assessed at 2026-11-20 14:30, before its quotes were taken"


def test_without_vix_the_path_is_unknown_and_said_to_be() -> None:
    market = replace(GOLDEN, quotes={"^SPX": Quote("^SPX", last=6800.0)})
    assert assessed(market).warnings == (
        "VIX is not quoted: every figure along the spot–vol path is unknown",
    )


def test_an_index_taken_from_a_forward_is_named() -> None:
    market = replace(GOLDEN, quotes={"^VIX": Quote("^VIX", last=17.2)})
    assert (
        "SPX is not quoted: its level is taken from the SPXW 2026-12-31 forward" in assessed(market).warnings
    )
    nowhere = assessed(replace(market, chains={})).warnings
    assert "no level of SPX: nothing that stands on its axis is known" in nowhere


@pytest.mark.parametrize(("off", "doubted"), [(0.0, False), (8.0, False), (40.0, True), (-60.0, True)])
def test_an_index_its_options_contradict_is_doubted(off: float, doubted: bool) -> None:
    """Forward and index of one moment differ by rates and dividends; beyond that one of them is older."""
    market = replace(GOLDEN, quotes={**GOLDEN.quotes, "^SPX": Quote("^SPX", last=6800.0 - off)})
    warnings = assessed(market).warnings
    assert (
        any("does not fit the SPXW 2026-12-31 forward of 6,821.43" in warning for warning in warnings)
        is doubted
    )


def test_legs_without_a_mid_are_named() -> None:
    forward = index_forward(YEAR_END)
    chain = chain_of("SPXW", YEAR_END, forward, {6350.0: 0.2, 7150.0: 0.13})
    chain = quoted(quoted(chain, 6350.0, "P", bid=0.0, ask=0.0, last=31.0), 7150.0, "C", bid=0.0, ask=0.0)
    warnings = assessed(market_of([chain]), book_of(condor(17.5))).warnings
    assert "dec-31: SPXW 2026-12-31 6350P: valued at its last trade: no two-sided quote" in warnings
    assert "dec-31: SPXW 2026-12-31 6400P: no value: not quoted" in warnings
    assert "dec-31: SPXW 2026-12-31 7150C: no value: no two-sided quote" in warnings


def test_what_the_data_warn_of_comes_first_and_once() -> None:
    market = replace(GOLDEN, warnings=("two rows of chains.csv left out", "two rows of chains.csv left out"))
    assert assessed(market).warnings == ("two rows of chains.csv left out",)


def test_a_vix_expiry_without_a_forward_is_named() -> None:
    market = replace(GOLDEN, chains={("SPXW", YEAR_END): GOLDEN.chains["SPXW", YEAR_END]})
    assert any(warning.startswith(f"VIX {VIX_DAY}: no VIX forward") for warning in assessed(market).warnings)


def test_the_book_is_explained_only_where_every_position_is() -> None:
    before = golden_market(AT - timedelta(days=1), 6780.0)
    whole = assessed(GOLDEN, past=Past(before))
    parts = [position.explained for position in whole.positions]
    assert whole.explained is not None
    assert whole.explained.total == pytest.approx(sum(part.total for part in parts if part is not None))
    fresh = book_of(condor(17.5), replace(vix_calls(30), opened=AT.date()))
    partly = assessed(GOLDEN, fresh, past=Past(before))
    assert partly.positions[0].explained is not None
    assert partly.positions[1].explained is None
    assert partly.explained is None


def test_ages_are_those_of_the_quotes() -> None:
    stamp = (AT - timedelta(minutes=15)).timestamp()
    golden = GOLDEN.chains["SPXW", YEAR_END]
    chain = quoted(golden, 6400.0, "P", time=stamp)
    found = assessed(
        replace(GOLDEN, chains={("SPXW", YEAR_END): chain}, delay=timedelta(minutes=5)),
        book_of(condor(17.5)),
        timedelta(minutes=1),
    ).ages
    assert found["SPXW261231P06400000"] == 16 * 60
    assert found["SPXW261231P06350000"] == 6 * 60


def test_a_close_counts_from_its_bell_on() -> None:
    days = [date(2026, 11, 19) - timedelta(days=n) for n in range(200)]
    walk = {day: 6000.0 + 30.0 * (n % 3) for n, day in enumerate(reversed(days))}
    vix = {day: 20.0 - 0.5 * (n % 3) for n, day in enumerate(reversed(days))}
    today = AT.date()
    history = closes(spx={**walk, today: 5000.0}, vix={**vix, today: 60.0})
    market = replace(market_of([smooth_chain()]), history=history)
    book = book_of(condor(17.5))
    assert assessed(market, book).valuation.link.sessions == 199
    assert assessed(market, book, timedelta(minutes=30)).valuation.link.sessions == 200
    assert np.datetime64(today) not in assessed(market, book).valuation.snapshot.history.days  # type: ignore[union-attr]
