"""Quote tables downloaded by hand, in the languages and number formats they come in."""

import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.folder import read_market, write_market
from alvh_tui.market.quotedata import QuoteFileError, market_of_files, read_quote_file, true_since
from alvh_tui.market.quotedata_date import moment_in

HEADINGS = (
    "Expiration Date,Calls,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest,Strike,"
    "Puts,Last Sale,Net,Bid,Ask,Volume,IV,Delta,Gamma,Open Interest"
)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
DEC = date(2026, 12, 18)


def row(root: str, strike: int, call: str = "50.1,51.5", put: str = "40.2,41", last: str = "45.3") -> str:
    right = f"{strike * 1000:08d}"
    left = f"Fri Dec 18 2026,{root}261218C{right},{last},1.5,{call},12,0.14,0.55,0.001,300"
    return f"{left},{strike:.2f},{root}261218P{right},0,0,{put},3,0.15,-0.45,0.001,80"


def table(*rows: str, date_line: str = "", level: str = "6812.34", change: str = "  -32.52") -> str:
    dated = date_line or '"Date: November 20, 2026 at 12:00 PM EST"'
    return "\n".join(
        [
            "",
            f"S&P 500 INDEX,Last: {level},Change: {change}",
            f"{dated},Bid: 6790.1,Ask: 6830.5,Size: 1*1,Volume: 0",
            HEADINGS,
            *rows,
        ]
    )


SPX = table(row("SPX", 6800), row("SPXW", 6800, call="52,53.4"), row("SPXW", 6850))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "spx_quotedata.csv"
    path.write_text(SPX, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Date: January 6, 2025 at 8:57 PM EST", "2025-01-06T20:57:00-05:00"),
        ("Date: July 4, 2026 at 12:23 AM EDT", "2026-07-04T00:23:00-04:00"),
        ("Date: March 5, 2026 at 12:05 PM EST", "2026-03-05T12:05:00-05:00"),
        ("Jun 03 2019 @ 10:15 ET", "2019-06-03T10:15:00-04:00"),
        ("Date: 5 April 2023, 19:41 UTC−4", "2023-04-05T19:41:00-04:00"),
        ("Date: 23 de marzo de 2022, 10:11 GMT-4", "2022-03-23T10:11:00-04:00"),
        ("Date: 11 de noviembre de 2024, 8:02 p. m. GMT-5", "2024-11-11T20:02:00-05:00"),
        ("Date: 9 декабря 2023 г. в 13:49 GMT-5", "2023-12-09T13:49:00-05:00"),
        ("Date: 14 мая 2026 г. в 13:49 GMT-4", "2026-05-14T13:49:00-04:00"),
        ("Date: 14 janvier 2026 à 10:30 UTC−5", "2026-01-14T10:30:00-05:00"),
        ("Date: 3 août 2026 à 16 h 20 HAE", "2026-08-03T16:20:00-04:00"),
        ("Date: 14. Januar 2026 um 12:30 GMT-5", "2026-01-14T12:30:00-05:00"),
        ("Date: 5. März 2026 um 16:02 GMT-5", "2026-03-05T16:02:00-05:00"),
        ("Date: 14 de janeiro de 2026 às 10:30 GMT-5", "2026-01-14T10:30:00-05:00"),
        ("Date: 7 luglio 2026 alle ore 09:45 GMT-4", "2026-07-07T09:45:00-04:00"),
        ("Date: 7 lipca 2026 09:45 GMT-4", "2026-07-07T09:45:00-04:00"),
        ("Date: 7. juli 2026 kl. 09.45 GMT-4", "2026-07-07T09:45:00-04:00"),
        ("Date: 2026. január 14. 10:30 GMT-5", "2026-01-14T10:30:00-05:00"),
        ("Date: 2026年3月19日 GMT-4 10:30", "2026-03-19T10:30:00-04:00"),
        ("Date: 2026年3月19日 EDT 下午1:05", "2026-03-19T13:05:00-04:00"),
        ("Date: 2026년 3월 19일 오후 1:05 GMT-4", "2026-03-19T13:05:00-04:00"),
        ("2026-03-19 15:05", "2026-03-19T15:05:00-04:00"),
        ("Date: 20 November 2026 at 18:00 GMT+1", "2026-11-20T12:00:00-05:00"),
    ],
)
def test_dates_are_read_in_the_language_of_the_browser(text: str, expected: str) -> None:
    found = moment_in(text)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "text", ["", "S&P 500 INDEX", "March 2026", "Blursday 5, 2026 at 10:00", "February 31, 2026 at 10:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment_in(text) is None


def test_spx_and_spxw_are_told_apart_by_their_symbols(file: Path) -> None:
    market = market_of_files([file])
    assert list(market.chains) == [("SPX", DEC), ("SPXW", DEC)]
    assert market.chains["SPXW", DEC].strikes.tolist() == [6800.0, 6850.0]
    quote = market.quote_of(Contract("SPXW", DEC, "C", 6800.0))
    other = market.quote_of(Contract("SPX", DEC, "P", 6800.0))
    assert quote is not None
    assert other is not None
    assert (quote.bid, quote.ask, quote.last) == (52.0, 53.4, 45.3)
    assert (other.bid, other.ask, other.last) == (40.2, 41.0, None)


def test_quotes_were_true_a_quarter_of_an_hour_before_the_page(file: Path) -> None:
    market = market_of_files([file])
    quote = market.quote_of(Contract("SPXW", DEC, "P", 6850.0))
    assert market.time == NOON
    assert market.delay == timedelta(minutes=15)
    assert quote is not None
    assert quote.time == NOON - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("page", "true"),
    [
        ("2026-11-20T16:10", "2026-11-20T15:55"),
        ("2026-11-20T20:57", "2026-11-20T16:15"),
        ("2026-11-22T11:00", "2026-11-20T16:15"),
        ("2026-11-23T08:00", "2026-11-20T16:15"),
        ("2026-11-23T09:40", "2026-11-20T16:15"),
        ("2026-11-23T09:46", "2026-11-23T09:31"),
        ("2026-11-27T15:00", "2026-11-27T13:15"),
    ],
)
def test_no_quote_is_younger_than_the_end_of_trading(page: str, true: str) -> None:
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=NEW_YORK) for text in (page, true))
    assert true_since(moment) == expected


