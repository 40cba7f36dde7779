"""Which rules there are to be told, and settings that name none of them."""

from difflib import get_close_matches
from fnmatch import fnmatchcase

from alvh_tui.alerts.look import BROKEN_BOOK
from alvh_tui.alerts.words import LAYER_RULES
from alvh_tui.method.catalog import catalog
from alvh_tui.settings import Settings
from alvh_tui.toml.problem import Problem, Severity


def rules_told() -> tuple[str, ...]:
    """Every rule an alert may have, and [alerts.rules] may name."""
    return (*(rule for rule, _, _ in LAYER_RULES.values()), BROKEN_BOOK, *catalog())


def pattern_problems(settings: Settings) -> tuple[Problem, ...]:
    """A warning for each pattern that no rule fits: as a rule it is misspelt."""
    known = rules_told()
    return tuple(
        settings.problem(
            f"alerts.rules.{pattern}", "fits no rule", _nearest(pattern, known), Severity.WARNING
        )
        for pattern in settings.alerts.rules
        if not any(fnmatchcase(rule, pattern) for rule in known)
    )


def _nearest(pattern: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(pattern, known, 1)
    return f"expected {near[0]}" if near else "expected a rule as `alvh rules` lists them"
