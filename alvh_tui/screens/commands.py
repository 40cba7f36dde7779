"""Everything the palette offers on the screen in front, in the order it is listed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from alvh_tui.screens.actions import ACTIONS, PANELS, key_shown
from alvh_tui.screens.dashboard import Dashboard
from alvh_tui.screens.rows import Opens, OpensKind
from alvh_tui.screens.themes import THEMES
from alvh_tui.toml.text import printable

if TYPE_CHECKING:
    from alvh_tui.assess import Assessment
    from alvh_tui.screens.app import AlvhApp
    from alvh_tui.screens.doing import Front

LAST = ("moving", "panels")
"""Groups the palette is no shorter way to."""


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    """Printable; the same words find it."""
    help: str
    run: Callable[[], object]
    keys: str = ""


def commands(app: "AlvhApp", front: "Front") -> Iterator[Command]:
    yield from _actions(app, front)
    if app.shown is not None and app.shown.assessment is not None:
        yield from _places(app, app.shown.assessment)
    yield from _views(app, front)
    yield from _looks(app)
    yield from _books(app)
    yield from _rules(app)


def _actions(app: "AlvhApp", front: "Front") -> Iterator[Command]:
    here = [action for action in ACTIONS.values() if app.means_something(action.id, front)]
    for action in sorted(here, key=lambda action: action.group in LAST):
        if action.id != "palette":
            keys = " ".join(key_shown(key) for key in app.keys_in_use[action.id])
            yield Command(action.label, action.help, partial(app.action_act, action.id), keys)


def _places(app: "AlvhApp", assessment: "Assessment") -> Iterator[Command]:
    for position in assessment.book.positions:
        yield _go_to(app, "position", position.id, "Opens the page of the position.")
    for layer in assessment.judgement.layers:
        yield _go_to(app, "layer", layer, "Opens the page of the layer.")
    for signal in assessment.judgement.signals:
        yield _go_to(app, "signal", signal.id, "Opens the page of the signal.")


def _go_to(app: "AlvhApp", kind: OpensKind, name: str, what: str) -> Command:
    return Command(f"go to {printable(name)}", what, partial(app.open_page, Opens(kind, name)))


def _rules(app: "AlvhApp") -> Iterator[Command]:
    from alvh_tui.method.catalog import catalog

    for entry in catalog().values():
        yield Command(f"rule: {entry.id}", entry.sentence, partial(app.open_page, Opens("rule", entry.id)))


def _views(app: "AlvhApp", front: "Front") -> Iterator[Command]:
    if app.shown is None or not isinstance(front, Dashboard):
        return
    from alvh_tui.screens.builders import MODES

    for name, modes in MODES.items():
        for mode in modes:
            if mode != front.mode_of(name):
                show = partial(front.show_view, name, mode)
                yield Command(f"view: {name} as {mode}", f"Shows the panel {PANELS[name]} so.", show)


def _looks(app: "AlvhApp") -> Iterator[Command]:
    for theme in THEMES:
        if theme != app.theme:
            yield Command(
                f"theme: {theme}", "Colours of the whole screen.", partial(setattr, app, "theme", theme)
            )
    for kind in app.other_charts:
        yield Command(f"charts: {kind}", "What curves are drawn with.", partial(app.set_charts, kind))


def _books(app: "AlvhApp") -> Iterator[Command]:
    for number, book in enumerate(app.books):
        if number != app.book_number:
            yield Command(f"book: {printable(book.name)}", "Switches to it.", partial(app.open_book, number))
