"""What needs the trader, most urgent first: one sentence each, with the position and the rule behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import NEW_YORK, last_trade_instant, next_session, settlement_instant
from alvh_tui.market.types import Source, SourceState
from alvh_tui.method.entry import Entry
from alvh_tui.method.rules import Rules
from alvh_tui.method.signal import Signal
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.breakevens import UNDER_WATER, BreakevenTable
from alvh_tui.risk.living import living_legs, protects_until
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures, ShortStrike, axis_unit
from alvh_tui.risk.valuation import Valuation


class Severity(IntEnum):
    KNOW = 1
    SOON = 2
    ACT = 3


@dataclass(frozen=True, slots=True)
class Attention:
    severity: Severity
    position: str | None
    """The position or layer it is about; None for the book or the market as a whole."""
    text: str
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One position as the rules of attention see it."""

    figures: PositionFigures
    migration: Migration | None
    breakevens: BreakevenTable | None
    protects: tuple[Condor, ...]
    """The condors a hedge protects."""
    valuation: Valuation
    rules: Rules

    @property
    def name(self) -> str:
        return self.figures.position.id

    @property
    def today(self) -> date:
        return self.valuation.at.astimezone(NEW_YORK).date()

    @property
    def lives(self) -> bool:
        return bool(living_legs(self.figures, self.valuation))

    def number(self, key: str) -> float:
        return self.rules.number(f"attention.{key}")


Found = Iterator[tuple[Severity, str]]


@dataclass(frozen=True, slots=True)
class Watch:
    entry: Entry
    look: Callable[[Held], Found]


_FOUND: dict[str, Watch] = {}


def attention_entries() -> tuple[Entry, ...]:
    """Of every rule that can ask for attention, besides the method's own."""
    return (*(watch.entry for watch in _FOUND.values()), DATA)


def _watch(
    rule: str, sentence: str, source: str, *keys: str
) -> Callable[[Callable[[Held], Found]], Callable[[Held], Found]]:
    def keep(look: Callable[[Held], Found]) -> Callable[[Held], Found]:
        _FOUND[rule] = Watch(Entry(rule, sentence, source, tuple(f"attention.{key}" for key in keys)), look)
        return look

    return keep


def attention_to(positions: Sequence[Held]) -> list[Attention]:
    return [
        Attention(severity, held.name, text, rule)
        for held in positions
        for rule, watch in _FOUND.items()
        for severity, text in watch.look(held)
    ]


def ranked(found: Sequence[Attention]) -> tuple[Attention, ...]:
    """Most severe first; among equals the order they were found in, which is the file's."""
    return tuple(sorted(found, key=lambda item: -item.severity))


@_watch("condor.proximity", "A short strike is near the index, or through it.", "house", "strike_moves")
def _proximity(held: Held) -> Found:
    for short in held.figures.shorts:
        if short.distance is None:
            continue
        if short.distance <= 0.0:
            yield Severity.ACT, f"{_short(short)} is {_points(-short.distance)} in the money"
        elif short.distance_moves is not None and short.distance_moves < held.number("strike_moves"):
            away = f"{_points(short.distance)} away, {number(short.distance_moves, 1)} expected moves"
            yield Severity.SOON, f"{_short(short)} is {away}"


def _short(short: ShortStrike) -> str:
    return f"short {'put' if short.right == 'P' else 'call'} {short.strike:g}"


def _points(distance: float) -> str:
    return f"{number(distance, 0 if distance >= 10.0 else 1)} points"


@_watch("condor.cushion", "The index is close to a breakeven, or beyond it.", "house", "cushion_left")
def _cushion(held: Held) -> Found:
    spot, table = held.valuation.spot, held.breakevens
    if spot is None or table is None:
        return
    level, now = spot * axis_unit(held.figures.position), table.kinds["expiry"]
    if now.low_note == UNDER_WATER:
        yield Severity.ACT, "at expiry it loses whatever the index does"
    left = (None, None) if held.migration is None else held.migration.cushion
    beyond = (now.low is not None and level <= now.low, now.high is not None and level >= now.high)
    for side, passed, share in zip(("lower", "upper"), beyond, left, strict=True):
        if passed:
            yield Severity.ACT, f"the index is beyond the {side} breakeven at expiry"
        elif share is not None and share <= held.number("cushion_left"):
            yield Severity.SOON, f"{percent(share)} of the cushion to the {side} breakeven is left"


@_watch(
    "condor.take-profit", "So much of the net credit is earned that the work is done.", "house", "take_profit"
)
def _take_profit(held: Held) -> Found:
    earned = held.figures.pnl_pct_credit
    if earned is not None and earned >= held.number("take_profit"):
        yield Severity.KNOW, f"{percent(earned)} of the credit earned"


