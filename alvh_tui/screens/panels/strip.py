"""The market in one line: levels, the curve, the session, the next event, and how old all of it is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import (
    NEW_YORK,
    OPENS,
    closure_name,
    is_session,
    minutes_left,
    next_session,
    session_state,
    trading_ends,
)
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.expiries import index_level
from alvh_tui.screens.cells import cell, tint, tint_percent
from alvh_tui.screens.panels.data_state import brief, data_state, failing
from alvh_tui.screens.rows import Role, Row, Sheet, Span, cut, fitted, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import DOUBTFUL
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment
    from alvh_tui.method.signal import Signal

GAP = "  "
ONE_LINE, TWO_LINES = 81, 36
"""The least widths for so many lines."""
LONGEST_NAME, SHORT_NAME = 20, 10
AGE, COMING = 3, 8
"""Cells of 59s and of next 59s: a tick of the clock moves nothing before them."""
TERM = "term.structure"
_SESSIONS = {"pre": "before the open", "post": "after hours"}
Form = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    rank: int
    """The highest is dropped first; 0 stays whatever happens."""
    forms: tuple[Form, ...]
    """The same at different lengths, the longest first."""


def lines(width: int) -> int:
    """How many lines the strip takes, whatever it has to say."""
    if width >= ONE_LINE:
        return 1
    return 2 if width >= TWO_LINES else 3


def sheet(shown: Shown, look: Look) -> Sheet:
    now = look.now or shown.frame.at
    if shown.assessment is None:
        said: list[list[Part]] = [[_account(shown), *_failing(shown), *_data(shown, look, now)]]
    else:
        parts = {part.name: part for part in _parts(shown, shown.assessment, look, now)}
        said = [[parts[name] for name in names if name in parts] for names in _ORDER[lines(look.width)]]
    rows = [Row(f"strip {nth}", tuple(_line(line, look))) for nth, line in enumerate(said)]
    blank = [Row(f"strip {nth}", ()) for nth in range(len(rows), lines(look.width))]
    return Sheet((*rows, *blank))


_ORDER: dict[int, tuple[tuple[str, ...], ...]] = {
    1: (("account", "spx", "vix", "term", "session", "event", "rules", "failing", "data"),),
    2: (("spx", "vix", "term", "account"), ("data", "session", "failing", "event", "rules")),
    3: (("spx",), ("vix", "term", "account"), ("data", "session", "failing", "event", "rules")),
}


def _parts(shown: Shown, assessment: "Assessment", look: Look, now: datetime) -> Iterator[Part]:
    yield _account(shown)
    yield Part("spx", 0, (_index(shown, assessment),))
    yield Part("vix", 0, (_vix(shown, assessment),))
    yield Part("term", 3, tuple(_term(shown, assessment)))
    yield _session(now)
    yield from _event(shown, assessment, now)
    yield _rules(assessment)
    yield from _failing(shown)
    yield from _data(shown, look, now)


def _line(parts: Sequence[Part], look: Look) -> Iterable[Span]:
    """The parts in the longest forms that fit; widths are kept, so that a tick of the clock moves nothing."""
    kept = [part for part in parts if part.forms]
    form = {part.name: len(part.forms) - 1 for part in kept}

    def width_for(part: Part, nth: int) -> int:
        needed = sum(width_of(span.text) for span in part.forms[nth])
        return look.widths.at_least(f"strip {part.name} {nth}", needed)

    def total() -> int:
        return sum(width_for(part, form[part.name]) for part in kept) + len(GAP) * (len(kept) - 1)

    while total() > look.width and any(part.rank for part in kept):
        kept.remove(max(kept, key=lambda part: part.rank))
    for part in sorted(kept, key=lambda part: part.rank):
        while form[part.name]:
            form[part.name] -= 1
            if total() > look.width:
                form[part.name] += 1
                break
    spans: list[Span] = []
    for nth, part in enumerate(kept):
        spans += [Span(GAP)] if nth else []
        spans += part.forms[form[part.name]]
    return cut(_to_the_right(spans, kept, form, look.width), look.width)


def _to_the_right(spans: list[Span], kept: Sequence[Part], form: dict[str, int], width: int) -> list[Span]:
    """On a line of its own the state of the data stands at the right edge."""
    if not kept or kept[-1].name != "data" or len(kept) < 2:
        return spans
    left = width - sum(width_of(span.text) for span in spans)
    last = len(kept[-1].forms[form["data"]])
    return [*spans[:-last], Span(" " * max(left, 0)), *spans[-last:]]


def _account(shown: Shown) -> Part:
    name = "" if shown.assessment is None else printable(shown.assessment.book.account.name)
    forms = tuple(_short(name or "alvh", width) for width in (LONGEST_NAME, SHORT_NAME))
    return Part("account", 6, tuple((Span(text, Role.STRONG),) for text in forms))


def _short(text: str, width: int) -> str:
    text = printable(text)
    return fitted(text, min(width, width_of(text)))


def _doubtful(span: Span) -> Form:
    """Out of a table nothing else marks it."""
    return (
        (span, Span(DOUBTFUL, Role.DOUBT)) if span.role is Role.DOUBT and span.text[-1].isdigit() else (span,)
    )


def _index(shown: Shown, assessment: "Assessment") -> Form:
    spot = assessment.valuation.spot
    figure = Figure("market", "spx")
    role = Role.INDEX if assessment.valuation.spot_origin == "quote" else Role.DOUBT
    level = _doubtful(cell(number(spot, 1), figure, shown, role))
    return (Span("SPX ", Role.LABEL), *level, *_change(shown, assessment, "spx", spot))


def _vix(shown: Shown, assessment: "Assessment") -> Form:
    vix = assessment.valuation.vix
    level = _doubtful(cell(number(vix, 2), Figure("market", "vix"), shown, Role.INDEX))
    return (Span("VIX ", Role.LABEL), *level, *_change(shown, assessment, "vix", vix))


def _change(shown: Shown, assessment: "Assessment", name: str, level: float | None) -> Iterator[Span]:
    """Of the index in per cent, of VIX in points."""
    quotes = assessment.market.quotes
    symbols = ("^SPX", "^GSPC") if name == "spx" else ("^VIX",)
    before = next((quotes[symbol].prev_close for symbol in symbols if symbol in quotes), None)
    if level is None or not before:
        return
    if name == "spx":
        share = level / before - 1.0
        text, role = percent(share, 2, signed=True), tint_percent(share, 2)
    else:
        text, role = number(level - before, 1, signed=True), tint(before - level, 1)
    yield Span(" ")
    yield cell(text, Figure("market", f"{name}_change"), shown, role)


def _term(shown: Shown, assessment: "Assessment") -> Iterator[Form]:
    """VIX9D, VIX and VIX3M, and in a word how they lie; VIX itself is left out where room is short."""
    quotes = assessment.market.quotes
    near, far = (index_level(quotes.get(symbol)) for symbol in ("^VIX9D", "^VIX3M"))
    word = _shape(shown, assessment)
    if near is None and far is None:
        if word:
            yield (Span("curve ", Role.LABEL), word)
        return
    nearest, farthest = Figure("market", "vix9d"), Figure("market", "vix3m")
    after = () if word is None else (Span(" "), word)
    arrow, behind = Span(" › ", Role.LABEL), Span(" 3M", Role.LABEL)
    middle = cell(number(assessment.valuation.vix, 1), Figure("market", "vix"), shown)
    for digits in (1, 0):
        first = (Span("9D ", Role.LABEL), cell(number(near, digits), nearest, shown))
        last = cell(number(far, digits), farthest, shown)
        if digits:
            yield (*first, arrow, middle, arrow, last, behind, *after)
        yield (*first, Span(" 3M ", Role.LABEL), last, *after)


def _shape(shown: Shown, assessment: "Assessment") -> Span | None:
    signal = _signal(assessment, TERM)
    if signal is None or signal.reading is None or signal.verdict is Verdict.UNKNOWN:
        return None
    flat = assessment.rules.number(f"{TERM}.flat")
    inverted = signal.verdict is Verdict.YES
    word = "inverted" if inverted else "rising" if signal.reading < 1.0 - flat else "flat"
    role = Role.WATCH if inverted else Role.PLAIN
    return cell(word, Figure("signal", "verdict", TERM), shown, role)


def _signal(assessment: "Assessment", name: str) -> "Signal | None":
    return next((signal for signal in assessment.judgement.signals if signal.id == name), None)


def _session(now: datetime) -> Part:
    state, left = session_state(now), minutes_left(now)
    figure = Figure("market", "session")
    if state == "open":
        if left is None:
            until = f"{trading_ends(now.astimezone(NEW_YORK).date()):%H:%M}"
            return Part("session", 1, ((Span(f"open until {until}", Role.PLAIN, figure),),))
        hours, minutes = divmod(int(left), 60)
        clock = f"{hours}h{minutes:02d}" if hours else f"{minutes}m"
        remaining = Span(clock, Role.PLAIN, Figure("market", "time_left"))
        word = Span("open", Role.PLAIN, figure)
        return Part(
            "session", 1, ((word, Span(", "), remaining, Span(" left")), (word, Span(" "), remaining))
        )
    said = _SESSIONS.get(state, state)
    if state == "holiday":
        said = closure_name(now.astimezone(NEW_YORK).date()) or state
    later = f", opens {_next_open(now):%a %H:%M}"
    forms = (f"{said}{later}", f"{state}{later}", state)
    return Part("session", 1, tuple((Span(text, Role.LABEL, figure),) for text in forms))


def _next_open(now: datetime) -> datetime:
    local = now.astimezone(NEW_YORK)
    day = local.date()
    if not (is_session(day) and local.time() < OPENS):
        day = next_session(day)
    return datetime.combine(day, OPENS, NEW_YORK)


def _event(shown: Shown, assessment: "Assessment", now: datetime) -> Iterator[Part]:
    """The next one that the rules watch; near enough to move volatility it is marked."""
    signal, today = _signal(assessment, "events.window"), now.astimezone(NEW_YORK).date()
    watched = assessment.rules.texts("events.window.watched")
    ahead = [e for e in assessment.market.events if e.on >= today and e.name in watched]
    if not ahead or signal is None or signal.reading is None:
        return
    event, sessions = min(ahead, key=lambda event: event.on), int(signal.reading)
    role = Role.WATCH if signal.verdict is Verdict.YES else Role.PLAIN
    figure = Figure("market", "event")
    label = Span(f"{printable(event.name)} ", Role.LABEL)
    day = _day(event.on, today)
    counted = f"{day}, {sessions} session{'' if sessions == 1 else 's'}"
    long = day if event.on == today else counted
    yield Part("event", 4, tuple((label, cell(text, figure, shown, role)) for text in (long, day)))


def _day(on: date, today: date) -> str:
    days = (on - today).days
    return {0: "today", 1: "tomorrow"}.get(days, f"{days}d")


def _rules(assessment: "Assessment") -> Part:
    """Where a change of the rules waits for somebody to agree, the ones shown are the older."""
    rules = assessment.rules
    name = _short(PurePath(rules.name).name, LONGEST_NAME)
    if rules.waiting is None:
        return Part("rules", 5, ((Span(name, Role.LABEL),),))
    mark = Span(name, Role.WATCH)
    return Part("rules", 5, ((mark, Span(", a change waits", Role.WATCH)), (mark, Span(" ◷", Role.WATCH))))


def _failing(shown: Shown) -> Iterator[Part]:
    sources = () if shown.assessment is None else shown.assessment.market.sources
    for reason in failing(sources, shown.frame):
        yield Part("failing", 2, tuple((Span(_short(reason, width), Role.WATCH),) for width in (60, 40, 24)))


def _data(shown: Shown, look: Look, now: datetime) -> Iterator[Part]:
    """How old the market is, and when it is asked again."""
    state = data_state(shown, now, paused=look.paused)
    mark = Span(f"{state.glyph} ", state.role)
    figure = Figure("market", "age")
    aged = () if state.seconds is None else (Span(brief(state.seconds), state.role, figure),)
    word = Span(state.word, state.role, None if aged else figure)
    named = (mark, word, *((Span(" "), *aged) if aged else ()))
    short = (mark, *aged) if aged and state.goes_without_saying else named
    room = COMING + (0 if state.seconds is None else AGE - len(brief(state.seconds)))
    coming = Span(f" · {state.coming:<{room}}", Role.LABEL)
    yield Part("data", 0, ((*named, coming), (*short, coming)))
