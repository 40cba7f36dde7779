"""Where words go: the payload to standard output, everything else to standard error."""

import codecs
import sys

IN_ASCII = {
    "−": "-", "–": "-", "—": "-", "·": "*", "▲": "!", "●": "*", "◀": "<", "×": "x", "÷": "/", "→": "->",
    "≤": "<=", "≥": ">=", "Δ": "D", "Γ": "G", "…": "...", "’": "'",
}  # fmt: skip
"""What stands in for a sign the output cannot show: a loss must not lose its minus."""
SPELLED_OUT = "alvh-spelled-out"
"""The name of that way with characters an encoding lacks."""


def _spell_out(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(IN_ASCII.get(sign, "?") for sign in lacking), error.end


codecs.register_error(SPELLED_OUT, _spell_out)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")
