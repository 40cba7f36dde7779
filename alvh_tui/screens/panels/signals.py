"""The signals: reading, threshold and verdict of each, those that confirm a rise in VIX first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from alvh_tui.assess import Assessment
from alvh_tui.figures import UNKNOWN, number
from alvh_tui.instruments.calendar import NEW_YORK, sessions_between
from alvh_tui.method.signal import Signal
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.session import session_began
from alvh_tui.screens.cells import cell
from alvh_tui.screens.charts.small import sparkline
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, fitted, said, width_of
from alvh_tui.screens.shown import Charts, Look, Shown
from alvh_tui.screens.table import DOUBTFUL
from alvh_tui.screens.words import VERDICTS, against, verdict_role, with_short_days
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

AMPLE = 76
"""Cells from which on there is room for notes and longer sparklines."""
COUNTED_IN_SESSIONS = frozenset(("events.window",))
"""By the calendar, so that no live value makes it doubtful."""
_LEAST_NAME, _LEAST_SPARK, _SPARK, _MOST_SPARK = 10, 5, 12, 16


@dataclass(frozen=True, slots=True)
class Counting:
    """Whether a signal counts as a confirmation now."""

    counts: bool
    still: int | None = None
    """Sessions for which it goes on counting although it is over; None while it lasts."""


@dataclass(frozen=True, slots=True)
class _Widths:
    name: int
    reading: int
    threshold: int
    verdict: int
    since: int
    spark: int
    note: int
    gap: str


def sheet(shown: Shown, look: Look) -> Sheet:
    assessment = shown.assessment
    if assessment is None:
        return Sheet((said("signals none", "no assessment yet"),))
    words = look.filter.casefold()
    signals = [s for s in assessment.judgement.signals if words in _searched(s)]
    if not signals:
        nothing = fitted(f"no signal holds “{printable(look.filter)}”", look.width)
        return Sheet((said("signals none", nothing),), note=_filtered(look))
    confirming = assessment.rules.texts("layers.confirming")
    widths = _widths(signals, assessment, look)
    first = [s for s in signals if s.id in confirming]
    others = [s for s in signals if s.id not in confirming]
    rows: list[Row] = []
    if first:
        rows.append(_confirmations(first, assessment, look))
        rows += [_row(s, shown, assessment, look, widths, mark=True) for s in first]
    if others and first:
        rows.append(Row("signals others", (Span(fitted("others", look.width), Role.LABEL),)))
    rows += [_row(s, shown, assessment, look, widths, mark=False) for s in others]
    return Sheet(tuple(rows), head=1 if first else 0, note=_filtered(look))


def _filtered(look: Look) -> str:
    return f"/{printable(look.filter)}" if look.filter else ""


def _searched(signal: Signal) -> str:
    return f"{signal.id} {signal.verdict.value} {signal.note}".casefold()


def counting(signal: Signal, assessment: Assessment) -> Counting:
    """As of the assessment's session."""
    last = session_began(assessment.market).date()
    return counting_on(signal, last, assessment.rules.whole("layers.confirming_sessions"))


def counting_on(signal: Signal, last: date, sessions: int) -> Counting:
    """A confirmation counts for so many sessions, the one in which it was last true among them."""
    if signal.verdict is Verdict.YES:
        return Counting(counts=True)
    if signal.verdict is Verdict.UNKNOWN or signal.since is None:
        return Counting(counts=False)
    over_for = sessions_between(signal.since, last) + 1
    still = sessions - over_for
    if still <= 0 or not _was_known(signal, over_for):
        return Counting(counts=False)
    return Counting(counts=True, still=still)


def _was_known(signal: Signal, sessions_ago: int) -> bool:
    """What was not read before it said no was no yes either; with the history's beginning nothing was."""
    place = len(signal.series) - 1 - sessions_ago
    return place >= 0 and signal.series[place] is not None


def _confirmations(signals: Iterable[Signal], assessment: Assessment, look: Look) -> Row:
    """3 of 6 confirm; L1 needs 2."""
    signals = list(signals)
    count = sum(counting(signal, assessment).counts for signal in signals)
    waits = sum(signal.verdict is Verdict.UNKNOWN for signal in signals)
    rules = assessment.rules
    needs: dict[int, list[str]] = {}
    for layer in ("L1", "L2", "L3"):
        needed = rules.whole(f"layers.{layer}.confirmations")
        if needed:
            needs.setdefault(needed, []).append(layer)
    said = [f"{', '.join(layers)} need{'s' if len(layers) == 1 else ''} {n}" for n, layers in needs.items()]
    if waits:
        said.append(f"{waits} unknown")
    if look.width >= AMPLE:
        said.append(f"each counts for {rules.whole('layers.confirming_sessions')} sessions")
    spans = [
        Span(f"{count} of {len(signals)} confirm", Role.STRONG),
        Span(f" · {' · '.join(said)}" if said else "", Role.LABEL),
    ]
    return Row("signals confirming", cut(spans, look.width))


