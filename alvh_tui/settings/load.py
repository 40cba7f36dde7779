"""Reads the settings: what is sound in the file counts, what is wrong in it is named and left out."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alvh_tui.directories import Directory
from alvh_tui.settings.model import AlertSettings, ScreenSettings, Settings
from alvh_tui.settings.schema import ALERTS, FILE, INNER, KEY, RULE, SCREEN
from alvh_tui.toml.document import Document, read_document, read_file
from alvh_tui.toml.reader import Key, Keys, Table

if TYPE_CHECKING:
    from alvh_tui.toml.problem import Problem

NAME = "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """From that file, or the user's own; a file that is not there sets nothing and is no problem."""
    path = Directory.CONFIG.path / NAME if path is None else path
    return Settings(path=path) if _is_missing(path) else _settings(read_file(path), path)


def _is_missing(path: Path) -> bool:
    """What cannot be looked at may be there: reading it tells what is wrong."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def parse_settings(text: str, path: Path) -> Settings:
    """The settings in a text, as if it stood in that file."""
    return _settings(read_document(text, str(path)), path)


def _settings(document: Document, path: Path) -> Settings:
    reader = _Reader(document)
    screen = reader.section("screen", SCREEN)
    alerts = reader.section("alerts", ALERTS)
    alerts["rules"] = reader.named(("alerts", "rules"), RULE)
    keys = reader.named(("keys",), KEY)
    return Settings(
        ScreenSettings(**screen),
        keys,
        AlertSettings(**alerts),
        tuple(sorted((*document.problems, *reader.problems), key=lambda problem: problem.line)),
        path,
        reader.lines,
    )


class _Reader:
    def __init__(self, document: Document) -> None:
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self._file = Table(document, self.problems)
        self._file.read(FILE)

    def section(self, name: str, keys: Keys) -> dict[str, Any]:
        table = self._file.table(name)
        if table is None:
            return {}
        found = table.read(keys)
        self.lines |= {f"{name}.{key}": table.line_of(key) for key in found}
        return found

    def named(self, path: tuple[str, ...], key: Key) -> dict[str, Any]:
        """Everything in a table whose names are the user's own."""
        table: Table | None = self._file
        data: Any = None
        for part in path:
            data = None if table is None else table.written(part)
            table = None if table is None else table.table(part)
        if table is None:
            return {}
        return dict(self._leaves(table, data, key, f"{'.'.join(path)}.", ""))

    def _leaves(
        self, table: Table, data: Mapping[str, Any], key: Key, prefix: str, name: str
    ) -> list[tuple[str, Any]]:
        """A name with points and without quotes is a table to TOML and one name to a person."""
        found: list[tuple[str, Any]] = []
        read = table.read({part: INNER if isinstance(data[part], dict) else key for part in data})
        for part, value in read.items():
            inner = table.table(part)
            if inner is None:
                self.lines[f"{prefix}{name}{part}"] = table.line_of(part)
                found.append((f"{name}{part}", value))
            else:
                found += self._leaves(inner, data[part], key, prefix, f"{name}{part}.")
        return found
