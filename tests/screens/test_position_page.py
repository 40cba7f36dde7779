from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alvh_tui.assess import Past, assess
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.method.catalog import catalog
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.pages import position
from alvh_tui.screens.rows import Opens, Role, Row, Sheet
from alvh_tui.why.figure import Figure
from tests.screens.panels_worlds import NAMES, book_of, judged, look, market_of, sample, shown, unpriced


def page(name: str, about: str, width: int = 118, **changes: object) -> Sheet:
    return position.sheet_for(about)(shown(sample(name), **changes), look(width))


def told(sheet: Sheet) -> str:
    return "\n".join(row.text for row in sheet.rows)


def flat(sheet: Sheet) -> str:
    return " ".join(told(sheet).split())


def row_of(sheet: Sheet, key: str) -> Row:
    return next(row for row in sheet.rows if row.key == key)


def test_the_headline_says_what_it_is() -> None:
    text = flat(page("tested", "front"))
    assert text.startswith("front ×5 condor · SPXW 2026-12-18 · 28 days left, settles on the close")
    assert (
        "opened Nov 4 for a credit of 13.70 a share · SPX was 6,868.3 · VIX was 17.30 · rules zones" in text
    )


def test_a_hedge_names_its_layer_and_what_it_protects() -> None:
    sheet = page("tested", "L2-calls")
    assert "hedge of L2 · VIX 2027-01-20" in flat(sheet)
    assert "protects front, early" in flat(sheet)
    assert row_of(sheet, "kind 0").opens == Opens("layer", "L2")
    assert "Breakevens" not in told(sheet)
    assert "Short strikes" not in told(sheet)


@pytest.mark.parametrize("width", [80, 118])
def test_figures_stand_in_two_columns_where_there_is_room(width: int) -> None:
    assert row_of(page("tested", "front", width), "figures P&L").text.split() == [
        "P&L",
        "−3,330",
        "vega",
        "−160",
    ]
    assert row_of(page("tested", "front", 60), "figures P&L").text.split() == ["P&L", "−3,330"]


def test_every_rule_with_its_sentence_and_source() -> None:
    sheet = page("tested", "front")
    text = flat(sheet)
    held = shown(sample("tested")).position("front")
    assert held is not None
    assert len(held.rules) == 9
    for reading in held.rules:
        row = row_of(sheet, f"rule {reading.id}")
        assert row.opens == Opens("rule", reading.id)
        assert reading.verdict.value in row.text
        assert row.text.rstrip().endswith(catalog()[reading.id].source)
        assert catalog()[reading.id].sentence in text
        assert reading.note in text
    roles = {span.text: span.role for span in row_of(sheet, "rule condor.pcf").spans}
    assert roles["● yes"] is Role.WATCH
    assert {s.text: s.role for s in row_of(sheet, "rule condor.irr").spans}["● yes"] is Role.CALM


def test_an_unknown_rule_is_neither_met_nor_not() -> None:
    held = shown(sample("tested")).position("front")
    assert held is not None
    unknown = next(reading for reading in held.rules if reading.verdict is Verdict.UNKNOWN)
    row = row_of(page("tested", "front"), f"rule {unknown.id}")
    assert "? unknown" in row.text
    assert "yes" not in row.text


def test_adjustments_tell_what_they_moved() -> None:
    sheet = page("tested", "front")
    text = flat(sheet)
    assert "Nov 13 call side rolled 7200 → 7000 for 4.40" in text
    upper = row_of(sheet, "trade 0 upper")
    assert upper.text.strip() == "upper breakeven at expiry 7,213.7 → 7,018.1  −195.6"
    assert upper.figures == (
        Figure("breakeven", "expiry", "front", "", "upper", "open"),
        Figure("breakeven", "expiry", "front", "", "upper", "step 1"),
    )


def test_the_breakevens_of_all_six_kinds_and_the_path() -> None:
    text = told(page("tested", "early"))
    for kind in ("expiry", "today's path", "path hedged", "vols held", "expiry hedged", "hedge lost"):
        assert kind in text
    assert "path: VIX +" in text
    assert "27 % of L2-calls stands behind it" in text


def test_what_is_missing_is_named_with_its_reason() -> None:
    sheet = position.sheet_for("L2-calls")(shown(unpriced("tested")), look(118))
    assert "the figures lack VIX 2027-01-20 28C: no mark (not quoted)" in flat(sheet)


def test_the_days_profit_is_explained_or_it_is_said_why_not() -> None:
    assert "nothing earlier is known to explain it from" in flat(page("calm", "first"))
    market, book = market_of("calm"), book_of("calm")
    before = replace(market, time=market.time - timedelta(hours=4))
    now = sample("calm")
    later = assess(book, market, now.rules, market.time, Past(previous=before))
    sheet = position.sheet_for("first")(shown(later), look(118))
    assert "since Nov 20 11:30" in flat(sheet)
    assert Figure("explained", "theta", "first") in {figure for row in sheet.rows for figure in row.figures}


def entry(seq: int, about: str, text: str) -> Entry:
    return Entry(
        seq, datetime(2026, 11, 20, 9 + seq, 0, tzinfo=NEW_YORK), "position", about, text, {}, "", ""
    )


def test_the_journal_of_this_position_the_latest_first() -> None:
    entries = (entry(1, "front", "opened"), entry(2, "early", "closed"), entry(3, "front", "seen: 300 $"))
    sheet = page("tested", "front", entries=entries)
    rows = [row for row in sheet.rows if row.opens is not None and row.opens.kind == "entry"]
    assert [row.text.strip() for row in rows] == ["12:00        ● seen: 300 $", "10:00        ● opened"]
    assert rows[0].opens == Opens("entry", "3")
    private = position.sheet_for("front")(shown(sample("tested"), entries=entries), look(118, private=True))
    assert "300 $" not in told(private)


def test_a_position_that_is_gone_says_so() -> None:
    assert flat(page("tested", "no-such")) == "no-such is not in the position file."


def test_one_that_has_settled_shows_no_distances() -> None:
    later = judged(book_of("tested"), market_of("tested"), datetime(2026, 12, 14, 12, 0, tzinfo=NEW_YORK))
    sheet = position.sheet_for("early")(shown(later), look(100))
    assert "settled: what it made or lost is fixed" in flat(sheet)
    assert "Short strikes" not in told(sheet)
    assert "┃" not in told(sheet)


@pytest.mark.parametrize("name", NAMES)
def test_it_stays_up_to_date_whatever_comes(name: str) -> None:
    """The builder belongs to the name, not to one frame."""
    about = sample(name).positions[0].figures.position.id
    build = position.sheet_for(about)
    assert build(shown(sample(name)), look(80)) == build(shown(sample(name)), look(80))
    assert build(shown(unpriced(name)), look(80)) != build(shown(sample(name)), look(80))
    assert "not in the position file" in told(build(shown(None), look(80)))


def test_a_note_of_many_lines_keeps_its_lines() -> None:
    first, *others = book_of("calm").condors
    noted = replace(first, note="first line\nsecond\tline\n\nlast")
    noted_book = replace(book_of("calm"), condors=(noted, *others))
    sheet = position.sheet_for("first")(shown(judged(noted_book, market_of("calm"))), look(80))
    assert [row.text for row in sheet.rows if row.key.startswith("note")] == [
        "first line",
        "second line",
        "last",
    ]
