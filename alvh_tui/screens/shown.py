"""What a panel's builder is given: what is known, and how the user wants to look at it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from alvh_tui.screens.rows import Sheet
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.alerts.alert import Alert
    from alvh_tui.alerts.state import Told
    from alvh_tui.assess import Assessment, PositionAssessment
    from alvh_tui.memory.chain import Entry
    from alvh_tui.memory.report import StewardsReport
    from alvh_tui.monitor import Frame
    from alvh_tui.risk.picture import Picture
    from alvh_tui.toml.problem import Problem

Charts = Literal["braille", "blocks", "ascii"]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One frame and everything that hangs on it, prepared off the screen's own thread."""

    frame: "Frame"
    assessment: "Assessment | None"
    """Of this frame, or of the last one that had any."""
    entries: tuple["Entry", ...] = ()
    """The journal, the earliest first."""
    played: str = ""
    """Recorded or simulated, where the market is not a live one."""
    told: tuple["Alert", ...] = ()
    """What this frame alerts to."""
    alerts: tuple["Alert", ...] = ()
    """Told and waiting for somebody, the most severe first."""
    silenced: tuple["Told", ...] = ()
    """Told and not over, but seen, snoozed or muted."""
    faults: tuple[str, ...] = ()
    """Channels that alerts cannot be delivered on, and why."""
    memory: str = ""
    """Why nothing is remembered; empty while it works."""
    report: "StewardsReport | None" = None
    draw: "Callable[[Assessment, str], Picture] | None" = None
    doubts: "Callable[[Figure, Assessment], bool] | None" = None
    _pictures: dict[str, "Picture"] = field(default_factory=dict)

    @property
    def problems(self) -> tuple["Problem", ...]:
        return self.frame.problems

    def picture(self, about: str) -> "Picture | None":
        """Payoff curves and the SPX × VIX grid of one condor, or of the book; worked out once a frame."""
        if self.assessment is None or self.draw is None:
            return None
        if about not in self._pictures:
            self._pictures[about] = self.draw(self.assessment, about)
        return self._pictures[about]

    def is_doubtful(self, figure: Figure | None) -> bool:
        """Whether it is stale, or rests on something that is."""
        if figure is None or self.assessment is None or self.doubts is None:
            return False
        return self.doubts(figure, self.assessment)

    @property
    def condors(self) -> tuple[str, ...]:
        """What breakevens and risk can be about: the condors that live, settled ones where none does."""
        if self.assessment is None:
            return ()
        from alvh_tui.risk.living import living_legs

        valuation = self.assessment.valuation
        held = [each.figures for each in self.assessment.positions if each.breakevens is not None]
        living = [figures for figures in held if living_legs(figures, valuation)]
        return tuple(figures.position.id for figures in living or held)

    def in_question(self, selected: str) -> str:
        """The condor selected while it is held, else the one that needs attention most."""
        found, condors = self.position(selected), self.condors
        if self.assessment is None or not condors or (found is not None and found.breakevens is not None):
            return selected
        urgent = (item.position for item in self.assessment.judgement.attention)
        return next((name for name in urgent if name in condors), condors[0])

    def position(self, name: str) -> "PositionAssessment | None":
        found = () if self.assessment is None else self.assessment.positions
        return next((held for held in found if held.figures.position.id == name), None)


class Widths:
    """Column widths that never shrink while a panel keeps its size, so that nothing jumps."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def at_least(self, column: str, needed: int) -> int:
        widest = max(needed, self._seen.get(column, 0))
        self._seen[column] = widest
        return widest


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How the user looks at one panel."""

    width: int
    height: int
    """Cells inside the panel, its heading line not counted."""
    now: datetime | None = None
    """The market's time; ages count from it."""
    charts: Charts = "braille"
    private: bool = False
    """Amounts are hidden."""
    ages: bool = False
    """Each figure's age and source are shown where there is room."""
    filter: str = ""
    selected: str = ""
    """The condor in question: what breakevens and risk are about; empty for the book."""
    unfolded: frozenset[str] = frozenset()
    mode: str = ""
    """The panel's own view, one of its `MODES`."""
    columns: tuple[str, ...] = ()
    """Of the book, where the user has chosen them."""
    paused: bool = False
    """The market is held still."""
    widths: Widths = field(default_factory=Widths)


Builder = Callable[[Shown, Look], Sheet]
