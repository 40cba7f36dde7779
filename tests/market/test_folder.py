"""Market folders: the real ones, broken ones, and what is written reads back the same."""

import gzip
import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import NEW_YORK, expiry_fault, previous_session, sessions
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.folder import MarketFolder, read_market, write_market
from alvh_tui.market.folder_writer import NotAMarketFolderError
from alvh_tui.market.types import (
    Chain,
    Event,
    FeedUnavailableError,
    History,
    MarketSnapshot,
    Quote,
    SourceState,
)

HEADER = "time = 2026-11-20T10:30:00-05:00\n"
AT = datetime(2026, 11, 20, 10, 30, tzinfo=NEW_YORK)
SPXW = ("SPXW", date(2026, 12, 18))

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a market folder of the given files; `_` in a name stands for the dot."""

    def make(header: str | bytes = HEADER, **files: str | bytes) -> Path:
        for name, content in {"market_toml": header, **files}.items():
            data = content.encode() if isinstance(content, str) else content
            (tmp_path / name.replace("_", ".")).write_bytes(data)
        return tmp_path

    return make


def chain_of(folder: Path, key: tuple[str, date] = SPXW) -> Chain:
    return read_market(folder).chains[key]


def test_the_real_folders_read_whole_and_without_a_complaint(shared: Path) -> None:
    expected = {"2023-10-17": 14, "2024-01-05": 60}
    for name, chains in expected.items():
        market = read_market(shared / "data" / "markets" / name)
        assert market.warnings == ()
        assert f"{market.time:%Y-%m-%d}" == name
        assert len(market.chains) == chains
        assert [key for key in market.chains if expiry_fault(*key)] == []
        assert market.history is not None
        before = previous_session(date.fromisoformat(name))
        assert tuple(market.history.days.tolist()) == sessions(date(1990, 1, 2), before)
        assert [source.name for source in market.sources] == [
            "folder.quotes",
            "folder.chains",
            "folder.history",
        ]
        assert SourceState.FAILED not in {source.state for source in market.sources}


def test_a_real_quote_is_found_by_its_contract(shared: Path) -> None:
    market = read_market(shared / "data" / "markets" / "2023-10-17")
    assert market.delay == timedelta(minutes=15)
    quote = market.quote_of(Contract("SPXW", date(2023, 10, 17), "P", 1200.0))
    assert quote is not None
    assert (quote.bid, quote.ask, quote.last) == (0.0, 0.05, 0.05)
    never_traded = market.quote_of(Contract("SPXW", date(2023, 10, 17), "C", 1200.0))
    assert never_traded is not None
    assert never_traded.last is None
    assert market.quotes["^SPX"].prev_close == 4373.63
    assert market.quotes["^VVIX"].last is None


def test_the_real_folders_are_read_quickly(shared: Path) -> None:
    best = float("inf")
    for _ in range(3):
        start = clock.process_time()
        read_market(shared / "data" / "markets" / "2024-01-05")
        best = min(best, clock.process_time() - start)
    assert best < 0.3, "21,000 contracts and 8,570 days of 16 series"


def test_any_order_of_columns_bom_crlf_and_further_columns_are_fine(folder: Folder) -> None:
    rows = "\ufeffASK,iv,Strike,bid,type,expiry,root\r\n9.4,0.2,6400,9.1,P,2026-12-18,SPXW\r\n"
    market = read_market(folder(chains_csv=rows))
    assert market.warnings == ()
    chain = market.chains[SPXW]
    assert chain.strikes.tolist() == [6400]
    assert (chain.put_bid[0], chain.put_ask[0]) == (9.1, 9.4)
    assert np.isnan([chain.put_last[0], chain.call_bid[0], chain.put_time[0]]).all()


@pytest.mark.parametrize("cell", ["", " ", "nan", "NaN", "inf", "-inf", "-1", "-0.05"])
def test_what_is_no_price_is_unknown_and_never_zero(folder: Folder, cell: str) -> None:
    market = read_market(
        folder(
            chains_csv=f"root,expiry,type,strike,bid,ask\nSPXW,2026-12-18,P,6400,{cell},9.4\n",
            quotes_csv=f"symbol,last,prev_close\n^VIX,{cell},17.2\n",
        )
    )
    assert np.isnan(market.chains[SPXW].put_bid[0])
    assert market.quotes["^VIX"].last is None
    assert market.warnings == ()


def test_a_zero_bid_is_a_bid_and_a_trade_at_zero_is_none(folder: Folder) -> None:
    chain = chain_of(
        folder(chains_csv="root,expiry,type,strike,bid,ask,last\nSPXW,2026-12-18,P,4000,0,0.05,0\n")
    )
    assert chain.put_bid[0] == 0
    assert np.isnan(chain.put_last[0])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("SPXW,2026-12-18,X,6400,1,2", 'chains.csv:2: type "X" is neither C nor P; row left out'),
        (
            "SPXW,2026-13-18,P,6400,1,2",
            'chains.csv:2: "SPXW" "2026-13-18" is no root and expiry; row left out',
        ),
        (",2026-12-18,P,6400,1,2", 'chains.csv:2: "" "2026-12-18" is no root and expiry; row left out'),
        ("SPXW,2026-12-18,P,0,1,2", 'chains.csv:2: strike "0" is no strike; row left out'),
        ("SPXW,2026-12-18,P,1e300,1,2", 'chains.csv:2: strike "1e300" is no strike; row left out'),
        ("SPXW,2026-12-18", 'chains.csv:2: type "" is neither C nor P; row left out'),
        (
            "SPXW,2026-12-18,P,6400,a\x1b[2J,2",
            'chains.csv:2: bid "a\\x1b[2J" is not a number, taken as unknown',
        ),
        (
            "SPXW,2026-12-18,P,6500,1,2\nSPXW,2026-12-18,P,6500,3,4",
            "chains.csv:2: SPXW 2026-12-18 6500P stands here twice; the later row counts",
        ),
    ],
)
def test_a_wrong_row_is_left_out_and_named_with_its_line(folder: Folder, row: str, said: str) -> None:
    sound = "SPXW,2026-12-18,C,7100,5,6"
    market = read_market(folder(chains_csv=f"root,expiry,type,strike,bid,ask\n{row}\n{sound}\n"))
    assert market.warnings == (said,)
    assert market.chains[SPXW].call_ask[-1] == 6
    quote = market.quote_of(Contract(*SPXW, "P", 6500.0))
    assert quote is None or quote.bid == 3


def test_many_faults_are_counted_and_not_listed(folder: Folder) -> None:
    rows = "root,expiry,type,strike\nSPXW,2026-12-18,C,7100\n" + "SPXW,2026-12-18,X,1\n" * 500
    warnings = read_market(folder(chains_csv=rows)).warnings
    assert len(warnings) == 11
    assert warnings[-1] == "chains.csv: 490 further faults like these"


def test_times_are_aware_and_one_without_an_offset_is_new_york_and_said_so(folder: Folder) -> None:
    market = read_market(
        folder(
            "time = 2026-11-20T10:30:00\n",
            chains_csv="root,expiry,type,strike,time\nSPXW,2026-12-18,P,6400,2026-11-20T15:29:30Z\n",
            quotes_csv="symbol,last,time\n^SPX,6800,2026-11-20T10:29:00\n^VIX,17,tea-time\n",
        )
    )
    assert market.time == AT
    assert market.quotes["^SPX"].time == AT - timedelta(minutes=1)
    assert market.quotes["^VIX"].time is None
    quote = market.quote_of(Contract(*SPXW, "P", 6400.0))
    assert quote is not None
    assert quote.time == AT - timedelta(seconds=30)
    assert market.warnings == (
        "market.toml:1: time has no UTC offset, read as New York time",
        'quotes.csv:2: time "2026-11-20T10:29:00" has no UTC offset, read as New York',
        'quotes.csv:3: time "tea-time" is not an ISO time, taken as unknown',
    )


def test_history_is_sorted_and_keeps_sessions_already_closed_only(folder: Folder) -> None:
    rows = (
        "date,spx,vix,t10y3m,advances\n"
        "2026-11-20,9999,99,,\n"
        "2026-11-19,6790,17.5,-0.5,0\n"
        "2026-11-17,6770,18.1,,\n"
        "2026-11-18,nan,0,,\n"
        "2026-11-17,6775,18.0,,\n"
        "2026-11-14,6700,19,,\n"
        "2026-11-08,6700,19,,\n"
        "nonsense,1,1,,\n"
    )
    market = read_market(folder(history_csv=rows))
    history = market.history
    assert history is not None
    assert history.days.astype(str).tolist() == ["2026-11-17", "2026-11-18", "2026-11-19"]
    np.testing.assert_array_equal(history.series["spx"], [6775, np.nan, 6790])
    np.testing.assert_array_equal(history.series["vix"], [18.0, np.nan, 17.5])
    assert history.series["t10y3m"][-1] == -0.5
    assert history.series["advances"][-1] == 0
    assert market.warnings == (
        "history.csv:6: 2026-11-17 stands here twice; the later row counts",
        'history.csv:9: "nonsense" is no date; row left out',
        "history.csv: 2 rows on days without a session left out, the first 2026-11-14 in line 7",
    )


def test_a_close_of_the_day_counts_once_the_session_is_over(folder: Folder) -> None:
    rows = "date,spx\n2026-11-20,6800\n"
    evening = read_market(folder("time = 2026-11-20T16:15:00-05:00\n", history_csv=rows))
    assert evening.history is not None
    assert evening.history.days.astype(str).tolist() == ["2026-11-20"]


def test_vix_alone_on_a_holiday_is_no_matter(folder: Folder) -> None:
    market = read_market(folder(history_csv="date,spx,vix\n2026-09-04,6500,16\n2026-09-07,,16.4\n"))
    assert market.warnings == ()
    assert market.history is not None
    assert len(market.history.days) == 1


def test_events_are_read_with_what_is_known_of_them(folder: Folder) -> None:
    market = read_market(
        folder(
            quotes_csv="symbol,last\n^SPX,6800\n",
            events_csv="date,event,time_et,actual,previous,note\n"
            "2026-12-10,CPI,8:30,,-0.1,first\x1b print\n"
            "2026-12-09,FOMC,14:00,,,\n"
            "2026-12-08,PPI,noon,,,\n"
            "soon,CPI,,,,\n"
            "2026-12-11,,,,,\n",
        )
    )
    assert market.events == (
        Event(date(2026, 12, 8), "PPI"),
        Event(date(2026, 12, 9), "FOMC", "14:00"),
        Event(date(2026, 12, 10), "CPI", "08:30", None, -0.1, "first� print"),
    )
    assert [warning.split(":")[1] for warning in market.warnings] == ["4", "5", "6"]


def test_the_header_says_delay_rate_and_origin(folder: Folder) -> None:
    header = HEADER + 'source = "Cboe"\nnote = "n"\ndelay_minutes = 15\n[rates]\nrisk_free = 0.043\n'
    market = read_market(folder(header, quotes_csv="symbol,last\n^SPX,6800\n"))
    assert (market.origin, market.note, market.risk_free) == ("Cboe", "n", 0.043)
    assert market.delay == timedelta(minutes=15)
    assert market.warnings == ()


def test_faults_of_the_header_are_named_and_the_folder_still_read(folder: Folder) -> None:
    header = HEADER + 'delay_minutes = "x"\nspot = 1\n[rates]\nrisk_free = 5.3\n'
    market = read_market(folder(header, quotes_csv="symbol,last\n^SPX,6800\n"))
    assert market.delay == timedelta(0)
    assert market.risk_free is None
    assert [warning.split(":")[1] for warning in market.warnings] == ["3", "2", "5"]


def test_a_folder_grows_old(folder: Folder) -> None:
    path = folder(
        chains_csv="root,expiry,type,strike,bid,ask\nSPXW,2026-12-18,P,6400,1,2\n",
        quotes_csv="symbol,last,time\n^SPX,6800,2026-11-20T10:29:00-05:00\n^VIX,17,2026-11-20T09:00:00-05:00\n",
        history_csv="date,spx\n2026-11-19,6790\n",
    )
    feed = MarketFolder(path)

    def states(at: datetime) -> dict[str, str]:
        return {source.name: str(source.state) for source in feed.snapshot([], at).sources}

    assert states(AT) == {"folder.quotes": "fresh", "folder.chains": "fresh", "folder.history": "fresh"}
    assert states(AT + timedelta(minutes=15))["folder.quotes"] == "delayed"
    assert set(states(AT + timedelta(days=30)).values()) == {"stale"}
    assert feed.snapshot([], AT + timedelta(days=30)).time == AT


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("time = ", r"market\.toml:1: "),
        ("", "does not say when"),
        ('time = "yesterday"', "does not say when"),
        ("time = 2026-11-20", "does not say when"),
        ("time = 0001-01-01T00:00:00+23:00", "does not say when"),
        (b"\xff\xfe\x00", "UTF-16"),
        (HEADER, "no quotes, no chains and no history"),
    ],
)
def test_a_folder_of_no_use_is_refused_in_words(folder: Folder, header: str | bytes, said: str) -> None:
    with pytest.raises(FeedUnavailableError, match=said):
        read_market(folder(header))


def test_a_folder_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FeedUnavailableError, match=r"has no market\.toml"):
        read_market(tmp_path)
    with pytest.raises(FeedUnavailableError, match="is not there"):
        read_market(tmp_path / "nowhere")


def test_a_broken_file_is_a_failed_source_beside_sound_ones(folder: Folder) -> None:
    packed = gzip.compress(b"root,expiry,type,strike\n" * 1000)
    path = folder(chains_csv_gz=packed[:60], quotes_csv="symbol,last\n^SPX,6800\n", history_csv="day\n")
    (path / "chains.csv.gz").write_bytes(packed[:60])
    market = read_market(path)
    assert {s.name: str(s.state) for s in market.sources} == {
        "folder.quotes": "fresh",
        "folder.chains": "failed",
        "folder.history": "failed",
    }
    assert len(market.warnings) == 2


def test_of_a_plain_and_a_packed_file_the_plain_one_counts(folder: Folder) -> None:
    path = folder(quotes_csv="symbol,last\n^SPX,6800\n")
    (path / "quotes.csv.gz").write_bytes(gzip.compress(b"symbol,last\n^SPX,1\n"))
    market = read_market(path)
    assert market.quotes["^SPX"].last == 6800
    assert "quotes.csv.gz" in market.warnings[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        ["market.toml", "quotes.csv", "chains.csv", "history.csv", "events.csv", "chains.csv.gz"]
    ),
    start=st.sampled_from(
        [
            b"",
            b"symbol,last,time\n",
            b"root,expiry,type,strike,bid,time\n",
            b"date,spx,vix\n",
            b"date,event,time_et\n",
        ]
    ),
    content=st.binary(max_size=200) | st.text("0123456789-,CP\nSXE.\"'T:Z", max_size=200).map(str.encode),
)
def test_no_content_whatever_is_a_traceback(tmp_path: Path, name: str, start: bytes, content: bytes) -> None:
    for file in tmp_path.iterdir():
        file.unlink()
    (tmp_path / "market.toml").write_text(HEADER)
    (tmp_path / "quotes.csv").write_text("symbol,last\n^SPX,6800\n")
    (tmp_path / name).write_bytes(start + content)
    try:
        said = read_market(tmp_path).warnings
    except FeedUnavailableError as error:
        said = (str(error),)
    assert all(sentence.isprintable() for sentence in said)


PRICES = st.none() | st.floats(0.01, 9999, allow_nan=False)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(categories=("L", "N", "P", "S"), include_characters=" "), max_size=20)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    strikes = sorted(draw(st.sets(st.floats(1, 9999).map(lambda x: round(x, 2)), min_size=1, max_size=4)))
    columns = [
        np.array([np.nan if p is None else p for p in draw(st.lists(PRICES, min_size=n, max_size=n))])
        for n in [len(strikes)] * 6
    ]
    times = [np.array([draw(MOMENTS).timestamp() for _ in strikes]) for _ in range(2)]
    return Chain(draw(st.sampled_from(["SPX", "SPXW"])), SPXW[1], np.array(strikes), *columns, *times)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    chain=chains(),
    moment=MOMENTS,
    quote=st.builds(Quote, st.just("^VIX"), *[PRICES] * 4, MOMENTS),
    text=TEXTS,
)
def test_what_is_written_reads_back_the_same(
    tmp_path: Path, chain: Chain, moment: datetime, quote: Quote, text: str
) -> None:
    days = np.array(["2019-12-30", "2019-12-31"], dtype="datetime64[D]")
    snapshot = MarketSnapshot(
        moment,
        {quote.symbol: quote},
        {(chain.root, chain.expiry): chain},
        History(days, {"spx": np.array([np.nan, 3230.78]), "t10y3m": np.array([-0.1, 0.0])}),
        (Event(date(2020, 1, 29), "FOMC", "14:00", None, 1.75, text.strip()),),
        risk_free=0.0421,
        delay=timedelta(minutes=15.5),
        origin=text,
        note=text,
    )
    path = tmp_path / "sub" / "recorded.market"
    write_market(snapshot, path)
    again = read_market(path)
    assert again.warnings == ()
    assert again.time == snapshot.time
    assert (again.quotes, again.events) == (snapshot.quotes, snapshot.events)
    assert (again.risk_free, again.delay, again.note, again.origin) == (0.0421, snapshot.delay, text, text)
    assert again.history is not None
    np.testing.assert_array_equal(again.history.days, days)
    assert again.history.series.keys() == {"spx", "t10y3m"}
    np.testing.assert_array_equal(again.history.series["spx"], [np.nan, 3230.78])
    back = again.chains[(chain.root, chain.expiry)]
    for name in Chain.__slots__[2:]:
        np.testing.assert_array_equal(getattr(back, name), getattr(chain, name))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_the_same_market_gives_the_same_bytes(folder: Folder, tmp_path: Path) -> None:
    market = read_market(
        folder(quotes_csv="symbol,last\n^SPX,6800\n", history_csv="date,spx\n2026-11-19,6790\n")
    )
    for name in ("a", "b"):
        write_market(market, tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_writing_replaces_a_market_folder_and_nothing_else(folder: Folder, tmp_path: Path) -> None:
    market = MarketSnapshot(AT, {"^SPX": Quote("^SPX", last=6800.0)})
    target = tmp_path / "kept"
    write_market(market, target)
    write_market(MarketSnapshot(AT, {"^SPX": Quote("^SPX", last=6801.0)}), target)
    assert read_market(target).quotes["^SPX"].last == 6801
    (target / "letters.txt").write_text("mine")
    with pytest.raises(NotAMarketFolderError, match=r"letters\.txt"):
        write_market(market, target)
    assert (target / "letters.txt").read_text() == "mine"
    with pytest.raises(NotAMarketFolderError, match="is a file"):
        write_market(market, target / "letters.txt")
