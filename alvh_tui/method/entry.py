"""What the method says of one of its rules: the sentence, who says it, and which numbers it reads."""

from dataclasses import dataclass

from alvh_tui.method.settings import Setting, settings


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    """The name the rule has everywhere: code, rules file, journal, JSON, screen."""
    sentence: str
    source: str
    keys: tuple[str, ...] = ()
    """The rules-file keys it reads; a table stands for everything in it."""

    def settings(self) -> tuple[Setting, ...]:
        """Its numbers, in the order of the rules file."""
        return tuple(s for s in settings().values() if any(_holds(key, s.key) for key in self.keys))


def _holds(key: str, setting: str) -> bool:
    return setting == key or setting.startswith(f"{key}.")
