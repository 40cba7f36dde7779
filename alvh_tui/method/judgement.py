"""What the method says of one book in one market: signals, layers, sizes, and what needs attention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from alvh_tui.book.model import Book, Hedge, Layer
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.types import History, Quote
from alvh_tui.method.attention import Attention, Held, attention_to, attention_to_data, ranked
from alvh_tui.method.book_facts import book_facts
from alvh_tui.method.book_view import BookView, whole_sum
from alvh_tui.method.closes import Closes, closes_of, with_live
from alvh_tui.method.condor_rules import CondorView, read_condor_rules, worth_ahead
from alvh_tui.method.flattening import flattening_of
from alvh_tui.method.holding import Action, action_for, holding_state
from alvh_tui.method.l2_scale import l2_scale
from alvh_tui.method.layer_attention import LayerJudgement, attention_to_caps, attention_to_layers
from alvh_tui.method.layers import TriggerState, run_layers
from alvh_tui.method.measure import measure
from alvh_tui.method.reading import Reading
from alvh_tui.method.reasons import LayerState, layer_states
from alvh_tui.method.rules import Rules
from alvh_tui.method.shrink import Shrink, shrink
from alvh_tui.method.signal import Signal
from alvh_tui.method.sizing import LayerSizing, size_layers, structure_name
from alvh_tui.method.verdict import Verdict
from alvh_tui.risk.breakevens import BreakevenTable
from alvh_tui.risk.living import living_legs, protects_until
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import PositionFigures
from alvh_tui.risk.session import session_began
from alvh_tui.risk.totals import spx_greeks
from alvh_tui.risk.valuation import Valuation

LIVE_SERIES = {
    "^SPX": "spx", "^VIX": "vix", "^VIX9D": "vix9d", "^VIX3M": "vix3m", "^VIX6M": "vix6m", "^VVIX": "vvix",
    "^SKEW": "skew", "RSP": "rsp", "SPY": "spy", "VNQ": "vnq", "DX-Y.NYB": "dxy",
    "ADVN": "advances", "DECN": "declines",
}  # fmt: skip
"""Which quote stands in for today's close of which series."""
MOMENTUM = "L1.early-momentum"


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
    references: Mapping[Layer, Contract]
    """What a layer is measured in while none of it is held."""


def judge(priced: Priced, rules: Rules) -> Judgement:
    valuation = priced.valuation
    closes = closes_at(valuation)
    measured = measure(closes, valuation.snapshot.events, rules)
    run = run_layers(measured, book_facts(priced.book, closes))
    states = {state.id: state for state in layer_states(run)}
    views = _condor_views(priced, rules)
    readings = {name: read_condor_rules(view) for name, view in views.items()}
    view = _book_view(priced, rules, states, readings)
    layers = {
        sizing.layer: _layer(sizing, states.get(sizing.layer), view)
        for sizing in size_layers(view, priced.references)
    }
    signals = measured.signals()
    found = [
        *attention_to(_held(priced, rules)),
        *attention_to_layers(layers),
        *attention_to_caps(layers, rules),
        *attention_to_data(valuation.snapshot.sources, signals),
    ]
    return Judgement(signals, layers, readings, shrink(signals, rules), ranked(found))


def closes_at(valuation: Valuation) -> Closes:
    """Daily closes, the live values standing in as a provisional last one until their session's is known."""
    snapshot = valuation.snapshot
    began = session_began(snapshot)
    history = snapshot.history or History(np.array([], dtype="datetime64[D]"), {})
    live = _live_values(valuation, began)
    closed = len(history.days) and history.days[-1] >= np.datetime64(began.date())
    if closed or (live.get("spx") is None and live.get("vix") is None):
        return closes_of(history.until(began.date()))
    return with_live(history, began.date(), live)