def test_the_index_has_a_level_and_a_close_but_no_market(file: Path) -> None:
    quote = market_of_files([file]).quotes["^SPX"]
    assert (quote.last, quote.prev_close, quote.bid, quote.ask) == (6812.34, 6844.86, None, None)


def test_several_files_are_one_market(file: Path, tmp_path: Path) -> None:
    vix = tmp_path / "vix.csv"
    rows = [row("VIX", 20, "2.1,2.2"), row("VIXW", 20, "1.9,2.05")]
    later = '"Date: November 20, 2026 at 12:40 PM EST"'
    vix.write_text(table(*rows, date_line=later, level="17.9", change="0.4").replace("S&P 500", "CBOE VIX"))
    market = market_of_files([file, vix])
    assert {root for root, _ in market.chains} == {"SPX", "SPXW", "VIX", "VIXW"}
    assert market.quotes["^VIX"].last == 17.9
    assert market.quotes["^VIX"].prev_close == 17.5
    assert market.time == NOON + timedelta(minutes=40)
    assert market.warnings == ("the files lie 40 minutes apart",)
    early = market.quote_of(Contract("SPX", DEC, "C", 6800.0))
    assert early is not None
    assert early.time == NOON - timedelta(minutes=15)


def test_it_reads_back_as_a_market_folder(file: Path, tmp_path: Path) -> None:
    market = market_of_files([file])
    write_market(market, tmp_path / "out")
    back = read_market(tmp_path / "out")
    assert back.warnings == ()
    assert back.time == market.time
    assert back.quotes["^SPX"].last == 6812.34
    for right in ("C", "P"):
        contract = Contract("SPXW", DEC, "C" if right == "C" else "P", 6800.0)
        assert back.quote_of(contract) == market.quote_of(contract)


