"""The rules for one condor, each against plain arithmetic; unknown where something it needs is missing."""

from dataclasses import replace
from datetime import date, datetime
from math import sqrt

import pytest

from alvh_tui.book.model import Adjustment, Condor, Hedge, Leg
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import Quote
from alvh_tui.method.condor_rules import condor_rules
from alvh_tui.method.reading import Reading
from alvh_tui.method.settings import Value
from alvh_tui.method.verdict import Verdict
from tests.method.books import condor_value, judged, option_on_spx, reading, with_history
from tests.risk.worlds import (
    AT,
    SPOT,
    VIX,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    closes,
    condor,
    golden_market,
    leg,
    market_of,
    vix_calls,
)

YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
CREDIT, MAX_LOSS = 8.35, 10 * 100 * (50.0 - 8.35)
TODAY, OPENED = AT.date(), date(2026, 11, 16)


def read(
    rule: str,
    held: Condor,
    changes: dict[str, Value] | None = None,
    *,
    hedges: tuple[Hedge, ...] = (),
    spot: float = SPOT,
    at: datetime = AT,
) -> Reading:
    market = golden_market(at=at, spot=spot)
    return reading(judged(book_of(held, *hedges), market, changes), held.id, f"condor.{rule}")


def test_every_rule_is_read_in_the_order_of_the_method() -> None:
    found = judged(book_of(condor(CREDIT)), golden_market()).condor_rules["dec-31"]
    assert [r.id for r in found] == [
        f"condor.{name}"
        for name in (
            "delta-band",
            "wings",
            "tenor",
            "entry-vix",
            "vega-bias",
            "short-put-itm",
            "pcf",
            "irr",
            "theta-burn",
        )
    ]
    assert list(condor_rules()) == [r.id for r in found]


def delta(strike: float, right: str) -> float:
    step = 1e-6
    down, up = option_on_spx(strike, right, fall=step), option_on_spx(strike, right, fall=-step)
    return abs(up - down) / (2.0 * step * SPOT)


@pytest.mark.parametrize(
    ("low", "high", "verdict", "farthest", "threshold"),
    [
        (0.10, 0.175, NO, "C", 0.175),
        (0.15, 0.25, YES, "P", 0.15),
        (0.175, 0.25, NO, "P", 0.175),
    ],
)
def test_delta_band_on_the_day_of_the_opening(
    low: float, high: float, verdict: Verdict, farthest: str, threshold: float
) -> None:
    put, call = delta(6400.0, "P"), delta(7100.0, "C")
    assert 0.15 < put < 0.175 < call < 0.25
    band: dict[str, Value] = {"condor.delta-band.low": low, "condor.delta-band.high": high}
    found = read("delta-band", replace(condor(CREDIT), opened=TODAY), band)
    assert (found.verdict, found.threshold) == (verdict, threshold)
    assert found.reading == pytest.approx(put if farthest == "P" else call, rel=1e-3)


def test_delta_band_afterwards_needs_the_market_of_the_entry() -> None:
    found = read("delta-band", condor(CREDIT))
    assert (found.reading, found.verdict) == (None, UNKNOWN)


def test_delta_band_with_one_delta_missing_is_unknown() -> None:
    """The calls have been rolled on the same day to an expiry that has no market."""
    opened = replace(condor(CREDIT), opened=TODAY)
    found = judged(book_of(_calls_rolled(opened)), golden_market())
    assert reading(found, "dec-31", "condor.delta-band").verdict is UNKNOWN


def _calls_rolled(held: Condor) -> Condor:
    """Both calls to an expiry nothing is quoted in."""
    january = date(2027, 1, 15)
    legs = (
        leg(10, "SPXW", YEAR_END, "C", 7100.0),
        leg(-10, "SPXW", YEAR_END, "C", 7150.0),
        leg(-10, "SPXW", january, "C", 7100.0),
        leg(10, "SPXW", january, "C", 7150.0),
    )
    return replace(held, adjustments=(Adjustment(TODAY, legs, 1.0, 10),))


