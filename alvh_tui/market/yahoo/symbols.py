"""How Yahoo writes things, and which of its symbols stands for which daily series."""

import re
from datetime import UTC, date, datetime

from alvh_tui.instruments.contract import Contract, Right
from alvh_tui.instruments.roots import Family

INDEX_SYMBOLS = (
    *("^SPX", "^VIX", "^VIX9D", "^VIX3M", "^VIX6M", "^VVIX", "^SKEW", "^IRX"),
    *("RSP", "SPY", "VNQ", "DX-Y.NYB"),
)
"""What the method reads besides the book's own contracts."""

SERIES = {
    "spx": "^GSPC", "vix": "^VIX", "vix9d": "^VIX9D", "vix3m": "^VIX3M", "vix6m": "^VIX6M", "vvix": "^VVIX",
    "skew": "^SKEW", "rsp": "RSP", "spy": "SPY", "vnq": "VNQ", "dxy": "DX-Y.NYB", "dgs10": "^TNX",
}  # fmt: skip
"""Daily series and their symbols, those the method cannot do without first."""

_OPTION = re.compile(r"([A-Z][A-Z0-9]{0,5}?)(\d{6})([CP])(\d{8})")


def chain_symbol(contract: Contract) -> str | None:
    """What the chain hangs on that prices this contract; None for shares."""
    if contract.expiry is None:
        return None
    underlying = contract.spec.underlying
    return underlying if contract.family is Family.EQUITY else f"^{underlying}"


def quote_symbol(contract: Contract) -> str | None:
    """The symbol of its own quote; VIX futures have none at Yahoo."""
    return None if contract.family is Family.VIX_FUTURE else contract.symbol


def contract_of(symbol: str) -> Contract | None:
    """The option a symbol such as SPXW261218P06400000 names. Its date is the one that counts."""
    match = _OPTION.fullmatch(symbol)
    if match is None:
        return None
    root, day, right, strike = match.groups()
    try:
        expiry = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
    except ValueError:
        return None
    side: Right = "C" if right == "C" else "P"
    return Contract(root, expiry, side, int(strike) / 1000)


def epoch_of(expiry: date) -> int:
    """An expiry as Yahoo asks for it: its midnight, UTC."""
    return int(datetime(expiry.year, expiry.month, expiry.day, tzinfo=UTC).timestamp())


def expiry_of(epoch: float) -> date:
    return datetime.fromtimestamp(epoch, UTC).date()
