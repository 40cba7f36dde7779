"""The pricing room on two days of real chains: forwards, vols of both sides, smiles, and the VIX itself.

Two kinds of expiry are outside what quotes can promise. The options of 2024-01-05 that expired that day are
quoted at 16:15, after their own settlement: they have no time left and do not count. The December expiries of
2028 and 2029 are quoted hundreds of points wide: what they say is held to their spread instead.
"""

from math import exp, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from alvh_tui.pricing.black import black_greeks, black_price
from alvh_tui.pricing.forward import ForwardFit
from alvh_tui.pricing.implied import implied_vol
from alvh_tui.pricing.quotes import sane_mids
from alvh_tui.pricing.smile import fit_smile
from tests.pricing.conftest import RealExpiry

Array = NDArray[np.float64]

HOPELESSLY_WIDE = 200.0
"""Points that a call and a put at the money are quoted wide together."""


def index_expiries(expiries: list[RealExpiry]) -> list[tuple[RealExpiry, ForwardFit]]:
    return [(e, e.fit) for e in expiries if e.root in ("SPX", "SPXW") and e.fit is not None]


def test_every_expiry_with_time_left_has_a_forward(real_expiries: list[RealExpiry]) -> None:
    assert [e.name for e in real_expiries if e.fit is None] == []
    assert len(real_expiries) == 73


def test_index_forwards_leave_less_than_half_a_point(real_expiries: list[RealExpiry]) -> None:
    excused = [e.name for e, _ in index_expiries(real_expiries) if e.spread > HOPELESSLY_WIDE]
    assert excused == ["2024-01-05 SPX 2028-12-15", "2024-01-05 SPX 2029-12-21"]
    for expiry, fit in index_expiries(real_expiries):
        if expiry.name not in excused:
            assert fit.residual < 0.5, expiry.name
        assert fit.residual < 0.05 * expiry.spread + 0.5, expiry.name


def test_morning_and_afternoon_series_of_one_friday_have_almost_one_forward(
    real_expiries: list[RealExpiry],
) -> None:
    by_day = {(e.day, e.root, e.expiry): fit for e, fit in index_expiries(real_expiries)}
    pairs = [(fit, by_day.get((day, "SPXW", on))) for (day, root, on), fit in by_day.items() if root == "SPX"]
    gaps = [abs(morning.forward - afternoon.forward) for morning, afternoon in pairs if afternoon is not None]
    assert len(gaps) >= 6
    assert max(gaps) < 0.5


def test_forwards_rise_with_the_rate(real_expiries: list[RealExpiry]) -> None:
    """Of the far expiries the strikes identify the rate: no further than a per cent from the bill."""
    refitted = [
        -np.log(fit.discount) / e.years - e.rate
        for e, fit in index_expiries(real_expiries)
        if fit.discount != exp(-e.rate * e.years)
    ]
    assert len(refitted) > 20
    assert max(map(abs, refitted)) < 0.02


def test_vix_forwards_are_their_futures(real_expiries: list[RealExpiry]) -> None:
    """17.8 is the price of the October future, which settled the next morning; the weekly lies beside it."""
    forwards = {
        e.name: e.fit.forward for e in real_expiries if e.root in ("VIX", "VIXW") and e.fit is not None
    }
    assert forwards == {
        "2023-10-17 VIX 2023-10-18": pytest.approx(17.8, abs=0.15),
        "2023-10-17 VIXW 2023-10-25": pytest.approx(17.8, abs=0.15),
    }


