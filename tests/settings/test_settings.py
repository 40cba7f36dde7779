import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.settings import DEFAULT_SETTINGS, AlertSettings, ScreenSettings, load_settings, settings_text
from alvh_tui.settings.load import parse_settings
from alvh_tui.settings.model import Settings

FILE = Path("settings.toml")


def parsed(text: str) -> Settings:
    return parse_settings(text, FILE)


def said(settings: Settings) -> list[str]:
    return [str(problem) for problem in settings.problems]


def test_a_file_that_is_not_there_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVH_CONFIG_DIR", str(tmp_path))
    found = load_settings()
    assert (found.screen, found.keys, found.alerts, found.problems) == (
        DEFAULT_SETTINGS.screen,
        {},
        DEFAULT_SETTINGS.alerts,
        (),
    )
    assert found.path == tmp_path / "settings.toml"
    assert not found.path.exists()


def test_the_users_own_file_is_read_from_the_config_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVH_CONFIG_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[screen]\ntheme = "clear"\nprivate = true\n')
    found = load_settings()
    assert (found.screen.theme, found.screen.private, found.screen.charts) == ("clear", True, "braille")
    assert found.lines == {"screen.theme": 2, "screen.private": 3}


def test_a_file_that_cannot_be_looked_at_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "settings.toml"
    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "open", refuse)
    found = load_settings(path)
    assert said(found) == [f"{path}:1: file: may not be read, expected a file you may read"]
    assert found.screen == DEFAULT_SETTINGS.screen


LINES = st.sampled_from(
    [
        "[screen]",
        "[keys]",
        "[alerts]",
        "[alerts.rules]",
        "[[screen]]",
        "x = ",
        "theme = ",
        "rules = ",
        '"*" = ',
    ]
)
VALUES = st.sampled_from(
    ["nan", "-inf", "1e400", "[]", "{}", "{a = {b = 1}}", "'\x00'", "2026-11-20", "[[1]]", ""]
)


@given(st.lists(st.one_of(st.text(max_size=20), st.builds(str.__add__, LINES, VALUES)), max_size=12))
def test_whatever_stands_in_the_file_there_are_settings(lines: list[str]) -> None:
    found = parsed("\n".join(lines))
    assert found.screen.theme in ("night", "day", "clear", "terminal")
    assert all(problem.line <= len(lines) + 1 for problem in found.problems)


def test_a_broken_line_leaves_the_others_standing() -> None:
    found = parsed(
        '[screen]\ntheme = "day"\ncharts = braille\ninterval = 0\n\n[alerts]\nstands = 30\nbel = true\n'
    )
    assert (found.screen.theme, found.screen.charts, found.alerts.stands) == ("day", "braille", 30.0)
    assert found.screen.interval is None
    assert said(found) == [
        'settings.toml:3: screen.charts: is text without quotes: "braille", expected quotes around it: "…"',
        "settings.toml:4: screen.interval: is the number 0, expected seconds from 1 to a day,"
        " as interval = 30",
        "settings.toml:8: alerts.bel: is not a key of this table, expected bell",
    ]


AN_ADDRESS = 'expected an address in quotes, as webhook = "https://example.org/hook"'


@pytest.mark.parametrize(
    ("text", "what", "expected"),
    [
        ("[screens]", "1: screens: is not a key of this table", "expected screen"),
        (
            '[screen]\ntheme = "dark"',
            '2: screen.theme: is the text "dark"',
            'expected one of "night", "day", "clear", "terminal"',
        ),
        (
            "[keys]\nrefresh = 5",
            "2: keys.refresh: is the number 5",
            'expected a key in quotes or a list of them, as refresh = "r"',
        ),
        (
            '[alerts]\nwebhook = "ftp://example.org"',
            '2: alerts.webhook: is the text "ftp://example.org"',
            AN_ADDRESS,
        ),
        ('[alerts]\nwebhook = "http://[::1"', '2: alerts.webhook: is the text "http://[::1"', AN_ADDRESS),
        (
            '[alerts]\ncommand = "say \'hello"',
            "2: alerts.command: has a quote that is never closed",
            'expected a command line in quotes, as command = "my-script --loud"',
        ),
        (
            '[alerts.rules]\n"condor.*" = "sometimes"',
            '2: alerts.rules.condor.*: is the text "sometimes"',
            'expected one of "know", "soon", "act", "never"',
        ),
        (
            '[alerts]\nterminal = "\\u001b]9;x"',
            '2: alerts.terminal: is the text "\\x1b]9;x"',
            'expected one of "none", "osc9", "osc777"',
        ),
        ("alerts = 3", "1: alerts: is the number 3", "expected a single [alerts]"),
    ],
)
def test_a_problem_names_line_and_remedy(text: str, what: str, expected: str) -> None:
    found = parsed(text)
    assert said(found) == [f"settings.toml:{what}, {expected}"]
    assert (found.screen, found.keys, found.alerts) == (ScreenSettings(), {}, AlertSettings())


def test_keys_are_read_as_text_whoever_their_action_is() -> None:
    found = parsed('[keys]\nrefresh = "F5"\npanel.book = ["1", "b"]\n"panel.layers" = "3"\npause = []\n')
    assert not found.problems
    assert found.keys == {
        "refresh": ("F5",),
        "panel.book": ("1", "b"),
        "panel.layers": ("3",),
        "pause": (),
    }
    assert found.lines["keys.panel.book"] == 3
    assert found.lines["keys.panel.layers"] == 4


def test_rules_keep_the_order_of_the_file() -> None:
    found = parsed('[alerts.rules]\n"*" = "act"\ncondor.cushion = "know"\n"L2.*" = "never"\n')
    assert list(found.alerts.rules.items()) == [("*", "act"), ("condor.cushion", "know"), ("L2.*", "never")]


def test_who_knows_more_names_a_problem_on_its_line() -> None:
    found = parsed('[keys]\nrefresh = "F5"\nrefrehs = "r"\n')
    problem = found.problem("keys.refrehs", "is no action", "expected refresh")
    assert str(problem) == "settings.toml:3: keys.refrehs: is no action, expected refresh"


def test_the_starter_sets_nothing_and_is_sound() -> None:
    found = parsed(settings_text())
    assert not found.problems
    assert (found.screen, found.keys, found.alerts) == (ScreenSettings(), {}, AlertSettings())


def test_switched_on_the_starter_shows_every_key_and_what_holds_without_it() -> None:
    found = parsed(re.sub(r"(?m)^#(?=\S)", "", settings_text()))
    assert not found.problems
    every = {f"screen.{f.name}" for f in fields(ScreenSettings)}
    every |= {f"alerts.{f.name}" for f in fields(AlertSettings)}
    assert every <= set(found.lines) | {"alerts.rules"}
    free = {"interval", "columns", "command", "webhook", "ntfy", "apprise", "rules"}
    for kind, shown in ((ScreenSettings(), found.screen), (AlertSettings(), found.alerts)):
        for item in fields(kind):
            if item.name not in free:
                assert getattr(shown, item.name) == getattr(kind, item.name), item.name


def test_reading_them_imports_nothing_heavy() -> None:
    code = (
        "import sys; import alvh_tui.settings as s; s.load_settings();"
        "print([m for m in ('numpy', 'pandas', 'textual', 'rich', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_examples_of_the_readme_are_sound() -> None:
    text = (Path(__file__).resolve().parent.parent.parent / "README.md").read_text()
    blocks = re.findall(r"(?s)```toml\n(.*?)```", text)
    for section in ("[screen]", "[keys]", "[alerts]"):
        (block,) = [found for found in blocks if section in found.splitlines()]
        assert said(parsed(block)) == []
