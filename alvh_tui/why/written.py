"""How each figure is written, and the pieces of a line of arithmetic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alvh_tui.figures import UNKNOWN, number
from alvh_tui.why.figure import Figure, FigureKind


@dataclass(frozen=True, slots=True)
class Style:
    digits: int = 0
    unit: str = ""
    signed: bool = False
    share: bool = False
    """A share of one, written in percent."""


DOLLARS = Style(unit="$")
GAIN = Style(unit="$", signed=True)
COUNT = Style()
PRICE = Style(2)
POINTS = Style(1)
LEVEL = Style(2)
PERCENT = Style(1, "%", share=True)
CHANGE = Style(2, "%", signed=True, share=True)
GREEKS: Mapping[str, Style] = {
    "delta": Style(2, signed=True),
    "gamma": Style(4, signed=True),
    "vega": Style(1, "$", signed=True),
    "theta": Style(1, "$", signed=True),
    "rho": Style(1, "$", signed=True),
}
LEG_GREEKS: Mapping[str, Style] = {
    "delta": Style(3, signed=True),
    "gamma": Style(5, signed=True),
    "vega": Style(3, signed=True),
    "theta": Style(3, signed=True),
    "rho": Style(3, signed=True),
}
_READING = Style(2)
_PLACES: Mapping[FigureKind, Mapping[str, Style]] = {
    "market": {
        "spx_change": CHANGE, "vix_change": Style(2, signed=True), "vix9d_vix": Style(3),
        "vix_vix3m": Style(3), "rate": Style(2, "%", share=True), "atm": PERCENT, "event": COUNT,
    },
    "position": {
        "pnl": GAIN, "pnl_pct_credit": Style(1, "%", signed=True, share=True), "value": GAIN, "cash": GAIN,
        "fees": Style(2, "$"), "contracts": COUNT, "vix_dollars": GAIN, "max_profit": DOLLARS,
        "max_loss": DOLLARS, "margin": DOLLARS, "expected_move": POINTS, "p_profit": PERCENT, "dte": COUNT,
        **GREEKS,
    },
    "short": {
        "quantity": Style(signed=True), "delta": LEG_GREEKS["delta"], "distance": POINTS,
        "distance_pct": PERCENT, "p_beyond": PERCENT, "p_touch": PERCENT,
    },
    "leg": {"quantity": Style(signed=True), "value": GAIN, "vol": PERCENT, "age": COUNT, **LEG_GREEKS},
    "cushion": {"cushion": Style(0, "%", share=True)},
    "pace": {name: Style(2, signed=True) for name in ("expiry", "today", "today_path")},
    "contact": {name: Style(1) for name in ("expiry", "today", "today_path")},
    "total": {
        "spx_delta": GREEKS["delta"], "spx_delta_hedged": GREEKS["delta"],
        "delta_without_L3": GREEKS["delta"], "gamma": GREEKS["gamma"],
        "vega": GREEKS["vega"], "theta": GREEKS["theta"], "net_theta": GREEKS["theta"],
        "condors_theta": GREEKS["theta"], "hedges_theta": GREEKS["theta"], "vega_coverage": PERCENT,
        "hedge_cost_pct_credit": PERCENT, "hedge_cost": DOLLARS, "credit": DOLLARS, "max_loss": DOLLARS,
        "margin": DOLLARS,
    },
    "layer": {
        "cost": DOLLARS, "unwind_value": GAIN, "unwind_pnl": GAIN, "shock_gain": GAIN,
        "shock_coverage": PERCENT, "next_trigger": LEVEL, "next_distance": Style(2, signed=True),
    },
    "link": {"tenor_days": COUNT},
}  # fmt: skip
_OTHERS: Mapping[FigureKind, Style] = {
    "market": LEVEL, "position": PRICE, "short": PRICE, "leg": PRICE, "breakeven": LEVEL,
    "moved": Style(2, signed=True), "total": GAIN, "explained": GAIN, "layer": COUNT, "signal": _READING,
    "rule": _READING, "payoff": GAIN, "grid": GAIN, "link": Style(2), "source": COUNT,
}  # fmt: skip


_PLAIN_YARDSTICKS = ("L2 scale", "quick ratio")


def style_of(figure: Figure) -> Style:
    if figure.kind == "yardstick":
        if figure.detail in ("least", "most"):
            return COUNT
        return _READING if figure.name in _PLAIN_YARDSTICKS else PERCENT
    found = _PLACES.get(figure.kind, {}).get(figure.name)
    return found or _OTHERS.get(figure.kind, _READING)


def written(value: float | None, style: Style) -> str:
    """The number with its unit, a dash for what is unknown."""
    if value is None:
        return UNKNOWN
    text = number(100.0 * value if style.share else value, style.digits, signed=style.signed)
    return f"{text} {style.unit}" if style.unit else text


def reading(value: float | None) -> str:
    """Of a rule or signal: small ones keep two digits that count."""
    if value is None or abs(value) >= 0.1 or value == 0.0:
        return number(value, 2)
    return number(value, 4)


def exact(value: float, least: int = 2, most: int = 4) -> str:
    """With no more digits than it has, so that a line of arithmetic can be followed."""
    digits = next((n for n in range(least, most) if abs(round(value, n) - value) < 1e-9), most)
    return number(value, digits)


def added(terms: Iterable[float], least: int = 0, most: int = 2) -> str:
    """1,200 − 300 + 45; 0 where there is nothing to add."""
    text = ""
    for term in terms:
        if not text:
            text = exact(term, least, most)
        else:
            text += f" {'−' if term < 0 else '+'} {exact(abs(term), least, most)}"
    return text or "0"


def sum_line(terms: Sequence[float], said: str, least: int = 0, most: int = 2) -> str:
    """The terms and what they come to; no sum where there is one."""
    if len(terms) > 1:
        return f"{added(terms, least, most)} = {said}"
    return f"the only one: {said}" if terms else f"there is none: {said}"


def percent_of(share: float | None) -> str:
    """As finely as a chain of arithmetic needs it."""
    return UNKNOWN if share is None else f"{exact(100.0 * share, 1, 3)} %"
