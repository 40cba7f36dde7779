"""A fault of ours in one panel: it says so, and the rest of the screen goes on."""

import logging

import pytest

from alvh_tui.risk.picture import draw_picture
from alvh_tui.screens import builders
from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import Sheet
from alvh_tui.screens.shown import Look, Shown

from .fakes import FakeEngine, app_with, assessed, engine_of, first_frame, frame_number, sample, shown_of


def broken(shown: Shown, look: Look) -> Sheet:
    raise KeyError("nobody foresaw this")


@pytest.mark.fails_in_words
async def test_a_panel_that_fails_says_so_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(builders, "BUILDERS", {**builders.BUILDERS, "layers": broken})
    app = app_with(engine_of())
    with caplog.at_level(logging.ERROR):
        async with app.run_test(size=(120, 40)) as pilot:
            await first_frame(app, pilot)
            layers, book = (app.dashboard.query_one(f"#{name}") for name in ("layers", "book"))
            assert [row.text for row in layers.sheet.rows] == ["this cannot be shown: KeyError"]  # type: ignore[attr-defined]
            assert len(book.sheet.rows) > 3  # type: ignore[attr-defined]
    assert "a panel could not be built: KeyError" in caplog.text


async def test_what_came_while_a_page_was_open_is_there_when_it_closes() -> None:
    engine = FakeEngine(sample(), shown_of(None, draw=draw_picture))
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("?")
        await pilot.pause()
        engine.tell(assessment=assessed())
        await frame_number(2, app, pilot)
        await pilot.press("escape")
        await pilot.pause()
        for name in ("book", "breakevens", "layers", "signals", "risk", "attention"):
            assert len(app.dashboard.query_one(f"#{name}", Panel).sheet.rows) > 2, name
