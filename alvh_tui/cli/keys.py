"""alvh keys: every key of the screen, as it is in use."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.screens.keymap import InUse
    from alvh_tui.settings import Settings

NO_KEY = "no key"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--toml", action="store_true", help="as a [keys] table to paste into the settings and change there"
    )


def run(args: argparse.Namespace) -> int:
    from alvh_tui.screens.keymap import keys_in_use
    from alvh_tui.settings import load_settings

    if args.toml and args.json:
        complain("alvh keys: --toml and --json at once")
        return Exit.USAGE
    settings = load_settings()
    keys, problems = keys_in_use(settings)
    if args.json:
        say(json.dumps(list(_as_data(keys)), indent=2, ensure_ascii=False))
    else:
        say("\n".join(_as_toml(keys, settings) if args.toml else _as_table(keys)))
    for problem in (*settings.problems, *problems):
        complain(str(problem))
    return Exit.WRONG_INPUT if problems or settings.problems else Exit.FINE


def _as_table(keys: "InUse") -> Iterator[str]:
    from alvh_tui.screens.actions import ACTIONS, key_shown

    shown = {name: " ".join(map(key_shown, of)) or NO_KEY for name, of in keys.items()}
    names, wide = (max(map(len, texts)) + 2 for texts in (shown.keys(), shown.values()))
    for action in ACTIONS.values():
        yield f"{action.id.ljust(names)}{shown[action.id].ljust(wide)}{action.help}"


def _as_toml(keys: "InUse", settings: "Settings") -> Iterator[str]:
    from alvh_tui.screens.actions import ACTIONS

    yield f"# Into {settings.path}; what stays as it is may be left out."
    yield "[keys]"
    for action in ACTIONS.values():
        written = [json.dumps(key, ensure_ascii=False) for key in keys[action.id]]
        value = written[0] if len(written) == 1 else f"[{', '.join(written)}]"
        yield f"{action.id} = {value}  # {action.help}"


def _as_data(keys: "InUse") -> Iterator[dict[str, object]]:
    from alvh_tui.screens.actions import ACTIONS

    for action in ACTIONS.values():
        yield {
            "id": action.id,
            "keys": list(keys[action.id]),
            "usual": list(action.keys),
            "group": action.group,
            "help": action.help,
        }
