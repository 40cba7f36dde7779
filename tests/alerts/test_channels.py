"""What leaves the program: real commands, a real server, the bytes a terminal gets."""

import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

import pytest

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Fault
from alvh_tui.alerts.channels.http import NtfyChannel, WebhookChannel
from alvh_tui.alerts.channels.process import CommandChannel, DesktopChannel
from alvh_tui.alerts.channels.services import AppriseChannel
from alvh_tui.alerts.channels.terminal import TerminalChannel, escapes
from alvh_tui.alerts.delivery import WAITING, Delivery, channels_of
from alvh_tui.instruments.calendar import NEW_YORK
from alvh_tui.method.attention import Severity
from alvh_tui.settings import AlertSettings

AT = datetime(2026, 11, 20, 10, 42, tzinfo=NEW_YORK)
ALERT = Alert(
    Severity.ACT,
    "L2 triggered",
    "VIX 26.40 (24) — Δ über <b>",
    "layer.triggered",
    "L2",
    AT,
    "layer.triggered|L2|0",
    "autumn",
)
SENT = {
    "schema": 1,
    "time": "2026-11-20T10:42:00-05:00",
    "severity": "act",
    "title": "L2 triggered",
    "body": "VIX 26.40 (24) — Δ über <b>",
    "rule": "layer.triggered",
    "about": "L2",
    "key": "layer.triggered|L2|0",
    "book": "autumn",
}


class Server:
    """Keeps what it was sent, and answers as it is told."""

    def __init__(self, statuses: Sequence[int]) -> None:
        self.seen: list[tuple[str, dict[str, str], Any]] = []
        self._statuses = list(statuses)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.seen.append((self.path, dict(self.headers), json.loads(body)))
                status = outer._statuses.pop(0) if outer._statuses else 200
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Server":
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_args: object) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_a_webhook_is_sent_the_alert() -> None:
    with Server([]) as server:
        assert WebhookChannel(f"http://{server.address}/hook?room=3", 5.0).send(ALERT) is None
    ((path, headers, body),) = server.seen
    assert (path, body) == ("/hook?room=3", SENT)
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"].startswith("alvh-tui/")


def test_a_password_in_an_address_is_no_part_of_it() -> None:
    with Server([401]) as server:
        fault = WebhookChannel(f"http://me:s%40fe@{server.address}/hook", 5.0).send(ALERT)
    assert fault == Fault("127.0.0.1 answered 401 Unauthorized", lasting=True)
    assert server.seen[0][1]["Authorization"] == "Basic bWU6c0BmZQ=="


@pytest.mark.parametrize(("status", "lasting"), [(302, True), (404, True), (429, False), (503, False)])
def test_an_answer_that_is_no_success_is_a_fault(status: int, lasting: bool) -> None:
    with Server([status]) as server:
        fault = WebhookChannel(f"http://{server.address}/hook", 5.0).send(ALERT)
    assert fault is not None
    assert fault.reason.startswith(f"127.0.0.1 answered {status} ")
    assert fault.lasting is lasting
    assert len(server.seen) == 1


def test_a_server_that_is_not_there_is_a_fault_without_its_address() -> None:
    with Server([]) as server:
        address = server.address
    fault = WebhookChannel(f"http://{address}/secret-topic", 5.0).send(ALERT)
    assert fault is not None
    assert not fault.lasting
    assert fault.reason.startswith("127.0.0.1 cannot be reached (")
    assert "secret" not in fault.reason


def test_a_server_that_never_answers_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/hook"
        fault = WebhookChannel(address, 0.2).send(ALERT)
    assert fault == Fault("127.0.0.1 cannot be reached (no answer in time)")


def test_ntfy_is_sent_its_topic_title_and_priority() -> None:
    with Server([]) as server:
        assert NtfyChannel(f"http://{server.address}/sub/my%20topic/", 5.0).send(ALERT) is None
    ((path, _, body),) = server.seen
    assert path == "/sub/"
    assert body == {
        "topic": "my topic",
        "title": "autumn: L2 triggered",
        "message": ALERT.body,
        "priority": 5,
    }


def test_a_command_reads_the_alert(tmp_path: Path) -> None:
    told = tmp_path / "told file.json"
    code = "import sys; open(sys.argv[1], 'wb').write(sys.stdin.buffer.read())"
    channel = CommandChannel(f'{sys.executable} -c "{code}" "{told}"', 20.0)
    assert channel.send(ALERT) is None
    assert json.loads(told.read_text()) == SENT


def test_a_command_is_no_shell(tmp_path: Path) -> None:
    fault = CommandChannel(f"{sys.executable} -c pass ; touch {tmp_path}/made", 20.0).send(ALERT)
    assert fault is None
    assert not (tmp_path / "made").exists()


