"""What a panel shows: rows of spans, each with a meaning the theme colours and a figure that can say why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len, set_cell_size

from alvh_tui.why.figure import Figure


class Role(StrEnum):
    """What a piece of text means; words and signs say it first, the theme's colours repeat it."""

    PLAIN = "plain"
    STRONG = "strong"
    LABEL = "label"
    """Headings and units: quieter than figures, never doubtful."""
    RULE = "rule"
    """Lines and frames drawn inside a panel."""
    CALM = "calm"
    WATCH = "watch"
    ACT = "act"
    DOUBT = "doubt"
    """Stale, unknown, approximate, provisional; nothing else looks so."""
    PROJECTED = "projected"
    GAIN = "gain"
    LOSS = "loss"
    INDEX = "index"
    """The path of the index, and where it stands."""
    LOWER = "lower"
    UPPER = "upper"
    CONE = "cone"
    HEDGED = "hedged"
    NOW = "now"
    """The mark of the present on an axis."""
    LOSS_3 = "loss-3"
    LOSS_2 = "loss-2"
    LOSS_1 = "loss-1"
    GAIN_1 = "gain-1"
    GAIN_2 = "gain-2"
    GAIN_3 = "gain-3"
    """Shades of a heat map, behind the number they repeat."""


OpensKind = Literal["position", "layer", "signal", "rule", "entry", "problem", "command"]


@dataclass(frozen=True, slots=True)
class Opens:
    """The page that enter opens on a row; a command is run instead."""

    kind: OpensKind
    name: str


@dataclass(frozen=True, slots=True)
class Span:
    """Text without control characters, in one look."""

    text: str
    role: Role = Role.PLAIN
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    """The same from refresh to refresh: what the cursor stays on."""
    spans: tuple[Span, ...]
    opens: Opens | None = None
    folds: str = ""
    """The unit that enter folds out or in; wins over `opens`, which stays on the long way (o)."""
    copies: str = ""
    """What `y` puts on the clipboard; the row's own text where empty."""

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """From left to right, each once."""
        return tuple(dict.fromkeys(span.figure for span in self.spans if span.figure is not None))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything a panel shows at one moment."""

    rows: tuple[Row, ...]
    head: int = 0
    """So many rows stay on top while the rest scrolls."""
    title: str = ""
    note: str = ""
    """At the right of the frame: the assumption in use, a filter, how much is hidden."""
    lines: int = 0
    """Rows there would be with nothing filtered or left out: its panel asks for room for so many."""


NOTHING = Sheet(())


def row(key: str, *parts: Span | str, opens: Opens | None = None, folds: str = "") -> Row:
    """A row of spans, plain where a part is bare text."""
    spans = tuple(part if isinstance(part, Span) else Span(part) for part in parts)
    return Row(key, spans, opens, folds)


def said(key: str, text: str, role: Role = Role.LABEL) -> Row:
    """A row that is one sentence."""
    return Row(key, (Span(text, role),))


def opening(rows: Iterable[Row], opens: Opens) -> tuple[Row, ...]:
    """Enter opens the same page on each row one can stand on, where it opens none of its own."""
    return tuple(replace(row, opens=opens) if row.opens is None and row.figures else row for row in rows)


def told(key: str, text: str, width: int, role: Role = Role.LABEL) -> tuple[Row, ...]:
    """A sentence on as many lines as it needs."""
    return tuple(said(f"{key} {nth}", line, role) for nth, line in enumerate(wrapped(text, max(width, 1))))


@lru_cache(maxsize=4096)
def width_of(text: str) -> int:
    """Cells of a terminal."""
    return cell_len(text)


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """Exactly so many cells, cut with an ellipsis where it is too long; figures are never given too few."""
    text = _head(text, width)
    length = width_of(text)
    if length > width:
        return set_cell_size(text, max(width - 1, 0)) + "…" if width > 0 else ""
    return " " * (width - length) + text if right else text + " " * (width - length)


def _head(text: str, width: int) -> str:
    """As much of a text as can show in so many cells and a few more: looking at each character is slow."""
    size = 2 * max(width, 0) + 8
    while size < len(text) and width_of(text[:size]) <= width + 2:
        size *= 2
    return text[:size]


def cut(spans: Iterable[Span], width: int) -> tuple[Span, ...]:
    """As many of the spans as fit, the last one with an ellipsis where it does not."""
    kept: list[Span] = []
    left = width
    for span in spans:
        length = width_of(span.text)
        if length > left:
            if left > 0:
                kept.append(replace(span, text=fitted(span.text, left)))
            break
        kept.append(span)
        left -= length
    return tuple(kept)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of whole words; a word longer than a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        while width_of(word) > width:
            if line:
                lines.append(line)
                line = ""
            head = set_cell_size(_head(word, width), width).rstrip()
            lines.append(head)
            word = word[len(head) :]
        joined = f"{line} {word}" if line else word
        if width_of(joined) > width:
            lines.append(line)
            line = word
        else:
            line = joined
    return [*lines, line] if line else lines


def plain_text(rows: Sequence[Row]) -> str:
    """As a file or a test reads it."""
    return "\n".join(each.text.rstrip() for each in rows)
