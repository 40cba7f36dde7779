"""Draws the README's pictures from the tested sample, at the moment its market was recorded."""

import asyncio
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from alvh_tui.screens.why_page import WhyPage
from alvh_tui.why.figure import Figure
from tests.screens.fakes import app_with, first_frame
from tests.screens.moments import engine_at, with_a_past
from tests.screens.painted import settled

HERE = Path(__file__).resolve().parent
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Textual's pictures fetch a font from elsewhere; the reader's own will do."""


@dataclass(frozen=True, slots=True)
class Picture:
    name: str
    title: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    """Pressed before it is taken."""
    why: Figure | None = None
    """Asked before it is taken."""


PICTURES = (
    Picture("dashboard", "alvh tested.toml", (120, 40)),
    Picture("narrow", "alvh tested.toml, at 80 × 24", (80, 24), ("3",)),
    Picture("why", "= on a yardstick", (100, 22), why=Figure("yardstick", "vega coverage", "L1")),
)


async def drawn(picture: Picture) -> str:
    """As SVG; the same each time."""
    app = app_with(engine_at(with_a_past()))
    async with app.run_test(size=picture.size) as pilot:
        await first_frame(app, pilot)
        await pilot.press(*picture.keys)
        if picture.why is not None:
            app.push_screen(WhyPage(picture.why))
        await settled(app, pilot)
        return FONTS.sub("", app.export_screenshot(title=picture.title))


def main(folder: Path) -> None:
    for picture in PICTURES:
        (folder / f"{picture.name}.svg").write_text(asyncio.run(drawn(picture)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
