"""The header of a market folder: when its quotes were taken, and what else holds for all of them."""

import math
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alvh_tui.instruments.calendar import KNOWN_YEARS, NEW_YORK
from alvh_tui.market.table import plain, shown
from alvh_tui.market.types import FeedUnavailableError, MarketSnapshot

HEADER = "market.toml"
LONGEST_DELAY = timedelta(days=1)
KEYS = ("time", "source", "note", "delay_minutes", "rates")
HIGHEST_RATE = 0.5
"""A risk-free rate above this is a percentage that somebody forgot to divide."""


def read_header(path: Path) -> MarketSnapshot:
    """A snapshot of that moment, still without quotes; FeedUnavailableError where there is no moment."""
    try:
        header = tomllib.loads((path / HEADER).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        reason = "has no market.toml, so it is no market folder" if path.is_dir() else "is not there"
        raise FeedUnavailableError(f"{path} {reason}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FeedUnavailableError(f"{path / HEADER} cannot be read: {plain(str(error))}") from error
    warnings = [f"{HEADER}: {shown(key)} is no key of it, left out" for key in header if key not in KEYS]
    time = _time_in(header, path, warnings)
    rates = header.get("rates", {})
    return MarketSnapshot(
        time=time,
        origin=plain(str(header.get("source", ""))),
        note=plain(str(header.get("note", ""))),
        delay=_delay_in(header, warnings),
        risk_free=_rate_in(rates if isinstance(rates, dict) else {}, warnings),
        warnings=tuple(warnings),
    )


def _time_in(header: dict[str, Any], path: Path, warnings: list[str]) -> datetime:
    time = header.get("time")
    if isinstance(time, str):
        try:
            time = datetime.fromisoformat(time)
        except ValueError:
            time = None
    if not isinstance(time, datetime) or time.year not in KNOWN_YEARS:
        raise FeedUnavailableError(
            f"{path / HEADER} does not say when its quotes were taken; "
            "expected a line such as time = 2026-11-20T15:30:00-05:00"
        )
    if time.tzinfo is None:
        warnings.append(f"{HEADER}: time has no UTC offset, read as New York time")
        return time.replace(tzinfo=NEW_YORK)
    return time.astimezone(NEW_YORK)


def _delay_in(header: dict[str, Any], warnings: list[str]) -> timedelta:
    minutes = header.get("delay_minutes", 0)
    if _is_number(minutes) and 0 <= minutes <= LONGEST_DELAY / timedelta(minutes=1):
        return timedelta(minutes=minutes)
    warnings.append(f"{HEADER}: delay_minutes is no number of minutes from 0 to a day, taken as 0")
    return timedelta(0)


def _rate_in(rates: dict[str, Any], warnings: list[str]) -> float | None:
    rate = rates.get("risk_free")
    if rate is None or (_is_number(rate) and -HIGHEST_RATE < rate < HIGHEST_RATE):
        return None if rate is None else float(rate)
    warnings.append(f"{HEADER}: risk_free is no rate, expected a decimal such as 0.043; taken as unknown")
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
