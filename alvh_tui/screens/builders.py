"""Who builds what: a builder for each panel and each kind of page. Loads everything the screen needs."""

from collections.abc import Callable, Mapping

from alvh_tui.screens.pages import entry, layer, position, problems, rule, signal
from alvh_tui.screens.panels import attention, banner, book, breakevens, journal, layers, risk, signals, strip
from alvh_tui.screens.rows import Opens
from alvh_tui.screens.shown import Builder, Shown

BUILDERS: Mapping[str, Builder] = {
    "strip": strip.sheet,
    "banner": banner.sheet,
    "attention": attention.sheet,
    "book": book.sheet,
    "breakevens": breakevens.sheet,
    "layers": layers.sheet,
    "signals": signals.sheet,
    "risk": risk.sheet,
    "journal": journal.sheet,
}
MODES: Mapping[str, tuple[str, ...]] = {
    "book": book.MODES,
    "breakevens": breakevens.MODES,
    "risk": risk.MODES,
}
"""The views `v` leads through."""


_PAGES: Mapping[str, Callable[[str], Builder]] = {
    "position": position.sheet_for,
    "layer": layer.sheet_for,
    "signal": signal.sheet_for,
    "rule": rule.sheet_for,
    "entry": entry.sheet_for,
    "problem": problems.sheet_for,
}


def page_of(opens: Opens) -> Builder:
    """What enter and `o` open on a row."""
    return _PAGES[opens.kind](opens.name)


def line_of(opens: Opens | None, shown: Shown | None) -> int:
    """Where the position file speaks of it; its first line where it does not."""
    if opens is None or shown is None:
        return 1
    if opens.kind == "problem":
        named = [p.line for place, p in enumerate(shown.problems) if str(place) == opens.name]
        return named[0] if named else 1
    held = shown.position(opens.name) if opens.kind == "position" else None
    return 1 if held is None else held.figures.position.line
