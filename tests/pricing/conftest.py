"""The two recorded days of real chains, each expiry with its parity forward."""

from dataclasses import dataclass
from datetime import date
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.market.folder import read_market
from alvh_tui.market.types import History
from alvh_tui.pricing.forward import ForwardFit, fit_forward
from alvh_tui.pricing.time import years_between

DAYS = ("2023-10-17", "2024-01-05")
Columns = tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RealExpiry:
    day: str
    root: str
    expiry: date
    years: float
    rate: float
    """Three-month rate of the last close before, continuously compounded."""
    columns: Columns
    """Strikes, call bid and ask, put bid and ask."""
    fit: ForwardFit | None

    @property
    def name(self) -> str:
        return f"{self.day} {self.root} {self.expiry}"

    @property
    def spread(self) -> float:
        """What a call and a put near the money are quoted wide, in points, in the median."""
        strikes, call_bid, call_ask, put_bid, put_ask = self.columns
        assert self.fit is not None
        near = np.argsort(np.abs(strikes - self.fit.forward))[:10]
        return float(np.nanmedian((call_ask - call_bid + put_ask - put_bid)[near]))


@pytest.fixture(scope="session")
def real_expiries(shared: Path) -> list[RealExpiry]:
    """Every expiry of both days that has time left."""
    found = []
    for day in DAYS:
        market = read_market(shared / "data" / "markets" / day)
        rate = three_month_rate(market.history)
        for (root, expiry), chain in market.chains.items():
            years = years_between(market.time, settlement_instant(root, expiry))
            if years <= 0.0:
                continue
            strikes, call_bid, call_ask = chain.strikes, chain.call_bid, chain.call_ask
            columns = (strikes, call_bid, call_ask, chain.put_bid, chain.put_ask)
            fit = fit_forward(*columns, years, exp(-rate * years))
            found.append(RealExpiry(day, root, expiry, years, rate, columns, fit))
    return found


def three_month_rate(history: History | None) -> float:
    """The ten-year rate less its distance from the three-month one, as last closed."""
    assert history is not None
    rates = history.series["dgs10"] - history.series["t10y3m"]
    return log(1.0 + float(rates[np.isfinite(rates)][-1]) / 100.0)
