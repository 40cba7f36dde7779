"""What an assessment may know of earlier sessions, read back from the file."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from alvh_tui.assess import Assessment, Past
from alvh_tui.book.model import Book, Condor
from alvh_tui.instruments.calendar import NEW_YORK, trading_ends
from alvh_tui.memory import kept
from alvh_tui.memory.codec import Floats
from alvh_tui.memory.history import closing_in, lines_in
from alvh_tui.memory.points import session_of
from alvh_tui.risk.breakevens import KINDS, BreakevenKind
from alvh_tui.risk.explain import LegMoment, Moment, moment_of
from alvh_tui.risk.positions import axis_unit
from alvh_tui.risk.travel import Recorded, Standing

MOMENTS_KEPT = 10
SPX = "market.spx"
_ONE_DAY = timedelta(days=1)


def keep_moment(connection: sqlite3.Connection, assessment: Assessment) -> None:
    """Every leg as it is now; the last of a session is what the next one's P&L is explained from."""
    session = session_of(assessment)
    moment = moment_of(assessment.valuation)
    legs = {
        contract.symbol: [leg.value, leg.vol, leg.level, leg.delta, leg.gamma, leg.vega, leg.theta]
        for contract, leg in moment.legs.items()
    }
    at = min(moment.at, trading_ends(session))
    body = json.dumps(kept.finite({"at": at.isoformat(), "legs": legs}), allow_nan=False)
    connection.execute("INSERT OR REPLACE INTO moment (day, body) VALUES (?, ?)", (session.toordinal(), body))
    connection.execute(
        "DELETE FROM moment WHERE day NOT IN (SELECT day FROM moment ORDER BY day DESC LIMIT ?)",
        (MOMENTS_KEPT,),
    )


def recall_in(connection: sqlite3.Connection, book: Book, session: date) -> Past:
    """As of the beginning of that session."""
    return Past(_moment_before(connection, book, session), _recorded(connection, book, session))


def _moment_before(connection: sqlite3.Connection, book: Book, session: date) -> Moment | None:
    row = connection.execute(
        "SELECT body FROM moment WHERE day < ? ORDER BY day DESC LIMIT 1", (session.toordinal(),)
    ).fetchone()
    if row is None:
        return None
    then = json.loads(row[0])
    legs = {
        contract: LegMoment(*then["legs"][contract.symbol])
        for contract in book.contracts
        if contract.symbol in then["legs"]
    }
    return Moment(datetime.fromisoformat(then["at"]), legs)


def _recorded(connection: sqlite3.Connection, book: Book, session: date) -> Mapping[str, Recorded]:
    condors = [condor for condor in book.condors if condor.open_legs and condor.opened_on < session]
    if not condors:
        return {}
    names = [SPX, *(name for condor in condors for name in _names(condor))]
    column = {name: place for place, name in enumerate(names)}
    first = min(condor.opened_on for condor in condors)
    closing = closing_in(connection, names, first, session - _ONE_DAY)
    days: Sequence[date] = closing.days.tolist()
    found = {}
    for condor in condors:
        places = [column[name] for name in (SPX, *_names(condor))]
        closes = {
            day: standing
            for day, row in zip(days, closing.values[:, places], strict=True)
            if (standing := _standing(condor, day, row)) is not None
        }
        entry = _entry(connection, condor) if condor.opened_on in closes else None
        found[condor.id] = Recorded(closes, entry)
    return found


def _names(condor: Condor) -> list[str]:
    return [f"condor.{condor.id}.{kind}.{side}" for kind in KINDS for side in ("low", "high")]


def _standing(condor: Condor, day: date, row: Floats) -> Standing | None:
    """None where nothing of the condor was known."""
    figures = [None if np.isnan(figure) else float(figure) for figure in row]
    if all(figure is None for figure in figures[1:]):
        return None
    sides = iter(figures[1:])
    kinds: dict[BreakevenKind, tuple[float | None, float | None]] = {
        kind: (next(sides), next(sides)) for kind in KINDS
    }
    spot = None if figures[0] is None else figures[0] * axis_unit(condor)
    return Standing(day, spot, kinds)


def _entry(connection: sqlite3.Connection, condor: Condor) -> Standing | None:
    """The first that was seen of it in the session it was opened in."""
    opens = datetime.combine(condor.opened_on, time(), NEW_YORK)
    names = [SPX, *_names(condor)]
    lines = lines_in(connection, names, opens, opens + _ONE_DAY)
    first = min((line.times[0] for line in list(lines.values())[1:] if len(line.times)), default=None)
    if first is None:
        return None
    row = [
        next(
            (value for second, value in zip(line.times, line.values, strict=True) if second == first), np.nan
        )
        for line in lines.values()
    ]
    return _standing(condor, condor.opened_on, np.array(row, dtype=np.float64))
