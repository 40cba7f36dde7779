"""What dashboard and pages have in common: the keys that move a cursor through a panel."""

import logging
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from alvh_tui.screens.panel import Panel
from alvh_tui.screens.rows import Role, Sheet, said
from alvh_tui.screens.shown import Builder, Look, Shown

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp

FAILED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a market nobody foresaw may raise while it is put into words."""

_log = logging.getLogger(__name__)


class Moving(Screen[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"role--{role.value}" for role in Role}
    app: "AlvhApp"

    def built(self, build: Builder, shown: Shown, look: Look) -> Sheet:
        """A panel that cannot be built says so, and the others go on."""
        try:
            return build(shown, look)
        except FAILED as error:
            _log.error("a panel could not be built: %s", type(error).__name__)
            _log.debug("", exc_info=True)
            return Sheet((said("failed", f"this cannot be shown: {type(error).__name__}", Role.ACT),))

    def update(self, shown: Shown | None) -> None:
        raise NotImplementedError

    def follow(self, shown: Shown) -> None:
        """A frame has come."""
        self.update(shown)

    def on_screen_resume(self) -> None:
        """While another screen was in front, this one was not kept up to date."""
        self.update(self.app.shown)

    @property
    def active(self) -> Panel:
        """The panel the keys are for."""
        raise NotImplementedError

    def do_down(self) -> None:
        self.active.move(1)

    def do_up(self) -> None:
        self.active.move(-1)

    def do_left(self) -> None:
        self.active.move_across(-1)

    def do_right(self) -> None:
        self.active.move_across(1)

    def do_top(self) -> None:
        self.active.move_to_end(last=False)

    def do_bottom(self) -> None:
        self.active.move_to_end(last=True)

    def do_page_down(self) -> None:
        self.active.move_page(1)

    def do_page_up(self) -> None:
        self.active.move_page(-1)
