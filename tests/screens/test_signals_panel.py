"""The signals panel: what confirms now, readings on the decimal point, and what is waited for."""

from dataclasses import replace
from typing import Any

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.market.types import History
from alvh_tui.method.closes import closes_of
from alvh_tui.method.judgement import closes_at
from alvh_tui.method.measure import measure
from alvh_tui.method.rules import built_in
from alvh_tui.method.signals import units
from alvh_tui.method.triggers import confirmations
from alvh_tui.method.verdict import YES, Verdict
from alvh_tui.screens.panels import signals
from alvh_tui.screens.panels.signals import counting, counting_on
from alvh_tui.screens.rows import Opens, Role, Row
from alvh_tui.screens.shown import Widths
from alvh_tui.why.figure import Figure
from tests.screens.panels_worlds import NAMES, look, market_of, sample, shown

SESSIONS = 5


def rows_of(assessment: Assessment, width: int = 100, **how: Any) -> dict[str, Row]:
    sheet = signals.sheet(shown(assessment), look(width, 30, **how))
    return {row.key: row for row in sheet.rows}


def line_of(name: str, assessment: Assessment, width: int = 100, **how: Any) -> str:
    return " ".join(rows_of(assessment, width, **how)[f"signal {name}"].text.split())


def with_signal(assessment: Assessment, name: str, **changes: Any) -> Assessment:
    found = tuple(
        replace(signal, **changes) if signal.id == name else signal for signal in assessment.judgement.signals
    )
    return replace(assessment, judgement=replace(assessment.judgement, signals=found))


@pytest.mark.parametrize("width", [40, 44, 80, 160])
@pytest.mark.parametrize("name", NAMES)
def test_every_signal_has_a_row_and_those_that_confirm_come_first(name: str, width: int) -> None:
    keys = list(rows_of(sample(name), width))
    confirming = sample(name).rules.texts("layers.confirming")
    assert keys[0] == "signals confirming"
    assert set(keys[1:7]) == {f"signal {each}" for each in confirming}
    assert {f"signal {each}" for each in units()} <= set(keys)
    assert len(keys) == len(units()) + 2


@pytest.mark.parametrize("name", NAMES)
def test_as_many_confirm_as_the_method_counts(name: str) -> None:
    assessment = sample(name)
    measured = measure(closes_at(assessment.valuation), assessment.market.events, assessment.rules)
    counted = int(confirmations(measured).yes[-1])
    assert f"{counted} of 6 confirm" in rows_of(assessment)["signals confirming"].text


def test_a_confirmation_counts_on_the_days_the_method_says() -> None:
    """Over a whole history, session after session, each of the six."""
    history = market_of("tested").history
    assert isinstance(history, History)
    measured = measure(closes_of(history), market_of("tested").events, built_in("zones"))
    confirming = confirmations(measured)
    lately = 0
    for row in range(120, len(measured.closes.days)):
        for name in confirming.signals:
            found = counting_on(measured.signal(name, row), measured.closes.day(row), SESSIONS)
            assert found.counts is bool(confirming.verdicts[name][row] == YES), (name, row)
            lately += found.still is not None
    assert lately > 50


def test_one_that_is_over_and_still_counts_is_told_apart() -> None:
    assert "◐ no" in line_of("macd.vix", sample("tested"))
    assert "counts for 3 more sessions" in line_of("macd.vix", sample("tested"), 120)
    signal = next(s for s in sample("tested").judgement.signals if s.id == "macd.vix")
    assert counting(signal, sample("tested")).still == 3
    assert "○ no" in line_of("breadth.divergence", sample("tested"))


def test_reading_threshold_verdict_and_days_stand_in_a_row() -> None:
    assert line_of("vix.rsi", sample("tested"), 44).startswith("vix.rsi 73.82~>60 ● yes 14d")
    assert line_of("vix.rsi", sample("tested"), 100).startswith("vix.rsi 73.82~ >60 ● yes 14d")
    assert line_of("vix.level", sample("calm")).startswith("vix.level 17.00~ →24 ● yes new")
    assert line_of("breadth.realigned", sample("calm")).startswith("breadth.realigned −0.59 <0.5 ● yes")
    assert line_of("events.window", sample("calm")).startswith("events.window 12 ≤5 ○ no")


