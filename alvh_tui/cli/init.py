"""alvh init [PATH]: a commented starter book, or the settings to begin with."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", nargs="?", type=Path, help="default: book.toml, or where settings lie"
    )
    parser.add_argument("--settings", action="store_true", help="write the settings, every key explained")


def run(args: argparse.Namespace) -> int:
    if args.settings:
        return _write_settings(args)
    path = args.path or Path("book.toml")
    return _write(path, _starter_book(args), f"alvh check {path}", as_json=args.json)


def _starter_book(args: argparse.Namespace) -> str:
    from alvh_tui.book.starter import starter_book
    from alvh_tui.instruments.calendar import NEW_YORK

    return starter_book((args.at or datetime.now(NEW_YORK)).astimezone(NEW_YORK).date())


def _write_settings(args: argparse.Namespace) -> int:
    from alvh_tui.directories import Directory
    from alvh_tui.settings import settings_text
    from alvh_tui.settings.load import NAME

    try:
        path = args.path or Directory.CONFIG.made() / NAME
    except OSError as error:
        complain(f"{Directory.CONFIG.path} cannot be made: {error.strerror}")
        return Exit.WRONG_INPUT
    return _write(path, settings_text(), "alvh doctor", as_json=args.json)


def _write(path: Path, text: str, then: str, *, as_json: bool) -> int:
    """Never over a file that is there."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        complain(f"{path} is there already and stays as it is")
        return Exit.WRONG_INPUT
    except OSError as error:
        complain(f"{path} cannot be written: {error.strerror}")
        return Exit.WRONG_INPUT
    say(json.dumps({"schema": 1, "wrote": str(path)}) if as_json else f"wrote {path}; edit it, then: {then}")
    return Exit.FINE
