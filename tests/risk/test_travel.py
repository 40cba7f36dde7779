"""How far breakevens have moved, by what was recorded and what can be rebuilt; and at what pace."""

from dataclasses import replace
from datetime import date

import pytest

from alvh_tui.book.model import Adjustment, Condor
from alvh_tui.market.types import History
from alvh_tui.risk.breakevens import KINDS, Breakevens, BreakevenTable
from alvh_tui.risk.migration import migrate
from alvh_tui.risk.travel import NOTHING_RECORDED, Recorded, Standing, Travel, Traveller, travel
from tests.risk.worlds import YEAR_END, closes, condor, leg

FRIDAY, THURSDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 19), date(2026, 11, 16)
WEEK_AGO = date(2026, 11, 13)
LEVELS = {
    WEEK_AGO: 6900.0,
    MONDAY: 6880.0,
    date(2026, 11, 17): 6860.0,
    date(2026, 11, 18): 6850.0,
    THURSDAY: 6830.0,
}
OPENED = replace(condor(17.5), opened=date(2026, 11, 9), spot_at_open=6770.0)
ROLL = Adjustment(
    on=date(2026, 11, 18),
    legs=(leg(10, "SPXW", YEAR_END, "C", 7100.0), leg(-10, "SPXW", YEAR_END, "C", 7050.0)),
    credit=2.5,
    contracts=10,
    why="untested side rolled down",
)
ROLLED = replace(OPENED, adjustments=(ROLL,))


def traveller(
    held: Condor = OPENED,
    recorded: Recorded = NOTHING_RECORDED,
    spot: float | None = 6800.0,
    history: History | None = None,
    session: date = FRIDAY,
) -> Traveller:
    low, high = (6382.5, 7117.5) if held is not ROLLED else (6380.0, 7070.0)
    kinds = {kind: Breakevens(low, high) for kind in KINDS} | {"today": Breakevens(6500.0, 7000.0)}
    table = BreakevenTable(kinds, "VIX +1.6 per −1 %", (), ())
    history = closes(spx=LEVELS) if history is None else history
    migration = migrate(held, kinds["expiry"], spot, history, 400.0)
    return Traveller(held, table, migration, spot, 400.0, session, history, recorded)


def found(at: Traveller, sessions: int = 5) -> Travel:
    return travel(at, sessions)


def test_expiry_breakevens_need_no_record() -> None:
    moved = found(traveller(ROLLED))
    assert moved.since_open.points["expiry"] == pytest.approx((-2.5, -47.5))
    assert moved.since_open.moves["expiry"] == pytest.approx((-2.5 / 400.0, -47.5 / 400.0))
    assert moved.since_five is not None
    assert moved.since_five.since == WEEK_AGO
    assert moved.since_five.rebuilt
    assert moved.since_five.points["expiry"] == pytest.approx((-2.5, -47.5))
    assert moved.since_close is not None
    assert moved.since_close.since == THURSDAY
    assert moved.since_close.points["expiry"] == (0.0, 0.0)
    (step,) = moved.since_steps
    assert step.since == ROLL.on
    assert step.points["expiry"] == (0.0, 0.0)


def test_what_needs_a_market_is_unknown_unless_it_was_recorded() -> None:
    moved = found(traveller())
    assert moved.since_close is not None
    assert set(moved.since_close.points) == {"expiry"}
    seen = Standing(THURSDAY, 6829.0, {"today": (6490.0, None), "expiry": (1.0, 2.0)})
    moved = found(traveller(recorded=Recorded({THURSDAY: seen})))
    assert moved.since_close is not None
    assert not moved.since_close.rebuilt
    assert moved.since_close.points["today"] == (10.0, None)
    assert moved.since_close.points["expiry"] == (0.0, 0.0), "the position file knows better"


def test_since_the_opening_only_what_was_seen_in_its_session() -> None:
    assert set(found(traveller()).since_open.points) == {"expiry"}
    entry = Standing(OPENED.opened_on, 6770.0, {"today": (6450.0, 7050.0)})
    moved = found(traveller(recorded=Recorded(entry=entry))).since_open
    assert moved.points["today"] == (50.0, -50.0)
    assert not moved.rebuilt


def test_before_the_opening_there_is_nothing_to_move_from() -> None:
    moved = found(traveller(replace(OPENED, opened=THURSDAY)))
    assert moved.since_five is None
    assert moved.since_close is not None


def test_the_pace_is_the_room_lost_a_session() -> None:
    moved = found(traveller())
    assert moved.pace["expiry"] == pytest.approx((100.0 / 5, -100.0 / 5))
    assert moved.sessions_to_contact["expiry"] == (417.5 / 20.0, None)
    assert found(traveller(), 2).pace["expiry"] == pytest.approx((25.0, -25.0))
    assert found(traveller(), 2).pace_since == date(2026, 11, 18)


def test_what_a_roll_moves_is_no_pace() -> None:
    moved = found(traveller(ROLLED))
    assert moved.pace_since == ROLL.on
    assert moved.pace["expiry"] == pytest.approx((25.0, -25.0))


def test_the_pace_of_today_breakevens_needs_a_record() -> None:
    assert found(traveller()).pace["today"] == (None, None)
    seen = Standing(WEEK_AGO, 6900.0, {"today": (6520.0, 7010.0)})
    moved = found(traveller(recorded=Recorded({WEEK_AGO: seen})))
    assert moved.pace["today"] == pytest.approx((80.0 / 5, -90.0 / 5))
    assert moved.sessions_to_contact["today"] == (300.0 / 16.0, None)


def test_contact_is_now_where_the_index_is_beyond() -> None:
    assert found(traveller(spot=6300.0)).sessions_to_contact["expiry"] == (0.0, None)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (traveller(replace(OPENED, opened=FRIDAY)), "traded in this session"),
        (traveller(spot=None), "no level of the index"),
        (
            traveller(history=closes(spx={THURSDAY: 6830.0})),
            "no close of the index on 2026-11-13",
        ),
        (replace(traveller(), settled=True), "it has settled"),
    ],
)
def test_a_pace_that_cannot_be_told_says_why(at: Traveller, said: str) -> None:
    moved = found(at)
    assert moved.pace_note == said
    assert moved.pace == {}
    assert moved.sessions_to_contact == {}


def test_the_trail_has_every_session_and_says_which_were_rebuilt() -> None:
    seen = Standing(MONDAY, 6881.0, {"today": (6480.0, 7040.0)})
    trail = list(traveller(ROLLED, Recorded({MONDAY: seen})).trail())
    assert [standing.on for standing in trail[-6:]] == [*LEVELS, FRIDAY]
    assert [standing.rebuilt for standing in trail[-6:]] == [True, False, True, True, True, False]
    assert trail[-5].spot == 6880.0, "the official close counts"
    assert trail[-5].kinds["today"] == (6480.0, 7040.0)
    assert trail[-4].kinds["expiry"] == pytest.approx((6382.5, 7117.5))
    assert trail[-3].kinds["expiry"] == pytest.approx((6380.0, 7070.0))
