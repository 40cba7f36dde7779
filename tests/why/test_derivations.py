"""What a derivation says: its formula, inputs that lead on, both sides of what was solved, its rule."""

import re
from dataclasses import replace
from math import isclose

import numpy as np
import pytest

from alvh_tui.assess import Assessment, assess
from alvh_tui.book.model import Adjustment, Condor
from alvh_tui.market.age import Age
from alvh_tui.method.rules import built_in
from alvh_tui.risk.breakevens import BOUGHT_OFF, UNDER_WATER
from alvh_tui.risk.picture import draw_picture
from alvh_tui.why.derivation import Derivation
from alvh_tui.why.derive import derive, value_of
from alvh_tui.why.every import figures_of
from alvh_tui.why.figure import Figure
from tests.risk.worlds import AT, book_of, condor, golden_market
from tests.why.sums import both_sides
from tests.why.worlds import ASKED, reason_unknown, sample, with_a_past, with_an_old_quote, with_holes

_SIDES = re.compile(r"at [\d,.]+ is ([−+]?[\d,.]+) \$, at [\d,.]+ it is ([−+]?[\d,.]+) \$")


def asked(figure: Figure, assessment: Assessment | None = None) -> Derivation:
    found = derive(figure, assessment or sample("tested"))
    assert found is not None
    return found


def test_a_wrong_sum_is_seen() -> None:
    for line in ("(8.35 − 6.10) × 100 × 5 = +1,120", "1 − 0.12 = 90 %", "√0.25 × 10 = 5.2"):
        left, right = both_sides(line)
        assert not left.meets(right)
    for line in ("(8.35 − mark 6.10) × 100 × 5 = +1,125", "a: 1 − 0.12 = 88 %", "N(ln(1.00)) = 0.50"):
        left, right = both_sides(line)
        assert left.meets(right)


def test_a_condors_pnl() -> None:
    found = asked(Figure("position", "pnl", "front"))
    assert found.title == "front: P&L"
    assert found.value == "−3,330 $"
    assert found.formula == ("(credit 10.50 − mark 17.16) × 100 × 5 = −3,330",)
    assert [given.name for given in found.inputs][:2] == ["front: net credit per share", "front: mark"]
    assert "26.00 $" in found.assumption


def test_a_hedges_pnl() -> None:
    (line,) = asked(Figure("position", "pnl", "L1-spread")).formula
    assert re.fullmatch(r"\(mark [\d.]+ − debit 1\.20\) × 100 × 4 = \+774", line)


def test_every_amount_leads_down_to_quotes_and_the_file() -> None:
    """By the inputs that can be asked, from the book's P&L to a bid and to a line of the file."""
    waiting, seen, origins = [Figure("total", "pnl")], set(), set()
    while waiting:
        figure = waiting.pop()
        if figure in seen:
            continue
        seen.add(figure)
        found = asked(figure)
        origins |= {given.origin for given in found.inputs}
        waiting += [given.figure for given in found.inputs if given.figure is not None]
    assert Figure("leg", "mark", "front", "SPXW261218P06500000") in seen
    assert any(origin.startswith("quoted by") for origin in origins)
    assert any(re.fullmatch(r"position file, line \d+", origin) for origin in origins)


def test_an_old_quote_is_marked_where_it_comes_in() -> None:
    found = asked(Figure("position", "mark", "front"), with_an_old_quote())
    states = {given.name: given.state for given in found.inputs}
    assert states["SPXW 2026-12-18 6500P mark"] is Age.STALE
    assert states["SPXW 2026-12-18 6450P mark"] is Age.LIVE
    assert found.state is Age.STALE
    assert "as old as the worst of these: 6 h, stale" in found.text()


@pytest.mark.parametrize("name", ["calm", "tested", "broken_wing", "all is well"])
def test_both_sides_of_every_solved_breakeven(name: str) -> None:
    assessment, solved = ASKED[name](), 0
    for figure in figures_of(assessment):
        if figure.kind != "breakeven":
            continue
        found = asked(figure, assessment)
        if not found.solved:
            continue
        solved += 1
        _, there, around = found.solved
        left_over = there.split(" is ")[1].removesuffix(" $").replace("−", "-")
        assert float(left_over) == pytest.approx(0.0, abs=0.2)
        told = _SIDES.search(around)
        assert told is not None, around
        below, above = (float(side.replace("−", "-").replace(",", "")) for side in told.groups())
        assert (below < 0 < above) if figure.side == "lower" else (above < 0 < below)
    assert solved > 5


def test_an_exact_breakeven_is_a_line_of_arithmetic() -> None:
    found = asked(Figure("breakeven", "expiry", "front", side="lower"))
    assert not found.solved
    assert found.formula[-1] == "strike 6,500.00 − 5,250 ÷ 300 = 6,482.50"
    assert found.state is Age.LIVE


def test_a_solved_vol_says_both_sides() -> None:
    found = asked(Figure("leg", "vol", "front", "SPXW261218C07000000"))
    (said,) = found.solved
    assert re.search(r"gives 12\.90(00)?; the mark is 12\.90", said)


def test_a_vol_of_the_smile_says_so() -> None:
    found = asked(Figure("leg", "vol", "front", "SPXW261218P06500000"))
    assert "smile" in found.formula[0]


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (Figure("breakeven", "today", "front", side="lower"), UNDER_WATER),
        (Figure("breakeven", "expiry_hedged", "front", side="lower"), BOUGHT_OFF),
        (Figure("breakeven", "expiry", "", side="lower"), "the condors do not all settle together"),
        (Figure("explained", "delta", "front"), "no earlier moment is known"),
        (Figure("layer", "next_trigger", "L1"), "VIX is above the last trigger"),
        (Figure("position", "p_profit", "L1-spread"), "only a condor has one"),
    ],
)
def test_a_dash_says_why(figure: Figure, reason: str) -> None:
    assert reason_unknown(figure, sample("tested")) == reason


