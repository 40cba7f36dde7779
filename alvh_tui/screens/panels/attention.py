"""What needs the trader, the most urgent first, one line each."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from alvh_tui.book.model import LAYERS
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.method.flattening import ENTRY as FLATTENING
from alvh_tui.method.yardsticks import yardsticks
from alvh_tui.screens.cells import cell
from alvh_tui.screens.panels.columns import strike_of
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, said, width_of, wrapped
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.under import BOOK
from alvh_tui.screens.words import SEVERITIES, shielded, with_short_days
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment

WHOLE_FROM = 12
"""From this height on every line is shown, and all of each."""
CALM = "Nothing needs you."
LONGEST_ABOUT, LONGEST_SHARE = 16, 4
RULE_FROM = 84
"""The least width at which the rule's name stands behind its sentence."""
GAP = 2
REMARKS = "data.remarks"
"""No rule of the method: what was odd while the market was read and priced."""


@dataclass(frozen=True, slots=True)
class Item:
    key: str
    found: Attention
    about: str
    text: str


def sheet(shown: Shown, look: Look) -> Sheet:
    if shown.assessment is None:
        return Sheet(())
    items = items_of(shown.assessment, look)
    return Sheet(tuple(_rows(items, shown, look)), note=_badge(shown))


def _badge(shown: Shown) -> str:
    waiting = len(shown.alerts)
    return f"{waiting} alert{'' if waiting == 1 else 's'} unseen" if waiting else ""


def _rows(items: Sequence[Item], shown: Shown, look: Look) -> Iterator[Row]:
    if not items:
        yield said("calm", fitted(CALM, min(look.width, width_of(CALM))), Role.CALM)
        return
    if look.height >= WHOLE_FROM:
        yield from _whole(items, shown, look)
        return
    room = max(look.height, 1)
    if len(items) <= room:
        yield from _lines(items, items, shown, look)
        return
    kept = _first_of_each(items, room - 1)
    more = f"… {len(items) - len(kept)} more (0 opens all)"
    yield from _lines(kept, items, shown, look)
    yield Row("more", cut((Span(more, Role.LABEL),), look.width), Opens("command", "attention"))


def _first_of_each(items: Sequence[Item], room: int) -> list[Item]:
    """What one position has to say twice must not hide the layer that is due; never before a graver one."""
    seen: Counter[str] = Counter()
    order: list[tuple[int, int, int]] = []
    for nth, item in enumerate(items):
        order.append((-item.found.severity, seen[item.about], nth))
        seen[item.about] += 1
    return [items[nth] for nth in sorted(nth for *_, nth in sorted(order)[:room])]


def whole(shown: Shown, look: Look) -> Sheet:
    """The page of the panel, on a small screen too."""
    return sheet(shown, replace(look, height=max(look.height, WHOLE_FROM)))


def items_of(assessment: "Assessment", look: Look) -> tuple[Item, ...]:
    """Named by what they are about, so that a row stays itself while its figures change."""
    seen: Counter[str] = Counter()
    items, today = [], assessment.at.astimezone(NEW_YORK).date()
    for found in assessment.judgement.attention:
        about = f"{found.position or BOOK}/{found.rule}"
        text = with_short_days(shielded(found.text, look), today)
        items.append(Item(f"{about}/{seen[about]}", found, printable(found.position or "market"), text))
        seen[about] += 1
    return (*items, *_remarks(assessment))


def _remarks(assessment: "Assessment") -> Iterator[Item]:
    """What is odd about the data: in one line here, all of it on the page of problems."""
    if assessment.warnings:
        count = len(assessment.warnings)
        text = assessment.warnings[0] if count == 1 else f"{count} remarks: {assessment.warnings[0]}; …"
        yield Item("remarks", Attention(Severity.KNOW, None, text, REMARKS), "data", printable(text))


def _lines(items: Sequence[Item], every: Sequence[Item], shown: Shown, look: Look) -> Iterator[Row]:
    """The columns are as wide as all lines need, also those there is no room for."""
    about, rule = _about_width(every, look), _rule_width(every, look)
    room = max(look.width - 2 - about - GAP - (rule + GAP if rule else 0), 1)
    for item in items:
        behind = (Span(" " * GAP), Span(fitted(item.found.rule, rule), Role.LABEL)) if rule else ()
        text = _sentence(item, fitted(item.text, room if rule else min(room, width_of(item.text))), shown)
        yield Row(item.key, cut((*_front(item, about), text, *behind), look.width), _opens(item.found))


