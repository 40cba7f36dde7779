"""What an entry of the journal tells of the moment: market, rules, readings, and how everything stood."""

from collections.abc import Iterable
from typing import Any

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.method.reading import Reading
from alvh_tui.method.sizing import LayerSizing
from alvh_tui.risk.breakevens import KINDS

Json = dict[str, Any]
GREEKS = ("delta", "gamma", "vega", "theta", "rho")


def moment_facts(assessment: Assessment) -> Json:
    """Market and rules."""
    return {
        "market": {
            "time": assessment.market.time.isoformat(),
            "session": assessment.session,
            "spot": assessment.valuation.spot,
            "vix": assessment.valuation.vix,
        },
        "rules": {"name": assessment.rules.name, "fingerprint": assessment.rules.fingerprint},
    }


def standing_facts(assessment: Assessment) -> Json:
    """Breakevens and Greeks of everything held, and the book's sums."""
    totals = assessment.totals
    return {
        "at": assessment.at.isoformat(),
        "spot": assessment.valuation.spot,
        "vix": assessment.valuation.vix,
        "pnl": totals.pnl,
        "coverage": totals.vega_coverage,
        "greeks": {
            "spx_delta": totals.spx_delta,
            "spx_delta_hedged": totals.spx_delta_hedged,
            "gamma": totals.gamma,
            "vega": totals.vega,
            "theta": totals.net_theta,
        },
        "positions": {held.figures.position.id: _position(held) for held in assessment.positions},
    }


def _position(held: PositionAssessment) -> Json:
    greeks, table = held.figures.greeks, held.breakevens
    return {
        "pnl": held.figures.pnl,
        "mark": held.figures.mark,
        "greeks": None if greeks is None else {name: getattr(greeks, name) for name in GREEKS},
        "breakevens": None
        if table is None
        else {kind: [table.kinds[kind].low, table.kinds[kind].high] for kind in KINDS},
    }


def only(standing: Json | None, position: str) -> Json | None:
    """The same of one position and the book's sums."""
    if standing is None:
        return None
    held = standing["positions"].get(position)
    return {**standing, "positions": {} if held is None else {position: held}}


def sizing_facts(sizing: LayerSizing) -> Json:
    """Contracts held and called for."""
    return {
        "instrument": None if sizing.instrument is None else sizing.instrument.name,
        "held": sizing.held,
        "target": None if sizing.target is None else list(sizing.target),
        "binding": sizing.binding or None,
    }


def reading_facts(readings: Iterable[Reading]) -> list[Json]:
    return [
        {
            "id": reading.id,
            "reading": reading.reading,
            "threshold": reading.threshold,
            "verdict": reading.verdict.value,
            "note": reading.note,
        }
        for reading in readings
    ]
