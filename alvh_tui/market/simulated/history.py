"""Daily closes behind the simulated moment: VIX answers to SPX by the method's link, with some noise."""

from datetime import date, timedelta

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import (
    add_sessions,
    is_session,
    next_session,
    previous_session,
    sessions,
)
from alvh_tui.market.simulated.chains import dice
from alvh_tui.market.simulated.world import DAYS_A_YEAR, World, usual_move
from alvh_tui.market.types import Event, History

Array = NDArray[np.float64]

SESSIONS = 301
RECENT = 10
LISTED_SHARES = 540
BETA_DOWN, BETA_UP = 1.6, 1.0
"""VIX points a per cent of SPX, of the method's link."""
VIX_FLOOR = 9.5
FRIGHT = 1.25
"""A fall of many days frightens more than its days one by one."""
LATE = 12
"""The walk is led to today's VIX within the last weeks, not over the whole year."""
YEARLY_GAIN = 0.10
"""Of SPX over the whole history, so that no seed tells the story of a bear market by chance."""


def closes_to(world: World) -> History:
    """Sessions up to the one of the world's moment, whose row is what it would be if it closed now.

    The path hangs on the seed and not on the date: moved to another day, the same closes lie as many sessions
    back, and so do the entries of a book that is moved with them.
    """
    day = world.at.date()
    last = day if is_session(day) else previous_session(day)
    rng = dice(world, "history")
    returns, vix = _walk(world, rng)
    vix += np.linspace(0.0, 1.0, SESSIONS) ** LATE * (world.vix - vix[-1])
    vix = np.maximum(vix, VIX_FLOOR)
    spx = world.spot * np.exp(np.cumsum(returns) - returns.sum())
    series = {
        "spx": spx,
        "vix": vix,
        **_volatility(world, vix, rng),
        **_breadth(spx, returns, rng),
        **_rates(rng),
    }
    decimals = {"advances": 0, "declines": 0, "dgs10": 3, "t10y3m": 3}
    rounded = {name: np.round(column, decimals.get(name, 2)) for name, column in series.items()}
    days = sessions(add_sessions(last, 1 - SESSIONS), last)
    return History(np.array(days, dtype="datetime64[D]"), rounded)


def _answer(spx_return: float) -> float:
    """VIX points that go with a day's move of SPX."""
    return -100.0 * spx_return * (BETA_DOWN if spx_return < 0 else BETA_UP)


def _walk(world: World, rng: RandomState) -> tuple[Array, Array]:
    """Log returns of SPX and levels of VIX, which is pulled to where it stood before the recent move.

    The last day is a quiet one so far, whatever the others were.
    """
    moved = world.recent_move or 0.0
    calm = float(np.clip(world.vix - FRIGHT * _answer(moved), 12.0, 24.0)) - 2.0
    shocks, noise = rng.normal(size=(2, SESSIONS))
    shocks[-1] *= 0.4
    push, recent = np.zeros(SESSIONS), slice(-1 - RECENT, -1)
    push[recent] = moved / RECENT
    if world.recent_move is not None:
        shocks[recent] -= shocks[recent].mean()
    returns, levels = np.empty(SESSIONS), np.empty(SESSIONS)
    level = calm + 1.0
    for n in range(SESSIONS):
        returns[n] = push[n] + shocks[n] * usual_move(level)
        pull = 0.08 * (calm - level)
        level = max(level + _answer(float(returns[n])) + pull + 0.3 * noise[n], VIX_FLOOR)
        levels[n] = level
    older = slice(None, -1 - RECENT)
    returns[older] += YEARLY_GAIN / 252.0 - returns[older].mean()
    return returns, levels


def _volatility(world: World, vix: Array, rng: RandomState) -> dict[str, Array]:
    beyond = vix - world.long_run_vix

    def of_tenor(days: float, noise: float) -> Array:
        reach = min(1.5, (30.0 / days) ** 0.5)
        return np.asarray(world.long_run_vix + beyond * reach + noise * rng.normal(size=len(vix)))

    def future(days: float) -> Array:
        reach = 0.75 / (1.0 + days / 65.0)
        return np.asarray(world.long_run_vix + beyond * reach + 0.1 * rng.normal(size=len(vix)))

    return {
        "vix9d": np.maximum(of_tenor(9, 0.35), 8.0),
        "vix3m": of_tenor(93, 0.15),
        "vix6m": of_tenor(184, 0.15),
        "vvix": 92.0 * (vix / 17.0) ** 0.5 + 1.5 * rng.normal(size=len(vix)),
        "skew": 140.0 + _wandering(rng, len(vix), 0.9, 2.0),
        "vx1": future(15),
        "vx2": future(45),
    }


def _breadth(spx: Array, returns: Array, rng: RandomState) -> dict[str, Array]:
    """Most shares go with the index; the equal-weighted fund says how evenly."""
    even = 0.95 * returns + 0.0025 * rng.normal(size=len(returns))
    share = np.clip(0.5 + 22.0 * even + 0.06 * rng.normal(size=len(returns)), 0.03, 0.97)
    moved = LISTED_SHARES - np.round(rng.uniform(2, 14, len(returns)))
    advances = np.round(moved * share)
    estate = 0.8 * returns + 0.006 * rng.normal(size=len(returns))
    return {
        "rsp": 0.0285 * spx[-1] * np.exp(np.cumsum(even) - even.sum()),
        "spy": spx / 10.0 - 1.5,
        "vnq": 92.0 * np.exp(np.cumsum(estate) - estate.sum()),
        "advances": advances,
        "declines": moved - advances,
    }


def _rates(rng: RandomState) -> dict[str, Array]:
    return {
        "dgs10": 4.2 + _wandering(rng, SESSIONS, 0.98, 0.04),
        "t10y3m": 0.15 + _wandering(rng, SESSIONS, 0.98, 0.035),
        "dxy": 99.0 + _wandering(rng, SESSIONS, 0.98, 0.35),
    }


def _wandering(rng: RandomState, length: int, memory: float, step: float) -> Array:
    steps, level = step * rng.normal(size=length), 0.0
    path = np.empty(length)
    for n in range(length):
        level = memory * level + steps[n]
        path[n] = level
    return path


def events_around(world: World) -> tuple[Event, ...]:
    """Made-up announcements on plausible days: prices mid-month, a rate decision every sixth Wednesday."""
    today = world.at.date()
    events = []
    this_month = today.year * 12 + today.month - 1
    for month in range(this_month - 4, this_month + 4):
        first = next_session(date(month // 12, month % 12 + 1, 10))
        for name, on in (("CPI", first), ("PPI", next_session(first))):
            actual = _print_of(world, name, month) if on < today else None
            previous = _print_of(world, name, month - 1)
            events.append(Event(on, name, "08:30", actual, previous, "simulated"))
    wednesday = date.fromordinal((today.toordinal() - 120) // 42 * 42 + 3)
    for step in range(6):
        decision = wednesday + timedelta(days=42 * step)
        events.append(Event(decision, "FOMC", "14:00", note="simulated"))
        events.append(Event(decision + timedelta(days=21), "FOMC-minutes", "14:00", note="simulated"))
    return tuple(sorted(events, key=lambda event: (event.on, event.name)))


def _print_of(world: World, name: str, month: int) -> float:
    """The month's change of prices, in per cent."""
    return max(round(float(dice(world, name, month).normal(0.25, 0.1)), 1), 0.1)


def vxx(world: World) -> float:
    """A note that holds the two nearest VIX futures."""
    return float(2.4 * world.vix_forward(30.0 / DAYS_A_YEAR))
