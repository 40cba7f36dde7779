"""Text from a file, shown so that it can do nothing to a terminal."""

import re
from datetime import date, datetime, time
from typing import Any

_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = re.compile(f"[{_CONTROLS}]")
_UNSAFE_IN_A_LINE = re.compile(f"[\\t\\n{_CONTROLS}]")
_TURNS_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
LONGEST_SHOWN = 60
_LONGEST_NUMBER = 10**18


def printable(text: str) -> str:
    """The text with everything that is not a visible character written as its escape."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text
    )


def quoted(text: str) -> str:
    """The text in quotes, cut where it is long, as a message may quote it."""
    cut = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
    return f'"{printable(cut)}"'


def text_fault(text: str, *, many_lines: bool = False) -> str | None:
    """What makes this text unfit for a screen; tabs and line ends are fine in a text of many lines."""
    found = (_UNSAFE if many_lines else _UNSAFE_IN_A_LINE).search(text)
    if found is None:
        return None
    character = found.group()
    if character == "\x1b":
        return f"holds a terminal escape ({printable(character)})"
    if _TURNS_DIRECTION.match(character):
        return f"holds a sign that turns the writing direction ({printable(character)})"
    if character == "\n":
        return "runs over more than one line"
    return f"holds a control character ({printable(character)})"


def described(value: Any) -> str:
    """A value of a file as a message names it: text "8.35", the number 5, a list."""
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"the number {value}" if abs(value) < _LONGEST_NUMBER else "a number far too large"
    if isinstance(value, float):
        return f"the number {value:g}"
    if isinstance(value, datetime):
        return f"the moment {value.isoformat(' ')}"
    if isinstance(value, date):
        return f"the date {value}"
    if isinstance(value, time):
        return f"the time {value}"
    return "a list" if isinstance(value, list) else "a table"
