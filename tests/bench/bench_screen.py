"""What the screen costs: a refresh, a key, a second of nothing, a day of refreshes, the start and the end."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from tests.bench.row import Row, times
from tests.screens.terminal import ROOT, Terminal, on_terminal, surroundings

REFRESHES = 2000
WATCHED = 12.0
"""Seconds of a program that has nothing to do."""


def run() -> Iterator[Row]:
    yield from _of_refreshes()
    with TemporaryDirectory() as folder:
        around = surroundings(Path(folder))
        yield _idle(around)
        yield _first_paint(around)
        yield _end_while_the_network_hangs(around)


def _of_refreshes() -> Iterator[Row]:
    words = [sys.executable, "-m", "tests.bench.screen_run", str(REFRESHES)]
    told = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(told)
    cost, of_it = found["preparing"] + found["painting"], "remembering {:.1f}, painting {:.1f}"
    share = f"{100 * found['share_changed']:.0f} % of {found['figures']:.0f} figures"
    yield Row(
        "a refresh of 12 positions at 120×40, beyond assessing", cost, "ms", 40.0,
        of_it.format(found["preparing"], found["painting"]),
    )  # fmt: skip
    yield Row("sent to the terminal, all figures new", found["kib_all_changed"], "KiB")
    yield Row("sent to the terminal, a tenth new", found["kib_tenth_changed"], "KiB", 10.0, share)
    yield Row("sent to the terminal, nothing new", found["bytes_unchanged"], "B", 0.0)
    yield Row(
        "a key during a refresh, 19 of 20 times within", found["key_slow"], "ms", 50.0,
        f"median {found['key_median']:.0f}, slowest {found['key_slowest']:.0f}",
    )  # fmt: skip
    yield Row(f"held after {REFRESHES:,} refreshes", found["mb_late"], "MB", 180.0)
    grown = found["mb_late"] - found["mb_early"]
    yield Row("of it, grown in their last three quarters", grown, "MB", 5.0)


def _idle(around: dict[str, str]) -> Row:
    """Half a minute lies between two looks at a market that is played as fast as life."""
    with on_terminal("demo", "--seed", "1", "--speed", "1", environment=around) as terminal:
        terminal.wait_for("total")
        sleep(6.0)
        before = _processor_time(terminal)
        sleep(WATCHED)
        share = (_processor_time(terminal) - before) / WATCHED
    return Row("idle, of a core", 100 * share, "%", 0.5)


def _processor_time(terminal: Terminal) -> float:
    fields = Path(f"/proc/{terminal.running.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _first_paint(around: dict[str, str]) -> Row:
    def painted() -> tuple[float, float]:
        with on_terminal("demo", "--seed", "1", environment=around) as terminal:
            return terminal.wait_for("5 Risk"), _processor_time(terminal)

    def nothing() -> object:
        return subprocess.run([sys.executable, "-c", ""], check=True)

    interpreter = median(times(nothing, 5))
    taken = [painted() for _ in range(5)]
    middle = median(seconds for seconds, _ in taken) - interpreter
    work = median(worked for _, worked in taken)
    detail = f"interpreter {interpreter:.2f}, processor time {work:.2f}"
    return Row("first paint, after the interpreter", middle, "s", 0.3, detail)


def _end_while_the_network_hangs(around: dict[str, str]) -> Row:
    book = str(ROOT / "sample_positions" / "calm.toml")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        hanging = around | {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
        with on_terminal(book, environment=hanging) as terminal:
            asking, _ = silent.accept()
            with asking:
                taken = _seconds(lambda: _quit(terminal))
    return Row("the end, while the network hangs", taken, "s", 1.0)


def _quit(terminal: Terminal) -> None:
    terminal.press("q")
    terminal.end()


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
