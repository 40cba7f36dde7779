"""The registry of actions, and what comes of it."""

import re
from collections import Counter

import pytest

from alvh_tui.screens.actions import ACTIONS, PANELS, key_shown
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.dashboard import Dashboard
from alvh_tui.screens.foot import Foot
from alvh_tui.screens.help_page import GROUPS, HERE
from alvh_tui.screens.help_texts import PANEL_HELP
from alvh_tui.screens.page import Page
from alvh_tui.screens.rows import width_of
from tests.readme import README, written
from tests.screens.fakes import app_with, engine_of, first_frame
from tests.screens.plain import stand_in


@pytest.mark.parametrize("name", list(ACTIONS))
def test_every_action_has_a_handler(name: str) -> None:
    method = f"do_{name.replace('-', '_')}"
    assert any(hasattr(owner, method) for owner in (AlvhApp, Dashboard, Page))


def test_no_handler_is_without_an_action() -> None:
    methods = {name for owner in (AlvhApp, Dashboard, Page) for name in dir(owner) if name.startswith("do_")}
    assert {name.removeprefix("do_").replace("_", "-") for name in methods} <= set(ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    counted = Counter(key for action in ACTIONS.values() for key in action.keys)
    assert [key for key, times in counted.items() if times > 1] == []


def test_every_action_is_explained_in_one_sentence() -> None:
    for action in ACTIONS.values():
        assert re.fullmatch(r"[A-Z][^.]*\.", action.help), action.id
        assert action.group in GROUPS
        assert action.label == action.label.strip()


def test_every_panel_has_a_paragraph_of_help() -> None:
    assert {*PANELS, "attention", "page", "why"} == set(PANEL_HELP)
    assert set(HERE) <= set(GROUPS)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_the_footer_says_help_and_quit_first_of_all(
    width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    app = app_with(engine_of())
    async with app.run_test(size=(width, 24)) as pilot:
        await first_frame(app, pilot)
        foot = app.screen.query_one(Foot)
        line = foot.render_line(0).text
        assert width_of(line) == width
        for name in ("help", "palette", "quit"):
            action = ACTIONS[name]
            assert f"{key_shown(action.keys[0])} {action.label}" in line
        shown = [a for a in ACTIONS.values() if a.foot and f"{key_shown(a.keys[0])} {a.label} " in line]
        assert len(shown) >= (11 if width >= 120 else 8 if width == 80 else 4)


async def test_an_action_without_a_key_is_not_in_the_footer(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch)
    keys = {action.id: () if action.id in ("filter", "help") else action.keys for action in ACTIONS.values()}
    app = app_with(engine_of(), keys=keys)
    async with app.run_test(size=(120, 24)) as pilot:
        await first_frame(app, pilot)
        line = app.screen.query_one(Foot).render_line(0).text
        assert "filter" not in line
        assert "help" not in line
        assert ": commands" in line


def test_the_readme_has_the_keys_as_the_registry_has_them() -> None:
    text = README.read_text(encoding="utf-8")
    assert written(text) == text, "python -m tests.readme writes it anew"
