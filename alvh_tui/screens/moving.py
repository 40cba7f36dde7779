"""What dashboard and pages have in common: the keys that move a cursor through a panel."""

from textual.screen import Screen

from alvh_tui.screens.panel import Panel


class Moving(Screen[None]):
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
