"""The columns a condor can be shown in: what each is called, and how it is filled."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.instruments.calendar import NEW_YORK, last_trade_instant
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.risk.living import has_settled, living_legs
from alvh_tui.risk.positions import LegFigures, PositionFigures, ShortStrike
from alvh_tui.screens.cells import amount, cell, gain, gain_percent, level, size, tint_percent
from alvh_tui.screens.rows import Role, Span
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import Column
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import PositionAssessment
    from alvh_tui.risk.valuation import Valuation

FOLDED, UNFOLDED = "▸", "▾"
NARROW = 60
"""Below this width a condor takes one line, and no bar."""
LITTLE_LEFT = 0.25
"""A cushion so small is tinted; whether it needs anybody is for the rules to say."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One position as it is looked at."""

    held: "PositionAssessment"
    valuation: "Valuation"
    shown: Shown
    look: Look

    @property
    def id(self) -> str:
        return self.held.figures.position.id

    @property
    def name(self) -> str:
        """With how many contracts are held, where there is room and it is not to be hidden."""
        name, held = printable(self.id), self.figures.position.contracts
        bare = self.look.private or not held or self.look.width < NARROW
        return name if bare else f"{name} ×{held}"

    @property
    def folded(self) -> str:
        """Whether its legs are shown."""
        return UNFOLDED if self.id in self.look.unfolded else FOLDED

    @property
    def figures(self) -> PositionFigures:
        return self.held.figures

    def of(self, name: str) -> Figure:
        return Figure("position", name, self.id)

    def short(self, right: Right) -> ShortStrike | None:
        """The one nearest to the index on that side."""
        side = [short for short in self.figures.shorts if short.right == right]
        inner = max if right == "P" else min
        return inner(side, key=lambda short: short.strike, default=None)

    @property
    def nearer(self) -> ShortStrike | None:
        return min(self.figures.shorts, key=lambda short: short.distance or 0.0, default=None)

    def of_short(self, name: str, short: ShortStrike) -> Figure:
        return Figure("short", name, self.id, strike_of(short))


NOTHING = Span("")
"""Not unknown: there is no such short strike."""


def strike_of(option: ShortStrike | Contract) -> str:
    """6400P."""
    return f"{option.strike:g}{option.right}"


Fill = Callable[[Seen], Span]


@dataclass(frozen=True, slots=True)
class BookColumn:
    column: Column
    fill: Fill
    means: str
    """For the help of the panel."""


def _pnl(seen: Seen) -> Span:
    return gain(seen.figures.pnl, seen.of("pnl"), seen.shown, seen.look)


def _pnl_pct_credit(seen: Seen) -> Span:
    return gain_percent(seen.figures.pnl_pct_credit, seen.of("pnl_pct_credit"), seen.shown)


def _mark(seen: Seen) -> Span:
    return level(seen.figures.mark, seen.of("mark"), seen.shown, 2)


def _greek(name: str, digits: int) -> Fill:
    def fill(seen: Seen) -> Span:
        greeks = seen.figures.greeks
        value = None if greeks is None else getattr(greeks, name)
        return size(value, seen.of(name), seen.shown, seen.look, digits)

    return fill


def _short_delta(right: Right) -> Fill:
    def fill(seen: Seen) -> Span:
        return _delta(seen, seen.short(right))

    return fill


def _near_delta(seen: Seen) -> Span:
    return _delta(seen, seen.nearer)


def _delta(seen: Seen, short: ShortStrike | None) -> Span:
    return NOTHING if short is None else level(short.delta, seen.of_short("delta", short), seen.shown, 2)


def _distance(seen: Seen) -> Span:
    return _of_nearer(seen, "distance", lambda value: number(value))


def _distance_pct(seen: Seen) -> Span:
    return _of_nearer(seen, "distance_pct", lambda value: percent(value, 1))


def _distance_moves(seen: Seen) -> Span:
    return _of_nearer(seen, "distance_moves", lambda value: number(value, 1))


