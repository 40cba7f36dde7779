"""What a bid and an ask are worth: a mid, a mid too rough for a vol, or nothing."""

from dataclasses import dataclass
from math import isfinite
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Status = Literal["ok", "zero_bid", "wide", "crossed", "no_quote"]

TIGHT_ENOUGH = 0.50
"""A spread of this many points is never wide, however cheap the option."""
WIDE_SHARE = 0.50
"""A spread above this share of its mid is wide."""


@dataclass(frozen=True, slots=True)
class QuoteReading:
    """One quote judged; the mid of a wide quote is told, but it is no mark."""

    status: Status
    mid: float | None
    vol_usable: bool


def read_quote(bid: float | None, ask: float | None) -> QuoteReading:
    """Judge one bid and ask; a zero bid is sane only on a wing so cheap that its spread is tight."""
    if bid is None or ask is None or not (isfinite(bid) and isfinite(ask)) or bid < 0.0 or ask <= 0.0:
        return QuoteReading("no_quote", None, vol_usable=False)
    if ask < bid:
        return QuoteReading("crossed", None, vol_usable=False)
    mid = 0.5 * (bid + ask)
    wide = ask - bid > max(TIGHT_ENOUGH, WIDE_SHARE * mid)
    if bid == 0.0:
        # An ask alone does not place a mid: half of it would be a number out of nothing.
        return (
            QuoteReading("wide", None, vol_usable=False)
            if wide
            else QuoteReading("zero_bid", mid, vol_usable=False)
        )
    return QuoteReading("wide" if wide else "ok", mid, vol_usable=not wide)


def sane_mids(bid: ArrayLike, ask: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Mids of the sane quotes (NaN elsewhere, wide ones included), and which of them carry a vol."""
    bid, ask = (np.asarray(side, dtype=float) for side in (bid, ask))
    with np.errstate(invalid="ignore"):
        mid = 0.5 * (bid + ask)
        width = ask - bid
        sane = np.isfinite(mid) & (bid >= 0.0) & (ask > 0.0) & (width >= 0.0)
        sane &= width <= np.maximum(TIGHT_ENOUGH, WIDE_SHARE * mid)
    return np.where(sane, mid, np.nan), sane & (bid > 0.0)
