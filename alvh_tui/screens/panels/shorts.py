"""The short strikes of the condors: how near each is, and how likely."""

from collections.abc import Iterable, Iterator

from alvh_tui.figures import number, percent
from alvh_tui.risk.positions import ShortStrike
from alvh_tui.screens.cells import cell, level
from alvh_tui.screens.panels.columns import Seen, strike_of
from alvh_tui.screens.rows import Opens, Role, Row, Span, fitted
from alvh_tui.screens.shown import Look
from alvh_tui.screens.table import Column, Table
from alvh_tui.why.figure import Figure


def short_rows(condors: Iterable[Seen], look: Look, names: int) -> Iterator[Row]:
    """One line for each short strike; only the first of a condor names it, in so many cells."""
    table = Table(
        "shorts",
        [
            Column("name", least=names, right=False),
            Column("short", "short", 6, right=False),
            Column("delta", "Δ", 5, rank=1),
            Column("distance", "points", 6),
            Column("pct", "%", 6, rank=4),
            Column("moves", "moves", 5, rank=2),
            Column("beyond", "beyond", 6, rank=3),
            Column("touch", "touch", 5, rank=5),
        ],
        look,
    )
    for seen in condors:
        for nth, short in enumerate(sorted(seen.figures.shorts, key=lambda short: short.strike)):
            name = Span(fitted(seen.name, names) if nth == 0 and names else "", Role.STRONG)
            detail = strike_of(short)
            opens = Opens("position", seen.id)
            table.add(f"{seen.id} {detail}", name, *_cells(seen, short, detail), opens=opens)
    return table.rows()


def _cells(seen: Seen, short: ShortStrike, detail: str) -> tuple[Span, ...]:
    def of(name: str) -> Figure:
        return seen.of_short(name, short)

    beyond = short.distance is not None and short.distance < 0.0
    role = Role.LOSS if beyond else Role.PLAIN
    side = Role.LOWER if short.right == "P" else Role.UPPER
    return (
        Span(detail, side, of("strike")),
        level(short.delta, of("delta"), seen.shown, 2),
        cell(number(short.distance), of("distance"), seen.shown, role),
        cell(percent(short.distance_pct, 1), of("distance_pct"), seen.shown, role),
        cell(number(short.distance_moves, 1), of("distance_moves"), seen.shown, role),
        cell(percent(short.p_beyond), of("p_beyond"), seen.shown),
        cell(percent(short.p_touch), of("p_touch"), seen.shown),
    )
