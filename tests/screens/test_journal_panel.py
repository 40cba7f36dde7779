"""The journal panel: alerts on top, the newest first, and what asks for a reason marked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alvh_tui.alerts.alert import Alert, key_of
from alvh_tui.alerts.state import Told
from alvh_tui.memory.chain import Entry
from alvh_tui.method.attention import Severity
from alvh_tui.screens.panels import journal
from alvh_tui.screens.rows import Opens, Role, Row, Sheet
from tests.memory.worlds import at, later
from tests.screens.method_worlds import WHY, entry_about, told
from tests.screens.panels_worlds import look, sample, shown

NOW = later(1, "17:00")
ALERT = Alert(
    Severity.ACT,
    "L1 triggered",
    "L1.zone 18.00 (17)",
    "layer.triggered",
    "L1",
    at("12:00"),
    key_of("layer.triggered", "L1"),
)


def sheet(width: int = 100, filter: str = "", private: bool = False, **changes: Any) -> Sheet:  # noqa: A002
    view = shown(sample("calm"), entries=changes.pop("entries", told().entries), **changes)
    return journal.sheet(view, look(width, 20, now=NOW, filter=filter, private=private))


def rows_of(width: int = 100, **how: Any) -> dict[str, Row]:
    return {row.key: row for row in sheet(width, **how).rows}


def line_of(entry: Entry, width: int = 100, **how: Any) -> str:
    return " ".join(rows_of(width, **how)[f"entry {entry.seq}"].text.split())


def test_the_newest_comes_first() -> None:
    keys = [row.key for row in sheet().rows]
    assert keys == [f"entry {entry.seq}" for entry in reversed(told().entries)]


def test_a_row_has_time_kind_about_and_text() -> None:
    opened = entry_about("position", "L1-jan")
    text = "opened: +6 VIX 2027-01-20 25C for a debit of 1.15, on 2026-11-16"
    assert line_of(opened, 120) == f"Nov 20 11:00 ● position L1-jan {text}"
    last = told().entries[-1]
    assert line_of(last) == "10:00 ▲ layer L1 triggered → idle, action hold"
    assert rows_of()[f"entry {opened.seq}"].opens == Opens("entry", str(opened.seq))


def test_narrow_panels_let_go_of_the_clock_and_the_kind() -> None:
    opened = entry_about("position", "L1-jan")
    assert line_of(opened, 70).startswith("Nov 20 ● position L1-jan opened")
    assert line_of(opened, 44).startswith("Nov 20 ● L1-jan opened: +6 VIX")
    assert line_of(opened, 44).endswith("…")


def test_a_change_of_rules_asks_for_its_reason() -> None:
    change = entry_about("rules", "rules")
    row = rows_of()[f"entry {change.seq}"]
    assert line_of(change).endswith("give a reason")
    assert line_of(change, 44).endswith("why?")
    assert [span.role for span in row.spans if "reason" in span.text] == [Role.WATCH]
    assert "2 changes of rules without a reason" in sheet().note


def test_what_was_acknowledged_is_marked() -> None:
    trigger = next(e for e in told().entries if e.kind == "layer" and "idle → triggered" in e.text)
    assert line_of(trigger).endswith("✓")
    assert "✓ ack L1 waiting" in line_of(entry_about("ack", "L1"))
    assert WHY in line_of(entry_about("ack", "L1"))


def test_alerts_stand_on_top_and_those_nobody_hears_below_them() -> None:
    silent = Told(replace(ALERT, about="L2", key="k2"), "snoozed", at("12:30"))
    rows = sheet(alerts=(ALERT,), silenced=(silent,)).rows
    assert rows[0].key == f"L1/layer.triggered/{ALERT.key}"
    assert " ".join(rows[0].text.split()) == "Nov 20 12:00 ▲ alert L1 triggered: L1.zone 18.00 (17)"
    assert rows[0].opens == Opens("layer", "L1")
    assert rows[1].key == "L2/layer.triggered/k2"
    assert rows[1].text.rstrip().endswith("snoozed until 12:30")
    assert {span.role for span in rows[1].spans} <= {Role.LABEL, Role.PLAIN}


def test_a_filter_finds_by_kind_about_and_words() -> None:
    assert [row.text.split()[2] for row in sheet(50, filter="CLOSE").rows] == ["■", "✓"]
    assert list(rows_of(filter="dec-31", alerts=(ALERT,))) == [
        f"entry {entry.seq}"
        for entry in reversed(told().entries)
        if "dec-31" in f"{entry.about} {entry.text}"
    ]
    assert "L1/layer.triggered" in next(iter(rows_of(filter="zone", alerts=(ALERT,))))
    assert sheet(filter="nowhere").rows[0].text.rstrip() == "no entry holds “nowhere”"
    assert sheet(filter="rules").note.startswith("/rules")


def test_why_nothing_is_remembered_stands_on_top() -> None:
    rows = sheet(memory="the file is locked").rows
    assert rows[0].text == "nothing is remembered: the file is locked"
    assert rows[1].key.startswith("entry")
    assert sheet(entries=(), memory="no room").rows[-1].text == "nothing is remembered: no room"
    assert sheet(entries=()).rows[0].text.rstrip() == "nothing has happened yet"


def test_private_hides_amounts_and_contracts_but_not_the_story() -> None:
    close = entry_about("close", "dec-31")
    said = line_of(close, 140, private=True)
    assert "P&L ••• $" in said
    assert "theta •••" in said
    assert "2,881" not in said
    assert "6400P 1.10σ" in said
    assert "opened: ••• VIX 2027-01-20 25C" in line_of(entry_about("position", "L1-jan"), private=True)


@pytest.mark.parametrize("width", [44, 120])
def test_a_long_journal_is_cut_and_says_so(width: int) -> None:
    last = told().entries[-1]
    many = tuple(replace(last, seq=n, at=last.at - timedelta(hours=2000 - n)) for n in range(1, 1001))
    found = sheet(width, entries=many)
    assert len(found.rows) == journal.MOST
    assert found.rows[0].key == "entry 1000"
    assert found.note == "250 of 1,000"
