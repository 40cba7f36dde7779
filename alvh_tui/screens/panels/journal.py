"""The journal: alerts nobody has acknowledged, then what happened, the newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.state import Told
from alvh_tui.book.model import LAYERS
from alvh_tui.figures import number
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.memory.chain import Entry
from alvh_tui.memory.journal import unexplained_in
from alvh_tui.method.attention import Severity
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import SEVERITIES, short_day, without_amounts
from alvh_tui.toml.text import printable

MOST = 250
"""Rows shown; a filter finds older ones."""
KIND_FROM, CLOCK_FROM = 60, 90
"""Cells from which on the kind, and the clock of earlier days, are written out."""
_ABOUT = 12
SIGNS = {
    "layer": "▲",
    "position": "●",
    "account": "$",
    "rules": "§",
    "ack": "✓",
    "note": "≡",
    "close": "■",
}
"""Where there is no room for the kind's word."""
_TELLING = frozenset(("ack", "rules"))
"""Kinds that ask for an answer, or give one."""
WHY, SHORT_WHY = "give a reason", "why?"


@dataclass(frozen=True, slots=True)
class _Marks:
    """What became of an entry."""

    unexplained: frozenset[int]
    seen: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Line:
    """The columns of one row before they are cut to the panel."""

    key: str
    at: datetime
    sign: str
    role: Role
    kind: str
    about: str
    text: str
    said: Role
    opens: Opens
    mark: str = ""


def sheet(shown: Shown, look: Look) -> Sheet:
    rows: list[Row] = []
    if shown.memory:
        why = printable(f"nothing is remembered: {shown.memory}")
        rows += told("journal memory", why, look.width, Role.WATCH)
    words = look.filter.casefold()
    marks = marks_of(shown.entries)
    alerts = [_of_alert(alert) for alert in shown.alerts if words in _searched_alert(alert)]
    alerts += [_of_silent(told) for told in shown.silenced if words in _searched_alert(told.alert)]
    found = [entry for entry in reversed(shown.entries) if not words or words in _searched(entry)]
    lines = [*alerts, *(_of_entry(entry, marks) for entry in found[:MOST])]
    if lines:
        rows += _rows(lines, shown, look)
    elif look.filter:
        rows.append(said("journal none", fitted(f"no entry holds “{printable(look.filter)}”", look.width)))
    elif not shown.memory:
        rows.append(said("journal none", fitted("nothing has happened yet", look.width)))
    return Sheet(tuple(rows), note=_note(len(found), look, marks))


def _note(found: int, look: Look, marks: _Marks) -> str:
    said = [f"/{printable(look.filter)}"] if look.filter else []
    if found > MOST:
        said.append(f"{MOST} of {number(found)}")
    if marks.unexplained:
        count = len(marks.unexplained)
        said.append(f"{count} change{'' if count == 1 else 's'} of rules without a reason")
    return " · ".join(said)


def marks_of(entries: Sequence[Entry]) -> _Marks:
    told = [entry for entry in entries if entry.kind in _TELLING]
    seen = frozenset(entry.facts.get("of") for entry in told if entry.kind == "ack")
    return _Marks(
        frozenset(entry.seq for entry in unexplained_in(told)),
        frozenset(seq for seq in seen if isinstance(seq, int)),
    )


def _searched(entry: Entry) -> str:
    return f"{entry.kind} {entry.about} {entry.text}".casefold()


def _searched_alert(alert: Alert) -> str:
    return f"alert {alert.about} {alert.rule} {alert.text}".casefold()


def _of_alert(alert: Alert) -> _Line:
    sign, role = SEVERITIES[alert.severity]
    known = alert.about in LAYERS
    return _Line(
        key=f"{alert.about}/{alert.rule}/{alert.key}",
        at=alert.at,
        sign=sign,
        role=role,
        kind="alert",
        about=alert.about,
        text=alert.text.removeprefix(alert.about).removeprefix(":").lstrip(),
        said=Role.STRONG if alert.severity is Severity.ACT else Role.PLAIN,
        opens=Opens("layer", alert.about) if known else Opens("rule", alert.rule),
    )


