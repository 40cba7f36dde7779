"""The layers: one card each, what is urgent at full length, what is calm on a line."""

from collections.abc import Iterator, Sequence

from alvh_tui.assess import Assessment
from alvh_tui.figures import number
from alvh_tui.method.shrink import DIVERGENCE, INFLATION, REALISED
from alvh_tui.method.verdict import Verdict
from alvh_tui.screens.panels.layer_action import AMPLE
from alvh_tui.screens.panels.layer_card import Block, card, has_gauges
from alvh_tui.screens.panels.yardstick_line import yardstick_row
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, said
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.words import VERDICTS, flowed
from alvh_tui.why.figure import Figure

COST = "hedge cost"
OF_THE_BOOK = (COST, "carry", "quick ratio", "required return")
"""Yardsticks that read the same for every layer."""
_COST_RANK, _RULE_RANK, _BOOK_RANK = 44, 47, 66


def sheet(shown: Shown, look: Look) -> Sheet:
    assessment = shown.assessment
    if assessment is None:
        return Sheet((said("layers none", "no assessment yet"),))
    blocks = [
        block
        for layer, judged in assessment.judgement.layers.items()
        for block in card(layer, judged, shown, look)
    ]
    blocks += _of_the_book(assessment, shown, look)
    blocks.append(Block(0, tuple(shrink_rows(assessment, shown, look))))
    return Sheet(tuple(_fitting(blocks, look.height)))


def _fitting(blocks: Sequence[Block], height: int) -> Iterator[Row]:
    """What matters most, in the order in which it stands; the first line of each card always."""
    left, kept = height, set[int]()
    for place in sorted(range(len(blocks)), key=lambda place: blocks[place].rank):
        block = blocks[place]
        if len(block.rows) <= left or not block.rank:
            kept.add(place)
            left -= len(block.rows)
    for place, block in enumerate(blocks):
        if place in kept:
            yield from block.rows


def _of_the_book(assessment: Assessment, shown: Shown, look: Look) -> Iterator[Block]:
    first = next(iter(assessment.judgement.layers.values()), None)
    if first is None:
        return
    yield Block(_RULE_RANK, (said("layers all", "─" * max(look.width, 0), Role.RULE),))
    on_cards = {
        judged.sizing.binding for judged in assessment.judgement.layers.values() if has_gauges(judged)
    }
    for yardstick in first.sizing.yardsticks:
        if yardstick.id in OF_THE_BOOK and yardstick.id not in on_cards:
            rank = _COST_RANK if yardstick.id == COST else _BOOK_RANK
            row = yardstick_row(
                first, yardstick, shown, look, key=f"layers {yardstick.id}", opens=Opens("rule", yardstick.id)
            )
            yield Block(rank, (row,))


def shrink_rows(assessment: Assessment, shown: Shown, look: Look) -> Iterator[Row]:
    """shrink: no — realised 1.04 × implied."""
    verdict = assessment.judgement.shrink.verdict
    role = {Verdict.YES: Role.ACT, Verdict.UNKNOWN: Role.DOUBT}.get(verdict, Role.CALM)
    spans = [
        Span("shrink ", Role.STRONG),
        Span(VERDICTS[verdict], role),
        Span("  "),
        *_shrink_reason(assessment, shown, look),
    ]
    lines = flowed("shrink", spans, look.width, opens=Opens("rule", "shrink"))
    if verdict is Verdict.YES:
        yield from lines
    else:
        yield Row("shrink", cut(spans, look.width), Opens("rule", "shrink"))


def _shrink_reason(assessment: Assessment, shown: Shown, look: Look) -> Iterator[Span]:
    found = {reading.id: reading for reading in assessment.judgement.shrink.rules}
    realised, divergence, inflation = found[REALISED], found[DIVERGENCE], found[INFLATION]
    if divergence.verdict is Verdict.YES and inflation.verdict is Verdict.YES:
        yield Span("pronounced divergence ")
        yield Span(number(divergence.reading, 2), Role.WATCH, _figure(DIVERGENCE))
        yield Span(f", {inflation.note}")
        return
    if realised.reading is None:
        yield Span(f"waits for {REALISED}: {realised.note}", Role.DOUBT)
        return
    doubtful = shown.is_doubtful(_figure(REALISED))
    yield Span("realised ", Role.LABEL)
    yield Span(number(realised.reading, 2), Role.DOUBT if doubtful else Role.PLAIN, _figure(REALISED))
    yield Span(" × implied", Role.LABEL)
    if realised.threshold is not None and look.width >= AMPLE:
        limit = Figure("rule", REALISED, "shrink", "threshold")
        yield Span(", ", Role.LABEL)
        yield Span(f"limit {number(realised.threshold, 2)}", Role.LABEL, limit)
    waits = [r for r in (divergence, inflation) if r.verdict is Verdict.UNKNOWN]
    if assessment.judgement.shrink.verdict is Verdict.UNKNOWN and waits:
        yield Span(f"; waits for {', '.join(reading.id for reading in waits)}", Role.DOUBT)


def _figure(rule: str) -> Figure:
    return Figure("rule", rule, "shrink")
