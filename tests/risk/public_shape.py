"""Contract §4 as a table, and what an answer lacks of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

Check = Callable[[Any], bool]


def number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def text(value: Any) -> bool:
    return isinstance(value, str)


def yes_or_no(value: Any) -> bool:
    return isinstance(value, bool)


def moment(value: Any) -> bool:
    return text(value) and datetime.fromisoformat(value).utcoffset() is not None


def day(value: Any) -> bool:
    return text(value) and date.fromisoformat(value) is not None


def one_of(*names: str) -> Check:
    return lambda value: value in names


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def two(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(or_null(number), value))


VERDICT = one_of("yes", "no", "unknown")
MAYBE = or_null(number)
RULE = {"id": text, "reading": MAYBE, "threshold": MAYBE, "verdict": VERDICT}
KINDS = ("expiry", "expiry_hedge_cost", "expiry_hedged", "today", "today_path", "today_hedged")
SIDES = dict.fromkeys(KINDS, two)
CONTRACT: dict[str, Any] = {
    "schema": lambda value: value == 1,
    "time": moment,
    "book": {"path": text, "name": text, "rules": {"name": text, "fingerprint": text}},
    "market": {
        "time": moment,
        "session": one_of("open", "pre", "post", "closed", "holiday"),
        "spot": MAYBE,
        "vix": MAYBE,
        "sources": [
            {
                "name": text,
                "state": one_of("fresh", "delayed", "stale", "failed"),
                "quote_age_s": MAYBE,
                "fetch_age_s": MAYBE,
                "error": or_null(text),
            }
        ],
    },
    "link": {
        "beta_down": number,
        "beta_up": number,
        "tenor_level": number,
        "tenor_days": number,
        "from": one_of("history", "rules", "default"),
    },
    "forwards": [
        {
            "root": text,
            "expiry": day,
            "settles": moment,
            "years": number,
            "forward": MAYBE,
            "discount": MAYBE,
            "strikes_used": whole,
            "from": or_null(one_of("parity", "carry", "quote")),
        }
    ],
    "positions": [
        {
            "id": text,
            "kind": one_of("condor", "hedge"),
            "layer": or_null(one_of("L1", "L2", "L3", "SE")),
            "contracts": whole,
            "dte": or_null(whole),
            "mark": MAYBE,
            "pnl": MAYBE,
            "pnl_pct_credit": MAYBE,
            "credit": MAYBE,
            "max_profit": MAYBE,
            "max_loss": MAYBE,
            "margin": MAYBE,
            "greeks": dict.fromkeys(("delta", "gamma", "vega", "theta", "rho"), MAYBE),
            "shorts": [
                {
                    "strike": number,
                    "type": one_of("C", "P"),
                    **dict.fromkeys(
                        ("delta", "distance", "distance_pct", "distance_em", "p_beyond", "p_touch"), MAYBE
                    ),
                }
            ],
            "breakevens": (SIDES,),
            "migration": (
                {
                    "since_open": {"expiry": two, "today": or_null(two)},
                    "cushion": two,
                    "pace": or_null(two),
                    "sessions_to_contact": or_null(two),
                },
            ),
            "legs": [
                {
                    "symbol": text,
                    "quantity": whole,
                    "mark_from": one_of("mid", "model", "last", "none", "settled"),
                    **dict.fromkeys(
                        ("bid", "ask", "mark", "quote_age_s", "iv", "delta", "gamma", "vega", "theta"), MAYBE
                    ),
                }
            ],
            "rules": [{**RULE, "note": or_null(text)}],
        }
    ],
    "totals": {
        "pnl": MAYBE,
        "greeks": dict.fromkeys(("spx_delta", "spx_delta_hedged", "gamma", "vega", "theta"), MAYBE),
        "hedge_vix_dollars": MAYBE,
        "vega_coverage": MAYBE,
        "net_theta": MAYBE,
        "hedge_cost_pct_credit": MAYBE,
        "complete": yes_or_no,
    },
    "signals": [{**RULE, "since": or_null(day), "provisional": yes_or_no}],
    "layers": [
        {
            "id": one_of("L1", "L2", "L3", "SE"),
            "trigger": or_null(one_of("idle", "watch", "triggered", "release")),
            "holding": or_null(one_of("none", "partial", "covered", "over")),
            "action": one_of("none", "prepare", "add", "hold", "trim", "roll", "unwind"),
            "since": or_null(day),
            "rules": [RULE],
            "next_trigger": ({"vix": number, "distance": MAYBE},),
            "held_contracts": number,
            "target_contracts": or_null(two),
            "binding": or_null(text),
            "yardsticks": [{"id": text, "reading": MAYBE, "low": MAYBE, "high": MAYBE}],
        }
    ],
    "advice": {
        "shrink": {"verdict": VERDICT, "rules": [RULE]},
        "attention": [{"severity": whole, "position": or_null(text), "text": text, "rule": or_null(text)}],
    },
    "warnings": [text],
}
"""Contract §4 as a table: a list stands for any number of its one item, a tuple of one for that or null."""


def faults(found: Any, wanted: Any, where: str = "$") -> Iterator[str]:
    if isinstance(wanted, tuple):
        if found is not None:
            yield from faults(found, wanted[0], where)
    elif isinstance(wanted, Mapping):
        for key, inner in wanted.items():
            if not isinstance(found, Mapping) or key not in found:
                yield f"{where}.{key} is missing"
            else:
                yield from faults(found[key], inner, f"{where}.{key}")
    elif isinstance(wanted, list):
        if not isinstance(found, list):
            yield f"{where} is no list"
        else:
            for row, item in enumerate(found):
                yield from faults(item, wanted[0], f"{where}[{row}]")
    elif not wanted(found):
        yield f"{where} is {found!r}"
