"""An assessment on standard output, as JSON or as tables."""

import argparse
import json
import sys

from alvh_tui.assess import Assessment
from alvh_tui.cli.options import wants_color
from alvh_tui.cli.output import say


def show(assessment: Assessment, args: argparse.Namespace) -> None:
    if args.json:
        from alvh_tui.publish import assessment_json

        say(json.dumps(assessment_json(assessment), indent=2, ensure_ascii=False, allow_nan=False))
        return
    from alvh_tui.cli.tables import blocks_of

    if not sys.stdout.isatty():
        for block in blocks_of(assessment, None):
            say(f"{block.plain}\n")
        return
    from rich.console import Console

    color = wants_color(args)
    console = Console(no_color=not color, color_system="auto" if color else None)
    for block in blocks_of(assessment, console.width):
        console.print(block, soft_wrap=True, highlight=False, end="\n\n")
