"""A program that watches a book for three quarters of an hour and says what it tells.

    python -m tests.alerts.teller FILE

It begins with the first line on its standard input. L1 triggers for five minutes of every fifteen.
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

from alvh_tui.alerts.remembering import Remembering
from alvh_tui.memory.memory import Memory
from alvh_tui.settings import AlertSettings
from tests.alerts.frames import looked
from tests.memory.worlds import CALM, TENSE, at

TRIES = 30
"""Of each frame: on a busy machine the other program may hold the memory for longer than is waited."""
MINUTES, EVERY, TENSE_FROM = 45, 15, 10
SETTINGS = AlertSettings(cooldown=0.0, rules={"*": "never", "layer.triggered": "act"})


def is_tense(minute: int) -> bool:
    return minute % EVERY >= TENSE_FROM


def main(path: Path) -> None:
    memory = Memory(path)
    watching = Remembering(memory, SETTINGS)
    begin = at("10:00")
    frames = [
        looked(begin + timedelta(minutes=minute), vix=TENSE if is_tense(minute) else CALM)
        for minute in range(MINUTES)
    ]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for minute, frame in enumerate(frames):
        told, entries = 0, 0
        for _ in range(TRIES):
            found = watching.of(frame)
            told, entries = told + len(found.alerts), entries + len(found.entries)
            if memory.state.fine:
                break
        sys.stdout.write(json.dumps({"minute": minute, "told": told, "entries": entries}) + "\n")
    watching.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
