"""The name of one figure: what a piece of text on a screen shows, so that it can be asked why."""

from dataclasses import dataclass
from typing import Literal

FigureKind = Literal[
    "market", "position", "short", "leg", "breakeven", "moved", "cushion", "pace", "contact", "total",
    "explained", "layer", "yardstick", "signal", "rule", "payoff", "grid", "link", "source",
]  # fmt: skip
Side = Literal["", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Figure:
    kind: FigureKind
    name: str
    """Of the figure itself: pnl, delta, expiry_hedged, vega coverage, reading."""
    about: str = ""
    """The position, layer, signal or symbol it belongs to; empty for the book or the market as a whole."""
    detail: str = ""
    """Which of several: the short strike (6400P), the leg's symbol, the rule."""
    side: Side = ""
    when: str = ""
    """Empty for now; else open, step 1, step 2, …, close, five, or sessions ahead (+5)."""
