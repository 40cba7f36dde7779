"""A figure is as old as the worst of what it is made of, and what is made of nothing quoted does not age."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alvh_tui.market.age import Age
from alvh_tui.market.folder import read_market
from alvh_tui.why.ages import age_of_figure, is_doubtful
from alvh_tui.why.derive import derive
from alvh_tui.why.every import figures_of
from alvh_tui.why.figure import Figure
from tests.why.worlds import ASKED, SAMPLES, assessed, sample, with_an_old_quote

SINCE_MORNING = 5.5 * 3600.0
SHORT_PUT = "SPXW261218P06500000"


@pytest.mark.parametrize(
    "figure",
    [
        Figure("leg", "mark", "front", SHORT_PUT),
        Figure("short", "delta", "front", "6500P"),
        Figure("position", "pnl", "front"),
        Figure("position", "delta", "front"),
        Figure("breakeven", "today", "front", side="upper"),
        Figure("moved", "today_path", "front", side="upper", when="open"),
        Figure("contact", "today", "front", side="upper"),
        Figure("total", "pnl"),
        Figure("total", "spx_delta"),
        Figure("total", "condors_vix_dollars"),
        Figure("yardstick", "vega coverage", "L1"),
        Figure("payoff", "pnl", "", "SPX 6400"),
        Figure("rule", "condor.pcf", "front"),
    ],
)
def test_one_old_leg_makes_old_what_rests_on_it(figure: Figure) -> None:
    assert age_of_figure(figure, with_an_old_quote()) == (SINCE_MORNING, Age.STALE)
    assert is_doubtful(figure, with_an_old_quote())
    assert not is_doubtful(figure, sample("tested"))


@pytest.mark.parametrize(
    "figure",
    [
        Figure("leg", "mark", "front", "SPXW261218P06450000"),
        Figure("short", "delta", "front", "7000C"),
        Figure("short", "distance", "front", "6500P"),
        Figure("position", "pnl", "early"),
        Figure("position", "credit", "front"),
        Figure("position", "max_loss", "front"),
        Figure("breakeven", "expiry", "front", side="lower"),
        Figure("breakeven", "today", "front", side="lower", when="open"),
        Figure("cushion", "cushion", "front"),
        Figure("total", "hedges_pnl"),
        Figure("total", "hedge_vix_dollars"),
        Figure("total", "margin"),
        Figure("market", "spx"),
        Figure("layer", "trigger", "L1"),
        Figure("yardstick", "risk cap", "L1"),
    ],
)
def test_and_nothing_else(figure: Figure) -> None:
    assert not is_doubtful(figure, with_an_old_quote())


def test_what_the_file_alone_tells_does_not_age() -> None:
    market = read_market(SAMPLES / "tested.market")
    late = replace(assessed("tested", market), at=market.time + timedelta(days=5))
    assert age_of_figure(Figure("position", "credit", "front"), late) == (None, Age.LIVE)
    assert age_of_figure(Figure("breakeven", "expiry", "front", side="lower"), late) == (None, Age.LIVE)
    assert age_of_figure(Figure("position", "pnl", "front"), late)[1] is Age.OLD
    assert age_of_figure(Figure("market", "vix"), late)[1] is Age.OLD


def test_what_nobody_quotes_has_no_age() -> None:
    assessment = ASKED["no VIX"]()
    assert age_of_figure(Figure("market", "vix"), assessment) == (None, Age.NONE)
    assert is_doubtful(Figure("breakeven", "today_path", "dec-31", side="lower"), assessment)
    assert not is_doubtful(Figure("breakeven", "today", "dec-31", side="lower"), assessment)


@pytest.mark.parametrize("name", ["with holes", "with a past", "after the expiry"])
def test_a_derivation_tells_the_same_age(name: str) -> None:
    assessment = ASKED[name]()
    for figure in figures_of(assessment):
        found = derive(figure, assessment)
        assert found is not None
        assert (found.age, found.state) == age_of_figure(figure, assessment)


def test_a_gone_position_has_no_quote() -> None:
    assert age_of_figure(Figure("leg", "mark", "gone", "X"), sample("calm")) == (None, Age.NONE)
    assert derive(Figure("position", "pnl", "gone"), sample("calm")) is None
