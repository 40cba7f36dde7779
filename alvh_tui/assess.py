"""Book × market × past → one assessment. Pure: no clock, no files, no network."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alvh_tui.book.model import Book
from alvh_tui.instruments.calendar import session_state
from alvh_tui.instruments.roots import Family
from alvh_tui.market.freshness import age_of
from alvh_tui.market.types import MarketSnapshot
from alvh_tui.method.governance import waiting_in_words
from alvh_tui.method.judgement import Judgement, Priced, judge
from alvh_tui.method.link import link_settings
from alvh_tui.method.reading import Reading
from alvh_tui.method.reference import choose_references, contracts_to_price, reference_candidates
from alvh_tui.method.rules import Rules
from alvh_tui.risk.breakevens import BreakevenTable, find_breakevens, hedge_shares, units_of
from alvh_tui.risk.explain import Explained, Moment, add_explained, explain_position
from alvh_tui.risk.legs import how_it_moves
from alvh_tui.risk.link import LinkSettings
from alvh_tui.risk.living import living_legs
from alvh_tui.risk.marks import Rung
from alvh_tui.risk.migration import Migration, migrate
from alvh_tui.risk.positions import PositionFigures, axis_unit, figure_position
from alvh_tui.risk.session import session_began
from alvh_tui.risk.totals import Totals, add_up
from alvh_tui.risk.travel import NOTHING_RECORDED, Recorded, Travel, Traveller, travel
from alvh_tui.risk.valuation import Valuation, value_book

INDEX_OFF_BY = 0.0015
"""An index further than this share from what its options say is worth a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """What is known of earlier moments."""

    previous: MarketSnapshot | Moment | None = None
    """What the P&L of the day is explained from, as a rule the previous close."""
    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    """Earlier breakevens, by condor."""


@dataclass(frozen=True, slots=True, eq=False)
class PositionAssessment:
    figures: PositionFigures
    breakevens: BreakevenTable | None
    """Of condors still held."""
    migration: Migration | None
    travel: Travel | None
    """Its breakevens against earlier sessions."""
    rules: tuple[Reading, ...]
    """The method's rules for a condor."""
    explained: Explained | None
    """Since the previous moment; None where there is none or a leg was not priced then."""


@dataclass(frozen=True, slots=True, eq=False)
class Assessment:
    """Everything a screen, a snapshot or an alert may show; nothing downstream computes a figure again."""

    book: Book
    rules: Rules
    at: datetime
    session: str
    market: MarketSnapshot
    valuation: Valuation
    positions: tuple[PositionAssessment, ...]
    totals: Totals
    book_breakevens: BreakevenTable | None
    """Of all condors together, where they settle together."""
    explained: Explained | None
    explained_since: datetime | None
    """The moment before; None where none is known."""
    judgement: Judgement
    warnings: tuple[str, ...]
    ages: Mapping[str, float] = field(default_factory=dict)
    """Seconds since each leg's quote was true, by symbol; a leg without a quote is not in it."""


def assess(
    book: Book, market: MarketSnapshot, rules: Rules, at: datetime, past: Past | None = None
) -> Assessment:
    settings, fallback_rate = link_settings(rules), rules.number("prices.risk_free")
    candidates = reference_candidates(book, market, at, rules)
    valuation = value_book(book, market, at, settings, fallback_rate, contracts_to_price(candidates))
    figures = {held.id: figure_position(held, valuation) for held in book.positions}
    tables = find_breakevens(units_of(book, hedge_shares(book, figures)), valuation)
    migrations = _migrations(book, figures, tables, valuation)
    totals = add_up(list(figures.values()), valuation)
    references = choose_references(candidates, valuation, rules)
    judgement = judge(Priced(book, valuation, figures, tables, migrations, references), rules)
    past = past or Past()
    before = _before(past.previous, book, settings, fallback_rate)
    travels = _travels(book, figures, tables, migrations, valuation, past, rules)
    positions = tuple(
        PositionAssessment(
            figures[held.id],
            tables.get(held.id),
            migrations.get(held.id),
            travels.get(held.id),
            judgement.condor_rules.get(held.id, ()),
            None if before is None else explain_position(held, before, valuation),
        )
        for held in book.positions
    )
    return Assessment(
        book=book,
        rules=rules,
        at=at,
        session=session_state(at),
        market=market,
        valuation=valuation,
        positions=positions,
        totals=totals,
        book_breakevens=tables.get(""),
        explained=_explain_all(positions),
        explained_since=None if before is None else before.at,
        judgement=judgement,
        warnings=(*_waiting(rules, at), *_warnings(book, valuation)),
        ages=_ages(valuation),
    )


