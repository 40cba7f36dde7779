"""Whether a fall is speeding up."""

import numpy as np

from alvh_tui.method.arrays import before
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.signals.realised import TRADING_DAYS
from alvh_tui.method.verdict import any_of, judged

DIGITS = 9
"""From 15 to 18 is 20 %, whatever binary fractions make of it."""


@signal(
    "vol.acceleration",
    "The fall is speeding up: a loss beyond so many of the daily deviations that VIX implied the close "
    "before, or a leap of VIX in one session, or a stretch of loss larger than the stretch before it.",
    source="S3",
    keys=("vol.acceleration",),
)
def acceleration(frame: Frame) -> Track:
    rules = frame.rules
    deviations, leap = (rules.number(f"vol.acceleration.{name}") for name in ("loss_deviations", "vix_rise"))
    stretch = rules.whole("vol.acceleration.stretch_sessions")
    least = rules.number("vol.acceleration.stretch_loss")

    loss = frame.figure(
        ("spx", "vix"),
        lambda spx, vix: (1.0 - spx / before(spx, 1)) / (before(vix, 1) / 100.0 / np.sqrt(TRADING_DAYS)),
    )
    rise = frame.figure(("vix",), lambda vix: np.round(vix / before(vix, 1) - 1.0, DIGITS))
    lost = frame.figure(("spx",), lambda spx: 1.0 - spx / before(spx, stretch))
    lost_before = frame.figure(("spx",), lambda spx: before(1.0 - spx / before(spx, stretch), stretch))
    parts = (
        judged(loss > deviations, np.isfinite(loss)),
        judged(rise >= leap, np.isfinite(rise)),
        judged((lost > lost_before) & (lost > least), np.isfinite(lost_before)),
    )
    verdict = any_of(parts)

    def note(row: int) -> str:
        said = (
            f"a loss of {loss[row]:.1f} deviations",
            f"VIX up {rise[row]:.0%} in a session",
            f"{lost[row]:.1%} lost in {stretch} sessions after {max(lost_before[row], 0.0):.1%}",
        )
        if verdict[row] < 0:
            return frame.lacking(("spx", "vix"), 2 * stretch + 1, row)
        return ", ".join(text for part, text in zip(parts, said, strict=True) if part[row] > 0)

    return Track(loss, verdict, deviations, note)
