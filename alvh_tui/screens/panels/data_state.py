"""How good the market on the screen is, in a word: live, delayed, stale, failed, or not a live one at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alvh_tui.market.age import Age, age_state, worst
from alvh_tui.market.types import Source, SourceState
from alvh_tui.monitor import ENDED
from alvh_tui.screens.rows import Role
from alvh_tui.screens.shown import Shown

if TYPE_CHECKING:
    from alvh_tui.monitor import Frame

OVERDUE = timedelta(seconds=3)
_LOOKS = {
    Age.LIVE: ("●", Role.CALM),
    Age.DELAYED: ("◐", Role.CALM),
    Age.CLOSED: ("○", Role.LABEL),
    Age.STALE: ("◌", Role.DOUBT),
    Age.OLD: ("◌", Role.DOUBT),
    Age.NONE: ("◌", Role.DOUBT),
}


@dataclass(frozen=True, slots=True)
class DataState:
    word: str
    glyph: str
    role: Role
    seconds: float | None
    """Since its quotes were true."""
    coming: str
    """When the market is asked again."""
    goes_without_saying: bool
    """The glyph and the age are enough where room is short."""


def data_state(shown: Shown, now: datetime, *, paused: bool = False) -> DataState:
    coming = _coming(shown.frame, now, paused=paused)
    if shown.assessment is None:
        return DataState("no market yet", "◌", Role.DOUBT, None, coming, goes_without_saying=False)
    market = shown.assessment.market
    main = [source for source in market.sources if _is_quoted(source)]
    times = [source.quote_time for source in main] if main else [market.time - market.delay]
    known = [moment for moment in times if moment is not None]
    seconds = max((now - min(known)).total_seconds(), 0.0) if known else None
    if shown.frame.error or any(source.state is SourceState.FAILED for source in main):
        return DataState("failed", "✕", Role.WATCH, seconds, coming, goes_without_saying=False)
    age = worst(age_state(moment, now, market.delay) for moment in times)
    glyph, role = _LOOKS[age]
    word = "unknown age" if age is Age.NONE else age.value
    if shown.played and age in (Age.LIVE, Age.DELAYED, Age.CLOSED):
        word = shown.played
    return DataState(word, glyph, role, seconds, coming, goes_without_saying=age is Age.DELAYED)


def _is_quoted(source: Source) -> bool:
    """Not one of closes or events, which are of other days, nor one that failed for one contract alone."""
    _, dot, what = source.name.partition(".")
    return not dot or what in ("quotes", "chains")


def _coming(frame: "Frame", now: datetime, *, paused: bool) -> str:
    if frame.error == ENDED:
        return "ended"
    if paused or frame.next_at is None:
        return "paused"
    left = frame.next_at - now
    if left <= -OVERDUE:
        return "asking"
    return f"next {brief(max(left.total_seconds(), 0.0))}"


def failing(sources: Iterable[Source], frame: "Frame") -> Iterator[str]:
    """What does not answer and why: the whole feed, or the first of its sources and how many more."""
    failed = [source for source in sources if source.state is SourceState.FAILED]
    if frame.error:
        yield frame.error
    elif failed:
        more = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        reason = f": {failed[0].error}" if failed[0].error else ""
        yield f"{failed[0].name}{more} failed{reason}"


def brief(seconds: float) -> str:
    """18s, 15m, 3h, 2d: for a line where every cell counts."""
    whole = int(seconds)
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if whole >= size * (2 if size > 60 else 1):
            return f"{whole // size}{unit}"
    return f"{whole}s"
