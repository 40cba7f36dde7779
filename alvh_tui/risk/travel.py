"""How far a condor's breakevens have moved since earlier sessions, and how fast the room before them goes.

What the position file and daily closes tell is exact for every session; what needs a market is known only
of sessions that were recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from alvh_tui.book.model import Condor
from alvh_tui.instruments.calendar import add_sessions, previous_session, sessions_between
from alvh_tui.market.types import History
from alvh_tui.risk.breakevens import KINDS, BreakevenKind, BreakevenTable
from alvh_tui.risk.migration import Migration, Sides
from alvh_tui.risk.positions import axis_unit

BACK = 5
"""Sessions the method looks back."""
PACED: tuple[BreakevenKind, ...] = ("expiry", "today", "today_path")
"""Of the others a trade in the hedge would look like a pace."""
BySides = Mapping[BreakevenKind, Sides]


@dataclass(frozen=True, slots=True)
class Standing:
    """A condor at the close of one session, or where it was first seen in it."""

    on: date
    spot: float | None
    """On the condor's own axis."""
    kinds: BySides
    rebuilt: bool = False
    """Nothing was recorded then: what the closes and the position file tell."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The movement of each kind that is known at both ends, lower and upper."""

    since: date
    rebuilt: bool
    points: BySides
    moves: BySides
    """In today's expected moves."""


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    of: "Traveller"
    """Whose it is; its trail has every session since the opening."""
    since_open: Moved
    since_steps: tuple[Moved, ...]
    """Since the close of the session of each adjustment."""
    since_close: Moved | None
    """Since the previous close; None where it was opened later."""
    since_five: Moved | None
    pace: BySides
    """Points a session by which the index and a breakeven come nearer; negative: further apart."""
    sessions_to_contact: BySides
    """At that pace; None where they do not come nearer, 0 where they have met."""
    pace_since: date
    pace_note: str


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What was recorded of one condor."""

    closes: Mapping[date, Standing] = field(default_factory=dict)
    entry: Standing | None = None
    """As it was first seen in the session it was opened in."""


NOTHING_RECORDED = Recorded()


@dataclass(frozen=True, slots=True, eq=False)
class Traveller:
    """One condor now, and what is known of it before."""

    condor: Condor
    table: BreakevenTable
    migration: Migration
    spot: float | None
    """On the condor's own axis."""
    expected_move: float | None
    session: date
    """The session the market is of."""
    history: History | None
    recorded: Recorded = NOTHING_RECORDED
    settled: bool = False
    """Nothing of it lives any more."""

    @property
    def now(self) -> Standing:
        kinds = {kind: (found.low, found.high) for kind, found in self.table.kinds.items()}
        return Standing(self.session, self.spot, kinds)

    def standing(self, day: date) -> Standing | None:
        """At the close of that session: as recorded, else as rebuilt; None before it was opened."""
        sides = [step.expiry for step in self.migration.steps if step.on <= day]
        if not sides:
            return None
        seen = self.recorded.closes.get(day)
        kinds = dict(seen.kinds) if seen is not None else {}
        kinds["expiry"] = sides[-1]
        spot = self._close_of(day)
        return Standing(day, seen.spot if spot is None and seen is not None else spot, kinds, seen is None)

    def trail(self) -> Iterator[Standing]:
        """Every session from the opening to the one before this, and now."""
        day = self.condor.opened_on
        while day < self.session:
            standing = self.standing(day)
            if standing is not None:
                yield standing
            day = add_sessions(day, 1)
        yield self.now

    def _close_of(self, day: date) -> float | None:
        close = None if self.history is None else self.history.close("spx", day)
        return None if close is None else close * axis_unit(self.condor)


def travel(traveller: Traveller, pace_sessions: int) -> Travel:
    now, steps, move = traveller.now, traveller.migration.steps, traveller.expected_move
    days = (previous_session(now.on), add_sessions(now.on, -BACK), *(step.on for step in steps[1:]))
    before, five, *adjusted = [
        None if then is None else _moved(then, now, move) for then in map(traveller.standing, days)
    ]
    start = max(add_sessions(now.on, -pace_sessions), steps[-1].on)
    pace, note = _pace(traveller, now, start)
    return Travel(
        of=traveller,
        since_open=_moved(_entry(traveller), now, move),
        since_steps=tuple(moved for moved in adjusted if moved is not None),
        since_close=before,
        since_five=five,
        pace=pace,
        sessions_to_contact={kind: _contact(_room(now, kind), sides) for kind, sides in pace.items()},
        pace_since=start,
        pace_note=note,
    )


def _entry(traveller: Traveller) -> Standing:
    entry, opening = traveller.recorded.entry, traveller.migration.steps[0]
    kinds = {} if entry is None else dict(entry.kinds)
    kinds["expiry"] = opening.expiry
    return Standing(opening.on, traveller.migration.spot_at_open, kinds, entry is None)


def _moved(then: Standing, now: Standing, expected_move: float | None) -> Moved:
    points: dict[BreakevenKind, Sides] = {}
    moves: dict[BreakevenKind, Sides] = {}
    for kind in KINDS:
        if kind in then.kinds:
            (low, high), (low_now, high_now) = then.kinds[kind], now.kinds[kind]
            points[kind] = _less(low_now, low), _less(high_now, high)
            moves[kind] = _over(points[kind][0], expected_move), _over(points[kind][1], expected_move)
    return Moved(then.on, then.rebuilt, points, moves)


def _pace(traveller: Traveller, now: Standing, start: date) -> tuple[dict[BreakevenKind, Sides], str]:
    """Since the last trade in the condor at the earliest: what a roll moves is no pace."""
    if traveller.settled:
        return {}, "it has settled"
    passed = sessions_between(start, now.on)
    then = traveller.standing(start)
    if passed < 1 or then is None:
        return {}, "traded in this session"
    if now.spot is None:
        return {}, "no level of the index"
    if then.spot is None:
        return {}, f"no close of the index on {start}"
    pace = {}
    for kind in PACED:
        (low_then, high_then), (low_now, high_now) = _room(then, kind), _room(now, kind)
        pace[kind] = _over(_less(low_then, low_now), passed), _over(_less(high_then, high_now), passed)
    return pace, ""


def _room(standing: Standing, kind: BreakevenKind) -> Sides:
    low, high = standing.kinds.get(kind, (None, None))
    return _less(standing.spot, low), _less(high, standing.spot)


def _contact(room: Sides, pace: Sides) -> Sides:
    return _sessions(room[0], pace[0]), _sessions(room[1], pace[1])


def _sessions(room: float | None, pace: float | None) -> float | None:
    if room is None:
        return None
    if room <= 0.0:
        return 0.0
    return room / pace if pace is not None and pace > 0.0 else None


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _over(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else a / b
