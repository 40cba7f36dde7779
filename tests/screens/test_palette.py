"""The palette: what it offers where, and that names are never read as anything but names."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from textual.command import CommandInput, CommandList, SearchIcon
from textual.pilot import Pilot

from alvh_tui.method.catalog import catalog
from alvh_tui.screens.actions import ACTIONS
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.commands import Command, commands
from alvh_tui.screens.page import Page
from alvh_tui.screens.palette import Palette
from tests.screens.fakes import FakeEngine, alert, app_with, assessed, engine_of, first_frame, shown_of
from tests.screens.plain import stand_in

HOSTILE = "[/] [b]x[@click=app.bell]"
LOOKS = 300


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)


def label(app: AlvhApp) -> str:
    return app.front.panel.label if isinstance(app.front, Page) else ""


def offered(app: AlvhApp) -> dict[str, Command]:
    assert app.front is not None
    return {command.name: command for command in commands(app, app.front)}


@contextmanager
def hostile(name: str) -> Iterator[FakeEngine]:
    """An engine on a book whose first condor is called that."""
    found = assessed()
    first = replace(found.book.condors[0], id=name)
    book = replace(found.book, condors=(first, *found.book.condors[1:]))
    yield FakeEngine(engine_of().path, shown_of(replace(found, book=book)))


async def listed(app: AlvhApp, pilot: Pilot[None], word: str) -> list[str]:
    """What stands in the list once it has been searched for that word."""
    for _ in range(LOOKS):
        await pilot.pause(0.01)
        options = app.screen.query_one(CommandList).options if isinstance(app.screen, Palette) else []
        names = [str(option.prompt) for option in options]
        if names and all(any(letter in name for letter in word) for name in names):
            return names
    raise AssertionError("the palette lists nothing")


async def test_everything_of_the_registry_is_offered_that_means_something() -> None:
    engine = engine_of(alerts=(alert(about="front"),), report=object())
    app = app_with(engine, engine_of("calm"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        labels = {action.label for action in ACTIONS.values() if action.id != "palette"}
        assert labels <= set(offered(app))


async def test_places_rules_themes_books_and_views_are_offered() -> None:
    app = app_with(engine_of(), engine_of("calm"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        names = set(offered(app))
        assert {"go to front", "go to L2-puts", "go to L1", "go to SE", "go to vix.rsi"} <= names
        assert {f"rule: {rule}" for rule in catalog()} <= names
        assert {"theme: day", "theme: clear", "theme: terminal"} <= names
        assert {"charts: blocks", "charts: ascii"} <= names
        assert "book: calm" in names
        assert {"view: breakevens as table", "view: book as strikes", "view: risk as grid"} <= names
        assert not {"theme: night", "charts: braille", "book: tested", "view: risk as payoff"} & names


async def test_what_means_nothing_here_is_not_offered() -> None:
    app = app_with(engine_of(), editor=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        names = set(offered(app))
        assert not {"edit", "next book", "snooze", "mute", "acknowledge", "report", "commands"} & names
        assert {"open", "page", "why", "copy", "filter"} <= names
        await pilot.press("o")
        await pilot.pause()
        names = set(offered(app))
        assert not {"open", "page", "why", "maximise", "fold all", "next condor"} & names
        assert not any(name.startswith("view: ") for name in names)
        assert {"back", "copy", "go to early"} <= names


async def test_before_a_market_there_are_commands_but_no_places() -> None:
    app = app_with(FakeEngine(engine_of().path, shown_of(None)))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        names = set(offered(app))
        assert {"help", "quit", "theme"} <= names
        assert not any(name.startswith("go to") for name in names)


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("go to early", lambda app: label(app) == "early"),
        ("rule: condor.pcf", lambda app: label(app) == "condor.pcf"),
        ("theme: clear", lambda app: app.theme == "clear"),
        ("charts: ascii", lambda app: app.look().charts == "ascii"),
        ("view: risk as grid", lambda app: app.dashboard.mode_of("risk") == "grid"),
        ("book: calm", lambda app: app.book_name == "calm"),
        ("refresh", lambda app: ("refresh",) in app.engine.asked),
        ("faster", lambda app: app.engine.interval.total_seconds() == 15.0),
    ],
)  # fmt: skip
async def test_a_command_does_what_it_says(name: str, reached: object) -> None:
    app = app_with(engine_of(), engine_of("calm"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        offered(app)[name].run()
        await pilot.pause()
        assert callable(reached)
        assert reached(app)


async def test_a_few_letters_find_it_and_enter_runs_it() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("ctrl+p", *"earl")
        assert any(name.startswith("go to early") for name in await listed(app, pilot, "earl"))
        await pilot.press("enter")
        for _ in range(LOOKS):
            if isinstance(app.front, Page):
                break
            await pilot.pause(0.01)
        assert label(app) == "early"


@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_it_can_be_left(key: str) -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("colon")
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        assert app.screen.query_one(SearchIcon).icon == ":"
        assert app.screen.query_one(CommandInput).value == ""
        await pilot.press(key)
        await pilot.pause()
        assert app.front is app.dashboard


@pytest.mark.parametrize("name", [HOSTILE, "x" * 300, "\u05d0\u05d1\u05d2", "]]\\[", "$role-act"])
async def test_hostile_names_are_listed_and_found_as_they_are(name: str) -> None:
    with hostile(name) as engine:
        app = app_with(engine)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        assert f"go to {name}" in offered(app)
        await pilot.press("colon")
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        app.screen.query_one(CommandInput).value = name[:8]
        found = await listed(app, pilot, name[:8])
        assert any(line.startswith(f"go to {name}") for line in found)


async def test_a_terminal_escape_in_a_name_is_spelled_out() -> None:
    with hostile("x\x1b[2Jy") as engine:
        app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        assert "go to x\\x1b[2Jy" in offered(app)
