"""Builders as plain as can be, in the place of the real ones: a key's test is no test of a panel."""

import sys
from dataclasses import replace
from types import ModuleType

import pytest

from alvh_tui.screens import pages
from alvh_tui.screens.rows import NOTHING, Opens, Row, Sheet, Span, row, said
from alvh_tui.screens.shown import Builder, Look, Shown
from alvh_tui.why.derivation import Derivation
from alvh_tui.why.figure import Figure

MODES = {"book": ("", "strikes"), "breakevens": ("chart", "table"), "risk": ("payoff", "grid")}


def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every screen is built by these."""
    module = ModuleType("alvh_tui.screens.builders")
    panels = {"book": book, "layers": layers, "signals": signals, "attention": attention, "journal": journal}
    others = dict.fromkeys(("strip", "banner", "breakevens", "risk"), nothing)
    vars(module).update(BUILDERS={**others, **panels}, MODES=MODES, page_of=page_of, banner=nothing)
    _put(module, monkeypatch)
    for name, members in PAGES.items():
        page = ModuleType(f"alvh_tui.screens.pages.{name}")
        vars(page).update(members)
        _put(page, monkeypatch)
        monkeypatch.setattr(pages, name, page, raising=False)


def _put(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module.__name__, module)


def nothing(shown: Shown, look: Look) -> Sheet:
    return NOTHING


def _held(rows: list[Row], look: Look) -> Sheet:
    return Sheet(tuple(each for each in rows if look.filter in each.text), title=look.mode)


def book(shown: Shown, look: Look) -> Sheet:
    """A row for each position with its P&L and delta, and its legs where it is unfolded."""
    if shown.assessment is None:
        return NOTHING
    rows = []
    for held in shown.assessment.positions:
        name = held.figures.position.id
        figures = [Span(f"  {what}", figure=Figure("position", what, name)) for what in ("pnl", "delta")]
        rows.append(row(name, name, *figures, opens=Opens("position", name), folds=name))
        for leg in held.figures.legs if name in look.unfolded else ():
            symbol = leg.leg.contract.symbol
            rows.append(row(f"{name} {symbol}", Span(symbol, figure=Figure("leg", "mark", name, symbol))))
    return _held(rows, look)


def layers(shown: Shown, look: Look) -> Sheet:
    if shown.assessment is None:
        return NOTHING
    names = shown.assessment.judgement.layers
    rows = [row(name, name, opens=Opens("layer", name)) for name in names]
    return _held([replace(each, copies=f"the layer {each.key} [/]") for each in rows], look)


def signals(shown: Shown, look: Look) -> Sheet:
    if shown.assessment is None:
        return NOTHING
    names = [signal.id for signal in shown.assessment.judgement.signals]
    return _held([row(name, name, opens=Opens("signal", name)) for name in names], look)


def attention(shown: Shown, look: Look) -> Sheet:
    if shown.assessment is None:
        return NOTHING
    found = shown.assessment.judgement.attention
    rows = [
        row(f"{item.position or ''}/{item.rule}/0", item.text, opens=Opens("position", item.position or ""))
        for item in found
    ]
    return _held(rows, look)


def journal(shown: Shown, look: Look) -> Sheet:
    entries = [row(f"entry {e.seq}", e.text, opens=Opens("entry", str(e.seq))) for e in shown.entries]
    return _held(entries, look)


def page_of(opens: Opens) -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        return Sheet((said("page", f"the page of {opens.kind} {opens.name}"),))

    return build


def report(shown: Shown, look: Look) -> Sheet:
    return Sheet((said("report", "the report"),))


def problems(name: str = "") -> Builder:
    def build(shown: Shown, look: Look) -> Sheet:
        every = enumerate(shown.problems)
        return Sheet(tuple(row(f"problem {n}", str(p), opens=Opens("problem", str(n))) for n, p in every))

    return build


def derivation(found: Derivation, shown: Shown, look: Look) -> Sheet:
    """Each input on a row of its own, which can be asked in turn."""
    inputs = [row(each.name, Span(f"{each.name} {each.value}", figure=each.figure)) for each in found.inputs]
    return Sheet((said("title", f"{found.title} {found.value}"), *inputs))


PAGES: dict[str, dict[str, object]] = {
    "report": {"sheet": report},
    "problems": {"sheet_for": problems},
    "derivation": {"sheet": derivation},
}
