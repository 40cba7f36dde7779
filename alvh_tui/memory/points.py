"""What is recorded of an assessment: its figures and its states, by name."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.book.write import book_text
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.market.freshness import close_of
from alvh_tui.method.sizing import LayerSizing
from alvh_tui.method.yardsticks import yardsticks
from alvh_tui.risk.breakevens import KINDS, BreakevenTable
from alvh_tui.risk.session import session_began

Figures = dict[str, float | None]
CAP_OF_A_LAYER = "risk cap"
OVER = "over"
"""The state of a cap that is exceeded."""

DECIMALS = {
    "spx": 2, "vix": 2, "pnl": 2, "mark": 4, "delta": 3, "delta_hedged": 3, "gamma": 6, "vega": 2, "theta": 2,
    "hedge_vix_dollars": 2, "expected_move": 2, "coverage": 4,
}  # fmt: skip
BREAKEVEN_DECIMALS, SHARE_DECIMALS, OTHER_DECIMALS = 2, 4, 6


def decimals_of(name: str) -> int:
    """How exactly a figure is kept: as finely as a trader reads it, and a little finer."""
    last = name.rpartition(".")[2]
    if name.startswith("signal."):
        return OTHER_DECIMALS
    if last in ("low", "high"):
        return SHARE_DECIMALS if ".cushion." in name else BREAKEVEN_DECIMALS
    return DECIMALS.get(last, OTHER_DECIMALS)


def session_of(assessment: Assessment) -> date:
    """The session the quotes are of."""
    return session_began(assessment.market).date()


def is_intraday(assessment: Assessment) -> bool:
    today = assessment.at.astimezone(NEW_YORK).date()
    return assessment.session == "open" and session_of(assessment) == today


def is_close(assessment: Assessment) -> bool:
    """The quotes were true at the closing bell of their session or later."""
    market = assessment.market
    return market.time - market.delay >= close_of(session_of(assessment))


def figures_of(assessment: Assessment) -> Figures:
    totals, valuation = assessment.totals, assessment.valuation
    figures: Figures = {
        "market.spx": valuation.spot,
        "market.vix": valuation.vix,
        "book.pnl": totals.pnl,
        "book.delta": totals.spx_delta,
        "book.delta_hedged": totals.spx_delta_hedged,
        "book.gamma": totals.gamma,
        "book.vega": totals.vega,
        "book.theta": totals.net_theta,
        "book.coverage": totals.vega_coverage,
        "book.hedge_vix_dollars": totals.hedge_vix_dollars,
        "book.hedge_cost_share": totals.hedge_cost_pct_credit,
    }
    figures.update(_breakevens("book", assessment.book_breakevens))
    for position in assessment.positions:
        figures.update(_position(position))
    figures.update((f"signal.{signal.id}", signal.reading) for signal in assessment.judgement.signals)
    return figures


def _position(position: PositionAssessment) -> Iterator[tuple[str, float | None]]:
    figures = position.figures
    if not figures.legs:
        return
    name = f"{figures.kind}.{figures.position.id}"
    yield f"{name}.pnl", figures.pnl
    yield f"{name}.mark", figures.mark
    for greek in ("delta", "gamma", "vega", "theta"):
        yield f"{name}.{greek}", None if figures.greeks is None else getattr(figures.greeks, greek)
    if figures.kind == "condor":
        yield f"{name}.expected_move", figures.expected_move
    if position.migration is not None:
        yield f"{name}.cushion.low", position.migration.cushion[0]
        yield f"{name}.cushion.high", position.migration.cushion[1]
    yield from _breakevens(name, position.breakevens)


def _breakevens(name: str, table: BreakevenTable | None) -> Iterator[tuple[str, float | None]]:
    if table is None:
        return
    for kind in KINDS:
        yield f"{name}.{kind}.low", table.kinds[kind].low
        yield f"{name}.{kind}.high", table.kinds[kind].high


def states_of(assessment: Assessment) -> dict[str, str]:
    """What changes by steps: layers, signals, advice, what the book and the rules say. Unknown is a state."""
    judgement = assessment.judgement
    states = {f"signal.{signal.id}": signal.verdict.value for signal in judgement.signals}
    states["shrink"] = judgement.shrink.verdict.value
    for layer, judged in judgement.layers.items():
        states[f"layer.{layer}"] = "unknown" if judged.state is None else judged.state.trigger.value
        states[f"layer.{layer}.holding"] = "unknown" if judged.holding is None else judged.holding.value
        states[f"layer.{layer}.action"] = judged.action.value
        states.update(_caps(layer, judged.sizing))
    for item in judgement.attention:
        name = f"attention.{item.position or 'book'}.{item.rule}"
        states[name] = max(states.get(name, ""), item.severity.name.lower(), key=_SEVERITIES.index)
    states["book"] = sha256(book_text(assessment.book).encode()).hexdigest()[:12]
    states["rules"] = assessment.rules.fingerprint
    return states


def _caps(layer: str, sizing: LayerSizing) -> Iterator[tuple[str, str]]:
    """Of each cap whether it is exceeded; what bounds the book as a whole is the same for every layer."""
    for yardstick in sizing.yardsticks:
        if yardsticks()[yardstick.id].role == "cap":
            of = layer if yardstick.id == CAP_OF_A_LAYER else "book"
            if yardstick.reading is None or yardstick.high is None:
                state = "unknown"
            else:
                state = OVER if yardstick.reading > yardstick.high else "within"
            yield f"cap.{of}.{yardstick.id}", state


_SEVERITIES = ("", "know", "soon", "act")


def keeps_its_point(name: str) -> bool:
    """Whether all figures of the moment this state changed are kept for good."""
    return not name.startswith(("attention.", "cap."))
