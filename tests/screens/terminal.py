"""The program on a terminal of its own: a pseudo-terminal, its other end read into a screen of characters."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

ROOT = Path(__file__).resolve().parent.parent.parent
ALVH = (sys.executable, "-m", "alvh_tui")
PATIENCE = 20.0
"""Seconds for anything to be seen."""
MODES = {
    "1049": "the alternate screen", "1000": "mouse reporting", "1002": "mouse reporting",
    "1003": "mouse reporting", "1006": "mouse reporting", "1015": "mouse reporting",
    "1004": "focus reporting", "2004": "bracketed paste", "2048": "size reporting",
}  # fmt: skip
"""What a program may switch on in a terminal, and must switch off again."""


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """An environment with directories of its own; what is temporary goes to `temp` in it."""
    (folder / "temp").mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALVH_", "TEXTUAL"))}
    kept.pop("NO_COLOR", None)
    places = {f"ALVH_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "CACHE", "STATE")}
    return {
        **kept, **places, "TMPDIR": str(folder / "temp"), "TERM": "xterm-256color", "EDITOR": "true",
        "COLUMNS": "", "LINES": "", **more,
    }  # fmt: skip


class Terminal:
    def __init__(
        self,
        words: Sequence[str],
        environment: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
        folder: Path = ROOT,
    ) -> None:
        self._near, far = pty.openpty()
        self.written = bytearray()
        """Everything the program has written, in order."""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._news = threading.Condition()
        self._hung_up = False
        self._set_size(far, size)
        self.before = termios.tcgetattr(far)
        self._far = far
        self.started = time.perf_counter()
        self.running = subprocess.Popen(
            words,
            stdin=far,
            stdout=far,
            stderr=far,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            # The program's own terminal: only that one tells it of a new size.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _set_size(self, end: int, size: tuple[int, int]) -> None:
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))

    def _read(self) -> None:
        # A file that is closed while a thread waits to read from it stays open.
        while not self._hung_up:
            if not select.select([self._near], [], [], 0.05)[0]:
                continue
            try:
                read = os.read(self._near, 65_536)
            except OSError:
                return
            with self._news:
                self.written += read
                self._stream.feed(read)
                self._news.notify_all()

    def resize(self, columns: int, lines: int) -> None:
        with self._news:
            self.screen.resize(lines, columns)
        self._set_size(self._near, (columns, lines))

    def press(self, keys: str) -> None:
        os.write(self._near, keys.encode())

    def wait_until(self, holds: Callable[[], bool], what: str) -> float:
        """Seconds since the start at which it held."""
        with self._news:
            held = self._news.wait_for(holds, PATIENCE)
        if not held:
            raise AssertionError(f"{what}: not seen on\n{self.text}")
        return time.perf_counter() - self.started

    def wait_for(self, text: str) -> float:
        return self.wait_until(lambda: text in self.text, text)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def settings_now(self) -> list[object]:
        """Echo, line by line or not, and the like."""
        return termios.tcgetattr(self._near)

    def end(self, within: float = PATIENCE) -> int:
        """Its exit status; all it has written is read when this returns."""
        status = self.running.wait(within)
        os.close(self._far)
        self._far = -1
        self._reading.join(PATIENCE)
        return status

    def left_on(self) -> set[str]:
        """What it has switched on in the terminal and not off again."""
        on: dict[str, bool] = {}
        for modes, last in re.findall(rb"\x1b\[\?([\d;]+)([hl])", bytes(self.written)):
            for mode in modes.decode().split(";"):
                on[mode] = last == b"h"
        left = {what for mode, what in MODES.items() if on.get(mode)}
        if on.get("25") is False:
            left.add("a hidden cursor")
        if self.written.count(b"\x1b[>1u") > self.written.count(b"\x1b[<u"):
            left.add("keys told in detail")
        return left

    def hang_up(self) -> None:
        """As a window that is closed, or a line that breaks."""
        self._hung_up = True
        self._reading.join(PATIENCE)
        for end in (self._far, self._near):
            if end >= 0:
                os.close(end)
        self._far = self._near = -1

    def close(self) -> None:
        if self.running.poll() is None:
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        self.hang_up()


@contextmanager
def on_terminal(
    *words: str, environment: Mapping[str, str], size: tuple[int, int] = (120, 40)
) -> Iterator[Terminal]:
    """`alvh` with these words; whatever happens, nothing of it goes on."""
    terminal = Terminal([*ALVH, *words], environment, size)
    try:
        yield terminal
    finally:
        terminal.close()
