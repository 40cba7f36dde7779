"""Rules that were changed and do not count yet: who has to agree is itself one of the rules in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.rules import Rules

CONFIRM = "governance.confirm"
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits for people to agree."""

    rules: Rules
    """As the file has them."""
    since: datetime | None
    """When it was written down; None where no program that keeps the journal has seen it yet."""
    confirmed_by: tuple[str, ...]
    needed: int
    """How many different names it takes."""


def needed_by(rules: Rules) -> int:
    """How many people a change of these rules asks for; 1 asks nobody."""
    return rules.whole(CONFIRM)


def different_names(names: Iterable[str]) -> tuple[str, ...]:
    """Each person once, whatever the capitals; no name is nobody."""
    found: dict[str, str] = {}
    for name in names:
        plain = " ".join(name.split())
        if plain:
            found.setdefault(plain.casefold(), plain)
    return tuple(found.values())


def waiting_in_words(rules: Rules, at: datetime) -> str | None:
    """What waits and what counts meanwhile; None where nothing waits."""
    waiting = rules.waiting
    if waiting is None:
        return None
    when = "" if waiting.since is None else f" {_moment(waiting.since, at)}"
    counts = f"{rules.name} {rules.fingerprint[:4]}… still counts"
    return f"rules changed{when}, waiting for {still_needed(waiting)}; {counts}"


def _moment(since: datetime, at: datetime) -> str:
    there, today = since.astimezone(NEW_YORK), at.astimezone(NEW_YORK).date()
    return f"{there:%H:%M}" if there.date() == today else f"{there:%Y-%m-%d %H:%M}"


def still_needed(waiting: Waiting) -> str:
    """2 confirmations, or a second confirmation after ann."""
    missing = waiting.needed - len(waiting.confirmed_by)
    agreed = f" after {', '.join(waiting.confirmed_by)}" if waiting.confirmed_by else ""
    if missing == 1:
        return f"a {_ORDINALS[waiting.needed - 1]} confirmation{agreed}"
    return f"{missing}{' more' if agreed else ''} confirmations{agreed}"
