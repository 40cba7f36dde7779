"""The palette: finds any command by some of its letters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Matcher, Provider, SearchIcon
from textual.content import Content

from alvh_tui.screens.commands import Command, commands
from alvh_tui.screens.rows import fitted, width_of

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp
    from alvh_tui.screens.doing import Front


NAME, KEYS = 26, 12
"""Cells for a name and for its keys, so that what they do stands in a column."""
NARROW = 80
"""Below this width each stands right behind the other."""
QUIET = "$role-label"
HINT = "a command, a position, a layer, a signal, a rule"


class Commands(Provider):
    """Names of the user's own are in it: no text is ever read as markup."""

    async def startup(self) -> None:
        narrow = self.screen.size.width < NARROW
        self._columns = (0, 0) if narrow else (NAME, KEYS)
        self._commands = tuple(commands(cast("AlvhApp", self.app), cast("Front", self.screen)))

    async def discover(self) -> Hits:
        for command in self._commands:
            line = _line(Content(command.name), command, *self._columns)
            yield DiscoveryHit(line, command.run, command.name)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands:
            score, offsets = matcher.fuzzy_search.match(query, command.name)
            if score > 0:
                name = _marked(command.name, offsets, matcher)
                yield Hit(score, _line(name, command, *self._columns), command.run, command.name)


def _marked(name: str, offsets: Sequence[int], matcher: Matcher) -> Content:
    content = Content(name)
    for offset in offsets:
        content = content.stylize(matcher.match_style, offset, offset + 1)
    return content


def _line(name: Content, command: Command, name_column: int, keys_column: int) -> Content:
    """Name, keys, and what it does."""
    after = " " * max(name_column - name.cell_length, 2)
    keys = fitted(command.keys, max(keys_column, width_of(command.keys)))
    return Content.assemble(name, after, keys, "  " if keys else "", (command.help, QUIET))


class Palette(CommandPalette):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "escape", "leave", priority=True),
        Binding("ctrl+q", "app.act('quit')", "quit", priority=True),
    ]
    DEFAULT_CSS = """
    Palette { background: transparent; color: $role-plain; }
    Palette > Vertical, Palette > Vertical:dark { margin-top: 1; background: transparent; }
    Palette #--input { border: none; background: $role-raised; padding: 0 1; }
    Palette SearchIcon { color: $role-index; text-style: bold; margin: 0; width: 2; }
    Palette CommandInput, Palette CommandInput:focus { border: none; height: 1; background: $role-raised; }
    Palette CommandList {
        border: none; background: $role-raised; color: $role-plain; max-height: 70vh; padding: 0;
    }
    Palette CommandList {
        scrollbar-size-vertical: 1; scrollbar-color: $role-rule; scrollbar-background: $role-raised;
        scrollbar-color-hover: $role-label; scrollbar-background-hover: $role-raised;
        scrollbar-color-active: $role-label; scrollbar-background-active: $role-raised;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    Palette CommandList > .option-list--option { color: $role-plain; text-style: none; padding: 0 1; }
    Palette CommandList > .option-list--option-highlighted {
        background: $role-cell; color: $role-strong; text-style: bold;
    }
    Palette CommandList:ansi > .option-list--option-highlighted { text-style: reverse; }
    Palette > .command-palette--help-text { color: $role-label; text-style: none; }
    Palette > .command-palette--highlight { color: $role-index; text-style: bold underline; }
    Palette LoadingIndicator { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(providers=[Commands], placeholder=HINT)

    def on_mount(self) -> None:
        self.query_one(SearchIcon).icon = ":"
