"""What the position file and the closes alone tell of how the breakevens moved, and the room that is left."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from alvh_tui.book.model import Adjustment, Condor
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.types import History
from alvh_tui.risk.breakevens import Breakevens
from alvh_tui.risk.migration import Migration, migrate
from tests.risk.worlds import YEAR_END, closes, condor, leg

ROLL = Adjustment(
    on=datetime(2026, 11, 18, 11, 0, tzinfo=NEW_YORK),
    legs=(leg(10, "SPXW", YEAR_END, "C", 7100.0), leg(-10, "SPXW", YEAR_END, "C", 7050.0)),
    credit=2.5,
    contracts=10,
    why="untested side rolled down",
)
OPENED = replace(condor(17.5), spot_at_open=6770.0)
ROLLED = replace(OPENED, adjustments=(ROLL,))


def of(
    held: Condor,
    low: float | None = 6380.0,
    high: float | None = 7070.0,
    spot: float | None = 6800.0,
    history: History | None = None,
    move: float | None = 400.0,
) -> Migration:
    return migrate(held, Breakevens(low, high), spot, history, move)


def test_each_trade_is_a_step() -> None:
    steps = of(ROLLED).steps
    assert [(step.on, step.why) for step in steps] == [
        (date(2026, 11, 16), ""),
        (date(2026, 11, 18), "untested side rolled down"),
    ]
    assert steps[0].expiry == pytest.approx((6382.5, 7117.5))
    assert steps[1].expiry == pytest.approx((6380.0, 7070.0))


def test_it_moved_by_what_the_roll_moved_it() -> None:
    found = of(ROLLED)
    assert found.moved == pytest.approx((-2.5, -47.5))
    assert found.moved_in_moves == pytest.approx((-2.5 / 400.0, -47.5 / 400.0))
    assert of(ROLLED, move=None).moved_in_moves == (None, None)


@pytest.mark.parametrize(
    ("spot", "low", "high"),
    [
        (6770.0, 1.0, 1.0),
        (6800.0, 417.5 / 387.5, 317.5 / 347.5),
        (6382.5, 0.0, 735.0 / 347.5),
        (6300.0, -82.5 / 387.5, 817.5 / 347.5),
        (7200.0, 817.5 / 387.5, -82.5 / 347.5),
    ],
)
def test_the_cushion_is_the_room_left_of_the_room_at_entry(spot: float, low: float, high: float) -> None:
    assert of(OPENED, 6382.5, 7117.5, spot).cushion == pytest.approx((low, high))


def test_a_side_without_a_breakeven_or_an_index_has_no_cushion() -> None:
    assert of(OPENED, None, 7117.5).cushion[0] is None
    assert of(OPENED, None, 7117.5).moved[0] is None
    assert of(OPENED, spot=None).cushion == (None, None)


def test_no_room_at_entry_is_no_room_to_lose() -> None:
    found = of(replace(condor(17.5), spot_at_open=6382.5), 6382.5, 7117.5)
    assert found.cushion[0] is None
    assert found.cushion[1] is not None


FRIDAY, MONDAY, TUESDAY = date(2026, 11, 13), date(2026, 11, 16), date(2026, 11, 17)


@pytest.mark.parametrize(
    ("series", "level"),
    [
        ({FRIDAY: 6700.0, MONDAY: 6750.0, TUESDAY: 6900.0}, 6750.0),
        ({FRIDAY: 6700.0, TUESDAY: 6900.0}, 6700.0),
        ({date(2026, 11, 12): 6700.0, TUESDAY: 6900.0}, None),
        ({MONDAY: float("nan")}, None),
        ({TUESDAY: 6900.0}, None),
    ],
)
def test_the_index_at_the_opening_is_looked_up_in_the_closes(
    series: dict[date, float], level: float | None
) -> None:
    found = of(condor(17.5), history=closes(spx=series))
    assert found.spot_at_open == level
    assert found.spot_origin == ("history" if level else "")
    assert (found.cushion[0] is None) is (level is None)


def test_the_file_comes_before_the_history() -> None:
    found = of(OPENED, history=closes(spx={MONDAY: 6000.0}))
    assert (found.spot_at_open, found.spot_origin) == (6770.0, "file")


def test_xsp_has_its_room_in_its_own_points() -> None:
    tenth = condor(1.75, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP")
    found = of(tenth, 638.25, 711.75, 6800.0, closes(spx={MONDAY: 6770.0}))
    assert found.spot_at_open == pytest.approx(677.0)
    assert found.cushion == pytest.approx((41.75 / 38.75, 31.75 / 34.75))
