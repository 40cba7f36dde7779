"""Who builds what: a builder for each panel and each kind of page. Loads everything the screen needs."""

from collections.abc import Callable, Mapping

from alvh_tui.screens.pages import entry, layer, position, problems, rule, signal
from alvh_tui.screens.panels import attention, banner, book, breakevens, journal, layers, risk, signals, strip
from alvh_tui.screens.rows import Opens
from alvh_tui.screens.shown import Builder

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
