"""Why a figure is what it is: the formula filled in, the inputs that can be asked in turn, the rule."""

import re
from collections.abc import Iterator

from alvh_tui.figures import UNKNOWN
from alvh_tui.market.age import Age
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.pages.parts import INDENT, WIDEST, paragraph, section
from alvh_tui.screens.pages.rule_parts import entry_rows, opens_rule
from alvh_tui.screens.rows import Role, Row, Sheet, Span, cut, fitted, width_of, wrapped
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import without_amounts
from alvh_tui.toml.text import printable
from alvh_tui.why.derivation import Derivation, Input, aged
from alvh_tui.why.figure import Figure

DOUBTFUL = frozenset((Age.STALE, Age.OLD, Age.NONE))
OF_THE_MARKET = frozenset(
    (
        "market",
        "short",
        "breakeven",
        "moved",
        "cushion",
        "pace",
        "contact",
        "signal",
        "rule",
        "link",
        "source",
    )
)  # fmt: skip
"""Kinds of figures that do not tell how much is held."""
_SHARES = frozenset(("pnl_pct_credit", "vega_coverage", "hedge_cost_pct_credit", "dte", "expected_move"))
_DIGITS = re.compile(r"[+−-]?\d[\d,.]*")
_VALUE, _NAME = 14, 36
_BESIDE = 64
"""Cells from which on an input's origin stands beside it."""


def sheet(derivation: Derivation, shown: Shown, look: Look) -> Sheet:
    return Sheet(tuple(_rows(derivation, shown, look)))


def _rows(derivation: Derivation, shown: Shown, look: Look) -> Iterator[Row]:
    figure = derivation.figure
    hides = look.private and figure.kind not in OF_THE_MARKET
    value = _shielded(derivation.value, look, hides=look.private and tells_amounts(figure))
    doubtful = derivation.value == UNKNOWN or derivation.state in DOUBTFUL
    title = printable(derivation.title)
    room = max(min(look.width, WIDEST) - width_of(value) - 2, 4)
    lines = wrapped(title, room) or [""]
    spans = (
        Span(fitted(lines[0], room), Role.STRONG),
        Span("  "),
        Span(value, Role.DOUBT if doubtful else Role.STRONG),
    )
    yield Row("why", cut(spans, look.width), copies="" if look.private else derivation.text())
    for nth, line in enumerate(lines[1:], start=1):
        yield Row(f"why {nth}", cut((Span(line, Role.STRONG),), look.width))
    if derivation.unknown:
        yield from paragraph("why unknown", f"unknown: {derivation.unknown}", look, Role.DOUBT)
    for nth, line in enumerate((*derivation.formula, *derivation.solved)):
        yield from paragraph(f"why formula {nth}", _shielded(line, look, hides=hides), look)
    if derivation.state is not Age.LIVE or derivation.age is not None:
        old = f"as old as the worst of these: {aged(derivation.age, derivation.state)}"
        role = Role.DOUBT if derivation.state in DOUBTFUL else Role.LABEL
        yield from paragraph("why age", old, look, role)
    yield from section("Inputs", look, _inputs(derivation, shown, look, hides=hides))
    if derivation.assumption:
        said = _shielded(derivation.assumption, look, hides=hides)
        yield from section("Assuming", look, paragraph("why assumption", said, look))
    yield from section("Rule", look, _rule(derivation, look))


def tells_amounts(figure: Figure) -> bool:
    """Whether it says how much is held, or earned with it."""
    if figure.kind == "yardstick":
        return figure.detail in ("least", "most")
    return figure.kind not in OF_THE_MARKET and figure.name not in _SHARES


def _shielded(text: str, look: Look, *, hides: bool) -> str:
    text = printable(text)
    if not look.private:
        return text
    return _DIGITS.sub(HIDDEN, text) if hides else without_amounts(text)


def _inputs(derivation: Derivation, shown: Shown, look: Look, *, hides: bool) -> Iterator[Row]:
    widest = max((width_of(given.name) for given in derivation.inputs), default=0)
    name = min(_NAME, widest, max(min(look.width, WIDEST) * 2 // 5, 8))
    for nth, given in enumerate(derivation.inputs):
        own = look.private and (hides if given.figure is None else tells_amounts(given.figure))
        value = _shielded(given.value, look, hides=own)
        yield from _input(f"why input {nth} {given.name}", given, value, name, shown, look)


def _input(key: str, given: Input, value: str, name: int, shown: Shown, look: Look) -> Iterator[Row]:
    """Name, value, and beside or below them where it came from and how old it is."""
    width = min(look.width, WIDEST)
    first, *more = wrapped(printable(given.name), name) or [""]
    said = printable(f"{given.origin}{'' if given.state is None else f', {aged(given.age, given.state)}'}")
    doubtful = given.value == UNKNOWN or given.state in DOUBTFUL or shown.is_doubtful(given.figure)
    spans = [Span(" " * INDENT), Span(f"{fitted(first, name)}  ", Role.LABEL)]
    if width_of(value) <= _VALUE and width >= _BESIDE:
        spans.append(Span(" " * (_VALUE - width_of(value))))
    spans.append(Span(value, Role.DOUBT if doubtful else Role.PLAIN, given.figure))
    origin = Span(f"  {said}", Role.DOUBT if doubtful else Role.LABEL)
    beside = sum(width_of(span.text) for span in (*spans, origin)) <= width
    if beside:
        spans.append(origin)
    yield Row(key, cut(spans, look.width))
    for line, text in enumerate(more):
        yield Row(f"{key} name {line}", cut((Span(" " * INDENT), Span(text, Role.LABEL)), look.width))
    if not beside:
        yield from paragraph(f"{key} origin", said, look, Role.LABEL, indent=2 * INDENT)


def _rule(derivation: Derivation, look: Look) -> Iterator[Row]:
    entry = derivation.rule
    if entry is not None:
        name = (Span(" " * INDENT), Span(entry.id, Role.STRONG))
        yield Row("why rule", cut(name, look.width), opens_rule(entry.id))
        yield from entry_rows(entry, look, "why rule")
