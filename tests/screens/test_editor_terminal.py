"""The editor on a real terminal: it has all of it, and the screen is whole afterwards."""

from pathlib import Path

from tests.screens.terminal import on_terminal, surroundings

GREETING = "this is the editor"


def test_the_editor_gets_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    """It breaks the file: the screen that comes back says so."""
    editor = tmp_path / "nano"
    clear = r"printf '\033[2J\033[H'"
    script = f'stty sane\n{clear}\necho "{GREETING} $1"\nread answer\necho "$answer = 1" >> "$2"\n'
    editor.write_text(f"#!/bin/sh\n{script}")
    editor.chmod(0o700)
    environment = surroundings(tmp_path, VISUAL=str(editor))
    with on_terminal("demo", "tested", environment=environment) as terminal:
        terminal.wait_for("▸ early")
        before = terminal.lines[-1]
        terminal.press("je")
        terminal.wait_until(lambda: f"{GREETING} +" in terminal.text, "the editor at its line")
        assert "▸ early" not in terminal.text
        terminal.press("nonsense\r")
        terminal.wait_until(lambda: terminal.lines[-1] == before, "the screen again, to its last line")
        terminal.wait_for("▸ early")
        terminal.wait_for("tested.toml:")
        assert GREETING not in terminal.text
        terminal.press("k")
        terminal.press("?")
        terminal.wait_until(lambda: "Keys here" in terminal.text and "▸ early" not in terminal.text, "help")
        terminal.press("\x1b")
        terminal.wait_for("▸ early")
        terminal.press("q")
        assert terminal.end() == 0
        assert terminal.left_on() == set()
