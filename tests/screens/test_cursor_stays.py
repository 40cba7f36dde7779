"""Cursor, figure and scroll stay where the eye is, whatever comes: a market, a filter, an edited book."""

from dataclasses import replace
from functools import cache

import pytest

from alvh_tui.assess import Assessment, assess
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.panel import Panel
from tests.screens.fakes import app_with, assessed, first_frame, frame_number
from tests.screens.moments import engine_at, moment
from tests.screens.painted import faults, painted

HERE = "early"
"""The condor the cursor stands on."""


@cache
def moved() -> Assessment:
    """Two per cent lower."""
    found = assessed()
    index = found.market.quotes["^SPX"]
    assert index.last is not None
    quotes = {**found.market.quotes, "^SPX": replace(index, last=index.last * 0.98)}
    return assess(found.book, replace(found.market, quotes=quotes), found.rules, found.at)


@cache
def with_one_more() -> Assessment:
    """A position has been written above all others."""
    found = assessed()
    first = replace(found.book.condors[0], id="newest")
    book = replace(found.book, condors=(first, *found.book.condors))
    return assess(book, found.market, found.rules, found.at)


@cache
def without_it() -> Assessment:
    """The position the cursor stands on has been taken out."""
    found = assessed()
    condors = tuple(condor for condor in found.book.condors if condor.id != HERE)
    return assess(replace(found.book, condors=condors), found.market, found.rules, found.at)


def book_of(app: AlvhApp) -> Panel:
    return app.dashboard.query_one("#book", Panel)


def line_of(app: AlvhApp, name: str) -> int:
    return next(nth for nth, line in enumerate(painted(app)) if f" {name} ×" in line)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)], ids=str)
@pytest.mark.parametrize("comes", [moved, with_one_more])
async def test_it_stays_on_its_figure(comes: object, size: tuple[int, int]) -> None:
    assert callable(comes)
    engine = engine_at(moment("stressed"))
    app = app_with(engine)
    async with app.run_test(size=size) as pilot:
        await first_frame(app, pilot)
        panel = book_of(app)
        assert panel.stand_on_key(HERE)
        await pilot.press("l", "l")
        await pilot.pause()
        figure, selected = panel.figure, app.look().selected
        assert figure is not None
        assert figure.about == selected == HERE
        engine.tell(assessment=comes())
        await frame_number(2, app, pilot)
        await pilot.pause()
        assert panel.row is not None
        assert (panel.row.key, panel.figure, app.look().selected) == (HERE, figure, HERE)
        assert app.focused is panel


async def test_a_new_market_moves_no_line_of_the_book() -> None:
    engine = engine_at(moment("stressed"))
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("z", "4", "j", "j", "j")
        await pilot.pause()
        before = [line_of(app, name) for name in ("front", HERE)]
        scrolled = [panel.scroll_offset for panel in app.dashboard.panels]
        engine.tell(assessment=moved())
        await frame_number(2, app, pilot)
        await pilot.pause()
        assert [line_of(app, name) for name in ("front", HERE)] == before
        assert [panel.scroll_offset for panel in app.dashboard.panels] == scrolled


async def test_the_position_under_it_goes_and_a_neighbour_has_it() -> None:
    engine = engine_at(moment("stressed"))
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        panel = book_of(app)
        assert panel.stand_on_key(HERE)
        await pilot.pause()
        assert app.look().selected == HERE
        engine.tell(assessment=without_it())
        await frame_number(2, app, pilot)
        await pilot.pause()
        assert panel.row is not None
        assert panel.figure is not None
        assert app.look().selected == "front"
        await pilot.press("=", "escape", "o", "escape")
        assert faults(app) == []


async def test_a_filter_comes_and_goes_around_it() -> None:
    app = app_with(engine_at(moment("stressed")))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        panel = book_of(app)
        panel.stand_on_key(HERE)
        await pilot.pause()
        await pilot.press("slash", *HERE, "enter")
        await pilot.pause()
        assert not any(" front ×" in line for line in painted(app))
        assert panel.row is not None
        assert panel.row.key == HERE
        await pilot.press("escape")
        await pilot.pause()
        assert any(" front ×" in line for line in painted(app))
        assert panel.row is not None
        assert panel.row.key == HERE
