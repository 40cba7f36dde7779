"""Typed reading of a document: each value is of its kind, or a problem on its line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from alvh_tui.toml.document import Document, shown_path
from alvh_tui.toml.kinds import Kind, WrongValueError
from alvh_tui.toml.problem import Problem, Severity
from alvh_tui.toml.statements import Path


@dataclass(frozen=True, slots=True)
class Key:
    """What a table may hold under a name."""

    kind: Kind
    expected: str
    """Completes "expected …" where it is missing or wrong."""
    required: bool = False


Keys = Mapping[str, Key]


class Table:
    """One table of a document; what is wrong in it goes to the list of problems it was given."""

    def __init__(
        self,
        document: Document,
        problems: list[Problem],
        path: Path = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self._document, self._problems, self._path = document, problems, path
        self._data = document.data if data is None else data

    def __contains__(self, key: str) -> bool:
        return key in self._data

    @property
    def line(self) -> int:
        return self._document.line(self._path)

    def line_of(self, *at: str | int) -> int:
        return self._document.line((*self._path, *at))

    def written(self, key: str) -> Any:
        """The value as it stands in the file, of whatever kind; None where there is none."""
        return self._data.get(key)

    def is_lost(self, key: str) -> bool:
        """Whether the key may well be in the file, on a line that could not be read."""
        return self._document.is_lost((*self._path, key))

    def read(self, keys: Keys) -> dict[str, Any]:
        """Every value that is right, by its key; unknown, missing and wrong ones are reported."""
        values = {}
        for name, value in self._data.items():
            if name not in keys:
                self.report(name, what="is not a key of this table", expected=_nearest(name, keys))
                continue
            try:
                values[name] = keys[name].kind(value)
            except WrongValueError as wrong:
                expected = wrong.expected or f"expected {keys[name].expected}"
                self.report(name, *wrong.at, what=wrong.what, expected=expected)
        for name, key in keys.items():
            if key.required and name not in self._data:
                self.report_missing(name, key)
        return values

    def report_missing(self, name: str, key: Key) -> None:
        if not self.is_lost(name):
            self.report(name, what="is missing", expected=f"expected {key.expected}")

    def table(self, key: str) -> "Table | None":
        """The table under a key, where there is one."""
        value = self._data.get(key)
        return (
            Table(self._document, self._problems, (*self._path, key), value)
            if isinstance(value, dict)
            else None
        )

    def tables(self, key: str) -> "tuple[Table, ...]":
        """The tables under a key written [[key]]; a single [key] is read as one of them."""
        single = self.table(key)
        if single is not None:
            return (single,)
        value = self._data.get(key)
        return tuple(
            Table(self._document, self._problems, (*self._path, key, number), data)
            for number, data in enumerate(value if isinstance(value, list) else ())
            if isinstance(data, dict)
        )

    def report(self, *at: str | int, what: str, expected: str, severity: Severity = Severity.ERROR) -> None:
        """A problem of the value at that place, on the value's own line."""
        path = (*self._path, *at)
        line = self._document.line(path)
        self._problems.append(Problem(self._document.file, line, shown_path(path), what, expected, severity))


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    names = list(known)
    near = get_close_matches(name.lower(), names, 1)
    return f"expected {near[0]}" if near else f"expected one of {', '.join(names)}"
