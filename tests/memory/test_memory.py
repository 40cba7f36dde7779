"""What each refresh adds to journal and past, alone and beside another program on the same book."""

from dataclasses import replace
from pathlib import Path

import pytest

from alvh_tui.assess import Assessment, assess
from alvh_tui.book.model import Adjustment, Book
from alvh_tui.instruments.calendar import add_sessions
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.memory import Memory
from alvh_tui.method.holding import HoldingState
from alvh_tui.publish import assessment_json
from tests.memory.worlds import BOOK, CALM, FRIDAY, OPENED, RULES, TENSE, at, later, market, seen
from tests.method.worlds import rules_with
from tests.risk.worlds import YEAR_END, leg

ROLL = Adjustment(
    on=FRIDAY,
    legs=(
        leg(10, "SPXW", YEAR_END, "C", 7100.0),
        leg(-10, "SPXW", YEAR_END, "C", 7150.0),
        leg(-10, "SPXW", YEAR_END, "C", 7050.0),
        leg(10, "SPXW", YEAR_END, "C", 7100.0),
    ),
    credit=0.85,
    contracts=10,
)
ROLLED = replace(BOOK, condors=(replace(BOOK.condors[0], adjustments=(ROLL,)),))
STRICTER = rules_with({"condor.pcf.limit": 2.5}, RULES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite"


@pytest.fixture
def memory(path: Path) -> Memory:
    return Memory(path)


def said(entries: tuple[Entry, ...]) -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.about, entry.text) for entry in entries]


def begun(memory: Memory) -> Memory:
    assert memory.remember(seen(at("10:00")))
    return memory


def test_the_first_look_tells_what_is_held_and_how_the_layers_stand(memory: Memory) -> None:
    entries = memory.remember(seen(at("10:00")))
    assert [(entry.kind, entry.about) for entry in entries] == [
        ("position", "dec-31"),
        ("position", "L1-jan"),
        *(("layer", layer) for layer in ("L1", "L2", "L3", "SE")),
    ]
    assert entries[0].text.startswith("opened: -10 SPXW 2026-12-31 6350P/6400P/7100C/7150C for 17.50")
    assert entries[0].facts["on"] == OPENED.isoformat()
    assert entries[1].facts["layer"] == "L1"
    assert memory.remember(seen(at("10:01"))) == ()
    assert memory.state.fine


def test_a_layer_that_triggers_is_an_entry_with_its_reasons(memory: Memory) -> None:
    (entry,) = begun(memory).remember(seen(at("10:01"), vix=TENSE))
    assert (entry.kind, entry.about) == ("layer", "L1")
    assert entry.text.startswith("idle → triggered")
    assert "L1.zone 18.00 (17)" in entry.text
    facts = entry.facts
    assert facts["change"]["trigger"] == ["idle", "triggered"]
    assert (facts["market"]["spot"], facts["market"]["vix"]) == (6800.0, TENSE)
    assert facts["rules"]["fingerprint"] == RULES.fingerprint
    assert "L1.zone" in {reading["id"] for reading in facts["readings"]}
    assert facts["before"]["vix"] == CALM
    assert facts["after"]["positions"]["dec-31"]["breakevens"]["expiry"] == pytest.approx([6382.5, 7117.5])
    assert facts["after"]["coverage"] is not None


def test_an_edit_is_an_entry_with_before_and_after(memory: Memory) -> None:
    entries = begun(memory).remember(seen(at("10:01"), book=ROLLED))
    (entry,) = [entry for entry in entries if entry.about == "dec-31"]
    assert entry.text == "call side rolled 7100 → 7050 for 0.85"
    before, after = (entry.facts[when]["positions"]["dec-31"] for when in ("before", "after"))
    assert before["breakevens"]["expiry"] == pytest.approx([6382.5, 7117.5])
    assert after["breakevens"]["expiry"] == pytest.approx([6381.65, 7068.35])
    assert before["greeks"]["vega"] != after["greeks"]["vega"]
    assert entry.facts["layers"]["L1"]["trigger"] == "idle"


