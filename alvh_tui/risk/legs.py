"""The book's legs as columns of numbers, and their values under any spot, VIX and date at once.

Along the SPX axis an index forward moves with the index and rolls with its own carry,
F(S, t) = F · S/S0 · exp(−c·t), and a VIX forward moves by its share of the VIX move.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alvh_tui.instruments.contract import Contract
from alvh_tui.instruments.roots import Family
from alvh_tui.pricing.american import american_price
from alvh_tui.pricing.black import black_price
from alvh_tui.risk.expiries import ExpiryMarket, Key, Rate
from alvh_tui.risk.link import SpotVolLink
from alvh_tui.risk.marks import LegMark, Rung

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]

DAYS_A_YEAR = 365.0
LOWEST_VOL = 0.02
"""A vol moved down along a path stops here."""

VIX_NOTES: Mapping[str, float] = {
    "VXX": 1.0, "VIXY": 1.0, "UVXY": 1.5, "UVIX": 2.0, "SVXY": -0.5, "SVIX": -1.0,
}  # fmt: skip
"""Exchange-traded notes on the 30-day VIX future, and how many times they move with it."""
NOTE_DAYS = 30.0
SHORTEST_LIFE = 1e-9
"""Years; nothing is divided by less."""
SPX_FUNDS = frozenset({"SPY", "IVV", "VOO", "SPLG", "RSP"})


class Kind(IntEnum):
    INDEX_OPTION = 0
    VIX_OPTION = 1
    VIX_FUTURE = 2
    SHARE = 3
    SHARE_OPTION = 4


@dataclass(frozen=True, slots=True, eq=False)
class Legs:
    """One row a contract; NaN where the market does not tell."""

    contracts: tuple[Contract, ...]
    row_of: Mapping[Contract, int]
    kind: NDArray[np.int64]
    sign: Floats
    strike: Floats
    years: Floats
    forward: Floats
    """The leg's own forward now; a share's price."""
    carry: Floats
    """How its forward grows with time at an unmoved index, a year."""
    rate: Floats
    vol: Floats
    mark: Floats
    off: Floats
    """How far the mark lies above the model, where the vol is the smile's and not its own."""
    multiplier: Floats
    """Dollars per point and contract."""
    scale: Floats
    """Points of its own index in a point of SPX."""
    leverage: Floats
    """How many times a share moves with what it follows; 0 where nothing tells: held at its present price."""
    follows_vix: NDArray[np.bool_]
    """Whether that is the 30-day VIX forward rather than SPX."""
    spot: float
    vix: float
    link: SpotVolLink
    vix_30: float
    """The 30-day VIX forward the notes follow."""

    def level(self, rows: Rows) -> Floats:
        """Today's level of the index each of these options stands on: XSP is a tenth of SPX."""
        return self.spot * self.scale[rows]

    def values(
        self,
        rows: ArrayLike,
        spot: ArrayLike,
        vix_move: ArrayLike = 0.0,
        vol_move: ArrayLike = 0.0,
        ahead: ArrayLike = 0.0,
    ) -> Floats:
        """Value per share of the legs in `rows` with the index at `spot`, VIX moved by `vix_move` points, the
        vols of SPX options by their share of `vol_move` VIX points, `ahead` years from now.

        All broadcast; the rows lie along the last axis.
        """
        line = np.ravel(rows)
        axes = [np.asarray(axis, dtype=np.float64) for axis in (spot, vix_move, vol_move, ahead)]
        shape = np.broadcast_shapes(np.shape(rows), *(axis.shape for axis in axes))
        result = np.empty(np.broadcast_shapes(shape, line.shape))
        kinds = self.kind[line]
        for kind in set(kinds.tolist()):
            here = np.flatnonzero(kinds == kind) if line.size > 1 else slice(None)
            scene = _Scene(line[here], *(_along(axis, here, line.size) for axis in axes))
            result[..., here] = _PRICERS[Kind(kind)](self, scene)
        settled = np.flatnonzero((self.years[line] <= 0.0) & np.isfinite(self.strike[line]))
        if settled.size:
            result[..., settled if line.size > 1 else slice(None)] = self.mark[line[settled]]
        return result.reshape(shape)


