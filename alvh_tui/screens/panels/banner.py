"""What must not be missed, across the screen: a file that is not sound, a market nobody can assess."""

from collections.abc import Iterator

from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.toml.problem import errors_in
from alvh_tui.toml.text import printable


def sheet(shown: Shown, look: Look) -> Sheet:
    return Sheet(tuple(_rows(shown, look)))


def _rows(shown: Shown, look: Look) -> Iterator[Row]:
    errors = errors_in(shown.problems)
    if errors:
        first, more = errors[0], len(errors) - 1
        kept = (
            "the last sound state is shown" if shown.assessment is not None else "nothing sound to show yet"
        )
        others = f" and {more} more" if more else ""
        where = f"{printable(first.file.rsplit('/', 1)[-1])}:{first.line}: {printable(first.key)}"
        told = f" {where} {printable(first.what)}{others}; {kept} "
        yield _line("file", told, look, opens=Opens("problem", ""))
    if shown.frame.error:
        yield _line("market", f" {printable(shown.frame.error)} ", look)
    for fault in shown.faults:
        yield _line(f"alerts {fault}", f" alerts by {printable(fault)} ", look)
    if shown.memory:
        yield _line("memory", f" nothing is recorded: {printable(shown.memory)} ", look)


def _line(key: str, text: str, look: Look, opens: Opens | None = None) -> Row:
    return Row(key, cut((Span(" ▲", Role.ACT), Span(text, Role.STRONG)), look.width), opens)
