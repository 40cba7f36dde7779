"""How much of the board the book takes: a filter leaves it alone, a crowded book keeps its total in view."""

from dataclasses import replace

from textual.geometry import Region
from textual.pilot import Pilot

from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.panel import Panel
from tests.screens.fakes import FakeEngine, app_with, first_frame, sample, shown_of
from tests.screens.painted import painted, settled
from tests.screens.panels_worlds import book_of, judged, market_of


def crowded(condors: int) -> FakeEngine:
    whole = book_of("calm")
    held = tuple(replace(whole.condors[0], id=f"condor-{nth}") for nth in range(condors))
    hedges = tuple(replace(hedge, protects=()) for hedge in whole.hedges)
    book = replace(whole, condors=held, hedges=hedges)
    return FakeEngine(sample("calm"), shown_of(judged(book, market_of("calm"))))


def regions(app: AlvhApp) -> dict[str, Region]:
    names = ("book", "breakevens", "risk")
    return {name: app.dashboard.query_one(f"#{name}", Panel).region for name in names}


def bars(app: AlvhApp) -> int:
    rows = app.dashboard.query_one("#book", Panel).sheet.rows
    return sum(row.key.endswith(" bar") for row in rows)


async def filtered(app: AlvhApp, pilot: Pilot[None], words: str) -> None:
    app.dashboard.set_filter(words)
    await settled(app, pilot)


async def test_a_filter_leaves_the_panels_below_where_they_are() -> None:
    app = app_with(crowded(3))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        before = regions(app)
        await filtered(app, pilot, "condor-1")
        assert sum("▸ condor-" in line for line in painted(app)) == 1
        assert regions(app) == before
        await filtered(app, pilot, "")
        assert sum("▸ condor-" in line for line in painted(app)) == 3
        assert regions(app) == before


async def test_a_crowded_book_shows_its_total_and_as_many_condors_as_it_can() -> None:
    app = app_with(crowded(12))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        assert bars(app) == 1
        seen = "\n".join(painted(app))
        assert "total  " in seen
        assert seen.count("▸ condor-") >= 8
        book = app.dashboard.query_one("#book", Panel)
        assert book.row is not None
        assert book.row.key == "condor-0", "the cursor begins below what stays on top"
        await pilot.press("G")
        await settled(app, pilot)
        seen = "\n".join(painted(app))
        assert "total  " in seen
        assert "▸ hedges" in seen


async def test_a_book_that_grows_and_shrinks_gets_its_bars_when_they_fit() -> None:
    app = app_with(crowded(12))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        for condors, drawn in ((4, 4), (12, 1), (3, 3)):
            app.engine.tell(assessment=crowded(condors).shown.assessment)  # type: ignore[union-attr]
            await settled(app, pilot)
            assert bars(app) == drawn
