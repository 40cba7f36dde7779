"""Tables that never cut a figure: too narrow a terminal loses whole columns, and notes their ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len, set_cell_size
from rich.text import Text

GAP = 2
SHORTEST_NOTE = 12
DOUBT = "dim"


@dataclass(frozen=True, slots=True)
class Column:
    heading: str = ""
    right: bool = True
    rank: int = 0
    """Which columns go first where room is short: the highest, together; 0 never goes."""


NAME = Column(right=False)


@dataclass(slots=True)
class Grid:
    """A title, figures in columns, and a note at the end of each row."""

    title: str
    columns: Sequence[Column]
    rows: list[tuple[Sequence[str], str]] = field(default_factory=list)

    def add(self, *cells: str, note: str = "") -> None:
        self.rows.append((cells, note))

    def render(self, width: int | None) -> Text:
        """As wide as it likes where there is no width, as into a file."""
        kept = self._kept(width)
        sizes = self._sizes(kept)
        used = sum(sizes) + GAP * len(sizes)
        said = Text(self.title, style="bold") if self.title else Text()
        if any(self.columns[i].heading for i in kept):
            headings = [self.columns[i].heading for i in kept]
            line = self._line(headings, kept, sizes).rstrip()
            said.append("\n" if self.title else "").append(line, style=DOUBT)
        for cells, note in self.rows:
            line = self._line([cells[i] for i in kept], kept, sizes)
            told = _cut(note, None if width is None else width - used)
            said.append("\n" if said else "").append(line if told else line.rstrip())
            if told:
                said.append(" " * GAP).append(told, style=DOUBT)
        return said

    def _kept(self, width: int | None) -> list[int]:
        kept = list(range(len(self.columns)))
        room = SHORTEST_NOTE if any(note for _, note in self.rows) else -GAP
        while width is not None and sum(self._sizes(kept)) + GAP * len(kept) + room > width:
            least = max(self.columns[i].rank for i in kept)
            if least == 0:
                break
            kept = [i for i in kept if self.columns[i].rank < least]
        return kept

    def _sizes(self, kept: Sequence[int]) -> list[int]:
        return [
            max([cell_len(self.columns[i].heading), *(cell_len(cells[i]) for cells, _ in self.rows)])
            for i in kept
        ]

    def _line(self, cells: Sequence[str], kept: Sequence[int], sizes: Sequence[int]) -> str:
        laid = [
            " " * (size - cell_len(cell)) + cell if self.columns[i].right else set_cell_size(cell, size)
            for cell, i, size in zip(cells, kept, sizes, strict=True)
        ]
        return (" " * GAP).join(laid)


def _cut(note: str, room: int | None) -> str:
    if room is None or cell_len(note) <= room:
        return note
    return set_cell_size(note, max(room - 1, 0)).rstrip() + "…" if room > 1 else ""