def test_saved_again_by_a_spreadsheet_with_decimal_commas(tmp_path: Path) -> None:
    lines = [line.replace(",", ";").replace(".", ",") for line in (row("SPXW", 6800), row("SPXW", 6850))]
    text = "\n".join(
        [
            "",
            "S&P 500 INDEX;Last: 6812,34;Change: -32,52",
            "Date: 20. November 2026 um 12:00 GMT-5;Bid: 6790,1;Ask: 6830,5",
            "Verfallstag;Calls;Letzter;Netto;Geld;Brief;Volumen;IV;Delta;Gamma;Offen;Basis;"
            "Puts;Letzter;Netto;Geld;Brief;Volumen;IV;Delta;Gamma;Offen",
            *lines,
        ]
    )
    path = tmp_path / "quotedata.csv"
    path.write_bytes(text.encode("utf-16"))
    market = market_of_files([path])
    quote = market.quote_of(Contract("SPXW", DEC, "C", 6850.0))
    assert quote is not None
    assert (quote.bid, quote.ask, quote.last) == (50.1, 51.5, 45.3)
    assert market.quotes["^SPX"].last == 6812.34
    assert market.time == NOON
    assert market.warnings == ()


def test_headings_say_where_bid_and_ask_are(tmp_path: Path) -> None:
    shuffled = "Expiration Date,Calls,Bid,Ask,Last Sale,Strike,Puts,Bid,Ask,Last Sale"
    line = "Fri Dec 18 2026,SPXW261218C06800000,50,51,49,6800,SPXW261218P06800000,40,41,39"
    path = tmp_path / "quotedata.csv"
    path.write_text(table(line).replace(HEADINGS, shuffled))
    quote = market_of_files([path]).quote_of(Contract("SPXW", DEC, "P", 6800.0))
    assert quote is not None
    assert (quote.bid, quote.ask, quote.last) == (40.0, 41.0, 39.0)


def test_what_cannot_be_read_is_said_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "quotedata.csv"
    broken = [
        row("SPXW", 6800, call="-1,51.5"),
        "Fri Dec 18 2026,,,,,",
        row("SPXW", 6850).replace("261218P", "261399P"),
    ]
    path.write_text(table(*broken, level="1.5"))
    market = market_of_files([path])
    assert market.chains["SPXW", DEC].strikes.tolist() == [6800.0, 6850.0]
    assert market.quote_of(Contract("SPXW", DEC, "C", 6800.0)).bid is None  # type: ignore[union-attr]
    said = "\n".join(market.warnings)
    assert 'quotedata.csv:5: SPXW261218C06800000: "-1" is no price; left out' in said
    assert "quotedata.csv:6: " in said
    assert "quotedata.csv:7: SPXW261399P06850000: month must be in 1..12; left out" in said
    assert "a level of 1.50 fits none of the strikes" in said
    assert market.quotes["^SPX"].last is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no option symbols"),
        ("date,spx\n2026-11-20,6800\n", "holds no option symbols"),
        (table(row("SPXW", 6800), date_line="Date: yesterday"), "give the time with --at"),
        (table(row("SPXW", 6800).replace("261218", "261399")), "holds no row that could be read"),
        (table(row("SPXW", 6800), "x" * 200_000), "is no table"),
    ],
)
def test_what_is_no_quote_table_is_refused(content: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "quotedata.csv"
    path.write_text(content)
    with pytest.raises(QuoteFileError, match=said):
        read_quote_file(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuoteFileError, match="No such file"):
        read_quote_file(tmp_path / "nowhere.csv")


def test_the_time_may_be_given_where_the_file_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "quotedata.csv"
    path.write_text(table(row("SPXW", 6800), date_line="Date: yesterday"))
    assert read_quote_file(path, NOON).time == NOON


def test_an_etf_keeps_its_bid_and_ask(tmp_path: Path) -> None:
    path = tmp_path / "spy_quotedata.csv"
    path.write_text(
        table(row("SPY", 680), level="681.5", change="1.5")
        .replace("6790.1", "681.4")
        .replace("6830.5", "681.6")
    )
    market = market_of_files([path])
    quote = market.quotes["SPY"]
    assert (quote.bid, quote.ask, quote.last, quote.prev_close) == (681.4, 681.6, 681.5, 680.0)
    assert list(market.chains) == [("SPY", DEC)]


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SPX)),
            st.integers(0, 40),
            st.text(' ,;"\n-.0123456789CPSX\x1b\x00é', max_size=8),
        ),
        max_size=6,
    )
)
def test_no_damage_to_a_file_brings_it_down(edits: list[tuple[int, int, str]]) -> None:
    text = SPX
    for at, length, new in edits:
        text = text[:at] + new + text[at + length :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "quotedata.csv"
        path.write_text(text, encoding="utf-8")
        try:
            market = market_of_files([path])
        except QuoteFileError:
            return
    assert market.chains
    assert all(warning.isprintable() for warning in market.warnings)
