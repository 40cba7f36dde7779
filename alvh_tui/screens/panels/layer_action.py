"""What a layer asks for, in words, with what it would bring."""

from collections.abc import Iterator
from dataclasses import dataclass

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Layer
from alvh_tui.figures import number, percent
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.holding import Action
from alvh_tui.method.layer_attention import (
    ADD_THERE,
    LayerJudgement,
    adds_with_the_roll,
    ends,
    roll_it,
)
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.yardsticks import Yardstick
from alvh_tui.screens.cells import HIDDEN, amount, size
from alvh_tui.screens.rows import Role, Span
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import instrument_in_words, shielded
from alvh_tui.why.figure import Figure

AMPLE = 60
"""Cells from which on a sentence is written out."""
COVERAGE, EXPOSURE, SCALE = "vega coverage", "exposure share", "L2 scale"
MULTIPLES = frozenset((SCALE, "quick ratio"))
"""Yardsticks that are read as a multiple of one; the others are shares."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where so many contracts more would bring a yardstick, or the whole book's coverage."""

    label: str
    yardstick: str
    """Empty for the book's coverage."""
    before: float
    after: float


def wanted(judged: LayerJudgement) -> int:
    """Contracts that close the difference; 0 where there is none, none is known, or they are about to end."""
    sizing = judged.sizing
    if sizing.target is None or sizing.instrument is None or adds_with_the_roll(judged):
        return 0
    return max(sizing.target[0] - sizing.held, 0)


def surplus(judged: LayerJudgement) -> int:
    """Contracts more than the tightest cap or the band allows."""
    sizing = judged.sizing
    most = [bound for bound in (sizing.cap, sizing.target and sizing.target[1]) if bound is not None]
    return max(sizing.held - min(most), 0) if most else 0


def measured(yardstick: str, value: float | None) -> str:
    """A yardstick's reading: 37 %, or 0.71×."""
    if yardstick in MULTIPLES:
        return number(value, 2) + ("" if value is None else "×")
    small = value is not None and abs(value) < 0.1 and round(1000.0 * value) % 10 != 0
    return percent(value, 1 if small else 0)


def reach(judged: LayerJudgement, contracts: int, assessment: Assessment) -> Reach | None:
    """What the binding yardstick would read then; where that is unknown, the coverage."""
    layer, one = judged.sizing.layer, judged.sizing.instrument
    if one is None or not contracts:
        return None
    found = {yardstick.id: yardstick for yardstick in judged.sizing.yardsticks}
    for name in (judged.sizing.binding, COVERAGE):
        yardstick = found.get(name)
        each = None if yardstick is None else _each(judged, yardstick, assessment)
        if yardstick is not None and yardstick.reading is not None and each is not None:
            label = f"{layer}'s coverage" if name == COVERAGE else name
            after = yardstick.reading + contracts * each
            return Reach(label, name, yardstick.reading, after)
    totals = assessment.totals
    if not totals.complete or totals.vega_coverage is None or not totals.condors_vix_dollars:
        return None
    more = contracts * one.vix_dollars / abs(totals.condors_vix_dollars)
    return Reach("the book's coverage", "", totals.vega_coverage, totals.vega_coverage + more)


def _each(judged: LayerJudgement, yardstick: Yardstick, assessment: Assessment) -> float | None:
    """What one contract adds to a yardstick; None where the assessment does not tell."""
    one, sizing, rules = judged.sizing.instrument, judged.sizing, assessment.rules
    if one is None or not yardstick.reading:
        return _coverage_each(one.vix_dollars, assessment) if one and yardstick.id == COVERAGE else None
    if yardstick.id == COVERAGE:
        return _coverage_each(one.vix_dollars, assessment)
    if yardstick.id == EXPOSURE:
        at = rules.number("sizing.exposure-share.shock")
        gain = next((shock.gain for shock in sizing.shocks if shock.vix_points == at), None)
        return None if not gain else one.gain_at_shock * yardstick.reading / gain
    if yardstick.id == SCALE and one.held and len(positions_of(sizing.layer, assessment)) == 1:
        return yardstick.reading / sizing.held
    return None


def _coverage_each(vix_dollars: float, assessment: Assessment) -> float | None:
    totals = assessment.totals
    if not totals.complete or not totals.condors_vix_dollars:
        return None
    return vix_dollars / abs(totals.condors_vix_dollars)


def positions_of(layer: Layer, assessment: Assessment) -> tuple[str, ...]:
    """Hedges of that layer, in the file's order."""
    return tuple(
        held.figures.position.id
        for held in assessment.positions
        if held.figures.layer == layer and held.figures.legs
    )


def action_word(judged: LayerJudgement, look: Look) -> str:
    """ADD 5, hold, roll; empty where there is nothing to do."""
    action, count = judged.action, 0
    if action is Action.NOTHING:
        return ""
    if action is Action.ADD:
        count = wanted(judged)
    elif action is Action.TRIM:
        count = surplus(judged)
    elif action is Action.UNWIND:
        count = judged.sizing.held
    word = action.value.upper() if action is Action.ADD else action.value
    return f"{word} {count}" if count and not look.private else word