def test_of_what_is_not_in_the_book_there_is_no_derivation() -> None:
    assert derive(Figure("position", "pnl", "nobody"), sample("tested")) is None


def test_what_was_not_recorded_says_so() -> None:
    figure = Figure("breakeven", "today_path", "front", side="lower", when="five")
    assert "nothing was recorded then" in reason_unknown(figure, sample("tested"))
    recorded = Figure("breakeven", "expiry_hedge_cost", "front", side="lower", when="five")
    assert asked(recorded, with_a_past()).value == "6,479.49"


def test_a_leg_without_a_quote_names_itself_wherever_it_is_missed() -> None:
    assessment = with_holes()
    found = asked(Figure("position", "pnl", "L2-calls"), assessment)
    assert "VIX 2027-01-20 28C" in found.unknown
    total = asked(Figure("total", "pnl"), assessment)
    assert "L2-calls" in total.assumption
    assert "incomplete" in total.assumption


def test_rules_stand_behind_what_rests_on_them() -> None:
    for figure, rule in (
        (Figure("yardstick", "vega coverage", "L1"), "vega coverage"),
        (Figure("signal", "reading", "vix.rsi"), "vix.rsi"),
        (Figure("rule", "condor.pcf", "front"), "condor.pcf"),
        (Figure("layer", "target", "L1"), "hedge cost"),
    ):
        found = asked(figure)
        assert found.rule is not None
        assert found.rule.id == rule
        assert found.rule.source
        assert (
            any(given.origin.startswith("rules zones: ") for given in found.inputs) or figure.kind == "layer"
        )


def test_the_payoff_is_the_picture_of_the_risk_panel() -> None:
    assessment = sample("tested")
    for about in ("", "front"):
        picture = draw_picture(assessment, about)
        for curve in picture.curves:
            for place in (0, 40, 80):
                point = f"SPX {float(picture.spots[place])!r}"
                for name, values in (("pnl_path", curve.bare), ("pnl_hedged", curve.hedged)):
                    value = value_of(Figure("payoff", name, about, point, when=curve.when), assessment)
                    assert value is not None
                    assert isclose(value, values[place], abs_tol=0.01)


def test_the_grid_is_the_one_of_the_risk_panel() -> None:
    assessment = sample("tested")
    for about in ("", "front"):
        grid = draw_picture(assessment, about).grid
        assert grid is not None
        for row, column in ((0, 0), (3, 2), (-1, -1)):
            point = f"SPX {float(grid.spots[row])!r} VIX {float(grid.vix[column]):,}"
            value = value_of(Figure("grid", "pnl", about, point), assessment)
            assert value is not None
            assert isclose(value, grid.pnl[row, column], abs_tol=0.01)


def test_foreign_names_are_shown_and_do_nothing() -> None:
    hostile = ("[/] [red]x = 5: y", "\x1b[2J", "א" * 40, "long " * 60)
    held = [replace(condor(17.5), id=name, note=name) for name in hostile]
    assessment = assess(book_of(*held), golden_market(), built_in("zones"), AT)
    for figure in figures_of(assessment):
        found = derive(figure, assessment)
        assert found is not None
        assert "\x1b" not in found.text()
        for line in found.formula:
            if " = " in line:
                left, right = both_sides(line)
                assert left.meets(right), line


def test_a_condor_bought_back_says_that_nothing_is_held() -> None:
    held = condor(17.5)
    back = tuple(replace(leg, quantity=-leg.quantity) for leg in held.legs)
    closed = replace(held, adjustments=(Adjustment(AT.date(), back, -4.0, 10),))
    assessment = assess(book_of(closed, condor(12.0, name="other")), golden_market(), built_in("zones"), AT)
    for figure in figures_of(assessment):
        assert derive(figure, assessment) is not None
    assert asked(Figure("position", "pnl", "dec-31"), assessment).value == "+13,500 $"
    assert reason_unknown(Figure("position", "mark", "dec-31"), assessment) == "nothing is held"
    assert reason_unknown(Figure("position", "p_profit", "dec-31"), assessment) == "nothing is held"


def test_what_has_no_such_name_has_no_derivation() -> None:
    for figure in (Figure("position", "luck", "front"), Figure("yardstick", "vega coverage", "L1", "luck")):
        assert derive(figure, sample("tested")) is None
        assert value_of(figure, sample("tested")) is None


def test_text_to_copy_has_every_part() -> None:
    found = asked(Figure("yardstick", "vega coverage", "L1"))
    text = found.text()
    assert text.startswith("L1: vega coverage  ")
    assert "rule vega coverage (S2): " in text
    assert all(given.name in text for given in found.inputs)
    assert all(line in text for line in found.formula)


def test_values_are_the_assessments_own() -> None:
    assessment = sample("calm")
    first = assessment.positions[0]
    about = first.figures.position.id
    assert value_of(Figure("position", "pnl", about), assessment) == first.figures.pnl
    assert value_of(Figure("total", "margin"), assessment) == assessment.totals.margin
    assert first.migration is not None
    cushion = first.migration.cushion
    assert value_of(Figure("cushion", "cushion", about, side="upper"), assessment) == cushion[1]
    known = [side for side in cushion if side is not None]
    assert value_of(Figure("cushion", "cushion", about), assessment) == min(known)
    assert isinstance(first.figures.position, Condor)
    assert np.isfinite(value_of(Figure("market", "spx_change"), assessment) or 0.0)
