"""Legs as a trader writes them: -5 SPXW 2026-12-18 6350P/6400P/7100C/7150C, +6 VIX 2026-12-16 25C @ 1.45."""

import re
from datetime import date
from functools import lru_cache

from alvh_tui.book.model import Leg
from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.instruments.roots import Family, root_named
from alvh_tui.toml.kinds import KNOWN_YEARS
from alvh_tui.toml.text import quoted

FORMS = "±QTY ROOT EXPIRY STRIKES as -5 SPXW 2026-12-18 6350P/6400P/7100C/7150C, or ±QTY SYMBOL"
MOST_CONTRACTS = 9_999_999
HIGHEST_STRIKE = 99_999.999
"""What eight digits of thousandths can name."""

_MINUS_SIGNS = str.maketrans(dict.fromkeys("−–—‒﹣－", "-"))
_QUANTITY = re.compile(r"([+-]?) ?([0-9]+(?:[.,][0-9]+)?)(?: (.*))?$")
_SYMBOL = re.compile(r"\.?([A-Z][A-Z0-9]{0,5}) ?([0-9]{6})([CP])([0-9]+(?:\.[0-9]+)?)$")
_FUTURE_SYMBOL = re.compile(r"(VXM?) ?([0-9]{6})$")
_TICKER = re.compile(r"[A-Z][A-Z0-9]{0,5}(?:[.-][A-Z]{1,2})?$")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}$")
_STRIKE = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)([CP]?)$")
_PRICE = re.compile(r"([0-9]{1,9}(?:\.[0-9]+)?|\.[0-9]+)$")

Strike = tuple[float, Right]


class LegError(ValueError):
    def __init__(self, what: str, expected: str) -> None:
        super().__init__(f"{what}, {expected}")
        self.what, self.expected = what, expected


def parse_legs(text: str) -> tuple[Leg, ...]:
    """The legs of one leg text, in the order of its strikes; raises LegError."""
    trade, at, written_price = " ".join(text.translate(_MINUS_SIGNS).upper().split()).partition("@")
    quantity, instrument = _quantity(trade.strip(), text)
    legs = _legs(quantity, instrument)
    if not at:
        return legs
    price = _price(written_price.strip())
    carrier = next(leg for leg in legs if leg.quantity == quantity)
    return tuple(Leg(leg.contract, leg.quantity, price if leg is carrier else 0.0) for leg in legs)


def strike_text(strike: float) -> str:
    """6400, 22.5: without the zeros nobody writes."""
    return f"{strike:.3f}".rstrip("0").rstrip(".")


def contract_text(contract: Contract) -> str:
    """SPXW 2026-12-18 6400P."""
    parts = [contract.root, str(contract.expiry or "")]
    if contract.strike is not None:
        parts.append(f"{strike_text(contract.strike)}{contract.right}")
    return " ".join(filter(None, parts))


def _quantity(trade: str, text: str) -> tuple[int, str]:
    found = _QUANTITY.match(trade)
    if found is None:
        raise LegError(f"{quoted(text)} does not begin with a quantity", f"expected {FORMS}")
    sign, digits, instrument = found.groups()
    if not sign:
        what = f"{quoted(text)} does not say whether it is bought or sold"
        raise LegError(what, f"expected +{digits} (bought) or -{digits} (sold)")
    if not digits.isdigit():
        raise LegError(f"{digits} is not a whole number of contracts", "expected one, as 5, without a comma")
    if len(digits.lstrip("0")) not in range(1, len(str(MOST_CONTRACTS)) + 1):
        raise LegError(f"{quoted(digits)} is no quantity to hold", f"expected 1 to {MOST_CONTRACTS}")
    if not instrument:
        raise LegError(f"{quoted(text)} names no instrument", f"expected {FORMS}")
    return int(sign + digits), instrument


def _price(text: str) -> float:
    if not _PRICE.match(text):
        raise LegError(f"{quoted(text)} is not a price", "expected dollars per share, as @ 1.45")
    return float(text)


def _legs(quantity: int, instrument: str) -> tuple[Leg, ...]:
    symbol = _SYMBOL.match(instrument)
    if symbol:
        return (Leg(_named(*symbol.groups()), quantity),)
    if instrument.startswith("/VX"):
        instrument = instrument[1:]
    future = _FUTURE_SYMBOL.match(instrument)
    if future:
        return (Leg(Contract(future[1], _symbol_day(future[2])), quantity),)
    root, *rest = instrument.split(" ")
    if not rest:
        return (Leg(_shares(root), quantity),)
    if not _TICKER.match(root):
        raise LegError(f"{quoted(root)} is not a root", "expected one as SPXW, VIX or SPY")
    expiry = _day(rest[0])
    strikes = "".join(rest[1:])
    if root_named(root).family is Family.VIX_FUTURE:
        if strikes:
            raise LegError(
                f"{root} is a future and has no strike", f"expected {root} {expiry}, or VIX for the option"
            )
        return (Leg(Contract(root, expiry), quantity),)
    if not strikes:
        future_too = f", or VX {expiry} for the future" if root == "VIX" else ""
        raise LegError(
            f"{root} {expiry} names no strike", f"expected one with C or P behind it, as 25C{future_too}"
        )
    return _options(quantity, root, expiry, strikes)


