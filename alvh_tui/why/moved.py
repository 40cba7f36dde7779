"""Why a breakeven has moved so far, how much room is left, and how fast it goes."""

from alvh_tui.figures import number
from alvh_tui.instruments.calendar import sessions_between
from alvh_tui.risk.breakevens import BreakevenKind
from alvh_tui.risk.migration import Migration, Sides
from alvh_tui.risk.travel import Moved, Travel
from alvh_tui.why.breakeven import KINDS, breakeven_value, side_of, since_of, travel_of
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure, Side
from alvh_tui.why.inputs import derived, index_input
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact

_NONE: Sides = (None, None)


def moved_value(figure: Figure, known: Known) -> float | None:
    travel = travel_of(figure, known)
    moved = None if travel is None else _moved(figure, travel)
    if moved is None:
        return None
    by = moved.moves if figure.name.endswith("_moves") else moved.points
    return side_of(by.get(_kind(figure), _NONE), figure.side)


def _kind(figure: Figure) -> BreakevenKind:
    return KINDS[figure.name.removesuffix("_moves")]


def _moved(figure: Figure, travel: Travel) -> Moved | None:
    if figure.when == "open":
        return travel.since_open
    if figure.when == "close":
        return travel.since_close
    if figure.when == "five":
        return travel.since_five
    place = int(figure.when.removeprefix("step ")) - 1
    return travel.since_steps[place] if 0 <= place < len(travel.since_steps) else None


def derive_moved(figure: Figure, known: Known) -> Derivation | None:
    travel = travel_of(figure, known)
    if figure.about not in known.positions:
        return None
    if travel is None:
        return not_known(figure, known, "it is no condor that is held")
    kind, on = _kind(figure), since_of(figure, travel)
    now_figure = Figure("breakeven", kind, figure.about, side=figure.side)
    then_figure = Figure("breakeven", kind, figure.about, side=figure.side, when=figure.when)
    now, then = breakeven_value(now_figure, known), breakeven_value(then_figure, known)
    inputs = [derived(now_figure, now, known), derived(then_figure, then, known)]
    value = moved_value(figure, known)
    in_moves = figure.name.endswith("_moves")
    move = travel.of.expected_move
    if in_moves:
        inputs.append(derived(Figure("position", "expected_move", figure.about), move, known))
    if value is None or now is None or then is None:
        return not_known(figure, known, _why_not(figure, travel, now, then), inputs)
    points = f"now {exact(now)} − then {exact(then)}"
    rebuilt = _moved(figure, travel)
    of_file = kind == "expiry" or (rebuilt is not None and rebuilt.rebuilt)
    known_by = "the position file" if of_file else "the history"
    said = f"then is {on}, known from {known_by}"
    if not in_moves:
        line = f"{points} = {bare(figure, value)}"
        return made(figure, known, value, (line,), inputs, assumption=said)
    line = f"({points}) ÷ expected move {exact(move or 0.0)} = {bare(figure, value)}"
    return made(figure, known, value, (line,), inputs, assumption=f"{said}; today's expected move")


def _why_not(figure: Figure, travel: Travel, now: float | None, then: float | None) -> str:
    if _moved(figure, travel) is None:
        return "it was not held then"
    if then is None:
        return "the breakeven then is unknown: nothing was recorded, or there was none on this side"
    return "there is no breakeven on this side now" if now is None else "no expected move is known"


def cushion_value(figure: Figure, known: Known) -> float | None:
    held = known.positions.get(figure.about)
    if held is None or held.migration is None:
        return None
    if figure.side:
        return side_of(held.migration.cushion, figure.side)
    sides = [side for side in held.migration.cushion if side is not None]
    return min(sides, default=None)


def derive_cushion(figure: Figure, known: Known) -> Derivation | None:
    held = known.positions.get(figure.about)
    if held is None:
        return None
    migration = held.migration
    if migration is None:
        return not_known(figure, known, "it is no condor that is held")
    side = figure.side or _nearer(migration)
    value = cushion_value(figure, known)
    travel, table = held.travel, held.breakevens
    index = index_input(known)
    if travel is None or table is None:
        return not_known(figure, known, "it is no condor that is held", (index,))
    now_figure = Figure("breakeven", "expiry", figure.about, side=side)
    open_figure = Figure("breakeven", "expiry", figure.about, side=side, when="open")
    now, entry = breakeven_value(now_figure, known), breakeven_value(open_figure, known)
    origin = {"file": "position file", "history": "daily closes"}.get(migration.spot_origin, "not known")
    opened = Input("index at the opening", number(migration.spot_at_open, 2), origin)
    inputs = [index, derived(now_figure, now, known), opened, derived(open_figure, entry, known)]
    level = travel.of.spot
    if value is None or level is None or now is None or entry is None or migration.spot_at_open is None:
        return not_known(figure, known, _no_cushion(level, migration, now, entry), inputs)
    pair = (f"{exact(level)} − {exact(now)}", f"{exact(migration.spot_at_open)} − {exact(entry)}")
    if side == "upper":
        pair = (f"{exact(now)} − {exact(level)}", f"{exact(entry)} − {exact(migration.spot_at_open)}")
    line = f"room now ({pair[0]}) ÷ room at the opening ({pair[1]}) = {bare(figure, value)}"
    said = "" if figure.side else f"the {side} side, the smaller of the two"
    return made(figure, known, value, (line,), inputs, assumption=said)


