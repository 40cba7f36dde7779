"""Everything the mouse can do: what its keys do."""

from alvh_tui.screens.foot import Foot

from .fakes import app_with, engine_of, first_frame


async def test_a_tab_leads_to_its_panel() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(80, 24)) as pilot:
        await first_frame(app, pilot)
        shown = app.dashboard.tabs.render_line(0).text
        await pilot.click("#tabs", offset=(shown.index("Signals"), 0))
        assert app.dashboard.active.id == "signals"
        assert app.dashboard.query_one("#signals").display


async def test_a_key_in_the_last_line_can_be_clicked() -> None:
    engine = engine_of()
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        shown = app.dashboard.query_one(Foot).render_line(0).text
        await pilot.click(Foot, offset=(shown.index("refresh"), 0))
        assert ("refresh",) in engine.asked
        await pilot.click(Foot, offset=(shown.index("pause"), 0))
        assert engine.paused
        await pilot.click(Foot, offset=(119, 0))
        assert engine.asked.count(("refresh",)) == 1, "nothing stands there"


async def test_two_clicks_open_a_row() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        lines = [row.text for row in app.dashboard.query_one("#layers").sheet.rows]  # type: ignore[attr-defined]
        place = next(nth for nth, text in enumerate(lines) if text.startswith("L1"))
        await pilot.click("#layers", offset=(1, place + 1), times=2)
        await pilot.pause()
        assert app.screen is not app.dashboard
