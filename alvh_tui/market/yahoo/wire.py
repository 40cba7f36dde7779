"""The only module that calls yfinance: one operation each for quotes, a chain, daily closes and events."""

import logging
import math
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from urllib.parse import quote as in_url

import yfinance  # type: ignore[import-untyped,unused-ignore]
from peewee import PeeweeException  # type: ignore[import-untyped,unused-ignore]
from yfinance.data import YfData  # type: ignore[import-untyped,unused-ignore]
from yfinance.exceptions import YFException  # type: ignore[import-untyped,unused-ignore]

from alvh_tui.market.yahoo.faults import Fault, FetchFailedError
from alvh_tui.market.yahoo.session import Operation, PoliteSession

QUOTES_AT = "https://query1.finance.yahoo.com/v7/finance/quote"
CHAIN_AT = "https://query2.finance.yahoo.com/v7/finance/options"
ZONE = "America/New_York"

Answer = TypeVar("Answer")

LEAKED = (
    YFException,
    PeeweeException,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
)
"""What yfinance has been seen to raise over a bad answer; curl's errors are OSErrors, JSON's ValueErrors."""


class Wire:
    """yfinance behind one session; its own small caches lie in a folder of ours."""

    def __init__(self, session: PoliteSession, folder: Path) -> None:
        quiet()
        self._temporary: TemporaryDirectory[str] | None = None
        if not _can_write(folder):
            # Without its caches yfinance would ask for cookie and time zone again and again.
            self._temporary = TemporaryDirectory(prefix="alvh-")
            folder = Path(self._temporary.name)
        yfinance.set_tz_cache_location(str(folder))
        yfinance.config.debug.hide_exceptions = False
        yfinance.config.network.retries = 0
        self._session = session
        self._data = YfData(session=session)
        self.server_time: datetime | None = None
        """What the last answer said the time was."""

    def close(self) -> None:
        self._session.close()
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def counts(self) -> Mapping[str, int]:
        """Requests sent, by what for."""
        return dict(self._session.counts)

    def quotes(self, symbols: Sequence[str]) -> Any:
        """One request for all of them."""
        return self._ask(
            "quotes", lambda: self._data.get_raw_json(QUOTES_AT, params={"symbols": ",".join(symbols)})
        )

    def chain(self, symbol: str, epoch: int | None) -> Any:
        """The options of one expiry, and the list of all expiries; without an epoch the nearest one."""
        address = f"{CHAIN_AT}/{in_url(symbol)}"
        params = {} if epoch is None else {"date": epoch}
        return self._ask(f"chain {symbol}", lambda: self._data.get_raw_json(address, params=params))

    def closes(self, symbol: str, period: str) -> list[tuple[date, float]]:
        """Daily closes as they were, not adjusted for dividends."""

        def ask() -> list[tuple[date, float]]:
            # Knowing the zone, yfinance does not ask for it first.
            yfinance.cache.get_tz_cache().store(symbol, ZONE)
            ticker = yfinance.Ticker(symbol, session=self._session)
            frame = ticker.history(period=period, interval="1d", auto_adjust=False, actions=False)
            rows = zip(frame.index, frame["Close"].tolist(), strict=True)
            return [(stamp.date(), float(close)) for stamp, close in rows if _is_price(close)]

        found = self._ask("history", ask)
        if not found:
            raise FetchFailedError(Fault.BAD_ANSWER, "an empty history")
        return found

    def events(self, first: date, last: date) -> list[dict[str, Any]]:
        """Economic releases of all countries, a row each."""

        def ask() -> list[dict[str, Any]]:
            calendars = yfinance.Calendars(start=str(first), end=str(last), session=self._session)
            frame = calendars.get_economic_events_calendar(limit=100)
            rows: list[dict[str, Any]] = frame.reset_index().to_dict("records")
            return rows

        return self._ask("events", ask)

    def _ask(self, name: str, question: Callable[[], Answer]) -> Answer:
        # There is one YfData in a process, and whoever was last to name a session has it.
        YfData(session=self._session)
        with self._session.operation(name) as operation:
            try:
                return question()
            except LEAKED as error:
                raise operation.failure(error) from error
            finally:
                self._note_time(operation)

    def _note_time(self, operation: Operation) -> None:
        if operation.server_time is not None:
            self.server_time = operation.server_time


def _can_write(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


def _is_price(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def quiet() -> None:
    """yfinance logs to the terminal and pandas warns there; neither may write over a screen."""
    logger = logging.getLogger("yfinance")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
    for category in (DeprecationWarning, FutureWarning, UserWarning):
        warnings.filterwarnings("ignore", category=category, module=r"^yfinance")
