"""Rules profiles and users' rules files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alvh_tui.method.link import link_settings
from alvh_tui.method.profile import load_rules, rules_in
from alvh_tui.method.rules import Rules, built_in
from alvh_tui.method.settings import PROFILES, pins, profile_text, settings
from alvh_tui.toml.document import read_document


def load(tmp_path: Path, text: str) -> tuple[Rules | None, list[str]]:
    (tmp_path / "mine.toml").write_text(text)
    loaded = load_rules("mine.toml", beside=tmp_path)
    return loaded.rules, [str(problem).removeprefix(f"{tmp_path}/") for problem in loaded.problems]


def sound(tmp_path: Path, text: str) -> Rules:
    rules, problems = load(tmp_path, text)
    assert problems == []
    assert rules is not None
    return rules


def test_every_value_says_what_it_means_and_who_says_so() -> None:
    for setting in settings().values():
        assert setting.meaning.endswith("."), setting.key
        assert set(setting.source.split()) <= {"S0", "S1", "S2", "S3", "S4", "house"}, setting.key
        assert setting.source, setting.key


def test_the_numbers_of_the_method() -> None:
    zones = built_in("zones")
    told = {
        "link.default.beta_down": 1.6,
        "link.default.beta_up": 1.0,
        "link.default.tenor_level": 0.75,
        "link.default.tenor_days": 65.0,
        "link.estimate.sessions": 250,
        "link.estimate.lowest": 0.5,
        "link.estimate.highest": 3.0,
        "condor.delta-band.low": 0.15,
        "condor.delta-band.high": 0.25,
        "condor.pcf.limit": 3.2,
        "condor.irr.floor": 0.18,
        "vix.rsi.period": 14,
        "vix.rsi.level": 60.0,
        "macd.fast": 12,
        "macd.slow": 26,
        "macd.smoothing": 9,
        "breadth.minor": 0.5,
        "breadth.pronounced": 1.5,
        "vol.rv-iv.limit": 1.2,
        "layers.L1.trigger": 17.0,
        "layers.L2.trigger": 24.0,
        "layers.L3.trigger": 30.0,
        "sizing.risk-cap.warn": 0.02,
        "sizing.risk-cap.limit": 0.03,
        "attention.take_profit": 0.5,
        "attention.days_left": 21,
        "attention.last_days_left": 7,
        "attention.loss_of_credit": 2.0,
    }
    assert {key: zones.values[key] for key in told} == told
    ladder = built_in("ladder")
    assert [ladder.number(f"layers.{layer}.trigger") for layer in ("L1", "L2", "L3")] == [18.0, 22.0, 27.0]


def test_a_printed_profile_is_a_sound_rules_file() -> None:
    for name in PROFILES:
        loaded = rules_in(read_document(profile_text(name), name), name)
        assert loaded.problems == ()
        assert loaded.rules is not None
        assert loaded.rules.fingerprint == built_in(name).fingerprint
    assert built_in("zones").fingerprint != built_in("ladder").fingerprint


def test_the_fingerprint_sees_values_only(tmp_path: Path) -> None:
    plain = sound(tmp_path, "[vix.rsi]\nperiod = 10\nlevel = 55.0\n")
    other = sound(tmp_path, "# mine\n[vix]\nrsi.level = 55 # lower\nrsi.period = 10.0\n")
    moved = sound(tmp_path, "[vix.rsi]\nperiod = 10\nlevel = 55.5\n")
    assert plain.fingerprint == other.fingerprint
    assert plain.fingerprint != moved.fingerprint
    assert sound(tmp_path, "").fingerprint == built_in("zones").fingerprint


def test_a_users_file_changes_one_value_or_the_profile_under_it(tmp_path: Path) -> None:
    one = sound(tmp_path, "[layers.L1]\nconfirmations = 3\n")
    changed = {key for key, value in one.values.items() if value != built_in("zones").values[key]}
    assert changed == {"layers.L1.confirmations"}
    other = sound(tmp_path, 'extends = "ladder"\n[layers.L1]\ntrigger = 19\n')
    assert other.number("layers.L1.trigger") == 19.0
    assert other.number("layers.L2.trigger") == 22.0


def test_a_link_value_of_the_users_file_is_pinned_and_a_default_is_not(tmp_path: Path) -> None:
    pinned = sound(tmp_path, "[link]\nbeta_down = 1.6\ntenor_days = 70\n")
    assert pinned.pinned == {"beta_down": 1.6, "tenor_days": 70.0}
    assert link_settings(pinned).pinned == pinned.pinned
    assert pinned.fingerprint != built_in("zones").fingerprint
    moved = sound(tmp_path, "[link.default]\nbeta_down = 1.8\n")
    assert moved.pinned == {}
    assert link_settings(moved).beta_down == 1.8
    assert set(pins()) == {"link.beta_down", "link.beta_up", "link.tenor_level", "link.tenor_days"}


def test_all_problems_at_once_with_line_key_and_what_was_expected(tmp_path: Path) -> None:
    rules, problems = load(
        tmp_path,
        """extends = "zone"
