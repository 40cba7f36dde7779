"""Six real episodes, their closes in tests/data/episodes: which layer triggered when, and by which rules."""

from datetime import date

import pytest

from alvh_tui.method.closes import closes_of
from alvh_tui.method.replay import replay
from alvh_tui.method.rules import built_in
from tests.method.worlds import episode

Triggered = list[tuple[str, str, set[str]]]

ZONES: dict[str, tuple[str, str, Triggered]] = {
    "2008-autumn": (
        "2008-08-01",
        "2008-11-28",
        [
            ("2008-09-04", "L2", {"L2.zone", "macd.vix", "vol.acceleration"}),
            ("2008-09-15", "L3", {"L3.zone"}),
        ],
    ),
    "2011-august": (
        "2011-07-01",
        "2011-09-30",
        [
            ("2011-07-14", "L1", {"L1.zone", "vix.rsi", "macd.vix"}),
            ("2011-07-29", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure"}),
            ("2011-08-04", "L3", {"L3.zone"}),
        ],
    ),
    "2018-february": (
        "2018-01-02",
        "2018-02-28",
        [
            (
                "2018-01-16",
                "L1",
                {"L1.early-momentum", "L1.early-rsi", "macd.vix", "vix.rsi", "breadth.divergence"},
            ),
            ("2018-01-29", "L1", {"L1.early-rsi", "vix.rsi", "breadth.divergence"}),
            ("2018-02-05", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure"}),
            ("2018-02-05", "L3", {"L3.zone"}),
        ],
    ),
    "2020-march": (
        "2020-01-15",
        "2020-04-30",
        [
            ("2020-01-27", "L1", {"L1.zone", "vix.rsi", "macd.vix"}),
            ("2020-02-21", "L1", {"L1.zone", "macd.vix", "skew.etf"}),
            ("2020-02-24", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure", "skew.etf"}),
            ("2020-02-27", "L3", {"L3.zone"}),
        ],
    ),
    "2024-august": (
        "2024-07-01",
        "2024-08-30",
        [
            ("2024-07-08", "L1", {"L1.early-momentum", "macd.vix", "breadth.divergence"}),
            ("2024-07-24", "L1", {"L1.zone", "vix.rsi", "macd.vix"}),
            ("2024-08-05", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure"}),
            ("2024-08-05", "L3", {"L3.zone"}),
        ],
    ),
    "2025-april": (
        "2025-02-18",
        "2025-05-15",
        [
            ("2025-02-21", "L1", {"L1.zone", "macd.vix", "skew.etf"}),
            ("2025-03-06", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure"}),
            ("2025-04-03", "L2", {"L2.zone", "vix.rsi", "macd.vix", "term.structure"}),
            ("2025-04-03", "L3", {"L3.zone"}),
        ],
    ),
}

LADDER: dict[str, list[tuple[str, str]]] = {
    "2008-autumn": [("2008-09-04", "L2"), ("2008-09-15", "L3")],
    "2011-august": [("2011-07-11", "L1"), ("2011-07-27", "L2"), ("2011-08-04", "L3")],
    "2018-february": [
        ("2018-02-05", "L1"),
        ("2018-02-05", "L2"),
        ("2018-02-05", "L3"),
        ("2018-02-27", "L1"),
    ],
    "2020-march": [
        ("2020-01-27", "L1"),
        ("2020-01-31", "L1"),
        ("2020-02-24", "L1"),
        ("2020-02-24", "L2"),
        ("2020-02-25", "L3"),
    ],
    "2024-august": [
        ("2024-07-24", "L1"),
        ("2024-08-01", "L1"),
        ("2024-08-02", "L2"),
        ("2024-08-05", "L3"),
    ],
    "2025-april": [
        ("2025-02-21", "L1"),
        ("2025-03-03", "L2"),
        ("2025-03-10", "L3"),
        ("2025-03-31", "L2"),
        ("2025-04-03", "L3"),
    ],
}


def triggered(name: str, profile: str) -> Triggered:
    first, last, _ = ZONES[name]
    found = episode(name)
    run = replay(
        closes_of(found.closes), (), built_in(profile), date.fromisoformat(first), date.fromisoformat(last)
    )
    return [
        (str(change.on), change.layer, {rule.id for rule in change.rules})
        for change in run.changes()
        if change.after == "triggered" and change.layer != "SE"
    ]


@pytest.mark.parametrize("name", ZONES)
def test_zones(name: str) -> None:
    assert triggered(name, "zones") == ZONES[name][2]


@pytest.mark.parametrize("name", LADDER)
def test_ladder(name: str) -> None:
    found = triggered(name, "ladder")
    assert [(on, layer) for on, layer, _ in found] == LADDER[name]
    assert all(rules == {f"{layer}.zone"} for _, layer, rules in found)


def test_the_fifth_of_february_2018() -> None:
    """17.31 to 37.32 in one session: the ladder passes all three layers, each with its own reading."""
    found = episode("2018-february")
    day = date(2018, 2, 5)
    run = replay(closes_of(found.closes), (), built_in("ladder"), day, day)
    (session,) = run.sessions()
    assert (session.vix, session.zone) == (37.32, "L3")
    assert set(session.layers.values()) == {"triggered"}
    changes = [change for change in run.changes() if change.layer != "SE"]
    assert [(change.layer, change.before, change.after) for change in changes] == [
        ("L1", "watch", "triggered"),
        ("L2", "idle", "triggered"),
        ("L3", "idle", "triggered"),
    ]
    assert [(c.rules[0].reading, c.rules[0].threshold) for c in changes] == [
        (37.32, 18.0),
        (37.32, 22.0),
        (37.32, 27.0),
    ]
