"""alvh watch and alvh doctor --alert, with the channels the settings name."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from alvh_tui.cli.main import main
from tests.alerts.test_channels import Server, no_proxy
from tests.cli.test_commands import CALM, CALM_MARKET, ROOT

__all__ = ["no_proxy"]
Capture = pytest.CaptureFixture[str]
TESTED = ROOT / "sample_positions" / "tested.toml"
TESTED_MARKET = ROOT / "sample_positions" / "tested.market"
AT = "2026-11-20T11:00:00-05:00"


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"ALVH_{name}_DIR", str(tmp_path / name.lower()))


def settings(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir(mode=0o700, exist_ok=True)
    (tmp_path / "config" / "settings.toml").write_text(text)


def lines(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def watched(capsys: Capture) -> list[dict[str, Any]]:
    assert main(["watch", str(TESTED), "--once", "--market", str(TESTED_MARKET), "--json"]) == 0
    return [line for line in lines(capsys) if line["kind"] == "alert"]


def test_watch_tells_what_is_to_be_acted_on_and_once(capsys: Capture) -> None:
    told = watched(capsys)
    assert {line["to"] for line in told} == {"act"}
    assert ("L2", "layer.triggered") in {(line["name"], line["rule"]) for line in told}
    assert ("front", "condor.proximity") in {(line["name"], line["rule"]) for line in told}
    assert not any("held;" in line["text"] or "$" in line["text"] for line in told)
    assert watched(capsys) == []


def test_watch_hands_them_to_a_command_and_a_server(tmp_path: Path, capsys: Capture) -> None:
    book = tmp_path / "told.jsonl"
    script = tmp_path / "script.py"
    script.write_text(f"import sys; open({str(book)!r}, 'a').write(sys.stdin.read())\n")
    with Server([]) as server:
        settings(
            tmp_path,
            f'[alerts]\nplayed = true\ncommand = "{sys.executable} {script}"\n'
            f'webhook = "http://{server.address}/hook"\n[alerts.rules]\n"condor.*" = "never"\n',
        )
        told = watched(capsys)
    assert {line["name"] for line in told} == {"L1", "L2", "L3", "SE"}
    written = [json.loads(line) for line in book.read_text().splitlines()]
    assert written == [body for _, _, body in server.seen]
    assert [(one["rule"], one["about"]) for one in written] == [(line["rule"], line["name"]) for line in told]


def test_a_played_market_is_told_to_nobody_outside(tmp_path: Path, capsys: Capture) -> None:
    with Server([]) as server:
        settings(tmp_path, f'[alerts]\nwebhook = "http://{server.address}/hook"\n')
        assert watched(capsys)
    assert server.seen == []


def test_a_channel_that_fails_is_a_line_of_its_own(tmp_path: Path, capsys: Capture) -> None:
    settings(tmp_path, '[alerts]\nplayed = true\ncommand = "/no/such/program"\n')
    told = watched(capsys)
    failures = [line for line in told if line["name"] == "command"]
    assert [(line["from"], line["to"]) for line in failures] == [("fine", "failed")]
    assert failures[0]["text"].startswith("/no/such/program cannot be started")


def test_watch_names_what_is_wrong_in_the_settings_and_goes_on(tmp_path: Path, capsys: Capture) -> None:
    settings(tmp_path, '[alerts]\nbel = true\n[alerts.rules]\n"condor.proxmity" = "act"\n')
    assert main(["watch", str(CALM), "--once", "--market", str(CALM_MARKET)]) == 0
    said = capsys.readouterr().err
    assert "settings.toml:2: alerts.bel: is not a key of this table, expected bell" in said
    assert "settings.toml:4: warning: alerts.rules.condor.proxmity: fits no rule" in said
    assert "expected condor.proximity" in said


def doctor(capsys: Capture) -> tuple[int, dict[str, dict[str, Any]]]:
    status = main(["doctor", "--alert", "--json", "--at", AT])
    return status, {check["name"]: check for check in json.loads(capsys.readouterr().out)}


def test_the_test_button_tries_every_channel(tmp_path: Path, capsys: Capture) -> None:
    with Server([]) as server:
        settings(
            tmp_path,
            f'[alerts]\nbell = true\ncommand = "/no/such/program"\nntfy = "http://{server.address}/topic"\n',
        )
        status, checks = doctor(capsys)
    assert status == 1
    assert (checks["alert.ntfy"]["health"], checks["alert.command"]["health"]) == ("OK", "FAIL")
    assert checks["alert.terminal"]["health"] == "WARN"
    assert "cannot be started" in checks["alert.command"]["found"]
    assert server.seen[0][2]["title"] == "test alert"


def test_the_test_button_without_a_channel_says_so(capsys: Capture) -> None:
    status, checks = doctor(capsys)
    assert status == 0
    assert checks["alert"]["health"] == "WARN"
    assert checks["settings"]["health"] == "OK"


def test_doctor_names_a_rule_that_is_misspelt(tmp_path: Path, capsys: Capture) -> None:
    settings(tmp_path, '[alerts.rules]\n"condor.proxmity" = "act"\n"macro.*" = "never"\n')
    _, checks = doctor(capsys)
    assert checks["settings"]["health"] == "WARN"
    assert "settings.toml:2: alerts.rules.condor.proxmity: fits no rule" in checks["settings"]["found"]
    assert checks["settings"]["remedy"] == "expected condor.proximity"


def test_settings_to_begin_with_are_written_and_never_over(tmp_path: Path, capsys: Capture) -> None:
    assert main(["init", "--settings"]) == 0
    path = tmp_path / "config" / "settings.toml"
    assert "wrote" in capsys.readouterr().out
    assert "#theme" in path.read_text()
    path.write_text("[screen]\n")
    assert main(["init", "--settings"]) == 1
    assert path.read_text() == "[screen]\n"
    status, checks = doctor(capsys)
    assert (status, checks["settings"]["health"]) == (0, "OK")


def alerts(*words: str) -> int:
    return main(["alerts", str(TESTED), "--market", str(TESTED_MARKET), "--at", AT, *words])


def shown(capsys: Capture) -> dict[str, Any]:
    assert alerts("--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_what_stands_is_listed_acknowledged_snoozed_and_muted(capsys: Capture) -> None:
    watched(capsys)
    every = shown(capsys)["alerts"]
    assert {one["silence"] for one in every} == {None}
    assert alerts("--ack", "L2", "--note", "bought five", "--by", "ann") == 0
    assert alerts("--snooze", "condor.*", "--minutes", "30") == 0
    assert alerts("--mute", "SE") == 0
    capsys.readouterr()
    found = shown(capsys)
    silences = {(one["about"], one["silence"]) for one in found["alerts"]}
    assert silences == {("L1", None), ("L2", "seen"), ("L3", None), ("SE", "muted"), ("front", "snoozed")}
    assert {one["until"] for one in found["alerts"] if one["silence"] == "snoozed"} == {
        "2026-11-20T11:30:00-05:00"
    }
    assert found["mutes"] == ["SE"]
    assert alerts() == 0
    plain = capsys.readouterr().out
    assert "act   [seen] L2 triggered" in plain
    assert "[snoozed until 11:30] front: act" in plain
    assert alerts("--unmute", "SE") == 0
    capsys.readouterr()
    assert main(["journal", str(TESTED), "--market", str(TESTED_MARKET), "--kind", "ack", "--json"]) == 0
    ack = json.loads(capsys.readouterr().out)["entries"][0]
    assert ack["text"].startswith("bought five (L2 triggered")


def test_what_does_not_stand_cannot_be_silenced(capsys: Capture) -> None:
    watched(capsys)
    for words in (("--ack", "jan-15"), ("--snooze", "macro.*"), ("--unmute", "L1")):
        assert alerts(*words) == 1
    assert "no alert that stands is about 'jan-15'" in capsys.readouterr().err


def test_nothing_recorded_is_said(capsys: Capture) -> None:
    assert alerts("--ack", "L1") == 0
    assert "nothing is recorded" in capsys.readouterr().err


@pytest.mark.parametrize("minutes", ["0", "-5", "soon", "1e9"])
def test_a_snooze_has_minutes(minutes: str) -> None:
    with pytest.raises(SystemExit) as ended:
        alerts("--snooze", "L1", "--minutes", minutes)
    assert ended.value.code == 2
