"""Events: dates that ship, dates of the user's own, and what is said of figures nobody supplied."""

from collections import Counter
from datetime import date, timedelta
from math import nan

import pytest

from alvh_tui.instruments.calendar import is_session, sessions_between
from alvh_tui.market.types import Event
from alvh_tui.method.macro import calendar_of, events_named, shipped
from alvh_tui.method.measure import Measured, measure
from alvh_tui.method.rules import Rules
from alvh_tui.method.verdict import NO, UNKNOWN, YES
from tests.method.worlds import ZONES, closes, rules_with

CPI_ONLY = rules_with({"macro.inflation.prints": ("CPI",)})


def of(count: int, events: tuple[Event, ...], first: date, rules: Rules = ZONES) -> Measured:
    return measure(closes({"spx": [4000.0] * count, "vix": [20.0] * count}, first), events, rules)


def test_what_ships_for_2026_and_2027() -> None:
    dates = [found.event for found in shipped()]
    assert dates == sorted(dates, key=lambda event: event.on)
    decisions = [event.on for event in dates if event.name == "FOMC"]
    assert Counter(on.year for on in decisions) == {2026: 8, 2027: 8}
    assert all(on.weekday() == 2 and is_session(on) for on in decisions)
    minutes = {event.on for event in dates if event.name == "FOMC-minutes"}
    assert {on + timedelta(weeks=3) for on in decisions} == minutes
    assert Counter(event.on.year for event in dates if event.name == "CPI") == {2026: 12}
    for found in shipped():
        assert found.source
        assert found.event.actual is None
        assert ("not confirmed" in found.event.note) is not found.confirmed


def test_a_users_date_replaces_the_shipped_one_of_that_month() -> None:
    own = Event(date(2026, 12, 11), "cpi", "08:30", note="moved")
    merged = calendar_of((own,))
    december = [event for event in events_named(merged, "CPI") if event.on.month == 12]
    assert december == [own]
    assert [event.on for event in events_named(merged, "FOMC") if event.on.month == 12] == [
        date(2026, 12, 9),
        date(2027, 12, 8),
    ]


def test_sessions_to_the_next_event() -> None:
    found = of(30, (), date(2026, 11, 2))
    track = found.tracks["events.window"]
    ahead = {
        date(2026, 11, 2): (6, "CPI in 6"),
        date(2026, 11, 10): (0, "CPI in 0"),
        date(2026, 11, 12): (1, "PPI in 1"),
        date(2026, 11, 27): (8, "FOMC in 8"),
    }
    for row in range(30):
        day = found.closes.day(row)
        if day in ahead:
            count, said = ahead[day]
            assert track.reading[row] == count
            assert track.note(row).startswith(said)
            assert track.verdict[row] == (YES if count <= 5 else NO)
    assert track.reading[0] == sessions_between(date(2026, 11, 2), date(2026, 11, 10))


def test_where_dates_run_out_the_window_is_unknown() -> None:
    found = of(5, (), date(2027, 3, 1))
    track = found.tracks["events.window"]
    assert track.verdict[0] == UNKNOWN
    assert track.note(0) == "FOMC in 12, FOMC-minutes in 26, no date for CPI, no date for PPI"
    far = of(3, (), date(2015, 3, 2))
    assert set(far.tracks["events.window"].verdict.tolist()) == {UNKNOWN}


def cpi(day: int, actual: float | None, previous: float | None) -> Event:
    return Event(date(2022, 3, day), "CPI", "08:30", actual, previous)


@pytest.mark.parametrize(
    ("actual", "previous", "verdict", "word"),
    [
        (7.9, 7.5, YES, "rising"),
        (7.5, 7.5, NO, "contained"),
        (3.4, 3.3, NO, "contained"),
        (7.0, 7.5, NO, "falling"),
    ],
)
def test_inflation(actual: float, previous: float, verdict: int, word: str) -> None:
    found = of(10, (cpi(10, actual, previous),), date(2022, 3, 7), CPI_ONLY).tracks["macro.inflation"]
    assert found.verdict.tolist() == [UNKNOWN] * 3 + [verdict] * 7
    assert found.note(3) == f"CPI {word}, {actual:g} after {previous:g}, 2022-03-10"


