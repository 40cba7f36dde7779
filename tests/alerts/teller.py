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

MINUTES, EVERY, TENSE_FROM = 45, 15, 10
SETTINGS = AlertSettings(cooldown=0.0, rules={"*": "never", "layer.triggered": "act"})


def is_tense(minute: int) -> bool:
    return minute % EVERY >= TENSE_FROM


def main(path: Path) -> None:
    watching = Remembering(Memory(path), SETTINGS)
    begin = at("10:00")
    frames = [
        looked(begin + timedelta(minutes=minute), vix=TENSE if is_tense(minute) else CALM)
        for minute in range(MINUTES)
    ]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for minute, frame in enumerate(frames):
        found = watching.of(frame)
        assert not found.changes, found.changes
        told = [f"{alert.rule}|{alert.about}" for alert in found.alerts]
        sys.stdout.write(json.dumps({"minute": minute, "told": told, "entries": len(found.entries)}) + "\n")
    watching.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
