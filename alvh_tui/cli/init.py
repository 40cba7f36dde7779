"""alvh init [PATH]: a commented starter book."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain, say


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", nargs="?", type=Path, default=Path("book.toml"), help="default: book.toml"
    )


def run(args: argparse.Namespace) -> int:
    from alvh_tui.book.starter import starter_book
    from alvh_tui.instruments.calendar import NEW_YORK

    today = (args.at or datetime.now(NEW_YORK)).astimezone(NEW_YORK).date()
    try:
        with args.path.open("x", encoding="utf-8") as file:
            file.write(starter_book(today))
    except FileExistsError:
        complain(f"{args.path} is there already and stays as it is")
        return Exit.WRONG_INPUT
    except OSError as error:
        complain(f"{args.path} cannot be written: {error.strerror}")
        return Exit.WRONG_INPUT
    if args.json:
        say(json.dumps({"schema": 1, "wrote": str(args.path)}))
    else:
        say(f"wrote {args.path}; edit it, then: alvh check {args.path}")
    return Exit.FINE