def _of_silent(told: Told) -> _Line:
    """Told and not over: why nobody hears of it any more."""
    until = "" if told.until is None else f" until {told.until.astimezone(NEW_YORK):%H:%M}"
    return replace(
        _of_alert(told.alert), sign="·", role=Role.LABEL, said=Role.LABEL, mark=f"{told.silence}{until}"
    )


def _of_entry(entry: Entry, marks: _Marks) -> _Line:
    asks, seen = entry.seq in marks.unexplained, entry.seq in marks.seen
    return _Line(
        key=f"entry {entry.seq}",
        at=entry.at,
        sign="?" if asks else SIGNS.get(entry.kind, "·"),
        role=Role.WATCH if asks else Role.LABEL,
        kind=entry.kind,
        about=entry.about,
        text=entry.text,
        said=Role.LABEL if entry.kind == "ack" else Role.PLAIN,
        opens=Opens("entry", str(entry.seq)),
        mark=WHY if asks else "✓" if seen else "",
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """How wide each is, and how the user looks at them."""

    width: int
    time: int
    kind: int
    about: int
    today: date
    private: bool


def _rows(lines: Sequence[_Line], shown: Shown, look: Look) -> Iterator[Row]:
    """Time and name take what they need, the text what is left."""
    today = (look.now or shown.frame.at).astimezone(NEW_YORK).date()
    clock = look.width >= CLOCK_FROM
    time = max(width_of(time_in_words(line.at, today, clock=clock)) for line in lines)
    about = max(width_of(printable(line.about)) for line in lines)
    columns = _Columns(
        width=look.width,
        time=look.widths.at_least("journal time", time),
        kind=look.widths.at_least("journal kind", max(width_of(line.kind) for line in lines)),
        about=look.widths.at_least(
            "journal about", min(about, _ABOUT if look.width >= KIND_FROM else _ABOUT - 4)
        ),
        today=today,
        private=look.private,
    )
    yield from (_row(line, columns) for line in lines)


@lru_cache(maxsize=2 * MOST)
def _row(line: _Line, columns: _Columns) -> Row:
    """What has happened stays as it is from one refresh to the next."""
    when = time_in_words(line.at, columns.today, clock=columns.width >= CLOCK_FROM)
    spans = [Span(fitted(when, columns.time), Role.LABEL), Span(f" {line.sign} ", line.role)]
    if columns.width >= KIND_FROM:
        spans.append(Span(f"{fitted(line.kind, columns.kind)}  ", Role.LABEL))
    spans.append(Span(f"{fitted(printable(line.about), columns.about)} "))
    text = printable(without_amounts(line.text) if columns.private else line.text)
    spans += _text(line, text, columns.width - sum(width_of(span.text) for span in spans), columns)
    return Row(line.key, cut(spans, columns.width), line.opens)


def _text(line: _Line, text: str, room: int, columns: _Columns) -> Iterator[Span]:
    """The mark stands at the end of its row, whatever the text's length."""
    mark = SHORT_WHY if line.mark == WHY and columns.width < KIND_FROM else line.mark
    behind = f" {mark}" if mark and room > width_of(mark) else ""
    left = max(room, 0) - width_of(behind)
    yield Span(fitted(text, left) if behind else fitted(text, min(left, width_of(text))), line.said)
    if behind:
        yield Span(behind, Role.WATCH if line.mark == WHY else Role.LABEL)


def time_in_words(at: datetime, today: date, *, clock: bool) -> str:
    """10:42 today, Nov 18 else; with the clock where there is room."""
    local = at.astimezone(NEW_YORK)
    if local.date() == today:
        return f"{local:%H:%M}"
    day = short_day(local.date(), today)
    return f"{day} {local:%H:%M}" if clock else day
