"""Texts of the user's files and of the feeds can do nothing to the screen but be read."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from alvh_tui.assess import assess
from alvh_tui.book.load import Loaded, parse_book
from alvh_tui.market.types import Event, Source, SourceState
from alvh_tui.method.attention import Attention, Severity
from alvh_tui.screens.app import AlvhApp, Book
from alvh_tui.screens.rows import Opens
from alvh_tui.screens.shown import Shown
from alvh_tui.screens.why_page import WhyPage
from alvh_tui.settings.model import DEFAULT_SETTINGS
from tests.screens.fakes import LOOKS, FakeEngine, alert, app_with, assessed, entry, first_frame, frame_number
from tests.screens.moments import SOURCES, engine_at, whole
from tests.screens.painted import faults, painted, settled

PASSED_ON = (
    "[/]",
    "[bold]x",
    "[@click=app.quit]x[/]",
    "x" * 300,
    "עמדה ארוכה מאוד של אפשרויות",
    "موقف طويل جدا",
    "漢字の名前がとても長いポジション",
    "e\u0301\u0301\u0301 n\u0303" * 20,
    "👩‍👩‍👧‍👧 family ❤️",
    "a\u200b\u200d\u200fb\ufeff",
    "%s {} $role-act \\n",
)
"""What the loader takes for a name."""
REFUSED = ("\x1b]0;title\x07", "\x1b[2J", "a\u202eb", "a\x9bb", "a\nb\rc")
"""What it does not take; a feed may send it all the same."""
WALK = (
    *"0123456", "z", "1", "v", "v", "2", "v", "5", "v", "v", "$", "i", "B", "m", "m", "1", "G", "o", "j", "?",
    "escape", "escape", "1", "g", "=", "escape", "0", "0", "escape", "6", "o", "escape", "!", "escape", "R",
    "escape", "]", "[", "T",
)  # fmt: skip


def quoted(text: str) -> str:
    """As a TOML file writes it; JSON's escapes are TOML's but for halves of a character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def book_named(texts: Iterable[str]) -> Loaded:
    """A condor, a hedge and a closed trade for each text, which is every text of theirs."""
    texts = tuple(texts)
    parts = [f'schema = 1\n[account]\nname = {quoted(texts[0])}\nnet_liq = 500_000\nrules = "zones"\n']
    for nth, text in enumerate(texts):
        parts.append(f"""
[[condor]]
id = {quoted(text)}
legs = "-{nth + 2} SPXW 2026-12-18 6450P/6500P/7200C/7250C"
credit = 13.70
opened = 2026-11-04
note = {quoted(text)}
tags = [{quoted(text)}]
  [[condor.adjust]]
  date = 2026-11-13
  legs = "+1 SPXW 2026-12-18 6500P/6450P"
  credit = -19.00
  why = {quoted(text)}

[[hedge]]
id = {quoted(f"{text} h")}
layer = "L1"
legs = "+{nth + 1} VIX 2026-12-16 22C/32C"
debit = 1.20
opened = 2026-11-10
protects = [{quoted(text)}]
note = {quoted(text)}

[[closed]]
id = {quoted(f"{text} c")}
kind = "condor"
realised = 3_240.00
closed = 2026-10-09
note = {quoted(text)}
""")
    return parse_book("".join(parts), assessed().book.path)


def shown_as(texts: Iterable[str]) -> Shown:
    """The book in the tested market, where the loader takes it; else what is wrong with it."""
    texts, found = tuple(texts), assessed()
    loaded = book_named(texts)
    entries = tuple(entry(nth, text, text, "note") for nth, text in enumerate(texts, 1))
    alerts = tuple(alert(text, about=text) for text in texts)
    if loaded.book is None:
        return whole(None, problems=loaded.problems, entries=entries, alerts=alerts, memory=texts[0])
    assessment = assess(loaded.book, found.market, found.rules, found.at)
    return whole(assessment, problems=loaded.problems, entries=entries, alerts=alerts, faults=texts)


@cache
def hostile_book() -> Shown:
    shown = shown_as(PASSED_ON)
    assert shown.assessment is not None, shown.problems
    return shown


@cache
def hostile_market() -> Shown:
    """Every text a feed may give."""
    found, texts = assessed(), (*PASSED_ON, *REFUSED)
    sources = tuple(
        Source(f"{place} {text}", SourceState.FAILED, found.at - timedelta(hours=1), found.at, text)
        for place, text in zip(SOURCES * len(texts), texts, strict=False)
    )
    tomorrow = found.at.date() + timedelta(days=1)
    events = tuple(Event(tomorrow, text, "08:30", note=text) for text in texts)
    market = replace(
        found.market, sources=sources, events=events, warnings=texts, origin=texts[-1], note=texts[-2]
    )
    judged = assess(found.book, market, found.rules, found.at)
    items = tuple(Attention(Severity.KNOW, None, text, "data.sources") for text in texts)
    judgement = replace(judged.judgement, attention=(*items, *judged.judgement.attention))
    return whole(
        replace(judged, judgement=judgement), error="".join(REFUSED), faults=REFUSED, memory=REFUSED[0]
    )


