"""The risk panel as text: the payoff, the heat map, and the P&L explained."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.assess import Assessment, Past, assess
from alvh_tui.figures import number
from alvh_tui.method.rules import built_in
from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.panels import risk
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, width_of
from alvh_tui.screens.shown import Charts, Shown
from alvh_tui.why.derive import derive, value_of
from alvh_tui.why.figure import Figure
from tests.risk.worlds import AT, golden_market
from tests.risk.worlds import book_of as book_holding
from tests.screens.corridor_worlds import HEDGE, HELD, assessed
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

CHARTS: list[Charts] = ["braille", "blocks", "ascii"]
SIZES = ((58, 12), (71, 9), (78, 18), (110, 24))


def frame(assessment: Assessment | None) -> Shown:
    return shown(assessment, draw=draw_picture)


def sheet(assessment: Assessment, width: int = 78, height: int = 18, **changes: object) -> Sheet:
    return risk.sheet(frame(assessment), look(width, height, **{"selected": "dec-31", **changes}))


@cache
def explained() -> Assessment:
    """Since an hour before, with the index 20 points higher then."""
    before = golden_market(AT - timedelta(hours=1), spot=6820.0)
    return assess(book_holding(HELD, HEDGE), golden_market(), built_in("zones"), AT, Past(previous=before))


def row(found: Sheet, key: str) -> Row:
    return next(each for each in found.rows if each.key == key)


def drawn(found: Sheet) -> list[Row]:
    return [each for each in found.rows if each.key.startswith("payoff ") and each.key.split()[1].isdigit()]


def figures(line: Row) -> dict[Figure, str]:
    return {span.figure: span.text for span in line.spans if span.figure is not None}


def roles(line: Row) -> list[Role]:
    return [span.role for span in line.spans for _ in span.text]


# payoff


@pytest.mark.parametrize("charts", CHARTS)
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_chart_fills_the_panel_and_leaves_room_for_the_figures(
    width: int, height: int, charts: Charts
) -> None:
    found = sheet(assessed(), width, height, charts=charts)
    assert len(found.rows) == height
    assert all(width_of(line.text) == width for line in drawn(found))
    assert too_wide(found, width) == []


def test_the_title_says_what_each_line_is_and_the_note_what_is_assumed() -> None:
    found = sheet(assessed(), 100, 14)
    assert found.title == "dec-31  now ─  +5 ┄  expiry ━  hedged bold"
    assert found.note == "path: VIX +1.6 per −1 %, −1.0 per +1 %"
    assert sheet(assessed(), 110, 24).title == "dec-31  now ─  +5 ┄  +10 ┈  expiry ━  hedged bold"
    assert sheet(assessed(), charts="ascii").title == "dec-31  now -  +5 . .  expiry #  hedged bold"
    assert sheet(assessed(hedged=False)).title == "dec-31  now ─  +5 ┄  expiry ━"
    assert sheet(assessed(), selected="").title.startswith("all held  now")


@pytest.mark.parametrize("width", [40, 58, 72, 90, 120])
def test_the_assumption_can_be_read_at_any_width(width: int) -> None:
    """In the frame where there is room, else beside the figures or under them."""
    found = sheet(assessed(), width, 14)
    text = " ".join(line.text for line in found.rows)
    in_frame = found.note == "path: VIX +1.6 per −1 %, −1.0 per +1 %"
    assert in_frame is (width >= 100)
    assert ("VIX +1.6 per −1 %," in text) is not in_frame
    assert ("−1.0 per +1 %" in text) is not in_frame
    assert len(found.rows) == 14
    assert too_wide(found, width) == []


def test_a_low_panel_keeps_the_figures_and_draws_the_fewest_curves() -> None:
    found = sheet(assessed(), 71, 9)
    assert len(found.rows) == 9
    assert found.title == "dec-31  now ─  expiry ━  hedged bold"
    assert found.rows[-1].key == "payoff pnl_hedged"
    assert not any(role is Role.PROJECTED for line in drawn(found) for role in roles(line))


def test_a_breakeven_beyond_the_axis_is_not_marked_on_it() -> None:
    found = sheet(assessed(), 110, 24)
    zero = next(line for line in drawn(found) if line.text.lstrip().startswith("0 "))
    assert zero.text.count("◆") == 2
    assert zero.text.count("◇") == 1, "the lower one on today's path lies below all that is drawn"


def test_strikes_breakevens_and_the_index_stand_on_the_axis() -> None:
    found = sheet(assessed(), 110, 24)
    strikes, axis = row(found, "strikes"), row(found, "payoff below 0")
    assert strikes.text.split() == ["6,350P", "6,400P", "7,050C", "7,150C"]
    assert figures(strikes)[Figure("short", "strike", "dec-31", "6400P")] == "6,400P"
    told = figures(axis)
    assert told[Figure("breakeven", "expiry", "dec-31", side="lower")] == "6,365◆"
    assert told[Figure("breakeven", "expiry", "dec-31", side="upper")] == "◆7,085"
    assert told[Figure("market", "spx")] == "┃6,800"
    zero = next(line for line in drawn(found) if line.text.lstrip().startswith("0 "))
    for side in ("lower", "upper"):
        mark = Figure("breakeven", "expiry", "dec-31", side=side)
        assert figures(zero)[mark] == "◆"
    assert zero.text.index("◆") == axis.text.index("◆"), "over its own level"
    assert "╌" in zero.text


def test_the_expiry_line_is_flat_between_the_shorts_and_falls_through_its_breakevens() -> None:
    found = sheet(assessed(hedged=False), 110, 24, charts="ascii")
    lines = [line.text for line in drawn(found)]
    top = max(range(len(lines)), key=lambda at: lines[at].count("#"))
    assert top <= 1
    assert lines[top].count("#") > 40
    flat = range(lines[top].index("#"), lines[top].rindex("#") + 1)
    lower = [column for line in lines[2:] for column, letter in enumerate(line) if letter == "#"]
    assert min(lower) < flat[0]
    assert max(lower) > flat[-1]
    assert not [column for column in lower if flat[0] + 3 < column < flat[-1] - 3]


def test_heights_are_round_dollars_and_shares_of_the_loss_where_amounts_are_hidden() -> None:
    labels = [line.spans[0].text.strip() for line in drawn(sheet(assessed()))]
    amounts = [label for label in labels if label]
    assert "0" in amounts
    assert all(int(amount.replace(",", "").replace("−", "-")) % 2500 == 0 for amount in amounts)
    found = sheet(assessed(), private=True)
    hidden = [line.spans[0].text.strip() for line in drawn(found)]
    assert "−50 %" in hidden
    assert "000" not in "".join(line.text for line in drawn(found))
    assert "•••" in row(found, "payoff pnl_path").text


def test_the_figures_are_those_of_the_curves_at_the_index() -> None:
    assessment = assessed()
    found = sheet(assessment)
    for key, name in (("payoff pnl_path", "pnl_path"), ("payoff pnl_hedged", "pnl_hedged")):
        told = figures(row(found, key))
        assert [figure.when for figure in told] == ["", "+5", "+10", "expiry"]
        for figure, text in told.items():
            assert (figure.kind, figure.name, figure.detail) == ("payoff", name, "SPX 6800")
            assert text == number(value_of(figure, assessment), signed=True)
    assert "+35,000" in row(found, "payoff pnl_path").text, "all of the credit at expiry"


def test_of_one_condor_the_hedges_are_its_own() -> None:
    assert row(sheet(assessed()), "payoff pnl_hedged").text.startswith("with its hedges ")
    assert row(sheet(assessed(), selected=""), "payoff pnl_hedged").text.startswith("with hedges ")


def test_a_book_of_hedges_alone_has_no_line_of_condors() -> None:
    hedges = judged(replace(book_of("tested"), condors=()), market_of("tested"))
    found = sheet(hedges, selected="")
    assert not any(line.key == "payoff pnl_path" for line in found.rows)
    assert row(found, "payoff pnl_hedged").text.startswith("hedges ")


@pytest.mark.parametrize("mode", ["payoff", "grid"])
def test_every_row_one_can_stand_on_opens_the_condor(mode: str) -> None:
    stops = [line for line in sheet(assessed(), 110, 24, mode=mode).rows if line.figures]
    assert len(stops) > 3
    assert {line.opens for line in stops} == {Opens("position", "dec-31")}
    found = sheet(assessed(), 110, 24, mode=mode, selected="")
    assert {line.opens for line in found.rows} == {None}, "the book has no page"


def test_hedged_lines_have_their_own_look() -> None:
    looks = {role for line in drawn(sheet(assessed())) for role in roles(line)}
    assert Role.HEDGED in looks
    looks = {role for line in drawn(sheet(assessed(hedged=False))) for role in roles(line)}
    assert Role.HEDGED not in looks


def test_curves_lie_over_the_marks() -> None:
    found = sheet(assessed(hedged=False), 110, 24)
    column = row(found, "payoff below 0").text.index("┃")
    through = [line.text[column] for line in drawn(found)]
    assert "│" in through
    assert any("⠁" <= letter <= "⣿" for letter in through), "the curves go through the mark of the index"


# grid


def test_the_heat_map_has_numbers_and_shades() -> None:
    assessment = assessed()
    found = sheet(assessment, mode="grid", selected="")
    assert found.head == 1
    assert found.title == "everything held  P&L now, SPX × VIX"
    assert sheet(assessment, mode="grid").title == "dec-31 without hedges  P&L now, SPX × VIX"
    head, lines = found.rows[0], found.rows[1:10]
    assert head.text.split() == ["SPX", "VIX", "12", "15", "17.2", "20", "25", "30", "35"]
    levels = [int(line.text[:7].replace(",", "")) for line in lines]
    assert levels == sorted(levels, reverse=True)
    assert 6800 in levels
    for line in lines:
        for span in line.spans[1:]:
            assert span.figure is not None
            value = value_of(span.figure, assessment)
            assert value is not None
            assert span.text.strip(" []") == number(value, signed=True)
            assert span.role is Role.PLAIN or (span.role.value.startswith("loss")) is (value < 0.0)
    shades = {span.role for line in lines for span in line.spans[1:]}
    assert {Role.LOSS_3, Role.GAIN_1} <= shades


def test_the_present_cell_is_in_brackets() -> None:
    assessment = assessed()
    found = sheet(assessment, mode="grid", selected="")
    marked = [span for line in found.rows for span in line.spans if "[" in span.text]
    (present,) = marked
    assert present.figure == Figure("grid", "pnl", "", "SPX 6800 VIX 17.2")
    assert present.text.strip() == f"[{number(assessment.totals.pnl, signed=True)}]"
    assert {width_of(line.text) for line in found.rows[:10]} == {width_of(found.rows[0].text)}


@pytest.mark.parametrize("width", [14, 20, 30, 40, 58])
def test_a_narrow_heat_map_keeps_the_present_column(width: int) -> None:
    found = sheet(assessed(), width, mode="grid")
    assert "17.2" in found.rows[0].text
    assert sum("[" in line.text for line in found.rows) == 1
    if width >= 20:
        assert too_wide(found, width) == []


def test_hidden_amounts_become_shares_of_the_largest_loss() -> None:
    found = sheet(assessed(), mode="grid", private=True)
    assert found.rows[-1].text.startswith("in % of the largest loss")
    cells = [span for line in found.rows for span in line.spans if span.figure is not None]
    assert len(cells) == 63
    assert all(span.text.strip(" []").endswith(" %") for span in cells)


def test_without_vix_there_is_no_grid() -> None:
    market = market_of("calm")
    blind = replace(market, quotes={"^SPX": market.quotes["^SPX"]})
    assessment = assess(sample("calm").book, blind, built_in("zones"), blind.time)
    found = sheet(assessment, mode="grid", selected="first")
    assert found.rows[0].text.startswith("No grid: VIX is not quoted")
    found = sheet(assessment, width=100, selected="first")
    assert found.note == "VIX and vols held"
    assert "hedged" not in found.title
    assert any(figure.name == "pnl" for line in found.rows for figure in line.figures)


# explained


def test_the_parts_of_the_book_are_bars_that_add_up() -> None:
    assessment = explained()
    found = sheet(assessment, mode="explained")
    assert found.title == "P&L explained since nov 20 14:30"
    whole = assessment.explained
    assert whole is not None
    for part in ("delta", "gamma", "vega", "theta", "residual", "total"):
        line = row(found, f"explained {part}")
        assert figures(line)[Figure("explained", part)] == number(getattr(whole, part), signed=True)
        before, after = line.text.split("│")
        value = getattr(whole, part)
        longer = before if value < 0 else after
        assert value == 0 or any(letter in longer for letter in "█▕▏")
    assert whole.total == pytest.approx(whole.delta + whole.gamma + whole.vega + whole.theta + whole.residual)


def test_every_position_is_explained_in_a_line() -> None:
    found = sheet(explained(), 110, mode="explained")
    told = figures(row(found, "explained of L1"))
    assert [figure.name for figure in told] == ["total", "delta", "gamma", "vega", "theta", "residual"]
    assert {figure.about for figure in told} == {"L1"}
    assert row(found, "explained of dec-31").opens is not None


def test_hidden_amounts_are_hidden_and_the_bars_stay() -> None:
    found = sheet(explained(), mode="explained", private=True)
    line = row(found, "explained delta")
    assert "•••" in line.text
    assert "█" in line.text
    assert not any(letter.isdigit() for letter in line.text)


def test_without_an_earlier_moment_it_says_so() -> None:
    found = sheet(assessed(), mode="explained")
    assert found.rows[0].text.startswith("No earlier close is recorded yet: the P&L of a day is explained")


def test_a_position_traded_since_is_a_dash_and_there_is_no_sum() -> None:
    fresh = replace(HEDGE, opened=AT.date())
    before = golden_market(AT - timedelta(days=1), spot=6820.0)
    book, past = book_holding(HELD, fresh), Past(previous=before)
    assessment = assess(book, golden_market(), built_in("zones"), AT, past)
    found = sheet(assessment, mode="explained")
    assert found.rows[0].text.startswith("No sum: not every position")
    assert set(figures(row(found, "explained of L1")).values()) == {"—"}
    assert "—" not in row(found, "explained of dec-31").text
    assert any("was traded since" in line.text for line in found.rows)


# nothing raises


@pytest.mark.parametrize("mode", risk.MODES)
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_be_asked_and_says_what_the_cell_says(name: str, mode: str) -> None:
    assessment = sample(name)
    for selected in ("", *(held.id for held in assessment.book.condors)):
        found = risk.sheet(frame(assessment), look(110, 24, mode=mode, selected=selected))
        for line in found.rows:
            for figure, text in figures(line).items():
                assert derive(figure, assessment) is not None, figure
                if figure.kind in ("payoff", "grid"):
                    assert text.strip(" []") == number(value_of(figure, assessment), signed=True), figure


@given(
    st.integers(1, 200),
    st.integers(0, 60),
    st.sampled_from(CHARTS),
    st.sampled_from(risk.MODES),
    st.sampled_from(NAMES),
    st.booleans(),
)
def test_any_size_will_do(
    width: int, height: int, charts: Charts, mode: str, name: str, private: bool
) -> None:
    assessment = sample(name)
    selected = assessment.book.condors[-1].id
    found = risk.sheet(
        frame(assessment), look(width, height, charts=charts, mode=mode, selected=selected, private=private)
    )
    assert len({line.key for line in found.rows}) == len(found.rows)
    if width >= 40:
        assert too_wide(found, width) == []


@pytest.mark.parametrize("mode", risk.MODES)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_name_disturbs_no_line(hostile: str, mode: str) -> None:
    assessment = renamed("calm", hostile)
    for selected in ("", assessment.book.condors[0].id):
        found = risk.sheet(frame(assessment), look(78, 20, mode=mode, selected=selected))
        assert too_wide(found, 78) == []


@pytest.mark.parametrize("mode", risk.MODES)
def test_what_cannot_be_priced_is_a_dash_and_the_payoff_is_drawn(mode: str) -> None:
    found = risk.sheet(frame(unpriced("calm")), look(78, 20, mode=mode, selected="first"))
    assert too_wide(found, 78) == []
    if mode == "payoff":
        assert any("⠁" <= letter <= "⣿" for line in drawn(found) for letter in line.text)
        assert "—" in row(found, "payoff pnl_path").text
        assert row(found, "doubt").text.startswith("— first:")
    if mode == "grid":
        assert found.rows[-1].text == "each moved on its own, vols follow VIX"
        assert set("".join(line.text[7:] for line in found.rows[1:-1])) <= set(" []—")


def test_nothing_known_is_said() -> None:
    assert risk.sheet(frame(None), look(58)).rows[0].text == "Nothing is known of the market yet."
    assert risk.sheet(frame(empty()), look(58)).rows[0].text == "Nothing to draw: nothing is held."
    assert risk.sheet(shown(assessed()), look(58)).rows[0].text == "Nothing has been worked out yet."
