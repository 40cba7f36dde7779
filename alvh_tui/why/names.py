"""Every name a figure can have, by kind, with the trader's label.

How a figure is addressed, kind by kind (`about`, `detail`, `side` and `when` are empty where not named):

- market: `about` is empty, but for a forward and its vol: root and expiry, `SPXW 2026-12-18`
- position: `about` the position
- short: `about` the condor, `detail` the strike as written, `6400P`
- leg: `about` the position, `detail` the contract's symbol, `SPXW261218P06400000`
- breakeven: `about` the condor, empty for the book; a `side`; `when` empty, `open`, `step 1`, `close`,
  `five`, or sessions ahead, `+1`, `+5`, `+10`
- moved: `about` the condor; a `side`; `when` it moved since: `open`, `step 1`, `close`, `five`;
  the name alone is points, with `_moves` behind it expected moves
- cushion, pace, contact: `about` the condor; a `side`; without one the side that is nearer to trouble
- total, link: the name alone
- explained: `about` the position, empty for the book
- layer: `about` the layer; of a shock `detail` is the VIX points, `+10`
- yardstick: `about` the layer, the name is the yardstick's; `detail` empty for the reading, or `low`, `high`,
  `least`, `most`
- signal: `about` the signal
- rule: `about` the condor or the layer, or `shrink`; the name is the rule's; `detail` empty for the
  reading, or `threshold`, `verdict`
- payoff, grid: `about` the position, empty for everything held; `detail` the point, `SPX 6400` or
  `SPX 6400 VIX 30`; `when` empty, sessions ahead, `+5`, or `expiry`
- source: `about` the source
"""

from collections.abc import Mapping
from types import MappingProxyType

from alvh_tui.why.figure import Figure, FigureKind

Names = Mapping[str, str]

MARKET: Names = {
    "spx": "SPX",
    "spx_change": "SPX since the previous close",
    "vix": "VIX",
    "vix_change": "VIX since the previous close",
    "vix9d": "VIX9D",
    "vix3m": "VIX3M",
    "vix6m": "VIX6M",
    "vvix": "VVIX",
    "skew": "SKEW",
    "vix9d_vix": "VIX9D ÷ VIX",
    "vix_vix3m": "VIX ÷ VIX3M",
    "session": "session",
    "time_left": "time to the close",
    "event": "sessions to the next event",
    "age": "age of the quotes",
    "rate": "risk-free rate",
    "forward": "forward",
    "atm": "vol at the money",
}
POSITION: Names = {
    "pnl": "P&L",
    "pnl_pct_credit": "P&L in % of net credit",
    "mark": "mark",
    "credit": "net credit per share",
    "value": "value at its marks",
    "cash": "cash so far",
    "fees": "fees",
    "contracts": "contracts held",
    "delta": "delta",
    "gamma": "gamma",
    "theta": "theta",
    "vega": "vega",
    "rho": "rho",
    "vix_dollars": "dollars per VIX point",
    "max_profit": "largest profit",
    "max_loss": "largest loss",
    "margin": "margin",
    "expected_move": "expected move",
    "p_profit": "chance of profit",
    "dte": "days left",
}
SHORT: Names = {
    "strike": "short strike",
    "quantity": "contracts",
    "delta": "delta",
    "distance": "distance in points",
    "distance_pct": "distance in %",
    "distance_moves": "distance in expected moves",
    "p_beyond": "chance to finish beyond",
    "p_touch": "chance of a touch",
}
LEG: Names = {
    "quantity": "contracts",
    "bid": "bid",
    "ask": "ask",
    "mark": "mark",
    "value": "value",
    "vol": "vol",
    "delta": "delta",
    "gamma": "gamma",
    "vega": "vega",
    "theta": "theta",
    "rho": "rho",
    "age": "age of its quote",
}
BREAKEVEN: Names = {
    "expiry": "breakeven at expiry",
    "expiry_hedge_cost": "breakeven at expiry, hedges lost",
    "expiry_hedged": "breakeven at expiry, hedged",
    "today": "breakeven today",
    "today_path": "breakeven on today's path",
    "today_hedged": "breakeven on today's path, hedged",
}
MOVED: Names = {
    **BREAKEVEN,
    **{f"{kind}_moves": f"{label}, in expected moves" for kind, label in BREAKEVEN.items()},
}
CUSHION: Names = {"cushion": "cushion"}
PACED = ("expiry", "today", "today_path")
PACE: Names = {kind: f"pace of the {BREAKEVEN[kind]}" for kind in PACED}
CONTACT: Names = {kind: f"sessions to contact, {BREAKEVEN[kind]}" for kind in PACED}
TOTAL: Names = {
    "pnl": "P&L",
    "condors_pnl": "P&L of the condors",
    "hedges_pnl": "P&L of the hedges",
    "spx_delta": "SPX delta",
    "spx_delta_hedged": "SPX delta, hedges carried onto SPX",
    "delta_without_L3": "SPX delta without L3",
    "gamma": "gamma",
    "vega": "vega on SPX",
    "theta": "theta on SPX",
    "net_theta": "net theta",
    "condors_theta": "theta of the condors",
    "hedges_theta": "theta of the hedges",
    "hedge_vix_dollars": "hedges, dollars per VIX point",
    "condors_vix_dollars": "condors, dollars per VIX point",
    "vega_coverage": "vega coverage",
    "hedge_cost": "cost of the hedges",
    "credit": "credit of the condors",
    "hedge_cost_pct_credit": "hedge cost in % of the credit",
    "max_loss": "largest loss",
    "margin": "margin",
}
EXPLAINED: Names = {
    "delta": "P&L from delta",
    "gamma": "P&L from gamma",
    "vega": "P&L from vega",
    "theta": "P&L from theta",
    "residual": "P&L not explained",
    "total": "P&L since the moment before",
}
LAYER: Names = {
    "trigger": "trigger state",
    "holding": "holding state",
    "action": "action",
    "since": "since",
    "held": "contracts held",
    "target": "target in contracts",
    "to_add": "contracts to add",
    "cap": "contracts allowed",
    "instrument": "instrument",
    "next_trigger": "next trigger",
    "next_distance": "VIX points to the next trigger",
    "days_left": "days left",
    "cost": "premium paid",
    "unwind_value": "value if unwound",
    "unwind_pnl": "P&L if unwound",
    "shock_gain": "gain at a shock",
    "shock_coverage": "coverage at a shock",
}
YARDSTICK: Names = {
    "": "reading",
    "low": "at least",
    "high": "at most",
    "least": "contracts asked for",
    "most": "contracts allowed",
}
"""By `detail`: a yardstick's own name is the figure's."""
SIGNAL: Names = {
    "reading": "reading",
    "threshold": "threshold",
    "verdict": "verdict",
    "since": "since",
}
RULE: Names = {"": "reading", "threshold": "threshold", "verdict": "verdict"}
"""By `detail`: a rule's own name is the figure's."""
PAYOFF: Names = {
    "pnl": "P&L of the condors, vols held",
    "pnl_path": "P&L of the condors on the path",
    "pnl_hedged": "P&L with the hedges on the path",
}
GRID: Names = {"pnl": "P&L, SPX and VIX moved apart"}
LINK: Names = {
    "beta_down": "VIX points up per 1 % down",
    "beta_up": "VIX points down per 1 % up",
    "tenor_level": "share of a VIX move in the nearest forward",
    "tenor_days": "days until that share is halved",
}
SOURCE: Names = {
    "age": "age of its quotes",
    "fetch_age": "age of its last answer",
    "state": "state",
}

