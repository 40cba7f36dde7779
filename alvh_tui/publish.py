"""An assessment as the JSON of the public contract: numbers are numbers, unknown is null."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.method.layer_attention import LayerJudgement
from alvh_tui.method.reading import Reading
from alvh_tui.method.signal import Signal
from alvh_tui.risk.breakevens import KINDS, Breakevens, BreakevenTable
from alvh_tui.risk.explain import Explained
from alvh_tui.risk.migration import Migration
from alvh_tui.risk.positions import LegFigures, PositionGreeks, ShortStrike
from alvh_tui.risk.travel import BySides, Moved, Travel

SCHEMA = 1
Json = dict[str, Any]


def assessment_json(assessment: Assessment) -> Json:
    valuation, totals = assessment.valuation, assessment.totals
    published: Json = _finite(
        {
            "schema": SCHEMA,
            "time": assessment.at.isoformat(),
            "book": {
                "path": str(assessment.book.path),
                "name": assessment.book.account.name,
                "rules": _rules(assessment),
            },
            "market": _market(assessment),
            "link": {
                "beta_down": valuation.link.beta_down,
                "beta_up": valuation.link.beta_up,
                "tenor_level": valuation.link.tenor_level,
                "tenor_days": valuation.link.tenor_days,
                "from": valuation.link.origin,
                "origins": dict(valuation.link.origins),
                "sessions": valuation.link.sessions,
            },
            "forwards": [
                {
                    "root": market.root,
                    "expiry": market.expiry.isoformat(),
                    "settles": market.settles.isoformat(),
                    "years": market.years,
                    "forward": market.forward,
                    "discount": market.discount,
                    "strikes_used": market.strikes_used,
                    "from": market.origin,
                    "residual": market.residual,
                    "note": market.reason or None,
                }
                for market in valuation.markets.values()
            ],
            "positions": [_position(position, assessment) for position in assessment.positions],
            "totals": {
                "pnl": totals.pnl,
                "greeks": {
                    "spx_delta": totals.spx_delta,
                    "spx_delta_hedged": totals.spx_delta_hedged,
                    "gamma": totals.gamma,
                    "vega": totals.vega,
                    "theta": totals.theta,
                },
                "hedge_vix_dollars": totals.hedge_vix_dollars,
                "condor_vix_dollars": totals.condors_vix_dollars,
                "vega_coverage": totals.vega_coverage,
                "net_theta": totals.net_theta,
                "hedge_cost": totals.hedge_cost,
                "hedge_cost_pct_credit": totals.hedge_cost_pct_credit,
                "max_loss": totals.max_loss,
                "margin": totals.margin,
                "complete": totals.complete,
                "missing": list(totals.missing),
                "unbounded": list(totals.unbounded),
                "breakevens": _breakevens(assessment.book_breakevens),
                "explained": _explained(assessment.explained),
                "explained_since": None
                if assessment.explained_since is None
                else assessment.explained_since.isoformat(),
            },
            "signals": [_signal(signal) for signal in assessment.judgement.signals],
            "layers": [_layer(judged) for judged in assessment.judgement.layers.values()],
            "advice": {
                "shrink": {
                    "verdict": assessment.judgement.shrink.verdict.value,
                    "rules": [_reading(reading) for reading in assessment.judgement.shrink.rules],
                },
                "attention": [
                    {
                        "severity": int(item.severity),
                        "position": item.position,
                        "text": item.text,
                        "rule": item.rule,
                    }
                    for item in assessment.judgement.attention
                ],
            },
            "warnings": list(assessment.warnings),
        }
    )
    return published


def _rules(assessment: Assessment) -> Json:
    rules, waiting = assessment.rules, assessment.rules.waiting
    return {
        "name": rules.name,
        "fingerprint": rules.fingerprint,
        "waiting": None
        if waiting is None
        else {
            "name": waiting.rules.name,
            "fingerprint": waiting.rules.fingerprint,
            "since": None if waiting.since is None else waiting.since.isoformat(),
            "confirmed_by": list(waiting.confirmed_by),
            "needed": waiting.needed,
        },
    }


def _market(assessment: Assessment) -> Json:
    valuation, at = assessment.valuation, assessment.at
    return {
        "time": assessment.market.time.isoformat(),
        "session": assessment.session,
        "spot": valuation.spot,
        "spot_from": valuation.spot_origin or None,
        "vix": valuation.vix,
        "rate": valuation.rate.value,
        "rate_from": valuation.rate.origin,
        "sources": [
            {
                "name": source.name,
                "state": source.state.value,
                "quote_age_s": _seconds(source.quote_time, at),
                "fetch_age_s": _seconds(source.fetch_time, at),
                "error": source.error,
            }
            for source in assessment.market.sources
        ],
    }


def _position(position: PositionAssessment, assessment: Assessment) -> Json:
    figures = position.figures
    held = figures.position
    return {
        "id": held.id,
        "kind": figures.kind,
        "layer": figures.layer,
        "contracts": held.contracts,
        "dte": figures.dte,
        "mark": figures.mark,
        "value": figures.value,
        "pnl": figures.pnl,
        "pnl_pct_credit": figures.pnl_pct_credit,
        "credit": figures.credit,
        "cash": held.cash,
        "fees": held.fees,
        "max_profit": figures.max_profit,
        "max_loss": figures.max_loss,
        "bounds_note": figures.bounds_note or None,
        "margin": figures.margin,
        "greeks": _greeks(figures.greeks),
        "expected_move": figures.expected_move,
        "p_profit": figures.p_profit,
        "shorts": [_short(short) for short in figures.shorts],
        "breakevens": _breakevens(position.breakevens),
        "migration": _migration(position.migration, position.travel),
        "legs": [_leg(leg, assessment.ages) for leg in figures.legs],
        "missing": list(figures.missing),
        "explained": _explained(position.explained),
        "rules": [_reading(reading) for reading in position.rules],
    }


def _reading(reading: Reading) -> Json:
    return {
        "id": reading.id,
        "reading": reading.reading,
        "threshold": reading.threshold,
        "verdict": reading.verdict.value,
        "note": reading.note or None,
    }


def _signal(signal: Signal) -> Json:
    return {
        "id": signal.id,
        "reading": signal.reading,
        "threshold": signal.threshold,
        "verdict": signal.verdict.value,
        "since": None if signal.since is None else signal.since.isoformat(),
        "provisional": signal.provisional,
        "note": signal.note or None,
    }


def _layer(judged: LayerJudgement) -> Json:
    state, sizing = judged.state, judged.sizing
    next_trigger = None if state is None else state.next_trigger
    return {
        "id": sizing.layer,
        "trigger": None if state is None else state.trigger.value,
        "holding": None if judged.holding is None else judged.holding.value,
        "action": judged.action.value,
        "since": None if state is None else state.since.isoformat(),
        "provisional": None if state is None else state.provisional,
        "rules": [] if state is None else [_reading(reading) for reading in state.rules],
        "next_trigger": None
        if next_trigger is None
        else {"vix": next_trigger.vix, "distance": next_trigger.distance},
        "held_contracts": sizing.held,
        "target_contracts": None if sizing.target is None else list(sizing.target),
        "instrument": None if sizing.instrument is None else sizing.instrument.name,
        "binding": sizing.binding or None,
        "yardsticks": [
            {
                "id": yardstick.id,
                "reading": yardstick.reading,
                "low": yardstick.low,
                "high": yardstick.high,
                "least_contracts": yardstick.least,
                "most_contracts": yardstick.most,
                "note": yardstick.note or None,
            }
            for yardstick in sizing.yardsticks
        ],
        "shocks": [
            {"vix_points": shock.vix_points, "gain": shock.gain, "coverage": shock.coverage}
            for shock in sizing.shocks
        ],
        "days_left": judged.days_left,
        "unwind_value": judged.unwind_value,
        "unwind_pnl": judged.unwind_pnl,
        "note": sizing.note or None,
    }


def _greeks(greeks: PositionGreeks | None) -> Json:
    names = ("delta", "gamma", "vega", "theta", "rho")
    return {name: None if greeks is None else getattr(greeks, name) for name in names}


def _short(short: ShortStrike) -> Json:
    return {
        "strike": short.strike,
        "type": short.right,
        "delta": short.delta,
        "distance": short.distance,
        "distance_pct": short.distance_pct,
        "distance_em": short.distance_moves,
        "p_beyond": short.p_beyond,
        "p_touch": short.p_touch,
    }


def _sides(breakevens: Breakevens) -> list[float | None]:
    return [breakevens.low, breakevens.high]


def _breakevens(table: BreakevenTable | None) -> Json | None:
    """Null for a side without a root; `notes` says why."""
    if table is None:
        return None
    notes = {
        kind: [found.low_note or None, found.high_note or None]
        for kind, found in table.kinds.items()
        if found.low_note or found.high_note
    }
    return {
        **{kind: _sides(table.kinds[kind]) for kind in KINDS},
        "path": table.path,
        "notes": notes,
        "hedges": [{"id": behind.hedge.id, "share": behind.share} for behind in table.hedges],
        "projected": [
            {
                "sessions": ahead.sessions,
                "date": ahead.on.isoformat(),
                **{kind: _sides(found) for kind, found in ahead.kinds.items()},
            }
            for ahead in table.projections
        ],
    }


def _migration(migration: Migration | None, travel: Travel | None) -> Json | None:
    if migration is None or travel is None:
        return None
    pace, contact = travel.pace.get("expiry"), travel.sessions_to_contact.get("expiry")
    return {
        "since_open": _by_sides(travel.since_open.points),
        "since_open_em": _by_sides(travel.since_open.moves),
        "since_close": _moved(travel.since_close),
        "since_five_sessions": _moved(travel.since_five),
        "steps": [
            {"date": step.on.isoformat(), "why": step.why or None, "expiry": list(step.expiry)}
            for step in migration.steps
        ],
        "since_steps": [_moved(moved) for moved in travel.since_steps],
        "spot_at_open": migration.spot_at_open,
        "spot_at_open_from": migration.spot_origin or None,
        "cushion": list(migration.cushion),
        "pace": None if pace is None else list(pace),
        "sessions_to_contact": None if contact is None else list(contact),
        "pace_by": _by_sides(travel.pace),
        "sessions_to_contact_by": _by_sides(travel.sessions_to_contact),
        "pace_since": travel.pace_since.isoformat(),
        "pace_note": travel.pace_note or None,
    }


def _moved(moved: Moved | None) -> Json | None:
    if moved is None:
        return None
    return {
        "date": moved.since.isoformat(),
        "rebuilt": moved.rebuilt,
        "points": _by_sides(moved.points),
        "em": _by_sides(moved.moves),
    }


def _by_sides(sides: BySides) -> Json:
    """Null for a kind that is not known at both ends."""
    return {kind: list(sides[kind]) if kind in sides else None for kind in KINDS}


def _leg(figures: LegFigures, ages: Mapping[str, float]) -> Json:
    mark, greeks, contract = figures.mark, figures.greeks, figures.leg.contract
    return {
        "symbol": contract.symbol,
        "quantity": figures.leg.quantity,
        "bid": mark.bid,
        "ask": mark.ask,
        "mark": mark.value,
        "mark_from": mark.rung.value,
        "quote_age_s": ages.get(contract.symbol),
        "iv": mark.vol,
        "iv_from": mark.vol_origin or None,
        "delta": greeks.delta,
        "gamma": greeks.gamma,
        "vega": greeks.vega,
        "theta": greeks.theta,
        "rho": greeks.rho,
        "note": "; ".join(part for part in (mark.reason, figures.approximate) if part) or None,
    }


def _explained(explained: Explained | None) -> Json | None:
    if explained is None:
        return None
    names = ("delta", "gamma", "vega", "theta", "residual", "total")
    return {name: getattr(explained, name) for name in names}


def _seconds(moment: datetime | None, at: datetime) -> float | None:
    """Null also for what is of a later moment: it has no age."""
    return None if moment is None or moment > at else (at - moment).total_seconds()


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity: what has no number is null."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(inner) for inner in value]
    return value