@pytest.mark.parametrize(
    ("vix", "verdict", "farthest"), [(12.0, YES, 7150.0), (18.0, NO, 7150.0), (9.5, NO, 6350.0)]
)
def test_wings_in_expected_moves_of_the_opening(vix: float, verdict: Verdict, farthest: float) -> None:
    held = replace(condor(CREDIT), spot_at_open=6780.0, vix_at_open=vix)
    move = 6780.0 * vix / 100.0 * sqrt(45.0 / 365.0)
    found = read("wings", held)
    assert found.verdict is verdict
    assert found.reading == pytest.approx(abs(farthest - 6780.0) / move)
    assert found.threshold == (1.75 if vix < 10.0 else 1.25)


def test_wings_without_the_market_of_the_opening() -> None:
    assert read("wings", replace(condor(CREDIT), spot_at_open=6780.0)).verdict is UNKNOWN
    assert read("wings", replace(condor(CREDIT), vix_at_open=14.0)).verdict is UNKNOWN


@pytest.mark.parametrize(
    ("opened", "days", "verdict", "threshold"),
    [
        (date(2026, 11, 15), 46, NO, 45),
        (date(2026, 11, 16), 45, YES, 45),
        (date(2026, 12, 1), 30, YES, 30),
        (date(2026, 12, 2), 29, NO, 30),
    ],
)
def test_tenor_counts_the_days_at_entry(opened: date, days: int, verdict: Verdict, threshold: int) -> None:
    found = read(
        "tenor", replace(condor(CREDIT), opened=opened), at=datetime(2026, 12, 2, 12, 0, tzinfo=NEW_YORK)
    )
    assert (found.reading, found.verdict, found.threshold) == (days, verdict, threshold)


def test_entry_vix_from_the_file_the_day_itself_or_the_history() -> None:
    assert read("entry-vix", replace(condor(CREDIT), vix_at_open=14.99)).verdict is YES
    assert read("entry-vix", replace(condor(CREDIT), vix_at_open=15.0)).verdict is NO
    today = read("entry-vix", replace(condor(CREDIT), opened=TODAY))
    assert (today.reading, today.verdict) == (VIX, NO)
    assert read("entry-vix", condor(CREDIT)).verdict is UNKNOWN
    known = closes(
        spx={OPENED: 6750.0, date(2026, 11, 17): 6760.0}, vix={OPENED: 14.2, date(2026, 11, 17): 16.0}
    )
    found = judged(book_of(condor(CREDIT)), with_history(golden_market(), known))
    assert reading(found, "dec-31", "condor.entry-vix").reading == 14.2
    gap = closes(spx={OPENED: 6750.0, date(2026, 11, 17): 6760.0}, vix={date(2026, 11, 17): 16.0})
    found = judged(book_of(condor(CREDIT)), with_history(golden_market(), gap))
    assert reading(found, "dec-31", "condor.entry-vix").verdict is UNKNOWN


def vega() -> float:
    """Of one condor, per share and vol point, all vols moved alike."""
    signs = ((1, 6350.0, "P"), (-1, 6400.0, "P"), (-1, 7100.0, "C"), (1, 7150.0, "C"))
    step = 1e-4
    return sum(
        q * (option_on_spx(k, right, step) - option_on_spx(k, right, -step)) / (2.0 * step)
        for q, k, right in signs
    )


@pytest.mark.parametrize(
    ("positive", "low", "sold", "verdict"),
    [(False, 0.18, True, YES), (False, 0.18, False, NO), (True, 0.18, True, NO), (True, 1.0, False, YES)],
)
def test_vega_bias_is_the_sign_the_book_declares(
    positive: bool, low: float, sold: bool, verdict: Verdict
) -> None:
    held = condor(CREDIT)
    if not sold:
        held = replace(held, legs=tuple(Leg(own.contract, -own.quantity) for own in held.legs))
    rules: dict[str, Value] = {
        "condor.vega-bias.positive": positive,
        "condor.vega-bias.low": low,
        "condor.vega-bias.high": 2.0,
    }
    found = read("vega-bias", held, rules)
    assert found.verdict is verdict
    assert found.reading == pytest.approx(vega() if sold else -vega(), rel=1e-4)


