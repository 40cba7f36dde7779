"""Small books in markets made from a formula, judged; and the few prices they need in plain arithmetic."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from math import exp

from alvh_tui.assess import assess
from alvh_tui.book.model import Book, Condor, Layer
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.market.types import History, MarketSnapshot
from alvh_tui.method.attention import Attention
from alvh_tui.method.judgement import Judgement
from alvh_tui.method.reading import Reading
from alvh_tui.method.settings import Value
from alvh_tui.method.yardsticks import Yardstick
from tests.method.worlds import rules_with
from tests.risk.plain import beta_tenor, black, vol_tenor, years
from tests.risk.worlds import AT, CONDOR_VOLS, RATE, VIX_DAY, YEAR_END, index_forward

VX, VIX_VOL = 19.35, 0.9037399391
"""The VIX forward and the vol of its options in the golden market."""
ROOMY: Mapping[str, Value] = {"sizing.hedge-cost.limit": 10.0, "sizing.risk-cap.limit": 1.0}
"""Limits too wide to bind."""
AT_ONCE: Mapping[str, Value] = {
    "layers.L1.confirmations": 0,
    "layers.L2.confirmations": 0,
    "layers.L2.tolerated": False,
}
"""Layers that VIX alone triggers."""


def judged(
    book: Book, market: MarketSnapshot, changes: Mapping[str, Value] | None = None, at: datetime | None = None
) -> Judgement:
    return assess(book, market, rules_with(changes or {}), market.time if at is None else at).judgement


def measured_in(judgement: Judgement, layer: Layer, name: str) -> Yardstick:
    found = [y for y in judgement.layers[layer].sizing.yardsticks if y.id == name]
    assert len(found) == 1, name
    return found[0]


def said(judgement: Judgement, rule: str) -> list[Attention]:
    return [item for item in judgement.attention if item.rule == rule]


def reading(judgement: Judgement, condor: str, rule: str) -> Reading:
    return next(r for r in judgement.condor_rules[condor] if r.id == rule)


def with_history(market: MarketSnapshot, history: History) -> MarketSnapshot:
    return replace(market, history=history)


def years_to(root: str, held: Condor | None = None, at: datetime = AT) -> float:
    day = VIX_DAY if root == "VIX" else YEAR_END if held is None else held.expiries[-1]
    return years(at, settlement_instant(root, day))


def vix_call(strike: float, points: float = 0.0, right: str = "C") -> float:
    """Per share, VIX so many points higher: its forward moves by its own share of them."""
    time = years_to("VIX")
    forward = VX + beta_tenor(365.0 * time) * points
    return black(forward, exp(-RATE * time), time, strike, VIX_VOL, right)


def vix_dollars(strike: float) -> float:
    """What one call gains for one point of VIX, by its slope."""
    return 100.0 * (vix_call(strike, 1e-4) - vix_call(strike, -1e-4)) / 2e-4


def option_on_spx(
    strike: float, right: str, vol_points: float = 0.0, fall: float = 0.0, ahead: float = 0.0
) -> float:
    """Per share, of the golden market's condor: vols moved, the index lower by a share, some years on."""
    time = years_to("SPXW") - ahead
    forward = index_forward(YEAR_END) * exp(-(RATE - 0.012) * ahead) * (1.0 - fall)
    vol = CONDOR_VOLS[strike] + vol_points / 100.0
    return black(forward, exp(-RATE * time), time, strike, vol, right)


CONDOR_LEGS = ((1, 6350.0, "P"), (-1, 6400.0, "P"), (-1, 7100.0, "C"), (1, 7150.0, "C"))


def condor_value(vix_points: float = 0.0, fall: float = 0.0, ahead: float = 0.0) -> float:
    """Dollars of one golden condor, VIX so many points higher."""
    moved = vix_points * vol_tenor(365.0 * (years_to("SPXW") - ahead))
    return 100.0 * sum(q * option_on_spx(k, right, moved, fall, ahead) for q, k, right in CONDOR_LEGS)


def condor_vix_dollars() -> float:
    """What one golden condor loses for one point of VIX, by its slope."""
    return (condor_value(1e-4) - condor_value(-1e-4)) / 2e-4
