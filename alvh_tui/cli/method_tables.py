"""What the method says of a book, as tables."""

from rich.text import Text

from alvh_tui.cli.grid import NAME, Column, Grid
from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.method.attention import Severity
from alvh_tui.method.judgement import Judgement
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.layers import TriggerState
from alvh_tui.method.verdict import Verdict

GLYPHS = {Severity.ACT: "▲", Severity.SOON: "●", Severity.KNOW: "·"}
WORD = Column(right=False)


def attention(judgement: Judgement) -> Grid | Text:
    if not judgement.attention:
        return Text("Nothing needs you.")
    grid = Grid("", [WORD, WORD, WORD])
    for item in judgement.attention:
        grid.add(GLYPHS[item.severity], item.position or "market", item.text, note=item.rule)
    return grid


def layers(judgement: Judgement) -> Grid:
    words = ("trigger", "since", "holding", "action")
    grid = Grid(
        "Layers",
        [NAME, *(Column(word, right=False) for word in words), Column("held"), Column("target"),
         Column("to trigger", rank=1), Column("counted in", right=False, rank=2)],
    )  # fmt: skip
    for layer, judged in judgement.layers.items():
        state, sizing = judged.state, judged.sizing
        ahead = None if state is None else state.next_trigger
        grid.add(
            layer,
            UNKNOWN if state is None else state.trigger.value,
            UNKNOWN if state is None else f"{state.since:%b %d}",
            UNKNOWN if judged.holding is None else judged.holding.value,
            judged.action.value,
            str(sizing.held),
            UNKNOWN if sizing.target is None else f"{sizing.target[0]}–{sizing.target[1]}",
            UNKNOWN if ahead is None else f"{number(ahead.distance, 1, signed=True)} to {ahead.vix:g}",
            "" if sizing.instrument is None else sizing.instrument.name,
            note=f"bound by {sizing.binding}" if sizing.binding else sizing.note,
        )
    grid.add("shrink", judgement.shrink.verdict.value, *[""] * 7, note="the condors themselves")
    return grid


def yardsticks(judgement: Judgement) -> Grid:
    """Of the layers that are held, on watch or due; the others' are in the JSON."""
    grid = Grid("Yardsticks", [NAME, WORD, Column("reading"), Column("band"), Column("contracts")])
    for judged in judgement.layers.values():
        for yardstick in judged.sizing.yardsticks if _matters(judged) else ():
            binding = "◀ " if yardstick.id == judged.sizing.binding else ""
            grid.add(
                judged.sizing.layer,
                yardstick.id,
                number(yardstick.reading, 2),
                _span(yardstick.low, yardstick.high, 2),
                _span(yardstick.least, yardstick.most, 0),
                note=f"{binding}{yardstick.note}",
            )
        if _matters(judged) and judged.sizing.held:
            gains = (f"+{shock.vix_points:g}: {percent(shock.coverage)}" for shock in judged.sizing.shocks)
            grid.add(judged.sizing.layer, "if VIX jumps", "", "", "", note="coverage at " + ", ".join(gains))
    return grid


def _matters(judged: LayerJudgement) -> bool:
    idle = judged.state is None or judged.state.trigger is TriggerState.IDLE
    return bool(judged.sizing.held) or not idle


def _span(low: float | None, high: float | None, digits: int) -> str:
    if low is None and high is None:
        return UNKNOWN
    if low is None:
        return f"≤ {number(high, digits)}"
    if high is None:
        return f"≥ {number(low, digits)}"
    return f"{number(low, digits)}–{number(high, digits)}"


def condor_rules(judgement: Judgement) -> Grid:
    grid = Grid("Rules", [NAME, WORD, Column("reading"), Column("against"), WORD])
    for name, readings in judgement.condor_rules.items():
        for reading in readings:
            grid.add(
                name,
                reading.id,
                number(reading.reading, 2),
                number(reading.threshold, 2),
                reading.verdict.value,
                note=reading.note,
            )
    return grid


def signals(judgement: Judgement) -> Grid:
    """A verdict that rests on a live value standing in for the close is marked ~."""
    grid = Grid(
        "Signals", [NAME, Column("reading"), Column("threshold"), WORD, Column("since", right=False, rank=1)]
    )
    for signal in judgement.signals:
        passing = signal.provisional and signal.verdict is not Verdict.UNKNOWN
        grid.add(
            signal.id,
            number(signal.reading, 2),
            number(signal.threshold, 2),
            signal.verdict.value + (" ~" if passing else ""),
            UNKNOWN if signal.since is None else signal.since.isoformat(),
            note=signal.note,
        )
    return grid
