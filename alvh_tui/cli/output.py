"""Where words go: the payload to standard output, everything else to standard error."""

import sys


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
