"""alvh replay: tables, JSON, CSV and evidence; wrong calls and wrong files."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from alvh_tui.cli.main import main
from tests.method.worlds import EPISODES

Capture = pytest.CaptureFixture[str]
HISTORY = str(EPISODES / "2018-february.csv")
DAY = ["--from", "2018-02-05", "--to", "2018-02-05"]


def test_a_line_a_session_and_one_a_change(capsys: Capture) -> None:
    assert main(["replay", "ladder", "--history", HISTORY, *DAY]) == 0
    shown, said = capsys.readouterr()
    assert said == ""
    assert shown.splitlines() == [
        "date              spx     vix  zone      L1         L2         L3         SE",
        "2018-02-05   2,648.94   37.32  L3        triggered  triggered  triggered  triggered",
        "            L1 watch → triggered: L1.zone 37.32 (18)",
        "            L2 idle → triggered: L2.zone 37.32 (22)",
        "            L3 idle → triggered: L3.zone 37.32 (27)",
        "            SE idle → triggered: SE.with-layer, L2.zone 37.32 (22)",
    ]


def test_json(capsys: Capture) -> None:
    assert main(["replay", "zones", "--history", HISTORY, *DAY, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [session["date"] for session in said["sessions"]] == ["2018-02-05"]
    assert said["sessions"][0]["layers"] == dict.fromkeys(("L1", "L2", "L3", "SE"), "triggered")
    assert [change["layer"] for change in said["transitions"]] == ["L2", "L3", "SE"]


def test_a_bar_on_the_terminal_leaves_the_payload_alone(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ["replay", "ladder", "--history", HISTORY, *DAY]
    assert main(call) == 0
    plain = capsys.readouterr().out
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert main(call) == 0
    shown, said = capsys.readouterr()
    assert shown == plain
    assert "replaying" in said


def test_csv(capsys: Capture) -> None:
    assert main(["replay", "zones", "--history", HISTORY, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    sessions = [row for row in rows if row["row"] == "session"]
    assert len(sessions) == 232
    assert sessions[0]["vix.rsi"] == ""
    assert sessions[0]["vix.rsi verdict"] == "unknown"
    changes = [row for row in rows if row["row"] == "transition" and row["date"] == "2018-02-05"]
    assert [changes[0][name] for name in ("layer", "from", "to")] == ["L2", "idle", "triggered"]
    assert changes[1]["rules"] == "L3.zone"
    assert None not in rows[0]


def test_evidence(capsys: Capture) -> None:
    call = ["replay", "zones", "--history", HISTORY, "--evidence"]
    assert main(call) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("232 sessions; an alarm is false when in the 20 sessions after it")
    assert any(line.startswith("vix.rsi ") for line in lines)
    assert any(line.endswith("unknown throughout") and line.startswith("macro.correlation") for line in lines)
    assert main([*call, "--json"]) == 0
    rules = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)["evidence"]}
    assert main([*call, "--csv"]) == 0
    rows = {row["rule"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert int(rows["vix.rsi"]["fired"]) == rules["vix.rsi"]["fired"] > 0
    assert rows["macro.correlation"]["spx_return +5"] == ""


def test_the_rules_of_a_file_or_another_profile(capsys: Capture, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "ladder"\n[layers.L3]\ntrigger = 40\nwatch = 39\n')
    assert main(["replay", str(mine), "--history", HISTORY, *DAY]) == 0
    assert "triggered  triggered  idle       triggered" in capsys.readouterr().out
    assert main(["replay", str(mine), "--rules", "ladder", "--history", HISTORY, *DAY]) == 0
    assert "triggered  triggered  triggered  triggered" in capsys.readouterr().out


def test_a_book_brings_its_rules_and_its_short_puts(capsys: Capture, tmp_path: Path) -> None:
    book = tmp_path / "book.toml"
    book.write_text(
        'schema = 1\n[account]\nrules = "mine.toml"\n'
        '[[condor]]\nid = "a"\nopened = 2018-01-30\ncredit = 3.0\n'
        'legs = "-1 SPXW 2018-02-16 2650P/2700P/2900C/2950C"\n'
    )
    (tmp_path / "mine.toml").write_text(
        "[layers.L1]\nearly_momentum = false\nearly_rsi = false\nconfirmations = 9\n"
    )
    assert (
        main(["replay", str(book), "--history", HISTORY, "--from", "2018-02-02", "--to", "2018-02-05"]) == 0
    )
    shown = capsys.readouterr().out
    assert "L1 watch → triggered: condor.short-put-itm" in shown


def test_events_beside_the_history_or_named(capsys: Capture, tmp_path: Path) -> None:
    shutil.copy(HISTORY, tmp_path / "history.csv")
    (tmp_path / "events.csv").write_text("date,event,actual,previous\n2018-01-12,CPI,2.5,2.1\n")
    (tmp_path / "others.csv").write_text("date,event,actual,previous\n2018-01-12,CPI,2.0,2.1\n")
    (tmp_path / "mine.toml").write_text('[macro.inflation]\nprints = ["CPI"]\n')
    verdicts = []
    calls = (
        ["--history", str(tmp_path / "history.csv")],
        ["--market", str(tmp_path)],
        ["--history", str(tmp_path / "history.csv"), "--events", str(tmp_path / "others.csv")],
        ["--history", HISTORY],
    )
    for call in calls:
        assert main(["replay", str(tmp_path / "mine.toml"), *call, *DAY, "--json"]) == 0
        session = json.loads(capsys.readouterr().out)["sessions"][0]
        verdicts.append(session["signals"]["macro.inflation"]["verdict"])
    assert verdicts == ["yes", "yes", "no", "unknown"]


@pytest.mark.parametrize(
    ("call", "status", "said"),
    [
        (["zones"], 2, "needs --history FILE"),
        (["zones", "--history", HISTORY, "--csv", "--json"], 2, "--csv and --json at once"),
        (
            ["zones", "--history", HISTORY, "--from", "2018-02-06", "--to", "2018-02-05"],
            2,
            "is before --from",
        ),
        (["zon", "--history", HISTORY], 1, 'there is no profile or file "zon"'),
        (["zones", "--history", "none.csv"], 1, "none.csv cannot be read"),
        (
            ["zones", "--history", HISTORY, "--from", "2030-01-01"],
            1,
            "the history has 2017-05-30 to 2018-04-30",
        ),
        (["zones", "--history", HISTORY, "--events", "none.csv"], 1, "none.csv cannot be read"),
    ],
)
def test_wrong_calls_and_wrong_files(call: list[str], status: int, said: str, capsys: Capture) -> None:
    assert main(["replay", *call]) == status
    shown, complaint = capsys.readouterr()
    assert shown == ""
    assert said in complaint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("date,spx\n2018-02-05,2648.94\n", "has no column vix"),
        ("day,spx,vix\n2018-02-05,2648.94,37.32\n", "has no column date"),
        ("date,spx,vix\n2018-02-04,2648.94,37.32\n", "has no exchange session in it"),
        ("", "has no column date and no column spx and no column vix"),
    ],
)
def test_a_history_that_is_none(text: str, said: str, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "history.csv"
    path.write_text(text)
    assert main(["replay", "zones", "--history", str(path)]) == 1
    assert said in capsys.readouterr().err


def test_rows_out_of_order_twice_or_broken_are_set_right_or_said(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "history.csv"
    path.write_text(
        "date,spx,vix\n2018-02-06,2695.14,29.98\n2018-02-05,1,1\nyesterday,1,1\n2018-02-05,2648.94,37.32\n"
        "2018-02-07,2681.66,n/a\n"
    )
    assert main(["replay", "ladder", "--history", str(path), "--json"]) == 0
    shown, said = capsys.readouterr()
    sessions = json.loads(shown)["sessions"]
    assert [(s["date"], s["vix"]) for s in sessions] == [
        ("2018-02-05", 37.32),
        ("2018-02-06", 29.98),
        ("2018-02-07", None),
    ]
    assert "2018-02-05 stands here twice" in said
    assert '"yesterday" is no date' in said
    assert '"n/a" is not a number' in said


def test_a_date_that_is_none_is_a_wrong_call(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["replay", "zones", "--history", HISTORY, "--from", "05.02.2018"])
    assert ended.value.code == 2
    assert "is not a date such as 2018-02-05" in capsys.readouterr().err
