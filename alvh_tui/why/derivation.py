"""Why a figure is what it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from alvh_tui.figures import age
from alvh_tui.market.age import Age
from alvh_tui.method.entry import Entry
from alvh_tui.why.figure import Figure

UNDATED = (None, Age.LIVE)
"""What rests on no quote does not age."""


@dataclass(frozen=True, slots=True)
class Input:
    """One of the figures a derivation starts from."""

    name: str
    value: str
    origin: str
    """Where it came from, in words."""
    age: float | None = None
    """Seconds since it was true."""
    state: Age | None = None
    """None for what does not age: the position file, the rules, the calendar."""
    figure: Figure | None = None
    """What can be asked in turn."""


@dataclass(frozen=True, slots=True)
class Derivation:
    figure: Figure
    title: str
    value: str
    """As written; a dash where it is unknown."""
    formula: tuple[str, ...] = ()
    """In words, the numbers filled in. A line with an equals sign is arithmetic and holds as it is written,
    behind what may stand before a colon; where nothing was solved, the last one's result is the value."""
    inputs: tuple[Input, ...] = ()
    solved: tuple[str, ...] = ()
    """What a solver was asked, and both sides at its answer."""
    assumption: str = ""
    rule: Entry | None = None
    unknown: str = ""
    """Why there is no value."""
    age: float | None = None
    state: Age = Age.LIVE

    def text(self) -> str:
        """Plain lines, to be copied."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.title}  {self.value}"
        if self.unknown:
            yield f"unknown: {self.unknown}"
        yield from (f"  {line}" for line in (*self.formula, *self.solved))
        for given in self.inputs:
            old = "" if given.state is None else f", {aged(given.age, given.state)}"
            yield f"  {given.name}  {given.value}  ({given.origin}{old})"
        if self.assumption:
            yield f"assuming: {self.assumption}"
        if self.rule is not None:
            yield f"rule {self.rule.id} ({self.rule.source}): {self.rule.sentence}"
        if self.state is not Age.LIVE or self.age is not None:
            yield f"as old as the worst of these: {aged(self.age, self.state)}"


def aged(seconds: float | None, state: Age) -> str:
    """15 min, delayed."""
    if state is Age.NONE:
        return "no quote"
    return state.value if seconds is None else f"{age(seconds)}, {state.value}"
