"""A TOML file as values with the line each stands on, and everything in it that cannot be read."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from alvh_tui.toml.problem import Problem
from alvh_tui.toml.statements import UNFIT, Path, Statement, line_index, placed, split
from alvh_tui.toml.syntax import clash, explained

LARGEST = 2_000_000
"""Bytes; a book of 10,000 legs has 600,000."""
MOST_PROBLEMS = 50
MOST_CLASHES = 20
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)$")


@dataclass(frozen=True, slots=True)
class Document:
    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[Path, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    """What could not be read at all; the rest is in `data`."""
    lost: frozenset[Path] = frozenset()
    """What those problems took away: keys, or tables that miss a key nobody knows."""

    def line(self, path: Path) -> int:
        """The line of the value, or of the nearest thing around it."""
        for depth in range(len(path), 0, -1):
            if path[:depth] in self.lines:
                return self.lines[path[:depth]]
        return 1

    def is_lost(self, path: Path) -> bool:
        """Whether the value may well be in the file, in a part that could not be read."""
        return any(path[:depth] in self.lost for depth in (len(path), len(path) - 1))


def read_file(path: FilePath) -> Document:
    """The document in that file; whatever hinders reading it is a problem of it."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError:
        return _unreadable(file, "there is no such file", "expected the path of a TOML file")
    except IsADirectoryError:
        return _unreadable(file, "is a directory", "expected a TOML file")
    except PermissionError:
        return _unreadable(file, "may not be read", "expected a file you may read")
    except (OSError, ValueError) as error:
        return _unreadable(file, f"cannot be read ({error})", "expected a TOML file")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unreadable(file, "is saved as UTF-16", "expected UTF-8: save it so in the editor")
    if len(content) > LARGEST:
        return _too_large(file)
    try:
        return read_document(content.decode(), file)
    except UnicodeDecodeError:
        return _with_undecodable(content, file)


def read_document(text: str, file: str) -> Document:
    """The document in that text, with the problems of whatever part of it is not TOML."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > LARGEST:
        return _too_large(file)
    statements = split(text)
    if not any(statement.flaw in UNFIT for statement in statements):
        data, _ = _parsed(text)
        if data is not None:
            return Document(file, data, line_index(statements))
    return _Recovery(text, file, statements).document()


def shown_path(path: Path) -> str:
    """A path as a reader counts: condor[2].adjust[1].credit."""
    shown = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return shown.removeprefix(".") or "file"


def _unreadable(file: str, what: str, expected: str) -> Document:
    return Document(file, problems=(Problem(file, 1, "file", what, expected),), lost=frozenset({()}))


def _too_large(file: str) -> Document:
    return _unreadable(file, "is far too large", f"expected at most {LARGEST // 1_000_000} MB")


def _with_undecodable(content: bytes, file: str) -> Document:
    """Reads on with the bytes that are not UTF-8 replaced, and names their lines."""
    document = read_document(content.decode(errors="replace"), file)
    problems = []
    for number, line in enumerate(content.split(b"\n"), 1):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            byte = f"holds a byte that is not UTF-8 (0x{line[error.start]:02x})"
            problems.append(Problem(file, number, "file", byte, "expected a file saved as UTF-8"))
            if len(problems) == MOST_PROBLEMS:
                break
    return Document(file, document.data, document.lines, (*problems, *document.problems), document.lost)


def _parsed(text: str) -> tuple[dict[str, Any] | None, str]:
    """The values, or the parser's complaint; endless integers and deep nesting are complaints too."""
    try:
        return tomllib.loads(text), ""
    except (ValueError, RecursionError) as error:
        return None, str(error)


