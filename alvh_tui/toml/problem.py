"""What is wrong in a file, where, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from alvh_tui.toml.text import printable


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    file: str
    line: int
    key: str
    """As the reader finds it: condor[2].credit is the second condor's, account.net_liq."""
    what: str
    expected: str
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        """A message quotes files that anyone may have written: nothing in it may act on a terminal."""
        for name in ("file", "key", "what", "expected"):
            text = getattr(self, name)
            if not text.isprintable():
                object.__setattr__(self, name, printable(text))

    def __str__(self) -> str:
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.file}:{self.line}: {mark}{self.key}: {self.what}, {self.expected}"


def errors_in(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(p for p in problems if p.severity is Severity.ERROR)