def _of_nearer(seen: Seen, name: str, written: Callable[[float | None], str]) -> Span:
    short = seen.nearer
    if short is None:
        return NOTHING
    value = getattr(short, name)
    return cell(written(value), seen.of_short(name, short), seen.shown, _alarm(value))


def _alarm(value: float | None) -> Role:
    """A short strike in the money, a breakeven passed: the sign says it, the tint repeats it."""
    return Role.LOSS if value is not None and value < 0.0 else Role.PLAIN


def _days(seen: Seen) -> Span:
    """Days left with the settlement of the nearest contract, am or pm; or what has become of it."""
    figure, text = seen.of("dte"), days_in_words(seen.figures, seen.valuation)
    if text in (CLOSED, SETTLED):
        return Span(text, Role.LABEL, figure)
    return cell(text, figure, seen.shown, Role.WATCH if text == AWAITS else Role.PLAIN)


CLOSED, SETTLED, AWAITS = "closed", "settled", "awaits"


def days_in_words(figures: PositionFigures, valuation: "Valuation") -> str:
    if not figures.legs:
        return CLOSED
    living = living_legs(figures, valuation)
    if not living:
        return SETTLED
    nearest = min(living, key=lambda leg: leg.leg.contract.expiry or date.max).leg.contract
    if nearest.expiry is None:
        return UNKNOWN
    if awaits_settlement(figures, valuation):
        return AWAITS
    left = (nearest.expiry - valuation.at.astimezone(NEW_YORK).date()).days
    return f"{left} {'am' if nearest.spec.settles_at_open else 'pm'}"


def awaits_settlement(figures: PositionFigures, valuation: "Valuation") -> bool:
    """Its nearest contract trades no more, and what it settles at is not known yet."""
    return any(_waits(leg, valuation) for leg in living_legs(figures, valuation))


def _waits(leg: LegFigures, valuation: "Valuation") -> bool:
    contract = leg.leg.contract
    if contract.expiry is None or has_settled(contract, valuation):
        return False
    return valuation.at >= last_trade_instant(contract.root, contract.expiry)


def _cushion(seen: Seen) -> Span:
    """Lower and upper, in per cent of what there was at the opening."""
    migration = seen.held.migration
    sides = (None, None) if migration is None else migration.cushion
    figure = Figure("cushion", "cushion", seen.id)
    if sides == (None, None):
        return Span(UNKNOWN, Role.DOUBT, figure)
    text = "/".join(number(None if side is None else 100.0 * side) for side in sides)
    return cell(f"{text} %", figure, seen.shown, _room_left(sides))


def _least_cushion(seen: Seen) -> Span:
    """Of the side nearer to trouble, in per cent as its heading says."""
    migration = seen.held.migration
    sides = (None, None) if migration is None else migration.cushion
    least = min((side for side in sides if side is not None), default=None)
    figure = Figure("cushion", "cushion", seen.id)
    return cell(number(None if least is None else 100.0 * least), figure, seen.shown, _room_left(sides))


def _bare_pct_credit(seen: Seen) -> Span:
    share = seen.figures.pnl_pct_credit
    text = number(None if share is None else 100.0 * share, signed=True)
    return cell(text, seen.of("pnl_pct_credit"), seen.shown, tint_percent(share))


def _room_left(sides: Iterable[float | None]) -> Role:
    least = min((side for side in sides if side is not None), default=1.0)
    return Role.LOSS if least < 0.0 else Role.WATCH if least <= LITTLE_LEFT else Role.PLAIN


def _credit(seen: Seen) -> Span:
    return level(seen.figures.credit, seen.of("credit"), seen.shown, 2)


def _max_loss(seen: Seen) -> Span:
    return amount(seen.figures.max_loss, seen.of("max_loss"), seen.shown, seen.look, signed=False)


def _margin(seen: Seen) -> Span:
    return amount(seen.figures.margin, seen.of("margin"), seen.shown, seen.look, signed=False)


