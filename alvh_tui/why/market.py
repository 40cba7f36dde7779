"""Why the figures of the market strip, the link and the sources are what they are."""

from datetime import timedelta

from alvh_tui.figures import age, number, percent
from alvh_tui.instruments.calendar import NEW_YORK, minutes_left
from alvh_tui.market.types import Quote
from alvh_tui.risk.expiries import ExpiryMarket
from alvh_tui.toml.text import printable
from alvh_tui.why.ages import MARKET_SYMBOLS
from alvh_tui.why.derivation import Derivation, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.inputs import (
    derived,
    forward_origin,
    from_rules,
    index_input,
    rule_named,
    vix_input,
)
from alvh_tui.why.known import Known
from alvh_tui.why.making import bare, made, not_known
from alvh_tui.why.written import exact, percent_of

_RATIOS = {"vix9d_vix": ("vix9d", "vix"), "vix_vix3m": ("vix", "vix3m")}
_EVENTS = "events.window"


def market_value(figure: Figure, known: Known) -> float | None:
    valuation, name = known.assessment.valuation, figure.name
    if name in _RATIOS:
        over, under = (market_value(Figure("market", part), known) for part in _RATIOS[name])
        return None if over is None or not under else over / under
    if name in ("forward", "atm"):
        market = expiry_named(figure.about, known)
        if market is None:
            return None
        return market.forward if name == "forward" else None if market.smile is None else market.smile.atm
    if name == "event":
        signal = known.signals.get(_EVENTS)
        return None if signal is None else signal.reading
    if name == "age":
        return known.of_market[0]
    if name == "time_left":
        return minutes_left(known.assessment.at)
    if name in ("spx_change", "vix_change"):
        return _change(figure, known)
    if name in MARKET_SYMBOLS:
        quote = quote_of(name, known)
        return None if quote is None else quote.last
    return {"spx": valuation.spot, "vix": valuation.vix, "rate": valuation.rate.value}.get(name)


def quote_of(name: str, known: Known) -> Quote | None:
    quotes = known.assessment.market.quotes
    return next((quotes[symbol] for symbol in MARKET_SYMBOLS[name] if symbol in quotes), None)


def expiry_named(about: str, known: Known) -> ExpiryMarket | None:
    """SPXW 2026-12-18."""
    markets = known.assessment.valuation.markets.values()
    return next((m for m in markets if f"{m.root} {m.expiry}" == about), None)


def _change(figure: Figure, known: Known) -> float | None:
    """Of SPX in percent, of VIX in points, as traders say them."""
    quote, valuation = quote_of(figure.name, known), known.assessment.valuation
    level = valuation.spot if figure.name == "spx_change" else valuation.vix
    if quote is None or level is None or not quote.prev_close:
        return None
    if figure.name == "spx_change" and valuation.spot_origin != "quote":
        return None
    return level / quote.prev_close - 1.0 if figure.name == "spx_change" else level - quote.prev_close


def derive_market(figure: Figure, known: Known) -> Derivation | None:
    name = figure.name
    if name in ("spx_change", "vix_change"):
        return _changed(figure, known)
    if name in _RATIOS:
        return _ratio(figure, known)
    if name in ("forward", "atm"):
        return _of_expiry(figure, known)
    if name in ("session", "time_left", "age"):
        return _clock(figure, known)
    if name == "event":
        return _event(figure, known)
    if name == "rate":
        return _rate(figure, known)
    return _level(figure, known)


def _level(figure: Figure, known: Known) -> Derivation:
    value = market_value(figure, known)
    if figure.name == "spx":
        given = index_input(known)
    elif figure.name == "vix":
        given = vix_input(known)
    else:
        symbol = MARKET_SYMBOLS[figure.name][0]
        given = Input(symbol, number(value, 2), "last level", *known.of_quote(symbol))
    if value is None:
        return not_known(figure, known, "it is not quoted", (given,))
    source = known.assessment.market.origin
    return made(figure, known, value, (f"as quoted by {source}" if source else "as quoted",), (given,))


