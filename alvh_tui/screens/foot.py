"""The last line: the keys that matter most, as many as fit."""

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from alvh_tui.screens.actions import key_shown
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
        left = self.size.width - 1
        for shown, said in self._hints():
            needed = width_of(shown) + 1 + width_of(said) + GAP
            if needed - GAP > left:
                break
            parts += [Segment(shown, key), Segment(f" {said}{' ' * GAP}", label)]
            left -= needed
        return Strip(parts).adjust_cell_length(self.size.width, self.rich_style)

    def _hints(self) -> list[tuple[str, str]]:
        """Help and quit are said first of all, and stand where the eye expects them."""
        keys = self.app.keys_in_use
        here = (a for a in self.app.actions_here() if a.foot and keys[a.id])
        foot = sorted(here, key=lambda action: action.foot)
        room = self.size.width - 1
        kept, last = [], foot[-3:]
        room -= sum(width_of(key_shown(keys[a.id][0])) + 1 + width_of(a.label) + GAP for a in last)
        for action in foot[:-3]:
            room -= width_of(key_shown(keys[action.id][0])) + 1 + width_of(action.label) + GAP
            if room < 0:
                break
            kept.append(action)
        return [(key_shown(keys[action.id][0]), action.label) for action in (*kept, *last)]
