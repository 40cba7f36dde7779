"""Breadth without an exchange feed: the user's own counts, and a basket counted from daily closes."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.cli.counted import CountedFeed, CountedMemory, counted
from alvh_tui.cli.main import main
from alvh_tui.instruments.calendar import NEW_YORK, sessions
from alvh_tui.market.basket import LARGEST_MOVE, basket, count_breadth
from alvh_tui.market.counts import beside, read_counts, with_counts
from alvh_tui.market.folder import read_market, write_market
from alvh_tui.market.simulated import simulated_market
from alvh_tui.market.types import History, MarketSnapshot, SourceState

CALM = Path(__file__).resolve().parent.parent.parent / "sample_positions" / "calm"
FRIDAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=NEW_YORK)
DAYS = sessions(date(2026, 11, 16), FRIDAY)


@pytest.fixture
def market() -> MarketSnapshot:
    return simulated_market(NOON, listed=())


def write(path: Path, rows: list[str], header: str = "date,advances,declines") -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def column(history: History | None, name: str) -> dict[date, float]:
    assert history is not None
    pairs = zip(history.days.tolist(), history.series[name].tolist(), strict=True)
    return {day: value for day, value in pairs if not np.isnan(value)}


# ── the user's own counts ─────────────────────────────────────────────────────


def test_a_file_gives_the_sessions_that_are_over(tmp_path: Path) -> None:
    path = write(tmp_path / "ad.csv", ["2026-11-19,1500,1300", "2026-11-18,900,1900", "2026-11-20,5,9"])
    counts = read_counts(path, NOON)
    assert column(counts.closes, "advances") == {date(2026, 11, 18): 900.0, date(2026, 11, 19): 1500.0}
    assert counts.error is None
    evening = read_counts(path, NOON + timedelta(hours=5))
    assert column(evening.closes, "declines")[FRIDAY] == 9.0


def test_a_folder_is_read_file_by_file_and_the_last_by_name_counts(tmp_path: Path) -> None:
    write(tmp_path / "2025.csv", ["2026-11-17,1,2", "2026-11-18,3,4"])
    with gzip.open(tmp_path / "2026.csv.gz", "wt") as packed:
        packed.write("Date,Advances,Declines,Unchanged\n2026-11-18,30,40,5\n2026-11-19,50,60,5\n")
    (tmp_path / "notes.txt").write_text("not one of them")
    counts = read_counts(tmp_path, NOON)
    assert list(column(counts.closes, "advances").values()) == [1.0, 30.0, 50.0]
    assert list(column(counts.closes, "declines").values()) == [2.0, 40.0, 60.0]
    assert counts.warnings == ()


def test_wrong_rows_are_left_out_and_named(tmp_path: Path) -> None:
    path = write(
        tmp_path / "ad.csv", ["2026-11-17,many,2", "2026-11-xx,3,4", "2026-11-18,-3,4", "2026-11-19,7,8"]
    )
    counts = read_counts(path, NOON)
    assert column(counts.closes, "declines") == {date(2026, 11, 19): 8.0}
    assert len(counts.warnings) == 2
    assert counts.warnings[0].startswith("ad.csv:")


def test_nothing_usable_is_a_failed_source_and_the_market_stands(
    tmp_path: Path, market: MarketSnapshot
) -> None:
    for path, said in (
        (tmp_path / "absent.csv", "cannot be read"),
        (write(tmp_path / "other.csv", ["2026-11-19,1"], "date,close"), "no column advances"),
        (write(tmp_path / "future.csv", ["2026-12-01,5,6"]), "no session up to 2026-11-20"),
        (tmp_path, "left out"),
    ):
        counts = read_counts(path, NOON)
        assert counts.closes is None
        found = with_counts(market, counts, NOON)
        assert found.history is market.history
        assert found.sources[-1].state is SourceState.FAILED
        assert said in (found.sources[-1].error or "") + " ".join(found.warnings), path


def test_the_users_counts_come_before_those_of_the_market(tmp_path: Path, market: MarketSnapshot) -> None:
    path = write(tmp_path / "ad.csv", ["2026-11-18,900,1900", "2026-11-19,1500,1300"])
    found = with_counts(market, read_counts(path, NOON), NOON)
    assert found.history is not None
    assert market.history is not None
    np.testing.assert_array_equal(found.history.days, market.history.days)
    assert found.history.series["advances"][-2:].tolist() == [900.0, 1500.0]
    np.testing.assert_array_equal(
        found.history.series["advances"][:-2], market.history.series["advances"][:-2]
    )
    np.testing.assert_array_equal(found.history.series["spx"], market.history.series["spx"])
    source = found.sources[-1]
    assert (source.name, source.state) == ("breadth.file", SourceState.FRESH)
    assert source.quote_time == datetime(2026, 11, 19, 16, tzinfo=NEW_YORK)


def test_half_a_count_is_none(tmp_path: Path, market: MarketSnapshot) -> None:
    path = write(tmp_path / "ad.csv", ["2026-11-17,7,8", "2026-11-18,,1900", "2026-11-19,1500,x"])
    counts = read_counts(path, NOON)
    assert column(counts.closes, "declines") == {date(2026, 11, 17): 8.0}
    found = with_counts(market, counts, NOON)
    assert found.history is not None
    assert market.history is not None
    for name in ("advances", "declines"):
        np.testing.assert_array_equal(found.history.series[name][-2:], market.history.series[name][-2:])


def test_a_file_that_has_fallen_behind_is_stale(tmp_path: Path, market: MarketSnapshot) -> None:
    path = write(tmp_path / "ad.csv", ["2026-11-12,900,1900"])
    assert with_counts(market, read_counts(path, NOON), NOON).sources[-1].state is SourceState.STALE


def test_days_the_history_does_not_have_are_not_added(market: MarketSnapshot) -> None:
    """A count of today must not make the day look closed while its VIX is still live."""
    assert market.history is not None
    more = History(np.array([FRIDAY], dtype="datetime64[D]"), {"advances": np.array([1.0])})
    joined = beside(market.history, more)
    np.testing.assert_array_equal(joined.days, market.history.days)
    np.testing.assert_array_equal(joined.series["advances"], market.history.series["advances"])


def test_snapshot_takes_the_file_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "book.toml"
    book.write_text(CALM.with_suffix(".toml").read_text())
    history = read_market(CALM.with_suffix(".market")).history
    assert history is not None
    rows = [f"{day},{2000 if n % 2 else 1000},{1000}" for n, day in enumerate(history.days)]
    words = ["snapshot", str(book), "--market", str(CALM.with_suffix(".market")), "--json"]
    path = write(tmp_path / "ad.csv", rows)
    assert main([*words, "--breadth", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert "breadth.file" in [source["name"] for source in told["market"]["sources"]]
    line = next(signal for signal in told["signals"] if signal["id"] == "breadth.line")
    up = sum(n % 2 for n in range(len(rows) - 5, len(rows)))
    assert line["reading"] == pytest.approx(up / 3.0)
    assert main([*words, "--breadth", str(tmp_path / "absent.csv")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [source["state"] for source in told["market"]["sources"] if source["name"] == "breadth.file"] == [
        "failed"
    ]


def test_replay_takes_the_file_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = sessions(date(2026, 1, 2), date(2026, 11, 19))
    closes = write(
        tmp_path / "h.csv", [f"{day},{6000 + n},{15}" for n, day in enumerate(days)], "date,spx,vix"
    )
    counts = write(tmp_path / "ad.csv", [f"{day},2000,1000" for day in days])
    shown = []
    for extra in ([], ["--breadth", str(counts)]):
        assert main(["replay", "zones", "--history", str(closes), "--json", *extra]) == 0
        last = json.loads(capsys.readouterr().out)["sessions"][-1]
        shown.append(last["signals"]["breadth.line"]["reading"])
    assert shown[0] is None
    assert shown[1] == pytest.approx(5 / 3)


class Plain:
    name = "plain"

    def __init__(self, market: MarketSnapshot) -> None:
        self.market = market

    def snapshot(self, contracts: object, at: datetime) -> MarketSnapshot:
        return self.market


class Remembering(Plain):
    closed = False

    def on_disk(self, contracts: object, at: datetime) -> MarketSnapshot:
        return self.snapshot(contracts, at)

    def next_due(self, contracts: object, at: datetime) -> datetime:
        return at + timedelta(minutes=3)

    def set_interval(self, interval: timedelta | None) -> None:
        self.interval = interval

    def close(self) -> None:
        self.closed = True


def test_any_feed_can_be_counted_and_stays_what_it_is(tmp_path: Path, market: MarketSnapshot) -> None:
    path = write(tmp_path / "ad.csv", ["2026-11-19,11,12"])
    plain, memory = Plain(market), Remembering(market)
    assert counted(plain, None) is plain
    one, other = counted(plain, path), counted(memory, path)
    assert type(one) is CountedFeed
    assert isinstance(other, CountedMemory)
    assert (one.name, other.next_due((), NOON)) == ("plain", NOON + timedelta(minutes=3))
    for found in (one.snapshot((), NOON), other.snapshot((), NOON), other.on_disk((), NOON)):
        assert column(found.history, "advances")[date(2026, 11, 19)] == 11.0
    write(path, ["2026-11-19,21,12"])
    assert column(one.snapshot((), NOON).history, "advances")[date(2026, 11, 19)] == 21.0
    other.close()
    assert memory.closed


# ── the basket ────────────────────────────────────────────────────────────────


def test_the_basket_is_broad() -> None:
    members = basket()
    symbols = [member.symbol for member in members]
    assert 55 <= len(symbols) == len(set(symbols)) <= 70
    sectors = {sector: sum(m.sector == sector for m in members) for sector in {m.sector for m in members}}
    assert len(sectors) == 11
    assert min(sectors.values()) >= 3
    assert max(sectors.values()) <= len(members) / 5
    assert all(symbol == symbol.strip().upper() for symbol in symbols)


def closes(*columns: Sequence[float | None]) -> dict[str, dict[date, float]]:
    return {
        f"S{n}": {day: value for day, value in zip(DAYS, values, strict=False) if value is not None}
        for n, values in enumerate(columns)
    }


def test_rises_and_falls_are_counted_against_the_session_before() -> None:
    found = count_breadth(closes([10, 11, 11, 10], [10, 11, 12, 13], [5, 4, 3, 2.5]))
    assert column(found, "basket_advances") == {DAYS[1]: 2.0, DAYS[2]: 1.0, DAYS[3]: 1.0}
    assert column(found, "basket_declines") == {DAYS[1]: 1.0, DAYS[2]: 1.0, DAYS[3]: 2.0}


def test_a_share_without_the_close_before_is_not_counted() -> None:
    found = count_breadth(closes([10, None, 12, 13], [10, 11, 12, 13], [10, 11, 12, 13], [10, 11, 12, 13]))
    assert column(found, "basket_advances") == {DAYS[1]: 3.0, DAYS[2]: 3.0, DAYS[3]: 4.0}


def test_too_few_shares_say_nothing() -> None:
    found = count_breadth(closes([10, 11], [10, 11], [10, None], [10, None]))
    assert column(found, "basket_advances") == {}
    assert np.isnan(found.series["basket_declines"]).all()


def test_a_split_is_no_decline() -> None:
    found = count_breadth(closes([100, 10], [10, 11], [10, 11]))
    assert (column(found, "basket_advances"), column(found, "basket_declines")) == (
        {DAYS[1]: 2.0},
        {DAYS[1]: 0.0},
    )


def test_days_without_a_session_do_not_count() -> None:
    found = count_breadth(
        {"S": {date(2026, 11, 20): 10.0, date(2026, 11, 21): 9.0, date(2026, 11, 23): 11.0}}
    )
    assert column(found, "basket_advances") == {date(2026, 11, 23): 1.0}
    assert count_breadth({}).series["basket_advances"].tolist() == []


@given(st.lists(st.lists(st.floats(50.0, 69.0), min_size=5, max_size=5), min_size=1, max_size=12))
def test_every_share_rises_falls_or_stays(prices: list[list[float]]) -> None:
    found = count_breadth(closes(*prices))
    rose, fell = found.series["basket_advances"], found.series["basket_declines"]
    for n in range(1, 5):
        moves = [row[n] / row[n - 1] - 1.0 for row in prices]
        assert max(moves) <= LARGEST_MOVE
        assert rose[n] == sum(move > 0 for move in moves)
        assert fell[n] == sum(move < 0 for move in moves)


def test_the_basket_counts_go_through_a_market_folder(tmp_path: Path, market: MarketSnapshot) -> None:
    assert market.history is not None
    count = len(market.history.days)
    more = {"basket_advances": np.full(count, 40.0), "basket_declines": np.full(count, 24.0)}
    whole = replace(market, history=beside(market.history, History(market.history.days, more)))
    write_market(whole, tmp_path / "m")
    again = read_market(tmp_path / "m")
    assert column(again.history, "basket_advances") == column(whole.history, "basket_advances")