def _row(
    signal: Signal, shown: Shown, assessment: Assessment, look: Look, widths: _Widths, *, mark: bool
) -> Row:
    opens = Opens("signal", signal.id)
    name = Span(fitted(signal.id, widths.name), Role.PLAIN)
    if signal.verdict is Verdict.UNKNOWN:
        spans = [name, *_unknown(signal, look, widths)]
        return Row(f"signal {signal.id}", cut(spans, look.width), opens)
    gap = widths.gap
    counts = counting(signal, assessment) if mark else None
    threshold = fitted(against(signal.id, signal.threshold), widths.threshold)
    since = fitted(_since(signal, assessment), widths.since, right=True)
    spans = [
        name,
        *_reading(signal, shown, widths),
        Span(threshold, Role.LABEL, _figure(signal, "threshold")),
        Span(gap),
        *_verdict(signal, counts, widths),
        Span(gap),
        Span(since, Role.LABEL, _figure(signal, "since")),
        Span(gap),
        Span(_spark(signal.series, widths.spark, look.charts), Role.NOW),
    ]
    if widths.note:
        today = assessment.at.astimezone(NEW_YORK).date()
        note = with_short_days(_note(signal, counts), today)
        spans += [Span(gap), Span(fitted(note, widths.note), Role.LABEL)]
    return Row(f"signal {signal.id}", cut(spans, look.width), opens)


def _note(signal: Signal, counts: Counting | None) -> str:
    if counts is None or counts.still is None:
        return signal.note
    more = f"counts for {counts.still} more session{'' if counts.still == 1 else 's'}"
    return f"{more}; {signal.note}" if signal.note else more


@lru_cache(maxsize=128)
def _spark(series: tuple[float | None, ...], width: int, charts: Charts) -> str:
    """Most series stand still from one refresh to the next."""
    return sparkline(series, width, charts)


def _reading(signal: Signal, shown: Shown, widths: _Widths) -> Iterator[Span]:
    """Lined up on the decimal point; ~ where it rests on a live value."""
    text = written(signal)
    figure = _figure(signal, "reading")
    span = cell(fitted(text, widths.reading, right=True), figure, shown)
    if signal.provisional and signal.id not in COUNTED_IN_SESSIONS:
        span = Span(span.text, Role.DOUBT, figure)
    yield span
    doubtful = span.role is Role.DOUBT and signal.reading is not None
    yield Span(fitted(DOUBTFUL if doubtful else "", len(widths.gap)), Role.DOUBT)


def written(signal: Signal) -> str:
    """One that is nearly nothing keeps its sign: it is on one side of its threshold."""
    reading = signal.reading
    if reading is not None and signal.id in COUNTED_IN_SESSIONS:
        return f"{number(reading)}   "
    text = number(reading, 2)
    if reading and not round(reading, 2):
        return f"{'+' if reading > 0.0 else '−'}{text}"
    return text


def _verdict(signal: Signal, counts: Counting | None, widths: _Widths) -> Iterator[Span]:
    """One that is over and still counts says for how long."""
    text, role = VERDICTS[signal.verdict], verdict_role(signal.id, signal.verdict)
    if counts is not None and counts.still is not None:
        text, role = f"◐ {signal.verdict.value}", Role.WATCH
    yield Span(fitted(text, widths.verdict), role, _figure(signal, "verdict"))


def _since(signal: Signal, assessment: Assessment) -> str:
    if signal.since is None:
        return ""
    days = (assessment.at.astimezone(NEW_YORK).date() - signal.since).days
    return "new" if days <= 0 else f"{days}d"


def _unknown(signal: Signal, look: Look, widths: _Widths) -> Iterator[Span]:
    """What it waits for, where the others have their figures."""
    yield Span(fitted(UNKNOWN, widths.reading - 3, right=True), Role.DOUBT, _figure(signal, "reading"))
    room = look.width - widths.name - widths.reading + 3 - 1
    text = f"{VERDICTS[signal.verdict]}: {signal.note}" if room >= 40 else f"? {signal.note}"
    yield Span(" ")
    yield Span(fitted(text, max(room, 0)), Role.DOUBT, _figure(signal, "verdict"))


def _figure(signal: Signal, name: str) -> Figure:
    return Figure("signal", name, signal.id)


def _widths(signals: Sequence[Signal], assessment: Assessment, look: Look) -> _Widths:
    """A narrow panel shortens names first of all, then lets go of sparklines and of the time since."""
    ample = look.width >= AMPLE
    gap = "  " if ample else " "
    name = max(width_of(signal.id) for signal in assessment.judgement.signals)
    reading = look.widths.at_least("signals reading", max(6, *(width_of(written(s)) for s in signals)))
    threshold = max(5, *(width_of(against(s.id, s.threshold)) for s in signals))
    verdict = max(width_of(VERDICTS[Verdict.YES]), 5)
    since = look.widths.at_least("signals since", max(3, *(width_of(_since(s, assessment)) for s in signals)))
    spark = _SPARK if ample else _LEAST_SPARK
    fixed = reading + threshold + verdict + len(gap) * 2
    if ample:
        room = look.width - name - fixed - since - spark - 3 * len(gap)
        spark += min(max(room - 40, 0) // 3, _MOST_SPARK - spark)
        note = look.width - name - fixed - since - spark - 3 * len(gap)
        return _Widths(name, reading, threshold, verdict, since, spark, max(note, 0), gap)
    for since_width, spark_width in ((since, spark), (since, 0), (0, 0)):
        extra = (since_width + 1 if since_width else 0) + (spark_width + 1 if spark_width else 0)
        room = look.width - fixed - extra
        if room >= min(_LEAST_NAME + 4, name):
            break
    return _Widths(
        min(max(room, _LEAST_NAME), name), reading, threshold, verdict, since_width, spark_width, 0, gap
    )
