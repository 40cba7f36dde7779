"""Every form of leg text, and what is said of the others."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.book.legs import LegError, contract_text, parse_legs
from alvh_tui.book.model import Leg
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.instruments.contract import Contract, Right

DEC = date(2026, 12, 18)
VIX_DEC = date(2026, 12, 16)


def spxw(quantity: int, strike: float, right: Right, price: float | None = None) -> Leg:
    return Leg(Contract("SPXW", DEC, right, strike), quantity, price)


def vix(quantity: int, strike: float, price: float | None = None) -> Leg:
    return Leg(Contract("VIX", VIX_DEC, "C", strike), quantity, price)


SOLD = (spxw(5, 6350, "P"), spxw(-5, 6400, "P"), spxw(-5, 7100, "C"), spxw(5, 7150, "C"))


@pytest.mark.parametrize(
    ("text", "legs"),
    [
        ("+6 VIX 2026-12-16 25C", (vix(6, 25),)),
        ("-6 VIX 2026-12-16 22.5C", (vix(-6, 22.5),)),
        ("+6 VIX 2026-12-16 22C/32C", (vix(6, 22), vix(-6, 32))),
        ("-6 VIX 2026-12-16 22C/32C", (vix(-6, 22), vix(6, 32))),
        ("-5 SPXW 2026-12-18 6400P/6350P", (spxw(-5, 6400, "P"), spxw(5, 6350, "P"))),
        ("-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C", SOLD),
        ("-5 SPXW 2026-12-18 7150C/6400P/6350P/7100C", (SOLD[3], SOLD[1], SOLD[0], SOLD[2])),
        (
            "+5 SPXW 2026-12-18 6350P/6400P/7100C/7150C",
            tuple(Leg(leg.contract, -leg.quantity) for leg in SOLD),
        ),
        (
            "-1 SPXW 2026-12-18 6350P/6400P/6400C/6500C",
            (spxw(1, 6350, "P"), spxw(-1, 6400, "P"), spxw(-1, 6400, "C"), spxw(1, 6500, "C")),
        ),
        ("-2 VX 2026-12-16", (Leg(Contract("VX", VIX_DEC), -2),)),
        ("+1 VXM 2026-12-16", (Leg(Contract("VXM", VIX_DEC), 1),)),
        ("+1 VX261216", (Leg(Contract("VX", VIX_DEC), 1),)),
        ("+1 /VX 2026-12-16", (Leg(Contract("VX", VIX_DEC), 1),)),
        ("+100 VXX", (Leg(Contract("VXX"), 100),)),
        ("-100 BRK.B", (Leg(Contract("BRK.B"), -100),)),
        ("+1 SPY 2026-12-18 640P", (Leg(Contract("SPY", DEC, "P", 640), 1),)),
        ("-5 SPXW  261218P06400000", (spxw(-5, 6400, "P"),)),
        ("-5 SPXW261218P06400000", (spxw(-5, 6400, "P"),)),
        ("-5 .SPXW261218P6400", (spxw(-5, 6400, "P"),)),
        ("-5 SPXW261218P6400", (spxw(-5, 6400, "P"),)),
        ("+5 .VIX261216C22.5", (vix(5, 22.5),)),
        ("+5 .SPY261218P0.5", (Leg(Contract("SPY", DEC, "P", 0.5), 5),)),
        ("+5 VIX   261216C00022500", (vix(5, 22.5),)),
        ("+6 VIX 2026-12-16 25C @ 1.45", (vix(6, 25, 1.45),)),
        ("+6 .VIX261216C25@.05", (vix(6, 25, 0.05),)),
        ("-2 VX 2026-12-16 @ 17", (Leg(Contract("VX", VIX_DEC), -2, 17.0),)),
        ("  + 6   vix 2026-12-16   22 c / 32 c ", (vix(6, 22), vix(-6, 32))),
        ("−5 spxw 2026-12-18 6400p", (spxw(-5, 6400, "P"),)),
        ("–5\u00a0SPXW 2026-12-18 6400P", (spxw(-5, 6400, "P"),)),
        ("+1 SPX 2026-12-18 6400.125P", (Leg(Contract("SPX", DEC, "P", 6400.125), 1),)),
    ],
)
def test_leg_texts_mean_these_legs(text: str, legs: tuple[Leg, ...]) -> None:
    assert parse_legs(text) == legs


@pytest.mark.parametrize(
    ("text", "what", "expected"),
    [
        ("", "does not begin with a quantity", "±QTY ROOT EXPIRY STRIKES"),
        ("SPXW 2026-12-18 6400P", "does not begin with a quantity", "±QTY"),
        ("5 SPXW 2026-12-18 6400P", "bought or sold", "+5 (bought) or -5 (sold)"),
        ("+0 VXX", '"0" is no quantity', "1 to"),
        ("-000 VXX", '"000" is no quantity', "1 to"),
        ("+99999999 VXX", "is no quantity", "1 to 9999999"),
        ("+1.5 VXX", "1.5 is not a whole number", "as 5"),
        ("+1,000 VXX", "1,000 is not a whole number", "without a comma"),
        ("+5", "names no instrument", "±QTY"),
        ("+5 SPXW 2026-12-18 6400", "the strike 6400 is neither call nor put", "6400C or 6400P"),
        ("+5 SPXW 2026-12-18 C6400", "is not a strike", "as 6400P"),
        ("+5 SPXW 2026-12-18 6400P 6350P", "is not a strike", "with / between"),
        ("+5 SPXW 2026-12-18 6400P/", "is not a strike", "with / between"),
        ("+5 SPXW 2026-12-18 6400X", "is not a strike", "as 6400P"),
        ("+5 SPXW 2026-12-18 0P", "cannot be", "above 0"),
        ("+5 SPXW 2026-12-18 100000P", "cannot be", "below 100000"),
        ("+5 SPXW 2026-12-18 6400.1234P", "is too fine", "three decimals"),
        ("+5 SPXW 2026-12-18 6400P/6400P", "6400P is written twice", "different strikes"),
        ("+5 SPXW 2026-12-18 6400P/7100C", "a put and a call", "two of a kind"),
        ("+5 SPXW 2026-12-18 1P/2P/3P", "has 3 strikes", "one, two (a vertical) or four"),
        ("+5 SPXW 2026-12-18 1P/2P/3P/4C", "3 puts and 1 calls", "two puts and two calls"),
        ("-5 SPXW 2026-12-18 7150P/6400P/7100C/7200C", "the put 7150 lies above the call 7100", "puts below"),
        ("+5 SPXW 2026-12-18", "SPXW 2026-12-18 names no strike", "25C"),
        ("+5 VIX 2026-12-16", "names no strike", "VX 2026-12-16 for the future"),
        ("+5 SPXW 18.12.2026 6400P", '"18.12.2026" is not an expiry', "year-month-day"),
        ("+5 SPXW 2026-12-8 6400P", '"2026-12-8" is not an expiry', "year-month-day"),
        ("+5 SPXW 2026-02-30 6400P", "2026-02-30 is not a date there is", "a day of the calendar"),
        ("+5 SPXW 1926-12-18 6400P", "1926-12-18 is not an expiry", "from 2000 to 2099"),
        ("+5 SPXW261318P06400000", "2026-13-18 is not a date there is", "a day of the calendar"),
        ("+5 SPXW261218P00000000", "not a symbol's strike", "06400000"),
        ("+5 SPXW261218P0640000", "not a symbol's strike", "eight digits"),
        ("+5 VX261216C00025000", "VX is a future and has no strike", "VIX for the option"),
        ("+5 VX 2026-12-16 25C", "VX is a future and has no strike", "VIX for the option"),
        ("+5 VX", "VX names no expiry", "VX 2026-12-16"),
        ("+5 VIX", "VIX itself cannot be held", "VX 2026-12-16"),
        ("+5 SPX", "SPX itself cannot be held", "SPX 2026-12-18 6400P"),
        ("+5 /ES", "neither a ticker nor a symbol", "±QTY SYMBOL"),
        ("+5 /ES 2026-12-18 6400P", '"/ES" is not a root', "SPXW"),
        ("+5 VXX @", '"" is not a price', "@ 1.45"),
        ("+5 VXX @ -1", '"-1" is not a price', "@ 1.45"),
        ("+5 VXX @ 1,45", '"1,45" is not a price', "@ 1.45"),
        ("+5 VXX @ 1 @ 2", '"1 @ 2" is not a price', "@ 1.45"),
        ("+5 VXX @ 1e9", '"1E9" is not a price', "@ 1.45"),
    ],
)
def test_other_texts_are_refused_with_a_remedy(text: str, what: str, expected: str) -> None:
    with pytest.raises(LegError) as refused:
        parse_legs(text)
    assert what in refused.value.what
    assert expected in refused.value.expected
    assert refused.value.expected.startswith("expected ")


@given(
    st.text() | st.from_regex(r"[+-][0-9] ?[A-Z]{2,5} 2026-1[0-9]-[0-9]{2} [0-9CP/.@ ]{0,12}", fullmatch=True)
)
def test_any_text_is_legs_or_a_refusal(text: str) -> None:
    try:
        legs = parse_legs(text)
    except LegError:
        return
    assert legs
    assert all(leg.quantity for leg in legs)


def test_the_worked_symbols_are_read_as_they_say(golden: dict[str, dict[str, Any]]) -> None:
    example = golden["G17"]
    assert len(example["inputs"]) == 6
    for symbol, right in zip(example["inputs"], example["outputs"], strict=False):
        (leg,) = parse_legs(f"+1 {symbol}")
        contract = leg.contract
        settles = settlement_instant(contract.root, date.fromisoformat(right["expiry"]))
        assert contract == Contract(right["root"], settles.date(), right["right"], right["strike"])
        assert contract.spec.underlying == right["underlying"]
        assert contract.spec.settles_at_open == (right["settlement"] == "AM")
        assert f"{settles:%H:%M}" == right["expiry_time_et"]
        assert contract.multiplier == right["multiplier"]
        assert contract.symbol == symbol.replace(" ", "")


STRIKES = st.integers(1, 99_999_999).map(lambda thousandths: thousandths / 1000)


@given(STRIKES, st.sampled_from("CP"), st.sampled_from(["SPXW", "VIX", "SPY", "A1"]))
def test_a_contracts_own_symbol_and_text_lead_back_to_it(strike: float, right: Right, root: str) -> None:
    contract = Contract(root, DEC, right, strike)
    for text in (contract.symbol, contract_text(contract)):
        assert parse_legs(f"-3 {text}") == (Leg(contract, -3),)


def test_a_net_price_behind_several_strikes_is_carried_by_one_leg() -> None:
    spread = parse_legs("+6 VIX 2026-12-16 22C/32C @ 0.93")
    assert [(leg.quantity, leg.price) for leg in spread] == [(6, 0.93), (-6, 0.0)]
    condor = parse_legs("-5 SPXW 2026-12-18 6350P/6400P/7100C/7150C @ 8.35")
    paid = -sum(leg.quantity * (leg.price or 0.0) for leg in condor) / 5
    assert paid == pytest.approx(8.35)


def test_a_root_may_have_a_share_class() -> None:
    (held,) = parse_legs("+1 BRK.B 2026-12-18 450P")
    assert held.contract == Contract("BRK.B", DEC, "P", 450.0)