def action_in_words(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Span]:
    """What is to be done, then what is odd about it; nothing where the word says it all."""
    sentences = (
        tuple(_action(judged, shown, look)),
        tuple(_still(judged)),
        tuple(_flattening(judged, shown, look)),
    )
    for place, spans in enumerate(filter(None, sentences)):
        yield from ((Span("; "), *spans) if place else spans)


def _action(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Span]:
    action, sizing = judged.action, judged.sizing
    triggered = judged.state is not None and judged.state.trigger is TriggerState.TRIGGERED
    if action in (Action.ADD, Action.PREPARE):
        yield from _add(judged, shown, look)
    elif action is Action.ROLL:
        if judged.ending != sizing.held and not look.private:
            yield Span(f"{judged.ending} of ")
        yield Span(_count(sizing.held, look), Role.PLAIN, _about(judged, "held"))
        yield Span(" held ")
        yield Span(ends(judged), Role.WATCH, _about(judged, "days_left"))
        yield Span(f": {roll_it(judged)}")
        if triggered and adds_with_the_roll(judged):
            yield Span(ADD_THERE)
        elif triggered and wanted(judged):
            yield Span("; ")
            yield from _add(judged, shown, look)
    elif action is Action.TRIM:
        limit = sizing.cap_by if sizing.cap is not None and sizing.held > sizing.cap else sizing.binding
        yield Span(_count(surplus(judged), look), Role.WATCH, _about(judged, "held"))
        yield Span(f" fewer are enough, by {limit}" if limit else f" held; {sizing.note}")
    elif action is Action.UNWIND:
        yield from _unwind(judged, shown, look)
    elif triggered and judged.holding is None:
        yield Span(f"whether that is enough is unknown: {sizing.note}", Role.DOUBT)
    elif triggered and sizing.binding and sizing.binding == sizing.cap_by and sizing.full:
        yield Span(f"{sizing.cap_by} allows no more")


def _add(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Span]:
    sizing, more, assessment = judged.sizing, wanted(judged), shown.assessment
    if sizing.full:
        yield Span(f"{sizing.cap_by} allows no more")
        return
    if sizing.instrument is None or sizing.target is None or assessment is None:
        yield Span(shielded(sizing.note, look))
        return
    if not more:
        return
    ample = look.width >= AMPLE
    triggered = judged.state is not None and judged.state.trigger is TriggerState.TRIGGERED
    name = instrument_in_words(sizing.instrument.name, more, assessment.at.astimezone(NEW_YORK).date())
    pressing = triggered and judged.state is not None and not judged.state.is_far
    yield Span(_count(more, look), Role.ACT if pressing else Role.WATCH, _about(judged, "to_add"))
    yield Span(f" more {name}" if sizing.held else f" {name}")
    found = reach(judged, more, assessment)
    if found is not None:
        bring = "bring" if triggered else "would bring"
        yield Span(f" {bring} {found.label} from " if ample else f": {found.label} ")
        yield Span(measured(found.yardstick, found.before), Role.PLAIN, _reading(judged, found))
        yield Span(" to " if ample else " → ")
        yield Span(measured(found.yardstick, found.after), Role.STRONG)
    if sizing.binding == sizing.cap_by:
        yield Span(f"; {sizing.cap_by} allows no more")
    elif sizing.binding and (found is None or found.yardstick != sizing.binding):
        yield Span(f"{',' if found is not None else ''} as {sizing.binding} asks")


def _still(judged: LayerJudgement) -> Iterator[Span]:
    lingering = None if judged.state is None else judged.state.lingering
    if lingering is not None:
        yield Span(f"still triggered: release needs {lingering.needs}")


def _flattening(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Span]:
    """Where a layer that is to flatten delta does not."""
    found = judged.flattening
    if found is None or not found.fails:
        return
    ample = look.width >= AMPLE
    yield Span("delta ", Role.WATCH)
    yield size(found.without, Figure("total", "delta_without_L3"), shown, look, 1)
    yield Span(" without it, " if ample else " → ", Role.WATCH)
    yield size(found.held, Figure("total", "spx_delta"), shown, look, 1)
    said = f" with it: {found.verb}{' instead of flattened' if ample else ''}"
    yield Span(said, Role.WATCH)


def _unwind(judged: LayerJudgement, shown: Shown, look: Look) -> Iterator[Span]:
    yield Span(f"unwind the {_count(judged.sizing.held, look)} held: ")
    if judged.unwind_value is None:
        yield Span("what that realises is unknown", Role.DOUBT)
        return
    yield Span("worth ")
    yield amount(judged.unwind_value, _about(judged, "unwind_value"), shown, look, signed=False)
    yield Span(" $ at its marks, ")
    yield amount(judged.unwind_pnl, _about(judged, "unwind_pnl"), shown, look)
    yield Span(" $ realised")


def _count(count: int, look: Look) -> str:
    return HIDDEN if look.private else str(count)


def _about(judged: LayerJudgement, name: str) -> Figure:
    return Figure("layer", name, judged.sizing.layer)


def _reading(judged: LayerJudgement, found: Reach) -> Figure:
    if not found.yardstick:
        return Figure("total", "vega_coverage")
    return Figure("yardstick", found.yardstick, judged.sizing.layer)
