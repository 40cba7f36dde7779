"""One test a key: it is pressed on the dashboard, and what it is there for has happened."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from textual.keys import _character_to_key  # the pilot wants the long names of signs

from alvh_tui.directories import Directory
from alvh_tui.screens import editor
from alvh_tui.screens.actions import ACTIONS, PANELS
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.help_page import HelpPage
from alvh_tui.screens.page import Page
from alvh_tui.screens.palette import Palette
from alvh_tui.screens.prompt import Prompt
from alvh_tui.screens.why_page import WhyPage
from tests.screens.fakes import FakeEngine, alert, app_with, engine_of, first_frame
from tests.screens.plain import stand_in

Check = Callable[[AlvhApp, FakeEngine], bool]
ALERT = alert("front: act now", about="front")
FIRST, LAST = "front", "L3-synthetic"


@dataclass(frozen=True)
class Effect:
    happened: Check
    before: Sequence[str] = ()
    """Pressed first."""


def key_of_row(app: AlvhApp) -> str:
    assert app.row is not None
    return app.row.key


def active(app: AlvhApp) -> str:
    assert app.front is not None
    return app.front.active.id or ""


def figure_name(app: AlvhApp) -> str:
    assert app.figure is not None
    return app.figure.name


def shows(app: AlvhApp, label: str) -> bool:
    return isinstance(app.front, Page) and app.front.panel.label == label


def files(folder: str) -> list[Path]:
    return sorted((Directory.DATA.path / folder).glob("*"))


EFFECTS: Mapping[str, Effect] = {
    "attention": Effect(lambda app, _: active(app) == "attention"),
    **{
        name: Effect(lambda app, _, name=name: active(app) == name, before=("3" if name == "book" else "1",))  # type: ignore[misc]
        for name in PANELS
    },
    "next-panel": Effect(lambda app, _: active(app) == "breakevens"),
    "previous-panel": Effect(lambda app, _: active(app) == "journal"),
    "maximise": Effect(lambda app, _: app.dashboard.has_class("-maximised")),
    "view": Effect(lambda app, _: app.dashboard.mode_of("book") == "strikes"),
    "down": Effect(lambda app, _: key_of_row(app) == "early"),
    "up": Effect(lambda app, _: key_of_row(app) == FIRST, before="j"),
    "left": Effect(lambda app, _: figure_name(app) == "pnl", before="l"),
    "right": Effect(lambda app, _: figure_name(app) == "delta"),
    "top": Effect(lambda app, _: key_of_row(app) == FIRST, before="jj"),
    "bottom": Effect(lambda app, _: key_of_row(app) == LAST),
    "page-down": Effect(lambda app, _: key_of_row(app) != FIRST),
    "page-up": Effect(lambda app, _: key_of_row(app) == FIRST, before="jj"),
    "open": Effect(lambda app, _: app.look().unfolded == {FIRST}),
    "page": Effect(lambda app, _: shows(app, FIRST)),
    "why": Effect(lambda app, _: isinstance(app.front, WhyPage)),
    "back": Effect(lambda app, _: app.front is app.dashboard, before="o"),
    "fold-all": Effect(lambda app, _: len(app.look().unfolded) == 8),
    "next-condor": Effect(lambda app, _: app.look().selected == "early"),
    "previous-condor": Effect(lambda app, _: app.look().selected == "early"),
    "filter": Effect(lambda app, _: isinstance(app.screen, Prompt)),
    "ages": Effect(lambda app, _: app.look().ages),
    "report": Effect(lambda app, _: shows(app, "Steward's report")),
    "problems": Effect(lambda app, _: shows(app, "Problems")),
    "refresh": Effect(lambda _, engine: ("refresh",) in engine.asked),
    "pause": Effect(lambda _, engine: engine.paused),
    "faster": Effect(lambda _, engine: engine.interval == timedelta(seconds=15)),
    "slower": Effect(lambda _, engine: engine.interval == timedelta(seconds=60)),
    "edit": Effect(lambda app, engine: ("edited", str(engine.path)) in engine.asked),
    "next-book": Effect(lambda app, _: app.book_name == "calm"),
    "note": Effect(lambda app, _: isinstance(app.screen, Prompt)),
    "acknowledge": Effect(lambda app, _: isinstance(app.screen, Prompt)),
    "snooze": Effect(lambda _, engine: ("snooze", ALERT) in engine.asked),
    "mute": Effect(lambda _, engine: ("mute", ALERT) in engine.asked),
    "copy": Effect(lambda app, _: app.clipboard.startswith(FIRST)),
    "export": Effect(lambda app, _: [path.suffix for path in files("exports")] == [".svg", ".txt"]),
    "private": Effect(lambda app, _: app.look().private),
    "theme": Effect(lambda app, _: app.theme == "day"),
    "charts": Effect(lambda app, _: app.look().charts == "blocks"),
    "help": Effect(lambda app, _: isinstance(app.front, HelpPage)),
    "palette": Effect(lambda app, _: isinstance(app.screen, Palette)),
    "quit": Effect(lambda app, engine: engine.stopped),
}
KEYS = [(action.id, key) for action in ACTIONS.values() for key in action.keys]


def pressed(key: str) -> str:
    return _character_to_key(key) if len(key) == 1 else key


def edited(engine: FakeEngine, words: Sequence[str]) -> str:
    engine.asked.append(("edited", words[-1]))
    return ""


def test_every_action_is_tested() -> None:
    assert set(EFFECTS) == set(ACTIONS)


@pytest.mark.parametrize(("name", "key"), KEYS)
async def test_key(name: str, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    monkeypatch.setenv(Directory.DATA.variable, str(tmp_path))
    monkeypatch.setenv("VISUAL", "vim")
    engine, other = engine_of(alerts=(ALERT,)), engine_of("calm")
    app = app_with(engine, other)
    monkeypatch.setattr(app, "suspend", nullcontext)
    monkeypatch.setattr(editor, "run_editor", lambda words: edited(engine, words))
    effect = EFFECTS[name]
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press(*effect.before)
        await pilot.pause()
        assert not effect.happened(app, engine)
        await pilot.press(pressed(key))
        await pilot.pause()
        assert name == "quit" or effect.happened(app, engine)
    assert name != "quit" or effect.happened(app, engine)
