"""The user's own editor on a file, at a line."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PLUS = frozenset(
    [
        "vi",
        "vim",
        "nvim",
        "view",
        "gvim",
        "mvim",
        "nano",
        "rnano",
        "pico",
        "emacs",
        "emacsclient",
        "xemacs",
        "mg",
        "jed",
        "zile",
        "joe",
        "jmacs",
        "jstar",
        "jpico",
        "ne",
        "kak",
        "hx",
        "helix",
        "mcedit",
        "gedit",
        "mousepad",
        "micro",
    ]
)
"""Those that take +LINE FILE."""
GOTO = frozenset(["code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"])
"""Those that take --goto FILE:LINE."""
COLON = frozenset(["subl", "sublime_text", "zed", "zeditor"])
"""Those that take FILE:LINE."""
NO_EDITOR = "no editor is set: the environment variable EDITOR names one, such as nano"


class NoEditorError(Exception):
    """There is none, or it is not named in a way that can be read."""


def command_for(path: Path, line: int | None, environment: Mapping[str, str] = os.environ) -> list[str]:
    """The words that open the file there; an editor nobody knows opens it at its beginning."""
    named = environment.get("VISUAL") or environment.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        raise NoEditorError(f"the editor {named!r} has a quote that is never closed") from None
    if not words:
        raise NoEditorError(NO_EDITOR)
    if line is None or line < 2:
        return [*words, str(path)]
    program = Path(words[0]).stem
    if program in PLUS:
        return [*words, f"+{line}", str(path)]
    if program in GOTO:
        return [*words, "--goto", f"{path}:{line}"]
    return [*words, f"{path}:{line}" if program in COLON else str(path)]


def run_editor(words: Sequence[str]) -> str:
    """Waits for it to end; what went wrong, or nothing."""
    try:
        with _its_own_interrupts():
            status = subprocess.run(words, check=False).returncode
    except OSError as error:
        return f"{words[0]} cannot be started: {error.strerror}"
    return f"{words[0]} ended with {status}" if status else ""


@contextmanager
def _its_own_interrupts() -> Iterator[None]:
    """Ctrl+C in the editor is meant for the editor, not for the program behind it."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
