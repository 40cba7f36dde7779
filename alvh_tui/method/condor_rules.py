"""The method's rules for one condor: what each measures, against which number, and its verdict."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType

import numpy as np

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.entry import Entry
from alvh_tui.method.levels import LADDER
from alvh_tui.method.reading import Reading
from alvh_tui.method.rules import Rules
from alvh_tui.method.verdict import Verdict
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import NO_LOSS, UNDER_WATER, BreakevenTable, sessions_ahead
from alvh_tui.risk.legs import DAYS_A_YEAR, Floats, weights_of
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures, axis_unit
from alvh_tui.risk.valuation import Valuation

DAY = 1.0 / DAYS_A_YEAR


@dataclass(frozen=True, slots=True, eq=False)
class CondorView:
    """What a condor rule may look at."""

    condor: Condor
    figures: PositionFigures
    breakevens: BreakevenTable
    migration: Migration
    valuation: Valuation
    rules: Rules
    worth_ahead: Floats
    """Of every leg laid out: see `worth_ahead`."""

    @property
    def opened_today(self) -> bool:
        return self.condor.opened_on == self.valuation.snapshot.time.astimezone(NEW_YORK).date()

    @property
    def years_at_entry(self) -> float:
        expiries = [leg.contract.expiry for leg in self.condor.legs if leg.contract.expiry is not None]
        return max((min(expiries) - self.condor.opened_on).days, 1) / DAYS_A_YEAR


def worth_ahead(valuation: Valuation, rules: Rules) -> Floats:
    """What every leg is worth now and a day on, and some sessions ahead and a day on; the index unmoved."""
    start = _years_ahead(valuation, rules)
    moments = np.array([0.0, DAY, start, start + DAY])[:, None]
    return valuation.legs.values(np.arange(len(valuation.legs.contracts)), valuation.legs.spot, ahead=moments)


def _years_ahead(valuation: Valuation, rules: Rules) -> float:
    sessions = rules.whole("condor.theta-burn.sessions")
    return years_between(valuation.at, sessions_ahead(valuation.at, sessions))


Found = tuple[float | None, float | None, Verdict, str]
Measure = Callable[[CondorView], Found]


@dataclass(frozen=True, slots=True)
class CondorRule:
    entry: Entry
    measure: Measure

    def read(self, view: CondorView) -> Reading:
        return Reading(self.entry.id, *self.measure(view))


_FOUND: dict[str, CondorRule] = {}


def _rule(name: str, sentence: str, source: str, keys: tuple[str, ...] = ()) -> Callable[[Measure], Measure]:
    def keep(measure: Measure) -> Measure:
        rule = f"condor.{name}"
        _FOUND[rule] = CondorRule(Entry(rule, sentence, source, keys or (rule,)), measure)
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


def _in_band(values: Sequence[float], low: float, high: float, note: str) -> Found:
    """All within the band; the reading is the value farthest out, the threshold the end it is nearest to."""
    farthest = max(values, key=lambda value: max(low - value, value - high))
    end = low if farthest - low < high - farthest else high
    return farthest, end, _yes(low <= farthest <= high), note


@_rule("delta-band", "The short strikes stood within the delta band when the condor was opened.", "S0 S1 S2")
def _delta_band(view: CondorView) -> Found:
    low, high = view.rules.number("condor.delta-band.low"), view.rules.number("condor.delta-band.high")
    if not view.opened_today:
        return _unknown("needs the market of the entry", high)
    deltas = [abs(short.delta) for short in view.figures.shorts if short.delta is not None]
    if not deltas or len(deltas) < len(view.figures.shorts):
        return _unknown("a short strike has no delta", high)
    said = " and ".join(f"{delta:.2f}" for delta in deltas)
    return _in_band(deltas, low, high, f"{said} against {low:.2f} to {high:.2f}")


@_rule("wings", "The wings lay about one and a half expected moves out when the condor was opened.", "S1")
def _wings(view: CondorView) -> Found:
    low, high = view.rules.number("condor.wings.low"), view.rules.number("condor.wings.high")
    spot, vix = view.migration.spot_at_open, vix_at_open(view)
    if spot is None or vix is None:
        return _unknown("needs the index and VIX at the opening", low)
    move = spot * vix / 100.0 * sqrt(view.years_at_entry)
    wings = [leg.contract.strike for leg in view.condor.legs if leg.quantity > 0 and leg.contract.strike]
    if not wings:
        return _unknown("no wing was bought", low)
    out = [abs(strike - spot) / move for strike in wings]
    said = " and ".join(f"{distance:.2f}" for distance in out)
    return _in_band(out, low, high, f"{said} moves of {move:,.0f} points, from VIX at the opening")


@_rule("tenor", "The condor was opened 30 to 45 days before its expiry.", "S0 S1 S2")
def _tenor(view: CondorView) -> Found:
    low, high = view.rules.whole("condor.tenor.low"), view.rules.whole("condor.tenor.high")
    days = round(view.years_at_entry * DAYS_A_YEAR)
    return _in_band([float(days)], low, high, f"{low} to {high} days")


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
        return _in_band([vega], low, high, f"declared vega-positive: {low:g} to {high:g}")
    note = "vega-positive: a long VIX layer adds to it instead of offsetting it" if vega > 0 else ""
    return vega, threshold, _yes(vega <= 0), note


@_rule(
    "short-put-itm",
    "The index is below the short put and below the lower breakeven.",
    "S3",
    keys=tuple(f"layers.{layer}.short_put_itm" for layer in LADDER),
)
def _short_put_itm(view: CondorView) -> Found:
    puts = [short.strike for short in view.figures.shorts if short.right == "P"]
    spot, breakevens = view.valuation.spot, view.breakevens.kinds["expiry"]
    if not puts:
        return None, None, Verdict.NO, "no short put is held"
    strike, note = max(puts), "the lower of the short put and the lower breakeven"
    both = strike if breakevens.low is None else min(strike, breakevens.low)
    if spot is None:
        return _unknown("no level of the index", both)
    level = spot * axis_unit(view.condor)
    if breakevens.low is not None or level >= strike:
        return level, both, _yes(level < both), note
    if breakevens.low_note == UNDER_WATER:
        return level, strike, Verdict.YES, f"below the short put, and {UNDER_WATER}"
    lost = Verdict.NO if breakevens.low_note == NO_LOSS else Verdict.UNKNOWN
    return level, None, lost, f"below the short put, {breakevens.low_note}"


@_rule("pcf", "A vol point costs more than the limit's days of theta: rebalance.", "S2")
def _pcf(view: CondorView) -> Found:
    limit, greeks = view.rules.number("condor.pcf.limit"), view.figures.greeks
    if greeks is None:
        return _unknown("a leg has no Greeks", limit)
    if not greeks.theta:
        return None, limit, _yes(greeks.vega != 0.0), "no theta at all"
    days = abs(greeks.vega) / abs(greeks.theta)
    note = "vega dollars per dollar of daily theta"
    return days, limit, _yes(days > limit), note if greeks.theta > 0 else f"{note}, which it pays"


@_rule("irr", "The yearly return on margin, hedge cost deducted, keeps above its floor.", "S2 S3")
def _irr(view: CondorView) -> Found:
    floor, margin = view.rules.number("condor.irr.floor"), view.figures.margin
    if not margin:
        return _unknown("no margin to measure a return on", floor)
    cost = sum(
        behind.share * behind.hedge.premium * _life_until(behind.hedge, view.condor)
        for behind in view.breakevens.hedges
    )
    bare = view.condor.cash / margin / view.years_at_entry
    net = (view.condor.cash - cost) / margin / view.years_at_entry
    good = view.rules.number("condor.irr.good")
    said = f"{percent(bare)} before hedges" + ("; good" if net >= good else "")
    return net, floor, _yes(net >= floor), said


def _life_until(hedge: Hedge, condor: Condor) -> float:
    """The part of a hedge's days that is over when the condor expires, and with it so much of its cost."""
    if not hedge.expiries or not condor.expiries:
        return 1.0
    whole = (hedge.expiries[-1] - hedge.opened_on).days
    over = (condor.expiries[-1] - hedge.opened_on).days
    return min(max(over / whole, 0.0), 1.0) if whole > 0 else 1.0