def _live_values(valuation: Valuation, began: datetime) -> dict[str, float | None]:
    """What the quotes of this session say; one of an earlier session says nothing of it."""
    quotes = valuation.snapshot.quotes
    live = {
        series: quotes[symbol].last
        for symbol, series in LIVE_SERIES.items()
        if symbol in quotes and _is_since(quotes[symbol], began)
    }
    if all(_is_since(quotes[symbol], began) for symbol in ("^SPX", "^GSPC") if symbol in quotes):
        live["spx"] = valuation.spot
    forwards = sorted(
        (market.expiry, market.forward)
        for market in valuation.markets.values()
        if market.root == "VIX" and market.forward is not None and market.years > 0
    )
    for name, (_, forward) in zip(("vx1", "vx2"), forwards, strict=False):
        live[name] = forward
    return live


def _is_since(quote: Quote, began: datetime) -> bool:
    return quote.time is None or quote.time >= began


def _held(priced: Priced, rules: Rules) -> list[Held]:
    """In the order of the file."""
    book = priced.book
    return [
        Held(
            priced.figures[position.id],
            priced.migrations.get(position.id),
            priced.tables.get(position.id),
            book.protected_by(position) if isinstance(position, Hedge) else (),
            priced.valuation,
            rules,
        )
        for position in sorted(book.positions, key=lambda position: position.line)
    ]


def _condor_views(priced: Priced, rules: Rules) -> dict[str, CondorView]:
    worth = worth_ahead(priced.valuation, rules)
    return {
        condor.id: CondorView(
            condor,
            priced.figures[condor.id],
            priced.tables[condor.id],
            priced.migrations[condor.id],
            priced.valuation,
            rules,
            worth,
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
    first, valuation = states.get("L1"), priced.valuation
    today = valuation.at.astimezone(NEW_YORK).date()
    living = [f for f in priced.figures.values() if living_legs(f, valuation)]
    return BookView(
        account=priced.book.account,
        figures=tuple(priced.figures.values()),
        condors=tuple(f for f in living if f.kind == "condor"),
        hedges=tuple(f for f in living if f.kind == "hedge"),
        valuation=valuation,
        rules=rules,
        momentum=first is not None
        and any(r.id == MOMENTUM and r.verdict is Verdict.YES for r in first.rules),
        scale=l2_scale(today, valuation.snapshot.events, priced.migrations, rules),
        spx_delta=whole_sum(
            None if (greeks := spx_greeks(f, valuation)) is None else greeks.delta for f in living
        ),
        condor_return=_return_on_margin(priced, readings),
    )


def _return_on_margin(priced: Priced, readings: Mapping[str, tuple[Reading, ...]]) -> float | None:
    """The condors' `condor.irr`, weighted by margin; unknown as soon as one of them is."""
    margins = {name: priced.figures[name].margin for name in readings}
    returns = {name: r.reading for name, found in readings.items() for r in found if r.id == "condor.irr"}
    whole = whole_sum(margins.values())
    earned = whole_sum(_times(margins[name], returns[name]) for name in readings)
    return earned / whole if earned is not None and whole else None


def _times(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a * b


def _layer(sizing: LayerSizing, state: LayerState | None, book: BookView) -> LayerJudgement:
    held, today = book.of_layer(sizing.layer), book.valuation.at.astimezone(NEW_YORK).date()
    left = [(f, (end - today).days) for f in held if (end := protects_until(f, book.valuation)) is not None]
    days, soon = min((d for _, d in left), default=None), book.rules.whole("attention.hedge_days_left")
    holding = holding_state(sizing)
    action = action_for(
        TriggerState.IDLE if state is None else state.trigger,
        holding,
        expiring=days is not None and days <= soon,
        needed=bool(book.condors),
        full=sizing.full,
    )
    unwound = held if action is Action.UNWIND else ()
    return LayerJudgement(
        state,
        sizing,
        holding,
        action,
        days,
        ending=sum(f.position.contracts for f, d in left if d == days),
        instrument_ends=_is_among(sizing, [f for f, d in left if d <= soon]),
        flattening=flattening_of(sizing.layer, book),
        unwind_value=whole_sum(f.value for f in unwound) if unwound else None,
        unwind_pnl=whole_sum(f.pnl for f in unwound) if unwound else None,
    )


def _is_among(sizing: LayerSizing, hedges: Sequence[PositionFigures]) -> bool:
    """Whether the layer is counted in one of these."""
    one = sizing.instrument
    return one is not None and one.held and one.name in map(structure_name, hedges)
