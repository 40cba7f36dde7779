"""The option and future roots this program knows, and what each one settles on."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Which model and which forward price an instrument."""

    INDEX = "index"
    """European options on SPX or XSP, priced on the parity forward of their own expiry and root."""
    VIX = "vix"
    """European options on VIX, priced on the VIX forward of their own expiry, never on spot VIX."""
    VIX_FUTURE = "vix future"
    EQUITY = "equity"
    """Shares, and American options on them."""


@dataclass(frozen=True, slots=True)
class Root:
    name: str
    family: Family
    underlying: str
    """The index or ticker it settles on: SPX, XSP, VIX, or the ticker itself."""
    settles_at_open: bool
    multiplier: int
    """Dollars per index point and contract (of an option or future; a share has 1)."""


_KNOWN = {
    root.name: root
    for root in (
        Root("SPX", Family.INDEX, "SPX", settles_at_open=True, multiplier=100),
        Root("SPXW", Family.INDEX, "SPX", settles_at_open=False, multiplier=100),
        Root("XSP", Family.INDEX, "XSP", settles_at_open=False, multiplier=100),
        Root("VIX", Family.VIX, "VIX", settles_at_open=True, multiplier=100),
        Root("VIXW", Family.VIX, "VIX", settles_at_open=True, multiplier=100),
        Root("VX", Family.VIX_FUTURE, "VIX", settles_at_open=True, multiplier=1000),
        Root("VXM", Family.VIX_FUTURE, "VIX", settles_at_open=True, multiplier=100),
    )
}


def root_named(name: str) -> Root:
    """The root of that name; one that is not known is an equity or ETF."""
    return _KNOWN.get(name) or Root(name, Family.EQUITY, name, settles_at_open=False, multiplier=100)


def known_roots() -> tuple[str, ...]:
    return tuple(_KNOWN)
