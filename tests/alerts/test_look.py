"""What of a frame can be told: with which words, and what is left out where the data is not sound."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.alerts.alert import Alert, at_a_glance, change_of
from alvh_tui.alerts.look import BROKEN_BOOK, look_at
from alvh_tui.alerts.machine import Look
from alvh_tui.alerts.words import TRIGGERED, joined
from alvh_tui.assess import assess
from alvh_tui.book.load import load_book
from alvh_tui.market.folder import read_market
from alvh_tui.market.types import SourceState
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.method.profile import load_rules
from alvh_tui.method.shrink import Shrink
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.marks import Rung
from alvh_tui.settings import AlertSettings
from alvh_tui.toml.problem import Problem
from tests.alerts.frames import FRESH, frame, looked, sourced
from tests.memory.worlds import TENSE, at, seen

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_positions"
PLAIN, OPEN = AlertSettings(), AlertSettings(amounts=True)
STALE, FAILED = SourceState.STALE, SourceState.FAILED


def rules_of(look: Look) -> set[tuple[str, str]]:
    return {(alert.rule, alert.about) for alert in look.conditions}


def sample(name: str, settings: AlertSettings) -> Look:
    book = load_book(SAMPLES / f"{name}.toml").book
    assert book is not None
    rules = load_rules(book.account.rules, beside=SAMPLES).rules
    assert rules is not None
    market = read_market(SAMPLES / f"{name}.market")
    return look_at(frame(market.time, assess(book, market, rules, market.time)), settings)


def test_a_calm_frame_has_nothing_of_its_layers() -> None:
    look = look_at(looked(at("11:00")), PLAIN)
    assert not look.fault
    assert look.held
    assert not {rule for rule, _ in rules_of(look)} & {TRIGGERED, "layer.watch", "layer.release"}


def test_a_layer_that_triggers_is_one_and_says_by_which_rules() -> None:
    look = look_at(looked(at("11:00"), vix=TENSE), PLAIN)
    (triggered,) = [alert for alert in look.conditions if alert.rule == TRIGGERED]
    assert (triggered.about, triggered.severity) == ("L1", Severity.ACT)
    assert triggered.title == at_a_glance(triggered) == "L1 triggered"
    assert triggered.body.startswith("L1.zone 18.00 (17)")
    assert triggered.body.endswith("on a live value, not yet a close")


def test_attention_keeps_its_severity_and_names_its_rule() -> None:
    look = look_at(looked(at("11:00"), spot=6380.0), PLAIN)
    near = next(alert for alert in look.conditions if alert.rule == "condor.proximity")
    assert (near.about, near.severity, near.title) == ("dec-31", Severity.ACT, "dec-31: act")
    assert near.body == "short put 6400 is 20 points in the money (condor.proximity)"
    assert at_a_glance(near) == "dec-31: short put 6400 is 20 points in the money"
    assert change_of(near).text == near.body
    assert (change_of(near).kind, change_of(near).name, change_of(near).after) == ("alert", "dec-31", "act")


@pytest.mark.parametrize("name", ["calm", "tested", "broken_wing"])
def test_bodies_hold_no_amounts_unless_asked_to(name: str) -> None:
    look, full = sample(name, AlertSettings(rules={"*": "know"})), sample(name, OPEN)
    for alert in look.conditions:
        said = alert.text
        assert "$" not in said
        assert not re.search(r"\d+ (held|more|×)|× |credit earned|times the credit|worth", said), said
    assert {alert.key for alert in full.conditions} <= {alert.key for alert in look.conditions}


def test_amounts_are_said_where_they_are_asked_for() -> None:
    said = " ".join(alert.body for alert in sample("tested", OPEN).conditions)
    assert "4 held; 3 × VIX" in said
    assert "held;" not in " ".join(alert.body for alert in sample("tested", PLAIN).conditions)


def test_a_delta_turned_over_is_told_of_its_layer() -> None:
    told = {settings.amounts: _of_delta(sample("tested", settings)) for settings in (PLAIN, OPEN)}
    assert {alert.severity for alert in told.values()} == {Severity.SOON}
    assert told[False].body == (
        "what is held of L3 takes the book's delta further from zero instead of flattening it (L3.delta)"
    )
    assert told[True].body.startswith("delta +9.8 without it, delta −90.1 with it: turned over")


def _of_delta(look: Look) -> Alert:
    (found,) = [alert for alert in look.conditions if alert.rule == "L3.delta"]
    assert found.key not in look.unknown
    return found


def test_whether_delta_is_flattened_is_unknown_where_a_delta_or_its_quote_is() -> None:
    book, rules = load_book(SAMPLES / "tested.toml").book, load_rules("zones", beside=SAMPLES).rules
    assert book is not None
    assert rules is not None
    market = read_market(SAMPLES / "tested.market")
    key = _of_delta(sample("tested", PLAIN)).key
    late = assess(book, market, rules, market.time + timedelta(minutes=45))
    assert key in look_at(frame(late.at, late), PLAIN).unknown
    chains = {place: chain for place, chain in market.chains.items() if place[0] != "SPX"}
    unpriced = assess(book, replace(market, chains=chains), rules, market.time)
    found = look_at(frame(market.time, unpriced), PLAIN)
    assert unpriced.judgement.layers["L3"].flattening is None
    assert key in found.unknown


def test_signals_and_rules_of_a_condor_are_told_to_those_who_name_them() -> None:
    told = rules_of(sample("tested", AlertSettings(rules={"term.*": "know", "condor.pcf": "know"})))
    plain = rules_of(sample("tested", PLAIN))
    assert told - plain <= {("term.structure", "book"), ("condor.pcf", "front"), ("condor.pcf", "early")}
    assert ("term.structure", "book") in told
    assert not plain - told


def test_two_of_one_rule_about_one_position_have_keys_of_their_own() -> None:
    keys = [alert.key for alert in sample("tested", AlertSettings(rules={"*": "know"})).conditions]
    assert len(keys) == len(set(keys))


def test_a_broken_book_is_one() -> None:
    problem = Problem("book.toml", 7, "condor[1].credit", "is a list", "expected a number")
    good = looked(at("11:00"))
    look = look_at(replace(good, problems=(problem,)), PLAIN)
    (broken,) = [alert for alert in look.conditions if alert.rule == BROKEN_BOOK]
    assert broken.body.startswith("line 7: condor[1].credit is a list")


@pytest.mark.parametrize(
    ("sources", "fault"),
    [
        ((("feed.quotes", STALE), ("feed.chains", SourceState.FRESH)), "feed.quotes stale"),
        ((("feed.quotes", SourceState.FRESH), ("feed.chains", FAILED)), "feed.chains failed"),
        ((*FRESH, ("feed", FAILED)), "feed failed"),
        ((("home", STALE),), "home stale"),
        ((*FRESH, ("feed.^SKEW", FAILED)), ""),
        ((*FRESH, ("feed.history", STALE), ("feed.events", FAILED)), ""),
    ],
)
def test_nothing_stands_on_quotes_that_are_not_sound(
    sources: tuple[tuple[str, SourceState], ...], fault: str
) -> None:
    look = look_at(looked(at("11:00"), vix=TENSE, sources=sources), PLAIN)
    assert look.fault == fault
    assert bool(look.conditions) is not bool(fault)
    assert look.held


def test_nothing_stands_where_the_feed_failed_or_gave_nothing() -> None:
    failed = look_at(replace(looked(at("11:00")), error="feed failed: OSError"), PLAIN)
    assert (failed.fault, failed.conditions, failed.held) == ("feed failed: OSError", (), True)
    none = look_at(frame(at("11:00")), PLAIN)
    assert (none.fault, none.conditions, none.held) == ("no market yet", (), None)


def test_layers_on_stale_closes_are_unknown() -> None:
    sources = (*FRESH, ("feed.history", STALE))
    look = look_at(looked(at("11:00"), vix=TENSE, sources=sources), PLAIN)
    assert {"L1", "L2", "L3", "SE", "shrink|book|0"} <= look.unknown
    assert not {"L1", "L2", "L3", "SE"} & look_at(looked(at("11:00"), vix=TENSE), PLAIN).unknown


def test_a_position_on_old_quotes_is_unknown() -> None:
    taken = seen(at("11:00"))
    late = sourced(replace(taken, at=taken.at + timedelta(minutes=45)), *FRESH)
    assert "dec-31" in look_at(frame(late.at, late), PLAIN).unknown
    assert "dec-31" not in look_at(looked(at("11:00")), PLAIN).unknown


def test_what_was_never_quoted_is_as_old_as_it_is() -> None:
    taken = seen(at("11:00"))
    positions = tuple(
        replace(
            held,
            figures=replace(
                held.figures,
                legs=tuple(replace(leg, mark=replace(leg.mark, rung=Rung.LAST)) for leg in held.figures.legs),
            ),
        )
        for held in taken.positions
    )
    late = sourced(replace(taken, at=taken.at + timedelta(minutes=45), positions=positions), *FRESH)
    assert "dec-31" not in look_at(frame(late.at, late), PLAIN).unknown


def judged(*attention: Attention, **changes: Any) -> Look:
    taken = seen(at("11:00"))
    judgement = replace(taken.judgement, attention=attention, **changes)
    return look_at(frame(taken.at, sourced(replace(taken, judgement=judgement), *FRESH)), NAMED)


NAMED = AlertSettings(rules={"vix.disconnect": "know"})


def test_a_source_that_ails_is_no_alert_of_its_own() -> None:
    assert judged(Attention(Severity.SOON, None, "feed.history is stale", "data.stale")).conditions == ()


def test_a_signal_that_asks_for_attention_is_one_alert() -> None:
    asks = Attention(Severity.KNOW, None, "VIX moved apart: doubt the quotes", "vix.disconnect")
    signals = tuple(
        replace(signal, verdict=Verdict.YES) if signal.id == "vix.disconnect" else signal
        for signal in seen(at("11:00")).judgement.signals
    )
    (found,) = judged(asks, signals=signals).conditions
    assert found.body == f"{asks.text} (vix.disconnect)"


def test_shrinking_the_condors_is_one() -> None:
    (found,) = judged(shrink=Shrink(Verdict.YES, ())).conditions
    assert (found.rule, found.about, found.severity) == ("shrink", "book", Severity.SOON)
    assert judged(shrink=Shrink(Verdict.NO, ())).conditions == ()


def test_a_limit_that_is_reached_is_said_without_its_figure() -> None:
    (found,) = judged(Attention(Severity.SOON, "L1", "premium at risk 3.2 % of …", "risk cap")).conditions
    assert found.body == "the premium at risk has reached its limit (risk cap)"


@pytest.mark.parametrize(("clock", "counts"), [("09:29", None), ("09:30", "09:50"), ("16:20", None)])
def test_missing_data_counts_once_a_delayed_source_can_have_some(clock: str, counts: str | None) -> None:
    assert look_at(frame(at(clock)), PLAIN).counts_from == (counts and at(counts))


def test_what_a_layer_asks_for_is_said_with_its_trigger() -> None:
    def about(rule: str, body: str, layer: str = "L2") -> Alert:
        return Alert(Severity.ACT, f"{layer} triggered", body, rule, layer, at(), f"{rule}|{layer}|0")

    trigger = about(TRIGGERED, "L2.zone 26 (24)")
    asks = about("L2.zone", "called for (L2.zone)")
    other = about("L1.zone", "called for (L1.zone)", "L1")
    capped = about("risk cap", "the premium at risk has reached its limit (risk cap)")
    told = joined((trigger, asks, other, capped))
    assert [alert.rule for alert in told] == [TRIGGERED, "L1.zone", "risk cap"]
    assert told[0].body == "L2.zone 26 (24); called for"
    assert joined((asks,)) == (asks,)


def test_foreign_text_cannot_act_on_a_terminal() -> None:
    look = look_at(replace(looked(at("11:00")), error="\x1b]0;owned\a"), PLAIN)
    alert = Alert(Severity.ACT, "x", look.fault, "data.stale", "data", at(), "k")
    assert alert.text.isprintable()
