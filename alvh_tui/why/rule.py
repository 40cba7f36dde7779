"""Why a signal or a rule reads what it does, and what it is held against."""

from collections.abc import Callable

import numpy as np

from alvh_tui.book.model import Condor
from alvh_tui.figures import UNKNOWN, number
from alvh_tui.method.reading import Reading
from alvh_tui.method.signal import Signal
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.toml.text import printable
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import close_input, derived, rule_named, rules_of
from alvh_tui.why.known import Known
from alvh_tui.why.making import made, not_known
from alvh_tui.why.written import exact, reading

_SERIES: dict[str, tuple[str, ...]] = {
    "vix.level": ("vix",),
    "vix.rsi": ("vix",),
    "vix.disconnect": ("vix", "spx"),
    "macd.spx": ("spx",),
    "macd.vix": ("vix",),
    "macd.vvix-vix": ("vvix", "vix"),
    "macd.vx-curve": ("vx1", "vix3m", "vix"),
    "breadth.line": ("advances", "declines", "rsp", "spy"),
    "breadth.divergence": ("spx", "advances", "declines", "rsp", "spy"),
    "breadth.realigned": ("spx", "advances", "declines", "rsp", "spy"),
    "term.structure": ("vix9d", "vix", "vix3m"),
    "vol.rv-iv": ("spx", "vix"),
    "vol.acceleration": ("spx", "vix"),
    "macro.rates": ("dgs10", "t10y3m", "dxy"),
    "macro.correlation": ("vnq", "spx"),
    "skew.etf": ("skew",),
    "bid.underlying": ("spx",),
}
"""The series a signal is read from; the others are read from the events."""


def signal_value(figure: Figure, known: Known) -> float | None:
    """None also for what is said in words."""
    signal = known.signals.get(figure.about)
    if signal is None:
        return None
    return {"reading": signal.reading, "threshold": signal.threshold}.get(figure.name)


def derive_signal(figure: Figure, known: Known) -> Derivation | None:
    signal = known.signals.get(figure.about)
    if signal is None:
        return None
    entry = rule_named(signal.id)
    inputs = [*_last_values(signal, known), *rules_of(entry, known)]
    value = {
        "reading": reading(signal.reading),
        "threshold": reading(signal.threshold),
        "verdict": signal.verdict.value,
        "since": UNKNOWN if signal.since is None else str(signal.since),
    }[figure.name]
    if value == UNKNOWN:
        why = "it is held against no single number" if figure.name == "threshold" else signal.note
        return not_known(figure, known, why or "its history is too short", inputs, entry)
    lines = [_against(signal.reading, signal.threshold, signal.verdict.value)]
    if signal.since is not None:
        lines.append(f"{signal.verdict.value} since the session of {signal.since}")
    if signal.note:
        lines.append(printable(signal.note))
    passing = "today's live values stand in for the close" if signal.provisional else ""
    return made(figure, known, value, lines, inputs, assumption=passing, rule=entry)


def _against(read: float | None, threshold: float | None, verdict: str) -> str:
    against = "" if threshold is None else f" against {reading(threshold)}"
    return f"reading {reading(read)}{against}: {verdict}"


def _last_values(signal: Signal, known: Known) -> list[Input]:
    """The last value of each series it is read from, live where the session is open."""
    closes = known.closes
    if not len(closes.days):
        return []
    row = len(closes.days) - 1
    found = []
    for name in _SERIES.get(signal.id, ()):
        column = closes.column(name)
        if not np.isfinite(column).any():
            continue
        last = int(np.flatnonzero(np.isfinite(column))[-1])
        value, day = float(column[last]), closes.day(last)
        if closes.provisional and last == row:
            age, state = known.of_signal(signal)
            found.append(Input(f"{name} now", number(value, 2), "live, for the close", age, state))
        else:
            found.append(close_input(name, day, value, known))
    return found


def rule_value(figure: Figure, known: Known) -> float | None:
    found = known.readings.get((figure.about, figure.name))
    if found is None or figure.detail == "verdict":
        return None
    return found.threshold if figure.detail == "threshold" else found.reading


