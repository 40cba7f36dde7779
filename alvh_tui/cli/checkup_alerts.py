"""The test of every channel of the alerts, for `alvh doctor --alert`."""

from collections.abc import Iterator
from datetime import datetime

from alvh_tui.cli.alerting import terminal_writer
from alvh_tui.cli.checkup import Check, Health
from alvh_tui.settings import Settings


def of_alerts(settings: Settings, now: datetime) -> Iterator[Check]:
    """Sends one alert on every channel that is set."""
    from alvh_tui.alerts.alert import Alert
    from alvh_tui.alerts.delivery import channels_of
    from alvh_tui.method.attention import Severity

    alerts, write = settings.alerts, terminal_writer()
    if write is None and (alerts.bell or alerts.terminal != "none"):
        found = "standard error is no terminal here"
        yield Check(Health.WARN, "alert.terminal", found, "try it in the terminal itself")
    channels = channels_of(alerts, write=write)
    if not channels and not (alerts.bell or alerts.terminal != "none"):
        found = "no channel is set; alerts are shown by the screen and alvh watch alone"
        yield Check(Health.WARN, "alert", found, f"set one under [alerts] in {settings.path}")
    title, body = "test alert", "alvh doctor sent this; all is well"
    test = Alert(Severity.SOON, title, body, "alerts.test", "alvh", now, "alerts.test|alvh|0")
    for channel in channels:
        fault = channel.send(test)
        name = f"alert.{channel.name}"
        yield (
            Check(Health.OK, name, "sent")
            if fault is None
            else Check(Health.FAIL, name, fault.reason, f"see [alerts] in {settings.path}")
        )
