"""How everything stood before and after an entry of the journal: sums, Greeks and breakevens."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from alvh_tui.figures import UNKNOWN, number, percent
from alvh_tui.risk.breakevens import KINDS
from alvh_tui.screens.cells import HIDDEN
from alvh_tui.screens.rows import Role, Row, Span
from alvh_tui.screens.shown import Look
from alvh_tui.screens.table import Column, Table
from alvh_tui.toml.text import printable
from alvh_tui.why.names import BREAKEVEN

Standing = Mapping[str, Any]
_GREEKS = (
    ("spx_delta", "SPX delta", 1),
    ("spx_delta_hedged", "SPX delta hedged", 1),
    ("gamma", "gamma", 3),
    ("vega", "vega", 0),
    ("theta", "theta", 0),
)
_OWN_GREEKS = (("delta", "delta", 1), ("gamma", "gamma", 3), ("vega", "vega", 0), ("theta", "theta", 0))


def standing_rows(before: Standing | None, after: Standing | None, look: Look) -> Iterator[Row]:
    """One column where only one of them is known."""
    if not before and not after:
        return
    both = bool(before and after)
    columns = [Column("name", "", 18, right=False)]
    if both:
        columns.append(Column("before", "before", 10))
    columns.append(Column("after", "after" if both else "then", 10))
    table = Table("standing", columns, look)
    moments = [moment for moment in (before, after) if moment]
    _book(table, moments, look)
    names = dict.fromkeys(name for moment in moments for name in (moment.get("positions") or {}))
    for name in names:
        held = [(moment.get("positions") or {}).get(name) or {} for moment in moments]
        table.add_row(Row(f"standing of {name}", (Span(printable(name)[: look.width], Role.STRONG),)))
        _position(table, name, held, look)
    yield from table.rows()


def _book(table: Table, moments: list[Standing], look: Look) -> None:
    _line(table, "SPX", (number(m.get("spot"), 2) for m in moments))
    _line(table, "VIX", (number(m.get("vix"), 2) for m in moments))
    _line(table, "P&L $", (_hidden(m.get("pnl"), 0, look) for m in moments))
    _line(table, "coverage", (percent(m.get("coverage")) for m in moments))
    for key, label, digits in _GREEKS:
        _line(table, label, (_hidden((m.get("greeks") or {}).get(key), digits, look) for m in moments))


def _position(table: Table, name: str, held: list[Standing], look: Look) -> None:
    _line(table, "  P&L $", (_hidden(h.get("pnl"), 0, look) for h in held), name)
    _line(table, "  mark", (number(h.get("mark"), 2) for h in held), name)
    for key, label, digits in _OWN_GREEKS:
        _line(
            table, f"  {label}", (_hidden((h.get("greeks") or {}).get(key), digits, look) for h in held), name
        )
    for kind in KINDS:
        for side, place in (("lower", 0), ("upper", 1)):
            sides = [((h.get("breakevens") or {}).get(kind) or (None, None))[place] for h in held]
            if any(value is not None for value in sides):
                label = f"  {BREAKEVEN[kind].removeprefix('breakeven ')}, {side}"
                _line(table, label, (number(value, 1) for value in sides), name)


def _hidden(value: float | None, digits: int, look: Look) -> str:
    return HIDDEN if look.private and value is not None else number(value, digits, signed=True)


def _line(table: Table, label: str, values: Iterable[str], of: str = "") -> None:
    cells = [Span(text, Role.DOUBT if text == UNKNOWN else Role.PLAIN) for text in values]
    table.add(f"standing {of} {label}", Span(label, Role.LABEL), *cells)
