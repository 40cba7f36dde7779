"""Where each statement of a TOML text begins and ends, in sound files and in broken ones."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

Path = tuple[str | int, ...]
Header = Literal["", "[", "[["]
Flaw = Literal["", "header", "line", "bracket", "quote", "deep", "long"]

UNFIT: frozenset[Flaw] = frozenset({"deep", "long"})
"""What the parser must not be given: it recurses on brackets in brackets and crawls through endless keys."""
MOST_NESTED = 32
LONGEST_LINE = 4_000

_PLAIN = re.compile(
    r"""[ \t]*+ (?:
          (?P<key>[A-Za-z0-9_-]++) [ \t]*+ = [ \t]*+
            (?: "[^"\\\n]*+"(?!") [ \t]*+ | '[^'\n]*+'(?!') [ \t]*+ | [^\s"'\[{\#][^"'\[{\#\n]*+ )
        | (?P<open>\[\[?) [ \t]*+ (?P<table>[A-Za-z0-9_-]++(?:\.[A-Za-z0-9_-]++)*+) [ \t]*+
          (?P<close>\]\]?) [ \t]*+
        )?+ (?: \#[^\x00-\x08\n-\x1f\x7f]*+ )? (?:\n|\Z)""",
    re.X,
)
_PART = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+')"""
_DOTTED = rf"{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+"
_KEY = re.compile(rf"[ \t]*+({_DOTTED})[ \t]*+=")
_HEADER = re.compile(rf"[ \t]*+(\[\[?)[ \t]*+({_DOTTED})[ \t]*+(\]\]?)[ \t]*+(?:\#[^\n]*+)?(?:\n|\Z)")
_NEARLY_HEADER = re.compile(
    rf"[ \t]*+\[[ \t]*+(\[?)[ \t]*+({_DOTTED})[ \t]*+(\]{{1,2}}[^\n]*+|\#[^\n]*+)?(?:\n|\Z)"
)
_PARTS = re.compile(_PART)
_TOKEN = re.compile(
    r'''"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}
      | \'\'\'(?:[^']++|'{1,2}(?!'))*+'{3,5}
      | "(?:[^"\\\n]++|\\[^\n])*+"
      | '[^'\n]*+'
      | (?P<stray>["'][^\n]*+)
      | (?P<end>\n)
      | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<comma>,)
      | (?P<blank>[ \t]++ | \#[^\n]*+)
      | [^"'\#\n\[\]{},]++''',
    re.X | re.S,
)
_LONG = re.compile(rf"[^\n]{{{LONGEST_LINE + 1}}}")
_NEXT_KEY = re.compile(r"[ \t]*+[A-Za-z0-9_-]++[ \t]*+=")
_NEXT_HEADER = re.compile(
    r"[ \t]*+\[\[?[ \t]*+(?!(?:true|false|inf|nan)\b)[A-Za-z_][\w.-]*+"
    r"[ \t]*+\]\]?[ \t]*+(?:#[^\n]*+)?(?:\n|\Z)"
)


class Statement(NamedTuple):
    """A key with its value, or a table's header."""

    line: int
    last: int
    names: tuple[str, ...]
    """The parts of its key, as many as make sense; none where they cannot be made out."""
    header: Header = ""
    flaw: Flaw = ""
    """What looks broken; whether it is, the parser decides."""
    items: tuple[int, ...] = ()
    """Where each element of a list over several lines begins."""


def split(text: str) -> list[Statement]:
    """Every statement of the text, in order; one that never ends is cut where the next clearly begins."""
    found: list[Statement] = []
    at, line = 0, 1
    while at < len(text):
        plain = _PLAIN.match(text, at)
        if plain is None:
            statement, at = _longer(text, at, line)
            found.append(statement)
            line = statement.last + 1
            continue
        if plain["key"]:
            found.append(Statement(line, line, (plain["key"],)))
        elif plain["table"]:
            found.append(_header(line, plain["open"], plain["table"], plain["close"]))
        at = plain.end()
        line += 1
    return _with_long_lines(found, text) if _LONG.search(text) else found


def _with_long_lines(statements: list[Statement], text: str) -> list[Statement]:
    long = {number for number, line in enumerate(text.split("\n"), 1) if len(line) > LONGEST_LINE}
    return [
        statement._replace(flaw="long")
        if any(line in long for line in range(statement.line, statement.last + 1))
        else statement
        for statement in statements
    ]


