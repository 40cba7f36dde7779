from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.types import Source, SourceState
from alvh_tui.method.governance import Waiting
from alvh_tui.monitor import ENDED
from alvh_tui.screens.panels import strip
from alvh_tui.screens.rows import Role, plain_text
from alvh_tui.screens.shown import Shown
from tests.screens.panels_worlds import book_of, judged, look, market_of, sample, shown

FRESH, DELAYED, STALE, FAILED = SourceState
DEAD = "no route to host"
OPEN = datetime(2026, 11, 20, 11, 5, tzinfo=NEW_YORK)


def said(view: Shown, width: int = 200, now: datetime | None = None) -> str:
    return "\n".join(row.text for row in strip.sheet(view, look(width, now=now)).rows)


def with_sources(*states: SourceState, minutes: int = 0, delay: int = 0) -> Shown:
    """Quotes, chains and history, as far as states are given."""
    true_at = OPEN - timedelta(minutes=minutes)
    sources = tuple(
        Source(f"yahoo.{name}", state, true_at, OPEN, DEAD if state is FAILED else None)
        for name, state in zip(("quotes", "chains", "history"), states, strict=False)
    )
    market = replace(market_of("calm"), sources=sources, delay=timedelta(minutes=delay))
    return shown(judged(book_of("calm"), market, OPEN))


def test_one_line_at_120_columns_says_all_of_it() -> None:
    (line,) = strip.sheet(shown(sample("tested")), look(120)).rows
    levels = ("SPX 6,385.0 −0.30 %", "VIX 30.50 +0.2", "inverted")
    for words in ("tested", *levels, "open 30m", "FOMC 19d", "zones", "● live"):
        assert words in line.text


@pytest.mark.parametrize(("width", "lines"), [(160, 1), (81, 1), (80, 2), (40, 2), (36, 2), (35, 3), (20, 3)])
def test_so_many_lines_whatever_there_is_to_say(width: int, lines: int) -> None:
    assert strip.lines(width) == lines
    for view in (shown(sample("calm")), shown(None)):
        assert len(strip.sheet(view, look(width)).rows) == lines


@pytest.mark.parametrize("width", range(36, 200, 7))
def test_index_vix_and_the_state_of_the_data_are_never_dropped(width: int) -> None:
    text = said(shown(sample("tested")), width)
    assert "SPX 6,385.0" in text
    assert "VIX 30.50" in text
    assert "live" in text
    assert "next" in text


def test_a_change_has_its_sign_and_the_rise_of_vix_is_no_gain() -> None:
    spans = {
        span.text: span.role
        for row in strip.sheet(shown(sample("tested")), look(120)).rows
        for span in row.spans
    }
    assert spans["−0.30 %"] is Role.LOSS
    assert spans["+0.2"] is Role.LOSS


@pytest.mark.parametrize(
    ("name", "word"), [("calm", "rising"), ("broken_wing", "flat"), ("tested", "inverted")]
)
def test_the_shape_of_the_curve_is_a_word(name: str, word: str) -> None:
    assert f"3M {word}" in said(shown(sample(name)))


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (OPEN, "open, 4h55 left"),
        (datetime(2026, 11, 20, 15, 30, tzinfo=NEW_YORK), "open, 30m left"),
        (datetime(2026, 11, 27, 12, 0, tzinfo=NEW_YORK), "open, 1h00 left"),
        (datetime(2026, 11, 20, 16, 5, tzinfo=NEW_YORK), "open until 16:15"),
        (datetime(2026, 11, 20, 8, 0, tzinfo=NEW_YORK), "before the open, opens Fri 09:30"),
        (datetime(2026, 11, 20, 18, 0, tzinfo=NEW_YORK), "after hours, opens Mon 09:30"),
        (datetime(2026, 11, 21, 12, 0, tzinfo=UTC), "closed, opens Mon 09:30"),
        (datetime(2026, 11, 26, 12, 0, tzinfo=NEW_YORK), "Thanksgiving Day, opens Fri 09:30"),
    ],
)
def test_the_session_and_what_comes_next(now: datetime, words: str) -> None:
    assert words in said(shown(sample("calm")), now=now)


