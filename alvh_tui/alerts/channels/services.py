"""The many services of the library made for them, where it is installed."""

from collections.abc import Sequence
from importlib import import_module

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.channels.channel import Fault
from alvh_tui.method.attention import Severity

KINDS = {Severity.KNOW: "info", Severity.SOON: "warning", Severity.ACT: "failure"}
MISSING = 'apprise is not installed: pip install "alvh-tui[alerts]"'


class AppriseChannel:
    name = "apprise"

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = tuple(addresses)

    def send(self, alert: Alert) -> Fault | None:
        try:
            library = import_module("apprise")
        except ModuleNotFoundError:
            return Fault(MISSING, lasting=True)
        services = library.Apprise()
        for number, address in enumerate(self._addresses, 1):
            if not services.add(address):
                return Fault(f"apprise does not know its address no. {number}", lasting=True)
        try:
            done = services.notify(
                title=alert.headline, body=alert.body or alert.title, notify_type=KINDS[alert.severity]
            )
        except (OSError, TypeError, ValueError) as error:
            return Fault(f"apprise failed: {type(error).__name__}")
        return None if done else Fault("a service of apprise did not take it")
