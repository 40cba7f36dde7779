"""Whether what is held of the third layer flattens the book's delta, which is what it is there for."""

from dataclasses import dataclass

from alvh_tui.book.model import Layer
from alvh_tui.figures import number
from alvh_tui.method.book_view import BookView, whole_sum
from alvh_tui.method.entry import Entry
from alvh_tui.risk.totals import spx_greeks

FLATTENS: Layer = "L3"
ENTRY = Entry(
    f"{FLATTENS}.delta",
    f"What is held of {FLATTENS} takes the book's delta further from zero instead of flattening it.",
    "house",
)


@dataclass(frozen=True, slots=True)
class Flattening:
    """The book's delta in dollars per SPX point, without what is held of the layer and with it."""

    without: float
    held: float

    @property
    def fails(self) -> bool:
        """Further from zero with it, as far as the figures are written."""
        return round(abs(self.held), 1) > round(abs(self.without), 1)

    @property
    def verb(self) -> str:
        """What it does to the delta where it fails."""
        return "turned over" if self.without * self.held < 0.0 else "increased"

    def in_words(self) -> str:
        without, held = (number(delta, 1, signed=True) for delta in (self.without, self.held))
        return f"delta {without} without it, delta {held} with it: {self.verb} instead of flattened"


def flattening_of(layer: Layer, book: BookView) -> Flattening | None:
    """None for the other layers, where nothing is held, and where a delta is unknown."""
    held = book.of_layer(layer) if layer == FLATTENS else ()
    parts = [None if (greeks := spx_greeks(f, book.valuation)) is None else greeks.delta for f in held]
    brought = whole_sum(parts)
    if not held or brought is None or book.spx_delta is None:
        return None
    return Flattening(book.spx_delta - brought, book.spx_delta)
