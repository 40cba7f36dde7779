"""What a played session is about: how each of its days goes, before chance has its say."""

from collections.abc import Mapping
from dataclasses import dataclass

Knots = Mapping[float, float]
"""Values at minutes of a day of 390; straight lines between them."""


@dataclass(frozen=True, slots=True)
class Script:
    """One day, from its open."""

    index: Knots
    """Per cent SPX has moved."""
    fear: Knots
    """What VIX adds by itself to its answer to the index, as a share of where it opened."""
    breadth: Knots
    """Share of advancing shares beyond what the index explains."""
    gap: float = 0.0
    """Per cent SPX moves overnight before it."""
    relief: float = 0.0
    """Share of VIX that is lost overnight."""
    announces: str | None = None
    """What is announced at 14:00."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    title: str
    days: tuple[Script, ...]
    """After them the market settles, day by day."""
    settles: float
    """Where VIX settles in the end, as a share of where it stood at first or of 20, whichever is less."""
    narrowing: float = 0.0
    """Share of advancing shares lost on each of the last sessions before the first day."""


_LEVEL: Knots = {0: 0.0, 390: 0.0}

_CALM = Scenario(
    "calm",
    "the index drifts up and VIX eases",
    (
        Script(
            index={0: 0.0, 90: -0.1, 210: 0.15, 390: 0.3},
            fear={0: 0.0, 390: -0.03},
            breadth={0: 0.02, 390: 0.05},
            gap=0.4,
            relief=0.03,
        ),
    ),
    settles=0.8,
)
_GRIND = Scenario(
    "grind",
    "three days of slow decline, each a little worse than the one before",
    (
        Script(
            index={0: 0.0, 70: 0.15, 150: -0.4, 200: -0.35, 280: -0.8, 330: -0.75, 390: -1.3},
            fear={0: 0.0, 70: 0.0, 390: 0.08},
            breadth={0: -0.14, 390: -0.08},
            gap=0.6,
            relief=0.03,
        ),
        Script(
            index={0: 0.0, 60: 0.3, 180: -0.5, 240: -0.4, 390: -1.4},
            fear={0: 0.0, 390: 0.06},
            breadth={0: -0.06, 390: -0.04},
            gap=-0.1,
        ),
        Script(
            index={0: 0.0, 100: -0.6, 160: -0.3, 260: -1.2, 390: -1.6},
            fear={0: 0.0, 390: 0.06},
            breadth={0: -0.02, 390: 0.0},
            gap=-0.2,
        ),
    ),
    settles=0.9,
    narrowing=0.06,
)
_CRASH = Scenario(
    "crash",
    "a calm morning, a fall that feeds on itself, and the calming after it",
    (
        Script(
            index={
                0: 0.0,
                45: 0.35,
                70: 0.25,
                105: -0.9,
                150: -1.6,
                165: -1.3,
                220: -3.7,
                240: -3.3,
                285: -5.3,
                320: -4.6,
                390: -4.0,
            },
            fear={0: 0.0, 70: 0.0, 105: 0.02, 150: 0.08, 220: 0.20, 285: 0.30, 330: 0.40, 390: 0.42},
            breadth={0: -0.12, 70: -0.12, 220: 0.0, 390: 0.0},
            gap=0.8,
            relief=0.03,
        ),
        Script(
            index={0: 0.0, 50: -0.6, 120: 0.3, 250: 1.1, 390: 1.8},
            fear={0: 0.0, 50: 0.03, 390: -0.10},
            breadth={0: 0.0, 390: 0.1},
            gap=0.4,
            relief=0.05,
        ),
    ),
    settles=0.8,
    narrowing=0.06,
)
_CRUSH = Scenario(
    "crush",
    "fear leaves the market faster than the index rises",
    (
        Script(
            index={0: 0.0, 60: 0.4, 130: 0.3, 220: 1.0, 390: 1.3},
            fear={0: 0.0, 60: -0.04, 220: -0.12, 390: -0.15},
            breadth={0: 0.05, 390: 0.1},
            gap=0.1,
        ),
    ),
    settles=0.75,
)
_EVENT = Scenario(
    "event",
    "a market that waits for 14:00, moves both ways on the decision, and exhales",
    (
        Script(
            index={
                0: 0.0,
                130: 0.1,
                200: -0.1,
                270: -0.15,
                272: -1.3,
                284: -0.5,
                296: -1.5,
                330: 0.5,
                355: 0.3,
                390: 0.9,
            },
            fear={0: 0.0, 200: 0.04, 268: 0.08, 272: 0.18, 300: 0.13, 330: -0.02, 390: -0.09},
            breadth=_LEVEL,
            gap=0.4,
            relief=0.03,
            announces="FOMC",
        ),
    ),
    settles=0.85,
)

SCENARIOS = {found.name: found for found in (_CALM, _GRIND, _CRASH, _CRUSH, _EVENT)}
DEFAULT = _CRASH.name

DAILY_SETTLING = 0.4
"""Share of the way to where VIX settles that it goes in one day."""


def settling(vix: float, target: float, drift: float) -> Script:
    """A day after the story: VIX on its way back, the index where chance drifts it, in per cent."""
    left = target / vix - 1.0
    return Script(
        index={0: 0.0, 390: drift},
        fear={0: 0.0, 390: DAILY_SETTLING * left},
        breadth={0: 0.03, 390: 0.05} if left < 0 else _LEVEL,
    )
