"""Drawing on cells: rows are as wide as asked, nothing raises, nothing hides more than it must."""

from math import inf, nan, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.screens.charts.canvas import Canvas, Style, runs
from alvh_tui.screens.charts.ink import INKS
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.screens.shown import Charts
from alvh_tui.why.figure import Figure

CHARTS: list[Charts] = ["braille", "blocks", "ascii"]
heights = st.lists(
    st.one_of(st.floats(-1e9, 1e9), st.sampled_from([nan, inf, -inf, 0.0])), min_size=0, max_size=40
)


def text_of(canvas: Canvas) -> list[str]:
    return ["".join(span.text for span in row) for row in canvas.rows()]


def role_at(canvas: Canvas, column: int, row: int) -> Role:
    for span in canvas.rows()[row]:
        if column < len(span.text):
            return span.role
        column -= len(span.text)
    raise AssertionError(column)


@given(
    st.integers(0, 30),
    st.integers(0, 8),
    st.sampled_from(CHARTS),
    heights,
    st.sampled_from(["solid", "thick"]),
)
def test_every_row_is_as_wide_as_the_canvas_whatever_is_drawn(
    width: int, height: int, charts: Charts, drawn: list[float], style: Style
) -> None:
    canvas = Canvas(width, height, charts)
    canvas.curve(drawn, Role.INDEX, style)
    canvas.steps(drawn[:width], Role.LOWER, dashed_from=3)
    canvas.area(drawn[:width], [each + 2.0 for each in drawn[:width]], Role.CONE)
    canvas.upright(2, Role.NOW)
    canvas.level(1.0, Role.RULE)
    for at, each in enumerate(drawn):
        canvas.label(at, each, "6,386", Role.LOWER)
    rows = canvas.rows()
    assert len(rows) == height
    assert all(sum(width_of(span.text) for span in row) == width for row in rows)


@pytest.mark.parametrize("charts", CHARTS)
def test_one_cell_shows_a_point(charts: Charts) -> None:
    canvas = Canvas(1, 1, charts)
    canvas.curve([0.5] * canvas.dot_columns, Role.INDEX)
    assert text_of(canvas) != [" "]


@pytest.mark.parametrize("charts", CHARTS)
def test_a_falling_line_goes_from_corner_to_corner(charts: Charts) -> None:
    canvas = Canvas(20, 5, charts)
    canvas.curve([5.0 * (at + 0.5) / canvas.dot_columns for at in range(canvas.dot_columns)], Role.INDEX)
    lines = text_of(canvas)
    assert lines[0][0] != " "
    assert lines[4][19] != " "
    assert lines[0][19] == lines[4][0] == " "
    assert all(line.strip() for line in lines)


def test_a_line_is_joined_where_it_jumps_and_broken_at_a_gap() -> None:
    canvas = Canvas(4, 6)
    canvas.curve([0.1, 0.1, 5.9, 5.9, nan, nan, 0.1, 0.1], Role.INDEX)
    columns = list(zip(*text_of(canvas), strict=True))
    assert all(row[0] != " " or row[1] != " " for row in text_of(canvas)), "no hole in the jump"
    assert set(columns[2]) == {" "}, "nothing in the gap"
    assert columns[3][0] != " "
    assert set(columns[3][1:]) == {" "}, "nothing joins across a gap"


def test_a_curve_keeps_the_dots_of_another_in_the_same_cell() -> None:
    canvas = Canvas(1, 1)
    canvas.curve([0.1, 0.1], Role.LOWER)
    canvas.curve([0.9, 0.9], Role.UPPER)
    assert text_of(canvas) == ["⣉"]
    assert role_at(canvas, 0, 0) is Role.UPPER


@pytest.mark.parametrize("charts", CHARTS)
def test_marks_and_areas_lie_under_curves_drawn_before_or_after(charts: Charts) -> None:
    canvas = Canvas(9, 3, charts)
    canvas.area([0.0] * 9, [3.0] * 9, Role.CONE)
    canvas.upright(4, Role.NOW)
    canvas.level(1.5, Role.RULE)
    bare = text_of(canvas)
    canvas.curve([1.5] * canvas.dot_columns, Role.INDEX)
    lines = text_of(canvas)
    assert lines[0] == bare[0]
    assert lines[0][4] == INKS[charts].upright
    assert all(glyph in INKS[charts].glyphs[1:] for glyph in lines[1])


