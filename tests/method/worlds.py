"""Histories to measure: made by hand, made by chance, and real ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from alvh_tui.cli.histories import DailyHistory, read_daily_history
from alvh_tui.instruments.calendar import add_sessions, sessions
from alvh_tui.market.types import History
from alvh_tui.method.closes import Closes, closes_of
from alvh_tui.method.measure import Measured
from alvh_tui.method.rules import Rules, built_in, make_rules
from alvh_tui.method.settings import Value
from alvh_tui.method.signal import Track
from alvh_tui.method.signals import units
from alvh_tui.method.verdict import NO, UNKNOWN, YES

FIRST = date(2019, 1, 2)
EPISODES = Path(__file__).resolve().parent.parent / "data" / "episodes"

ZONES, LADDER = built_in("zones"), built_in("ladder")


def rules_with(changes: Mapping[str, Value], base: Rules = ZONES) -> Rules:
    return make_rules("changed", {**base.values, **changes}, {})


def history(columns: Mapping[str, Sequence[float]], first: date = FIRST) -> History:
    """One row a session from the first on; what a shorter column does not reach is unknown."""
    count = max(len(column) for column in columns.values())
    days = sessions(first, add_sessions(first, count))[:count]
    series = {
        name: np.array([*column, *[np.nan] * (count - len(column))]) for name, column in columns.items()
    }
    return History(np.array(days, dtype="datetime64[D]"), series)


def closes(columns: Mapping[str, Sequence[float]], first: date = FIRST) -> Closes:
    return closes_of(history(columns, first))


def episode(name: str) -> DailyHistory:
    return read_daily_history(EPISODES / f"{name}.csv", None)


_LETTERS = {"y": YES, "n": NO, "?": UNKNOWN}


def measured(
    vix: Sequence[float], rules: Rules = ZONES, *, provisional: bool = False, **said: str
) -> Measured:
    """Signals that say what they are told: macd_vix="nny?" is no, no, yes, unknown; the others say no."""
    found = closes({"vix": vix, "spx": [100.0] * len(vix)})
    found = Closes(found.days, found.series, provisional)
    spoken = {name.replace("_", "."): text for name, text in said.items()}
    silence = "n" * len(vix)
    tracks = {name: _track(name, spoken.get(name.replace("-", "."), silence), spoken) for name in units()}
    return Measured(found, rules, tracks)


def _track(name: str, text: str, said: Mapping[str, str]) -> Track:
    verdict = np.array([_LETTERS[letter] for letter in text], dtype=np.int8)
    reading = np.where(verdict == UNKNOWN, np.nan, verdict.astype(float))
    crossing = said.get("crossing", text) if name == "vix.rsi" else ""
    return Track(reading, verdict, 0.5, crossing=np.array([letter == "y" for letter in crossing]))


@st.composite
def chance_histories(draw: st.DrawFn, longest: int = 130) -> History:
    """An index that walks, a VIX that answers, shares that go with it, and closes that are missing."""
    count = draw(st.integers(1, longest))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = random.normal(0.0, 0.012, count)
    vix = np.exp(np.log(19.0) + np.cumsum(-6.0 * moves + random.normal(0.0, 0.03, count)) * 0.8)
    advances = np.clip(1500.0 + 60_000.0 * moves + random.normal(0.0, 300.0, count), 1.0, 2999.0)
    columns = {
        "spx": 4000.0 * np.exp(np.cumsum(moves)),
        "vix": np.clip(vix, 9.0, 90.0),
        "vix3m": np.clip(vix, 9.0, 90.0) ** 0.8 * 19.0**0.2,
        "skew": random.normal(130.0, 5.0, count),
        "advances": advances,
        "declines": 3000.0 - advances,
        "rsp": 100.0 * np.exp(np.cumsum(moves + random.normal(0.0, 0.003, count))),
        "spy": 400.0 * np.exp(np.cumsum(moves)),
    }
    gaps = draw(st.floats(0.0, 0.1))
    for name in draw(st.sets(st.sampled_from(sorted(columns)), max_size=4)):
        columns[name][random.random(count) < gaps] = np.nan
    return history({name: column.tolist() for name, column in columns.items()})