@_rule("theta-burn", "Decay is speeding up: the value left burns faster some sessions on.", "S0 S1 S4")
def _theta_burn(view: CondorView) -> Found:
    value, greeks = view.figures.value, view.figures.greeks
    if value is None or greeks is None:
        return _unknown("a leg is not priced")
    if value >= 0:
        return None, None, Verdict.NO, "nothing is left to decay"
    pace, sessions = greeks.theta / -value, view.rules.whole("condor.theta-burn.sessions")
    legs = view.valuation.legs
    rows, weights = weights_of(legs, [(leg.contract, float(leg.quantity)) for leg in view.condor.open_legs])
    if _years_ahead(view.valuation, view.rules) + DAY >= legs.years[rows].min():
        return pace, None, Verdict.UNKNOWN, f"expires within {sessions} sessions"
    worth = view.worth_ahead[:, rows] @ weights
    now, later = float(worth[1] - worth[0]), float(worth[3] - worth[2])
    if not (np.isfinite(now) and np.isfinite(later)):
        return pace, None, Verdict.UNKNOWN, "the decay ahead cannot be priced"
    said = f"{number(now, signed=True)} $ a day now, {number(later, signed=True)} $ in {sessions} sessions"
    return pace, None, _yes(later > now), said


def vix_at_open(view: CondorView) -> float | None:
    """VIX when the condor was opened: from the file, today's own, else the close of that day."""
    if view.condor.vix_at_open is not None:
        return view.condor.vix_at_open
    if view.opened_today:
        return view.valuation.vix
    history = view.valuation.snapshot.history
    return None if history is None else history.close("vix", view.condor.opened_on)
