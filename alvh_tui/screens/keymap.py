"""The user's own keys, merged onto the registry: what cannot be meant is named and left out."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from textual.keys import REPLACED_KEYS, Keys, key_to_character

from alvh_tui.screens.actions import ACTIONS
from alvh_tui.settings.model import Settings
from alvh_tui.toml.problem import Problem
from alvh_tui.toml.text import quoted

InUse = Mapping[str, tuple[str, ...]]

NEEDED = {"quit": "the program could not be ended", "back": "no page could be left"}
"""What must have a key, and why."""
EXPECTED = 'a key such as "r", "R", "f5", "ctrl+r", "alt+r" or "pagedown"'
NAMED = frozenset(
    key.value for key in Keys if re.fullmatch("[a-z]+[0-9]*", key.value) and key.value != "return"
)
"""Keys that are no characters."""
OTHER_NAMES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "spacebar": "space",
    "pgup": "pageup", "pgdn": "pagedown", "pgdown": "pagedown", "backtab": "shift+tab", "page_up": "pageup",
    "page_down": "pagedown",
    "equals": "=", "equal": "=", "dash": "-", "hyphen": "-", "dot": ".", "period": ".",
}  # fmt: skip
MODIFIERS = {"ctrl": "ctrl", "control": "ctrl", "alt": "alt", "option": "alt", "shift": "shift"}
SAME_BYTE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "shift+tab": "shift+tab"}
"""What a terminal cannot tell apart, and the one modifier that a typing key sends."""
WRITTEN_OUT = {" ": "space", ",": "comma"}
"""Characters that separate keys where Textual reads them."""
TYPED = ("space", "comma", "tab", "enter", "escape", "backspace")


def keys_in_use(settings: Settings) -> tuple[InUse, tuple[Problem, ...]]:
    """Every action's keys, and what is wrong with the user's; where nothing is left, the usual ones count."""
    problems: list[Problem] = []
    chosen: dict[str, tuple[str, ...]] = {}
    for name, written in settings.keys.items():
        if name not in ACTIONS:
            problems.append(_unknown(settings, name))
            continue
        keys = tuple(_understood(settings, name, written, problems))
        if not written and name in NEEDED:
            problems.append(_problem(settings, name, "has no key left", f"one at least: {NEEDED[name]}"))
        elif keys or not written:
            chosen[name] = keys
    _settle(settings, chosen, problems)
    return _merged(chosen), tuple(sorted(problems, key=lambda problem: problem.line))


def _unknown(settings: Settings, name: str) -> Problem:
    near = get_close_matches(name, ACTIONS, n=1)
    meant = f"did you mean {near[0]}?" if near else "an action as `alvh keys` lists them"
    return _problem(settings, name, "is no action", meant)


def _understood(
    settings: Settings, name: str, written: tuple[str, ...], problems: list[Problem]
) -> Iterator[str]:
    seen: set[str] = set()
    for text in written:
        key = key_named(text)
        if key is None:
            problems.append(_problem(settings, name, f"{quoted(text)} is no key", EXPECTED))
        elif key not in seen:
            seen.add(key)
            yield key


def _settle(settings: Settings, chosen: dict[str, tuple[str, ...]], problems: list[Problem]) -> None:
    """Takes back keys that two actions would share, until none is; what falls back may clash in turn."""
    while clashes := _clashes(_merged(chosen)):
        for key, names in clashes:
            for name in names:
                if name not in chosen:
                    continue
                others = [other for other in names if other != name]
                problems.append(_clash(settings, name, key, others, chosen))
                chosen[name] = tuple(kept for kept in chosen[name] if kept != key)
        for name in [name for name, keys in chosen.items() if not keys and settings.keys[name]]:
            del chosen[name]


def _clashes(in_use: InUse) -> list[tuple[str, list[str]]]:
    by_key = defaultdict(list)
    for name, keys in in_use.items():
        for key in keys:
            by_key[key].append(name)
    return [(key, names) for key, names in by_key.items() if len(names) > 1]


def _clash(
    settings: Settings, name: str, key: str, others: list[str], chosen: Mapping[str, tuple[str, ...]]
) -> Problem:
    taken = " and ".join(others)
    if all(other in chosen for other in others):
        return _problem(settings, name, f"{quoted(key)} is set for {taken} too", "a key of its own for each")
    return _problem(
        settings, name, f"{quoted(key)} is the key of {taken}", f"another, or one of its own for {taken}"
    )


def _merged(chosen: Mapping[str, tuple[str, ...]]) -> InUse:
    return {action.id: chosen.get(action.id, action.keys) for action in ACTIONS.values()}


def _problem(settings: Settings, name: str, what: str, expected: str) -> Problem:
    return settings.problem(f"keys.{name}", what, expected)


def key_named(text: str) -> str | None:
    """The key as the registry writes it; None where no terminal could send it."""
    if len(text) == 1:
        return _character(text)
    words = text.strip().removeprefix("^")
    if words != text.strip():
        words = f"ctrl+{words}"
    *before, last = re.split(r"(?<=.)[+-](?=.)", words)
    held = {MODIFIERS.get(word.lower(), "") for word in before}
    key = _character(last) if len(last) == 1 else _by_name(last)
    if key is None or "" in held or len(held) != len(before):
        return None
    return _with_modifiers(held, key)


def _character(text: str) -> str | None:
    if text in WRITTEN_OUT:
        return WRITTEN_OUT[text]
    return text if text.isprintable() else None


def _by_name(word: str) -> str | None:
    name = word.lower()
    name = OTHER_NAMES.get(name, name)
    if name in NAMED or name in SAME_BYTE.values() or len(name) == 1:
        return name
    character = key_to_character(REPLACED_KEYS.get(name, name))
    return _character(character) if character is not None and character.isascii() else None


def _with_modifiers(held: set[str], key: str) -> str | None:
    """Only what terminals send: a letter with shift is the capital, shift with a sign is another sign."""
    if len(key) == 1 and held:
        if key.isupper() and "ctrl" not in held:
            held.add("shift")
        key = key.lower()
        sent = key.isalpha() and len(key.upper()) == 1 if held & {"ctrl", "shift"} else key.isalnum()
        if not sent or {"ctrl", "shift"} <= held:
            return None
        if held == {"shift"}:
            return key.upper()
    elif held and key in TYPED:
        return SAME_BYTE.get("+".join([*held, key]))
    whole = "+".join([*(name for name in ("ctrl", "alt", "shift") if name in held), key])
    return SAME_BYTE.get(whole, whole)