def _longer(text: str, at: int, line: int) -> tuple[Statement, int]:
    """A statement that is not one plain line, and where it ends."""
    header = _HEADER.match(text, at)
    if header:
        return _header(line, *header.groups()), header.end()
    key = _KEY.match(text, at)
    if key:
        names = parts(key[1])
        value = _Value(line)
        end = value.read(text, key.end())
        flaw: Flaw = "deep" if len(names) > MOST_NESTED else value.flaw
        return Statement(line, value.line, names[:MOST_NESTED], "", flaw, value.items), end
    end = text.find("\n", at) + 1 or len(text)
    nearly = _NEARLY_HEADER.match(text, at)
    if nearly:
        twice = nearly[1] or (nearly[3] or "").startswith("]]")
        return Statement(line, line, parts(nearly[2])[:MOST_NESTED], "[[" if twice else "[", "header"), end
    opens = text[at:end].lstrip().startswith("[")
    return Statement(line, line, (), "[" if opens else "", "header" if opens else "line"), end


def _header(line: int, opens: str, dotted: str, closes: str) -> Statement:
    names = parts(dotted)
    flaw: Flaw = "deep" if len(names) > MOST_NESTED else "" if len(opens) == len(closes) else "header"
    kind: Header = "[[" if "[[" in opens or "]]" in closes else "["
    return Statement(line, line, names[:MOST_NESTED], kind, flaw)


def parts(dotted: str) -> tuple[str, ...]:
    """The names in a dotted key: a."b c".d gives a, b c and d."""
    if dotted.replace("_", "").replace("-", "").isalnum():
        return (dotted,)
    return tuple(_unquoted(part) for part in _PARTS.findall(dotted))


def _unquoted(part: str) -> str:
    if part[0] != '"':
        return part.strip("'")
    try:
        return str(tomllib.loads(f"key = {part}")["key"])
    except tomllib.TOMLDecodeError:
        return part[1:-1]


class _Value:
    """Reads from behind the = to the end of the value, counting lines and brackets."""

    def __init__(self, line: int) -> None:
        self.first = self.line = line
        self.flaw: Flaw = ""
        self._brackets: list[str] = []
        self._items: list[int] = []
        self._item_due = False

    def read(self, text: str, at: int) -> int:
        """The position behind the value's last line."""
        while at < len(text):
            token = _TOKEN.match(text, at)
            if token is None:
                raise AssertionError("every character belongs to a token")
            at = token.end()
            if token.lastgroup != "end":
                self._take(token)
            elif not self._brackets:
                return at
            elif self._next_begins(text, at):
                self.flaw = "bracket"
                return at
            else:
                self.line += 1
        if self._brackets:
            self.flaw = self.flaw or "bracket"
        return at

    @property
    def items(self) -> tuple[int, ...]:
        return tuple(self._items) if self.line > self.first else ()

    def _take(self, token: re.Match[str]) -> None:
        kind, written = token.lastgroup, token.group()
        if self._item_due and kind not in ("blank", "close"):
            self._items.append(self.line)
            self._item_due = False
        if kind == "open":
            self._brackets.append(written)
            self._item_due = self._brackets == ["["]
            if len(self._brackets) > MOST_NESTED:
                self.flaw = "deep"
        elif kind == "close":
            del self._brackets[-1:]
        elif kind == "comma":
            self._item_due = self._brackets == ["["]
        elif kind == "stray":
            self.flaw = self.flaw or "quote"
        else:
            self.line += written.count("\n")

    def _next_begins(self, text: str, at: int) -> bool:
        """Whether the line at this position can only be another statement: the bracket was never closed."""
        if _NEXT_HEADER.match(text, at):
            return True
        return self._brackets[-1] == "[" and _NEXT_KEY.match(text, at) is not None


def placed(statements: Iterable[Statement]) -> Iterator[tuple[Statement, Path]]:
    """Each statement with the full path of what it sets: ("condor", 1, "adjust", 0, "credit")."""
    counts: dict[Path, int] = {}
    table: Path = ()
    for statement in statements:
        if not statement.header:
            yield statement, (*table, *statement.names)
            continue
        table = ()
        for name in statement.names[:-1]:
            table = (*table, name)
            if table in counts:
                table = (*table, counts[table] - 1)
        table = (*table, *statement.names[-1:])
        if statement.header == "[[":
            counts[table] = counts.get(table, 0) + 1
            table = (*table, counts[table] - 1)
        yield statement, table


def line_index(statements: Iterable[Statement]) -> dict[Path, int]:
    """The line of every key, table and element of a long list; where one is written twice, the first."""
    lines: dict[Path, int] = {}
    for statement, path in placed(statements):
        for depth in range(1, len(path) + 1):
            lines.setdefault(path[:depth], statement.line)
        for item, line in enumerate(statement.items):
            lines.setdefault((*path, item), line)
    return lines
