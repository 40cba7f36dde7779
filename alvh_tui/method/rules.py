"""A loaded rules profile: every number of the method, under the name the rules file gives it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from alvh_tui.method.settings import Value, pins, profile_values, settings

if TYPE_CHECKING:
    from alvh_tui.method.governance import Waiting

_FINGERPRINT_LENGTH = 12
_Kind = TypeVar("_Kind")


@dataclass(frozen=True, slots=True)
class Rules:
    name: str
    """A built-in profile's name, or the path as the book writes it."""
    values: Mapping[str, Value]
    """Every value by dotted key, in the order of the profile; decimals are floats, whole numbers ints."""
    pinned: Mapping[str, float]
    """What a user's file fixes under [link], by the name it has there."""
    fingerprint: str
    """The same for the same values, whatever the comments, the order and the spelling of numbers."""
    waiting: "Waiting | None" = None
    """What the file says meanwhile, where that does not count yet."""

    def number(self, key: str) -> float:
        return float(self._value(key, (int, float)))

    def whole(self, key: str) -> int:
        return self._value(key, int)

    def flag(self, key: str) -> bool:
        return self._value(key, bool)

    def text(self, key: str) -> str:
        return self._value(key, str)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(str(item) for item in self._value(key, tuple))

    def numbers(self, key: str) -> tuple[float, ...]:
        return tuple(float(item) for item in self._value(key, tuple))

    def _value(self, key: str, kind: type[_Kind] | tuple[type[_Kind], ...]) -> _Kind:
        value = self.values[key]
        if not isinstance(value, kind):
            raise TypeError(f"{key} is {value!r}")
        return value


def make_rules(name: str, changed: Mapping[str, Value], pinned: Mapping[str, float]) -> Rules:
    """Rules with the defaults of `zones` wherever nothing else is said."""
    values = {key: changed.get(key, setting.default) for key, setting in settings().items()}
    return Rules(name, MappingProxyType(values), MappingProxyType(dict(pinned)), _fingerprint(values, pinned))


def _fingerprint(values: Mapping[str, Value], pinned: Mapping[str, float]) -> str:
    said = {**values, **{f"link.{name}": value for name, value in pinned.items()}}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:_FINGERPRINT_LENGTH]


def said_by(rules: Rules) -> dict[str, Any]:
    """Every value as JSON can hold it, pinned ones under the key they have in a file."""
    pinned = {f"link.{name}": value for name, value in rules.pinned.items()}
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in {**rules.values, **pinned}.items()
    }


def rules_from(name: str, said: Mapping[str, Any]) -> Rules:
    """The rules that said so; a setting that was not yet known then has its default."""
    pinned = {key.removeprefix("link."): float(said[key]) for key in pins() if key in said}
    changed = {key: setting.settled(said[key]) for key, setting in settings().items() if key in said}
    return make_rules(name, changed, pinned)


@cache
def built_in(name: str) -> Rules:
    """The profile that ships under this name; KeyError for any other."""
    return make_rules(name, built_in_values(name), {})


def built_in_values(name: str) -> dict[str, Value]:
    """What a built-in profile sets, each value in the kind its setting has."""
    return {key: settings()[key].settled(value) for key, value in profile_values(name).items()}
