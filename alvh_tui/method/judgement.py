"""What the method says of one book in one market: signals, layers, sizes, and what needs attention."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from alvh_tui.book.model import Book, Layer
from alvh_tui.instruments.calendar import NEW_YORK, sessions_between
from alvh_tui.market.types import History
from alvh_tui.method.attention import Attention, Held, attention_to, attention_to_data, ranked
from alvh_tui.method.book_facts import book_facts
from alvh_tui.method.closes import Closes, closes_of, with_live
from alvh_tui.method.condor_rules import CondorView, read_condor_rules
from alvh_tui.method.holding import Action, action_for, holding_state
from alvh_tui.method.layer_attention import LayerJudgement, attention_to_caps, attention_to_layers
from alvh_tui.method.layers import TriggerState, run_layers
from alvh_tui.method.macro import calendar_of, events_named
from alvh_tui.method.measure import measure
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import LayerState, layer_states
from alvh_tui.method.reference import Reference
from alvh_tui.method.rules import Rules
from alvh_tui.method.shrink import Shrink, shrink
from alvh_tui.method.signal import Signal
from alvh_tui.method.sizing import LayerSizing, size_layers
from alvh_tui.method.yardsticks import BookView
from alvh_tui.risk.breakevens import BreakevenTable
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.totals import Totals
from alvh_tui.risk.valuation import Valuation

LIVE_SERIES = {
    "^SPX": "spx", "^VIX": "vix", "^VIX9D": "vix9d", "^VIX3M": "vix3m", "^VIX6M": "vix6m", "^VVIX": "vvix",
    "^SKEW": "skew", "RSP": "rsp", "SPY": "spy", "VNQ": "vnq", "DX-Y.NYB": "dxy",
}  # fmt: skip
"""Which quote stands in for today's close of which series."""


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    signals: tuple[Signal, ...]
    layers: Mapping[Layer, LayerJudgement]
    condor_rules: Mapping[str, tuple[Reading, ...]]
    """By condor."""
    shrink: Shrink
    attention: tuple[Attention, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What `risk` found for a book; everything the method builds on."""

    book: Book
    valuation: Valuation
    figures: Mapping[str, PositionFigures]
    tables: Mapping[str, BreakevenTable]
    migrations: Mapping[str, Migration]
    totals: Totals
    references: Mapping[Layer, Reference]


def judge(priced: Priced, rules: Rules) -> Judgement:
    valuation = priced.valuation
    closes = closes_at(valuation)
    measured = measure(closes, valuation.snapshot.events, rules)
    run = run_layers(measured, book_facts(priced.book, closes))
    states = {state.id: state for state in layer_states(run)}
    views = _condor_views(priced, rules)
    readings = {name: read_condor_rules(view) for name, view in views.items()}
    sizings = size_layers(_book_view(priced, rules, states, readings), priced.references)
    layers = {sizing.layer: _layer(sizing, states.get(sizing.layer), priced, rules) for sizing in sizings}
    held = [Held(f, priced.migrations.get(name), valuation, rules) for name, f in priced.figures.items()]
    found = [
        *attention_to(held),
        *attention_to_layers(layers),
        *attention_to_caps(layers, rules),
        *attention_to_data(valuation.snapshot.sources),
    ]
    return Judgement(measured.signals(), layers, readings, shrink(measured), ranked(found))


def closes_at(valuation: Valuation) -> Closes:
    """Daily closes, with today's live values as a provisional last one until the day's own close is known."""
    snapshot = valuation.snapshot
    today = snapshot.time.astimezone(NEW_YORK).date()
    history = snapshot.history or History(np.array([], dtype="datetime64[D]"), {})
    if len(history.days) and history.days[-1] >= np.datetime64(today):
        return closes_of(history.until(today))
    return with_live(history, today, _live_values(valuation))


def _live_values(valuation: Valuation) -> dict[str, float | None]:
    quotes = valuation.snapshot.quotes
    live = {series: quotes[symbol].last for symbol, series in LIVE_SERIES.items() if symbol in quotes}
    live["spx"], live["vix"] = valuation.spot, valuation.vix
    forwards = sorted(
        (market.expiry, market.forward)
        for market in valuation.markets.values()
        if market.root == "VIX" and market.forward is not None and market.years > 0
    )
    for name, (_, forward) in zip(("vx1", "vx2"), forwards, strict=False):
        live[name] = forward
    return live


def _condor_views(priced: Priced, rules: Rules) -> dict[str, CondorView]:
    return {
        condor.id: CondorView(
            condor,
            priced.figures[condor.id],
            priced.tables[condor.id],
            priced.migrations[condor.id],
            priced.valuation,
            rules,
        )
        for condor in priced.book.condors
        if condor.id in priced.tables
    }


def _book_view(
    priced: Priced,
    rules: Rules,
    states: Mapping[Layer, LayerState],
    readings: Mapping[str, tuple[Reading, ...]],
) -> BookView:
    first = states.get("L1")
    momentum = first is not None and any(r.id.startswith("L1.early") for r in first.rules)
    return BookView(
        account=priced.book.account,
        figures=tuple(priced.figures.values()),
        totals=priced.totals,
        valuation=priced.valuation,
        rules=rules,
        momentum=momentum,
        scale=_l2_scale(priced, rules),
        condor_return=_return_on_margin(priced, readings),
    )


def _l2_scale(priced: Priced, rules: Rules) -> float | None:
    """1 outside an FOMC window; inside it the more, the more of the cushion is used up."""
    today = priced.valuation.at.astimezone(NEW_YORK).date()
    events = events_named(calendar_of(priced.valuation.snapshot.events), "FOMC")
    ahead = [sessions_between(today, event.on) for event in events if event.on >= today]
    if not ahead or min(ahead) > rules.whole("events.window.sessions"):
        return 1.0
    cushions = [c for migration in priced.migrations.values() for c in migration.cushion if c is not None]
    if not cushions:
        return None
    low, high = rules.number("sizing.l2-scale.low"), rules.number("sizing.l2-scale.high")
    used = min(max(1.0 - min(cushions), 0.0), 1.0)
    return min(low + used, high)


def _return_on_margin(priced: Priced, readings: Mapping[str, tuple[Reading, ...]]) -> float | None:
    """The condors' `condor.irr`, weighted by margin."""
    weighted = margins = 0.0
    for name, found in readings.items():
        margin = priced.figures[name].margin
        reading = next((r.reading for r in found if r.id == "condor.irr"), None)
        if margin and reading is not None:
            weighted += margin * reading
            margins += margin
    return weighted / margins if margins else None


def _layer(sizing: LayerSizing, state: LayerState | None, priced: Priced, rules: Rules) -> LayerJudgement:
    held = [f for f in priced.figures.values() if f.layer == sizing.layer and f.legs]
    days = min((f.dte for f in held if f.dte is not None), default=None)
    expiring = days is not None and days <= rules.whole("attention.hedge_days_left")
    holding = holding_state(sizing)
    trigger = TriggerState.IDLE if state is None else state.trigger
    action = action_for(trigger, holding, expiring=expiring)
    values = [f.value for f in held if f.value is not None]
    whole = action is Action.UNWIND and len(values) == len(held)
    return LayerJudgement(state, sizing, holding, action, days, sum(values) if whole else None)
