"""One line at the foot of the screen that asks for words."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import SystemModalScreen
from textual.widgets import Input, Label

LONGEST = 400
"""Characters of a note."""


class Prompt(SystemModalScreen[str | None]):
    """Enter gives the words, escape gives None; what lies behind goes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "take_back", "take back", priority=True),
        Binding("ctrl+q", "app.act('quit')", "quit", priority=True),
    ]
    DEFAULT_CSS = """
    Prompt { layout: vertical; align-vertical: bottom; background: transparent; color: $role-plain; }
    Prompt > Horizontal { height: 1; width: 1fr; background: $role-raised; }
    Prompt Label { color: $role-index; text-style: bold; width: auto; max-width: 50%; padding: 0 1; }
    Prompt Input, Prompt Input:focus {
        border: none; height: 1; width: 1fr; padding: 0; background: $role-raised; color: $role-plain;
        background-tint: 0%;
    }
    Prompt Input > .input--placeholder { color: $role-label; }
    Prompt Input > .input--cursor { text-style: reverse; }
    """

    def __init__(
        self, label: str, words: str = "", *, hint: str = "", live: Callable[[str], None] | None = None
    ) -> None:
        """`live` is told of every change while it is typed."""
        super().__init__()
        self._label = label
        self._words = words
        self._hint = hint
        self._live = live

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label(Content(self._label), markup=False)
            yield Input(
                self._words, placeholder=self._hint, max_length=LONGEST, select_on_focus=False, compact=True
            )

    def on_input_changed(self, message: Input.Changed) -> None:
        if self._live is not None:
            self._live(message.value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        self.dismiss(message.value)

    def action_take_back(self) -> None:
        self.dismiss(None)