def both_vols(expiry: RealExpiry, fit: ForwardFit) -> tuple[Array, Array, Array]:
    """Vols of call and put within half a deviation of the money, and half of both spreads in vol."""
    strikes, call_bid, call_ask, put_bid, put_ask = expiry.columns
    call_mid, call_ok = sane_mids(call_bid, call_ask)
    put_mid, put_ok = sane_mids(put_bid, put_ask)
    market = (fit.forward, fit.discount, expiry.years, strikes)
    call, put = implied_vol(call_mid, *market, 1.0), implied_vol(put_mid, *market, -1.0)
    nearest = np.argsort(np.abs(strikes - fit.forward))[:6]
    level = np.nanmedian(put[nearest])
    near = np.abs(np.log(strikes / fit.forward)) < 0.5 * level * sqrt(expiry.years)
    rows = np.flatnonzero(near & call_ok & put_ok & np.isfinite(call + put))
    vega = black_greeks(*market, level, 1.0).vega[rows]
    return call[rows], put[rows], (call_ask - call_bid + put_ask - put_bid)[rows] / 200.0 / vega


def test_put_and_call_agree_on_the_vol_near_the_money(real_expiries: list[RealExpiry]) -> None:
    compared = 0
    for expiry, fit in index_expiries(real_expiries):
        call, put, half_spread = both_vols(expiry, fit)
        if expiry.spread < HOPELESSLY_WIDE:
            assert np.abs(call - put).max() < 0.002, expiry.name
        assert (np.abs(call - put) <= half_spread).all(), expiry.name
        compared += call.size
    assert compared > 1500


def otm(expiry: RealExpiry, fit: ForwardFit) -> tuple[Array, Array, Array, Array, Array]:
    """Strike, bid, ask, sign and vol of the options out of the money whose quotes carry a vol."""
    strikes, call_bid, call_ask, put_bid, put_ask = expiry.columns
    put = strikes < fit.forward
    bid, ask, sign = (
        np.where(put, put_bid, call_bid),
        np.where(put, put_ask, call_ask),
        np.where(put, -1.0, 1.0),
    )
    mid, usable = sane_mids(bid, ask)
    vol = implied_vol(mid, fit.forward, fit.discount, expiry.years, strikes, sign)
    rows = np.flatnonzero(usable & np.isfinite(vol))
    return strikes[rows], bid[rows], ask[rows], sign[rows], vol[rows]


def left_out(expiry: RealExpiry, fit: ForwardFit) -> tuple[Array, Array, Array]:
    """One strike in seven priced from the rest: how far out, whether within bid and ask, how far off."""
    strike, bid, ask, sign, vol = otm(expiry, fit)
    gone = np.arange(strike.size) % 7 == 3
    gone[-1] = False
    columns = [expiry.columns[0]]
    columns += [
        np.where(np.isin(expiry.columns[0], strike[gone]), np.nan, side) for side in expiry.columns[1:]
    ]
    smile = fit_smile(
        columns[0], columns[1], columns[2], columns[3], columns[4], fit.forward, fit.discount, expiry.years
    )
    assert smile is not None
    own = smile.vol(strike[gone])
    price = black_price(fit.forward, fit.discount, expiry.years, strike[gone], own, sign[gone])
    inside = (price >= bid[gone] - 1e-9) & (price <= ask[gone] + 1e-9)
    away = np.log(strike[gone] / fit.forward) / (smile.atm * sqrt(expiry.years))
    return away, inside.astype(float), np.abs(own - vol[gone])


def test_left_out_strikes_come_back_within_bid_and_ask(real_expiries: list[RealExpiry]) -> None:
    parts = [left_out(e, fit) for e, fit in index_expiries(real_expiries)]
    away, inside, off = (np.concatenate([part[i] for part in parts]) for i in range(3))
    near = np.abs(away) < 1.5
    assert near.sum() > 500
    assert (~near).sum() > 500
    assert inside[near].mean() > 0.98
    assert inside[~near].mean() > 0.98
    assert np.quantile(off[near], 0.99) < 0.003
    assert ((inside > 0) | (off < 0.003))[near].all()
    assert np.quantile(off[~near], 0.95) < 0.006


def test_left_out_vix_strikes_come_back_near_their_quotes(real_expiries: list[RealExpiry]) -> None:
    parts = [left_out(e, e.fit) for e in real_expiries if e.root in ("VIX", "VIXW") and e.fit is not None]
    inside = np.concatenate([part[1] for part in parts])
    assert inside.size >= 5
    assert inside.mean() >= 0.8


