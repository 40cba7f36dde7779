"""alvh rules: prints, checks and explains."""

import json
from pathlib import Path

import pytest

from alvh_tui.cli.main import main
from alvh_tui.method.settings import profile_text, settings

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("name", ["zones", "ladder"])
def test_prints_a_profile_ready_to_edit(name: str, capsys: Capture, tmp_path: Path) -> None:
    assert main(["rules", name]) == 0
    shown = capsys.readouterr().out
    assert shown == profile_text(name)
    (tmp_path / "mine.toml").write_text(shown)
    assert main(["rules", "--check", str(tmp_path / "mine.toml")]) == 0
    assert capsys.readouterr() == ("", "")


def test_zones_is_the_default_and_another_name_is_a_wrong_call(capsys: Capture) -> None:
    assert main(["rules"]) == 0
    assert capsys.readouterr().out == profile_text("zones")
    assert main(["rules", "zone"]) == 2
    assert capsys.readouterr() == ("", "alvh rules: there is no profile 'zone'; there are zones and ladder\n")


def test_checks_a_file(capsys: Capture, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[layers.L1]\ntriger = 17\n\n[vix.rsi]\nlevel = 200\n")
    assert main(["rules", "--check", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{path}:2: layers.L1.triger: is not a key of this table, expected trigger",
        f"{path}:5: vix.rsi.level: is the number 200, expected a number from 0 to 100",
    ]
    assert main(["rules", "--check", str(path), "--json"]) == 1
    assert [problem["line"] for problem in json.loads(capsys.readouterr().out)] == [2, 5]
    assert main(["rules", "--check", str(tmp_path / "none.toml")]) == 1
    assert "there is no such file" in capsys.readouterr().out


def test_explains_a_rule_with_the_present_numbers(capsys: Capture, tmp_path: Path) -> None:
    assert main(["rules", "--explain", "vix.rsi"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "vix.rsi  (S2 S3 S4)"
    assert lines[1].startswith("  Wilder's relative strength")
    assert lines[2].startswith("  vix.rsi.period = 14  ")
    (tmp_path / "mine.toml").write_text("[vix.rsi]\nperiod = 10\n")
    assert main(["rules", str(tmp_path / "mine.toml"), "--explain", "vix.rsi"]) == 0
    assert "  vix.rsi.period = 10 (zones: 14)  " in capsys.readouterr().out


def test_explains_all_rules_and_names_those_near_a_misspelt_one(capsys: Capture) -> None:
    assert main(["rules", "--explain", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)
    read = {setting["key"] for entry in entries for setting in entry["settings"]}
    assert read <= set(settings())
    assert {"vix.rsi", "L2.zone", "condor.pcf", "vega coverage"} <= {entry["id"] for entry in entries}
    assert main(["rules", "--explain", "vix.rs"]) == 2
    assert "there is no rule 'vix.rs'; near it: vix.rsi" in capsys.readouterr().err
