"""The loop, turn by turn with a clock and a feed handed in, and on its own thread."""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.assess import Assessment, assess
from alvh_tui.changes import News, changes_between
from alvh_tui.desk import PATIENCE, WatchedDesk
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot, Quote, Source, SourceState
from alvh_tui.monitor import ENDED, EVERY, Frame, Monitor

AT = datetime(2026, 11, 20, 11, 0, tzinfo=NEW_YORK)
OPEN = EVERY["open"]
SECOND = timedelta(seconds=1)
BOOK = """\
schema = 1
[[condor]]
id = "dec"
legs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"
credit = 8.35
opened = 2026-11-04
"""


class Clock:
    def __init__(self) -> None:
        self.time = AT
        self.speed = 1.0

    def now(self) -> datetime:
        return self.time

    def pass_by(self, passed: timedelta) -> None:
        self.time += passed


class FakeFeed:
    """Answers with a small market; a test may replace the answer."""

    name = "fake"

    def __init__(self) -> None:
        self.asked: list[tuple[Contract, ...]] = []
        self.answer: Callable[[datetime], MarketSnapshot] = small_market

    def snapshot(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        self.asked.append(tuple(contracts))
        return self.answer(at)


def small_market(at: datetime) -> MarketSnapshot:
    source = Source("fake.quotes", SourceState.FRESH, at, at)
    levels = {"^SPX": 6800.0, "^VIX": 17.0}
    quotes = {name: Quote(name, last=level, time=at) for name, level in levels.items()}
    return MarketSnapshot(at, quotes=quotes, sources=(source,))


def unavailable(at: datetime) -> MarketSnapshot:
    raise FeedUnavailableError("the network is down")


class Rig:
    """A monitor and everything handed to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text(BOOK)
        self.clock = Clock()
        self.feed = FakeFeed()
        self.desk = WatchedDesk(path)
        self.monitor = Monitor(self.desk, self.feed, self.clock, look_every=0.002)
        self.frames: list[Frame] = []
        self.told = threading.Semaphore(0)
        self.monitor.listen(self._hear)

    def _hear(self, frame: Frame) -> None:
        self.frames.append(frame)
        self.told.release()

    def turns(self, count: int) -> list[Frame]:
        """The frames of so many turns of the loop."""
        before = len(self.frames)
        for _ in range(count):
            self.monitor.turn()
        return self.frames[before:]

    def wait(self) -> Frame:
        assert self.told.acquire(timeout=5)
        return self.frames[-1]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path / "book.toml")
    yield rig
    rig.monitor.stop()


def test_the_first_turn_fetches_and_tells(rig: Rig) -> None:
    (frame,) = rig.turns(1)
    assert frame.seq == 1
    assert frame.error is None
    assert frame.at == AT
    assert frame.next_at == AT + OPEN
    assert frame.assessment is not None
    assert frame.assessment.valuation.spot == 6800.0
    assert {contract.strike for contract in rig.feed.asked[0]} == {6350.0, 6400.0, 7100.0, 7150.0}
    assert rig.monitor.frame is frame


def test_nothing_happens_before_it_is_due(rig: Rig) -> None:
    rig.turns(1)
    rig.clock.pass_by(OPEN - SECOND)
    assert rig.turns(5) == []
    rig.clock.pass_by(SECOND)
    (frame,) = rig.turns(5)
    assert frame.seq == 2


def test_the_next_run_counts_from_the_end_of_this_one(rig: Rig) -> None:
    def slowly(at: datetime) -> MarketSnapshot:
        rig.clock.pass_by(20 * SECOND)
        return small_market(at)

    rig.feed.answer = slowly
    (frame,) = rig.turns(1)
    assert frame.at == AT + 20 * SECOND
    assert frame.next_at == AT + 20 * SECOND + OPEN


def test_the_time_an_assessment_takes_counts_as_well(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def slowly(*given: Any) -> Assessment:
        rig.clock.pass_by(5 * SECOND)
        return assess(*given)

    monkeypatch.setattr("alvh_tui.monitor.assess", slowly)
    (frame,) = rig.turns(1)
    assert frame.at == AT
    assert frame.next_at == AT + 5 * SECOND + OPEN


@pytest.mark.parametrize(
    ("time", "session"),
    [
        ("2026-11-20T08:00", "pre"),
        ("2026-11-20T10:00", "open"),
        ("2026-11-20T17:00", "post"),
        ("2026-11-21T10:00", "closed"),
        ("2026-11-26T10:00", "holiday"),
    ],
)
def test_how_often_depends_on_the_session(rig: Rig, time: str, session: str) -> None:
    rig.clock.time = datetime.fromisoformat(time).replace(tzinfo=NEW_YORK)
    (frame,) = rig.turns(1)
    assert frame.next_at == rig.clock.time + EVERY[session]  # type: ignore[index]


def test_the_interval_can_be_changed_between_runs(rig: Rig) -> None:
    rig.turns(1)
    rig.monitor.set_interval(10 * SECOND)
    rig.clock.pass_by(10 * SECOND)
    (frame,) = rig.turns(1)
    assert frame.next_at == AT + 20 * SECOND
    rig.monitor.set_interval(None)
    rig.clock.pass_by(OPEN - SECOND)
    assert rig.turns(1) == []
    rig.clock.pass_by(SECOND)
    assert len(rig.turns(1)) == 1


def test_outside_hours_an_interval_makes_nothing_faster(rig: Rig) -> None:
    rig.clock.time = datetime(2026, 11, 21, 11, 0, tzinfo=NEW_YORK)
    rig.monitor.set_interval(SECOND)
    (frame,) = rig.turns(1)
    assert frame.next_at == rig.clock.time + EVERY["closed"]


def test_a_pause_fetches_nothing_but_what_is_asked_for(rig: Rig) -> None:
    rig.turns(1)
    rig.monitor.pause()
    rig.clock.pass_by(10 * OPEN)
    assert rig.turns(3) == []
    assert rig.monitor.paused
    rig.monitor.refresh()
    (frame,) = rig.turns(3)
    assert frame.next_at is None
    rig.monitor.resume()
    rig.clock.pass_by(OPEN)
    assert len(rig.turns(3)) == 1


def test_waiting_runs_at_the_clocks_speed(rig: Rig) -> None:
    rig.monitor = Monitor(rig.desk, rig.feed, rig.clock, look_every=60.0)
    assert rig.monitor.turn() == OPEN.total_seconds()
    rig.clock.speed = 60.0
    assert rig.monitor.turn() == OPEN.total_seconds() / 60.0
    rig.clock.speed = 0.0
    assert rig.monitor.turn() == 60.0


class RememberingFakeFeed(FakeFeed):
    """One that has answers of yesterday, and says when it has something to ask for."""

    due_in = timedelta(0)
    interval: timedelta | None = None

    def on_disk(self, contracts: Sequence[Contract], at: datetime) -> MarketSnapshot:
        if self.due_in > OPEN:
            raise FeedUnavailableError("nothing on disk")
        return small_market(at - timedelta(days=1))

    def next_due(self, contracts: Sequence[Contract], at: datetime) -> datetime:
        return at + self.due_in

    def set_interval(self, interval: timedelta | None) -> None:
        self.interval = interval

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def remembering(rig: Rig) -> RememberingFakeFeed:
    feed = RememberingFakeFeed()
    rig.monitor = Monitor(rig.desk, feed, rig.clock)
    rig.monitor.listen(rig.frames.append)
    return feed


def test_what_is_on_disk_is_shown_before_the_network_is_asked(
    rig: Rig, remembering: RememberingFakeFeed
) -> None:
    remembering.answer = unavailable
    first, second = rig.turns(1)
    assert first.assessment is not None
    assert first.error is None
    assert second.error == "the network is down"
    rig.clock.pass_by(SECOND)
    assert len(rig.turns(1)) == 1


def test_the_interval_reaches_the_feed(rig: Rig, remembering: RememberingFakeFeed) -> None:
    rig.monitor.set_interval(10 * SECOND)
    assert remembering.interval == 10 * SECOND


def test_a_watcher_that_wants_news_only_skips_what_is_on_disk(
    rig: Rig, remembering: RememberingFakeFeed
) -> None:
    rig.monitor = Monitor(rig.desk, remembering, rig.clock, disk_first=False)
    rig.monitor.listen(rig.frames.append)
    (frame,) = rig.turns(1)
    assert frame.assessment is not None
    assert frame.assessment.market.time == AT


@pytest.mark.parametrize(("due", "expected"), [(0, 1), (10, 10), (300, 30)])
def test_a_feed_may_want_to_be_asked_sooner(
    rig: Rig, remembering: RememberingFakeFeed, due: int, expected: int
) -> None:
    remembering.due_in = due * SECOND
    frame = rig.turns(1)[-1]
    assert frame.next_at == AT + expected * SECOND
    assert len(rig.frames) == (2 if due < 30 else 1)


def test_without_any_market_the_frame_says_why(rig: Rig) -> None:
    rig.feed.answer = unavailable
    (frame,) = rig.turns(1)
    assert frame.assessment is None
    assert frame.error == "the network is down"
    assert frame.next_at == AT + OPEN


def test_the_last_good_market_stays_and_its_sources_say_since_when_they_fail(rig: Rig) -> None:
    rig.turns(1)
    rig.feed.answer = unavailable
    rig.clock.pass_by(OPEN)
    rig.turns(1)
    rig.clock.pass_by(OPEN)
    (frame,) = rig.turns(1)
    assert frame.assessment is not None
    assert frame.assessment.valuation.spot == 6800.0
    assert frame.assessment.at == AT + 2 * OPEN
    (source,) = frame.assessment.market.sources
    assert (source.state, source.error, source.since) == (
        SourceState.FAILED,
        "the network is down",
        AT + OPEN,
    )
    rig.feed.answer = small_market
    rig.clock.pass_by(OPEN)
    (frame,) = rig.turns(1)
    assert frame.error is None
    assert frame.assessment is not None
    assert frame.assessment.market.sources[0].state is SourceState.FRESH


@pytest.mark.parametrize(
    "fault", [OSError("no route"), ValueError("bad"), KeyError("puts"), ZeroDivisionError()]
)
def test_what_nobody_foresaw_is_told_and_survived(rig: Rig, fault: Exception) -> None:
    def failing(at: datetime) -> MarketSnapshot:
        raise fault

    rig.feed.answer = failing
    (frame,) = rig.turns(1)
    assert frame.error is not None
    assert type(fault).__name__ in frame.error
    rig.feed.answer = small_market
    rig.clock.pass_by(OPEN)
    (frame,) = rig.turns(1)
    assert frame.error is None


def test_a_market_that_cannot_be_assessed_is_told_and_survived(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise ValueError("no such strike")

    with monkeypatch.context() as patched:
        patched.setattr("alvh_tui.monitor.assess", fails)
        (frame,) = rig.turns(1)
    assert frame.assessment is None
    assert frame.error == "this market could not be assessed: ValueError: no such strike"
    rig.clock.pass_by(OPEN)
    (frame,) = rig.turns(1)
    assert frame.assessment is not None


def test_an_edited_book_is_assessed_in_the_market_that_is_there(rig: Rig) -> None:
    rig.turns(1)
    rig.path.write_text(BOOK.replace("8.35", "9.35"))
    assert rig.turns(1) == []
    (frame,) = rig.turns(1)
    assert frame.assessment is not None
    assert frame.assessment.book.condors[0].credit == 9.35
    assert frame.next_at == AT + OPEN
    assert len(rig.feed.asked) == 1


def test_new_contracts_are_fetched_at_once(rig: Rig) -> None:
    rig.turns(1)
    rig.path.write_text(BOOK.replace("6350P", "6300P"))
    (frame,) = rig.turns(2)
    assert len(rig.feed.asked) == 2
    assert frame.assessment is not None


def test_a_broken_edit_keeps_the_last_good_book(rig: Rig) -> None:
    rig.turns(1)
    rig.path.write_text(BOOK.replace("credit", "crdit"))
    (frame,) = rig.turns(2)
    assert frame.assessment is not None
    assert frame.assessment.book.condors[0].credit == 8.35
    assert any("crdit" in str(problem) for problem in frame.problems)
    rig.path.write_text(BOOK)
    (frame,) = rig.turns(2)
    assert frame.problems == ()


def test_a_save_in_progress_is_no_event(rig: Rig) -> None:
    rig.turns(1)
    for size in (0, 20, 90):
        rig.path.write_text(BOOK[:size])
        assert rig.turns(1) == []
    rig.path.write_text(BOOK + "\n")
    assert rig.turns(3) == []
    rig.path.unlink()
    assert rig.turns(PATIENCE) == []
    rig.path.write_text(BOOK)
    assert rig.turns(3) == []


def test_a_book_that_stays_away_is_news(rig: Rig) -> None:
    rig.turns(1)
    rig.path.unlink()
    (frame,) = rig.turns(PATIENCE + 1)
    assert frame.assessment is not None
    assert "there is no such file" in str(frame.problems[0])
    assert rig.turns(5) == []


def test_a_book_that_was_never_sound_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    rig = Rig(path)
    path.write_text("[[condor]\n")
    rig.desk = WatchedDesk(path)
    rig.monitor = Monitor(rig.desk, rig.feed, rig.clock)
    rig.monitor.listen(rig.frames.append)
    (frame,) = rig.turns(1)
    assert (frame.assessment, rig.feed.asked) == (None, [])
    assert frame.problems
    path.write_text(BOOK)
    (frame,) = rig.turns(2)
    assert frame.assessment is not None


def test_a_rules_file_is_watched_as_well(rig: Rig, tmp_path: Path) -> None:
    rules = tmp_path / "mine.toml"
    rules.write_text("[condor.pcf]\nminimum = 3.0\n")
    rig.path.write_text('schema = 1\n[account]\nrules = "mine.toml"\n' + BOOK.removeprefix("schema = 1\n"))
    rig.turns(3)
    before = rig.desk.desk
    rules.write_text("[condor.pcf]\nminumum = 3.5\n")
    (frame,) = rig.turns(2)
    assert rig.desk.desk.book is before.book
    assert any("mine.toml" in problem.file for problem in frame.problems)


def test_on_its_thread_it_runs_and_stops(rig: Rig) -> None:
    rig.monitor.start()
    assert rig.wait().seq == 1
    rig.monitor.refresh()
    assert rig.wait().seq == 2
    assert rig.monitor.stop()
    rig.monitor.refresh()
    assert len(rig.frames) == 2


def test_what_is_asked_during_a_run_is_one_run_more(rig: Rig) -> None:
    fetching, go_on = threading.Event(), threading.Event()

    def blocked(at: datetime) -> MarketSnapshot:
        fetching.set()
        assert go_on.wait(5)
        return small_market(at)

    rig.feed.answer = blocked
    rig.monitor.start()
    assert fetching.wait(5)
    for _ in range(5):
        rig.monitor.refresh()
    go_on.set()
    rig.wait()
    rig.wait()
    rig.monitor.pause()
    assert rig.monitor.stop()
    assert [frame.seq for frame in rig.frames] == [1, 2]
    assert len(rig.feed.asked) == 2


def test_it_stops_in_a_second_whatever_the_network_does(rig: Rig) -> None:
    fetching, go_on = threading.Event(), threading.Event()

    def hanging(at: datetime) -> MarketSnapshot:
        fetching.set()
        assert go_on.wait(10)
        return small_market(at)

    rig.feed.answer = hanging
    rig.monitor.start()
    assert fetching.wait(5)
    began = time.monotonic()
    assert not rig.monitor.stop(within=0.01)
    assert time.monotonic() - began < 0.5
    go_on.set()
    assert rig.monitor.stop()
    assert rig.frames == []


def test_nothing_is_told_once_it_was_stopped(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped_meanwhile(*given: Any) -> Assessment:
        rig.monitor.stop()
        return assess(*given)

    monkeypatch.setattr("alvh_tui.monitor.assess", stopped_meanwhile)
    assert rig.turns(1) == []
    assert rig.monitor.frame is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_of_its_own_is_the_end_and_is_told(rig: Rig) -> None:
    def faulty(at: datetime) -> MarketSnapshot:
        raise TypeError("a mistake in the program")

    rig.feed.answer = faulty
    rig.monitor.start()
    frame = rig.wait()
    assert frame.error == ENDED
    assert frame.next_at is None


def test_a_long_day_of_faults(rig: Rig) -> None:
    """Every frame is of a fresh market, or says what is wrong; none is lost, and nothing stands still."""
    dice = random.Random(4)

    def moody(at: datetime) -> MarketSnapshot:
        fault = dice.choice([None, None, FeedUnavailableError("offline"), OSError("reset"), ValueError("{")])
        if fault is not None:
            raise fault
        return small_market(at)

    rig.feed.answer = moody
    for minute in range(150):
        rig.clock.pass_by(OPEN)
        text = dice.choice([BOOK, BOOK, BOOK.replace("8.35", f"{3 + minute / 100:.2f}"), BOOK[:60]])
        rig.path.write_text(text)
        rig.turns(1)
    assert [frame.seq for frame in rig.frames] == list(range(1, len(rig.frames) + 1))
    assert len(rig.frames) >= 150
    for frame in rig.frames:
        states = {source.state for source in frame.assessment.market.sources} if frame.assessment else set()
        assert frame.next_at is not None
        assert (frame.error is None) == (states == {SourceState.FRESH})


def test_the_log_names_no_position_and_no_amount(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    def failing(at: datetime) -> MarketSnapshot:
        raise ValueError("SPXW261218P06400000 at 9.25")

    with caplog.at_level(logging.INFO, "alvh_tui"):
        rig.turns(1)
        rig.feed.answer = failing
        rig.clock.pass_by(OPEN)
        rig.turns(1)
    assert "fake failed: ValueError" in caplog.text
    assert "SPXW" not in caplog.text
    assert "6800" not in caplog.text


def test_news_is_all_at_first_and_then_what_changed(rig: Rig) -> None:
    news = News()
    (first,) = rig.turns(1)
    told = {(change.kind, change.name): change for change in news.of(first)}
    assert told["source", "fake.quotes"].after == "fresh"
    assert ("layer", "L1") in told
    rig.clock.pass_by(OPEN)
    (second,) = rig.turns(1)
    assert news.of(second) == ()
    rig.feed.answer = unavailable
    rig.clock.pass_by(OPEN)
    (third,) = rig.turns(1)
    changes = {(change.kind, change.before, change.after) for change in news.of(third)}
    assert {("market", "fine", "failed"), ("source", "fresh", "failed")} <= changes
    assert ("attention", None, "soon") in changes


def test_the_book_is_news_when_it_breaks_and_when_it_is_whole_again(rig: Rig) -> None:
    news = News()
    news.of(rig.turns(1)[0])
    rig.path.write_text(BOOK.replace("credit", "crdit"))
    broken = news.of(rig.turns(2)[0])
    assert [change.kind for change in broken] == ["book"] * len(broken)
    assert (broken[0].before, broken[0].after) == ("sound", "broken")
    assert any("crdit" in change.text for change in broken[1:])
    rig.path.write_text(BOOK)
    (mended,) = news.of(rig.turns(2)[0])
    assert (mended.before, mended.after, mended.text) == ("broken", "sound", "read again")


def test_a_frame_without_an_assessment_forgets_nothing(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    news = News()
    news.of(rig.turns(1)[0])

    def fails(*_: object) -> None:
        raise ValueError("no such strike")

    with monkeypatch.context() as patched:
        patched.setattr("alvh_tui.monitor.assess", fails)
        rig.clock.pass_by(OPEN)
        (change,) = news.of(rig.turns(1)[0])
    assert (change.kind, change.after) == ("market", "failed")
    rig.clock.pass_by(OPEN)
    (change,) = news.of(rig.turns(1)[0])
    assert (change.kind, change.after) == ("market", "fine")


def test_a_failure_is_news_once_and_another_cause_is_news_again(rig: Rig) -> None:
    news, told = News(), []
    for error in (
        "offline, next try 10:31",
        "offline, next try 10:32",
        "HTTP 429, next try 10:40",
        "HTTP 503, next try 10:50",
    ):

        def failing(at: datetime, error: str = error) -> MarketSnapshot:
            raise FeedUnavailableError(error)

        rig.feed.answer = failing
        told.append([change.text for change in news.of(rig.turns(1)[0])])
        rig.clock.pass_by(OPEN)
    assert told == [
        ["offline, next try 10:31"],
        [],
        ["HTTP 429, next try 10:40"],
        ["HTTP 503, next try 10:50"],
    ]


def test_changing_figures_are_no_news(rig: Rig) -> None:
    (first,) = rig.turns(1)

    def near(at: datetime) -> MarketSnapshot:
        market = small_market(at)
        quotes = {**market.quotes, "^SPX": Quote("^SPX", last=6390.0 + rig.clock.time.minute, time=at)}
        return MarketSnapshot(at, quotes=quotes, sources=market.sources)

    rig.feed.answer = near
    frames = []
    for _ in range(2):
        rig.clock.pass_by(4 * OPEN)
        frames += rig.turns(1)
    worse = [change for change in changes_between(first, frames[0]) if change.kind == "attention"]
    assert any("short put 6400" in change.text for change in worse)
    assert changes_between(frames[0], frames[1]) == ()
