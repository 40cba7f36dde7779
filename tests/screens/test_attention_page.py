"""0 goes to the list of what needs you; 0 once more, or enter on its last line, opens all of it."""

import asyncio

import pytest

from alvh_tui.screens.page import Page
from tests.screens.fakes import app_with, engine_of, first_frame


@pytest.mark.parametrize("keys", [("0", "0"), ("0", "end", "enter")])
def test_all_of_it_opens(keys: tuple[str, ...]) -> None:
    async def run() -> None:
        app = app_with(engine_of("tested"))
        async with app.run_test(size=(80, 24)) as pilot:
            await first_frame(app, pilot)
            for key in keys:
                await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, Page)
            told = app.screen.text()
            assert "more (0 opens all)" not in told
            assert "ends 2 days before front" in told
            await pilot.press("escape")
            assert len(app.screen_stack) == 1

    asyncio.run(run())