@pytest.mark.parametrize(
    ("credit", "spot", "verdict", "threshold"),
    [
        (CREDIT, 6400.0, NO, 6391.65),
        (CREDIT, 6395.0, NO, 6391.65),  # below the short put, above the breakeven
        (CREDIT, 6391.0, YES, 6391.65),
        (55.0, 6300.0, NO, None),  # more credit than the wing is wide: no breakeven to fall below
        (-1.0, 6399.0, YES, 6400.0),  # under water at every price
        (-1.0, 6401.0, NO, 6400.0),
    ],
)
def test_short_put_in_the_money(
    credit: float, spot: float, verdict: Verdict, threshold: float | None
) -> None:
    found = read("short-put-itm", condor(credit), spot=spot)
    assert found.reading == spot
    assert found.verdict is verdict
    assert found.threshold == pytest.approx(threshold)


def test_short_put_in_the_money_on_a_tenth_of_the_index() -> None:
    small = condor(0.8, strikes=(635.0, 640.0, 710.0, 715.0), root="XSP")
    for spot, verdict in ((6392.5, NO), (6391.0, YES)):
        tenths = dict.fromkeys((635.0, 640.0, 660.0, 680.0, 700.0, 710.0, 715.0), 0.18)
        market = market_of([chain_of("XSP", YEAR_END, spot / 10.0 * 1.003, tenths)], spot)
        found = reading(judged(book_of(small), market), "dec-31", "condor.short-put-itm")
        assert found.verdict is verdict
        assert found.reading == pytest.approx(spot / 10.0)
        assert found.threshold == pytest.approx(639.2)


def test_short_put_in_the_money_with_an_unknown_breakeven() -> None:
    """No model prices the rolled calls: below the put nobody knows, above it the rule is not met."""
    held = _calls_rolled(condor(CREDIT))
    assert read("short-put-itm", held, spot=6300.0).verdict is UNKNOWN
    assert read("short-put-itm", held, spot=6800.0).verdict is NO


def test_no_index_and_no_put() -> None:
    market = replace(golden_market(), quotes={}, chains={})
    found = judged(book_of(condor(CREDIT)), market)
    assert {r.id: r.verdict for r in found.condor_rules["dec-31"]} == {
        "condor.delta-band": UNKNOWN,
        "condor.wings": UNKNOWN,
        "condor.tenor": YES,
        "condor.entry-vix": UNKNOWN,
        "condor.vega-bias": UNKNOWN,
        "condor.short-put-itm": UNKNOWN,
        "condor.pcf": UNKNOWN,
        "condor.irr": YES,
        "condor.theta-burn": UNKNOWN,
    }
    closing = (leg(-10, "SPXW", YEAR_END, "P", 6350.0), leg(10, "SPXW", YEAR_END, "P", 6400.0))
    half = replace(condor(CREDIT), adjustments=(Adjustment(TODAY, closing, -3.0, 10),))
    assert read("short-put-itm", half).verdict is NO


def test_vol_points_against_days_of_theta() -> None:
    step = 1e-6
    theta = 10.0 * (condor_value(ahead=step) - condor_value()) / step / 365.0
    found = read("pcf", condor(CREDIT))
    assert found.reading == pytest.approx(1000.0 * -vega() / theta, rel=1e-3)
    assert found.reading == pytest.approx(5.4456, abs=2e-3)  # the worked example
    assert (found.threshold, found.verdict) == (3.2, YES)
    assert read("pcf", condor(CREDIT), {"condor.pcf.limit": 6.0}).verdict is NO


def test_the_ratio_is_of_sizes_whatever_the_signs() -> None:
    bought = replace(
        condor(CREDIT), legs=tuple(Leg(own.contract, -own.quantity) for own in condor(CREDIT).legs)
    )
    found, sold = read("pcf", bought), read("pcf", condor(CREDIT))
    assert found.reading == pytest.approx(sold.reading)
    assert found.verdict is YES
    assert found.note.endswith("which it pays")


