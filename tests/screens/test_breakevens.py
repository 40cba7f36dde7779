"""The breakevens panel as text: the corridor, the table under it, and all condors together."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.assess import Assessment
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.screens.panels import breakevens
from alvh_tui.screens.panels.migration_table import LABELS
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, width_of
from alvh_tui.screens.shown import Charts
from alvh_tui.why.derive import derive, value_of
from alvh_tui.why.figure import Figure
from alvh_tui.why.names import title_of
from tests.risk.worlds import condor
from tests.screens.corridor_worlds import HELD, OPENED, ROLLED_ON, assessed, of_book
from tests.screens.panels_worlds import (
    HOSTILE,
    NAMES,
    book_of,
    empty,
    judged,
    look,
    market_of,
    renamed,
    sample,
    shown,
    too_wide,
    unpriced,
)

if TYPE_CHECKING:
    from alvh_tui.risk.breakevens import BreakevenKind

CHARTS: list[Charts] = ["braille", "blocks", "ascii"]
SIZES = ((58, 12), (78, 18), (110, 24), (150, 30))


def sheet(assessment: Assessment, width: int = 78, height: int = 24, **changes: object) -> Sheet:
    return breakevens.sheet(shown(assessment), look(width, height, **{"selected": "dec-31", **changes}))


def row(found: Sheet, key: str) -> Row:
    return next(each for each in found.rows if each.key == key)


def drawn(found: Sheet) -> list[Row]:
    return [each for each in found.rows if each.key.startswith("corridor ") and "below" not in each.key]


def roles(line: Row) -> list[Role]:
    """Of each cell; the rows of a chart have no wide characters."""
    return [span.role for span in line.spans for _ in span.text]


def figures(line: Row) -> dict[Figure, str]:
    return {span.figure: span.text for span in line.spans if span.figure is not None}


# the corridor


@pytest.mark.parametrize("charts", CHARTS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_chart_fills_its_part_of_the_panel(width: int, height: int, charts: Charts) -> None:
    found = sheet(assessed(), width, height, charts=charts)
    chart = [each for each in found.rows if each.key.startswith("corridor")]
    assert 8 <= len(chart) < height
    assert all(width_of(each.text) == width for each in chart)
    assert too_wide(found, width) == []


def test_the_axis_marks_entry_adjustment_present_and_expiry() -> None:
    found = sheet(assessed())
    axis, dates = row(found, "corridor below 0").text, row(found, "corridor below 1").text
    assert dates.split() == ["nov", "4", "nov", "16", "now", "dec", "31"]
    present = axis.index("┃")
    assert abs(dates.index("now") + 1 - present) <= 1
    assert axis[dates.index("nov 16") + 3] in "┬╌"
    assert axis.rstrip().endswith("┬")
    assert set(axis[present + 1 :].strip()) == {"─", "┬"}, "nothing of the future was rebuilt"
    assert all(
        roles(line)[present] in (Role.NOW, Role.INDEX) or line.text[present] != "│" for line in drawn(found)
    )


def test_the_index_is_left_of_the_present_and_the_cone_right_of_it() -> None:
    found = sheet(assessed())
    present = row(found, "corridor below 0").text.index("┃")
    for line in drawn(found):
        for column, (letter, role) in enumerate(zip(line.text, roles(line), strict=True)):
            if letter == "░":
                assert column > present
                assert role is Role.CONE
            if "⠁" <= letter <= "⣿" and role is Role.INDEX:
                assert column <= present
    cone = [line.text.count("░") for line in drawn(found)]
    assert max(cone) > 20
    assert any("expected move ±" in line.text for line in drawn(found))


def test_the_expiry_breakevens_step_at_the_adjustment_and_stand_until_the_expiry() -> None:
    found = sheet(assessed(), 110, 30)
    present = row(found, "corridor below 0").text.index("┃")
    turn = next(line for line in drawn(found) if "╮" in line.text)
    column = turn.text.index("╮")
    marked = row(found, "corridor below 1").text.index("nov 16") + 3
    assert abs(column - marked) <= 1, "where the roll was"
    after = next(line for line in drawn(found) if "╰" in line.text)
    assert roles(after)[column] is Role.UPPER
    assert after.text.rstrip().endswith("upper 7,085")
    assert "╌" in after.text[present + 1 :]
    assert "╌" not in after.text[column : present - 1]
    lower = next(line for line in drawn(found) if line.text.rstrip().endswith("lower 6,365"))
    assert figures(lower)[Figure("breakeven", "expiry", "dec-31", side="lower")] == " lower 6,365"


def test_what_was_not_recorded_is_dashed_and_said() -> None:
    found = sheet(assessed())
    axis = row(found, "corridor below 0").text
    assert "─" not in axis[: axis.index("┃")]
    assert found.rows[-1].key.startswith("rebuilt")
    said = " ".join(each.text for each in found.rows if each.key.startswith("rebuilt"))
    assert said.startswith("nov 4 to nov 19: nothing was recorded (dashed axis)")
    found = sheet(assessed(ROLLED_ON))
    axis = row(found, "corridor below 0").text
    before = axis[: axis.index("┃")].strip()
    assert set(before.strip("┬")) <= {"╌", "─", "┬"}
    assert before.rfind("╌") < before.index("─"), "first what was not seen, then what was"
    said = " ".join(each.text for each in found.rows if each.key.startswith("rebuilt"))
    assert said.startswith("8 sessions (nov 4 to nov 13) were not recorded (dashed axis)")
    found = sheet(assessed(OPENED))
    assert not any(each.key.startswith("rebuilt") for each in found.rows)
    axis = row(found, "corridor below 0").text
    assert "╌" not in axis


def test_todays_path_is_drawn_where_it_was_recorded_and_projected() -> None:
    def dots(found: Sheet, role: Role, right: bool) -> int:
        present = row(found, "corridor below 0").text.index("┃")
        return sum(
            "⠁" <= letter <= "⣿" and each is role and (column >= present) is right
            for line in drawn(found)
            for column, (letter, each) in enumerate(zip(line.text, roles(line), strict=True))
        )

    bare, seen = sheet(assessed()), sheet(assessed(OPENED))
    assert dots(bare, Role.LOWER, right=False) == 0
    assert dots(seen, Role.LOWER, right=False) > 5
    assert dots(bare, Role.PROJECTED, right=True) > 5
    assert dots(bare, Role.PROJECTED, right=False) == 0


def test_heights_are_round_index_points() -> None:
    for width, height in SIZES:
        labels = [line.text[:6].strip() for line in drawn(sheet(assessed(), width, height))]
        numbers = [int(label.replace(",", "")) for label in labels if label]
        assert len(numbers) >= 2
        assert numbers == sorted(numbers, reverse=True)
        assert all(number % 50 == 0 for number in numbers)


# the table


def cells_of(line: Row, name: str) -> dict[str, str]:
    """By the moment they are of."""
    return {
        figure.when: text
        for figure, text in figures(line).items()
        if figure.kind == "breakeven" and figure.name == name
    }


def test_the_table_tells_every_moment_of_a_breakeven() -> None:
    line = row(sheet(assessed(OPENED), 110, 30), "upper expiry")
    assert cells_of(line, "expiry") == {
        "open": "7,132", "step 1": "7,085", "close": "7,085", "": "7,085", "+5": "7,085",
    }  # fmt: skip
    assert figures(line)[Figure("moved", "expiry", "dec-31", side="upper", when="open")] == "−48"
    line = row(sheet(assessed(OPENED), 110, 30), "lower today_path")
    cells = cells_of(line, "today_path")
    assert (cells["open"], cells["close"]) == ("6,480", "6,500")
    now = int(cells[""].replace(",", ""))
    moved = figures(line)[Figure("moved", "today_path", "dec-31", side="lower", when="open")]
    assert moved == f"{'+' if now > 6480 else '−'}{abs(now - 6480)}"
    assert figures(line)[Figure("moved", "today_path_moves", "dec-31", side="lower", when="open")].endswith(
        " em"
    )
    ahead = next(span for span in line.spans if span.figure is not None and span.figure.when == "+5")
    assert ahead.role is Role.PROJECTED


def test_every_line_opens_the_condor() -> None:
    for width in (78, 150):
        for key in ("lower expiry", "lower today_hedged"):
            assert row(sheet(assessed(), width, 40), key).opens == Opens("position", "dec-31")


def test_what_was_never_recorded_is_a_dash() -> None:
    line = row(sheet(assessed(), 110, 30), "lower today_path")
    cells = cells_of(line, "today_path")
    assert cells["open"] == cells["close"] == "—"
    assert cells[""] != "—"
    assert {span.role for span in line.spans if span.text == "—"} == {Role.DOUBT}


def test_the_side_the_index_is_nearer_to_comes_first() -> None:
    keys = [each.key for each in sheet(assessed(), 78, 40).rows]
    assert keys.index("upper expiry") < keys.index("lower expiry"), "7,085 is 285 away, 6,365 435"
    assert [key.removeprefix("upper ") for key in keys if key.startswith("upper ")] == list(LABELS)


def test_both_sides_stand_beside_each_other_where_there_is_room() -> None:
    found = sheet(assessed(), 158, 30)
    line = row(found, "lower expiry")
    assert [figure.side for figure in line.figures if figure.when == "close"] == ["lower", "upper"]
    assert not any(each.key == "upper expiry" for each in found.rows)
    head = next(each for each in found.rows if each.key == "migration lower head")
    assert head.text.count("entry") == 2


def test_columns_are_dropped_never_cut() -> None:
    for width in range(40, 120):
        found = sheet(assessed(OPENED), width, 40, mode="table")
        assert too_wide(found, width) == []
        line = row(found, "lower expiry")
        assert "6,365" in line.text
        assert "…" not in line.text


def test_pace_and_contact_are_told_where_there_is_room() -> None:
    line = row(sheet(assessed(), 110, 30), "lower expiry")
    told = figures(line)
    assert told[Figure("pace", "expiry", "dec-31", side="lower")].startswith("+")
    assert told[Figure("contact", "expiry", "dec-31", side="lower")].startswith("in ")
    line = row(sheet(assessed(), 110, 30), "lower expiry_hedge_cost")
    assert not any(figure.kind in ("pace", "contact") for figure in line.figures)


def test_a_breakeven_that_is_met_says_so() -> None:
    near = replace(HELD, adjustments=(), legs=condor(1.0, strikes=(6700.0, 6850.0, 7100.0, 7150.0)).legs)
    line = row(sheet(of_book((replace(near, credit=10.0),)), 110, 30), "lower expiry")
    assert figures(line)[Figure("contact", "expiry", "dec-31", side="lower")] == "met"


def test_a_side_without_a_root_says_why() -> None:
    found = breakevens.sheet(shown(sample("tested")), look(100, 30, selected="front"))
    said = [each.text for each in found.rows if each.key.startswith("why ")]
    assert said == ["— today's path: under water at every price"], "ahead it is not"


@pytest.mark.parametrize("width", [52, 71, 100, 150])
def test_a_row_unknown_throughout_for_one_reason_says_it_once(width: int) -> None:
    found = breakevens.sheet(shown(sample("tested")), look(width, 30, selected="front", mode="table"))
    told: tuple[tuple[BreakevenKind, str], ...] = (
        ("today_hedged", "path hedged    — the hedge has bought this side off"),
        ("today", "vols held      — under water at every price"),
    )
    for kind, said in told:
        line = row(found, f"lower {kind}")
        text = line.text[: width // 2] if width >= 144 else line.text
        assert text.rstrip() == said
        assert line.opens == Opens("position", "front")
        assert figures(line)[Figure("breakeven", kind, "front", side="lower")] == "—"
        assert {span.role for span in line.spans if "—" in span.text} == {Role.DOUBT}
    assert "6,486" in row(found, "lower expiry_hedge_cost").text, "known now, though never recorded"


def test_a_reason_that_has_no_room_in_its_row_stands_below() -> None:
    found = breakevens.sheet(shown(sample("tested")), look(44, 30, selected="front", mode="table"))
    assert set(row(found, "lower today_hedged").text.split("hedged")[1].split()) == {"—"}
    said = " ".join(each.text for each in found.rows if each.key.startswith("why "))
    assert "path hedged lower, expiry hedged lower: the hedge has bought this side off" in said


def test_every_row_one_can_stand_on_opens_the_condor() -> None:
    for mode in ("chart", "table"):
        found = sheet(assessed(OPENED), 110, 30, mode=mode)
        stops = [each for each in found.rows if each.figures]
        assert stops
        assert {each.opens for each in stops} == {Opens("position", "dec-31")}


def test_contact_is_told_before_adjustments_yesterday_and_pace() -> None:
    """At the width the panel has on a screen of 120 by 40."""
    head, nearer = sheet(assessed(OPENED), 71, 16, mode="table").rows[:2]
    assert head.text.split() == ["upper", "entry", "now", "+5", "moved", "contact", "pace"]
    assert figures(nearer)[Figure("contact", "expiry", "dec-31", side="upper")] == "—"
    narrow = sheet(assessed(OPENED), 46, 16, mode="table").rows[0]
    assert narrow.text.split()[-1] == "contact"


def test_a_pace_has_its_unit_and_its_sense() -> None:
    found = sheet(assessed(), 110, 30)
    assert row(found, "lower expiry").text.rstrip().endswith("+5.0/d  nearer")
    assert row(found, "upper expiry").text.rstrip().endswith("−5.0/d  away")


def test_a_settled_condor_has_neither_pace_nor_contact() -> None:
    at = datetime(2026, 12, 14, 12, 0, tzinfo=NEW_YORK)
    held = judged(book_of("tested"), market_of("tested"), at)
    found = breakevens.sheet(shown(held), look(110, 30, selected="early", mode="table"))
    for side in ("lower", "upper"):
        cells = figures(row(found, f"{side} expiry"))
        assert {text for figure, text in cells.items() if figure.kind in ("pace", "contact")} == {"—"}
    assert "— contact, pace: it has settled" in [each.text for each in found.rows]
    living = breakevens.sheet(shown(held), look(110, 30, selected="front", mode="table"))
    assert "settled" not in " ".join(each.text for each in living.rows)


# the views


def test_the_assumption_is_in_the_frame() -> None:
    for mode in breakevens.MODES:
        found = sheet(assessed(), mode=mode)
        assert found.note == "path: VIX +1.6 per −1 %, −1.0 per +1 %"
    assert sheet(assessed(), 71).note == "path: VIX +1.6 per −1 %, −1.0 per +1 %"
    assert sheet(assessed(), 58).note == "VIX +1.6/−1.0 per ∓1 %"
    assert sheet(assessed()).title == "dec-31"
    assert sheet(assessed(), mode="all").title == "all condors"


def test_the_table_alone_has_no_chart() -> None:
    found = sheet(assessed(), mode="table")
    assert not any(each.key.startswith("corridor") for each in found.rows)
    assert found.rows[0].key == "migration upper head"
    assert "dashed" not in " ".join(each.text for each in found.rows)


def test_where_nothing_is_selected_the_only_condor_is_meant() -> None:
    assert sheet(assessed(), selected="").title == "dec-31"
    assert sheet(assessed(), selected="L1").title == "dec-31"
    assert breakevens.sheet(shown(sample("calm")), look(78, 20)).title == "all condors"


def test_all_condors_stand_on_one_axis() -> None:
    other = condor(12.0, strikes=(6300.0, 6350.0, 7200.0, 7250.0), name="wide")
    found = sheet(of_book((HELD, other)), mode="all")
    first, second, axis = (row(found, key) for key in ("corridor dec-31", "corridor wide", "axis"))
    assert first.text.split()[0] == "dec-31"
    assert first.text.index("├") > second.text.index("├")
    assert first.text.index("┤") < second.text.index("┤")
    assert first.text.index("┃") == second.text.index("┃")
    assert abs(axis.text.index("6,800") + 2 - first.text.index("┃")) <= 1
    assert figures(second)[Figure("breakeven", "expiry", "wide", side="upper")] == "7,212"
    together = row(found, "book expiry")
    assert [figure.about for figure in together.figures] == [""] * len(together.figures)
    assert "" in {figure.when for figure in together.figures}


def test_condors_of_two_expiries_have_no_breakevens_together() -> None:
    found = breakevens.sheet(shown(sample("calm")), look(78, 20, mode="all"))
    assert any("do not settle together" in each.text for each in found.rows)


def test_a_condor_on_xsp_stands_on_the_axis_of_spx() -> None:
    small = condor(1.75, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP", name="small")
    found = sheet(of_book((HELD, small)), mode="all", width=100)
    spx, xsp = row(found, "corridor dec-31").text, row(found, "corridor small").text
    assert abs(spx.index("├") - xsp.index("├")) <= 1
    assert "638" in xsp


# nothing raises


def every_figure(found: Sheet) -> Iterator[Figure]:
    for line in found.rows:
        yield from line.figures


@pytest.mark.parametrize("mode", breakevens.MODES)
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_known_by_name_and_says_what_the_cell_says(name: str, mode: str) -> None:
    assessment = sample(name)
    for held in assessment.book.condors:
        found = breakevens.sheet(shown(assessment), look(110, 40, selected=held.id, mode=mode))
        for line in found.rows:
            for figure, text in figures(line).items():
                assert title_of(figure)
                assert derive(figure, assessment) is not None, figure
                if figure.kind == "breakeven" or text == "—":
                    assert text.split()[-1] == number(value_of(figure, assessment)), figure


@given(
    st.integers(1, 200),
    st.integers(0, 60),
    st.sampled_from(CHARTS),
    st.sampled_from(breakevens.MODES),
    st.sampled_from(NAMES),
)
def test_any_size_will_do(width: int, height: int, charts: Charts, mode: str, name: str) -> None:
    assessment = sample(name)
    selected = assessment.book.condors[-1].id
    found = breakevens.sheet(
        shown(assessment), look(width, height, charts=charts, mode=mode, selected=selected)
    )
    assert len({each.key for each in found.rows}) == len(found.rows)
    if width >= 40:
        assert too_wide(found, width) == []


@pytest.mark.parametrize("mode", breakevens.MODES)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_disturbs_no_line(hostile: str, mode: str) -> None:
    assessment = renamed("calm", hostile)
    for selected in ("", assessment.book.condors[0].id):
        found = breakevens.sheet(shown(assessment), look(78, 20, mode=mode, selected=selected))
        assert too_wide(found, 78) == []


@pytest.mark.parametrize("mode", breakevens.MODES)
def test_what_cannot_be_priced_is_a_dash_and_the_rest_is_shown(mode: str) -> None:
    assessment = unpriced("calm")
    found = breakevens.sheet(shown(assessment), look(78, 20, mode=mode, selected="first"))
    text = "\n".join(each.text for each in found.rows)
    assert "—" in text or mode == "all"
    assert "6,463" in text, "the breakeven at expiry needs no market"
    assert too_wide(found, 78) == []


def test_nothing_known_is_said() -> None:
    assert breakevens.sheet(shown(None), look(58)).rows[0].text == "Nothing is known of the market yet."
    assert breakevens.sheet(shown(empty()), look(58)).rows[0].text == "No condor is held."
