"""Why a breakeven stands where it does: now, some sessions ahead, and at earlier moments."""

from datetime import date

import numpy as np

from alvh_tui.figures import number
from alvh_tui.instruments.contract import Contract
from alvh_tui.pricing.time import years_between
from alvh_tui.risk.breakevens import (
    EXPIRY_KINDS,
    BreakevenKind,
    Breakevens,
    BreakevenTable,
    PricedUnit,
    Unit,
    sessions_ahead,
)
from alvh_tui.risk.curves import pnl
from alvh_tui.risk.migration import Sides
from alvh_tui.risk.payoff import Payoff
from alvh_tui.risk.travel import Standing, Travel
from alvh_tui.toml.text import printable
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure, Side
from alvh_tui.why.inputs import (
    cash_input,
    from_file,
    hedge_inputs,
    index_input,
    link_input,
    vix_input,
    vol_input,
)
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.names import BREAKEVEN, when_of
from alvh_tui.why.written import added, exact

NEARBY = 10.0
"""Points to either side of a root where the P&L is told as well."""
KINDS: dict[str, BreakevenKind] = {
    "expiry": "expiry", "expiry_hedge_cost": "expiry_hedge_cost", "expiry_hedged": "expiry_hedged",
    "today": "today", "today_path": "today_path", "today_hedged": "today_hedged",
}  # fmt: skip
_NOT_RECORDED = "nothing was recorded then; only the breakeven at expiry is known from the position file"


def side_of(sides: Sides, side: Side) -> float | None:
    return sides[0] if side == "lower" else sides[1]


def breakeven_value(figure: Figure, known: Known) -> float | None:
    if is_past(figure.when):
        standing = standing_of(figure, known)
        kind = KINDS[figure.name]
        return None if standing is None else side_of(standing.kinds.get(kind, (None, None)), figure.side)
    found = _found(figure, known)
    return None if found is None else side_of((found.low, found.high), figure.side)


def is_past(when: str) -> bool:
    return bool(when) and not when.startswith("+")


def _found(figure: Figure, known: Known) -> Breakevens | None:
    """Now or ahead; what stands at expiry does not move with time."""
    table, kind = known.table(figure.about), KINDS[figure.name]
    if table is None:
        return None
    if not figure.when or kind in EXPIRY_KINDS:
        return table.kinds[kind]
    sessions = int(figure.when)
    return next((p.kinds[kind] for p in table.projections if p.sessions == sessions), None)


def travel_of(figure: Figure, known: Known) -> Travel | None:
    held = known.positions.get(figure.about)
    return None if held is None else held.travel


def since_of(figure: Figure, travel: Travel) -> date | None:
    """The session the figure's `when` names."""
    if figure.when == "open":
        return travel.since_open.since
    if figure.when == "close":
        return None if travel.since_close is None else travel.since_close.since
    if figure.when == "five":
        return None if travel.since_five is None else travel.since_five.since
    place = int(figure.when.removeprefix("step "))
    steps = travel.of.migration.steps
    return steps[place].on if place < len(steps) else None


def standing_of(figure: Figure, known: Known) -> Standing | None:
    """The condor as it stood at the earlier moment."""
    travel = travel_of(figure, known)
    if travel is None:
        return None
    if figure.when == "open":
        entry, opening = travel.of.recorded.entry, travel.of.migration.steps[0]
        kinds = {} if entry is None else dict(entry.kinds)
        return Standing(
            opening.on, travel.of.migration.spot_at_open, {**kinds, "expiry": opening.expiry}, entry is None
        )
    day = since_of(figure, travel)
    return None if day is None else travel.of.standing(day)


def derive_breakeven(figure: Figure, known: Known) -> Derivation | None:
    if figure.about and figure.about not in known.positions:
        return None
    if is_past(figure.when):
        return _past(figure, known)
    table = known.table(figure.about)
    if table is None:
        why = "it is no condor that is held" if figure.about else "the condors do not all settle together"
        return not_known(figure, known, why)
    found = _found(figure, known)
    if found is None:
        return not_known(figure, known, "it settles before that")
    root = side_of((found.low, found.high), figure.side)
    inputs = _inputs(figure, table, known)
    if root is None:
        note = found.low_note if figure.side == "lower" else found.high_note
        return not_known(figure, known, note, inputs)
    unit = _unit(figure, table, known)
    kind = KINDS[figure.name]
    assumption = _assumption(kind, table)
    if kind in unit.exact:
        lines = exact_lines(figure, unit, unit.exact[kind], root)
        return made(figure, known, root, lines, inputs, assumption=assumption)
    solved = _solved(figure, unit, root, known)
    return made(figure, known, root, (), inputs, solved=solved, assumption=assumption)


def _unit(figure: Figure, table: BreakevenTable, known: Known) -> PricedUnit:
    return Unit(figure.about, known.condors_of(figure.about), table.hedges).on(known.assessment.valuation)


