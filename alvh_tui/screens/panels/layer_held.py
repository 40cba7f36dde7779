"""What is held of a layer on one line: how much of it, in what, for how many days, at what cost."""

from collections.abc import Iterator

from alvh_tui.assess import Assessment
from alvh_tui.book.model import Hedge, Layer
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.holding import Action
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.layers import TriggerState
from alvh_tui.screens.cells import HIDDEN, amount
from alvh_tui.screens.panels.yardstick_line import BINDS, INDENT
from alvh_tui.screens.rows import Opens, Role, Row, Span, cut, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import with_short_days
from alvh_tui.toml.text import printable
from alvh_tui.why.figure import Figure

_ROLLS_SOON = 7
"""Days ahead of its due date from which on a roll is announced."""


def held_row(layer: Layer, judged: LayerJudgement, shown: Shown, look: Look) -> Row:
    """4 of 5–6 held · VIX Dec 16 22C/32C · 26 d ◀ roll in 5 d · paid 480 $, as much of it as fits."""
    assessment = shown.assessment
    count = [Span(" " * INDENT), *_count_spans(layer, judged, look)]
    one: list[Span] = []
    days: list[Span] = []
    cost: list[Span] = []
    if assessment is not None:
        one = list(_instrument_spans(layer, judged, assessment))
        days = list(_days_spans(layer, judged, assessment))
        cost = list(_cost_spans(layer, shown, look, assessment))
    held = Span(" held", Role.LABEL)
    for spans in (
        [*count, held, *one, *days, *cost],
        [*count, held, *one, *days],
        [*count, *one, *days],
        [*count, *days, *one],
    ):
        if sum(width_of(span.text) for span in spans) <= look.width:
            break
    return Row(f"{layer} held", cut(spans, look.width), Opens("layer", layer))


def _count_spans(layer: Layer, judged: LayerJudgement, look: Look) -> Iterator[Span]:
    sizing = judged.sizing
    held = HIDDEN if look.private else str(sizing.held)
    yield Span(held if sizing.held else "none", Role.PLAIN, Figure("layer", "held", layer))
    if sizing.target is not None and sizing.target != (0, 0):
        least, most = sizing.target
        target = HIDDEN if look.private else f"{least}" if least == most else f"{least}–{most}"
        yield Span(" of ", Role.LABEL)
        yield Span(target, Role.PLAIN, Figure("layer", "target", layer))


def _instrument_spans(layer: Layer, judged: LayerJudgement, assessment: Assessment) -> Iterator[Span]:
    one = judged.sizing.instrument
    if one is not None:
        name = printable(with_short_days(one.name, assessment.at.astimezone(NEW_YORK).date()))
        yield Span(" · ", Role.LABEL)
        yield Span(name, Role.PLAIN, Figure("layer", "instrument", layer))


def _days_spans(layer: Layer, judged: LayerJudgement, assessment: Assessment) -> Iterator[Span]:
    if judged.days_left is not None:
        role = Role.WATCH if judged.action is Action.ROLL else Role.PLAIN
        yield Span(" · ", Role.LABEL)
        yield Span(f"{judged.days_left} d", role, Figure("layer", "days_left", layer))
        yield from _roll(judged, assessment)


def _cost_spans(layer: Layer, shown: Shown, look: Look, assessment: Assessment) -> Iterator[Span]:
    cost = paid(layer, assessment)
    if cost:
        yield Span(" · paid ", Role.LABEL)
        yield amount(cost, Figure("layer", "cost", layer), shown, look, signed=False)
        yield Span(" $", Role.LABEL)


def paid(layer: Layer, assessment: Assessment) -> float:
    """Premium of every hedge of the layer that the file still holds."""
    hedges = (held.figures.position for held in assessment.positions if held.figures.layer == layer)
    return sum(hedge.premium for hedge in hedges if isinstance(hedge, Hedge))


def _roll(judged: LayerJudgement, assessment: Assessment) -> Iterator[Span]:
    """Announced some days before it is due, while the layer is wanted."""
    days, state = judged.days_left, judged.state
    if days is None or state is None:
        return
    if judged.action is Action.ROLL:
        yield Span(f" {BINDS} roll", Role.WATCH)
        return
    due_in = days - assessment.rules.whole("attention.hedge_days_left")
    if state.trigger in (TriggerState.WATCH, TriggerState.TRIGGERED) and due_in <= _ROLLS_SOON:
        yield Span(f" {BINDS} roll in {due_in} d", Role.WATCH)
