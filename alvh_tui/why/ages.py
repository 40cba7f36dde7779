"""How old a figure is: as old as the worst of what it is made of."""

from collections.abc import Callable, Mapping

from alvh_tui.assess import Assessment
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.age import Age
from alvh_tui.why.derivation import UNDATED
from alvh_tui.why.figure import Figure, FigureKind
from alvh_tui.why.known import NO_QUOTE, Aged, Known, known, oldest

MARKET_SYMBOLS: Mapping[str, tuple[str, ...]] = {
    "spx_change": ("^SPX", "^GSPC"), "vix_change": ("^VIX",), "vix9d": ("^VIX9D",), "vix3m": ("^VIX3M",),
    "vix6m": ("^VIX6M",), "vvix": ("^VVIX",), "skew": ("^SKEW",),
}  # fmt: skip
"""What Yahoo calls the indices of the market strip."""
_OF_THE_FILE = frozenset(
    ("credit", "cash", "fees", "contracts", "max_profit", "max_loss", "margin", "dte", "hedge_cost")
)
_DOUBTFUL = frozenset((Age.STALE, Age.OLD, Age.NONE))
_PAST = frozenset(("open", "close", "five"))


def age_of_figure(figure: Figure, assessment: Assessment) -> Aged:
    """Seconds and state; no seconds where it rests on nothing that is quoted."""
    return age_of(figure, known(assessment))


def is_doubtful(figure: Figure, assessment: Assessment) -> bool:
    """Whether it is older than its source should be, or rests on something nobody quotes."""
    return age_of_figure(figure, assessment)[1] in _DOUBTFUL


def age_of(figure: Figure, facts: Known) -> Aged:
    return _AGES[figure.kind](figure, facts)


def _of_market(figure: Figure, facts: Known) -> Aged:
    match figure.name:
        case "spx":
            return facts.of_index
        case "vix":
            return facts.of_vix
        case "vix9d_vix" | "vix_vix3m":
            other = "^VIX9D" if figure.name == "vix9d_vix" else "^VIX3M"
            return oldest((facts.of_vix, facts.of_quote(other)))
        case "session" | "time_left" | "event":
            return UNDATED
        case "age" | "forward" | "atm":
            return facts.of_market
        case "rate":
            return facts.of_market if facts.assessment.valuation.rate.origin != "rules" else UNDATED
    return facts.of_quote(*MARKET_SYMBOLS.get(figure.name, ()))


def _of_position(figure: Figure, facts: Known) -> Aged:
    if figure.name in _OF_THE_FILE:
        return UNDATED
    if figure.name == "expected_move":
        return facts.of_market
    return facts.of_position(figure.about)


def short_contract(figure: Figure, facts: Known) -> Contract | None:
    """The contract behind a short strike."""
    held = facts.positions.get(figure.about)
    legs = () if held is None else held.figures.legs
    contracts = (leg.leg.contract for leg in legs if leg.leg.quantity < 0)
    return next((c for c in contracts if c.strike and f"{c.strike:g}{c.right}" == figure.detail), None)


def _of_short(figure: Figure, facts: Known) -> Aged:
    if figure.name in ("strike", "quantity"):
        return UNDATED
    if figure.name in ("distance", "distance_pct"):
        return facts.of_index
    if figure.name == "distance_moves":
        return oldest((facts.of_index, facts.of_market))
    contract = short_contract(figure, facts)
    return NO_QUOTE if contract is None else facts.of_contract(contract)


def _of_leg(figure: Figure, facts: Known) -> Aged:
    leg = facts.leg(figure.about, figure.detail)
    if figure.name == "quantity":
        return UNDATED
    return NO_QUOTE if leg is None else facts.of_mark(leg.mark)


