"""The rules a book names: a built-in profile or a user's file, loaded, checked and held against the book."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from alvh_tui.book.model import LAYERS, Book
from alvh_tui.method.rules import Rules, built_in, built_in_values, make_rules
from alvh_tui.method.settings import PROFILES, Setting, Value, pins, settings
from alvh_tui.toml import kinds
from alvh_tui.toml.document import Document, read_file
from alvh_tui.toml.kinds import WrongValueError, refused
from alvh_tui.toml.problem import Problem, Severity, errors_in
from alvh_tui.toml.reader import Key, Table
from alvh_tui.toml.text import quoted

_Tree = Mapping[str, "Setting | _Tree"]


@dataclass(frozen=True, slots=True)
class LoadedRules:
    rules: Rules | None
    """None where the file has an error."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a file: the line that names a rules file."""

    file: str
    line: int
    key: str


def load_rules(name: str, beside: Path | None = None, named_in: Mark | None = None) -> LoadedRules:
    """A built-in profile by its name, or a rules file by its path, relative to the folder `beside`.

    A name that leads nowhere is a problem of the line it stands on.
    """
    if name in PROFILES:
        return LoadedRules(built_in(name), ())
    path = (beside or Path()) / name
    if not path.exists():
        mark = named_in or Mark(str(path), 1, "rules")
        lost = "there is no such file as" if name.endswith(".toml") else "there is no profile or file"
        said = f"{lost} {quoted(name)}"
        expected = f"expected {' or '.join(PROFILES)}, or the path of a rules file"
        return LoadedRules(None, (Problem(mark.file, mark.line, mark.key, said, expected),))
    return rules_in(read_file(path), name)


def rules_in(document: Document, name: str) -> LoadedRules:
    """The rules in a user's file: a built-in profile with whatever the file changes of it."""
    problems = list(document.problems)
    root = Table(document, problems)
    found = _values(root, _tree())
    base = built_in_values(str(found.pop("extends", PROFILES[0])))
    pinned = {
        key.removeprefix("link."): value for key in pins() if isinstance(value := found.pop(key, None), float)
    }
    rules = make_rules(name, {**base, **found}, pinned)
    _report_disorder(root, rules, found)
    problems.sort(key=lambda problem: problem.line)
    return LoadedRules(None if errors_in(problems) else rules, tuple(problems))


def _tree() -> dict[str, Any]:
    """The tables of a rules file with their settings, as the file nests them."""
    root: dict[str, Any] = {"extends": Setting("extends", PROFILES[0], "choice", "", "", choices=PROFILES)}
    for key, setting in (*settings().items(), *pins().items()):
        *tables, last = key.split(".")
        table = root
        for name in tables:
            table = table.setdefault(name, {})
        table[last] = setting
    return root


def _values(table: Table, tree: _Tree, prefix: str = "") -> dict[str, Value]:
    """What the file sets, by dotted key; whatever is wrong goes to the table's problems."""
    keys = {
        name: Key(_kind_of(item), item.expected)
        if isinstance(item, Setting)
        else Key(kinds.table, f"a table, [{prefix}{name}]")
        for name, item in tree.items()
    }
    found: dict[str, Value] = {}
    for name, value in table.read(keys).items():
        item, inner = tree[name], table.table(name)
        if isinstance(item, Setting):
            found[prefix + name] = value
        elif inner is not None:
            found.update(_values(inner, item, f"{prefix}{name}."))
    return found


def _kind_of(setting: Setting) -> Callable[[Any], Value]:
    """Takes a value of the file in the form the rules keep it, or refuses it."""
    reads: Mapping[str, Callable[[Any], Any]] = {
        "flag": kinds.flag,
        "choice": kinds.one_of(*setting.choices),
        "texts": kinds.texts,
        "signals": _signals,
        "numbers": lambda value: _numbers(value, setting),
        "whole": lambda value: _within(value, setting),
        "decimal": lambda value: _within(value, setting),
    }
    read = reads[setting.kind]
    return lambda value: setting.settled(read(value))


def _within(value: Any, setting: Setting) -> float:
    found = kinds.number(value)
    if not setting.low <= found <= setting.high or (setting.kind == "whole" and found != int(found)):
        raise refused(value)
    return found


def _numbers(value: Any, setting: Setting) -> list[float]:
    if not isinstance(value, list):
        raise refused(value)
    if not value:
        raise WrongValueError("is an empty list")
    for place, item in enumerate(value):
        try:
            _within(item, setting)
        except WrongValueError as wrong:
            raise WrongValueError(wrong.what, f"expected {setting.expected}", (place,)) from None
    return value


def _signals(value: Any) -> tuple[str, ...]:
    """Names of signals; an empty list asks for none."""
    # The signals need NumPy: only a file that changes such a list waits for its import.
    from alvh_tui.method.signals import units

    names: tuple[str, ...] = () if value == [] else kinds.texts(value)
    for place, name in enumerate(names):
        if name not in units():
            near = get_close_matches(name, units(), 1) or [f"one of {', '.join(units())}"]
            raise refused(name, f"expected {near[0]}", (place,))
    return names


def _report_disorder(root: Table, rules: Rules, found: Mapping[str, Value]) -> None:
    """Reports values of the file that stand on the wrong side of one another."""
    for setting in settings().values():
        if setting.other is None or not {setting.key, setting.other} & found.keys():
            continue
        value, other = rules.number(setting.key), rules.number(setting.other)
        if value > other or (setting.strictly and value == other):
            order = "below" if setting.strictly else "at most"
            at = setting.key if setting.key in found else setting.other
            root.report(
                *at.split("."),
                what=f"leaves {setting.key} at {value:g} and {setting.other} at {other:g}",
                expected=f"expected {setting.key} {order} {setting.other}",
            )


def cap_warnings(book: Book, rules: Rules) -> tuple[Problem, ...]:
    """Layers over the caps: the premium of each against net liquidation value, of all against the credit."""
    paid = {layer: sum(max(h.premium, 0.0) for h in book.hedges if h.layer == layer) for layer in LAYERS}
    lines = {hedge.layer: hedge.line for hedge in reversed(book.hedges)}
    found: list[Problem] = []

    def hold_against(key: str, line: int, cost: float, whole: float | None, cap: str, of: str) -> None:
        if whole is None or whole <= 0.0:
            return
        warn, limit = rules.number(f"sizing.{cap}.warn"), rules.number(f"sizing.{cap}.limit")
        share = cost / whole
        if share > warn:
            over = ", over the limit" if share > limit else ""
            what = f"premium of ${cost:,.0f} is {100 * share:.1f} % of {of}{over}"
            expected = f"expected at most {100 * warn:g} %, and never over {100 * limit:g} %"
            found.append(Problem(str(book.path), line, key, what, expected, Severity.WARNING))

    for layer, line in sorted(lines.items()):
        hold_against(layer, line, paid[layer], book.account.net_liq, "risk-cap", "net liquidation value")
    if lines:
        credit = sum(condor.cash for condor in book.condors)
        hold_against("hedges", min(lines.values()), sum(paid.values()), credit, "hedge-cost", "the credit")
    return tuple(found)
