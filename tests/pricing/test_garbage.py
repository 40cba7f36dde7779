"""Whatever a feed sends: an answer that can be, or none; no exception and no warning."""

from math import inf, nan, sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.forward import fit_forward
from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.smile import fit_smile

figures = st.one_of(st.floats(0.0, 500.0), st.floats(), st.sampled_from([0.0, 0.05, 0.1, nan, inf, -1.0]))
spoilt = st.lists(st.tuples(st.integers(1, 4), st.integers(0, 19), figures), max_size=40)


@given(spoilt, st.integers(0, 20), st.floats(1e-5, 5.0), st.floats(0.05, 2.0), st.sampled_from([1, 2, 5]))
def test_a_spoilt_chain(
    cells: list[tuple[int, int, float]], strikes_left: int, years: float, vol: float, digits: int
) -> None:
    strikes = np.round(100.0 * np.exp(np.linspace(-2.5, 2.5, 20) * vol * sqrt(years)), 4)
    call, put = (black_price(100.0, 0.98, years, strikes, vol, sign) for sign in (1.0, -1.0))
    columns = np.round([strikes, 0.99 * call, 1.01 * call, 0.99 * put, 1.01 * put], digits)
    columns[0] = strikes
    for column, row, figure in cells:
        columns[column, row] = figure
    strikes, call_bid, call_ask, put_bid, put_ask = columns[:, :strikes_left]
    discount = 0.98
    fit = fit_forward(strikes, call_bid, call_ask, put_bid, put_ask, years, discount)
    forward = 100.0
    if fit is not None:
        assert 0.0 < fit.forward < inf
        assert fit.discount > 0.0
        assert fit.residual >= 0.0
        assert 3 <= fit.strikes_used <= strikes.size
        forward = fit.forward
    smile = fit_smile(strikes, call_bid, call_ask, put_bid, put_ask, forward, discount, years)
    if smile is not None:
        vols = smile.vol([0.0, 1.0, 50.0, 100.0, 200.0, 1e6])
        assert (vols[1:] > 0.0).all()
        assert np.isfinite(vols[1:]).all()
        assert smile.low <= smile.high


@given(st.lists(st.tuples(figures, figures, figures, figures, figures), min_size=1, max_size=20))
def test_prices_of_nonsense(quotes: list[tuple[float, ...]]) -> None:
    price, forward, discount, years, strike = np.array(quotes, dtype=float).T
    vols = implied_vol(price, forward, discount, years, strike, 1.0)
    assert ((vols > 0.0) | np.isnan(vols)).all()
