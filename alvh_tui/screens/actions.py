"""Everything the user can do: bindings, footer, palette, help, `alvh keys` and the README come of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PANELS = {
    "book": "Book",
    "breakevens": "Breakevens",
    "layers": "Layers",
    "signals": "Signals",
    "risk": "Risk",
    "journal": "Journal",
}
"""In the order of their digits."""


@dataclass(frozen=True, slots=True)
class Action:
    id: str
    keys: tuple[str, ...]
    """As Textual names them."""
    label: str
    """For the footer and the palette."""
    help: str
    """One sentence."""
    group: str
    foot: int = 0
    """Place in the footer, 1 first; 0: not in it."""


def _panels() -> Iterator[Action]:
    yield Action(
        "attention",
        ("0",),
        "attention",
        "Goes to the list of what needs you; pressed again, to all of it.",
        "panels",
    )
    for digit, (name, label) in enumerate(PANELS.items(), start=1):
        yield Action(name, (str(digit),), label.lower(), f"Goes to the panel {label}.", "panels")


ACTIONS: Mapping[str, Action] = {
    action.id: action
    for action in (
        *_panels(),
        Action("next-panel", ("tab",), "next panel", "Goes to the next panel.", "panels"),
        Action("previous-panel", ("shift+tab",), "previous panel", "Goes to the panel before.", "panels"),
        Action("maximise", ("m",), "maximise", "Gives the panel the whole screen, and back.", "panels", 7),
        Action(
            "view", ("v",), "view", "Shows the panel's next view, such as chart, grid or table.", "panels", 4
        ),
        Action("down", ("j", "down"), "down", "One row down.", "moving"),
        Action("up", ("k", "up"), "up", "One row up.", "moving"),
        Action(
            "left", ("h", "left"), "left", "The figure to the left; at the edge, the panel there.", "moving"
        ),
        Action(
            "right",
            ("l", "right"),
            "right",
            "The figure to the right; at the edge, the panel there.",
            "moving",
        ),
        Action("top", ("g", "home"), "top", "The first row.", "moving"),
        Action("bottom", ("G", "end"), "bottom", "The last row.", "moving"),
        Action("page-down", ("pagedown", "ctrl+d"), "page down", "A page down.", "moving"),
        Action("page-up", ("pageup", "ctrl+u"), "page up", "A page up.", "moving"),
        Action(
            "open",
            ("enter",),
            "open",
            "Folds a position out or in; opens any other row's page.",
            "looking",
            2,
        ),
        Action("page", ("o",), "page", "Opens the whole page of the position, layer or signal.", "looking"),
        Action("why", ("=",), "why", "Shows how the figure under the cursor comes about.", "looking", 3),
        Action("back", ("escape",), "back", "Leaves a page, a filter or a maximised panel.", "looking"),
        Action("fold-all", ("z",), "fold all", "Folds every position out, or all of them in.", "looking"),
        Action("next-condor", ("]",), "next condor", "Breakevens and risk of the next condor.", "looking"),
        Action(
            "previous-condor", ("[",), "previous condor", "Breakevens and risk of the one before.", "looking"
        ),
        Action(
            "filter", ("/",), "filter", "Shows only the rows of the panel that hold a word.", "looking", 8
        ),
        Action("ages", ("i",), "ages", "Shows how old figures are and where they come from.", "looking"),
        Action("report", ("R",), "report", "Opens the steward's report.", "looking"),
        Action(
            "problems", ("!",), "problems", "Opens everything that is wrong in the position file.", "looking"
        ),
        Action("refresh", ("r",), "refresh", "Asks for a new market now.", "market", 5),
        Action("pause", ("space",), "pause", "Holds the market still, or lets it go on.", "market", 6),
        Action("faster", ("+",), "faster", "Asks for the market more often.", "market"),
        Action("slower", ("-",), "slower", "Asks for the market less often.", "market"),
        Action(
            "edit", ("e",), "edit", "Opens the position file in $EDITOR at the line of this row.", "book", 9
        ),
        Action("next-book", ("b",), "next book", "Switches to the next position file.", "book"),
        Action("note", ("n",), "note", "Writes a note about this row into the journal.", "book"),
        Action("acknowledge", ("a",), "acknowledge", "Marks an alert or a journal entry as seen.", "book"),
        Action("snooze", ("s",), "snooze", "Silences this alert for half an hour.", "book"),
        Action("mute", ("u",), "mute", "Silences this alert's rule, or lets it speak again.", "book"),
        Action(
            "copy", ("y",), "copy", "Copies the row, or the whole page, to the clipboard.", "taking along"
        ),
        Action(
            "export",
            ("x",),
            "export",
            "Saves what the panel shows, and the screen as a picture.",
            "taking along",
        ),
        Action("private", ("$",), "hide amounts", "Hides amounts, so that others may look on.", "appearance"),
        Action("theme", ("T",), "theme", "The next theme: night, day, clear, terminal.", "appearance"),
        Action("charts", ("B",), "charts", "Charts in braille, blocks or plain ASCII.", "appearance"),
        Action("help", ("?",), "help", "What the panel shows, and every key.", "program", 10),
        Action(
            "palette",
            (":", "ctrl+p"),
            "commands",
            "Finds any command, position, layer or signal.",
            "program",
            11,
        ),
        Action("quit", ("q", "ctrl+q", "ctrl+c"), "quit", "Ends the program.", "program", 12),
    )
}

SHOWN_AS = {
    "enter": "⏎", "escape": "esc", "pagedown": "pgdn", "pageup": "pgup",
    "up": "↑", "down": "↓", "left": "←", "right": "→",
}  # fmt: skip


def key_shown(key: str) -> str:
    """As footer and help write it: ^p for ctrl+p."""
    if key.startswith("ctrl+"):
        return f"^{key_shown(key.removeprefix('ctrl+'))}"
    return SHOWN_AS.get(key, key)