def test_yearly_return_with_and_without_its_hedges() -> None:
    bare = 8350.0 / MAX_LOSS / (45.0 / 365.0)
    found = read("irr", condor(CREDIT))
    assert found.reading == pytest.approx(bare)
    assert (found.threshold, found.verdict) == (0.18, YES)
    # Opened on 17 November for 64 days, 44 of them over when the condor expires.
    charged = 30 * 115.0 * 44.0 / 64.0
    hedged = read("irr", condor(CREDIT), hedges=(vix_calls(30),))
    assert hedged.reading == pytest.approx((8350.0 - charged) / MAX_LOSS / (45.0 / 365.0))
    assert hedged.note == f"{100 * bare:.0f} % before hedges; good"


def test_a_hedge_that_ends_first_is_charged_whole_and_a_future_not_at_all() -> None:
    short = Hedge(
        id="short",
        legs=(leg(30, "VIX", date(2026, 12, 16), "C", 25.0),),
        credit=-1.0,
        opened=date(2026, 11, 17),
    )
    future = Hedge(id="vx", legs=(Leg(Contract("VX", VIX_DAY), 1),), credit=-19.0, opened=date(2026, 11, 17))
    yearly = 365.0 / 45.0 / MAX_LOSS
    assert read("irr", condor(CREDIT), hedges=(short,)).reading == pytest.approx(5350.0 * yearly)
    assert read("irr", condor(CREDIT), hedges=(future,)).reading == pytest.approx(8350.0 * yearly)


def test_the_floor_of_the_return() -> None:
    assert read("irr", condor(1.0)).reading == pytest.approx(1.0 / 49.0 * 365.0 / 45.0)
    assert read("irr", condor(1.0)).verdict is NO
    assert read("irr", condor(1.3)).verdict is YES
    assert "good" not in read("irr", condor(1.3)).note
    assert read("irr", condor(1.6)).note.endswith("good")
    assert read("irr", condor(50.0)).verdict is UNKNOWN  # nothing to lose, no margin


def test_decay_now_and_some_sessions_on() -> None:
    """Five sessions from Friday, 20 November, Thanksgiving between them, end on Monday the 30th."""
    day, later = 1.0 / 365.0, 10.0 / 365.0
    now = 10.0 * (condor_value(ahead=day) - condor_value())
    then = 10.0 * (condor_value(ahead=later + day) - condor_value(ahead=later))
    found = read("theta-burn", condor(CREDIT))
    assert then > now
    assert found.verdict is YES
    assert found.note == f"+{now:,.0f} $ a day now, +{then:,.0f} $ in 5 sessions"
    step = 1e-6
    theta = 10.0 * (condor_value(ahead=step) - condor_value()) / step / 365.0
    assert found.reading == pytest.approx(theta / (-10.0 * condor_value()), rel=1e-3)


@pytest.mark.parametrize(("spot", "verdict"), [(6420.0, NO), (6460.0, NO), (6540.0, YES)])
def test_decay_slows_down_where_the_index_comes_near_the_short_put(spot: float, verdict: Verdict) -> None:
    assert read("theta-burn", condor(CREDIT), spot=spot).verdict is verdict


def test_decay_close_to_the_end_and_without_prices() -> None:
    late = read("theta-burn", condor(CREDIT), at=datetime(2026, 12, 28, 12, 0, tzinfo=NEW_YORK))
    assert late.verdict is UNKNOWN
    assert late.note == "expires within 5 sessions"
    assert late.reading is not None
    blind = replace(golden_market(), quotes={"^VIX": Quote("^VIX", last=17.0)}, chains={})
    found = reading(judged(book_of(condor(CREDIT)), blind), "dec-31", "condor.theta-burn")
    assert (found.reading, found.verdict, found.note) == (None, UNKNOWN, "a leg is not priced")
