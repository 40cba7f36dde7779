"""The user's editor: how it is called, where, and what is said when it cannot be."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.app import SuspendNotSupported

from alvh_tui.screens.app import AlvhApp
from alvh_tui.screens.doing import NO_EDITING
from alvh_tui.screens.editor import NO_EDITOR, NoEditorError, command_for, run_editor
from alvh_tui.toml.problem import Problem
from tests.screens.fakes import FakeEngine, app_with, assessed, engine_of, first_frame
from tests.screens.plain import stand_in
from tests.screens.test_prompts import said

BOOK = Path("my book.toml")


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vi", ["vi", "+42", "my book.toml"]),
        ("nvim -f", ["nvim", "-f", "+42", "my book.toml"]),
        ("/usr/bin/nano", ["/usr/bin/nano", "+42", "my book.toml"]),
        ("emacsclient -t", ["emacsclient", "-t", "+42", "my book.toml"]),
        ("hx", ["hx", "+42", "my book.toml"]),
        ("code --wait", ["code", "--wait", "--goto", "my book.toml:42"]),
        ("'/opt/my code/codium'", ["/opt/my code/codium", "--goto", "my book.toml:42"]),
        ("subl -w", ["subl", "-w", "my book.toml:42"]),
        ("something-else", ["something-else", "my book.toml"]),
    ],
)
def test_each_editor_is_told_the_line_in_its_own_way(editor: str, words: list[str]) -> None:
    assert command_for(BOOK, 42, {"EDITOR": editor}) == words


@pytest.mark.parametrize("line", [None, 0, 1])
def test_the_first_line_goes_without_saying(line: int | None) -> None:
    assert command_for(BOOK, line, {"EDITOR": "vim"}) == ["vim", "my book.toml"]


def test_visual_comes_before_editor() -> None:
    assert command_for(BOOK, 2, {"EDITOR": "ed", "VISUAL": "vim"})[0] == "vim"
    assert command_for(BOOK, 2, {"EDITOR": "ed", "VISUAL": ""})[0] == "ed"


@pytest.mark.parametrize(("editor", "why"), [("", NO_EDITOR), ("  ", NO_EDITOR), ("vi 'x", "never closed")])
def test_no_editor_is_said(editor: str, why: str) -> None:
    with pytest.raises(NoEditorError, match=why):
        command_for(BOOK, 1, {"EDITOR": editor})


def test_an_editor_that_is_not_there_or_fails_is_said(tmp_path: Path) -> None:
    assert "cannot be started" in run_editor([str(tmp_path / "nowhere"), "x"])
    assert "cannot be started" in run_editor([str(tmp_path), "x"])
    assert run_editor([sys.executable, "-c", "raise SystemExit(3)"]).endswith("ended with 3")
    assert run_editor([sys.executable, "-c", ""]) == ""


def test_an_interrupt_in_the_editor_is_the_editors_own() -> None:
    """The whole terminal's group gets it: the editor as ever, the program behind it not at all."""
    before = signal.getsignal(signal.SIGINT)
    script = "import os, signal; os.kill(os.getppid(), signal.SIGINT); signal.raise_signal(signal.SIGINT)"
    assert "ended with" in run_editor([sys.executable, "-c", script])
    assert signal.getsignal(signal.SIGINT) is before


class Suspended:
    """Stands in for the terminal that is handed over."""

    def __init__(self) -> None:
        self.inside = False
        self.times = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.inside, self.times = True, self.times + 1
        yield
        self.inside = False


@pytest.fixture
def suspended(monkeypatch: pytest.MonkeyPatch) -> Suspended:
    stand_in(monkeypatch)
    found = Suspended()
    monkeypatch.setattr(AlvhApp, "suspend", lambda app: found())
    return found


@pytest.fixture
def writes_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that knows +LINE and leaves what it was called with."""
    script, told = tmp_path / "vim", tmp_path / "told"
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\necho "# edited" >> "$2"\n')
    script.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(script))
    return told


def on_a_copy(tmp_path: Path, *problems: Problem) -> FakeEngine:
    engine = engine_of(problems=problems)
    copy = tmp_path / "book.toml"
    copy.write_bytes(engine.path.read_bytes())
    engine.path = copy
    return engine


def line_of(name: str) -> int:
    return next(held.line for held in assessed().book.positions if held.id == name)


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        (("j",), "early"),
        (("j", "enter", "j"), "early"),
        (("j", "o"), "early"),
        (("j", "equals_sign"), "early"),
        (("3",), "L1-spread"),
        (("0",), "front"),
    ],
)
async def test_it_opens_at_the_line_of_what_is_under_the_cursor(
    keys: tuple[str, ...], name: str, tmp_path: Path, suspended: Suspended, writes_its_words: Path
) -> None:
    engine = on_a_copy(tmp_path)
    app = app_with(engine)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press(*keys, "e")
        await pilot.pause()
        assert writes_its_words.read_text().splitlines() == [f"+{line_of(name)}", str(engine.path)]
        assert engine.path.read_text().endswith("# edited\n")
        assert suspended.times == 1
        assert not suspended.inside
        assert said(app) == []


async def test_a_problem_opens_its_own_file(
    tmp_path: Path, suspended: Suspended, writes_its_words: Path
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text("")
    problems = [Problem("book.toml", 7, "a", "b", "c"), Problem(str(rules), 30, "a", "b", "c")]
    app = app_with(on_a_copy(tmp_path, *problems))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        await pilot.press("exclamation_mark", "j", "e")
        await pilot.pause()
        assert writes_its_words.read_text().splitlines() == ["+30", str(rules)]


async def test_a_missing_editor_is_said_and_the_terminal_taken_back(
    tmp_path: Path, suspended: Suspended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", str(tmp_path / "[/]nowhere"))
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("e")
        await pilot.pause()
        assert said(app) == [f"{tmp_path}/[/]nowhere cannot be started: {os.strerror(2)}"]
        assert not suspended.inside


async def test_without_an_editor_the_terminal_is_not_given_away(
    suspended: Suspended, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("e")
        await pilot.pause()
        assert said(app) == [NO_EDITOR]
        assert suspended.times == 0


async def test_in_a_browser_files_are_not_edited(suspended: Suspended, writes_its_words: Path) -> None:
    app = app_with(engine_of(), editor=False)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        await pilot.press("e")
        await pilot.pause()
        assert said(app) == [NO_EDITING]
        assert not writes_its_words.exists()


async def test_a_terminal_that_cannot_be_handed_over_is_said(
    writes_its_words: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the headless one cannot."""
    stand_in(monkeypatch)
    app = app_with(engine_of())
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await first_frame(app, pilot)
        with pytest.raises(SuspendNotSupported), app.suspend():
            pass
        await pilot.press("e")
        await pilot.pause()
        assert said(app) == [NO_EDITING]
        assert not writes_its_words.exists()
