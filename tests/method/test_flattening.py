"""The third layer is there to flatten delta; where it does the opposite, that is said."""

from dataclasses import replace
from datetime import date

import pytest

from alvh_tui.book.model import Hedge
from alvh_tui.method.attention import Severity
from alvh_tui.method.flattening import ENTRY, Flattening
from alvh_tui.method.judgement import Judgement
from tests.method.books import judged, said
from tests.risk.worlds import YEAR_END, book_of, condor, golden_market, leg, valued, vix_calls

CONDOR = condor(8.35)
STRIKE = 7100.0


def synthetic(lots: int) -> Hedge:
    """Short the index by so many hundreds."""
    return Hedge(
        id="synthetic",
        legs=(leg(lots, "SPXW", YEAR_END, "P", STRIKE), leg(-lots, "SPXW", YEAR_END, "C", STRIKE)),
        credit=-1.0,
        opened=date(2026, 11, 9),
        layer="L3",
    )


@pytest.mark.parametrize(
    ("without", "held", "words"),
    [
        (10.0, -90.1, "delta +10.0 without it, delta −90.1 with it: turned over instead of flattened"),
        (-10.0, -110.0, "delta −10.0 without it, delta −110.0 with it: increased instead of flattened"),
        (0.0, -100.0, "delta 0.0 without it, delta −100.0 with it: increased instead of flattened"),
        (95.0, -5.0, ""),
        (60.0, -60.04, ""),
        (5.0, 0.0, ""),
    ],
)
def test_further_from_zero_is_a_failure(without: float, held: float, words: str) -> None:
    found = Flattening(without, held)
    assert found.fails == bool(words)
    assert not words or found.in_words() == words


def deltas(found: Judgement) -> Flattening:
    judgement = found.layers["L3"]
    assert judgement.flattening is not None
    return judgement.flattening


@pytest.mark.parametrize("lots", [1, 3, -3])
def test_the_deltas_are_those_of_the_book(lots: int) -> None:
    book = book_of(CONDOR, vix_calls(3), synthetic(lots))
    found = deltas(judged(book, golden_market()))
    alone = judged(book_of(CONDOR), golden_market()).layers["L3"]
    assert alone.flattening is None
    assert found.held - found.without == pytest.approx(-100.0 * lots, rel=0.02)


def test_one_that_is_too_large_asks_for_attention_soon() -> None:
    found = judged(book_of(CONDOR, synthetic(3)), golden_market())
    (item,) = said(found, ENTRY.id)
    assert (item.severity, item.position) == (Severity.SOON, "L3")
    assert item.text == deltas(found).in_words()


def test_one_that_flattens_is_silent() -> None:
    """Calls sold far too many: a delta to be flattened."""
    naked = replace(CONDOR, legs=(leg(-10, "SPXW", YEAR_END, "C", 6400.0),))
    found = judged(book_of(naked, synthetic(-4)), golden_market())
    assert abs(deltas(found).held) < abs(deltas(found).without)
    assert not said(found, ENTRY.id)


def test_of_the_unknown_nothing_is_said() -> None:
    market = golden_market()
    nowhere = leg(3, "SPXW", date(2027, 3, 19), "P", STRIKE)
    blind = replace(synthetic(3), legs=(nowhere,))
    book = book_of(CONDOR, blind)
    valuation = valued(book, market)
    assert nowhere.contract in valuation.marks
    found = judged(book, market)
    assert found.layers["L3"].flattening is None
    assert not said(found, ENTRY.id)


def test_another_layer_may_have_any_delta() -> None:
    found = judged(book_of(CONDOR, replace(synthetic(3), layer="L2")), golden_market())
    assert {layer: judged.flattening for layer, judged in found.layers.items()} == dict.fromkeys(found.layers)
    assert not said(found, ENTRY.id)
