"""alvh alerts BOOK: what was told and still stands; acknowledged, snoozed or muted from the command line."""

import argparse
import json
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.memories import is_empty, memory_of
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from alvh_tui.alerts.remembering import Remembering
    from alvh_tui.alerts.state import Told

MINUTES = 60.0
LONGEST = 7 * 1440.0
WHAT = "a rule or its pattern, a position, a layer, or the key of an alert"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    acts = parser.add_mutually_exclusive_group()
    acts.add_argument("--ack", metavar="WHAT", help=f"silence until it ends and comes back: {WHAT}")
    acts.add_argument("--snooze", metavar="WHAT", help="silence for some minutes")
    acts.add_argument("--mute", metavar="WHAT", help="silence a rule, a position or a layer until unmuted")
    acts.add_argument("--unmute", metavar="WHAT", help="tell it again")
    parser.add_argument(
        "--minutes", metavar="N", type=_minutes, default=MINUTES, help=f"of a snooze ({MINUTES:g})"
    )
    parser.add_argument("--note", metavar="TEXT", default="", help="the words of an acknowledgement")
    parser.add_argument("--by", metavar="NAME", default="", help="who says so")


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0.0
    if not 0.0 < minutes <= LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of minutes, up to a week")
    return minutes


def run(args: argparse.Namespace) -> int:
    from alvh_tui.alerts.remembering import Remembering
    from alvh_tui.instruments.calendar import NEW_YORK
    from alvh_tui.toml.text import text_fault

    fault = text_fault(f"{args.note}{args.by}{args.mute or ''}")
    if fault:
        complain(f"alvh alerts: the text {fault}")
        return Exit.WRONG_INPUT
    writes = any((args.ack, args.snooze, args.mute, args.unmute))
    memory = memory_of(args, read_only=not writes)
    watching, now = Remembering(memory), args.at or datetime.now(NEW_YORK)
    try:
        if not args.mute and is_empty(memory, args):
            return Exit.FINE
        watching.read(now)
        if writes and memory.state.fine and not _do(watching, now, args):
            return Exit.WRONG_INPUT
        if not memory.state.fine:
            complain(memory.state.reason)
            return Exit.WRONG_INPUT
        _show(watching, now, as_json=args.json)
        return Exit.FINE
    finally:
        watching.close()


def _do(watching: "Remembering", now: datetime, args: argparse.Namespace) -> bool:
    """Whether there was something to do it to."""
    if args.mute:
        watching.mute(args.mute, now)
        return True
    if args.unmute:
        if args.unmute not in watching.mutes:
            complain(f"{args.unmute!r} is not muted; muted are: {', '.join(watching.mutes) or 'none'}")
            return False
        watching.unmute(args.unmute, now)
        return True
    what = args.ack or args.snooze
    fitting = [told for told in watching.standing(now) if _fits(told, what)]
    for told in fitting:
        if args.ack:
            watching.acknowledge(told.alert.key, now, args.note, args.by)
        else:
            watching.snooze(told.alert.key, now, args.minutes)
    if not fitting:
        complain(f"no alert that stands is about {what!r}")
    return bool(fitting)


def _fits(told: "Told", what: str) -> bool:
    alert = told.alert
    return what in (alert.key, alert.about) or fnmatchcase(alert.rule, what)


def _show(watching: "Remembering", now: datetime, *, as_json: bool) -> None:
    from alvh_tui.alerts.kept_state import alert_json

    standing = watching.standing(now)
    if as_json:
        alerts = [
            {
                **alert_json(told.alert),
                "silence": told.silence or None,
                "until": None if told.until is None else told.until.isoformat(),
            }
            for told in standing
        ]
        say(
            json.dumps({"schema": 1, "alerts": alerts, "mutes": watching.mutes}, indent=2, ensure_ascii=False)
        )
        return
    for told in standing:
        say(_line(told))
    if watching.mutes:
        say(f"muted: {', '.join(watching.mutes)}")


def _line(told: "Told") -> str:
    from alvh_tui.instruments.calendar import NEW_YORK
    from alvh_tui.toml.text import printable

    alert = told.alert
    until = "" if told.until is None else f" until {told.until.astimezone(NEW_YORK):%H:%M}"
    silence = f"[{told.silence}{until}] " if told.silence else ""
    at = f"{alert.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
    return printable(f"{at}  {alert.severity.name.lower():<4}  {silence}{alert.text}")