def test_a_changed_rule_is_an_entry_that_asks_why(memory: Memory) -> None:
    (entry,) = begun(memory).remember(seen(at("10:01"), rules=STRICTER))
    assert said((entry,)) == [("rules", "rules", "condor.pcf.limit 3.2 → 2.5")]
    assert entry.facts["change"] == {"condor.pcf.limit": [3.2, 2.5]}
    assert memory.journal.unexplained() == (entry,)


def test_an_edit_while_nothing_ran_is_told_by_the_next_program(memory: Memory, path: Path) -> None:
    begun(memory).close()
    (entry,) = [e for e in Memory(path).remember(seen(later(1), book=ROLLED)) if e.about == "dec-31"]
    assert entry.text == "call side rolled 7100 → 7050 for 0.85, on 2026-11-20"
    assert entry.facts["before"]["at"] == at("10:00").isoformat()


def test_two_programs_write_each_change_once(memory: Memory, path: Path) -> None:
    begun(memory)
    other = Memory(path)
    assert other.remember(seen(at("10:00:10"))) == ()
    first = memory.remember(seen(at("10:01"), vix=TENSE, book=ROLLED, rules=STRICTER))
    assert {entry.kind for entry in first} == {"layer", "position", "rules"}
    stale = seen(at("10:01:05"), taken=at("10:00:10"))
    assert other.remember(stale) == (), "who has not seen the edit yet does not take it back"
    assert other.remember(seen(at("10:01:20"), vix=TENSE, book=ROLLED, rules=STRICTER)) == ()
    calmed = other.remember(seen(at("10:02"), book=ROLLED, rules=STRICTER))
    assert [entry.about for entry in calmed] == ["L1"]
    assert memory.remember(seen(at("10:02:10"), book=ROLLED, rules=STRICTER)) == ()
    verified = memory.journal.verify()
    assert verified is not None
    assert verified.untouched


def l1(entries: tuple[Entry, ...]) -> list[object]:
    return [entry.facts["change"]["trigger"] for entry in entries if entry.about == "L1"]


def test_an_older_market_says_nothing_of_the_layers(memory: Memory, path: Path) -> None:
    other = Memory(path)
    begun(memory)
    other.remember(seen(at("10:00:10")))
    memory.remember(seen(at("10:02")))
    assert other.remember(seen(at("10:02:05"), taken=at("10:01"), vix=TENSE)) == ()
    assert l1(other.remember(seen(at("10:03"), vix=TENSE))) == [["idle", "triggered"]]


def test_two_programs_that_see_different_markets_do_not_take_turns(memory: Memory, path: Path) -> None:
    other = Memory(path)
    begun(memory)
    other.remember(seen(at("10:00:10")))
    assert l1(other.remember(seen(at("10:01"), vix=TENSE))) == [["idle", "triggered"]]
    for clock in ("10:02", "10:04"):
        assert memory.remember(seen(at(clock))) == (), "for this one nothing has changed"
        assert other.remember(seen(at(f"{clock}:30"), vix=TENSE)) == ()


def test_rules_under_another_name_are_the_same_rules(memory: Memory, path: Path) -> None:
    begun(memory)
    renamed = replace(RULES, name="mine.toml")
    assert Memory(path).remember(seen(at("10:01"), rules=renamed)) == ()


def test_a_correction_is_no_action(memory: Memory) -> None:
    begun(memory)
    corrected = replace(BOOK, condors=(replace(BOOK.condors[0], credit=17.6),))
    assert len(memory.remember(seen(at("11:00"), book=corrected))) == 1
    (entry,) = memory.remember(seen(at("16:20"), book=corrected))
    assert entry.text.endswith("; no action")


def test_what_could_not_be_written_is_written_later(memory: Memory, path: Path) -> None:
    begun(memory).close()
    path.rename(path.with_suffix(".aside"))
    path.mkdir()
    assert memory.remember(seen(at("10:01"), vix=TENSE)) == ()
    assert not memory.state.fine
    path.rmdir()
    path.with_suffix(".aside").rename(path)
    entries = memory.remember(seen(at("10:02"), vix=TENSE))
    assert [entry.about for entry in entries] == ["L1"]


