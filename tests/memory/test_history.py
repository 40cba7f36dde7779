"""What is recorded of each refresh, how it reads back, and what is left of it with age."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alvh_tui.assess import Assessment, assess
from alvh_tui.instruments.calendar import NEW_YORK, add_sessions, sessions_between
from alvh_tui.memory.history import History, Line
from alvh_tui.memory.store import Store
from alvh_tui.method.attention import Attention, Severity
from tests.memory.worlds import BOOK, FRIDAY, RULES, TENSE, at, later, market, seen

MONDAY = add_sessions(FRIDAY, 1)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(Store(tmp_path / "book.sqlite"))


def moments(line: Line) -> list[datetime]:
    return [datetime.fromtimestamp(second, NEW_YORK) for second in line.times.tolist()]


def points(line: Line) -> list[tuple[datetime, float]]:
    return list(zip(moments(line), line.values.tolist(), strict=True))


def record(history: History, *assessments: Assessment) -> list[bool]:
    found = [history.record(assessment) for assessment in assessments]
    return [recorded is not None and recorded.point for recorded in found]


def test_a_point_a_minute(history: History) -> None:
    clocks = ("11:00:00", "11:00:30", "11:00:59", "11:01:00", "11:02:30")
    done = record(history, *(seen(at(clock), 6800.0 + n) for n, clock in enumerate(clocks)))
    assert done == [True, False, False, True, True]
    assert points(history.series("market.spx")) == [
        (at("11:00:00"), 6800.0),
        (at("11:01:00"), 6803.0),
        (at("11:02:30"), 6804.0),
    ]


def test_figures_are_those_of_the_assessment(history: History) -> None:
    assessment = seen(at())
    record(history, assessment)
    held = assessment.positions[0]
    assert held.breakevens is not None
    assert held.migration is not None
    assert held.figures.greeks is not None
    expected = {
        "condor.dec-31.pnl": held.figures.pnl,
        "condor.dec-31.gamma": held.figures.greeks.gamma,
        "condor.dec-31.today_path.low": held.breakevens.kinds["today_path"].low,
        "condor.dec-31.cushion.high": held.migration.cushion[1],
        "book.coverage": assessment.totals.vega_coverage,
        "book.theta": assessment.totals.net_theta,
        "hedge.L1-jan.pnl": assessment.positions[1].figures.pnl,
        "signal.vix.level": next(s.reading for s in assessment.judgement.signals if s.id == "vix.level"),
    }
    for name, figure in expected.items():
        assert history.series(name).values.tolist() == [pytest.approx(figure, abs=0.0051)], name
    assert set(expected) <= set(history.names())


def test_what_is_unknown_is_a_gap_and_not_zero(history: History) -> None:
    assessments = [seen(at(clock)) for clock in ("11:00", "11:01", "11:02")]
    blind = replace(assessments[1], totals=replace(assessments[1].totals, pnl=None))
    record(history, assessments[0], blind, assessments[2])
    known = np.isfinite(history.series("book.pnl").values).tolist()
    assert known == [True, False, True]
    assert not len(history.series("book.nothing").times)


def test_a_change_of_state_is_kept_within_the_minute(history: History) -> None:
    record(history, seen(at("11:00:00")), seen(at("11:00:30"), vix=TENSE))
    assert moments(history.series("market.vix")) == [at("11:00:00"), at("11:00:30")]
    changes = [(change.at, change.state) for change in history.states("layer.L1")]
    assert changes == [(at("11:00:00"), "idle"), (at("11:00:30"), "triggered")]


def test_an_edited_book_is_a_change_in_a_market_that_stands(history: History) -> None:
    rolled = replace(BOOK, condors=(replace(BOOK.condors[0], credit=18.0),))
    taken = at("11:00")
    assert record(history, seen(at("11:00")), seen(at("11:00:20"), taken=taken)) == [True, False]
    assert record(history, seen(at("11:00:40"), book=rolled, taken=taken)) == [True]
    assert len(history.states("book")) == 2


def test_an_older_market_than_the_last_adds_nothing(history: History) -> None:
    assert record(history, seen(at("11:05"))) == [True]
    assert record(history, seen(at("11:06"), taken=at("11:04"), vix=TENSE)) == [False]


def test_the_close_is_the_last_while_options_trade_after_the_bell(history: History) -> None:
    clocks = ("15:59", "16:01", "16:10", "16:15", "20:30")
    found = [history.record(seen(at(clock), 6800.0 + n)) for n, clock in enumerate(clocks)]
    assert [recorded and recorded.closed for recorded in found] == [None, FRIDAY, FRIDAY, None, None]
    assert moments(history.series("market.spx")) == [at(clock) for clock in clocks[:3]]
    closes = history.closes("market.spx")
    assert (closes.days.tolist(), closes.values.tolist()) == ([FRIDAY], [6802.0])
    assert closes.final.tolist() == [True]


def test_delayed_quotes_bring_the_close_later(history: History) -> None:
    late = replace(market(at("16:10")), delay=timedelta(minutes=15))
    recorded = history.record(assess(BOOK, late, RULES, at("16:10")))
    assert recorded is not None
    assert (recorded.point, recorded.closed) == (True, None)
    later_still = replace(market(at("16:16")), delay=timedelta(minutes=15))
    recorded = history.record(assess(BOOK, later_still, RULES, at("16:16")))
    assert recorded is not None
    assert recorded.closed == FRIDAY


def test_a_close_taken_at_the_weekend_is_of_friday(history: History) -> None:
    saturday = at("10:00", FRIDAY + timedelta(days=1))
    assert record(history, seen(saturday)) == [True]
    closes = history.closes("market.spx")
    assert closes.days.tolist() == [FRIDAY]
    assert points(history.series("market.spx"))[0][0] == at("16:15")


def test_quotes_from_before_the_bell_are_no_close(history: History) -> None:
    assert record(history, seen(at("16:30"), taken=at("15:50"))) == [False]


def test_a_session_that_was_left_early_has_its_last_point_for_a_close(history: History) -> None:
    record(history, seen(at("10:00")), seen(at("14:59"), 6811.0))
    closes = history.closes("market.spx")
    assert (closes.values.tolist(), closes.final.tolist()) == ([6811.0], [False])
    record(history, seen(later(1), 6790.0))
    closes = history.closes("market.spx")
    assert closes.days.tolist() == [FRIDAY, MONDAY]
    assert (closes.values.tolist(), closes.final.tolist()) == ([6811.0, 6790.0], [False, False])


def test_spans_are_cut_at_both_ends(history: History) -> None:
    record(history, *(seen(at(f"11:0{n}")) for n in range(5)), seen(later(1)))
    assert moments(history.series("market.spx", at("11:01"), at("11:03"))) == [
        at("11:01"),
        at("11:02"),
        at("11:03"),
    ]
    assert moments(history.series("market.spx", at("11:04"), None)) == [at("11:04"), later(1)]
    assert history.closes("market.spx", MONDAY, MONDAY).days.tolist() == [MONDAY]
    assert not len(history.series("market.spx", later(2)).times)


BACK = (75, 74, 40, 7, 6, 5, 1, 0)
CLOCKS = ("09:31", "09:32", "09:44", "09:45", "09:46", "11:00", "16:20")
CHANGES = ("09:44", "09:45")
"""When L1 triggers, and is calm again."""


def a_past(history: History) -> dict[tuple[date, str], float]:
    """Records several clocks of several sessions."""
    written: dict[tuple[date, str], float] = {}
    for back in BACK:
        day = add_sessions(FRIDAY, -back)
        for n, clock in enumerate(CLOCKS):
            vix = TENSE if clock == "09:44" else 14.0
            record(history, seen(at(clock, day), 6800.0 - back + n / 4, vix=vix))
            written[day, clock] = 6800.0 - back + n / 4
    return written


def test_points_are_thinned_with_age_and_no_close_or_change_is_lost(history: History) -> None:
    written = a_past(history)
    expected = {}
    for (day, clock), value in written.items():
        back = sessions_between(day, FRIDAY)
        begins_a_quarter = clock in ("09:31", "09:45", "11:00")
        begins_it_all = (back, clock) == (75, "09:31")
        stays = back <= 5 or clock in CHANGES or (back <= 65 and begins_a_quarter) or begins_it_all
        if clock == "16:20":
            expected[day, "16:15"] = value
        elif stays:
            expected[day, clock] = value
    found = points(history.series("market.spx"))
    assert {(moment.date(), f"{moment:%H:%M}"): value for moment, value in found} == expected
    closes = history.closes("market.spx")
    assert closes.days.tolist() == [add_sessions(FRIDAY, -back) for back in BACK]
    assert closes.final.all()


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 390), st.booleans()), min_size=1, max_size=12))
def test_every_close_and_every_change_reads_back(
    tmp_path_factory: pytest.TempPathFactory, told: list[tuple[int, int, bool]]
) -> None:
    """Sessions ten apart, minutes of each, and whether VIX is high then."""
    history = History(Store(tmp_path_factory.mktemp("h") / "book.sqlite"))
    before, changes, last = None, [], {}
    for step, minute, tense in sorted(set(told)):
        moment = at("09:30", add_sessions(FRIDAY, 10 * step)) + timedelta(minutes=minute)
        spot = 6700.0 + minute / 4
        if not record(history, seen(moment, spot, vix=TENSE if tense else 14.0))[0]:
            continue
        last[moment.date()] = spot
        if before is not tense:
            changes.append((moment, spot))
        before = tense
    closes = history.closes("market.spx")
    assert dict(zip(closes.days.tolist(), closes.values.tolist(), strict=True)) == last
    kept = points(history.series("market.spx"))
    assert [change for change in changes if change not in kept] == []


def test_a_late_change_stays_with_its_session(history: History) -> None:
    evening = replace(BOOK, condors=(replace(BOOK.condors[0], credit=18.0),))
    record(history, seen(at("16:20")), seen(at("18:00", FRIDAY + timedelta(days=2)), book=evening))
    record(history, seen(later(1), book=evening))
    sunday = FRIDAY + timedelta(days=2)
    found = history.series("market.spx", at("17:00", sunday), at("19:00", sunday))
    assert moments(found) == [at("18:00", sunday)]
    assert history.closes("market.spx").days.tolist() == [FRIDAY, MONDAY]


def test_what_needs_attention_changes_without_a_point_of_its_own(history: History) -> None:
    quiet, soon = seen(at("11:00:00")), seen(at("11:00:20"))
    item = Attention(Severity.SOON, "dec-31", "expires within 21 days", "condor.expiry")
    soon = replace(soon, judgement=replace(soon.judgement, attention=(item,)))
    assert record(history, quiet, soon, seen(at("11:00:40"))) == [True, False, False]
    changes = history.states("attention.dec-31.condor.expiry")
    assert [(change.at, change.state) for change in changes] == [
        (at("11:00:20"), "soon"),
        (at("11:00:40"), ""),
    ]


def test_quotes_of_the_day_before_are_its_close_and_no_point_of_today(history: History) -> None:
    opening = replace(market(at("09:40")), delay=timedelta(minutes=15))
    recorded = history.record(assess(BOOK, opening, RULES, at("09:40")))
    assert recorded is not None
    thursday = add_sessions(FRIDAY, -1)
    assert recorded.closed == thursday
    assert history.closes("market.spx").days.tolist() == [thursday]
    ordinary = replace(market(at("09:41")), delay=timedelta(minutes=15))
    assert record(history, assess(BOOK, ordinary, RULES, at("09:41"))) == [False]