def derive_rule(figure: Figure, known: Known) -> Derivation | None:
    found = known.readings.get((figure.about, figure.name))
    if found is None:
        return None
    entry = rule_named(figure.name)
    inputs = [*_behind(figure, known), *rules_of(entry, known)]
    if figure.detail == "verdict":
        lines = _said(found)
        return made(figure, known, found.verdict.value, lines, inputs, rule=entry)
    read = found.threshold if figure.detail == "threshold" else found.reading
    if read is None:
        why = found.note or ("it is held against no number" if figure.detail else "it reads no number")
        return not_known(figure, known, why, inputs, entry)
    if figure.detail == "threshold":
        return made(figure, known, reading(read), _said(found), inputs, rule=entry)
    lines = [*_arithmetic(figure, found, known), *_said(found)]
    return made(figure, known, reading(read), lines, inputs, rule=entry)


def _said(found: Reading) -> list[str]:
    lines = [_against(found.reading, found.threshold, found.verdict.value)]
    if found.note:
        lines.append(printable(found.note))
    return lines if found.on is None else [*lines, f"read in the session of {found.on}"]


def _behind(figure: Figure, known: Known) -> list[Input]:
    """The figures a rule looks at: of the condor, or the signal itself."""
    signal = known.signals.get(figure.name)
    if signal is not None:
        own = Figure("signal", "reading", signal.id)
        seconds, state = known.of_signal(signal)
        return [Input(signal.id, reading(signal.reading), "the signal", seconds, state, own)]
    held = known.positions.get(figure.about)
    names = _LOOKS_AT.get(figure.name, ())
    if held is None:
        return []
    return [
        derived(Figure("position", name, figure.about), _own(held.figures, name), known) for name in names
    ]


def _own(figures: PositionFigures, name: str) -> float | None:
    source: object = figures if hasattr(figures, name) else figures.greeks
    value: float | None = None if source is None else getattr(source, name)
    return value


_LOOKS_AT = {
    "condor.pcf": ("vega", "theta"),
    "condor.irr": ("credit", "margin"),
    "condor.theta-burn": ("theta", "value"),
    "condor.vega-bias": ("vega",),
    "condor.wings": ("expected_move",),
}


def _arithmetic(figure: Figure, found: Reading, known: Known) -> list[str]:
    """The line of those that are one."""
    held = known.positions.get(figure.about)
    line = _LINES.get(figure.name)
    if held is None or line is None or found.reading is None:
        return []
    return line(held.figures, found.reading)


def _pcf(figures: PositionFigures, read: float) -> list[str]:
    if figures.greeks is None:
        return []
    vega, theta = exact(abs(figures.greeks.vega), 1, 4), exact(abs(figures.greeks.theta), 1, 4)
    return [f"vega {vega} ÷ theta {theta} = {reading(read)}"]


def _irr(figures: PositionFigures, read: float) -> list[str]:
    margin, condor = figures.margin, figures.position
    years = _years_at_entry(condor)
    if not margin or not years or not isinstance(condor, Condor):
        return []
    cost = condor.cash - read * margin * years
    return [
        f"(credit {exact(condor.cash, 0, 2)} − hedges until then {exact(cost, 0, 2)}) ÷ margin "
        f"{exact(margin, 0, 2)} ÷ years at entry {exact(years, 4, 6)} = {reading(read)}"
    ]


def _years_at_entry(condor: object) -> float:
    if not isinstance(condor, Condor):
        return 0.0
    expiries = [leg.contract.expiry for leg in condor.legs if leg.contract.expiry is not None]
    return max((min(expiries) - condor.opened_on).days, 1) / 365.0 if expiries else 0.0


def _theta_burn(figures: PositionFigures, read: float) -> list[str]:
    if figures.greeks is None or figures.value is None:
        return []
    theta, left = exact(figures.greeks.theta, 1, 4), exact(-figures.value, 0, 3)
    return [f"theta {theta} ÷ value still to decay {left} = {reading(read)}"]


def _vega_bias(figures: PositionFigures, read: float) -> list[str]:
    shares = figures.position.multiplier * figures.position.contracts
    if figures.greeks is None or not shares:
        return []
    size = f"({figures.position.multiplier} × {figures.position.contracts})"
    return [f"vega {exact(figures.greeks.vega, 1, 4)} ÷ {size} = {reading(read)}"]


_LINES: dict[str, Callable[[PositionFigures, float], list[str]]] = {
    "condor.pcf": _pcf,
    "condor.irr": _irr,
    "condor.theta-burn": _theta_burn,
    "condor.vega-bias": _vega_bias,
}
