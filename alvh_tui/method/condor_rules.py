"""The method's rules for one condor: what each measures, against which number, and its verdict."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from types import MappingProxyType

import numpy as np

from alvh_tui.book.model import Condor
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.entry import Entry
from alvh_tui.method.reading import Reading
from alvh_tui.method.rules import Rules
from alvh_tui.method.verdict import Verdict
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import BreakevenTable, sessions_ahead
from alvh_tui.risk.curves import Curve, pnl
from alvh_tui.risk.legs import DAYS_A_YEAR, weights_of
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.valuation import Valuation


@dataclass(frozen=True, slots=True, eq=False)
class CondorView:
    """What a condor rule may look at."""

    condor: Condor
    figures: PositionFigures
    breakevens: BreakevenTable
    migration: Migration
    valuation: Valuation
    rules: Rules

    @property
    def opened_today(self) -> bool:
        return self.condor.opened_on == self.valuation.snapshot.time.astimezone(NEW_YORK).date()

    @property
    def years_at_entry(self) -> float:
        expiries = [leg.contract.expiry for leg in self.condor.legs if leg.contract.expiry is not None]
        return max((min(expiries) - self.condor.opened_on).days, 1) / DAYS_A_YEAR


Found = tuple[float | None, float | None, Verdict, str]
Measure = Callable[[CondorView], Found]


@dataclass(frozen=True, slots=True)
class CondorRule:
    entry: Entry
    measure: Measure

    def read(self, view: CondorView) -> Reading:
        return Reading(self.entry.id, *self.measure(view))


_FOUND: dict[str, CondorRule] = {}


def _rule(name: str, sentence: str, source: str) -> Callable[[Measure], Measure]:
    def keep(measure: Measure) -> Measure:
        rule = f"condor.{name}"
        _FOUND[rule] = CondorRule(Entry(rule, sentence, source, (rule,)), measure)
        return measure

    return keep


def condor_rules() -> Mapping[str, CondorRule]:
    """By name, in the method's order."""
    return MappingProxyType(_FOUND)


def read_condor_rules(view: CondorView) -> tuple[Reading, ...]:
    return tuple(rule.read(view) for rule in condor_rules().values())


def _yes(met: bool) -> Verdict:
    return Verdict.YES if met else Verdict.NO


def _unknown(why: str, threshold: float | None = None) -> Found:
    return None, threshold, Verdict.UNKNOWN, why


@_rule("delta-band", "The short strikes stood within the delta band when the condor was opened.", "S0 S1 S2")
def _delta_band(view: CondorView) -> Found:
    low, high = view.rules.number("condor.delta-band.low"), view.rules.number("condor.delta-band.high")
    if not view.opened_today:
        return _unknown("needs the market of the entry", high)
    deltas = [abs(short.delta) for short in view.figures.shorts if short.delta is not None]
    if not deltas:
        return _unknown("the short strikes have no delta", high)
    farthest = max(deltas, key=lambda delta: max(low - delta, delta - high))
    said = " and ".join(f"{delta:.2f}" for delta in deltas)
    return farthest, high, _yes(low <= farthest <= high), f"{said} against {low:.2f} to {high:.2f}"


@_rule("wings", "The wings lay about one and a half expected moves out when the condor was opened.", "S1")
def _wings(view: CondorView) -> Found:
    low, high = view.rules.number("condor.wings.low"), view.rules.number("condor.wings.high")
    spot, vix = view.migration.spot_at_open, vix_at_open(view)
    if spot is None or vix is None:
        return _unknown("needs the index and VIX at the opening", low)
    move = spot * vix / 100.0 * sqrt(view.years_at_entry)
    wings = [leg.contract.strike for leg in view.condor.legs if leg.quantity > 0 and leg.contract.strike]
    out = [abs(strike - spot) / move for strike in wings]
    said = " and ".join(f"{distance:.2f}" for distance in out)
    met = all(low <= distance <= high for distance in out)
    return sum(out) / len(out), low, _yes(met), f"{said} moves of {move:,.0f} points, from VIX at the opening"


@_rule("tenor", "The condor was opened 30 to 45 days before its expiry.", "S0 S1 S2")
def _tenor(view: CondorView) -> Found:
    low, high = view.rules.whole("condor.tenor.low"), view.rules.whole("condor.tenor.high")
    days = round(view.years_at_entry * DAYS_A_YEAR)
    return float(days), float(low), _yes(low <= days <= high), f"{low} to {high} days"


@_rule("entry-vix", "The base trade was laid on with VIX low.", "S1")
def _entry_vix(view: CondorView) -> Found:
    below, vix = view.rules.number("condor.entry-vix.below"), vix_at_open(view)
    if vix is None:
        return _unknown("VIX at the opening is not in the file, nor that day in the history", below)
    return vix, below, _yes(vix < below), ""