def test_the_next_event_is_one_the_rules_watch() -> None:
    assert "FOMC 19d, 12 sessions" in said(shown(sample("calm")))
    market = market_of("calm")
    monday = tuple(replace(event, on=date(2026, 11, 23)) for event in market.events if event.name == "CPI")
    near = replace(market, events=(*market.events, monday[0]))
    assert "CPI 3d, 1 session" in said(shown(judged(book_of("calm"), near)))


@pytest.mark.parametrize(
    ("states", "minutes", "delay", "words"),
    [
        ((FRESH, FRESH), 0, 0, "● live 0s · next 18s"),
        ((DELAYED, DELAYED), 15, 15, "◐ delayed 15m"),
        ((STALE, STALE), 40, 0, "◌ stale 40m"),
        ((STALE, STALE), 3 * 24 * 60, 0, "◌ old 3d"),
        ((FRESH, FAILED), 9, 0, "✕ failed 9m"),
        ((FRESH, FRESH, STALE), 0, 0, "● live 0s"),
    ],
)
def test_the_state_of_the_data_is_a_word_and_a_glyph(
    states: tuple[SourceState, ...], minutes: int, delay: int, words: str
) -> None:
    """Daily closes that are old do not make the market old."""
    assert words in said(with_sources(*states, minutes=minutes, delay=delay))


def test_after_the_close_the_last_quotes_are_as_new_as_can_be() -> None:
    evening = datetime(2026, 11, 20, 21, 0, tzinfo=NEW_YORK)
    sources = (Source("yahoo.quotes", SourceState.DELAYED, evening.replace(hour=16, minute=14), evening),)
    view = shown(judged(book_of("calm"), replace(market_of("calm"), sources=sources), evening))
    assert "○ closed 4h" in said(view)


def test_a_source_that_fails_says_why() -> None:
    assert f"yahoo.chains failed: {DEAD}" in said(with_sources(FRESH, FAILED))
    assert "the line is dead" in said(shown(sample("calm"), error="the line is dead"))


def test_paused_and_ended_and_late() -> None:
    calm = sample("calm")
    assert "paused" in said(shown(calm, next_at=None))
    assert "· paused" in strip.sheet(shown(calm), look(120, paused=True)).rows[0].text
    assert "ended" in said(shown(calm, next_at=None, error=ENDED))
    assert "asking" in said(shown(calm, next_at=calm.at - timedelta(seconds=30)))


def test_rules_that_wait_for_somebody_to_agree_are_marked() -> None:
    calm = sample("calm")
    waiting = replace(calm.rules, waiting=Waiting(calm.rules, None, (), 2))
    marked = replace(calm, rules=waiting)
    assert "zones, a change waits" in said(shown(marked))
    assert "zones ◷" in said(shown(marked), 122)
    assert "waits" not in said(shown(calm))


def test_an_index_taken_from_a_forward_is_marked() -> None:
    market = market_of("calm")
    quotes = {symbol: quote for symbol, quote in market.quotes.items() if symbol != "^SPX"}
    text = said(shown(judged(book_of("calm"), replace(market, quotes=quotes))))
    assert "~" in text.partition("VIX")[0]
    none = said(shown(judged(book_of("calm"), replace(market, quotes={}, chains={}))))
    assert "SPX —" in none
    assert "VIX —" in none


def test_a_tick_of_the_clock_moves_nothing_before_it() -> None:
    view = shown(sample("tested"))
    at = view.frame.at
    rows = [said(view, 120, now=at + timedelta(seconds=seconds)) for seconds in (5, 15)]
    assert len({row.index("● live") for row in rows}) == 1


@pytest.mark.parametrize("played", ["recorded", "simulated"])
def test_a_market_that_is_played_is_never_called_live(played: str) -> None:
    made = replace(shown(sample("calm")), played=played)
    text = plain_text(strip.sheet(made, look(118, 1)).rows)
    assert f"{played} 0s" in text
    assert "live" not in text