async def sound(app: AlvhApp, pilot: Pilot[None], after: str) -> None:
    await pilot.pause()
    assert faults(app) == [], after


@pytest.mark.parametrize(("shown", "size"), [(hostile_book, (80, 24)), (hostile_market, (120, 40))])
async def test_no_text_disturbs_any_panel_or_page(shown: object, size: tuple[int, int]) -> None:
    assert callable(shown)
    app = app_with(engine_at(shown()))
    async with app.run_test(size=size) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        assert faults(app) == []
        for key in WALK:
            await pilot.press(key)
            await sound(app, pilot, key)


async def test_every_hostile_position_has_its_page_and_its_reasons() -> None:
    shown = hostile_book()
    assert shown.assessment is not None
    app = app_with(engine_at(shown))
    async with app.run_test(size=(80, 24)) as pilot:
        await first_frame(app, pilot)
        for name in (condor.id for condor in shown.assessment.book.condors):
            app.open_page(Opens("position", name))
            await sound(app, pilot, name)
            figures = app.screen.query_one("#page").sheet.rows  # type: ignore[attr-defined]
            figure = next(row.figures[0] for row in figures if row.figures)
            app.push_screen(WhyPage(figure))
            await sound(app, pilot, f"why of {name}")
            await pilot.press("escape", "escape")
        await pilot.pause()


async def test_markup_stands_on_the_screen_as_it_stands_in_the_file() -> None:
    app = app_with(engine_at(hostile_book()))
    async with app.run_test(size=(200, 50)) as pilot:
        await first_frame(app, pilot)
        await settled(app, pilot)
        text = "\n".join(painted(app))
        assert not app._exit
    for name in ("[/]", "[bold]x", "%s {}"):
        assert name in text


async def test_palette_toast_filter_and_prompts_take_any_text() -> None:
    shown = hostile_book()
    engine = FakeEngine(engine_at(shown).path, shown, refuses=REFUSED[0] + PASSED_ON[1])
    app = app_with(engine)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await first_frame(app, pilot)
        for text in (*PASSED_ON, *REFUSED):
            engine.tell(told=(alert(text, about=text),))
            await frame_number(engine.shown.frame.seq, app, pilot)
            await sound(app, pilot, f"a toast of {text!r}")
            app.dashboard.set_filter(text)
            await sound(app, pilot, f"a filter of {text!r}")
            if text.isprintable():
                await pilot.press("slash")
                await sound(app, pilot, f"the prompt of {text!r}")
                await pilot.press("escape")
            app.dashboard.set_filter("")
        await pilot.press("n", "x", "enter")
        await sound(app, pilot, "a note that is refused")
        await pilot.press("6", "a")
        await sound(app, pilot, "a prompt about an alert")
        await pilot.press("escape", "colon")
        for _ in range(20):
            await pilot.pause(0.02)
            assert faults(app) == []
        await pilot.press("g", "o", "down", "end")
        await sound(app, pilot, "the palette")


async def test_a_file_s_name_and_why_it_does_not_open_are_only_text() -> None:
    def opened() -> FakeEngine:
        raise OSError(f"{REFUSED[0]}: no such file [/]")

    app = AlvhApp([Book(f"[/]{REFUSED[1]}", opened)], DEFAULT_SETTINGS)
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(LOOKS):
            await sound(app, pilot, "while it opens")
            if app.failure:
                break
        await settled(app, pilot)
        assert any("no such file [/]" in line for line in painted(app))
        assert faults(app) == []


A_TEXT = st.text(min_size=1, max_size=30) | st.sampled_from((*PASSED_ON, *REFUSED))


@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(st.lists(A_TEXT, min_size=4, max_size=4, unique=True), st.booleans())
def test_whatever_text_comes_every_line_is_whole(texts: list[str], taken: bool) -> None:
    """Names the loader takes, and a file it does not take for its names."""
    kept = [text for text in texts if not taken or (text.isprintable() and text.strip() == text)]
    asyncio.run(_opened(shown_as(kept or ["[/]"])))


async def _opened(shown: Shown) -> None:
    app = app_with(engine_at(shown))
    async with app.run_test(size=(80, 24)) as pilot:
        await first_frame(app, pilot)
        for key in ("z", "6", "!"):
            await pilot.press(key)
            await pilot.pause()
            assert faults(app) == []