def _along(axis: Floats, here: NDArray[np.intp] | slice, rows: int) -> Floats:
    """The part of an axis that belongs to some of the rows, where it has a value for each."""
    return axis[..., here] if axis.ndim and axis.shape[-1] == rows else axis


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """Where each row is priced: index level, VIX points moved, VIX points the vols answer to, years ahead."""

    rows: Rows
    spot: Floats
    vix_move: Floats
    vol_move: Floats
    ahead: Floats


def _years_left(legs: Legs, scene: _Scene) -> Floats:
    return np.maximum(legs.years[scene.rows] - scene.ahead, 0.0)


def _index_option(legs: Legs, scene: _Scene) -> Floats:
    rows, left = scene.rows, _years_left(legs, scene)
    rolled = np.exp(-legs.carry[rows] * (legs.years[rows] - left))
    forward = legs.forward[rows] * (scene.spot / legs.spot) * rolled
    now = legs.vol[rows]
    moved = now + 0.01 * scene.vol_move * legs.link.vol_share(left * DAYS_A_YEAR)
    vol = np.maximum(moved, np.minimum(now, LOWEST_VOL))
    return _european(legs, rows, forward, left, vol)


def _vix_option(legs: Legs, scene: _Scene) -> Floats:
    rows, left = scene.rows, _years_left(legs, scene)
    return _european(legs, rows, _moved_vix_forward(legs, scene), left, legs.vol[rows])


def _european(legs: Legs, rows: Rows, forward: Floats, left: Floats, vol: Floats) -> Floats:
    """What the mark says beyond the model fades until the settlement: the P&L of now is that of the marks."""
    discount = np.exp(-legs.rate[rows] * left)
    value = black_price(forward, discount, left, legs.strike[rows], vol, legs.sign[rows])
    off = legs.off[rows]
    if not off.any():
        return value
    years = np.maximum(legs.years[rows], SHORTEST_LIFE)
    return np.maximum(value + off * (left / years), 0.0)


def _moved_vix_forward(legs: Legs, scene: _Scene) -> Floats:
    now = legs.forward[scene.rows]
    share = legs.link.forward_share(_years_left(legs, scene) * DAYS_A_YEAR)
    return np.maximum(now + share * scene.vix_move, np.minimum(now, legs.link.vix_floor))


def _vix_future(legs: Legs, scene: _Scene) -> Floats:
    return legs.mark[scene.rows] + _moved_vix_forward(legs, scene) - legs.forward[scene.rows]


def _share(legs: Legs, scene: _Scene) -> Floats:
    return legs.mark[scene.rows] * _share_change(legs, scene)


def _share_option(legs: Legs, scene: _Scene) -> Floats:
    """American; its share moves as the share itself would, and pays no dividend."""
    rows = scene.rows
    return american_price(
        legs.forward[rows] * _share_change(legs, scene),
        legs.rate[rows],
        0.0,
        _years_left(legs, scene),
        legs.strike[rows],
        legs.vol[rows],
        legs.sign[rows],
    )


def _share_change(legs: Legs, scene: _Scene) -> Floats:
    """What a share's price is multiplied by: VIX notes follow the 30-day forward, SPX funds the index."""
    with_vix = legs.link.forward_share(NOTE_DAYS) * scene.vix_move / legs.vix_30
    with_spx = scene.spot / legs.spot - 1.0
    moved = np.where(legs.follows_vix[scene.rows], with_vix, with_spx)
    leverage = legs.leverage[scene.rows]
    return np.maximum(1.0 + np.where(leverage == 0.0, 0.0, leverage * moved), 0.01)


_PRICERS = {
    Kind.INDEX_OPTION: _index_option,
    Kind.VIX_OPTION: _vix_option,
    Kind.VIX_FUTURE: _vix_future,
    Kind.SHARE: _share,
    Kind.SHARE_OPTION: _share_option,
}


def kind_of(contract: Contract) -> Kind:
    match contract.family:
        case Family.INDEX:
            return Kind.INDEX_OPTION
        case Family.VIX:
            return Kind.VIX_OPTION
        case Family.VIX_FUTURE:
            return Kind.VIX_FUTURE
    return Kind.SHARE_OPTION if contract.is_option else Kind.SHARE