class _Recovery:
    """Leaves out what cannot be read, statement by statement, until the rest can."""

    def __init__(self, text: str, file: str, statements: Sequence[Statement]) -> None:
        self._file = file
        self._source = text.split("\n")
        self._statements = list(statements)
        self._broken: set[Statement] = set()
        self._section_lost = False
        self._problems: list[Problem] = []

    def document(self) -> Document:
        self._leave_out_broken()
        if not self._is_hopeless:
            self._leave_out_doubles()
        data = None if self._is_hopeless else self._settle()
        if data is None:
            return Document(self._file, problems=tuple(self._problems), lost=frozenset({()}))
        lost = {path for statement, path in placed(self._statements) if statement in self._broken}
        if self._section_lost:
            lost.add(())
        lines = line_index(self._statements)
        return Document(self._file, data, lines, tuple(self._problems), frozenset(lost))

    @property
    def _is_hopeless(self) -> bool:
        return len(self._problems) > MOST_PROBLEMS

    def _leave_out_broken(self) -> None:
        """Takes out every statement that is not TOML by itself, save headers whose name can be made out."""
        for statement, path in tuple(placed(self._statements)):
            source = self._source_of(statement)
            data, message = (None, "") if statement.flaw in UNFIT else _parsed(source)
            if data is not None:
                continue
            self._report(statement, path, explained(statement, source, message))
            if self._is_hopeless:
                return
            if not (statement.flaw == "header" and statement.names):
                self._leave_out(statement)

    def _leave_out_doubles(self) -> None:
        """Takes out every key and single table that stands in its place a second time."""
        seen: dict[Path, int] = {}
        for statement, path in tuple(placed(self._statements)):
            if statement in self._broken or statement.header == "[[":
                continue
            first = seen.setdefault(path, statement.line)
            if first == statement.line:
                continue
            self._report(statement, path, clash(statement, first))
            if self._is_hopeless:
                return
            self._leave_out(statement)

    def _settle(self) -> dict[str, Any] | None:
        """The values of what is left, without the few statements that contradict others in some other way."""
        for _ in range(MOST_CLASHES):
            data, message = _parsed(self._rest())
            if data is not None:
                return data
            where = _AT_LINE.search(message)
            line = int(where[1]) if where else len(self._source)
            suspects = [
                (statement, path)
                for statement, path in placed(self._statements)
                if statement.line <= line and statement not in self._broken
            ]
            if not suspects:
                break
            culprit, path = suspects[-1]
            self._report(culprit, path, clash(culprit, None))
            self._leave_out(culprit)
        return None

    def _report(self, statement: Statement, path: Path, fault: tuple[str, str]) -> None:
        if len(self._problems) == MOST_PROBLEMS:
            fault = ("cannot be read, like more lines after it", "expected a TOML file")
        self._problems.append(Problem(self._file, statement.line, shown_path(path), *fault))

    def _leave_out(self, statement: Statement) -> None:
        if statement.header:
            self._leave_out_section(statement)
        else:
            self._broken.add(statement)

    def _leave_out_section(self, header: Statement) -> None:
        """Without its header nobody knows where a section belongs, nor the sections inside it."""
        self._section_lost = True
        if header not in self._statements:
            return
        start = self._statements.index(header)
        end = start + 1
        while end < len(self._statements) and not self._ends_section(header, self._statements[end]):
            end += 1
        del self._statements[start:end]

    @staticmethod
    def _ends_section(header: Statement, statement: Statement) -> bool:
        if not statement.header or not header.names:
            return len(statement.names) == 1 and statement.header != ""
        deeper = len(statement.names) > len(header.names)
        return not (deeper and statement.names[: len(header.names)] == header.names)

    def _rest(self) -> str:
        """The text with everything left out blank, so that lines keep their numbers."""
        lines = [""] * len(self._source)
        for statement in self._statements:
            if statement in self._broken:
                continue
            if statement.header and statement.flaw == "header":
                closing = "]" * len(statement.header)
                lines[statement.line - 1] = f"{statement.header}{'.'.join(statement.names)}{closing}"
            else:
                lines[statement.line - 1 : statement.last] = self._source[statement.line - 1 : statement.last]
        return "\n".join(lines)

    def _source_of(self, statement: Statement) -> str:
        return "\n".join(self._source[statement.line - 1 : statement.last])
