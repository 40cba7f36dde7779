"""What stands under the cursor: whom a row is about, its alert, its journal entry, its line in a file."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from alvh_tui.screens.rows import Row
from alvh_tui.screens.shown import Shown

if TYPE_CHECKING:
    from alvh_tui.alerts.alert import Alert
    from alvh_tui.memory.chain import Entry
    from alvh_tui.toml.problem import Problem

BOOK = "book"
"""What a note is about where it is about nothing in particular."""
NAMES_ITSELF = ("position", "layer", "signal", "rule", "breakevens")
OWNED = (
    "position", "short", "leg", "breakeven", "moved", "cushion", "pace", "contact", "explained", "layer",
    "yardstick", "signal", "rule",
)  # fmt: skip
"""Figures that belong to what they are about."""


def subject_of(row: Row | None, entries: Sequence["Entry"] = ()) -> str:
    """The position, layer, signal or rule that a note on this row is about."""
    if row is None:
        return BOOK
    entry = entry_at(row, entries)
    if entry is not None:
        return entry.about
    if row.opens is not None and row.opens.kind in NAMES_ITSELF:
        return row.opens.name or BOOK
    owners = (figure.about for figure in row.figures if figure.kind in OWNED)
    return next((about for about in owners if about), row.folds or BOOK)


def entry_at(row: Row | None, entries: Sequence["Entry"]) -> "Entry | None":
    if row is None or row.opens is None or row.opens.kind != "entry":
        return None
    return next((entry for entry in entries if str(entry.seq) == row.opens.name), None)


def alert_at(row: Row | None, alerts: Sequence["Alert"]) -> "Alert | None":
    """The one the row tells of, else the first about the same matter."""
    if row is None:
        return None
    about = subject_of(row)
    itself = (alert for alert in alerts if row.key.endswith(f"/{alert.key}"))
    same = (alert for alert in alerts if f"{row.key}/".startswith(_as_attention(alert)))
    near = (alert for alert in alerts if about in (alert.about, alert.rule))
    return next(chain(itself, same, near), None)


def _as_attention(alert: "Alert") -> str:
    """How the rows of attention are named, which tell of the same."""
    number = alert.key.rpartition("|")[2]
    return f"{alert.about}/{alert.rule}/{number}/"


def problem_at(row: Row | None, problems: Sequence["Problem"]) -> "Problem | None":
    """A row of problems is named by the place of its own."""
    if row is None or row.opens is None or row.opens.kind != "problem" or not row.opens.name.isdecimal():
        return None
    return next(iter(problems[int(row.opens.name) :]), None)


def place_of(row: Row | None, shown: Shown | None, file: Path) -> tuple[Path, int | None]:
    """Where to edit: file and line; of a layer its first hedge."""
    if shown is None:
        return file, None
    problem = problem_at(row, shown.problems)
    if problem is not None:
        return Path(problem.file), problem.line
    return file, line_of(subject_of(row, shown.entries), shown)


def line_of(name: str, shown: Shown) -> int | None:
    """The line of the position file that a position or a layer starts on."""
    if shown.assessment is None:
        return None
    book = shown.assessment.book
    own = (held.line for held in book.positions if held.id == name)
    of_layer = (hedge.line for hedge in book.hedges if hedge.layer == name)
    return next(chain(own, of_layer), None)
