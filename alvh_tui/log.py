"""The log: a rotating file in the state directory. At its usual level it names no position and no amount."""

import logging
import os
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from alvh_tui.directories import Directory

NAME = "alvh.log"
LEVEL_VARIABLE = "ALVH_LOG_LEVEL"
LARGEST, KEPT = 1_000_000, 3
OWN = "alvh_tui"
_WITHHELD = "said something that may name positions; ALVH_LOG_LEVEL=debug shows it"

_handlers: list[logging.Handler] = []


def start_log() -> Path | None:
    """Sends every log record and warning of the process to the file; None where none can be written.

    Nothing reaches the screen either way.
    """
    stop_log()
    told = os.environ.get(LEVEL_VARIABLE, "info").upper()
    level = logging.getLevelNamesMapping().get(told, logging.INFO)
    path: Path | None = None
    handler: logging.Handler
    try:
        path = Directory.STATE.made() / NAME
        handler = _PrivateFile(path, maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8")
    except OSError:
        path, handler = None, logging.NullHandler()
    formatter = logging.Formatter if level <= logging.DEBUG else _Discreet
    handler.setFormatter(formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if level <= logging.DEBUG else logging.WARNING)
    logging.getLogger(OWN).setLevel(level)
    logging.captureWarnings(capture=True)
    _handlers.append(handler)
    return path


def stop_log() -> None:
    """Closes the file; records go where they went before."""
    while _handlers:
        handler = _handlers.pop()
        logging.getLogger().removeHandler(handler)
        handler.close()
        logging.captureWarnings(capture=False)


class _PrivateFile(RotatingFileHandler):
    """Readable for its owner alone, from the first byte on."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()


class _Discreet(logging.Formatter):
    """Libraries name symbols in their messages, and a held option's symbol is a position."""

    def format(self, record: logging.LogRecord) -> str:
        if record.name.split(".")[0] != OWN:
            record = logging.makeLogRecord(record.__dict__)
            record.msg, record.args, record.exc_info, record.exc_text = _WITHHELD, (), None, None
        return super().format(record)
