"""The calendar of events: dates that ship with the program, and a user's own on top of them."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from alvh_tui.market.types import Event


@dataclass(frozen=True, slots=True)
class ShippedDate:
    """A date that ships with the program, and how sure it is."""

    event: Event
    confirmed: bool
    source: str


@cache
def shipped() -> tuple[ShippedDate, ...]:
    """In the order of the dates."""
    table = (files("alvh_tui.method") / "data" / "events.csv").read_text(encoding="utf-8")
    return tuple(_shipped(row) for row in csv.DictReader(table.splitlines()))


def _shipped(row: dict[str, str]) -> ShippedDate:
    confirmed = row["confirmed"] == "yes"
    note = row["source"] if confirmed else f"{row['source']}; not confirmed"
    return ShippedDate(
        Event(date.fromisoformat(row["date"]), row["event"], row["time_et"] or None, note=note),
        confirmed,
        row["source"],
    )


def calendar_of(own: Sequence[Event]) -> tuple[Event, ...]:
    """The user's events; of what ships, only the events and months of which the user's say nothing."""
    return _calendar(tuple(own))


@lru_cache(maxsize=16)
def _calendar(own: tuple[Event, ...]) -> tuple[Event, ...]:
    told = {_month(event) for event in own}
    ours = (date.event for date in shipped() if _month(date.event) not in told)
    return tuple(sorted((*own, *ours), key=lambda event: (event.on, event.at or "", event.name)))


def events_named(events: Iterable[Event], name: str) -> list[Event]:
    """The events of that name, in whichever letters, in the order of their dates."""
    wanted = _plain(name)
    return sorted((event for event in events if _plain(event.name) == wanted), key=lambda event: event.on)


def _month(event: Event) -> tuple[str, int, int]:
    return _plain(event.name), event.on.year, event.on.month


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.casefold().replace(" ", "-")
