"""Words and signs that several panels and pages share."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from alvh_tui.figures import number
from alvh_tui.method.attention import Severity
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, width_of
from alvh_tui.screens.shown import Look
from alvh_tui.toml.text import printable

TRIGGERS = {
    TriggerState.IDLE: "○ idle",
    TriggerState.WATCH: "◔ watch",
    TriggerState.TRIGGERED: "▲ triggered",
    TriggerState.RELEASE: "▽ release",
}
NOT_KNOWN = "? unknown"
SEVERITIES = {
    Severity.ACT: ("▲", Role.ACT),
    Severity.SOON: ("●", Role.WATCH),
    Severity.KNOW: ("·", Role.LABEL),
}
VERDICTS = {Verdict.YES: "● yes", Verdict.NO: "○ no", Verdict.UNKNOWN: NOT_KNOWN}
_AGAINST = {
    "breadth.divergence": "≥",
    "breadth.realigned": "<",
    "condor.delta-band": "",
    "condor.entry-vix": "<",
    "condor.irr": "≥",
    "condor.short-put-itm": "<",
    "condor.tenor": "",
    "condor.vega-bias": "",
    "condor.wings": "",
    "events.window": "≤",
    "macro.correlation": "≥",
    "vix.disconnect": "±",
    "vix.level": "→",
}
"""How a reading is held against its threshold; above it where nothing is said here."""
_CONDOR_WARNS = frozenset(("condor.short-put-itm", "condor.pcf"))
_NEITHER = frozenset(("condor.theta-burn",))
_LAYER_RULES = {"release": "≤", "zone": "≥", "watch": "≥", "passed": "≥"}
_NOTHING_AGAINST = frozenset(("early-momentum", "early-rsi", "tolerated"))
_NUMBER = r"[+−-]?\d(?:[\d,]*\d)?(?:\.\d+)?"
_AMOUNTS = re.compile(
    rf"{_NUMBER}(?= \$)"
    r"|\d[\d,]*(?: of \d[\d,]*(?:–\d[\d,]*)?)?(?= (?:held|contracts?|more|fewer)\b| × )"
    r"|\d+ of \d+(?= (?:on the|lots|put|call)\b)"
    r"|(?<![\w.])[+-]\d+(?= [A-Z])"
    r"|(?P<of>\b(?:delta|gamma|vega|theta|fees|net liquidation value|cash) )"
    rf"{_NUMBER}(?:(?P<to> → ){_NUMBER})?"
)
"""Dollars, contracts, quantities of legs, Greeks of what is held, and what the account holds."""
_ISO = re.compile(r"\b(\d{4}-\d\d-\d\d)\b")
_OPTION = re.compile(
    r"(?P<root>\S+) (?P<day>\d{4}-\d\d-\d\d) (?P<one>[\d.]+)(?P<right>[CP])(?:/(?P<two>[\d.]+)[CP])?"
)
_FAR = 330
"""Days ahead from which on a month alone may be taken for another year's."""


def against(rule: str, threshold: float | None) -> str:
    """≥17, <0.5: what a reading is held against; empty where there is nothing."""
    if threshold is None:
        return ""
    return f"{_sign_of(rule)}{number(threshold, _digits(threshold))}"


def _sign_of(rule: str) -> str:
    layer, _, own = rule.partition(".")
    if layer in ("L1", "L2", "L3", "SE"):
        return "" if own in _NOTHING_AGAINST else _LAYER_RULES.get(own, "")
    return _AGAINST.get(rule, ">")


def _digits(value: float) -> int:
    """As many as the number has, two at most."""
    return next((digits for digits in (0, 1) if abs(round(value, digits) - value) < 1e-9), 2)


def verdict_role(rule: str, verdict: Verdict) -> Role:
    """Trouble is to be watched, that all is well is calm; that there is no trouble is worth no colour."""
    if verdict is Verdict.UNKNOWN:
        return Role.DOUBT
    if rule in _NEITHER:
        return Role.PLAIN
    met = verdict is Verdict.YES
    if rule.startswith("condor.") and rule not in _CONDOR_WARNS:
        return Role.CALM if met else Role.WATCH
    if not met:
        return Role.LABEL
    unit = units().get(rule)
    return Role.WATCH if unit is None or unit.warns else Role.CALM


def short_day(day: date, today: date) -> str:
    """Nov 18, and Nov 18 2027 where the month alone could be taken for another."""
    text = f"{day:%b} {day.day}"
    return text if abs((day - today).days) < _FAR else f"{text} {day.year}"


def with_short_days(text: str, today: date) -> str:
    """VIX 2026-12-16 22C/32C as VIX Dec 16 22C/32C."""
    return _ISO.sub(lambda found: short_day(date.fromisoformat(found[1]), today), text)


def instrument_in_words(name: str, count: int, today: date) -> str:
    """VIX Dec 16 22/32 call spreads."""
    found = _OPTION.fullmatch(name)
    if found is None:
        return with_short_days(name, today)
    day = short_day(date.fromisoformat(found["day"]), today)
    kind = "call" if found["right"] == "C" else "put"
    strikes, noun = found["one"], kind
    if found["two"]:
        strikes, noun = f"{found['one']}/{found['two']}", f"{kind} spread"
    return f"{found['root']} {day} {strikes} {noun}{'' if count == 1 else 's'}"


def without_amounts(text: str) -> str:
    """Every number that tells how much is held or earned, hidden."""
    return _AMOUNTS.sub(_hidden, text)


def shielded(text: str, look: Look) -> str:
    """Foreign text as the user wants it seen."""
    return printable(without_amounts(text) if look.private else text)


def _hidden(found: re.Match[str]) -> str:
    before, to = found["of"] or "", found["to"] or ""
    return f"{before}{HIDDEN}{to}{HIDDEN if to else ''}"


def flowed(
    key: str,
    parts: Iterable[Span],
    width: int,
    *,
    lead: Sequence[Span] = (),
    indent: int = 0,
    opens: Opens | None = None,
) -> Iterator[Row]:
    """Rows of whole words behind a lead; a figure is never broken. Later rows begin under the first one."""
    line: list[Span] = list(lead) or [Span(" " * indent)]
    begins = sum(width_of(span.text) for span in line)
    used, empty, nth = begins, True, 0
    for word in _words(parts):
        length = sum(width_of(span.text) for span in word)
        if not empty and used + 1 + length > width:
            yield Row(f"{key} {nth}" if nth else key, cut(line, width), opens)
            nth, line, used, empty = nth + 1, [Span(" " * begins)], begins, True
        if not empty:
            line.append(Span(" "))
            used += 1
        line += word
        used += length
        empty = False
    if not empty or lead:
        yield Row(f"{key} {nth}" if nth else key, cut(line, width), opens)


def _words(parts: Iterable[Span]) -> Iterator[list[Span]]:
    word: list[Span] = []
    for span in parts:
        pieces = (span.text,) if span.figure is not None else re.split("( )", span.text)
        for piece in pieces:
            if piece == " ":
                if word:
                    yield word
                word = []
            elif piece:
                word.append(span if piece == span.text else replace(span, text=piece))
    if word:
        yield word