@pytest.mark.parametrize("width", [44, 80, 120])
def test_readings_line_up_on_the_decimal_point(width: int) -> None:
    rows = rows_of(sample("tested"), width)
    known = [row for key, row in rows.items() if key.startswith("signal ") and "." in _reading(row)]
    places = {row.text.index(_reading(row)) + _reading(row).index(".") for row in known}
    assert len(known) > 15
    assert len(places) == 1


@pytest.mark.parametrize(("reading", "text"), [(-0.0042, "−0.00"), (0.0042, "+0.00"), (0.0, "0.00")])
def test_nearly_nothing_keeps_its_sign(reading: float, text: str) -> None:
    changed = with_signal(sample("calm"), "bid.underlying", reading=reading)
    assert _reading(rows_of(changed)["signal bid.underlying"]) == text


def _reading(row: Row) -> str:
    return next(s.text for s in row.spans if s.figure is not None and s.figure.name == "reading").strip()


def test_what_rests_on_live_values_is_marked_and_what_is_final_is_not() -> None:
    rows = rows_of(sample("calm"))
    live, final = rows["signal vix.rsi"], rows["signal breadth.line"]
    assert [s.role for s in live.spans if s.figure == Figure("signal", "reading", "vix.rsi")] == [Role.DOUBT]
    assert [s.role for s in final.spans if s.figure == Figure("signal", "reading", "breadth.line")] == [
        Role.PLAIN
    ]
    assert "~" not in final.text


def test_a_warning_that_is_met_is_watched_and_a_good_sign_is_calm() -> None:
    rows = rows_of(sample("calm"))

    def role(name: str) -> Role:
        return next(
            s.role for s in rows[f"signal {name}"].spans if s.figure == Figure("signal", "verdict", name)
        )

    assert role("macd.vix") is Role.WATCH
    assert role("bid.underlying") is Role.CALM
    assert role("vix.rsi") is Role.LABEL


def test_unknown_says_what_it_waits_for() -> None:
    waits = "macro.valuation — ? unknown: no PE and no PCF in the events file"
    assert line_of("macro.valuation", sample("calm")) == waits
    assert line_of("macro.valuation", sample("calm"), 44).startswith("macro.valuation — ? no PE and no PCF")
    unknown = with_signal(sample("calm"), "vix.rsi", verdict=Verdict.UNKNOWN, reading=None, note="no vix")
    assert "1 unknown" in rows_of(unknown)["signals confirming"].text
    assert "0" not in line_of("vix.rsi", unknown)


def test_sparklines_and_notes_come_with_room() -> None:
    spark = any(0x2800 < ord(letter) < 0x2900 for letter in line_of("vix.rsi", sample("calm"), 44))
    assert spark
    assert not any(ord(letter) > 0x2800 for letter in line_of("vix.rsi", sample("calm"), 30))
    assert "realised 10.8 %" in line_of("vol.rv-iv", sample("calm"), 100)
    assert "realised" not in line_of("vol.rv-iv", sample("calm"), 44)
    assert line_of("breadth.line", sample("calm"), 120).endswith("by advances and declines, as of Nov 19")


def test_ascii_charts_keep_to_ascii() -> None:
    line = line_of("vix.rsi", sample("calm"), 100, charts="ascii")
    assert not any(0x2800 <= ord(letter) < 0x2900 for letter in line)


def test_a_filter_keeps_what_holds_it() -> None:
    assert list(rows_of(sample("calm"), filter="MACRO")) == [
        "signal macro.correlation",
        "signal macro.inflation",
        "signal macro.rates",
        "signal macro.valuation",
    ]
    assert "signal vix.rsi" in rows_of(sample("tested"), filter="yes")
    assert (
        rows_of(sample("calm"), filter="nowhere")["signals none"].text.rstrip() == "no signal holds “nowhere”"
    )
    assert signals.sheet(shown(sample("calm")), look(80, 20, filter="vix")).note == "/vix"


def test_columns_never_shrink_while_the_panel_keeps_its_size() -> None:
    widths = Widths()
    wide = with_signal(sample("calm"), "macd.spx", reading=-12345.67)
    before = rows_of(wide, 60, widths=widths)["signal vix.rsi"].text
    after = rows_of(sample("calm"), 60, widths=widths)["signal vix.rsi"].text
    assert before.index("59.85") == after.index("59.85")
    assert rows_of(sample("calm"), 60)["signal vix.rsi"].text.index("59.85") != after.index("59.85")


def test_enter_opens_a_signal() -> None:
    assert rows_of(sample("calm"))["signal vix.rsi"].opens == Opens("signal", "vix.rsi")
