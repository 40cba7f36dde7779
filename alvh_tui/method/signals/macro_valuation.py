"""What the index costs, by figures the user supplies."""

import numpy as np

from alvh_tui.method.prints import Prints, prints_of
from alvh_tui.method.signal import Frame, Track, signal
from alvh_tui.method.verdict import judged


@signal(
    "macro.valuation",
    "The index is rich by price to earnings or price to cash flow. The figures are the user's own: events"
    " named PE and PCF in the events file, with their date.",
    source="S0 S1 S3 S4",
    keys=("macro.valuation",),
)
def macro_valuation(frame: Frame) -> Track:
    rules = frame.rules
    stale = rules.whole("macro.valuation.stale_days")
    earnings, cash_flow = prints_of(frame, "PE", stale), prints_of(frame, "PCF", stale)
    rich = [rules.number("macro.valuation.pe_rich"), rules.number("macro.valuation.pcf_rich")]
    cheap = [rules.number("macro.valuation.pe_cheap"), rules.number("macro.valuation.pcf_cheap")]
    by_earnings = np.isfinite(earnings.figure)
    reading = np.where(by_earnings, earnings.figure, cash_flow.figure)
    threshold = np.where(by_earnings, rich[0], rich[1])
    met = (earnings.figure > rich[0]) | (cash_flow.figure > rich[1])
    verdict = judged(met, np.isfinite(reading))

    def note(row: int) -> str:
        measures = zip((earnings, cash_flow), rich, cheap, strict=True)
        said = [text for found, above, below in measures if (text := _said(found, row, above, below))]
        return ", ".join(said) or "no PE and no PCF in the events file"

    return Track(reading, verdict, threshold, note)


def _said(found: Prints, row: int, rich: float, cheap: float) -> str:
    figure = float(found.figure[row])
    if np.isnan(figure):
        return ""
    word = "rich" if figure > rich else "cheap" if figure < cheap else "fair"
    return f"{found.name} {figure:g} {word}, {found.on[row]}"
