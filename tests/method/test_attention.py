"""What needs the trader: every rule that can call, its sentence, and the order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alvh_tui.book.model import Account, Condor, Hedge, Layer, Leg
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Source, SourceState
from alvh_tui.method.attention import (
    Attention,
    Severity,
    attention_entries,
    attention_to_data,
    expires,
    ranked,
)
from alvh_tui.method.catalog import catalog
from alvh_tui.method.condor_rules import condor_rules
from alvh_tui.method.layer_rules import layer_entries
from alvh_tui.method.settings import Value, settings
from alvh_tui.method.shrink import ENTRY as SHRINK
from alvh_tui.method.signal import Signal
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import Verdict
from alvh_tui.method.yardsticks import yardsticks
from tests.method.books import judged, said
from tests.risk.worlds import (
    AT,
    SPOT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    closes,
    condor,
    golden_market,
    leg,
    market_of,
    vix_calls,
    without,
)

KNOW, SOON, ACT = Severity.KNOW, Severity.SOON, Severity.ACT
QUIET = replace(condor(8.35), spot_at_open=SPOT)


def new_york(month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK)


def called(
    rule: str,
    *held: Condor | Hedge,
    changes: dict[str, Value] | None = None,
    market: MarketSnapshot | None = None,
    spot: float = SPOT,
    at: datetime = AT,
) -> list[tuple[Severity, str]]:
    taken = golden_market(at=at, spot=spot) if market is None else market
    found = judged(book_of(*held), taken, changes, at)
    names = {position.id for position in held}
    return [(item.severity, item.text) for item in said(found, rule) if item.position in names]


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        (6800.0, []),
        (6399.5, [(ACT, "short put 6400 is 0.5 points in the money")]),
        (6400.0, [(ACT, "short put 6400 is 0.0 points in the money")]),
        (6285.0, [(ACT, "short put 6400 is 115 points in the money")]),
        (7145.0, [(ACT, "short call 7100 is 45 points in the money")]),
    ],
)
def test_a_short_strike_through(spot: float, expected: list[tuple[Severity, str]]) -> None:
    assert called("condor.proximity", QUIET, spot=spot) == expected


def test_a_short_strike_near() -> None:
    """At the money the golden smile interpolates: vols from 19.9 % at 6400 to 13.3 % at 7100."""
    spot = 6500.0
    forward = spot * np.exp(0.028 * (YEAR_END - AT.date()).days / 365.0)
    vol = np.interp(forward, [6400.0, 7100.0], [0.199, 0.133])
    moves = 100.0 / (forward * vol * np.sqrt(41.02 / 365.0))
    assert 0.2 < moves < 0.5
    expected = [(SOON, f"short put 6400 is 100 points away, {moves:.1f} expected moves")]
    assert called("condor.proximity", QUIET, spot=spot) == expected
    assert called("condor.proximity", QUIET, spot=spot, changes={"attention.strike_moves": 0.2}) == []


@pytest.mark.parametrize(
    ("spot", "expected"),
    [
        (6800.0, []),
        (6494.0, []),  # 102.35 of 408.35 points are left: a quarter and a little
        (6493.0, [(SOON, "25 % of the cushion to the lower breakeven is left")]),
        (7060.0, [(SOON, "16 % of the cushion to the upper breakeven is left")]),
        (6391.65, [(ACT, "the index is beyond the lower breakeven at expiry")]),
        (6300.0, [(ACT, "the index is beyond the lower breakeven at expiry")]),
        (7120.0, [(ACT, "the index is beyond the upper breakeven at expiry")]),
    ],
)
def test_a_breakeven_close_or_passed(spot: float, expected: list[tuple[Severity, str]]) -> None:
    assert called("condor.cushion", QUIET, spot=spot) == expected


def test_a_passed_breakeven_is_told_whatever_is_known_of_the_entry() -> None:
    passed = [(ACT, "the index is beyond the lower breakeven at expiry")]
    assert called("condor.cushion", condor(8.35), spot=6300.0) == passed
    assert called("condor.cushion", condor(8.35), spot=6420.0) == []
    small = condor(0.8, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP")
    tenths = dict.fromkeys((635.0, 640.0, 660.0, 680.0, 700.0, 710.0, 715.0), 0.18)
    for spot, expected in ((6391.0, passed), (6393.0, [])):
        market = market_of([chain_of("XSP", YEAR_END, spot / 10.0 * 1.003, tenths)], spot)
        assert called("condor.cushion", small, market=market) == expected


def test_a_condor_that_can_only_lose() -> None:
    found = called("condor.cushion", condor(-1.0))
    assert found == [(ACT, "at expiry it loses whatever the index does")]


@pytest.mark.parametrize(
    ("credit", "rule", "expected"),
    [
        # Closing the ten costs 14,630.70 in the worked example.
        (29.40, "condor.take-profit", [(KNOW, "50 % of the credit earned")]),
        (29.20, "condor.take-profit", []),
        (4.87, "condor.stop", [(ACT, "the loss is 2.0 times the credit, 2 is the stop")]),
        (4.88, "condor.stop", []),
        (3.00, "condor.stop", [(ACT, "the loss is 3.9 times the credit, 2 is the stop")]),
    ],
)
def test_profit_taken_and_loss_stopped_on_the_net_credit(
    credit: float, rule: str, expected: list[tuple[Severity, str]]
) -> None:
    assert called(rule, condor(credit)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (new_york(12, 9), []),
        (new_york(12, 10), [(KNOW, "expires in 21 days")]),
        (new_york(12, 23), [(KNOW, "expires in 8 days")]),
        (new_york(12, 24), [(SOON, "expires in 7 days")]),
        (new_york(12, 30), [(SOON, "expires in 1 day")]),
        (new_york(12, 31, 15, 59), [(SOON, "expires today")]),
        (new_york(12, 31, 16, 0), []),
    ],
)
def test_days_left(at: datetime, expected: list[tuple[Severity, str]]) -> None:
    assert called("condor.days-left", QUIET, at=at) == expected


def calls_of(day: date, lots: int = 6, layer: Layer = "L1") -> Hedge:
    return Hedge(
        id="calls",
        legs=(leg(lots, "VIX", day, "C", 20.0),),
        credit=-1.0,
        opened=date(2026, 11, 9),
        layer=layer,
    )


DECEMBER = date(2026, 12, 16)
BEFORE = (KNOW, "ends 15 days before dec-31")


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (new_york(12, 8), [BEFORE]),
        (new_york(12, 9), [(SOON, "expires in 7 days: roll it or let it go"), BEFORE]),
        (new_york(12, 15), [(SOON, "expires in 1 day: roll it or let it go"), BEFORE]),
        (new_york(12, 16, 9, 29), [(SOON, "expires today: roll it or let it go"), BEFORE]),
        (new_york(12, 16, 9, 30), []),
    ],
)
def test_a_hedge_about_to_expire_and_before_its_condor(
    at: datetime, expected: list[tuple[Severity, str]]
) -> None:
    assert called("hedge.expiry", QUIET, calls_of(DECEMBER), at=at) == expected


def test_a_hedge_lasts_as_long_as_its_last_long_leg() -> None:
    diagonal = Hedge(
        id="diagonal",
        legs=(leg(2, "VIX", VIX_DAY, "C", 25.0), leg(-2, "VIX", DECEMBER, "C", 30.0)),
        credit=-1.0,
        opened=date(2026, 11, 9),
        layer="SE",
    )
    short_leg = [(SOON, "its nearest leg expires in 6 days: roll it or let it go")]
    assert called("hedge.expiry", QUIET, diagonal) == []
    assert called("hedge.expiry", QUIET, diagonal, at=new_york(12, 10)) == short_leg
    reverse = replace(diagonal, legs=tuple(Leg(own.contract, -own.quantity) for own in diagonal.legs))
    assert called("hedge.expiry", QUIET, reverse) == [BEFORE]
    shares = replace(diagonal, legs=(Leg(Contract("VXX"), 100),))
    assert called("hedge.expiry", QUIET, shares) == []


def test_only_the_condors_a_hedge_protects_count() -> None:
    early = condor(8.35, expiry=date(2026, 12, 11), name="dec-11")
    only_early = replace(calls_of(DECEMBER), protects=("dec-11",))
    assert called("hedge.expiry", QUIET, early, only_early) == []
    same_day = condor(8.35, expiry=DECEMBER, name="dec-16")
    assert called("hedge.expiry", same_day, calls_of(DECEMBER)) == []
    later = condor(8.35, expiry=date(2027, 1, 15), name="jan-15")
    both = [(KNOW, "ends 30 days before jan-15 and 1 more")]
    assert called("hedge.expiry", QUIET, early, later, calls_of(DECEMBER)) == both


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (new_york(12, 14), []),
        (new_york(12, 15), "trades until 16:15 today and settles on the open tomorrow"),
        (new_york(12, 15, 16, 15), "has stopped trading and settles on the open tomorrow"),
        (new_york(12, 16, 9, 0), "has stopped trading and settles on the open today"),
        (new_york(12, 16, 9, 30), []),
    ],
)
def test_settlement_on_the_open(at: datetime, expected: str | list[str]) -> None:
    spread = Hedge(
        id="spread",
        legs=(leg(2, "VIX", DECEMBER, "C", 20.0), leg(-2, "VIX", DECEMBER, "C", 30.0)),
        credit=-1.0,
        opened=date(2026, 11, 9),
    )
    found = called("settlement.tomorrow", QUIET, spread, at=at)
    assert found == ([(SOON, f"VIX 2026-12-16 {expected}")] if expected else [])


def test_a_future_trades_on_the_morning_it_settles() -> None:
    future = replace(calls_of(DECEMBER), legs=(Leg(Contract("VX", DECEMBER), 1),))
    found = called("settlement.tomorrow", QUIET, future, at=new_york(12, 15))
    text = "VX 2026-12-16 trades until 09:00 tomorrow and settles on the open tomorrow"
    assert found == [(SOON, text)]


def test_the_root_decides_whether_a_condor_settles_on_the_open() -> None:
    monthly = condor(8.35, expiry=date(2026, 12, 18), root="SPX", name="monthly")
    found = called("settlement.tomorrow", monthly, at=new_york(12, 17, 10))
    text = "SPX 2026-12-18 trades until 16:15 today and settles on the open tomorrow"
    assert found == [(SOON, text)]
    weekly = replace(monthly, legs=condor(8.35, expiry=date(2026, 12, 18)).legs)
    assert called("settlement.tomorrow", weekly, at=new_york(12, 17, 10)) == []


def test_a_settlement_across_a_holiday_is_named_by_its_day() -> None:
    """The fourth of July 2028 is a Tuesday; the Monday before it closes early."""
    day, at = date(2028, 7, 5), datetime(2028, 7, 3, 11, tzinfo=NEW_YORK)
    weekly = replace(calls_of(day), legs=(leg(6, "VIXW", day, "C", 20.0),), opened=date(2028, 6, 20))
    found = called("settlement.tomorrow", weekly, market=market_of([], at=at), at=at)
    assert found == [(SOON, "VIXW 2028-07-05 trades until 13:15 today and settles on the open on Wednesday")]


def test_what_has_expired_is_to_be_moved() -> None:
    at = new_york(12, 16, 9, 30)
    assert called("position.expired", QUIET, calls_of(DECEMBER), at=at) == [
        (ACT, "1 of 1 legs expired: move what is over to [[closed]]")
    ]
    assert called("data.unpriced", QUIET, calls_of(DECEMBER), at=at) == []
    assert called("position.expired", QUIET, calls_of(DECEMBER), at=at - timedelta(minutes=1)) == []


def test_a_leg_without_a_value() -> None:
    found = called("data.unpriced", QUIET, calls_of(date(2027, 2, 17)))
    assert found == [(SOON, "VIX 2027-02-17 20C has no value: not quoted")]
    gone = replace(golden_market(), chains={}, quotes={})
    ((severity, text),) = called("data.unpriced", QUIET, market=gone)
    assert severity is SOON
    assert text.startswith("SPXW 2026-12-31 6350P and 3 more has no value")


LATE = datetime(2026, 11, 20, 20, 30, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Source("yahoo.quotes", SourceState.FRESH, LATE, LATE), None),
        (Source("yahoo.quotes", SourceState.DELAYED, LATE, LATE), None),
        (Source("yahoo.quotes", SourceState.STALE, LATE, LATE), "yahoo.quotes is stale: of 2026-11-20 20:30"),
        (Source("x", SourceState.STALE, None, LATE), "x is stale: of unknown age"),
        (Source("x", SourceState.FAILED, None, LATE, "timed out"), "x failed: timed out"),
        (Source("x", SourceState.FAILED, None, LATE), "x failed"),
    ],
)
def test_stale_data(source: Source, text: str | None) -> None:
    found = attention_to_data([source], [])
    assert found == ([] if text is None else [Attention(SOON, None, text, "data.stale")])


@pytest.mark.parametrize("verdict", Verdict)
def test_vix_out_of_step_is_doubt_about_the_quotes(verdict: Verdict) -> None:
    apart = Signal("vix.disconnect", -2.44, 2.0, verdict, None, True, "VIX below what the index explains", ())
    other = replace(apart, id="vix.rsi")
    text = "VIX below what the index explains by 2.4 deviations: doubt the quotes"
    expected = [Attention(KNOW, None, text, "vix.disconnect")] if verdict is Verdict.YES else []
    assert attention_to_data([], [other, apart]) == expected


@pytest.mark.parametrize(
    ("debit", "net_liq", "expected"),
    [
        (1.0, 250_000.0, []),
        (1.7, 250_000.0, [(KNOW, "premium at risk 2.0 % of net liquidation value, over 2 %")]),
        (2.6, 250_000.0, [(SOON, "premium at risk 3.1 % of net liquidation value, over 3 %")]),
        (2.6, None, []),
    ],
)
def test_the_risk_cap_exceeded(
    debit: float, net_liq: float | None, expected: list[tuple[Severity, str]]
) -> None:
    book = replace(book_of(QUIET, vix_calls(30, debit=debit)), account=Account(net_liq=net_liq))
    items = said(judged(book, golden_market()), "risk cap")
    assert [(item.severity, item.text) for item in items] == expected
    assert {item.position for item in items} <= {"L1"}


@pytest.mark.parametrize(
    ("lots", "expected"),
    [
        (14, []),  # 14 × 115 of 8,350: 19.3 %
        (15, [(KNOW, "the hedges cost 20.7 % of the condors' credit, over 20 %")]),
        (24, [(SOON, "the hedges cost 33.1 % of the condors' credit, over 33 %")]),
    ],
)
def test_the_hedges_cost_too_much(lots: int, expected: list[tuple[Severity, str]]) -> None:
    items = said(judged(book_of(QUIET, vix_calls(lots)), golden_market()), "hedge cost")
    assert [(item.severity, item.text) for item in items] == expected
    assert {item.position for item in items} <= {None}


def test_cash_and_hedges_short_of_the_margin() -> None:
    poor = replace(book_of(QUIET), account=Account(cash=20_000.0))
    items = said(judged(poor, golden_market()), "quick ratio")
    assert [(item.position, item.severity, item.text) for item in items] == [
        (None, SOON, f"cash and hedges are {20_000.0 / 41_650.0:.2f} of the margin required, less than 1")
    ]
    assert said(judged(book_of(QUIET), golden_market()), "quick ratio") == []


items = st.builds(
    Attention,
    st.sampled_from(Severity),
    st.sampled_from(["a", "b", None]),
    st.text(max_size=3),
    st.just("rule"),
)


@given(st.lists(items, max_size=12))
def test_the_most_severe_first_and_equals_in_the_order_found(found: Sequence[Attention]) -> None:
    order = ranked(found)
    assert sorted(order, key=found.index) == sorted(found, key=found.index)
    for severity in Severity:
        of_this = [item for item in found if item.severity is severity]
        assert [item for item in order if item.severity is severity] == of_this
    assert [item.severity for item in order] == sorted((item.severity for item in found), reverse=True)


def test_positions_come_in_the_order_of_the_file() -> None:
    first, second = replace(condor(29.4, name="b"), line=30), replace(condor(29.4, name="a"), line=60)
    hedge = replace(calls_of(DECEMBER), line=10)
    found = judged(book_of(second, first, hedge), golden_market())
    known = [item.position for item in found.attention if item.rule in ("condor.take-profit", "hedge.expiry")]
    assert known == ["calls", "b", "a"]


@hypothesis_settings(max_examples=15)
@given(spot=st.floats(6200.0, 7300.0), lots=st.integers(0, 60), credit=st.floats(2.0, 40.0))
def test_the_list_is_ranked_explained_and_always_the_same(spot: float, lots: int, credit: float) -> None:
    held = (condor(credit), *((vix_calls(lots),) if lots else ()))
    once, again = (judged(book_of(*held), golden_market(spot=spot)).attention for _ in range(2))
    assert once == again
    assert [item.severity for item in once] == sorted((item.severity for item in once), reverse=True)
    for item in once:
        assert item.rule in catalog()
        assert item.text
        assert "." not in item.rule or item.rule not in item.text
        assert item.position in (None, "dec-31", "L1", "L2", "L3", "SE")


def test_a_quiet_book_needs_nobody() -> None:
    calm = {day: 6780.0 + day.day for day in (date(2026, 11, 18), date(2026, 11, 19))}
    market = replace(golden_market(), history=closes(spx=calm))
    market = replace(market, quotes={"^SPX": market.quotes["^SPX"]})
    enough = {"sizing.hedge-cost.warn": 1.0, "sizing.hedge-cost.limit": 1.0}
    assert judged(book_of(QUIET), market, enough).attention == ()


def test_expires_in_words() -> None:
    assert [expires(days) for days in (0, 1, 2)] == ["expires today", "expires in 1 day", "expires in 2 days"]


def test_no_rule_has_the_name_of_another_and_every_number_it_reads_is_in_the_profile() -> None:
    entries = [
        *(unit.entry for unit in units().values()),
        *(rule.entry for rule in condor_rules().values()),
        *layer_entries(),
        SHRINK,
        *(rule.entry for rule in yardsticks().values()),
        *attention_entries(),
    ]
    names = [entry.id for entry in entries]
    assert len(names) == len(set(names)) == len(catalog())
    for entry in entries:
        for key in entry.keys:
            assert any(name == key or name.startswith(f"{key}.") for name in settings()), f"{entry.id}: {key}"
    read = {setting.key for entry in entries for setting in entry.settings()}
    assert [key for key in settings() if key.startswith(("sizing.", "attention.")) and key not in read] == []


def test_a_stale_leg_is_no_short_strike_near() -> None:
    """Without a vol there is no expected move, and what is not known is not near."""
    chains = golden_market(spot=6500.0).chains
    blind = {
        key: without(chain, put_bid=lambda bids: bids * np.nan, call_bid=lambda bids: bids * np.nan)
        for key, chain in chains.items()
    }
    market = replace(golden_market(spot=6500.0), chains=blind)
    assert called("condor.proximity", QUIET, market=market) == []
