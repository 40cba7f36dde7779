"""The page that says how a figure comes about."""

from typing import TYPE_CHECKING

from alvh_tui.book.model import LAYERS
from alvh_tui.screens.page import Page
from alvh_tui.screens.rows import Opens, Sheet, said
from alvh_tui.screens.shown import Look, Shown
from alvh_tui.screens.under import OWNED
from alvh_tui.why.figure import Figure
from alvh_tui.why.names import title_of

if TYPE_CHECKING:
    from alvh_tui.why.derivation import Derivation

GONE = "This figure is no longer there."


class WhyPage(Page):
    """Derived anew with every frame; `=` on one of its inputs opens the next."""

    def __init__(self, asked: Figure) -> None:
        super().__init__(title_of(asked), self._sheet, about_of(asked))
        self.asked = asked

    def derivation(self, shown: Shown | None) -> "Derivation | None":
        from alvh_tui.why.derive import derive

        if shown is None or shown.assessment is None:
            return None
        return derive(self.asked, shown.assessment)

    def text(self) -> str:
        """What is hidden on the screen is not copied either."""
        found = self.derivation(self.app.shown)
        return super().text() if found is None or self.app.look().private else found.text()

    def _sheet(self, shown: Shown, look: Look) -> Sheet:
        from alvh_tui.screens.pages import derivation

        found = self.derivation(shown)
        return Sheet((said("gone", GONE),)) if found is None else derivation.sheet(found, shown, look)


def about_of(figure: Figure) -> Opens | None:
    """What the figure belongs to, so that notes and the editor find it."""
    if figure.kind not in OWNED or not figure.about or figure.about == "shrink":
        return None
    if figure.kind == "signal":
        return Opens("signal", figure.about)
    return Opens("layer" if figure.about in LAYERS else "position", figure.about)
