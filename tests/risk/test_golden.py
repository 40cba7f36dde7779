"""The worked examples, through the whole of `risk`: from quotes to figures."""

from datetime import timedelta
from typing import Any

import pytest

from alvh_tui.risk.breakevens import find_breakevens, hedge_shares, units_of
from alvh_tui.risk.curves import find_crossings
from alvh_tui.risk.explain import explain_position
from alvh_tui.risk.payoff import payoff_of
from alvh_tui.risk.positions import figure_position
from alvh_tui.risk.valuation import value_book
from tests.risk.worlds import AT, METHOD_LINK, book_of, condor, golden_market

Golden = dict[str, dict[str, Any]]


def test_g06_equal_and_unequal_wings(golden: Golden) -> None:
    example = golden["G06"]
    equal = payoff_of(condor(12.40).legs, 12.40 * 1000)
    assert equal is not None
    expected = example["outputs"]["equal"]
    assert equal.best == pytest.approx(expected["max_profit"])
    assert equal.worst == pytest.approx(-expected["max_loss"])
    assert equal.breakevens(6800.0) == pytest.approx((expected["breakeven_low"], expected["breakeven_high"]))
    for level in (6375.0, 6300.0, 6800.0, 7112.40):
        told = f"settle_{level:g}".replace(".", "_").replace("7112_4", "7112_40")
        assert equal.at(level) == pytest.approx(expected[told], abs=1e-6)
    wide = condor(20.0, lots=2, strikes=(7135.0, 7185.0, 7500.0, 7660.0))
    unequal = payoff_of(wide.legs, wide.cash)
    assert unequal is not None
    assert unequal.worst == pytest.approx(-example["outputs"]["unequal"]["max_loss"])


def test_g07_position_greeks(golden: Golden) -> None:
    expected = golden["G07"]["outputs"]
    held = condor(12.40)
    figures = figure_position(held, value_book(book_of(held), golden_market(), AT, METHOD_LINK, 0.0))
    assert figures.greeks is not None
    assert figures.value == pytest.approx(expected["value"], rel=1e-8)
    assert figures.mark == pytest.approx(expected["credit_to_open_now_points"], rel=1e-8)
    assert figures.greeks.delta == pytest.approx(expected["delta"], rel=1e-7)
    assert figures.greeks.gamma == pytest.approx(expected["gamma"], rel=1e-7)
    assert figures.greeks.vega == pytest.approx(expected["vega_per_point"], rel=1e-7)
    assert figures.greeks.theta == pytest.approx(expected["theta_day_analytic"], rel=1e-7)
    assert figures.greeks.rho == pytest.approx(expected["rho_per_pct"], rel=1e-7)


def test_g08_breakevens_of_today_and_ahead(golden: Golden) -> None:
    for row in golden["G08"]["outputs"]:
        held = condor(row.get("entry_credit_points", 17.5))
        book = book_of(held)
        valuation = value_book(book, golden_market(), AT, METHOD_LINK, 0.0)
        unit = units_of(book, hedge_shares(book, {held.id: figure_position(held, valuation)}))[0]
        if row["days_forward"] == "expiry":
            table = find_breakevens([unit], valuation)[held.id]
            found = [table.kinds["expiry"].low, table.kinds["expiry"].high]
        else:
            ahead = row["days_forward"] / 365.0
            crossing = find_crossings(valuation.legs, [unit.on(valuation).curve("today", ahead)])[0]
            found = [level for level in (crossing.low, crossing.high) if level is not None]
        assert found == pytest.approx(row["breakevens"], abs=1e-4)


def test_under_water_at_every_price_is_said() -> None:
    held = condor(12.40)
    book = book_of(held)
    valuation = value_book(book, golden_market(), AT, METHOD_LINK, 0.0)
    units = units_of(book, hedge_shares(book, {held.id: figure_position(held, valuation)}))
    today = find_breakevens(units, valuation)[held.id].kinds["today"]
    assert (today.low, today.high) == (None, None)
    assert today.low_note == today.high_note == "under water at every price"


def test_g19_the_day_explained(golden: Golden) -> None:
    expected = golden["G19"]["outputs"]
    held = condor(12.40)
    before = value_book(book_of(held), golden_market(), AT, METHOD_LINK, 0.0)
    later = AT + timedelta(days=1)
    after = value_book(book_of(held), golden_market(later, 6735.0, 0.9), later, METHOD_LINK, 0.0)
    explained = explain_position(held, before, after)
    assert explained is not None
    for part in ("delta", "gamma", "vega", "theta", "residual", "total"):
        assert getattr(explained, part) == pytest.approx(expected[part], abs=0.01)
    parts = explained.delta + explained.gamma + explained.vega + explained.theta + explained.residual
    assert parts == pytest.approx(explained.total, abs=1e-9)
