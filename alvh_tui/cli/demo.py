"""alvh demo: a sample book on a simulated market, no network."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.output import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from alvh_tui.book.samples import SAMPLES

    told = "; ".join(f"{sample.name}: {sample.title}" for sample in SAMPLES.values())
    names = list(SAMPLES)
    parser.add_argument(
        "sample",
        metavar="SAMPLE",
        nargs="?",
        default=names[0],
        choices=names,
        help=f"{told} (default: {names[0]})",
    )


def run(args: argparse.Namespace) -> int:
    """On the screen where there is one, else printed once."""
    from alvh_tui.cli.screen import demo_opening, open_screen, wants_screen

    if not wants_screen(args):
        return _print(args)
    with TemporaryDirectory(prefix="alvh-demo-") as folder:
        opening = demo_opening(args.sample, Path(folder), args)
        return open_screen([(f"{args.sample} (demo)", opening)], args)


def _print(args: argparse.Namespace) -> int:
    from alvh_tui.assess import assess
    from alvh_tui.book.load import parse_book
    from alvh_tui.book.samples import SAMPLES
    from alvh_tui.cli.feeds import played_market
    from alvh_tui.cli.show import show
    from alvh_tui.method.rules import built_in

    sample = SAMPLES[args.sample]
    feed = played_market(args, sample.name)
    loaded = parse_book(sample.text_on(feed.session.opens.date()), sample.path)
    for problem in loaded.problems:
        complain(str(problem))
    if loaded.book is None:
        return Exit.WRONG_INPUT
    at = args.at or feed.session.opens
    market = feed.snapshot(loaded.book.contracts, at)
    show(assess(loaded.book, market, built_in(loaded.book.account.rules), at), args)
    return Exit.FINE
