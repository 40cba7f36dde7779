"""Charts of one line: exactly as wide as asked, with gaps for what is unknown."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.screens.charts.canvas import Canvas
from alvh_tui.screens.charts.marks import Mark, line_of, repainted
from alvh_tui.screens.charts.small import gauge, shade_of, sparkline, two_way_bar
from alvh_tui.screens.rows import Role, Span, width_of
from alvh_tui.screens.shown import Charts
from alvh_tui.why.figure import Figure

CHARTS: list[Charts] = ["braille", "blocks", "ascii"]
readings = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True))
FIGURE = Figure("yardstick", "vega coverage", "L1")


def text_of(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


@given(st.lists(st.one_of(st.none(), st.floats(-1e300, 1e300), st.just(nan))), st.integers(0, 20))
@pytest.mark.parametrize("charts", CHARTS)
def test_a_sparkline_is_as_wide_as_asked(charts: Charts, values: list[float | None], width: int) -> None:
    assert width_of(sparkline(values, width, charts)) == width


def test_a_sparkline_shows_the_latest_values() -> None:
    assert sparkline([0.0, 1.0, 2.0, 3.0], 4, "blocks") == "▁▃▆█"
    assert sparkline([9.0, 0.0, 1.0, 2.0, 3.0], 4, "blocks") == "▁▃▆█"
    assert sparkline([1.0, 2.0], 4, "blocks") == "  ▁█"
    assert sparkline([0.0, None, nan, 3.0], 4, "blocks") == "▁  █"
    assert sparkline([5.0, 5.0], 2, "blocks") == "▄▄"
    assert sparkline([0.0, 1.0, 2.0, 3.0], 4, "ascii") == "_.-'"
    assert sparkline([0.0, 1.0, 2.0, 3.0], 2) == "⡠⠊"
    assert sparkline([], 3) == "   "
    assert sparkline([None, nan, inf], 3) == "   "


@given(st.lists(st.one_of(st.none(), st.floats(-50.0, 50.0)), max_size=40), st.integers(1, 20))
def test_a_sparkline_is_the_curve_a_canvas_draws(values: list[float | None], width: int) -> None:
    shown = ([None] * 2 * width + values)[-2 * width :]
    known = [value for value in shown if value is not None]
    low, length = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    shares = [None if value is None else (value - low) / length if length else 0.5 for value in shown]
    canvas = Canvas(width, 1)
    canvas.curve([nan if share is None else 0.99 * (1.0 - share) for share in shares], Role.PLAIN)
    assert sparkline(values, width) == text_of(canvas.rows()[0])


@given(readings, readings, readings, readings, readings, st.integers(0, 24))
@pytest.mark.parametrize("charts", CHARTS)
def test_a_gauge_is_as_wide_as_asked(
    charts: Charts,
    reading: float | None,
    low: float | None,
    high: float | None,
    mark: float | None,
    top: float | None,
    width: int,
) -> None:
    low, high = (None if each is None or not abs(each) < inf else each for each in (low, high))
    spans = gauge(reading, width, charts, low=low, high=high, mark=mark, top=top, figure=FIGURE)
    assert width_of(text_of(spans)) == width


def test_a_gauge_shows_reading_band_and_mark() -> None:
    assert text_of(gauge(0.52, 12, low=0.4, high=0.6, top=1.0)) == "▕█████▏····▏"
    assert text_of(gauge(0.18, 12, low=0.4, high=0.6, mark=0.43, top=1.0)) == "▕█▊··┃┄····▏"
    assert text_of(gauge(0.18, 12, "ascii", low=0.4, high=0.6, mark=0.43, top=1.0)) == "[#...|=....]"
    assert text_of(gauge(None, 12, low=0.4, top=1.0)) == "▕····┄┄┄┄┄┄▏"
    assert text_of(gauge(9.0, 12, top=1.0)) == "▕██████████▏"
    assert text_of(gauge(-1.0, 6, top=1.0)) == "▕····▏"
    assert {span.figure for span in gauge(0.5, 12, figure=FIGURE)[1:-1]} == {FIGURE}


@pytest.mark.parametrize("charts", CHARTS)
def test_a_bar_goes_left_for_losses_and_right_for_gains(charts: Charts) -> None:
    full = "#" if charts == "ascii" else "█"
    for value, left, right in ((-100.0, 5, 0), (50.0, 0, 2), (0.0, 0, 0), (None, 0, 0), (nan, 0, 0)):
        before, axis, after = two_way_bar(value, 100.0, 11, charts)
        assert (before.text.count(full), after.text.count(full)) == (left, right)
        assert width_of(before.text + axis.text + after.text) == 11
    assert width_of(text_of(two_way_bar(5.0, 0.0, 4))) == 4
    assert two_way_bar(5.0, 9.0, 0) == ()


def test_less_than_a_cell_is_not_nothing() -> None:
    assert text_of(two_way_bar(-0.1, 100.0, 7)) == "  ▕│   "
    assert text_of(two_way_bar(0.1, 100.0, 7)) == "   │▏  "
    assert text_of(two_way_bar(0.1, 100.0, 7, "ascii")) == "   |.  "


def test_a_shade_repeats_sign_and_size() -> None:
    assert [shade_of(value, 100.0) for value in (-90.0, -40.0, -5.0, 0.0, 5.0, 40.0, 90.0)] == [
        Role.LOSS_3, Role.LOSS_2, Role.LOSS_1, Role.PLAIN, Role.GAIN_1, Role.GAIN_2, Role.GAIN_3,
    ]  # fmt: skip
    assert shade_of(None, 100.0) is shade_of(nan, 100.0) is shade_of(5.0, 0.0) is Role.PLAIN


def test_marks_stand_at_their_columns_and_the_first_ones_win() -> None:
    marks = [Mark(10, "now", Role.NOW), Mark(0, "nov 4"), Mark(12, "late"), Mark(99, "dec 18")]
    assert text_of(line_of(marks, 24)) == "nov 4    now      dec 18"
    assert text_of(line_of(marks, 24, slack=3)) == "nov 4    now late dec 18"
    assert text_of(line_of([Mark(5, "x" * 30)], 10, "─")) == "─" * 10
    assert text_of(line_of([Mark(0, "▲6,455", ahead=0)], 10)) == "▲6,455    "
    assert line_of([], 0) == ()


def test_a_mark_that_must_stand_on_its_column_is_left_out_where_it_cannot() -> None:
    right, left = Mark(8, "◆7,087", ahead=0), Mark(8, "7,087◆", ahead=5)
    assert text_of(line_of([right, left], 20)) == " " * 8 + "◆7,087" + " " * 6
    assert text_of(line_of([right, left], 10)) == "   7,087◆ "
    assert text_of(line_of([right], 10)) == " " * 10


def test_cells_are_written_over_but_never_a_figure() -> None:
    spans = (Span("────"), Span("6,386", figure=FIGURE), Span("──"))
    found = repainted(spans, {1: ("┬", Role.RULE), 5: ("┬", Role.RULE), 10: ("┬", Role.RULE)})
    assert text_of(found) == "─┬──6,386─┬"
