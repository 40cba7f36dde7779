"""The legs of a position, each with its quote, its mark and where that is from."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from alvh_tui.figures import UNKNOWN, age, number, percent
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.positions import LegFigures
from alvh_tui.screens.cells import cell, level, size
from alvh_tui.screens.panels.columns import strike_of
from alvh_tui.screens.rows import Opens, Role, Row, Span
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import Column, Table
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import PositionAssessment

LEG_DIGITS = {"delta": 2, "gamma": 4, "theta": 2, "vega": 2}
GREEKS = {"delta": "Δ", "gamma": "Γ", "theta": "Θ", "vega": "V"}
_RANKS = {"delta": 1, "gamma": 8, "theta": 6, "vega": 5}


def leg_rows(held: "PositionAssessment", shown: Shown, look: Look, *, indent: int = 2) -> Iterator[Row]:
    """A heading and a line each, strikes rising."""
    name = held.figures.position.id
    series = _common_series(held)
    table = Table(
        "legs",
        [
            Column("indent", least=indent, right=False),
            Column("quantity", "×", 3),
            Column("contract", _series_named(series), 15, right=False),
            Column("bid", "bid", 6, rank=4),
            Column("ask", "ask", 6, rank=4),
            Column("mark", "mark", 6),
            Column("rung", "by", 5, right=False, rank=3),
            Column("vol", "vol", 7, rank=2),
            *(Column(greek, sign, 5, rank=_RANKS[greek]) for greek, sign in GREEKS.items()),
            Column("age", "age", 6, rank=7),
        ],
        look,
    )
    for leg in sorted(held.figures.legs, key=_by_strike):
        contract = leg.leg.contract
        opens = Opens("position", name)
        named = str(contract) if series is None else strike_of(contract)
        table.add(f"{name} {contract.symbol}", *_cells(leg, named, name, shown, look), opens=opens)
    head, *lines = table.rows()
    yield Row(f"{name} legs", head.spans)
    yield from lines


def _by_strike(leg: LegFigures) -> tuple[date, str, float]:
    contract = leg.leg.contract
    return contract.expiry or date.max, contract.root, contract.strike or 0.0


def _common_series(held: "PositionAssessment") -> tuple[str, date] | None:
    """Root and expiry where all legs are options of one: the heading says it once."""
    found = {(leg.leg.contract.root, leg.leg.contract.expiry) for leg in held.figures.legs}
    if len(found) != 1 or not held.figures.legs[0].leg.contract.is_option:
        return None
    root, expiry = next(iter(found))
    return None if expiry is None else (root, expiry)


def _series_named(series: tuple[str, date] | None) -> str:
    return "contract" if series is None else f"{series[0]} {series[1].isoformat()}"


def _cells(leg: LegFigures, named: str, about: str, shown: Shown, look: Look) -> tuple[Span, ...]:
    mark, greeks, symbol = leg.mark, leg.greeks, leg.leg.contract.symbol

    def of(name: str) -> Figure:
        return Figure("leg", name, about, symbol)

    role = Role.PLAIN if mark.rung in (Rung.MID, Rung.SETTLED) else Role.DOUBT
    return (
        Span(""),
        size(leg.leg.quantity, of("quantity"), shown, look),
        Span(named, Role.PLAIN, of("quantity")),
        level(mark.bid, of("bid"), shown, 2),
        level(mark.ask, of("ask"), shown, 2),
        cell(number(mark.value, 2), of("mark"), shown, role),
        Span(mark.rung.value, Role.LABEL if role is Role.PLAIN else Role.DOUBT, of("mark")),
        cell(percent(mark.vol, 1), of("vol"), shown),
        *(level(getattr(greeks, name), of(name), shown, digits) for name, digits in LEG_DIGITS.items()),
        _age(leg, of("age"), shown, look),
    )


def _age(leg: LegFigures, figure: Figure, shown: Shown, look: Look) -> Span:
    assessment, symbol = shown.assessment, leg.leg.contract.symbol
    if assessment is None or symbol not in assessment.ages:
        return Span(UNKNOWN, Role.DOUBT, figure)
    passed = 0.0 if look.now is None else max((look.now - assessment.at).total_seconds(), 0.0)
    return Span(age(assessment.ages[symbol] + passed), Role.LABEL, figure)
