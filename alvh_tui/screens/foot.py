"""The last line: the keys that matter most, as many as fit."""

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from alvh_tui.screens.actions import Action, key_shown
from alvh_tui.screens.rows import width_of

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp

GAP = 2


class Foot(Widget):
    app: "AlvhApp"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"foot--key", "foot--label"}
    DEFAULT_CSS = """
    Foot { height: 1; background: $role-raised; }
    Foot > .foot--key { color: $role-index; text-style: bold; }
    Foot > .foot--label { color: $role-label; }
    """

    def render_line(self, _y: int) -> Strip:
        key, label = (self.get_component_rich_style(name) for name in ("foot--key", "foot--label"))
        parts: list[Segment] = [Segment(" ", label)]
        for action in self._hints():
            parts += [Segment(self._key(action), key), Segment(f" {action.label}{' ' * GAP}", label)]
        return Strip(parts).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """As if the key had been pressed."""
        passed = 1
        for action in self._hints():
            passed += self._width(action)
            if event.x < passed:
                self.app.action_act(action.id)
                return

    def _hints(self) -> list[Action]:
        """Help and quit are said first of all, and stand where the eye expects them."""
        here = (a for a in self.app.actions_here() if a.foot and self.app.keys_in_use[a.id])
        foot = sorted(here, key=lambda action: action.foot)
        first, last = foot[:-3], foot[-3:]
        room = self.size.width - 1 - sum(map(self._width, last))
        kept = []
        for action in first:
            room -= self._width(action)
            if room < 0:
                break
            kept.append(action)
        return [*kept, *last]

    def _key(self, action: Action) -> str:
        return key_shown(self.app.keys_in_use[action.id][0])

    def _width(self, action: Action) -> int:
        return width_of(self._key(action)) + 1 + width_of(action.label) + GAP
