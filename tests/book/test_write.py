"""Books written out and read back."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.book.legs import parse_legs
from alvh_tui.book.load import parse_book
from alvh_tui.book.model import LAYERS, Account, Adjustment, Book, ClosedTrade, Condor, Hedge, Leg
from alvh_tui.book.samples import SAMPLES
from alvh_tui.book.write import book_text, leg_texts, single_text
from alvh_tui.instruments.calendar import NEW_YORK, expiries
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.toml.text import text_fault
from tests.book.books import CONTRACT_EXAMPLE, PATH, adjust, book_of, condor, silent

FIRST, LAST = date(2026, 6, 1), date(2027, 6, 1)
DAYS = {root: expiries(root, FIRST, LAST) for root in ("SPXW", "VIX", "VX", "SPY")}
OPENED = st.dates(date(2026, 1, 1), date(2026, 3, 1))
MOMENTS = OPENED | st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=NEW_YORK)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(
    lambda text: text_fault(text) is None and text.strip() != ""
)
NOTES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(
    lambda text: text_fault(text, many_lines=True) is None
)
MONEY = st.floats(-1e9, 1e9, allow_nan=False)
PRICES = st.floats(0, 1e6, allow_nan=False)
SHAPE: tuple[tuple[Right, int], ...] = (("P", 1), ("P", -1), ("C", -1), ("C", 1))
RIGHTS: st.SearchStrategy[Right] = st.sampled_from(("C", "P"))
QUANTITIES = st.integers(1, 500)


def unlined(book: Book) -> Book:
    """Line numbers are the file's, not the book's."""
    return replace(
        book,
        condors=tuple(replace(held, line=0) for held in book.condors),
        hedges=tuple(replace(held, line=0) for held in book.hedges),
        closed=tuple(replace(trade, line=0) for trade in book.closed),
    )


@st.composite
def condor_legs(draw: st.DrawFn) -> tuple[Leg, ...]:
    steps = draw(st.lists(st.integers(1, 400), min_size=4, max_size=4, unique=True).map(sorted))
    expiry, quantity = draw(st.sampled_from(DAYS["SPXW"])), draw(QUANTITIES)
    legs = [
        Leg(Contract("SPXW", expiry, right, 4000 + 10.0 * step), sign * quantity)
        for step, (right, sign) in zip(steps, SHAPE, strict=True)
    ]
    return tuple(draw(st.permutations(legs)))


@st.composite
def hedge_legs(draw: st.DrawFn) -> tuple[Leg, ...]:
    root = draw(st.sampled_from(["VIX", "SPY", "VX"]))
    strikes = st.integers(1, 99_999_999).map(lambda thousandths: thousandths / 1000)
    expiry = st.sampled_from(DAYS[root])
    option = st.builds(Contract, st.just(root), expiry, RIGHTS, strikes)
    contracts = st.builds(Contract, st.just(root), expiry) if root == "VX" else option
    quantities = QUANTITIES.flatmap(lambda number: st.sampled_from([number, -number]))
    found = draw(st.lists(contracts, min_size=1, max_size=5, unique=True))
    return tuple(Leg(contract, draw(quantities), draw(st.none() | PRICES)) for contract in found)


def adjustments_of(
    draw: st.DrawFn, legs: tuple[Leg, ...], kind: type[Condor] | type[Hedge]
) -> tuple[Adjustment, ...]:
    """Part of it closed, the rest closed and opened again, whole."""
    part = tuple(leg for leg in legs if draw(st.booleans()))
    closing = tuple(Leg(leg.contract, -leg.quantity, draw(st.none() | PRICES)) for leg in part)
    trades = [closing, part] if part else []
    return tuple(
        Adjustment(date(2026, 3, 1 + number), trade, draw(MONEY), kind.contracts_in(trade), draw(NOTES))
        for number, trade in enumerate(trades)
    )


@st.composite
def books(draw: st.DrawFn) -> Book:
    def common(legs: tuple[Leg, ...], kind: type[Condor] | type[Hedge]) -> dict[str, Any]:
        return {
            "legs": legs,
            "opened": draw(MOMENTS),
            "fees": draw(st.floats(0, 1e6)),
            "note": draw(NOTES),
            "tags": tuple(draw(st.lists(TEXTS, max_size=2))),
            "adjustments": adjustments_of(draw, legs, kind),
        }

    ids = iter(draw(st.lists(TEXTS, min_size=6, max_size=6, unique=True)))
    condors = tuple(
        Condor(
            id=next(ids),
            credit=draw(st.floats(0.01, 9.99)),
            spot_at_open=draw(st.none() | st.floats(1, 1e5)),
            vix_at_open=draw(st.none() | st.floats(1, 100)),
            **common(draw(condor_legs()), Condor),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    hedges = tuple(
        Hedge(
            id=next(ids),
            credit=draw(MONEY),
            layer=draw(st.sampled_from(LAYERS)),
            protects=tuple(held.id for held in condors if draw(st.booleans())),
            **common(draw(hedge_legs()), Hedge),
        )
        for _ in range(draw(st.integers(0, 2)))
    )
    closed = tuple(
        ClosedTrade(
            next(ids), draw(st.sampled_from(["condor", "hedge"])), draw(MONEY), draw(OPENED), draw(NOTES)
        )
        for _ in range(draw(st.integers(0, 1)))
    )
    account = Account(draw(TEXTS), draw(st.none() | MONEY), draw(st.none() | MONEY), draw(TEXTS))
    return Book(PATH, account, condors, hedges, closed)


@given(books())
def test_a_book_written_out_loads_to_an_equal_book(book: Book) -> None:
    text = book_text(book)
    assert unlined(book_of(text)) == book
    assert book_text(book_of(text)) == text


@pytest.mark.parametrize("name", [None, *SAMPLES])
def test_books_by_hand_survive_too(name: str | None) -> None:
    text = CONTRACT_EXAMPLE if name is None else SAMPLES[name].path.read_text(encoding="utf-8")
    book = book_of(text)
    assert unlined(silent(book_text(book))) == unlined(book)


def test_legs_are_written_as_a_trader_would() -> None:
    assert leg_texts(book_of(CONTRACT_EXAMPLE).condors[0].legs) == (
        "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C",
    )
    assert leg_texts(book_of(CONTRACT_EXAMPLE).condors[0].adjustments[0].legs) == (
        "+5 SPXW 2026-12-18 7100C/7150C",
        "-5 SPXW 2026-12-18 7050C/7100C",
    )
    assert (
        single_text(Leg(Contract("VIX", date(2026, 12, 16), "C", 22.5), 6, 1.45))
        == "+6 VIX 2026-12-16 22.5C @ 1.45"
    )
    assert (
        single_text(Leg(Contract("SPX", date(2026, 12, 18), "P", 12345.125), -1))
        == "-1 SPX 2026-12-18 12345.125P"
    )
    assert single_text(Leg(Contract("VXX"), 100)) == "+100 VXX"
    assert leg_texts(()) == ()


@given(condor_legs() | hedge_legs())
def test_leg_texts_mean_the_legs_they_were_made_of(legs: tuple[Leg, ...]) -> None:
    assert tuple(leg for text in leg_texts(legs) for leg in parse_legs(text)) == legs


def test_a_new_spread_that_looks_like_a_closing_one_stays_leg_by_leg() -> None:
    bought = adjust("condor", "2026-11-16", '["+5 .SPXW261218C7200", "-5 .SPXW261218C7250"]', "-2")
    book = silent(condor(bought))
    assert '["+5 SPXW 2026-12-18 7200C", "-5 SPXW 2026-12-18 7250C"]' in book_text(book)
    assert unlined(silent(book_text(book))) == unlined(book)


def test_what_is_written_is_as_short_as_can_be() -> None:
    book = Book(Path("x.toml"), closed=(ClosedTrade("a", "condor", 1e-7, date(2026, 1, 2)),))
    text = book_text(book)
    assert "note" not in text
    assert "realised = 0.0000001\n" in text
    assert parse_book(text, book.path).book is not None
