"""What leaves the screen: text for the clipboard, and files in the data directory."""

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from alvh_tui.directories import Directory
from alvh_tui.screens.rows import Sheet, plain_text

FOLDER = "exports"
OWNER_ONLY = 0o600
LONGEST_NAME = 60
_NO_FILE_NAME = re.compile(r"[^\w.-]+")


def sheet_text(label: str, sheet: Sheet) -> str:
    """A panel as a file reads it: what it is, what it rests on, and its rows."""
    heading = "  ".join(part for part in (label, sheet.title, sheet.note) if part)
    return f"{heading}\n\n{plain_text(sheet.rows)}\n"


def export(book: str, about: str, at: datetime, *, text: str, picture: str) -> list[Path]:
    """Writes both side by side, for their owner alone, and never over what is there; may raise OSError."""
    folder = Directory.DATA.made() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    stem = f"{_plain(book)}-{at:%Y-%m-%d-%H%M%S}-{_plain(about)}"
    for name in _names(stem):
        paths = [folder / f"{name}.txt", folder / f"{name}.svg"]
        if not any(path.exists() for path in paths):
            break
    for path, content in zip(paths, (text, picture), strict=True):
        _write(path, content)
    return paths


def _plain(name: str) -> str:
    return _NO_FILE_NAME.sub("-", name).strip("-.")[:LONGEST_NAME] or "book"


def _names(stem: str) -> Iterator[str]:
    yield stem
    number = 1
    while True:
        number += 1
        yield f"{stem}-{number}"


def _write(path: Path, content: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