def how_it_moves(contract: Contract) -> str:
    """What a scenario assumes of a share or its options, in words; empty for what has its own forward."""
    if contract.family is not Family.EQUITY:
        return ""
    if contract.root in VIX_NOTES:
        follows = "moves with the 30-day VIX forward"
    elif contract.root in SPX_FUNDS:
        follows = "moves with SPX"
    else:
        follows = "held at its present price"
    return f"American model without dividends; its share {follows}" if contract.is_option else follows


def lay_out_legs(
    marks: Mapping[Contract, LegMark],
    markets: Mapping[Key, ExpiryMarket],
    share_levels: Mapping[str, float],
    spot: float | None,
    vix: float | None,
    vix_30: float | None,
    link: SpotVolLink,
    rate: Rate,
) -> Legs:
    contracts = tuple(marks)
    rows = [_row(c, marks[c], markets, share_levels, spot, rate) for c in contracts]
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 10).T
    sign, strike, years, forward, carry, rates, vol, mark, off, leverage = columns
    return Legs(
        contracts=contracts,
        row_of={c: row for row, c in enumerate(contracts)},
        kind=np.array([kind_of(c) for c in contracts], dtype=np.int64),
        sign=sign, strike=strike, years=years, forward=forward, carry=carry,
        rate=rates, vol=vol, mark=mark, off=off, leverage=leverage,
        multiplier=np.array([c.multiplier for c in contracts], dtype=np.float64),
        scale=np.array([0.1 if c.spec.underlying == "XSP" else 1.0 for c in contracts]),
        follows_vix=np.array([c.root in VIX_NOTES for c in contracts], dtype=bool),
        spot=_or_nan(spot), vix=_or_nan(vix), link=link, vix_30=_or_nan(vix_30),
    )  # fmt: skip


def _row(
    contract: Contract,
    mark: LegMark,
    markets: Mapping[Key, ExpiryMarket],
    share_levels: Mapping[str, float],
    spot: float | None,
    rate: Rate,
) -> tuple[float, ...]:
    market = None if contract.expiry is None else markets.get((contract.root, contract.expiry))
    forward = None if market is None else market.forward
    years = 0.0 if market is None else market.years
    carry = 0.0
    kind = kind_of(contract)
    if kind is Kind.INDEX_OPTION and market is not None and forward is not None and spot is not None:
        level = spot / 10.0 if contract.spec.underlying == "XSP" else spot
        if market.quote_years > 0:
            carry = log(forward / level) / market.quote_years
            forward *= float(np.exp(-carry * (market.quote_years - years)))
    if kind in (Kind.SHARE_OPTION, Kind.SHARE):
        forward = share_levels.get(contract.root)
    moves = VIX_NOTES.get(contract.root, 1.0 if contract.root in SPX_FUNDS else 0.0)
    discounted = rate.value
    if market is not None and market.quote_years > 0:
        discounted = -log(market.discount) / market.quote_years
    return (
        1.0 if contract.right == "C" else -1.0,
        _or_nan(contract.strike),
        years,
        _or_nan(forward),
        carry,
        discounted,
        _or_nan(mark.vol),
        _or_nan(mark.value),
        _off(mark, market),
        moves,
    )


def _off(mark: LegMark, market: ExpiryMarket | None) -> float:
    """A deep option's own quote is too wide to tell its vol; what it is marked at counts all the same."""
    quoted = mark.rung in (Rung.MID, Rung.LAST) and mark.vol_origin == "smile"
    if not quoted or mark.value is None or mark.vol is None:
        return 0.0
    if market is None or market.forward is None or market.quote_years <= 0.0:
        return 0.0
    sign, strike = (1.0 if mark.contract.right == "C" else -1.0), mark.contract.strike or 0.0
    model = black_price(market.forward, market.discount, market.quote_years, strike, mark.vol, sign)
    return mark.value - float(model)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def weights_of(legs: Legs, held: Iterable[tuple[Contract, float]]) -> tuple[Rows, Floats]:
    """Rows of the contracts held, and dollars per point of each (quantity × multiplier)."""
    pairs = [(legs.row_of[contract], quantity) for contract, quantity in held]
    rows = np.array([row for row, _ in pairs], dtype=np.intp)
    return rows, np.array([quantity for _, quantity in pairs], dtype=np.float64) * legs.multiplier[rows]
