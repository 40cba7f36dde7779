"""What must not upset the program: late answers, an engine that does not open, odd terminals."""

import json
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from alvh_tui.cli import open as opening
from alvh_tui.cli.main import main
from alvh_tui.screens.app import OWN_FAULT, AlvhApp, Book
from alvh_tui.screens.engine import Engine
from alvh_tui.settings.model import DEFAULT_SETTINGS
from tests.screens.fakes import app_with, engine_of, first_frame, frame_number, sample
from tests.screens.terminal import ALVH, ROOT, on_terminal, surroundings

CALM = sample("calm")


# late answers


async def test_an_older_frame_than_the_one_shown_is_dropped() -> None:
    engine = engine_of("calm")
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        newest = engine.tell(error="the newest")
        await frame_number(2, app, pilot)
        late = replace(newest, frame=replace(newest.frame, seq=1, error="late"))
        app.post_message(AlvhApp.Told(engine, late))
        await pilot.pause()
        assert app.shown is newest


async def test_a_frame_of_a_book_that_has_been_left_is_dropped() -> None:
    left, opened = engine_of("calm"), engine_of("tested")
    app = app_with(left, opened)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("b")
        await first_frame(app, pilot)
        assert left.stopped
        shown = app.shown
        left.tell()
        left.tell()
        await pilot.pause()
        assert app.shown is shown
        assert shown is opened.shown


async def test_a_frame_that_comes_after_the_end_is_nobodys() -> None:
    engine = engine_of("calm")
    app = app_with(engine)
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("q")
    assert engine.stopped
    before = app.shown
    telling = threading.Thread(target=engine.tell)
    telling.start()
    telling.join()
    assert app.shown is before


async def test_a_book_that_opens_after_the_next_one_was_asked_for_is_let_go() -> None:
    may_open = threading.Event()
    slow, quick = engine_of("calm"), engine_of("tested")

    def open_slowly() -> Engine:
        may_open.wait()
        return slow

    app = AlvhApp([Book("slow", open_slowly), Book("quick", lambda: quick)], DEFAULT_SETTINGS)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("b")
        await first_frame(app, pilot)
        may_open.set()
        for thread in threading.enumerate():
            if thread.name == "alvh-opening":
                thread.join()
        await pilot.pause()
        assert slow.stopped
        assert app.engine is quick
        assert app.shown is quick.shown


