"""alvh serve: the screen in a browser."""

import argparse
import shlex
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from alvh_tui.cli.exits import Exit
from alvh_tui.cli.options import options_as_words
from alvh_tui.cli.output import complain, say

HOST, PORT = "127.0.0.1", 8000
HIGHEST_PORT = 65_535


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "books", metavar="BOOK", nargs="*", type=Path, help="position file (those that were open last)"
    )
    parser.add_argument(
        "--host", metavar="NAME", default=HOST, help=f"address to listen on (default: {HOST}, this computer)"
    )
    parser.add_argument(
        "--port", metavar="N", type=_port, default=PORT, help=f"default: {PORT}; 0 takes a free one"
    )
    parser.add_argument(
        "--public-url", metavar="URL", type=_url, help="the address browsers use, behind a proxy"
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to {HIGHEST_PORT}")
    return int(text)


def _url(text: str) -> str:
    """Without the slash at its end."""
    try:
        parts = urlsplit(text)
        fine = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
        )
    except ValueError:
        fine = False
    if not fine:
        raise argparse.ArgumentTypeError(f"{text!r} is no address such as https://box.example:8443")
    return text.rstrip("/")


def run(args: argparse.Namespace) -> int:
    if args.json or args.plain:
        complain("alvh serve shows the screen in a browser; --json and --plain are for what is printed")
        return Exit.USAGE
    words = _what_to_run(args)
    if words is None:
        return Exit.WRONG_INPUT
    try:
        listening = _listening(args.host, args.port)
    except OSError as error:
        complain(
            f"alvh: cannot serve on {args.host}, port {args.port}: {error.strerror}; --port takes another"
        )
        return Exit.WRONG_INPUT
    with listening:
        _serve(listening, words, args)
    return Exit.FINE


def _what_to_run(args: argparse.Namespace) -> list[str] | None:
    """The program once more, with the same options; None where there is no book to run it on."""
    from alvh_tui.cli.open import last_books

    # -P: what lies in the working directory is no part of the program.
    words = [sys.executable, "-P", "-m", "alvh_tui", *options_as_words(args)]
    if args.feed == "demo" and not args.books:
        return [*words, "demo"]
    books = args.books or last_books()
    if not books:
        complain("alvh: name a book to serve, or --feed demo for a sample book on a simulated market")
    missing = [book for book in books if not book.is_file()]
    for book in missing:
        complain(f"{book}: there is no such file; alvh init {book} writes a starter book")
    return None if missing or not books else [*words, *(str(book.resolve()) for book in books)]


def _listening(host: str, port: int) -> socket.socket:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    return socket.create_server(address[:2], family=family)


def _serve(listening: socket.socket, words: list[str], args: argparse.Namespace) -> None:
    from contextlib import redirect_stdout

    from alvh_tui.cli.served import ScreenServer, is_loopback
    from alvh_tui.log import start_log, stop_log

    server = ScreenServer(shlex.join(words), listening, args.host, args.public_url)
    if not is_loopback(listening.getsockname()[0]):
        complain(
            "Anyone who reaches this address sees your positions: nothing asks for a password, "
            "and nothing is encrypted."
        )
    say(f"alvh serves on {server.public_url}; ctrl+c ends it")
    sys.stdout.flush()
    start_log()
    try:
        # What a program that is served says when it fails is no payload of this one.
        with redirect_stdout(sys.stderr):
            server.serve_until_told()
    finally:
        stop_log()