def holding(assessment: Assessment, state: HoldingState) -> Assessment:
    """The same with L1's holding as told."""
    layers = dict(assessment.judgement.layers)
    layers["L1"] = replace(layers["L1"], holding=state)
    return replace(assessment, judgement=replace(assessment.judgement, layers=layers))


def test_a_holding_at_the_edge_is_news_once_it_has_stood(memory: Memory) -> None:
    covered, partial = HoldingState.COVERED, HoldingState.PARTIAL
    assert memory.remember(holding(seen(at("10:00")), covered))
    for clock, state in (("10:01", partial), ("10:05", covered), ("10:06", partial), ("10:20", partial)):
        assert memory.remember(holding(seen(at(clock)), state)) == (), clock
    (entry,) = memory.remember(holding(seen(at("10:21")), partial))
    assert entry.facts["change"] == {"holding": ["covered", "partial"]}
    assert memory.remember(holding(seen(at("10:22")), partial)) == ()


def test_a_holding_that_a_trade_changes_is_news_at_once(memory: Memory) -> None:
    memory.remember(holding(seen(at("10:00")), HoldingState.COVERED))
    entries = memory.remember(holding(seen(at("10:01"), book=ROLLED), HoldingState.PARTIAL))
    assert [entry.about for entry in entries] == ["dec-31", "L1"]


def test_what_is_no_number_is_null(memory: Memory) -> None:
    whole = seen(at("10:00"))
    assert memory.remember(replace(whole, totals=replace(whole.totals, vega_coverage=float("nan"))))
    assert memory.state.fine
    assert memory.journal.entries()[0].facts["after"]["coverage"] is None


def test_a_layer_nobody_knows_is_no_change(memory: Memory) -> None:
    begun(memory)
    known = seen(at("10:01"))
    layers = {layer: replace(judged, state=None) for layer, judged in known.judgement.layers.items()}
    assert memory.remember(replace(known, judgement=replace(known.judgement, layers=layers))) == ()
    assert memory.remember(seen(at("10:02"))) == ()


def test_a_note_is_drafted_for_each_condor_at_the_close(memory: Memory) -> None:
    begun(memory)
    (entry,) = memory.remember(seen(at("16:20")))
    held = seen(at("16:20")).positions[0].figures
    assert (entry.kind, entry.about) == ("close", "dec-31")
    assert entry.text.startswith("2026-11-20 P&L ")
    assert held.greeks is not None
    assert f"theta +{held.greeks.theta:.0f}" in entry.text
    assert f"6400P {held.shorts[0].distance_moves:.2f}σ" in entry.text
    assert entry.text.endswith("; no action")
    assert entry.facts["draft"] is True
    assert memory.remember(seen(at("16:40"))) == ()


def test_the_note_names_what_was_done(memory: Memory) -> None:
    begun(memory).remember(seen(at("11:00"), book=ROLLED))
    (entry,) = memory.remember(seen(at("16:20"), book=ROLLED))
    assert entry.text.endswith("; call side rolled 7100 → 7050 for 0.85")


def recalled(memory: Memory, book: Book, sessions: int = 1) -> dict[str, object]:
    taken = market(later(sessions, "10:00"), 6790.0)
    past = memory.recall(book, taken)
    assert past is not None
    return assessment_json(assess(book, taken, RULES, taken.time, past))


def test_the_day_is_explained_from_the_close_before(memory: Memory) -> None:
    begun(memory).remember(seen(at("16:20"), 6810.0))
    told = recalled(memory, BOOK)
    taken = market(later(1, "10:00"), 6790.0)
    known = assessment_json(assess(BOOK, taken, RULES, taken.time))
    assert known["totals"]["explained"] is None
    totals = told["totals"]
    assert isinstance(totals, dict)
    assert totals["explained_since"] == at("16:15").isoformat()
    day = totals["explained"]
    close = seen(at("16:20"), 6810.0).totals.pnl
    assert close is not None
    assert day["total"] == pytest.approx(known["totals"]["pnl"] - close, abs=0.01)
    assert sum(day[part] for part in ("delta", "gamma", "vega", "theta", "residual")) == pytest.approx(
        day["total"]
    )