def test_steps_turn_round_corners() -> None:
    canvas = Canvas(9, 3)
    canvas.steps([0.5, 0.5, 0.5, 2.5, 2.5, 2.5, 0.5, 0.5, 0.5], Role.LOWER, dashed_from=7)
    assert text_of(canvas) == ["───╮  ╭╌╌", "   │  │  ", "   ╰──╯  "]


def test_steps_leave_gaps_where_nothing_is_known() -> None:
    canvas = Canvas(5, 2)
    canvas.steps([nan, 0.5, nan, 1.5, 9.0], Role.LOWER)
    assert text_of(canvas) == [" ─   ", "   ─ "]


def test_an_area_fills_whole_cells_and_is_cut_at_the_edges() -> None:
    canvas = Canvas(3, 3)
    canvas.area([1.0, -9.0, nan], [2.0, 99.0, 1.0], Role.CONE)
    assert text_of(canvas) == [" ░ ", "░░ ", " ░ "]


def test_dotted_and_thick_lines_look_different_from_solid_ones_without_colour() -> None:
    looks = set()
    for style in ("solid", "dotted", "sparse", "thick"):
        canvas = Canvas(12, 1)
        canvas.curve([0.4] * 24, Role.INDEX, style)
        looks.add(text_of(canvas)[0])
    assert len(looks) == 4


@pytest.mark.parametrize(("charts", "stamp"), [("ascii", "#"), ("blocks", "▒")])
def test_where_dots_are_too_coarse_a_thick_line_has_its_own_character(charts: Charts, stamp: str) -> None:
    canvas = Canvas(4, 2, charts)
    canvas.curve([1.5] * canvas.dot_columns, Role.LABEL, "thick")
    assert text_of(canvas) == ["    ", stamp * 4]


def test_labels_do_not_overlap_and_avoid_the_curve() -> None:
    canvas = Canvas(20, 5)
    canvas.curve([2.5] * 40, Role.INDEX)
    assert canvas.label(3, 2.5, "expected move", Role.LABEL)
    assert canvas.label(3, 2.5, "second", Role.LABEL)
    lines = text_of(canvas)
    assert "expected move" in lines[1], "beside the curve rather than on it"
    assert sum("second" in line for line in lines) == 1
    assert lines[2].strip("⠒⠤⠉") == ""


def test_a_label_without_room_is_left_out() -> None:
    canvas = Canvas(8, 1)
    assert canvas.label(0, 0.5, "12345", Role.LABEL)
    assert not canvas.label(2, 0.5, "12", Role.LABEL)
    assert not canvas.label(0, 0.5, "123456789", Role.LABEL)
    assert not canvas.label(0, nan, "1", Role.LABEL)
    assert text_of(canvas) == ["12345   "]


def test_a_label_carries_its_figure_and_stays_inside() -> None:
    figure = Figure("breakeven", "expiry", "dec-18", side="lower")
    canvas = Canvas(8, 1)
    assert canvas.label(99, 44.0, "6,386", Role.LOWER, figure)
    assert canvas.rows()[0][-1] == Span("6,386", Role.LOWER, figure)


def test_runs_merge_what_looks_the_same_and_blanks_with_what_is_before() -> None:
    spans = list(
        runs(list("ab  cd"), [Role.LOWER, Role.LOWER, Role.PLAIN, Role.PLAIN, Role.LOWER, Role.UPPER])
    )
    assert spans == [Span("ab  c", Role.LOWER), Span("d", Role.UPPER)]
    assert list(runs([], [])) == []


def test_a_canvas_of_another_size_shows_the_same_shape() -> None:
    for width, height in ((58, 12), (78, 18), (110, 24)):
        canvas = Canvas(width, height)
        dots = canvas.dot_columns
        canvas.curve([height * (0.5 + 0.49 * sin(6.28 * at / dots)) for at in range(dots)], Role.INDEX)
        lines = text_of(canvas)
        low, high = (max(range(width), key=lambda at: lines[row][at] != " ") for row in (-1, 0))
        assert abs(low / width - 0.25) < 0.1
        assert abs(high / width - 0.75) < 0.1
