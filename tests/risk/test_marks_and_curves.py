"""The P&L of the marks and the curves of the model meet where the market stands."""

from pathlib import Path

import numpy as np
import pytest

from alvh_tui.assess import Assessment, assess
from alvh_tui.desk import read_desk
from alvh_tui.instruments.calendar import settlement_instant
from alvh_tui.market.folder import read_market
from alvh_tui.risk.payoff import payoff_of
from alvh_tui.risk.scenarios import payoff_curve

SAMPLES = Path(__file__).resolve().parent.parent.parent / "sample_positions"


def assessed(name: str) -> Assessment:
    desk = read_desk(SAMPLES / f"{name}.toml")
    assert desk.book is not None
    assert desk.rules is not None
    market = read_market(SAMPLES / f"{name}.market")
    return assess(desk.book, market, desk.rules, market.time)


@pytest.mark.parametrize("name", ["calm", "tested", "broken_wing"])
@pytest.mark.parametrize("on_path", [True, False])
def test_the_curve_of_now_passes_through_the_pnl_of_the_marks(name: str, on_path: bool) -> None:
    """Also where a short put is deep in the money, and its own quote too wide to tell its vol."""
    found = assessed(name)
    here = np.array([found.valuation.spot])
    for held in found.positions:
        pnl, position = held.figures.pnl, held.figures.position
        curve = payoff_curve([position], [], found.valuation, found.at, here, on_path=on_path)  # type: ignore[list-item]
        assert curve.condors[0] == pytest.approx(pnl, abs=0.01)


def test_what_the_mark_says_beyond_the_model_is_gone_at_expiry() -> None:
    found = assessed("tested")
    (condor,) = (c for c in found.book.condors if c.id == "front")
    deep = [leg for leg in condor.open_legs if found.valuation.marks[leg.contract].vol_origin == "smile"]
    assert deep, "the sample has no leg whose vol is the smile's"
    expiry = condor.open_legs[0].contract
    assert expiry.expiry is not None
    levels = np.array([6300.0, 6480.0, 6600.0, 7020.0])
    end = settlement_instant(expiry.root, expiry.expiry)
    curve = payoff_curve([condor], [], found.valuation, end, levels, on_path=False)
    payoff = payoff_of(condor.open_legs, condor.cash)
    assert payoff is not None
    assert curve.condors == pytest.approx([payoff.at(level) for level in levels.tolist()], abs=0.01)
