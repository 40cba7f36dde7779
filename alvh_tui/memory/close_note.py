"""The line a trader writes at the close, drafted: P&L, delta, theta, sigma of each side, action or none."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Draft, Entry, entries_in
from alvh_tui.memory.facts import moment_facts, only, standing_facts


def close_notes(connection: sqlite3.Connection, assessment: Assessment, session: date) -> Iterator[Draft]:
    """One for each condor still held."""
    standing, about = standing_facts(assessment), moment_facts(assessment)
    traded = [entry for entry in entries_in(connection) if entry.kind == "position"]
    for held in assessment.positions:
        if held.figures.kind != "condor" or not held.figures.legs:
            continue
        name = held.figures.position.id
        text = f"{session.isoformat()} {_figures(held)}; {_action(traded, name, session)}"
        facts = {**about, "after": only(standing, name), "session": session.isoformat(), "draft": True}
        yield Draft(assessment.at, "close", name, text, facts, once=session.isoformat())


def _figures(held: PositionAssessment) -> str:
    figures, greeks = held.figures, held.figures.greeks
    shorts = sorted(figures.shorts, key=lambda short: short.strike)
    sigmas = [f"{short.strike:g}{short.right} {number(short.distance_moves, 2)}σ" for short in shorts]
    share = percent(figures.pnl_pct_credit, signed=True)
    delta, theta = (None, None) if greeks is None else (greeks.delta, greeks.theta)
    return ", ".join(
        (
            f"P&L {number(figures.pnl, signed=True)} $ ({share} of credit)",
            f"delta {number(delta, 1, signed=True)}",
            f"theta {number(theta, signed=True)}",
            *sigmas,
        )
    )


def _action(entries: Iterable[Entry], name: str, session: date) -> str:
    """What was traded in it that session, by the file's own dates where it gives them."""
    done = [
        entry.text
        for entry in entries
        if entry.about == name and _day_of(entry) == session and entry.facts["change"]["event"] != "changed"
    ]
    return "; ".join(done) or "no action"


def _day_of(entry: Entry) -> date:
    told = entry.facts.get("on")
    return entry.at.astimezone(NEW_YORK).date() if told is None else date.fromisoformat(told)
