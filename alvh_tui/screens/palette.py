"""The palette: finds any command by some of its letters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Matcher, Provider, SearchIcon
from textual.content import Content
from textual.markup import escape

from alvh_tui.screens.commands import Command, commands

if TYPE_CHECKING:
    from alvh_tui.screens.app import AlvhApp
    from alvh_tui.screens.doing import Front


class Commands(Provider):
    """Names of the user's own are in it: no text is ever read as markup."""

    async def startup(self) -> None:
        self._commands = tuple(commands(cast("AlvhApp", self.app), cast("Front", self.screen)))

    async def discover(self) -> Hits:
        for command in self._commands:
            yield DiscoveryHit(
                cast("str", _shown(Content(command.name), command)),
                command.run,
                command.name,
                escape(command.help),
            )

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands:
            score, offsets = matcher.fuzzy_search.match(query, command.name)
            if score > 0:
                name = _marked(command.name, offsets, matcher)
                yield Hit(
                    score, cast("str", _shown(name, command)), command.run, command.name, escape(command.help)
                )


def _marked(name: str, offsets: Sequence[int], matcher: Matcher) -> Content:
    content = Content(name)
    for offset in offsets:
        content = content.stylize(matcher.match_style, offset, offset + 1)
    return content


def _shown(name: Content, command: Command) -> Content:
    return Content.assemble(name, f"  {command.keys}") if command.keys else name


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
        super().__init__(providers=[Commands], placeholder="a command, a position, a layer, a signal, a rule")

    def on_mount(self) -> None:
        self.query_one(SearchIcon).icon = ":"
