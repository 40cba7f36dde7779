"""A market full of holes: the assessment never raises, what it says is JSON, and unknown is null."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.assess import Past, assess
from alvh_tui.book.model import Book, Leg
from alvh_tui.instruments.calendar import sessions
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Chain, History, MarketSnapshot, Quote
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
    index_forward,
    leg,
    market_of,
    smooth_chain,
    vix_calls,
)

JANUARY = date(2027, 1, 15)
BOOK = book_of(
    condor(17.5),
    condor(20.0, name="jan", expiry=JANUARY, root="SPX"),
    condor(1.75, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP", name="xsp"),
    vix_calls(30),
    replace(vix_calls(2, name="vx", layer="L2"), legs=(Leg(Contract("VX", VIX_DAY), 2),), credit=-19.0),
    replace(vix_calls(100, name="vxx", layer="SE"), legs=(Leg(Contract("VXX"), 100),), credit=-50.0),
    replace(
        vix_calls(5, name="puts", layer="L2"),
        legs=(leg(5, "SPXW", YEAR_END, "P", 6300.0), leg(-5, "SPXW", YEAR_END, "P", 6100.0)),
    ),
)
STRIKES = tuple(range(6000, 7500, 50))
WHOLE = replace(
    market_of(
        [
            smooth_chain(strikes=STRIKES),
            smooth_chain(JANUARY, "SPX", strikes=STRIKES),
            chain_of(
                "XSP", YEAR_END, index_forward(YEAR_END) / 10.0, dict.fromkeys(range(600, 750, 5), 0.16)
            ),
            chain_of("VIX", VIX_DAY, 19.35, dict.fromkeys(range(15, 31), 0.9)),
        ]
    ),
    history=History(
        np.array(sessions(date(2025, 9, 2), date(2026, 11, 19)), dtype="datetime64[D]"),
        {},
    ),
)
SIDES = ("call_bid", "call_ask", "call_last", "put_bid", "put_ask", "put_last", "call_time", "put_time")
BAD = (np.nan, 0.0, -1.0, 0.01, 5.0, 900.0)
BAD_TIMES = (np.nan, AT.timestamp(), AT.timestamp() - 86_400.0)


def with_holes(chain: Chain, rng: np.random.RandomState, share: float) -> Chain:
    """So large a share of its cells replaced by nonsense."""
    changed: dict[str, Any] = {}
    for name in SIDES:
        column = getattr(chain, name).copy()
        hit = rng.random_sample(len(column)) < share
        column[hit] = rng.choice(BAD_TIMES if name.endswith("time") else BAD, hit.sum())
        changed[name] = column
    return replace(chain, **changed)


def past_closes(rng: np.random.RandomState, share: float) -> History:
    """Random walks with gaps, or with whole series missing."""
    assert WHOLE.history is not None
    days = WHOLE.history.days
    series = {}
    for name, start, size in (
        ("spx", 6000.0, 60.0),
        ("vix", 18.0, 0.8),
        ("vix3m", 20.0, 0.5),
        ("rsp", 180.0, 2.0),
    ):
        if rng.random_sample() < share:
            continue
        walk = start + size * np.cumsum(rng.standard_normal(len(days)))
        walk[rng.random_sample(len(days)) < share / 2.0] = np.nan
        series[name] = walk
    return History(days, series)


def broken(seed: int, share: float) -> MarketSnapshot:
    rng = np.random.RandomState(seed)
    chains = {key: with_holes(chain, rng, share) for key, chain in WHOLE.chains.items()}
    quotes = {
        **WHOLE.quotes,
        "VXX": Quote("VXX", bid=50.0, ask=50.2, last=50.1),
        "^IRX": Quote("^IRX", last=3.9),
    }
    return replace(
        WHOLE,
        chains={key: chain for key, chain in chains.items() if rng.random_sample() > share / 3.0},
        quotes={key: quote for key, quote in quotes.items() if rng.random_sample() > share / 3.0},
        history=past_closes(rng, share) if rng.random_sample() > share / 3.0 else None,
        risk_free=None,
    )


def said_of(book: Book, market: MarketSnapshot, past: MarketSnapshot | None, hours: int) -> Any:
    assessment = assess(book, market, built_in("zones"), AT + timedelta(hours=hours), Past(past))
    return json.loads(json.dumps(assessment_json(assessment), allow_nan=False))


@settings(max_examples=50)
@given(
    st.integers(0, 2**31), st.sampled_from((0.02, 0.2, 0.5, 0.9, 1.0)), st.sampled_from((0, 0, 1, 60, 2000))
)
def test_no_market_is_too_broken_to_be_told(seed: int, share: float, hours: int) -> None:
    said = said_of(BOOK, broken(seed, share), broken(seed + 1, share), hours)
    assert list(faults(said, CONTRACT)) == []
    for held in said["positions"]:
        for part in held["legs"]:
            assert (part["mark"] is None) is (part["mark_from"] == "none")
            assert part["mark"] is None or part["mark"] >= 0.0
            assert part["iv"] is None or part["iv"] > 0.0
        unpriced = [part["symbol"] for part in held["legs"] if part["mark"] is None]
        assert (held["pnl"] is None) is bool(unpriced)
        if unpriced:
            assert said["totals"]["complete"] is False
            assert any(missing.startswith(held["id"]) for missing in said["totals"]["missing"])
        chance = held["p_profit"]
        assert chance is None or 0.0 <= chance <= 1.0
        for short in held["shorts"]:
            for odds in (short["p_beyond"], short["p_touch"]):
                assert odds is None or 0.0 <= odds <= 1.0
