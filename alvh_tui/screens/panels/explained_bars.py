"""Why the P&L of the day is what it is: the parts of the book as bars, and of each position in a table."""

from collections.abc import Iterator

from alvh_tui.assess import Assessment
from alvh_tui.figures import UNKNOWN
from alvh_tui.risk.explain import Explained
from alvh_tui.screens.cells import gain
from alvh_tui.screens.charts.small import two_way_bar
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, fitted, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import Column, Table
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

PARTS = ("delta", "gamma", "vega", "theta", "residual")
NAME, MOST_BAR = 9, 61


def explained_rows(assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    if assessment.explained_since is None:
        yield from told(
            "explained",
            "No earlier close is recorded yet: the P&L of a day is explained from the close before it.",
            look.width,
        )
        return
    whole = assessment.explained
    if whole is None:
        yield from told("explained", "No sum: not every position was priced then and held since.", look.width)
    else:
        yield from _bars(whole, shown, look)
    yield said("explained gap", "")
    yield from _table(assessment, shown, look)


def _bars(whole: Explained, shown: Shown, look: Look) -> Iterator[Row]:
    values = {part: float(getattr(whole, part)) for part in (*PARTS, "total")}
    largest = max(map(abs, values.values()))
    figures = {part: gain(value, Figure("explained", part), shown, look) for part, value in values.items()}
    width = max(width_of(span.text) for span in figures.values())
    bar = min(look.width - NAME - width - 2, MOST_BAR)
    for part, span in figures.items():
        name = Span(fitted(part, NAME), Role.STRONG if part == "total" else Role.LABEL)
        before = Span(" " * (width - width_of(span.text)))
        drawn = two_way_bar(values[part], largest, bar, look.charts) if bar >= 9 else ()
        yield Row(f"explained {part}", cut((name, before, span, Span("  "), *drawn), look.width))


def _table(assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    columns = [Column("id", "since then", least=8, right=False), Column("total", "total", least=6)]
    columns += [
        Column(part, part, least=6, rank=rank) for part, rank in zip(PARTS, (1, 5, 2, 3, 4), strict=True)
    ]
    lines = Table("explained", columns, look)
    for held in assessment.positions:
        if not held.figures.legs:
            continue
        about = held.figures.position.id
        cells = [
            gain(
                None if held.explained is None else float(getattr(held.explained, part)),
                Figure("explained", part, about),
                shown,
                look,
            )
            for part in ("total", *PARTS)
        ]
        opens = Opens("position", about)
        name = printable(about)
        shown_name = name if width_of(name) <= 16 else fitted(name, 16)
        lines.add(f"explained of {about}", Span(shown_name), *cells, opens=opens)
    yield from lines.rows()
    if any(held.explained is None and held.figures.legs for held in assessment.positions):
        why = f"{UNKNOWN} a leg was not priced then, or was traded since."
        yield from told("explained not", why, look.width)
