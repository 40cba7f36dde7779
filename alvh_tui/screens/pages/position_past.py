"""What has happened to a position: its trades, why its P&L moved, what the journal says of it."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.trades import trade_in_words
from alvh_tui.risk.migration import Step
from alvh_tui.screens.cells import gain, level
from alvh_tui.screens.pages.entries import entry_list
from alvh_tui.screens.pages.parts import INDENT, heading, named_figures, paragraph, section
from alvh_tui.screens.panels.columns import NARROW, Seen
from alvh_tui.screens.rows import Role, Row, Span, cut
from alvh_tui.screens.words import shielded, short_day, with_short_days
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure, Side
from alvh_tui.why.names import EXPLAINED

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment


def adjustments(seen: Seen) -> Iterator[Row]:
    """Each with what it did to the breakevens at expiry."""
    position, look = seen.figures.position, seen.look
    if not position.adjustments:
        return
    yield from heading("Adjustments", look)
    migration = seen.held.migration
    steps = () if migration is None else migration.steps
    today = seen.valuation.at.astimezone(NEW_YORK).date()
    for nth, adjustment in enumerate(position.adjustments):
        on = adjustment.on.date() if isinstance(adjustment.on, datetime) else adjustment.on
        words = with_short_days(shielded(trade_in_words(position, nth), look), today)
        said = f"{short_day(on, today)}  {words}"
        yield from paragraph(f"trade {nth}", said, look)
        if len(steps) > nth + 1:
            yield from _moved(seen, steps[nth], steps[nth + 1], nth)
        for place, line in enumerate(adjustment.why.splitlines()):
            key = f"trade {nth} why {place}"
            yield from paragraph(key, printable(line), look, role=Role.LABEL, indent=2 * INDENT)


def _moved(seen: Seen, before: Step, after: Step, nth: int) -> Iterator[Row]:
    """Both breakevens at expiry before and after it."""
    sides: tuple[tuple[Side, Role], ...] = (("lower", Role.LOWER), ("upper", Role.UPPER))
    then = "open" if nth == 0 else f"step {nth}"
    what = " breakeven at expiry" if seen.look.width >= NARROW else ""
    for place, (side, role) in enumerate(sides):
        start, end = before.expiry[place], after.expiry[place]

        def at(when: str, name: Side = side) -> Figure:
            return Figure("breakeven", "expiry", seen.id, "", name, when)

        by = "" if start is None or end is None else f"  {number(end - start, 1, signed=True)}"
        spans = (
            Span(f"{' ' * 2 * INDENT}{side}{what} ", Role.LABEL),
            level(start, at(then), seen.shown, 1, role=role),
            Span(" → ", Role.LABEL),
            level(end, at(f"step {nth + 1}"), seen.shown, 1, role=role),
            Span(by, Role.LABEL),
        )
        yield Row(f"trade {nth} {side}", cut(spans, seen.look.width))


def explained(seen: Seen, assessment: "Assessment") -> Iterator[Row]:
    """By delta, gamma, vega, theta, and what they leave over."""
    if not seen.figures.legs:
        return
    look, parts = seen.look, seen.held.explained
    yield from heading("P&L explained", look)
    if parts is None:
        why = "a leg was not priced then, or was traded since"
        if assessment.explained_since is None:
            why = "nothing earlier is known to explain it from"
        yield from paragraph("explained none", why, look, role=Role.DOUBT)
        return
    pairs = []
    for name, label in EXPLAINED.items():
        figure = Figure("explained", name, seen.id)
        pairs.append((label, gain(getattr(parts, name), figure, seen.shown, look)))
    yield from named_figures(pairs, look, "explained")
    since = assessment.explained_since
    if since is not None:
        there, today = since.astimezone(NEW_YORK), assessment.at.astimezone(NEW_YORK).date()
        text = f"since {short_day(there.date(), today)} {there:%H:%M}"
        yield from paragraph("explained since", text, look, role=Role.LABEL)


def history(seen: Seen) -> Iterator[Row]:
    """The latest first."""
    found = [entry for entry in seen.shown.entries if entry.about == seen.id]
    yield from section("What happened", seen.look, entry_list(found, seen.shown, seen.look))
