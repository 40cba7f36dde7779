"""The strong underlying bid that lets layer 2 wait."""

from alvh_tui.method.arrays import mean
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import all_of, named, opposite


@signal(
    "bid.underlying",
    "A strong underlying bid: SPX above its mean, breadth not diverging, inflation contained, rates "
    "stable. While it holds, a rise in VIX is tolerated for longer.",
    source="S4",
    keys=("bid.underlying",),
    warns=False,
)
def bid_underlying(frame: Frame) -> Track:
    sessions = frame.rules.whole("bid.underlying.sessions")
    above = frame.figure(("spx",), lambda spx: spx / mean(spx, sessions) - 1.0)
    trend = frame.measured(above, above > 0.0, (("spx",), sessions))
    others = ("breadth.divergence", "macro.inflation", "macro.rates")
    warnings = [frame.track(name) for name in others]
    verdict = all_of([trend.verdict, *(opposite(warning.verdict) for warning in warnings)])

    def note(row: int) -> str:
        if trend.verdict[row] < 0:
            return trend.note(row)
        below = "" if trend.verdict[row] > 0 else f"SPX below its {sessions}-session mean"
        stand = (
            f"{'waits for ' if warning.verdict[row] < 0 else ''}{name}"
            f"{'' if warning.verdict[row] < 0 else f' {named(warning.verdict[row])}'}"
            for name, warning in zip(others, warnings, strict=True)
            if warning.verdict[row] != 0
        )
        return ", ".join(text for text in (below, *stand) if text)

    return Track(above, verdict, 0.0, note)
