"""What is on the screen as text, and the snapshots it is compared with."""

import os
from difflib import unified_diff
from pathlib import Path

from rich.cells import cell_len
from textual.pilot import Pilot

from alvh_tui.screens.app import AlvhApp

SNAPSHOTS = Path(__file__).resolve().parent / "snapshots"
REWRITE = "ALVH_REWRITE_SNAPSHOTS"
"""With this in the environment snapshots are written anew instead of compared."""
NEVER = ("None", "nan", "Traceback", "this cannot be shown")


def painted(app: AlvhApp) -> list[str]:
    """The lines of the screen in front, exactly as they are painted."""
    strips = app.screen._compositor.render_strips()
    return ["".join(piece.text for piece in strip) for strip in strips]


async def settled(app: AlvhApp, pilot: Pilot[None]) -> None:
    """Until what is painted no longer changes."""
    before: list[str] = []
    for _ in range(20):
        await pilot.pause()
        now = painted(app)
        if now == before:
            return
        before = now
    raise AssertionError("the screen does not come to rest")


def faults(app: AlvhApp) -> list[str]:
    """Lines that are not as wide as the terminal, and what must never stand on a screen."""
    lines, (width, height) = painted(app), app.size
    found = [f"{cell_len(line)} cells: {line!r}" for line in lines if cell_len(line) != width]
    found += [f"holds {word}: {line!r}" for line in lines for word in NEVER if word in line]
    found += [f"holds a control character: {line!r}" for line in lines if not line.isprintable()]
    return found if len(lines) == height else [f"{len(lines)} lines", *found]


def difference(app: AlvhApp, name: str) -> str:
    """What differs from the snapshot of that name at this size; empty where nothing does."""
    found = faults(app)
    file = SNAPSHOTS / f"{name}-{app.size.width}x{app.size.height}.txt"
    now = "".join(f"{line.rstrip()}\n" for line in painted(app))
    if os.environ.get(REWRITE):
        file.write_text(now, encoding="utf-8")
    kept = file.read_text(encoding="utf-8") if file.exists() else ""
    if now != kept:
        found.append(f"{file.name} differs; if that is meant, {REWRITE}=1 writes it anew")
        found += unified_diff(kept.splitlines(), now.splitlines(), "kept", "painted", lineterm="", n=1)
    return "\n".join(found)


def compare(app: AlvhApp, name: str) -> None:
    differs = difference(app, name)
    assert not differs, differs