def _inputs(figure: Figure, table: BreakevenTable, known: Known) -> list[Input]:
    kind, condors = KINDS[figure.name], known.condors_of(figure.about)
    inputs = [cash_input(condor) for condor in condors]
    if kind == "expiry_hedge_cost":
        inputs += [
            from_file(
                f"premium of {printable(share.hedge.id)}, {100.0 * share.share:.0f} % of it",
                f"{exact(share.share * share.hedge.premium, 0, 2)} $",
                share.hedge.line,
                Figure("position", "cash", share.hedge.id),
            )
            for share in table.hedges
        ]
    if kind in ("expiry", "expiry_hedge_cost"):
        return inputs
    inputs.append(index_input(known))
    if kind != "today":
        inputs += [vix_input(known), link_input("beta_down", known), link_input("beta_up", known)]
    if kind.startswith("today"):
        inputs += [
            vol_input(leg, condor.id, known)
            for condor in condors
            for leg in known.positions[condor.id].figures.legs
        ]
    return [*inputs, *hedge_inputs(table.hedges, known)] if kind.endswith("hedged") else inputs


def _assumption(kind: BreakevenKind, table: BreakevenTable) -> str:
    path = f"along the path {table.path}"
    return {
        "expiry": "held to its expiry; adjustments are counted",
        "expiry_hedge_cost": "every hedge behind it expires worthless",
        "expiry_hedged": f"held to its expiry; VIX forwards moved {path}",
        "today": "each leg's vol stays at its strike",
        "today_path": f"VIX and the vols move {path}",
        "today_hedged": f"VIX, its forwards and the vols move {path}",
    }[kind]


def pays(contract: Contract, level: float) -> float:
    """Per share at expiry, with the index there."""
    strike = contract.strike or 0.0
    return max(level - strike if contract.right == "C" else strike - level, 0.0)


def exact_lines(figure: Figure, unit: PricedUnit, payoff: Payoff, root: float) -> tuple[str, ...]:
    """From the strike next to it on the side of the gain: its P&L over the dollars a point costs."""
    lower = figure.side == "lower"
    strikes = [k for k in payoff.strikes if (k >= root if lower else k <= root)]
    if not strikes:
        return (f"P&L at {number(root, 2)} at expiry is 0",)
    strike = min(strikes) if lower else max(strikes)
    gain, away = payoff.at(strike), abs(strike - root)
    cash = unit.cash - (unit.premium if figure.name == "expiry_hedge_cost" else 0.0)
    legs = [leg for condor in unit.unit.condors for leg in condor.open_legs]
    worth = [
        leg.quantity * leg.contract.multiplier * pays(leg.contract, strike)
        for leg in legs
        if pays(leg.contract, strike)
    ]
    if away == 0.0:
        return (f"P&L at the strike {number(strike, 2)} at expiry is 0",)
    sign = "−" if lower else "+"
    return (
        f"P&L at the strike, cash and legs at expiry: {added((cash, *worth))} = {exact(gain, 0, 2)}",
        f"from there it changes by {number(gain / away, 0)} $ a point",
        f"strike {exact(strike)} {sign} {exact(gain, 0, 4)} ÷ {exact(gain / away, 0, 4)}"
        f" = {bare(figure, root)}",
    )


def _solved(figure: Figure, unit: PricedUnit, root: float, known: Known) -> tuple[str, ...]:
    """The P&L at the root, and a little to either side of it."""
    valuation, kind = known.assessment.valuation, KINDS[figure.name]
    ahead = max(unit.until, 0.0)
    if kind not in EXPIRY_KINDS:
        ahead = years_between(valuation.at, sessions_ahead(valuation.at, int(figure.when or 0)))
    levels = np.array([root - NEARBY, root, root + NEARBY])
    below, there, above = pnl(valuation.legs, unit.curve(kind, ahead), levels / unit.unit.axis_unit)
    moment = when_of(figure) or ("at expiry" if kind in EXPIRY_KINDS else "now")
    return (
        f"the level of the index at which the P&L {moment} is 0, all legs priced again there",
        f"P&L at {number(root, 2)} is {number(float(there), 1)} $",
        f"P&L at {number(levels[0], 2)} is {number(float(below), 0, signed=True)} $, "
        f"at {number(levels[2], 2)} it is {number(float(above), 0, signed=True)} $",
    )


def _past(figure: Figure, known: Known) -> Derivation:
    travel, standing = travel_of(figure, known), standing_of(figure, known)
    if travel is None:
        why = "it is no condor that is held" if figure.about else "only each condor's past is recorded"
        return not_known(figure, known, why)
    if standing is None:
        return not_known(figure, known, "it was not held then")
    value = breakeven_value(figure, known)
    kind = KINDS[figure.name]
    if kind not in standing.kinds:
        return not_known(figure, known, _NOT_RECORDED)
    line = travel.of.condor.line
    if value is None:
        return not_known(figure, known, f"there was none on this side on {standing.on}")
    if kind == "expiry":
        said = f"as it stood on {standing.on}, from the trades made until then"
        given = from_file(BREAKEVEN[kind], number(value, 2), line)
        return made(figure, known, value, (said,), (given,), assumption=_assumption(kind, travel.of.table))
    given = Input(f"{BREAKEVEN[kind]} on {standing.on}", number(value, 2), "recorded in the history")
    return made(figure, known, value, (f"as it was recorded on {standing.on}",), (given,))
