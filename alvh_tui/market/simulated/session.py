"""The simulated market in motion: a calm morning, the day a scenario tells of, and the days after it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property

import numpy as np

from alvh_tui.instruments.calendar import (
    NEW_YORK,
    OPENS,
    add_sessions,
    is_session,
    next_session,
    previous_session,
    sessions_between,
)
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.freshness import last_closed
from alvh_tui.market.simulated.chains import dice
from alvh_tui.market.simulated.day import STEP, Day, play_day
from alvh_tui.market.simulated.history import closes_to, events_around
from alvh_tui.market.simulated.market import Today, default_expiries, market_of, vvix_of
from alvh_tui.market.simulated.scenarios import SCENARIOS, Scenario, Script, settling
from alvh_tui.market.simulated.world import DAYS_A_YEAR, VOL_POINT, World
from alvh_tui.market.types import Event, History, MarketSnapshot

NARROWED = 5
"""Sessions before the first day on which ever fewer shares carried the index."""
CALM_VIX = 20.0
"""Where a stressed market settles; above it bid and ask move apart, and VIX options grow dear."""


def day_played(moment: datetime) -> date:
    """Today, or on a weekend or holiday the session that comes next."""
    today = moment.astimezone(NEW_YORK).date()
    return today if is_session(today) else next_session(today)


class SimulatedSession:
    """A day as the scenario has it, and as many quiet ones after it as are asked for.

    The same arguments give the same market at every moment, in whichever order the moments are asked for.
    """

    def __init__(self, seed: int, scenario: str, start: datetime, world: World | None = None) -> None:
        """`start`: a moment of the first day; `world`: how the market stood before it, by default calm."""
        world = world or World(start)
        self.scenario: Scenario = SCENARIOS[scenario]
        self.opens = datetime.combine(day_played(start), OPENS, NEW_YORK)
        self.world = replace(world, at=self.opens, seed=world.seed + seed)
        self._days: list[Day] = []
        self._rows: list[Mapping[str, float]] = []

    def world_at(self, moment: datetime) -> World:
        number = self._number_of(moment)
        return self._world(self._day(number), self._levels(number, moment), moment)

    def market_at(self, moment: datetime, contracts: Sequence[Contract] = ()) -> MarketSnapshot:
        """The whole market at that moment, with every contract asked for."""
        number = self._number_of(moment)
        levels = self._levels(number, moment)
        world = self._world(self._day(number), levels, moment)
        closes = self._closes(number + 1)
        before = {name: float(column[-2]) for name, column in closes.series.items()}
        today = Today(closes.until(last_closed(world.at)), before, levels, self._events(world))
        return market_of(world, default_expiries(world.at), contracts, today)

    def _number_of(self, moment: datetime) -> int:
        """The day the moment belongs to: a night or a weekend to the session before it."""
        local = moment.astimezone(NEW_YORK)
        on = local.date()
        if not is_session(on) or local.time() < OPENS:
            on = previous_session(on)
        return max(sessions_between(self.opens.date(), on), 0)

    def _levels(self, number: int, moment: datetime) -> Mapping[str, float]:
        """Where everything stands; before the first open, where it closed."""
        day = self._day(number)
        return self._levels_before(0) if moment < self.opens else day.at(moment)

    def _world(self, day: Day, levels: Mapping[str, float], moment: datetime) -> World:
        local = moment.astimezone(NEW_YORK)
        at = day.opens + (local - day.opens) // STEP * STEP
        stress = max(levels["vix"] / CALM_VIX - 1.0, 0.0)
        return replace(
            self.world,
            at=at.astimezone(NEW_YORK),
            spot=levels["spx"],
            vix=levels["vix"],
            long_run_vix=levels["distant"],
            vix_option_level=self.world.vix_option_level * (1.0 + 0.25 * stress),
            spread=1.0 + 2.0 * stress,
            quoting=day.on.isoformat(),
        )

    def _events(self, world: World) -> tuple[Event, ...]:
        told = [
            Event(add_sessions(self.opens.date(), number), script.announces, "14:00", note="simulated")
            for number, script in enumerate(self.scenario.days)
            if script.announces is not None
        ]
        around = [
            event
            for event in events_around(world)
            if all(abs((event.on - its.on).days) > 20 or event.name != its.name for its in told)
        ]
        return tuple(sorted((*around, *told), key=lambda event: (event.on, event.name)))

    @cached_property
    def _past(self) -> History:
        """The closes before the first day, breadth narrowed as the scenario has it."""
        closes = closes_to(self.world)
        series = {name: column[:-1].copy() for name, column in closes.series.items()}
        tail = slice(-NARROWED, None)
        counted = series["advances"][tail] + series["declines"][tail]
        share = np.maximum(series["advances"][tail] / counted - self.scenario.narrowing, 0.03)
        series["advances"][tail] = np.round(counted * share)
        series["declines"][tail] = counted - series["advances"][tail]
        thinner = 0.02 * self.scenario.narrowing * np.arange(1, NARROWED + 1)
        series["rsp"][tail] = np.round(series["rsp"][tail] * (1.0 - thinner), 2)
        return History(closes.days[:-1], series)

    def _day(self, number: int) -> Day:
        while len(self._days) <= number:
            at = len(self._days)
            on = add_sessions(self.opens.date(), at)
            before = self._levels_before(at)
            rng = dice(self.world, "played", self.scenario.name, at)
            day = play_day(on, self._script(at, before, float(rng.normal(0.1, 0.3))), before, rng)
            self._days.append(day)
            self._rows.append(self._row(day, before, rng.normal(size=3).tolist()))
        return self._days[number]

    def _script(self, number: int, before: Mapping[str, float], drift: float) -> Script:
        days = self.scenario.days
        if number < len(days):
            return days[number]
        return settling(before["vix"], self.scenario.settles * min(self.world.vix, CALM_VIX), drift)

    def _levels_before(self, number: int) -> Mapping[str, float]:
        """The closes before a day."""
        if number:
            return self._rows[number - 1]
        closes = {name: float(column[-1]) for name, column in self._past.series.items()}
        return {**closes, "distant": self.world.long_run_vix}

    def _row(self, day: Day, before: Mapping[str, float], chance: Sequence[float]) -> Mapping[str, float]:
        """The day's closes, and what else the next day starts from."""
        close = day.opens + STEP * (len(day.levels["spx"]) - 1)
        levels = day.at(close)
        world = self._world(day, levels, close)

        def vol(days: float) -> float:
            return float(world.spx_vol(days / DAYS_A_YEAR)) / VOL_POINT

        made = {
            "vix9d": vol(9),
            "vix3m": vol(93),
            "vix6m": vol(184),
            "vvix": vvix_of(world),
            "vx1": float(world.vix_forward(15 / DAYS_A_YEAR)),
            "vx2": float(world.vix_forward(45 / DAYS_A_YEAR)),
            "dgs10": before["dgs10"] + 0.04 * chance[0],
            "t10y3m": before["t10y3m"] + 0.035 * chance[1],
            "dxy": before["dxy"] + 0.35 * chance[2],
        }
        return {**levels, **{name: round(value, 3) for name, value in made.items()}}

    def _closes(self, days: int) -> History:
        """Every close before, and those of so many days played."""
        self._day(days - 1)
        rows = self._rows[:days]
        last = [np.datetime64(day.on) for day in self._days[:days]]
        series = {
            name: np.append(column, [row[name] for row in rows]) for name, column in self._past.series.items()
        }
        return History(np.append(self._past.days, last), series)