def _about_width(items: Sequence[Item], look: Look) -> int:
    widest = max(width_of(item.about) for item in items)
    return look.widths.at_least(
        "attention about", min(widest, LONGEST_ABOUT, max(look.width // LONGEST_SHARE, 1))
    )


def _rule_width(items: Sequence[Item], look: Look) -> int:
    if look.width < RULE_FROM:
        return 0
    return look.widths.at_least("attention rule", max(width_of(item.found.rule) for item in items))


def _front(item: Item, about: int) -> tuple[Span, ...]:
    glyph, role = SEVERITIES[item.found.severity]
    name = Role.STRONG if item.found.severity is Severity.ACT else Role.PLAIN
    return Span(f"{glyph} ", role), Span(fitted(item.about, about), name), Span(" " * GAP)


def _sentence(item: Item, text: str, shown: Shown) -> Span:
    figure = None if shown.assessment is None else figure_of(item.found, shown.assessment)
    return cell(text, figure, shown, Role.LABEL if item.found.severity is Severity.KNOW else Role.PLAIN)


def _whole(items: Sequence[Item], shown: Shown, look: Look) -> Iterator[Row]:
    """All of each sentence; the rule stands behind it, or below where the line is too short for both."""
    about, rule = _about_width(items, look), _rule_width(items, look)
    before = 2 + about + GAP
    room = max(look.width - before - (rule + GAP if rule else 0), 1)
    for item in items:
        first, *more = wrapped(item.text, room) or [""]
        behind = Span(f"{' ' * GAP}{item.found.rule}" if rule else "", Role.LABEL)
        text = _sentence(item, fitted(first, room) if rule else first, shown)
        yield Row(item.key, cut((*_front(item, about), text, behind), look.width), _opens(item.found))
        below = [(line, Role.PLAIN) for line in more] + ([] if rule else [(item.found.rule, Role.LABEL)])
        for nth, (line, role) in enumerate(below, start=1):
            yield Row(f"{item.key}/{nth}", cut((Span(" " * before), Span(line, role)), look.width))


def _opens(found: Attention) -> Opens:
    if found.rule == REMARKS:
        return Opens("command", "problems")
    if found.position is None:
        return Opens("rule", found.rule)
    return Opens("layer" if found.position in LAYERS else "position", found.position)


_OF_A_POSITION = {
    "condor.take-profit": "pnl_pct_credit",
    "condor.stop": "pnl_pct_credit",
    "condor.days-left": "dte",
    "hedge.expiry": "dte",
    "settlement.tomorrow": "dte",
    "position.expired": "dte",
    "data.unpriced": "mark",
}


def figure_of(found: Attention, assessment: "Assessment") -> Figure | None:
    """The figure the sentence is about."""
    about, rule = found.position, found.rule
    if about is None:
        known = any(signal.id == rule for signal in assessment.judgement.signals)
        return Figure("signal", "reading", rule) if known else _yardstick("", rule, assessment)
    if about in LAYERS:
        if rule == "hedge.expiry":
            return Figure("layer", "days_left", about)
        if rule == FLATTENING.id:
            return Figure("total", "spx_delta")
        return _yardstick(about, rule, assessment) or Figure("layer", "action", about)
    if rule == "condor.proximity":
        return _short(found, about, assessment)
    if rule == "condor.cushion":
        return Figure("cushion", "cushion", about)
    name = _OF_A_POSITION.get(rule)
    return None if name is None else Figure("position", name, about)


def _yardstick(layer: str, rule: str, assessment: "Assessment") -> Figure | None:
    """What is measured for the whole book stands under the first layer too."""
    if rule not in yardsticks():
        return None
    return Figure("yardstick", rule, layer or next(iter(assessment.judgement.layers)))


def _short(found: Attention, about: str, assessment: "Assessment") -> Figure | None:
    """Its sentence names the strike."""
    held = (held.figures for held in assessment.positions if held.figures.position.id == about)
    shorts = (short for figures in held for short in figures.shorts)
    short = next((short for short in shorts if f" {short.strike:g} " in found.text), None)
    return None if short is None else Figure("short", "distance", about, strike_of(short))