def test_smiles_stay_sane_far_beyond_their_strikes(real_expiries: list[RealExpiry]) -> None:
    for expiry in real_expiries:
        assert expiry.fit is not None
        forward, years = expiry.fit.forward, expiry.years
        strikes, call_bid, call_ask, put_bid, put_ask = expiry.columns
        smile = fit_smile(strikes, call_bid, call_ask, put_bid, put_ask, forward, expiry.fit.discount, years)
        assert smile is not None
        k = np.linspace(-3.0, 3.0, 601)
        variance = smile.vol(forward * np.exp(k)) ** 2 * years
        assert (variance > 0.0).all()
        assert (np.abs(np.diff(variance)) <= 2.0 * 0.01 + 1e-9).all(), expiry.name
        beyond = np.exp(k) * forward
        assert (np.diff(variance[beyond < smile.low]) <= 1e-12).all(), expiry.name
        assert (np.diff(variance[beyond > smile.high]) >= -1e-12).all(), expiry.name
        assert smile.error < 0.02, expiry.name


def variance_by_the_vix_method(expiry: RealExpiry, rate: float) -> float:
    """Cboe's strip: the options out of the money around K0, as far as two zero bids in a row.

    σ² = (2/T)·Σ ΔK/K²·e^(RT)·Q(K) − (1/T)·(F/K0 − 1)², F from the strike where call and put differ least.
    """
    strikes, call_bid, call_ask, put_bid, put_ask = expiry.columns
    call, put = (call_bid + call_ask) / 2.0, (put_bid + put_ask) / 2.0
    growth = exp(rate * expiry.years)
    closest = int(np.nanargmin(np.where((call_bid > 0.0) & (put_bid > 0.0), np.abs(call - put), np.inf)))
    forward = strikes[closest] + growth * (call[closest] - put[closest])
    centre = int(np.flatnonzero(strikes <= forward)[-1])
    value = {centre: (call[centre] + put[centre]) / 2.0}
    for rows, bid, mid in (
        (range(centre - 1, -1, -1), put_bid, put),
        (range(centre + 1, strikes.size), call_bid, call),
    ):
        zeros = 0
        for row in rows:
            zeros = 0 if bid[row] > 0.0 else zeros + 1
            if zeros == 2:
                break
            if zeros == 0:
                value[row] = mid[row]
    rows_used = sorted(value)
    k, q = strikes[rows_used], np.array([value[row] for row in rows_used])
    width = np.concatenate([[k[1] - k[0]], (k[2:] - k[:-2]) / 2.0, [k[-1] - k[-2]]])
    strip = 2.0 * growth * float(np.sum(width / k**2 * q))
    return float(strip - (forward / strikes[centre] - 1.0) ** 2) / expiry.years


def test_the_chain_of_2024_01_05_recomputes_to_its_vix(real_expiries: list[RealExpiry]) -> None:
    """Between the two Fridays on either side of thirty days: PM-settled weeklys of four weeks and five."""
    month = 30.0 / 365.0
    fridays = [
        e
        for e in real_expiries
        if e.day == "2024-01-05" and e.root == "SPXW" and e.expiry.weekday() == 4 and 23 < e.years * 365 < 37
    ]
    near = max((e for e in fridays if e.years <= month), key=lambda e: e.years)
    later = min((e for e in fridays if e.years > month), key=lambda e: e.years)
    assert [str(e.expiry) for e in (near, later)] == ["2024-02-02", "2024-02-09"]
    share = (later.years - month) / (later.years - near.years)
    total = sum(
        weight * e.years * variance_by_the_vix_method(e, e.rate)
        for e, weight in ((near, share), (later, 1.0 - share))
    )
    assert 100.0 * sqrt(total / month) == pytest.approx(13.35, abs=0.02)
