"""The page of help: what the panel in focus shows, its keys, all keys, and where figures come from."""

from collections.abc import Iterator, Mapping

from alvh_tui.screens.actions import ACTIONS, PANELS, Action, key_shown
from alvh_tui.screens.dashboard import Dashboard
from alvh_tui.screens.doing import Front
from alvh_tui.screens.help_texts import DOUBT_HELP, FIGURES_HELP, PANEL_HELP
from alvh_tui.screens.page import Page
from alvh_tui.screens.rows import Role, Row, Sheet, Span, fitted, width_of, wrapped
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.why_page import WhyPage

GROUPS = {
    "looking": "Looking closer",
    "moving": "Moving about",
    "panels": "Panels",
    "market": "The market",
    "book": "The book and its journal",
    "taking along": "Taking along",
    "appearance": "Appearance",
    "program": "The program",
}
HERE = ("looking", "book", "taking along")
"""Groups of what is done to the row or figure under the cursor."""
KEYS_WIDE = 14
WIDEST = 100
"""Longer lines are hard to read."""


class HelpPage(Page):
    def __init__(self, front: Front) -> None:
        self._about = _about(front)
        panel = PANELS.get(front.active.id or "", "Attention")
        super().__init__(f"Help: {panel if isinstance(front, Dashboard) else 'this page'}", self._sheet)
        here = [action for action in ACTIONS.values() if action.group in HERE]
        app = front.app
        self._here = tuple(action for action in here if app.means_something(action.id, front))

    def update(self, shown: Shown | None) -> None:
        """There is help before there is a market."""
        if self.panel.room.width:
            self.panel.show(self._sheet(shown, self.look_of(self.panel)))

    def _sheet(self, _shown: Shown | None, look: Look) -> Sheet:
        return help_sheet(self._about, self._here, self.app.keys_in_use, look)


def _about(front: Front) -> str:
    if isinstance(front, WhyPage):
        return "why"
    name = front.active.id or ""
    return name if name in PANEL_HELP else "page"


def help_sheet(
    about: str, here: tuple[Action, ...], keys: Mapping[str, tuple[str, ...]], look: Look
) -> Sheet:
    rows = [row for row in _rows(about, here, keys, min(look.width, WIDEST)) if _holds(row, look.filter)]
    return Sheet(tuple(rows), note=f"/{look.filter}" if look.filter else "")


def _holds(row: Row, words: str) -> bool:
    return words.casefold() in row.text.casefold()


def _rows(
    about: str, here: tuple[Action, ...], keys: Mapping[str, tuple[str, ...]], width: int
) -> Iterator[Row]:
    for nth, text in enumerate(PANEL_HELP[about]):
        yield from _paragraph(f"about {nth}", text, width, Role.LABEL if nth else Role.PLAIN)
    yield from _heading("Keys here")
    yield from _keys("here", here, keys, width)
    yield from _heading("Where figures come from")
    yield from _paragraph("figures", FIGURES_HELP, width)
    yield from _heading("What is in doubt")
    for nth, text in enumerate(DOUBT_HELP):
        yield from _paragraph(f"doubt {nth}", text, width)
    for group, heading in GROUPS.items():
        yield from _heading(heading)
        yield from _keys(group, tuple(a for a in ACTIONS.values() if a.group == group), keys, width)


def _heading(text: str) -> Iterator[Row]:
    yield Row(f"{text} gap", ())
    yield Row(text, (Span(f" {text}", Role.STRONG),))


def _paragraph(key: str, text: str, width: int, role: Role = Role.PLAIN) -> Iterator[Row]:
    for nth, line in enumerate(wrapped(text, max(width - 2, 1))):
        yield Row(f"{key} {nth}", (Span(f" {line}", role),))


def _keys(
    name: str, actions: tuple[Action, ...], keys: Mapping[str, tuple[str, ...]], width: int
) -> Iterator[Row]:
    """Keys, then what they do, on as many lines as it needs."""
    room = max(width - KEYS_WIDE - 3, 1)
    for action in actions:
        shown = " ".join(key_shown(key) for key in keys[action.id]) or "no key"
        words = wrapped(action.help, room)
        column = max(KEYS_WIDE, width_of(shown))
        for nth, line in enumerate(words):
            left = fitted(shown, column) if nth == 0 else " " * KEYS_WIDE
            yield Row(f"{name} {action.id} {nth}", (Span(f" {left} ", Role.INDEX), Span(line)))