[vix.rsi]
perod = 14
level = 160
period = 14.5
[macd]
fast = 30
[layers]
confirming = ["vix.rsi", "macd.vx"]
release_needs = []
[layers.L1]
watch_inclusive = 1
short_put_itm = "alwys"
trigger = nan
[link]
beta_dwn = 2
[sizing.vega-coverage]
shocks = [1, "a"]
[macro]
rates = 3
""",
    )
    assert rules is None
    assert problems == [
        'mine.toml:1: extends: is the text "zone", expected one of "zones", "ladder"',
        "mine.toml:3: vix.rsi.perod: is not a key of this table, expected period",
        "mine.toml:4: vix.rsi.level: is the number 160, expected a number from 0 to 100",
        "mine.toml:5: vix.rsi.period: is the number 14.5, expected a whole number from 2 to 250",
        "mine.toml:7: macd.fast: leaves macd.fast at 30 and macd.slow at 26, "
        "expected macd.fast below macd.slow",
        'mine.toml:9: layers.confirming[2]: is the text "macd.vx", expected macd.vix',
        "mine.toml:12: layers.L1.watch_inclusive: is the number 1, expected true or false",
        'mine.toml:13: layers.L1.short_put_itm: is the text "alwys", '
        'expected one of "alone", "accelerating", "never"',
        "mine.toml:14: layers.L1.trigger: is the number nan, expected a number from 0 to 200",
        "mine.toml:16: link.beta_dwn: is not a key of this table, expected beta_down",
        'mine.toml:18: sizing.vega-coverage.shocks[2]: is the text "a", '
        "expected a list of numbers from 0 to 200, at least one",
        "mine.toml:20: macro.rates: is the number 3, expected a table, [macro.rates]",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[layers.L3]\ntrigger = 20", "leaves layers.L2.trigger at 24 and layers.L3.trigger at 20"),
        (
            "[condor.delta-band]\nlow = 0.3",
            "leaves condor.delta-band.low at 0.3 and condor.delta-band.high at 0.25",
        ),
        ("[breadth]\npronounced = 0.4", "leaves breadth.minor at 0.5 and breadth.pronounced at 0.4"),
    ],
)
def test_values_on_the_wrong_side_of_one_another(tmp_path: Path, text: str, said: str) -> None:
    rules, problems = load(tmp_path, text)
    assert rules is None
    assert len(problems) == 1
    assert said in problems[0]
    assert problems[0].startswith("mine.toml:2: ")


def test_equal_bounds_are_a_band_of_one_value(tmp_path: Path) -> None:
    rules, problems = load(tmp_path, "[condor.delta-band]\nlow = 0.16\nhigh = 0.16\n")
    assert rules is not None
    assert problems == []


def test_a_name_that_is_neither_profile_nor_file(tmp_path: Path) -> None:
    (problem,) = load_rules("zone", beside=tmp_path).problems
    assert 'rules: there is no profile or file "zone", expected zones or ladder' in str(problem)
    (missing,) = load_rules("none.toml", beside=tmp_path).problems
    assert "there is no such file" in str(missing)
    assert str(tmp_path) in missing.file


_SOME_VALUE = st.one_of(
    st.integers(-5, 500),
    st.floats(-5, 500),
    st.booleans(),
    st.text(max_size=5),
    st.lists(st.integers(), max_size=3),
)


@given(st.dictionaries(st.sampled_from(sorted(settings())), _SOME_VALUE, max_size=6))
def test_any_values_load_or_are_refused_and_never_raise(values: dict[str, object]) -> None:
    import json

    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    text = "\n".join(re.sub(r"(-?)(Infinity|NaN)", "nan", line) for line in lines)
    loaded = rules_in(read_document(text, "any.toml"), "any.toml")
    assert (loaded.rules is None) == bool(loaded.problems)
    assert all(1 <= problem.line <= max(len(lines), 1) for problem in loaded.problems)


def test_rules_load_without_the_numeric_libraries() -> None:
    program = (
        "import sys; from alvh_tui.method.profile import load_rules; assert load_rules('ladder').rules; "
        "print(sorted({'numpy', 'scipy', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
