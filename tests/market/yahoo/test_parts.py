"""The parts without a server: reading what Yahoo may write, acceptance, pace, budget, store."""

import math
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.yahoo.acceptance import check_chain
from alvh_tui.market.yahoo.answers import ChainAnswer, ClosesAnswer, EventsAnswer, QuoteAnswer
from alvh_tui.market.yahoo.budget import A_DAY, AN_HOUR, Budget
from alvh_tui.market.yahoo.faults import Fault, FetchFailedError, Trouble, trouble_after
from alvh_tui.market.yahoo.plan import Kind, Want, due_at, last_sweep, pace_of, plan_of
from alvh_tui.market.yahoo.reading import chain_in, quotes_in, releases_in
from alvh_tui.market.yahoo.store import Store
from alvh_tui.market.yahoo.symbols import contract_of, epoch_of, expiry_of
from tests.market.yahoo.books import FIVE_POSITIONS, condor
from tests.market.yahoo.conftest import Clock

AT = datetime(2026, 11, 20, 10, 30, tzinfo=NEW_YORK)
DAY = date(2026, 12, 18)


def chain_payload(rows: list[dict[str, Any]], **other: Any) -> dict[str, Any]:
    block = {"calls": [row for row in rows if "C0" in row["contractSymbol"]]}
    block["puts"] = [row for row in rows if "P0" in row["contractSymbol"]]
    result = {"expirationDates": [epoch_of(DAY)], "options": [block], "quote": {}} | other
    return {"optionChain": {"result": [result], "error": None}}


def row(symbol: str, bid: Any, ask: Any, last: Any = 1.0) -> dict[str, Any]:
    return {"contractSymbol": symbol, "bid": bid, "ask": ask, "lastPrice": last}


PUT, CALL = "SPXW261218P06400000", "SPXW261218C06400000"


@pytest.mark.parametrize(
    ("bid", "ask", "read"),
    [
        (9.1, 9.4, (9.1, 9.4)),
        (0, 0.05, (0.0, 0.05)),
        (0, 0, (None, None)),
        (None, 2.0, (None, 2.0)),
        (1.0, 0, (1.0, None)),
        (9.4, 9.1, (None, None)),
        ("9.1", True, (None, None)),
        (-1.0, 2.0, (None, 2.0)),
        (float("nan"), float("inf"), (None, None)),
    ],
)
def test_sides_of_a_market(bid: Any, ask: Any, read: tuple[float | None, float | None]) -> None:
    answer = chain_in(chain_payload([row(PUT, bid, ask), row(CALL, 1, 2)]), "^SPX", DAY, AT)
    chain = answer.chains["SPXW", DAY]
    found = [None if math.isnan(x[0]) else float(x[0]) for x in (chain.put_bid, chain.put_ask)]
    assert tuple(found) == read


def test_a_contract_that_stands_there_twice_is_one() -> None:
    rows = [row(PUT, 1, 2), row(PUT, 3, 4), row(CALL, 1, 2)]
    chain = chain_in(chain_payload(rows), "^SPX", DAY, AT).chains["SPXW", DAY]
    assert chain.strikes.tolist() == [6400.0]
    assert chain.put_bid.tolist() == [3.0]


def test_rows_of_another_date_are_left_out() -> None:
    rows = [row(PUT, 1, 2), row(CALL, 1, 2), row("SPXW261120P06400000", 5, 6)]
    assert set(chain_in(chain_payload(rows), "^SPX", DAY, AT).chains) == {("SPXW", DAY)}


def test_half_a_chain_is_partial() -> None:
    with pytest.raises(FetchFailedError) as raised:
        chain_in(chain_payload([row(CALL, 1, 2)]), "^SPX", DAY, AT)
    assert raised.value.fault is Fault.PARTIAL


def test_option_delays_below_the_usual_are_not_believed() -> None:
    live = {"exchangeDataDelayedBy": 0, "regularMarketPrice": 6800.0, "regularMarketTime": AT.timestamp()}
    late = {**live, "exchangeDataDelayedBy": 35}
    rows = [row(PUT, 1, 2), row(CALL, 1, 2)]
    for level, minutes in ((live, 20), (late, 35), ({}, 20)):
        answer = chain_in(chain_payload(rows, quote=level), "^SPX", DAY, AT)
        assert answer.true_at == AT - timedelta(minutes=minutes)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(
    (
        *("optionChain", "quoteResponse", "result", "error", "options", "calls", "puts", "quote", "symbol"),
        *("expirationDates", "contractSymbol", "bid", "ask", "lastPrice", "regularMarketTime"),
    )
)
SHAPED = st.recursive(
    JSON | st.sampled_from([PUT, CALL, "^SPX", epoch_of(DAY), 0, -1, 1e300]),
    lambda inner: st.dictionaries(NAMES, inner, max_size=6) | st.lists(inner, max_size=3),
    max_leaves=25,
)


