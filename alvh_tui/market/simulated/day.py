"""One day of a played session, minute by minute: its script, VIX's answer by the link, and chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import NEW_YORK, OPENS
from alvh_tui.market.freshness import close_of
from alvh_tui.market.simulated.history import BETA_DOWN, BETA_UP, LISTED_SHARES, VIX_FLOOR
from alvh_tui.market.simulated.scenarios import Knots, Script
from alvh_tui.market.simulated.world import usual_move

Array = NDArray[np.float64]

STEP = timedelta(seconds=15)
"""Nothing moves in between."""
FULL_DAY = 390.0
"""Minutes of a script; a half day hurries through it."""
PANIC = 0.4
"""VIX points for each squared per cent that a day's fall goes beyond one."""
_UNCHANGED = 4
"""Shares that close where they closed before."""


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """Every level at every step from the open to the close, by series."""

    on: date
    opens: datetime
    levels: Mapping[str, Array]
    announces: str | None

    def at(self, moment: datetime) -> Mapping[str, float]:
        """The levels of that moment; after the close those of the close."""
        last = len(self.levels["spx"]) - 1
        step = min((moment - self.opens) // STEP, last)
        return {name: float(column[step]) for name, column in self.levels.items()}


def play_day(on: date, script: Script, before: Mapping[str, float], rng: RandomState) -> Day:
    """`before` has the closes before, by series; the first levels are these, less what the night did."""
    opens = datetime.combine(on, OPENS, NEW_YORK)
    length = close_of(on) - opens
    steps = length // STEP + 1
    minutes = np.linspace(0.0, FULL_DAY, steps)
    spx_open = before["spx"] * (1.0 + script.gap / 100.0)
    vix_open = max(before["vix"] * (1.0 - script.relief) + float(answer(script.gap)), VIX_FLOOR)

    scripted = _along(script.index, minutes)
    tension = np.maximum(vix_open + answer(scripted), vix_open)
    moved = scripted + 22.0 * usual_move(1.0) * tension * _restless(rng, minutes, 60.0)
    fear = vix_open * _along(script.fear, minutes) + 0.008 * tension * _restless(rng, minutes, 30.0)
    spx = spx_open * (1.0 + moved / 100.0)
    vix = np.maximum(vix_open + answer(moved) + fear, VIX_FLOOR)

    breadth = _along(script.breadth, minutes) + 0.03 * _restless(rng, minutes, 45.0)
    day_move = spx / before["spx"] - 1.0
    share = np.clip(0.5 + 22.0 * 0.95 * day_move + breadth, 0.03, 0.97)
    counted = LISTED_SHARES - _UNCHANGED
    advances: Array = np.round(counted * share)
    even = 0.95 * day_move + 0.02 * breadth + 0.0004 * _restless(rng, minutes, 60.0)
    estate = 0.8 * day_move + 0.002 * _restless(rng, minutes, 90.0)
    levels = {
        "spx": _cents(spx),
        "vix": _cents(vix),
        "distant": before["distant"] + 0.12 * _restless(rng, minutes, 120.0),
        "skew": before["skew"] - 0.5 * (vix - before["vix"]) + 0.8 * _restless(rng, minutes, 90.0),
        "rsp": before["rsp"] * (1.0 + even),
        "spy": before["spy"] * (1.0 + day_move),
        "vnq": before["vnq"] * (1.0 + estate),
        "advances": advances,
        "declines": counted - advances,
    }
    return Day(on, opens, levels, script.announces)


def answer(percent: float | Array) -> Array:
    """VIX points that go with a day's move of SPX in per cent: by the link, with panic in a deep fall."""
    moved = np.asarray(percent, dtype=float)
    linear = -moved * np.where(moved < 0.0, BETA_DOWN, BETA_UP)
    return np.asarray(linear + PANIC * np.maximum(-moved - 1.0, 0.0) ** 2)


def _cents(levels: Array) -> Array:
    return np.asarray(np.round(levels, 2))


def _along(knots: Knots, minutes: Array) -> Array:
    return np.interp(minutes, list(knots), list(knots.values()))


def _restless(rng: RandomState, minutes: Array, memory: float) -> Array:
    """Chance that starts at 0, forgets within so many minutes, and in the long run is about 1 strong."""
    forgets = float(np.exp(-(minutes[1] - minutes[0]) / memory))
    kicks = ((1.0 - forgets**2) ** 0.5 * rng.normal(size=len(minutes))).tolist()
    path, level = [0.0], 0.0
    for kick in kicks[1:]:
        level = forgets * level + kick
        path.append(level)
    return np.array(path)
