"""One whole assessment of a hundred legs on the simulated market: what every refresh of the screen costs."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from alvh_tui.assess import Past, assess
from alvh_tui.book.model import Account, Book, Condor, Hedge, Layer, Leg
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.market.simulated import SimulatedFeed
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.method.link import link_settings
from alvh_tui.method.rules import built_in
from alvh_tui.publish import assessment_json
from alvh_tui.risk.breakevens import find_breakevens, hedge_shares, units_of
from alvh_tui.risk.positions import figure_position
from alvh_tui.risk.totals import add_up
from alvh_tui.risk.valuation import value_book
from tests.bench.row import Row, median

AT = datetime(2026, 11, 20, 15, 30, tzinfo=NEW_YORK)
DAY_BEFORE = datetime(2026, 11, 19, 16, 0, tzinfo=NEW_YORK)
EXPIRIES = (
    ("SPXW", date(2026, 12, 4)),
    ("SPXW", date(2026, 12, 11)),
    ("SPX", date(2026, 12, 18)),
    ("SPXW", date(2026, 12, 31)),
    ("SPXW", date(2027, 1, 15)),
)
VIX_DAYS = (date(2026, 12, 16), date(2027, 1, 20), date(2027, 2, 17))


def run() -> list[Row]:
    book, rules = book_of_a_hundred_legs(), built_in("zones")
    market, before = market_for(book, AT), market_for(book, DAY_BEFORE)
    legs = sum(len(held.open_legs) for held in book.positions)
    done = assess(book, market, rules, AT)
    settings = link_settings(rules)

    def prices_alone() -> None:
        valuation = value_book(book, market, AT, settings, 0.04)
        figures = {held.id: figure_position(held, valuation) for held in book.positions}
        find_breakevens(units_of(book, hedge_shares(book, figures)), valuation)
        add_up(list(figures.values()), valuation)

    about = f"{len(book.condors)} condors, {len(book.hedges)} hedges, {len(market.chains)} chains"
    return [
        _row(f"a full assessment, {legs} legs", lambda: assess(book, market, rules, AT), 40.0, about),
        _row("of it, marks, Greeks, odds and breakevens", prices_alone),
        _row("the whole with the day explained", lambda: assess(book, market, rules, AT, Past(before))),
        _row("its JSON", lambda: assessment_json(done)),
    ]


def _row(what: str, work: Callable[[], object], bound: float | None = None, detail: str = "") -> Row:
    return Row(what, 1e3 * median(work, 21), "ms", bound, detail)


def market_for(book: Book, at: datetime) -> MarketSnapshot:
    return SimulatedFeed().snapshot(book.contracts, at)


def book_of_a_hundred_legs() -> Book:
    """Four condors on each of five expiries, and twelve hedges in all four layers."""
    condors = tuple(
        _condor(f"{root}-{expiry:%m%d}-{step}", root, expiry, step)
        for root, expiry in EXPIRIES
        for step in range(4)
    )
    layers: tuple[Layer, ...] = ("L1", "L2", "L3", "SE")
    hedges = [
        _hedge(f"{layer}-{expiry:%m%d}", layer, expiry, 20.0 + step)
        for step, layer in enumerate(layers)
        for expiry in VIX_DAYS
    ]
    return Book(Path("bench.toml"), Account(net_liq=2e6, cash=1e6), condors, tuple(hedges))


def _condor(name: str, root: str, expiry: date, step: int) -> Condor:
    short_put, short_call = 6400.0 - 25.0 * step, 7050.0 + 25.0 * step
    strikes: tuple[tuple[Right, float, int], ...] = (
        ("P", short_put - 50.0, 5),
        ("P", short_put, -5),
        ("C", short_call, -5),
        ("C", short_call + 50.0, 5),
    )
    legs = tuple(Leg(Contract(root, expiry, right, strike), lots) for right, strike, lots in strikes)
    return Condor(name, legs, credit=6.0, opened=date(2026, 11, 2), spot_at_open=6750.0)


def _hedge(name: str, layer: Layer, expiry: date, strike: float) -> Hedge:
    calls = [Leg(Contract("VIX", expiry, "C", strike), 10)]
    if layer in ("L1", "L2"):
        calls.append(Leg(Contract("VIX", expiry, "C", strike + 10.0), -10))
    elif layer == "SE":
        calls = [
            Leg(Contract("VIX", expiry, "C", strike), -5),
            Leg(Contract("VIX", date(2027, 3, 17), "C", strike + 5.0), 5),
        ]
    return Hedge(name, tuple(calls), credit=-0.9, opened=date(2026, 11, 9), layer=layer)
