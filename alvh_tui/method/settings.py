"""The built-in rules profiles, and what their comments say of every value: meaning, range and source."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Value = bool | int | float | str | tuple[str, ...] | tuple[float, ...]
Kind = Literal["whole", "decimal", "flag", "choice", "texts", "signals", "numbers"]

PROFILES = ("zones", "ladder")
PINNABLE = ("beta_down", "beta_up", "tenor_level", "tenor_days")
"""What a user's own file may fix under [link], each described at [link.default]."""

_TABLE = re.compile(r"\[([\w.-]+)\]")
_ASSIGNMENT = re.compile(r"([\w-]+)\s*=")
_SPAN = re.compile(
    r"(?:numbers )?(?P<low>[-\d.]+?)\.\.(?P<high>[-\d.]+)(?:, (?P<order>below|up to) (?P<other>[\w.]+))?"
)
_SOURCE_MARK = " · "


@dataclass(frozen=True, slots=True)
class Setting:
    """One value of the rules: what it means, what it may be, who says so."""

    key: str
    default: Value
    kind: Kind
    meaning: str
    source: str
    low: float = 0.0
    high: float = 0.0
    other: str | None = None
    """The key of the value this one must not exceed."""
    strictly: bool = False
    """It must stay below that value, not reach it."""
    choices: tuple[str, ...] = ()

    @property
    def expected(self) -> str:
        """The kind and range in words."""
        if self.kind == "flag":
            return "true or false"
        if self.kind == "choice":
            return "one of " + ", ".join(f'"{choice}"' for choice in self.choices)
        if self.kind == "texts":
            return "a list of texts, at least one"
        if self.kind == "signals":
            return "a list of signals"
        span = f"{self.low:,.10g} to {self.high:,.10g}"
        if self.kind == "numbers":
            return f"a list of numbers from {span}, at least one"
        return f"a {'whole ' if self.kind == 'whole' else ''}number from {span}"

    def settled(self, value: Any) -> Value:
        """A sound value in the one form that is kept: 14.0 is 14 sessions, 60 is a level of 60.0."""
        if self.kind == "whole":
            return int(value)
        if self.kind == "decimal":
            return float(value)
        if self.kind == "numbers":
            return tuple(float(item) for item in value)
        settled: Value = tuple(value) if isinstance(value, list | tuple) else value
        return settled


def profile_text(name: str) -> str:
    """A built-in profile as it is printed, comments and all; KeyError for any other name."""
    if name not in PROFILES:
        raise KeyError(name)
    return (files("alvh_tui.method") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")


def profile_values(name: str) -> dict[str, Any]:
    """What a built-in profile itself sets, by dotted key."""
    table = tomllib.loads(profile_text(name))
    table.pop("extends", None)
    return dict(_flat(table))


def _flat(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            found.extend(_flat(value, f"{prefix}{name}."))
        else:
            found.append((prefix + name, value))
    return found


@cache
def settings() -> Mapping[str, Setting]:
    """Every value a rules file may set, in the order of the profile `zones`, which describes them all."""
    values = profile_values("zones")
    comments = _comments(profile_text("zones"))
    return {key: _setting(key, value, comments[key]) for key, value in values.items()}


@cache
def pins() -> Mapping[str, Setting]:
    """The values a user's file may fix under [link]."""
    described = {name: settings()[f"link.default.{name}"] for name in PINNABLE}
    return {
        f"link.{name}": Setting(f"link.{name}", s.default, s.kind, s.meaning, s.source, s.low, s.high)
        for name, s in described.items()
    }


def _comments(text: str) -> dict[str, list[str]]:
    """The comment lines right above each value, by dotted key."""
    found: dict[str, list[str]] = {}
    table, comment = "", list[str]()
    for line in text.splitlines():
        if line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        elif header := _TABLE.match(line):
            table, comment = f"{header[1]}.", []
        elif assignment := _ASSIGNMENT.match(line):
            found[table + assignment[1]] = comment
            comment = []
        else:
            comment = []
    return found


def _setting(key: str, value: Any, comment: list[str]) -> Setting:
    *meaning, last = comment
    said, source = last.split(_SOURCE_MARK)
    words = " ".join(meaning)
    if isinstance(value, bool):
        return Setting(key, value, "flag", words, source)
    if said in ("texts", "signals"):
        return Setting(key, tuple(value), "texts" if said == "texts" else "signals", words, source)
    if " | " in said:
        return Setting(key, value, "choice", words, source, choices=tuple(said.split(" | ")))
    span = _SPAN.fullmatch(said)
    if span is None:
        raise ValueError(f"zones.toml says nothing readable of the range of {key}: {said}")
    low, high, other = float(span["low"]), float(span["high"]), span["other"]
    if isinstance(value, list):
        return Setting(key, tuple(float(item) for item in value), "numbers", words, source, low, high)
    if other is not None and "." not in other:
        other = f"{key.rpartition('.')[0]}.{other}"
    kind: Kind = "whole" if isinstance(value, int) else "decimal"
    return Setting(key, value, kind, words, source, low, high, other, span["order"] == "below")
