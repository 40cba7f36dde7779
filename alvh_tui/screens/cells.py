"""Figures as spans: written once, marked where they are in doubt, hidden where amounts are private."""

from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.screens.rows import Role, Span
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.why.figure import Figure

HIDDEN = "•••"
"""Instead of an amount nobody else is to read."""


def cell(text: str, figure: Figure | None, shown: Shown, role: Role = Role.PLAIN) -> Span:
    """A written figure; dimmed where it is unknown, stale, or rests on something that is."""
    if text.strip() == UNKNOWN or shown.is_doubtful(figure):
        role = Role.DOUBT
    return Span(text, role, figure)


def amount(
    value: float | None,
    figure: Figure,
    shown: Shown,
    look: Look,
    *,
    signed: bool = True,
    role: Role = Role.PLAIN,
) -> Span:
    """Dollars."""
    if look.private and value is not None:
        return Span(HIDDEN, Role.LABEL, figure)
    return cell(number(value, signed=signed), figure, shown, role)


def gain(value: float | None, figure: Figure, shown: Shown, look: Look) -> Span:
    """Dollars made or lost: the sign says which, the tint repeats it."""
    return amount(value, figure, shown, look, role=tint(value))


def gain_percent(share: float | None, figure: Figure, shown: Shown, digits: int = 0) -> Span:
    return cell(percent(share, digits, signed=True), figure, shown, tint_percent(share, digits))


def tint(value: float | None, digits: int = 0) -> Role:
    """Of a figure as it is written with so many digits: what reads 0 is neither gained nor lost."""
    written = 0.0 if value is None else round(value, digits)
    if written == 0.0:
        return Role.PLAIN
    return Role.GAIN if written > 0.0 else Role.LOSS


def tint_percent(share: float | None, digits: int = 0) -> Role:
    return tint(None if share is None else 100.0 * share, digits)


def level(
    value: float | None,
    figure: Figure,
    shown: Shown,
    digits: int = 0,
    *,
    signed: bool = False,
    role: Role = Role.PLAIN,
) -> Span:
    """An index level, a Greek, a share: nothing that tells how much money there is."""
    return cell(number(value, digits, signed=signed), figure, shown, role)


def size(
    value: float | None, figure: Figure, shown: Shown, look: Look, digits: int = 0, *, signed: bool = True
) -> Span:
    """A Greek or a count in dollars or contracts, which tells the size of the book."""
    if look.private and value is not None:
        return Span(HIDDEN, Role.LABEL, figure)
    return level(value, figure, shown, digits, signed=signed)