def test_a_command_that_fails_is_missing_or_reads_nothing() -> None:
    assert CommandChannel("/no/such/program", 5.0).send(ALERT) == Fault(
        "/no/such/program cannot be started: No such file or directory", lasting=True
    )
    fault = CommandChannel(f'{sys.executable} -c "raise SystemExit(3)"', 20.0).send(ALERT)
    assert fault == Fault(f"{sys.executable} ended with 3")


def test_a_command_that_hangs_is_ended_with_what_it_started(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    kept = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    child = f"import time; kept = open('{pipe}', 'w'); time.sleep(600)"
    starts = f"subprocess.Popen([sys.executable, '-c', {child!r}])"
    (tmp_path / "hangs.py").write_text(f"import subprocess, sys, time\n{starts}\ntime.sleep(600)\n")
    fault = CommandChannel(f"{sys.executable} {tmp_path}/hangs.py", 2.0).send(ALERT)
    assert fault == Fault(f"{sys.executable} did not end within 2 seconds", lasting=True)
    os.set_blocking(kept, True)
    end_of_pipe = threading.Thread(target=os.read, args=(kept, 1), daemon=True)
    end_of_pipe.start()
    end_of_pipe.join(20.0)
    assert not end_of_pipe.is_alive(), "what it started lives on and holds the pipe"
    os.close(kept)


@contextmanager
def only_program(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str) -> Iterator[Path]:
    """A stand-in that writes its words down is all there is on the path."""
    told = folder / "words"
    program = folder / name
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(told)!r}, 'w').write(json.dumps(sys.argv[1:]))\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    yield told


def test_the_desktop_is_told_by_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with only_program(monkeypatch, tmp_path, "notify-send") as told:
        assert DesktopChannel(20.0).send(ALERT) is None
    assert json.loads(told.read_text()) == [
        "--app-name=alvh",
        "--urgency=critical",
        "--",
        "autumn: L2 triggered",
        "VIX 26.40 (24) — Δ über &lt;b&gt;",
    ]


def test_the_script_of_a_mac_holds_no_text_of_the_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with only_program(monkeypatch, tmp_path, "osascript") as told:
        assert DesktopChannel(20.0).send(replace(ALERT, body='" & do shell script "x')) is None
    words = json.loads(told.read_text())
    assert words[-3:] == ["--", "autumn: L2 triggered", '" & do shell script "x']
    assert not any("shell" in word for word in words[:-1])


def test_a_desktop_without_either_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert DesktopChannel(5.0).send(ALERT) == Fault(
        "there is neither notify-send nor osascript", lasting=True
    )


def test_the_bytes_a_terminal_gets() -> None:
    plain = replace(ALERT, body="VIX 26.40")
    assert escapes(plain, AlertSettings(), {}) == ""
    assert escapes(plain, AlertSettings(bell=True), {}) == "\a"
    assert escapes(plain, AlertSettings(terminal="osc9"), {}) == (
        "\x1b]9;alvh: autumn: L2 triggered: VIX 26.40\a"
    )
    assert escapes(plain, AlertSettings(bell=True, terminal="osc777"), {}) == (
        "\a\x1b]777;notify;alvh: autumn: L2 triggered;VIX 26.40\a"
    )


def test_tmux_is_asked_to_pass_it_on() -> None:
    found = escapes(replace(ALERT, body="x"), AlertSettings(terminal="osc9"), {"TMUX": "/tmp/tmux-1/default"})
    assert found == "\x1bPtmux;\x1b\x1b]9;alvh: autumn: L2 triggered: x\a\x1b\\"


@pytest.mark.parametrize("kind", ["osc9", "osc777"])
def test_no_text_ends_a_sequence_or_begins_another(kind: str) -> None:
    hostile = "x\a\x1b\\\x1b]0;owned\x07\x9c;4;\n" * 40
    alert = replace(ALERT, title=hostile, body=hostile, book=hostile)
    found = escapes(alert, AlertSettings(terminal=kind), {})
    inner = found.removeprefix("\x1b]").removesuffix("\a")
    assert inner.isprintable()
    assert inner.count(";") == {"osc9": 1, "osc777": 3}[kind]
    assert len(inner) < 500


def test_a_terminal_that_is_gone_is_a_fault() -> None:
    def write(_text: str) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    fault = TerminalChannel(AlertSettings(bell=True), write).send(ALERT)
    assert fault is not None
    assert fault.lasting


class Services:
    """Stands in for the library."""

    def __init__(self, *, known: bool = True, takes: bool = True) -> None:
        self.known, self.takes = known, takes
        self.sent: list[dict[str, str]] = []

    def add(self, _address: str) -> bool:
        return self.known

    def notify(self, **words: str) -> bool:
        self.sent.append(words)
        return self.takes