def _changed(figure: Figure, known: Known) -> Derivation:
    value, quote = _change(figure, known), quote_of(figure.name, known)
    spx = figure.name == "spx_change"
    level = index_input(known) if spx else vix_input(known)
    close = None if quote is None else quote.prev_close
    aged = known.of_quote(*MARKET_SYMBOLS[figure.name])
    before = Input("previous close", number(close, 2), "as its source says", *aged)
    if value is None or close is None:
        why = "its level or its previous close is not quoted"
        return not_known(figure, known, why, (level, before))
    now = known.assessment.valuation.spot if spx else known.assessment.valuation.vix
    line = f"{exact(now or 0.0)} − {exact(close)} = {bare(figure, value)}"
    if spx:
        line = f"({exact(now or 0.0)} − {exact(close)}) ÷ {exact(close)} = {bare(figure, value)}"
    return made(figure, known, value, (line,), (level, before))


def _ratio(figure: Figure, known: Known) -> Derivation:
    over, under = (Figure("market", name) for name in _RATIOS[figure.name])
    above, below = market_value(over, known), market_value(under, known)
    inputs = (derived(over, above, known), derived(under, below, known))
    value = market_value(figure, known)
    if value is None or above is None or below is None:
        return not_known(figure, known, "one of the two is not quoted", inputs)
    return made(figure, known, value, (f"{exact(above)} ÷ {exact(below)} = {bare(figure, value)}",), inputs)


def _of_expiry(figure: Figure, known: Known) -> Derivation | None:
    market = expiry_named(figure.about, known)
    if market is None:
        return None
    value = market_value(figure, known)
    if figure.name == "forward":
        if value is None:
            return not_known(figure, known, market.reason or "no forward")
        solved = [f"{forward_origin(market)}; discount {exact(market.discount, 4, 6)}"]
        if market.residual is not None:
            away = number(market.residual, 2)
            solved.append(f"the strikes' own forwards lie {away} points from it in the middle")
        return made(figure, known, value, (), (index_input(known),), solved=solved)
    smile = market.smile
    if smile is None or value is None:
        return not_known(figure, known, market.reason or "no smile is fitted to this expiry")
    solved = [
        f"a smile through {smile.strikes_used} strikes from {number(smile.low)} to {number(smile.high)}, "
        f"read at the forward {number(market.forward, 2)}",
        f"the quoted vols lie {percent_of(smile.error)} from it in the middle",
    ]
    forward = derived(Figure("market", "forward", figure.about), market.forward, known)
    return made(figure, known, value, (), (forward,), solved=solved)


def _clock(figure: Figure, known: Known) -> Derivation:
    at = known.assessment.at.astimezone(NEW_YORK)
    now = Input("now", f"{at:%Y-%m-%d %H:%M}", "New York time")
    if figure.name == "session":
        return made(figure, known, known.assessment.session, ("by the calendar of the exchange",), (now,))
    if figure.name == "age":
        market = known.assessment.market
        when = f"{market.time.astimezone(NEW_YORK):%Y-%m-%d %H:%M}"
        taken = Input("quotes taken", when, "the market itself")
        delay = Input("delay of the source", age(market.delay.total_seconds()), "the market itself")
        said = "from the moment the quotes were true until now"
        return made(figure, known, age(known.of_market[0]), (said,), (now, taken, delay))
    left = minutes_left(known.assessment.at)
    if left is None:
        return not_known(figure, known, "the exchange is closed", (now,))
    hours, minutes = divmod(int(left), 60)
    said = f"until {at + timedelta(minutes=left):%H:%M} New York"
    return made(figure, known, f"{hours} h {minutes:02d}", (said,), (now,))


def _event(figure: Figure, known: Known) -> Derivation:
    value, entry = market_value(figure, known), rule_named(_EVENTS)
    signal = known.signals.get(_EVENTS)
    note = "" if signal is None else signal.note
    inputs = (from_rules("events.window.watched", known),)
    if value is None:
        return not_known(figure, known, note or "no date is known", inputs, entry)
    return made(figure, known, value, (f"sessions ahead: {printable(note)}",), inputs, rule=entry)


def _rate(figure: Figure, known: Known) -> Derivation:
    rate = known.assessment.valuation.rate
    given = Input("rate", percent(rate.value, 2), f"by {rate.origin}")
    inputs = (given, from_rules("prices.risk_free", known)) if rate.origin == "rules" else (given,)
    return made(figure, known, rate.value, ("continuously compounded",), inputs)
