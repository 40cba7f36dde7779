"""Who builds what: a builder for each panel and each kind of page. Loads everything the screen needs."""

from collections.abc import Mapping

from alvh_tui.screens.panels import attention, banner, book, breakevens, journal, layers, risk, signals, strip
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