@_watch("condor.stop", "The loss has reached a multiple of the net credit.", "house", "loss_of_credit")
def _stop(held: Held) -> Found:
    earned, limit = held.figures.pnl_pct_credit, held.number("loss_of_credit")
    if earned is not None and earned <= -limit:
        yield Severity.ACT, f"the loss is {number(-earned, 1)} times the credit, {limit:g} is the stop"


@_watch("condor.days-left", "Few days are left to expiry.", "house", "days_left", "last_days_left")
def _days_left(held: Held) -> Found:
    days = held.figures.dte
    if held.figures.kind != "condor" or days is None or not held.lives:
        return
    if days <= held.number("last_days_left"):
        yield Severity.SOON, expires(days)
    elif days <= held.number("days_left"):
        yield Severity.KNOW, expires(days)


def expires(days: int) -> str:
    """Expires today, expires in 5 days."""
    return "expires today" if days <= 0 else f"expires in {days} day{'' if days == 1 else 's'}"


@_watch(
    "hedge.expiry",
    "A hedge is about to expire, or expires before a condor it protects.",
    "house",
    "hedge_days_left",
)
def _hedge_expiry(held: Held) -> Found:
    hedge, end = held.figures.position, protects_until(held.figures, held.valuation)
    if not isinstance(hedge, Hedge) or end is None:
        return
    nearest = min(leg.leg.contract.expiry or end for leg in living_legs(held.figures, held.valuation))
    days = (nearest - held.today).days
    if days <= held.number("hedge_days_left"):
        what = expires(days) if nearest == end else f"its nearest leg {expires(days)}"
        yield Severity.SOON, f"{what}: roll it or let it go"
    outliving = [condor for condor in held.protects if condor.expiries and condor.expiries[-1] > end]
    if outliving:
        last = max(outliving, key=lambda condor: condor.expiries[-1])
        more = f" and {len(outliving) - 1} more" if len(outliving) > 1 else ""
        before = (last.expiries[-1] - end).days
        yield Severity.KNOW, f"ends {before} day{'' if before == 1 else 's'} before {last.id}{more}"


@_watch("settlement.tomorrow", "A series settled at the open trades for the last time today.", "house")
def _settlement(held: Held) -> Found:
    at, said = held.valuation.at, set()
    for leg in living_legs(held.figures, held.valuation):
        contract = leg.leg.contract
        if contract.expiry is None or not contract.spec.settles_at_open:
            continue
        stops = last_trade_instant(contract.root, contract.expiry)
        settles = settlement_instant(contract.root, contract.expiry)
        series = f"{contract.root} {contract.expiry}"
        if series not in said and settles.date() <= next_session(held.today):
            said.add(series)
            trades = f"trades until {stops:%H:%M} {_day(stops, held.today)}"
            when = "has stopped trading" if at >= stops else trades
            yield Severity.SOON, f"{series} {when} and settles on the open {_day(settles, held.today)}"


def _day(moment: datetime, today: date) -> str:
    ahead = (moment.date() - today).days
    return {0: "today", 1: "tomorrow"}.get(ahead, f"on {moment:%A}")


@_watch("position.expired", "A leg has expired and still stands in the book.", "house")
def _expired(held: Held) -> Found:
    legs = held.figures.legs
    gone = len(legs) - len(living_legs(held.figures, held.valuation))
    if gone:
        yield Severity.ACT, f"{gone} of {len(legs)} legs expired: move what is over to [[closed]]"


@_watch("data.unpriced", "A leg has no value, so that sums are without its position.", "house")
def _unpriced(held: Held) -> Found:
    unpriced = [leg for leg in living_legs(held.figures, held.valuation) if leg.mark.rung is Rung.NONE]
    if unpriced:
        first = unpriced[0]
        more = f" and {len(unpriced) - 1} more" if len(unpriced) > 1 else ""
        yield Severity.SOON, f"{first.leg.contract}{more} has no value: {first.mark.reason}"


DATA = Entry("data.stale", "A source failed, or what it gave is stale.", "house")


def attention_to_data(sources: Sequence[Source], signals: Sequence[Signal]) -> list[Attention]:
    """Sources that failed or are stale, and a VIX that SPX does not explain: quotes to distrust."""
    found = []
    for source in sources:
        text = ""
        if source.state is SourceState.FAILED:
            text = f"{source.name} failed" + (f": {source.error}" if source.error else "")
        elif source.state is SourceState.STALE:
            when = source.quote_time and source.quote_time.astimezone(NEW_YORK)
            text = f"{source.name} is stale: " + (f"of {when:%Y-%m-%d %H:%M}" if when else "of unknown age")
        if text:
            found.append(Attention(Severity.SOON, None, text, DATA.id))
    for signal in signals:
        if signal.id == "vix.disconnect" and signal.verdict is Verdict.YES:
            apart = "" if signal.reading is None else f" by {number(abs(signal.reading), 1)} deviations"
            found.append(Attention(Severity.KNOW, None, f"{signal.note}{apart}: doubt the quotes", signal.id))
    return found
