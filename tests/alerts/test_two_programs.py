"""Two real programs share one memory: its chain holds, and each alert is told by one of them."""

import json
import subprocess
import sys
from pathlib import Path

from alvh_tui.memory.memory import Memory
from tests.alerts.teller import EVERY, MINUTES, is_tense


def test_each_alert_is_told_once_and_the_chain_holds(tmp_path: Path) -> None:
    path = tmp_path / "book.sqlite"
    words = [sys.executable, "-m", "tests.alerts.teller", str(path)]
    programs = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = []
    try:
        for program in programs:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("go\n")
            program.stdin.flush()
        for program in programs:
            out, _ = program.communicate(timeout=120)
            assert program.returncode == 0
            said.append([json.loads(line) for line in out.splitlines()])
    finally:
        for program in programs:
            program.kill()
            program.communicate()
    assert [len(lines) for lines in said] == [MINUTES, MINUTES]
    told = sorted(line["minute"] for lines in said for line in lines for _ in range(line["told"]))
    assert len(told) == MINUTES // EVERY
    assert len({minute // EVERY for minute in told}) == len(told)
    assert all(is_tense(minute) for minute in told)
    memory = Memory(path, read_only=True)
    verified, entries = memory.journal.verify(), memory.journal.entries()
    assert verified is not None
    assert verified.untouched, verified
    assert verified.entries == len(entries) == sum(line["entries"] for lines in said for line in lines)
    triggered = [entry for entry in entries if entry.kind == "layer" and "→ triggered" in entry.text]
    assert len(triggered) == len(told)
