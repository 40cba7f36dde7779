"""alvh keys, and what alvh doctor says of the settings."""

import json
from pathlib import Path

import pytest

from alvh_tui.cli.main import main
from alvh_tui.screens.actions import ACTIONS
from alvh_tui.screens.keymap import keys_in_use
from alvh_tui.settings.load import parse_settings

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ALVH_{name}_DIR", str(tmp_path))
    return tmp_path / "settings.toml"


def test_every_action_is_listed_with_its_keys(capsys: Capture) -> None:
    assert main(["keys"]) == 0
    caught = capsys.readouterr()
    assert caught.err == ""
    lines = {line.split()[0]: line for line in caught.out.splitlines()}
    assert list(lines) == list(ACTIONS)
    assert lines["palette"].split(maxsplit=3)[1:3] == [":", "^p"]
    assert all(line.endswith(ACTIONS[name].help) for name, line in lines.items())


def test_keys_of_ones_own_are_shown_and_what_is_wrong_is_said(settings: Path, capsys: Capture) -> None:
    settings.write_text('[keys]\nrefresh = "F5"\nmute = []\npaus = "p"\n')
    assert main(["keys"]) == 1
    caught = capsys.readouterr()
    lines = {line.split()[0]: line for line in caught.out.splitlines()}
    assert lines["refresh"].split()[1] == "f5"
    assert "no key" in lines["mute"]
    assert caught.err == f"{settings}:4: keys.paus: is no action, did you mean pause?\n"


def test_as_json(settings: Path, capsys: Capture) -> None:
    settings.write_text('[keys]\nrefresh = "f5"\n')
    assert main(["keys", "--json"]) == 0
    told = {action["id"]: action for action in json.loads(capsys.readouterr().out)}
    assert list(told) == list(ACTIONS)
    assert (told["refresh"]["keys"], told["refresh"]["usual"]) == (["f5"], ["r"])


@pytest.mark.parametrize("text", ["", '[keys]\nrefresh = ["f5", "\\\\"]\nmute = []\npause = ","\n'])
def test_the_table_for_the_settings_reads_back_as_it_is(text: str, settings: Path, capsys: Capture) -> None:
    settings.write_text(text)
    wanted, problems = keys_in_use(parse_settings(text, settings))
    assert problems == ()
    assert main(["keys", "--toml"]) == 0
    printed = parse_settings(capsys.readouterr().out, settings)
    assert printed.problems == ()
    assert keys_in_use(printed) == (wanted, ())
    assert set(printed.keys) == set(ACTIONS)


def test_two_forms_at_once_are_refused(capsys: Capture) -> None:
    assert main(["keys", "--toml", "--json"]) == 2


def checks(capsys: Capture) -> list[dict[str, str]]:
    main(["doctor", "--json"])
    return [check for check in json.loads(capsys.readouterr().out) if check["name"] == "settings"]


def test_doctor_says_that_there_are_no_settings(settings: Path, capsys: Capture) -> None:
    (check,) = checks(capsys)
    assert check["health"] == "OK"
    assert check["found"] == f"{settings} is not there; nothing is set"


def test_doctor_names_every_problem_of_the_settings(settings: Path, capsys: Capture) -> None:
    settings.write_text('[screen]\nthem = "day"\n[keys]\nrefresh = "n"\n')
    found = checks(capsys)
    assert [check["health"] for check in found] == ["WARN", "WARN"]
    assert f"{settings}:2: screen.them" in found[0]["found"]
    assert f"{settings}:4: keys.refresh" in found[1]["found"]


def test_doctor_is_content_with_sound_settings(settings: Path, capsys: Capture) -> None:
    settings.write_text('[keys]\nrefresh = "f5"\n')
    (check,) = checks(capsys)
    assert (check["health"], check["found"]) == ("OK", str(settings))
