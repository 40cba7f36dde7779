"""The pricing room against QuantLib called once a contract, both in this run."""

from collections.abc import Callable

import numpy as np
import QuantLib as ql  # noqa: N813
from numpy.typing import NDArray

from alvh_tui.pricing.black import black_greeks, black_price
from alvh_tui.pricing.forward import fit_forward
from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.smile import fit_smile
from tests.bench.row import Row, fastest

Array = NDArray[np.float64]

SPOT, RATE, YIELD = 6800.0, 0.04, 0.012


def run() -> list[Row]:
    return [*_chain(5000), *_chain(100), *_grid(), *_expiry()]


def _book(count: int) -> tuple[Array, ...]:
    """Forwards, discounts, years, strikes, vols and signs of options out of the money, 2 to 120 days out."""
    random = np.random.default_rng(20261120)
    years = random.uniform(2.0, 120.0, count) / 365.0
    forward = SPOT * np.exp((RATE - YIELD) * years)
    strike = forward * np.exp(0.16 * np.sqrt(years) * random.uniform(-2.5, 2.0, count))
    vol = 0.15 - 0.4 * np.log(strike / forward)
    return (
        forward,
        np.exp(-RATE * years),
        years,
        strike,
        np.maximum(vol, 0.08),
        np.where(strike < forward, -1.0, 1.0),
    )


def _chain(count: int) -> list[Row]:
    forward, discount, years, strike, vol, sign = _book(count)
    price = black_price(forward, discount, years, strike, vol, sign)

    def ours() -> None:
        solved = implied_vol(price, forward, discount, years, strike, sign)
        black_greeks(forward, discount, years, strike, solved, sign, SPOT)

    kinds = [ql.Option.Call if s > 0 else ql.Option.Put for s in sign]
    contracts = list(
        zip(kinds, *(a.tolist() for a in (price, forward, discount, years, strike)), strict=True)
    )

    def theirs() -> None:
        for kind, paid, ahead, factor, time, level in contracts:
            deviation = ql.blackFormulaImpliedStdDev(kind, level, ahead, paid, factor)
            option = ql.BlackCalculator(ql.PlainVanillaPayoff(kind, level), ahead, deviation, factor)
            option.value()
            option.delta(SPOT)
            option.gamma(SPOT)
            option.vega(time)
            option.theta(SPOT, time)
            option.rho(time)

    return [
        _ratio(f"implied vol and Greeks, {count:,} contracts", ours, theirs, 15.0 if count == 5000 else None)
    ]


def _grid() -> list[Row]:
    """SPX down, VIX across, legs last: 41 × 41 × 100 prices."""
    forward, discount, years, strike, vol, sign = _book(100)
    forwards = (np.linspace(0.9, 1.1, 41)[:, None] * forward)[:, None, :]
    vols = (np.linspace(-0.04, 0.2, 41)[:, None] + vol)[None, :, :]

    def ours() -> None:
        black_price(forwards, discount, years, strike, vols, sign)

    def ours_with_greeks() -> None:
        black_greeks(forwards, discount, years, strike, vols, sign, SPOT)

    shape = (41, 41, 100)
    columns = [
        np.broadcast_to(a, shape).ravel().tolist() for a in (forwards, vols, discount, np.sqrt(years), strike)
    ]
    kinds = (
        np.broadcast_to([ql.Option.Call if s > 0 else ql.Option.Put for s in sign], shape).ravel().tolist()
    )
    cells = list(zip(kinds, *columns, strict=True))

    def theirs() -> None:
        for kind, ahead, sigma, factor, root, level in cells:
            ql.BlackCalculator(ql.PlainVanillaPayoff(kind, level), ahead, sigma * root, factor).value()

    def their_formula() -> None:
        for kind, ahead, sigma, factor, root, level in cells:
            ql.blackFormula(kind, level, ahead, sigma * root, factor)

    def theirs_with_greeks() -> None:
        for kind, ahead, sigma, factor, root, level in cells:
            option = ql.BlackCalculator(ql.PlainVanillaPayoff(kind, level), ahead, sigma * root, factor)
            option.value()
            option.delta(SPOT)
            option.gamma(SPOT)
            option.vega(root * root)
            option.theta(SPOT, root * root)
            option.rho(root * root)

    return [
        _ratio("prices on a 41 × 41 grid, 100 legs (BlackCalculator)", ours, theirs, 60.0, repeats=2),
        _ratio("the same against the bare blackFormula", ours, their_formula, None, repeats=2),
        _ratio("prices and Greeks on that grid", ours_with_greeks, theirs_with_greeks, None, repeats=1),
    ]


def _ratio(
    what: str, ours: Callable[[], None], theirs: Callable[[], None], bound: float | None, repeats: int = 5
) -> Row:
    mine, other = fastest(ours, 20), fastest(theirs, repeats)
    return Row(what, other / mine, "x", bound, f"{1e3 * mine:.2f} ms against {1e3 * other:.1f} ms")


def _expiry() -> list[Row]:
    """One month of SPX with 300 strikes, quoted as the real chains are."""
    strikes, years, forward, discount = np.arange(4000.0, 7000.0, 10.0), 0.08, 6800.0, 0.997
    z = np.log(strikes / forward) / (0.14 * np.sqrt(years))
    vols = 0.08 + 0.06 * np.sqrt(1.0 + 0.6 * (z - 1.2) ** 2)
    call, put = (black_price(forward, discount, years, strikes, vols, sign) for sign in (1.0, -1.0))
    half_call, half_put = np.maximum(0.01 * call, 0.05), np.maximum(0.01 * put, 0.05)
    quotes = (strikes, call - half_call, call + half_call, put - half_put, put + half_put)
    forwards = fastest(lambda: fit_forward(*quotes, years, discount), 50)
    smiles = fastest(lambda: fit_smile(*quotes, forward, discount, years), 50)
    smile = fit_smile(*quotes, forward, discount, years)
    assert smile is not None
    asked = fastest(lambda: smile.vol(strikes[:100]), 50)
    return [
        Row("parity forward of an expiry of 300 strikes", 1e3 * forwards, "ms"),
        Row("smile of an expiry of 300 strikes", 1e3 * smiles, "ms", 1.0),
        Row("vols of 100 legs from a smile", 1e3 * asked, "ms"),
    ]
