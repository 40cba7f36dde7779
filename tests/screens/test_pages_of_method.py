"""The pages of a layer, a signal, a rule, an entry, a derivation, the problems and the steward's report."""

from dataclasses import replace
from typing import Any

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.method.rules import make_rules
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.pages import derivation, entry, layer, problems, report, rule, signal
from alvh_tui.screens.rows import Opens, Role, Row, Sheet
from alvh_tui.screens.shown import Builder, Shown
from alvh_tui.toml.problem import Problem, Severity
from alvh_tui.why.derive import derive
from alvh_tui.why.figure import Figure
from tests.screens.method_worlds import WHY, entry_about, told, with_layer
from tests.screens.panels_worlds import look, sample, shown


def text_of(sheet: Sheet) -> str:
    """All of it with single blanks, so that line breaks do not matter."""
    return " ".join(" ".join(row.text.split()) for row in sheet.rows)


def view(name: str = "tested", **changes: Any) -> Shown:
    return shown(sample(name), entries=told().entries, **changes)


def page(build: Builder, width: int = 100, of: Shown | None = None, **how: Any) -> Sheet:
    return build(of or view(), look(width, 40, **how))


def rows_of(sheet: Sheet) -> dict[str, Row]:
    return {row.key: row for row in sheet.rows}


# a layer


def test_a_layers_page_has_every_rule_with_its_sentence_and_source() -> None:
    said = text_of(page(layer.sheet_for("L1")))
    assert "L1.zone 18.28 ≥17 ● yes confirmations: 3, needed 2; as of Oct 2" in said
    assert (
        "VIX has reached L1's trigger, and enough signals confirm that it is a change of regime. (S1 S4)"
        in said
    )
    for reading in sample("tested").judgement.layers["L1"].state.rules:  # type: ignore[union-attr]
        assert reading.id in said
    assert "L1.tolerated" in said.partition("Its other rules")[2]
    assert "L1.zone" not in said.partition("Its other rules")[2]


def test_a_layers_page_shows_yardsticks_shocks_hedges_and_history() -> None:
    sheet = page(layer.sheet_for("L1"))
    said = text_of(sheet)
    assert "VIX +10 +1,042 $ covers 36 %" in said
    assert "vega coverage" in said
    assert "What layer 1 gains on a point of VIX, as a share of what the condors lose. (S2)" in said
    assert rows_of(sheet)["layer hedge L1-spread"].opens == Opens("position", "L1-spread")
    assert "idle → triggered, action add" in said.partition("What happened")[2]
    assert "SE" not in said.partition("What happened")[2].partition("Its other rules")[0]


def test_a_layers_page_says_what_unwinding_would_realise() -> None:
    assert "unwound" not in text_of(page(layer.sheet_for("L1")))
    released = with_layer(sample("tested"), "L1", unwind_value=1254.0, unwind_pnl=774.0)
    said = text_of(page(layer.sheet_for("L1"), of=shown(released)))
    assert "unwound at its marks: 1,254 $, realised +774 $" in said


def test_a_page_of_nothing_says_so() -> None:
    assert "nothing is known of L9" in text_of(page(layer.sheet_for("L9")))
    assert "nothing is known of vix.none" in text_of(page(signal.sheet_for("vix.none")))
    assert "the method has no rule none" in text_of(page(rule.sheet_for("none")))
    assert "the journal has no entry 999" in text_of(page(entry.sheet_for("999")))
    assert "there is no report: a full disk" in text_of(page(report.sheet, of=view(memory="a full disk")))


# a signal


def test_a_signals_page_defines_it_and_shows_its_series() -> None:
    sheet = page(signal.sheet_for("vix.rsi"))
    said = text_of(sheet)
    assert "Wilder's relative strength of VIX stands above its level" in said
    assert "source: S2 vega bias and layer sizing, S3 short put in the money" in said
    assert "reading 73.82 ~ rests on live values, not yet a close" in said
    assert "verdict ● yes since Nov 6, 14 days" in said
    assert "vix.rsi.period = 14 Sessions in Wilder's average." in said
    assert "L2 is triggered with it" in said
    chart = [row.text for row in sheet.rows if row.key.startswith("signal series")]
    assert len(chart) > 8
    assert "Nov 20" in chart[-1]
    assert any("╌" in line and line.startswith("60") for line in chart)


