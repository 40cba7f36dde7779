"""The names of figures: the code's own words, each with a label, and light to import."""

import subprocess
import sys
from dataclasses import fields
from typing import get_args

from alvh_tui.risk.breakevens import KINDS
from alvh_tui.risk.explain import Explained
from alvh_tui.risk.positions import PositionGreeks, ShortStrike
from alvh_tui.risk.totals import Totals
from alvh_tui.risk.travel import PACED
from alvh_tui.why.figure import Figure, FigureKind
from alvh_tui.why.names import (
    BREAKEVEN,
    CONTACT,
    EXPLAINED,
    MOVED,
    NAMES,
    PACE,
    POSITION,
    SHORT,
    TOTAL,
    title_of,
)

IN_WORDS = {"complete", "missing", "unbounded"}


def test_every_kind_has_its_names() -> None:
    assert list(NAMES) == list(get_args(FigureKind))
    assert all(label for names in NAMES.values() for label in names.values())


def test_the_names_are_those_of_the_code() -> None:
    assert tuple(BREAKEVEN) == KINDS
    assert tuple(PACE) == tuple(CONTACT) == PACED
    assert {name.removesuffix("_moves") for name in MOVED} == set(KINDS)
    assert {f.name for f in fields(Totals)} - IN_WORDS <= set(TOTAL)
    assert {f.name for f in fields(Explained)} == set(EXPLAINED)
    assert {f.name for f in fields(PositionGreeks)} <= set(POSITION)
    assert {f.name for f in fields(ShortStrike)} - {"right"} == set(SHORT)


def test_a_figure_is_called_as_a_trader_calls_it() -> None:
    said = {
        title_of(Figure("position", "pnl", "dec-18")): "dec-18: P&L",
        title_of(Figure("short", "delta", "dec-18", "6400P")): "dec-18: 6400P delta",
        title_of(Figure("total", "margin")): "margin",
        title_of(Figure("breakeven", "today_path", "dec-18", side="lower", when="+1")): (
            "dec-18: lower breakeven on today's path, +1 session"
        ),
        title_of(Figure("breakeven", "expiry", "dec-18", side="upper", when="step 2")): (
            "dec-18: upper breakeven at expiry, after trade 2"
        ),
        title_of(Figure("moved", "expiry", "dec-18", side="upper", when="close")): (
            "dec-18: upper breakeven at expiry, since the previous close"
        ),
        title_of(Figure("yardstick", "vega coverage", "L1", "least")): (
            "L1: vega coverage, contracts asked for"
        ),
        title_of(Figure("rule", "condor.pcf", "dec-18")): "dec-18: condor.pcf",
        title_of(Figure("payoff", "pnl_path", "", "SPX 6400", when="expiry")): (
            "SPX 6400 P&L of the condors on the path, at expiry"
        ),
    }
    assert list(said) == list(said.values())


def test_names_are_there_before_the_numeric_libraries() -> None:
    code = "import sys, alvh_tui.why.names; print(sorted({'numpy', 'scipy', 'pandas'} & sys.modules.keys()))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"
