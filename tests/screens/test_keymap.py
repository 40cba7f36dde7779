"""The user's keys: what is understood, and every way in which they can be wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from alvh_tui.screens.actions import ACTIONS
from alvh_tui.screens.keymap import NEEDED, key_named, keys_in_use
from alvh_tui.settings.load import parse_settings
from alvh_tui.settings.model import DEFAULT_SETTINGS, Settings

FILE = Path("settings.toml")
USUAL = {action.id: action.keys for action in ACTIONS.values()}


def settings(*lines: str) -> Settings:
    return parse_settings("\n".join(["[keys]", *lines]), FILE)


def problems_of(*lines: str) -> list[str]:
    return [str(problem) for problem in keys_in_use(settings(*lines))[1]]


def test_without_settings_the_registry_counts() -> None:
    assert keys_in_use(DEFAULT_SETTINGS) == (USUAL, ())


def test_a_key_of_ones_own_takes_the_place_of_the_usual_ones() -> None:
    keys, problems = keys_in_use(settings('refresh = "f5"', 'quit = ["Q", "Ctrl+X"]', "mute = []"))
    assert not problems
    assert keys == {**USUAL, "refresh": ("f5",), "quit": ("Q", "ctrl+x"), "mute": ()}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("r", "r"), ("R", "R"), ("shift+r", "R"), ("ä", "ä"), ("?", "?"), ("question_mark", "?"),
        ("+", "+"), ("plus", "+"), ("minus", "-"), ("equals", "="), (",", "comma"), ("comma", "comma"),
        (" ", "space"), ("Space", "space"), ("F5", "f5"), ("f12", "f12"), ("shift+f3", "shift+f3"),
        ("Ctrl+R", "ctrl+r"), ("ctrl-r", "ctrl+r"), ("^r", "ctrl+r"), ("Control+R", "ctrl+r"),
        ("PageDown", "pagedown"), ("PgDn", "pagedown"), ("page_up", "pageup"), ("Esc", "escape"),
        ("Return", "enter"), ("del", "delete"), ("shift+tab", "shift+tab"), ("backtab", "shift+tab"),
        ("ctrl+home", "ctrl+home"), ("alt+x", "alt+x"), ("alt+X", "alt+shift+x"), ("ctrl+i", "tab"),
        ("ctrl+m", "enter"), ("ctrl+h", "backspace"),
    ],
)  # fmt: skip
def test_a_key_is_understood_as_it_is_usually_written(written: str, key: str) -> None:
    assert key_named(written) == key


@pytest.mark.parametrize(
    "written",
    ["", "hello", "f99", "super+x", "ctrl+", "+r", "ctrl+?", "ctrl+shift+r", "shift+5", "ctrl+space", "alt+?",
     "ctrl+ctrl+x", "\x1b", "\t", "r,s", "ctrl+enter", "bell", "any", "<any>"],
)  # fmt: skip
def test_what_no_terminal_sends_is_no_key(written: str) -> None:
    assert key_named(written) is None


def test_every_usual_key_is_understood_as_itself() -> None:
    assert {key for keys in USUAL.values() for key in keys if key_named(key) != key} == set()


@given(st.text(max_size=12))
def test_whatever_is_understood_can_be_bound(text: str) -> None:
    key = key_named(text)
    if key is not None:
        assert len(list(Binding.make_bindings([(key, "act", "")]))) == 1
        assert key_named(key) == key


def test_an_action_there_is_not_is_named_with_the_nearest() -> None:
    assert problems_of('refesh = "f5"') == [
        "settings.toml:2: keys.refesh: is no action, did you mean refresh?"
    ]
    assert "as `alvh keys` lists them" in problems_of('xyzzy = "f5"')[0]


def test_a_key_that_is_none_leaves_the_others_and_names_its_line() -> None:
    keys, problems = keys_in_use(settings('pause = "p"', 'refresh = ["f5", "hello"]'))
    assert keys["refresh"] == ("f5",)
    assert [(p.line, p.key) for p in problems] == [(3, "keys.refresh")]
    assert '"hello" is no key' in str(problems[0])


def test_an_action_whose_keys_are_all_wrong_keeps_the_usual_ones() -> None:
    keys, problems = keys_in_use(settings('refresh = "hello"'))
    assert keys == USUAL
    assert len(problems) == 1


def test_two_of_the_users_on_one_key_are_both_refused() -> None:
    keys, problems = keys_in_use(settings('refresh = "f5"', 'pause = ["F5", "p"]'))
    assert keys["refresh"] == USUAL["refresh"]
    assert keys["pause"] == ("p",)
    assert [problem.key for problem in problems] == ["keys.refresh", "keys.pause"]
    assert "is set for pause too" in str(problems[0])
    assert "is set for refresh too" in str(problems[1])


def test_the_usual_key_of_another_action_is_refused() -> None:
    keys, problems = keys_in_use(settings('refresh = "n"'))
    assert keys == USUAL
    assert [str(problem) for problem in problems] == [
        'settings.toml:2: keys.refresh: "n" is the key of note, another, or one of its own for note'
    ]


@pytest.mark.parametrize("note", ['"N"', "[]"])
def test_it_is_taken_where_the_other_has_been_moved(note: str) -> None:
    keys, problems = keys_in_use(settings('refresh = "n"', f"note = {note}"))
    assert not problems
    assert keys["refresh"] == ("n",)


def test_what_falls_back_to_its_usual_key_can_clash_in_turn() -> None:
    """Note stays on n, as its own key is none: so refresh cannot have it either."""
    keys, problems = keys_in_use(settings('refresh = "n"', 'note = "hello"'))
    assert keys == USUAL
    assert [problem.key for problem in problems] == ["keys.refresh", "keys.note"]


def test_two_actions_may_change_places() -> None:
    keys, problems = keys_in_use(settings('refresh = "space"', 'pause = "r"'))
    assert not problems
    assert (keys["refresh"], keys["pause"]) == (("space",), ("r",))


@pytest.mark.parametrize("name", list(NEEDED))
def test_what_is_needed_cannot_be_taken_away(name: str) -> None:
    keys, problems = keys_in_use(settings(f"{name} = []"))
    assert keys == USUAL
    assert [problem.key for problem in problems] == [f"keys.{name}"]


def test_the_usual_key_of_quit_is_not_free_although_quit_was_taken_away() -> None:
    keys, problems = keys_in_use(settings("quit = []", 'refresh = "q"'))
    assert keys == USUAL
    assert {problem.key for problem in problems} == {"keys.quit", "keys.refresh"}


@given(
    st.dictionaries(
        st.sampled_from(sorted(ACTIONS)),
        st.lists(st.sampled_from(["a", "b", "f5", "q", "tab", "nonsense", "ctrl+c"]), max_size=3).map(tuple),
        max_size=8,
    )
)
def test_no_key_ever_does_two_things_and_one_can_always_leave(chosen: dict[str, tuple[str, ...]]) -> None:
    keys, _ = keys_in_use(Settings(keys=chosen))
    every = [key for of in keys.values() for key in of]
    assert len(every) == len(set(every))
    assert set(keys) == set(ACTIONS)
    assert all(keys[name] for name in NEEDED)