def test_the_chart_has_no_threshold_that_is_not_on_its_axis() -> None:
    """The line of breadth is drawn, the reading is its move."""
    chart = [row.text for row in page(signal.sheet_for("breadth.line")).rows if "series" in row.key]
    assert chart
    assert not any("╌" in line for line in chart)


def test_a_signal_without_a_series_has_no_chart() -> None:
    keys = rows_of(page(signal.sheet_for("macro.valuation")))
    assert not any(key.startswith("signal series") for key in keys)
    assert "waits for no PE and no PCF in the events file" in text_of(
        page(signal.sheet_for("macro.valuation"))
    )


def test_a_signals_page_says_whether_it_confirms() -> None:
    assert "confirms yes, and for 5 sessions after" in text_of(page(signal.sheet_for("vix.rsi")))
    assert "confirms still, for 3 more sessions" in text_of(page(signal.sheet_for("macd.vix")))
    assert "confirms not now" in text_of(page(signal.sheet_for("vol.rv-iv")))
    assert "confirms" not in text_of(page(signal.sheet_for("macro.rates"))).partition("Its numbers")[0]


# a rule


def test_a_rules_page_shows_numbers_in_force_beside_their_defaults() -> None:
    assessment = sample("tested")
    values = {**assessment.rules.values, "vol.rv-iv.limit": 1.5}
    changed = replace(assessment, rules=make_rules("mine.toml", values, {}))
    sheet = page(rule.sheet_for("shrink"), of=shown(changed))
    row = rows_of(sheet)["rule vol.rv-iv.limit"]
    assert row.text.strip() == "vol.rv-iv.limit = 1.5 default 1.2".replace(" default", "  default")
    assert [span.role for span in row.spans if span.text == "1.5"] == [Role.WATCH]
    assert "default" not in rows_of(page(rule.sheet_for("shrink")))["rule vol.rv-iv.limit"].text


def test_a_rules_page_says_how_it_reads_now_for_each_condor_and_layer() -> None:
    said = text_of(page(rule.sheet_for("condor.irr")))
    assert "condor.irr 1.82 ≥0.18 ● yes 221 % before hedges; good" in said
    gauges = [row for row in page(rule.sheet_for("risk cap")).rows if row.key.endswith(" gauge")]
    assert len(gauges) == 4
    assert "front short put 6500 is 115 points in the money" in text_of(
        page(rule.sheet_for("condor.proximity"))
    )


# an entry


def test_an_entrys_page_has_everything_behind_it() -> None:
    trigger = next(e for e in told().entries if e.kind == "layer" and "idle → triggered" in e.text)
    sheet = page(entry.sheet_for(str(trigger.seq)))
    said = text_of(sheet)
    assert "levels SPX 6,800.00, VIX 18.00" in said
    assert "trigger idle → triggered" in said
    assert "L1.zone 18.00 ≥17 ● yes" in said
    assert "VIX 14.00 18.00" in said
    assert "at expiry, lower 6,382.5 6,382.5" in said
    assert f"after {trigger.previous[:12]}…" in said
    answer = entry_about("ack", "L1")
    assert rows_of(sheet)[f"entry answered by {answer.seq}"].opens == Opens("entry", str(answer.seq))


def test_an_acknowledgement_leads_back_and_says_who() -> None:
    answer = entry_about("ack", "L1")
    sheet = page(entry.sheet_for(str(answer.seq)))
    assert f"words {WHY}" in text_of(sheet)
    assert "by Ada" in text_of(sheet)
    assert rows_of(sheet)[f"entry answers {answer.facts['of']}"].opens == Opens(
        "entry", str(answer.facts["of"])
    )


def test_a_change_of_rules_has_old_and_new_value_and_asks_why() -> None:
    said = text_of(page(entry.sheet_for(str(entry_about("rules", "rules").seq))))
    assert "layers.L1.trigger 17 → 16.5" in said
    assert "? give a reason: acknowledge it with words" in said


def test_an_entrys_page_hides_amounts() -> None:
    trigger = next(e for e in told().entries if e.kind == "layer" and "idle → triggered" in e.text)
    said = text_of(page(entry.sheet_for(str(trigger.seq)), private=True))
    assert f"P&L $ {HIDDEN} {HIDDEN}" in said
    assert "at expiry, lower 6,382.5 6,382.5" in said
    assert "+2,8" not in said


