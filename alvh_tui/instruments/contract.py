"""One contract: an option, a VIX future, or shares."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from alvh_tui.instruments.roots import Family, Root, root_named

Right = Literal["C", "P"]


@dataclass(frozen=True, slots=True, order=True)
class Contract:
    """An option has all four fields, a future no right and strike, shares only the root."""

    root: str
    expiry: date | None = None
    right: Right | None = None
    strike: float | None = None
    spec: Root = field(init=False, repr=False, compare=False)
    """What is known of its root."""
    symbol: str = field(init=False, repr=False, compare=False)
    """The compact OSI symbol: SPXW261218P06400000; a future VX261216; shares their ticker."""
    multiplier: int = field(init=False, repr=False, compare=False)
    """Dollars per point and contract; a share has 1."""
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "spec", root_named(self.root))
        object.__setattr__(self, "symbol", self._named())
        shares = self.family is Family.EQUITY and not self.is_option
        object.__setattr__(self, "multiplier", 1 if shares else self.spec.multiplier)
        object.__setattr__(self, "_hash", hash((self.root, self.expiry, self.right, self.strike)))

    def __hash__(self) -> int:
        """Worked out once: a book looks its contracts up thousands of times a refresh."""
        return self._hash

    @property
    def family(self) -> Family:
        return self.spec.family

    @property
    def is_option(self) -> bool:
        return self.right is not None

    def _named(self) -> str:
        if self.expiry is None:
            return self.root
        day = f"{self.expiry:%y%m%d}"
        if self.right is None or self.strike is None:
            return f"{self.root}{day}"
        return f"{self.root}{day}{self.right}{round(self.strike * 1000):08d}"

    def __str__(self) -> str:
        """As the position file writes it: SPXW 2026-12-18 6400P."""
        parts = [self.root]
        if self.expiry is not None:
            parts.append(self.expiry.isoformat())
        if self.right is not None and self.strike is not None:
            parts.append(f"{self.strike:g}{self.right}")
        return " ".join(parts)
