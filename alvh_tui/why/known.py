"""One assessment, laid out so that a figure of it is found by its name, with how old everything is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.book.model import Condor, Hedge
from alvh_tui.instruments.contract import Contract
from alvh_tui.market.age import Age, age_state, worst
from alvh_tui.market.freshness import close_of, closes_state
from alvh_tui.market.types import Source, SourceState
from alvh_tui.method.closes import Closes
from alvh_tui.method.judgement import closes_at
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.reading import Reading
from alvh_tui.method.signal import Signal
from alvh_tui.risk.breakevens import BreakevenTable, HedgeShare
from alvh_tui.risk.marks import LegMark, Rung
from alvh_tui.risk.positions import LegFigures
from alvh_tui.why.derivation import UNDATED

Aged = tuple[float | None, Age]
NO_QUOTE: Aged = (None, Age.NONE)
_CLOSES = {
    SourceState.FRESH: Age.CLOSED,
    SourceState.DELAYED: Age.DELAYED,
    SourceState.STALE: Age.STALE,
    SourceState.FAILED: Age.STALE,
}


@lru_cache(maxsize=4)
def known(assessment: Assessment) -> "Known":
    """Laid out once: a screen asks for a hundred figures of each."""
    return Known(assessment)


@dataclass(eq=False)
class Known:
    assessment: Assessment
    _judged: dict[datetime, Aged] = field(default_factory=dict)
    _behind: dict[str, Aged] = field(default_factory=dict)
    """How old what a position rests on is: its own legs, and with its hedges."""

    @cached_property
    def positions(self) -> Mapping[str, PositionAssessment]:
        return {held.figures.position.id: held for held in self.assessment.positions}

    @cached_property
    def signals(self) -> Mapping[str, Signal]:
        return {signal.id: signal for signal in self.assessment.judgement.signals}

    @cached_property
    def layers(self) -> Mapping[str, LayerJudgement]:
        return dict(self.assessment.judgement.layers.items())

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        return {source.name: source for source in self.assessment.market.sources}

    @cached_property
    def readings(self) -> Mapping[tuple[str, str], Reading]:
        """By what they are about and the rule."""
        judgement = self.assessment.judgement
        found = {("shrink", reading.id): reading for reading in judgement.shrink.rules}
        for name, readings in judgement.condor_rules.items():
            found |= {(name, reading.id): reading for reading in readings}
        for layer, judged in self.layers.items():
            if judged.state is not None:
                found |= {(layer, reading.id): reading for reading in judged.state.rules}
        return found

    @cached_property
    def closes(self) -> Closes:
        """What the signals are read from: daily closes, the live values of an open session behind them."""
        return closes_at(self.assessment.valuation)

    @property
    def condors(self) -> tuple[Condor, ...]:
        return tuple(condor for condor in self.assessment.book.condors if condor.open_legs)

    def table(self, about: str) -> BreakevenTable | None:
        """Of a condor, or of the book where nothing is named."""
        if not about:
            return self.assessment.book_breakevens
        held = self.positions.get(about)
        return None if held is None else held.breakevens

    def condors_of(self, about: str) -> tuple[Condor, ...]:
        return tuple(condor for condor in self.condors if not about or condor.id == about)

    def leg(self, about: str, symbol: str) -> LegFigures | None:
        held = self.positions.get(about)
        legs = () if held is None else held.figures.legs
        return next((leg for leg in legs if leg.leg.contract.symbol == symbol), None)

    def of_moment(self, true_at: datetime) -> Aged:
        """Of a quote that was true then."""
        if true_at not in self._judged:
            at = self.assessment.at
            state = age_state(true_at, at, self.assessment.market.delay)
            self._judged[true_at] = (max((at - true_at).total_seconds(), 0.0), state)
        return self._judged[true_at]

    @cached_property
    def of_market(self) -> Aged:
        """Of quotes without a time of their own."""
        market = self.assessment.market
        return self.of_moment(market.time - market.delay)

    def of_quote(self, *symbols: str) -> Aged:
        """Of the first of these that is quoted."""
        for symbol in symbols:
            quote = self.assessment.market.quotes.get(symbol)
            if quote is not None:
                return self.of_market if quote.time is None else self.of_moment(quote.time)
        return NO_QUOTE

    @cached_property
    def of_index(self) -> Aged:
        valuation = self.assessment.valuation
        if valuation.spot is None:
            return NO_QUOTE
        return self.of_quote("^SPX", "^GSPC") if valuation.spot_origin == "quote" else self.of_market

    @cached_property
    def of_vix(self) -> Aged:
        return NO_QUOTE if self.assessment.valuation.vix is None else self.of_quote("^VIX")

    def of_mark(self, mark: LegMark) -> Aged:
        """A settled leg ages no more; a model's price is as old as the chain it was fitted to."""
        if mark.rung is Rung.SETTLED:
            return UNDATED
        if mark.rung is Rung.NONE:
            return NO_QUOTE
        if mark.rung is Rung.MODEL or mark.quote_time is None:
            return self.of_market
        return self.of_moment(mark.quote_time)

    def of_contract(self, contract: Contract) -> Aged:
        mark = self.assessment.valuation.marks.get(contract)
        return NO_QUOTE if mark is None else self.of_mark(mark)

    def of_position(self, about: str) -> Aged:
        """Of its legs' marks."""
        if about not in self._behind:
            held = self.positions.get(about)
            legs = () if held is None else held.figures.legs
            self._behind[about] = oldest(self.of_mark(leg.mark) for leg in legs)
        return self._behind[about]

    def of_hedges(self, behind: Iterable[HedgeShare]) -> Aged:
        return oldest(self.of_position(share.hedge.id) for share in behind)

    @cached_property
    def of_book(self) -> Aged:
        return oldest(self.of_position(name) for name in self.positions)

    def of_kind(self, kind: str) -> Aged:
        """Of all condors, or all hedges."""
        wanted = Condor if kind == "condor" else Hedge
        return oldest(
            self.of_position(name)
            for name, held in self.positions.items()
            if isinstance(held.figures.position, wanted)
        )

    @cached_property
    def last_close(self) -> date | None:
        """The last session the daily closes have."""
        history = self.assessment.valuation.snapshot.history
        if history is None or not len(history.days):
            return None
        found: date = history.days[-1].astype("datetime64[D]").item()
        return found

    @cached_property
    def of_closes(self) -> Aged:
        last, at = self.last_close, self.assessment.at
        if last is None:
            return NO_QUOTE
        age = max((at - close_of(last)).total_seconds(), 0.0)
        return age, _CLOSES[closes_state(last, at)]

    def of_signal(self, signal: Signal) -> Aged:
        """A provisional one rests on live values; the others are as old as the closes."""
        return oldest((self.of_index, self.of_vix)) if signal.provisional else self.of_closes


def oldest(ages: Iterable[Aged]) -> Aged:
    """As old as the oldest, as bad as the worst; of nothing at all, what does not age."""
    found = list(ages)
    seconds = [age for age, _ in found if age is not None]
    return max(seconds, default=None), worst(state for _, state in found) if found else Age.LIVE
