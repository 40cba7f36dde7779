"""The line that asks for words: filters, notes, acknowledgements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from alvh_tui.screens.app import AlvhApp, Book
from alvh_tui.screens.page import Page
from alvh_tui.screens.prompt import Prompt
from alvh_tui.settings.model import DEFAULT_SETTINGS
from tests.screens.fakes import FakeEngine, alert, app_with, engine_of, entry, first_frame, frame_number
from tests.screens.plain import stand_in

HOSTILE = "[/] [red]\\ x[b"
Open = tuple[AlvhApp, Pilot[None]]


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


@asynccontextmanager
async def opened(engine: FakeEngine, *keys: str) -> AsyncIterator[Open]:
    app = app_with(engine)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press(*keys)
        await pilot.pause()
        yield app, pilot


def rows(app: AlvhApp) -> list[str]:
    return [row.key for row in app.dashboard.active.sheet.rows]


def said(app: AlvhApp) -> list[str]:
    return [str(toast.message) for toast in app._notifications]


async def test_a_filter_works_while_it_is_typed_and_enter_keeps_it() -> None:
    async with opened(engine_of(), "slash", "L", "2") as (app, pilot):
        assert isinstance(app.screen, Prompt)
        assert rows(app) == ["L2-calls", "L2-puts"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.front is app.dashboard
        assert rows(app) == ["L2-calls", "L2-puts"]
        await pilot.press("escape")
        await pilot.pause()
        assert len(rows(app)) == 7


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_escape_takes_a_filter_back(key: str) -> None:
    async with opened(engine_of(), "slash", "L", "2", "enter", "slash") as (app, pilot):
        await pilot.press("minus", "p")
        await pilot.pause()
        assert rows(app) == ["L2-puts"]
        await pilot.press(key)
        await pilot.pause()
        assert app.front is app.dashboard
        assert rows(app) == ["L2-calls", "L2-puts"]


async def test_a_page_has_a_filter_of_its_own() -> None:
    async with opened(engine_of(), "o", "slash", "f", "r", "enter") as (app, pilot):
        assert isinstance(app.front, Page)
        assert app.front.look_of(app.front.panel).filter == "fr"
        assert len(rows(app)) == 7
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.front, Page)
        assert app.front.look_of(app.front.panel).filter == ""


async def test_the_market_goes_on_behind_a_prompt() -> None:
    engine = engine_of()
    async with opened(engine, "slash") as (app, pilot):
        calm = engine_of("calm").shown.assessment
        engine.tell(assessment=calm)
        await frame_number(2, app, pilot)
        assert isinstance(app.screen, Prompt)
        assert calm is not None
        assert rows(app) == [position.id for position in calm.book.positions]


async def test_keys_of_the_screen_are_letters_in_a_prompt() -> None:
    engine = engine_of()
    async with opened(engine, "n", "r", "q", "colon", "question_mark", "space") as (app, pilot):
        assert isinstance(app.screen, Prompt)
        await pilot.press("enter")
        await pilot.pause()
        assert ("refresh",) not in engine.asked
        assert ("note", "rq:?", "front") in engine.asked


async def test_ctrl_q_ends_the_program_from_a_prompt_too() -> None:
    engine = engine_of()
    async with opened(engine, "n") as (_, pilot):
        await pilot.press("ctrl+q")
    assert engine.stopped


@pytest.mark.parametrize(
    ("keys", "about"),
    [(("j",), "early"), (("3",), "L1"), (("4",), "vix.disconnect"), (("5",), "book"), (("j", "o"), "early")],
)
async def test_a_note_is_about_the_row_or_the_page(keys: tuple[str, ...], about: str) -> None:
    engine = engine_of()
    async with opened(engine, *keys, "n", "w", "a", "i", "t", "enter") as (app, _):
        assert [asked for asked in engine.asked if asked[0] == "note"] == [("note", "wait", about)]
        assert said(app) == ["written into the journal"]


@pytest.mark.parametrize("keys", [("enter",), ("space", "enter"), ("x", "escape")])
async def test_an_empty_note_or_one_taken_back_is_not_written(keys: tuple[str, ...]) -> None:
    engine = engine_of()
    async with opened(engine, "n", *keys) as (app, _):
        assert app.front is app.dashboard
        assert "note" not in [asked[0] for asked in engine.asked]
        assert said(app) == []


async def test_a_note_that_could_not_be_written_says_why() -> None:
    engine = engine_of()
    engine.refuses = f"the disk is full {HOSTILE}"
    async with opened(engine, "n", "x", "enter") as (app, _):
        assert said(app) == [engine.refuses]


async def test_words_with_a_terminal_escape_are_refused() -> None:
    engine = engine_of()
    async with opened(engine, "n") as (app, pilot):
        assert isinstance(app.screen, Prompt)
        app.screen.dismiss("\x1b[2J")
        await pilot.pause()
        assert "note" not in [asked[0] for asked in engine.asked]
        assert "terminal escape" in said(app)[0]


async def test_the_words_of_an_acknowledgement_may_be_empty() -> None:
    told = alert("front: act now", about="front")
    engine = engine_of(alerts=(told,))
    async with opened(engine, "a", "enter") as (app, _):
        assert ("acknowledge", told, "") in engine.asked
        assert said(app) == ["written into the journal"]


async def test_an_entry_of_the_journal_is_acknowledged() -> None:
    entries = (entry(1), entry(2, f"call side rolled {HOSTILE}", "front", "position"))
    engine = engine_of(entries=entries)
    async with opened(engine, "6", "j", "a", "o", "k", "enter"):
        assert ("acknowledge", entries[1], "ok") in engine.asked


async def test_without_an_alert_that_is_said() -> None:
    engine = engine_of()
    async with opened(engine, "a", "s", "u") as (app, _):
        assert app.front is app.dashboard
        assert len(said(app)) == 3
        assert [asked for asked in engine.asked if asked[0] != "draw_for"] == []


async def test_of_several_alerts_the_one_under_the_cursor_is_meant() -> None:
    cushion = alert("front: act now", "condor.cushion", "front")
    near = alert("front: act now", "condor.proximity", "front")
    engine = engine_of(alerts=(cushion, near))
    async with opened(engine, "0", "s", "j", "s") as (app, _):
        found = app.dashboard.attention.sheet.rows
        assert [row.key.split("/")[1] for row in found[:2]] == ["condor.proximity", "condor.cushion"]
        assert [asked[1] for asked in engine.asked if asked[0] == "snooze"] == [near, cushion]


async def test_a_muted_rule_speaks_again() -> None:
    from alvh_tui.alerts.state import Told

    told = alert("front: act now", about="front")
    engine = engine_of(silenced=(Told(told, "muted"),))
    async with opened(engine, "u") as (app, _):
        assert ("mute", told) in engine.asked
        assert said(app) == ["condor.proximity: heard again"]


async def test_hostile_words_are_shown_as_they_are() -> None:
    told = alert(HOSTILE, HOSTILE, "front")
    engine = engine_of(alerts=(told,))
    async with opened(engine, "s", "u", "a") as (app, _):
        assert isinstance(app.screen, Prompt)
        assert said(app)[0] == f"silent for half an hour: {HOSTILE}"
        assert said(app)[1].startswith(f"{HOSTILE}: muted")


def no_engine() -> FakeEngine:
    raise OSError(f"there is no such file {HOSTILE}")


async def test_without_a_book_nothing_can_be_written() -> None:
    app = AlvhApp([Book("gone", no_engine)], DEFAULT_SETTINGS)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        while not app.failure:
            await pilot.pause(0.01)
        await pilot.press("n", "a", "s", "u", "e", "x", "y", "equals_sign", "slash", "escape")
        await pilot.pause()
        assert app.front is app.dashboard
        assert said(app)
