"""Sound position files, as they are read."""

import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from time import process_time

import pytest

from alvh_tui.book.load import load_book, parse_book
from alvh_tui.book.model import Account, ClosedTrade, Leg
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from tests.book.books import CONTRACT_EXAMPLE, PATH, adjust, condor, hedge, silent, warning

DEC = date(2026, 12, 18)
CONDOR = '"-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"'


def test_the_contracts_example_is_read_in_full() -> None:
    book = silent(CONTRACT_EXAMPLE)
    assert book.path == PATH
    assert book.account == Account("main", 250_000, 120_000, "zones")
    (dec,) = book.condors
    assert (dec.id, dec.credit, dec.opened, dec.fees) == ("dec-18", 8.35, date(2026, 11, 4), 26.0)
    assert (dec.spot_at_open, dec.vix_at_open, dec.note) == (6796.3, 17.9, "after the October CPI")
    assert (dec.line, dec.contracts, dec.multiplier) == (9, 5, 100)
    (rolled,) = dec.adjustments
    assert (rolled.on, rolled.credit, rolled.contracts) == (date(2026, 11, 16), 0.85, 5)
    assert rolled.why == "untested side rolled down"
    held = {f"{leg.contract.strike:g}{leg.contract.right}": leg.quantity for leg in dec.open_legs}
    assert held == {"6350P": 5, "6400P": -5, "7100C": 5, "7050C": -5}
    assert dec.cash == pytest.approx((8.35 + 0.85) * 500)
    (layer,) = book.hedges
    assert (layer.id, layer.layer, layer.credit, layer.protects) == ("L1-jan", "L1", -0.93, ("dec-18",))
    assert (layer.contracts, layer.line) == (6, 25)
    assert layer.cash == pytest.approx(-558)
    assert book.protected_by(layer) == (dec,)
    assert book.closed == (ClosedTrade("oct-16", "condor", 1850.0, date(2026, 10, 2), line=33),)


def test_a_book_may_be_all_but_empty() -> None:
    book = silent("schema = 1\n")
    assert book.account == Account("main", None, None, "zones")
    assert book.positions == ()


@pytest.mark.parametrize(
    "legs",
    [
        '"-5 SPXW 2026-12-18 7150C/6400P/6350P/7100C"',
        '["-5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 7100C/7150C"]',
        '["+5 SPXW 2026-12-18 6350P/6400P", "+5 SPXW 2026-12-18 7150C/7100C"]',
        '["-5 SPXW261218P06400000", "+5 .SPXW261218P6350", "-5 SPXW  261218C07100000", "+5 SPXW261218C7150"]',
    ],
)
def test_a_condor_may_be_written_in_many_ways(legs: str) -> None:
    plain, other = silent(condor()).condors[0], silent(condor(legs=legs)).condors[0]
    assert set(other.legs) == set(plain.legs)
    assert other.contracts == 5


def test_a_condor_may_have_equal_shorts_and_unequal_wings() -> None:
    (fly,) = silent(condor(legs='"-1 SPXW 2026-12-18 6350P/6400P/6400C/6500C"', credit="99.99")).condors
    assert [leg.quantity for leg in fly.legs] == [1, -1, -1, 1]


def test_a_list_of_legs_and_all_optional_words_are_taken() -> None:
    (layer,) = silent(
        hedge(
            layer='"SE"',
            legs='[\n"+6 VIX 2026-12-16 22C", # bought\n"-12 VIX 2027-01-20 40C"\n]',
            debit="-0.10",
            fees="5",
            note='"""two\nlines\tand a tab"""',
            tags='["diagonal", "cheap"]',
        )
    ).hedges
    assert (layer.contracts, layer.credit, layer.fees, layer.tags) == (6, 0.10, 5.0, ("diagonal", "cheap"))
    assert layer.note == "two\nlines\tand a tab"
    assert layer.expiries == (date(2026, 12, 16), date(2027, 1, 20))


