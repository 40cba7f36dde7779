"""How a condor's breakevens moved by its own trades, and how much room is left of what it started with."""

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from alvh_tui.book.model import Condor, Leg
from alvh_tui.instruments.calendar import previous_session
from alvh_tui.market.types import History
from alvh_tui.risk.breakevens import Breakevens
from alvh_tui.risk.payoff import payoff_of
from alvh_tui.risk.positions import axis_unit

Sides = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Step:
    """The expiry breakevens as they stood after the opening or one adjustment."""

    on: date
    why: str
    expiry: Sides


@dataclass(frozen=True, slots=True)
class Migration:
    """What the position file alone can tell, and one close; `travel` has the rest."""

    steps: tuple[Step, ...]
    """The opening first."""
    moved: Sides
    """Points of the expiry breakevens since the opening, lower and upper."""
    moved_in_moves: Sides
    """The same in today's expected moves."""
    spot_at_open: float | None
    spot_origin: str
    """file, history, or empty where neither knows it."""
    cushion: Sides
    """Index to expiry breakeven now ÷ the same at entry: 1 untouched, 0 at it, negative beyond."""


def migrate(
    condor: Condor, now: Breakevens, spot: float | None, history: History | None, expected_move: float | None
) -> Migration:
    steps = _steps(condor)
    entry_low, entry_high = steps[0].expiry
    unit = axis_unit(condor)
    opened_at, origin = _spot_at_open(condor, history, unit)
    level = None if spot is None else spot * unit
    moved = (_less(now.low, entry_low), _less(now.high, entry_high))
    return Migration(
        steps=steps,
        moved=moved,
        moved_in_moves=(_over(moved[0], expected_move), _over(moved[1], expected_move)),
        spot_at_open=opened_at,
        spot_origin=origin,
        cushion=(
            _cushion(_less(level, now.low), _less(opened_at, entry_low)),
            _cushion(_less(now.high, level), _less(entry_high, opened_at)),
        ),
    )


def _steps(condor: Condor) -> tuple[Step, ...]:
    legs, cash = list(condor.legs), condor.credit * condor.multiplier * condor.contracts_in(condor.legs)
    steps = [Step(condor.opened_on, "", _expiry_sides(condor, legs, cash))]
    for adjustment in condor.adjustments:
        legs += adjustment.legs
        cash += adjustment.cash
        on = adjustment.on.date() if isinstance(adjustment.on, datetime) else adjustment.on
        steps.append(Step(on, adjustment.why, _expiry_sides(condor, legs, cash)))
    return tuple(steps)


def _expiry_sides(condor: Condor, legs: list[Leg], cash: float) -> Sides:
    payoff = payoff_of(legs, cash)
    return (None, None) if payoff is None else payoff.breakevens(condor.spot_at_open)


def _spot_at_open(condor: Condor, history: History | None, unit: float) -> tuple[float | None, str]:
    """The index when the condor was opened: as the file says, else the last close known that day."""
    if condor.spot_at_open is not None:
        return condor.spot_at_open, "file"
    if history is None or "spx" not in history.series:
        return None, ""
    known = history.until(condor.opened_on)
    if not len(known.days) or known.days[-1] < np.datetime64(previous_session(condor.opened_on)):
        return None, ""
    close = float(known.series["spx"][-1])
    return (close * unit, "history") if np.isfinite(close) else (None, "")


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _over(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else a / b


def _cushion(left: float | None, at_entry: float | None) -> float | None:
    """Unknown where the condor was opened at or beyond its breakeven: there was no room to lose."""
    return None if left is None or at_entry is None or at_entry <= 0.0 else left / at_entry
