"""The smile: true between its quotes, deaf to bad ones, sane beyond them, absent where nothing tells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.smile import Smile, fit_smile

Array = NDArray[np.float64]
Chain = tuple[Array, Array, Array, Array, Array]

FORWARD, YEARS, DISCOUNT = 6821.0, 0.11, 0.9956
STRIKES = np.arange(4800.0, 7700.0, 25.0)


def skewed(strikes: Array) -> Array:
    """A made-up smile with the shape of a month of SPX."""
    z = np.log(strikes / FORWARD) / (0.14 * np.sqrt(YEARS))
    return np.asarray(0.08 + 0.06 * np.sqrt(1.0 + 0.6 * (z - 1.2) ** 2))


def chain_of(vols: Array, strikes: Array = STRIKES, spread: float = 0.02) -> Chain:
    """Quotes around those vols, a tick wide at least and a share of the price."""
    call, put = (black_price(FORWARD, DISCOUNT, YEARS, strikes, vols, sign) for sign in (1.0, -1.0))
    sides = []
    for price in (call, put):
        half = np.maximum(0.5 * spread * price, 0.025)
        sides += [np.where(price > half, price - half, 0.0), price + half]
    return strikes, sides[0], sides[1], sides[2], sides[3]


def fitted(chain: Chain, forward: float = FORWARD) -> Smile:
    smile = fit_smile(*chain, forward, DISCOUNT, YEARS)
    assert smile is not None
    return smile


def test_a_clean_chain_gives_its_smile_back() -> None:
    smile = fitted(chain_of(skewed(STRIKES)))
    between = np.arange(5500.0, 7400.0, 7.0)
    assert np.abs(smile.vol(between) - skewed(between)).max() < 5e-4
    assert smile.atm == pytest.approx(float(skewed(np.array([FORWARD]))[0]), abs=1e-4)
    assert smile.atm == smile.vol(FORWARD)
    assert smile.error < 1e-4
    assert (smile.forward, smile.years) == (FORWARD, YEARS)


def test_the_strikes_it_used_are_told() -> None:
    chain = chain_of(skewed(STRIKES))
    smile = fitted(chain)
    usable = STRIKES[np.where(STRIKES < FORWARD, chain[3] > 0.0, chain[1] > 0.0)]
    assert smile.strikes_used <= usable.size
    assert smile.strikes_used > 0.9 * usable.size
    assert usable.min() <= smile.low < smile.high <= usable.max()


def test_a_leg_whose_quote_is_missing_is_priced_from_its_neighbours() -> None:
    chain = chain_of(skewed(STRIKES))
    gone = (STRIKES >= 6300.0) & (STRIKES <= 6400.0)
    strikes, *sides = chain
    blank = [np.where(gone, np.nan, side) for side in sides]
    smile = fitted((strikes, blank[0], blank[1], blank[2], blank[3]))
    assert np.abs(smile.vol(STRIKES[gone]) - skewed(STRIKES[gone])).max() < 5e-4


@pytest.mark.parametrize("seed", range(5))
def test_a_tenth_of_bad_quotes_does_not_bend_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    vols = skewed(STRIKES)
    bad = random.random(STRIKES.size) < 0.1
    smile = fitted(chain_of(np.where(bad, vols * random.choice([0.7, 1.4], STRIKES.size), vols)))
    near = np.arange(6000.0, 7300.0, 10.0)
    assert np.abs(smile.vol(near) - skewed(near)).max() < 1e-3


def test_noise_within_the_spread_is_smoothed_away() -> None:
    random = np.random.default_rng(3)
    strikes, *sides = chain_of(skewed(STRIKES), spread=0.04)
    shaken = [
        side * (1.0 + shift)
        for side, shift in zip(
            sides, np.repeat(random.normal(0, 0.006, (2, STRIKES.size)), 2, axis=0), strict=True
        )
    ]
    smile = fitted((strikes, shaken[0], shaken[1], shaken[2], shaken[3]))
    near = np.arange(6300.0, 7200.0, 10.0)
    off = np.abs(smile.vol(near) - skewed(near))
    assert off.max() < 2e-3
    assert 2e-4 < smile.error < 2e-3


def test_the_slope_is_the_slope_of_the_vol() -> None:
    smile = fitted(chain_of(skewed(STRIKES)))
    strikes = np.array([3000.0, 5600.0, 6400.0, 6800.0, 7100.0, 9000.0])
    step = 1e-3
    wanted = (smile.vol(strikes + step) - smile.vol(strikes - step)) / (2.0 * step)
    assert smile.slope(strikes) == pytest.approx(wanted, rel=1e-4, abs=1e-10)
    assert smile.slope(6400.0) < 0.0


@given(st.floats(0.001, 50.0))
def test_beyond_the_quotes_total_variance_is_straight_and_within_lees_bound(ratio: float) -> None:
    smile = SKEWED
    strike = FORWARD * ratio
    vol, step = smile.vol(strike), 1e-3
    assert np.isfinite(vol)
    assert vol > 0.0
    if smile.low * 0.99 < strike < smile.high * 1.01:
        return
    variance = smile.vol(strike * np.exp(np.array([-step, 0.0, step]))) ** 2 * YEARS
    rise = (variance[2] - variance[0]) / (2.0 * step)
    assert abs(rise) <= 2.0 + 1e-9
    assert rise <= 1e-9 if strike < FORWARD else rise >= -1e-9
    assert variance[1] == pytest.approx((variance[0] + variance[2]) / 2.0, rel=1e-9)


SKEWED = fitted(chain_of(skewed(STRIKES)))


def test_there_is_no_jump_where_the_quotes_end() -> None:
    for edge in (SKEWED.low, SKEWED.high):
        inside, outside = SKEWED.vol(edge * np.array([1.0 - 1e-9, 1.0 + 1e-9]))
        assert inside == pytest.approx(outside, abs=1e-7)


def test_a_wing_that_rises_faster_than_lee_allows_goes_on_at_his_bound() -> None:
    strikes, years = np.arange(40.0, 260.0, 5.0), 3.0
    vols = 1.0 + np.abs(np.log(strikes / 100.0))
    call, put = (black_price(100.0, 0.9, years, strikes, vols, sign) for sign in (1.0, -1.0))
    smile = fit_smile(strikes, call - 0.1, call + 0.1, put - 0.1, put + 0.1, 100.0, 0.9, years)
    assert smile is not None
    for edge in (30.0, 300.0):
        variance = smile.vol([edge, edge * np.e**0.1]) ** 2 * years
        assert abs(variance[1] - variance[0]) == pytest.approx(2.0 * 0.1, rel=1e-9)


def test_a_falling_wing_does_not_fall_for_ever() -> None:
    vols = 0.30 - 0.25 * np.log(STRIKES / FORWARD)
    assert fitted(chain_of(vols)).vol(1e6) > 0.05


def test_no_smile_from_fewer_than_three_strikes() -> None:
    strikes = np.array([6600.0, 6800.0, 7000.0])
    chain = chain_of(skewed(strikes), strikes)
    smile = fitted(chain)
    assert smile.strikes_used == 3
    assert smile.vol([6700.0]) == pytest.approx(skewed(np.array([6700.0])), abs=0.005)
    chain[1][2] = 0.0
    chain[3][2] = np.nan
    assert fit_smile(*chain, FORWARD, DISCOUNT, YEARS) is None
    empty = np.array([])
    assert fit_smile(empty, empty, empty, empty, empty, FORWARD, DISCOUNT, YEARS) is None


@pytest.mark.parametrize(
    ("forward", "discount", "years"),
    [(np.nan, 0.99, 0.1), (6800.0, np.nan, 0.1), (6800.0, 0.99, 0.0), (6800.0, 0.99, -1.0)],
)
def test_no_smile_without_forward_discount_or_time(forward: float, discount: float, years: float) -> None:
    assert fit_smile(*chain_of(skewed(STRIKES)), forward, discount, years) is None


def test_wide_zero_and_crossed_quotes_carry_no_vol() -> None:
    strikes, call_bid, call_ask, put_bid, put_ask = chain_of(skewed(STRIKES))
    spoilt = np.arange(STRIKES.size) % 3
    put_bid = np.where(spoilt == 0, 0.0, put_bid)
    put_ask = np.where(spoilt == 1, 0.5 * put_bid, put_ask)
    smile = fitted((strikes, call_bid, call_ask, put_bid, put_ask))
    near = np.arange(6300.0, 6800.0, 10.0)
    assert np.abs(smile.vol(near) - skewed(near)).max() < 1e-3


def test_an_unknown_strike_has_an_unknown_vol() -> None:
    vols = SKEWED.vol([6400.0, np.nan])
    assert np.isnan(vols).tolist() == [False, True]
    assert SKEWED.vol([]).shape == (0,)
    assert SKEWED.vol([[6400.0, 6500.0]]).shape == (1, 2)
