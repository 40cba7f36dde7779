"""Recordings in time order, and the clock they are played by."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.folder import write_market
from alvh_tui.market.playback import LiveClock, Playback, PlayedClock
from alvh_tui.market.recording import RecordingFeed, recording_at, recordings_in
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot, Quote, SourceState

OPEN = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
MINUTE = timedelta(minutes=1)
LIFE = datetime(2027, 3, 1, 9, 0, tzinfo=NEW_YORK)


def market(time: datetime, level: float) -> MarketSnapshot:
    return MarketSnapshot(time, quotes={"^SPX": Quote("^SPX", None, None, level, 6800.0, time)})


@pytest.fixture
def series(tmp_path: Path) -> Path:
    """Three moments whose names are not in the order of their times, and things that are no market."""
    for name, minutes, level in (("b", 0, 6800.0), ("c", 10, 6790.0), ("a", 20, 6750.0)):
        write_market(market(OPEN + minutes * MINUTE, level), tmp_path / name)
    (tmp_path / "notes").mkdir()
    (tmp_path / "undated").mkdir()
    (tmp_path / "undated" / "market.toml").write_text('note = "when?"\n')
    (tmp_path / "readme.txt").write_text("")
    return tmp_path


def level_at(feed: RecordingFeed, at: datetime) -> float | None:
    return feed.snapshot([], at).quotes["^SPX"].last


def test_they_stand_in_the_order_of_their_times(series: Path) -> None:
    assert [recording.path.name for recording in recordings_in(series)] == ["b", "c", "a"]


def test_a_single_market_folder_is_a_recording_of_one(series: Path) -> None:
    (only,) = recordings_in(series / "c")
    assert only.time == OPEN + 10 * MINUTE


def test_the_latest_not_after_the_moment_counts(series: Path) -> None:
    feed = RecordingFeed(series)
    assert [level_at(feed, OPEN + minutes * MINUTE) for minutes in (0, 9, 10, 19, 20, 500)] == [
        *(6800.0, 6800.0, 6790.0, 6790.0, 6750.0, 6750.0)
    ]
    assert recording_at(feed.recordings, None).path.name == "a"


def test_between_recordings_quotes_grow_older(series: Path) -> None:
    feed = RecordingFeed(series)
    (fresh,) = feed.snapshot([], OPEN).sources
    (older,) = feed.snapshot([], OPEN + 9 * MINUTE).sources
    assert (fresh.state, older.state) == (SourceState.FRESH, SourceState.DELAYED)


def test_before_the_first_there_is_nothing(series: Path) -> None:
    with pytest.raises(FeedUnavailableError, match=r"first recording is of 2026-11-20 10:00"):
        RecordingFeed(series).snapshot([], OPEN - MINUTE)


@pytest.mark.parametrize(("where", "said"), [("nowhere", "is not there"), ("notes", "is no market folder")])
def test_where_nothing_is_recorded_it_says_so(series: Path, where: str, said: str) -> None:
    with pytest.raises(FeedUnavailableError, match=said):
        RecordingFeed(series / where).snapshot([], OPEN)


def test_it_plays_from_its_first_moment_at_its_speed(series: Path) -> None:
    feed = RecordingFeed(series, speed=60.0)
    playback = feed.playback(LIFE)
    moments = [playback.moment(LIFE + timedelta(seconds=seconds)) for seconds in (0, 10, 20)]
    assert [level_at(feed, moment) for moment in moments] == [6800.0, 6790.0, 6750.0]
    assert feed.playback(LIFE, OPEN + 15 * MINUTE).moment(LIFE) == OPEN + 15 * MINUTE


def test_pause_and_resume() -> None:
    played = Playback(LIFE, OPEN, speed=2.0)
    paused = played.pause(LIFE + 5 * MINUTE)
    assert paused.moment(LIFE + 50 * MINUTE) == OPEN + 10 * MINUTE
    resumed = paused.resume(LIFE + 60 * MINUTE)
    assert resumed.moment(LIFE + 61 * MINUTE) == OPEN + 12 * MINUTE
    assert played.moment(LIFE - MINUTE) == OPEN


@given(st.lists(st.tuples(st.sampled_from(["pause", "resume"]), st.integers(0, 600)), max_size=8))
def test_no_pause_makes_the_market_jump(changes: list[tuple[str, int]]) -> None:
    playback, now = Playback(LIFE, OPEN, speed=2.0), LIFE
    for change, seconds in changes:
        now += timedelta(seconds=seconds)
        before = playback.moment(now)
        playback = playback.pause(now) if change == "pause" else playback.resume(now)
        assert playback.moment(now) == before
        assert playback.moment(now + MINUTE) >= before


def test_a_played_clock_can_be_held_while_it_runs() -> None:
    life = [LIFE]
    clock = PlayedClock(Playback(LIFE, OPEN, speed=60.0), lambda: life[0])
    life[0] += timedelta(seconds=1)
    assert clock.now() == OPEN + MINUTE
    clock.pause()
    life[0] += timedelta(seconds=9)
    assert (clock.now(), clock.speed) == (OPEN + MINUTE, 0.0)
    clock.resume()
    life[0] += timedelta(seconds=2)
    assert (clock.now(), clock.speed) == (OPEN + 3 * MINUTE, 60.0)


def test_live_time_is_new_yorks() -> None:
    assert LiveClock().now().tzinfo == NEW_YORK
