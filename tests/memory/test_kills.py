"""A writing program is killed at random moments: the file opens, the chain holds, nothing told is gone.

A few kills here; `make soak` sets ALVH_KILLS to a thousand.
"""

import os
import random
import subprocess
import sys
from pathlib import Path
from time import sleep

from alvh_tui.memory.chain import verify_in
from alvh_tui.memory.history import History
from alvh_tui.memory.journal import Journal
from alvh_tui.memory.store import Store
from tests.memory.writer import moment_of

KILLS = int(os.environ.get("ALVH_KILLS", "6"))
A_FILE = 25
"""Kills that one file lives through."""
LONGEST_LIFE = 0.08
"""Seconds between a program's first word and its end."""


def killed_after(path: Path, first: int, seconds: float) -> int:
    """The last turn the program had told when it was killed."""
    words = [sys.executable, "-m", "tests.memory.writer", str(path), str(first)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        heard = writer.stdout.readline()
        sleep(seconds)
        writer.kill()
        told = [heard, *writer.stdout]
    whole = [int(line) for line in told if line.endswith("\n")]
    assert whole, "it was to write at least once"
    return whole[-1]


def test_nothing_told_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20261120)
    turn = 0
    for kill in range(KILLS):
        path = tmp_path / f"book-{kill // A_FILE}.sqlite"
        turn = 0 if kill % A_FILE == 0 else turn
        told = killed_after(path, turn, chance.uniform(0.0, LONGEST_LIFE))
        store = Store(path)
        assert store.read(lambda c: c.execute("PRAGMA integrity_check").fetchone()) == ("ok",), store.state
        verified = store.read(verify_in)
        assert verified is not None
        assert verified.untouched, verified
        turns = [entry.facts["turn"] for entry in Journal(store).entries()]
        assert turns == list(range(len(turns)))
        assert told < len(turns) <= told + 2, "at most the turn in progress is more than was told"
        newest = History(store).series("series.7", moment_of(max(told - 5, 0)), moment_of(told))
        assert newest.values[-1] == told + 0.07
        days = {moment_of(number).date() for number in turns}
        assert set(History(store).closes("series.7").days.tolist()) == days
        store.close()
        turn = len(turns)
