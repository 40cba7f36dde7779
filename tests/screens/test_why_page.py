"""`=`: from a figure to how it comes about, on to its inputs, and back."""

from dataclasses import replace

import pytest

from alvh_tui.screens.rows import Opens
from alvh_tui.screens.why_page import GONE, WhyPage, about_of
from alvh_tui.why.derive import derive
from alvh_tui.why.figure import Figure
from tests.screens.fakes import app_with, assessed, engine_of, first_frame, frame_number
from tests.screens.plain import stand_in


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


async def test_inputs_can_be_asked_in_turn_and_escape_leads_back() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("equals_sign")
        await pilot.pause()
        first = app.front
        assert isinstance(first, WhyPage)
        assert first.asked == Figure("position", "pnl", "front")
        found = derive(first.asked, assessed())
        assert found is not None
        assert first.panel.sheet.rows[0].text == f"{found.title} {found.value}"
        asked = [given.figure for given in found.inputs if given.figure is not None]
        assert asked
        await pilot.press("equals_sign")
        await pilot.pause()
        second = app.front
        assert isinstance(second, WhyPage)
        assert second.asked == asked[0]
        await pilot.press("escape")
        await pilot.pause()
        assert app.front is first
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.dashboard


async def test_it_is_derived_anew_with_every_frame() -> None:
    engine = engine_of()
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("equals_sign")
        await pilot.pause()
        page = app.front
        assert isinstance(page, WhyPage)
        before = page.panel.sheet.rows[0].text
        found = assessed()
        figures = replace(found.positions[0].figures, pnl=4321.0)
        positions = (replace(found.positions[0], figures=figures), *found.positions[1:])
        engine.tell(assessment=replace(found, positions=positions))
        await frame_number(2, app, pilot)
        assert page.panel.sheet.rows[0].text != before
        assert "4,321" in page.panel.sheet.rows[0].text


async def test_a_figure_that_is_gone_says_so() -> None:
    engine = engine_of()
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("equals_sign")
        await pilot.pause()
        engine.tell(assessment=assessed("calm"))
        await frame_number(2, app, pilot)
        assert isinstance(app.front, WhyPage)
        assert [row.text for row in app.front.panel.sheet.rows] == [GONE]
        assert GONE in app.front.text()


@pytest.mark.parametrize(
    ("figure", "about"),
    [
        (Figure("position", "pnl", "dec-18"), Opens("position", "dec-18")),
        (Figure("leg", "mark", "dec-18", "SPXW"), Opens("position", "dec-18")),
        (Figure("breakeven", "today", "", side="lower"), None),
        (Figure("yardstick", "vega coverage", "L1"), Opens("layer", "L1")),
        (Figure("rule", "zone", "L2"), Opens("layer", "L2")),
        (Figure("rule", "condor.pcf", "dec-18"), Opens("position", "dec-18")),
        (Figure("rule", "shrink", "shrink"), None),
        (Figure("signal", "reading", "vix.rsi"), Opens("signal", "vix.rsi")),
        (Figure("market", "spx"), None),
        (Figure("market", "forward", "SPXW 2026-12-18"), None),
        (Figure("source", "age", "yahoo.quotes"), None),
    ],
)
def test_a_note_on_a_figure_is_about_what_it_belongs_to(figure: Figure, about: Opens | None) -> None:
    assert about_of(figure) == about