def _p_profit(seen: Seen) -> Span:
    return cell(percent(seen.figures.p_profit), seen.of("p_profit"), seen.shown)


def _of(column: Column, fill: Fill, means: str) -> tuple[str, BookColumn]:
    return column.id, BookColumn(column, fill, means)


COLUMNS: Mapping[str, BookColumn] = dict(
    (
        _of(Column("pnl", "P&L", 7), _pnl, "profit or loss in dollars, from the opening"),
        _of(Column("pnl_pct_credit", "% cr", 6), _pnl_pct_credit, "the same in % of the net credit"),
        _of(Column("mark", "mark", 5, rank=11), _mark, "what closing it costs, per share"),
        _of(Column("delta", "Δ", 5, rank=3), _greek("delta", 1), "dollars per index point"),
        _of(Column("gamma", "Γ", 6, rank=12), _greek("gamma", 3), "dollars of delta per index point"),
        _of(Column("theta", "Θ", 4, rank=6), _greek("theta", 0), "dollars a calendar day"),
        _of(Column("vega", "V", 5, rank=7), _greek("vega", 0), "dollars per vol point"),
        _of(Column("short_put_delta", "ΔP", 5, rank=4), _short_delta("P"), "delta of the short put"),
        _of(Column("short_call_delta", "ΔC", 4, rank=5), _short_delta("C"), "delta of the short call"),
        _of(Column("distance", "pts", 4, rank=9), _distance, "points to the nearer short strike"),
        _of(Column("distance_pct", "%", 6, rank=13), _distance_pct, "the same in % of the index"),
        _of(Column("distance_moves", "moves", 5, rank=8), _distance_moves, "the same in expected moves"),
        _of(
            Column("days", "days", 5, rank=1), _days, "days left; settles at the open (am) or the close (pm)"
        ),
        _of(Column("cushion", "cushion", 9, rank=2), _cushion, "room left to the lower/upper breakeven"),
        _of(Column("credit", "credit", 6, rank=10), _credit, "net credit per share"),
        _of(Column("max_loss", "max loss", 8, rank=16), _max_loss, "largest loss at expiry, in dollars"),
        _of(Column("margin", "margin", 7, rank=17), _margin, "widest side less the credit, in dollars"),
        _of(Column("p_profit", "P(win)", 6, rank=14), _p_profit, "chance to settle between the breakevens"),
    )
)
"""In the order they are shown in where the user has said nothing; the highest rank is left off first."""

TINY: Sequence[BookColumn] = (
    BookColumn(Column("pct", "%cr", 4), _bare_pct_credit, "profit or loss in % of the net credit"),
    BookColumn(Column("near_delta", "Δs", 5, rank=4), _near_delta, "delta of the nearer short strike"),
    BookColumn(Column("near", "pts", 4, rank=3), _distance, "points to the nearer short strike"),
    BookColumn(Column("days", "days", 5, rank=2), _days, "days left"),
    BookColumn(Column("least", "cush%", 5, rank=1), _least_cushion, "the smaller cushion"),
)
"""Where the screen is narrow."""


STAY = frozenset(("pnl", "pnl_pct_credit", "mark", "credit", "days", "pct"))
"""What is left to say of a position that is over."""


def filled(seen: Seen, columns: Iterable[BookColumn]) -> Iterator[Span]:
    over = days_in_words(seen.figures, seen.valuation) in (CLOSED, SETTLED)
    for column in columns:
        yield NOTHING if over and column.column.id not in STAY else column.fill(seen)


def chosen(look: Look) -> tuple[BookColumn, ...]:
    """The user's, the last of them left off first; else as many as fit."""
    if look.width < NARROW:
        return tuple(TINY)
    wanted = [COLUMNS[name] for name in look.columns if name in COLUMNS]
    return tuple(_ranked(wanted)) if wanted else tuple(COLUMNS.values())


def _ranked(wanted: Sequence[BookColumn]) -> Iterable[BookColumn]:
    for rank, column in enumerate(wanted):
        yield replace(column, column=replace(column.column, rank=rank))
