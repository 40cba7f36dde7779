"""Every rule of the method for one condor: reading, threshold, verdict, sentence and source."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from alvh_tui.figures import number
from alvh_tui.method.catalog import catalog
from alvh_tui.method.reading import Reading
from alvh_tui.screens.cells import cell
from alvh_tui.screens.pages.parts import heading, paragraph
from alvh_tui.screens.panels.columns import NARROW, Seen
from alvh_tui.screens.rows import Opens, Role, Row, Span
from alvh_tui.screens.table import Column, Table
from alvh_tui.screens.words import VERDICTS, against, shielded, verdict_role
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment

_INDENT = 4


def rules(seen: Seen, assessment: "Assessment") -> Iterator[Row]:
    readings, look = seen.held.rules, seen.look
    if not readings:
        return
    yield from heading("Rules", look)
    table = Table(
        "rules",
        [
            Column("indent", right=False),
            Column("rule", "rule", 12, right=False),
            Column("reading", "reading", 7, rank=1),
            Column("threshold", "against", 8, rank=2),
            Column("verdict", "met", 9, right=False),
            Column("source", "source", 8, right=False, rank=3),
        ],
        look,
    )
    for reading in readings:
        opens = Opens("rule", reading.id)
        table.add(f"rule {reading.id}", *_cells(seen, reading), opens=opens)
        for row in _said(seen, reading):
            table.add_row(row)
    yield from table.rows()
    yield from paragraph(
        "rules of",
        f"rules {printable(assessment.rules.name)} {assessment.rules.fingerprint}",
        look,
        role=Role.LABEL,
    )


def _cells(seen: Seen, reading: Reading) -> tuple[Span, ...]:
    def of(detail: str) -> Figure:
        return Figure("rule", reading.id, seen.id, detail)

    threshold = against(reading.id, reading.threshold)
    name = reading.id if seen.look.width >= NARROW else reading.id.removeprefix("condor.")
    return (
        Span(""),
        Span(name),
        cell(_written(reading.reading), of(""), seen.shown),
        Span(threshold, Role.LABEL, of("threshold") if threshold else None),
        cell(VERDICTS[reading.verdict], of("verdict"), seen.shown, verdict_role(reading.id, reading.verdict)),
        Span(catalog()[reading.id].source, Role.LABEL),
    )


def _written(value: float | None) -> str:
    """Days and index points as they are, the rest with two digits."""
    return number(value, 0 if value is not None and float(value).is_integer() else 2)


def _said(seen: Seen, reading: Reading) -> Iterator[Row]:
    look, entry = seen.look, catalog()[reading.id]
    key = f"rule {reading.id}"
    yield from paragraph(f"{key} says", entry.sentence, look, role=Role.LABEL, indent=_INDENT)
    if reading.note:
        figure = Figure("rule", reading.id, seen.id)
        yield from paragraph(f"{key} note", shielded(reading.note, look), look, indent=_INDENT, figure=figure)
