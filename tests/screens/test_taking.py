"""What leaves the screen: the clipboard, and files for their owner alone."""

import os
import stat
from datetime import datetime
from pathlib import Path

import pytest

from alvh_tui.directories import Directory
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.screens import taking
from alvh_tui.screens.rows import Row, Sheet, Span, said
from alvh_tui.screens.taking import export, sheet_text
from alvh_tui.screens.why_page import WhyPage
from alvh_tui.why.derive import derive
from tests.screens.fakes import app_with, assessed, engine_of, entry, first_frame
from tests.screens.plain import stand_in
from tests.screens.test_prompts import said as toasts

AT = datetime(2026, 11, 20, 11, 5, 7, tzinfo=NEW_YORK)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(Directory.DATA.variable, str(tmp_path))
    stand_in(monkeypatch)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_named_by_book_and_time_and_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        paths = export("main", "book", AT, text="über\n", picture="<svg/>")
    finally:
        os.umask(before)
    folder = tmp_path / "exports"
    assert paths == [folder / f"main-2026-11-20-110507-book{suffix}" for suffix in (".txt", ".svg")]
    assert [path.read_text(encoding="utf-8") for path in paths] == ["über\n", "<svg/>"]
    assert [mode(path) for path in paths] == [0o600, 0o600]
    assert mode(folder) == 0o700


def test_nothing_that_is_there_is_written_over() -> None:
    first = export("main", "book", AT, text="1", picture="1")
    first[0].unlink()
    second = export("main", "book", AT, text="2", picture="2")
    third = export("main", "book", AT, text="3", picture="3")
    assert first[1].read_text() == "1"
    assert [path.stem.rpartition("-")[2] for path in (*second, *third)] == ["2", "2", "3", "3"]


def test_a_file_that_came_in_between_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    there = export("main", "book", AT, text="1", picture="1")
    monkeypatch.setattr(Path, "exists", lambda path, **_: False)
    with pytest.raises(FileExistsError):
        export("main", "book", AT, text="2", picture="2")
    assert there[0].read_text() == "1"


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "", "[/]\x1b[2J", "x" * 300])
def test_a_name_leads_nowhere_else(name: str, tmp_path: Path) -> None:
    for path in export(name, name, AT, text="", picture=""):
        assert path.parent == tmp_path / "exports"
        assert path.name.isprintable()
        assert len(path.name) < 200


def test_a_sheet_as_text_says_what_it_rests_on() -> None:
    sheet = Sheet((Row("a", (Span("dec-18  "), Span("+1   "))), said("b", "x")), title="t", note="n")
    assert sheet_text("1 Book", sheet) == "1 Book  t  n\n\ndec-18  +1\nx\n"


async def test_a_row_is_copied_with_its_own_words_where_it_has_any() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("j", "y")
        await pilot.pause()
        assert app.clipboard == "early  pnl  delta"
        assert toasts(app) == ["copied: early pnl delta"]
        await pilot.press("3", "y")
        await pilot.pause()
        assert app.clipboard == "the layer L1 [/]"


async def test_of_a_page_all_is_copied() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("o", "y")
        await pilot.pause()
        assert app.clipboard == "front\n\nthe page of position front\n"
        assert toasts(app) == ["copied: the page"]


async def test_a_derivation_is_copied_in_its_own_words_but_not_past_what_is_hidden() -> None:
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("equals_sign", "y")
        await pilot.pause()
        assert isinstance(app.front, WhyPage)
        found = derive(app.front.asked, assessed())
        assert found is not None
        assert app.clipboard == found.text()
        await pilot.press("dollar_sign", "y")
        await pilot.pause()
        assert app.clipboard == app.front.text() != found.text()


async def test_an_export_says_where_it_is(tmp_path: Path) -> None:
    app = app_with(engine_of(entries=(entry(1, "[/] [red]x"),)))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("6", "x", "x")
        await pilot.pause()
        names = sorted(path.name for path in (tmp_path / "exports").iterdir())
        stem = "tested-2026-11-20-153000-journal"
        assert names == [f"{stem}-2.svg", f"{stem}-2.txt", f"{stem}.svg", f"{stem}.txt"]
        assert toasts(app)[0] == f"saved {tmp_path}/exports/{stem}.txt and .svg"
        assert "[/] [red]x" in (tmp_path / "exports" / f"{stem}.txt").read_text()
        assert (tmp_path / "exports" / f"{stem}.svg").read_text().startswith("<svg")


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / taking.FOLDER).write_text("in the way")
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("x")
        await pilot.pause()
        assert toasts(app) == [f"nothing is saved: {os.strerror(17)}"]
