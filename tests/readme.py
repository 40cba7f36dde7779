"""The part of the README that is made from the registry: `python -m tests.readme` writes it anew."""

from collections.abc import Iterator
from pathlib import Path

from alvh_tui.screens.actions import ACTIONS, Action, key_shown
from alvh_tui.screens.help_page import GROUPS

README = Path(__file__).resolve().parent.parent / "README.md"
BEGINS, ENDS = "<!-- keys: made by python -m tests.readme -->", "<!-- end of keys -->"


def key_table() -> str:
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "| keys | | name in the settings |"
    yield "|---|---|---|"
    for group, heading in GROUPS.items():
        yield f"| **{heading}** | | |"
        for action in ACTIONS.values():
            if action.group == group:
                yield f"| {_keys(action)} | {action.help} | `{action.id}` |"


def _keys(action: Action) -> str:
    return " ".join(f"`{key_shown(key)}`" for key in action.keys)


def written(text: str) -> str:
    """The same text with the table as it must be."""
    before, rest = text.split(BEGINS)
    after = rest.split(ENDS)[1]
    return f"{before}{BEGINS}\n{key_table()}\n{ENDS}{after}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
