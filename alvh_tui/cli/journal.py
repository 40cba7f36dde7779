"""alvh journal BOOK: what happened to it, and proof that nobody has rewritten that."""

import argparse
import csv
import io
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.memories import add_span, in_span, is_empty, memory_of
from alvh_tui.cli.output import complain, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alvh_tui.memory.chain import Entry
    from alvh_tui.memory.memory import Memory

KINDS = ("layer", "position", "account", "rules", "ack", "note", "close")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("book", metavar="BOOK", type=Path, help="position file")
    parser.add_argument("--verify", action="store_true", help="prove that no entry was changed; 1 if one was")
    parser.add_argument("--note", metavar="TEXT", help="write a note, or the words of an acknowledgement")
    parser.add_argument(
        "--ack",
        metavar="WHAT",
        help="acknowledge an entry by its number, or the last about a layer, a position or the rules",
    )
    parser.add_argument("--by", metavar="NAME", default="", help="who says so")
    parser.add_argument("--kind", choices=KINDS, help="only entries of this kind")
    parser.add_argument("--about", metavar="NAME", help="only entries about a layer, a position, rules, …")
    add_span(parser)
    parser.add_argument("--csv", action="store_true", help="print CSV")


def run(args: argparse.Namespace) -> int:
    if args.csv and args.json:
        complain("alvh journal: --csv and --json at once")
        return Exit.USAGE
    writes = args.note is not None or args.ack is not None
    memory = memory_of(args, read_only=not writes)
    try:
        if writes:
            return _write(memory, args)
        if args.verify:
            return _verify(memory, args)
        return _show(memory, args)
    finally:
        memory.close()


def _write(memory: "Memory", args: argparse.Namespace) -> Exit:
    from alvh_tui.instruments.calendar import NEW_YORK
    from alvh_tui.toml.text import text_fault

    now = args.at or datetime.now(NEW_YORK)
    fault = text_fault(f"{args.note or ''}{args.by}")
    if fault:
        complain(f"alvh journal: the text {fault}")
        return Exit.WRONG_INPUT
    if args.ack is None:
        written = memory.journal.note(now, args.note, args.about or "book", args.by)
    else:
        entry = memory.journal.find(args.ack)
        refusal = _refusal(memory, entry, args, now)
        if refusal and memory.state.fine:
            complain(refusal)
            return Exit.WRONG_INPUT
        written = None if entry is None else memory.journal.acknowledge(now, entry, args.note or "", args.by)
    if not memory.state.fine:
        complain(memory.state.reason)
        return Exit.WRONG_INPUT
    if written is not None:
        _print((written,), args)
        _say_who_is_missing(memory, written, args)
    return Exit.FINE


def _refusal(memory: "Memory", entry: "Entry | None", args: argparse.Namespace, now: datetime) -> str:
    """Why there is nothing to acknowledge; rules that nobody has written down yet are another change."""
    if entry is None:
        return f"the journal has no entry {args.ack!r}, and none about it, to acknowledge"
    if args.ack != "rules":
        return ""
    from alvh_tui.desk import read_desk

    asked = read_desk(args.book).rules
    waiting = None if asked is None else memory.govern(asked, now).waiting
    if waiting is None or waiting.since is not None:
        return ""
    return f"the rules as they are now are not in the journal yet; alvh watch {args.book} records them"


def _say_who_is_missing(memory: "Memory", written: "Entry", args: argparse.Namespace) -> None:
    """Of changed rules that wait: how many names more it takes."""
    from alvh_tui.method.governance import still_needed
    from alvh_tui.toml.text import printable

    ruling = memory.journal.ruling()
    if ruling is None or ruling.proposal is None or written.facts.get("of") != ruling.proposal.seq:
        return
    if not args.by.strip():
        complain("without a name it confirms nothing: --by NAME")
    missing = ruling.waiting
    if missing is None:
        complain("confirmed: the changed rules count from the next look on")
    else:
        complain(printable(f"the changed rules wait for {still_needed(missing)}"))


def _verify(memory: "Memory", args: argparse.Namespace) -> Exit:
    if is_empty(memory, args):
        return Exit.FINE
    found = memory.journal.verify()
    if found is None:
        complain(memory.state.reason)
        return Exit.WRONG_INPUT
    if args.json:
        told = {
            "untouched": found.untouched,
            "entries": found.entries,
            "broken": found.broken,
            "why": found.why,
        }
        say(json.dumps({"schema": 1, **told, "why": found.why or None}, ensure_ascii=False))
    elif found.untouched:
        say(f"{found.entries} entries, as they were written")
    else:
        say(f"entry {found.broken}: {found.why}")
    return Exit.FINE if found.untouched else Exit.WRONG_INPUT


def _show(memory: "Memory", args: argparse.Namespace) -> Exit:
    empty = is_empty(memory, args)
    entries = tuple(
        entry
        for entry in memory.journal.entries()
        if (args.kind is None or entry.kind == args.kind)
        and (args.about is None or entry.about == args.about)
        and in_span(entry.at, args)
    )
    if not memory.state.fine:
        complain(memory.state.reason)
        return Exit.WRONG_INPUT
    _print(entries, args)
    for entry in () if empty else memory.journal.unexplained():
        complain(
            f"entry {entry.seq} changed the rules, and nobody has said why: --ack {entry.seq} --note TEXT"
        )
    return Exit.FINE


def _print(entries: "Sequence[Entry]", args: argparse.Namespace) -> None:
    from alvh_tui.toml.text import printable

    if args.json:
        told = {"schema": 1, "entries": [_as_json(entry) for entry in entries]}
        say(json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False))
    elif args.csv:
        sys.stdout.write(_as_csv(entries))
    else:
        widths = [
            max((len(text) for text in column), default=0)
            for column in zip(*map(_cells, entries), strict=True)
        ]
        for entry in entries:
            cells = [cell.ljust(width) for cell, width in zip(_cells(entry), widths, strict=True)]
            say(printable(f"{'  '.join(cells)}  {entry.text}"))


def _cells(entry: "Entry") -> tuple[str, ...]:
    from alvh_tui.instruments.calendar import NEW_YORK

    return str(entry.seq), f"{entry.at.astimezone(NEW_YORK):%Y-%m-%d %H:%M:%S}", entry.kind, entry.about


def _as_json(entry: "Entry") -> dict[str, object]:
    return {
        "seq": entry.seq,
        "time": entry.at.isoformat(),
        "kind": entry.kind,
        "about": entry.about,
        "text": entry.text,
        **entry.facts,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _as_csv(entries: "Sequence[Entry]") -> str:
    file = io.StringIO(newline="")
    table = csv.writer(file, lineterminator="\n")
    table.writerow(("seq", "time", "kind", "about", "text", "spot", "vix", "rules", "words", "by", "hash"))
    for entry in entries:
        facts = entry.facts
        market = facts.get("market") or facts.get("after") or {}
        table.writerow(
            (
                entry.seq,
                entry.at.isoformat(),
                entry.kind,
                entry.about,
                entry.text,
                market.get("spot"),
                market.get("vix"),
                (facts.get("rules") or {}).get("fingerprint"),
                facts.get("words"),
                facts.get("by"),
                entry.hash,
            )
        )
    return file.getvalue()