def test_futures_and_shares_are_hedges_too() -> None:
    (future,) = silent(hedge(legs='"+1 VX 2026-12-16"', debit="18.4")).hedges
    assert future.cash == pytest.approx(-18_400)
    (shares,) = silent(hedge(layer='"SE"', legs='"+100 VXX"', debit="31.25")).hedges
    assert shares.contracts == 100
    assert shares.cash == pytest.approx(-3125)


def test_a_price_on_every_leg_makes_the_credit() -> None:
    puts = '"-5 .SPXW261218P6400 @ 9.25", "+5 .SPXW261218P6350 @ 7.1"'
    priced = f'[{puts}, "-5 .SPXW261218C7100 @ 8", "+5 .SPXW261218C7150 @ 5.05"]'
    (summed,) = silent(condor(legs=priced, credit=None)).condors
    assert summed.credit == pytest.approx(9.25 - 7.1 + 8 - 5.05)
    assert summed.legs[0] == Leg(Contract("SPXW", DEC, "P", 6400), -5, 9.25)
    silent(condor(legs=priced, credit="5.10"))
    silent(condor(legs=priced, credit="5.105"))
    said = warning(condor(legs=priced, credit="5.30"))
    assert (said.line, said.key) == (5, "condor[1].credit")
    assert "is 5.3, and the legs' own prices make 5.1" in said.what


def test_a_ratio_hedges_debit_is_per_structure() -> None:
    legs = '["+6 VIX 2026-12-16 22C @ 1.50", "-12 VIX 2026-12-16 32C @ 0.30"]'
    (ratio,) = silent(hedge(legs=legs, debit=None)).hedges
    assert ratio.credit == pytest.approx(-0.90)
    assert "debit" in warning(hedge(legs=legs, debit="0.50")).key


def test_a_time_is_new_yorks_unless_it_says_otherwise() -> None:
    local = silent(condor(opened="2026-11-04T10:30:00")).condors[0].opened
    assert local == datetime(2026, 11, 4, 10, 30, tzinfo=NEW_YORK)
    abroad = silent(condor(opened="2026-11-05T02:00:00+01:00")).condors[0]
    assert abroad.opened == datetime(2026, 11, 5, 2, tzinfo=timezone(timedelta(hours=1)))
    assert abroad.opened_on == date(2026, 11, 4)


def test_a_closed_trade_takes_a_moment_for_its_day() -> None:
    lines = ('id = "x"', 'kind = "hedge"', "realised = -5", "closed = 2026-10-02T10:00:00", 'note = "n"')
    text = "\n".join(("schema = 1", "[[closed]]", *lines))
    assert silent(text).closed == (ClosedTrade("x", "hedge", -5.0, date(2026, 10, 2), "n", 2),)


def test_windows_files_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_bytes(b"\xef\xbb\xbf" + CONTRACT_EXAMPLE.replace("\n", "\r\n").encode())
    loaded = load_book(path)
    assert loaded.problems == ()
    assert loaded.book is not None
    assert loaded.book.path == path
    assert loaded.book.hedges[0].line == 25


@pytest.mark.parametrize("root", ["SPX", "XSP", "SPY"])
def test_a_condor_may_be_on_any_root(root: str) -> None:
    assert silent(condor(legs=CONDOR.replace("SPXW", root))).condors[0].legs[0].contract.root == root


