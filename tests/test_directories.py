"""Where the program keeps its files, and what its log tells."""

import logging
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from alvh_tui.directories import Directory
from alvh_tui.log import start_log, stop_log


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ALVH_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ALVH_LOG_LEVEL", raising=False)
    path = start_log()
    assert path is not None
    yield path
    stop_log()


@pytest.mark.parametrize("directory", Directory)
def test_every_directory_can_be_moved(
    directory: Directory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(directory.variable, str(tmp_path / "mine"))
    assert directory.path == tmp_path / "mine"
    assert not directory.path.exists()
    made = directory.made()
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert directory.made() == made


def test_by_default_they_are_the_platforms_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for directory in Directory:
        monkeypatch.delenv(directory.variable, raising=False)
    paths = {directory.path for directory in Directory}
    assert len(paths) == 4
    assert all("alvh-tui" in path.parts for path in paths)


def test_the_state_moves_with_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALVH_STATE_DIR", raising=False)
    monkeypatch.setenv("ALVH_DATA_DIR", str(tmp_path))
    assert Directory.STATE.path == tmp_path / "state"


def test_the_log_withholds_what_libraries_say(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("alvh_tui.monitor").info("refreshed")
    logging.getLogger("foreign.library").warning("SPXW261218P06400000: possibly delisted")
    said = log.read_text()
    assert "alvh_tui.monitor: refreshed" in said
    assert "foreign.library: " in said
    assert "SPXW" not in said
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert capsys.readouterr() == ("", "")


@pytest.mark.filterwarnings("always")
def test_warnings_go_to_the_log(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start_log()
    warnings.warn("SPXW261218P06400000 is old", stacklevel=1)
    said = log.read_text()
    assert "py.warnings: " in said
    assert "SPXW" not in said
    assert capsys.readouterr() == ("", "")


def test_debugging_shows_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path))
    monkeypatch.setenv("ALVH_LOG_LEVEL", "debug")
    path = start_log()
    try:
        logging.getLogger("foreign.library").debug("SPXW261218P06400000")
        assert path is not None
        assert "SPXW261218P06400000" in path.read_text()
    finally:
        stop_log()


def test_without_a_place_to_write_there_is_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ALVH_STATE_DIR", str(tmp_path / "file" / "state"))
    assert start_log() is None
    try:
        logging.getLogger("foreign.library").warning("out of reach")
    finally:
        stop_log()
    assert capsys.readouterr() == ("", "")
