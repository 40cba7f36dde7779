"""The JSON of the public contract: every key, of the right kind, in any state of the market."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf, nan
from typing import Any

import pytest

from alvh_tui.assess import Past, assess
from alvh_tui.book.model import Account, Book, Leg
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote, Source, SourceState
from alvh_tui.method.rules import built_in
from alvh_tui.publish import assessment_json
from tests.risk.public_shape import CONTRACT, faults
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    market_of,
    quoted,
    vix_calls,
)


def published(book: Book, market: MarketSnapshot, at: datetime = AT, past: Past | None = None) -> Any:
    said = json.dumps(assessment_json(assess(book, market, built_in("zones"), at, past)), allow_nan=False)
    return json.loads(said)


GOLDEN = golden_market()
SOURCE = Source("cboe.chains", SourceState.DELAYED, AT - timedelta(minutes=15), AT - timedelta(seconds=12))
FULL = book_of(
    condor(17.5),
    condor(10.0, lots=5, name="other"),
    vix_calls(30),
    replace(vix_calls(2, name="future", layer="SE"), legs=(Leg(Contract("VX", VIX_DAY), 2),), credit=-19.0),
    replace(vix_calls(100, name="shares", layer="SE"), legs=(Leg(Contract("VXX"), 100),), credit=-50.0),
)
NO_VIX = {"^SPX": Quote("^SPX", last=6800.0)}
WORLDS: dict[str, tuple[Book, MarketSnapshot, datetime]] = {
    "all is well": (FULL, replace(GOLDEN, sources=(SOURCE,)), AT),
    "no quotes at all": (FULL, replace(GOLDEN, quotes={}, chains={}, risk_free=None), AT),
    "no VIX": (FULL, replace(GOLDEN, quotes=NO_VIX), AT),
    "no chains": (FULL, market_of([]), AT),
    "an empty book": (book_of(), GOLDEN, AT),
    "after the expiry": (FULL, GOLDEN, AT + timedelta(days=80)),
    "on a Sunday": (FULL, GOLDEN, AT + timedelta(days=2)),
    "an account without figures": (replace(FULL, account=Account()), GOLDEN, AT),
}


@pytest.mark.parametrize("name", WORLDS)
def test_every_key_of_the_contract_is_there_and_of_its_kind(name: str) -> None:
    book, market, at = WORLDS[name]
    assert list(faults(published(book, market, at), CONTRACT)) == []


def test_the_table_itself_finds_faults() -> None:
    said = published(*WORLDS["all is well"])
    del said["totals"]["vega_coverage"]
    said["positions"][0]["mark"] = "14.6"
    said["positions"][0]["breakevens"]["today"] = [6440.0]
    assert list(faults(said, CONTRACT)) == [
        "$.positions[0].mark is '14.6'",
        "$.positions[0].breakevens.today is [6440.0]",
        "$.totals.vega_coverage is missing",
    ]


def test_figures_are_those_of_the_assessment() -> None:
    book = book_of(condor(17.5), condor(10.0, lots=5, name="other"), vix_calls(30))
    said = published(book, replace(GOLDEN, sources=(SOURCE,)))
    held = said["positions"][0]
    assert (held["id"], held["kind"], held["layer"], held["contracts"], held["dte"]) == (
        "dec-31", "condor", None, 10, 41,
    )  # fmt: skip
    assert held["credit"] == 17.5
    assert held["mark"] == pytest.approx(14.6307, abs=1e-4)
    assert held["breakevens"]["expiry"] == pytest.approx([6382.5, 7117.5])
    assert held["breakevens"]["notes"] == {}
    assert [leg["symbol"] for leg in held["legs"]][1] == "SPXW261231P06400000"
    assert held["legs"][1]["quantity"] == -10
    assert held["legs"][1]["iv"] == pytest.approx(0.199, abs=1e-9)
    assert held["legs"][1]["delta"] == pytest.approx(-0.161049, abs=1e-5)
    assert said["market"]["sources"] == [
        {"name": "cboe.chains", "state": "delayed", "quote_age_s": 900.0, "fetch_age_s": 12.0, "error": None}
    ]
    assert said["time"] == "2026-11-20T15:30:00-05:00"
    assert said["positions"][2]["layer"] == "L1"
    assert said["totals"]["breakevens"]["expiry"] is not None


def test_unknown_is_null_and_never_zero() -> None:
    vols = {6350.0: 0.205, 6400.0: 0.199}
    chain = quoted(chain_of("SPXW", YEAR_END, 6820.0, vols), 6400.0, "P", bid=nan, ask=nan)
    market = replace(GOLDEN, chains={("SPXW", YEAR_END): chain})
    said = published(book_of(condor(17.5)), market)
    held = said["positions"][0]
    for key in ("mark", "value", "pnl", "pnl_pct_credit"):
        assert held[key] is None
    assert set(held["greeks"].values()) == {None}
    short_put = held["legs"][1]
    assert short_put["mark_from"] == "none"
    for key in ("mark", "iv", "delta", "gamma", "vega", "theta"):
        assert short_put[key] is None
    assert held["breakevens"]["today"] == [None, None]
    assert held["breakevens"]["notes"]["today"] == ["a leg behind it cannot be priced"] * 2
    assert said["totals"]["complete"] is False
    assert said["totals"]["pnl"] is None
    assert any("6400P: no value: no two-sided quote" in warning for warning in said["warnings"])


def test_a_figure_that_is_no_number_is_null() -> None:
    contract = condor(17.5).legs[0].contract
    odd = Quote(contract.symbol, bid=nan, ask=inf, last=nan)
    said = published(book_of(condor(17.5)), replace(GOLDEN, quotes={**GOLDEN.quotes, contract.symbol: odd}))
    leg = said["positions"][0]["legs"][0]
    assert (leg["bid"], leg["ask"], leg["mark_from"]) == (None, None, "model")


def test_the_same_inputs_say_the_same() -> None:
    book, market, at = WORLDS["all is well"]
    past = Past(golden_market(AT - timedelta(days=1), 6780.0))
    first, second = (json.dumps(published(book, market, at, past)) for _ in range(2))
    assert first == second


def test_the_day_is_explained_where_a_past_is_known() -> None:
    book = book_of(condor(17.5), vix_calls(30))
    said = published(book, GOLDEN, AT, Past(golden_market(AT - timedelta(days=1), 6780.0)))
    for explained in (said["positions"][0]["explained"], said["totals"]["explained"]):
        parts = [explained[part] for part in ("delta", "gamma", "vega", "theta", "residual")]
        assert sum(parts) == pytest.approx(explained["total"])
    assert published(book, GOLDEN)["totals"]["explained"] is None
