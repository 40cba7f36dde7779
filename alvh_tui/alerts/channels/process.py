"""Channels that are programs: the desktop's notifications, and a command of the user's."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from html import escape

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Fault, payload
from alvh_tui.method.attention import Severity

APPLESCRIPT = (
    "on run argv",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "end run",
)
URGENCIES = {Severity.KNOW: "low", Severity.SOON: "normal", Severity.ACT: "critical"}


def run(words: Sequence[str], given: bytes, timeout: float) -> Fault | None:
    """Without a shell; what does not end in time is ended, with all that it has started."""
    try:
        process = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Fault(f"{words[0]} cannot be started: {said}", lasting=True)
    try:
        process.communicate(given, timeout)
    except subprocess.TimeoutExpired:
        _end(process)
        return Fault(f"{words[0]} did not end within {timeout:g} seconds", lasting=True)
    status = process.returncode
    return None if status == 0 else Fault(f"{words[0]} ended with {status}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    process.wait()


class CommandChannel:
    """The alert on its standard input, as JSON."""

    name = "command"

    def __init__(self, command: str, timeout: float) -> None:
        self._words, self._timeout = shlex.split(command), timeout

    def send(self, alert: Alert) -> Fault | None:
        return run(self._words, payload(alert), self._timeout)


class DesktopChannel:
    name = "desktop"

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout

    def send(self, alert: Alert) -> Fault | None:
        for program, words in (("notify-send", _notify_send(alert)), ("osascript", _osascript(alert))):
            found = shutil.which(program)
            if found is not None:
                return run([found, *words], b"", self._timeout)
        return Fault("there is neither notify-send nor osascript", lasting=True)


def _notify_send(alert: Alert) -> list[str]:
    """The body may hold markup there, the title may not."""
    urgency = f"--urgency={URGENCIES[alert.severity]}"
    return ["--app-name=alvh", urgency, "--", alert.headline, escape(alert.body, quote=False)]


def _osascript(alert: Alert) -> list[str]:
    script = [word for line in APPLESCRIPT for word in ("-e", line)]
    return [*script, "--", alert.headline, alert.body]