def _migrations(
    book: Book,
    figures: Mapping[str, PositionFigures],
    tables: Mapping[str, BreakevenTable],
    valuation: Valuation,
) -> dict[str, Migration]:
    return {
        condor.id: migrate(
            condor,
            tables[condor.id].kinds["expiry"],
            valuation.spot,
            valuation.snapshot.history,
            figures[condor.id].expected_move,
        )
        for condor in book.condors
        if condor.id in tables
    }


def _travels(
    book: Book,
    figures: Mapping[str, PositionFigures],
    tables: Mapping[str, BreakevenTable],
    migrations: Mapping[str, Migration],
    valuation: Valuation,
    past: Past,
    rules: Rules,
) -> dict[str, Travel]:
    session = session_began(valuation.snapshot).date()
    return {
        condor.id: travel(
            Traveller(
                condor,
                tables[condor.id],
                migrations[condor.id],
                None if valuation.spot is None else valuation.spot * axis_unit(condor),
                figures[condor.id].expected_move,
                session,
                valuation.snapshot.history,
                past.recorded.get(condor.id, NOTHING_RECORDED),
                not living_legs(figures[condor.id], valuation),
            ),
            rules.whole("migration.pace_sessions"),
        )
        for condor in book.condors
        if condor.id in tables
    }


def _before(
    previous: MarketSnapshot | Moment | None, book: Book, settings: LinkSettings, fallback_rate: float
) -> Valuation | Moment | None:
    if isinstance(previous, MarketSnapshot):
        return value_book(book, previous, previous.time, settings, fallback_rate)
    return previous


def _explain_all(positions: tuple[PositionAssessment, ...]) -> Explained | None:
    held = [p for p in positions if p.figures.legs]
    parts = [p.explained for p in held if p.explained is not None]
    return add_explained(parts) if parts and len(parts) == len(held) else None


def _ages(valuation: Valuation) -> dict[str, float]:
    return {
        contract.symbol: age_of(mark.quote_time, valuation.snapshot, valuation.at).total_seconds()
        for contract, mark in valuation.marks.items()
        if mark.quote_time is not None and mark.quote_time <= valuation.at
    }


def _waiting(rules: Rules, at: datetime) -> tuple[str, ...]:
    said = waiting_in_words(rules, at)
    return () if said is None else (said,)


def _warnings(book: Book, valuation: Valuation) -> tuple[str, ...]:
    said = list(valuation.snapshot.warnings)
    if valuation.at < valuation.snapshot.time:
        said.append(f"assessed at {valuation.at:%Y-%m-%d %H:%M}, before its quotes were taken")
    if valuation.spot is None:
        said.append("no level of SPX: nothing that stands on its axis is known")
    elif valuation.spot_origin != "quote":
        said.append(f"SPX is not quoted: its level is taken from the {valuation.spot_origin}")
    else:
        said += _index_mismatch(valuation)
    ahead = [
        q.symbol for q in valuation.snapshot.quotes.values() if q.time and q.time > valuation.snapshot.time
    ]
    if ahead:
        said.append(f"dated after the market itself: {', '.join(ahead)}")
    if valuation.vix is None:
        said.append("VIX is not quoted: every figure along the spot–vol path is unknown")
    for position in book.positions:
        for leg in position.open_legs:
            mark = valuation.marks[leg.contract]
            if mark.rung in (Rung.NONE, Rung.LAST):
                shown = "no value" if mark.rung is Rung.NONE else "valued at its last trade"
                said.append(f"{position.id}: {leg.contract}: {shown}: {mark.reason}")
    adrift = {c.root for c in book.contracts if c.family is Family.EQUITY and "held at" in how_it_moves(c)}
    said += [f"{root} is in no SPX total: nothing tells how it moves with SPX" for root in sorted(adrift)]
    for market in valuation.markets.values():
        if market.forward is None and market.years > 0 and market.reason:
            said.append(f"{market.root} {market.expiry}: {market.reason}")
    return tuple(dict.fromkeys(said))


def _index_mismatch(valuation: Valuation) -> list[str]:
    """The first forward that the quoted index does not fit: as a rule the index is older, and none does."""
    for market in valuation.markets.values():
        if market.origin != "parity" or market.root not in ("SPX", "SPXW") or market.forward is None:
            continue
        spot = valuation.spot or 0.0
        expected = spot / market.discount
        off = market.forward - expected
        yearly_dividends = 0.03 * max(market.quote_years, 0.0)
        if off > INDEX_OFF_BY * spot or off < -(INDEX_OFF_BY + yearly_dividends) * spot:
            return [
                f"SPX {spot:,.2f} does not fit the {market.root} {market.expiry} forward of "
                f"{market.forward:,.2f}: one of them is older"
            ]
    return []
