"""Quoted chains of the simulated market: fair prices from the smile, spreads and ticks of an exchange."""

import zlib
from collections.abc import Iterable
from datetime import date

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import last_trade_instant, settlement_instant
from alvh_tui.instruments.roots import Family, root_named
from alvh_tui.market.simulated.smile import SPX_SMILE, VIX_SMILE
from alvh_tui.market.simulated.world import World
from alvh_tui.market.types import Chain
from alvh_tui.pricing.black import black_price
from alvh_tui.pricing.time import years_between

Array = NDArray[np.float64]

XSP_SHARE = 0.1
"""XSP is a tenth of SPX."""
_CENT = 1e-9
"""Keeps a price that stands on a tick on it, whatever its last binary digit."""


def dice(world: World, *about: object) -> RandomState:
    """Numbers that are the same for the same world and thing; RandomState's stream is frozen for good."""
    return RandomState(zlib.crc32(":".join(map(str, (world.seed, *about))).encode()))


def is_traded(world: World, root: str, expiry: date) -> bool:
    return last_trade_instant(root, expiry) > world.at


def chain_of(world: World, root: str, expiry: date, also: Iterable[float] = ()) -> Chain:
    """The listed strikes, and those asked for besides."""
    years = years_between(world.at, settlement_instant(root, expiry))
    forward = forward_of(world, root, years)
    strikes = np.union1d(listed_strikes(root, forward), np.array([*also], dtype=float))
    vol = _vols(world, root, years, strikes / forward)
    sides = []
    for right, sign in (("call", 1.0), ("put", -1.0)):
        fair = black_price(forward, world.discount(years), years, strikes, vol, sign)
        out_of_money = sign * (strikes - forward) >= 0
        sides.append(_quoted(world, root, fair, out_of_money, _places(world, root, expiry, right, strikes)))
    unknown = np.full(len(strikes), np.nan)
    return Chain(root, expiry, strikes, *sides[0], *sides[1], unknown, unknown)


def forward_of(world: World, root: str, years: float) -> float:
    if root_named(root).family is not Family.INDEX:
        return float(world.vix_forward(years))
    return float(world.forward(years)) * (XSP_SHARE if root == "XSP" else 1.0)


def _vols(world: World, root: str, years: float, moneyness: Array) -> Array:
    if root_named(root).family is Family.INDEX:
        smile, at_the_money = SPX_SMILE, SPX_SMILE.at_the_money(world.spx_vol(years) ** 2 * years)
    else:
        smile, at_the_money = VIX_SMILE, world.vix_option_vol(years) ** 2 * years
    return np.asarray(np.sqrt(smile.total_variance(np.log(moneyness), at_the_money) / years))


def listed_strikes(root: str, forward: float) -> Array:
    """Dense near the money and ever wider further out."""
    if root_named(root).family is not Family.INDEX:
        return np.concatenate(
            [
                np.arange(10, 15, 0.5),
                np.arange(15, 40, 1.0),
                np.arange(40, 50, 2.5),
                np.arange(50, 100, 5.0),
                np.arange(100, 181, 10.0),
            ]
        )
    unit = XSP_SHARE if root == "XSP" else 1.0
    grids = ((5.0, 0.92, 1.05), (25.0, 0.75, 1.2), (100.0, 0.4, 1.4))
    steps = [_multiples(step, low * forward / unit, high * forward / unit) for step, low, high in grids]
    strikes = np.unique(np.concatenate(steps)) * unit
    return strikes if unit == 1.0 else np.unique(np.round(strikes))


def _multiples(step: float, low: float, high: float) -> Array:
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def _places(world: World, root: str, expiry: date, right: str, strikes: Array) -> Array:
    """Where the middle of each quote stands around the fair price, in half spreads."""
    if world.quoting is None:
        return dice(world, world.at, root, expiry, right).uniform(-0.4, 0.4, len(strikes))
    phase = dice(world, world.quoting, root, expiry, right).uniform(0.0, 100.0)
    # A strike keeps its place whichever other strikes are listed beside it.
    return np.asarray(0.8 * (np.sin(12.9898 * strikes + phase) * 43758.5453 % 1.0) - 0.4)


def _quoted(
    world: World, root: str, fair: Array, out_of_money: NDArray[np.bool_], places: Array
) -> tuple[Array, Array, Array]:
    """Bid and ask on either side of the fair price, and a last trade where anybody trades."""
    on_vix = root_named(root).family is not Family.INDEX
    half = 0.01 + 0.015 * fair if on_vix else 0.04 + 0.006 * fair**0.75
    half = world.spread * np.where(out_of_money, half, 3.0 * half)
    middle = fair + places * half
    low, high = np.maximum(middle - half, 0.0), middle + half
    bid = np.round(np.floor(low / _tick(low, on_vix) + _CENT) * _tick(low, on_vix), 2)
    ask = np.round(np.ceil(high / _tick(high, on_vix) - _CENT) * _tick(high, on_vix), 2)
    trade = np.round(np.round(middle / _tick(middle, on_vix)) * _tick(middle, on_vix), 2)
    last = np.where(out_of_money & (trade > 0), trade, np.nan)
    return bid, ask, last


def _tick(price: Array, on_vix: bool) -> Array:
    small, large = (0.01, 0.05) if on_vix else (0.05, 0.10)
    return np.where(price < 3.0, small, large)
