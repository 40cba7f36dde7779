from dataclasses import replace

import pytest

from alvh_tui.assess import Assessment
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.screens.pages import problems
from alvh_tui.screens.panels import attention
from alvh_tui.screens.rows import Opens, Role
from alvh_tui.why.figure import Figure
from tests.screens.fakes import alert
from tests.screens.panels_worlds import look, sample, shown

LONG = "the index stands below the lower breakeven on today's path, and the short put is in the money by far"
RULES = ("condor.proximity", "condor.cushion", "L1.zone")


def with_items(*items: Attention) -> Assessment:
    calm = sample("calm")
    return replace(calm, judgement=replace(calm.judgement, attention=items))


def item(about: str | None = "front", text: str = LONG, rule: str = "condor.proximity") -> Attention:
    return Attention(Severity.ACT, about, text, rule)


def test_nothing_to_do_is_a_calm_sentence() -> None:
    (row,) = attention.sheet(shown(with_items()), look(80)).rows
    assert row.text == "Nothing needs you."
    assert row.spans[0].role is Role.CALM


def test_severity_is_a_glyph_and_the_rule_stands_at_the_right() -> None:
    rows = attention.sheet(shown(sample("tested")), look(118, 9)).rows
    assert [row.text[0] for row in rows] == ["▲", "▲", "▲", "▲", "●", "●", "·", "·"]
    assert rows[0].text.endswith("condor.proximity")
    assert len({row.text.index(rule) for row, rule in zip(rows, RULES, strict=False)}) == 1
    narrow = attention.sheet(shown(sample("tested")), look(74, 9)).rows
    assert "condor.proximity" not in narrow[0].text


def test_more_than_fit_are_counted_in_the_last_line() -> None:
    rows = attention.sheet(shown(sample("tested")), look(80, 4)).rows
    assert len(rows) == 4
    assert rows[-1].text == "… 5 more (0 opens all)"
    assert rows[-1].opens == Opens("command", "attention")
    assert len(attention.sheet(shown(sample("tested")), look(80, 7)).rows) == 7


def test_where_room_is_short_each_position_says_its_first_line_and_none_hides_a_graver_one() -> None:
    def abouts(height: int) -> list[str]:
        rows = attention.sheet(shown(sample("tested")), look(80, height)).rows
        return [row.text.split()[1] for row in rows[:-1]]

    assert abouts(4) == ["front", "L1", "L2"]
    assert abouts(5) == ["front", "front", "L1", "L2"]


def test_a_long_sentence_is_cut_in_the_panel_and_whole_on_its_page() -> None:
    view = shown(with_items(item()))
    (row,) = attention.sheet(view, look(60, 4)).rows
    assert row.text.endswith("…")
    for width in (60, 110):
        page = attention.sheet(view, look(width, 40)).rows
        told = " ".join(row.text for row in page)
        assert LONG in " ".join(told.replace("condor.proximity", "").replace("▲ front", "").split())
        assert "condor.proximity" in told


def test_its_page_has_all_of_it_on_a_small_screen_too() -> None:
    rows = attention.whole(shown(sample("tested")), look(40, 10)).rows
    told = " ".join(" ".join(row.text for row in rows).split())
    assert "more (0 opens all)" not in told
    assert "L1-spread ends 2 days before front" in told


def test_rows_open_what_they_are_about() -> None:
    items = (item("front"), item("L2", rule="L2.zone"), item(None, rule="data.stale"))
    rows = attention.sheet(shown(with_items(*items)), look(80, 5)).rows
    assert [row.opens for row in rows] == [
        Opens("position", "front"),
        Opens("layer", "L2"),
        Opens("rule", "data.stale"),
    ]


def test_keys_are_about_and_rule_and_stay_when_the_figures_change() -> None:
    first = with_items(item(text="short put is 20 away"), item(text="short call is 30 away"))
    second = with_items(item(text="short put is 19 away"), item(text="short call is 31 away"))
    keys = [[row.key for row in attention.sheet(shown(a), look(80, 5)).rows] for a in (first, second)]
    assert keys[0] == keys[1] == ["front/condor.proximity/0", "front/condor.proximity/1"]


@pytest.mark.parametrize(
    ("rule", "about", "figure"),
    [
        ("condor.proximity", "front", Figure("short", "distance", "front", "6500P")),
        ("condor.cushion", "front", Figure("cushion", "cushion", "front")),
        ("L1.zone", "L1", Figure("layer", "action", "L1")),
        ("condor.days-left", "early", Figure("position", "dte", "early")),
    ],
)
def test_a_sentence_can_be_asked_why(rule: str, about: str, figure: Figure) -> None:
    rows = attention.sheet(shown(sample("tested")), look(118, 9)).rows
    row = next(row for row in rows if row.key == f"{about}/{rule}/0")
    assert row.figures == (figure,)


def test_amounts_are_hidden_and_days_are_short() -> None:
    items = with_items(item("L1", "3 held; 4 × VIX 2026-12-16 22C worth 1,250 $", "L1.zone"))
    open_to_all = attention.sheet(shown(items), look(110, 3)).rows[0].text
    assert "VIX Dec 16 22C" in open_to_all
    hidden = attention.sheet(shown(items), look(110, 3, private=True)).rows[0].text
    assert "1,250" not in hidden
    assert "3 held" not in hidden


def test_columns_do_not_move_when_a_line_comes() -> None:
    how = look(100, 5)
    wide = with_items(item("a-long-name", rule="condor.proximity"))
    attention.sheet(shown(wide), how)
    row = attention.sheet(shown(with_items(item("x"))), how).rows[0]
    assert row.text.index("the index") == attention.sheet(shown(wide), how).rows[0].text.index("the index")


def test_what_is_odd_about_the_data_is_the_last_line_and_opens_all_of_it() -> None:
    odd = replace(with_items(item()), warnings=("SPX 2026-12-18: four pairs", "L1: no value"))
    last = attention.sheet(shown(odd), look(118, 9)).rows[-1]
    assert last.text.startswith("· data   2 remarks: SPX 2026-12-18: four pairs; …")
    assert last.opens == Opens("command", "problems")
    page = [row.text.strip() for row in problems.sheet_for()(shown(odd), look(80, 30)).rows]
    assert page[-2:] == ["SPX 2026-12-18: four pairs", "L1: no value"]


def test_alerts_that_wait_are_counted_in_the_frame() -> None:
    waiting = replace(shown(with_items(item())), alerts=(alert(), alert(rule="L1.zone")))
    assert attention.sheet(waiting, look(118, 9)).note == "2 alerts unseen"
    assert attention.sheet(replace(waiting, alerts=waiting.alerts[:1]), look(118, 9)).note == "1 alert unseen"
    assert attention.sheet(shown(with_items()), look(118, 9)).note == ""
