"""What needs the trader, most urgent first: one sentence each, with the position and the rule behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from alvh_tui.book.model import Hedge
from alvh_tui.instruments.calendar import NEW_YORK, last_trade_instant, next_session, settlement_instant
from alvh_tui.market.types import Source, SourceState
from alvh_tui.method.entry import Entry
from alvh_tui.method.rules import Rules
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures, ShortStrike
from alvh_tui.risk.valuation import Valuation


class Severity(IntEnum):
    KNOW = 1
    SOON = 2
    ACT = 3


@dataclass(frozen=True, slots=True)
class Attention:
    severity: Severity
    position: str | None
    """The position or layer it is about; None for the market itself."""
    text: str
    rule: str


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """One position as the rules of attention see it."""

    figures: PositionFigures
    migration: Migration | None
    valuation: Valuation
    rules: Rules

    @property
    def name(self) -> str:
        return self.figures.position.id

    @property
    def is_condor(self) -> bool:
        return self.figures.kind == "condor"

    def number(self, key: str) -> float:
        return self.rules.number(f"attention.{key}")


Found = Iterator[tuple[Severity, str]]


@dataclass(frozen=True, slots=True)
class Watch:
    entry: Entry
    look: Callable[[Held], Found]


_FOUND: dict[str, Watch] = {}


def watches() -> dict[str, Watch]:
    """Every rule that can ask for attention to one position, by name."""
    return dict(_FOUND)


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
            yield Severity.ACT, f"{_short(short)} is {-short.distance:,.0f} points in the money"
        elif short.distance_moves is not None and short.distance_moves < held.number("strike_moves"):
            away = f"{short.distance:,.0f} points away, {short.distance_moves:.1f} expected moves"
            yield Severity.SOON, f"{_short(short)} is {away}"


def _short(short: ShortStrike) -> str:
    return f"short {'put' if short.right == 'P' else 'call'} {short.strike:g}"


@_watch("condor.cushion", "The index is close to a breakeven, or beyond it.", "house", "cushion_left")
def _cushion(held: Held) -> Found:
    if held.migration is None:
        return
    for side, left in zip(("lower", "upper"), held.migration.cushion, strict=True):
        if left is not None and left <= 0.0:
            yield Severity.ACT, f"the index is beyond the {side} breakeven at expiry"
        elif left is not None and left <= held.number("cushion_left"):
            yield Severity.SOON, f"{100 * left:.0f} % of the cushion to the {side} breakeven is left"


@_watch(
    "condor.take-profit", "So much of the net credit is earned that the work is done.", "house", "take_profit"
)
def _take_profit(held: Held) -> Found:
    earned = held.figures.pnl_pct_credit
    if earned is not None and earned >= held.number("take_profit"):
        yield Severity.KNOW, f"{100 * earned:.0f} % of the credit earned"


@_watch("condor.stop", "The loss has reached a multiple of the net credit.", "house", "loss_of_credit")
def _stop(held: Held) -> Found:
    earned, limit = held.figures.pnl_pct_credit, held.number("loss_of_credit")
    if earned is not None and earned <= -limit:
        yield Severity.ACT, f"the loss is {-earned:.1f} times the credit, {limit:g} is the stop"


@_watch("condor.days-left", "Few days are left to expiry.", "house", "days_left", "last_days_left")
def _days_left(held: Held) -> Found:
    days = held.figures.dte
    if not held.is_condor or days is None or days < 0 or not held.figures.legs:
        return
    if days <= held.number("last_days_left"):
        yield Severity.SOON, _days(days)
    elif days <= held.number("days_left"):
        yield Severity.KNOW, _days(days)


def _days(days: int) -> str:
    return "expires today" if days == 0 else f"{days} day{'' if days == 1 else 's'} to expiry"


@_watch(
    "hedge.expiry",
    "A hedge is about to expire, or expires before a condor it protects.",
    "house",
    "hedge_days_left",
)
def _hedge_expiry(held: Held) -> Found:
    hedge, days = held.figures.position, held.figures.dte
    if not isinstance(hedge, Hedge) or days is None or days < 0:
        return
    if days <= held.number("hedge_days_left"):
        yield Severity.SOON, f"{_days(days)}: roll the hedge or let it go"


@_watch("settlement.tomorrow", "A series settled at the open trades for the last time today.", "house")
def _settlement(held: Held) -> Found:
    at = held.valuation.at
    today = at.astimezone(NEW_YORK).date()
    said = set()
    for leg in held.figures.legs:
        contract = leg.leg.contract
        if contract.expiry is None or not contract.spec.settles_at_open:
            continue
        stops = last_trade_instant(contract.root, contract.expiry)
        settles = settlement_instant(contract.root, contract.expiry)
        if at >= settles or contract.root in said:
            continue
        if stops.date() == today or at >= stops:
            said.add(contract.root)
            when = "stopped trading" if at >= stops else f"trades until {stops:%H:%M} today"
            day = "tomorrow" if settles.date() == next_session(today) else f"on {settles:%A}"
            day = "this morning" if settles.date() == today else day
            yield Severity.SOON, f"{contract.root} {contract.expiry} {when} and settles on the open {day}"


@_watch("position.expired", "A leg has expired and still stands in the book.", "house")
def _expired(held: Held) -> Found:
    at = held.valuation.at
    gone = [
        leg.leg.contract
        for leg in held.figures.legs
        if leg.leg.contract.expiry is not None
        and at >= settlement_instant(leg.leg.contract.root, leg.leg.contract.expiry)
    ]
    if gone:
        yield (
            Severity.ACT,
            f"{len(gone)} of {len(held.figures.legs)} legs have expired: move them to [[closed]]",
        )


@_watch("data.unpriced", "A leg has no value, so that sums are without its position.", "house")
def _unpriced(held: Held) -> Found:
    nameless = [leg for leg in held.figures.legs if leg.mark.rung is Rung.NONE]
    if nameless:
        first = nameless[0]
        more = f" and {len(nameless) - 1} more" if len(nameless) > 1 else ""
        yield Severity.SOON, f"{first.leg.contract}{more} has no value: {first.mark.reason}"


def attention_to_data(sources: Sequence[Source]) -> list[Attention]:
    """Stale or failed sources, said once each."""
    found = []
    for source in sources:
        if source.state is SourceState.FAILED:
            found.append(
                Attention(Severity.SOON, None, f"{source.name} failed: {source.error}", "data.stale")
            )
        elif source.state is SourceState.STALE:
            old = "of unknown age"
            if source.quote_time is not None:
                old = f"of {source.quote_time.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
            found.append(Attention(Severity.SOON, None, f"{source.name} is stale: {old}", "data.stale"))
    return found