def _of_breakeven(figure: Figure, facts: Known) -> Aged:
    kind, table = figure.name, facts.table(figure.about)
    if figure.when in _PAST or figure.when.startswith("step") or kind in ("expiry", "expiry_hedge_cost"):
        return UNDATED
    parts = [facts.of_index] if kind == "today" else [facts.of_index, facts.of_vix]
    if kind.endswith("hedged") and table is not None:
        parts.append(facts.of_hedges(table.hedges))
    if kind.startswith("today"):
        parts += [facts.of_position(condor.id) for condor in facts.condors_of(figure.about)]
    return oldest(parts)


def _of_moved(figure: Figure, facts: Known) -> Aged:
    kind = figure.name.removesuffix("_moves")
    now = _of_breakeven(Figure("breakeven", kind, figure.about, side=figure.side), facts)
    return oldest((now, facts.of_market)) if figure.name.endswith("_moves") else now


def _of_room(figure: Figure, facts: Known) -> Aged:
    """Cushion, pace and contact: the index against a breakeven."""
    kind = "expiry" if figure.kind == "cushion" else figure.name
    return oldest((facts.of_index, _of_breakeven(Figure("breakeven", kind, figure.about), facts)))


def _of_total(figure: Figure, facts: Known) -> Aged:
    name = figure.name
    if name in _OF_THE_FILE or name == "hedge_cost_pct_credit":
        return UNDATED
    if name.startswith("hedge"):
        return facts.of_kind("hedge")
    return facts.of_kind("condor") if name.startswith("condors") else facts.of_book


def _of_explained(figure: Figure, facts: Known) -> Aged:
    return facts.of_position(figure.about) if figure.about else facts.of_book


def _of_layer(figure: Figure, facts: Known) -> Aged:
    name = figure.name
    if name in ("held", "cost", "days_left", "instrument"):
        return UNDATED
    if name in ("trigger", "action", "since", "next_trigger", "next_distance"):
        judged = next(
            (j for layer, j in facts.assessment.judgement.layers.items() if layer == figure.about), None
        )
        live = judged is not None and judged.state is not None and judged.state.provisional
        return oldest((facts.of_index, facts.of_vix)) if live else facts.of_closes
    return facts.of_book


def _of_yardstick(figure: Figure, facts: Known) -> Aged:
    if figure.detail in ("low", "high") or figure.name in ("risk cap", "hedge cost"):
        return UNDATED
    return facts.of_book


def _of_signal(figure: Figure, facts: Known) -> Aged:
    signal = facts.signals.get(figure.about)
    return NO_QUOTE if signal is None else facts.of_signal(signal)


def _of_rule(figure: Figure, facts: Known) -> Aged:
    if figure.about in facts.positions:
        return facts.of_position(figure.about)
    found, last = facts.readings.get((figure.about, figure.name)), facts.last_close
    if found is not None and found.on is not None and last is not None and found.on < last:
        return UNDATED
    signal = facts.signals.get(figure.name)
    return facts.of_closes if signal is None else facts.of_signal(signal)


def _of_scenario(figure: Figure, facts: Known) -> Aged:
    held = facts.of_position(figure.about) if figure.about else facts.of_book
    return oldest((held, facts.of_index, facts.of_vix))


def _of_link(figure: Figure, facts: Known) -> Aged:
    origin = facts.assessment.valuation.link.origins.get(figure.name)
    return facts.of_closes if origin == "history" else UNDATED


def _of_source(figure: Figure, facts: Known) -> Aged:
    source = facts.sources.get(figure.about)
    moment = None if source is None else source.quote_time
    return NO_QUOTE if moment is None else facts.of_moment(moment)


_AGES: Mapping[FigureKind, Callable[[Figure, Known], Aged]] = {
    "market": _of_market, "position": _of_position, "short": _of_short, "leg": _of_leg,
    "breakeven": _of_breakeven, "moved": _of_moved, "cushion": _of_room, "pace": _of_room,
    "contact": _of_room, "total": _of_total, "explained": _of_explained, "layer": _of_layer,
    "yardstick": _of_yardstick, "signal": _of_signal, "rule": _of_rule, "payoff": _of_scenario,
    "grid": _of_scenario, "link": _of_link, "source": _of_source,
}  # fmt: skip
