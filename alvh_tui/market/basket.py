"""A basket of liquid shares, and how many of them rose and fell: breadth where no exchange tells it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from alvh_tui.instruments.calendar import is_session, previous_session
from alvh_tui.market.types import History

if TYPE_CHECKING:
    from alvh_tui.market.types import Column

LEAST_COUNTED = 0.6
"""Share of the basket that must be counted for a session to say anything."""
LARGEST_MOVE = 0.4
"""A close further than this from the one before is a split that has come through on one side only."""


@dataclass(frozen=True, slots=True)
class Member:
    symbol: str
    """As Yahoo writes it."""
    sector: str


@cache
def basket() -> tuple[Member, ...]:
    """The one that ships: large names, several from every sector, so that no one sector is the line."""
    table = (files("alvh_tui.market") / "data" / "basket.csv").read_text(encoding="utf-8")
    return tuple(Member(row["symbol"], row["sector"]) for row in csv.DictReader(table.splitlines()))


def count_breadth(closes: Mapping[str, Mapping[date, float]]) -> History:
    """Of shares' daily closes by symbol: how many rose and fell against the session right before.

    The columns are `basket_advances` and `basket_declines`; both are unknown in a session for which too few
    shares have this close and the one before.
    """
    import numpy as np

    days = sorted({day for found in closes.values() for day in found if is_session(day)})
    rose, fell = np.full(len(days), np.nan), np.full(len(days), np.nan)
    least = max(LEAST_COUNTED * len(closes), 1.0)
    for row, day in enumerate(days):
        moves = _moves(closes, day)
        if len(moves) >= least:
            rose[row] = sum(move > 0.0 for move in moves)
            fell[row] = sum(move < 0.0 for move in moves)
    series: dict[str, Column] = {"basket_advances": rose, "basket_declines": fell}
    return History(np.array(days, dtype="datetime64[D]"), series)


def _moves(closes: Mapping[str, Mapping[date, float]], day: date) -> list[float]:
    before = previous_session(day)
    pairs = [(found[day], found[before]) for found in closes.values() if day in found and before in found]
    moves = [now / then - 1.0 for now, then in pairs if now > 0.0 and then > 0.0]
    return [move for move in moves if abs(move) <= LARGEST_MOVE]
