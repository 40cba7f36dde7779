"""A replay and its evidence as lines of text and of CSV."""

import csv
import io
from collections.abc import Iterable, Iterator

from alvh_tui.book.model import LAYERS
from alvh_tui.figures import UNKNOWN, number
from alvh_tui.method.evidence import Evidence, EvidenceReport, Outlook
from alvh_tui.method.reading import Reading
from alvh_tui.method.replay import Change, Replay, Session

_STATE_WIDTH = len("triggered")
_DAY_WIDTH = len("2018-02-05")


def replay_lines(replay: Replay, sessions: Iterable[Session]) -> Iterator[str]:
    """A line a session, and under it one for each layer that changed its state in it."""
    heads = [layer.ljust(_STATE_WIDTH) for layer in LAYERS]
    yield "  ".join(
        ("date".ljust(_DAY_WIDTH), "spx".rjust(9), "vix".rjust(6), "zone".ljust(8), *heads)
    ).rstrip()
    changes = replay.changes()
    pending = next(changes, None)
    for session in sessions:
        states = [session.layers[layer].ljust(_STATE_WIDTH) for layer in LAYERS]
        figures = (_figure(session.spx, 9), _figure(session.vix, 6), (session.zone or UNKNOWN).ljust(8))
        yield "  ".join((session.on.isoformat(), *figures, *states)).rstrip()
        while pending is not None and pending.on == session.on:
            yield f"{' ' * _DAY_WIDTH}  {_change(pending)}"
            pending = next(changes, None)


def _change(change: Change) -> str:
    because = ", ".join(_reading(reading) for reading in change.rules)
    return f"{change.layer} {change.before} → {change.after}: {because}"


def _reading(reading: Reading) -> str:
    said = "" if reading.reading is None else f" {number(reading.reading, 2)}"
    against = "" if reading.threshold is None else f" ({reading.threshold:g})"
    verdict = "" if reading.verdict == "yes" else f" {reading.verdict}"
    return f"{reading.id}{said}{against}{verdict}"


def _figure(value: float | None, width: int) -> str:
    return number(value, 2).rjust(width)


def replay_csv(replay: Replay, sessions: Iterable[Session]) -> Iterator[str]:
    """Rows of two kinds, session and transition; columns that a kind does not have are empty."""
    signals = list(replay.run.measured.tracks)
    verdicts = [f"{name} verdict" for name in signals]
    yield _row(
        ["row", "date", "spx", "vix", "zone", *LAYERS, "layer", "from", "to", "rules", *signals, *verdicts]
    )
    changes = replay.changes()
    pending = next(changes, None)
    for session in sessions:
        found = [session.signals[name] for name in signals]
        states = [session.layers[layer] for layer in LAYERS]
        measured = [*(reading for reading, _ in found), *(verdict for _, verdict in found)]
        before = ["session", session.on, session.spx, session.vix, session.zone]
        yield _row([*before, *states, None, None, None, None, *measured])
        while pending is not None and pending.on == session.on:
            rules = " ".join(reading.id for reading in pending.rules)
            yield _row(
                ["transition", pending.on, *([None] * 7), pending.layer, pending.before, pending.after, rules]
                + [None] * (2 * len(signals))
            )
            pending = next(changes, None)


def _row(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(["" if cell is None else cell for cell in cells])
    return line.getvalue()


def evidence_lines(report: EvidenceReport) -> Iterator[str]:
    """A line a rule: how often, on how many days, what followed, how many alarms were false."""
    yield f"{report.sessions:,} sessions; {report.definition}."
    yield "Mean return of SPX in % and mean change of VIX in points over the sessions after it fired."
    yield ""
    ahead = [f"+{outlook.sessions}".rjust(14) for outlook in report.all_days]
    yield "  ".join(("rule".ljust(20), "fired".rjust(6), "days".rjust(6), *ahead, "false".rjust(9)))
    every = [_outlook(outlook) for outlook in report.all_days]
    yield "  ".join(("all days".ljust(20), "".rjust(6), f"{report.sessions:,}".rjust(6), *every))
    for found in report.rules:
        yield _evidence(found)


def _evidence(found: Evidence) -> str:
    if not found.known_days:
        return f"{found.rule.ljust(20)}  unknown throughout"
    after = [_outlook(outlook) for outlook in found.outlooks]
    false = f"{found.false_alarms} of {found.judged}".rjust(9) if found.judged else UNKNOWN.rjust(9)
    return "  ".join(
        (found.rule.ljust(20), f"{found.fired:,}".rjust(6), f"{found.days:,}".rjust(6), *after, false)
    )


def _outlook(outlook: Outlook) -> str:
    if outlook.spx is None or outlook.vix is None:
        return UNKNOWN.rjust(14)
    return f"{number(100 * outlook.spx, 2, signed=True)} {number(outlook.vix, 2, signed=True)}".rjust(14)


def evidence_csv(report: EvidenceReport) -> Iterator[str]:
    ahead = [outlook.sessions for outlook in report.all_days]
    columns = [f"{what} +{n}" for n in ahead for what in ("count", "spx_return", "vix_change")]
    yield _row(["rule", "fired", "days", "known_days", *columns, "judged", "false_alarms"])
    yield _row(["all days", None, report.sessions, report.sessions, *_cells(report.all_days), None, None])
    for found in report.rules:
        counts = [found.rule, found.fired, found.days, found.known_days]
        yield _row([*counts, *_cells(found.outlooks), found.judged, found.false_alarms])


def _cells(outlooks: Iterable[Outlook]) -> list[object]:
    return [cell for outlook in outlooks for cell in (outlook.count, outlook.spx, outlook.vix)]
