"""What a channel is, and what all of them send."""

import json
from dataclasses import dataclass
from typing import Protocol

from alvh_tui.alerts.alert import Alert
from alvh_tui.alerts.kept_state import alert_json


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an alert was not delivered; without addresses, as those hold secrets."""

    reason: str
    lasting: bool = False
    """Another try would end the same way."""


class Channel(Protocol):
    name: str

    def send(self, alert: Alert) -> Fault | None:
        """Delivers it, or says why not; may take as long as its timeout."""
        ...


def payload(alert: Alert) -> bytes:
    """What a command reads and a webhook is sent."""
    return json.dumps({"schema": 1, **alert_json(alert)}, ensure_ascii=False).encode() + b"\n"
