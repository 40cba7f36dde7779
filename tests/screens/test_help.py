"""Help: of the panel in focus first, and with the keys as they are in use."""

import pytest

from alvh_tui.screens.actions import ACTIONS, PANELS
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.help_page import HelpPage, help_sheet
from alvh_tui.screens.help_texts import PANEL_HELP
from alvh_tui.screens.rows import width_of
from alvh_tui.screens.shown import Look
from tests.screens.fakes import FakeEngine, app_with, engine_of, first_frame, shown_of
from tests.screens.plain import stand_in

USUAL = {action.id: action.keys for action in ACTIONS.values()}


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


def text_of(app: AlvhApp) -> str:
    assert isinstance(app.front, HelpPage)
    return " ".join(row.text.strip() for row in app.front.panel.sheet.rows)


@pytest.mark.parametrize(("digit", "name"), [("0", "attention"), *zip("123456", PANELS, strict=True)])
async def test_it_begins_with_the_panel_in_focus(digit: str, name: str) -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press(digit, "question_mark")
        await pilot.pause()
        assert text_of(app).startswith(PANEL_HELP[name][0])
        assert isinstance(app.front, HelpPage)
        assert app.front.panel.label == f"Help: {PANELS.get(name, 'Attention')}"
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.dashboard


@pytest.mark.parametrize(("key", "name"), [("o", "page"), ("equals_sign", "why")])
async def test_pages_have_help_of_their_own(key: str, name: str) -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press(key, "question_mark")
        await pilot.pause()
        assert text_of(app).startswith(PANEL_HELP[name][0])


async def test_there_is_help_before_there_is_a_market_and_only_once() -> None:
    app = app_with(FakeEngine(engine_of().path, shown_of(None)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("question_mark", "question_mark")
        await pilot.pause()
        assert "Leaves a page" in text_of(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.dashboard


def test_every_key_is_in_it_as_it_is_in_use() -> None:
    keys = {**USUAL, "refresh": ("f5",), "mute": ()}
    rows = help_sheet("book", (), keys, Look(100, 40)).rows
    lines = {row.key: row.text.split("  ")[0].strip() for row in rows}
    assert lines["market refresh 0"] == "f5"
    assert lines["book mute 0"] == "no key"
    assert lines["program palette 0"] == ": ^p"
    said = " ".join(row.text for row in rows)
    assert all(action.help.split()[-1] in said for action in ACTIONS.values())


@pytest.mark.parametrize("width", [1, 20, 40, 80, 200])
def test_no_line_is_longer_than_the_screen(width: int) -> None:
    for name in PANEL_HELP:
        for row in help_sheet(name, tuple(ACTIONS.values()), USUAL, Look(width, 12)).rows:
            assert width < 40 or width_of(row.text) <= width, row.text


def test_a_filter_finds_a_key() -> None:
    sheet = help_sheet("book", (), USUAL, Look(100, 40, filter="CLIPBOARD"))
    assert [row.key for row in sheet.rows] == ["taking along copy 0"]
    assert sheet.note == "/CLIPBOARD"
