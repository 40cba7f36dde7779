"""Daily closes and events from files of their own, outside a market folder."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alvh_tui.instruments.calendar import KNOWN_YEARS, NEW_YORK
from alvh_tui.market.folder_tables import EVENTS_HAVE, EVENTS_NEED, SERIES, events_in, history_in
from alvh_tui.market.table import UnreadableFileError, read_table
from alvh_tui.market.types import Event, History

_END_OF_TIME = datetime(KNOWN_YEARS[-1], 12, 31, tzinfo=NEW_YORK)
_NEEDED = ("date", "spx", "vix")


@dataclass(frozen=True, slots=True, eq=False)
class DailyHistory:
    closes: History
    events: tuple[Event, ...]
    warnings: tuple[str, ...]


def read_daily_history(path: Path, events: Path | None) -> DailyHistory:
    """The closes in that file, and the events in the other one or in an events.csv beside it."""
    table = read_table(path, _NEEDED, ("date", *SERIES))
    closes = history_in(table, _END_OF_TIME)
    if closes is None:
        raise UnreadableFileError(f"{path} has no exchange session in it")
    if events is None:
        beside = path.with_name("events.csv")
        if not beside.is_file():
            return DailyHistory(closes, (), table.faults.said)
        events = beside
    calendar = read_table(events, EVENTS_NEED, EVENTS_HAVE)
    known = events_in(calendar)
    return DailyHistory(closes, known, (*table.faults.said, *calendar.faults.said))