def test_apprise_is_handed_the_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    services = Services()
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=lambda: services))
    assert AppriseChannel(["tgram://token/chat"]).send(ALERT) is None
    assert services.sent == [{"title": "autumn: L2 triggered", "body": ALERT.body, "notify_type": "failure"}]
    services.takes = False
    assert AppriseChannel(["tgram://token/chat"]).send(ALERT) == Fault("a service of apprise did not take it")
    services.known = False
    fault = AppriseChannel(["nonsense://token"]).send(ALERT)
    assert fault == Fault("apprise does not know its address no. 1", lasting=True)


def test_without_apprise_its_name_and_remedy_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert AppriseChannel(["tgram://token/chat"]).send(ALERT) == Fault(
        'apprise is not installed: pip install "alvh-tui[alerts]"', lasting=True
    )


def names(settings: AlertSettings, *, played: bool = False) -> list[str]:
    return [channel.name for channel in channels_of(settings, write=lambda _: None, played=played)]


def test_only_what_is_set_is_a_channel() -> None:
    every = AlertSettings(
        bell=True,
        desktop=True,
        command="true",
        webhook="https://example.org",
        ntfy="https://ntfy.sh/x",
        apprise=("tgram://x",),
    )
    assert names(AlertSettings()) == []
    assert names(every) == ["terminal", "desktop", "command", "webhook", "ntfy", "apprise"]
    assert names(every, played=True) == ["terminal"]
    assert len(names(replace(every, played=True), played=True)) == 6
    assert "terminal" not in [channel.name for channel in channels_of(every)]


class Slow:
    """Hangs until it is let go, and then answers as it is told."""

    name = "slow"

    def __init__(self, *faults: Fault | None) -> None:
        self.may_go = threading.Event()
        self.faults = list(faults)
        self.tried: list[Alert] = []

    def send(self, alert: Alert) -> Fault | None:
        assert self.may_go.wait(20.0)
        self.tried.append(alert)
        return self.faults.pop(0) if self.faults else None


def numbered(count: int) -> list[Alert]:
    return [replace(ALERT, key=str(number)) for number in range(count)]


def test_a_channel_that_hangs_delays_neither_the_program_nor_the_others() -> None:
    hanging, quick, said = Slow(), Slow(), list[tuple[str, str]]()
    quick.may_go.set()
    delivery = Delivery([hanging, quick], lambda *fault: said.append(fault))
    delivery.deliver(numbered(3))
    assert not delivery.close()
    hanging.may_go.set()
    assert delivery.close(20.0)
    assert [len(channel.tried) for channel in (hanging, quick)] == [3, 3]
    assert said == []


def test_a_failure_is_tried_again_a_few_times_and_said_once() -> None:
    down = Fault("down")
    channel, said = Slow(down, down, None, down, down, down, down, down, down), list[tuple[str, str]]()
    channel.may_go.set()
    tried = threading.Event()

    def note(*fault: str) -> None:
        said.append((fault[0], fault[1]))
        if len(said) == 2:
            tried.set()

    delivery = Delivery([channel], note, pauses=(0.0, 0.0))
    delivery.deliver(numbered(4))
    assert tried.wait(20.0)
    assert delivery.close(20.0)
    assert [alert.key for alert in channel.tried] == ["0"] * 3 + ["1"] * 3 + ["2"] * 3 + ["3"]
    assert said == [("slow", "down"), ("slow", "")]


def test_what_would_fail_again_is_not_tried_again() -> None:
    channel, said = Slow(Fault("no such place", lasting=True)), SimpleQueue[tuple[str, str]]()
    channel.may_go.set()
    delivery = Delivery([channel], lambda *fault: said.put(fault), pauses=(0.0, 0.0))
    delivery.deliver(numbered(1))
    assert said.get(timeout=20.0) == ("slow", "no such place")
    assert delivery.close(20.0)
    assert len(channel.tried) == 1


def test_the_oldest_give_way_where_more_wait_than_may() -> None:
    channel, said = Slow(), list[tuple[str, str]]()
    delivery = Delivery([channel], lambda *fault: said.append(fault))
    delivery.deliver(numbered(WAITING + 20))
    channel.may_go.set()
    assert delivery.close(20.0)
    assert channel.tried[-1].key == str(WAITING + 19)
    assert len(channel.tried) <= WAITING + 1
    assert said[0][1].startswith("more alerts than it can take")


def test_nothing_is_started_where_nothing_is_told() -> None:
    before = threading.active_count()
    delivery = Delivery([Slow()], lambda *_: None)
    assert delivery.close()
    assert threading.active_count() == before


def test_the_environment_tells_the_channel_of_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "TMUX", "x")
    written: list[str] = []
    assert TerminalChannel(AlertSettings(terminal="osc9"), written.append).send(ALERT) is None
    assert written[0].startswith("\x1bPtmux;")