def _named(root: str, day: str, right: str, digits: str) -> Contract:
    """The option of an OSI, Yahoo or dxFeed symbol: eight digits are thousandths, others the strike."""
    if root_named(root).family is Family.VIX_FUTURE:
        raise LegError(
            f"{root} is a future and has no strike", f"expected {root}{day}, or VIX for the option"
        )
    in_thousandths = len(digits) == 8 and digits.isdigit()
    padded = digits.startswith("0") and not digits.startswith("0.")
    if (padded and not in_thousandths) or not float(digits):
        right_form = "expected eight digits (06400000) or the strike (6400)"
        raise LegError(f"{quoted(digits)} is not a symbol's strike", right_form)
    strike = int(digits) / 1000 if in_thousandths else _strike_value(digits)
    return Contract(root, _symbol_day(day), "C" if right == "C" else "P", strike)


def _symbol_day(digits: str) -> date:
    return _day(f"20{digits[:2]}-{digits[2:4]}-{digits[4:]}")


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    if not _DAY.match(text):
        raise LegError(f"{quoted(text)} is not an expiry", "expected year-month-day, as 2026-12-18")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise LegError(f"{text} is not a date there is", "expected a day of the calendar") from None
    if day.year not in KNOWN_YEARS:
        raise LegError(
            f"{text} is not an expiry", f"expected a year from {KNOWN_YEARS[0]} to {KNOWN_YEARS[-1]}"
        )
    return day


def _shares(ticker: str) -> Contract:
    family = root_named(ticker).family
    if family is Family.VIX_FUTURE:
        raise LegError(f"{ticker} names no expiry", f"expected one behind it, as {ticker} 2026-12-16")
    if family is Family.VIX:
        right = f"an option as {ticker} 2026-12-16 25C, or the future as VX 2026-12-16"
        raise LegError(f"{ticker} itself cannot be held", f"expected {right}")
    if family is Family.INDEX:
        raise LegError(f"{ticker} itself cannot be held", f"expected an option as {ticker} 2026-12-18 6400P")
    if not _TICKER.match(ticker):
        raise LegError(f"{quoted(ticker)} is neither a ticker nor a symbol", f"expected {FORMS}")
    return Contract(ticker)


def _options(quantity: int, root: str, expiry: date, written: str) -> tuple[Leg, ...]:
    strikes = tuple(_strike(piece, written) for piece in written.split("/"))
    for strike in strikes:
        if strikes.count(strike) > 1:
            raise LegError(
                f"{strike_text(strike[0])}{strike[1]} is written twice", "expected different strikes"
            )
    if len(strikes) == 1:
        quantities: tuple[int, ...] = (quantity,)
    elif len(strikes) == 2:
        quantities = _vertical(quantity, strikes)
    elif len(strikes) == 4:
        quantities = _condor(quantity, strikes)
    else:
        raise LegError(f"has {len(strikes)} strikes", "expected one, two (a vertical) or four (a condor)")
    return tuple(
        Leg(Contract(root, expiry, right, strike), number)
        for (strike, right), number in zip(strikes, quantities, strict=True)
    )


def _strike(piece: str, written: str) -> Strike:
    found = _STRIKE.match(piece)
    if found is None:
        raise LegError(
            f"{quoted(piece)} in {quoted(written)} is not a strike",
            "expected one as 6400P or 22.5C, with / between",
        )
    digits, right = found.groups()
    if not right:
        raise LegError(f"the strike {digits} is neither call nor put", f"expected {digits}C or {digits}P")
    return _strike_value(digits), "C" if right == "C" else "P"


def _strike_value(digits: str) -> float:
    if len(digits.partition(".")[2]) > 3:
        raise LegError(f"the strike {quoted(digits)} is too fine", "expected at most three decimals")
    strike = float(digits)
    if not 0 < strike <= HIGHEST_STRIKE:
        raise LegError(f"the strike {quoted(digits)} cannot be", "expected one above 0 and below 100000")
    return strike


def _vertical(quantity: int, strikes: tuple[Strike, ...]) -> tuple[int, ...]:
    if strikes[0][1] != strikes[1][1]:
        raise LegError(
            "two strikes are a vertical, and these are a put and a call",
            "expected two of a kind as 22C/32C, or a list with each leg by itself",
        )
    return quantity, -quantity


def _condor(quantity: int, strikes: tuple[Strike, ...]) -> tuple[int, ...]:
    puts = sorted(strike for strike, right in strikes if right == "P")
    calls = sorted(strike for strike, right in strikes if right == "C")
    if len(puts) != 2:
        raise LegError(
            f"four strikes are a condor, and these are {len(puts)} puts and {len(calls)} calls",
            "expected two puts and two calls, as 6350P/6400P/7100C/7150C",
        )
    if puts[1] > calls[0]:
        crossed = f"the put {strike_text(puts[1])} lies above the call {strike_text(calls[0])}"
        raise LegError(f"{crossed}: crossed", "expected both puts below both calls")
    inner = {(puts[1], "P"), (calls[0], "C")}
    return tuple(quantity if strike in inner else -quantity for strike in strikes)
