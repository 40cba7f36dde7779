"""Where the memory of a book lies."""

import re
from hashlib import sha256
from pathlib import Path

from alvh_tui.directories import Directory

LONGEST_SLUG = 40


def memory_path(book: Path, world: str = "") -> Path:
    """One file for each position file, and others for each market it is only played in."""
    where = str(book.expanduser().resolve())
    told = sha256(f"{where}\0{world}".encode()).hexdigest()[:8]
    slug = re.sub(r"[^a-z0-9]+", "-", book.stem.lower()).strip("-")[:LONGEST_SLUG] or "book"
    return Directory.DATA.path / f"{slug}{'.played' if world else ''}-{told}.sqlite"
