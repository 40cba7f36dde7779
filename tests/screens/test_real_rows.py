"""With the real panels: every row opens, every figure can be asked, everything can be copied."""

import pytest

from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens.actions import PANELS
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.builders import MODES
from alvh_tui.screens.page import Page
from alvh_tui.screens.rows import Row
from alvh_tui.screens.why_page import GONE, WhyPage
from alvh_tui.toml.problem import Problem, Severity
from alvh_tui.why.ages import is_doubtful
from alvh_tui.why.figure import Figure
from tests.screens.fakes import FakeEngine, alert, app_with, engine_of, entry, first_frame

PROBLEMS = (Problem("book.toml", 3, "a", "b", "c"), Problem("book.toml", 4, "a", "b", "c", Severity.WARNING))


def whole(name: str) -> FakeEngine:
    return engine_of(
        name,
        entries=(entry(1), entry(2, "a note", "front", "note"), entry(3, "rolled", "front", "position")),
        alerts=(alert(about="front"), alert("stale", "data.stale", "book")),
        problems=PROBLEMS,
        draw=draw_picture,
        doubts=is_doubtful,
    )


def rows_of(app: AlvhApp, name: str) -> list[Row]:
    """Of the panel in all its views."""
    front = app.dashboard
    rows: list[Row] = []
    for mode in MODES.get(name, ("",)):
        if mode:
            front.show_view(name, mode)
        panel = front.attention if name == "attention" else front.active
        rows += panel.sheet.rows
    return rows


@pytest.mark.parametrize("name", ["attention", *PANELS])
async def test_every_row_opens_and_every_figure_says_why(name: str) -> None:
    engine = whole("tested")
    app = app_with(engine)
    async with app.run_test(size=(200, 60)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("z")
        app.action_act(name)
        await pilot.pause()
        rows = rows_of(app, name)
        assert rows
        for opens in {row.opens: None for row in rows if row.opens is not None}:
            app.open_page(opens)
            await pilot.pause()
            assert isinstance(app.front, Page), opens
            assert app.front.panel.sheet.rows, opens
            assert app.front.text().strip()
            app.front.do_back()
            await pilot.pause()
            assert app.screen is app.dashboard
        await every_figure_answers(app, {figure for row in rows for figure in row.figures})


async def every_figure_answers(app: AlvhApp, figures: set[Figure]) -> None:
    for figure in figures:
        page = WhyPage(figure)
        found = page.derivation(app.shown)
        assert found is not None, figure
        assert found.text()
        assert GONE not in found.text()


async def test_enter_on_what_there_is_no_room_for_leads_to_all_of_it() -> None:
    app = app_with(whole("tested"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("0", "G")
        await pilot.pause()
        assert app.row is not None
        assert app.row.key == "more"
        await pilot.press("enter")
        await pilot.pause()
        told = app.front.active.sheet.rows if app.front is not None else ()
        shown = app.shown
        assert shown is not None
        assert shown.assessment is not None
        found = {item.text for item in shown.assessment.judgement.attention}
        assert len([row for row in told if row.opens is not None]) >= len(found)