def test_a_print_without_a_previous_one_is_held_against_the_print_before() -> None:
    events = (cpi(8, 7.5, None), cpi(10, 7.9, None))
    found = of(5, events, date(2022, 3, 7), CPI_ONLY).tracks["macro.inflation"]
    assert found.verdict.tolist() == [UNKNOWN, UNKNOWN, UNKNOWN, YES, YES]


def test_a_missing_print_is_waited_for_and_an_old_one_does_not_speak() -> None:
    both = of(5, (cpi(8, 7.0, 7.5),), date(2022, 3, 8)).tracks["macro.inflation"]
    assert both.verdict[2] == UNKNOWN
    assert both.note(2) == "CPI falling, 7 after 7.5, 2022-03-08, no PPI print"
    rising = of(5, (cpi(8, 8.0, 7.5),), date(2022, 3, 8)).tracks["macro.inflation"]
    assert rising.verdict[2] == YES
    stale = of(80, (cpi(8, 7.0, 7.5),), date(2022, 3, 8), CPI_ONLY)
    days = [stale.closes.day(row) for row in range(80)]
    for day, verdict in zip(days, stale.tracks["macro.inflation"].verdict.tolist(), strict=True):
        assert verdict == (NO if (day - date(2022, 3, 8)).days <= 63 else UNKNOWN)


def test_a_date_without_a_figure_is_not_a_print() -> None:
    found = of(5, (cpi(7, 8.0, 7.5), cpi(9, None, 8.0)), date(2022, 3, 7), CPI_ONLY)
    assert found.tracks["macro.inflation"].verdict.tolist() == [YES] * 5


def test_valuation_is_the_users_own() -> None:
    def figure(name: str, actual: float) -> Event:
        return Event(date(2026, 11, 3), name, actual=actual)

    none = of(3, (), date(2026, 11, 2)).tracks["macro.valuation"]
    assert set(none.verdict.tolist()) == {UNKNOWN}
    assert none.note(2) == "no PE and no PCF in the events file"
    rich = of(3, (figure("PE", 27.0),), date(2026, 11, 2)).tracks["macro.valuation"]
    assert rich.verdict.tolist() == [UNKNOWN, YES, YES]
    assert rich.note(2) == "PE 27 rich, 2026-11-03"
    cheap = of(3, (figure("PE", 12.0), figure("PCF", 12.0)), date(2026, 11, 2)).tracks["macro.valuation"]
    assert cheap.verdict[2] == NO
    assert cheap.note(2) == "PE 12 cheap, 2026-11-03, PCF 12 fair, 2026-11-03"
    either = of(3, (figure("PE", 20.0), figure("PCF", 18.0)), date(2026, 11, 2)).tracks["macro.valuation"]
    assert either.verdict[2] == YES


def test_a_strong_bid_holds_when_everything_is_known_and_quiet() -> None:
    import numpy as np

    random = np.random.default_rng(3)
    count = 120
    rising = 4000.0 * np.exp(np.cumsum(0.002 + random.normal(0.0, 0.002, count)))
    advances = random.integers(1800, 2200, count).astype(float)
    columns = {
        "spx": rising.tolist(),
        "vix": [14.0] * count,
        "advances": advances.tolist(),
        "declines": (3000.0 - advances).tolist(),
        "t10y3m": [*(1.0 + random.normal(0.0, 0.05, count - 10)), *[1.0] * 10],
        "dxy": [*(100.0 + random.normal(0.0, 0.3, count - 10)), *[100.0] * 10],
    }
    first, print_of_june = date(2022, 1, 3), (Event(date(2022, 6, 10), "CPI", actual=2.0, previous=2.0),)
    found = measure(closes(columns, first), print_of_june, CPI_ONLY)
    row = 115
    assert found.closes.day(row) > date(2022, 6, 10)
    assert found.tracks["bid.underlying"].verdict[row] == YES
    assert found.tracks["bid.underlying"].note(row) == ""
    unknown = columns | {"dxy": [nan] * count}
    found = measure(closes(unknown, first), print_of_june, CPI_ONLY)
    assert found.tracks["bid.underlying"].verdict[row] == UNKNOWN