@_rule("vega-bias", "The condor's vega per contract has the sign its book declares.", "S2")
def _vega_bias(view: CondorView) -> Found:
    wanted = view.rules.flag("condor.vega-bias.positive")
    low, high = view.rules.number("condor.vega-bias.low"), view.rules.number("condor.vega-bias.high")
    threshold = low if wanted else 0.0
    shares = view.condor.multiplier * view.condor.contracts
    if view.figures.greeks is None or not shares:
        return _unknown("a leg has no vega", threshold)
    vega = view.figures.greeks.vega / shares
    if wanted:
        return vega, threshold, _yes(low <= vega <= high), f"declared vega-positive: {low:g} to {high:g}"
    note = "vega-positive: a long VIX layer adds to it instead of offsetting it" if vega > 0 else ""
    return vega, threshold, _yes(vega <= 0), note


@_rule("short-put-itm", "The index is below the short put and below the lower breakeven.", "S3")
def _short_put_itm(view: CondorView) -> Found:
    puts = [short.strike for short in view.figures.shorts if short.right == "P"]
    spot = view.valuation.spot
    if not puts:
        return None, None, Verdict.NO, "no short put is held"
    low = view.breakevens.kinds["expiry"].low
    both = max(puts) if low is None else min(max(puts), low)
    if spot is None:
        return _unknown("no level of the index", both)
    level = spot * axis_unit(view.condor)
    return level, both, _yes(level < both), "the lower of the short put and the lower breakeven"


@_rule("pcf", "A vol point costs more than the limit's days of theta: rebalance.", "S2")
def _pcf(view: CondorView) -> Found:
    limit, greeks = view.rules.number("condor.pcf.limit"), view.figures.greeks
    if greeks is None:
        return _unknown("a leg has no Greeks", limit)
    if greeks.theta <= 0:
        return None, limit, Verdict.YES, "it earns no theta at all"
    days = abs(greeks.vega) / greeks.theta
    return days, limit, _yes(days > limit), "vega dollars per dollar of daily theta"


@_rule("irr", "The yearly return on margin, hedge cost deducted, keeps above its floor.", "S2 S3")
def _irr(view: CondorView) -> Found:
    floor, margin = view.rules.number("condor.irr.floor"), view.figures.margin
    if not margin:
        return _unknown("no margin to measure a return on", floor)
    cost = sum(behind.share * -behind.hedge.cash for behind in view.breakevens.hedges)
    bare = view.condor.cash / margin / view.years_at_entry
    net = (view.condor.cash - cost) / margin / view.years_at_entry
    good = view.rules.number("condor.irr.good")
    said = f"{100 * bare:.0f} % before hedges" + ("; good" if net >= good else "")
    return net, floor, _yes(net >= floor), said


@_rule("theta-burn", "Decay is speeding up: the value left burns faster some sessions on.", "S0 S1 S4")
def _theta_burn(view: CondorView) -> Found:
    value, greeks = view.figures.value, view.figures.greeks
    if value is None or greeks is None:
        return _unknown("a leg is not priced")
    if value >= 0:
        return None, None, Verdict.NO, "nothing is left to decay"
    sessions = view.rules.whole("condor.theta-burn.sessions")
    later = _decay_a_day(view, sessions)
    if later is None:
        return greeks.theta / -value, None, Verdict.UNKNOWN, f"expires within {sessions} sessions"
    now = _decay_a_day(view, 0) or 0.0
    said = f"{number(now, signed=True)} $ a day now, {number(later, signed=True)} $ in {sessions} sessions"
    return greeks.theta / -value, None, _yes(later > now), said


def _decay_a_day(view: CondorView, sessions: int) -> float | None:
    """What the condor earns in the calendar day that starts so many sessions on, the index where it is."""
    valuation = view.valuation
    start = years_between(valuation.at, sessions_ahead(valuation.at, sessions))
    held = [(leg.contract, float(leg.quantity)) for leg in view.condor.open_legs]
    rows, weights = weights_of(valuation.legs, held)
    if start + 1.0 / DAYS_A_YEAR >= float(valuation.legs.years[rows].min()):
        return None
    here = np.array([valuation.legs.spot])
    before, after = (
        float(pnl(valuation.legs, Curve(rows, weights, 0.0, ahead, on_path=False), here)[0])
        for ahead in (start, start + 1.0 / DAYS_A_YEAR)
    )
    return after - before if np.isfinite(after - before) else None


def vix_at_open(view: CondorView) -> float | None:
    """VIX when the condor was opened: from the file, else the close of that day."""
    if view.condor.vix_at_open is not None:
        return view.condor.vix_at_open
    return close_on(view.valuation, "vix", view.condor.opened_on)


def close_on(valuation: Valuation, name: str, day: date) -> float | None:
    history = valuation.snapshot.history
    if history is None or name not in history.series:
        return None
    row = int(np.searchsorted(history.days, np.datetime64(day)))
    if row == len(history.days) or history.days[row] != np.datetime64(day):
        return None
    close = float(history.series[name][row])
    return close if np.isfinite(close) else None