# a derivation


def _derived(figure: Figure, assessment: Assessment | None = None, **how: Any) -> Sheet:
    of = assessment or sample("tested")
    found = derive(figure, of)
    assert found is not None
    return derivation.sheet(found, shown(of), look(how.pop("width", 100), 40, **how))


def test_a_derivation_is_shown_whole_and_its_inputs_can_be_asked() -> None:
    figure = Figure("yardstick", "vega coverage", "L1")
    sheet = _derived(figure)
    found = derive(figure, sample("tested"))
    assert found is not None
    said = text_of(sheet)
    assert f"{found.title} {found.value}" in said
    for line in found.formula:
        assert line in said
    for given in found.inputs:
        assert given.name in said
        assert given.value in said
        assert given.origin in said
    asked = {span for row in sheet.rows for span in row.figures}
    assert asked == {given.figure for given in found.inputs if given.figure is not None}
    assert rows_of(sheet)["why rule"].opens == Opens("rule", "vega coverage")


def test_an_unknown_figure_says_why() -> None:
    sheet = _derived(Figure("breakeven", "today_hedged", "front", side="lower"))
    assert "unknown: the hedge has bought this side off" in text_of(sheet)
    assert sheet.rows[0].spans[-1].role is Role.DOUBT


@pytest.mark.parametrize("width", [40, 100])
def test_a_private_derivation_tells_neither_dollars_nor_contracts(width: int) -> None:
    said = text_of(_derived(Figure("position", "pnl", "front"), private=True, width=width))
    assert "3,330" not in said
    assert "8,580" not in said
    assert "× 5" not in said
    share = text_of(_derived(Figure("yardstick", "vega coverage", "L1"), private=True, width=width))
    assert "37.0 %" in share
    assert "109" not in share
    assert "296" not in share


# problems


ERROR = Problem("book.toml", 12, "condor[1].credit", "is 83.5", "expected less than the width, 50")
WARNING = Problem("book.toml", 3, "account.cash", "is missing", "expected dollars", Severity.WARNING)


def _with(*found: Problem) -> Shown:
    made = view()
    return replace(made, frame=replace(made.frame, problems=found))


def test_errors_come_before_warnings_and_say_what_still_counts() -> None:
    sheet = page(problems.sheet_for(), of=_with(WARNING, ERROR))
    said = text_of(sheet)
    assert sheet.title == "1 error, 1 warning"
    assert "What is shown is the last sound state of the file." in said
    assert said.index("book.toml:12") < said.index("book.toml:3 ")
    assert "▲ error book.toml:12 condor[1].credit is 83.5 expected less than the width, 50" in said
    row = rows_of(sheet)["problem 1"]
    assert row.opens == Opens("problem", "1")
    assert row.copies == str(ERROR)


def test_the_problem_asked_for_comes_first() -> None:
    keys = [row.key for row in page(problems.sheet_for("0"), of=_with(WARNING, ERROR)).rows]
    assert keys.index("problem 0") < keys.index("problem 1")


def test_warnings_alone_do_not_hold_anything_back() -> None:
    said = text_of(page(problems.sheet_for(), of=_with(WARNING)))
    assert "last sound state" not in said
    assert text_of(page(problems.sheet_for(), of=_with())) == problems.FINE


# the report


def test_the_report_leads_to_the_entries_it_rests_on() -> None:
    sheet = page(report.sheet, of=view(report=told().report))
    said = text_of(sheet)
    assert "Steward's report of book.toml" in said
    assert "L1 2026-11-20 12:00 by L1.zone" in said
    assert "stewards layer by rule, promoters chase." in said
    opened = {row.opens.name for row in sheet.rows if row.opens is not None}
    assert {str(trigger.seq) for trigger in told().report.triggers} <= opened
    assert {str(change.seq) for change in told().report.under_fire} <= opened


def test_a_private_report_keeps_shares_and_hides_dollars() -> None:
    said = text_of(page(report.sheet, of=view(report=told().report), private=True))
    assert "17,500" not in said
    assert "690" not in said
    assert "of the credit 4 %" in said