def _nearer(migration: Migration) -> Side:
    low, high = migration.cushion
    if low is None or (high is not None and high < low):
        return "upper" if high is not None else "lower"
    return "lower"


def _no_cushion(level: float | None, migration: Migration, now: float | None, entry: float | None) -> str:
    if level is None:
        return "no level of SPX"
    if migration.spot_at_open is None:
        return "the index at the opening is neither in the file nor in the daily closes"
    if now is None or entry is None:
        return "there is no breakeven on this side, now or at the opening"
    return "it was opened at or beyond its breakeven: there was no room to lose"


def speed_value(figure: Figure, known: Known) -> float | None:
    """Pace or sessions to contact, of a side or of the one that meets the index first."""
    travel = travel_of(figure, known)
    if travel is None:
        return None
    by = travel.pace if figure.kind == "pace" else travel.sessions_to_contact
    return side_of(by.get(KINDS[figure.name], _NONE), figure.side or _sooner(figure, travel))


def _sooner(figure: Figure, travel: Travel) -> Side:
    low, high = travel.sessions_to_contact.get(KINDS[figure.name], _NONE)
    return "upper" if high is not None and (low is None or high < low) else "lower"


def derive_pace(figure: Figure, known: Known) -> Derivation | None:
    if figure.about not in known.positions:
        return None
    travel = travel_of(figure, known)
    if travel is None:
        return not_known(figure, known, "it is no condor that is held")
    kind, side = KINDS[figure.name], figure.side or _sooner(figure, travel)
    now, then = travel.of.now, travel.of.standing(travel.pace_since)
    value = speed_value(figure, known)
    level = Figure("breakeven", kind, figure.about, side=side)
    inputs = [index_input(known), derived(level, breakeven_value(level, known), known)]
    passed = sessions_between(travel.pace_since, now.on)
    edge = side_of(now.kinds.get(kind, _NONE), side)
    before = None if then is None else side_of(then.kinds.get(kind, _NONE), side)
    if value is None or then is None or edge is None or before is None:
        why = travel.pace_note or f"the breakeven on {travel.pace_since} or now is unknown"
        return not_known(figure, known, why, inputs)
    origin = "position file and daily closes" if then.rebuilt else "recorded in the history"
    inputs += [
        Input(f"index on {then.on}", number(then.spot, 2), origin),
        Input(f"breakeven on {then.on}", number(before, 2), origin),
    ]
    spot_then, spot_now = exact(then.spot or 0.0), exact(now.spot or 0.0)
    rooms = (f"{spot_then} − {exact(before)}", f"{spot_now} − {exact(edge)}")
    if side == "upper":
        rooms = (f"{exact(before)} − {spot_then}", f"{exact(edge)} − {spot_now}")
    line = f"(room then ({rooms[0]}) − room now ({rooms[1]})) ÷ {passed} sessions = {bare(figure, value)}"
    said = (
        f"points a session since {travel.pace_since}, as far as the rules look back and no trade lies between"
    )
    return made(figure, known, value, (said, line), inputs)


def derive_contact(figure: Figure, known: Known) -> Derivation | None:
    if figure.about not in known.positions:
        return None
    travel = travel_of(figure, known)
    if travel is None:
        return not_known(figure, known, "it is no condor that is held")
    kind, side = KINDS[figure.name], figure.side or _sooner(figure, travel)
    pace_figure = Figure("pace", figure.name, figure.about, side=side)
    pace = speed_value(pace_figure, known)
    level = Figure("breakeven", kind, figure.about, side=side)
    edge, spot = breakeven_value(level, known), travel.of.spot
    inputs = [index_input(known), derived(level, edge, known), derived(pace_figure, pace, known)]
    value = speed_value(figure, known)
    if value is None or edge is None or spot is None:
        return not_known(figure, known, _no_contact(travel, pace, edge), inputs)
    room = f"{exact(spot)} − {exact(edge)}" if side == "lower" else f"{exact(edge)} − {exact(spot)}"
    if value == 0.0 or pace is None:
        return made(figure, known, value, ("they have met: no room is left",), inputs)
    line = f"room ({room}) ÷ pace {exact(pace, 2, 6)} = {bare(figure, value)}"
    return made(figure, known, value, (line,), inputs, assumption="if that pace goes on")


def _no_contact(travel: Travel, pace: float | None, edge: float | None) -> str:
    if edge is None:
        return "there is no breakeven on this side"
    return travel.pace_note or (
        "the pace is unknown" if pace is None else "they do not come nearer at that pace"
    )