@settings(max_examples=200)
@given(payload=SHAPED | st.builds(lambda x: {"optionChain": {"result": [x]}}, SHAPED))
def test_whatever_comes_is_read_or_refused(payload: Any) -> None:
    try:
        answer = chain_in(payload, "^SPX", DAY, AT)
    except FetchFailedError:
        return
    for chain in answer.chains.values():
        assert (np.diff(chain.strikes) > 0).all()
        assert not (chain.put_bid > chain.put_ask).any()
        assert not (chain.call_last <= 0).any()


@settings(max_examples=200)
@given(payload=SHAPED | st.builds(lambda x: {"quoteResponse": {"result": [x]}}, SHAPED))
def test_whatever_quotes_come_none_is_zero(payload: Any) -> None:
    try:
        answers = quotes_in(payload, AT)
    except FetchFailedError:
        return
    for answer in answers.values():
        assert answer.quote.last is None or answer.quote.last > 0
        assert answer.quote.ask is None or answer.quote.ask > 0


def test_releases_without_a_time_or_from_elsewhere_are_left_out() -> None:
    when = datetime(2026, 12, 9, 19, 0, tzinfo=NEW_YORK)
    rows: list[dict[str, Any]] = [
        {"Event": "FOMC Minutes", "Region": "US", "Event Time": when, "Actual": float("nan")},
        {"Event": "Fed Funds Tgt Rate", "Region": "US", "Event Time": None},
        {"Event": "PPI Final Demand YY", "Region": "CA", "Event Time": when},
    ]
    (event,) = releases_in(rows)
    assert (event.name, event.actual, event.at) == ("FOMC-minutes", None, "19:00")


@pytest.mark.parametrize(
    ("symbol", "contract"),
    [
        (PUT, Contract("SPXW", DAY, "P", 6400.0)),
        ("SPX261218C06400000", Contract("SPX", DAY, "C", 6400.0)),
        ("VIX261216C00022500", Contract("VIX", date(2026, 12, 16), "C", 22.5)),
        ("VIXW261209C00022000", Contract("VIXW", date(2026, 12, 9), "C", 22.0)),
        ("SPY261218P00600000", Contract("SPY", DAY, "P", 600.0)),
        ("SPXW261318P06400000", None),
        ("^SPX", None),
        ("SPY", None),
    ],
)
def test_symbols(symbol: str, contract: Contract | None) -> None:
    assert contract_of(symbol) == contract
    assert contract is None or contract.symbol == symbol


