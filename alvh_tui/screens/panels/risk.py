"""What can happen to the condor in question, or to the book: payoff, SPX × VIX, and the P&L explained."""

from dataclasses import replace

from alvh_tui.assess import Assessment
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.risk.picture import Picture
from alvh_tui.screens.panels.corridor import day_of
from alvh_tui.screens.panels.explained_bars import explained_rows
from alvh_tui.screens.panels.heat_map import heat_map
from alvh_tui.screens.panels.payoff_chart import LEAST_ROWS, chart, largest_loss, legend, numbers
from alvh_tui.screens.rows import Opens, Role, Row, Sheet, Span, cut, opening, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.toml.text import printable

MODES = ("payoff", "grid", "explained")
"""Curves along the index, the heat map over SPX and VIX, the P&L of the day in its parts."""
LEAST_CHART = LEAST_ROWS + 2
FRAME = 16
"""Cells of the frame that the panel's name and its rule need."""


def sheet(shown: Shown, look: Look) -> Sheet:
    assessment = shown.assessment
    if assessment is None:
        return Sheet((said("none", "Nothing is known of the market yet."),))
    if look.mode == "explained":
        return _explained(assessment, shown, look)
    about = _about(assessment, look)
    picture = shown.picture(about)
    name = printable(about) or "all held"
    if picture is None:
        return Sheet((said("none", "Nothing has been worked out yet."),), title=name)
    if not picture.curves:
        return Sheet(told("told", f"Nothing to draw: {picture.reason}.", look.width), title=name)
    if look.mode == "grid":
        return _grid(picture, assessment, name, shown, look)
    return _payoff(picture, assessment, name, shown, look)


def _about(assessment: Assessment, look: Look) -> str:
    """The condor selected; empty, for everything held, where it is none."""
    held = {each.figures.position.id for each in assessment.positions if each.breakevens is not None}
    return look.selected if look.selected in held else ""


def _payoff(picture: Picture, assessment: Assessment, name: str, shown: Shown, look: Look) -> Sheet:
    title = f"{name}  {legend(picture, look)}"
    link = assessment.valuation.link.sentence
    note = f"path: {link}" if picture.on_path else "VIX and vols held"
    figures = numbers(picture, shown, look)
    if width_of(title) + width_of(note) + FRAME > look.width:
        figures, note = _with(note, figures, look), ""
    doubts: tuple[Row, ...] = ()
    if picture.reason:
        doubts = (Row("doubt", cut((Span(f"— {printable(picture.reason)}", Role.DOUBT),), look.width)),)
    height = max(look.height - len(figures) - len(doubts), min(look.height, LEAST_CHART))
    drawn = chart(picture, assessment, look, height)
    return Sheet(_opening(picture, (*drawn, *figures, *doubts)), title=title, note=note)


def _opening(picture: Picture, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return opening(rows, Opens("position", picture.about)) if picture.about else rows


def _with(note: str, figures: tuple[Row, ...], look: Look) -> tuple[Row, ...]:
    """The assumption beside the figures where the frame has no room for it, else under them."""
    widest = max((width_of(row.text) for row in figures), default=0)
    for gap in (3, 2, 1):
        taken = widest + gap
        lines = _in_phrases(note, look.width - taken)
        if 0 < len(lines) <= len(figures):
            break
    else:
        return (*figures, *told("told", note, look.width))
    padded = [*lines, *[""] * (len(figures) - len(lines))]
    return tuple(
        replace(row, spans=(*row.spans, Span(" " * (taken - width_of(row.text))), Span(line, Role.LABEL)))
        for row, line in zip(figures, padded, strict=True)
    )


def _in_phrases(text: str, width: int) -> list[str]:
    """Lines that break behind a colon or a comma; none where a phrase has no room."""
    lines: list[str] = []
    for phrase in text.replace(": ", ":\n").replace(", ", ",\n").split("\n"):
        if width_of(phrase) > width:
            return []
        joined = f"{lines[-1]} {phrase}" if lines else phrase
        if lines and width_of(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(phrase)
    return lines


def _grid(picture: Picture, assessment: Assessment, name: str, shown: Shown, look: Look) -> Sheet:
    what = f"{name} without hedges" if picture.about else "everything held"
    title = f"{what}  P&L now, SPX × VIX"
    if picture.grid is None:
        return Sheet(told("told", f"No grid: {picture.reason}.", look.width), title=title)
    largest = largest_loss(picture, assessment)
    rows = heat_map(picture, picture.grid, largest, shown, look)
    note = "each moved on its own, vols follow VIX"
    if look.private:
        note = f"in % of the largest loss; {note}"
    if width_of(title) + width_of(note) + FRAME > look.width:
        rows, note = (*rows, *told("told", note, look.width)), ""
    return Sheet(_opening(picture, rows), head=1, title=title, note=note)


def _explained(assessment: Assessment, shown: Shown, look: Look) -> Sheet:
    since = assessment.explained_since
    title = "P&L explained"
    if since is not None:
        local = since.astimezone(NEW_YORK)
        title = f"P&L explained since {day_of(local.date())} {local:%H:%M}"
    rows = tuple(explained_rows(assessment, shown, look))
    return Sheet(rows, title=title, note="Greeks of then × the moves since")