NAMES: Mapping[FigureKind, Names] = MappingProxyType(
    {
        "market": MARKET,
        "position": POSITION,
        "short": SHORT,
        "leg": LEG,
        "breakeven": BREAKEVEN,
        "moved": MOVED,
        "cushion": CUSHION,
        "pace": PACE,
        "contact": CONTACT,
        "total": TOTAL,
        "explained": EXPLAINED,
        "layer": LAYER,
        "yardstick": YARDSTICK,
        "signal": SIGNAL,
        "rule": RULE,
        "payoff": PAYOFF,
        "grid": GRID,
        "link": LINK,
        "source": SOURCE,
    }
)
WHEN: Names = {
    "open": "at the opening",
    "close": "at the previous close",
    "five": "five sessions ago",
}
_SINCE: Names = {
    "open": "since the opening",
    "close": "since the previous close",
    "five": "since five sessions ago",
}


def is_named(figure: Figure) -> bool:
    """Whether there are figures of that name."""
    name = figure.detail if figure.kind in ("yardstick", "rule") else figure.name
    return name in NAMES[figure.kind]


def label_of(figure: Figure) -> str:
    """What the figure is called, without what it belongs to."""
    names = NAMES[figure.kind]
    if figure.kind in ("yardstick", "rule"):
        label = figure.name
        return f"{label}, {names[figure.detail]}" if figure.detail else label
    side = f"{figure.side} " if figure.side else ""
    return f"{side}{names[figure.name]}"


def title_of(figure: Figure) -> str:
    """dec-18: P&L."""
    label = label_of(figure)
    if figure.detail and figure.kind not in ("yardstick", "rule"):
        label = f"{figure.detail} {label}"
    when = when_of(figure)
    if when:
        label = f"{label}, {when}"
    return f"{figure.about}: {label}" if figure.about else label


def when_of(figure: Figure) -> str:
    """The moment in words; empty for now."""
    when, moved = figure.when, figure.kind == "moved"
    if when == "expiry":
        return "at expiry"
    if when.startswith("+"):
        return f"{when} session{'' if when == '+1' else 's'}"
    if when.startswith("step "):
        return f"{'since' if moved else 'after'} trade {when.removeprefix('step ')}"
    return (_SINCE if moved else WHEN).get(when, "")
