"""What the method says of a book as a whole: which closes it reads, and what each layer tells the trader."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from alvh_tui.assess import assess
from alvh_tui.book.model import Book, Hedge
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions, sessions
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.simulated import simulated_market
from alvh_tui.market.types import History, MarketSnapshot, Quote
from alvh_tui.method.judgement import Judgement, closes_at
from alvh_tui.method.settings import Value
from alvh_tui.method.verdict import Verdict
from alvh_tui.publish import assessment_json
from tests.method.books import AT_ONCE, ROOMY, judged, measured_in, said, vix_call
from tests.method.worlds import ZONES
from tests.risk.worlds import (
    AT,
    SPOT,
    VIX_DAY,
    YEAR_END,
    book_of,
    condor,
    golden_market,
    leg,
    valued,
    vix_calls,
)

CONDOR = condor(8.35)


def calls(lots: int, debit: float = 1.15) -> Hedge:
    return vix_calls(lots, debit=debit, name="calls")


TODAY = AT.date()
DECEMBER = date(2026, 12, 16)


def at_vix(vix: float, market: MarketSnapshot | None = None) -> MarketSnapshot:
    market = golden_market() if market is None else market
    return replace(market, quotes={**market.quotes, "^VIX": Quote("^VIX", last=vix)})


def after(vix_closes: list[float], market: MarketSnapshot, spx: float = SPOT) -> MarketSnapshot:
    """The market with so many closes before it, the index unmoved."""
    end = add_sessions(market.time.astimezone(NEW_YORK).date(), -1)
    days = sessions(end - timedelta(days=3 * len(vix_closes) + 20), end)[-len(vix_closes) :]
    series = {"spx": np.full(len(days), spx), "vix": np.array(vix_closes)}
    return replace(market, history=History(np.array(days, dtype="datetime64[D]"), series))


def about(judgement: Judgement, layer: str) -> list[tuple[int, str, str]]:
    return [(int(i.severity), i.text, i.rule) for i in judgement.attention if i.position == layer]


def test_a_layer_that_is_due_says_how_many_of_what() -> None:
    found = judged(book_of(CONDOR, calls(10)), golden_market(), {**AT_ONCE, **ROOMY})
    layer = found.layers["L1"]
    assert (layer.holding, layer.action) == ("partial", "add")
    assert layer.sizing.target is not None
    more = layer.sizing.target[0] - 10
    text = f"triggered since Nov 20: 10 held; {more} × VIX 2027-01-20 25C meet vega coverage"
    assert about(found, "L1") == [(3, text, "L1.zone")]


def test_a_due_layer_cut_by_a_cap_says_which() -> None:
    found = judged(book_of(CONDOR, calls(10)), golden_market(), AT_ONCE)
    text = "triggered since Nov 20: 10 held; 13 × VIX 2027-01-20 25C are all that hedge cost allows"
    assert about(found, "L1") == [(3, text, "L1.zone")]
    full = judged(book_of(CONDOR, calls(23)), golden_market(), AT_ONCE)
    assert full.layers["L1"].action == "hold"
    assert about(full, "L1") == [
        (1, "triggered since Nov 20: 23 held, and hedge cost allows no more", "hedge cost")
    ]
    none = judged(book_of(CONDOR), golden_market(), {**AT_ONCE, "sizing.hedge-cost.limit": 0.01})
    text = "triggered since Nov 20: nothing held; hedge cost allows no more"
    assert about(none, "L1") == [(3, text, "L1.zone")]
    assert (none.layers["L1"].sizing.target, none.layers["L1"].action) == ((0, 0), "prepare")


def test_a_cap_forbids_a_layer_without_a_size_as_well() -> None:
    none = judged(book_of(CONDOR), at_vix(33.0), {**AT_ONCE, "sizing.hedge-cost.limit": 0.001})
    layer = none.layers["SE"]
    assert (layer.sizing.target, layer.sizing.cap, layer.action) == (None, 0, "prepare")
    assert about(none, "SE")[0][:2] == (3, "triggered since Nov 20: nothing held; hedge cost allows no more")


def test_every_layer_passed_at_once_is_due() -> None:
    found = judged(book_of(CONDOR, calls(30)), at_vix(33.0), {**AT_ONCE, **ROOMY})
    assert [layer.state.trigger for layer in found.layers.values() if layer.state] == ["triggered"] * 4
    assert {name: layer.action for name, layer in found.layers.items()} == {
        "L1": "add",
        "L2": "add",
        "L3": "add",
        "SE": "add",
    }
    assert about(found, "L2")[0][1].endswith("meet L2 scale")
    assert about(found, "L3")[0][1].startswith(
        "triggered since Nov 20: nothing held; a full defensive posture"
    )
    assert about(found, "SE")[0][1].endswith("the sources give no size for it; its caps bound it")


def test_on_watch_is_worth_a_word() -> None:
    found = judged(book_of(CONDOR), at_vix(16.4), AT_ONCE)
    assert about(found, "L1") == [(1, "on watch since Nov 20, nothing held", "L1.watch")]
    assert about(judged(book_of(CONDOR, calls(5)), at_vix(16.4), AT_ONCE), "L1") == [
        (1, "on watch since Nov 20, 5 held", "L1.watch")
    ]
    assert about(judged(book_of(CONDOR), at_vix(14.0), AT_ONCE), "L1") == []


@pytest.mark.parametrize(("vix", "state"), [(17.2, "triggered"), (16.4, "on watch")])
def test_what_is_wanted_and_about_to_expire_is_rolled(vix: float, state: str) -> None:
    at = datetime(2026, 12, 11, 12, 0, tzinfo=NEW_YORK)
    short = Hedge(
        id="short",
        legs=(leg(10, "VIX", DECEMBER, "C", 25.0),),
        credit=-1.0,
        opened=date(2026, 11, 9),
    )
    book = book_of(CONDOR, short, calls(5))
    found = judged(book, at_vix(vix, golden_market(at=at)), {**AT_ONCE, **ROOMY})
    layer = found.layers["L1"]
    assert (layer.days_left, layer.action) == (5, "roll")
    ((severity, text, rule),) = about(found, "L1")
    assert (severity, rule) == (2, "hedge.expiry")
    assert text.startswith(
        f"{state} since Dec 11: 10 of 15 held end in 5 days, roll them to a later settlement"
    )
    calm = judged(book, at_vix(14.0, golden_market(at=at)), AT_ONCE)
    assert calm.layers["L1"].action == "hold"


def test_a_shortfall_is_told_with_the_roll() -> None:
    at = datetime(2027, 1, 13, 12, 0, tzinfo=NEW_YORK)
    later = replace(CONDOR, legs=condor(8.35, expiry=date(2027, 2, 19)).legs)
    spxw = golden_market(at=at).chains["SPXW", YEAR_END]
    market = golden_market(at=at)
    chains = {key: chain for key, chain in market.chains.items() if key[0] == "VIX"}
    market = replace(
        market, chains={**chains, ("SPXW", date(2027, 2, 19)): replace(spxw, expiry=date(2027, 2, 19))}
    )
    found = judged(book_of(later, calls(2)), market, {**AT_ONCE, **ROOMY})
    ((_, text, _),) = about(found, "L1")
    layer = found.layers["L1"]
    assert (layer.holding, layer.action) == ("partial", "roll")
    assert layer.sizing.target is not None
    assert layer.sizing.target[0] > 2
    assert text == (
        "triggered since Jan 13: 2 held end in 7 days, roll them to a later settlement, and add there"
    )


def test_more_of_what_lasts_is_told_with_the_roll_of_what_ends() -> None:
    """The layer is counted in the first hedge; a single contract of another ends."""
    at = datetime(2026, 12, 11, 12, 0, tzinfo=NEW_YORK)
    short = Hedge(
        id="short",
        legs=(leg(1, "VIX", DECEMBER, "C", 25.0),),
        credit=-1.0,
        opened=date(2026, 11, 9),
    )
    rules: Mapping[str, Value] = {**AT_ONCE, **ROOMY}
    market = golden_market(at=at)
    nearer = replace(market.chains["VIX", VIX_DAY], expiry=DECEMBER)
    market = replace(market, chains={**market.chains, ("VIX", DECEMBER): nearer})
    found = judged(book_of(CONDOR, calls(5), short), market, rules)
    layer = found.layers["L1"]
    assert (layer.ending, layer.instrument_ends) == (1, False)
    ((_, text, _),) = about(found, "L1")
    assert layer.sizing.target is not None
    more = layer.sizing.target[0] - 6
    assert more > 0
    assert text == (
        "triggered since Dec 11: 1 of 6 held ends in 5 days, roll it to a later settlement; "
        f"{more} × VIX 2027-01-20 25C meet {layer.sizing.binding}"
    )


@pytest.mark.parametrize(
    ("vix", "severity", "still"),
    [(17.2, 3, False), (16.9, 3, True), (16.0, 3, True), (15.9, 2, True), (12.0, 2, True)],
)
def test_what_only_its_release_keeps_triggered_is_no_alarm_far_below(
    vix: float, severity: int, still: bool
) -> None:
    """On watch from 16 on; nothing else triggers it."""
    found = judged(book_of(CONDOR, calls(10)), after([18.0, 18.5], at_vix(vix)), {**AT_ONCE, **ROOMY})
    state = found.layers["L1"].state
    assert state is not None
    assert (state.trigger, state.lingering is not None, state.is_far) == ("triggered", still, severity == 2)
    ((said_as, text, rule),) = about(found, "L1")
    assert (said_as, rule) == (severity, "L1.zone")
    assert text.startswith("still triggered since" if still else "triggered since")
    assert "10 held; " in text


def test_an_early_sign_of_today_calls_at_any_vix() -> None:
    climb = [13.9, 14.1, 14.4, 14.8, 15.3, 15.9]
    found = judged(book_of(SMALL), simulated(15.9, CALM + climb, diverging=True))
    state = found.layers["L1"].state
    assert state is not None
    assert (state.trigger, state.lingering) == ("triggered", None)
    assert about(found, "L1")[0][0] == 3


@pytest.mark.parametrize(
    ("closes", "needs", "rules"),
    [
        ([18.0], "2 closes at 16 or below", {}),
        ([18.0, 15.8], "1 more close at 16 or below", {}),
        ([18.0, 15.8], "2 more closes at 16 or below", {"layers.release_sessions": 3}),
        ([18.0], "1 close at 16 or below", {"layers.release_sessions": 1}),
        (
            [18.0, 15.8, 15.9],
            "breadth back (unknown)",
            {"layers.release_needs": ("breadth.realigned",)},
        ),
        ([18.0, 15.8, 15.9], "vol.rv-iv met (unknown)", {"layers.release_needs": ("vol.rv-iv",)}),
    ],
)
def test_what_a_release_still_needs(closes: list[float], needs: str, rules: Mapping[str, Value]) -> None:
    found = judged(book_of(CONDOR), after(closes, at_vix(15.0)), {**RELEASE, **rules})
    state = found.layers["L1"].state
    assert state is not None
    assert state.lingering is not None
    assert state.lingering.needs == needs


def test_the_second_engine_lingers_with_its_layer_and_never_where_it_is_asked_for() -> None:
    market = after([26.0, 26.0], at_vix(21.0))
    for on_demand, lingers in ((False, True), (True, False)):
        rules: Mapping[str, Value] = {**AT_ONCE, **ROOMY, "layers.SE.on_demand": on_demand}
        state = judged(book_of(CONDOR), market, rules).layers["SE"].state
        assert state is not None
        assert (state.trigger, state.is_far) == ("triggered", lingers)


RELEASE: Mapping[str, Value] = {**AT_ONCE, **ROOMY, "layers.release_needs": ()}


def test_what_is_released_is_unwound_with_what_that_realises() -> None:
    market = after([18.0, 18.5, 15.9, 15.8], at_vix(15.5))
    found = judged(book_of(CONDOR, calls(12, debit=1.5)), market, RELEASE)
    layer = found.layers["L1"]
    assert layer.state is not None
    assert (layer.state.trigger, layer.action) == ("release", "unwind")
    worth = 12 * 100 * vix_call(25.0)
    assert layer.unwind_value == pytest.approx(worth)
    assert layer.unwind_pnl == pytest.approx(worth - 12 * 150.0)
    text = (
        f"released since {layer.state.since:%b} {layer.state.since.day}: unwind the 12 held, "
        f"worth {worth:,.0f} $ at its marks, −{1800.0 - worth:,.0f} $ realised"
    )
    assert about(found, "L1") == [(2, text, "L1.release")]
    assert judged(book_of(CONDOR), market, RELEASE).layers["L1"].action == "none"


def test_an_unwind_that_cannot_be_priced_says_so() -> None:
    blind = replace(calls(12), legs=(leg(12, "VIX", date(2027, 2, 17), "C", 25.0),))
    found = judged(book_of(CONDOR, blind), after([18.0, 18.5, 15.9, 15.8], at_vix(15.5)), RELEASE)
    layer = found.layers["L1"]
    assert (layer.action, layer.unwind_value, layer.unwind_pnl) == ("unwind", None, None)
    assert about(found, "L1")[0][1].endswith("unwind the 12 held, what that realises is unknown")


def test_only_what_is_to_be_unwound_has_a_value_of_it() -> None:
    layer = judged(book_of(CONDOR, calls(12)), golden_market(), AT_ONCE).layers["L1"]
    assert (layer.unwind_value, layer.unwind_pnl) == (None, None)


def test_more_than_is_called_for() -> None:
    found = judged(book_of(CONDOR, calls(70)), golden_market(), {**AT_ONCE, **ROOMY})
    assert found.layers["L1"].action == "trim"
    assert about(found, "L1")[0] == (2, "70 held, 6 more than vega coverage asks for", "vega coverage")


def test_enough_or_not_unknown_is_told_of_a_layer_that_is_due() -> None:
    """The second condor has no market, so nobody knows the vega; the exposure alone is more than covered."""
    other = condor(7.0, strikes=(6300.0, 6350.0, 7200.0, 7250.0), expiry=date(2027, 1, 15), name="jan")
    found = judged(book_of(CONDOR, other, calls(90)), golden_market(), {**AT_ONCE, **ROOMY})
    layer = found.layers["L1"]
    assert (layer.holding, layer.action) == (None, "hold")
    text = (
        "triggered since Nov 20: 90 held, whether that is enough is unknown: "
        "vega coverage: a condor has no vega"
    )
    assert (2, text, "L1.zone") in about(found, "L1")


def test_an_empty_book_on_a_bad_day() -> None:
    found = judged(book_of(), at_vix(33.0), AT_ONCE)
    assert {layer.action for layer in found.layers.values()} == {"none"}
    assert found.condor_rules == {}
    assert [item for item in found.attention if item.position] == []
    nothing = judged(book_of(), MarketSnapshot(AT))
    assert nothing.attention == ()
    assert nothing.shrink.verdict is Verdict.UNKNOWN


def test_without_a_quote_or_close_no_layer_has_a_state() -> None:
    assessment = assess(book_of(CONDOR, calls(3)), MarketSnapshot(AT), ZONES, AT)
    found = assessment.judgement
    assert {signal.verdict for signal in found.signals} == {Verdict.UNKNOWN}
    assert all(layer.state is None for layer in found.layers.values())
    assert (found.layers["L1"].holding, found.layers["L1"].action) == (None, "hold")
    assert (found.layers["L2"].holding, found.layers["L2"].action) == ("none", "none")
    assert [layer["trigger"] for layer in assessment_json(assessment)["layers"]] == [None] * 4


def test_an_outage_of_the_indices_leaves_the_closes_as_they_are() -> None:
    market = after([15.0, 16.0], replace(golden_market(), quotes={}, chains={}))
    found = closes_at(valued(book_of(CONDOR), market))
    assert (found.day(-1), found.provisional) == (date(2026, 11, 19), False)
    assert found.column("vix")[-1] == 16.0


@pytest.mark.parametrize(
    ("time", "last", "provisional"),
    [
        (datetime(2026, 11, 20, 9, 29, tzinfo=NEW_YORK), date(2026, 11, 19), False),  # not yet open
        (datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK), TODAY, True),
        (datetime(2026, 11, 20, 17, 0, tzinfo=NEW_YORK), TODAY, True),
        (datetime(2026, 11, 21, 12, 0, tzinfo=NEW_YORK), TODAY, True),  # Saturday: Friday's last quotes
        (datetime(2026, 11, 23, 8, 0, tzinfo=NEW_YORK), TODAY, True),
    ],
)
def test_live_values_stand_in_for_the_close_of_their_own_session(
    time: datetime, last: date, provisional: bool
) -> None:
    days = sessions(date(2026, 11, 2), date(2026, 11, 19))
    history = History(
        np.array(days, dtype="datetime64[D]"),
        {"spx": np.full(len(days), 6700.0), "vix": np.full(len(days), 15.0)},
    )
    market = replace(golden_market(), time=time, history=history)
    found = closes_at(valued(book_of(CONDOR), market))
    assert (found.day(-1), found.provisional) == (last, provisional)
    assert found.column("spx")[-1] == (SPOT if provisional else 6700.0)
    assert found.column("vix")[-1] == (17.2 if provisional else 15.0)


def test_the_close_of_the_day_once_known_counts() -> None:
    days = sessions(date(2026, 11, 2), TODAY)
    history = History(np.array(days, dtype="datetime64[D]"), {"spx": np.linspace(6700.0, 6750.0, len(days))})
    evening = datetime(2026, 11, 20, 17, 0, tzinfo=NEW_YORK)
    found = closes_at(valued(book_of(CONDOR), replace(golden_market(), time=evening, history=history)))
    assert (found.day(-1), found.provisional) == (TODAY, False)
    assert found.column("spx")[-1] == 6750.0


def test_quotes_of_an_earlier_session_are_not_todays() -> None:
    yesterday = datetime(2026, 11, 19, 16, 0, tzinfo=NEW_YORK)
    market = golden_market()
    quotes = {
        **market.quotes,
        "^SPX": Quote("^SPX", last=SPOT, time=yesterday),
        "^VIX3M": Quote("^VIX3M", last=19.0, time=yesterday),
        "^VVIX": Quote("^VVIX", last=95.0, time=AT),
    }
    found = closes_at(valued(book_of(CONDOR), after([15.0, 16.0], replace(market, quotes=quotes))))
    assert np.isnan(found.column("spx")[-1])
    assert np.isnan(found.column("vix3m")[-1])
    assert (found.column("vix")[-1], found.column("vvix")[-1]) == (17.2, 95.0)
    assert found.column("vx1")[-1] == pytest.approx(19.35)


# The simulated market, with closes that trigger the first layer by the rules as they are shipped.

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
CALM = [14.0 + 0.3 * ((n * 7) % 5 - 2) for n in range(80)]
CLIMB = [14.4, 15.0, 15.7, 16.5, 17.4]
SMALL = condor(
    9.5, lots=5, strikes=(6350.0, 6400.0, 7100.0, 7150.0), expiry=date(2026, 12, 18), name="dec-18"
)


def simulated(vix: float, vix_closes: list[float], diverging: bool = False) -> MarketSnapshot:
    """Closes that lead to the simulated moment; the shares go with the index, or part from it where told."""
    market = simulated_market(NOON, seed=3, vix=vix)
    days = sessions(date(2026, 1, 2), date(2026, 11, 19))[-len(vix_closes) :]
    count = np.arange(len(days), dtype=float)
    spx = 6760.0 + 12.0 * ((count * 3.0) % 4.0 - 1.5)
    advances = 1500.0 + 20.0 * np.diff(spx, prepend=spx[0])
    if diverging:
        spx[-6:] = [6770.0, 6775.0, 6780.0, 6785.0, 6790.0, 6795.0]
        advances[-6:] = 700.0
    series = {"spx": spx, "vix": np.array(vix_closes), "advances": advances, "declines": 3000.0 - advances}
    history = History(np.array(days, dtype="datetime64[D]"), series)
    return replace(market, history=history)


def test_the_first_layer_due_in_the_simulated_market_says_how_many_of_what() -> None:
    market = simulated(18.6, CALM + CLIMB)
    spread = Hedge(
        id="spread",
        legs=(leg(4, "VIX", DECEMBER, "C", 22.0), leg(-4, "VIX", DECEMBER, "C", 32.0)),
        credit=-0.6,
        opened=date(2026, 11, 9),
    )
    book = book_of(SMALL, spread)
    assessment = assess(book, market, ZONES, NOON)
    found = assessment.judgement
    layer = found.layers["L1"]
    assert layer.state is not None
    assert layer.state.trigger == "triggered"
    met = {reading.id for reading in layer.state.rules if reading.verdict is Verdict.YES}
    assert {"L1.zone", "vix.rsi", "macd.vix"} <= met
    assert (layer.holding, layer.action, layer.sizing.held) == ("partial", "add", 4)
    assert layer.sizing.target is not None
    more, bound = layer.sizing.target[0] - 4, layer.sizing.binding
    first = next(item for item in found.attention if item.position == "L1")
    assert first.severity == 3
    assert f"4 held; {more} × VIX 2026-12-16 22C/32C" in first.text
    assert bound in first.text
    assert first.rule == "L1.zone"
    published = assessment_json(assessment)["layers"][0]
    assert published["target_contracts"] == list(layer.sizing.target)
    assert (published["unwind_value"], published["unwind_pnl"]) == (None, None)
    assert found.layers["L2"].state is not None
    assert found.layers["L2"].state.trigger == "idle"


def test_the_number_to_add_is_enough_and_one_less_is_not() -> None:
    market = simulated(18.6, CALM + CLIMB)
    rich = {**ROOMY}

    def coverage(lots: int) -> float:
        book = book_of(SMALL, calls(lots))
        found = measured_in(judged(book, market, rich), "L1", "vega coverage").reading
        assert found is not None
        return found

    sizing = judged(book_of(SMALL, calls(1)), market, rich).layers["L1"].sizing
    assert (sizing.binding, sizing.held) == ("vega coverage", 1)
    assert sizing.target is not None
    least, most = sizing.target
    assert coverage(least - 1) < 0.40 <= coverage(least)
    assert coverage(most) <= 0.60 < coverage(most + 1)


def test_early_momentum_asks_for_the_larger_share() -> None:
    climb = [13.9, 14.1, 14.4, 14.8, 15.3, 15.9]
    early = judged(book_of(SMALL), simulated(15.9, CALM + climb, diverging=True))
    state = early.layers["L1"].state
    assert state is not None
    assert state.trigger == "triggered"
    assert "L1.early-momentum" in {r.id for r in state.rules if r.verdict is Verdict.YES}
    share = measured_in(early, "L1", "exposure share")
    assert (share.low, share.high) == (0.15, 0.20)
    zone = judged(book_of(SMALL), simulated(18.6, CALM + CLIMB))
    share = measured_in(zone, "L1", "exposure share")
    assert (share.low, share.high) == (0.10, 0.15)
    assert said(early, "L1.early-momentum")


def test_the_sized_book_is_due_no_more() -> None:
    market = simulated(18.6, CALM + CLIMB)
    target = judged(book_of(SMALL), market, ROOMY).layers["L1"].sizing
    assert target.instrument is not None
    assert target.target is not None
    contract = _contract_named(target.instrument.name, market)
    held = Hedge(
        id="ref",
        legs=(leg(target.target[0], contract.root, contract.expiry or VIX_DAY, "C", contract.strike or 0.0),),
        credit=-1.0,
        opened=date(2026, 11, 19),
    )
    found: Judgement = judged(_book(held), market, ROOMY)
    assert found.layers["L1"].holding == "covered"
    assert found.layers["L1"].action == "hold"
    assert found.layers["L1"].sizing.target == target.target


def _book(held: Hedge) -> Book:
    return book_of(SMALL, held)


def _contract_named(name: str, market: MarketSnapshot) -> Contract:
    return next(
        contract
        for (root, expiry), chain in market.chains.items()
        for strike in chain.strikes
        if str(contract := Contract(root, expiry, "C", float(strike))) == name
    )
