"""Delivers alerts behind the monitor's back: a channel that hangs delays itself alone."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue
from time import monotonic

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Channel, Fault
from alvh_tui.alerts.channels.terminal import TerminalChannel, Write
from alvh_tui.settings.model import AlertSettings

WAITING = 50
"""Alerts that may wait for one channel; the oldest give way."""
PAUSES = (2.0, 10.0)
"""Seconds before each further try."""
CROWDED = Fault("more alerts than it can take: the oldest were dropped")

OnFault = Callable[[str, str], None]
"""The channel and why it fails; empty once it works again. Called on the channel's own thread."""


def channels_of(
    settings: AlertSettings, *, write: Write | None = None, played: bool = False
) -> tuple[Channel, ...]:
    """Every channel that is set; of a market that is played, none outside the terminal unless asked for."""
    from alvh_tui.alerts.channels.http import NtfyChannel, WebhookChannel
    from alvh_tui.alerts.channels.process import CommandChannel, DesktopChannel
    from alvh_tui.alerts.channels.services import AppriseChannel

    found: list[Channel] = []
    if write is not None and (settings.bell or settings.terminal != "none"):
        found.append(TerminalChannel(settings, write))
    if played and not settings.played:
        return tuple(found)
    if settings.desktop:
        found.append(DesktopChannel(settings.timeout))
    if settings.command is not None:
        found.append(CommandChannel(settings.command, settings.timeout))
    if settings.webhook is not None:
        found.append(WebhookChannel(settings.webhook, settings.timeout))
    if settings.ntfy is not None:
        found.append(NtfyChannel(settings.ntfy, settings.timeout))
    if settings.apprise:
        found.append(AppriseChannel(settings.apprise))
    return tuple(found)


class Delivery:
    """Hands each alert to every channel, each on a thread of its own."""

    def __init__(
        self, channels: Sequence[Channel], on_fault: OnFault, *, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._posts = [_Post(channel, on_fault, pauses) for channel in channels]

    def deliver(self, alerts: Sequence[Alert]) -> None:
        """Returns at once, whatever the channels do."""
        for alert in alerts:
            for post in self._posts:
                post.put(alert)

    def close(self, within: float = 0.0) -> bool:
        """Waits so many seconds for what is on its way; whether all of it was dealt with."""
        until = monotonic() + within
        for post in self._posts:
            post.end()
        return all(post.join(until - monotonic()) for post in self._posts)


class _Post:
    """One channel with its queue and its thread, which is started with the first alert."""

    def __init__(self, channel: Channel, on_fault: OnFault, pauses: Sequence[float]) -> None:
        self._channel, self._on_fault, self._pauses = channel, on_fault, pauses
        self._waiting: Queue[Alert | None] = Queue(WAITING)
        self._ending = threading.Event()
        self._fault: Fault | None = None
        self._crowded = False
        self._thread: threading.Thread | None = None

    def put(self, alert: Alert) -> None:
        if self._thread is None:
            name = f"alvh-alerts-{self._channel.name}"
            self._thread = threading.Thread(target=self._run, name=name, daemon=True)
            self._thread.start()
        self._put(alert)

    def end(self) -> None:
        """What waits is tried once each."""
        if not self._ending.is_set():
            self._ending.set()
            self._put(None)

    def join(self, seconds: float) -> bool:
        if self._thread is None:
            return True
        self._thread.join(max(seconds, 0.0))
        return not self._thread.is_alive()

    def _put(self, item: Alert | None) -> None:
        while True:
            try:
                self._waiting.put_nowait(item)
            except Full:
                self._crowded = True
                with suppress(Empty):
                    self._waiting.get_nowait()
            else:
                return

    def _run(self) -> None:
        while (alert := self._waiting.get()) is not None:
            fault = self._send(alert)
            if self._crowded:
                self._crowded, fault = False, fault or CROWDED
            self._say(fault)

    def _send(self, alert: Alert) -> Fault | None:
        fault = self._channel.send(alert)
        for pause in self._pauses:
            if fault is None or fault.lasting or self._ending.wait(pause):
                break
            fault = self._channel.send(alert)
        return fault

    def _say(self, fault: Fault | None) -> None:
        """A failure is said when it begins or is another one, and when it is over."""
        if fault != self._fault:
            self._on_fault(self._channel.name, "" if fault is None else fault.reason)
        self._fault = fault
