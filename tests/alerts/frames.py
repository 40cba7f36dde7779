"""Frames of the small book of the memory's tests, sound and not."""

from dataclasses import replace
from datetime import datetime

from alvh_tui.assess import Assessment
from alvh_tui.market.types import Source, SourceState
from alvh_tui.monitor import Frame
from alvh_tui.toml.problem import Problem
from tests.memory.worlds import CALM, seen

FRESH = ("feed.quotes", SourceState.FRESH), ("feed.chains", SourceState.FRESH)


def sourced(assessment: Assessment, *sources: tuple[str, SourceState]) -> Assessment:
    told = tuple(Source(name, state, assessment.at, assessment.at) for name, state in sources)
    return replace(assessment, market=replace(assessment.market, sources=told))


def frame(
    at: datetime,
    assessment: Assessment | None = None,
    *,
    error: str | None = None,
    problems: tuple[Problem, ...] = (),
) -> Frame:
    return Frame(1, assessment, problems, at, error, None)


Sources = tuple[tuple[str, SourceState], ...]


def looked(at: datetime, *, spot: float = 6800.0, vix: float = CALM, sources: Sources = FRESH) -> Frame:
    return frame(at, sourced(seen(at, spot, vix=vix), *sources))
