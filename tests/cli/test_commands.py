"""The commands as a user and a script meet them: what they print, where, and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alvh_tui import __version__
from alvh_tui.cli.main import COMMANDS, main

AT = "2026-11-20T11:05:00-05:00"
ROOT = Path(__file__).resolve().parent.parent.parent
CALM = ROOT / "sample_positions" / "calm.toml"
CALM_MARKET = ROOT / "sample_positions" / "calm.market"

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.toml"
    path.write_text(CALM.read_text())
    return path


def test_help_names_every_command(capsys: Capture) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in COMMANDS)


def test_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"| `alvh {name}" not in readme] == []


def test_every_command_has_help_of_its_own(capsys: Capture) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        assert f"usage: alvh {name}" in capsys.readouterr().out


def test_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"alvh {__version__}\n"


def test_bare_call_says_what_there_is_to_do(capsys: Capture) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert "alvh demo" in shown
    assert "alvh init" in shown


@pytest.mark.parametrize(
    ("words", "said"), [(["chekc"], "did you mean check?"), (["nonsense"], "there are check")]
)
def test_misspelt_command(words: list[str], said: str, capsys: Capture) -> None:
    assert main(words) == 2
    caught = capsys.readouterr()
    assert said in caught.err
    assert caught.out == ""


@pytest.mark.parametrize(
    "words", [["check"], ["snapshot"], ["--nonsense"], ["snapshot", "b.toml", "--at", "noon"]]
)
def test_usage_errors_exit_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_check_is_silent_when_all_is_well(book: Path, capsys: Capture) -> None:
    assert main(["check", str(book), "--at", AT]) == 0
    assert capsys.readouterr() == ("", "")


def test_check_prints_every_problem_with_file_and_line(book: Path, capsys: Capture) -> None:
    lines = book.read_text().splitlines()
    misspelt = next(i for i, line in enumerate(lines) if line.startswith("credit = "))
    layer = next(i for i, line in enumerate(lines) if line.startswith("layer = "))
    lines[misspelt] = lines[misspelt].replace("credit", "crdit")
    lines[layer] = 'layer = "L9"'
    book.write_text("\n".join(lines))
    assert main(["check", str(book), "--at", AT]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{book}:{misspelt + 1}: ") and "credit" in line for line in shown)
    assert any(line.startswith(f"{book}:{layer + 1}: ") and "L1" in line for line in shown)


def test_a_rules_name_that_leads_nowhere_is_a_problem_of_its_line(book: Path, capsys: Capture) -> None:
    text = book.read_text().replace('rules = "zones"', 'rules = "zonez"')
    book.write_text(text)
    line = text[: text.index("zonez")].count("\n") + 1
    assert main(["check", str(book), "--at", AT]) == 1
    assert capsys.readouterr().out.startswith(f"{book}:{line}: account.rules: ")
    assert main(["snapshot", str(book), "--market", str(CALM_MARKET)]) == 1


def test_check_goes_through_several_books(book: Path, tmp_path: Path, capsys: Capture) -> None:
    missing = tmp_path / "nowhere.toml"
    assert main(["check", str(book), str(missing), "--at", AT]) == 1
    shown = capsys.readouterr().out
    assert str(missing) in shown
    assert f"{book}:" not in shown


def test_check_json(book: Path, capsys: Capture) -> None:
    book.write_text("schema = 1\nshcema = 2\n")
    assert main(["check", str(book), "--json", "--at", AT]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert problem["line"] == 2
    assert problem["severity"] == "error"


def test_check_reads_the_rules_the_book_names(book: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "mine.toml").write_text("[condor.pcf]\nlimt = 3\n")
    book.write_text(book.read_text().replace('rules = "zones"', 'rules = "mine.toml"'))
    assert main(["check", str(book), "--at", AT]) == 1
    assert "mine.toml:2: " in capsys.readouterr().out


def test_init_writes_a_book_that_checks_and_never_overwrites(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "mine.toml"
    assert main(["init", str(path), "--at", AT]) == 0
    capsys.readouterr()
    assert main(["check", str(path), "--at", AT]) == 0
    assert capsys.readouterr() == ("", "")
    path.write_text("mine")
    assert main(["init", str(path)]) == 1
    assert path.read_text() == "mine"
    assert main(["init", str(tmp_path / "no" / "where.toml")]) == 1


def test_snapshot_on_a_market_folder(book: Path, capsys: Capture) -> None:
    assert main(["snapshot", str(book), "--market", str(CALM_MARKET)]) == 0
    caught = capsys.readouterr()
    assert "Condors" in caught.out
    assert "first ×4" in caught.out
    assert caught.err == ""


def test_snapshot_json_goes_to_standard_output_alone(book: Path, capsys: Capture) -> None:
    assert main(["snapshot", str(book), "--market", str(CALM_MARKET), "--json"]) == 0
    caught = capsys.readouterr()
    told = json.loads(caught.out)
    assert told["schema"] == 1
    assert [position["id"] for position in told["positions"]] == ["first", "second", "L1-spread"]
    assert told["totals"]["complete"] is True
    assert caught.err == ""


def test_global_options_may_stand_before_the_command(book: Path, capsys: Capture) -> None:
    assert main(["--market", str(CALM_MARKET), "--json", "snapshot", str(book)]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == 1


def test_snapshot_at_another_time_grows_older(book: Path, capsys: Capture) -> None:
    at = "2026-11-20T16:30:00-05:00"
    assert main(["snapshot", str(book), "--market", str(CALM_MARKET), "--json", "--at", at]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["time"] == at
    assert all(leg["quote_age_s"] == 3600.0 for leg in told["positions"][0]["legs"])


def test_snapshot_since_explains_the_day(book: Path, capsys: Capture) -> None:
    at = "2026-11-20T15:30:00-05:00"
    assert (
        main(
            [
                "snapshot",
                str(book),
                "--market",
                str(CALM_MARKET),
                "--since",
                str(CALM_MARKET),
                "--json",
                "--at",
                at,
            ]
        )
        == 0
    )
    explained = json.loads(capsys.readouterr().out)["totals"]["explained"]
    parts = sum(explained[name] for name in ("delta", "gamma", "vega", "theta", "residual"))
    assert parts == pytest.approx(explained["total"], abs=1e-9)


def test_snapshot_of_a_broken_book_says_so(book: Path, capsys: Capture) -> None:
    book.write_text("[[condor]\n")
    assert main(["snapshot", str(book), "--market", str(CALM_MARKET)]) == 1
    caught = capsys.readouterr()
    assert caught.out == ""
    assert f"{book}:1: " in caught.err


def test_snapshot_without_a_market_exits_3(book: Path, tmp_path: Path, capsys: Capture) -> None:
    assert main(["snapshot", str(book), "--market", str(tmp_path)]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_fail_on_a_layer_exits_4(book: Path, capsys: Capture) -> None:
    words = ["snapshot", str(book), "--market", str(CALM_MARKET), "--json"]
    main(words)
    states = {layer["trigger"] for layer in json.loads(capsys.readouterr().out)["layers"]}
    assert main([*words, "--fail-on", "triggered"]) == (4 if "triggered" in states else 0)
    assert main([*words, "--fail-on", "watch"]) == (4 if states & {"watch", "triggered"} else 0)


@pytest.mark.parametrize("sample", ["calm", "tested", "broken_wing"])
@pytest.mark.parametrize("day", ["2026-11-20", "2027-01-04", "2027-06-18", "2028-02-29"])
def test_demo_stands_on_any_day(sample: str, day: str, capsys: Capture) -> None:
    assert main(["demo", sample, "--at", f"{day}T11:00", "--json"]) == 0
    caught = capsys.readouterr()
    told = json.loads(caught.out)
    assert caught.err == ""
    assert told["totals"]["complete"] is True
    assert all(position["dte"] >= 0 for position in told["positions"])


def test_demo_is_the_same_for_the_same_seed(capsys: Capture) -> None:
    shown: list[str] = []
    for seed in ("7", "7", "8"):
        assert main(["demo", "--seed", seed, "--at", AT, "--json"]) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] != shown[2]


def run(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alvh_tui", *words],
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        env={**os.environ, **environment},
        check=False,
        timeout=60,
    )


def test_output_has_no_escapes_when_it_is_no_terminal() -> None:
    ended = run(["demo", "--at", AT], FORCE_COLOR="")
    assert ended.returncode == 0
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_an_output_without_a_true_minus_keeps_every_sign(encoding: str) -> None:
    whole = run(["demo", "tested", "--at", AT])
    ended = run(["demo", "tested", "--at", AT], PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert ended.returncode == 0
    assert whole.stdout.count("−") > 20
    assert "?" not in ended.stdout
    assert ended.stdout.count("-") >= whole.stdout.count("−")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_said_in_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "alvh_tui", "demo", "--at", AT],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60,
        )  # fmt: skip
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "could be written" in ended.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m alvh_tui demo --at {AT} | head -1"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert ended.stderr == ""
    assert ended.returncode == 0


LIGHT = {
    "--help": ["numpy", "holidays", "rich", "alvh_tui.book"],
    "check": ["numpy", "scipy", "pandas", "rich", "textual", "yfinance"],
    "snapshot": ["pandas", "textual", "yfinance", "scipy.stats", "scipy.optimize"],
}


@pytest.mark.parametrize("name", LIGHT)
def test_a_command_imports_no_more_than_it_needs(name: str, book: Path) -> None:
    words = {"--help": ["--help"], "check": ["check", str(book)]}.get(
        name, ["snapshot", str(book), "--market", str(CALM_MARKET)]
    )
    script = (
        "import sys; from alvh_tui.cli.main import main; main(sys.argv[1:]);"
        f"sys.stderr.write(' '.join(m for m in {LIGHT[name]!r} if m in sys.modules))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == 0
    assert ended.stderr == ""


def test_what_is_of_a_later_moment_has_no_age(book: Path, capsys: Capture) -> None:
    words = ["snapshot", str(book), "--market", str(CALM_MARKET), "--json", "--at", "2026-11-18T12:00-05:00"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert {source["state"] for source in told["market"]["sources"]} >= {"stale"}
    ages = [source["quote_age_s"] for source in told["market"]["sources"]]
    assert all(age is None or age >= 0 for age in ages)
    assert any("before its quotes were taken" in warning for warning in told["warnings"])


def test_json_is_json_wherever_it_is_asked_for(tmp_path: Path, capsys: Capture) -> None:
    assert main(["rules", "ladder", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["values"]["layers.L1.trigger"] == 18.0
    assert main(["init", str(tmp_path / "new.toml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["wrote"].endswith("new.toml")
    assert main([str(CALM), str(CALM), "--json"]) == 2
