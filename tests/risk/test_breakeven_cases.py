"""Breakevens that are not there, are breached, are many, or are shared."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

import pytest

from alvh_tui.book.model import Book, Condor, Hedge, Leg
from alvh_tui.instruments.calendar import NEW_YORK, settlement_instant
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import MarketSnapshot, Quote
from alvh_tui.risk.breakevens import (
    KINDS,
    TODAY_KINDS,
    BreakevenTable,
    Unit,
    find_breakevens,
    hedge_shares,
    units_of,
)
from alvh_tui.risk.positions import figure_position
from tests.risk import plain
from tests.risk.plain import PlainLeg, plain_pnl
from tests.risk.worlds import (
    AT,
    VIX_DAY,
    YEAR_END,
    book_of,
    chain_of,
    condor,
    golden_market,
    index_forward,
    market_of,
    smooth_chain,
    valued,
    vix_calls,
)

PM, AM = settlement_instant("SPXW", YEAR_END), settlement_instant("VIX", VIX_DAY)
VIX_VOL = 0.9037399391
VOLS = {6350.0: 0.205, 6400.0: 0.199, 7100.0: 0.133, 7150.0: 0.130}
CONDOR_LEGS = tuple(
    PlainLeg(quantity, right, strike, VOLS[strike], PM)
    for quantity, right, strike in (
        (10, "P", 6350.0),
        (-10, "P", 6400.0),
        (-10, "C", 7100.0),
        (10, "C", 7150.0),
    )
)


def units(book: Book, market: MarketSnapshot) -> tuple[Unit, ...]:
    valuation = valued(book, market)
    return units_of(book, hedge_shares(book, {p.id: figure_position(p, valuation) for p in book.positions}))


def tables(*positions: Condor | Hedge, market: MarketSnapshot | None = None) -> Mapping[str, BreakevenTable]:
    book, market = book_of(*positions), market or golden_market()
    return find_breakevens(units(book, market), valued(book, market))


def plain_calls(lots: float, strike: float = 25.0) -> PlainLeg:
    return PlainLeg(lots, "C", strike, VIX_VOL, AM, vix_forward=19.35)


def test_a_hedge_can_buy_the_lower_side_off() -> None:
    kinds = tables(condor(17.5), vix_calls(150, debit=0.05))["dec-31"].kinds
    held = kinds["today_hedged"]
    assert held.low is None
    assert held.low_note == "the hedge has bought this side off"
    assert held.high is not None
    assert held.high_note == ""
    pnl = plain_pnl((*CONDOR_LEGS, plain_calls(150)), 17_500.0 - 750.0, on_path=True)
    assert plain.profit_zone(pnl)[0] is None
    assert kinds["today_path"].low is not None


def test_under_water_along_the_path_too() -> None:
    kinds = tables(condor(5.0), vix_calls(2))["dec-31"].kinds
    for kind in TODAY_KINDS:
        found = kinds[kind]
        assert (found.low, found.high) == (None, None)
        assert found.low_note == found.high_note == "under water at every price"
    assert kinds["expiry"].low == pytest.approx(6395.0)


def test_an_index_beyond_a_breakeven_still_has_it() -> None:
    kinds = tables(condor(17.5), market=golden_market(spot=6300.0))["dec-31"].kinds
    assert (kinds["expiry"].low, kinds["expiry"].high) == pytest.approx((6382.5, 7117.5))
    today = kinds["today"]
    assert today.low is not None
    assert today.low > 6300.0


def test_of_several_zeros_the_edges_of_the_zone_at_the_index_count() -> None:
    legs = (*CONDOR_LEGS, plain_calls(40))
    pnl = plain_pnl(legs, 17_500.0 - 40 * 115.0, on_path=True)
    zeros = plain.all_roots(pnl)
    assert len(zeros) > 2
    found = tables(condor(17.5), vix_calls(40))["dec-31"].kinds["today_hedged"]
    assert found.low == pytest.approx(max(zero for zero in zeros if zero < 6800.0), abs=1e-3)
    assert found.high == pytest.approx(min(zero for zero in zeros if zero > 6800.0), abs=1e-3)


@pytest.mark.parametrize("spot", [5600.0, *(float(level) for level in range(5900, 6340, 10))])
def test_from_a_loss_between_two_zones_the_nearer_zone_counts(spot: float) -> None:
    market = golden_market(spot=spot)
    table = tables(condor(17.5), vix_calls(60), market=market)["dec-31"]
    to_expiry = plain.years(AT, PM)

    def pnl(level: float) -> float:
        moved = plain.vix_on_path(level, start=spot)
        condor_then = sum(
            100.0 * held.quantity * plain.black(level, 1.0, 0.0, held.strike, 1.0, held.right)
            for held in CONDOR_LEGS
        )
        return 17_500.0 - 6_900.0 + condor_then + 100.0 * 60 * plain_calls(60).worth(level, moved, to_expiry)

    zone = plain.profit_zone(pnl, spot, spot)
    found = table.kinds["expiry_hedged"]
    assert (found.low, found.high) == pytest.approx(zone, abs=1e-3)


def test_on_the_upside_a_hedge_narrows_the_breakeven() -> None:
    table = tables(condor(17.5), vix_calls(30))["dec-31"]
    kinds = table.kinds
    for without, with_hedge in (
        (kinds["today_path"], kinds["today_hedged"]),
        (kinds["expiry"], kinds["expiry_hedged"]),
    ):
        assert without.high is not None
        assert with_hedge.high is not None
        assert with_hedge.high < without.high - 1.0
    for projection in table.projections:
        path, hedged_then = projection.kinds["today_path"].high, projection.kinds["today_hedged"].high
        assert path is not None
        assert hedged_then is not None
        assert hedged_then < path


def test_the_path_is_named() -> None:
    assert tables(condor(17.5))["dec-31"].path == "VIX +1.6 per −1 %, −1.0 per +1 %"


def test_hedges_are_shared_by_the_largest_loss_they_protect() -> None:
    small, large = condor(12.5, lots=4, name="small"), condor(25.0, lots=10, name="large")
    mine = replace(vix_calls(10, name="mine"), protects=("small",))
    shares = {
        unit.name: {behind.hedge.id: behind.share for behind in unit.hedges}
        for unit in units(book_of(small, large, vix_calls(30), mine), golden_market())
    }
    losses = {"small": (50.0 - 12.5) * 400, "large": (50.0 - 25.0) * 1000}
    assert shares["small"] == {"L1": pytest.approx(losses["small"] / 40_000.0), "mine": 1.0}
    assert shares["large"] == {"L1": pytest.approx(losses["large"] / 40_000.0)}
    assert shares[""] == {"L1": 1.0, "mine": 1.0}


def test_a_share_of_a_hedge_counts_for_that_share() -> None:
    table = tables(condor(17.5), condor(17.5, lots=30, name="other"), vix_calls(40))["dec-31"]
    pnl = plain_pnl((*CONDOR_LEGS, plain_calls(10)), 17_500.0 - 10 * 115.0, on_path=True)
    found = table.kinds["today_hedged"]
    assert (found.low, found.high) == pytest.approx(plain.profit_zone(pnl), abs=1e-3)
    cost = table.kinds["expiry_hedge_cost"]
    assert (cost.low, cost.high) == pytest.approx((6400.0 - 16.35, 7100.0 + 16.35))


def test_a_future_is_charged_by_its_result_and_not_by_its_price() -> None:
    future = replace(vix_calls(1, name="vx"), legs=(Leg(Contract("VX", VIX_DAY), 1),), credit=-19.0)
    kinds = tables(condor(17.5), vix_calls(10), future)["dec-31"].kinds
    cost = kinds["expiry_hedge_cost"]
    assert (cost.low, cost.high) == pytest.approx((6400.0 - 16.35, 7100.0 + 16.35))
    to_expiry = plain.years(AT, PM)
    left = 365.0 * (plain.years(AT, AM) - to_expiry)

    def pnl(spot: float) -> float:
        moved = plain.vix_on_path(spot)
        gained = 1_000.0 * (19.35 + plain.beta_tenor(left) * moved - 19.0)
        condor_and_calls = plain_pnl(
            (*CONDOR_LEGS, plain_calls(10)), 17_500.0 - 1_150.0, to_expiry, on_path=True
        )
        return condor_and_calls(spot) + gained

    hedged = kinds["expiry_hedged"]
    assert (hedged.low, hedged.high) == pytest.approx(plain.profit_zone(pnl), abs=1e-3)


def test_a_lossless_condor_leaves_hedges_evenly_shared() -> None:
    free = condor(60.0, name="free")
    shares = {
        unit.name: unit.hedges[0].share
        for unit in units(book_of(condor(17.5), free, vix_calls(30)), golden_market())
    }
    assert shares == {"dec-31": 0.5, "free": 0.5, "": 1.0}


def test_an_xsp_condor_speaks_in_points_of_xsp() -> None:
    strikes = (635.0, 640.0, 710.0, 715.0)
    quoted = {k: VOLS.get(10 * k, 0.16) for k in (*strikes, *[float(k) for k in range(645, 710, 5)])}
    golden = golden_market()
    market = replace(
        golden,
        chains={
            **golden.chains,
            ("XSP", YEAR_END): chain_of("XSP", YEAR_END, index_forward(YEAR_END) / 10.0, quoted),
        },
    )
    tenth = replace(condor(1.75, strikes=strikes, root="XSP"), id="xsp")
    small = tables(tenth, vix_calls(3), market=market)["xsp"]
    large = tables(condor(17.5), vix_calls(30))["dec-31"]
    for kind, found in small.kinds.items():
        whole = large.kinds[kind]
        assert whole.low is not None
        assert whole.high is not None
        assert (found.low, found.high) == pytest.approx((whole.low / 10.0, whole.high / 10.0), abs=1e-5)


NEW_YEAR = date(2027, 1, 15)


@pytest.mark.parametrize(
    ("others", "together"),
    [
        ((), False),
        ((condor(20.0, name="b"),), True),
        ((condor(20.0, name="b", strikes=(6300.0, 6350.0, 7150.0, 7200.0)),), True),
        ((condor(20.0, name="b", expiry=NEW_YEAR),), False),
        ((condor(20.0, name="b", root="SPX", expiry=NEW_YEAR), condor(20.0, name="c")), False),
    ],
)
def test_the_book_has_breakevens_where_all_condors_settle_together(
    others: tuple[Condor, ...], together: bool
) -> None:
    chains = [smooth_chain(), smooth_chain(NEW_YEAR), smooth_chain(NEW_YEAR, "SPX")]
    assert ("" in tables(condor(17.5), *others, market=market_of(chains))) is together


def test_am_and_pm_condors_of_one_friday_do_not_settle_together() -> None:
    pair = (condor(17.5, expiry=NEW_YEAR, name="pm"), condor(17.5, expiry=NEW_YEAR, root="SPX", name="am"))
    found = tables(*pair, market=market_of([smooth_chain(NEW_YEAR), smooth_chain(NEW_YEAR, "SPX")]))
    assert set(found) == {"pm", "am"}


def test_the_books_breakevens_are_those_of_the_sum() -> None:
    wide = condor(10.0, lots=5, strikes=(6350.0, 6400.0, 7100.0, 7150.0), name="wide")
    hedge = replace(vix_calls(30), protects=("wide",))
    found = tables(condor(17.5), wide, hedge)[""].kinds
    legs = tuple(replace(held, quantity=1.5 * held.quantity) for held in CONDOR_LEGS)
    cash = 17_500.0 + 5_000.0
    today = plain.profit_zone(plain_pnl(legs, cash, on_path=False))
    hedged = plain.profit_zone(plain_pnl((*legs, plain_calls(30)), cash - 3_450.0, on_path=True))
    assert (found["today"].low, found["today"].high) == pytest.approx(today, abs=1e-3)
    assert (found["today_hedged"].low, found["today_hedged"].high) == pytest.approx(hedged, abs=1e-3)


def test_without_vix_only_what_needs_no_path_is_known() -> None:
    market = golden_market()
    market = replace(market, quotes={"^SPX": Quote("^SPX", last=6800.0)})
    kinds = tables(condor(17.5), vix_calls(30), market=market)["dec-31"].kinds
    known = {kind for kind, found in kinds.items() if found.low is not None and found.high is not None}
    assert known == {"expiry", "expiry_hedge_cost", "today"}
    notes = {found.low_note for kind, found in kinds.items() if kind not in known}
    assert notes == {"a leg behind it cannot be priced"}


def test_a_leg_without_a_vol_leaves_the_exact_ones() -> None:
    market = market_of([chain_of("SPXW", YEAR_END, index_forward(YEAR_END), {6350.0: 0.2, 7100.0: 0.13})])
    kinds = tables(condor(17.5), market=market)["dec-31"].kinds
    assert (kinds["expiry"].low, kinds["expiry"].high) == pytest.approx((6382.5, 7117.5))
    assert kinds["today"].low_note == "a leg behind it cannot be priced"


def test_an_unpriced_condor_does_not_spoil_its_neighbour() -> None:
    found = tables(condor(17.5), condor(17.5, expiry=date(2026, 12, 24), name="unquoted"))
    alone = tables(condor(17.5))
    for kind in KINDS:
        mine, before = found["dec-31"].kinds[kind], alone["dec-31"].kinds[kind]
        assert (mine.low, mine.high) == pytest.approx((before.low, before.high), abs=1e-6)
    for kind in TODAY_KINDS:
        assert found["unquoted"].kinds[kind].low_note == "a leg behind it cannot be priced"


def test_nothing_is_projected_past_the_expiry() -> None:
    at = datetime(2026, 12, 29, 15, 30, tzinfo=NEW_YORK)
    table = tables(condor(17.5), market=golden_market(at))["dec-31"]
    assert [projection.sessions for projection in table.projections] == [1]


def test_legs_of_two_expiries_are_valued_at_the_first() -> None:
    """After the calls were rolled out in time the payoff is no longer piecewise linear."""
    puts, calls = condor(17.5).legs[:2], condor(17.5, expiry=NEW_YEAR).legs[2:]
    rolled = replace(condor(17.5), legs=(*puts, *calls))
    market = market_of(
        [
            chain_of("SPXW", YEAR_END, index_forward(YEAR_END), dict.fromkeys(range(6200, 7300, 50), 0.15)),
            chain_of("SPXW", NEW_YEAR, index_forward(NEW_YEAR), dict.fromkeys(range(6200, 7300, 50), 0.15)),
        ]
    )
    found = tables(rolled, market=market)["dec-31"].kinds["expiry"]
    later = settlement_instant("SPXW", NEW_YEAR)
    legs = tuple(replace(held, vol=0.15, settles=PM if held.right == "P" else later) for held in CONDOR_LEGS)
    pnl = plain_pnl(legs, 17_500.0, plain.years(AT, PM), on_path=False)
    assert (found.low, found.high) == pytest.approx(plain.profit_zone(pnl), abs=1e-3)
    assert found.high is not None
    assert found.high < 7117.5 - 20.0
