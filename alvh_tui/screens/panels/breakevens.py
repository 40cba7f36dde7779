"""Where the condor in question breaks: its corridor over time, and how far each breakeven has moved."""

from alvh_tui.assess import Assessment, PositionAssessment
from alvh_tui.figures import UNKNOWN
from alvh_tui.risk.travel import Travel
from alvh_tui.screens.panels.corridor import BELOW, LEAST_ROWS, Corridor, chart, corridor_of, day_of
from alvh_tui.screens.panels.corridors import together
from alvh_tui.screens.panels.migration_table import LABELS, is_wide, left_to_say, table, words
from alvh_tui.screens.rows import Opens, Row, Sheet, opening, said, told, width_of
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.toml.text import printable

MODES = ("chart", "table", "all")
"""Corridor over the table, the table alone, all condors together."""
FRAME = 29
"""Cells of the frame that the panel's name and its rule need, and the word path."""
GOOD_CHART, LEAST_CHART = 8, LEAST_ROWS + BELOW


def sheet(shown: Shown, look: Look) -> Sheet:
    assessment = shown.assessment
    if assessment is None:
        return Sheet((said("none", "Nothing is known of the market yet."),))
    held = None if look.mode == "all" else _in_question(shown, look)
    if held is None or held.travel is None:
        title, rows = "all condors", together(assessment, shown, look)
    else:
        title, rows = printable(held.figures.position.id), _rows(held, held.travel, shown, look)
    return Sheet(rows, title=title, note=_path(assessment, look.width - width_of(title)))


def _path(assessment: Assessment, room: int) -> str:
    """The assumption in full, or as short as the frame needs it."""
    link = assessment.valuation.link
    if width_of(link.sentence) + FRAME <= room:
        return f"path: {link.sentence}"
    return f"VIX +{link.beta_down:.1f}/−{link.beta_up:.1f} per ∓1 %"


def _in_question(shown: Shown, look: Look) -> PositionAssessment | None:
    """The condor selected, or the only one there is."""
    found = shown.position(look.selected) if look.selected else None
    if found is not None and found.travel is not None:
        return found
    condors = [] if shown.assessment is None else shown.assessment.positions
    held = [each for each in condors if each.travel is not None]
    return held[0] if len(held) == 1 else None


def _rows(held: PositionAssessment, travel: Travel, shown: Shown, look: Look) -> tuple[Row, ...]:
    corridor = corridor_of(held, travel.of)
    figures = table(travel, shown, look)
    reasons = (*words(left_to_say(travel, look), look.width), *_no_pace(travel, look))
    drawn: tuple[Row, ...] = ()
    if look.mode != "table":
        drawn = chart(corridor, look, _chart_height(len(figures) + len(reasons), look))
    rows = (*drawn, *figures, *reasons, *_not_recorded(corridor, look, drawn != ()))
    return opening(rows, Opens("position", travel.of.condor.id))


def _no_pace(travel: Travel, look: Look) -> tuple[Row, ...]:
    if not travel.pace_note:
        return ()
    return told("why no pace", f"{UNKNOWN} contact, pace: {travel.pace_note}", look.width)


def _chart_height(below: int, look: Look) -> int:
    """What the whole table leaves, else one side of it, else its three first lines."""
    side = len(LABELS) + 1
    for lines in (below, side, 4):
        if look.height - lines >= GOOD_CHART:
            return look.height - lines
    if is_wide(look) or look.height - 4 < LEAST_CHART:
        return look.height if look.height >= LEAST_CHART else 0
    return look.height - 4


def _not_recorded(corridor: Corridor, look: Look, drawn: bool) -> tuple[Row, ...]:
    """Which part of the past the program did not see."""
    days = [standing.on for standing in corridor.trail if standing.rebuilt]
    if not days:
        return ()
    span = day_of(days[0]) if len(days) == 1 else f"{day_of(days[0])} to {day_of(days[-1])}"
    some = len(days) < len(corridor.trail) - 1
    which = f"{len(days)} sessions ({span}) were not recorded" if some else f"{span}: nothing was recorded"
    sign = " (dashed axis)" if drawn else ""
    text = f"{which}{sign}: rebuilt from the daily closes and the position file."
    return told("rebuilt", text, look.width)