def test_what_was_bought_since_has_no_yesterday(memory: Memory) -> None:
    begun(memory).remember(seen(at("16:20")))
    past = memory.recall(ROLLED, market(later(1)))
    assert past is not None
    found = assess(ROLLED, market(later(1)), RULES, later(1), past)
    assert found.positions[0].explained is None


def test_breakevens_are_recalled_from_the_closes(memory: Memory) -> None:
    book = replace(BOOK, condors=(replace(BOOK.condors[0], opened=FRIDAY),))
    entry = seen(at("10:00"), 6780.0, book)
    memory.remember(entry)
    memory.remember(seen(at("16:20"), 6800.0, book))
    close = seen(at("16:20"), 6800.0, book).positions[0].breakevens
    positions = recalled(memory, book)["positions"]
    assert isinstance(positions, list)
    migration, now = positions[0]["migration"], positions[0]["breakevens"]
    assert close is not None
    assert entry.positions[0].breakevens is not None
    then, opened = close.kinds["today_path"], entry.positions[0].breakevens.kinds["today_path"]
    since = migration["since_close"]
    assert (since["date"], since["rebuilt"]) == (FRIDAY.isoformat(), False)
    assert since["points"]["today_path"][0] == pytest.approx(
        now["today_path"][0] - (then.low or 0.0), abs=0.01
    )
    opening = migration["since_open"]["today_path"]
    assert opening[1] == pytest.approx(now["today_path"][1] - (opened.high or 0.0), abs=0.01)
    assert migration["pace"] == pytest.approx([10.0, -10.0])


def test_the_entry_is_the_first_that_was_seen_though_not_all_of_it_was_known(memory: Memory) -> None:
    book = replace(BOOK, condors=(replace(BOOK.condors[0], opened=FRIDAY),))
    morning = market(at("10:00"), 6780.0)
    without_vix = replace(morning, quotes={k: v for k, v in morning.quotes.items() if k != "^VIX"})
    first = assess(book, without_vix, RULES, at("10:00"))
    memory.remember(first)
    memory.remember(seen(at("11:00"), 6800.0, book))
    memory.remember(seen(at("16:20"), 6800.0, book))
    past = memory.recall(book, market(later(1, "10:00")))
    assert past is not None
    entry, table = past.recorded["dec-31"].entry, first.positions[0].breakevens
    assert entry is not None
    assert table is not None
    assert entry.spot == 6780.0
    assert entry.kinds["today"] == pytest.approx(
        (table.kinds["today"].low, table.kinds["today"].high), abs=0.01
    )
    assert entry.kinds["today_path"] == (None, None), "what is known by eleven is not of the entry"


def test_sessions_that_were_missed_are_rebuilt(memory: Memory) -> None:
    begun(memory).remember(seen(at("16:20")))
    positions = recalled(memory, BOOK, 3)["positions"]
    assert isinstance(positions, list)
    migration = positions[0]["migration"]
    assert migration["since_close"]["rebuilt"] is True
    assert migration["since_close"]["points"]["today"] is None
    assert migration["since_close"]["points"]["expiry"] == [0.0, 0.0]
    totals = recalled(memory, BOOK, 3)["totals"]
    assert isinstance(totals, dict)
    assert totals["explained_since"] == at("16:15").isoformat()


def test_the_past_is_read_once_a_session(memory: Memory) -> None:
    begun(memory)
    past = memory.recall(BOOK, market(later(1, "10:00")))
    assert memory.recall(BOOK, market(later(1, "11:00"))) is past
    assert memory.recall(replace(BOOK), market(later(1, "11:00"))) is not past
    assert memory.recall(BOOK, market(later(2, "10:00"))) is not past


def test_nothing_of_the_session_itself_or_later_is_recalled(memory: Memory) -> None:
    begun(memory).remember(seen(at("16:20")))
    past = memory.recall(BOOK, market(at("15:00")))
    assert past is not None
    assert past.previous is None
    assert past.recorded["dec-31"].closes == {}
    assert memory.recall(BOOK, market(at("15:00", add_sessions(FRIDAY, -1)))) is not None


def test_without_a_file_there_is_no_past(memory: Memory, path: Path) -> None:
    assert memory.recall(BOOK, market(at())) is None
    assert memory.state.fine
    assert not path.exists()