@pytest.mark.parametrize("error", [OSError("no such folder"), ValueError("no book")])
async def test_an_engine_that_does_not_open_is_said_and_keys_still_work(error: Exception) -> None:
    def fails() -> Engine:
        raise error

    app = AlvhApp([Book("calm", fails)], DEFAULT_SETTINGS)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until_it_has_failed(app, pilot)
        assert str(error) in app.failure
        for key in ("4", "j", "r", "space", "+", "enter", "=", "x", "y", "n", "question_mark", "escape"):
            await pilot.press(key)
        await pilot.press("q")
    assert app.return_code == 0


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.fails_in_words
async def test_a_fault_nobody_foresaw_is_no_endless_opening(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> Engine:
        raise KeyError("a fault")

    app = AlvhApp([Book("calm", fails)], DEFAULT_SETTINGS)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until_it_has_failed(app, pilot)
        assert app.failure == OWN_FAULT
    assert "in fails" in caplog.text


async def test_a_book_asked_for_twice_runs_once() -> None:
    may_open = threading.Event()
    first, second = engine_of("calm"), engine_of("calm")
    coming = iter([first, engine_of("tested"), second])

    def open_next() -> Engine:
        engine = next(coming)
        if engine is first:
            may_open.wait()
        return engine

    app = AlvhApp([Book("one", open_next), Book("two", open_next)], DEFAULT_SETTINGS)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for _ in range(2):
            await pilot.press("b")
            await first_frame(app, pilot)
        assert app.engine is second
        may_open.set()
        for thread in threading.enumerate():
            if thread.name == "alvh-opening":
                thread.join()
        await pilot.pause()
        assert first.stopped
        assert not second.stopped


async def _until_it_has_failed(app: AlvhApp, pilot: Pilot[None]) -> None:
    for _ in range(400):
        if app.failure:
            return
        await pilot.pause(0.01)
    raise AssertionError("nothing was said")


async def test_frames_in_quick_succession_are_shown_once() -> None:
    engine = engine_of("calm")
    app = app_with(engine)
    painted: list[int] = []
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        heed = app.dashboard.heed

        def counted(shown: object) -> None:
            painted.append(engine.shown.frame.seq)
            heed(engine.shown)

        app.dashboard.heed = counted  # type: ignore[method-assign]
        for _ in range(50):
            engine.tell()
        await frame_number(51, app, pilot)
    assert len(painted) < 50
    assert app.shown is engine.shown


# colour, and what is no screen


async def test_without_colour_states_are_still_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_with(engine_of("tested"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        assert app.no_color
        pieces = [piece for line in app.screen._compositor.render_strips() for piece in line]
        styles = [piece.style for piece in pieces if piece.style is not None]
        colours = {style.color.triplet for style in styles if style.color is not None}
        assert all(colour is not None and max(colour) - min(colour) <= 2 for colour in colours)
        painted = "".join(piece.text for piece in pieces)
        assert "triggered" in painted


def test_without_colour_none_is_sent(tmp_path: Path) -> None:
    around = surroundings(tmp_path, NO_COLOR="1")
    with on_terminal("demo", "--seed", "1", environment=around) as terminal:
        terminal.wait_for("total")
        terminal.press("q")
        assert terminal.end() == 0
        colours = {cell.fg for line in terminal.screen.buffer.values() for cell in line.values()}
    assert all(is_grey(colour) for colour in colours)


def is_grey(colour: str) -> bool:
    if colour in ("default", "black", "white"):
        return True
    parts = [int(colour[at : at + 2], 16) for at in (0, 2, 4)] if len(colour) == 6 else [0, 255]
    return max(parts) - min(parts) <= 2


def test_a_dumb_terminal_gets_print(tmp_path: Path) -> None:
    around = surroundings(tmp_path, TERM="dumb")
    with on_terminal("demo", "--seed", "1", "--plain", environment=around) as terminal:
        assert terminal.end() == 0
        assert terminal.left_on() == set()
        assert b"\x1b[?1049h" not in terminal.written
        assert b"SPX" in terminal.written
    with on_terminal("demo", "--seed", "1", environment=around) as terminal:
        assert terminal.end() == 0
        assert b"\x1b[?1049h" not in terminal.written


def test_what_does_not_go_to_a_terminal_is_a_snapshot(tmp_path: Path) -> None:
    words = [*ALVH, str(CALM), "--feed", "demo", "--seed", "1", "--at", "2026-11-20T10:00-05:00"]
    around = surroundings(tmp_path)
    ran = subprocess.run(words, env=around, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert "\x1b[?1049h" not in ran.stdout
    assert "first" in ran.stdout
    told = subprocess.run(
        [*words, "--json"], env=around, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True
    )
    assert json.loads(told.stdout)["schema"] == 1


# alvh alone


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path / "state"))
    return tmp_path / "state"


def test_the_last_books_are_remembered_in_order(state: Path) -> None:
    assert opening.last_books() == []
    opening.keep_last_books([sample("tested"), CALM])
    assert opening.last_books() == [sample("tested"), CALM]


def test_a_book_that_has_gone_is_left_out(state: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone.toml"
    gone.write_text("")
    opening.keep_last_books([gone, CALM])
    gone.unlink()
    assert opening.last_books() == [CALM]


def test_a_relative_path_is_found_from_elsewhere(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CALM.parent)
    opening.keep_last_books([Path(CALM.name)])
    monkeypatch.chdir(tmp_path)
    assert opening.last_books() == [CALM]


@pytest.mark.parametrize(
    "kept", ["", "{", "[]", "{}", "null", '{"books": 7}', '{"books": [7]}', '{"books": ["\\u0000"]}', "\xff"]
)
def test_what_is_remembered_may_be_damaged(kept: str, state: Path) -> None:
    state.mkdir()
    (state / opening.LAST).write_bytes(kept.encode("latin-1"))
    assert opening.last_books() == []


def test_where_nothing_can_be_kept_the_book_opens_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a file").write_text("")
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path / "a file"))
    opening.keep_last_books([CALM])
    assert opening.last_books() == []


def test_alone_on_a_terminal_it_opens_the_last_book(tmp_path: Path) -> None:
    around = surroundings(tmp_path)
    with on_terminal(str(CALM), "--feed", "demo", "--seed", "1", environment=around) as terminal:
        terminal.wait_for("quit")
        terminal.press("q")
        assert terminal.end() == 0
    with on_terminal("--feed", "demo", "--seed", "1", environment=around) as terminal:
        terminal.wait_for("opening calm")
        terminal.press("q")
        assert terminal.end() == 0


def test_alone_without_a_last_book_it_says_what_there_is_to_do(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([]) == 0
    assert "alvh demo" in capsys.readouterr().out


def test_it_imports_nothing_but_what_it_needs_to_say_so(tmp_path: Path) -> None:
    script = "import sys; from alvh_tui.cli.main import main; main([]); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script], env=surroundings(tmp_path), cwd=ROOT, capture_output=True, text=True
    )
    assert not {"textual", "numpy", "rich"} & set(ran.stdout.split())


async def test_a_window_closed_without_a_signal_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under make, which is told in its place and waits."""
    there = [True]
    monkeypatch.setattr("alvh_tui.screens.app._has_terminal", lambda: there[0])
    app = app_with(engine_of("calm"))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        app._tick()
        assert app.return_code is None
        there[0] = False
        app._tick()
        await pilot.pause()
    assert app.return_code == 0
