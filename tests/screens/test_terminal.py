"""The real program on a real terminal: every key, every size, and what is left behind."""

import shlex
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

from alvh_tui.cli.main import main
from alvh_tui.screens.actions import ACTIONS
from tests.screens.terminal import ALVH, PATIENCE, ROOT, on_terminal, surroundings

CALM = ROOT / "sample_positions" / "calm.toml"
SIZES = ((40, 12), (80, 24), (120, 40), (200, 50))
IN_TMUX = {
    "escape": "Escape", "enter": "Enter", "space": "Space", "tab": "Tab", "shift+tab": "BTab",
    "pageup": "PPage", "pagedown": "NPage", "home": "Home", "end": "End",
    "up": "Up", "down": "Down", "left": "Left", "right": "Right",
}  # fmt: skip
"""What tmux calls the keys that are no characters."""
ENDS_WITHIN = 3.0
"""Seconds, where it should take less than one: a bound for a busy machine."""
KEYS = [key for action in ACTIONS.values() if action.id != "quit" for key in action.keys]

LOOKS = 10
"""Pictures that must be the same before a key counts as answered."""


class Tmux:
    """A tmux server of its own with one window."""

    def __init__(self, folder: Path) -> None:
        self._words = ["tmux", "-S", str(folder / "tmux"), "-f", "/dev/null"]

    def ask(self, *words: str) -> str:
        asked = [*self._words, *words]
        return subprocess.run(asked, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout

    def press(self, key: str) -> None:
        if len(key) == 1:
            self.ask("send-keys", "-l", key)
        else:
            self.ask("send-keys", IN_TMUX.get(key, key.replace("ctrl+", "C-").replace("alt+", "M-")))

    def escape(self) -> None:
        """As a sequence that no terminal mixes up with the key after it."""
        self.ask("send-keys", "-H", *(f"{byte:x}" for byte in b"\x1b[27u"))

    def come_back(self) -> None:
        """To the dashboard and its keys; what a key has opened may come later than the escape behind it."""

        def is_back(text: str) -> bool:
            back = "quit" in text.rstrip("\n").splitlines()[-1]
            if not back:
                self.escape()
                self.settle()
            return back

        self.settle()
        self.wait_until(is_back, "the keys of the dashboard")

    def resize(self, columns: int, lines: int) -> None:
        self.ask("resize-window", "-x", str(columns), "-y", str(lines))

    @property
    def text(self) -> str:
        return self.ask("capture-pane", "-p")

    def wait_until(self, holds: Callable[[str], bool], what: str) -> None:
        until = monotonic() + PATIENCE
        while not holds(seen := self.text):
            if monotonic() > until:
                raise AssertionError(f"{what}: not seen on\n{seen}")

    def settle(self) -> None:
        """Until the picture has stayed the same for a while: what was pressed has been answered."""
        seen, same = self.text, 0
        while same < LOOKS:
            now = self.text
            seen, same = now, same + 1 if now == seen else 0

    def state(self) -> str:
        return self.ask("display", "-p", "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag}")

    def close(self) -> None:
        subprocess.run([*self._words, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("no tmux on this machine: the program is NOT tested in a terminal people use")
    server = Tmux(tmp_path)
    try:
        yield server
    finally:
        server.close()


def _fills(lines: int, text: str) -> bool:
    """The market above, and a last line: the keys, or rows where there is no room for them."""
    painted = text.rstrip("\n").splitlines()
    return len(painted) == lines and "SPX" in painted[0] and bool(painted[-1].strip())


def test_every_key_and_every_size_in_tmux(tmux: Tmux, tmp_path: Path) -> None:
    around = [f"{name}={value}" for name, value in surroundings(tmp_path).items() if name != "TERM"]
    shell = f"echo before; {shlex.join([*ALVH, 'demo', '--seed', '1'])}; echo ended with $?; exec cat"
    tmux.ask("new-session", "-d", "-x", "120", "-y", "40", "env", "-i", *around, "sh", "-c", shell)
    tmux.wait_until(lambda text: "total" in text, "the book")
    for key in KEYS:
        tmux.press(key)
        tmux.settle()
        tmux.escape()
        tmux.wait_until(lambda text: "SPX" in text.partition("\n")[0], f"the dashboard after {key}")
        tmux.settle()
    tmux.come_back()
    for columns, lines in (*SIZES, *reversed(SIZES)):
        tmux.resize(columns, lines)
        tmux.wait_until(partial(_fills, lines), f"{columns}×{lines}")
    tmux.press("q")
    tmux.wait_until(lambda text: "ended with" in text, "the end")
    assert tmux.text.split() == ["before", "ended", "with", "0"]
    assert tmux.state().split() == ["0", "1", "0", "0"]
    assert list((tmp_path / "temp").iterdir()) == []


@pytest.mark.parametrize("way", ["q", "\x03", "SIGTERM", "SIGHUP"])
def test_the_terminal_is_left_as_it_was(way: str, tmp_path: Path) -> None:
    with on_terminal("demo", "--seed", "1", environment=surroundings(tmp_path)) as terminal:
        terminal.wait_for("Book")
        assert terminal.left_on() >= {"the alternate screen", "a hidden cursor", "mouse reporting"}
        if way.startswith("SIG"):
            terminal.running.send_signal(signal.Signals[way])
        else:
            terminal.press(way)
        assert terminal.end() == 0
        assert terminal.left_on() == set()
        assert terminal.settings_now() == terminal.before
        assert b"Traceback" not in terminal.written
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_terminal_that_is_closed_ends_it(tmp_path: Path) -> None:
    with on_terminal("demo", "--seed", "1", environment=surroundings(tmp_path)) as terminal:
        terminal.wait_for("total")
        terminal.hang_up()
        terminal.running.wait(PATIENCE)
    assert list((tmp_path / "temp").iterdir()) == []


def test_a_killed_program_leaves_a_sound_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "calm.toml"
    book.write_bytes(CALM.read_bytes())
    around = surroundings(tmp_path)
    asked = [str(book), "--feed", "demo", "--seed", "1", "--at", "2026-11-20T10:00-05:00"]
    with on_terminal(*asked, environment=around) as terminal:
        terminal.wait_for("total")
        terminal.running.kill()
        terminal.end()
    monkeypatch.setenv("ALVH_DATA_DIR", around["ALVH_DATA_DIR"])
    assert main(["journal", str(book), *asked[1:5], "--verify"]) == 0
    assert list(Path(around["ALVH_DATA_DIR"]).rglob("*.sqlite"))


def test_it_ends_at_once_while_the_network_hangs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        around = surroundings(tmp_path, HTTPS_PROXY=proxy, https_proxy=proxy, NO_PROXY="", no_proxy="")
        with on_terminal(str(CALM), environment=around) as terminal:
            terminal.wait_for("Book")
            asking, _ = silent.accept()
            with asking:
                terminal.press("q")
                assert terminal.end(ENDS_WITHIN) == 0
            assert terminal.left_on() == set()
