"""The method over thirty-six years: all signals, both profiles, at the pace it has over eighteen."""

from datetime import date

import numpy as np

from alvh_tui.instruments.calendar import sessions
from alvh_tui.market.types import History
from alvh_tui.method.closes import closes_of
from alvh_tui.method.evidence import evidence
from alvh_tui.method.replay import replay
from alvh_tui.method.replay_json import replay_json
from alvh_tui.method.rules import built_in
from tests.bench.row import Row, fastest

FIRST, LAST = date(1990, 1, 2), date(2026, 8, 21)


def run() -> list[Row]:
    history = _history()
    half = history.until(FIRST + (LAST - FIRST) / 2)
    whole, part = fastest(lambda: _both(history), 3), fastest(lambda: _both(half), 3)
    pace = (part / len(half.days)) / (whole / len(history.days))
    printed = fastest(lambda: _printed(history), 1)
    detail = f"{len(history.days):,} sessions, every row and change"
    return [
        Row("replay of 36 years, all signals, both profiles", whole, "s", 2.0, detail),
        Row("the same with JSON and evidence", printed, "s", None),
        Row("pace over 36 years against 18", pace, "x", 0.67, "1 is linear"),
    ]


def _both(history: History) -> None:
    for profile in ("zones", "ladder"):
        found = replay(closes_of(history), (), built_in(profile))
        for _ in (*found.sessions(), *found.changes()):
            pass


def _printed(history: History) -> None:
    for profile in ("zones", "ladder"):
        found = replay(closes_of(history), (), built_in(profile))
        replay_json(found)
        evidence(found)


def _history() -> History:
    """Every session from 1990 on, with the columns a long history has."""
    days = np.array(sessions(FIRST, LAST), dtype="datetime64[D]")
    random = np.random.default_rng(1990)
    moves = random.normal(0.0003, 0.011, len(days))
    vix = 12.0 + 40.0 * np.abs(np.convolve(np.minimum(moves, 0.0), 0.9 ** np.arange(60))[: len(days)]) ** 0.9
    advances = np.clip(1500.0 + 60_000.0 * moves + random.normal(0.0, 300.0, len(days)), 1.0, 2999.0)
    columns = {
        "spx": 360.0 * np.exp(np.cumsum(moves)),
        "vix": vix,
        "vix9d": vix**1.1 / 18.0**0.1,
        "vix3m": vix**0.8 * 18.0**0.2,
        "vvix": 90.0 * (vix / 18.0) ** 0.4,
        "skew": random.normal(130.0, 6.0, len(days)),
        "advances": advances,
        "declines": 3000.0 - advances,
        "rsp": 25.0 * np.exp(np.cumsum(moves + random.normal(0.0, 0.002, len(days)))),
        "spy": 92.0 * np.exp(np.cumsum(moves)),
        "vnq": 50.0 * np.exp(np.cumsum(0.7 * moves + random.normal(0.0, 0.008, len(days)))),
        "vx1": vix**0.9 * 18.0**0.1,
        "vx2": vix**0.8 * 18.0**0.2,
        "t10y3m": np.cumsum(random.normal(0.0, 0.04, len(days))),
        "dxy": 95.0 * np.exp(np.cumsum(random.normal(0.0, 0.003, len(days)))),
    }
    return History(days, columns)
