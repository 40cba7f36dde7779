"""alvh rules: prints a rules profile, checks a rules file, or explains a rule."""

import argparse
import json
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.method.entry import Entry
    from alvh_tui.method.rules import Rules
    from alvh_tui.method.settings import Setting


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        nargs="?",
        default="zones",
        help="zones or ladder; with --explain a rules file too",
    )
    parser.add_argument(
        "--check", metavar="FILE", type=Path, help="validate a rules file; silent when all is well"
    )
    parser.add_argument(
        "--explain",
        metavar="RULE",
        nargs="?",
        const="",
        help="what a rule says, its source and numbers; alone: all",
    )


def run(args: argparse.Namespace) -> int:
    if args.check is not None:
        return _check(args.check, as_json=args.json)
    if args.explain is not None:
        return _explain(args.explain, args.name, as_json=args.json)
    from alvh_tui.method.settings import PROFILES, profile_text

    if args.name not in PROFILES:
        complain(f"alvh rules: there is no profile {args.name!r}; there are {' and '.join(PROFILES)}")
        return Exit.USAGE
    if args.json:
        from alvh_tui.method.rules import built_in

        rules = built_in(args.name)
        told = {
            "schema": 1,
            "name": rules.name,
            "fingerprint": rules.fingerprint,
            "values": dict(rules.values),
        }
        say(json.dumps(told, indent=2, ensure_ascii=False))
        return Exit.FINE
    say(profile_text(args.name).rstrip("\n"))
    return Exit.FINE


def _check(path: Path, *, as_json: bool) -> int:
    from alvh_tui.method.profile import rules_in
    from alvh_tui.toml.document import read_file
    from alvh_tui.toml.problem import errors_in

    problems = rules_in(read_file(path), str(path)).problems
    if as_json:
        say(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            say(str(problem))
    return Exit.WRONG_INPUT if errors_in(problems) else Exit.FINE


def _explain(rule: str, name: str, *, as_json: bool) -> int:
    from alvh_tui.method.catalog import catalog
    from alvh_tui.method.profile import load_rules

    loaded = load_rules(name)
    for problem in loaded.problems:
        complain(str(problem))
    if loaded.rules is None:
        return Exit.WRONG_INPUT
    if rule and rule not in catalog():
        near = get_close_matches(rule, catalog(), 3, 0.4)
        complain(f"alvh rules: there is no rule {rule!r}{'; near it: ' + ', '.join(near) if near else ''}")
        return Exit.USAGE
    entries = [catalog()[rule]] if rule else list(catalog().values())
    if as_json:
        say(json.dumps([_as_data(entry, loaded.rules) for entry in entries], indent=2, ensure_ascii=False))
    else:
        say("\n\n".join(_as_text(entry, loaded.rules) for entry in entries))
    return Exit.FINE


def _as_text(entry: "Entry", rules: "Rules") -> str:
    lines = [f"{entry.id}  ({entry.source})", f"  {entry.sentence}"]
    lines.extend(f"  {_setting(setting, rules)}" for setting in entry.settings())
    return "\n".join(lines)


def _setting(setting: "Setting", rules: "Rules") -> str:
    value, default = _shown(rules.values[setting.key]), _shown(setting.default)
    ours = "" if value == default else f" (zones: {default})"
    return f"{setting.key} = {value}{ours}  {setting.meaning} {setting.source}"


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _as_data(entry: "Entry", rules: "Rules") -> dict[str, object]:
    return {
        "id": entry.id,
        "sentence": entry.sentence,
        "source": entry.source,
        "settings": [
            {
                "key": setting.key,
                "value": rules.values[setting.key],
                "default": setting.default,
                "meaning": setting.meaning,
                "source": setting.source,
            }
            for setting in entry.settings()
        ],
    }
