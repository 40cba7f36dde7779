"""Colours repeat what words and signs say, and can be read and told apart in every theme of ours."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from textual.color import Color, Lab, rgb_to_lab

from alvh_tui.screens.panel import CELL, Panel
from alvh_tui.screens.rows import Role
from alvh_tui.screens.themes import THEMES
from tests.screens.fakes import app_with, first_frame
from tests.screens.moments import engine_at, moment
from tests.screens.painted import compare, painted, settled

OURS = ("night", "day", "clear")
SHADES = tuple(role for role in Role if role.value[-2:] in ("-1", "-2", "-3"))
LINES = (Role.RULE, Role.CONE)
"""Drawn, never read."""
STATES = (Role.ACT, Role.WATCH, Role.CALM, Role.DOUBT)
READ, SEEN = 4.5, 3.0
"""What the accessibility guidelines ask of text, and of marks that mean something."""
APART = 20.0
"""Distance of two colours in CIE Lab that nobody takes for one."""
EYES = {
    "all three": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "no red": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "no green": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
}
"""How linear red, green and blue are seen by whom: Machado, Oliveira and Fernandes, 2009."""
SAID_OTHERWISE = {Role.NOW: "a mark of its own on the axis", **dict.fromkeys(SHADES, "the number in front")}
"""Roles that look as plain text does where the terminal has its own colours."""


def colour(theme: str, name: str) -> Color:
    return Color.parse(THEMES[theme].variables[f"role-{name}"])


def linear(value: int) -> float:
    share = value / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def shown(share: float) -> int:
    share = min(max(share, 0.0), 1.0)
    return round(255 * (12.92 * share if share <= 0.0031308 else 1.055 * share ** (1 / 2.4) - 0.055))


def contrast(one: Color, other: Color) -> float:
    """As the accessibility guidelines count it."""
    light = [
        sum(w * linear(part) for w, part in zip((0.2126, 0.7152, 0.0722), c.rgb, strict=True))
        for c in (one, other)
    ]
    return (max(light) + 0.05) / (min(light) + 0.05)


def seen_by(eyes: str, seen: Color) -> Lab:
    parts = [linear(part) for part in seen.rgb]
    mixed = [sum(share * part for share, part in zip(row, parts, strict=True)) for row in EYES[eyes]]
    red, green, blue = map(shown, mixed)
    return rgb_to_lab(Color(red, green, blue))


def distance(one: Lab, other: Lab) -> float:
    return float(((one.L - other.L) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2) ** 0.5)


def below(theme: str, roles: Sequence[Role], ground: str, least: float) -> dict[str, float]:
    found = {role.value: contrast(colour(theme, role), colour(theme, ground)) for role in roles}
    return {name: round(value, 2) for name, value in found.items() if value < least}


@pytest.mark.parametrize("theme", OURS)
def test_every_text_can_be_read(theme: str) -> None:
    texts = [role for role in Role if role not in (*SHADES, *LINES)]
    assert below(theme, texts, "ground", READ) == {}
    assert below(theme, [Role.CONE], "ground", SEEN) == {}
    assert below(theme, [Role.STRONG], "cell", READ) == {}, "the figure under the cursor"
    said = [role for role in texts if role not in (Role.LABEL, Role.DOUBT)]
    assert below(theme, said, "cursor", READ) == {}, "its row"
    assert below(theme, [Role.LABEL, Role.DOUBT], "cursor", SEEN) == {}, "its row"
    on_shades = {
        shade.value: round(contrast(colour(theme, "plain"), colour(theme, shade)), 2) for shade in SHADES
    }
    assert {name: value for name, value in on_shades.items() if value < READ} == {}


@pytest.mark.parametrize(
    ("theme", "eyes"),
    [
        ("night", "all three"),
        ("day", "all three"),
        ("clear", "all three"),
        ("clear", "no red"),
        ("clear", "no green"),
    ],
)
def test_states_are_told_apart(theme: str, eyes: str) -> None:
    looks = {role: seen_by(eyes, colour(theme, role)) for role in STATES}
    near = {
        f"{one}, {other}": round(distance(looks[one], looks[other]), 1)
        for one, other in combinations(STATES, 2)
    }
    assert {pair: apart for pair, apart in near.items() if apart < APART} == {}


@pytest.mark.parametrize("theme", THEMES)
async def test_every_role_has_a_look_of_its_own_or_a_sign(theme: str) -> None:
    app = app_with(engine_at(moment("stressed")))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        app.theme = theme
        await pilot.pause()
        panel = app.dashboard.query_one("#book", Panel)
        looks = {role: panel.screen.get_component_rich_style(f"role--{role}") for role in Role}
        cell = panel.get_component_rich_style(CELL, partial=True)
        same = {role for role in Role if role is not Role.PLAIN and looks[role] == looks[Role.PLAIN]}
    assert same <= (set(SAID_OTHERWISE) if theme == "terminal" else set())
    assert cell.reverse or cell.bgcolor, "the figure under the cursor"


@pytest.mark.parametrize("how", [*THEMES, "NO_COLOR"])
async def test_the_words_are_the_same_in_every_theme_and_without_colour(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if how == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    app = app_with(engine_at(moment("stressed")))
    async with app.run_test(size=(120, 40)) as pilot:
        await first_frame(app, pilot)
        app.theme = "night" if how == "NO_COLOR" else how
        await settled(app, pilot)
        text = "\n".join(painted(app))
        compare(app, "stressed")
    assert all(words in text for words in ("● live", "▲ front", "L1 ▲ triggered", "● yes", "○ no", "◀"))