class TestAdjustments:
    def test_partly_closed_then_closed_for_good(self) -> None:
        half = adjust("condor", "2026-11-16", '"+2 SPXW 2026-12-18 6350P/6400P/7100C/7150C"', "-3.0")
        (dec,) = silent(condor(half)).condors
        assert (dec.contracts, dec.adjustments[0].contracts) == (3, 2)
        assert dec.cash == pytest.approx(8.35 * 500 - 3.0 * 200)
        rest = adjust("condor", "2026-11-17", '"+3 SPXW 2026-12-18 6350P/6400P/7100C/7150C"', "-2.0")
        said = warning(condor(half, rest))
        assert (said.line, said.key) == (2, "condor[1]")
        assert "nothing open" in said.what
        assert "[[closed]]" in said.expected

    def test_a_roll_may_name_the_new_side_first(self) -> None:
        roll = '["-5 SPXW 2026-12-18 7050C/7100C", "+5 SPXW 2026-12-18 7100C/7150C"]'
        silent(condor(adjust("condor", "2026-11-16", roll)))

    def test_both_sides_rolled_leg_by_leg(self) -> None:
        roll = '["+5 SPXW261218C7100", "-5 SPXW261218C7150", "-5 SPXW261218C7050", "+5 SPXW261218C7100"]'
        same = '["+5 SPXW 2026-12-18 6400P/6350P", "-5 SPXW 2026-12-18 6450P/6400P"]'
        (dec,) = silent(
            condor(adjust("condor", "2026-11-16", roll), adjust("condor", "2026-11-16", same, "-0.4"))
        ).condors
        assert {leg.contract.strike for leg in dec.open_legs if leg.quantity < 0} == {7050, 6450}

    def test_the_whole_condor_may_go_to_another_expiry(self) -> None:
        roll = '["+5 SPXW 2026-12-18 6350P/6400P/7100C/7150C", "-5 SPXW 2027-01-15 6350P/6400P/7100C/7150C"]'
        (dec,) = silent(condor(adjust("condor", "2026-11-16", roll))).condors
        assert dec.expiries == (date(2027, 1, 15),)

    def test_a_hedge_is_rolled_and_partly_sold(self) -> None:
        roll = adjust(
            "hedge", "2026-11-16", '["-6 VIX 2026-12-16 22C/32C", "+6 VIX 2027-01-20 24C/36C"]', "0.40"
        )
        half = adjust("hedge", "2026-11-17", '"-3 VIX 2027-01-20 24C/36C"', "-1.1")
        (layer,) = silent(hedge(roll, half)).hedges
        assert [a.credit for a in layer.adjustments] == [-0.40, 1.1]
        assert (layer.contracts, layer.expiries) == (3, (date(2027, 1, 20),))

    def test_a_price_on_every_leg_makes_its_credit(self) -> None:
        text = condor('[[condor.adjust]]\ndate = 2026-11-16\nlegs = "+1 SPXW 2026-12-18 6300P @ 2.5"\n')
        assert silent(text).condors[0].adjustments[0].credit == -2.5

    def test_the_opening_day_is_early_enough_to_the_minute(self) -> None:
        bought = '"+1 SPXW 2026-12-18 6300P"'
        silent(condor(adjust("condor", "2026-11-04", bought), opened="2026-11-04T10:00:00"))
        silent(condor(adjust("condor", "2026-11-04T10:00:00", bought), opened="2026-11-04T10:00:00"))


def test_ten_thousand_legs_load_in_a_second() -> None:
    text = "schema = 1\n" + "\n".join(
        f'[[condor]]\nid = "c{number}"\nlegs = "-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C"\n'
        "credit = 8.35\nopened = 2026-11-04  # in the morning\n"
        for number in range(2500)
    )
    start = process_time()
    loaded = parse_book(text, PATH)
    took = process_time() - start
    assert loaded.problems == ()
    assert loaded.book is not None
    assert sum(len(held.legs) for held in loaded.book.condors) == 10_000
    assert took < 1.0


def test_loading_a_book_brings_in_nothing_heavy(tmp_path: Path) -> None:
    path = tmp_path / "book.toml"
    path.write_text(CONTRACT_EXAMPLE)
    program = (
        "import sys; from pathlib import Path; from alvh_tui.book.load import load_book; "
        f"assert load_book(Path({str(path)!r})).book; "
        "heavy = {'numpy', 'scipy', 'pandas', 'textual', 'rich', 'yfinance'} & sys.modules.keys(); "
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
