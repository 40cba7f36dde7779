"""The whole screen as text, at the sizes that matter; ALVH_REWRITE_SNAPSHOTS=1 writes the pictures anew."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from alvh_tui.book.model import LAYERS
from alvh_tui.figures import number
from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import Opens, Span
from alvh_tui.screens.shown import Shown
from alvh_tui.screens.table import needs_mark
from tests.screens.fakes import LOOKS, app_with, first_frame
from tests.screens.moments import MOMENTS, a_change_waits, engine_at, moment, with_a_past
from tests.screens.painted import SNAPSHOTS, compare, difference, painted, settled

SIZES = ((40, 12), (80, 24), (120, 40), (200, 50))
WALKS: dict[str, dict[str, tuple[str, ...]]] = {
    "looks": {
        "private": ("$",),
        "ages": ("$", "i"),
        "unfolded": ("i", "z"),
        "blocks": ("z", "B"),
        "ascii": ("B",),
    },
    "views": {
        "journal": ("6",),
        "strikes": ("1", "v"),
        "migration": ("2", "v"),
        "grid": ("5", "v"),
        "maximised": ("2", "m"),
    },
    "pages": {
        "page-position": ("1", "o"),
        "page-layer": ("escape", "3", "o"),
        "page-signal": ("escape", "4", "o"),
        "page-why": ("escape", "1", "="),
        "page-why-breakeven": ("escape", "2", "="),
        "page-entry": ("escape", "6", "j", "j", "j", "o"),
    },
    "whole pages": {
        "page-report": ("R",),
        "page-help": ("escape", "?"),
        "page-rule": ("escape", "rule: condor.pcf"),
    },
}
"""What is pressed on the tested book with a past, one after the other, and what is seen then."""


@asynccontextmanager
async def on_screen(
    shown: Shown, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[AlvhApp, Pilot[None]]]:
    app = app_with(engine_at(shown))
    async with app.run_test(size=size) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        yield app, pilot


@pytest.mark.parametrize("name", MOMENTS)
async def test_the_dashboard_looks_as_it_did_at_every_size(name: str) -> None:
    async with on_screen(moment(name), SIZES[0]) as (app, pilot):
        differs = []
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
            differs.append(difference(app, name))
    assert not any(differs), "\n\n".join(filter(None, differs))


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_it_does_not_matter_how_a_size_was_come_to(size: tuple[int, int]) -> None:
    async with on_screen(moment("stressed"), size) as (app, _):
        compare(app, "stressed")


@pytest.mark.parametrize("walk", WALKS)
async def test_views_and_pages_look_as_they_did(walk: str) -> None:
    async with on_screen(with_a_past()) as (app, pilot):
        differs = []
        for name, keys in WALKS[walk].items():
            for key in keys:
                await press(key, app, pilot)
            await settled(app, pilot)
            differs.append(difference(app, name))
    assert not any(differs), "\n\n".join(filter(None, differs))


async def press(key: str, app: AlvhApp, pilot: Pilot[None]) -> None:
    """A key, or by its name what only the palette leads to."""
    if key.startswith("rule: "):
        app.open_page(Opens("rule", key.removeprefix("rule: ")))
    else:
        await pilot.press(key)
    await pilot.pause()


async def test_a_change_of_the_rules_that_waits_looks_as_it_did() -> None:
    async with on_screen(a_change_waits()) as (app, _):
        compare(app, "waiting")


async def test_the_page_of_problems_looks_as_it_did() -> None:
    async with on_screen(moment("broken")) as (app, pilot):
        await pilot.press("!")
        await settled(app, pilot)
        compare(app, "page-problems")


async def test_the_palette_looks_as_it_did() -> None:
    async with on_screen(with_a_past()) as (app, pilot):
        await pilot.press("colon")
        for _ in range(LOOKS):
            await pilot.pause(0.01)
            if any("Folds a position" in line for line in painted(app)):
                break
        await settled(app, pilot)
        compare(app, "palette")


@pytest.mark.parametrize("name", ["calm", "stressed", "stale", "offline", "broken"])
async def test_what_matters_most_is_seen_without_scrolling(name: str) -> None:
    shown = moment(name)
    async with on_screen(shown) as (app, _):
        lines = painted(app)
    text, found = "\n".join(lines), shown.assessment
    assert found is not None
    assert re.search(r"[●◐◌✕○] (live|delayed|stale|failed|closed) \d", lines[0]), "how good the data is"
    assert found.judgement.attention[0].text in text
    for held in found.positions:
        pnl = number(held.figures.pnl, signed=True)
        if held.figures.kind == "condor":
            assert re.search(rf"{held.figures.position.id} .*{re.escape(pnl)}", text), "its profit or loss"
    table = next(held.breakevens for held in found.positions if held.breakevens is not None)
    for level in (table.kinds["expiry"].low, table.kinds["expiry"].high):
        assert level is not None
        assert number(level) in text
    for layer in LAYERS:
        state = found.judgement.layers[layer].state
        assert state is not None
        assert re.search(rf"\b{layer} \S {state.trigger}\b", text)


@pytest.mark.parametrize("size", SIZES[1:], ids=str)
async def test_every_doubtful_figure_carries_its_sign(size: tuple[int, int]) -> None:
    async with on_screen(moment("stale"), size) as (app, pilot):
        assert any("◌ stale 40m" in line for line in painted(app))
        marked, bare = 0, []
        for digit, name in (("1", "book"), ("2", "breakevens"), ("5", "risk")):
            await pilot.press(digit)
            await settled(app, pilot)
            for row in app.dashboard.query_one(f"#{name}", Panel).sheet.rows:
                for span, after in zip(row.spans, (*row.spans[1:], Span("")), strict=True):
                    if needs_mark(span):
                        has_sign = "~" in span.text or after.text.startswith("~")
                        marked += has_sign
                        bare += [] if has_sign else [f"{span.text!r} in {row.text!r}"]
    assert bare == []
    assert marked > 20


def test_every_snapshot_has_a_test() -> None:
    """One that nobody compares any more is thrown away."""
    at_every_size = {f"{name}-{width}x{height}" for name in MOMENTS for width, height in SIZES}
    once = {name for walk in WALKS.values() for name in walk} | {"waiting", "palette", "page-problems"}
    expected = at_every_size | {f"{name}-120x40" for name in once}
    assert {file.stem for file in SNAPSHOTS.iterdir()} == expected
