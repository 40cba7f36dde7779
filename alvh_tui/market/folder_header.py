"""The header of a market folder: when its quotes were taken, and what else holds for all of them."""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alvh_tui.instruments.calendar import KNOWN_YEARS, NEW_YORK
from alvh_tui.market.table import plain
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot
from alvh_tui.toml.document import Document, read_file
from alvh_tui.toml.text import described, quoted

HEADER = "market.toml"
KEYS = ("time", "source", "note", "delay_minutes", "rates")
LONGEST_DELAY = timedelta(days=1)
HIGHEST_RATE = 0.5
"""A risk-free rate above this is a percentage that somebody forgot to divide."""


def read_header(path: Path) -> MarketSnapshot:
    """A snapshot of that moment, still without quotes; FeedUnavailableError where there is no moment."""
    if not path.exists():
        raise FeedUnavailableError(f"{path} is not there; expected a market folder")
    if not (path / HEADER).exists():
        raise FeedUnavailableError(f"{path} has no {HEADER}, so it is no market folder")
    header = _Header(read_file(path / HEADER))
    time = header.time()
    if time is None:
        reason = header.warnings[0] if header.warnings else "it has no time"
        raise FeedUnavailableError(
            f"{path} does not say when its quotes were taken ({reason}); "
            f"expected a line such as time = 2026-11-20T15:30:00-05:00 in its {HEADER}"
        )
    return MarketSnapshot(
        time=time,
        origin=header.text("source"),
        note=header.text("note"),
        delay=header.delay(),
        risk_free=header.risk_free(),
        warnings=tuple(header.warnings),
    )


@dataclass(slots=True)
class _Header:
    document: Document
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for problem in self.document.problems:
            self.warnings.append(f"{HEADER}:{problem.line}: {problem.what}, {problem.expected}")
        for key in self.document.data:
            if key not in KEYS:
                self._warn((key,), f"{quoted(key)} is no key of it, left out")

    def time(self) -> datetime | None:
        value = self.document.data.get("time")
        try:
            time = datetime.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            time = None
        if not isinstance(time, datetime) or time.year not in KNOWN_YEARS:
            if value is not None:
                self._warn(("time",), f"time is {described(value)}")
            return None
        if time.tzinfo is None:
            self._warn(("time",), "time has no UTC offset, read as New York time")
            return time.replace(tzinfo=NEW_YORK)
        return time.astimezone(NEW_YORK)

    def text(self, key: str) -> str:
        value = self.document.data.get(key, "")
        return plain(value if isinstance(value, str) else described(value))

    def delay(self) -> timedelta:
        minutes = self.document.data.get("delay_minutes", 0)
        if _is_number(minutes) and 0 <= minutes <= LONGEST_DELAY / timedelta(minutes=1):
            return timedelta(minutes=minutes)
        self._warn(("delay_minutes",), "delay_minutes is no number of minutes from 0 to a day, taken as 0")
        return timedelta(0)

    def risk_free(self) -> float | None:
        rates = self.document.data.get("rates")
        rate = rates.get("risk_free") if isinstance(rates, dict) else rates
        if rate is None or (_is_number(rate) and -HIGHEST_RATE < rate < HIGHEST_RATE):
            return None if rate is None else float(rate)
        where = ("rates", "risk_free") if isinstance(rates, dict) else ("rates",)
        self._warn(where, "risk_free is no decimal such as 0.043, taken as unknown")
        return None

    def _warn(self, path: tuple[str, ...], what: str) -> None:
        self.warnings.append(f"{HEADER}:{self.document.line(path)}: {what}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