@given(day=st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_an_expiry_survives_its_epoch(day: date) -> None:
    assert expiry_of(epoch_of(day)) == day


def test_answers_survive_the_store() -> None:
    rows = [row(PUT, 0, 0.05, None), row(CALL, 0, 0), row("SPX261218P06400000", 1.5, 2)]
    chain = chain_in(chain_payload(rows), "^SPX", DAY, AT)
    again = ChainAnswer.from_body(AT, chain.body())
    assert again.body() == chain.body()
    assert again.quoted == chain.quoted == 2
    assert again.contracts == chain.contracts == 3
    quotes = quotes_in({"quoteResponse": {"result": [{"symbol": "RSP", "regularMarketPrice": 190.0}]}}, AT)
    assert QuoteAnswer.from_body(quotes["RSP"].body()) == quotes["RSP"]
    closes = ClosesAnswer({DAY: 6800.0})
    assert ClosesAnswer.from_body(closes.body()) == closes
    events = EventsAnswer(
        releases_in([{"Event": "CPI YY", "Region": "US", "Event Time": AT, "Actual": 3.1, "Last": 3.0}])
    )
    assert EventsAnswer.from_body(events.body()) == events


def test_a_last_good_of_last_week_is_no_measure() -> None:
    many = [row(f"SPXW261218{right}0{strike}000", 1, 2) for strike in range(6000, 6200, 5) for right in "CP"]
    old = chain_in(chain_payload(many), "^SPX", DAY, AT - timedelta(days=6))
    new = chain_in(chain_payload(many[:20]), "^SPX", DAY, AT)
    assert check_chain(new, old, [], AT) is new
    recent = chain_in(chain_payload(many), "^SPX", DAY, AT - timedelta(hours=1))
    with pytest.raises(FetchFailedError, match="20 of 80 contracts"):
        check_chain(new, recent, [], AT)


def test_pauses_double_up_to_their_longest_and_keep_their_beginning() -> None:
    trouble: Trouble | None = None
    pauses = []
    for now in range(8):
        trouble = trouble_after(trouble, FetchFailedError(Fault.LIMITED, "HTTP 429"), float(now))
        pauses.append(trouble.next_try - now)
    assert pauses == [60, 120, 240, 480, 960, 1800, 1800, 1800]
    assert trouble is not None
    assert trouble.since == 0
    assert trouble_after(None, FetchFailedError(Fault.LIMITED, "", 1e9), 0.0).next_try == 6 * 3600


@pytest.mark.parametrize("expiries", [1, 3, 5, 12])
def test_no_book_asks_for_more_than_its_share_an_hour(expiries: int) -> None:
    days = ["2026-11-27", "2026-12-04", "2026-12-11", "2026-12-18", "2026-12-24", "2026-12-31", "2027-01-08"]
    days += ["2027-01-15", "2027-01-22", "2027-01-29", "2027-02-05", "2027-02-19"]
    plan = plan_of([leg for day in days[:expiries] for leg in condor(day)], AT)
    pace = pace_of(plan)
    hour = timedelta(hours=1)
    assert sum(hour / pace.of(want) for want in plan.wants if want.kind in (Kind.QUOTES, Kind.CHAIN)) <= 330
    batches = -(-len(plan.symbols) // 50)
    demand = sum(hour / pace.of(want) for want in plan.chains) + batches * hour / pace.quotes
    assert demand <= 220.0001
    assert expiries > 1 or pace.chain == timedelta(seconds=120)


def test_the_plan_of_a_book_names_what_it_needs_once() -> None:
    plan = plan_of([*FIVE_POSITIONS, Contract("VXX"), Contract("SPY", DAY, "P", 600.0)], AT)
    assert [want.key for want in plan.chains] == [
        "chain ^SPX 2026-12-04",
        "chain SPY 2026-12-18",
        "chain ^SPX 2026-12-18",
        "chain ^SPX 2026-12-31",
        "chain ^VIX 2026-12-16",
        "chain ^VIX 2027-01-20",
        "chain ^VIX 2027-02-17",
    ]
    assert len(set(plan.symbols)) == len(plan.symbols)
    assert {"VXX", "SPY", "SPY261218P00600000"} <= set(plan.symbols)


def test_an_answer_from_the_future_does_not_stop_the_asking() -> None:
    plan = plan_of([], AT)
    ahead = AT + timedelta(days=3)
    assert due_at(Want(Kind.QUOTES), ahead, AT, pace_of(plan)) == AT


def test_the_sweep_of_a_half_day_comes_early() -> None:
    friday = datetime(2026, 11, 27, 14, 0, tzinfo=NEW_YORK)
    assert last_sweep(friday) == datetime(2026, 11, 27, 13, 40, tzinfo=NEW_YORK)


def test_the_bucket_and_the_caps(tmp_path: Path) -> None:
    clock, store = Clock(), Store(tmp_path)
    budget = Budget(store, clock.monotonic)
    now = clock.now.timestamp()
    for _ in range(8):
        assert budget.wait() == 0
        budget.spend(now)
    assert budget.wait() == 2.0
    clock.pass_by(seconds=2)
    assert budget.wait() == 0
    for _ in range(AN_HOUR - 8):
        budget.spend(now)
    assert budget.exhausted_for(now + 10) == 3590
    assert Budget(Store(tmp_path), clock.monotonic).exhausted_for(now + 10) == 3590
    assert budget.exhausted_for(now + 3601) == 0
    for _ in range(A_DAY - AN_HOUR):
        store.note_sent(now)
    assert budget.exhausted_for(now + 7200) == 86400 - 7200
    store.prune(now + 86401)
    assert budget.exhausted_for(now + 86401) == 0


def test_claims_end_with_their_owner_or_their_time(tmp_path: Path) -> None:
    first, second = Store(tmp_path), Store(tmp_path)
    assert first.claim("quotes", "one", 0.0, 30.0)
    assert first.claim("quotes", "one", 1.0, 31.0)
    assert not second.claim("quotes", "two", 10.0, 40.0)
    assert second.claim("quotes", "two", 31.0, 61.0)
    second.release("quotes", "one")
    assert not first.claim("quotes", "one", 40.0, 70.0)
    second.release("quotes", "two")
    assert first.claim("quotes", "one", 40.0, 70.0)


def test_a_store_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep({"quote ^SPX": {"a": 1}}, 5.0)
    store._run("PRAGMA user_version = 99", ())
    store.close()
    again = Store(tmp_path)
    assert again.on_disk
    assert again.trouble
    assert again.checked() == {}


def test_a_store_that_gives_out_in_use_goes_on(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep({"quote ^SPX": {"a": 1}}, 5.0)
    store._run("DROP TABLE claims", ())
    assert store.claim("quotes", "one", 0.0, 30.0)
    assert not store.on_disk
    assert store.trouble.startswith("the cache cannot be used")
