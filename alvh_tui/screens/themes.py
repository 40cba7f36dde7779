"""Four looks of one screen. Colour repeats what words and signs have said; every role has one in each."""

from textual.theme import Theme

from alvh_tui.screens.rows import Role

_ANSI = {"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"}
"""What Textual's own styles ask of a theme, and one with the terminal's colours is not given."""
_SHADES = ("loss-3", "loss-2", "loss-1", "gain-1", "gain-2", "gain-3")


def _theme(name: str, colours: dict[str, str], *, dark: bool, ansi: bool = False) -> Theme:
    return Theme(
        name=name,
        primary=colours["label"],
        accent=colours["index"],
        warning=colours["watch"],
        error=colours["act"],
        success=colours["calm"],
        foreground=colours["plain"],
        background=colours["ground"],
        surface=colours["ground"],
        panel=colours["raised"],
        dark=dark,
        ansi=ansi,
        variables={f"role-{role}": colour for role, colour in colours.items()} | (_ANSI if ansi else {}),
    )


NIGHT = _theme(
    "night",
    {
        "ground": "#0f1419", "raised": "#1b232c", "cursor": "#1e2a36", "cell": "#33506b",
        "plain": "#d6dde4", "strong": "#ffffff", "label": "#8296a8", "rule": "#34424f",
        "calm": "#7fc99a", "watch": "#e6b450", "act": "#ff6f61", "doubt": "#8a8178",
        "projected": "#c49bf0",
        "gain": "#8fd3a8", "loss": "#f0a08f", "index": "#f2f5f7", "lower": "#58b2f0", "upper": "#e6b450",
        "cone": "#4d6479", "hedged": "#4fd0c0", "now": "#93a5b5",
        "loss-3": "#7a2a27", "loss-2": "#552523", "loss-1": "#35211f",
        "gain-1": "#1b2f2a", "gain-2": "#1f4a3c", "gain-3": "#22664e",
    },
    dark=True,
)  # fmt: skip
DAY = _theme(
    "day",
    {
        "ground": "#fbfaf7", "raised": "#efede6", "cursor": "#e7ecf1", "cell": "#b9d3ea",
        "plain": "#22292f", "strong": "#000000", "label": "#5d6b77", "rule": "#c9ccc9",
        "calm": "#1c7441", "watch": "#8f5e00", "act": "#c0271b", "doubt": "#776d64",
        "projected": "#7a3fc0",
        "gain": "#176b3a", "loss": "#a8321f", "index": "#101418", "lower": "#1767b3", "upper": "#8f5e00",
        "cone": "#86939f", "hedged": "#0a7670", "now": "#5f6c77",
        "loss-3": "#eeb0a5", "loss-2": "#f5cdc5", "loss-1": "#fae6e1",
        "gain-1": "#e2f1e6", "gain-2": "#c3e4cd", "gain-3": "#9dd3b0",
    },
    dark=False,
)  # fmt: skip
CLEAR = _theme(
    "clear",
    {
        "ground": "#101216", "raised": "#1d2027", "cursor": "#232a35", "cell": "#3a5378",
        "plain": "#dfe3e8", "strong": "#ffffff", "label": "#909aa6", "rule": "#3b424c",
        "calm": "#9ecbff", "watch": "#ffe08a", "act": "#ff8c1a", "doubt": "#8a8178",
        "projected": "#d6b3ff",
        "gain": "#8fc1ff", "loss": "#ffb266", "index": "#ffffff", "lower": "#5aa9ff", "upper": "#ffb000",
        "cone": "#5a6572", "hedged": "#c9b6ff", "now": "#a0a9b3",
        "loss-3": "#8a4b00", "loss-2": "#5f3a10", "loss-1": "#39291a",
        "gain-1": "#1c2b40", "gain-2": "#1f4067", "gain-3": "#215793",
    },
    dark=True,
)  # fmt: skip
"""Blue and orange only, told apart by eyes that see no red or no green."""
TERMINAL = _theme(
    "terminal",
    {
        "ground": "ansi_default", "raised": "ansi_default", "cursor": "ansi_default", "cell": "ansi_default",
        "plain": "ansi_default", "strong": "ansi_default", "label": "ansi_cyan", "rule": "ansi_bright_black",
        "calm": "ansi_green", "watch": "ansi_yellow", "act": "ansi_red", "doubt": "ansi_bright_black",
        "projected": "ansi_magenta",
        "gain": "ansi_green", "loss": "ansi_red",
        "index": "ansi_default", "lower": "ansi_blue", "upper": "ansi_yellow",
        "cone": "ansi_bright_black", "hedged": "ansi_cyan", "now": "ansi_default",
        "loss-3": "ansi_default", "loss-2": "ansi_default", "loss-1": "ansi_default",
        "gain-1": "ansi_default", "gain-2": "ansi_default", "gain-3": "ansi_default",
    },
    dark=True,
    ansi=True,
)  # fmt: skip
THEMES = {theme.name: theme for theme in (NIGHT, DAY, CLEAR, TERMINAL)}

_STYLES = {
    Role.STRONG: "bold",
    Role.WATCH: "bold",
    Role.ACT: "bold",
    Role.INDEX: "bold",
    Role.HEDGED: "bold",
    Role.PROJECTED: "italic",
}


def role_css() -> str:
    """One rule a role, and the looks of cursor and heading."""
    rules = []
    for role in Role:
        shade = role.value in _SHADES
        colour = f"background: $role-{role};" if shade else f"color: $role-{role};"
        style = f" text-style: {_STYLES[role]};" if role in _STYLES else ""
        rules.append(f"Moving > .role--{role} {{ {colour}{style} }}")
    return "\n".join(rules)
