"""Contracts for the tests: a book of five positions, and a small one."""

from datetime import date

from alvh_tui.instruments.contract import Contract, Right


def option(root: str, day: str, right: Right, strike: float) -> Contract:
    return Contract(root, date.fromisoformat(day), right, strike)


def condor(day: str, root: str = "SPXW") -> list[Contract]:
    return [
        option(root, day, "P", 6400),
        option(root, day, "P", 6450),
        option(root, day, "C", 7050),
        option(root, day, "C", 7100),
    ]


SMALL = [*condor("2026-12-18"), option("VIX", "2026-12-16", "C", 22), option("VIX", "2026-12-16", "C", 32)]
FIVE_POSITIONS = [
    *condor("2026-12-04"),
    *condor("2026-12-18"),
    *condor("2026-12-31"),
    *[option("VIX", "2026-12-16", "C", strike) for strike in (22, 32)],
    *[option("VIX", "2027-01-20", "C", strike) for strike in (25, 40)],
]
