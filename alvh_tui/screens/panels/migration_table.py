"""How far each breakeven of a condor has moved: entry, adjustments, yesterday, now and projected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from alvh_tui.figures import UNKNOWN, number
from alvh_tui.instruments.calendar import previous_session
from alvh_tui.risk.breakevens import EXPIRY_KINDS, BreakevenKind, Breakevens, Projection
from alvh_tui.risk.travel import PACED, BySides, Travel
from alvh_tui.screens.cells import cell, level
from alvh_tui.screens.panels.corridor import SIDES
from alvh_tui.screens.rows import Opens, Role, Row, Span, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.table import GAP as GAP_OF_TABLE
from alvh_tui.screens.table import Column, Table
from alvh_tui.why.figure import Figure, Side

LABELS: Mapping[BreakevenKind, str] = {
    "expiry": "expiry",
    "today_path": "today's path",
    "today_hedged": "path hedged",
    "today": "vols held",
    "expiry_hedged": "expiry hedged",
    "expiry_hedge_cost": "hedge lost",
}
"""In order of importance."""
LONGEST = max(width_of(label) for label in LABELS.values())
GAP = 4
"""Between the two sides where they stand beside each other."""
WIDE = 2 * 70 + GAP


@dataclass(frozen=True, slots=True, eq=False)
class _Moment:
    """One column."""

    id: str
    title: str
    rank: int
    when: str
    kinds: BySides
    role: Role = Role.PLAIN


def is_wide(look: Look) -> bool:
    return look.width >= WIDE


def _half(look: Look) -> int:
    return (look.width - GAP) // 2


def table(travel: Travel, shown: Shown, look: Look) -> tuple[Row, ...]:
    """Both sides: beside each other where there is room, else the side the index is nearer to on top."""
    order = SIDES if nearer_side(travel) == 0 else tuple(reversed(SIDES))
    if not is_wide(look):
        return tuple(row for side in order for row in _one_side(travel, side, shown, look))
    half = _half(look)
    left, right = (_one_side(travel, side, shown, replace(look, width=half)) for side in SIDES)
    return tuple(_beside(a, b, half) for a, b in zip(left, right, strict=True))


def nearer_side(travel: Travel) -> int:
    """0 where the index is nearer to the lower breakeven at expiry, 1 where to the upper."""
    now = travel.of.now
    low, high = now.kinds["expiry"]
    if now.spot is None or high is None:
        return 0
    return 1 if low is None or high - now.spot < now.spot - low else 0


def _one_side(travel: Travel, side: tuple[int, Side, Role], shown: Shown, look: Look) -> tuple[Row, ...]:
    place, name, role = side
    moments = _moments(travel)
    columns = [
        Column("kind", name, least=LONGEST, right=False),
        *(Column(moment.id, moment.title, least=5, rank=moment.rank) for moment in moments),
        Column("moved", "moved", least=5),
        Column("moves", "", least=7, rank=4),
        Column("contact", "contact", least=5, rank=1),
        Column("pace", "pace", least=7, rank=5),
        Column("sense", least=6, right=False, rank=200),
        Column("in doubt"),
    ]
    lines = Table(f"migration {name}", columns, look)
    about = travel.of.condor.id
    for kind, label in LABELS.items():
        reason = _one_reason(moments, travel, kind, place, look.width)
        if reason:
            spans = (Span(label.ljust(LONGEST + GAP_OF_TABLE), role), *_reason(reason, kind, name, about))
            lines.add_row(Row(f"{name} {kind}", spans, Opens("position", about)))
            continue
        cells = [_level(moment, kind, place, name, about, shown) for moment in moments]
        cells += _movement(travel, kind, place, name, shown)
        lines.add(f"{name} {kind}", Span(label, role), *cells, opens=Opens("position", about))
    return tuple(lines.rows())


def _moments(travel: Travel) -> list[_Moment]:
    traveller = travel.of
    steps = traveller.migration.steps
    entry = traveller.recorded.entry
    opening: BySides = {**({} if entry is None else entry.kinds), "expiry": steps[0].expiry}
    moments = [_Moment("entry", "entry", 3, "open", opening)]
    for place, step in enumerate(steps[1:], start=1):
        then = traveller.standing(step.on)
        last = place == len(steps) - 1
        kinds: BySides = {"expiry": step.expiry} if then is None else then.kinds
        title = f"adj {step.on.day}"
        moments.append(_Moment(f"step {place}", title, 7 if last else 100 - place, f"step {place}", kinds))
    if travel.since_close is not None:
        before = traveller.standing(previous_session(traveller.session))
        moments.append(_Moment("close", "yest.", 6, "close", {} if before is None else before.kinds))
    moments.append(_Moment("now", "now", 0, "", traveller.now.kinds, Role.STRONG))
    for projection in _ahead(travel)[-1:]:
        then_on = {kind: (found.low, found.high) for kind, found in projection.kinds.items()}
        # Time alone moves nothing that is reckoned at the expiry.
        then_on |= {kind: traveller.now.kinds[kind] for kind in EXPIRY_KINDS}
        when = f"+{projection.sessions}"
        moments.append(_Moment("ahead", when, 2, when, then_on, Role.PROJECTED))
    return moments


def _ahead(travel: Travel) -> list[Projection]:
    return [each for each in travel.of.table.projections if each.sessions <= 5]


def _level(moment: _Moment, kind: BreakevenKind, place: int, side: Side, about: str, shown: Shown) -> Span:
    value = moment.kinds.get(kind, (None, None))[place]
    return level(value, Figure("breakeven", kind, about, "", side, moment.when), shown, role=moment.role)


def _movement(travel: Travel, kind: BreakevenKind, place: int, side: Side, shown: Shown) -> Iterator[Span]:
    about, since = travel.of.condor.id, travel.since_open
    points = since.points.get(kind, (None, None))[place]
    moves = since.moves.get(kind, (None, None))[place]
    yield level(points, Figure("moved", kind, about, "", side, "open"), shown, signed=True)
    written = UNKNOWN if moves is None else f"{number(moves, 1, signed=True)} em"
    yield cell(written, Figure("moved", f"{kind}_moves", about, "", side, "open"), shown)
    if kind not in PACED:
        yield from [Span("")] * 4
        return
    pace = travel.pace.get(kind, (None, None))[place]
    contact = travel.sessions_to_contact.get(kind, (None, None))[place]
    written = UNKNOWN if contact is None else "met" if contact == 0.0 else f"in {number(contact)}"
    yield cell(written, Figure("contact", kind, about, "", side), shown)
    written = UNKNOWN if pace is None else f"{number(pace, 1, signed=True)}/d"
    yield cell(written, Figure("pace", kind, about, "", side), shown)
    yield Span("" if not pace else "nearer" if pace > 0.0 else "away", Role.LABEL)
    # Room for the sign of doubt behind the last figure.
    yield Span("")


def left_to_say(travel: Travel, look: Look) -> Mapping[BreakevenKind, Breakevens]:
    """The breakevens of now without the reasons that stand in their rows."""
    moments, width = _moments(travel), _half(look) if is_wide(look) else look.width
    found = {}
    for kind, now in travel.of.table.kinds.items():
        low, high = (_one_reason(moments, travel, kind, place, width) for place, _, _ in SIDES)
        found[kind] = replace(
            now, low_note="" if low else now.low_note, high_note="" if high else now.high_note
        )
    return found


def _one_reason(
    moments: Sequence[_Moment], travel: Travel, kind: BreakevenKind, place: int, width: int
) -> str:
    """Why a side is not known at any moment, where it is the same now and ahead, and there is room for it."""
    if any(moment.kinds.get(kind, (None, None))[place] is not None for moment in moments):
        return ""
    ahead = [each.kinds[kind] for each in _ahead(travel)[-1:] if kind in each.kinds]
    found = {(at.low_note, at.high_note)[place] for at in (travel.of.table.kinds[kind], *ahead)}
    reason = found.pop() if len(found) == 1 else ""
    return reason if LONGEST + GAP_OF_TABLE + width_of(f"{UNKNOWN} {reason}") <= width else ""


def _reason(reason: str, kind: BreakevenKind, side: Side, about: str) -> tuple[Span, Span]:
    figure = Figure("breakeven", kind, about, "", side)
    return Span(UNKNOWN, Role.DOUBT, figure), Span(f" {reason}", Role.DOUBT)


def _beside(left: Row, right: Row, half: int) -> Row:
    missing = half - sum(width_of(span.text) for span in left.spans) + GAP
    return replace(left, spans=(*left.spans, Span(" " * missing), *right.spans))


def words(kinds: Mapping[BreakevenKind, Breakevens], width: int) -> Iterator[Row]:
    """Why a side has no breakeven, each reason once."""
    found: dict[str, list[str]] = {}
    for kind, label in LABELS.items():
        low, high = kinds[kind].low_note, kinds[kind].high_note
        if low and low == high:
            found.setdefault(low, []).append(label)
            continue
        for side, note in (("lower", low), ("upper", high)):
            if note:
                found.setdefault(note, []).append(f"{label} {side}")
    for note, which in found.items():
        yield from told(f"why {note}", f"{UNKNOWN} {', '.join(which)}: {note}", width)
