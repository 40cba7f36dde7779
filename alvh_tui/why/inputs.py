"""The inputs of a derivation: what each is, where it came from, and how old it is."""

from collections.abc import Iterable
from datetime import date

from alvh_tui.book.model import Condor, Hedge
from alvh_tui.figures import UNKNOWN, number
from alvh_tui.method.catalog import catalog
from alvh_tui.method.entry import Entry
from alvh_tui.method.settings import settings
from alvh_tui.risk.breakevens import HedgeShare
from alvh_tui.risk.expiries import ExpiryMarket
from alvh_tui.risk.marks import LegMark, Rung
from alvh_tui.risk.positions import LegFigures
from alvh_tui.toml.text import printable
from alvh_tui.why.ages import age_of
from alvh_tui.why.derivation import UNDATED, Input
from alvh_tui.why.figure import Figure
from alvh_tui.why.known import Known
from alvh_tui.why.names import LINK, title_of
from alvh_tui.why.written import exact, percent_of, style_of, written

LINK_ORIGINS = {
    "history": "estimated from the daily closes",
    "rules": "pinned in the rules file",
    "default": "the rules' default",
}


def from_file(name: str, value: str, line: int, figure: Figure | None = None) -> Input:
    where = f"position file, line {line}" if line else "position file"
    return Input(name, value, where, figure=figure)


def from_rules(key: str, known: Known) -> Input:
    """A number of the rules, under the name its file gives it, with what it means."""
    value = known.assessment.rules.values[key]
    if isinstance(value, bool):
        said = "yes" if value else "no"
    elif isinstance(value, tuple):
        said = ", ".join(f"{item:g}" if isinstance(item, float) else str(item) for item in value)
    else:
        said = f"{value:g}" if isinstance(value, float) else str(value)
    origin = f"rules {printable(known.assessment.rules.name)}: {settings()[key].meaning}"
    return Input(key, said or "none", origin)


def rules_of(entry: Entry | None, known: Known) -> tuple[Input, ...]:
    """Every number of the rules file that a rule reads."""
    return () if entry is None else tuple(from_rules(setting.key, known) for setting in entry.settings())


def rule_named(name: str) -> Entry | None:
    return catalog().get(name)


def derived(figure: Figure, value: float | None, known: Known, name: str = "") -> Input:
    """A figure that can be asked in turn."""
    seconds, state = age_of(figure, known)
    said = written(value, style_of(figure))
    dated = None if (seconds, state) == UNDATED else state
    return Input(name or printable(title_of(figure)), said, "worked out", seconds, dated, figure)


def index_input(known: Known) -> Input:
    valuation = known.assessment.valuation
    origin = _quoted("^SPX", known)
    if valuation.spot_origin != "quote":
        origin = f"from the {valuation.spot_origin}" if valuation.spot_origin else "not quoted"
    return Input("SPX", number(valuation.spot, 2), origin, *known.of_index, Figure("market", "spx"))


def _quoted(symbol: str, known: Known) -> str:
    source = known.assessment.market.origin
    return f"last level of {symbol}, by {printable(source)}" if source else f"last level of {symbol}"


def vix_input(known: Known) -> Input:
    vix = known.assessment.valuation.vix
    origin = "not quoted" if vix is None else _quoted("^VIX", known)
    return Input("VIX", number(vix, 2), origin, *known.of_vix, Figure("market", "vix"))


def mark_origin(mark: LegMark) -> str:
    """By which rung a mark was found, in words."""
    if mark.rung is Rung.MID and mark.bid is not None and mark.ask is not None:
        said = f"mid of {exact(mark.bid)} and {exact(mark.ask)}"
    elif mark.rung is Rung.MODEL:
        said = (
            "model, on the smile of its expiry" if mark.contract.is_option else "parity forward of its expiry"
        )
    else:
        said = {Rung.LAST: "last trade", Rung.SETTLED: "settled"}.get(mark.rung, "no mark")
    return f"{said}: {mark.reason}" if mark.reason else said


def mark_input(leg: LegFigures, about: str, known: Known) -> Input:
    """The mark of one leg held."""
    contract, mark = leg.leg.contract, leg.mark
    return Input(
        f"{contract} mark",
        UNKNOWN if mark.value is None else exact(mark.value),
        mark_origin(mark),
        *known.of_mark(mark),
        Figure("leg", "mark", about, contract.symbol),
    )


def mark_inputs(legs: Iterable[LegFigures], about: str, known: Known) -> tuple[Input, ...]:
    return tuple(mark_input(leg, about, known) for leg in legs)


def greek_input(leg: LegFigures, name: str, about: str, known: Known) -> Input:
    """A Greek of one leg, per share."""
    figure = Figure("leg", name, about, leg.leg.contract.symbol)
    value = getattr(leg.greeks, name)
    return derived(figure, value, known, f"{leg.leg.contract} {name}")


def vol_input(leg: LegFigures, about: str, known: Known) -> Input:
    contract, mark = leg.leg.contract, leg.mark
    origin = {
        "mid": "solved from its mid",
        "last": "solved from its last trade",
        "smile": "smile of its expiry",
    }
    return Input(
        f"{contract} vol",
        percent_of(mark.vol),
        origin.get(mark.vol_origin, "no vol"),
        *known.of_mark(mark),
        Figure("leg", "vol", about, contract.symbol),
    )


def forward_input(market: ExpiryMarket, known: Known) -> Input:
    name = f"{market.root} {market.expiry}"
    return Input(
        f"forward of {name}",
        number(market.forward, 2),
        forward_origin(market),
        *known.of_market,
        Figure("market", "forward", name),
    )


def forward_origin(market: ExpiryMarket) -> str:
    if market.forward is None:
        return market.reason or "no forward"
    if market.origin == "parity":
        return f"put–call parity over {market.strikes_used} strikes"
    return "the index and its carry" if market.origin == "carry" else "the future that settles then"


def years_input(market: ExpiryMarket) -> Input:
    return Input(
        "years to the settlement", exact(market.years, 4, 6), f"calendar: {market.settles:%Y-%m-%d %H:%M %Z}"
    )


def link_input(name: str, known: Known) -> Input:
    link = known.assessment.valuation.link
    age, state = known.of_closes if link.origins[name] == "history" else (None, None)
    value, origin = exact(getattr(link, name), 1, 3), LINK_ORIGINS[link.origins[name]]
    return Input(LINK[name], value, origin, age, state, Figure("link", name))


def hedge_inputs(behind: Iterable[HedgeShare], known: Known) -> tuple[Input, ...]:
    """Which part of which hedge stands behind a condor."""
    return tuple(
        Input(
            f"share of {printable(share.hedge.id)}",
            percent_of(share.share),
            "its part of the largest losses that hedge protects",
            *known.of_position(share.hedge.id),
            Figure("position", "value", share.hedge.id),
        )
        for share in behind
    )


def cash_input(position: Condor | Hedge) -> Input:
    return from_file(
        f"{printable(position.id)} cash so far",
        f"{exact(position.cash, 0, 2)} $",
        position.line,
        Figure("position", "cash", position.id),
    )


def close_input(name: str, day: date, value: float | None, known: Known) -> Input:
    return Input(f"{name} at the close of {day}", number(value, 2), "daily closes", *known.of_closes)
